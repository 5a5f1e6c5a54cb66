"""The kinds of entries, one file each: manual, keys, notes. A new kind is one new file here."""
