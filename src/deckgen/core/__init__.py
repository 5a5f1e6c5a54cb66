"""What every stage uses: positions and diagnostics, characters, hashes, the clock, the terminal.

Nothing here knows of decks, cards or Anki.
"""
