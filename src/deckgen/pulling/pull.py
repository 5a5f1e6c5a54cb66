"""Pull edits that were made in Anki back into the sources.

It is a three-way merge, in these steps:

1. Find the notes whose fields differ between the collection and the sources.
2. Leave out those that have exactly a text that was published once: they are outdated, and nobody edited them.
3. Merge each other note, field by field. The base is its latest published text; what the collection has and what the
   sources say are compared with it. An edit is left to make by hand if it may be of an outdated text, or if the sources
   have changed the same text.
4. Group the edits by entry, and copy each entry into an excerpt of its file, which is cheap to compile (``excerpt``).
5. Edit the texts of the entry in its excerpt until the field says what Anki has (``edit_field``): compile, compare, and
   keep a change only if it has exactly this effect, and no effect on edits that were made before it.
6. Put the changed entries of a file back in their places.
7. Compile the whole file, and check that every edited field says what Anki has, and that no other notes changed except
   for those of the same entries.
8. Hand over the text of each changed file, which ``reports`` writes as a patch, and the edits that could not be made.

Fields are compared by their *tokens*: tags, words, spaces and other characters (``text.field_tokens``). A *hunk* is one
difference between two lists of tokens (``core.differences``). The *latest* hashes of a note are those of the contents
that were published last, and *since* is when that was (``PublishedHashes``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from deckgen.cards.note import Note, content_hash
from deckgen.cards.note_types import frame
from deckgen.compiler.pipeline import Compilation
from deckgen.compiler.published_texts import PublishedHashes, published_hashes
from deckgen.core.diagnostics import Report
from deckgen.core.differences import Hunk
from deckgen.core.source import Source
from deckgen.core.terminal import count
from deckgen.editing.open_files import OpenFile, open_files
from deckgen.editing.replace_text import with_text
from deckgen.editing.retire_entry import entries_of
from deckgen.editing.text_edits import Edit, apply_edits
from deckgen.packages.read_package import NoteContents
from deckgen.pulling.edit_field import FieldEditor
from deckgen.pulling.excerpt import excerpt
from deckgen.text.field_tokens import hunks, same, tokens

NOT_PULLED = (frame.MY_NOTES, frame.CHANGE_TIME)
"""Fields that are not the author's: the learner's own one, and the one that update files write."""

OTHER_ID = "its Id in Anki is different, so its other fields may have moved, too"
OUTDATED = "it may be an edit of an earlier text: the learner had not imported the latest one"
UNKNOWN = "it may be an earlier text: git's history does not have every published version of the note"
CONFLICT = "the sources have changed this text too, since it was built"
UNPUBLISHED = "the note was never built, so nobody can tell what was edited"
NOT_FOUND = "no change to a text of the entry makes the card say this"


class CardEdit(NamedTuple):
    """A field that differs in Anki: its note, both contents (HTML), and the reason if the edit is not pulled."""

    note: Note
    field: str
    anki: str
    sources: str
    reason: str = ""


@dataclass(slots=True)
class Pulled:
    """The differences between a collection and the sources.

    - ``files``: the files to change, each as it was read, and its new text.
    - ``edits``: the number of fields whose edits these files contain.
    - ``others``: the labels of notes that nobody edited and that change too, since they show an edited text.
    - ``left``: the edits to make by hand, each with its reason.
    - ``new``: the notes that only the collection has.
    - ``missing``: the notes that only the project has.
    - ``outdated``: the number of notes with an earlier text.
    - ``remarks``: what may make the result incomplete, for the user to read.
    """

    files: list[tuple[Source, str]] = field(default_factory=list)
    edits: int = 0
    others: list[str] = field(default_factory=list)
    left: list[CardEdit] = field(default_factory=list)
    new: list[NoteContents] = field(default_factory=list)
    missing: list[Note] = field(default_factory=list)
    outdated: int = 0
    remarks: tuple[str, ...] = ()


def pull(compilation: Compilation, notes: Mapping[str, NoteContents]) -> Pulled:
    """Compare the notes of a collection, by guid, with a project, and make their edits in its texts."""
    pulled = Pulled()
    changed = [
        (note, contents)
        for note in compilation.notes
        if (contents := notes.get(note.identity.guid)) and next(_differing(note.fields, note, contents), None)
    ]
    hashes = published_hashes(compilation.published, (note.id for note, _ in changed))
    edited = [(note, contents) for note, contents in changed if not _is_published(note, contents, hashes)]
    texts = hashes.texts([note for note, _ in edited])
    edits = [edit for note, contents in edited for edit in _edits(note, contents, hashes, texts[note.id])]
    pulled.remarks = (*hashes.remarks, *_without_fields(compilation.notes, notes))
    if edits and not hashes.is_complete:
        pulled.remarks += ("without git's history an earlier text may look like an edit: read the patch first",)
    pulled.outdated = len(changed) - len({edit.note.id for edit in edits})
    pulled.left = [edit for edit in edits if edit.reason]
    _make([edit for edit in edits if not edit.reason], compilation, pulled)
    _compare_notes(compilation, notes, pulled)
    pulled.left.sort(key=lambda edit: edit.note.identity.position)
    return pulled


def _without_fields(own: Iterable[Note], notes: Mapping[str, NoteContents]) -> Iterator[str]:
    """A remark on the notes in a collection without some of their fields: the learner renamed or removed these, or
    changed the note type."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for note in own:
        if contents := notes.get(note.identity.guid):
            missing = [name for name in note.note_type.field_names if name not in (*NOT_PULLED, *contents.fields)]
            if missing:
                found[tuple(missing)].append(note.identity.label)
    for names, labels in found.items():
        named = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
        yield (
            f"{count(len(labels), 'note')} in Anki, such as {labels[0]}, without {count(len(names), 'field')} "
            f"({named}): edits of these fields were not pulled; restore the field names or the note type in Anki"
        )


