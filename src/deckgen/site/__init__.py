"""The site for learners, as static pages: what the decks are, how to import them, all cards, and a release's notes.

``write_site`` writes it. The gallery and the page of cards that has a search are those of ``preview``; every other page
works without a script. No page requests anything from elsewhere.
"""
