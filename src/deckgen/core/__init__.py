"""What every stage uses: positions and diagnostics, characters, addresses, the clock, output files, the terminal.

Nothing here knows of decks, cards or Anki.
"""
