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
