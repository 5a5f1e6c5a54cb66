"""Anki's side: notes, note types and templates, and how cards look.

Nothing here knows a source file, a project or a lock.
"""
