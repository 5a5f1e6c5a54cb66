"""Cloze deletions in the text of a field (``{{c1::hidden::hint}}``), and how Anki shows them.

Anki's own code is in ``rslib/src/cloze.rs``; the tests compare ours with real Anki.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

_TOKEN = re.compile(r"\{\{c(\d{1,5}(?:,\d{1,5})*)::|\}\}")

MAX_DEPTH = 10
"""How deep Anki looks into deletions in deletions."""

MAX_CARD_NUMBER = 500
"""The highest number of a card that Anki makes; a deletion with a higher one makes this card, which does not ask for
it."""

MAX_HIDDEN = 1_000_000
"""Characters of HTML in a deletion. Each level repeats those within it, escaped, so that ten could fill the memory."""


class Cloze(NamedTuple):
    """A cloze deletion: the cards that ask for it, what it hides, and the hint shown instead."""

    numbers: tuple[int, ...]
    parts: list[str | Cloze]
    hint: list[str]


def deletion_numbers(text: str) -> frozenset[int]:
    """The numbers of the cards that the deletions of a field make."""
    if "{{c" not in text:
        return frozenset()
    return frozenset(min(number, MAX_CARD_NUMBER) for part in _parse(text) for number in _numbers(part))


def numbers_without_card(text: str) -> list[int]:
    """The numbers in a field whose deletions no card asks for: 0, and those above ``MAX_CARD_NUMBER``."""
    if "{{c" not in text:
        return []
    numbers = dict.fromkeys(number for part in _parse(text) for number in _numbers(part))
    return [number for number in numbers if not 1 <= number <= MAX_CARD_NUMBER]


def _numbers(part: str | Cloze) -> Iterator[int]:
    if isinstance(part, Cloze):
        yield from part.numbers
        for inner in part.parts:
            yield from _numbers(inner)


def hidden(text: str, number: int) -> list[str]:
    """What the deletions of a card hide, in order; nested ones are part of those around them."""
    return [_plain(part) for part in _parse(text) if isinstance(part, Cloze) and number in part.numbers]


def hidden_by_number(fields: Collection[str], cards: Iterable[int]) -> dict[int, str]:
    """What each card, given by its ordinal, hides, as one text by the number of its deletions."""
    numbers = [ord + 1 for ord in cards]
    texts = {number: " … ".join(part for text in fields for part in hidden(text, number)) for number in numbers}
    return {number: text for number, text in texts.items() if text}


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A text that deletions hide, the number that they had, and the number that they have now."""

    text: str
    old: int
    new: int


def renumbered(before: Mapping[int, str], now: Mapping[int, str]) -> Iterator[Renumbered]:
    """The texts that a different card hides now. Both mappings have what each card hides by its number."""
    numbers = {text: number for number, text in before.items()}
    for number, text in now.items():
        old = numbers.get(text)
        if old is not None and before.get(number) != text and now.get(old) != text:
            yield Renumbered(text, old, number)


def plain(text: str) -> str:
    """The text with everything revealed."""
    return "".join(map(_plain, _parse(text)))


def _plain(part: str | Cloze) -> str:
    return part if isinstance(part, str) else "".join(map(_plain, part.parts))


def reveal(text: str, number: int, *, is_front: bool) -> str:
    """Render a field for a cloze card; empty if the field has no deletion with the card's number."""
    parts = _parse(text)
    if not any(_asks(part, number) for part in parts):
        return ""
    return "".join(_reveal(part, number, is_front=is_front) for part in parts)


def _parse(text: str) -> list[str | Cloze]:
    """Parse text into pieces and deletions, which may be nested. An unclosed deletion is dropped with its content."""
    outside: list[str | Cloze] = []
    opened: list[Cloze] = []
    done = 0
    for token in _TOKEN.finditer(text):
        _add_text(text[done : token.start()], opened, outside)
        done = token.end()
        if token[1] and len(opened) < MAX_DEPTH:
            opened.append(Cloze(tuple(map(int, token[1].split(","))), [], []))
        elif token[1]:
            continue
        elif opened:
            closed = opened.pop()
            (opened[-1].parts if opened else outside).append(closed)
        else:
            outside.append("}}")
    _add_text(text[done:], opened, outside)
    return outside


def _add_text(text: str, opened: list[Cloze], outside: list[str | Cloze]) -> None:
    if not opened:
        outside.append(text)
        return
    before, colons, hint = text.partition("::")
    opened[-1].parts.append(before)
    if colons:
        opened[-1].hint[:] = [hint]


def _asks(part: str | Cloze, number: int) -> bool:
    return isinstance(part, Cloze) and (number in part.numbers or any(_asks(inner, number) for inner in part.parts))


def _reveal(part: str | Cloze, number: int, *, is_front: bool) -> str:
    if isinstance(part, str):
        return part
    ordinals = ",".join(map(str, part.numbers))
    inner = "".join(_reveal(one, number, is_front=is_front) for one in part.parts)
    if len(inner) > MAX_HIDDEN:
        raise ValueError(f"expected at most {MAX_HIDDEN:,} characters in a cloze deletion, found {len(inner):,}")
    if number not in part.numbers:
        return f'<span class="cloze-inactive" data-ordinal="{ordinals}">{inner}</span>'
    if not is_front:
        return f'<span class="cloze" data-ordinal="{ordinals}">{inner}</span>'
    hint = part.hint[0] if part.hint else "..."
    return f'<span class="cloze" data-cloze="{_attribute(inner)}" data-ordinal="{ordinals}">[{hint}]</span>'


def _attribute(text: str) -> str:
    """Escape text for an attribute as Anki does: everything below 256 but letters and digits becomes an entity."""
    return re.sub(r"[\x00-\xff]", lambda found: _entity(found[0]), text)


def _entity(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    return {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}.get(character, f"&#x{ord(character):X};")
