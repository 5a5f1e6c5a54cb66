"""The manual: a page about every rule, kind, file and key, in Markdown, generated from their declarations."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from deckgen.cards.words import PHRASES
from deckgen.core import rules
from deckgen.core.diagnostics import Rule
from deckgen.core.location import PROJECT_FILE
from deckgen.kinds.entry import AnyKind
from deckgen.kinds.registry import all_kinds
from deckgen.language.keys import Key, keys
from deckgen.language.records import Record, records_in
from deckgen.language.values import Text
from deckgen.lint.api import LintRule
from deckgen.lint.run import all_lint_rules
from deckgen.own_types.note_types import FOLDER, STYLE_FILE, TYPE_FILE, TypeFile
from deckgen.project.deck_files import DECK_FILE, SOURCES_FILE
from deckgen.project.manifest import DeckFile, ProjectFile, Reference
from deckgen.publication.retired import RETIRED_SECTION, Retired

_FILES: dict[str, tuple[type[object], str]] = {
    PROJECT_FILE: (ProjectFile, "The settings that all decks of a project share."),
    SOURCES_FILE: (Reference, "The bibliography: a mapping from keys of your choice to works with these keys."),
    DECK_FILE: (
        DeckFile,
        "A folder with this file is a deck and becomes one package. Its other `.yaml` files contain the entries.",
    ),
    f"{FOLDER}/NAME/{TYPE_FILE}": (
        TypeFile,
        "The project's own note type. Its folder also contains the HTML of its templates, and its `style.css`.",
    ),
}

_STYLE = (
    "The project's own CSS, which deckgen adds after the style of each of its note types.",
    "Colours are variables: `--paper`, `--ink`, `--quiet`, `--line`, `--wash`, `--accent` and `--caution`. Write each "
    "rule for the dark theme for both `.card.nightMode` and `.card.night_mode`. A style must not load anything.",
)

_WORDS = (
    "The words that deckgen itself puts on cards, and how to translate them.",
    "deckgen has them in English and German. For another language, or to reword one, write those that your cards show "
    "under `words` in `deckgen.yaml`:",
    "words:\n  why: ¿Por qué?\n  all: Las {count}\n  numbers: dos tres cuatro cinco seis siete ocho nueve",
    "Keep the names in braces: deckgen replaces them. For `{count}`, it takes a word of `numbers`, the first for two, "
    "or digits if there are too few words.",
)

_RETIRED = (
    "Entries that were released and then withdrawn.",
    "Anki does not delete a card that a package no longer has. So `deckgen build` writes a file for learners, with the "
    "reasons and a search that finds the retired cards that they still have.",
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A rule, kind, file or section with a page of its own. ``section`` is where the entries of a kind stand."""

    name: str
    summary: str
    body: str
    section: str = ""


def source_rules() -> list[Topic]:
    """The rules about the sources themselves."""
    return list(map(_rule_topic, rules.source_rules()))


def content_rules() -> list[Topic]:
    """The rules about what makes a good card."""
    return list(map(_rule_topic, all_lint_rules().values()))


def _rule_topic(rule: Rule) -> Topic:
    return Topic(rule.name, f"{rule.severity.value}: {rule.what}", _rule_body(rule))


def kinds() -> list[Topic]:
    """The kinds of entries."""
    return [Topic(kind.name, kind_summary(kind), _kind_body(kind), section) for section, kind in all_kinds().items()]


def files() -> list[Topic]:
    """The files of a project other than files of entries."""
    topics = [Topic(name, summary, f"{summary}\n\n{_key_table(record)}") for name, (record, summary) in _FILES.items()]
    return [*topics, Topic(STYLE_FILE, _STYLE[0], " ".join(_STYLE))]


def words() -> Topic:
    """The phrases that a project can translate."""
    summary, about, example, braces = _WORDS
    table = _table("phrase", (f"| `{id}` | {phrase.en} |" for id, phrase in PHRASES.items()))
    return Topic("words", summary, "\n\n".join([summary, about, _code_block(example), braces, table]))


def retired_section() -> Topic:
    """The section of retired entries."""
    return Topic(RETIRED_SECTION, _RETIRED[0], f"{' '.join(_RETIRED)}\n\n{_key_table(Retired)}")


def _topics() -> list[Topic]:
    return [*kinds(), *files(), words(), retired_section(), *content_rules(), *source_rules()]


# --- what 'deckgen explain' shows -------------------------------------------------------------------------------------


def explain(name: str) -> str:
    """The pages about a rule, kind, file or key; empty if nothing has this name.

    A key is given by its name, or together with what contains it: ``procedure.steps``.
    """
    pages = [f"# {topic.name}\n\n{topic.body}" for topic in _topics() if name in (topic.name, topic.section)]
    owner, _, bare = name.rpartition(".")
    for title, record in _records():
        key = keys(record).get(bare)
        if key is not None and owner in ("", title):
            pages.append(f"# {bare}, a key of {title}\n\n**Value:** {_value(key)}\n\n{_key_manual(key)}")
    return "\n\n".join(pages)


