"""From sources to packages: compile each file, link the notes, arrange them in decks, write the outputs.

``pipeline`` is the build on one page: read it first. Everything here works on what ``cards``, ``kinds``, ``lint``,
``project`` and ``publication`` provide, and knows nothing about commands, previews or reports.
"""
