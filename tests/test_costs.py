"""What a hostile text or project may cost: as much as its size, whatever is in it.

Every text below is as long as a text may be, and goes through every rule of content. One that made a pattern go back
again and again, or was held against all others, would take minutes.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import sample
from deckgen.project import lock as locks
from deckgen.text.markdown import MAX_CHARACTERS

CEILING = 20
"""Seconds; what takes in proportion to its size needs one or two."""

COMMAND = [sys.executable, "-m", "deckgen", "check"]
Files = dict[str, str | bytes]


def check(files: Files, seconds: float = CEILING) -> str:
    """What 'deckgen check' says of a project, all rules of content included, if it says it in time."""
    sample.write(Path(), {"deckgen.yaml": sample.PROJECT, **files})
    result = subprocess.run(COMMAND, capture_output=True, text=True, check=False, timeout=seconds)

    assert "bug in deckgen" not in result.stderr
    assert result.returncode in (0, 1), result.stderr
    assert len(result.stdout) < 2_000_000
    return result.stdout


# --- texts ------------------------------------------------------------------------------------------------------------


def filled(unit: str, begin: str = "", end: str = "") -> str:
    """A text of the greatest length that repeats itself."""
    length = MAX_CHARACTERS - len(begin) - len(end) - 10
    return begin + (unit * (length // len(unit) + 1))[:length] + end


# What the patterns of content rules look for.
SEARCHING = [
    *("1", "1 ", "1.", "1,1", "L4 ", "AB (", "(AB", "a-", "a'", "no", "n'", "e.g", "such ", "and so ", "the ", "?a"),
    *("what ", "what and ", "according to the ", "previous ", "a, ", "a; ", " and a", ", and a", " and b", "²", "٣"),
]
# What Markdown looks for.
MARKING = [
    *(
        "[",
        "]",
        "*",
        "_",
        "`",
        "<",
        "![",
        "](",
        "*a ",
        "**a",
        "_a*b ",
        "> ",
        "- ",
        "1. ",
        "# ",
        "~",
        "*** ",
        "&",
        "&#1",
    ),
    *("[a](", "[a](<", "[](<\n", "![a](b)", "[x](j:a)", "<b>", "<a ", "<!--", "<?", "<!A", "<![CDATA[", "<http://a"),
    *("a\n", "a  \n", "a\n\t", "a\n===", "|a|b|\n|-|-|\n", "[^a]", "<a@", "\\", "\\(", "\\(a\\)", "a \\[ "),
    *("\\(\\href\\)", "&#xfdd0;0&#xfdd1;", "{{c1::", "::", "é", "\u0301"),
]
TEXTS = {
    **{ascii(unit): filled(unit) for unit in (*SEARCHING, *MARKING)},
    "a number with spaces": filled("1")[: MAX_CHARACTERS // 2] + " " * (MAX_CHARACTERS // 2 - 10) + "x",
    "a long fraction": filled("1")[: MAX_CHARACTERS // 2] + "." + "1" * (MAX_CHARACTERS // 2 - 10),
    "a level with spaces": f"L4{' ' * (MAX_CHARACTERS - 10)}x",
    "a list that is none": filled(" and b", "a, b", ";"),
    "a list that breaks off": filled(" and b", "a, b", ","),
    "an open element": filled("<a ", "<div\n"),
    "lists in lists": "".join(" " * (2 * depth) + "- a\n" for depth in range(130)),
    "quotations in quotations": filled("> ", end="\na"),
    "references": "".join(f"[{number}]: https://a.org\n" for number in range(900)),
    "one reference": filled("[a] ", "[a]: https://a.org\n\n"),
    "a long reference": filled("[a] ", rf"[a]: https://a.org/\({'x' * 9_000}\)" + "\n\n"),
    "code": "".join("`" * length + " " for length in range(1, 190)) + r"\(a\)",
}


SEARCHED = [
    *map(ascii, SEARCHING),
    "a number with spaces",
    "a long fraction",
    "a level with spaces",
    "a list that is none",
    "a list that breaks off",
    "an open element",
]


@pytest.mark.slow
def test_texts_that_patterns_go_back_in():
    """The texts that rules of content look for something in, each as a question with itself as the answer."""
    cards = "".join(
        f"  - {{id: n{number}, question: {own}, answer: {own}}}\n"
        for number, own in enumerate(sample.scalar(TEXTS[name]) for name in SEARCHED)
    )

    assert "demo/cards.yaml" in check({"demo/cards.yaml": f"domain: basics\nfaq:\n{cards}"})


@pytest.mark.slow
def test_every_text_in_every_place():
    files: Files = {}
    for number, own in enumerate(map(sample.scalar, TEXTS.values())):
        files[f"demo/{number}.yaml"] = (
            f"domain: basics\n"
            f"faq:\n  - {{id: a{number}, question: {own}, answer: {own}, why: {own}}}\n"
            f"  - {{id: b{number}, question: {own}, items: [a: {own}, b: {own}], full: {own}}}\n"
            f"resources: [{{id: c{number}, name: {own}, role: {own}}}]\n"
        )

    assert "more; fix these first" in check(files, 120)


# --- projects ---------------------------------------------------------------------------------------------------------


def listed(section: str, count: int, line: Callable[[int], str]) -> str:
    return f"domain: basics\n{section}:\n" + "".join(f"  - {{{line(number)}}}\n" for number in range(count))


def locked(lines: list[str]) -> str:
    return f"format {locks.FORMAT}\nnamespace example.org\n" + "".join(f"{line}\n" for line in lines)


def published(count: int) -> list[str]:
    return [
        f"note faq/old-{n} question 0123456789abcdef 1700000000 {1_700_000_000_000 + 32 * n} answer:1"
        for n in range(count)
    ]


def faq(count: int, question: str = "What is {n}?", answer: str = "It is {n}", more: str = "") -> str:
    return listed(
        "faq",
        count,
        lambda n: f"id: n{n}, question: '{question.format(n=n)}', answer: '{answer.format(n=n)}'{more.format(n=n)}",
    )


def resources(count: int, acronym: str = "A{n}", role: str = "The role of {n}", more: str = "") -> str:
    return listed(
        "resources",
        count,
        lambda n: (
            f"id: n{n}, name: Name {n}, acronym: '{acronym.format(n=n)}', role: '{role.format(n=n)}'{more.format(n=n)}"
        ),
    )


PROJECTS: dict[str, Callable[[int], Files]] = {
    "one question": lambda n: {"demo/cards.yaml": faq(n, "What is it?", "It is so")},
    "one question with other answers": lambda n: {"demo/cards.yaml": faq(n, "What is it?")},
    "questions that are alike": lambda n: {"demo/cards.yaml": faq(n, "What is the number {n} of the many there are?")},
    "one id": lambda n: {"demo/cards.yaml": listed("faq", n, lambda _: "id: one, question: 'Why?', answer: 'So'")},
    "one acronym": lambda n: {"demo/cards.yaml": resources(n, "ABC")},
    "one set of letters": lambda n: {
        "demo/cards.yaml": resources(n, "{n}"),
    },
    "roles that are alike": lambda n: {
        "demo/cards.yaml": resources(n, role="The agency of the northern tides and {n}")
    },
    "entries that there are not": lambda n: {"demo/cards.yaml": faq(n, more=", confuse_with: m{n}")},
    "keys that there are not": lambda n: {"demo/cards.yaml": faq(n, more=", anser: x")},
    "one key for each": lambda n: {"demo/cards.yaml": faq(n, more=", x{n}: x")},
    "many keys": lambda n: {"demo/cards.yaml": "faq:\n  - id: one\n" + "".join(f"    k{k}: x\n" for k in range(n))},
    "sections that there are not": lambda n: {"demo/cards.yaml": "".join(f"s{k}: x\n" for k in range(n))},
    "sources that there are not": lambda n: {
        "sources.yaml": "".join(f"s{k}: {{title: x}}\n" for k in range(n)),
        "demo/cards.yaml": faq(n, more=", source: t{n}"),
    },
    "deletions that no card asks for": lambda n: {
        "note-types/gap/type.yaml": "fields: [T]\ncloze: true\ntemplates: [{name: C, front: f.html, back: f.html}]\n",
        "note-types/gap/f.html": "{{cloze:T}}",
        "demo/cards.yaml": "notes: [{id: a, domain: basics, type: gap, fields: {T: {html: '"
        + "".join(f"{{{{c{501 + k}::x}}}}" for k in range(4 * n))
        + "'}}}]\n",
    },
    "targets that there are not": lambda n: {
        "deckgen.yaml": sample.PROJECT
        + "".join(f"  d{k}: x\n" for k in range(n // 4))
        + "targets:\n"
        + "".join(f"  t{k}: 1\n" for k in range(n // 4)),
        "demo/cards.yaml": faq(1),
    },
    "pictures that there are not": lambda n: {
        "demo/cards.yaml": faq(n, answer="![x](media/x{n}.png)"),
        **{f"demo/media/{k}.png": b"" for k in range(min(n, 2_000))},
    },
    "rules that there are not": lambda n: {"demo/cards.yaml": faq(n, more=", allow: {{r{n}: x}}")},
    "notes that are gone": lambda n: {"demo/cards.yaml": faq(n), "deckgen.lock": locked(published(n))},
    "notes that are retired": lambda n: {
        "demo/cards.yaml": listed("retired", n, lambda k: f"id: faq/old-{k}, reason: Old") + faq(1)[15:],
        "deckgen.lock": locked(published(n)),
    },
    "lines for one note": lambda n: {"demo/cards.yaml": faq(1), "deckgen.lock": locked(published(1) * n)},
    "numbers of one note": lambda n: {
        "demo/cards.yaml": faq(1),
        "deckgen.lock": locked([f"{published(1)[0]} {' '.join(f'a{k}:{k}' for k in range(n))}"]),
    },
    "one line": lambda n: {"demo/cards.yaml": "{faq: [" + ", ".join("{x: y}" for _ in range(n)) + "]}"},
    "a long name": lambda n: {"demo/cards.yaml": faq(1, more=f", {'k' * 100 * n}: x")},
    "a long id": lambda n: {"demo/cards.yaml": f"faq: [{{id: {'k ' * 100 * n}, question: Why?, answer: So}}]"},
}


@pytest.mark.slow
@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)
def test_a_project_of_very_many_entries(project):
    check(project(20_000), 60)


@pytest.mark.parametrize(
    "line", [published(1)[0], "type question 0123456789abcdef 1700000000 a, b | c"], ids=["note", "type"]
)
def test_a_lock_with_very_many_lines_for_one_note_or_type(line):
    said = check({"demo/cards.yaml": faq(1), "deckgen.lock": locked([line] * 80_000)})

    assert "deckgen.lock:1003:1: error: expected at most 1,000 lines for one note or note type, found more" in said


@pytest.mark.slow
@pytest.mark.parametrize("count", [5_001, 20_000])
def test_very_many_small_files(count):
    files = {f"demo/{n}.yaml": "faq: []\n" for n in range(count)}

    assert f"decks:1:1: error: expected at most 5,000 files of entries, found {count:,} [too-many]" in check({**files})


@pytest.mark.parametrize(
    "place",
    ["demo/cards.yaml", *(pytest.param(name, marks=pytest.mark.slow) for name in ("deckgen.yaml", "sources.yaml"))],
)
def test_very_many_unknown_keys(place):
    keys = "".join(f"key-{n}: x\n" for n in range(200_000))

    assert f"{place}:20001:1: error: expected at most 20,000 keys in one mapping, found more" in check({place: keys})


# --- large files ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "domain: basics\nfaq:\n" + "".join(f"- {{id: n{n}, question: What?, answer: It}}\n" for n in range(1_000_000)),
        "faq: [" + "a," * 20_000_000 + "]",
        "faq:\n" + "- {}\n" * 10_000_000,
    ],
    ids=["a million entries", "one long line", "many short lines"],
)
def test_a_file_with_too_many_entries_is_refused_in_bounded_memory(text):
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))

    sample.write(Path(), {"demo/cards.yaml": text})
    result = subprocess.run(COMMAND, capture_output=True, text=True, check=False, timeout=120, preexec_fn=limit)

    assert result.returncode == 1
    assert "expected at most 2,000,000 keys and values, found more [file-too-large]" in result.stdout


REPEATED = {
    "a topic": ("topic: " + "long " * 3_900, ""),
    "a tag": ("tags: [" + "long" * 5_000 + "]", ""),
    "a source": ("source: [long]", "long: {title: " + "long " * 20_000 + "}"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("top", "sources"), REPEATED.values(), ids=REPEATED)
def test_what_every_note_repeats_is_bounded(top, sources):
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))

    sample.write(Path(), {"demo/cards.yaml": f"{top}\n{faq(200_000)}", "sources.yaml": sources or "{}"})
    result = subprocess.run(COMMAND, capture_output=True, text=True, check=False, timeout=120, preexec_fn=limit)

    assert result.returncode == 1
    assert "have more than 200,000,000 characters, counting repeated text [file-too-large]" in result.stdout


@pytest.mark.parametrize("key", ["tags", "source", "confuse_with"])
def test_a_list_is_no_longer_than_anyone_needs(key):
    listed = ", ".join(f"x{number}" for number in range(101))
    _, found = sample.compiled(sample.write(Path(), {"demo/cards.yaml": faq(1, more=f", {key}: [{listed}]")}))

    assert [f"{one.rule}: {one.message}" for one in found] == ["too-many: expected at most 100 values, found 101"]


def test_no_more_entries_are_named_on_a_card_than_anyone_reads():
    """Each names one that names none of them."""
    cards = faq(102).replace("answer: 'It is", "confuse_with: n0, answer: 'It is").replace("confuse_with: n0, ", "", 1)
    _, found = sample.compiled(sample.write(Path(), {"demo/cards.yaml": cards}))

    assert [f"{one.rule}: {one.message}" for one in found] == [
        "too-many: expected at most 100 entries that are confused with this one, found 101"
    ]


@pytest.mark.parametrize("place", ["demo/media/huge.png", "demo/huge.yaml", "huge"])
def test_a_huge_file_fills_no_memory(place):
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))

    sample.write(Path(), {"demo/cards.yaml": faq(1), place: ""})
    os.truncate(Path("decks") / place, 64 * 2**30)  # a sparse one, as an archive may hold
    command = [sys.executable, "-m", "deckgen", "build"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, preexec_fn=limit)

    assert result.returncode == ("[file-too-large]" in result.stderr), result.stderr
    assert result.returncode == (place == "demo/huge.yaml")


def test_media_of_a_hundred_megabytes_are_refused_unread():
    sample.write(Path(), {"demo/cards.yaml": faq(1, answer="![x](media/x.png)"), "demo/media/x.png": sample.png()})
    os.truncate("decks/demo/media/x.png", 100 * 2**20)
    _, found = sample.compiled(Path("decks"))

    assert [f"{one.rule}: {one.message}" for one in found] == ["file-too-large: 'x.png' is larger than 50 MB"]


@pytest.mark.slow
def test_media_of_fifty_megabytes_are_packed():
    sample.write(Path(), {"demo/cards.yaml": faq(1, answer="![x](media/x.png)"), "demo/media/x.png": sample.png()})
    os.truncate("decks/demo/media/x.png", 50 * 2**20)
    subprocess.run([*COMMAND[:-1], "build"], check=True, timeout=60)

    assert Path("build/demo.apkg").stat().st_size > 50 * 2**20
