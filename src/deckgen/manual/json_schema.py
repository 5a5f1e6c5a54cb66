"""JSON Schemas (draft 2020-12) of the source files, for editors, generated from the declarations of their keys.

A schema accepts what the compiler accepts, as far as one value at a time can tell: it cannot check that ids are unique,
that links and media exist, or the content rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deckgen.cards.words import PHRASES
from deckgen.core.diagnostics import Report
from deckgen.core.nodes import MappingNode, Node, SequenceNode
from deckgen.core.source import Source
from deckgen.kinds.entry import About, AnyKind
from deckgen.kinds.registry import all_kinds, kinds_by_name
from deckgen.language.keys import keys
from deckgen.language.records import MapOf, Record
from deckgen.language.shapes import JsonSchema, SchemaBuilder
from deckgen.language.yaml_reader import parse
from deckgen.lint.run import all_lint_rules
from deckgen.manual.manual import kind_example, kind_summary, retired_section
from deckgen.own_types.note_types import TypeFile
from deckgen.project.generated_file import write_if_changed
from deckgen.project.manifest import DeckFile, ProjectFile, Reference
from deckgen.project.project import Project
from deckgen.publication.retired import RETIRED_SECTION, Retired


def _cards(builder: SchemaBuilder) -> JsonSchema:
    """A deck's file: defaults at its top, and sections of entries."""
    inherited = {name: declared for name, declared in keys(About).items() if declared.inherited}
    properties: dict[str, JsonSchema] = {
        name: {"description": declared.manual, **declared.shape.json_schema(builder)}
        for name, declared in inherited.items()
    }
    for section, kind in all_kinds().items():
        entry = Record(kind.entry, kind.name).json_schema(builder)
        builder.definitions[kind.entry.__name__]["examples"] = _examples(kind)
        properties[section] = {"description": kind_summary(kind), "type": "array", "items": entry}
    retired = Record(Retired, "a retired entry").json_schema(builder)
    properties[RETIRED_SECTION] = {"description": retired_section().summary, "type": "array", "items": retired}
    needed = [
        {
            "if": {"not": {"required": [name]}},
            "then": {"properties": {section: {"items": {"required": [name]}} for section in all_kinds()}},
        }
        for name, declared in inherited.items()
        if declared.required
    ]
    return {"type": "object", "properties": properties, "additionalProperties": False, "allOf": needed}


def _examples(kind: AnyKind) -> list[Any]:
    """The entries in the example of a kind's manual."""
    node = parse(Source(Path(), "", kind_example(kind)), Report())
    assert isinstance(node, MappingNode)
    entries = _plain(node.pairs[kind.section].value)
    assert isinstance(entries, list)
    return entries


def _plain(node: Node) -> Any:
    if isinstance(node, MappingNode):
        return {name: _plain(pair.value) for name, pair in node.pairs.items()}
    if isinstance(node, SequenceNode):
        return [_plain(item) for item in node.items]
    return node.value


SCHEMAS: dict[str, tuple[str, Callable[[SchemaBuilder], JsonSchema]]] = {
    "cards": ("the entries of a deck", _cards),
    "deck": ("deck.yaml", Record(DeckFile, "deck.yaml").json_schema),
    "note-type": ("type.yaml, a note type of the project", Record(TypeFile, "type.yaml").json_schema),
    "project": ("deckgen.yaml", Record(ProjectFile, "deckgen.yaml").json_schema),
    "sources": ("sources.yaml", MapOf(Record(Reference, "a source")).json_schema),
}
"""The schemas by name: what each describes, and the function that makes it."""


def render(name: str, project: Project) -> str:
    """A schema as JSON text, with the names that a project declares. Any name is fine, as for the compiler, if the file
    that declares them has errors."""
    title, make = SCHEMAS[name]
    titles = {
        "domain": project.settings.domains,
        "source": {key: work.title for key, work in project.references.items()},
    }
    builder = SchemaBuilder(
        {
            **{of: names for of, names in titles.items() if of in project.declared},
            "rule": {rule.name: rule.what for rule in all_lint_rules().values()},
            "note type": {name: name for name in project.declared.get("note type", ())},
            "phrase": {id: phrase.en for id, phrase in PHRASES.items()},
            "kind": {name: kind_summary(kind) for name, kind in kinds_by_name().items()},
        }
    )
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"deckgen: {title}",
        **make(builder),
        "$defs": dict(sorted(builder.definitions.items())),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path, project: Project) -> list[Path]:
    """Write every schema into a folder; returns the files that changed."""
    paths = {name: folder / f"{name}.json" for name in SCHEMAS}
    return [path for name, path in paths.items() if write_if_changed(path, render(name, project), project.root)]
