"""deckgen compiles YAML sources to Anki decks; a rebuild touches exactly the cards that changed."""

__version__ = "1.0.0"
