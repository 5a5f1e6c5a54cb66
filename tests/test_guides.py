"""The guides can be followed: every command of a tutorial or how-to guide is run, and every card in one compiles."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import others
import sample
from author import Author, of
from deckgen.core.diagnostics import Severity
from learner import Learner

REPOSITORY = Path(__file__).parent.parent
GUIDES = sorted(path.relative_to(REPOSITORY / "docs") for path in REPOSITORY.glob("docs/how-to/*.md"))
TUTORIALS = sorted(path.relative_to(REPOSITORY / "docs") for path in REPOSITORY.glob("docs/tutorials/*.md"))
DECKGEN = Path(sys.executable).parent / "deckgen"
SERVES = ("make preview", "deckgen preview")
"""How commands begin that serve a page until they are interrupted."""

CARDS = """\
domain: basics
faq:
  - {id: cornerstone, question: What is the cornerstone?, answer: It is this}
  - {id: diagnosis-first, question: What comes first?, answer: The diagnosis}
"""
"""What the guides tell to change."""


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of code in a page, without the indentation that one within a list has."""
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", text, re.MULTILINE | re.DOTALL)
    return [re.sub(f"(?m)^{indent}", "", block) for indent, block in found]


def follow(page: Path, folder: Path, clone: str = "") -> None:
    """Write the files and run the commands of a page, in the order of the page, as one shell would."""
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    bin = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}", "PYTHON": "python3"}
    for _, language, block in re.findall(r"^( *)```(sh|yaml)\n(.*?)^\1```", text, re.MULTILINE | re.DOTALL):
        first, _, rest = block.partition("\n")
        if language == "yaml":
            if named := re.fullmatch("# file: (.+)", first):
                path = folder / "decks" / named[1]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(rest, encoding="utf-8")
            continue
        for line in block.splitlines():
            command = line.partition("  #")[0].replace("https://github.com/OWNER/deckgen", clone)
            if command.startswith(SERVES):
                assert serves(command, folder, environment), f"{page}: {command}"
            elif command.startswith("cd "):
                folder = folder / command.removeprefix("cd ")
            else:
                done = subprocess.run(
                    ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, f"{page}: {command}\n{done.stdout}{done.stderr}"


def serves(command: str, folder: Path, environment: dict[str, str]) -> bool:
    """Whether a command prints an address; it is then interrupted, as with Ctrl+C."""
    with subprocess.Popen(
        command.split(), cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        found = any("http://" in line for line in process.stdout)
        os.killpg(process.pid, signal.SIGINT)
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a release, and a card that is new since."""
    folder = tmp_path_factory.mktemp("project")
    author = Author(folder)
    sample.write(folder, {"demo/cards.yaml": CARDS}, base=False)
    author.releases(-60)
    author.tags("v1")
    author.edits("It is this", "It is that")
    author.releases(-30)
    for name, value in {"user.name": "A", "user.email": "a@example.org", "commit.gpgSign": "false"}.items():
        subprocess.run(["git", "config", name, value], cwd=folder, check=True)
    author.commits("Reword")
    subprocess.run(["git", "branch", "-M", "main"], cwd=folder, check=True)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", GUIDES, ids=str)
def test_the_commands_of_a_guide_work(page, project, tmp_path, monkeypatch):
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.org")
    shutil.copytree(project, tmp_path, dirs_exist_ok=True)

    if page.stem == "fix-a-card-while-reviewing":
        with Learner() as learner:
            learner.imports(tmp_path / "build/demo.apkg")
            learner.edits(of("faq/cornerstone"), "Answer", "It is <b>precisely</b> that")
            learner.exports(tmp_path / "fixed.apkg")
        shown = subprocess.run(
            [DECKGEN, "pull", "fixed.apkg"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert [shown.stdout] == blocks(page, "diff")
    if page.stem == "bring-your-deck":
        for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD"):  # where no consent counts
            monkeypatch.delenv(name, raising=False)
        others.by_genanki(tmp_path / "capitals.apkg")
        others.by_anki(tmp_path / "mine.colpkg", legacy=False)
        others.by_crowdanki(tmp_path / "geography")
        command = [DECKGEN, "adopt", "capitals.apkg", "capitals", "--prove"]
        shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert [re.sub(r"Anki [0-9.]+:", "Anki 26.9.3:", shown.stdout)] == blocks(page, "text")
        shutil.rmtree(tmp_path / "capitals")

    follow(page, tmp_path)


@pytest.mark.parametrize("page", [*GUIDES, *TUTORIALS], ids=str)
def test_the_cards_of_a_guide_compile(page, tmp_path):
    for number, block in enumerate(blocks(page, "yaml")):
        is_deck = re.search("^(faq|procedures|resources|pictures|cloze):", block, re.MULTILINE)
        if not is_deck or block.startswith("# file: "):  # a file that is written when the page is followed
            continue
        defaults = "" if re.search("^domain:", block, re.MULTILINE) else "domain: technical-proficiency\n"
        defaults += "" if re.search("^source:", block, re.MULTILINE) else "source: [skills-article]\n"
        files = {
            "deckgen.yaml": (REPOSITORY / "decks/deckgen.yaml").read_text(encoding="utf-8"),
            "sources.yaml": (REPOSITORY / "decks/sources.yaml").read_text(encoding="utf-8"),
            "demo/cards.yaml": defaults + block,
        }
        root = sample.write(tmp_path / str(number), files)
        shutil.copytree(REPOSITORY / "docs/how-to/media", root / "demo/media")
        _, found = sample.compiled(root)
        errors = [one for one in found if one.severity is Severity.ERROR and "/demo/" in one.position.path]
        assert [str(one) for one in errors] == []


@pytest.mark.slow
@pytest.mark.parametrize("page", TUTORIALS, ids=str)
def test_a_tutorial_can_be_followed_on_a_new_machine(page, tmp_path):
    """From a clone of this repository, without anything that is installed here."""
    follow(page, tmp_path, clone=f"{REPOSITORY} deckgen")
