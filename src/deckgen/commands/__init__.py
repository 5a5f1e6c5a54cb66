"""One module for each command, found by listing this folder: its arguments, a call, and what it prints.

The work itself is done in ``editing``, ``reports`` and below. Each module has a click command named ``command``.
"""
