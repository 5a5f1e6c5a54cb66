"""Mistakes of people who write their first cards: what the message says, and that its next step is one."""

from __future__ import annotations

from typing import NamedTuple

import pytest

import sample

ENTRY = "faq:\n  - id: rays\n    domain: basics\n    question: {question}\n    answer: {answer}\n"
LIST = "faq:\n  - id: rays\n    domain: basics\n    question: Name the two rays.\n    items:{items}\n"
TEA = "procedures:\n  - id: tea\n    domain: basics\n    name: Tea\n"
SOURCED = "faq:\n  - {{id: rays, domain: basics, question: What is a ray?, answer: Light, {pair}}}\n"


def entry(question: str = "What is a ray?", answer: str = "Light") -> str:
    return ENTRY.format(question=question, answer=answer)


class Mistake(NamedTuple):
    """What somebody wrote; what the message says, with its next step; and the file after that step."""

    wrong: str
    message: str
    right: str


GOOD_LIST = LIST.format(items="\n      - alpha: Alpha\n      - beta: Beta")

MISTAKES = {
    "an item without an id that has a reason": Mistake(
        LIST.format(items="\n      - alpha: Alpha\n      - {text: Beta, why: It is the second}"),
        "7:9 expected an item of the form '- its-id: its text', found a mapping | write an id, a colon and the text: "
        "'red: Red'; or, to say more, 'red: {text: Red, why: The reason}'",
        LIST.format(items="\n      - alpha: Alpha\n      - beta: {text: Beta, why: It is the second}"),
    ),
    "the keys of another program": Mistake(
        entry().replace("answer:", "back:"),
        "5:5 'back' is not a key of faq; did you mean 'answer'?",
        entry(),
    ),
    "a colon that is missing": Mistake(
        entry().replace("answer: ", "answer "),
        "5:5 expected 'key: value', found text without a ': ' | begin it with a key (such as 'answer: Light'); if",
        entry(),
    ),
    "an entry without a section": Mistake(
        "domain: basics\n- id: rays\n  question: What is a ray?\n  answer: Light\n",
        "2:1 expected the section of these entries above them, found none | write it on a line of its own above this",
        "domain: basics\nfaq:\n- id: rays\n  question: What is a ray?\n  answer: Light\n",
    ),
    "a comment of another language": Mistake(
        "domain: basics\nfaq:\n  // rays\n  - id: rays\n    question: What is a ray?\n    answer: Light\n",
        "3:3 expected 'key: value', found text without a ': ' | if it is a comment, begin it with '# '",
        "domain: basics\nfaq:\n  # rays\n  - id: rays\n    question: What is a ray?\n    answer: Light\n",
    ),
    "an equals sign": Mistake(
        entry().replace("answer: ", "answer = "),
        "5:5 expected 'key: value', found text without a ': ' | begin it with a key (such as 'answer: Light'); if",
        entry(),
    ),
    "a clinical word for a key": Mistake(
        "procedures:\n  - {id: tea, domain: basics, name: Tea, complications: Burns}\n",
        "2:42 'complications' is not a key of procedure; did you mean 'risks'?",
        "procedures:\n  - {id: tea, domain: basics, name: Tea, risks: Burns}\n",
    ),
    "the opposite of a key": Mistake(
        "procedures:\n  - {id: tea, domain: basics, name: Tea, risks: Burns, contraindications: Heat}\n",
        "2:56 'contraindications' is not a key of procedure; did you mean 'facts'?",
        "procedures:\n  - id: tea\n    domain: basics\n    name: Tea\n    risks: Burns\n    facts:\n"
        "      - {id: never, question: When is tea not made?, answer: In great heat}\n",
    ),
    "a section without entries": Mistake(
        "terms:\n" + entry(),
        "1:7 expected a list of entries, each beginning with '- id:', found nothing | write an entry below it, or",
        entry(),
    ),
    "an indentation from a web page": Mistake(
        entry().replace("    answer", "\u00a0\u00a0\u00a0\u00a0answer"),
        "5:1 expected a space, found U+00A0 NO-BREAK SPACE | replace it with an ordinary space; it often comes with",
        entry(),
    ),
    "a no-break space after a colon": Mistake(
        entry().replace("answer: ", "answer:\u00a0"),
        "5:12 expected a space, found U+00A0 NO-BREAK SPACE | replace it with an ordinary space; it often comes with",
        entry(),
    ),
    "a colon of a Japanese keyboard": Mistake(
        entry().replace("answer: ", "answer：").replace("Light", "光"),
        "5:11 expected ':' after a key, found '：' | write an ordinary colon, and a space after it",
        entry(answer="光"),
    ),
    "a dash that Word made of a hyphen": Mistake(
        entry().replace("- id", "– id"),
        "2:3 expected '- ' before an entry or an item, found '–' | write a hyphen",
        entry(),
    ),
    "a bullet of Word": Mistake(
        entry(answer="\uf0b7 Light"),
        "5:13 expected a character that every font has, found U+F0B7, a symbol of a font such as Symbol | delete "
        "it, or write",
        entry(),
    ),
    "a first line that is indented": Mistake(
        "  domain: basics\n" + entry().replace("    domain: basics\n", ""),
        "2:1 expected 'faq' in the column of the first key, found it in column 1 | begin this line and those of the",
        "domain: basics\n" + entry().replace("    domain: basics\n", ""),
    ),
    "a second entry without a hyphen": Mistake(
        entry() + "  id: beams\n",
        "6:3 expected 'id' in the column of 'answer' above (5), found it in column 3 | begin the line with 4 spaces; "
        "if an entry begins here, write '- ' before it",
        entry() + "  - {id: beams, domain: basics, question: What is a beam?, answer: Wood}\n",
    ),
    "a line of text that is not indented": Mistake(
        entry(answer="Light\nand more of it"),
        "6:1 expected 'key: value', found text without a ': ' | begin it with a key; if it belongs to the text above, "
        "indent it with 6 spaces",
        entry(answer="Light\n      and more of it"),
    ),
    "a file that is a list": Mistake(
        "- id: rays\n  domain: basics\n  question: What is a ray?\n  answer: Light\n",
        "1:1 expected sections with entries, such as 'faq:', found a list | begin the file with a section, and write",
        "faq:\n- id: rays\n  domain: basics\n  question: What is a ray?\n  answer: Light\n",
    ),
    "an entry without a hyphen": Mistake(
        entry().replace("- id", "  id"),
        "2:5 expected a list of entries, each beginning with '- id:', found a mapping | write '- ' before the first",
        entry(),
    ),
    "a list with asterisks": Mistake(
        LIST.format(items="\n      * Alpha\n      * Beta"),
        "6:7 expected '- ' before an item, found '*' | write '-'; if it is text, put",
        GOOD_LIST,
    ),
    "an item with a question mark for an id": Mistake(
        LIST.format(items="\n      - '?': Alpha\n      - beta: Beta"),
        "6:9 expected an id of lower-case letters, digits and single hyphens, found '?' | for example: red; if it is",
        GOOD_LIST,
    ),
    "a list in a line": Mistake(
        LIST.format(items=" Alpha, Beta"),
        "5:12 expected a list of items, each an id and its text, found text | begin each with a hyphen, a space and an",
        GOOD_LIST,
    ),
    "hyphens without a space": Mistake(
        LIST.format(items="\n      -alpha: Alpha\n      -beta: Beta"),
        "6:7 expected a list of items, each an id and its text, found a mapping | begin each with a hyphen, a space",
        GOOD_LIST,
    ),
    "a list of one": Mistake(
        LIST.format(items="\n      - alpha: Alpha"),
        "6:7 expected at least two items, found 1 | add another one, or use a key with a single text, such as `answer`",
        GOOD_LIST,
    ),
    "a procedure with one step": Mistake(
        "procedures:\n  - id: tea\n    domain: basics\n    name: Tea\n    steps:\n      - pour: Pour.\n",
        "6:7 expected at least two steps, found 1 | add another one, or ask for it under `facts:`",
        "procedures:\n  - id: tea\n    domain: basics\n    name: Tea\n    facts:\n"
        "      - {id: pour, question: How is tea made?, answer: Hot water is poured over it}\n",
    ),
    "an item that has a colon": Mistake(
        LIST.format(items="\n      - Alpha rays: small\n      - beta: Beta"),
        "6:9 expected an id of lower-case letters, digits and single hyphens, found 'Alpha rays' | for example: "
        "alpha-rays; if it is text, put the whole text in quotes",
        LIST.format(items="\n      - alpha-rays: small\n      - beta: Beta"),
    ),
    "a list as the answer": Mistake(
        entry(answer="[Alpha, Beta]").replace("[Alpha, Beta]", "\n      - Alpha\n      - Beta"),
        "6:7 expected text, found a list | write one text; a list of answers goes in a key such as `items`",
        GOOD_LIST,
    ),
    "an answer and a list": Mistake(
        GOOD_LIST + "    answer: Rays\n",
        "8:5 expected 'items' or 'answer', found both | delete one of the two",
        GOOD_LIST,
    ),
    "no text": Mistake(
        entry(answer=""),
        "5:12 expected text, found nothing | write the text after the colon, or delete the key",
        entry(),
    ),
    "a key twice": Mistake(
        entry() + "    answer: Rays\n",
        "6:5 duplicate key 'answer'; it was first used on line 5 | delete one of the two",
        entry(),
    ),
    "a date of another country": Mistake(
        SOURCED.format(pair="as_of: 24.11.2026"),
        "2:80 expected a date like 2026, 2026-11 or 2026-11-24, found '24.11.2026' | for example: 2026-11-24",
        SOURCED.format(pair="as_of: 2026-11-24"),
    ),
    "yes for true": Mistake(
        GOOD_LIST + "    open: yes\n",
        "8:11 expected true or false, found 'yes' | for example: true",
        GOOD_LIST + "    open: true\n",
    ),
    "an id with its kind": Mistake(
        SOURCED.format(pair="confuse_with: faq/beams")
        + "  - {id: beams, domain: basics, question: What is a beam?, answer: Wood}\n",
        "2:87 expected an id of lower-case letters, digits and single hyphens, found 'faq/beams' | for example: beams",
        SOURCED.format(pair="confuse_with: beams")
        + "  - {id: beams, domain: basics, question: What is a beam?, answer: Wood}\n",
    ),
    "a first id with its kind": Mistake(
        SOURCED.format(pair="was: faq/beams"),
        "2:78 expected an id of lower-case letters, digits and single hyphens, found 'faq/beams' | for example: beams",
        SOURCED.format(pair="was: beams"),
    ),
    "groups that are written like items": Mistake(
        LIST.format(items=" 0").replace(
            "items: 0", "groups:\n    - warm: [a: A, b: B]\n    - {id: x, name: X, items: [c: C, d: D]}"
        ),
        "6:7 expected a group with `id`, `name` and `items`, found only 'warm' | write 'id: warm', its",
        LIST.format(items=" 0").replace(
            "items: 0",
            "groups:\n    - {id: warm, name: Warm, items: [a: A, b: B]}\n    - {id: x, name: X, items: [c: C, d: D]}",
        ),
    ),
    "a key of the wrong level": Mistake(
        TEA + "    phases: [{id: x, name: X, items: [a: A, b: B]}, {id: y, name: Y, items: [c: C, d: D]}]\n",
        "5:5 'phases' is not a key of procedure | 'phases' is a key of `steps`: write it below that; keys:",
        TEA
        + "    steps:\n      phases: [{id: x, name: X, items: [a: A, b: B]}, {id: y, name: Y, items: [c: C, d: D]}]\n",
    ),
    "an entry twice": Mistake(
        entry() + entry("What is light?", "Rays").removeprefix("faq:\n"),
        "6:5 the id of faq/rays is already used: see decks/demo/cards.yaml:2:5 | "
        "choose another id for the newer of the two",
        entry() + entry("What is light?", "Rays").removeprefix("faq:\n").replace("id: rays", "id: light"),
    ),
    "a rule without a reason": Mistake(
        SOURCED.format(pair="allow: yes-no"),
        "2:80 expected a mapping from a rule to text, found text | write each on a line of its own below the key, "
        "without a hyphen: a rule, a colon and text",
        entry() + "    allow:\n      yes-no: It asks for both\n",
    ),
    "a source that is not declared": Mistake(
        SOURCED.format(pair="source: books"),
        "2:81 'books' is not a source of this project; did you mean 'book'? | declared in sources.yaml: book, leaflet; "
        "you can add others there",
        SOURCED.format(pair="source: book"),
    ),
    "a picture that is elsewhere": Mistake(
        entry("'What is it? ![A dot](dot.png)'"),
        "4:37 there is no file 'dot.png'; did you mean 'media/dot.png'? | paths are relative to the folder of "
        "this YAML file",
        entry("'What is it? ![A dot](media/dot.png)'"),
    ),
    "a picture that is missing": Mistake(
        entry("'What is it? ![A ray](ray.jpg)'"),
        "4:37 there is no file 'ray.jpg' | paths are relative to the folder of this YAML file; or put a copy of "
        "the file into "
        "the folder 'media' next to the YAML file, and write 'media/ray.jpg'",
        entry("'What is it? ![A dot](media/dot.png)'"),
    ),
    "a picture outside the project": Mistake(
        entry("'What is it? ![A dot](../../../dot.png)'"),
        "4:37 expected a file in the project, found '../../../dot.png' outside it | put a copy of the file into "
        "the folder 'media' next to the YAML file, and write 'media/dot.png'",
        entry("'What is it? ![A dot](media/dot.png)'"),
    ),
    "two documents": Mistake(
        entry() + "---\nterms: []\n",
        "6:1 expected one document, found a second after '---' | delete the line with '---', or move what is below it",
        entry() + "terms: []\n",
    ),
    "an empty file": Mistake("", "1:1 expected keys and values, found nothing | fill it in, or delete it", entry()),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gives_one_message_whose_next_step_works(name, tmp_path):
    mistake = MISTAKES[name]

    def errors(text: str) -> list[str]:
        files = {"demo/cards.yaml": text, "demo/media/dot.png": sample.png()}
        _, found = sample.compiled(sample.write(tmp_path, files))
        return [
            f"{one.position.line}:{one.position.column} {one.message} | {one.help}"
            for one in found
            if one.severity.value == "error"
        ]

    (found,) = errors(mistake.wrong)
    assert found.startswith(mistake.message)
    assert errors(mistake.right) == []


PROJECT_MISTAKES = {
    "domains as a list": (
        "deckgen.yaml",
        sample.PROJECT.partition("domains:")[0] + "domains:\n  - Basics\n",
        "5:3 expected a mapping from an id to text, found a list | write each on a line of its own below the key, "
        "without a hyphen: an id, a colon and text",
    ),
    "no for off": (
        "deckgen.yaml",
        sample.PROJECT + "rules:\n  source-missing: no\n",
        "8:19 expected 'on', 'off', or a mapping from thresholds to numbers, found 'no' | for example: off",
    ),
    "an address without https": (
        "sources.yaml",
        "book:\n  title: A book\n  url: www.example.org\n",
        "3:8 expected an address that begins with 'https://', found 'www.example.org' | for example: "
        "https://www.example.org",
    ),
    "the key of another program": (
        "sources.yaml",
        "book:\n  title: A book\n  link: https://example.org\n",
        "3:3 'link' is not a key of a source; did you mean 'url'? | keys: title, url",
    ),
}


@pytest.mark.parametrize("name", PROJECT_MISTAKES)
def test_a_mistake_in_a_file_of_the_project_gives_one_message_with_a_next_step(name, tmp_path):
    file, text, message = PROJECT_MISTAKES[name]
    _, found = sample.compiled(sample.write(tmp_path, {file: text, "demo/cards.yaml": entry()}))

    (error,) = [one for one in found if one.severity.value == "error"]
    assert f"{error.position.line}:{error.position.column} {error.message} | {error.help}".startswith(message)
