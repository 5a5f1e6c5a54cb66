"""Values that match a pattern: ids, lines, dates, numbers, addresses, tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import ClassVar

from deckgen.core import rules
from deckgen.core.diagnostics import Rule
from deckgen.core.nodes import Node
from deckgen.core.urls import plain_url, url_problem
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.values import TEXT

_compiled = cache(re.compile)


class Pattern:
    """Text that matches a regular expression, which each subclass declares in syntax that ECMAScript shares."""

    noun: ClassVar[str]
    pattern: ClassVar[str]
    rule: ClassVar[Rule] = rules.BAD_VALUE
    types: ClassVar[tuple[str, ...]] = ("string",)
    """The types that other programs may give the value."""
    limits: ClassVar[JsonSchema] = {}
    """What else the JSON Schema says of the value."""

    def problem(self, text: str) -> str | None:
        """Say why a text is not such a value; return None if it is one."""
        return None if _compiled(self.pattern).fullmatch(text) else f"expected {self.noun}, found '{text}'"

    def suggestion(self, text: str) -> str:
        """A valid text like this one; empty if there is none."""
        return ""

    def check(self, text: str, node: Node, reader: Reader) -> bool:
        """Report a text that is not such a value. Return whether it is one."""
        problem = self.problem(text)
        if problem is not None:
            suggestion = self.suggestion(text)
            reader.error(self.rule, node, problem, f"for example: {suggestion}" if suggestion else "")
        return problem is None

    def read(self, node: Node, reader: Reader) -> str | None:
        text = TEXT.read(node, reader)
        return text if text is not None and self.check(text, node, reader) else None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        """``patternErrorMessage`` is not part of the standard; editors show it instead of the pattern."""
        pattern, message = rf"^\s*(?:{self.pattern})\s*$", f"expected {self.noun}"
        return {"type": list(self.types), "pattern": pattern, "patternErrorMessage": message, **self.limits}


class Line(Pattern):
    """Text without line breaks, for names that other files or Anki's list of decks show in one line."""

    noun = "one line of text"
    pattern = ".+"
    types = ("string", "number", "boolean")

    def problem(self, text: str) -> str | None:
        lines = text.count("\n") + 1
        return f"expected {self.noun}, found {lines} lines" if lines > 1 else None


class Slug(Pattern):
    """An id: lower-case letters and digits, in words joined by single hyphens."""

    noun = "an id of lower-case letters, digits and single hyphens"
    pattern = r"[a-z0-9]+(?:-[a-z0-9]+)*"
    rule = rules.BAD_ID
    types = ("string", "integer", "boolean")
    MAX_LENGTH = 80
    limits: ClassVar = {"maxLength": MAX_LENGTH, "minimum": 0}

    def problem(self, text: str) -> str | None:
        if len(text) > self.MAX_LENGTH:
            return f"expected an id of at most {self.MAX_LENGTH} characters, found {len(text)}"
        return super().problem(text)

    def suggestion(self, text: str) -> str:
        return slug(text)


def slug(text: str, words: int = 8) -> str:
    """Make an id of a text's first words, in Latin letters whatever its script; empty if it has no letters or digits.

    Chinese characters and Korean syllables count as words.
    """
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(re.sub(_SYLLABLE, r" \g<0> ", text))
    return "-".join(re.findall("[a-z0-9]+", text.lower())[:words])[: Slug.MAX_LENGTH].strip("-")


def unused_names(names: Iterable[str], taken: set[str]) -> Iterator[str]:
    """Make ids differ: each as it is or, if it is taken, with a number (``x-2``). They are added to ``taken``."""
    counts: Counter[str] = Counter()
    for name in names:
        own = name
        while own in taken:
            counts[name] += 1
            own = f"{name[:70].strip('-')}-{counts[name] + 1}"
        taken.add(own)
        yield own


_SYLLABLE = "[\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"  # slow to compile, seldom needed


SLUG = Slug()


class EntryPath(Pattern):
    """A kind and an id, and the name of a note if only that note of the entry is meant."""

    noun = "a kind and an id like 'faq/nerve-block'"
    pattern = rf"{Slug.pattern}(?:/{Slug.pattern})+"
    rule = rules.BAD_ID


class _Decimal(Pattern):
    noun = "a number"
    pattern = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
    types = ("number", "string")
    limits: ClassVar = {"minimum": 0}


_DECIMAL = _Decimal()


class Number:
    """A number, whole or with a decimal point."""

    noun = _Decimal.noun

    def read(self, node: Node, reader: Reader) -> float | None:
        text = _DECIMAL.read(node, reader)
        return None if text is None else float(text)

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return _DECIMAL.json_schema(builder)


class Date(Pattern):
    """A year, a month or a day."""

    noun = "a date like 2026, 2026-11 or 2026-11-24"
    pattern = (
        "(?:19|20)[0-9][0-9](?:-(?:(?:0[1-9]|1[0-2])"
        "|02-(?:0[1-9]|[12][0-9])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
        "|(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])))?"
    )
    rule = rules.BAD_DATE
    types = ("string", "integer")
    limits: ClassVar = {"minimum": 1900, "maximum": 2099}

    def problem(self, text: str) -> str | None:
        import calendar

        problem = super().problem(text)
        if problem is None and text.endswith("-02-29") and not calendar.isleap(int(text[:4])):
            return f"expected a day that exists, found '{text}'"
        return problem

    def suggestion(self, text: str) -> str:
        """The date, if its parts are in another order or the month is a word; not if day and month can be confused."""
        words = re.findall(r"\w+", text.lower())
        parts = [_MONTHS.get(word[:3], word).zfill(2) for word in words]
        is_clear = len(parts) < 3 or "." in text or parts != [word.zfill(2) for word in words] or parts[0] > "12"
        orders = (parts, parts[::-1]) if is_clear else (parts,)
        return next((date for date in map("-".join, orders) if self.problem(date) is None), "")


_MONTHS = dict(zip("jan feb mar apr may jun jul aug sep oct nov dec".split(), map(str, range(1, 13)), strict=True))


class Url(Pattern):
    """A web or email address."""

    noun = "a web address like https://example.org"
    pattern = r"https?://[^\s/?#@]+\.[^\s@]*|https?://[^\s/?#@]+\.[^\s/?#@]*[/?#]\S*|mailto:\S*@\S*"
    rule = rules.BAD_URL

    def problem(self, text: str) -> str | None:
        return url_problem(text)

    def suggestion(self, text: str) -> str:
        doi = re.search(r"\b10\.[0-9]{4,}/\S+", text)
        url = f"https://doi.org/{doi[0]}" if doi else f"https://{text}"
        return url if self.problem(url) is None else ""

    def read(self, node: Node, reader: Reader) -> str | None:
        url = super().read(node, reader)
        return None if url is None else plain_url(url)


class Tag(Pattern):
    """An Anki tag; ``::`` separates levels."""

    _NOT_IN_TAGS = r"\s!\"$%'()*,/;<=>?@\[\\\]^`{|}~"

    noun = "a tag of letters, digits and hyphens, with '::' between levels"
    pattern = rf"[^:{_NOT_IN_TAGS}]+(?:::[^:{_NOT_IN_TAGS}]+)*"
    rule = rules.BAD_TAG
    types = ("string", "number", "boolean")

    def suggestion(self, text: str) -> str:
        levels = (re.sub(rf"[:{self._NOT_IN_TAGS}]+", "-", level).strip("-") for level in text.split("::"))
        return "::".join(filter(None, levels))
