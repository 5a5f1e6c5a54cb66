"""The contract of commands: each has a help text with an example that works. A new command is tested by being there."""

from __future__ import annotations

import inspect
import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import sample
from author import Author
from deckgen.cli import main

CARDS = """\
domain: basics
source: [book]
faq:
  - {id: two-phases, question: How many phases are there?, answer: Two}
  - {id: old-question, question: Which nerve was meant?, answer: This one}
  - {id: new-question, question: Which nerve is meant?, answer: That one}
"""
COMMANDS = main.list_commands(click.Context(main))
ANSWERS = "Which nerve is new?\nThe third one\n" + "\n" * 8
"""What is typed into commands that ask: a question, an answer, and then what is suggested."""


def help_of(name: str) -> tuple[click.Command, str]:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return command, inspect.cleandoc(command.help or "")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a deck 'pain', built and tagged as v1, and a package beside it."""
    author = Author(tmp_path)
    (tmp_path / "decks/demo").rename(tmp_path / "decks/pain")
    sample.write(tmp_path, {"pain/cards.yaml": CARDS, "pain/deck.yaml": "title: Pain\n"}, base=False)
    shutil.copy(author.releases(-60, "pain.apkg"), tmp_path / "verbs.apkg")
    author.tags("v1")
    shutil.copy(tmp_path / "build/pain.apkg", "export.apkg")
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_its_options_have_a_help_text(name):
    command, help = help_of(name)
    summary, *rest = help.split("\n\n")

    assert re.fullmatch(r"[A-Z][^\n]*[^.]\.", summary), "expected one line that ends in a full stop"
    assert rest
    assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_a_command_works(name, project):
    command, help = help_of(name)
    (example,) = re.findall(r"^Example: deckgen (.+)$", help, re.MULTILINE)
    verb, *arguments = shlex.split(example)
    assert verb == name
    if name in ("preview", "open"):  # one would serve for ever, the other open Anki
        assert command.make_context(name, arguments, parent=click.Context(main, **main.context_settings))
        return
    result = CliRunner().invoke(main, [verb, *arguments], input=ANSWERS)

    assert result.exit_code == 0, result.output
