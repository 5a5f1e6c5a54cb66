"""JSON Schema (draft 2020-12) of the source files, for editors, made of what the code itself declares.

It takes and refuses what the compiler does, as far as one value at a time can tell; ids that must be unique, links,
pictures and the content rules are beyond it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deckgen.compiler.retired import SECTION, Retired
from deckgen.core.diagnostics import Report
from deckgen.kinds.entry import About, AnyKind
from deckgen.kinds.registry import all_kinds
from deckgen.language import yaml_reader
from deckgen.language.nodes import MappingNode, Node, SequenceNode
from deckgen.language.records import MapOf, Record, keys
from deckgen.language.shapes import JsonSchema, SchemaBuilder
from deckgen.language.source import Source
from deckgen.lint.run import all_lint_rules
from deckgen.project.manifest import DeckFile, ProjectFile, Reference
from deckgen.project.project import Project
from deckgen.reports.manual import kind_example, kind_summary

FILES = {
    "cards": "the entries of a deck",
    "deck": "deck.yaml",
    "project": "deckgen.yaml",
    "sources": "sources.yaml",
}
"""The schemas by name, and what each describes."""


def render(name: str, project: Project) -> str:
    """A schema as JSON text, with the names that a project declares."""
    builder = SchemaBuilder(
        {
            "domain": project.file.domains,
            "source": {key: work.title for key, work in project.references.items()},
            "rule": {rule.name: rule.what for rule in all_lint_rules()},
            "kind": {kind.name: kind_summary(kind) for kind in all_kinds().values()},
        }
    )
    shape: JsonSchema
    if name == "cards":
        shape = _cards(builder)
    elif name == "deck":
        shape = Record(DeckFile, "deck.yaml").json_schema(builder)
    elif name == "project":
        shape = Record(ProjectFile, "deckgen.yaml").json_schema(builder)
    else:
        shape = MapOf(Record(Reference, "a source")).json_schema(builder)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"deckgen: {FILES[name]}",
        **shape,
        "$defs": dict(sorted(builder.definitions.items())),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


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
    properties[SECTION] = {"description": "Entries that were published and are gone.", "type": "array"}
    properties[SECTION]["items"] = retired
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
    """The entries of the kind's manual."""
    node = yaml_reader.parse(Source(Path(), "", kind_example(kind)), Report())
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


def write(folder: Path, project: Project) -> Mapping[Path, bool]:
    """Write every schema into a folder; by path, whether its text is another than before."""
    folder.mkdir(parents=True, exist_ok=True)
    changed: dict[Path, bool] = {}
    for name in FILES:
        path, text = folder / f"{name}.json", render(name, project)
        changed[path] = not path.exists() or path.read_text(encoding="utf-8") != text
        if changed[path]:
            path.write_text(text, encoding="utf-8")
    return changed
