"""Anki's side: notes, note types and templates, and how cards look.

Nothing here knows of source files, projects or locks.
"""
