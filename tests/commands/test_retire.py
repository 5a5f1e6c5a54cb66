"""``deckgen retire`` moves an entry to the retired section of its file and changes nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sample
from deckgen.cli import main

CARDS = Path("decks/demo/cards.yaml")


def run(*arguments: str, at: int = 1_790_000_000) -> Result:
    return CliRunner().invoke(main, arguments, env={"SOURCE_DATE_EPOCH": str(at)})


def write(text: str) -> None:
    sample.write(Path.cwd(), {"demo/cards.yaml": ""})
    CARDS.write_text(text)


PUBLISHED = """\
domain: basics
faq:
  # About one.
  - id: one
    question: "Is it: one?"
    answer: It is  # certainly

  # About two.
  - id: two
    question: Is it two?
    items:
      - a: A
      - b: >-
          B and
          more

  # The end.
procedures:
  - id: washing
    name: Washing
    risks: Dry skin
    steps: [wet: Wet., dry: Dry.]
    facts:
      - {id: time, question: How long?, answer: A minute}
      - {id: soap, question: With what?, answer: Soap}
"""


def retire(*arguments: str) -> str:
    """Retire an entry; returns the text of its file."""
    result = run("retire", *arguments, "--reason", "It is wrong: really")

    assert result.exit_code == 0, result.output
    return CARDS.read_text()


@pytest.fixture
def published() -> None:
    write(PUBLISHED)
    result = run("build")

    assert result.exit_code == 0, result.output


def test_an_entry_moves_to_the_retired_section_and_comments_stay(published):
    after = retire("faq/two", "--successor", "faq/one")

    assert sample.changed_lines(PUBLISHED, after) == [
        "-   - id: two",
        "-     question: Is it two?",
        "-     items:",
        "-       - a: A",
        "-       - b: >-",
        "-           B and",
        "-           more",
        "+ ",
        "+ retired:",
        "+   - id: faq/two",
        "+     title: Is it two?",
        '+     reason: "It is wrong: really"',
        "+     successor: faq/one",
        "+     on: 2026-09-21",
    ]
    result = run("build", at=1_790_000_100)
    assert result.exit_code == 0, result.output
    assert "0 new, 0 changed, 1 retired" in result.stdout


@pytest.mark.parametrize("id", ["one", "two", "three"])
def test_the_blank_line_between_entries_goes_with_the_entry(id, tmp_path):
    names = ("one", "two", "three")
    entries = {name: f"  - id: {name}\n    question: Is it {name}?\n    answer: It is\n" for name in names}
    write("domain: basics\nfaq:\n" + "\n".join(entries.values()))
    assert run("build").exit_code == 0
    after = retire(f"faq/{id}")

    left = "\n".join(text for name, text in entries.items() if name != id)
    assert after.startswith(f"domain: basics\nfaq:\n{left}\nretired:\n")


def test_a_comment_below_a_retired_entry_does_not_become_text_of_the_entry_above(tmp_path):
    above = "domain: basics\nfaq:\n  - id: one\n    question: Is it one?\n    answer: |\n      It is\n"
    two = "  - id: two\n    question: Is it two?\n    answer: It is\n"
    write(f"{above}{two}      # About two.\n\n  # The end.\n")
    assert run("build").exit_code == 0
    after = retire("faq/two")

    assert after.startswith(f"{above}\n  # The end.\n\nretired:\n")
    assert "0 new, 0 changed, 1 retired" in run("build", at=1_790_000_100).stdout


def test_the_last_entry_takes_its_section_with_it(published):
    retire("faq/two")
    after = retire("faq/one")

    assert "faq:" not in after
    assert "  # About two.\n" in after
    assert after.count("  - id: faq/") == 2
    result = run("build", at=1_790_000_100)
    assert result.exit_code == 0, result.output
    assert "0 new, 0 changed, 2 retired" in result.stdout


@pytest.mark.parametrize(
    ("id", "gone"),
    [
        ("procedure/washing/risks", "    risks: Dry skin\n"),
        ("procedure/washing/steps", "    steps: [wet: Wet., dry: Dry.]\n"),
        ("procedure/washing/facts/time", "      - {id: time, question: How long?, answer: A minute}\n"),
    ],
)
def test_one_note_of_an_entry_can_be_retired(id, gone, published):
    after = retire(id)

    assert sample.changed_lines(PUBLISHED, after)[0] == f"- {gone.rstrip()}"
    assert f"  - id: {id}\n" in after
    result = run("build", at=1_790_000_100)
    assert "0 new, 0 changed, 1 retired" in result.stdout, result.output


# --- text that is already gone ----------------------------------------------------------------------------------------

TWO = PUBLISHED[PUBLISHED.index("  - id: two") : PUBLISHED.index("\n  # The end.")]


def remedies(result: Result) -> list[list[str]]:
    """The commands that messages name, without the reason."""
    found = re.findall(r"deckgen (retire \S+) --reason", " ".join(result.output.split()))
    return [command.split() for command in dict.fromkeys(found)]


def follow(result: Result) -> list[str]:
    """Do as the messages of a failed build say, and build; returns what the commands said."""
    said = []
    assert remedies(result)
    for command in remedies(result):
        done = run(*command, "--reason", "It is wrong")
        assert done.exit_code == 0, done.output
        said.append(done.stdout)
    after = run("build", at=1_790_000_200)
    assert after.exit_code == 0, after.output
    assert remedies(after) == []
    return said


@pytest.fixture
def released(published) -> None:
    """The same with a release, so that it is an error if a note vanishes."""
    Path(".gitignore").write_text("build/\n")
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "x"]):
        git(*command)
    release("v1")


def git(*arguments: str) -> None:
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *author, *arguments], check=True, capture_output=True)


def release(name: str) -> None:
    result = run("release", name, at=1_790_000_100)

    assert result.exit_code == 0, result.output
    git("commit", "-qam", name)
    git("tag", name)


def test_an_entry_whose_text_is_gone_is_retired_in_the_file_it_was_in(released):
    sample.write(Path.cwd(), {"aaa/deck.yaml": "title: First\n", "aaa/a.yaml": f"{MORE}retired: []\n"}, base=False)
    CARDS.write_text(PUBLISHED.replace(TWO, ""))
    result = run("build")

    assert "'faq/two' was released, but no source has it" in result.output
    assert follow(result) == [
        "decks/demo/cards.yaml: 'faq/two' is retired; 'deckgen build' writes the file that tells learners\n"
    ]
    assert CARDS.read_text().endswith(
        "\nretired:\n  - id: faq/two\n    title: Is it two?\n    reason: It is wrong\n    on: 2026-09-21\n"
    )


MORE = "faq: [{id: more, domain: basics, question: Is it more?, answer: It is}]\n"


def test_an_entry_that_was_deleted_in_an_earlier_commit_is_found_there(released):
    sample.write(Path.cwd(), {"aaa/deck.yaml": "title: First\n", "aaa/a.yaml": MORE}, base=False)
    CARDS.write_text(PUBLISHED.replace(TWO, ""))
    git("add", ".")
    git("commit", "-qm", "x")
    Path("decks/demo/other.yaml").write_text(MORE.replace("more", "most"))
    git("add", ".")
    git("commit", "-qm", "x")

    assert follow(run("build"))[0].startswith("decks/demo/cards.yaml: ")
    assert "title: Is it two?" in CARDS.read_text()


def test_the_notice_of_a_file_that_is_gone_stands_in_a_new_one_of_its_deck(released):
    sample.write(Path.cwd(), {"aaa/deck.yaml": "title: First\n", "aaa/a.yaml": MORE}, base=False)
    CARDS.unlink()
    Path("decks/demo/other.yaml").write_text(MORE.replace("more", "most"))
    said = follow(run("build"))

    assert len(said) == 3
    assert all(line.startswith("decks/demo/retired.yaml: ") for line in said)
    assert "  - id: procedure/washing\n    title: Washing\n" in Path("decks/demo/retired.yaml").read_text()


def test_the_notices_of_a_deck_that_is_gone_stand_in_another(released):
    sample.write(Path.cwd(), {"aaa/deck.yaml": "title: First\n", "aaa/a.yaml": MORE}, base=False)
    shutil.rmtree("decks/demo")

    assert all(line.startswith("decks/aaa/retired.yaml: ") for line in follow(run("build")))


def test_without_git_the_notice_stands_in_a_new_file(published):
    CARDS.write_text(PUBLISHED.replace(TWO, ""))
    (line,) = follow(run("check"))

    assert line.startswith("decks/demo/retired.yaml: ")
    assert Path("decks/demo/retired.yaml").read_text().startswith("retired:\n  - id: faq/two\n")


TIME = "      - {id: time, question: How long?, answer: A minute}\n"


@pytest.mark.parametrize(
    ("gone", "id", "can_be_renamed"),
    [
        ("    acronym: WH\n", "acronym", False),
        ("    risks: Dry skin\n", "risks", False),
        ("    steps: [wet: Wet., dry: Dry.]\n", "steps", False),
        (TIME, "facts/time", True),
        ("      - {id: soap, question: With what?, answer: Soap}\n", "facts/soap", True),
    ],
)
def test_a_part_that_was_taken_out_is_retired_in_the_file_of_its_entry(gone, id, can_be_renamed, released):
    CARDS.write_text(PUBLISHED.replace("name: Washing\n", "name: Washing\n    acronym: WH\n"))
    assert run("build").exit_code == 0
    git("commit", "-qam", "x")
    release("v2")
    CARDS.write_text(CARDS.read_text().replace(gone, ""))
    result = run("build")
    assert ("if you renamed it" in result.output) is can_be_renamed
    follow(result)

    assert f'  - id: procedure/washing/{id}\n    title: "Washing: {id}"\n' in CARDS.read_text()


def test_a_renamed_fact_is_given_the_key_that_the_message_names(released):
    CARDS.write_text(PUBLISHED.replace("{id: time, ", "{id: duration, "))
    result = run("build")

    assert "did you mean 'procedure/washing/facts/duration'?" in result.output
    assert "write 'was: time' under the new id" in " ".join(result.output.split())
    CARDS.write_text(PUBLISHED.replace("{id: time, ", "{id: duration, was: time, "))
    assert run("build").exit_code == 0
    after = retire("procedure/washing/facts/duration")
    assert "  - id: procedure/washing/facts/time\n" in after
    assert run("build", at=1_790_000_200).exit_code == 0


def test_an_answer_that_became_a_list_under_the_same_id(released):
    """The list is never deleted in the answer's stead; once it has another id, the answer is retired."""
    CARDS.write_text(PUBLISHED.replace("    answer: It is  # certainly\n", "    items: [a: A, b: B]\n"))
    result = run("build")
    assert remedies(result) == [["retire", "faq/one"]]
    before = CARDS.read_text()
    refused = run("retire", "faq/one", "--reason", "x")

    assert refused.exit_code == 1
    assert "'faq/one' was released as a question, but is now a list: give the list another id" in refused.stderr
    assert CARDS.read_text() == before
    CARDS.write_text(before.replace("id: one", "id: one-list"))
    follow(result)
    assert "id: one-list" in CARDS.read_text()


