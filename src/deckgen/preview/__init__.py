"""Cards in a browser: a local page that follows the sources as they are saved, or static files for a web host."""
