"""Edits that a learner or author made in the real Anki, pulled into the sources."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from publisher import Publisher

import sample
from author import BEFORE, Author, of
from deckgen.cli import main
from learner import Learner

MINUTE = 60

ODD_COLUMN = "#html:true\n#guid column:1\n#tags column:²\nx\ty\n".encode()
"""A column whose number is a digit for Unicode only."""


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(tmp_path)


@pytest.fixture
def learner(author: Author) -> Iterator[Learner]:
    with Learner() as learner:
        learner.imports(author.releases(BEFORE))
        author.tags("v1")
        yield learner


def pull(author: Author, learner: Learner | None = None, *options: str, source: Path | None = None) -> Result:
    """Export everything that the learner has, and pull it; or pull another source."""
    export = source or author.folder / "export.apkg"
    if learner:
        learner.exports(export)
    here = Path.cwd()
    result = CliRunner().invoke(main, ["-C", str(author.folder), "pull", str(export), *options])
    os.chdir(here)
    return result


def changes(author: Author) -> list[str]:
    """The lines of the sources that differ from the commit."""
    command = ["git", "diff", "--unified=0", "--", "decks/demo"]
    shown = subprocess.run(command, cwd=author.folder, check=True, capture_output=True, text=True).stdout
    return [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_an_edit_becomes_a_patch_that_git_applies(author, learner):
    learner.edits(of("faq/first"), "Answer", "It is the <b>very</b>&nbsp;first &amp; best")

    result = pull(author, learner)
    subprocess.run(["git", "apply"], cwd=author.folder, check=True, input=result.stdout.encode())

    assert result.exit_code == 0, result.output
    assert "1 edit in 1 file (to write the changes, add --write)" in result.stderr
    assert changes(author) == [
        "-  - {id: first, question: Is it the first?, answer: It is the first}",
        "+  - {id: first, question: Is it the first?, answer: It is the **very** first & best}",
    ]


ODD_TYPE = """\
fields: [Front, "Why, # how?"]
templates:
  - {name: Card, front: front.html, back: back.html}
"""

OWN_NOTES = """\
domain: basics
notes:
  - {id: a, type: plain, fields: {Front: Who?, Back: Nobody}}
  - id: lines
    type: plain
    fields:
      Front: What follows?
      Back: |-
        One

        Two
  - {id: b, type: plain, fields: {Front: Which?, Back: {html: "<ul><li>x</li></ul><br><br>"}}}
  - {id: code, type: plain, fields: {Front: How?, Back: z}}
  - {id: odd, type: odd, fields: {Front: Where?}}
