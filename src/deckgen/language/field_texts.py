"""The fields of a note as an author writes them: Markdown with or without deletions, or HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from deckgen.core import rules
from deckgen.core.diagnostics import Position
from deckgen.core.nodes import MappingNode, Node, ScalarNode, noun
from deckgen.language.deletions import DeletionText, has_deletion
from deckgen.language.keys import key, record
from deckgen.language.records import Record
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.values import TEXT, MarkupText
from deckgen.media.media import MediaFile, MediaProblem
from deckgen.media.media_formats import MediaKind
from deckgen.text.markup import Markup
from deckgen.text.safe_html import (
    Resource,
    consent_digest,
    html_files,
    html_problems,
    is_remote,
    latex_files,
    remote_files,
    with_files,
)


class MissingFile(NamedTuple):
    """A file that HTML shows and that does not exist, and where it is named."""

    position: Position
    problem: MediaProblem


@dataclass(frozen=True, slots=True, eq=False)
class FieldMarkup(Markup):
    """The HTML of a field. The note decides whether files may be ``missing``."""

    missing: tuple[MissingFile, ...] = ()


class HtmlText:
    """HTML that only shows something, or that the person at this machine consented to. Pictures are paths relative to
    the file, as in Markdown. In quotes, spaces at both ends count."""

    noun = "HTML"

    def read(self, node: Node, reader: Reader) -> FieldMarkup | None:
        text = TEXT.read(node, reader)
        if text is None or not isinstance(node, ScalarNode):
            return None
        if reader.source.text[node.start] in "'\"":
            text = node.value
        made = self._with_media(text, node, reader)
        problems = [*html_problems(text), *remote_files(text)]
        if problems and consent_digest(made.html) not in reader.consent:
            for problem in problems:
                position = reader.source.locate(node, text[problem.at : problem.at + 8])
                help = f"{problem.help}; if an adopted note had it before, read it and run 'deckgen consent'"
                reader.report.add(rules.UNSAFE_HTML, position, problem.message, help)
            return None
        return made

    def _with_media(self, text: str, node: ScalarNode, reader: Reader) -> FieldMarkup:
        """The HTML with each picture's path replaced by its name in the package."""
        media: list[MediaFile] = []
        missing: list[MissingFile] = []

        def name(file: Resource) -> str | None:
            if is_remote(file.name):
                return None  # an address needs consent, and is not a file that could be missing
            found = reader.find_media(file.name)
            if _is_sound(found) and not text.endswith("[sound:", 0, file.at):
                what = f"expected a picture, found the sound '{file.name}'"
                found = MediaProblem(rules.MEDIA_TYPE, what, f"write [sound:{file.name}] between tags")
            if isinstance(found, MediaProblem):
                missing.append(MissingFile(reader.source.locate(node, file.written), found))
                return None
            media.append(found)
            return None if found.kept else found.name

        html = with_files(text, html_files(text), name)
        drawn = map(reader.find_media, latex_files(text))
        media += [file for file in drawn if isinstance(file, MediaFile) and file.kept]
        return FieldMarkup(text, html, reader.source.position(node), tuple(media), tuple(missing))

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return TEXT.json_schema(builder)


def _is_sound(found: MediaFile | MediaProblem) -> bool:
    """Whether a file is a sound that only a player plays."""
    return isinstance(found, MediaFile) and found.kind is MediaKind.SOUND and not found.kept


@record
class HtmlField:
    """A field given as HTML."""

    position: Position
    html: Markup = key(HtmlText(), "The field as HTML that only shows something: no scripts, nothing from elsewhere.")


_HTML = Record(HtmlField, "a field in HTML")
_MARKDOWN, _DELETIONS = MarkupText(), DeletionText()


class FieldTexts:
    """Fields by name, each as Markdown, or as a mapping with ``html``."""

    noun = "a mapping from fields to their texts"
    parts = (_HTML,)

    def read(self, node: Node, reader: Reader) -> dict[str, Markup] | None:
        if not isinstance(node, MappingNode):
            help = "write each on a line of its own below the key, without a hyphen: a field, a colon and its text"
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}", help)
            return None
        texts = {name: self._text(pair.value, reader) for name, pair in node.pairs.items()}
        complete = {name: text for name, text in texts.items() if text is not None}
        return complete if len(complete) == len(texts) else None

    def _text(self, node: Node, reader: Reader) -> Markup | None:
        if isinstance(node, MappingNode):
            field = _HTML.read(node, reader)
            return field.html if field else None
        has_one = isinstance(node, ScalarNode) and has_deletion(node.value)
        return (_DELETIONS if has_one else _MARKDOWN).read(node, reader)

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        either = {"anyOf": [_MARKDOWN.json_schema(builder), _HTML.json_schema(builder)]}
        return {"type": "object", "additionalProperties": either}
