"""The text of the release notes for learners (``NOTES.md``), in Markdown that GitHub and the site show alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from deckgen.cards.anki_search import search_for
from deckgen.cards.note import Note
from deckgen.cards.plain_text import field_text
from deckgen.core.terminal import count
from deckgen.packages.retired_file import notice
from deckgen.releases.notes import ChangedNote, DeckNotes, MovedNote, ReleaseNotes, UpdateFiles
from deckgen.reports.diff import Words, diff_words, distinct_changes
from deckgen.reports.diff_report import field_name, marked
from deckgen.reports.markdown_escaping import code, inline
from deckgen.reports.note_list import question_of
from deckgen.reports.summary import count_contents

T = TypeVar("T", Note, ChangedNote, MovedNote)

MAX_LISTED = 40
"""Notes that a section lists. Nobody reads more, and GitHub cuts long texts off."""

_FIELDS = {"Prompt": "Question", "Full": "Full answer"}
"""What learners call fields whose names are for authors."""

MAX_TEXT, CONTEXT = 160, 8
"""Characters of a question, and words before and after a change, that are shown."""

_FIRST = """\
### For the first time

Download {files}. On a computer, open {it} with Anki: *File › Import*; on a phone, tap {it}. \
Keep the options that Anki proposes.
"""

_UPDATE = """\
### If you have an earlier release

Import the newer file in the same way. If Anki's window shows *Update notes*, leave it at *If newer*, \
and leave *Merge note types* off. The smaller files have only what is new to you; the whole deck has the same effect.
"""

_NOTHING = """\
### If you have an earlier release

You already have every card of this release: there is nothing to import. Retired cards stay until you delete them.
"""

_WRITE = """\
### If you write on cards

To keep *My notes* and your tags even on notes that changed, import two files in this order, \
on a computer with Anki 2.1.55 or newer:
"""

_EDITS = """\
### What stays as it is

