"""Edits to source files that keep every other character: missing ids, new entries, retired entries.

What users type and see belongs in ``commands``.
"""
