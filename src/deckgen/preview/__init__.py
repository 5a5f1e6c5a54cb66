"""Cards in a browser, for authors: a local server that reloads when files change.

``render_gallery`` turns a compiled project into a ``gallery``, the values that the pages show; ``edition`` tells what
changed from one gallery to the next. How one card is rendered is in ``cards.rendering``.
"""
