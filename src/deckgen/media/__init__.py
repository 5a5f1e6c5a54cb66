"""Pictures and sounds: which files are safe to ship, what they are called in Anki, and what is drawn in them."""
