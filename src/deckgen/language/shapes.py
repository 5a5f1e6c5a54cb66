"""What a shape is: it reads one kind of value and reports what is wrong with it, and describes it in JSON Schema.

From a key and its shape come the reader, the messages, the manual and the JSON Schema for editors.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from deckgen.core.diagnostics import Report, Rule
from deckgen.core.nodes import Node
from deckgen.core.source import Source
from deckgen.text.markup import FindMedia

T_co = TypeVar("T_co", covariant=True)

JsonSchema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a file needs: the file, the report, the names that the project declares, the media next to the file,
    the defaults at its top, and the digests of what the person at this machine consented to."""

    source: Source
    report: Report
    declared: Mapping[str, Mapping[str, object]]
    find_media: FindMedia
    defaults: dict[str, object] = field(default_factory=dict)
    consent: Container[str] = frozenset()

    def error(self, rule: Rule, node: Node, message: str, help: str = "") -> None:
        self.report.add(rule, self.source.position(node), message, help)


@dataclass(frozen=True, slots=True)
class SchemaBuilder:
    """What building a JSON Schema needs: the names that the project declares, with their titles, and the definitions
    that parts of the schema refer to."""

    declared: Mapping[str, Mapping[str, str]]
    definitions: dict[str, JsonSchema] = field(default_factory=dict)

    def define(self, name: str, make: Callable[[], JsonSchema]) -> JsonSchema:
        """Refer to a definition; make it the first time."""
        if name not in self.definitions:
            self.definitions[name] = {}  # a shape that contains itself refers to it
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{name}"}


class Shape(Protocol[T_co]):
    """A kind of value. ``noun`` says what an author writes. ``read`` returns the value, or reports an error and returns
    None.

    ``json_schema`` accepts what ``read`` accepts, as far as the standard can express it. Other programs read ``true``
    and ``2026`` as a boolean and a number, so these are allowed where text is.
    """

    @property
    def noun(self) -> str: ...

    def read(self, node: Node, reader: Reader) -> T_co | None: ...

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema: ...