def _differing(fields: Sequence[str], note: Note, contents: NoteContents) -> Iterator[tuple[str, str, str]]:
    """The fields that differ in a collection: the name, the text in the collection, and the one in the project. A field
    that the collection does not have does not differ."""
    for name, html in zip(note.note_type.field_names, fields, strict=True):
        anki = contents.fields.get(name, html)
        if anki != html and name not in NOT_PULLED and tokens(anki) != tokens(html):
            yield name, anki, html


def _is_published(note: Note, contents: NoteContents, hashes: PublishedHashes) -> bool:
    """Whether a collection has exactly a text that was published; with any of the learner's own tags."""
    own = dict(zip(note.note_type.field_names, note.fields, strict=True))
    fields = [text if name in NOT_PULLED else contents.fields.get(name, text) for name, text in own.items()]
    above = note.identity.tags[0].partition("::")[0] if note.identity.tags else ""
    of_project = tuple(tag for tag in contents.tags if tag.startswith(f"{above}::"))
    return any(
        hashes.has(note.id, content_hash(note.with_fields(fields)._replace(identity=note.identity._replace(tags=tags))))
        for tags in (note.identity.tags, of_project)
    )


def _edits(
    note: Note, contents: NoteContents, hashes: PublishedHashes, texts: Mapping[str, Note | None]
) -> list[CardEdit]:
    """The edits of a note; none if it has an earlier text. ``texts`` are those that were published, by hash."""
    names = note.note_type.field_names
    latest = hashes.latest.get(note.id, frozenset())
    comparable = {hash: text if text and text.note_type.field_names == names else None for hash, text in texts.items()}
    earlier = [text for hash, text in comparable.items() if hash not in latest]
    if any(text and not list(_differing(text.fields, note, contents)) for text in earlier):
        return []
    # 'latest' is a set: branches that were merged may have published different contents at the same time. All edits are
    # then left to make by hand (UNKNOWN), as they are if the latest text cannot be compiled again (CONFLICT).
    base = note if content_hash(note) in latest else next(filter(None, map(comparable.get, latest)), None)
    reason = ""
    if any(name == "Id" for name, _, _ in _differing(note.fields, note, contents)):
        reason = OTHER_ID
    elif not latest:
        reason = UNPUBLISHED
    elif 0 < contents.modified < hashes.since[note.id]:
        reason = OUTDATED
    elif base is None:
        reason = CONFLICT
    elif len(latest) > 1 or None in earlier or not (contents.modified or hashes.is_complete):
        reason = UNKNOWN
    elif any(text and _may_be_based_on(text, base, contents) for text in earlier):
        reason = OUTDATED
    if reason or base is None:
        return [CardEdit(note, *one, reason) for one in _differing(note.fields, note, contents)]
    edits = []
    for name, anki, published in _differing(base.fields, note, contents):
        sources = note.fields[note.note_type.index(name)]
        if tokens(sources) != tokens(anki):
            both = tokens(sources) != tokens(published)
            edits.append(CardEdit(note, name, anki, sources, CONFLICT if both else ""))
    return edits


