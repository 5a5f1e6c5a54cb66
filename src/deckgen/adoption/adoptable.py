"""Choose which notes of a package to adopt, and their names in the sources. Say what a rebuild cannot keep as it is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from deckgen.cards.plain_text import field_text
from deckgen.cards.template import BadTemplate, parse
from deckgen.core.characters import hidden_characters, printable_line
from deckgen.core.source import normal
from deckgen.core.terminal import Failure, count
from deckgen.language.file_names import DEVICES
from deckgen.language.patterns import slug, unused_names
from deckgen.language.records import MAX_LISTED
from deckgen.media.media import ADOPTED
from deckgen.packages.read_note_types import NoteTypeContents
from deckgen.packages.read_package import NoteContents, PackageContents
from deckgen.project.deck_files import NOT_DECKS
from deckgen.project.manifest import DeckName
from deckgen.text.escaping import SOUND

PERSONAL_TAGS = frozenset(("marked", "leech"))
"""Tags that Anki sets for one learner."""

MAX_NOTES = 100_000
"""The most notes that are adopted. The largest decks that people share have 35,000."""

_GUID = re.compile(r"\S(?:.{0,298}\S)?")
_ANKI_REMOVES = re.compile("[\x00-\x08\x0b-\x1f\x7f]")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AdoptedNote:
    """A note with the id of its entry, the folder of its note type, and the names of its subdecks below the deck."""

    id: str
    note_type: str
    contents: NoteContents
    subdecks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdoptedDeck:
    """A deck with its folder, its name in Anki, its description as HTML, its notes, and the folder of each subdeck by
    its name."""

    folder: str
    title: str
    description: str
    notes: tuple[AdoptedNote, ...]
    folders: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Adoptable:
    """Decks and note types (by folder) that can be adopted; ``remarks`` say what differs from the package."""

    decks: tuple[AdoptedDeck, ...]
    note_types: Mapping[str, NoteTypeContents]
    type_ids: Mapping[str, int]
    remarks: list[str] = field(default_factory=list)


def adoptable(contents: PackageContents, deck: str | None) -> Adoptable:
    """The adoptable contents of a package, or of one deck with its subdecks. Raises Failure."""
    remarks: list[str] = []
    chosen = _chosen(contents, deck, remarks)
    types = {id: contents.note_types[id] for id in sorted({note.note_type for note in chosen})}
    for note_type in types.values():
        _check_type(note_type)
    folders = _unique({id: slug(note_type.name) or "type" for id, note_type in types.items()}, taken=DEVICES)
    ids = _unique({note.guid: _proposed_id(note, types[note.note_type]) for note in chosen})
    groups: dict[str, list[NoteContents]] = {}
    for note in chosen:
        groups.setdefault(_home(note).split("::")[0].casefold(), []).append(note)
    decks = [_deck(notes, contents, deck, folders, ids, remarks) for notes in groups.values()]
    names = _unique({one.title: one.folder for one in decks}, taken=NOT_DECKS)
    return Adoptable(
        tuple(replace(one, folder=names[one.title]) for one in decks),
        {folders[id]: note_type for id, note_type in types.items()},
        {folders[id]: max(id, 0) for id in types},
        remarks,
    )


def _chosen(contents: PackageContents, deck: str | None, remarks: list[str]) -> list[NoteContents]:
    """The notes that are adopted, in the order in which they were created."""
    chosen: list[NoteContents] = []
    differing: Counter[str] = Counter()
    for note in sorted(contents.notes.values(), key=lambda note: note.id):
        if deck is not None and not any(_is_in(name, deck) for name in note.cards.values()):
            continue
        if not note.cards:
            differing["without a card (not adopted)"] += 1
        elif not _GUID.fullmatch(note.guid) or hidden_characters(note.guid) or not note.guid.isprintable():
            differing["with a guid that no source can contain (not adopted)"] += 1
        else:
            chosen.append(_cleaned(note, differing))
    remarks += [f"{count(number, 'note')} {what}" for what, number in differing.items()]
    if contents.repeated:
        remarks.append(f"{count(len(contents.repeated), 'guid')} of several notes: only the last note of each is kept")
    if not chosen:
        known = ", ".join(sorted({printable_line(_home(note)) for note in contents.notes.values() if note.cards})[:20])
        where = "it" if deck is None else f"the deck '{printable_line(deck)}'"
        raise Failure(f"there are no notes in {where}; decks: {known or 'none'}")
    if len(chosen) > MAX_NOTES:
        raise Failure(f"expected at most {MAX_NOTES:,} notes, found {len(chosen):,}: choose a deck of it with --deck")
    return chosen


def _home(note: NoteContents) -> str:
    """The deck of a note's first card."""
    return note.cards[min(note.cards)] or "Default"


def _is_in(name: str, deck: str) -> bool:
    return f"{name}::".casefold().startswith(f"{deck}::".casefold())


