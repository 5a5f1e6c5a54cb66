"""Whole projects at random: every finding has its place, and what is built is what a learner gets.

``make fuzz`` tries many more than ``make test`` does.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, event, given
from hypothesis import strategies as st

import sample
from examples import examples
from grammar import decks, edited, projects
from properties import build, check_findings, check_package, learner_gets, run
from targets import edits

EXAMPLES = int(os.environ.get("DECKGEN_FUZZ", "0"))
PHASES = [Phase.explicit, Phase.generate, *([Phase.shrink] if "DECKGEN_FUZZ" in os.environ else [])]


RANDOMLY = examples(
    few=EXAMPLES or 4,
    many=EXAMPLES or 20,
    phases=PHASES,
    derandomize="DECKGEN_FUZZ" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@RANDOMLY
@given(projects())
def test_a_project_is_found_at_fault_or_built_as_it_says(files):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _, found = sample.compiled(sample.write(folder, files, base=False))
        failed = check_findings(found)
        event("refused" if failed else "built")
        for command in ("check", "check --format sarif", "list", "stats", "ids --check"):
            result = run(folder, *command.split())
            assert result.exit_code == 0 or failed or command.startswith("ids"), result.output
        if not failed:
            packages = build(folder)
            before = contents(folder)
            for path in packages:
                check_package(path)
            learner_gets(packages)
            build(folder)

            assert contents(folder) == before


@RANDOMLY
@given(projects(), st.data())
def test_a_project_that_was_edited_is_built_as_one_that_never_was_before(files, data):
    with tempfile.TemporaryDirectory() as name:
        folder, afresh = Path(name, "one"), Path(name, "two")
        root = sample.write(folder, files, base=False)
        run(folder, "build")
        for path in data.draw(st.lists(st.sampled_from(sorted(root.rglob("*.yaml"))), min_size=1, max_size=2)):
            path.write_bytes(data.draw(edited(path.read_bytes())))
        shutil.copytree(folder, afresh)
        results = [run(folder, "build"), run(afresh, "build", DECKGEN_CACHE="off")]
        event("refused" if results[0].exit_code else "built")

        # Without a cache, a build cannot tell that a package in the output folder is its own.
        assert results[0].output.replace(", unchanged", "") == results[1].output
        assert contents(folder) == contents(afresh)


@RANDOMLY
@given(decks())
def test_a_file_is_edited_where_asked_and_nowhere_else(content):
    edits(content)


def contents(folder: Path) -> dict[str, str]:
    """Everything that a build leaves."""
    paths = [*folder.glob("build/*"), *folder.glob("decks/deckgen.lock")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