def test_an_answer_of_a_procedure_that_became_a_list(released):
    CARDS.write_text(PUBLISHED.replace("    risks: Dry skin\n", "    risks: [dry: Dry skin, allergy: Allergy]\n"))
    result = run("build")
    refused = run("retire", "procedure/washing/risks", "--reason", "x")

    assert "give the list another id first (in a procedure, under `facts`)" in " ".join(refused.stderr.split())
    moved = "    facts:\n      - {id: risks, question: Which risks?, items: [dry: Dry skin, allergy: Allergy]}\n"
    CARDS.write_text(PUBLISHED.replace("    risks: Dry skin\n", "").replace("    facts:\n", moved))
    follow(result)


def test_two_entries_that_swapped_their_ids_and_one_is_retired_later(released):
    swapped = PUBLISHED.replace("id: two", "id: tmp\n    was: two").replace("id: one", "id: two\n    was: one")
    CARDS.write_text(swapped.replace("id: tmp", "id: one"))
    assert run("build").exit_code == 0
    git("commit", "-qam", "x")
    release("v2")
    after = retire("faq/two")
    result = run("build", at=1_790_000_200)

    assert "Is it two?" in after[: after.index("retired:")]
    assert '  - id: faq/one\n    title: "Is it: one?"\n' in after
    assert result.exit_code == 0, result.output
    assert "0 new, 0 changed, 1 retired" in result.stdout
    again = run("retire", "faq/two", "--reason", "x")
    assert again.exit_code == 2
    assert "there is no entry 'faq/two'" in again.stderr


