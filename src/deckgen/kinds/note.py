"""A note of one of the project's own note types.

Example:

    domain: basics
    source: [book]

    notes:
      - id: capital-of-peru
        type: plain
        fields:
          Front: What is the capital of Peru?
          Back: Lima
      - id: water
        type: plain
        fields:
          Front: What is water made of?
          Back: {html: 'Hydrogen and <span class="loud">oxygen</span>'}

A note type is a folder in `note-types`, next to `deckgen.yaml`. It contains a file `type.yaml`, which names the fields
and templates, the HTML of the templates, and perhaps a `style.css`. Write a field as Markdown, or as `html:` exactly as
in Anki. HTML and CSS may only show something: scripts, frames and anything from the web are errors.

The cards show the fields, as the templates say, and nothing else of an entry: not `topic`, `hint`, `extra`,
`hide_domain` or `confuse_with`.

An entry with `guid:` comes from a deck that learners already had. It keeps its identity in Anki, and has exactly the
tags in `anki_tags`. Only `deckgen adopt` writes such entries.

After the first release, a note type keeps its fields and templates, like deckgen's own. You can still change what the
templates and the style show.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import count

from deckgen.cards import cloze
from deckgen.cards.note import SEPARATOR, Note, Statement, id_tag
from deckgen.cards.note_type import NoteType
from deckgen.cards.template import cloze_fields, parse
from deckgen.core import rules
from deckgen.core.diagnostics import Severity
from deckgen.core.nodes import MappingNode
from deckgen.kinds.entry import Entry, Kind, identify
from deckgen.language.deletions import has_deletion
from deckgen.language.field_texts import FieldMarkup, FieldTexts
from deckgen.language.keys import key, record
from deckgen.language.patterns import Pattern
from deckgen.language.records import ListOf
from deckgen.language.shapes import Reader
from deckgen.language.values import Name
from deckgen.own_types.note_types import PREFIX
from deckgen.project.project import Project
from deckgen.text.markup import Markup, media_of

NOTE_TYPE = Name("note type", rules.UNKNOWN_NOTE_TYPE, "the folder note-types")

NOT_SHOWN = ("topic", "hint", "extra", "hide_domain", "confuse_with")
"""The keys of all entries that no card of a project's own type shows."""


class Guid(Pattern):
    """What identifies a note in every collection. Anki's are ten printable characters; others can be longer."""

    noun = "the guid of a note in Anki"
    pattern = r"\S(?:.{0,298}\S)?"


class AnkiTag(Pattern):
    """A tag as it is in Anki."""

    noun = "a tag without spaces"
    pattern = r"\S{1,500}"
    rule = rules.BAD_TAG
    types = ("string", "number", "boolean")


