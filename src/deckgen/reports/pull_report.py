"""What was pulled from a collection, as text: a patch, and what is left to do by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff

from deckgen.cards.plain_text import field_text
from deckgen.core.terminal import count
from deckgen.pulling.pull import Pulled

MAX_LISTED = 10
"""The most notes that each list names."""


def patch(pulled: Pulled) -> str:
    """The changes of the sources in the unified format, which ``git apply`` and ``patch`` read."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for source, text in pulled.files
        for line in unified_diff(
            _lines(source.on_disk(source.text)),
            _lines(source.on_disk(text)),
            f"a/{source.name}",
            f"b/{source.name}",
        )
    )


def _lines(text: str) -> list[str]:
    """The lines of a text, as git counts them: a carriage return belongs to the line that it ends."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [line for line in text.split("\n")[-1:] if line]


def report_lines(pulled: Pulled) -> Iterator[str]:
    """What is left to do by hand, with both texts and the place; and the notes that only one side has."""
    for left in pulled.left:
        identity = left.note.identity
        yield f"{identity.position}: {identity.label}, {left.field}: {left.reason}"
        texts = field_text(left.anki), field_text(left.sources)
        if texts[0] == texts[1]:  # they differ in how they look
            texts = left.anki, left.sources
        yield f"  Anki:    {texts[0]}"
        yield f"  sources: {texts[1]}"
    yield from _listed("also changes, since it shows the same text", pulled.others)
    yield from _listed("only in Anki", [note.label for note in pulled.new])
    if pulled.new:
        yield "  to publish it, write it as an entry ('deckgen new'), and delete this note, or you will have it twice"
    missing = [note.identity.label for note in pulled.missing]
    yield from _listed("not in Anki (deleted there, or never imported)", missing)
    if missing:
        yield f"  to get it back, import the package; if nobody needs it: deckgen retire {missing[0]} --reason '…'"


def _listed(title: str, labels: Sequence[str]) -> Iterator[str]:
    """A line for each of some notes, and one for all others."""
    for label in labels[:MAX_LISTED]:
        yield f"{title}: {field_text(label)}"
    if len(labels) > MAX_LISTED:
        yield f"{title}: {count(len(labels) - MAX_LISTED, 'more note')}"


def summary(pulled: Pulled, *, written: bool) -> str:
    """``2 edits in 1 file (to write the changes, add --write), 1 to make by hand``."""
    edits = f"{count(pulled.edits, 'edit')} in {count(len(pulled.files), 'file')}"
    if pulled.files:
        edits += " (written; see 'git diff')" if written else " (to write the changes, add --write)"
    parts = [edits]
    parts += [f"{len(pulled.left)} to make by hand"] if pulled.left else []
    parts += [f"{count(pulled.outdated, 'note')} with an earlier text"] if pulled.outdated else []
    return ", ".join(parts)
