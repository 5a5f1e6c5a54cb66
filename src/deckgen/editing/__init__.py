"""Edits to sources that leave all other text untouched: add missing ids, begin a project or an entry,
change or remove a text, retire an entry. ``suggestions`` proposes what a new entry needs, ``from_html`` writes the
Markdown of a field."""
