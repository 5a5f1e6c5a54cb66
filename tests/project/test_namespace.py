"""Namespaces of examples, which can belong to no project."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

import sample
from deckgen.cli import main
from deckgen.project.manifest import is_example


@pytest.mark.parametrize(
    "namespace",
    ["example.org", "EXAMPLE.com", "decks.example.net", "example", "clinic.example", "my.test", "localhost"],
)
def test_names_reserved_for_documentation_are_examples(namespace):
    assert is_example(namespace)


@pytest.mark.parametrize(
    "namespace", ["interventional-pain-decks", "example.de", "myexample.org", "example.org.uk", "test.org", "contest"]
)
def test_other_names_are_not(namespace):
    assert not is_example(namespace)


def test_an_example_as_the_namespace_is_a_warning_whose_way_out_works(tmp_path):
    project = sample.PROJECT.replace(sample.NAMESPACE, "example.org")
    cards = "faq: [{id: a, domain: basics, question: Is it?, answer: It is}]\n"
    root = sample.write(
        tmp_path, {"deckgen.yaml": project + sample.without(*sample.CONTENT_RULES), "demo/a.yaml": cards}
    )
    result = CliRunner().invoke(main, ["build"])

    assert result.exit_code == 0
    assert "decks/deckgen.yaml:1:1: warning: the namespace 'example.org' is reserved for examples" in result.stderr
    assert "[example-namespace]" in CliRunner().invoke(main, ["build"]).stderr
    release = CliRunner().invoke(main, ["release", "v1"])
    assert release.exit_code == 1
    assert release.stderr.endswith("a release must have no errors or warnings; found 0 errors, 1 warning\n")
    (root / "deckgen.yaml").write_text(project.replace("example.org", "mine") + sample.without(*sample.CONTENT_RULES))
    (root / "deckgen.lock").unlink()
    assert CliRunner().invoke(main, ["check", "--strict"]).exit_code == 0
