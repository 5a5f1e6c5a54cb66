"""What deckgen says about a project: findings, diffs, lists and statistics.

Everything is computed from compiled notes and packages; nothing here changes a source.
"""
