"""Runs the content rules over all notes, with the project's thresholds, and honours what entries are allowed."""

from __future__ import annotations

import pkgutil
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import NamedTuple

from deckgen.cards.note import Identity, Note
from deckgen.core.diagnostics import Diagnostic, Report, Rule, Severity, did_you_mean
from deckgen.language import rules
from deckgen.lint import rules as checks
from deckgen.lint.api import Check, Fact, Finding, Gather, Limits, Readings
from deckgen.project.manifest import RuleSetting
from deckgen.project.project import Project


@cache
def all_checks() -> tuple[Check, ...]:
    """Every content rule, found by listing the folder ``checks``, in alphabetical order."""
    modules = (import_module(f"deckgen.lint.rules.{module.name}") for module in pkgutil.iter_modules(checks.__path__))
    return tuple(sorted((check for module in modules for check in module.CHECKS), key=lambda check: check.rule.name))


def all_rules() -> tuple[Rule, ...]:
    """The rules of sources and of content, in alphabetical order."""
    return tuple(sorted((*rules.RULES, *(check.rule for check in all_checks())), key=lambda rule: rule.name))


class LintResult(NamedTuple):
    """What the rules say of some notes: what each breaks, the waivers that it used (entry and rule), and for rules that
    compare notes the facts by the name of what gathered them."""

    findings: tuple[Diagnostic, ...] = ()
    waived: frozenset[tuple[str, str]] = frozenset()
    facts: Mapping[str, tuple[Fact, ...]] = MappingProxyType({})


def check_file(notes: Iterable[Note], project: Project, *, hints: bool = True) -> LintResult:
    """Look at the notes of a file; without hints, rules that only give hints are left out."""
    wanted = _wanted(project, hints)
    readings = Readings(notes)
    report, waived = Report(), set[tuple[str, str]]()
    for check, limits in wanted:
        for found in check.look(readings, limits, project) if check.look else ():
            if hints or found.weight is not Severity.HINT:
                _add(found, check, report, waived)
    gathers = dict.fromkeys(check.gather for check, _ in wanted if check.gather is not None)
    gathered = {_name(gather): tuple(gather(readings)) for gather in gathers}
    return LintResult(tuple(report), frozenset(waived), gathered)


def check_project(
    identities: Sequence[Identity],
    looked: Sequence[LintResult],
    project: Project,
    *,
    complete: bool,
    hints: bool,
) -> list[Diagnostic]:
    """What shows only when all notes of a project are compared, as far as it is ``complete``, which is asked late."""
    report = Report()
    waived = {pair for one in looked for pair in one.waived}
    wanted = _wanted(project, hints)
    parts, whole = [pair for pair in wanted if not pair[0].whole], [pair for pair in wanted if pair[0].whole]
    _compare(parts, identities, looked, project, report, waived, hints=hints)
    if complete:
        _compare(whole, identities, looked, project, report, waived, hints=hints)
        _check_waivers(identities, waived, report, {check.rule.name for check, _ in wanted})
    return list(report)


def _compare(
    wanted: Iterable[tuple[Check, Limits]],
    identities: Sequence[Identity],
    looked: Sequence[LintResult],
    project: Project,
    report: Report,
    waived: set[tuple[str, str]],
    *,
    hints: bool,
) -> None:
    for check, limits in wanted:
        if check.judge is None or not identities:
            continue
        facts = [fact for one in looked for fact in one.facts.get(_name(check.gather), ())] if check.gather else []
        for found in check.judge(identities, facts, limits, project):
            if hints or found.weight is not Severity.HINT:
                _add(found, check, report, waived)


def _add(found: Finding, check: Check, report: Report, waived: set[tuple[str, str]]) -> None:
    if any(waiver.rule == check.rule.name for waiver in found.identity.waivers):
        waived.add((found.identity.entry, check.rule.name))
    else:
        report.add(check.rule, found.position, found.message, found.help, found.weight)


def _name(gather: Gather) -> str:
    return f"{gather.__module__.rpartition('.')[2]}.{gather.__name__}"


def _wanted(project: Project, hints: bool) -> list[tuple[Check, Limits]]:
    """The rules that the project does not switch off, with its thresholds."""
    settings = project.file.rules or {}
    wanted: list[tuple[Check, Limits]] = []
    for check in all_checks():
        setting = settings.get(check.rule.name, RuleSetting())
        if not setting.off and (hints or check.rule.severity is not Severity.HINT):
            wanted.append((check, {**check.limits, **setting.limits}))
    return wanted


@cache
def rules_by_name() -> dict[str, Rule]:
    """Every rule by its name."""
    return {rule.name: rule for rule in all_rules()}


def check_settings(project: Project, report: Report) -> None:
    """Report settings of rules or thresholds that do not exist."""
    known = {check.rule.name: check for check in all_checks()}
    for name, setting in (project.file.rules or {}).items():
        if name not in known:
            message = f"'{name}' is not a rule that can be set{report.did_you_mean(name, known)}"
            report.add(rules.UNKNOWN_RULE, setting.position, message, "'deckgen explain' lists the rules")
            continue
        for limit in setting.limits:
            limits = known[name].limits
            if limit not in limits:
                message = f"'{limit}' is not a threshold of {name}{did_you_mean(limit, limits)}"
                report.add(rules.UNKNOWN_RULE, setting.position, message, f"it has: {', '.join(limits) or 'none'}")


def _check_waivers(
    identities: Iterable[Identity], waived: set[tuple[str, str]], report: Report, wanted: Container[str]
) -> None:
    known = {check.rule.name for check in all_checks()}
    seen: set[object] = set()
    for identity in identities:
        for waiver in identity.waivers:
            if waiver.position in seen:
                continue
            seen.add(waiver.position)
            if waiver.rule not in known:
                message = f"'{waiver.rule}' is not a rule that can be allowed{report.did_you_mean(waiver.rule, known)}"
                report.add(rules.UNKNOWN_RULE, waiver.position, message, "'deckgen explain' lists the rules")
            elif waiver.rule in wanted and (identity.entry, waiver.rule) not in waived:
                message = f"the entry does not break the rule '{waiver.rule}'"
                report.add(rules.UNUSED_WAIVER, waiver.position, message, "delete the line")
