"""From sources to packages: compile, link, publish, write.

Each stage takes values and returns values; ``commands/build`` shows the order. Nothing here prints.
"""
