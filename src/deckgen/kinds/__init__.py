"""The kinds of entries, one file each, found by listing this folder. Each file has a ``KIND``: its manual, its keys,
and the notes it makes.

``entry`` and ``items`` have what kinds share. A kind does not know other kinds. Code outside this folder names no
kind, with two exceptions: modules about adopted decks name ``note``, whose entries alone bring guids, media and HTML of
their own, and the site shows cards of the kind ``picture`` first.
"""
