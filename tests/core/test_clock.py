"""The time is that of SOURCE_DATE_EPOCH, if it is set."""

from __future__ import annotations

import time

import pytest

from deckgen.core import clock


def test_the_time_is_that_of_the_machine():
    before = int(time.time())

    assert before <= clock.now() <= time.time()


def test_a_given_time_overrides_the_clock(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")

    assert clock.now() == 1_790_000_000


@pytest.mark.parametrize("given", ["soon", "-1", "1.5", "999999999999", "１２"])
def test_a_given_time_that_is_not_a_number_of_seconds_is_refused(given, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)

    with pytest.raises(OSError, match="expected the seconds since 1970 as a whole number"):
        clock.now()
