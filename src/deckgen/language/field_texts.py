"""The fields of a note as an author writes them: Markdown with or without deletions, or HTML."""

from __future__ import annotations

from deckgen.core.diagnostics import Position
from deckgen.language import rules
from deckgen.language.deletions import DeletionText, has_deletion
from deckgen.language.keys import key, record
from deckgen.language.markup import Markup
from deckgen.language.media import MediaFile, MediaKind, Problem
from deckgen.language.nodes import MappingNode, Node, ScalarNode, noun
from deckgen.language.records import Record
from deckgen.language.safe_html import html_files, html_problems
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.values import TEXT, MarkupText


class HtmlText:
    """HTML that only shows something. Pictures are paths relative to the file, as in Markdown."""

    noun = "HTML"

    def read(self, node: Node, reader: Reader) -> Markup | None:
        text = TEXT.read(node, reader)
        if text is None or not isinstance(node, ScalarNode):
            return None
        problems = list(html_problems(text))
        for problem in problems:
            position = reader.source.locate(node, text[problem.at : problem.at + 8])
            reader.report.add(rules.UNSAFE_HTML, position, problem.message, problem.help)
        if problems:
            return None
        return self._with_media(text, node, reader)

    def _with_media(self, text: str, node: ScalarNode, reader: Reader) -> Markup | None:
        """The HTML with each picture's path replaced by its name in the package."""
        media: list[MediaFile] = []
        parts, done, complete = [], 0, True
        for file in html_files(text):
            found = reader.find_media(file.name)
            if isinstance(found, Problem):
                reader.report.add(found.rule, reader.source.locate(node, file.name), found.message, found.help)
                complete = False
                continue
            at = text.index(file.name, file.at)
            parts += [text[done:at], found.name]
            done = at + len(file.name)
            media.append(found)
            complete = complete and found.kind is MediaKind.PICTURE
        if not complete:
            return None
        return Markup(text, "".join(parts) + text[done:], reader.source.position(node), tuple(media))

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return TEXT.json_schema(builder)


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
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}")
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
