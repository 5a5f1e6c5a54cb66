"""A report gives every problem once, in the order of the sources, and stays short."""

from __future__ import annotations

from deckgen.core.diagnostics import MAX_MESSAGE, MAX_SUGGESTIONS, Diagnostic, Position, Report, Rule, Severity, select

RULE = Rule("some-rule", "Something is wrong.", "It matters.")
HINT = Rule("some-hint", "Something could be better.", "It matters a little.", severity=Severity.HINT)


def test_a_report_gives_each_diagnostic_once_in_the_order_of_the_sources():
    report = Report()
    for line in (3, 1, 3):
        report.add(RULE, Position("a.yaml", line), "wrong")

    assert [found.position.line for found in report] == [1, 3]
    assert report.has_errors


def test_a_long_message_is_cut_and_has_one_line():
    report = Report()
    report.add(RULE, Position("a.yaml"), "one\ntwo " + "x" * 2 * MAX_MESSAGE)
    (found,) = report

    assert found.message.startswith("one two x")
    assert len(found.message) == MAX_MESSAGE + 1


def test_only_the_first_misspelt_words_get_a_suggestion():
    report = Report()
    suggestions = [report.did_you_mean("anwser", ["answer"]) for _ in range(MAX_SUGGESTIONS + 1)]

    assert suggestions == ["; did you mean 'answer'?"] * MAX_SUGGESTIONS + [""]


def test_a_word_that_resembles_none_gets_no_suggestion():
    assert Report().did_you_mean("question", ["answer"]) == ""


def test_the_only_word_that_begins_with_a_wrong_one_is_suggested():
    known = ["faq/cornerstone-of-effective-intervention", "faq/corner-stones"]

    assert Report().did_you_mean("faq/cornerstone", known) == f"; did you mean '{known[0]}'?"


def test_a_diagnostic_is_the_same_after_it_was_stored():
    found = Diagnostic(Position("a.yaml", 2, 3), "some-rule", "wrong", "do this", Severity.WARNING)

    assert Diagnostic.from_row(found.row()) == found


def test_hints_are_shown_on_request_or_if_their_rule_is_named():
    report = Report()
    report.add(RULE, Position("a.yaml", 1), "wrong")
    report.add(HINT, Position("a.yaml", 2), "could be better")

    assert [found.rule for found in select(report)] == ["some-rule"]
    assert [found.rule for found in select(report, hints=True)] == ["some-rule", "some-hint"]
    assert [found.rule for found in select(report, ["some-hint"])] == ["some-hint"]
    assert [found.rule for found in select(report, ignored=["some-rule"], hints=True)] == ["some-hint"]
