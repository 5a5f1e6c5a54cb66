"""What is wrong and where: positions, rules, diagnostics, and the report that gathers them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, Final, NamedTuple

MAX_MESSAGE = 2_000
"""The characters of a message that are kept: far above any that is read, a bound on what a hostile text can cost."""

MAX_SUGGESTIONS = 30
"""How many misspelt words of one report get a suggestion."""


class Position:
    """A point in a file; line and column count from 1, the path is shown as the author would type it."""

    __slots__ = ("column", "line", "path")

    def __init__(self, path: str, line: int = 1, column: int = 1) -> None:
        self.path: Final = path
        self.line: Final = line
        self.column: Final = column

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Position) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __lt__(self, other: Position) -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[str, int, int]:
        return self.path, self.line, self.column


class Severity(Enum):
    """How much a finding weighs: an error stops the build, a warning does not (unless ``--strict``), a hint is shown
    only on request."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Rule(NamedTuple):
    """One thing that can be wrong with a source.

    ``name`` is kebab-case, names the fault and is never reused. ``wrong`` and ``right`` are sources (see
    ``rules.py``) that break and keep the rule; the tests compile them, so they cannot grow stale.
    """

    name: str
    what: str
    why: str
    wrong: str = ""
    right: str = ""
    severity: Severity = Severity.ERROR


class Diagnostic(NamedTuple):
    """One message for an author: where, which rule, what was found and expected, and what to do next.

    A rule with thresholds may find more or less of what it looks for; then ``weight`` stands for the rule's severity.
    """

    position: Position
    rule: Rule
    message: str
    help: str = ""
    weight: Severity | None = None

    @property
    def severity(self) -> Severity:
        return self.weight or self.rule.severity

    def __str__(self) -> str:
        return f"{self.position}: {self.severity.value}: {self.message} [{self.rule.name}]"


Row = Sequence[Any]
"""A finding to be kept: its path, line, column, rule, message, help and severity; a list where JSON gave it back."""


def as_row(found: Diagnostic) -> Row:
    """A finding as texts and numbers."""
    place = found.position
    return place.path, place.line, place.column, found.rule.name, found.message, found.help, found.severity.value


class Report:
    """All diagnostics of one run. An author's mistake is added here and never raised."""

    def __init__(self) -> None:
        self._diagnostics: list[Diagnostic] = []
        self._suggested = 0

    def add(self, rule: Rule, position: Position, message: str, help: str = "", weight: Severity | None = None) -> None:
        """Add a finding; what it quotes of a source is put on one line, and cut off where that would be too long."""
        self._diagnostics.append(Diagnostic(position, rule, _one_line(message), _one_line(help), weight))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._diagnostics.extend(diagnostics)

    def did_you_mean(self, word: str, known: Iterable[str]) -> str:
        """As the function, for the first of many words: each is held against all that are known."""
        self._suggested += 1
        return did_you_mean(word, known) if self._suggested <= MAX_SUGGESTIONS else ""

    def __iter__(self) -> Iterator[Diagnostic]:
        """The diagnostics by position, then rule; the same one found twice is given once."""
        return iter(sorted(set(self._diagnostics), key=lambda d: (d.position, d.rule.name, d.message)))

    @property
    def has_errors(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self._diagnostics)


def _one_line(text: str) -> str:
    return " ".join(text[:MAX_MESSAGE].split("\n")) + ("…" if len(text) > MAX_MESSAGE else "")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to a misspelt one."""
    import difflib

    lowered = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.65)
    return lowered[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?``, or nothing where no known word is near."""
    near = nearest(word, known)
    return f"; did you mean '{near}'?" if near else ""
