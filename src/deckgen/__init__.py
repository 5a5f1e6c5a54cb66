"""deckgen compiles YAML sources to Anki decks; a rebuild touches exactly the cards that changed."""

__version__ = "0.1.0"
