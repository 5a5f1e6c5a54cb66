"""What a content rule is, and a note as rules read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from deckgen.cards.note import Identity, Note, Statement
from deckgen.core.diagnostics import Position, Rule, Severity
from deckgen.project.project import Project
from deckgen.text.escaping import SOUND, unescaped
from deckgen.text.markup import Markup


class Text(NamedTuple):
    """A text as a reader sees it: ``plain``, without its markup, the same in ``lower`` case, and the words of that.

    ``facet-joint`` is one word; punctuation is none.
    """

    plain: str
    lower: str
    words: Sequence[str]
    position: Position

    @classmethod
    def of(cls, markup: Markup) -> Text:
        plain = markup.text if markup.text == markup.html else _without_tags(markup.html)
        lower = plain.lower()
        return cls(plain, lower, _words(lower), markup.position)


def _words(text: str) -> Sequence[str]:
    unpunctuated = text.rstrip("?.")
    if unpunctuated.replace(" ", "").isalnum():  # as most texts are; three times as fast as searching
        return unpunctuated.split()
    return _WORD.findall(text)


_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@lru_cache(maxsize=1_000)
def words_of(html: str) -> Sequence[str]:
    """The words of HTML, in lower case. Cached, since many notes have the same line above the question."""
    return _WORD.findall((_without_tags(html) if re.search(r"[<&\[]", html) else html).lower())


_TAG_OR_SOUND = re.compile(rf"<[^>]*>|{SOUND}")


def _without_tags(text: str) -> str:
    text = re.sub(r"</?(?:strong|em|code|del|sub|sup|a)\b[^>]*>", "", text)
    return " ".join(unescaped(_TAG_OR_SOUND.sub(" ", text)).split())


class AskedText(NamedTuple):
    """A question and its answer as a reader sees them."""

    front: Text
    answer: Text


class NoteText(NamedTuple):
    """A note as the rules read it: its statement, and the texts of that as a reader sees them."""

    identity: Identity
    statement: Statement
    asked: tuple[AskedText, ...]
    prompt: Text | None  # the question for a list
    items: tuple[Text, ...]
    fronts: tuple[Text, ...]  # all questions, each once
    acronym: str
    card_count: int

    @classmethod
    def of(cls, note: Note) -> NoteText:
        statement = note.statement
        fronts = {one.front: Text.of(one.front) for one in statement.asked}
        asked = tuple([AskedText(fronts[one.front], Text.of(one.answer)) for one in statement.asked])
        prompt = Text.of(statement.prompt) if statement.prompt else None
        items = tuple([Text.of(item) for item in statement.items])
        all_fronts = ((prompt,) if prompt else ()) + tuple(fronts.values())
        cards = sum(not card.only_if_published for card in note.numbered) or len(asked)
        return cls(note.identity, statement, asked, prompt, items, all_fronts, note.acronym, cards)


class Finding(NamedTuple):
    """Something in a note that breaks a rule. ``severity`` is given where it differs from the rule's."""

    identity: Identity
    position: Position
    message: str
    help: str = ""
    severity: Severity | None = None


class Fact(NamedTuple):
    """What a rule keeps of a note to compare it with others. ``data`` is a row of values that JSON can hold."""

    identity: Identity
    position: Position
    data: Sequence[Any]


class Context(NamedTuple):
    """What a rule knows besides the notes: the project, and the numbers that the rule's thresholds have in it."""

    project: Project
    thresholds: Mapping[str, float]


class Threshold(NamedTuple):
    """A number that ``deckgen.yaml`` may set, with its default, and what the manual says it is."""

    default: float
    manual: str


CheckNote = Callable[[NoteText, Context], Iterable[Finding]]
CollectFacts = Callable[[NoteText], Iterable[Fact]]
CheckProject = Callable[[Sequence[Identity], Sequence[Fact], Context], Iterable[Finding]]


@dataclass(frozen=True, slots=True, eq=False)
class LintRule(Rule):
    """A content rule: its manual, the thresholds that ``deckgen.yaml`` may set, and the functions that apply it.

    The docstring of its module is what the manual says is wrong.

    A rule that can judge each note by itself has ``check_note``. A rule that compares notes has ``check_project``,
    which gets the identities of all notes, and the facts that ``collect_facts`` collected from each note when its file
    was compiled. Facts are cached with the compiled file, so keep them few and short; rules with the same
    ``collect_facts`` share them. A rule that ``needs_all_entries`` is skipped while some entries have errors. An
    ``optional`` rule, which suits only some subjects, is off until a project switches it on. One that knows ``english``
    words is not applied to projects in other languages.
    """

    severity: Severity = Severity.WARNING
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    check_note: CheckNote | None = None
    collect_facts: CollectFacts | None = None
    check_project: CheckProject | None = None
    needs_all_entries: bool = False
    optional: bool = False
    english: bool = False
