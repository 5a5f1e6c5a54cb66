"""Edits to sources that leave all other text untouched: add missing ids, add an entry, retire one.

They change the text at the positions of its YAML nodes; no file is ever dumped from parsed data.
"""
