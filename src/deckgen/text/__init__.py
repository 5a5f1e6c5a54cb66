"""From an author's text to the HTML of a field: Markdown, maths, addresses, escaping, and HTML that is safe.

Nothing here knows of YAML, or of the keys that texts are the values of.
"""
