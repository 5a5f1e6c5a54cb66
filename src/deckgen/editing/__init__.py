"""Changes to sources that keep every other character: add missing ids, add an entry, retire one.

They edit the text at the positions of its nodes; YAML is never written from data.
"""
