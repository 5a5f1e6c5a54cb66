"""What a release changes for learners, as values: new, corrected, reworded and retired notes of each deck.

The text that learners read is in ``notes_markdown``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from deckgen.cards.note import Identity, Note, Package
from deckgen.cards.note_type import NoteType
from deckgen.cards.plain_text import field_text
from deckgen.cards.template import fields_of, parse
from deckgen.compiler.pipeline import Compilation
from deckgen.project.manifest import ProjectFile
from deckgen.project.project import RETIRED_SUFFIX, DeckFolder
from deckgen.releases.record import EarlierRelease, Release
from deckgen.reports.diff import FieldChange


@dataclass(frozen=True, slots=True)
class ChangedNote:
    """A note with other fields, tags or cards than in the release before. It is ``corrected`` if what it asks for has
    changed or it has more cards, and reworded otherwise."""

    note: Note
    fields: tuple[FieldChange, ...]
    more_cards: int
    corrected: bool

    @property
    def identity(self) -> Identity:
        return self.note.identity


@dataclass(frozen=True, slots=True)
class MovedNote:
    """A note that is in another deck than before, and the deck that it is in now."""

    note: Note
    deck: DeckFolder

    @property
    def identity(self) -> Identity:
        return self.note.identity


@dataclass(frozen=True, slots=True)
class UpdateFiles:
    """The files of a deck that learners of an earlier release import.

    ``since`` is the name of that release. ``package`` and ``update_file`` are names of files: a package with only what
    is new since then, and its update file; empty if there is none. ``added`` and ``updated`` are how many notes Anki
    adds and updates if the learner has edited none. ``moved`` are the notes that the deck had in that release and
    another deck has now.
    """

    since: str
    package: str
    update_file: str
    added: int
    updated: int
    moved: tuple[MovedNote, ...]


@dataclass(frozen=True, slots=True)
class DeckNotes:
    """What changed in a deck: its name and title, its notes now, and the files for learners of earlier releases.

    ``is_new`` says that the release before did not have the deck, and ``retired_file`` names the text about the notes
    that were ever retired.
    """

    name: str
    title: str
    notes: tuple[Note, ...]
    added: tuple[Note, ...]
    changed: tuple[ChangedNote, ...]
    retired: tuple[Note, ...]
    is_new: bool
    updates: tuple[UpdateFiles, ...]
    retired_file: str

    @property
    def renewed(self) -> int:
        """The number of notes that Anki updates for learners of the release before although their text is the same."""
        return max(0, self.updates[0].updated - len(self.changed)) if self.updates else 0

    @property
    def moved(self) -> tuple[MovedNote, ...]:
        """The notes that the deck had in the release before and another deck has now."""
        return self.updates[0].moved if self.updates else ()

    @property
    def corrected(self) -> tuple[ChangedNote, ...]:
        return tuple(change for change in self.changed if change.corrected)

    @property
    def reworded(self) -> tuple[ChangedNote, ...]:
        return tuple(change for change in self.changed if not change.corrected)


@dataclass(frozen=True, slots=True)
class ReleaseNotes:
    """The contents of the release notes: its name, date, the release before (empty if there is none), the author's own
    paragraph in Markdown, the project's settings, and its decks. ``has_older`` says that there are releases whose
    learners get no packages of their own."""

    name: str
    date: str
    since: str
    paragraph: str
    settings: ProjectFile
    decks: tuple[DeckNotes, ...]
    has_older: bool = False


def release_notes(release: Release, paragraph: str) -> ReleaseNotes:
    """Compare a release with the one before."""
    compilation = release.built.compilation
    project, last = compilation.project, release.earlier[0] if release.earlier else None
    packages = {package.name: package for package in compilation.packages}
    decks = tuple(_deck(deck, packages, release, last) for deck in project.decks)
    return ReleaseNotes(
        name=release.name,
        date=release.date,
        since=last.name if last else "",
        paragraph=paragraph,
        settings=project.settings,
        decks=decks,
        has_older=len(release.releases) > len(release.earlier) + 1,
    )


def _deck(
    deck: DeckFolder, packages: Mapping[str, Package], release: Release, last: EarlierRelease | None
) -> DeckNotes:
    notes = packages[deck.name].notes
    retired = packages.get(deck.name + RETIRED_SUFFIX)
    retired_notes = retired.notes if retired else ()
    old = _by_guid(last.compilation.notes) if last else {}
    both = [(old[note.identity.guid], note) for note in notes if note.identity.guid in old]
    return DeckNotes(
        name=deck.name,
        title=deck.settings.title,
        notes=notes,
        added=tuple(note for note in notes if note.identity.guid not in old),
        changed=tuple(change for before, after in both if (change := _change(before, after))),
        retired=tuple(_in_domain(note, old) for note in retired_notes if note.identity.guid in old),
        is_new=not both,
        updates=tuple(_updates(deck, notes, one, release) for one in release.earlier),
        retired_file=f"{retired.name}.txt" if retired else "",
    )


def _by_guid(notes: Sequence[Note]) -> dict[str, Note]:
    return {note.identity.guid: note for note in notes}


def _in_domain(retired: Note, old: Mapping[str, Note]) -> Note:
    """A retired note with the domain that it had."""
    return retired._replace(identity=retired.identity._replace(domain=old[retired.identity.guid].identity.domain))


def _updates(deck: DeckFolder, notes: Sequence[Note], earlier: EarlierRelease, release: Release) -> UpdateFiles:
    (news,) = (one for one in release.built.news if (one.deck, one.since) == (deck.name, earlier.name))
    old = _by_guid(earlier.compilation.notes)
    return UpdateFiles(
        earlier.name,
        news.path.name if news.path else "",
        news.update_file.name if news.update_file else "",
        added=sum(note.identity.guid not in old for note in notes),
        updated=news.changed,
        moved=tuple(_moved(deck, earlier, release.built.compilation)),
    )


def _moved(deck: DeckFolder, earlier: EarlierRelease, now: Compilation) -> Iterator[MovedNote]:
    had = {
        note.identity.guid
        for package in earlier.compilation.packages
        if package.name == deck.name
        for note in package.notes
    }
    packages = {package.name: package for package in now.packages}
    for other in now.project.decks:
        if other is not deck:
            yield from (MovedNote(note, other) for note in packages[other.name].notes if note.identity.guid in had)


def _change(old: Note, new: Note) -> ChangedNote | None:
    before, after = (dict(zip(note.note_type.field_names, note.fields, strict=True)) for note in (old, new))
    names = [name for name in {**after, **before} if before.get(name, "") != after.get(name, "")]
    more = len(set(new.cards) - set(old.cards))
    if not names and not more and (old.identity.tags, old.cards) == (new.identity.tags, new.cards):
        return None
    fields = [FieldChange(name, field_text(before.get(name, "")), field_text(after.get(name, ""))) for name in names]
    corrected = bool(_answers(new.note_type).intersection(names)) or more > 0
    return ChangedNote(new, tuple(fields), more, corrected)


@cache
def _answers(note_type: NoteType) -> frozenset[str]:
    """The fields that cards ask for: those that Anki's list of cards shows as answers; of a project's own types, those
    that only backs show."""
    found: set[str] = set()
    for template in note_type.templates:
        asked = set(fields_of(parse(template.browser_back)))
        found |= asked or set(fields_of(parse(template.back))) - set(fields_of(parse(template.front)))
    return frozenset(found)
