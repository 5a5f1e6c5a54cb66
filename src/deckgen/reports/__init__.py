"""Everything deckgen can tell about a project: findings, notes, numbers, differences, the manual, JSON Schemas.

Reports are texts; ``commands`` prints them. Cards in a browser are in ``preview``.
"""
