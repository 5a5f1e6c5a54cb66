"""The project on disk: where it is, its own files, its decks, and its lock.

The entries of a deck are read by ``compiler``.
"""
