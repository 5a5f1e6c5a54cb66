"""What strangers send, through every command and format: no traceback, nothing that a terminal, a log or a pull request
acts on, and nothing written outside the project."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
from click.testing import CliRunner, Result

import sample
import traps
from author import CARDS, of
from deckgen.cli import main

EVIL = [
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "\x9b31m",
    "\x7f\x08\x08",
    "a\u202eb",
    "a\u200fb\u061c",
    "a\u2028b\x85c",
    "x\n::set-output name=packages::.git",
    "x\r::stop-commands::t",
    "x ##[add-mask]a",
    "::error::x",
]
"""What a terminal or a runner would act on."""

CALLING = (
    "@everyone #1 https://evil.example www.evil.example ![x](https://evil.example/x.png) <img src=x> # H | `c` **b**"
)
"""What a pull request would act on."""

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")

COMMANDS = [
    "",
    *(f"check --format {format}" for format in ("text", "json", "github", "sarif")),
    "check --hints --strict -v",
    "build -v",
    "build --locked",
    "build --since HEAD",
    "list",
    *(f"list --format {format}" for format in ("json", "html")),
    "show evil-0",
    *(f"stats --format {format}" for format in ("text", "json", "svg")),
    *(f"schema {name}" for name in ("cards", "deck", "note-type", "project", "sources")),
    "schema -o build/schema",
    *(f"diff --since HEAD --format {format}" for format in ("text", "markdown", "json")),
    *(f"diff evil.apkg --format {format}" for format in ("text", "markdown", "json")),
    "preview --static build/web",
    "preview --since HEAD --static build/web",
    "preview --since evil.apkg --static build/web",
    "explain faq",
    "ids --check",
    "ids",
    "retire faq/evil-0 --reason Old",
    "new faq --id fresh --question Why? --answer So --domain basics",
    "release v1",
    "pull evil.apkg --write",
    "pull evil.txt",
    "open none",
    "adopt evil.apkg build/adopted",
    "consent",
    "init build/new --title T --author A --language en --domain D",
]


def quoted(text: str) -> str:
    return json.dumps(text)


def texts(root: Path) -> None:
    """In every place of the sources."""
    entries = "".join(
        f"  - {{id: evil-{n}, question: {quoted(f'{CALLING} {text}')}, answer: {quoted(text)}}}\n"
        for n, text in enumerate(EVIL)
    )
    sample.write(root, {"demo/cards.yaml": f"domain: basics\nfaq:\n{entries}"})


def harmless_texts(root: Path) -> None:
    """Only what sources may contain, which is packed and compared."""
    texts = [CALLING, "::error::x", "x ##[add-mask]a", "$x$ ~~a~~ &lt;b&gt; [a]: b"]
    entries = "".join(
        f"  - {{id: evil-{n}, question: {quoted(f'`{text}` {n}?').replace('`', '')}, answer: {quoted(f'It is {n}')}}}\n"
        for n, text in enumerate(
            text.replace("<img src=x>", "").replace("![x](https://evil.example/x.png)", "") for text in texts
        )
    )
    sample.write(root, {"demo/cards.yaml": f"domain: basics\nfaq:\n{entries}"})


def settings(root: Path) -> None:
    """In the files of the project."""
    for n, text in enumerate(EVIL):
        sample.write(root, {f"d{n}/deck.yaml": f"title: {quoted(text)}\n", f"d{n}/cards.yaml": CARDS}, base=False)
    domains = "".join(f"  d{n}: {quoted(text)}\n" for n, text in enumerate(EVIL))
    sample.write(
        root, {"deckgen.yaml": sample.PROJECT + domains, "sources.yaml": f"book: {{title: {quoted(EVIL[0])}}}"}
    )


def keys(root: Path) -> None:
    """As keys, ids, tags and raw bytes."""
    for n, text in enumerate(EVIL):
        entry = f"faq: [{{id: {quoted(text)}, {quoted(text)}: x, tags: [{quoted(text)}], domain: {quoted(text)}}}]\n"
        sample.write(root, {f"demo/f{n}.yaml": entry, f"demo/g{n}.yaml": f"faq: # {text}\n- [{text}"})
    sample.write(root, {"deckgen.lock": f"format 2\nnamespace example.org\n{EVIL[0]}\n"})


def names(root: Path) -> None:
    """As names of files and folders."""
    sample.write(root, {"demo/cards.yaml": CARDS})
    for text in [*EVIL, "\udcff", "x" * 250]:
        name = text.replace("/", "_")
        for path in (
            f"demo/{name[:240]}.yaml",
            f"{name}/deck.yaml",
            f"{name}/media/x.png",
            f"demo/media/{name[:240]}.png",
        ):
            file = root / "decks" / path
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(sample.png() if path.endswith("png") else b"title: Evil\n")
            except OSError:  # the system does not allow the name
                continue


def files(root: Path) -> None:
    """Files that are none: of other formats, too deep, too long."""
    sample.write(root, {"demo/cards.yaml": CARDS})
    contents = [
        b"\0" * 1000,
        b"\xff\xfe\x00",
        b"[" * 5000,
        b"- " * 5000,
        b"a: &a [*a]\n",
        b"\x1b[31m",
        b"faq: [\n" * 500,
    ]
    for n, content in enumerate(contents):
        (root / f"decks/demo/f{n}.yaml").write_bytes(content)
        (root / f"decks/demo/f{n}.png").write_bytes(content)
    (root / "decks/demo/media").mkdir()
    for kind in ("png", "svg", "mp3"):
        (root / f"decks/demo/media/x.{kind}").write_bytes(b"<svg onload='alert(1)'/>")
    (root / "decks/demo/outside.yaml").symlink_to("/etc/passwd")
    (root / "decks/demo/loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(root / "decks/demo/pipe.yaml")


PROJECTS: list[Callable[[Path], None]] = [texts, harmless_texts, settings, keys, names, files]


def _package(path: Path) -> None:
    """A package of another program, with hostile texts everywhere."""
    evil = " ".join([*EVIL, CALLING])
    models = {
        "1": {
            "name": evil,
            "flds": [{"name": evil}],
            "tmpls": [{"name": evil, "qfmt": evil, "afmt": evil}],
            "css": evil,
        }
    }
    connection = sqlite3.connect("evil")
    connection.executescript(
        "create table col (ver, models, decks); create table notes (id, guid, mid, mod, tags, flds);"
        "create table cards (nid, did, odid, ord)"
    )
    connection.execute("insert into col values (11, ?, ?)", (json.dumps(models), json.dumps({"1": {"name": evil}})))
    connection.execute("insert into notes values (1, ?, 1, 1, ?, ?)", (evil, evil, evil))
    connection.execute("insert into notes values (2, ?, 1, 1, ?, ?)", (of("faq/evil-0"), evil, evil))
    connection.execute("insert into cards values (1, 1, 0, 0)")
    text = "\t".join((of("faq/evil-0"), *(evil for _ in range(20)))).replace('"', "'")
    path.with_suffix(".txt").write_text(f"#separator:tab\n#html:true\n#guid column:1\n{text}\n", errors="replace")
    connection.commit()
    connection.close()
    with zipfile.ZipFile(path, "w") as archive:
        archive.write("evil", "collection.anki2")
    Path("evil").unlink()


@pytest.fixture(params=PROJECTS, ids=lambda make: make.__name__)
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project that a stranger changed, in a repository, with secrets beside it."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    folder = tmp_path / "project"
    sample.write(folder, {"demo/cards.yaml": CARDS})
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.yaml").write_text("secret: value\n")
    for command in ("init -q -b main", "add decks", "commit -q -m All"):
        traps.git(folder, *command.split())
    request.param(folder)
    monkeypatch.chdir(folder)
    _package(Path("evil.apkg"))
    yield folder
    monkeypatch.chdir(tmp_path)


def outside(project: Path) -> dict[Path, bytes]:
    parent = project.parent
    found = (path for path in parent.rglob("*") if path.is_file() and project not in path.parents)
    return {path: path.read_bytes() for path in found}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere such names cannot be made")
def test_every_command_in_every_format(project):
    before = outside(project)
    for line in COMMANDS:
        result = CliRunner().invoke(main, line.split())

        assert_harmless(line, result)
    assert outside(project) == before


def assert_harmless(line: str, result: Result) -> None:
    for printed in (result.stdout, result.stderr):
        assert not (found := CONTROL.search(printed)), (
            f"{line}: {printed[max(0, found.start() - 60) : found.end() + 20]!a}"
        )
        visible = re.sub(r"[^!-~\n]", "", printed)
        assert "##[" not in visible, line
        if "--format github" not in line:
            assert not re.search(r"^::", visible, re.MULTILINE), line
    assert "bug in deckgen" not in result.stderr, (line, result.stderr)
    assert "Traceback" not in result.output, line
    assert result.exit_code in (0, 1, 2), line
    if line.endswith("--format github"):
        for command in result.stdout.splitlines():
            assert re.fullmatch(r"::(error|warning) file=[^:,]+,line=\d+,col=\d+,title=[a-z0-9-]+::[^\n]*", command)
    if line.endswith(("json", "sarif")) and result.stdout:
        json.loads(result.stdout)
    if line.endswith("svg") and result.stdout:
        ElementTree.fromstring(result.stdout)  # noqa: S314 - it is ours
    if line.endswith("markdown"):
        assert_plain(result.stdout)


def assert_plain(markdown: str) -> None:
    """Nothing in it calls, links, loads or formats."""
    outside_code = re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown)
    assert not re.search(r"@\w|(?<!&)#\d|://|www\.|(?<!\\)<|(?<!\\)!\[|(?<!\\)\[", outside_code)
    assert not re.search(r"^\s*(?:#(?!## )|>|\||=+$)", outside_code, re.MULTILINE)


def test_no_command_is_left_out():
    assert {line.partition(" ")[0] for line in COMMANDS} - {""} == set(main.list_commands(click.Context(main)))
