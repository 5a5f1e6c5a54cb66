"""The note types, one file each, found by listing: a ``NOTE_TYPE``, and a function that makes a note of it.

``frame`` has the fields, the layout and the stylesheet that all of them share.
"""
