"""Write a project of a given number of notes, with all that real decks have: kinds, lists, Markdown, sources.

python tests/bench/generate.py NOTES FOLDER
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

# As in prose, a few short words stand everywhere and most of the vocabulary is rare and long.
SMALL = "the of in a with for by to and or on from at as".split()
STEMS = """arthr brachi capsul cardi cephal chondr crani dermat encephal fasci gangli hepat kinesi labr
ligament lumb menisc myel neur ophthalm oste pelvi periost phleb radicul sacr scapul spondyl stern
synov tend thorac vascul vertebr""".split()
BEFORE = "anti auto bi circum contra epi hyper infra inter intra para peri post pre retro sub supra trans".split()
AFTER = "al algia ar ation ectasis gram ic itis lysis oid ology oma opathy oscopy osis otomy plasty tic um ular".split()
WORDS = [f"{before}{stem}{after}" for before in ("", "", *BEFORE) for stem in STEMS for after in AFTER]

NOTES_A_FILE = 500
DOMAINS = [f"domain-{number}" for number in range(1, 9)]
SOURCES = [f"source-{number}" for number in range(1, 41)]


def write_project(folder: Path, notes: int, decks: int = 1, seed: int = 1) -> None:
    """A project below ``folder/decks``, the same for the same seed, in one deck or several of about the same size."""
    chance = random.Random(seed)
    root = folder / "decks"
    names = ["large", *(f"large-{number}" for number in range(2, decks + 1))]
    for name in names:
        (root / name).mkdir(parents=True, exist_ok=True)
        (root / name / "deck.yaml").write_text(f"title: {name.capitalize()}\n")
    domains = "".join(f"  {domain}: Skill {domain}\n" for domain in DOMAINS)
    (root / "deckgen.yaml").write_text(f"namespace: bench\ntitle: Bench\ntag: bench\ndomains:\n{domains}")
    (root / "sources.yaml").write_text(
        "".join(f"{source}:\n  title: The {source}\n  url: https://example.org/{source}\n" for source in SOURCES)
    )
    for start in range(0, notes, NOTES_A_FILE):
        end = min(start + NOTES_A_FILE, notes)
        text = "".join(_file(chance, start, end))
        (root / names[start * decks // notes] / f"part-{start // NOTES_A_FILE:05}.yaml").write_text(text)


def _file(chance: random.Random, start: int, end: int) -> list[str]:
    domain = DOMAINS[start // NOTES_A_FILE % len(DOMAINS)]
    parts = [f"domain: {domain}\nsource: [{chance.choice(SOURCES)}]\n\nfaq:\n"]
    numbers = range(start, end)
    parts += [
        _list(chance, number) if number % 10 == 3 else _question(chance, number)
        for number in numbers
        if number % 10 < 8
    ]
    parts.append("\nprocedures:\n")
    parts += [_procedure(chance, number) for number in numbers if number % 10 == 8]
    parts.append("\nresources:\n")
    parts += [_resource(chance, number) for number in numbers if number % 10 == 9]
    return parts


def _sentence(chance: random.Random, words: int) -> str:
    """One word in three is a small one, and of the long ones half are of the commonest fiftieth."""
    parts = []
    for _ in range(words):
        kind = chance.random()
        common = len(WORDS) // 50 if kind < 0.67 else len(WORDS)
        parts.append(chance.choice(SMALL) if kind < 0.33 else WORDS[int(chance.random() * common)])
    text = " ".join(parts)
    return text[0].upper() + text[1:]


def _question(chance: random.Random, number: int) -> str:
    return (
        f"  - id: question-{number}\n"
        # one in a hundred is too long
        f"    question: What {_sentence(chance, 30 if number % 100 == 50 else 11).lower()} {number}?\n"
        f"    answer: {_sentence(chance, 5)}\n"
        f"    full: |\n"
        f"      {_sentence(chance, 12)} **{_sentence(chance, 2)}** {_sentence(chance, 8)}:\n\n"
        + "".join(f"      - {_sentence(chance, 4)}\n" for _ in range(3))
        + f"    tags: [level::{number % 3}]\n"
    )


def _list(chance: random.Random, number: int) -> str:
    items = "".join(f"      - item-{place}: {_sentence(chance, 3)} {place}\n" for place in range(4))
    question = f"Name the four of {_sentence(chance, 9).lower()} {number}."
    return f"  - id: question-{number}\n    question: {question}\n    items:\n{items}"


def _procedure(chance: random.Random, number: int) -> str:
    """One facet, so that the number of notes is the number asked for."""
    steps = "".join(f"      - step-{place}: {_sentence(chance, 6)} {place}.\n" for place in range(5))
    return f"  - id: procedure-{number}\n    name: {_sentence(chance, 3)} {number}\n    steps:\n{steps}"


def _resource(chance: random.Random, number: int) -> str:
    return (
        f"  - id: resource-{number}\n"
        f"    name: {_sentence(chance, 5)} {number}\n"
        f"    acronym: {_acronym(number)}\n"
        f"    role: {_sentence(chance, 9)} {number}\n"
        f"    url: https://example.org/{number}\n"
        f"    as_of: 2026-11\n"
    )


def _acronym(number: int) -> str:
    """One that has the letters of no other: each decimal place has an alphabet of its own."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ΓΔΘΛΞΠΣΦΨΩБДЖИЛУФЦЧШЩЪЫЭЮЯЂЃЄЅЈ"
    return "".join(alphabet[10 * place + int(digit)] for place, digit in enumerate(reversed(str(number))))


if __name__ == "__main__":
    write_project(Path(sys.argv[2]), int(sys.argv[1]))
