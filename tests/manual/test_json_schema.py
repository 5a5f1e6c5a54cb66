"""The JSON Schemas and the compiler accept the same sources, as far as a schema can tell."""

from __future__ import annotations

import copy
import json
import random
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
import yaml

import sample
from deckgen.compiler.compile_file import compile_file
from deckgen.core import rules
from deckgen.core.diagnostics import Report, Severity
from deckgen.lint.run import all_lint_rules
from deckgen.manual.json_schema import SCHEMAS, render
from deckgen.project.project import Project, load
from examples import MANY

REPOSITORY = Path(__file__).parents[2]
ALL_KINDS = REPOSITORY / "tests/golden/all-kinds/decks"

# What a schema can check. It cannot check that ids are unique, links, Markdown, or how YAML is written.
VISIBLE = {
    rule.name
    for rule in (
        rules.UNKNOWN_KEY,
        rules.UNKNOWN_NOTE_TYPE,
        rules.MISSING_KEY,
        rules.CONFLICTING_KEYS,
        rules.WRONG_SHAPE,
        rules.EMPTY_TEXT,
        rules.BAD_ID,
        rules.BAD_VALUE,
        rules.BAD_DATE,
        rules.BAD_URL,
        rules.BAD_TAG,
        rules.SHORT_LIST,
        rules.LONG_LIST,
        rules.UNKNOWN_DOMAIN,
        rules.UNKNOWN_SOURCE,
        rules.UNKNOWN_RULE,
    )
}

# About how a file is written or, for addresses, about Markdown, which a schema does not see.
WRITTEN = {rules.EMPTY_FILE.name, rules.TOO_DEEP.name, rules.BAD_URL.name}


SEEDS = 400 if MANY else 60


class _Core(yaml.CSafeLoader):
    """YAML 1.2's core schema, as editors read it: everything is text but null, true, false and numbers."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for tag, pattern in {
    "null": r"^(?:~|null|Null|NULL|)$",
    "bool": r"^(?:true|True|TRUE|false|False|FALSE)$",
    "int": r"^[-+]?[0-9]+$",
    "float": r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?$",
}.items():
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), None)


def editor(name: str, root: Path) -> jsonschema.Draft202012Validator:
    """The validator that an editor makes of a project's schema."""
    return _validator(_schema(name, root))


@cache  # of the project as it was at first: no test changes what a schema depends on
def _schema(name: str, root: Path) -> str:
    return render(name, _project(root))


@cache
def _project(root: Path) -> Project:
    return load(root, Report())


@cache
def _validator(text: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(text)
    validator = jsonschema.validators.validator_for(schema)

    validator.check_schema(schema)
    assert validator is jsonschema.Draft202012Validator
    return validator(schema)


def schema_findings(root: Path) -> list[str]:
    """The compiler's findings that a schema could have as well."""
    _, found = sample.compiled(root)
    return [str(one) for one in found if one.rule in VISIBLE]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_valid_for_the_draft_that_it_names(name):
    editor(name, REPOSITORY / "decks")


@pytest.mark.parametrize("root", [REPOSITORY / "decks", ALL_KINDS], ids=["decks", "all-kinds"])
def test_sources_that_compile_are_valid(root):
    cards = editor("cards", root)
    for path in root.glob("*/*.yaml"):
        if path.name != "deck.yaml":
            assert [error.message for error in cards.iter_errors(_load(path))] == [], path
    for name, pattern in (("deck", "*/deck.yaml"), ("project", "deckgen.yaml"), ("sources", "sources.yaml")):
        for path in root.glob(pattern):
            assert [error.message for error in editor(name, root).iter_errors(_load(path))] == [], path


@pytest.mark.parametrize("broken", ["deckgen.yaml", "sources.yaml"])
def test_sources_stay_valid_while_the_file_that_declares_their_names_has_errors(broken, tmp_path):
    """The editor would call every card wrong until the schema is made again."""
    root = shutil.copytree(ALL_KINDS, tmp_path / "decks")
    (root / broken).write_text("title: [")

    assert [*editor("cards", root).iter_errors(_load(root / "demo/cards.yaml"))] == []


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _Core)  # noqa: S506 (it is a SafeLoader)


