"""What fuzzing begins with besides the corpus: the examples of the manual and of the rules, and the words of the
language, which a fuzzer would otherwise find letter by letter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from deckgen.kinds.entry import About
from deckgen.kinds.registry import all_kinds
from deckgen.language.keys import keys
from deckgen.language.records import Record, records_in
from deckgen.lint.run import all_rules
from deckgen.manual import manual
from deckgen.publication.retired import RETIRED_SECTION, Retired

CASES = Path(__file__).with_name("yaml-test-suite.json")


def files() -> Iterator[str]:
    """Files of decks."""
    yield from map(manual.kind_example, all_kinds().values())
    for rule in all_rules().values():
        yield from (re.split(r"^# file: .+\n", example, flags=re.MULTILINE)[0] for example in (rule.wrong, rule.right))
    yield from json.loads(CASES.read_text(encoding="utf-8")).values()


def words() -> Iterator[str]:
    """Keys, sections, and what Anki, Markdown, YAML and the lock have of their own."""
    for record in (About, Retired, *(kind.entry for kind in all_kinds().values())):
        yield from (f"{name}:" for inner in records_in(Record(record, "")) for name in keys(inner.type))
    yield from (f"{section}:\n  - " for section in (*all_kinds(), RETIRED_SECTION))
    yield from ("basics", "book", "true", "{{c1::", "}}", "[sound:", "[latex]", "![a](media/dot.png)", "&#31;", "&amp;")
    yield from ("\\(", "\\)", "\\[", "\\]", "**", "`", "> ", "|\n", ">-\n", "- ", "\n  ", ": ", " # ", "'", '"', "\r\n")
    yield from ("note ", "type ", "namespace ", " | ", "\u0338", "\ufdd0", "³")
