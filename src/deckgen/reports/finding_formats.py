"""Findings in each output format of ``deckgen check``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from urllib.parse import quote

from deckgen import __version__
from deckgen.core.characters import as_json as json_text
from deckgen.core.diagnostics import Diagnostic, Severity
from deckgen.lint.run import all_rules
from deckgen.manual.manual import explain
from deckgen.reports.finding_text import as_text

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}
_SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}


def as_json(findings: Sequence[Diagnostic]) -> str:
    """A list of objects."""
    data = [
        {
            "path": found.position.path,
            "line": found.position.line,
            "column": found.position.column,
            "severity": found.severity.value,
            "rule": found.rule,
            "message": found.message,
            "help": found.help,
        }
        for found in findings
    ]
    return json_text(data)


def as_github(findings: Sequence[Diagnostic]) -> str:
    """Workflow commands (https://docs.github.com/actions/reference/workflow-commands-for-github-actions), which GitHub
    shows as annotations."""
    return "".join(
        f"::{_GITHUB[found.severity]} file={_property(found.position.path)},line={found.position.line},"
        f"col={found.position.column},title={_property(found.rule)}::{_data(_with_help(found))}\n"
        for found in findings
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _with_help(found: Diagnostic) -> str:
    return f"{found.message}\n{found.help}" if found.help else found.message


def as_sarif(findings: Sequence[Diagnostic]) -> str:
    """SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), for code scanning.

    Each rule has its page of the manual. A message has no links: the format would make one of ``[…](…)`` in a text.
    """
    rules = sorted({found.rule for found in findings})
    results = [
        {
            "ruleId": found.rule,
            "ruleIndex": rules.index(found.rule),
            "level": _SARIF[found.severity],
            "message": {"text": _with_help(found).replace("](", "] (")},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(PurePath(found.position.path).as_posix())},
                        "region": {"startLine": found.position.line, "startColumn": found.position.column},
                    }
                }
            ],
        }
        for found in findings
    ]
    driver = {
        "name": "deckgen",
        "version": __version__,
        "rules": [
            {
                "id": rule.name,
                "shortDescription": {"text": rule.what},
                "fullDescription": {"text": rule.why},
                "help": {"text": explain(rule.name), "markdown": explain(rule.name)},
                "defaultConfiguration": {"level": _SARIF[rule.severity]},
            }
            for rule in map(all_rules().__getitem__, rules)
        ],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json_text(log)


FORMATS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