- Your progress on every card, suspension, flags, and the deck that a card is in.
- Everything that you wrote, and your tags, on notes that did not change.
- On notes that changed, a package alone replaces the text, the tags and *My notes*. \
With the two files above, *My notes* and your tags stay.
- Retired cards: they stay until you delete them.
"""
# GitHub shows a line break of the notes of a release as one, so a paragraph is one line.


def as_markdown(notes: ReleaseNotes) -> str:
    """The notes of a release as a document."""
    return "\n".join(_blocks(notes)).rstrip() + "\n"


def _blocks(notes: ReleaseNotes) -> Iterator[str]:
    yield f"# {inline(notes.settings.title)}: release {inline(notes.name)}\n\n{notes.date}\n"
    if disclaimer := notes.settings.disclaimer:
        yield f"> {' '.join(disclaimer.text.split())}\n"
    if notes.paragraph:
        yield f"{notes.paragraph}\n"
    yield from _overview(notes)
    yield "## How to get it\n"
    yield from _steps(notes)
    for deck in notes.decks:
        if deck.changed or deck.retired or deck.moved or (deck.added and not deck.is_new):
            yield f"## {inline(deck.title)}\n"
            yield from _deck(deck, notes)


def _overview(notes: ReleaseNotes) -> Iterator[str]:
    """What changed in each deck, or what is in decks that are new, in numbers."""
    new = [deck for deck in notes.decks if deck.is_new]
    known = [deck for deck in notes.decks if not deck.is_new]
    if known:
        yield f"## What has changed since {inline(notes.since)}\n"
        head = ("Notes", "new", "corrected", "reworded", "retired", "unchanged")
        yield _table(head, [(inline(deck.title), *map(str, _numbers(deck))) for deck in known])
        yield (
            "*Corrected*: an answer has changed, or there are more cards. *Reworded*: only a question, an explanation, "
            "a source or the like has changed.\n"
        )
    if renewed := sum(deck.renewed for deck in known):
        yield f"Anki also updates {count(renewed, 'note')} whose text is the same, but whose cards look different.\n"
    if new:
        yield "## What is in it\n" if not known else "## New decks\n"
        yield _table(("Cards", *[inline(deck.title) for deck in new]), _contents(new, notes.settings.domains))


def _numbers(deck: DeckNotes) -> tuple[int, int, int, int, int]:
    unchanged = len(deck.notes) - len(deck.added) - len(deck.changed)
    return len(deck.added), len(deck.corrected), len(deck.reworded), len(deck.retired), unchanged


def _contents(decks: Sequence[DeckNotes], domains: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """The number of cards that some decks have of each domain, and of all."""
    for domain, title in domains.items():
        of_domain = [[note for note in deck.notes if note.identity.domain == domain] for deck in decks]
        if any(of_domain):
            yield inline(title), *map(_cards, of_domain)
    yield "**all**", *[f"**{_cards(deck.notes)}**" for deck in decks]


def _cards(notes: Sequence[Note]) -> str:
    return f"{sum(len(note.cards) for note in notes):,}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


# --- what to import ---------------------------------------------------------------------------------------------------


def _steps(notes: ReleaseNotes) -> Iterator[str]:
    names = [code(f"{deck.name}.apkg") for deck in notes.decks]
    yield _FIRST.format(files=_listed(names), it="it" if len(names) == 1 else "each")
    if not notes.since:
        return
    if not notes.has_older and not any(update.package for deck in notes.decks for update in deck.updates):
        yield _NOTHING
        return
    yield _UPDATE
    yield _table(("You have", "import", "Anki then says"), _per_release(notes, _update_row, ("the whole deck", "")))
    yield _WRITE
    yield _table(("You have", "import first", "then"), _per_release(notes, _writer_row, ("see below", "")))
    if notes.has_older:
        yield "If your release is older than these, import the two files of each later release, the oldest first.\n"
    yield _EDITS


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} or {names[-1]}, or {'both' if len(names) == 2 else 'all of them'}"


def _per_release(
    notes: ReleaseNotes, row: Callable[[DeckNotes, UpdateFiles], tuple[str, str]], older: tuple[str, str]
) -> Iterator[tuple[str, ...]]:
    for deck in notes.decks:
        for update in deck.updates:
            have = inline(update.since) if len(notes.decks) == 1 else f"{inline(deck.title)}, {inline(update.since)}"
            yield have, *row(deck, update)
    if notes.has_older:
        yield "an older release", *older


def _update_row(deck: DeckNotes, update: UpdateFiles) -> tuple[str, str]:
    if not update.package:
        return _nothing(update), ""
    return code(update.package), f"{count(update.added, 'note')} added, {update.updated:,} updated"


def _nothing(update: UpdateFiles) -> str:
    return "the deck that its notes moved to: see below" if update.moved else "nothing: you have everything"


def _writer_row(deck: DeckNotes, update: UpdateFiles) -> tuple[str, str]:
    if not update.package:
        return _nothing(update), ""
    return (code(update.update_file) if update.update_file else "nothing"), code(f"{deck.name}.apkg")


# --- what changed -----------------------------------------------------------------------------------------------------


def _deck(deck: DeckNotes, notes: ReleaseNotes) -> Iterator[str]:
    if deck.added and not deck.is_new:
        yield f"### New: {count_contents(deck.added)}\n"
        yield from _by_domain(deck.added, notes.settings.domains, lambda note: [f"- {_question(note)}"])
    if deck.corrected:
        yield f"### Corrected: {count(len(deck.corrected), 'note')}\n"
        yield "Look at these before you go on studying. This search finds them in Anki's *Browse* window:\n"
        yield _search([change.note for change in deck.corrected], notes.settings.tag)
        yield from _by_domain(deck.corrected, notes.settings.domains, _changed)
    if deck.reworded:
        yield f"### Reworded: {count(len(deck.reworded), 'note')}\n"
        yield from _by_domain(deck.reworded, notes.settings.domains, _changed)
    if deck.moved:
        yield f"### Moved to another deck: {count(len(deck.moved), 'note')}\n"
        yield (
            "The cards that you have stay where they are, with your progress. Only the other deck updates them now: "
            "import it too.\n"
        )
        yield from _by_domain(deck.moved, notes.settings.domains, _moved)
    if deck.retired:
        yield f"### Retired: {count(len(deck.retired), 'note')}\n"
        yield (
            "Anki keeps these until you delete or suspend them. This search finds them in Anki's *Browse* window; "
            f"{code(deck.retired_file)} has a search for every card that was ever retired:\n"
        )
        yield _search(deck.retired, notes.settings.tag)
        yield from _by_domain(deck.retired, notes.settings.domains, _retired)


def _search(notes: Sequence[Note], tag: str) -> str:
    return f"```text\n{search_for(notes, tag)}\n```\n"


def _by_domain(changes: Sequence[T], domains: Mapping[str, str], lines: Callable[[T], list[str]]) -> Iterator[str]:
    """Lists of notes below the titles of their domains."""
    listed = changes[:MAX_LISTED]
    for domain in dict.fromkeys(change.identity.domain for change in listed):
        in_domain = [change for change in listed if change.identity.domain == domain]
        if domain:
            yield f"**{inline(domains.get(domain, domain))}** ({len(in_domain)})\n"
        yield "\n".join(line for change in in_domain for line in lines(change)) + "\n"
    if len(changes) > MAX_LISTED:
        yield f"And {len(changes) - MAX_LISTED:,} more.\n"


def _question(note: Note) -> str:
    text = _without_names(question_of(note))
    return inline(text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…")


def _without_names(text: str) -> str:
    """Text without the names of picture files, which tell a learner nothing."""
    return re.sub(r"\(picture [^()\s]*\)", "(picture)", text)


def _changed(change: ChangedNote) -> list[str]:
    more = f" ({count(change.more_cards, 'more card')})" if change.more_cards else ""
    fields, _ = distinct_changes(change.fields)
    texts = [
        (_FIELDS.get(one.name, field_name(one.name)), _without_names(one.old), _without_names(one.new))
        for one in fields
    ]
    return [
        f"- {_question(change.note)}{more}",
        *[f"  - {inline(name)}: {_difference(old, new)}" for name, old, new in texts if old != new],
    ]


def _difference(old: str, new: str) -> str:
    """The words that changed, with a few around them."""
    words = diff_words(old, new)
    return " ".join(marked(_shortened(one, index, len(words))) for index, one in enumerate(words))


def _shortened(words: Words, index: int, total: int) -> Words:
    text = words.text.split()
    if words.state != "kept" or len(text) <= 2 * CONTEXT:
        return words
    before, after = text[: CONTEXT if index else 0], text[len(text) - (CONTEXT if index < total - 1 else 0) :]
    return Words("kept", " ".join([*before, "…", *after]))


def _moved(one: MovedNote) -> list[str]:
    return [
        f"- {_question(one.note)}",
        f"  - now in {inline(one.deck.settings.title)}, {code(f'{one.deck.name}.apkg')}",
    ]


def _retired(note: Note) -> list[str]:
    return [f"- {inline(field_text(note.identity.title))}", f"  - {inline(notice(note))}"]
