"""The note types, one module each: a ``NOTE_TYPE``, and the functions that make notes of it.

``registry`` finds them by listing this folder. ``frame`` has the fields, the layout and the stylesheet that all of them
share.
"""
