"""Whole projects at random, made from the schema that the compiler itself declares: a new kind or key is tried as well.

Most values are what their key asks for; some are nearly so, and some files are mangled as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any

import yaml
from hypothesis import strategies as st

import sample
from deckgen.cards.words import PHRASES
from deckgen.kinds.entry import About, LinkTo, Waivers
from deckgen.kinds.items import Groups, Items
from deckgen.kinds.note import AnkiTag
from deckgen.kinds.picture import PicturePath, Rectangle, RegionEntry
from deckgen.kinds.registry import all_kinds
from deckgen.kinds.term import Speech
from deckgen.language import patterns
from deckgen.language import values as shapes
from deckgen.language.deletions import DeletionText
from deckgen.language.field_texts import FieldTexts
from deckgen.language.keys import keys
from deckgen.language.media_path import MediaPath
from deckgen.language.records import Either, ListOf, MapOf, Record
from deckgen.lint.run import all_lint_rules
from deckgen.media.media_formats import MediaKind
from deckgen.project.manifest import DeckFile, DeckName, LanguageTag, ProjectFile, Reference, RuleSettingShape
from deckgen.publication.retired import RETIRED_SECTION, Retired

PIECES = (
    *(
        "needle",
        "Pain ",
        "Name the ",
        "the",
        " of ",
        "5 mg",
        "L4/5",
        "INR < 1.5",
        "no",
        "true",
        "2026-11",
        "~",
        "1:30",
        "0x1f",
    ),
    *("é", "e\u0301", "ß", "Ω", "痛み", "عربي", "🩺", "👩\u200d⚕️", "\xa0", "ﬁ", "İ", "\u0345", "\u0338", "³", "٣", "½"),
    *(
        "**b**",
        "*",
        "_i_",
        "`c`",
        "[a](https://a.org)",
        " [",
        "]",
        "&amp;",
        "&",
        "&#769;",
        "&nbsp;",
        "&lbrace;",
        "- x",
        "1. ",
        "> ",
    ),
    *("![dot](media/dot.png)", "\\(x^2\\)", "\\[y_{1}\\]", "\n\n", "\n", "    ", "```", "\\\\"),
    *("{{", "}}", "::", '"', "'", ": ", " #", ",", "|", "%", "!", "@"),
)
"""What a text may be made of, …"""
WRONG = (
    *("{{c1::x}}", "[sound:x.mp3]", "[latex]", "[$]", "&#31;", "&shy;", "<b>", "<", "![a](no.png)"),
    *("\\(", "\\[", "``", "](", "\\"),
)
"""… and what it mostly may not."""


def texts(pieces: Sequence[str]) -> st.SearchStrategy[str]:
    """Texts made of pieces, and some from a textbook of Unicode."""
    return st.one_of(
        st.sampled_from(
            ["A thing", "What is the first thing?", "It is *this*, and \\(x_1\\)", "One\n\nTwo", "- a\n- b"]
        ),
        st.lists(st.sampled_from(pieces), min_size=1, max_size=8).map("".join).filter(str.strip),
        st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="<\\"), min_size=1, max_size=20),
    )


GOOD_TEXT, TEXT = texts(PIECES), texts((*PIECES, *WRONG))
JUNK = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "text", True, 7, -1, 1.5, [], {}, [[]], {"id": "x"}, ["a", "b"], [{"a": "b"}], "x" * 90]),
    st.text(max_size=8),
    st.recursive(st.text(max_size=3), lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner)),
)


@dataclass
class Writer:
    """Draws values for shapes; ``names`` are the declared ones, ``careless`` is how many of 100 are wrong."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    careless: int
    names: dict[str, list[str]] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)
    count: int = 0

    def chance(self, of: int) -> bool:
        return self.draw(st.integers(1, 100)) <= of

    def one_of(self, values: Any) -> Any:
        return self.draw(st.sampled_from(list(values)))

    def id(self) -> str:
        """An id that nothing else has."""
        self.count += 1
        return f"{self.one_of(['one', 'nerve-block', '7', 'no', 'x'])}-{self.count}"

    def text(self) -> str:
        if self.careless:
            return self.draw(TEXT)
        return re.sub(r"\s*\n\s*", "\n\n", self.draw(GOOD_TEXT).strip())  # with other spaces, YAML needs escapes

    def value(self, shape: Any) -> Any:
        if self.careless and self.chance(self.careless):
            return self.draw(JUNK)
        match shape:
            case Record():
                return self.record(shape.type)
            case Either():
                short = [keys(shape.record.type)[name].shape for name in (shape.text, shape.items) if name]
                return self.value(self.one_of([*short, shape.record]))
            case ListOf():
                items = [self.value(shape.item) for _ in range(self.draw(st.integers(1, 3)))]
                return items[0] if shape.single and self.chance(30) and not isinstance(items[0], list) else items
            case FieldTexts():
                return {"Front": self.text(), "Back": {"html": "<b>x</b>"} if self.chance(30) else self.text()}
            case DeletionText():
                return f"{self.text()} {{{{c1::x::a hint}}}} and {{{{c2::y}}}}"
            case PicturePath():
                return "media/dot.png"
            case Rectangle():
                self.count += 1
                return [round(0.01 * self.count % 0.9, 2), 0.1, 0.01, 0.5]
            case MediaPath(kind=kind):
                return "media/dot.png" if kind is MediaKind.PICTURE else "media/tone.mp3"
            case Speech():
                return self.one_of(["es-ES", "ja-JP"])
            case LanguageTag():
                return self.one_of(["en", "de", "pt-BR"])
            case MapOf():
                return {name: self.value(shape.value) for name in self.some(shape.of)}
            case Items():
                texts = [self.value(shape.parts[0]) for _ in range(self.draw(st.integers(2, 4)))]
                bare = self.careless and self.chance(20)
                return texts if bare else [{self.id(): text} for text in texts]
            case Groups():
                return [self.value(shape.record) for _ in range(2)]
            case Waivers():
                return {rule: self.text() for rule in self.some("rule")}
            case RuleSettingShape():
                return "off"
            case patterns.Line() | DeckName():
                return " ".join(self.text().split()) or "A line"
            case patterns.Slug():
                taken = self.careless and self.entries and self.chance(10)
                return self.one_of(self.entries).partition("/")[2] if taken else self.id()
            case LinkTo():
                return self.one_of(self.entries).partition("/")[2] if self.entries else self.id()
            case patterns.EntryPath():
                return self.one_of(self.entries) if self.entries and self.chance(50) else f"faq/{self.id()}"
            case shapes.Name(of=of):
                return self.one_of(self.names[of])
            case shapes.Flag():
                return self.one_of(["true", True, "false", False])
            case patterns.Number():
                return self.one_of([0, 7, "1.5"])
            case patterns.Date():
                return self.one_of([2026, "2026", "2026-11", "2024-02-29"])
            case patterns.Url():
                return self.one_of(["https://example.org", 'https://a.org/?q=<b>&c="{{x}}"#\'', "mailto:a@b.org"])
            case shapes.Choice(options=options):
                return self.one_of(options)
            case patterns.Tag() | AnkiTag():
                return self.one_of(["a", "A::b", "ä-1", "痛み", "C++"])
        return self.text()

    def some(self, of: str) -> list[str]:
        known = self.names.get(of) or [self.id() for _ in range(2)]
        return self.draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))

    def record(self, type: Any, likely: Sequence[str] = ()) -> dict[str, Any]:
        """The keys that there must be, most of the likely and some of the others, none that exclude each other."""
        declared, chosen = keys(type), {}
        exactly, at_most = getattr(type, "EXACTLY_ONE", ()), getattr(type, "AT_MOST_ONE", ())
        names = [self.one_of(group) for group in exactly]
        in_groups = {name for group in exactly for name in group}
        for name, key in declared.items():
            wanted = name in names or key.required
            wanted = wanted or (name not in in_groups and self.chance(90 if name in likely else 20))
            if wanted and not any(name in group and chosen.keys() & set(group) for group in at_most):
                chosen[name] = self.value(key.shape)
        if self.careless and self.chance(self.careless):
            chosen[self.draw(st.sampled_from([*declared, "nonsense"]) | st.text(max_size=5))] = self.draw(JUNK)
        return chosen

    def deck(self, entries: dict[str, list[str]]) -> dict[str, Any]:
        """A deck's file with entries of given ids."""
        file = {
            name: self.value(key.shape)
            for name, key in keys(About).items()
            if key.inherited and (name in ("domain", "source") or self.chance(10))
        }
        for section, ids in entries.items():
            kind = all_kinds()[section]
            self.entries = [f"{kind.name}/{id}" for id in ids]
            file[section] = [self.record(kind.entry, kind.asked) for _ in ids]
            for id, entry in zip(ids, file[section], strict=True):
                if "id" in entry:
                    entry["id"] = id
                    if self.careless and self.chance(20):
                        del entry["id"]
                    if id in str(entry.get("confuse_with")):
                        del entry["confuse_with"]
                    if not self.careless:
                        self._complete(entry, kind.entry)
        if self.chance(20):
            file[RETIRED_SECTION] = [self.value(Record(Retired, ""))]
            for entry in file[RETIRED_SECTION]:
                if isinstance(entry, dict):
                    entry["id"] = f"faq/{self.id()}"
        return file

    def _complete(self, entry: dict[str, Any], type: Any) -> None:
        """Give an entry what one of its keys asks for, and take what only adopted notes have."""
        if "regions" in keys(type) and "regions" not in entry:
            entry["regions"] = [self.value(Record(RegionEntry, ""))]
        if "listen" in entry.get("ask", ()) and "audio" not in entry:
            entry["speak"] = self.value(Speech())
        if "produce" not in entry.get("ask", ["produce"]):
            entry.pop("type", None)
        for name in ("guid", "anki_tags"):
            entry.pop(name, None)


