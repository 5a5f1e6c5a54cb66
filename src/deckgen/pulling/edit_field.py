"""Change the texts of an entry so that a field of one of its notes becomes what a learner made of it.

Kinds turn texts into fields; nothing turns fields back into texts. So this module finds the rendered texts of the entry
in the field, changes the texts where the field differs, and compiles the entry again. A change counts only if the field
then says exactly what was wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from deckgen.compiler.compile_file import compile_node
from deckgen.core.characters import hidden_characters
from deckgen.core.diagnostics import Report, Severity
from deckgen.core.differences import Hunk
from deckgen.core.nodes import MappingNode, Node, ScalarNode, SequenceNode, texts_below
from deckgen.editing.open_files import OpenFile
from deckgen.editing.replace_text import remove_text, replace_text, replace_with_html, with_text
from deckgen.editing.text_edits import add_pair, apply_edits
from deckgen.kinds.entry import About
from deckgen.language.deletions import DeletionText, has_deletion
from deckgen.language.keys import keys
from deckgen.language.values import MarkupText
from deckgen.project.project import Project
from deckgen.publication.card_numbers import with_card_numbers
from deckgen.publication.published import Published
from deckgen.pulling.rewrite_markup import Render, Write, html_of, in_markdown, rewritten
from deckgen.text.field_tokens import hunks, tokens

MAX_COMPILATIONS = 60
"""How many changes of an entry are tried for one field."""

MAX_TEXTS = 4
"""How many texts of an entry may change for one field."""

Fields = Mapping[tuple[str, str], list[str]]
"""What fields say, as tokens, by the id of the note and the name of the field."""


class FieldEditor:
    """Changes the texts of a project's entries, each in an excerpt of its file."""

    def __init__(self, project: Project, published: Published) -> None:
        self._project = project
        self._published = published
        self._compilations = 0

    def edited(self, file: OpenFile, field: tuple[str, str], wanted: list[str], kept: Fields) -> OpenFile | None:
        """The file, changed so that a field of a note of an entry is as ``wanted``, and those to be ``kept`` are as
        given; None if no way was found."""
        self._compilations = 0
        if hidden_characters("".join(token.rstrip("\0") for token in wanted)):  # no source may have them
            return None
        if tokens(self.fields(file).get(field, "")) == wanted:  # an edit of another field has changed it as well
            return file
        return self._solved(file, field, {**kept, field: wanted}, MAX_TEXTS)

    def _solved(self, file: OpenFile, field: tuple[str, str], goal: Fields, most: int) -> OpenFile | None:
        now = tokens(self.fields(file).get(field, ""))
        found = hunks(now, goal[field])
        waiting: list[OpenFile] = []
        for changed in self._changes(file, field[1], now, goal[field], found):
            if self._compilations == MAX_COMPILATIONS:
                break
            self._compilations += 1
            then = self.fields(changed)
            if all(key in then and tokens(then[key]) == value for key, value in goal.items()):
                return changed
            if field in then and len(hunks(tokens(then[field]), goal[field])) < len(found):
                waiting.append(changed)
        for changed in waiting if most > 1 else ():
            if solved := self._solved(changed, field, goal, most - 1):
                return solved
        return None

    def fields(self, file: OpenFile) -> Mapping[tuple[str, str], str]:
        """The HTML of the fields of a file's notes, by note id and name; nothing if it has an error."""
        report = Report()
        compiled = compile_node(file.source, file.root, self._project, report, hints=False)
        if report.has_errors:
            return {}
        notes = [
            with_card_numbers(note, self._published.numbers(note.id, note.note_type.name)) for note in compiled.notes
        ]
        return {
            (note.id, name): html
            for note in notes
            for name, html in zip(note.note_type.field_names, note.fields, strict=True)
        }

    def _changes(
        self, file: OpenFile, field: str, now: list[str], wanted: list[str], found: Sequence[Hunk]
    ) -> Iterator[OpenFile]:
        """Files in which one text of an entry takes its part in a difference, the likeliest first."""
        if not now:
            yield from self._added(file, field, wanted)
        proposals: list[tuple[tuple[int, int], ScalarNode, list[str], bool]] = []
        for scalar, is_key, around in texts_below(_entry(file.root)):
            is_html = _is_html(scalar, around)
            shown = None if is_key else self._render(file, is_html=is_html)(scalar.value.strip())
            for start in _occurrences(shown, now) if shown else ():
                end = start + len(shown or ())
                own = [hunk for hunk in found if start <= hunk.start and hunk.end <= end]
                if own:
                    parts = now[start:end]
                    for hunk in reversed(own):
                        parts[hunk.start - start : hunk.end - start] = wanted[hunk.new_start : hunk.new_end]
                    proposals.append(((-len(own), start - end), scalar, parts, is_html))
        for _, scalar, parts, is_html in sorted(proposals, key=lambda one: one[0]):
            if not parts:
                changed = remove_text(file, scalar)
            else:
                write: Write = (lambda new, _: [html_of(new)]) if is_html else in_markdown
                new = rewritten(scalar.value.strip(), parts, self._render(file, is_html=is_html), write)
                if new is None and is_html:
                    new = html_of(parts)
                changed = None if new is None else replace_text(file, scalar, new)
            if changed is not None:
                yield changed
        yield from self._as_html(file, field, wanted)

    def _as_html(self, file: OpenFile, field: str, wanted: list[str]) -> Iterator[OpenFile]:
        """Files in which a text with the name of a field is HTML, which can say what Markdown cannot."""
        for mapping in _mappings(_entry(file.root)):
            text = mapping.pairs[field].value if field in mapping.pairs else None
            if isinstance(text, ScalarNode) and (changed := replace_with_html(file, text, html_of(wanted))):
                yield changed

    def _added(self, file: OpenFile, field: str, wanted: list[str]) -> Iterator[OpenFile]:
        """Files in which a mapping of an entry has one more key, with the name of a field that was empty."""
        for mapping in _mappings(_entry(file.root)):
            for name in dict.fromkeys((field.lower().replace(" ", "_"), field)):
                for value in in_markdown(wanted, "") if mapping.pairs and name not in mapping.pairs else ():
                    edit = add_pair(file.source.text, mapping, name, value)
                    if changed := with_text(file, apply_edits(file.source.text, [edit])):
                        yield changed

    def _render(self, file: OpenFile, *, is_html: bool) -> Render:
        return partial(_rendered, file=file, project=self._project, is_html=is_html)


