"""What every stage uses: sources and positions in them, diagnostics and the rules that they break, characters,
addresses, the clock, output files, the terminal.

Nothing here imports another part of deckgen.
"""