"""


def test_a_field_becomes_html_where_markdown_cannot_say_what_was_made_of_it(author):
    author.writes("decks/demo/own.yaml", OWN_NOTES)
    odd = {"type.yaml": ODD_TYPE, "front.html": "{{Front}}", "back.html": "{{Why, # how?}}"}
    sample.write(author.folder, {f"note-types/odd/{name}": text for name, text in odd.items()}, base=False)
    with Learner() as learner:
        learner.imports(author.releases(BEFORE))
        author.tags("v1")
        learner.edits(of("note/a"), "Back", 'N<b>o</b>body, "ever"')
        learner.edits(of("note/lines"), "Back", '<p>One</p><p style="color: red;">T<u>w</u>o</p>')
        learner.edits(of("note/b"), "Back", "<ul><li>x</li></ul><br><br> and y")
        learner.edits(of("note/code"), "Back", "<pre> x\n  y\nz</pre>")
        learner.edits(of("note/odd"), "Why, # how?", "So")
        learner.edits(of("faq/first"), "Answer", "It is the <u>first</u>")

        result = pull(author, learner, "--write")
        again = pull(author, learner)

    assert "5 edits in 1 file (written; see 'git diff'), 1 to make by hand" in result.stderr
    assert changes(author) == [
        "-  - {id: a, type: plain, fields: {Front: Who?, Back: Nobody}}",
        """+  - {id: a, type: plain, fields: {Front: Who?, Back: {html: "N<strong>o</strong>body, \\"ever\\""}}}""",
        "-      Back: |-",
        "-        One",
        "-",
        "-        Two",
        """-  - {id: b, type: plain, fields: {Front: Which?, Back: {html: "<ul><li>x</li></ul><br><br>"}}}""",
        "-  - {id: code, type: plain, fields: {Front: How?, Back: z}}",
        "-  - {id: odd, type: odd, fields: {Front: Where?}}",
        """+      Back: {html: "<p>One</p><p style=\\"color: red;\\">T<u>w</u>o</p>"}""",
        """+  - {id: b, type: plain, fields: {Front: Which?, Back: {html: "<ul><li>x</li></ul><br><br>and y"}}}""",
        """+  - {id: code, type: plain, fields: {Front: How?, Back: {html: "<pre> x\\u000a  y\\u000az</pre>"}}}""",
        """+  - {id: odd, type: odd, fields: {Front: Where?, "Why, # how?": So}}""",
    ]
    assert "0 edits in 0 files, 1 to make by hand" in again.stderr


def test_write_changes_only_the_words_and_pulling_again_finds_nothing(author, learner):
    before = author.cards.read_text()
    learner.edits(
        of("procedure/tea/steps"), "Text 2", learner.notes()["procedure/tea/steps"]["Text 2"].replace("Warm", "Heat")
    )

    result = pull(author, learner, "--write")
    again = pull(author)

    assert result.exit_code == 0, result.output
    assert author.cards.read_text() == before.replace("Warm the pot", "Heat the pot")
    assert (again.exit_code, again.stdout) == (0, "")


def test_a_field_that_was_empty_becomes_a_key_of_the_entry_and_an_emptied_one_is_removed(author, learner):
    learner.edits(of("faq/second"), "Full", "Of <b>three</b>, in order.")
    learner.edits(of("faq/third"), "Why", "")
    flags = learner.notes()["faq/flags"]
    learner.edits(flags.guid, "Full", "Not counting white.<br>It is no colour.")

    assert pull(author, learner, "--write").exit_code == 0
    assert [line for line in changes(author) if line[0] == "+"] == [
        '+  - {id: second, question: Is it the second?, answer: It is the second, full: "Of **three**, in order."}',
        "+  - {id: third, question: Is it the third?, answer: It is the third}",
        "+    full: |-",
        "+      Not counting white.\\",
        "+      It is no colour.",
    ]


def test_every_other_byte_stays(author, learner):
    """A byte order mark, Windows line endings, comments, and the line breaks of a long text, which needs quotes now."""
    lines = """\
# A comment
domain: basics
source: [book]
faq:
  - id: first   # another one
    question: Is it the first?
    answer: It
      is the first, isn't it
    full: |
      Some lines:

        - one
        - two
