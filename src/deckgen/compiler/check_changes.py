"""Warn of changes that Anki applies in ways an author may not expect: cards that go blank, decks with another name,
another tag, and another project under the same namespace.

Each is reported until a build has recorded it in the lock, except for a namespace of examples, which
is reported as long as it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from urllib.parse import quote, unquote

from deckgen.cards.list_cards import GROUP_CARD
from deckgen.cards.note import Note
from deckgen.cards.note_types import picture
from deckgen.compiler.arrange import deck_name, subdeck
from deckgen.compiler.compile_file import CompiledFile
from deckgen.core import rules
from deckgen.core.diagnostics import Report
from deckgen.project.manifest import is_example
from deckgen.project.project import DeckFolder, Project
from deckgen.publication.published import Published


def lock_names(project: Project, files: Mapping[Path, CompiledFile]) -> dict[str, str]:
    """The names that the lock records: the title and the tag of the project, and the names of its decks and subdecks in
    Anki."""
    names = {"title": " ".join(project.settings.title.split()), "tag": project.settings.tag}
    for deck in project.decks:
        names[_key(deck)] = deck.settings.title
        parts = {subdeck(deck, note, path, project) for path in deck.sources for note in files[path].notes}
        names |= {_key(deck, part.id): deck_name(deck, part) for part in parts if part}
    return names


def _key(deck: DeckFolder, part: str | None = None) -> str:
    """The key of a deck or subdeck in the lock, without spaces."""
    key = f"deck/{quote(deck.name)}"
    return key if part is None else f"{key}/{quote(part)}"


def check_changes(
    notes: Sequence[Note], names: Mapping[str, str], project: Project, published: Published, report: Report
) -> None:
    """Warn of changes since the build that wrote the lock."""
    lock = project.lock
    _check_title(names, project, report)
    _check_tag(names, project, report)
    for deck in project.decks:
        _check_deck(deck, names, project, report)
    _check_missing_decks(names, project, report)
    for note in notes if lock.notes else ():
        if len(note.cards) < len(note.numbers) and published.is_known(note.id):
            _check_removed_cards(note, project, report)
        if note.note_type.is_numbered_by_author and published.is_known(note.id):
            _check_reused(note, project, report)


def check_namespace(project: Project, report: Report) -> None:
    """Warn of a namespace that is reserved for examples."""
    if is_example(project.settings.namespace):
        message = f"the namespace '{project.settings.namespace}' is reserved for examples"
        help = (
            "before anybody imports your decks, choose one that nobody else uses, such as your domain name, and delete "
            "deckgen.lock if there is one"
        )
        report.add(rules.EXAMPLE_NAMESPACE, project.settings.position, message, help)


def _check_title(names: Mapping[str, str], project: Project, report: Report) -> None:
    known = project.lock.names.get("title", ())
    if known and names["title"] not in known:
        message = f"deckgen.lock belongs to the project '{known[0]}', but this is '{names['title']}'"
        help = (
            "if this is a copy of that project, choose another namespace and delete deckgen.lock, or each overwrites "
            "the other's cards where somebody has both; if you renamed the project, run 'deckgen build'"
        )
        report.add(rules.TITLE_CHANGED, project.settings.position, message, help)


def _check_tag(names: Mapping[str, str], project: Project, report: Report) -> None:
    known = project.lock.names.get("tag", ())
    if known and names["tag"] not in known:
        message = f"the notes in deckgen.lock have the tag '{known[0]}', but deckgen.yaml has '{names['tag']}'"
        help = (
            "put the old tag back, or accept that every note changes: learners lose their notes and tags on cards, and "
            "filters for the old tag find nothing"
        )
        report.add(rules.TAG_CHANGED, project.settings.position, message, help)


def _check_deck(deck: DeckFolder, names: Mapping[str, str], project: Project, report: Report) -> None:
    """Warn if learners have a deck under another name; if not, warn of each subdeck that has another name."""
    keys = sorted(key for key in names if f"{key}/".startswith(f"{_key(deck)}/"))
    renamed = [key for key in keys if _is_renamed(key, names, project)]
    for key in renamed[:1] if _key(deck) in renamed else renamed:
        old, new = project.lock.names[key][0], names[key]
        message = f"learners have this deck as '{old}'; now it is named '{new}'"
        help = (
            f"put the name back, or ask learners to rename their deck to '{new}' before they import: otherwise the "
            "cards that they have stay in the old deck, and only new cards go to the new deck"
        )
        report.add(rules.DECK_RENAMED, deck.settings.position, message, help)
    if not renamed:
        _check_subdecks(deck, keys, project, report)


def _check_missing_decks(names: Mapping[str, str], project: Project, report: Report) -> None:
    """Warn of each deck that learners have and whose folder is gone, unless another folder makes a deck of its name."""
    made = {name.casefold() for key, name in names.items() if key.startswith("deck/")}
    for key, known in sorted(project.lock.names.items()):
        if key.count("/") == 1 and key not in names and made.isdisjoint(map(str.casefold, known)):
            message = f"learners have a deck '{known[0]}', but its folder '{unquote(key.partition('/')[2])}' is gone"
            help = (
                f"if you renamed the folder, give its deck the title '{known[0]}' again, or ask learners to rename "
                "their deck before they import: otherwise the cards that they have stay in the old deck"
            )
            report.add(rules.DECK_RENAMED, project.settings.position, message, help)


def _check_subdecks(deck: DeckFolder, keys: Sequence[str], project: Project, report: Report) -> None:
    """Warn if the cards that learners have were divided into other subdecks."""
    inside = f"{_key(deck)}/"
    now = {key for key in keys if key.startswith(inside)}
    before = {key for key in project.lock.names if key.startswith(inside)}
    if _key(deck) in project.lock.names and now != before and now.isdisjoint(before):
        message = f"learners have this deck {_divided(before)}; now it is {_divided(now)}"
        help = (
            "restore the old value of `subdecks`, or tell learners: the cards that they have stay where they are, and "
            "only new cards go to the new subdecks"
        )
        report.add(rules.DECK_RENAMED, deck.settings.position, message, help)


def _divided(subdecks: Set[str]) -> str:
    return f"in {len(subdecks)} subdeck{'s' if len(subdecks) > 1 else ''}" if subdecks else "without subdecks"


def _is_renamed(key: str, names: Mapping[str, str], project: Project) -> bool:
    """Whether a deck has a name that the lock does not know. Anki ignores case."""
    known = {name.casefold() for name in project.lock.names.get(key, ())}
    return bool(known) and names[key].casefold() not in known


def _check_removed_cards(note: Note, project: Project, report: Report) -> None:
    """Warn of cards that the note had when the lock was written, and no longer has."""
    lines = project.lock.notes.get(note.identity.id, ())
    removed = sorted({card for line in lines for card in line.numbers.keys() - line.removed} & note.removed_cards)
    if removed:
        cards = ", ".join(map(_described, removed))
        message = f"'{note.identity.label}' no longer has a card for {cards}"
        keep = "put its text back"
        if note.note_type.numbered_fields:
            where = "in `was` under the new one"
            if note.note_type.name == picture.NOTE_TYPE.name:  # a project can have another style
                where += " (in an SVG file: in `data-was`)"
            keep += f"; if you renamed the item, write its old id {where}"
        elif note.acronym and removed == ["acronym"]:
            keep = f"delete the acronym '{note.acronym}' from every other entry that has it"
        help = f"learners see it blank until they use Tools › Empty Cards; to keep the card, {keep}"
        report.add(rules.CARD_REMOVED, note.identity.position, message, help)


def _check_reused(note: Note, project: Project, report: Report) -> None:
    """Warn of deletions whose number the note had in an earlier build, and no longer had when the lock was written."""
    removed = {card for line in project.lock.notes.get(note.identity.id, ()) for card in line.removed}
    if reused := sorted(removed - note.removed_cards):
        next_number = max(note.numbers.values()) + 1
        message = (
            f"'{note.identity.label}' reuses {', '.join(reused)}, which an earlier build had, but not the last one"
        )
        help = (
            f"if this is not the deletion that it was, give it the number c{next_number}: learners have a card that "
            "asks for the earlier one"
        )
        report.add(rules.CLOZE_REUSED, note.identity.position, message, help)


def _described(card: str) -> str:
    """A card by what it asks: an item, the items of a group, a reason, a reverse."""
    if card.endswith(GROUP_CARD):
        return f"the items of '{card.removesuffix(GROUP_CARD)}'"
    return f"'{card}'"