def test_of_two_swapped_entries_the_deleted_one_is_retired_and_not_its_namesake(released):
    swapped = PUBLISHED.replace("id: two", "id: tmp\n    was: two").replace("id: one", "id: two\n    was: one")
    CARDS.write_text(swapped.replace("id: tmp", "id: one"))
    assert run("build").exit_code == 0
    one = CARDS.read_text()
    CARDS.write_text(one.replace(one[one.index("  - id: two") : one.index("\n  # About two.")], ""))
    result = run("build")
    assert remedies(result) == [["retire", "faq/one"]]
    follow(result)

    assert "Is it two?" in CARDS.read_text()
    assert '  - id: faq/one\n    title: "Is it: one?"\n' in CARDS.read_text()


def test_what_is_retired_cannot_be_retired_again(released):
    retire("faq/two")
    result = run("retire", "faq/two", "--reason", "x")

    assert result.exit_code == 1
    assert "'faq/two' is already retired in decks/demo/cards.yaml" in result.stderr


def test_a_note_that_was_retired_by_itself_keeps_its_notice_when_its_entry_is_retired(published):
    retire("procedure/washing/risks")
    assert run("build").exit_code == 0
    retire("procedure/washing")
    result = run("build", at=1_790_000_100)

    assert result.exit_code == 0, result.output
    (found,) = re.findall(r"\^\((.*)\)\$", Path("build/demo-retired.txt").read_text())
    assert len(found.split("|")) == 4 == len(set(found.split("|")))


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "expected text, found nothing"),
        (" ", "expected text, found nothing"),
        ("<b>Wrong</b>", "expected Markdown, found the HTML"),
        ("a\x07b", "expected visible characters, found U+0007"),
        ("a\udcffb", "expected text in UTF-8"),
    ],
)
def test_a_reason_that_no_card_can_show_changes_nothing(published, reason, message):
    before = CARDS.read_bytes()
    result = run("retire", "faq/two", "--reason", reason)

    assert result.exit_code in (1, 2)
    assert message in " ".join(result.output.split())
    assert CARDS.read_bytes() == before


