"""Runs the content rules over all notes, with the project's thresholds, and honours what entries are allowed."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module

from deckgen import checks, rules
from deckgen.checking import Check, Reading
from deckgen.diagnostic import Report, Rule, did_you_mean
from deckgen.note import Note
from deckgen.project import Project, RuleSetting


@cache
def all_checks() -> tuple[Check, ...]:
    """Every content rule, found by listing the folder ``checks``, in alphabetical order."""
    modules = (import_module(f"deckgen.checks.{module.name}") for module in pkgutil.iter_modules(checks.__path__))
    return tuple(sorted((check for module in modules for check in module.CHECKS), key=lambda check: check.rule.name))


def all_rules() -> tuple[Rule, ...]:
    """The rules of sources and of content, in alphabetical order."""
    return tuple(sorted((*rules.RULES, *(check.rule for check in all_checks())), key=lambda rule: rule.name))


def lint(notes: Sequence[Note], project: Project, report: Report) -> None:
    """Report what makes notes hard to learn from."""
    settings = _settings(project, report)
    readings = [Reading(note) for note in notes]
    waived: set[tuple[str, str]] = set()
    complete = not report.has_errors
    for check in all_checks():
        setting = settings.get(check.rule.name, RuleSetting())
        if setting.off or (check.whole and not complete) or not readings:
            continue
        for found in check.run(readings, {**check.limits, **setting.limits}, project):
            if any(waiver.rule == check.rule.name for waiver in found.reading.note.identity.waivers):
                waived.add((found.reading.note.identity.entry, check.rule.name))
            else:
                report.add(check.rule, found.position, found.message, found.help, found.weight)
    if complete:
        _check_waivers(notes, waived, report)


def _settings(project: Project, report: Report) -> Mapping[str, RuleSetting]:
    """The project's settings of the rules; those of rules or thresholds that do not exist are reported."""
    known = {check.rule.name: check for check in all_checks()}
    for name, setting in (project.file.rules or {}).items():
        if name not in known:
            message = f"'{name}' is not a rule that can be set{did_you_mean(name, known)}"
            report.add(rules.UNKNOWN_RULE, setting.position, message, "'deckgen explain' lists the rules")
            continue
        for limit in setting.limits:
            limits = known[name].limits
            if limit not in limits:
                message = f"'{limit}' is not a threshold of {name}{did_you_mean(limit, limits)}"
                report.add(rules.UNKNOWN_RULE, setting.position, message, f"it has: {', '.join(limits) or 'none'}")
    return project.file.rules or {}


def _check_waivers(notes: Sequence[Note], waived: set[tuple[str, str]], report: Report) -> None:
    known = {check.rule.name for check in all_checks()}
    seen: set[object] = set()
    for note in notes:
        for waiver in note.identity.waivers:
            if waiver.position in seen:
                continue
            seen.add(waiver.position)
            if waiver.rule not in known:
                message = f"'{waiver.rule}' is not a rule that can be allowed{did_you_mean(waiver.rule, known)}"
                report.add(rules.UNKNOWN_RULE, waiver.position, message, "'deckgen explain' lists the rules")
            elif (note.identity.entry, waiver.rule) not in waived:
                message = f"the entry does not break the rule '{waiver.rule}'"
                report.add(rules.UNUSED_WAIVER, waiver.position, message, "delete the line")
