"""Two texts are compared word by word."""

from __future__ import annotations

from deckgen.reports.diff import Words, diff_words


def test_words_are_kept_removed_or_added():
    assert diff_words("a b c", "a x c d") == [
        Words("kept", "a"),
        Words("removed", "b"),
        Words("added", "x"),
        Words("kept", "c"),
        Words("added", "d"),
    ]
