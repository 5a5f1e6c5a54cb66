"""The documents say what the code does: generated pages are current, examples compile, commands exist."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import dedent

import click
import pytest
import yaml
from click.testing import CliRunner

import sample
from author import Author
from deckgen.cli import main
from deckgen.core.diagnostics import Severity
from deckgen.lint.run import all_lint_rules
from deckgen.reports.reference_pages import language_page, rules_page

REPOSITORY = Path(__file__).parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")


def commands_page() -> str:
    """The help of every command, as the page docs/commands.md."""
    parts = ["# The commands", "", "This page is made from the commands' own help by `make docs`.", ""]
    for name, context in _helps(
        main, click.Context(main, info_name="deckgen", terminal_width=88, **main.context_settings)
    ):
        parts += [f"## {name}", "", "```text", context.command.get_help(context), "```", ""]
    return "\n".join(parts).rstrip() + "\n"


def _helps(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Context]]:
    yield context.command_path, context
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, terminal_width=88)
        if isinstance(command, click.Group):
            yield from _helps(command, inner)
        else:
            yield inner.command_path, inner


GENERATED = {
    "docs/language.md": language_page,
    "docs/rules.md": rules_page,
    "docs/commands.md": commands_page,
}


@pytest.mark.parametrize("page", GENERATED)
def test_a_generated_page_is_current(page):
    path = REPOSITORY / page
    if os.environ.get("DECKGEN_DOCS") == "write":
        path.write_text(GENERATED[page](), encoding="utf-8")

    assert path.read_text(encoding="utf-8") == GENERATED[page]()


RESULTS = REPOSITORY / "tests/anki/results"


def _survival_table() -> str:
    """What the update tests saw survive, as the table of the learner's guide: what always does comes first."""
    by_version = {tuple(map(int, path.stem.split("."))): _read_results(path) for path in RESULTS.glob("*.tsv")}
    versions = sorted(by_version)
    rows = by_version[versions[-1]]
    assert [version for version in versions if by_version[version].keys() != rows.keys()] == []
    kept = {row: [version for version in versions if by_version[version][row]] for row in rows}
    lines = [
        f"| {row} | {_range(kept[row], versions)} |" for row in sorted(rows, key=lambda row: (-len(kept[row]), row))
    ]
    tested = f"Tested on Anki {', '.join(map(_dotted, versions[:-1]))} and {_dotted(versions[-1])}."
    return "\n".join(["| what | survives |", "| --- | --- |", *lines, "", tested])


def _read_results(path: Path) -> dict[str, bool]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {what: kept == "yes" for kept, what in (line.split("\t") for line in lines)}


def _range(kept: Sequence[tuple[int, ...]], versions: Sequence[tuple[int, ...]]) -> str:
    if not kept:
        return "no"
    assert kept == versions[-len(kept) :], "a table that says 'from' needs what is kept to be kept from then on"
    return "yes" if kept == versions else f"from Anki {_dotted(kept[0])}"


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def test_the_learners_guide_says_what_the_update_tests_saw():
    guide = REPOSITORY / "docs/learners.md"
    table = f"<!-- survives -->\n{_survival_table()}\n<!-- end -->"
    if os.environ.get("DECKGEN_DOCS") == "write":
        text = re.sub(
            r"<!-- survives -->.*<!-- end -->", lambda _: table, guide.read_text(encoding="utf-8"), flags=re.S
        )
        guide.write_text(text, encoding="utf-8")

    assert table in guide.read_text(encoding="utf-8")


def test_every_command_is_in_the_readme():
    context = main.make_context("deckgen", ["check"])

    assert [name for name in main.list_commands(context) if f"deckgen {name}" not in README] == []


def test_every_make_target_that_the_readme_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    named = {
        first or second
        for first, second in re.findall(r"`make ([a-z-]+)`|^make ([a-z-]+)", README + CONTRIBUTING, re.MULTILINE)
    }

    assert named
    assert named - targets == set()


def test_the_cards_of_the_readme_compile(tmp_path):
    examples = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)

    assert examples
    for number, example in enumerate(examples):
        files = {
            "deckgen.yaml": (REPOSITORY / "decks/deckgen.yaml").read_text(),
            "sources.yaml": (REPOSITORY / "decks/sources.yaml").read_text(),
            "demo/cards.yaml": dedent(example),
        }
        _, found = sample.compiled(sample.write(tmp_path / str(number), files))
        severe = [one for one in found if one.severity is not Severity.HINT]
        assert [str(one) for one in severe if one.position.path.endswith("cards.yaml")] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/learners.md"])
def test_every_link_of_a_page_to_a_file_leads_to_one(page):
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)|src=\"([^\":]+)\"", text):
        assert (REPOSITORY / page).parent.joinpath(target[0] or target[1]).exists(), target


def test_an_edition_is_given_out_as_contributing_says(tmp_path, monkeypatch):
    (commands,) = re.findall(r"^```sh\n(deckgen release.*?)^```", CONTRIBUTING, re.MULTILINE | re.DOTALL)
    author = Author(tmp_path)
    author.releases(-60)
    author.tags("v1")
    author.edits("It is the second}", "It is the last but one}")
    author.releases(-30)
    monkeypatch.chdir(tmp_path)
    for name, value in {"user.name": "A", "user.email": "a@example.org", "commit.gpgSign": "false"}.items():
        subprocess.run(["git", "config", name, value], check=True)
    subprocess.run(["git", "commit", "-qam", "Reword"], check=True)
    for line in commands.splitlines():
        command, _, _ = line.partition("  #")
        program = [sys.executable, "-m"] if command.startswith("deckgen") else []
        subprocess.run([*program, *shlex.split(command)], check=True)

    made = {path.name for path in (tmp_path / "build").iterdir()}
    assert made == {"demo.apkg", "demo-since-v1.apkg", "demo-since-v1.txt"}
    assert subprocess.check_output(["git", "tag"], text=True).split() == ["v1", "v2"]


def test_contributing_states_the_limits_that_the_rules_have():
    limits = {rule.name: rule.thresholds for rule in all_lint_rules()}
    question, items = limits["question-length"], limits["item-length"]
    stated = (question["warning"], limits["answer-length"]["hint"], items["warning"], items["step-warning"])

    assert [number for number in stated if f"t most {number} words" not in CONTRIBUTING] == []


@pytest.mark.parametrize("hook", yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text()))
def test_a_pre_commit_hook_is_a_command_with_its_options(hook):
    program, *arguments = hook["entry"].split()

    assert program == "deckgen"
    assert CliRunner().invoke(main, [*arguments, "--help"]).exit_code == 0
    assert f"id: {hook['id']}" in CONTRIBUTING
