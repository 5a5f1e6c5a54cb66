"""The project on disk: its own files, its decks, its lock and its git repository; and the cache of what was compiled
from it.

The entries of a deck are read by ``compiler``.
"""
