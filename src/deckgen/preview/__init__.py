"""Cards in a browser: a local server that reloads when files change, or static files for a web host.

The cards themselves are rendered by ``cards.rendering``.
"""
