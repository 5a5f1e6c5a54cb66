"""Whole projects at random: every finding has its place, and what is built is what a learner gets.

``make fuzz`` tries many more than ``make test`` does.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, event, given, settings

import sample
from deckgen.cli import main
from grammar import decks, projects
from properties import build, check_findings, check_package, learner_gets
from targets import edits

EXAMPLES = int(os.environ.get("DECKGEN_FUZZ", "10"))
PHASES = [Phase.explicit, Phase.generate, *([Phase.shrink] if "DECKGEN_FUZZ" in os.environ else [])]


@settings(
    max_examples=EXAMPLES,
    phases=PHASES,
    derandomize="DECKGEN_FUZZ" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(projects())
def test_a_project_is_found_at_fault_or_built_as_it_says(files):
    with tempfile.TemporaryDirectory() as folder:
        root = sample.write(Path(folder), files, base=False)
        _, found = sample.compiled(root)
        failed = check_findings(found)
        event("refused" if failed else "built")
        _commands_speak(folder, failed)
        if not failed:
            first = build(Path(folder))
            before = _contents(Path(folder))
            for path in first:
                check_package(path)
            learner_gets(first)
            build(Path(folder))

            assert _contents(Path(folder)) == before


@settings(max_examples=EXAMPLES, phases=PHASES, derandomize="DECKGEN_FUZZ" not in os.environ)
@given(decks())
def test_a_file_is_edited_where_asked_and_nowhere_else(content):
    edits(content)


def _commands_speak(folder: str, failed: bool) -> None:
    """No command that only looks ends with a traceback."""
    here = Path.cwd()
    for command in (["check"], ["check", "--format", "sarif"], ["list"], ["stats"], ["ids", "--check"]):
        result = CliRunner().invoke(main, ["-C", folder, *command], catch_exceptions=False)
        os.chdir(here)

        assert result.exit_code in ((0, 1) if failed or command[0] == "ids" else (0,)), result.output


def _contents(folder: Path) -> dict[str, str]:
    paths = [*(folder / "build").iterdir(), folder / "decks/deckgen.lock"]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
