"""The commands, one file each, found by listing this folder. Each file has the ``command`` that click runs.

A command reads its arguments, calls the stages and prints. Everything else is in the stages.
"""
