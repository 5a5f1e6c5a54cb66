"""A project's own note types: read from its folders, checked, and trusted only as far as the user allows."""
