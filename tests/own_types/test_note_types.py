"""The project's own note types: what is wrong with one is reported in its files; what is right reaches the learner."""

from __future__ import annotations

import re

import pytest
from publisher import WHEN, Publisher

import sample
from author import Author, of
from learner import Learner, visible

NOTE = "notes:\n  - {id: one, domain: basics, type: plain, fields: {Front: A, Back: B}}\n"
BAD = {
    "unknown field": ("front.html", "<b>{{Frnot}}</b>\n", "bad-template: 'Frnot' is not a field of this note type"),
    "open conditional": (
        "front.html",
        "{{#Front}}x",
        "bad-template: expected {{/Front}}, found the end of the template",
    ),
    "deep conditionals": (
        "front.html",
        "{{#Front}}" * 3000 + "{{Front}}" + "{{/Front}}" * 3000,
        "bad-template: expected conditionals nested at most 100 deep, found more",
    ),
    "wrong end": ("back.html", "x{{/Back}}", "bad-template: expected no end of a conditional, found {{/Back}}"),
    "no card": (
        "front.html",
        "<b>always the same</b>",
        "bad-template: 'front.html' shows no field, so it makes no card",
    ),
    "script": ("back.html", "{{Back}}<script>x</script>", "unsafe-html: expected HTML that only shows something"),
    "frame": ("back.html", "{{Back}}<iframe></iframe>", "unsafe-html: expected HTML that only shows something"),
    "remote": ("back.html", "{{Back}}<img src='https://x.org/a.png'>", "bad-template: expected the name of a file"),
    "media": ("back.html", "{{Back}}<img src='a.png'>", "bad-template: expected the name of a file in this folder"),
    "lost media": ("back.html", "{{Back}}<img src='_a.png'>", "media-not-found: there is no file '_a.png'"),
    "maths": ("back.html", r"\({{Back}}\)", "bad-template: expected no maths in a template"),
    "typed HTML": ("back.html", "{{text:Back}}", "bad-template: expected another filter, found 'text:'"),
    "no language": (
        "back.html",
        "{{tts :Back}}",
        "bad-template: expected the language in which Anki reads 'Back' aloud",
    ),
    "style": ("style.css", "@import 'x.css';", "unsafe-html: expected CSS that only shows something, found '@import'"),
    "cloze": (
        "type.yaml",
        "fields: [Front, Back]\ncloze: true\ntemplates:\n  - {name: C, front: front.html, back: back.html}",
        "bad-template: 'front.html' shows no deletions",
    ),
    "no file": (
        "type.yaml",
        "fields: [Front, Back]\ntemplates:\n  - {name: C, front: fornt.html, back: back.html}",
        "bad-template: there is no file 'fornt.html' in the folder of the note type; did you mean 'front.html'?",
    ),
    "file elsewhere": (
        "type.yaml",
        "fields: [Front, Back]\ntemplates:\n  - {name: C, front: ../../sources.yaml, back: back.html}",
        "bad-template: there is no file '../../sources.yaml' in the folder of the note type",
    ),
    "endless file": (
        "type.yaml",
        f"fields: [Front, Back]\ntemplates: [{{name: Card, front: {'x' * 300}, back: back.html}}]",
        f"bad-template: there is no file '{'x' * 300}' in the folder of the note type",
    ),
    "twice": (
        "type.yaml",
        "fields: [Front, Front]\ntemplates:\n  - {name: C, front: front.html, back: back.html}",
        "bad-template: expected a different name for each field and template, found 'Front' and 'Front'",
    ),
    "a name in another case": (  # Anki would rename the field, but not in the templates
        "type.yaml",
        "fields: [Front, front]\ntemplates:\n  - {name: C, front: front.html, back: back.html}",
        "bad-template: expected a different name for each field and template, found 'Front' and 'front'",
    ),
    "two templates of a cloze type": (
        "type.yaml",
        "fields: [Front, Back]\ncloze: true\ntemplates:\n  - {name: C, front: front.html, back: back.html}\n"
        "  - {name: D, front: front.html, back: back.html}",
        "bad-template: expected one template in a cloze note type, found 2",
    ),
}


@pytest.mark.parametrize(("name", "text", "expected"), BAD.values(), ids=BAD)
def test_what_is_wrong_with_a_note_type_is_an_error_in_its_file(name, text, expected, tmp_path):
    root = sample.write(tmp_path, {f"note-types/plain/{name}": text, "demo/cards.yaml": NOTE})
    _, found = sample.compiled(root)

    reported = [
        f"{one.rule}: {one.message}" for one in found if one.position.path.endswith((f"plain/{name}", "type.yaml"))
    ]
    assert [line for line in reported if line.startswith(expected)], [str(one) for one in found]


