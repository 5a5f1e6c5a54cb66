"""Small projects on disk, made of the text of a few files."""

from __future__ import annotations

import difflib
import io
import json
import re
import struct
import wave
import zlib
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from deckgen.cards.note import Note, Package
from deckgen.compiler.pipeline import compile_project
from deckgen.core import rules
from deckgen.core.diagnostics import Diagnostic, Rule, Severity
from deckgen.lint.run import all_lint_rules

NAMESPACE = "deckgen-samples"

PROJECT = f"""\
namespace: {NAMESPACE}
title: Sample
tag: sample
domains:
  basics: Basics
  others: Other things
"""


def without(*rules: str) -> str:
    """The lines of ``deckgen.yaml`` that switch content rules off."""
    return "rules:\n" + "".join(f"  {rule}: off\n" for rule in rules)


CONTENT_RULES = tuple(all_lint_rules())

# Cards made to try the compiler say nothing worth learning: the content rules are off.
BASE = {
    "deckgen.yaml": PROJECT + without(*CONTENT_RULES),
    "sources.yaml": """\
        book:
          title: A book
          url: https://example.org/book
        leaflet:
          title: A leaflet
          grade: patient
        """,
    "demo/deck.yaml": "title: Demo\n",
}

# A note type of the project's own, for tests and examples that need one.
PLAIN_TYPE = {
    "note-types/plain/type.yaml": """\
        fields: [Front, Back]
        templates:
          - {name: Card, front: front.html, back: back.html}
        """,
    "note-types/plain/front.html": "<div>{{Front}}</div>\n",
    "note-types/plain/back.html": "{{FrontSide}}<hr id=answer><div>{{Back}}</div>\n",
    "note-types/plain/style.css": ".card { font-size: 20px; }\n",
}


def scalar(text: object) -> str:
    """A text, or a mapping of texts, as YAML: between double quotes, with numbers for what must be escaped."""
    written = json.dumps(text, ensure_ascii=False)
    return re.sub(r"\\([bfnrt\\])", lambda found: _NUMBERS.get(found[1], found[0]), written)


_NUMBERS = {"b": "\\u0008", "f": "\\u000c", "n": "\\u000a", "r": "\\u000d", "t": "\\u0009"}


def png(width: int = 2, shade: int = 0) -> bytes:
    """A tiny grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" + bytes([shade]) * width)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def mp3() -> bytes:
    """A moment of silence: one frame of MPEG 1, layer III, with 128 kilobits per second."""
    return b"\xff\xfb\x90\x00" + bytes(413)


def wav(level: int = 0) -> bytes:
    """A sound of one millisecond."""
    data = io.BytesIO()
    with wave.open(data, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes([level]) * 8)
    return data.getvalue()


def write(folder: Path, files: Mapping[str, str | bytes], base: bool = True) -> Path:
    """Write a project's files below ``folder/decks`` and return that folder."""
    root = folder / "decks"
    for name, content in ({**BASE, **PLAIN_TYPE, **files} if base else files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else dedent(content).encode())
    return root


def write_example(folder: Path, text: str) -> Path:
    """The project of a rule's example: a deck file, and others after lines ``# file: PATH``."""
    parts = re.split(r"^# file: (.+)\n", text, flags=re.MULTILINE)
    first = (
        parts[0]
        if parts[0].strip()
        else "faq: [{id: first, domain: basics, question: What is first?, answer: A beginning}]\n"
    )
    files: dict[str, str | bytes] = {
        "deckgen.yaml": PROJECT + without("domain-orphan", "source-missing"),
        "demo/cards.yaml": first,
    }
    files |= dict(zip(parts[1::2], parts[2::2], strict=True))
    if "media/dot" in text:
        files |= {"demo/media/dot.png": png(), "demo/more.yaml": _USES_DOT}
    if "dot.gif" in text:
        files |= {"demo/media/dot.gif": png()}
    if "half.png" in text:
        files |= {"demo/media/half.png": png()[:40]}
    return write(folder, files)


_USES_DOT = """\
faq:
  - {id: dot, domain: basics, question: "![a dot](media/dot.png) Which sign?", answer: A dot}
"""


def compiled(root: Path) -> tuple[list[Package], list[Diagnostic]]:
    """A project's packages, and what was found in it."""
    compilation = compile_project(root)
    return list(compilation.packages), list(compilation.findings)


def example_findings(folder: Path, rule: Rule, example: str) -> list[Diagnostic]:
    """What is found in an example of a rule. Hints of other rules, which are true of any small deck, are left out, and
    that an example has the namespace of one."""
    _, found = compiled(write_example(folder, example))
    found = [one for one in found if one.rule != rules.EXAMPLE_NAMESPACE.name]
    return [one for one in found if one.severity is not Severity.HINT or one.rule == rule.name]


def assert_breaks_where_marked(rule: Rule, folder: Path) -> None:
    """The wrong example of a rule breaks it, and no other, at the marked line, or anywhere if it marks none."""
    found = example_findings(folder, rule, rule.wrong)

    assert {one.rule for one in found} == {rule.name}
    marked = [
        (path.name, number)
        for path in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.svg")])
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "# <- wrong" in line
    ]
    if marked:
        assert [(Path(one.position.path).name, one.position.line) for one in found] == marked


def with_media(cards: str) -> dict[str, str | bytes]:
    """A deck file, and the picture if it shows one."""
    files: dict[str, str | bytes] = {"demo/cards.yaml": cards}
    if "media/dot.png" in cards:
        files["demo/media/dot.png"] = png()
    return files


def notes(folder: Path, cards: str) -> dict[str, Note]:
    """The notes by id of a deck file without problems."""
    packages, findings = compiled(write(folder, with_media(cards)))

    assert [str(found) for found in findings] == []
    return {note.id: note for note in packages[0].notes}


def findings(folder: Path, cards: str | bytes) -> list[str]:
    """What is found in a deck file, as ``line:column rule: message``."""
    _, found = compiled(write(folder, {"demo/cards.yaml": cards}))
    return [f"{one.position.line}:{one.position.column} {one.rule}: {one.message}" for one in found]


def field(note: Note, name: str) -> str:
    """A note's field by its name."""
    return note.fields[note.note_type.index(name)]


def changed_lines(before: str, after: str) -> list[str]:
    """The lines that an edit deleted and added, each after its '-' or '+'."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]
