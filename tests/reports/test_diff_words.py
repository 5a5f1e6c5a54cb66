"""Two texts are compared word by word."""

from __future__ import annotations

import time

from deckgen.reports.diff import Words, diff_words


def test_words_are_kept_removed_or_added():
    assert diff_words("a b c", "a x c d") == [
        Words("kept", "a"),
        Words("removed", "b"),
        Words("added", "x"),
        Words("kept", "c"),
        Words("added", "d"),
    ]


def test_long_texts_with_few_distinct_words_are_compared_in_no_time():
    began = time.monotonic()
    words = diff_words("a b " * 10_000, "b a c " * 6_000)

    assert time.monotonic() - began < 5
    assert " ".join(one.text for one in words if one.state != "added").split() == ["a", "b"] * 10_000


def test_texts_that_are_too_long_to_compare_count_as_replaced():
    old, new = "a b " * 200_000, "b a " * 200_000

    assert diff_words(old, new) == [Words("removed", old), Words("added", new)]
