"""The documents say what the code does: generated pages are current, examples compile, commands exist."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import dedent

import click
import pytest
import yaml
from click.testing import CliRunner

import sample
from deckgen.cli import main
from deckgen.core.diagnostics import Severity
from deckgen.kinds.registry import all_kinds
from deckgen.lint.run import all_lint_rules
from deckgen.manual.reference_pages import language_page, rules_page

REPOSITORY = Path(__file__).parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")


def commands_page() -> str:
    """The help of every command, as the page docs/reference/commands.md."""
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
    "docs/reference/language.md": language_page,
    "docs/reference/rules.md": rules_page,
    "docs/reference/commands.md": commands_page,
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
    guide = REPOSITORY / "docs/explanation/updates.md"
    table = f"<!-- survives -->\n{_survival_table()}\n<!-- end -->"
    if os.environ.get("DECKGEN_DOCS") == "write":
        text = re.sub(
            r"<!-- survives -->.*<!-- end -->", lambda _: table, guide.read_text(encoding="utf-8"), flags=re.S
        )
        guide.write_text(text, encoding="utf-8")

    assert table in guide.read_text(encoding="utf-8")


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


PAGES = [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_of_a_page_to_a_file_leads_to_one(page):
    text = re.sub(r"(?ms)^( *)```.*?^\1```|`[^`\n]*`", "", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)|src=\"([^\":]+)\"", text):
        assert page.parent.joinpath(target[0] or target[1]).exists(), target


def _anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    text = re.sub(r"(?ms)^( *)```.*?^\1```", "", page.read_text(encoding="utf-8"))
    headings = re.findall(r"(?m)^#+ (.*)$", text)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_of_a_page_to_a_heading_leads_to_one(page):
    text = re.sub(r"(?ms)^( *)```.*?^\1```|`[^`\n]*`", "", page.read_text(encoding="utf-8"))
    for target, anchor in re.findall(r"\]\(([^)#:]*\.md|)#([^)]+)\)", text):
        assert anchor in _anchors(page.parent / (target or page.name)), f"{target}#{anchor}"


def test_the_readme_convinces_in_a_minute():
    lines = README.splitlines()
    first = "\n".join(lines[:40])

    assert len(lines) < 130
    assert all(wanted in first for wanted in ("\nmake ", "\nmake test", "```yaml", "docs/card.png"))


def test_every_path_of_the_code_owners_exists():
    owners = (REPOSITORY / ".github/CODEOWNERS").read_text(encoding="utf-8")
    paths = re.findall(r"^#? ?(\S+/\S*) +@", owners, re.MULTILINE)

    assert paths
    assert [path for path in paths if not (REPOSITORY / path).exists()] == []


def test_every_guide_is_in_the_index():
    index = (REPOSITORY / "docs/README.md").read_text(encoding="utf-8")
    pages = [str(page.relative_to(REPOSITORY / "docs")) for page in PAGES if page.parent.parent.name == "docs"]

    assert [page for page in pages if f"({page})" not in index] == []


def test_contributing_states_the_limits_that_the_rules_have():
    limits = {rule.name: rule.thresholds for rule in all_lint_rules().values()}
    question, items = limits["question-length"], limits["item-length"]
    stated = (question["warning"], limits["answer-length"]["hint"], items["warning"], items["step-warning"])

    assert [number for number in stated if f"t most {number.default} words" not in CONTRIBUTING] == []
    assert limits["steps-size"]["warning"].default == 7
    for page in ("CONTRIBUTING.md", "docs/how-to/procedures.md", "docs/reference/language.md"):
        assert re.search(r"(?i)more than seven (steps|go)\b", (REPOSITORY / page).read_text(encoding="utf-8")), page


@pytest.mark.parametrize("hook", yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text()))
def test_a_pre_commit_hook_is_a_command_with_its_options(hook):
    program, *arguments = hook["entry"].split()

    assert program == "deckgen"
    assert CliRunner().invoke(main, [*arguments, "--help"]).exit_code == 0
    assert f"id: {hook['id']}" in (REPOSITORY / "docs/how-to/automate.md").read_text(encoding="utf-8")


def test_the_glossary_is_sorted_and_has_every_kind():
    text = (REPOSITORY / "docs/reference/glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| ([a-z][a-z ]*) \| (.+) \|$", text, re.MULTILINE)[1:]
    pages = " ".join(page.read_text(encoding="utf-8").lower() for page in PAGES if page.name != "glossary.md")

    assert [word for word, _ in words] == sorted(word for word, _ in words)
    assert [word for word, _ in words if word not in pages] == []
    assert set(re.findall("`([a-z]+)`", dict(words)["kind"])) == {kind.name for kind in all_kinds().values()}
