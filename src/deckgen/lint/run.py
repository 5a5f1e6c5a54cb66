"""Run the content rules, with the thresholds of the project and the waivers of its entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from deckgen.cards.note import Identity, Note, Waiver
from deckgen.core.diagnostics import Diagnostic, Position, Report, Rule, Severity
from deckgen.core.discovery import declarations
from deckgen.core.rules import UNKNOWN_RULE, UNUSED_WAIVER, source_rules
from deckgen.lint import rules
from deckgen.lint.api import CollectFacts, Context, Fact, Finding, LintRule, NoteText
from deckgen.project.manifest import RuleSetting
from deckgen.project.project import Project

Waived = set[tuple[str, str]]
"""Entries and the names of rules that they were allowed to break and did."""


@cache
def all_lint_rules() -> dict[str, LintRule]:
    """Every content rule by its name, in alphabetical order, found by listing the folder ``rules``."""
    return {rule.name: rule for rule in sorted(declarations(rules, "RULE"), key=lambda rule: rule.name)}


@cache
def all_rules() -> dict[str, Rule]:
    """The rules of sources and of content by name, in alphabetical order."""
    every = [*source_rules(), *all_lint_rules().values()]
    return {rule.name: rule for rule in sorted(every, key=lambda rule: rule.name)}


class LintResult(NamedTuple):
    """What the rules found in the notes of a file, the waivers that entries used (entry and rule), and the facts to
    compare with other files, by the function that collected them."""

    findings: tuple[Diagnostic, ...] = ()
    waived: frozenset[tuple[str, str]] = frozenset()
    facts: Mapping[str, Collection[Fact]] = MappingProxyType({})


def check_file(notes: Iterable[Note], project: Project, *, hints: bool) -> LintResult:
    """Apply the rules that the project does not switch off to the notes of a file.

    Without ``hints``, rules that only give hints are left out, unless a note waives them: then it must be known whether
    the waiver is needed.
    """
    texts = [NoteText.of(note) for note in notes]
    waivers = {waiver.rule for text in texts for waiver in text.identity.waivers}
    enabled = [
        (rule, context)
        for rule, context in _enabled(project)
        if hints or rule.severity is not Severity.HINT or (rule.check_note and rule.name in waivers)
    ]
    report, waived = Report(), Waived()
    for rule, context in enabled:
        if rule.check_note:
            for text in texts:
                for found in rule.check_note(text, context):
                    _add(found, rule, report, waived)
    collectors = dict.fromkeys([rule.collect_facts for rule, _ in enabled if rule.collect_facts])
    facts = {_name(collect): tuple([fact for text in texts for fact in collect(text)]) for collect in collectors}
    return LintResult(tuple(report), frozenset(waived), facts)


def check_project(
    identities: Sequence[Identity], results: Sequence[LintResult], project: Project, *, complete: bool, hints: bool
) -> list[Diagnostic]:
    """Apply the rules that compare notes of all files, given what each file has.

    While the project is not ``complete``, since some entries have errors, rules that need all entries are skipped.
    Without ``hints``, rules that only give hints are skipped too, as they were when the files were compiled.
    """
    report, waived = Report(), {pair for result in results for pair in result.waived}
    applied = [
        (rule, context)
        for rule, context in _enabled(project)
        if (complete or not rule.needs_all_entries) and (hints or rule.check_note or rule.severity is not Severity.HINT)
    ]
    collectors = {_name(rule.collect_facts) for rule, _ in applied if rule.collect_facts}
    facts = {name: [fact for result in results for fact in result.facts.get(name, ())] for name in collectors}
    for rule, context in applied:
        if rule.check_project and identities:
            collected = facts[_name(rule.collect_facts)] if rule.collect_facts else []
            for found in rule.check_project(identities, collected, context):
                _add(found, rule, report, waived)
    if complete:
        _check_waivers(identities, {rule.name for rule, _ in applied}, waived, report)
    return [found for found in report if hints or found.severity is not Severity.HINT]


def _enabled(project: Project) -> list[tuple[LintRule, Context]]:
    """The rules that apply to the project, with its thresholds: not those that it switches off, optional rules only if
    it sets them, and rules that rely on English only for English. No rule applies while ``deckgen.yaml`` has errors:
    nobody can tell which rules it switches off."""
    if not project.is_configured:
        return []
    is_english = project.words.language == "en"
    settings = project.settings.rules or {}
    enabled = []
    for rule in all_lint_rules().values():
        setting = settings.get(rule.name, RuleSetting(on=not rule.optional))
        if setting.on and (is_english or not rule.english):
            defaults = {name: threshold.default for name, threshold in rule.thresholds.items()}
            enabled.append((rule, Context(project, {**defaults, **setting.thresholds})))
    return enabled


def _name(collect: CollectFacts) -> str:
    return f"{collect.__module__.rpartition('.')[2]}.{collect.__name__}"


def _add(found: Finding, rule: LintRule, report: Report, waived: Waived) -> None:
    if any(waiver.rule == rule.name for waiver in found.identity.waivers):
        waived.add((found.identity.entry, rule.name))
    else:
        report.add(rule, found.position, found.message, found.help, found.severity)


def check_settings(project: Project, report: Report) -> None:
    """Report settings of rules or thresholds that do not exist."""
    known = all_lint_rules()
    for name, setting in (project.settings.rules or {}).items():
        if name not in known:
            message = f"'{name}' is not a rule that can be set{report.did_you_mean(name, known)}"
            report.add(UNKNOWN_RULE, setting.position, message, "'deckgen explain' lists the rules")
            continue
        thresholds = known[name].thresholds
        for threshold in setting.thresholds:
            if threshold not in thresholds:
                message = f"'{threshold}' is not a threshold of {name}{report.did_you_mean(threshold, thresholds)}"
                report.add(UNKNOWN_RULE, setting.position, message, f"thresholds: {', '.join(thresholds) or 'none'}")


def _check_waivers(identities: Iterable[Identity], applied: set[str], waived: Waived, report: Report) -> None:
    """Report waivers of rules that do not exist, and of rules that were applied and not broken."""
    known = all_lint_rules()
    seen: dict[Position, tuple[str, Waiver]] = {}  # an entry's notes repeat its waivers
    for identity in identities:
        for waiver in identity.waivers:
            seen.setdefault(waiver.position, (identity.entry, waiver))
    for entry, waiver in seen.values():
        if waiver.rule not in known:
            message = f"'{waiver.rule}' is not a rule that can be allowed{report.did_you_mean(waiver.rule, known)}"
            report.add(UNKNOWN_RULE, waiver.position, message, "'deckgen explain' lists the rules")
        elif waiver.rule in applied and (entry, waiver.rule) not in waived:
            message = f"the entry does not break the rule '{waiver.rule}'"
            report.add(UNUSED_WAIVER, waiver.position, message, f"remove '{waiver.rule}' from `allow:`")
