"""From a source file to values: YAML, the shapes that values have, and the keys of records.

What an entry of a kind consists of is in ``kinds``, and rules about the content of cards are in ``lint``. Texts become
HTML in ``text``.
"""
