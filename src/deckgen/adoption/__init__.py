"""From the package of an existing deck to a project whose packages are, for those who have the deck, the same deck."""
