"""Everything that a release gives to learners: packages, release notes, a feed, texts for other sites, and the site.

``record`` decides whether there can be a release, and builds it; ``notes`` compares it with the one before, and
``notes_markdown`` words that for learners; ``folder`` writes all of it. The pages themselves are in
``site``.
"""
