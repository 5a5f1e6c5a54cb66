"""Everything that is exchanged with Anki: packages, of deckgen and of others, text files, and what a running Anki is
asked to do.

Nothing here knows of sources or rules.
"""
