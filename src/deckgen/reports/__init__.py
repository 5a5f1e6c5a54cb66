"""What deckgen says about a project: findings, diffs, statistics, the manual, JSON Schema.

Everything is computed from compiled notes, packages or declarations; nothing here changes a source.
"""