class _Style(yaml.SafeDumper):
    """Writes lists in lists as people do, and never with anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@st.composite
def projects(draw: Any) -> dict[str, bytes]:
    """The files of a project by their paths."""
    write = Writer(draw, draw(st.sampled_from([0, 0, 0, 1, 4])))
    write.names = {
        "kind": [kind.name for kind in all_kinds().values()],
        "rule": list(all_lint_rules()),
        "note type": ["plain"],
        "phrase": list(PHRASES),
    }
    references = {name: write.value(Record(Reference, "")) for name in ("book", "page")}
    project = write.record(ProjectFile)
    project["domains"] = {name: write.value(shapes.Text()) for name in ("basics", "others")}
    project.pop("targets", None)
    if not write.careless:  # cards at random say nothing worth learning
        project["rules"] = dict.fromkeys(write.names["rule"], "off")
    write.names |= {"source": list(references), "domain": list(project["domains"])}
    files = {"deckgen.yaml": project, "sources.yaml": references}
    for deck in range(draw(st.integers(1, 2))):
        files[f"deck-{deck}/deck.yaml"] = write.record(DeckFile) | {"title": f"{write.value(patterns.Line())} {deck}"}
        for file in range(draw(st.integers(1, 2))):
            ids = {section: [write.id() for _ in range(draw(st.integers(0, 2)))] for section in all_kinds()}
            ids = {section: own for section, own in ids.items() if own} or {"faq": [write.id()]}
            files[f"deck-{deck}/{file}.yaml"] = write.deck(ids)
    texts = {path: draw(yaml_of(content, careless=write.careless)).encode() for path, content in files.items()}
    if write.careless:
        path = draw(st.sampled_from(sorted(texts)))
        texts[path] = draw(mangled(texts[path]))
    texts |= {path: dedent(text).encode() for path, text in sample.PLAIN_TYPE.items()}
    media = {"dot.png": sample.png(), "tone.mp3": sample.mp3()}
    return texts | {
        f"deck-{deck}/media/{name}": content
        for deck in range(2)
        if f"deck-{deck}/deck.yaml" in texts
        for name, content in media.items()
    }


@st.composite
def decks(draw: Any) -> bytes:
    """A deck's file by itself, of one or two entries of each kind."""
    write = Writer(
        draw, careless=1, names={"rule": ["leak"], "domain": ["basics"], "source": ["book"], "note type": ["plain"]}
    )
    entries = {section: [write.id() for _ in range(draw(st.integers(1, 2)))] for section in all_kinds()}
    return draw(mangled(draw(yaml_of(write.deck(entries))).encode()))


