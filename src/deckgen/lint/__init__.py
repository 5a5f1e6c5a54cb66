"""Rules about the content of cards: what such a rule is, how rules run, and the rules themselves, one file per family.

Rules see what notes ask, not how it was written or rendered. Errors that stop a build are rules of ``language``.
"""
