"""What the pages of a preview show, as values: notes with their cards and findings, errors, and what filters offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from deckgen.media.media import MediaFile


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of a card as HTML that can stand in a page, and the key of its stylesheet. HTML of an earlier package
    or an adopted note type, which may be anything, is ``framed``."""

    front: str
    back: str
    style: str
    framed: bool = True


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as it is ``now`` and, if that differs, as it was in the earlier version.

    The ``state`` is ``new``, ``changed``, ``removed`` or ``same``, and empty if there is no earlier version.
    """

    number: int
    now: Sides | None
    old: Sides | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class FindingView:
    """What a content rule says about a note."""

    severity: str
    rule: str
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note and its cards. ``url`` opens its source in an editor; ``reviewed`` says who checked it, and when.

    A removed note has only its id, its kind and its cards.
    """

    id: str
    kind: str
    cards: tuple[CardView, ...]
    deck: str = ""
    domain: str = ""
    tags: tuple[str, ...] = ()
    path: str = ""
    line: int = 0
    url: str = ""
    findings: tuple[FindingView, ...] = ()
    reviewed: str = ""


@dataclass(frozen=True, slots=True)
class ProblemView:
    """An error in a source, with the text of its line and the column of the caret below it."""

    rule: str
    message: str
    help: str
    path: str
    line: int
    column: int
    source: str
    caret: int
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A deck or domain that a filter offers."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Everything on the page that does not belong to one note. ``kinds`` are the plurals of kinds, ``since`` is
    the name of the earlier version, and ``styles`` are the stylesheets of cards by key."""

    title: str
    decks: tuple[Choice, ...]
    domains: tuple[Choice, ...]
    kinds: Mapping[str, str]
    since: str
    styles: Mapping[str, str]
    problems: tuple[ProblemView, ...]


@dataclass(frozen=True, slots=True)
class Gallery:
    """Everything that a page shows: its notes in order by id, and the media of their cards by name."""

    info: PageInfo
    notes: Mapping[str, NoteView]
    media: Mapping[str, MediaFile]

    def keeping_broken_files(self, last: Gallery) -> Gallery:
        """Keep the last gallery's notes from files that now have errors; all of them if another file has one, such as
        a template, without which its notes cannot be shown."""
        broken = {problem.path for problem in self.info.problems}
        broken_elsewhere = broken - {note.path for note in last.notes.values()}
        living = {id: note for id, note in self.notes.items() if note.path}
        kept = {
            id: note
            for id, note in last.notes.items()
            if broken_elsewhere or id in living or note.path in broken or not note.path
        }
        styles = {**last.info.styles, **self.info.styles}
        return Gallery(replace(self.info, styles=styles), kept | living, {**last.media, **self.media})

    def with_failure(self, reason: str) -> Gallery:
        """The same cards, and an error that says why there are no newer ones."""
        help = "these are the earlier cards; the page changes as soon as the sources can be read again"
        problem = ProblemView("unreadable-file", f"cannot show the sources: {reason}", help, "decks", 1, 1, "", 0, "")
        return replace(self, info=replace(self.info, problems=(problem,)))
