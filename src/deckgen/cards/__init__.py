"""Anki's side: notes, note types and templates, and how cards look.

Nothing here reads sources, projects or locks.
"""
