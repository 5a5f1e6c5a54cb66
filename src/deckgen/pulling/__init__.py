"""Bring edits from Anki into the sources. Each change is compiled, and kept only if it gives exactly the edited
text."""
