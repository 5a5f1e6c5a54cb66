"""The recipes of CONTRIBUTING work: their code is pasted into a copy of deckgen, which then keeps all contracts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

REPOSITORY = Path(__file__).parents[1]
CONTRIBUTING = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
CODE = {
    name: dedent(code)
    for name, code in re.findall(r"This is `(\w+\.py)`:\n\n   ```python\n(.*?)\n   ```\n", CONTRIBUTING, re.DOTALL)
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, in which recipes are followed."""
    return Path(shutil.copytree(REPOSITORY / "src", tmp_path / "src"))


def run(copy: Path, *command: str) -> str:
    """What a command prints with the copy in place of this deckgen."""
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def contract(copy: Path, tests: str, name: str) -> None:
    """Run the contract tests of one kind or note type."""
    kept_apart = ("-p", "no:cacheprovider", "--basetemp", str(copy.parent / "tmp"))
    run(copy, "pytest", "-q", "-n", "0", *kept_apart, str(REPOSITORY / tests), "-k", name)


@pytest.mark.slow
def test_the_recipe_for_a_kind(copy):
    (copy / "deckgen/kinds/event.py").write_text(CODE["event.py"], encoding="utf-8")

    contract(copy, "tests/kinds/test_contract.py", "event")
    assert "One card asks for the year" in run(copy, "deckgen", "explain", "event")
    assert "--year" in run(copy, "deckgen", "new", "event", "--help")


@pytest.mark.slow
def test_the_recipe_for_a_note_type(copy):
    (using,) = re.findall(r"becomes\s+`(yield timeline\.note\(.*?\))`", CONTRIBUTING)
    kind = CODE["event.py"].replace("import question", "import timeline")
    kind = re.sub(r"yield question\.note\(.*\)", using, kind)
    (copy / "deckgen/cards/note_types/timeline.py").write_text(CODE["timeline.py"], encoding="utf-8")
    (copy / "deckgen/kinds/event.py").write_text(kind, encoding="utf-8")

    contract(copy, "tests/cards/test_note_types.py", "timeline")
    contract(copy, "tests/cards/test_style.py", "timeline")
    contract(copy, "tests/kinds/test_contract.py", "event")


@pytest.mark.slow
def test_the_recipe_for_a_command(copy):
    (copy / "deckgen/commands/tags.py").write_text(CODE["tags.py"], encoding="utf-8")

    contract(copy, "tests/commands/test_contract.py", "tags")
    assert "  tags     Count the notes of each tag." in run(copy, "deckgen", "--help")


def test_the_recipe_for_an_output_format(copy, tmp_path):
    ((module, code),) = re.findall(r"For `(\w+\.py)`:\n\n   ```python\n(.*?)\n   ```\n", CONTRIBUTING, re.DOTALL)
    ((name, function),) = re.findall(r"Add it to `FORMATS`: `(\"\w+\"): (\w+)`", CONTRIBUTING)
    path = copy / "deckgen/reports" / module
    text = path.read_text(encoding="utf-8")
    head, formats, rest = text.partition("\nFORMATS: ")
    assert formats
    edited = f"{head}\n{dedent(code)}\n\n{formats}{rest.replace('{', f'{{{name}: {function}, ', 1)}"
    path.write_text(edited, encoding="utf-8")

    listed = run(copy, "deckgen", "-C", "tests/golden/all-kinds", "list", "--format", name.strip('"'))
    assert "\n- `faq/" in listed


@pytest.mark.parametrize("name", CODE)
def test_the_code_of_a_recipe_passes_the_linter(name, tmp_path):
    path = tmp_path / name
    path.write_text(CODE[name] + "\n", encoding="utf-8")

    run(REPOSITORY / "src", "ruff", "check", "--config", "pyproject.toml", str(path))
    run(REPOSITORY / "src", "ruff", "format", "--check", "--config", "pyproject.toml", str(path))