def test_a_note_type_with_an_error_is_reported_once_and_not_for_each_of_its_notes(tmp_path):
    root = sample.write(tmp_path, {"note-types/plain/front.html": "{{#Front}}", "demo/cards.yaml": NOTE})
    _, found = sample.compiled(root)

    assert [one.message for one in found] == ["expected {{/Front}}, found the end of the template"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("{Front: A, Bakc: B}", "'Bakc' is not a field of the note type 'plain'; did you mean 'Back'?"),
        ("{Front: 'A {{c1::b}}', Back: B}", "the field 'Front' makes no cloze cards, but has a deletion"),
        ("{Front: {html: '<img src=x.png>'}}", "there is no file 'x.png'"),
        ("{Back: B}", "no template of the note type 'plain' makes a card of these fields"),
        ("{Front: {htlm: x}}", "'htlm' is not a key of a field in HTML; did you mean 'html'?"),
    ],
)
def test_what_is_wrong_with_a_note_is_an_error_at_its_place(fields, expected, tmp_path):
    cards = f"notes:\n  - id: one\n    domain: basics\n    type: plain\n    fields: {fields}\n"

    assert sample.findings(tmp_path, cards)[0].split(": ", 1)[1] == expected


def test_a_change_of_a_template_reaches_learners_without_touching_their_notes(tmp_path):
    author = Author(tmp_path)
    author.cards.write_text(NOTE + "  - {id: two, domain: basics, type: plain, fields: {Front: C, Back: D}}\n")
    with Learner() as learner:
        learner.imports(author.releases(-90))
        author.edits("<div>{{Front}}</div>", "<div>Front: {{Front}}</div>", "decks/note-types/plain/front.html")
        unchanged = learner.imports(author.releases(-60))
        fronts = sorted(visible(card.front) for card in learner.cards())
        author.edits("Back: D", "Back: E")
        edited = learner.imports(author.releases(-30))
        names = {note.note_type for note in learner.state().notes.values()}

    assert (unchanged.new, unchanged.updated, unchanged.conflicting) == (0, 0, 0)
    assert fronts == ["Front: A", "Front: C"]
    assert (edited.new, edited.updated, edited.conflicting) == (0, 1, 0)
    assert names == {"plain (sample)"}


TYPE = "decks/note-types/plain/type.yaml"
CLOZE = {
    TYPE: "fields: [Front, Back]\ncloze: true\ntemplates: [{name: Card, front: front.html, back: back.html}]\n",
    "decks/note-types/plain/front.html": "<div>{{cloze:Front}}</div>\n",
    "decks/note-types/plain/back.html": "<div>{{cloze:Front}}{{Back}}</div>\n",
    "decks/demo/cards.yaml": NOTE.replace("Front: A", "Front: 'An {{c1::A}}'"),
}


def test_a_note_type_can_change_freely_until_its_first_release(tmp_path):
    author = Publisher(tmp_path)
    author.cards.write_text(NOTE)
    author.commits("v1")
    author.edits("fields: [Front, Back]", "fields: [Front, Middle, Back]", TYPE)
    warned = author.runs(WHEN["v1"] - 3599, "build")
    author.git("commit", "-qam", "Another field")
    again = author.runs(WHEN["v1"] - 3598, "check")

    message = "the note type 'note-types/plain' was built with other fields or templates [dropped-id]"
    assert (warned.exit_code, again.exit_code) == (0, 0)
    assert message in warned.output
    assert "dropped-id" not in again.output
    for path, text in CLOZE.items():
        author.writes(path, text)
    author.publishes("v1")
    author.writes("decks/note-types/plain/style.css", ".card { color: red }")
    author.edits("An {{c1::A}}", "An {{c1::A}} and {{c2::B}}")
    author.publishes("v2")


def test_a_note_type_that_is_new_since_the_last_release_can_change(tmp_path):
    author = Publisher(tmp_path)
    author.publishes("v1")
    author.writes("decks/demo/notes.yaml", NOTE)
    author.commits("v2")
    author.edits("fields: [Front, Back]", "fields: [Front, Middle, Back]", TYPE)

    author.publishes("v2")
    author.edits("fields: [Front, Middle, Back]", "fields: [Front, Back]", TYPE)
    refused = author.runs(WHEN["v3"], "build")

    assert "'note-types/plain' was released with other fields or templates [note-type-changed]" in refused.output
    assert "restore them, or make another note type" in refused.output


def test_a_released_note_type_that_changed_is_called_by_its_name(tmp_path):
    author = Publisher(tmp_path)
    types = author.folder / "decks/note-types"
    (types / "plain").rename(types / "built")
    author.cards.write_text(NOTE.replace("plain", "built"))
    author.publishes("v1")
    author.edits("fields: [Front, Back]", "fields: [Front, Middle, Back]", TYPE.replace("plain", "built"))
    refused = author.runs(WHEN["v2"], "build")

    assert "the note type 'note-types/built' was released with other fields" in refused.output


