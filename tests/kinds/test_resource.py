"""Resources: how their address is shown."""

from __future__ import annotations

import pytest

import sample


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.who.int/", "who.int"),
        ("HTTP://a.example.org/x//y?z=//", "a.example.org/x//y?z="),
        ("mailto:office@example.org", "office@example.org"),
    ],
)
def test_an_address_is_a_link_with_a_text(url, shown, tmp_path):
    (note,) = sample.notes(
        tmp_path, f"resources: [{{id: a, domain: basics, name: A, role: It, url: '{url}'}}]\n"
    ).values()

    assert sample.field(note, "Link") == f'<a href="{url}">{shown}</a>'


def test_an_acronym_that_is_to_be_asked_for_must_be_given(tmp_path):
    text = "resources:\n  - {id: a, domain: basics, name: A, role: It, ask_acronym: true}\n"

    assert sample.findings(tmp_path, text) == ["2:48 missing-key: `ask_acronym` needs an acronym, found none"]
