"""Arrange linked notes into decks and packages, and check each deck as a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from deckgen.cards.note import Deck, Note, Package
from deckgen.compiler.compile_file import CompiledFile
from deckgen.compiler.order import card_places
from deckgen.core import rules
from deckgen.core.diagnostics import Report
from deckgen.kinds.registry import kinds_by_name
from deckgen.media.media import MediaFile
from deckgen.project.project import RETIRED_SUFFIX, DeckFolder, Project
from deckgen.publication.retired import Retired
from deckgen.text.escaping import escape


def check_decks(project: Project, files: Mapping[Path, CompiledFile], report: Report) -> None:
    """Report decks without entries. Skipped while a note type has errors, since its notes are missing."""
    if None in project.declared.get("note type", {}).values():
        return
    for deck in project.decks:
        if not any(files[path].notes or files[path].findings for path in deck.sources):
            message = f"the deck '{deck.settings.title}' has no entries"
            help = "write one in a '.yaml' file of its folder ('deckgen new faq'), or delete the folder"
            if any(files[path].retired for path in deck.sources):
                help = "write one, or move its retired entries into a file of another deck and delete the folder"
            report.add(rules.EMPTY_DECK, deck.settings.position, message, help)


def check_media(project: Project, files: Mapping[Path, CompiledFile], report: Report) -> None:
    """Report media files that no text shows, or that are too large. Two files with the same content have the same name
    in Anki, but each counts by its path."""
    for deck in project.decks:
        found = [media for path in deck.sources for media in files[path].media.values()]
        used = {media.path for media in found if isinstance(media, MediaFile)}
        project.media.report_files(deck.media, used, report)


def retirements(project: Project, files: Mapping[Path, CompiledFile]) -> dict[str, list[Retired]]:
    """The retired entries of each deck, by its name."""
    return {deck.name: [one for path in deck.sources for one in files[path].retired] for deck in project.decks}


def deck_packages(
    project: Project,
    decks: Collection[DeckFolder],
    files: Mapping[Path, CompiledFile],
    notes: Sequence[Note],
    notices: Mapping[str, tuple[Note, ...]],
) -> tuple[Package, ...]:
    """The packages of some decks. ``notes`` are the linked notes of all decks, in the order of ``project.decks`` and
    their sources."""
    remaining = iter(notes)
    packages: list[Package] = []
    for deck in project.decks:
        deck_notes = [(next(remaining), path) for path in deck.sources for _ in files[path].notes]
        if deck in decks:
            packages.append(_deck_package(deck, deck_notes, project))
            if retired := notices[deck.name]:
                notice_deck = Deck(deck.settings.title, "", retired, card_places(retired))
                packages.append(Package(f"{deck.name}{RETIRED_SUFFIX}", (notice_deck,), retired=True))
    return tuple(packages)


def _deck_package(deck: DeckFolder, notes: Sequence[tuple[Note, Path]], project: Project) -> Package:
    """A deck's package: the deck, with the description, and its subdecks. Each note comes with the path of its
    source."""
    every = [note for note, _ in notes]
    by_deck: dict[str, tuple[list[Note], list[Sequence[int]]]] = {deck.settings.title: ([], [])}
    for (note, path), of_cards in zip(notes, card_places(every), strict=True):
        in_deck = by_deck.setdefault(deck_name(deck, subdeck(deck, note, path, project)), ([], []))
        in_deck[0].append(note)
        in_deck[1].append(of_cards)
    decks = [Deck(name, "", tuple(in_deck), of_cards) for name, (in_deck, of_cards) in by_deck.items()]
    decks[0] = decks[0]._replace(description=_description(deck, every, project))
    return Package(deck.name, tuple(decks))


class Subdeck(NamedTuple):
    """A part of a deck: a kind, a domain or a folder, and its name in Anki."""

    id: str
    name: str


def subdeck(deck: DeckFolder, note: Note, path: Path, project: Project) -> Subdeck | None:
    """The subdeck of a note, which comes from the file at a path; None if the note is in the deck itself."""
    identity = note.identity
    if deck.settings.subdecks == "kind":
        return Subdeck(identity.kind, kinds_by_name()[identity.kind].plural)
    if deck.settings.subdecks == "domain":
        title = project.settings.domains.get(identity.domain, identity.domain)  # deckgen.yaml may have errors
        return Subdeck(identity.domain, re.sub(r"\s*::\s*", "::", title.replace("\n", " ")))  # as Anki would change it
    folders = path.parent.relative_to(deck.path).parts if deck.settings.subdecks == "folder" else ()
    given: Mapping[str, str] = deck.settings.folders or {}
    parts = [given.get(folder, folder) for folder in folders]
    return Subdeck("/".join(folders), "::".join(parts)) if folders else None


def deck_name(deck: DeckFolder, part: Subdeck | None) -> str:
    """The name in Anki of a deck or of a part of it."""
    return f"{deck.settings.title}::{part.name}" if part else deck.settings.title


def _description(deck: DeckFolder, notes: Sequence[Note], project: Project) -> str:
    """The text that Anki shows above the deck: what it is, how many notes each domain has, the disclaimer, the authors
    and the licence."""
    cards = sum([len(note.cards) for note in notes])
    domains = Counter([note.identity.domain for note in notes])
    rows = [f"{escape(title)}: {domains[id]}" for id, title in project.settings.domains.items() if domains[id]]
    paragraphs = [
        deck.settings.description.html if deck.settings.description else "",
        f"{_count(len(notes), 'note')}, {_count(cards, 'card')}. Notes by domain: {'; '.join(rows)}.",
        _reviewed(notes),
        project.settings.disclaimer.html if project.settings.disclaimer else "",
        " ".join(
            escape(f"{label}: {text}.")
            for label, text in (("By", ", ".join(project.settings.authors)), ("Licence", project.settings.licence))
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
