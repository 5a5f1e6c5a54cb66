"""A newcomer's first deck, from installing to the second release: exactly the card that was edited is updated."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from learner import Learner, visible

REPOSITORY = Path(__file__).parents[1]
DECK = "decks/anatomie"
CARDS = """\
source: [buch]
domain: hand

faq:
  - id: nerven
    question: Welche drei Nerven versorgen die Hand?
    items:
      - median: N. medianus
      - ulnar: N. ulnaris
      - radial: N. radialis
  - {id: daumen, question: Welcher Nerv führt zum Daumenballen?, answer: N. medianus, why: Er liegt ihm am nächsten.}
  - {id: kleinfinger, question: Welcher Nerv führt zum kleinen Finger?, answer: N. ulnaris}

procedures:
  - id: haendewaschen
    name: Händewaschen
    steps:
      - nass: Hände nass machen.
      - seife: Seife nehmen.
      - reiben: Alle Flächen reiben.
  - {id: blutdruck, name: Blutdruckmessung, definition: Messung des Drucks in einer Arterie}

cloze:
  - {id: tunnel, text: "Der {{c1::N. medianus}} zieht durch den {{c2::Karpaltunnel::Ort}}."}
  - {id: loge, text: "Der {{c1::N. ulnaris}} zieht durch die Guyon-Loge."}

terms:
  - {id: carpus, term: carpus, meaning: Handwurzel, part: Substantiv}
  - {id: pollex, term: pollex, meaning: Daumen}
"""
NOTES = """\
source: [buch]
domain: hand

notes:
  - {id: kahnbein, type: knochen, fields: {Name: Kahnbein, Latein: Os scaphoideum}}
"""
FILES = {
    "decks/sources.yaml": "buch:\n  title: Ein Lehrbuch\n",
    f"{DECK}/cards.yaml": CARDS,
    f"{DECK}/knochen.yaml": NOTES,
    "decks/note-types/knochen/type.yaml": (
        "fields: [Name, Latein]\ntemplates:\n  - {name: Latein, front: front.html, back: back.html}\n"
    ),
    "decks/note-types/knochen/front.html": "<p>{{Name}} auf Latein?</p>\n",
    "decks/note-types/knochen/back.html": "{{FrontSide}}<hr id=answer><p>{{Latein}}</p>\n",
}


def first_deck(deckgen: list[str], folder: Path) -> None:
    """What a newcomer does; ``deckgen`` is the command."""

    def run(*arguments: str, at: float = 0, where: Path = folder / "anatomie") -> str:
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(time.time() + at))}
        command = [*deckgen, *arguments]
        result = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout + result.stderr

    options = ["--title", "Anatomie", "--author", "A. Autor", "--language", "de", "--domain", "Hand"]
    run("init", "anatomie", *options, where=folder)
    for name, text in FILES.items():
        path = folder / "anatomie" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert "0 errors, 0 warnings" in run("check", "--strict")
    run("build", at=-60)
    package = folder / "anatomie/build/anatomie.apkg"
    with Learner() as learner:
        assert learner.imports(package).new == 10
        fronts = " ".join(visible(card.front) for card in learner.cards())
        for words in ("Warum?", "Was kommt als Nächstes?", "Was bedeutet das?", "Alle drei", "Kahnbein auf Latein?"):
            assert words in fronts, words
        cards = folder / "anatomie" / DECK / "cards.yaml"
        cards.write_text(cards.read_text(encoding="utf-8").replace("Daumen}", "der Daumen}"), encoding="utf-8")
        run("build", at=-30)
        log = learner.imports(package)
        assert (log.new, log.updated, log.duplicate, log.conflicting) == (0, 1, 9, 0)


def test_a_newcomers_first_deck(tmp_path):
    first_deck([sys.executable, "-m", "deckgen"], tmp_path)


@pytest.mark.slow
def test_a_newcomer_installs_the_wheel_in_a_fresh_environment(tmp_path):
    """Needs pip, and the package index for what deckgen depends on."""
    shutil.copytree(REPOSITORY / "src", tmp_path / "source/src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, tmp_path / "source" / name)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    python = tmp_path / "fresh" / ("Scripts" if os.name == "nt" else "bin") / "python"
    for command in (
        [sys.executable, "-m", "venv", str(tmp_path / "fresh")],
        [
            str(python),
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--wheel-dir",
            str(tmp_path),
            str(tmp_path / "source"),
        ],
        [str(python), "-m", "pip", "install", "--quiet", "--find-links", str(tmp_path), "anki-deckgen"],
    ):
        subprocess.run(command, check=True, cwd=tmp_path, env=environment)
    assert list(tmp_path.glob("anki_deckgen-*.whl"))

    first_deck([str(python.with_name("deckgen"))], tmp_path)
