"""From sources to packages: compile each file, link the notes, arrange them in decks, write the outputs.

``pipeline`` is the build on one page: read it first. What is around it, so that a build without changes is skipped and
two builds take turns, is in ``commands/build``. Everything here works on what ``cards``, ``kinds``, ``lint``,
``project`` and ``publication`` provide, and knows nothing about commands, previews or reports.
"""