@pytest.mark.parametrize("number", [499, 501, 1000])
def test_a_deletion_with_a_huge_number_has_the_card_that_anki_makes(number, tmp_path):
    author = Author(tmp_path)
    for path, text in CLOZE.items():
        author.writes(path, text)
    author.edits("'An {{c1::A}}'", f"{{html: 'An {{{{c1::A}}}} and {{{{c{number}::B}}}}'}}")
    author.edits("type: plain", "type: plain, guid: mine")
    author.writes("decks/deckgen.lock", f"format 2\nnamespace {sample.NAMESPACE}\nadopted note/one mine\n")
    with Learner() as learner:
        learner.imports(author.releases(-90))
        author.edits("'An ", "'It is an ")
        learner.imports(author.releases(-30))
        learner.adds("plain (sample)", [f"{{{{c{number}::B}}}}", ""], "Demo")
        cards = learner.state().cards
    ours = {ordinal for guid, ordinal in cards if guid == "mine"}
    theirs = {ordinal for guid, ordinal in cards if guid != "mine"}

    assert ours == {0, *theirs}


@pytest.mark.parametrize(("text", "free"), [("{{c1::A}} and {{c501::B}}", 2), ("{{c0::A}} and {{c1::B}}", 2)])
def test_a_number_that_no_card_of_anki_asks_for_is_an_error_that_names_it(text, free, tmp_path):
    """A card of Anki with the number 500 asks for no deletion with the number 501, and none asks for the number 0."""
    number = re.search("c(0|501)::", text)[1]
    files = {path.removeprefix("decks/"): text for path, text in CLOZE.items()}
    files["demo/cards.yaml"] = NOTE.replace("Front: A", f"Front: {{html: '{text}'}}")
    (found,) = sample.compiled(sample.write(tmp_path / "wrong", files))[1]
    files["demo/cards.yaml"] = files["demo/cards.yaml"].replace(f"c{number}::", f"c{free}::")
    right = sample.compiled(sample.write(tmp_path / "right", files))[1]
    with Learner() as learner:
        learner.adds("Cloze", [text, ""], "Demo")
        asked = [card.front for card in learner.cards() if "[...]" in card.front]

    assert (found.rule, found.message) == (
        "cloze-syntax",
        f"expected a number from 1 to 500 in a deletion, found c{number}",
    )
    assert found.help == f"change c{number} to c{free}: Anki makes no card that asks for c{number}"
    assert right == []
    assert len(asked) == 1


def test_a_cloze_note_without_a_deletion_is_told_to_have_one(tmp_path):
    files = {path.removeprefix("decks/"): text for path, text in CLOZE.items()}
    root = sample.write(tmp_path, {**files, "demo/cards.yaml": NOTE})
    (found,) = sample.compiled(root)[1]

    assert (found.rule, found.help[:38]) == ("no-card", "write {{c1::…}} around what is asked, ")


def test_a_released_note_type_stays_with_or_without_cloze(tmp_path):
    author = Publisher(tmp_path)
    author.cards.write_text(NOTE)
    author.publishes("v1")
    for path, text in CLOZE.items():
        author.writes(path, text)
    refused = author.runs(WHEN["v2"], "build")

    assert refused.exit_code == 1
    assert "error: the note type 'note-types/plain' was released without `cloze` [note-type-changed]" in refused.output


def test_retired_notes_are_found_in_anki_although_their_type_has_no_id(tmp_path):
    author = Author(tmp_path)
    author.cards.write_text(NOTE + "  - {id: two, domain: basics, type: plain, fields: {Front: C, Back: D}}\n")
    with Learner() as learner:
        learner.imports(author.releases(-60))
        author.cards.write_text(NOTE + "retired:\n  - {id: note/two, reason: It was wrong}\n")
        text = author.releases(-30, "demo-retired.txt").read_text()
        (search,) = [line for line in text.splitlines() if line.startswith("tag:")]
        found = [learner.col.get_note(id).guid for id in learner.col.find_notes(search)]

    assert found == [of("note/two")]
    assert "Retired: It was wrong" in text


def test_a_retired_note_of_an_own_type_can_get_another_title(tmp_path):
    author = Author(tmp_path)
    other = "faq: [{id: other, domain: basics, question: Which?, answer: The other}]\n"
    author.cards.write_text(NOTE + other)
    author.releases(-60)
    author.cards.write_text(f"{other}retired:\n  - {{id: note/one, title: What it was, reason: It was wrong}}\n")
    before = author.releases(-30, "demo-retired.txt").read_text()
    author.edits("What it was", "What it asked")
    after = author.releases(-30, "demo-retired.txt").read_text()

    assert before.replace("What it was", "What it asked") == after != before


def test_files_that_no_note_type_reads_are_reported(tmp_path):
    root = sample.write(
        tmp_path, {"note-types/plain/old.html": "x", "note-types/lost/front.html": "x", "demo/cards.yaml": NOTE}
    )
    _, found = sample.compiled(root)

    ignored = [one.position.path for one in found if one.rule == "file-ignored"]
    assert ignored == ["decks/note-types/lost/front.html", "decks/note-types/plain/old.html"]
