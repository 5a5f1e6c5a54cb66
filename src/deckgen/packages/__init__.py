"""Anki packages: write them from notes and a lock, read those of any maker, and write update files.

Nothing here knows sources or rules.
"""
