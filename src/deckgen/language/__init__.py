"""From a source file to values: YAML, Markdown, maths, media, and the shapes that values have.

Every error in a source has its rule in ``rules``. What an entry of a kind consists of is in ``kinds``, and rules about
the content of cards are in ``lint``.
"""
