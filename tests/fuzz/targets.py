"""What fuzzers feed: each target takes bytes, and raises if what must hold does not."""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyromark

import sample
from author import CARDS
from deckgen.core import rules, source
from deckgen.core.diagnostics import Report
from deckgen.core.nodes import MappingNode, Node, SequenceNode
from deckgen.core.source import Source
from deckgen.core.terminal import Failure
from deckgen.editing.ids import add_ids, find_missing_ids
from deckgen.editing.open_files import OpenFile
from deckgen.editing.retire_entry import entries_of, find_removal, retired_text
from deckgen.kinds.registry import all_kinds
from deckgen.language import yaml_reader
from deckgen.language.patterns import Slug
from deckgen.media.media import MediaFile, MediaProblem
from deckgen.media.media_formats import MediaKind
from deckgen.project import lock
from deckgen.publication.retired import RETIRED_SECTION
from deckgen.text import markdown as markup
from properties import KNOWN_RULES, build, check_findings, check_package, plain

PROJECT = {
    "deckgen.yaml": sample.PROJECT,
    "demo/more.yaml": "faq: [{id: dot, domain: basics, question: Which sign?, answer: 'A ![dot](media/dot.png)'}]\n",
    "demo/media/dot.png": sample.png(),
}


def deck_file(data: bytes) -> None:
    """A deck's file: found at fault at places that there are, or built."""
    _compile({"demo/cards.yaml": data})


def lock_file(data: bytes) -> None:
    """A lock: read or refused with the number of a line; and whatever it says, the project compiles."""
    with suppress(UnicodeDecodeError, lock.BadLine):
        read = lock.parse(data.decode())
        assert str(lock.parse(str(read))) == str(read)
    _compile({"deckgen.lock": data, "demo/cards.yaml": CARDS})


