"""The note types, one file each: fields, templates, and how a note of it is filled."""