def _cleaned(note: NoteContents, differing: Counter[str]) -> NoteContents:
    """A note as a source can have it: as Anki would import it, and without what belongs to one learner."""
    fields = {name: clean(text) for name, text in note.fields.items()}
    if any(fields[name] != normal(_ANKI_REMOVES.sub("", text)) for name, text in note.fields.items()):
        differing["with invisible characters (written as entities)"] += 1
    if any(text and not text.strip() for text in fields.values()):
        differing["with a field of nothing but spaces (left empty)"] += 1
    if len(set(note.cards.values())) > 1:
        differing["with cards in several decks (new learners get all of them in the first deck)"] += 1
    shared = [tag for tag in note.tags if tag.casefold() not in PERSONAL_TAGS]
    tags = [normal(tag) for tag in shared if not hidden_characters(tag)][:MAX_LISTED]
    if len(tags) < len(shared):
        differing[f"with more than {MAX_LISTED} tags, or tags with invisible characters (these are left out)"] += 1
    return replace(note, fields=fields, tags=tuple(tags))


def clean(text: str) -> str:
    """HTML as a source can have it. Anki composes accents and removes control characters as well when it imports."""
    text = normal(_ANKI_REMOVES.sub("", text).encode("utf-8", "replace").decode())
    for character in {character for _, character in hidden_characters(text)}:
        text = text.replace(character, f"&#x{ord(character):x};")
    return text


def _check_type(note_type: NoteTypeContents) -> None:
    name = printable_line(note_type.name)
    try:
        for side in (side for sides in note_type.templates.values() for side in sides):
            parse(side)
    except BadTemplate as error:
        repair = "repair it in Anki, export the deck again, and adopt that"
        raise Failure(f"a template of '{name}' is wrong: {error}; {repair}") from None
    if len(note_type.templates) < len(note_type.template_settings):
        raise Failure(f"two templates of '{name}' have the same name: rename one in Anki and export the deck again")
    if note_type.is_cloze and len(note_type.templates) != 1:
        raise Failure(f"the cloze note type '{name}' has {count(len(note_type.templates), 'template')}, not one")
    if not note_type.templates or not note_type.fields:
        raise Failure(f"the note type '{name}' has no templates or no fields")


def _proposed_id(note: NoteContents, note_type: NoteTypeContents) -> str:
    """An id for the entry of a note, from the words of its sort field, or else of the first field that has any."""
    names = list(note.fields)
    first = note_type.settings.get("sortf", 0)
    names = [*names[first : first + 1], *names] if isinstance(first, int) and first >= 0 else names
    texts = (note.fields[name] for name in names if "image-occlusion:" not in note.fields[name])
    shown = (field_text(re.sub(rf"\{{\{{c\d+::|\}}\}}|{SOUND}", " ", text[:2000])) for text in texts)
    pictures = re.findall(r'src="([^".]+)', " ".join(note.fields.values())[:2000])
    return next(filter(None, map(slug, [*shown, *pictures])), "note")


def _unique(names: Mapping[T, str], taken: Iterable[str] = ()) -> dict[T, str]:
    return dict(zip(names, unused_names(names.values(), set(taken)), strict=True))


def _deck(
    notes: list[NoteContents],
    contents: PackageContents,
    wanted: str | None,
    types: Mapping[int, str],
    ids: Mapping[str, str],
    remarks: list[str],
) -> AdoptedDeck:
    """A deck of notes whose decks have the same first name: the deepest deck that contains them all."""
    paths = [tuple(deck_name(_home(note)).split("::")) for note in notes]
    top = paths[0]
    for path in paths:
        while path[: len(top)] != top:
            top = top[:-1]
    if wanted is not None and len(deck_name(wanted).split("::")) < len(top):
        top = top[: len(deck_name(wanted).split("::"))]
    top = top or paths[0][:1]
    title = "::".join(top)
    renamed = {printable_line(_home(note)) for note in notes if deck_name(_home(note)) != _home(note)}
    remarks += [f"the deck '{name}' is called '{deck_name(name)}'" for name in sorted(renamed)]
    parts = dict.fromkeys(part for path in paths for part in path[len(top) :])
    folders = _unique({part: slug(part) or "deck" for part in parts}, taken=_RESERVED)
    adopted = [
        AdoptedNote(ids[note.guid], types[note.note_type], note, path[len(top) :])
        for note, path in zip(notes, paths, strict=True)
    ]
    description = clean(contents.decks.get(title, ""))
    return AdoptedDeck(slug(top[-1]) or "deck", title, description, tuple(adopted), folders)


_RESERVED = (ADOPTED, "media", *DEVICES)
"""Names that a folder of a subdeck must not have."""


def deck_name(name: str) -> str:
    """The name of a deck as Anki would have it after an import."""
    shown = printable_line(unicodedata.normalize("NFC", name)).replace("\ufffd", "")
    shape = DeckName()
    return shown if shape.problem(shown) is None else shape.suggestion(shown) or "Deck"