def names() -> list[str]:
    """Every name that can be explained."""
    found = [topic.name for topic in _topics()]
    return list(dict.fromkeys([*found, *(name for _, record in _records() for name in keys(record))]))


def contents() -> str:
    """A page that lists what can be explained."""
    groups = {
        "Kinds and files": [*kinds(), *files(), words(), retired_section()],
        "Content rules": content_rules(),
        "Rules for sources": source_rules(),
    }
    pages = [
        f"# {title}\n\n{_table('name', (f'| `{topic.name}` | {topic.summary} |' for topic in topics))}"
        for title, topics in groups.items()
    ]
    return "\n\n".join([*pages, "`deckgen explain NAME` describes one of these, or a key (`answer`, `faq.answer`)."])


def _records() -> Iterator[tuple[str, Any]]:
    """Everything that has keys, each once, by its title in messages."""
    yield from ((name, record) for name, (record, _) in _FILES.items())
    seen: set[Any] = set()
    for kind in all_kinds().values():
        for part in records_in(Record(kind.entry, kind.name)):
            if part.type not in seen:
                seen.add(part.type)
                yield part.title, part.type
    yield "a retired entry", Retired


# --- kinds ------------------------------------------------------------------------------------------------------------


def _kind_manual(kind: AnyKind) -> str:
    """The docstring of a kind's module: what it is, an example, and how it becomes cards."""
    return inspect.getdoc(sys.modules[kind.notes.__module__]) or ""


def kind_summary(kind: AnyKind) -> str:
    """The first line of a kind's manual."""
    return _kind_manual(kind).partition("\n")[0]


def kind_example(kind: AnyKind) -> str:
    """The example in a kind's manual: the text of a deck's file."""
    return _split(_kind_manual(kind))[1]


def _kind_body(kind: AnyKind) -> str:
    before, example, after = _split(_kind_manual(kind))
    entry, *parts = records_in(Record(kind.entry, kind.name))
    tables = [f"The keys of {part.title}:\n\n{_key_table(part.type)}" for part in parts]
    return "\n\n".join([before, _code_block(example), after, _key_table(entry.type), *tables])


def _split(manual: str) -> tuple[str, str, str]:
    """The text before a manual's indented example, the example, and the text after it."""
    before, _, rest = manual.partition("Example:\n\n")
    lines = rest.splitlines()
    end = next((number for number, line in enumerate(lines) if line and not line.startswith("    ")), len(lines))
    example, after = "\n".join(line[4:] for line in lines[:end]), "\n".join(lines[end:])
    return before.rstrip(), example.rstrip(), after


# --- rules ------------------------------------------------------------------------------------------------------------


def _rule_body(rule: Rule) -> str:
    parts = [f"**What** ({rule.severity.value}). {rule.what}", f"**Why.** {rule.why}"]
    examples = {"Wrong": rule.wrong, "Right": rule.right}
    parts += [f"**{title}:**\n\n{_code_block(example)}" for title, example in examples.items() if example]
    if isinstance(rule, LintRule):
        if rule.english:
            parts.append("**English only.** The rule relies on English words, so it ignores decks in other languages.")
        if rule.thresholds:
            thresholds = ", ".join(f"{name}: {one.default:g}" for name, one in rule.thresholds.items())
            setting = f"`rules: {{{rule.name}: {{{thresholds}}}}}`"
            parts.append(f"**Thresholds**, which `deckgen.yaml` can change: {setting}.")
            rows = (f"| `{name}` | {one.default:g} | {one.manual} |" for name, one in rule.thresholds.items())
            parts.append(_table("threshold | default", rows))
        parts += (
            [f"**Off by default.** To switch it on, write in `deckgen.yaml`: `rules: {{{rule.name}: on}}`."]
            if rule.optional
            else []
        )
        entry, project = f"`allow: {{{rule.name}: the reason}}`", f"`rules: {{{rule.name}: off}}`"
        for_all = "" if rule.optional else f"; for all entries, write {project} in `deckgen.yaml`"
        parts.append(f"**To waive it** for one entry, write {entry} there{for_all}.")
    return "\n\n".join(parts)


# --- Markdown ---------------------------------------------------------------------------------------------------------


def _code_block(yaml: str) -> str:
    return "```yaml\n" + yaml.strip("\n") + "\n```"


def _table(head: str, rows: Iterable[str]) -> str:
    """A table; its last column, which has no title, describes what the others name."""
    return "\n".join([f"| {head} | |", "| --- |" + " --- |" * head.count("|") + " --- |", *rows])


def _key_table(record: Any) -> str:
    rows = (f"| `{name}` | {_value(key)} | {_key_manual(key)} |" for name, key in keys(record).items())
    return _table("key | value", rows)


def _value(key: Key) -> str:
    """What the value of a key is. The manual tells plain text from Markdown; messages call both text."""
    return "plain text" if isinstance(key.shape, Text) else key.shape.noun


def _key_manual(key: Key) -> str:
    return f"{key.manual}{' Required.' if key.required else ''}"