def _rendered(text: str, *, file: OpenFile, project: Project, is_html: bool) -> list[str] | None:
    """What a text renders as; None if it has errors."""
    if is_html:
        return tokens(text)
    shape = DeletionText() if has_deletion(text) else MarkupText()
    html, _, errors = shape.render(text, lambda path: project.media.find(path, file.source.path.parent))
    return None if any(error.rule.severity is Severity.ERROR for error in errors) else tokens(html)


def _mappings(node: Node) -> Iterator[MappingNode]:
    """A node and those below it that are mappings, from the outside in."""
    if isinstance(node, MappingNode):
        yield node
        for pair in node.pairs.values():
            yield from _mappings(pair.value)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _mappings(item)


def _is_html(scalar: ScalarNode, around: Node | None) -> bool:
    return isinstance(around, MappingNode) and list(around.pairs) == ["html"] and around.pairs["html"].value == scalar


def _occurrences(part: list[str], whole: list[str]) -> Iterator[int]:
    """Where a list occurs in another one."""
    for start in range(len(whole) - len(part) + 1):
        if whole[start] == part[0] and whole[start : start + len(part)] == part:
            yield start


def _entry(root: MappingNode) -> Node:
    """The only entry of an excerpt."""
    entries = next(pair.value for name, pair in root.pairs.items() if name not in keys(About))
    return entries.items[0] if isinstance(entries, SequenceNode) and entries.items else entries
