"""Anki's notes and cards: note types, templates, what a card shows.

How an author writes them is in ``kinds``; how they are numbered, stored and packed is in ``build``.
"""
