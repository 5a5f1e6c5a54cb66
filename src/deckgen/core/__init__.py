"""What every stage uses: sources and positions in them, diagnostics and the rules that they break, characters,
addresses, the clock, output files, the terminal.

Nothing here knows of decks, cards or Anki.
"""
