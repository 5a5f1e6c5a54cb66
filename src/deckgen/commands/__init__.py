"""The commands, one file each, found by listing: the ``command`` that click runs.

A command reads its arguments, calls the stages and prints. What it computes is elsewhere.
"""