@st.composite
def yaml_of(draw: Any, content: Any, careless: int = 1) -> str:
    """A document written in one of the ways of YAML. A careless one may have escapes between double quotes, some of
    which are errors."""
    style = draw(st.sampled_from([None, None, None, *['"'] * bool(careless), "'", "|", ">"]))
    return yaml.dump(
        _texts_in(content) if style else content,  # else 'true' would have a tag
        Dumper=_Style,
        allow_unicode=not careless or draw(st.booleans()),
        sort_keys=False,
        width=draw(st.sampled_from([20, 80, 1000])) if careless else 10_000,
        default_flow_style=draw(st.sampled_from([False, False, None, True])),
        default_style=style,
        line_break=draw(st.sampled_from(["\n", "\r\n"])),
    )


def _texts_in(content: Any) -> Any:
    match content:
        case dict():
            return {str(key): _texts_in(value) for key, value in content.items()}
        case list():
            return [_texts_in(item) for item in content]
        case bool():
            return str(content).lower()
    return "" if content is None else str(content)


@st.composite
def mangled(draw: Any, content: bytes) -> bytes:
    """A file after an accident, or none."""
    at = draw(st.integers(0, len(content)))
    match draw(st.sampled_from(["", "comments", "comments", "cut", "insert", "double", "drop"])):
        case "comments":
            lines = content.split(b"\n")
            for place in draw(st.lists(st.integers(0, len(lines) - 1), max_size=9)):
                lines[place] += draw(st.sampled_from([b" # a remark", b"\n", b"\n# a remark", b"\n   \n", b"\n  #"]))
            return b"\n".join(lines)
        case "cut":
            return content[:at]
        case "insert":
            return content[:at] + draw(st.binary(min_size=1, max_size=3) | TEXT.map(str.encode)) + content[at:]
        case "double":
            return content[:at] + content[at // 2 :]
        case "drop":
            return content[:at] + content[at + draw(st.integers(1, 9)) :]
    return content


@st.composite
def edited(draw: Any, content: bytes) -> bytes:
    """A file after an author has worked on it: other words, entries gone or moved, rarely a mistake."""
    match draw(st.sampled_from(["words", "words", "remark", "swap", "mistake"])):
        case "words":
            old, new = draw(
                st.sampled_from([(b"thing", b"Thing"), (b"A ", b"An "), (b"the", b"that"), (b"-1", b"-01")])
            )
            return content.replace(old, new)
        case "remark":
            return content + b"# a remark\n"
        case "swap":
            blocks = content.split(b"\n- ")
            return b"\n- ".join([*blocks[:-2], *reversed(blocks[-2:])])
    return draw(mangled(content))
