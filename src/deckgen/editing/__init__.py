"""Edits to sources that leave all other text untouched: add missing ids, begin a project or an entry, retire one."""