@pytest.mark.parametrize(
    ("rule", "which"),
    [
        (rule, which)
        for rule in rules.source_rules()
        if rule.name not in WRITTEN
        for which in ("wrong", "right")
        if getattr(rule, which)
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_an_example_of_a_rule_is_invalid_if_the_compiler_reports_what_a_schema_can_check(rule, which, tmp_path):
    root = sample.write_example(tmp_path, getattr(rule, which))
    refused = schema_findings(root)
    try:
        wrong = [
            error.message
            for path in sorted(root.rglob("*.yaml"))
            for error in editor(_schema_of(path), root).iter_errors(_load(path))
        ]
    except yaml.YAMLError:
        return  # editors report this without a schema

    assert bool(wrong) == bool(refused), (wrong, refused)


def _schema_of(path: Path) -> str:
    return {"deckgen.yaml": "project", "sources.yaml": "sources", "deck.yaml": "deck", "type.yaml": "note-type"}.get(
        path.name, "cards"
    )


VALUES: tuple[Any, ...] = (
    "text",
    "two words",
    "",
    " ",
    "2026-11",
    "2026-02-30",
    "true",
    "no",
    True,
    7,
    2026,
    -1,
    1.5,
    "https://example.org/",
    "ftp://example.org",
    "A::b",
    "basics",
    "book",
    ["book"],
    ["book", "nobody"],
    [],
    {},
    {"text": "x"},
    {"id": "x"},
    [{"one": "One"}, {"two": "Two"}],
    [{"one": "One"}],
    [{"one": {"text": "One", "why": "Because"}}, {"two": "Two"}],
    [{"one": "One", "two": "Two"}, {"three": "Three"}],
    [{f"item-{number}": "x"} for number in range(30)],
    {"items": [{"one": "One"}, {"two": "Two"}]},
    {"answer": "x", "open": True},
    {"yes-no": "because"},
    {"no-rule": "because"},
)
"""Values that a careless author may write anywhere."""


@pytest.mark.slow
@pytest.mark.random
def test_schema_and_compiler_agree_about_random_changes(tmp_path):
    root = shutil.copytree(ALL_KINDS, tmp_path / "decks")
    path, validator, project = root / "demo/cards.yaml", editor("cards", root), load(root, Report())
    cards = _load(path)
    known = set(all_lint_rules())
    for seed in range(SEEDS):
        changed = copy.deepcopy(cards)
        change = _change(changed, random.Random(seed))
        path.write_text(yaml.dump(changed, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False))
        wrong = [error.message for error in validator.iter_errors(_load(path))]
        unit = compile_file(path, path.read_bytes(), project, hints=False)
        refused = [str(one) for one in unit.findings if one.rule in VISIBLE and one.severity is Severity.ERROR]
        refused += [waiver.rule for note in unit.notes for waiver in note.identity.waivers if waiver.rule not in known]

        assert bool(wrong) == bool(refused), (seed, change, wrong[:3], refused[:3])


def _change(value: Any, chance: random.Random, path: str = "") -> str:
    """Drop, rename, add or replace one thing somewhere in a document; returns a description."""
    inner = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    deeper = [key for key, one in inner if isinstance(one, (dict, list)) and one]
    if deeper and chance.random() < 0.75:
        key = chance.choice(deeper)
        return _change(value[key], chance, f"{path}/{key}")
    key, old = chance.choice(inner)
    what = chance.choice(["drop", "replace", "replace", "rename", "add"])
    if what == "drop":
        del value[key]
    elif what == "rename" and isinstance(value, dict):
        value[f"{key}s"] = value.pop(key)
    elif what == "add" and isinstance(value, dict):
        key = chance.choice(["answer", "items", "groups", "why", "reverse", "open", "hint", "source", "nonsense"])
        value[key] = chance.choice(VALUES)
    else:
        value[key] = chance.choice(VALUES)
    return f"{what} {path}/{key}: {old!r}"


def test_the_schemas_of_the_decks_are_current():
    root = REPOSITORY / "decks"
    for name in SCHEMAS:
        kept = (root / f"schema/{name}.json").read_text(encoding="utf-8")
        assert kept == render(name, load(root, Report())), "run 'make'"


def test_every_source_of_the_decks_names_its_schema_for_editors():
    for path in (REPOSITORY / "decks").rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        schema = first.removeprefix("# yaml-language-server: $schema=")

        assert (path.parent / schema).resolve() == REPOSITORY / f"decks/schema/{_schema_of(path)}.json", path
