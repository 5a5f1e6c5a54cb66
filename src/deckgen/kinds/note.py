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

A note type is a folder below `note-types`, next to `deckgen.yaml`, with a file `type.yaml` that names its fields and
templates, the HTML of the templates, and a `style.css` if it has one. A field is Markdown, or `html:` as it will be in
Anki. HTML and CSS may only show something: scripts, frames and whatever comes from elsewhere are errors.

From its first release on, a note type keeps its fields and templates, as deckgen's own types do; what the templates and
the style say may change.
"""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.cards.note import SEPARATOR, Note, Statement, id_tag
from deckgen.cards.note_type import NoteType
from deckgen.cards.template import cloze_fields, parse
from deckgen.kinds.entry import Entry, Kind, identify
from deckgen.language import rules
from deckgen.language.deletions import has_deletion
from deckgen.language.field_texts import FieldTexts
from deckgen.language.keys import key, record
from deckgen.language.markup import Markup, media_of
from deckgen.language.nodes import MappingNode
from deckgen.language.shapes import Reader
from deckgen.language.values import Name
from deckgen.project.note_types import PREFIX
from deckgen.project.project import Project

NOTE_TYPE = Name("note type", rules.UNKNOWN_NOTE_TYPE, "the folder note-types")


@record
class OwnNote(Entry):
    """What an author writes for a note of a type of the project."""

    type: str = key(NOTE_TYPE, "The note type: the name of a folder below note-types.")
    fields: dict[str, Markup] = key(
        FieldTexts(), "The fields by name ('Front: text'); those that are left out are empty."
    )

    def fits(self, node: MappingNode, reader: Reader) -> bool:
        """Check that the note type has the fields."""
        note_type = reader.names["note type"].get(self.type)
        texts = node.pairs["fields"].value
        if not isinstance(note_type, NoteType) or not isinstance(texts, MappingNode):
            return False  # reported
        fits = True
        hiding = {name for one in note_type.templates for name in cloze_fields(parse(one.front))}
        for name, text in self.fields.items():
            if not note_type.has(name):
                near = reader.report.did_you_mean(name, note_type.field_names)
                help = f"fields: {', '.join(note_type.field_names)}"
                message = f"'{name}' is not a field of the note type '{self.type}'{near}"
                reader.error(rules.UNKNOWN_FIELD, texts.pairs[name].key, message, help)
                fits = False
            elif has_deletion(text.html) and name not in hiding:
                message = f"the field '{name}' makes no cloze cards, but has a deletion"
                help = f"fields with deletions: {', '.join(sorted(hiding))}" if hiding else "use a cloze note type"
                reader.error(rules.UNKNOWN_FIELD, texts.pairs[name].value, message, help)
                fits = False
        return fits


def notes(entry: OwnNote, project: Project) -> Iterator[Note]:
    """Make the note."""
    note_type = project.note_types[PREFIX + entry.type]
    texts = [entry.fields.get(name) for name in note_type.field_names]
    title = next((text.html for text in texts if text), "")
    identity = identify(entry, "note", project, title=title)
    yield Note(
        identity=identity._replace(tags=(*identity.tags, id_tag(project.file.tag, identity.id))),
        note_type=note_type,
        text=SEPARATOR.join([text.html if text else "" for text in texts]),
        media=note_type.media + media_of(texts),
        statement=Statement(shown=tuple([text.text for text in texts if text])),
    )


KIND = Kind(name="note", section="notes", plural="Notes", entry=OwnNote, notes=notes, asked=("type", "fields"))
