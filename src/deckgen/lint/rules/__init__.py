"""The content rules, one file each, named after the rule and found by listing this folder.

They do not know each other: what several of them share is in the modules of ``lint/``.
"""