def test_a_renamed_entry_is_retired_under_its_first_published_id(published):
    CARDS.write_text(PUBLISHED.replace("id: two", "id: second\n    was: two"))
    run("build", at=1_790_000_100)
    after = retire("faq/second")

    assert "  - id: faq/two\n" in after
    assert run("build", at=1_790_000_200).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["faq"], "there is no entry 'faq'"),
        (["faq/onne"], "there is no entry 'faq/onne'; did you mean 'faq/one'?"),
        (["faq/one", "--successor", "faq/twoo"], "there is no entry 'faq/twoo'; did you mean 'faq/two'?"),
        (["faq/one", "--successor", "faq/one"], "'faq/one' cannot replace itself"),
        (["procedure/washing/riskz"], "there is no entry 'procedure/washing/riskz'; did you mean 'procedure/washing'?"),
    ],
)
def test_unknown_ids_are_usage_errors_with_a_suggestion(arguments, message, published):
    result = run("retire", *arguments, "--reason", "x")

    assert result.exit_code == 2
    assert message in result.stderr
    assert CARDS.read_text() == PUBLISHED


def test_an_entry_that_was_never_published_should_just_be_deleted():
    write(PUBLISHED)
    result = run("retire", "faq/two", "--reason", "x")

    assert result.exit_code == 1
    assert "'faq/two' was never built into a package: delete it from decks/demo/cards.yaml" in result.stderr


def test_the_title_of_a_retired_picture_says_what_it_showed(published):
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40">'
        '<g id="regions"><rect id="face" x="10" y="5" width="30" height="30"><title>Face</title></rect></g></svg>'
    )
    picture = "pictures: [{id: sign, domain: basics, picture: media/sign.svg, title: A road sign}]\n"
    sample.write(Path.cwd(), {"demo/signs.yaml": picture, "demo/media/sign.svg": drawing}, base=False)
    assert run("build").exit_code == 0
    assert run("retire", "picture/sign", "--reason", "It is wrong").exit_code == 0

    assert "title: A road sign\n" in Path("decks/demo/signs.yaml").read_text()


GAP = {
    "note-types/gap/type.yaml": "{fields: [Text], templates: [{name: Gap, front: a.html, back: a.html}], cloze: true}",
    "note-types/gap/a.html": "{{cloze:Text}}",
}


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ("cloze: [{id: x, text: 'Water {{c1::freezes}} at {{c2::0 °C::how cold?}}.'}]", "Water freezes at 0 °C."),
        (r"cloze: [{id: x, text: 'It is {{c1::\(a^{b}\)}} or `{{c2::c}}`.'}]", r"It is \(a^{b}\) or `c`."),
        ("notes: [{id: x, type: gap, fields: {Text: 'A {{c1::gap}}'}}]", "A gap"),
        ("notes: [{id: x, type: gap, fields: {Text: {html: '<i>A</i> {{c1::gap::hint}}'}}}]", "A gap"),
        (
            "pictures: [{id: x, picture: media/dot.png, title: A <sign> *, regions:"
            " [{id: a, name: A, rect: [0, 0, 0.2, 0.2]}, {id: b, name: B, rect: [0.5, 0.5, 0.2, 0.2]}]}]",
            r"A \<sign> \*",
        ),
    ],
)
def test_a_title_that_is_no_text_in_markdown_becomes_one(entry, title, published):
    more = {"demo/more.yaml": f"domain: basics\n{entry}\n"}
    dot = {"demo/media/dot.png": sample.png()} if "dot.png" in entry else {}
    sample.write(Path.cwd(), {**more, **dot, **GAP}, base=False)
    built = run("build")
    assert built.exit_code == 0, built.output
    kind = {"cloze": "cloze", "notes": "note", "pictures": "picture"}[entry.partition(":")[0]]
    result = run("retire", f"{kind}/x", "--reason", "It is wrong")

    assert result.exit_code == 0, result.output
    (written,) = re.findall("title: ['\"]?(.*?)['\"]?\n", Path("decks/demo/more.yaml").read_text())
    assert written == title
