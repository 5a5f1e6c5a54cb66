"""The note types that a project brings: read from its folders, checked, and trusted only as far as its user allows."""
