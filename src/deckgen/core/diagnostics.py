"""Findings about sources: positions, rules, diagnostics, and the report that collects them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

MAX_MESSAGE = 2_000
"""Characters of a message that are kept. No real message is nearly as long; a hostile source could quote megabytes."""

MAX_SUGGESTIONS = 30
"""Misspelt words per report that get a suggestion: each one is compared with every known word."""


class Position(NamedTuple):
    """A point in a file. Line and column count from 1; the path is shown as the author would type it."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def seen_from(self, other: Position) -> str:
        """How a message at another position in the same file refers to this one."""
        return f"line {self.line}" if self.line != other.line else f"column {self.column} of this line"


class Severity(Enum):
    """How serious a finding is: an error stops the build, a warning does not (except with ``--strict``), and a hint is
    shown only on request."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Rule:
    """The manual of one kind of error in a source.

    ``name`` is kebab-case, names the error and is never reused. ``wrong`` and ``right`` are small sources that break
    and follow the rule; the tests compile both.
    """

    name: str
    what: str = ""
    why: str = ""
    wrong: str = ""
    right: str = ""
    severity: Severity = Severity.ERROR


class Diagnostic(NamedTuple):
    """A message for an author: the position, the name of the rule, what was found and expected, and what to do next."""

    position: Position
    rule: str
    message: str
    help: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.position}: {self.severity.value}: {self.message} [{self.rule}]"

    def row(self) -> list[Any]:
        """The diagnostic as a list that JSON can represent; ``from_row`` reads it back."""
        at = self.position
        return [at.path, at.line, at.column, self.rule, self.message, self.help, self.severity.value]

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Diagnostic:
        path, line, column, rule, message, help, severity = row
        return cls(Position(path, line, column), rule, message, help, Severity(severity))


class Rejected(Exception):
    """A command cannot continue because of these diagnostics. The command line prints them, without hints, then the
    message.

    ``unsaved`` has the text, by file name, of files that the diagnostics are about but that are not on disk.
    """

    def __init__(self, *diagnostics: Diagnostic, message: str = "", unsaved: Mapping[str, str] | None = None) -> None:
        super().__init__("; ".join(map(str, diagnostics)))
        self.diagnostics = diagnostics
        self.message = message
        self.unsaved = unsaved or {}


class Report:
    """Collect the diagnostics of a run. An author's mistake is added here, never raised."""

    def __init__(self) -> None:
        self._diagnostics: list[Diagnostic] = []
        self._suggestions = 0

    def add(
        self, rule: Rule, position: Position, message: str, help: str = "", severity: Severity | None = None
    ) -> None:
        """Add a diagnostic, by default with the severity of the rule. Very long messages are cut off."""
        self._diagnostics.append(
            Diagnostic(position, rule.name, _one_line(message), _one_line(help), severity or rule.severity)
        )

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._diagnostics.extend(diagnostics)

    def did_you_mean(self, word: str, known: Iterable[str]) -> str:
        """The function ``did_you_mean``, but empty after MAX_SUGGESTIONS words."""
        self._suggestions += 1
        return did_you_mean(word, known) if self._suggestions <= MAX_SUGGESTIONS else ""

    def __iter__(self) -> Iterator[Diagnostic]:
        """The diagnostics, each once, sorted by position and rule."""
        return iter(sorted(set(self._diagnostics), key=lambda d: (d.position, d.rule, d.message)))

    @property
    def has_errors(self) -> bool:
        return has_errors(self._diagnostics)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of the diagnostics is an error."""
    return any(found.severity is Severity.ERROR for found in diagnostics)


def select(
    diagnostics: Iterable[Diagnostic],
    rules: Sequence[str] = (),
    ignored: Sequence[str] = (),
    *,
    hints: bool = False,
) -> tuple[Diagnostic, ...]:
    """Select the diagnostics to show: only those of ``rules``, if any are named; hints only on request."""
    return tuple(
        [
            found
            for found in diagnostics
            if (not rules or found.rule in rules)
            and found.rule not in ignored
            and (hints or found.severity is not Severity.HINT or found.rule in rules)
        ]
    )


def _one_line(text: str) -> str:
    return " ".join(text[:MAX_MESSAGE].split("\n")) + ("…" if len(text) > MAX_MESSAGE else "")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one known word that begins with ``word``, or else the most similar; None if none is similar enough."""
    import difflib

    lowered = {name.lower(): name for name in known}
    longer = [name for name in lowered if word and name.startswith(word.lower())]
    if len(longer) == 1:
        return lowered[longer[0]]
    close = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.65)
    return lowered[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?``, or nothing if no known word is similar."""
    near = nearest(word, known)
    return f"; did you mean '{near}'?" if near else ""


def listed(names: Sequence[str], most: int = 3) -> str:
    """``a, b, c and 2 more``."""
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")
