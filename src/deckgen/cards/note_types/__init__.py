"""The note types, one file each, found by listing this folder. Each file has a ``NOTE_TYPE`` and a function that makes
notes of it.

``frame`` has the fields, the layout and the stylesheet that all of them share.
"""
