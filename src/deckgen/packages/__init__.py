"""Anki packages: write them from notes and a lock, read those that any program wrote, and write update files.

Nothing here knows of sources or rules.
"""
