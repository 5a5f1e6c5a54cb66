"""The kinds of entries, one file each, found by listing this folder. Each file has a ``KIND``: its manual, its keys,
and the notes it makes.

``entry`` and ``items`` have what kinds share. A kind does not know other kinds, and nothing outside its file names it.
"""
