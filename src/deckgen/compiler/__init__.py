"""From sources to packages: compile each file, link the notes, publish them in the lock, write the outputs.

``pipeline`` is the build on one page. Everything here works on what ``cards``, ``kinds``, ``lint`` and ``project``
provide, and knows nothing about commands, previews or reports.
"""