def _compile(files: dict[str, str | bytes]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        _, found = sample.compiled(sample.write(folder, PROJECT | files))
        if not check_findings(found):
            for package in build(folder):
                check_package(package)
    finally:
        shutil.rmtree(folder)


def markup_text(data: bytes) -> None:
    """A text in Markdown: refused, or HTML in which Anki finds no syntax that deckgen does not write."""
    text = unicodedata.normalize("NFC", data.decode(errors="ignore"))  # as the compiler's reader gives it
    if source.FORBIDDEN.search(text):
        return
    html, media, errors = markup.render(text, find_media)
    for error in errors:
        assert error.rule.name in KNOWN_RULES
        assert error.message
    if not errors:
        assert not re.search(r"\{\{c\d|\[(?:latex\]|\$|anki:)", html), html
        assert html.count("[sound:") == sum(file.kind is MediaKind.SOUND for file in media), html
        assert not source.FORBIDDEN.search(html), html
        assert unicodedata.normalize("NFC", html) == html, html  # as Anki will store it
        ours = _Shown(html)
        assert ours.open == [], html
        if "\n" in text.strip() and not re.search(r"<|!\[|\[[ xX]\]|[\\_*~^|]", text):  # else cards differ on purpose
            assert ours.words == _Shown(pyromark.html(text.strip())).words, html


class _Shown(HTMLParser):
    """The words that some HTML shows, and the tags that it leaves open; each tag must be closed in its turn."""

    SINGLE = ("br", "hr", "img")
    INLINE = ("a", "code", "del", "em", "span", "strong", "sub", "sup")
    BLOCKS = ("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "table", "td", "th", "tr", "ul")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self._texts: list[str] = []
        self.feed(html)
        self.close()
        self.words = unicodedata.normalize("NFC", "".join(self._texts)).split()  # as Anki keeps it

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in (*self.SINGLE, *self.INLINE, *self.BLOCKS), tag
        if tag not in self.SINGLE:
            self.open.append(tag)
        if tag not in self.INLINE:
            self._texts.append(" ")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self._texts.append(data)


def find_media(reference: str) -> MediaFile | MediaProblem:
    if reference.endswith(".mp3"):
        return MediaFile("sound.mp3", MediaKind.SOUND, Path("sound.mp3"))
    if reference.endswith(".png"):
        return MediaFile("dot.png", MediaKind.PICTURE, Path("dot.png"))
    return MediaProblem(rules.MEDIA_NOT_FOUND, f"there is no file '{reference}'")


def edits(data: bytes) -> None:
    """Adding ids to a file, or retiring an entry of it, changes just that and no other value."""
    read = _parsed(data.decode(errors="ignore"))
    if read is None or not isinstance(read[1], MappingNode):
        return
    file = OpenFile(*read)
    _check_ids(file)
    for id, rest in _removals(plain(file.root)):
        _check_removal(file, id, rest)


def _parsed(text: str) -> tuple[Source, Node] | None:
    """A text without problems of YAML, as a source and its nodes."""
    report = Report()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if source.FORBIDDEN.search(text):
        return None
    loaded = Source(Path("cards.yaml"), "cards.yaml", text)
    node = yaml_reader.parse(loaded, report)
    return None if node is None or report.has_errors else (loaded, node)


def _check_ids(file: OpenFile) -> None:
    ((_, missing),) = find_missing_ids([file])
    try:
        text = add_ids(file, missing)
    except Failure:
        return
    edited = _parsed(text)

    assert edited is not None, text
    assert plain(edited[1]) == _with_ids(file.root, {id(one.node): one.id for one in missing}), text


def _with_ids(node: Node, ids: dict[int, str]) -> Any:
    """A node's values as they are once the ids are written."""
    own = ids.get(id(node))
    if isinstance(node, MappingNode):
        inner = {key: _with_ids(pair.value, ids) for key, pair in node.pairs.items()}
        return {"id": own, **inner} if own else inner
    if isinstance(node, SequenceNode):
        return [_with_ids(item, ids) for item in node.items]
    return {own: node.value} if own else node.value


def _removals(whole: Any) -> Iterator[tuple[str, Any]]:
    """Every entry of a file, every part of one and every fact, with what is left of the file without it."""
    for section, kind in all_kinds().items():
        entries = whole.get(section) if isinstance(whole, dict) else None
        for id, rest in _without_one(entries):
            others = {name: value for name, value in whole.items() if name != section}
            yield f"{kind.name}/{id}", others | ({section: rest} if rest else {})
            place = next(place for place, entry in enumerate(entries) if entry not in rest)
            for part, left in _without_part(entries[place]):
                yield f"{kind.name}/{id}/{part}", whole | {section: [*rest[:place], left, *rest[place:]]}


def _without_one(entries: Any) -> Iterator[tuple[str, list[Any]]]:
    """Each entry of a list that has an id of its own, and the others."""
    if not isinstance(entries, list):
        return
    ids = [str(entry.get("id")) if isinstance(entry, dict) else "" for entry in entries]
    for place, id in enumerate(ids):
        if re.fullmatch(Slug.pattern, id) and ids.count(id) == 1:
            yield id, entries[:place] + entries[place + 1 :]


def _without_part(entry: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in entry.items():
        part = name.replace("_", "-")
        if name in ("id", "was") or not re.fullmatch(Slug.pattern, part) or "-" in name:
            continue
        left = {key: own for key, own in entry.items() if key != name}
        yield part, left
        for id, rest in _without_one(value):
            yield f"{part}/{id}", {key: rest if key == name else own for key, own in entry.items()} if rest else left


def _check_removal(file: OpenFile, id: str, rest: Any) -> None:
    removal = next(filter(None, (find_removal(entry, id) for entry in entries_of(file))), None)
    text = retired_text(removal, "It's gone: \\(x\\) #1", None, "2026-11-24") if removal else None
    if removal is None or text is None:
        return
    edited = _parsed(text)
    assert edited is not None, text
    after = plain(edited[1])
    record = after[RETIRED_SECTION].pop()
    assert record["id"] == removal.first_id, text
    assert record["reason"] == "It's gone: \\(x\\) #1", text
    assert _stripped(after) == _stripped({RETIRED_SECTION: []} | rest), text


def _stripped(value: Any) -> Any:
    """Values as deckgen takes them: a block that keeps its last line feeds (``|+``) may keep one more."""
    if isinstance(value, dict):
        return {key: _stripped(own) for key, own in value.items()}
    if isinstance(value, list):
        return [_stripped(own) for own in value]
    return value.strip() if isinstance(value, str) else value


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (deck_file, lock_file, markup_text, edits)
}