@record
class OwnNote(Entry):
    """What an author writes for a note of a type of the project."""

    type: str = key(NOTE_TYPE, "The note type: the name of a folder below note-types.")
    fields: dict[str, Markup] = key(FieldTexts(), "The fields by name ('Front: text'); all others are empty.")

    guid: str | None = key(
        Guid(), "Anki's identifier of an adopted note; never change it. Other notes have none.", default=None
    )
    anki_tags: tuple[str, ...] = key(
        ListOf(AnkiTag()), "The only tags of an adopted note, exactly as in Anki.", default=()
    )

    def check_values(self, node: MappingNode, reader: Reader) -> bool:
        """Check that the note type has the fields."""
        note_type = reader.declared["note type"].get(self.type)
        texts = node.pairs["fields"].value
        if not isinstance(note_type, NoteType) or not isinstance(texts, MappingNode):
            return False  # what is wrong with the note type was reported once, in its files
        self._report_unshown(node, note_type, reader)
        fits = True
        hiding = {name for one in note_type.templates for name in cloze_fields(parse(one.front))}
        for name, text in self.fields.items():
            if name not in note_type.field_names:
                near = reader.report.did_you_mean(name, note_type.field_names)
                help = f"fields: {', '.join(note_type.field_names)}"
                message = f"'{name}' is not a field of the note type '{self.type}'{near}"
                reader.error(rules.UNKNOWN_FIELD, texts.pairs[name].key, message, help)
                fits = False
            elif has_deletion(text.html) and name not in hiding and not self.guid:
                message = f"the field '{name}' makes no cloze cards, but has a deletion"
                help = f"fields with deletions: {', '.join(sorted(hiding))}" if hiding else "use a cloze note type"
                reader.error(rules.UNKNOWN_FIELD, texts.pairs[name].value, message, help)
                fits = False
        fits = (bool(self.guid) or self._numbers_fit(hiding, reader)) and fits
        for text in self.fields.values():
            for file in text.missing if isinstance(text, FieldMarkup) else ():
                severity = Severity.WARNING if self.guid else None  # many decks have shown no such file for years
                reader.report.add(file.problem.rule, file.position, file.problem.message, file.problem.help, severity)
                fits = fits and bool(self.guid)
        return self._tags_fit(node, reader) and fits

    def _report_unshown(self, node: MappingNode, note_type: NoteType, reader: Reader) -> None:
        """Warn of keys that no card shows."""
        for name in NOT_SHOWN:
            if name in node.pairs:
                position = reader.source.position(node.pairs[name].key)
                message = f"cards of a project's own note type do not show '{name}'"
                help = f"write it in a field, or delete it; fields: {', '.join(note_type.field_names)}"
                reader.report.add(rules.UNKNOWN_KEY, position, message, help, Severity.WARNING)

    def _numbers_fit(self, hiding: Set[str], reader: Reader) -> bool:
        """Check that a card asks for each deletion in the fields that make cloze cards."""
        texts = [text for name, text in self.fields.items() if name in hiding]
        used = {number for text in texts for number in cloze.deletion_numbers(text.html)}
        unused = (number for number in count(1) if number not in used)
        fits = True
        for text in texts:
            for number in cloze.numbers_without_card(text.html):
                free = next(unused)
                message = f"expected a number from 1 to {cloze.MAX_CARD_NUMBER} in a deletion, found c{number}"
                help = f"change c{number} to c{free}: Anki makes no card that asks for c{number}"
                reader.report.add(rules.CLOZE_SYNTAX, text.position, message, help)
                fits = False
        return fits

    def _tags_fit(self, node: MappingNode, reader: Reader) -> bool:
        if self.guid and self.tags:
            message = "an adopted note has exactly its own tags: expected 'anki_tags', found 'tags'"
            help = "write the tag under 'anki_tags', with all its levels"
        elif self.anki_tags and not self.guid:
            message = "expected 'tags', found 'anki_tags', which only adopted notes have"
            help = "write 'tags': deckgen puts the tag of the project above them"
        else:
            return True
        reader.error(rules.CONFLICTING_KEYS, node, message, help)
        return False


def notes(entry: OwnNote, project: Project) -> Iterator[Note]:
    """Make the note."""
    note_type = project.note_types[PREFIX + entry.type]
    texts = [entry.fields.get(name) for name in note_type.field_names]
    title = next((text.html for text in texts if text), "")
    identity = identify(entry, "note", project, title=title)
    if entry.guid:
        identity = identity._replace(guid=entry.guid, tags=entry.anki_tags)
    else:
        identity = identity._replace(tags=(*identity.tags, id_tag(project.settings.tag, identity.id)))
    yield Note(
        identity=identity,
        note_type=note_type,
        text=SEPARATOR.join([text.html if text else "" for text in texts]),
        media=note_type.media + media_of(texts),
        statement=Statement(shown=tuple([text.text for text in texts if text])),
    )


KIND = Kind(
    name="note",
    section="notes",
    plural="Notes",
    entry=OwnNote,
    notes=notes,
    asked=("type", "fields"),
    unshown=NOT_SHOWN,
)
