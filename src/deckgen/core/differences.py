"""Compare two texts or lists, element by element."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Hunk(NamedTuple):
    """A difference: the elements from ``new_start`` to ``new_end`` of the new list replace those from ``start`` to
    ``end`` of the old one."""

    start: int
    end: int
    new_start: int
    new_end: int


def common_runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[range, range]]:
    """The longest runs of elements that both have in the same order: where each is in the one and in the other."""
    from rapidfuzz.distance import Indel

    blocks = [block for block in Indel.opcodes(old, new) if block.tag == "equal"]
    return [(range(one.src_start, one.src_end), range(one.dest_start, one.dest_end)) for one in blocks]


def differences(old: Sequence[str], new: Sequence[str]) -> Iterator[Hunk]:
    """The differences between two lists: what lies between their common runs."""
    at = new_at = 0
    for run, new_run in [*common_runs(old, new), (range(len(old), len(old)), range(len(new), len(new)))]:
        if at < run.start or new_at < new_run.start:
            yield Hunk(at, run.start, new_at, new_run.start)
        at, new_at = run.stop, new_run.stop