def _may_be_based_on(earlier: Note, latest: Note, contents: NoteContents) -> bool:
    """Whether the text in a collection could be an edit of an earlier text. It is not if each field in which the
    earlier and the latest text differ keeps words that only the latest has, and is closer to the latest as a whole."""
    for name, old, new in zip(latest.note_type.field_names, earlier.fields, latest.fields, strict=True):
        before, after = tokens(old), tokens(new)
        if name in NOT_PULLED or name not in contents.fields or before == after:
            continue
        now = tokens(contents.fields[name])
        edited = hunks(after, now)
        if _size(edited) >= _size(hunks(before, now)) or all(_is_edited(one, edited) for one in hunks(after, before)):
            return True
    return False


def _is_edited(part: Hunk, edited: Sequence[Hunk]) -> bool:
    """Whether all words of a difference were edited, or something was added where it has none."""
    if part.start == part.end:
        return any(one.start <= part.start <= one.end for one in edited)
    return all(any(one.start <= at < one.end for one in edited) for at in range(part.start, part.end))


def _size(edited: Sequence[Hunk]) -> int:
    """The number of tokens that differ."""
    return sum(one.end - one.start + one.new_end - one.new_start for one in edited)


def _make(edits: Iterable[CardEdit], compilation: Compilation, pulled: Pulled) -> None:
    """Make edits in the texts of their entries, one field after the other."""
    by_entry: dict[str, list[CardEdit]] = defaultdict(list)
    for edit in edits:
        by_entry[edit.note.identity.entry].append(edit)
    if not by_entry:
        return
    editor = FieldEditor(compilation.project, compilation.published)
    identities = {note.id: note.identity for note in compilation.notes}
    for file in open_files(compilation.project, Report()):
        made: list[CardEdit] = []
        changes: list[Edit] = []
        for entry in entries_of(file):
            if own := by_entry.pop(entry.label, ()):
                before = excerpt(file, entry.section, entry.index)
                after, accepted = _in_excerpt(before.file, own, editor) if before else (None, [])
                pulled.left += [edit._replace(reason=NOT_FOUND) for edit in own if edit not in accepted]
                if before and after and accepted:
                    made += accepted
                    changes.append(before.edit(after))
        if not made:
            continue
        changed = with_text(file, apply_edits(file.source.text, changes))
        others = _others(file, changed, made, editor) if changed else None
        entries = {edit.note.identity.entry for edit in made}
        if changed is None or others is None or any(identities[id].entry not in entries for id in others):
            pulled.left += [edit._replace(reason=NOT_FOUND) for edit in made]
        else:
            pulled.files.append((file.source, changed.source.text))
            pulled.edits += len(made)
            pulled.others += sorted(identities[id].label for id in others)


def _in_excerpt(file: OpenFile, edits: Sequence[CardEdit], editor: FieldEditor) -> tuple[OpenFile, list[CardEdit]]:
    """An excerpt with as many of the edits of its entry as could be made, and those."""
    made: list[CardEdit] = []
    kept: dict[tuple[str, str], list[str]] = {}
    for edit in edits:
        key, wanted = (edit.note.id, edit.field), tokens(edit.anki)
        if changed := editor.edited(file, key, wanted, kept):
            file = changed
            made.append(edit)
            kept[key] = wanted
    return file, made


def _others(before: OpenFile, after: OpenFile, made: Sequence[CardEdit], editor: FieldEditor) -> set[str] | None:
    """Compile a changed file as a whole: the ids of the notes that nobody edited and that changed all the same. None if
    it has errors, or if a field does not say what Anki has."""
    old, new = editor.fields(before), editor.fields(after)
    if any((one.note.id, one.field) not in new or not same(new[one.note.id, one.field], one.anki) for one in made):
        return None
    differing = {id for id, name in {**old, **new} if old.get((id, name)) != new.get((id, name))}
    return differing - {one.note.id for one in made}


def _compare_notes(compilation: Compilation, notes: Mapping[str, NoteContents], pulled: Pulled) -> None:
    """Find the notes of the project's decks that only the collection has, and those that it does not have."""
    known = {note.identity.guid for note in (*compilation.notes, *compilation.retired)}
    decks = {deck.name: deck.notes for package in compilation.packages for deck in package.decks if deck.notes}
    there = {deck for guid, note in notes.items() if guid in known for deck in note.cards.values()}
    pulled.new = [
        note for guid, note in notes.items() if guid not in known and not decks.keys().isdisjoint(note.cards.values())
    ]
    pulled.missing = [
        note
        for name, own in decks.items()
        if name in there
        for note in own
        if note.identity.guid not in notes and compilation.published.is_known(note.id)
    ]
