"""From sources to packages: compile each file, link the notes, publish them in the lock, write the outputs.

``pipeline`` is the build on one page. Everything here works on values of the stages below and knows nothing of the
command line, of previews or of reports.
"""
