"""The path of a picture or a sound, as the value of a key."""

from __future__ import annotations

from deckgen.core import rules
from deckgen.core.nodes import Node
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.values import TEXT
from deckgen.media.media import MediaFile, MediaProblem
from deckgen.media.media_formats import MediaKind


class MediaPath:
    """The path of a picture or of a sound, relative to the file that has the key."""

    def __init__(self, kind: MediaKind) -> None:
        self.kind = kind
        self.noun = f"the path of a {kind.value}, relative to this file"

    def read(self, node: Node, reader: Reader) -> MediaFile | None:
        path = TEXT.read(node, reader)
        found = reader.find_media(path) if path is not None else None
        if isinstance(found, MediaProblem):
            reader.error(found.rule, node, found.message, found.help)
        elif found is not None and found.kind is not self.kind:
            reader.error(rules.MEDIA_TYPE, node, f"expected a {self.kind.value}, found the {found.kind.value} '{path}'")
        elif found is not None:
            return found
        return None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return TEXT.json_schema(builder)
