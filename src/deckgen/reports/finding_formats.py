"""Findings for other programs: JSON lines of a list, annotations of GitHub, SARIF for code scanning."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from urllib.parse import quote

from deckgen import __version__
from deckgen.core.diagnostics import Diagnostic, Severity

FORMATS = ("text", "json", "github", "sarif")

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}
_SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}


def render(findings: Sequence[Diagnostic], shape: str) -> str:
    """Findings as one text, which ends in a line feed unless it is empty."""
    return {"json": _json, "github": _github, "sarif": _sarif}[shape](findings)


def _json(findings: Sequence[Diagnostic]) -> str:
    """A list of objects: path, line, column, severity, rule, message, help."""
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
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _github(findings: Sequence[Diagnostic]) -> str:
    """Workflow commands (https://docs.github.com/actions/reference/workflow-commands-for-github-actions)."""
    lines = []
    for found in findings:
        place = f"file={_property(found.position.path)},line={found.position.line},col={found.position.column}"
        text = found.message + (f"\n{found.help}" if found.help else "")
        lines.append(f"::{_GITHUB[found.severity]} {place},title={_property(found.rule)}::{_data(text)}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(findings: Sequence[Diagnostic]) -> str:
    """SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html)."""
    from deckgen.lint.run import rules_by_name

    rules = sorted({found.rule for found in findings})
    results = [
        {
            "ruleId": found.rule,
            "ruleIndex": rules.index(found.rule),
            "level": _SARIF[found.severity],
            "message": {"text": found.message + (f"\n{found.help}" if found.help else "")},
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
        "informationUri": "https://pypi.org/project/anki-deckgen/",
        "rules": [
            {
                "id": rule.name,
                "shortDescription": {"text": rule.what},
                "fullDescription": {"text": rule.why},
                "defaultConfiguration": {"level": _SARIF[rule.severity]},
            }
            for rule in map(rules_by_name().__getitem__, rules)
        ],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"
