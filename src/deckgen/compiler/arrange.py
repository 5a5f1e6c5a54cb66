"""Arrange linked notes into decks and packages, and check each deck as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from deckgen.cards.note import Deck, Note, Package
from deckgen.compiler.compile_file import CompiledFile
from deckgen.compiler.retired import Retired
from deckgen.core.diagnostics import Report, did_you_mean
from deckgen.kinds.entry import AnyKind
from deckgen.kinds.registry import all_kinds
from deckgen.language import rules
from deckgen.language.escaping import escape
from deckgen.project.project import RETIRED, DeckFolder, Project


def check_decks(project: Project, files: Mapping[Path, CompiledFile], report: Report) -> None:
    """Report decks without entries, and subdeck names given for kinds that do not exist."""
    kinds = [kind.name for kind in all_kinds().values()]
    for deck in project.decks:
        if not any(files[path].notes or files[path].findings for path in deck.files):
            report.add(rules.EMPTY_DECK, deck.file.position, f"the deck '{deck.file.title}' has no entries")
        for name in deck.file.subdecks or ():
            if name not in kinds:
                message = f"'{name}' is not a kind{did_you_mean(name, kinds)}"
                report.add(rules.UNKNOWN_KEY, deck.file.position, message, f"kinds: {', '.join(kinds)}")


def check_media(project: Project, files: Mapping[Path, CompiledFile], report: Report) -> None:
    """Report media files that no card uses, or that are too large."""
    for deck in project.decks:
        notes = [note for path in deck.files for note in files[path].notes]
        used = {file.path for note in notes for file in note.media}
        project.media.report_files(deck.media, used, report)


def retirements(project: Project, files: Mapping[Path, CompiledFile]) -> dict[str, list[Retired]]:
    """The retired entries of each deck, by its name."""
    return {deck.name: [one for path in deck.files for one in files[path].retired] for deck in project.decks}


def deck_packages(
    project: Project,
    decks: Collection[DeckFolder],
    files: Mapping[Path, CompiledFile],
    notes: Sequence[Note],
    retired: Mapping[str, tuple[Note, ...]],
) -> tuple[Package, ...]:
    """The packages of some decks. ``notes`` are the linked notes of all decks, in the order of ``project.decks`` and
    their sources."""
    remaining = iter(notes)
    packages: list[Package] = []
    for deck in project.decks:
        own = [next(remaining) for path in deck.files for _ in files[path].notes]
        if deck in decks:
            packages.append(_deck_package(deck, own, project))
            if gone := retired[deck.name]:
                notices = Deck(deck.file.title, "", gone, range(1, 1 + len(gone)))
                packages.append(Package(f"{deck.name}{RETIRED}", (notices,), retired=True))
    return tuple(packages)


def _deck_package(deck: DeckFolder, notes: Sequence[Note], project: Project) -> Package:
    """A deck's package: one subdeck per kind, in source order, below a parent that has the description."""
    decks, place = [Deck(deck.file.title, _description(deck, notes, project))], 1
    by_kind: dict[str, list[Note]] = {kind.name: [] for kind in all_kinds().values()}
    for note in notes:
        by_kind[note.identity.kind].append(note)
    for kind in all_kinds().values():
        if own := tuple(by_kind[kind.name]):
            places = range(place, place + len(own))
            decks.append(Deck(subdeck_name(deck, kind), "", own, places))
            place = places.stop
    return Package(deck.name, tuple(decks))


def subdeck_name(deck: DeckFolder, kind: AnyKind) -> str:
    """The name in Anki of the subdeck for a kind."""
    return f"{deck.file.title}::{(deck.file.subdecks or {}).get(kind.name, kind.plural)}"


def _description(deck: DeckFolder, notes: Sequence[Note], project: Project) -> str:
    """The text that Anki shows above the deck: what it is, how much there is of each domain, and on what terms."""
    cards = sum([len(note.cards) for note in notes])
    domains = Counter([note.identity.domain for note in notes])
    rows = [f"{escape(title)}: {domains[id]}" for id, title in project.file.domains.items() if domains[id]]
    paragraphs = [
        deck.file.description.html if deck.file.description else "",
        f"{_count(len(notes), 'note')}, {_count(cards, 'card')}. Notes by skill domain: {'; '.join(rows)}.",
        _reviewed(notes),
        project.file.disclaimer.html if project.file.disclaimer else "",
        " ".join(
            escape(f"{label}: {text}.")
            for label, text in (("By", ", ".join(project.file.authors)), ("Licence", project.file.licence))
            if text
        ),
    ]
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)


def _reviewed(notes: Sequence[Note]) -> str:
    """How many notes were reviewed; nothing if nobody reviews this deck."""
    reviewed = sum(note.identity.reviewed is not None for note in notes)
    return f"{reviewed} of {_count(len(notes), 'note')} reviewed." if reviewed else ""


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
