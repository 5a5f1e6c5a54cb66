"""From an author's text to the HTML of a field: Markdown, maths, addresses, escaping, and HTML that is safe.

Nothing here reads YAML, or knows the keys that texts are the values of; but the help of a message may say what to write
in a YAML file.
"""
