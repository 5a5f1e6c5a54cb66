"""The files that come with deckgen and are not code: pages, styles, lists of names."""

from __future__ import annotations


def asset(path: str) -> str:
    """The text of a file of deckgen, by its path below the folder ``deckgen``."""
    from importlib.resources import files  # which few commands need

    return files("deckgen").joinpath(path).read_text(encoding="utf-8")
