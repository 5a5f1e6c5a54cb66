"""Cards in a browser: a local server that reloads when files change, or static files for a web host.

``render_gallery`` turns a compiled project into a ``gallery``, the values that the pages show; ``edition`` tells what
changed from one gallery to the next. How one card is rendered is in ``cards.rendering``.
"""
