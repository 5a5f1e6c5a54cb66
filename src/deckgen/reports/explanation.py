"""What can be explained: the page on a rule, a kind, a file or a key, and all rules on one page. Pages are Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deckgen.compiler.retired import SECTION, Retired
from deckgen.core.diagnostics import Rule
from deckgen.kinds.registry import all_kinds
from deckgen.language import rules
from deckgen.language.records import Key, Record, keys, records_in
from deckgen.lint.api import LintRule
from deckgen.lint.run import all_lint_rules, all_rules
from deckgen.reports.manual import FILES, RETIRED, code_block, key_manual, key_table, kind_page, kind_summary


def rule_pages() -> str:
    """Every rule, on one page."""
    return "\n".join(_rule_pages()).rstrip() + "\n"


def _rule_pages() -> Iterator[str]:
    yield "# The rules"
    yield ""
    yield "This page is made from the rules themselves by `make docs`; `deckgen explain RULE` shows one of them."
    yield ""
    yield (
        "An error stops a build. A warning does not, but fails `deckgen check --strict`. A hint never fails, and is "
        "shown by `deckgen check --hints`. In an example a line `# file: PATH` begins another file of the same small "
        "project, and `# <- wrong` marks the line that is reported."
    )
    yield ""
    for title, what, group in (
        (
            "Rules of content",
            "What makes a card hard to learn or unsafe to publish. `deckgen.yaml` may set their thresholds or switch "
            "them off, and an entry may be allowed to break one, with a reason.",
            all_lint_rules(),
        ),
        (
            "Rules of sources",
            "What every source must keep to be compiled. They cannot be set or waived.",
            sorted(rules.RULES, key=lambda rule: rule.name),
        ),
    ):
        yield f"## {title}"
        yield ""
        yield what
        yield ""
        for rule in group:
            yield f"### {rule.name}"
            yield ""
            yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"**What** ({rule.severity.value}). {rule.what}"
    yield ""
    yield f"**Why.** {rule.why}"
    yield ""
    for title, example in (("Wrong", rule.wrong), ("Right", rule.right)):
        if example:
            yield f"**{title}:**"
            yield ""
            yield from code_block(example.strip("\n").split("\n"))
    if not isinstance(rule, LintRule):
        return
    if rule.thresholds:
        thresholds = ", ".join(f"{name}: {threshold:g}" for name, threshold in rule.thresholds.items())
        yield f"**Thresholds**, as `deckgen.yaml` may set them: `rules: {{{rule.name}: {{{thresholds}}}}}`."
        yield ""
    yield f"**Waived** for an entry by `allow: {{{rule.name}: the reason}}`, for all by `rules: {{{rule.name}: off}}`."
    yield ""


def explain(name: str) -> str:
    """The page on a rule, a kind, a file or a key; empty if there is nothing of that name.

    A key is given by its name, or by what holds it and its name: ``procedure.steps``.
    """
    return "\n".join(_explain(name)).strip()


def _explain(name: str) -> Iterator[str]:
    for rule in all_rules():
        if rule.name == name:
            yield f"# {name}"
            yield ""
            yield from _rule(rule)
    for kind in all_kinds().values():
        if name in (kind.name, kind.section):
            yield f"# {kind.name}"
            yield ""
            yield from kind_page(kind)
    if name in FILES:
        record, what = FILES[name]
        yield f"# {name}"
        yield ""
        yield what
        yield ""
        yield from key_table(keys(record))
    if name == SECTION:
        yield f"# {SECTION}"
        yield ""
        yield RETIRED
        yield ""
        yield from key_table(keys(Retired))
    for place, declared in key_places(name):
        yield f"# {declared.name}, a key of {place}"
        yield ""
        yield f"**Value:** {declared.shape.noun}"
        yield ""
        yield key_manual(declared)
        yield ""


def key_places(name: str) -> Iterator[tuple[str, Key]]:
    """Where a key may stand, and what it is there."""
    holder, _, bare = name.rpartition(".")
    for place, record in _records():
        declared = keys(record).get(bare)
        if declared is not None and holder in ("", place):
            yield place, declared


def _records() -> Iterator[tuple[str, Any]]:
    """What holds keys, each once, by the name that messages give it."""
    for name, (record, _) in FILES.items():
        yield name, record
    seen: set[Any] = set()
    for kind in all_kinds().values():
        for part in records_in(Record(kind.entry, kind.name)):
            if part.type not in seen:
                seen.add(part.type)
                yield part.title, part.type
    yield "a retired entry", Retired


def names() -> list[str]:
    """All that can be explained: rules, kinds, files and keys."""
    found = [rule.name for rule in all_rules()]
    found += [*(kind.name for kind in all_kinds().values()), *FILES, SECTION]
    found += [name for _, record in _records() for name in keys(record)]
    return list(dict.fromkeys(found))


def contents() -> str:
    """What can be explained, as a page."""
    return "\n".join(_contents()).rstrip()


def _contents() -> Iterator[str]:
    content = {rule.name for rule in all_lint_rules()}
    yield "# Kinds and files"
    yield ""
    yield "| name | |"
    yield "| --- | --- |"
    for kind in all_kinds().values():
        yield f"| `{kind.name}` | {kind_summary(kind)} |"
    for name, (_, what) in FILES.items():
        yield f"| `{name}` | {what} |"
    yield f"| `{SECTION}` | {RETIRED.partition('. ')[0]}. |"
    yield ""
    for title, wanted in (("Rules of content", True), ("Rules of sources", False)):
        yield f"# {title}"
        yield ""
        yield "| name | |"
        yield "| --- | --- |"
        for rule in all_rules():
            if (rule.name in content) is wanted:
                yield f"| `{rule.name}` | {rule.severity.value}: {rule.what} |"
        yield ""
    yield "`deckgen explain NAME` says more of each, and of a key such as `answer` or `procedure.steps`."