"""
    before = author.cards.read_text()
    written = b"\xef\xbb\xbf" + (lines + before.split("faq:\n")[1].partition("\n")[2]).replace("\n", "\r\n").encode()
    author.cards.write_bytes(written)
    learner.imports(author.releases(-10 * MINUTE))
    author.commits("Reword")
    learner.edits(of("faq/first"), "Answer", "It is the first: isn't it")
    learner.edits(of("faq/first"), "Full", learner.notes()["faq/first"]["Full"].replace("two", "three"))

    result = pull(author, learner, "--write")

    assert result.exit_code == 0, result.output
    expected = written.replace(b"It\r\n      is the first, isn't it", b'"It\r\n      is the first: isn\'t it"')
    assert author.cards.read_bytes() == expected.replace(b"- two\r", b"- three\r")


@pytest.mark.parametrize("options", [(), ("--write",)])
def test_mixed_line_ends_and_marks_of_direction_stay(author, learner, options):
    """Also in the patch, which git applies to the bytes of the file, whatever the encoding of the terminal."""
    lines = [f"{line}{end}" for line, end in zip(author.cards.read_text().splitlines(), cycle(("\r\n", "\n", "\r")))]
    author.cards.write_bytes(b"\xef\xbb\xbf" + "".join(lines).encode())
    author.commits("Line ends")
    learner.edits(of("faq/first"), "Answer", "It is the \u200ffirst")

    result = pull(author, learner, *options)
    if not options:
        subprocess.run(["git", "apply"], cwd=author.folder, check=True, input=result.stdout_bytes)

    assert result.exit_code == 0, result.output
    assert (
        author.cards.read_bytes()
        == b"\xef\xbb\xbf" + "".join(lines).replace("answer: It is the first", "answer: It is the \u200ffirst").encode()
    )


def test_a_numbered_list_counts_on_after_an_edit(author, learner):
    full = "1. one\n      2. two\n         - deep\n      3. three"
    author.edits(
        "answer: It is the first}",
        f"answer: It is the first}}\n  - id: steps\n    question: How?\n    answer: So\n    full: |\n      {full}",
    )
    learner.imports(author.releases(-10 * MINUTE))
    author.commits("Count")
    html = learner.notes()["faq/steps"]["Full"]
    edited = html.replace("<li>one</li>", "").replace("</li></ol>", "</li><li>four</li></ol>")
    learner.edits(of("faq/steps"), "Full", edited.replace("<li>deep</li>", "<li>deep</li><li>deeper</li>"))

    result = pull(author, learner, "--write")

    assert result.exit_code == 0, result.output
    lines = ["1. two", "   - deep", "   - deeper", "2. three", "3. four"]
    assert "".join(f"      {line}\n" for line in lines) in author.cards.read_text()


def test_removing_a_key_between_brackets_keeps_the_comments_of_others(author, learner):
    author.edits("answer: It is the third, why:", "answer: It is the third, # checked\n     why:")
    learner.edits(of("faq/third"), "Why", "")

    assert pull(author, learner, "--write").exit_code == 0
    assert "answer: It is the third, # checked\n     }\n" in author.cards.read_text()


def test_two_changes_on_one_line(author, learner):
    learner.edits(of("faq/third"), "Answer", "It was the third one")
    learner.edits(of("faq/third"), "Why", "Because it follows two")

    assert pull(author, learner, "--write").exit_code == 0
    assert changes(author)[1] == (
        "+  - {id: third, question: Is it the third?, answer: It was the third one, why: Because it follows two}"
    )


def test_an_entry_that_moved_to_another_file_is_edited_there(author, learner):
    learner.edits(of("faq/second"), "Answer", "It is the 2nd")
    line = "  - {id: second, question: Is it the second?, answer: It is the second}\n"
    author.edits(line, "")
    author.writes("decks/demo/more.yaml", f"domain: basics\nsource: [book]\nfaq:\n{line}")

    assert pull(author, learner, "--write").exit_code == 0
    assert "answer: It is the 2nd}" in (author.folder / "decks/demo/more.yaml").read_text()


def test_what_the_learner_keeps_private_stays_in_anki(author, learner):
    learner.studies(5)
    learner.edits(of("faq/first"), "My notes", "Ask Dr Who about this")
    learner.tags_note(of("faq/first"), "demo::private")
    learner.suspends(of("faq/second"))

    result = pull(author, learner)

    assert (result.exit_code, result.stdout) == (0, "")
    assert "Dr Who" not in result.output


def test_an_outdated_learner_has_edited_nothing(author, learner):
    learner.tags_note(of("faq/first"), "own")  # which changes the note's time
    author.edits("It is the first", "It is the very first")
    author.releases(-10 * MINUTE)

    result = pull(author, learner)

    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 edits in 0 files, 1 note with an earlier text" in result.stderr


def test_an_outdated_learner_has_edited_nothing_before_the_project_was_moved(tmp_path):
    author = Publisher(tmp_path)
    with Learner() as learner:
        learner.imports(author.publishes("v1") / "demo.apkg")
        learner.exports_text(tmp_path / "export.txt")
    author.edits("It is the first}", "It is the very first}")
    author.publishes("v2")
    author.moves("anki")

    result = pull(author, source=tmp_path / "export.txt")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 edits in 0 files, 1 note with an earlier text" in result.stderr


@pytest.mark.parametrize("edited", ["before", "after"])
def test_an_edit_of_an_earlier_text_is_listed_and_never_written(author, learner, edited):
    """Also if the edit is newer than the latest text, which the learner has not imported."""
    learner.edits(of("faq/third"), "Why", "Because it follows two")
    author.edits("It is the third", "It is surely the third")
    learner.waits(20 * MINUTE if edited == "before" else 0)
    author.releases(-10 * MINUTE)
    author.commits("Reword")

    result = pull(author, learner, "--write")

    assert result.exit_code == 1
    assert "may be an edit of an earlier text" in result.stderr
    assert "Because it follows two" in result.stderr
    assert changes(author) == []


def test_an_edit_of_the_latest_text_is_pulled_whatever_was_before(author, learner):
    author.edits("It is the third", "It is surely the third")
    learner.imports(author.releases(-10 * MINUTE))
    author.commits("Reword")
    learner.edits(of("faq/third"), "Why", "Because it follows two")

    assert pull(author, learner, "--write").exit_code == 0
    assert "why: Because it follows two" in author.cards.read_text()
    assert "It is surely the third" in author.cards.read_text()


@pytest.mark.parametrize(
    ("edit", "is_clear"),
    [("It is surely the 3rd", True), ("It is the third, surely", False), ("It is the 3rd", False)],
)
def test_an_edit_beside_the_words_that_changed_last(author, learner, edit, is_clear):
    """It is pulled only if it has the new words and resembles the latest text more than the one before."""
    author.edits("It is the third", "It is surely the third")
    author.releases(-10 * MINUTE)
    author.commits("Reword")
    learner.edits(of("faq/third"), "Answer", edit)

    result = pull(author, learner, "--write")

    assert result.exit_code == int(not is_clear), result.output
    assert (f"answer: {edit}," in author.cards.read_text()) is is_clear


def test_a_learner_who_made_the_same_correction_keeps_an_earlier_text_beside_it(author, learner):
    """Which must not take back what the authors changed there."""
    learner.edits(of("faq/third"), "Answer", "It is surely the third")
    author.edits("It is the third", "It is surely the third")
    author.edits("Because it comes after two", "Because it follows the second")
    author.releases(-10 * MINUTE)
    author.commits("Reword")

    result = pull(author, learner, "--write")

    assert result.exit_code == 1
    assert "faq/third, Why: it may be an edit of an earlier text" in result.stderr
    assert changes(author) == []


def test_without_git_only_an_export_with_times_is_pulled_and_a_warning_says_what_to_do(author, learner):
    shutil.rmtree(author.folder / ".git")
    learner.edits(of("faq/first"), "Answer", "It is the 1st")
    learner.exports_text(author.folder / "export.txt")

    with_times, without = pull(author, learner), pull(author, source=author.folder / "export.txt")

    assert with_times.exit_code == 0
    assert "without git's history an earlier text may look like an edit: read the patch first" in with_times.stderr
    assert without.exit_code == 1
    assert "faq/first, Answer: it may be an earlier text" in without.stderr
    assert without.stdout == ""


def test_a_text_that_changed_on_both_sides_is_shown_and_left(author, learner):
    learner.edits(of("faq/third"), "Answer", "It is Anki's third")
    learner.edits(of("faq/third"), "Why", "Because it follows two")
    author.edits("It is the third", "It is the author's third")
    before = author.cards.read_text()

    result = pull(author, learner, "--write")

    assert result.exit_code == 1
    assert "the sources have changed this text too" in result.stderr
    assert "Anki:    It is Anki's third" in result.stderr
    assert "sources: It is the author's third" in result.stderr
    assert author.cards.read_text() == before.replace("Because it comes after two", "Because it follows two")


def test_what_deckgen_wrote_is_listed_with_both_texts_and_the_place(author, learner):
    learner.edits(of("faq/flags"), "Domain", "My domain")

    result = pull(author, learner)

    assert result.exit_code == 1
    assert (
        "decks/demo/cards.yaml:8:5: faq/flags, Domain: no change to a text of the entry makes the card say this"
        in result.stderr
    )
    assert "  Anki:    My domain\n" in result.stderr


def test_characters_that_no_source_may_have_are_left_out_or_listed(author, learner):
    """Text from the web has invisible ones, which change nothing; those that reverse text do."""
    learner.edits(of("faq/first"), "Answer", "It is\u200b the 1st\ufeff")
    learner.edits(of("faq/second"), "Answer", "It is the \u202e2nd")

    result = pull(author, learner, "--write")

    assert result.exit_code == 1
    assert "faq/second, Answer: no change to a text of the entry makes the card say this" in result.stderr
    assert [line for line in changes(author) if line[0] == "+"] == [
        "+  - {id: first, question: Is it the first?, answer: It is the 1st}"
    ]


def test_a_field_that_the_learner_renamed_is_named_and_edits_of_others_are_pulled(author, learner):
    fields = learner.notes()["faq/third"].note_type()
    learner.changes_type(
        fields["name"], lambda found: learner.col.models.field_map(found)["Why"][1].update(name="Reason")
    )
    learner.edits(of("faq/third"), "Answer", "It is the 3rd")
    learner.edits(of("faq/third"), "Reason", "Because it follows two")

    result = pull(author, learner, "--write")

    assert result.exit_code == 0, result.output
    assert (
        "warning: 4 notes in Anki, such as faq/first, without 1 field (Why): edits of these fields were not pulled; "
        "restore the field names or the note type in Anki\n"
    ) in result.stderr
    assert "answer: It is the 3rd, why: Because it comes after two" in author.cards.read_text()


def test_a_note_that_got_another_note_type_is_named(author, learner):
    col, note = learner.col, learner.notes()["faq/first"]
    basic = col.models.by_name("Basic")
    info = col.models.change_notetype_info(old_notetype_id=note.mid, new_notetype_id=basic["id"])
    request = info.input
    request.note_ids.extend([note.id])
    col.models.change_notetype_of_notes(request)

    result = pull(author, learner)

    assert result.exit_code == 0, result.output
    assert "warning: 1 note in Anki, such as faq/first, without 17 fields (Question, Answer, Full, …): edits of" in (
        result.stderr
    )


def test_a_text_export_whose_columns_moved_is_not_pulled(author, learner):
    """It has no names of fields: one that the learner put first moves the others."""
    note_type = learner.notes()["faq/first"].note_type()["name"]
    learner.adds_field(note_type, "Mnemonic")
    learner.moves_field(note_type, "Mnemonic", 0)
    learner.exports_text(author.folder / "export.txt")

    result = pull(author, None, "--write", source=author.folder / "export.txt")

    assert result.exit_code == 1
    assert "faq/first, Id: its Id in Anki is different, so its other fields may have moved, too" in result.stderr
    assert changes(author) == []


HOSTILE = (
    "<script>alert(1)</script>It is the first",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">It</a> is the first',
    '<img src="https://example.org/track.png">',
    "{{c1::It}} is the first",
    "[sound:../../../etc/passwd]",
    "![x](../../secret.png)",
    "[x](javascript:alert(1))",
    "<b" * 10_000,
    "a " * 10_000,
)
LOOKS_LIKE_MARKUP = (
    "**x** *y* ~~z~~ `c`",
    "x: y # z",
    "- x",
    "'\"\\",
    "&amp;lt;b&amp;gt;",
    "\\(x^2\\)",
    "no",
    "{a: b}",
    "*anchor",
    "%x",
)


@pytest.mark.slow
def test_nothing_hostile_gets_into_the_sources(author, learner):
    before = author.cards.read_text()
    for hostile in HOSTILE:
        learner.edits(of("faq/first"), "Answer", hostile)

        assert pull(author, learner, "--write").exit_code == 1, hostile[:30]
        assert author.cards.read_text() == before, hostile[:30]


@pytest.mark.slow
def test_text_that_looks_like_yaml_or_markdown_is_text_on_the_card(author, learner):
    before = author.cards.read_text()
    for typed in LOOKS_LIKE_MARKUP:
        author.cards.write_text(before)
        learner.edits(of("faq/first"), "Answer", typed.replace("<", "&lt;"))

        assert pull(author, learner, "--write").exit_code == 0, typed
        assert pull(author).stdout == "", typed


def test_new_and_deleted_notes_are_named_and_those_of_other_decks_are_not(author, learner):
    col = learner.col
    for deck, front in (("Demo", "A new question"), ("My own deck", "A secret question")):
        note = col.new_note(col.models.by_name("Basic"))
        note["Front"] = front
        col.add_note(note, col.decks.id(next((name for name in learner.decks() if deck in name), deck)))
    learner.deletes(of("faq/second"))

    result = pull(author, learner)

    assert result.exit_code == 0
    assert (
        "only in Anki: A new question\n"
        "  to publish it, write it as an entry ('deckgen new'), and delete this note, or you will have it twice\n"
        "not in Anki (deleted there, or never imported): faq/second\n"
        "  to get it back, import the package; if nobody needs it: deckgen retire faq/second --reason '…'\n"
    ) in result.stderr
    assert "secret" not in result.output


def test_a_file_that_was_saved_meanwhile_is_not_overwritten(author, learner, monkeypatch):
    learner.edits(of("faq/first"), "Answer", "It is the 1st")
    from deckgen.commands import pull as command

    def save_late(files, root):
        author.edits("It is the second", "It is saved meanwhile")
        save(files, root)

    save = command.save
    monkeypatch.setattr(command, "save", save_late)
    result = pull(author, learner, "--write")

    assert result.exit_code == 1
    assert "was changed by another program; run the command again" in result.output
    assert "It is the first" in author.cards.read_text()


def test_sources_with_errors_pull_nothing(author, learner):
    learner.exports(author.folder / "export.apkg")
    author.edits("answer: It is the second", "anwser: It is the second")

    result = pull(author)

    assert result.exit_code == 1
    assert "nothing was pulled: fix the errors first" in result.output


@pytest.mark.parametrize("kind", ["colpkg", "txt", "apkg"])
def test_whatever_anki_exports_can_be_pulled(author, learner, kind):
    learner.edits(of("faq/first"), "Answer", 'It is <b>the</b> "1st"')
    learner.edits(of("procedure/tea/steps"), "Prompt", "Making green tea: the steps in order")
    export = author.folder / f"export.{kind}"
    {"colpkg": learner.exports_collection, "txt": learner.exports_text, "apkg": learner.exports}[kind](export)

    result = pull(author, None, "--write", source=export)

    assert result.exit_code == 0, result.output
    assert "also changes, since it shows the same text: procedure/tea/definition" in result.stderr
    assert 'answer: It is **the** "1st"}' in author.cards.read_text()
    assert "name: Making green tea" in author.cards.read_text()


def test_a_text_export_may_have_a_picture_in_a_field(author, learner):
    learner.edits(of("faq/first"), "My notes", f'<img src="data:image/png;base64,{"A" * 200_000}">')
    learner.edits(of("faq/first"), "Answer", "It is the 1st")
    learner.exports_text(author.folder / "export.txt")

    assert "answer: It is the 1st}" in pull(author, source=author.folder / "export.txt").stdout


@pytest.mark.parametrize("options", [{"with_guid": False}, {"with_html": False}])
def test_a_text_file_without_html_or_identifiers_is_refused(author, learner, options):
    learner.exports_text(author.folder / "export.txt", **options)

    result = pull(author, source=author.folder / "export.txt")

    assert result.exit_code == 1
    assert "export the notes again with HTML, unique identifiers" in result.output


@pytest.mark.parametrize(
    "content", [b"", b"#html:true\n#guid column:1\n", b"\xff\xfe", b"PK\x03\x04", b"a,b\n" * 9, ODD_COLUMN]
)
@pytest.mark.parametrize("kind", ["txt", "apkg"])
def test_a_damaged_file_is_one_line(author, content, kind):
    file = author.folder / f"export.{kind}"
    file.write_bytes(content)

    result = pull(author, source=file)

    assert result.exit_code in (0, 1)
    assert len(result.output.strip().splitlines()) == 1, result.output


def test_a_file_that_does_not_exist(author):
    result = pull(author, source=author.folder / "none.apkg")

    assert result.exit_code == 2
    assert "'anki' stands for the Anki that is running" in result.output


def test_no_running_anki(author, monkeypatch):
    monkeypatch.setenv("DECKGEN_ANKICONNECT", "http://127.0.0.1:9")

    result = pull(author, source=Path("anki"))

    assert result.exit_code == 1
    assert "Anki does not answer at 127.0.0.1:9" in result.output
    assert "start Anki with the add-on AnkiConnect" in result.output


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999", "http://[", "http://anki:port", "http://a b"])
def test_an_address_of_anki_that_is_none(author, monkeypatch, address):
    monkeypatch.setenv("DECKGEN_ANKICONNECT", address)

    result = pull(author, source=Path("anki"))

    assert result.exit_code == 1
    assert f"DECKGEN_ANKICONNECT is '{address}': expected an address such as http://127.0.0.1:8765" in result.output


NOTE = {"noteId": 1, "cards": [5], "fields": {"Id": {"value": "faq/first", "order": 0}}, "tags": [], "mod": 1}


@pytest.mark.parametrize(
    ("found", "notes", "decks"),
    [
        (None, [], {}),
        (5, [], {}),
        ({"a": 1}, [], {}),
        ([1], None, {}),
        ([1], "abc", {}),
        ([1], [{"noteId": 1}], {}),
        ([1], [{**NOTE, "cards": None}], {}),
        ([1], [{**NOTE, "fields": ["Id"]}], {}),
        ([1], [{**NOTE, "mod": "now"}], {}),
        ([1], [NOTE], []),
        ([1], [NOTE], {"Demo": [[5]]}),
    ],
)
def test_an_anki_that_answers_nonsense(author, monkeypatch, found, notes, decks):
    with answering({"findNotes": found, "notesInfo": notes, "getDecks": decks}) as address:
        monkeypatch.setenv("DECKGEN_ANKICONNECT", address)
        result = pull(author, source=Path("anki"))

    assert result.exit_code == 1
    assert result.output.startswith("error: AnkiConnect did not answer as it should: update it in Anki"), result.output


@contextmanager
def answering(answers: Mapping[str, object]) -> Iterator[str]:
    """The address of something that gives these answers instead of AnkiConnect's."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"result": answers[asked["action"]], "error": None}).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
