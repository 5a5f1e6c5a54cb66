"""The commands, one file each, found by listing this folder; each file's ``command`` is what click runs."""
