"""Only plain web and mail addresses are allowed on cards."""

from __future__ import annotations

import pytest

from deckgen.core.urls import url_problem


@pytest.mark.parametrize("url", ["https://a.org", "http://a.org/b?c#d", "mailto:a@b.org", "HTTPS://A.ORG"])
def test_an_address_that_is_allowed_on_a_card(url):
    assert url_problem(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "javascript:x",
        "https:",
        "https://",
        "https://localhost",
        "https://a@b.org",
        "file:///etc",
        "ftp://a.org",
        "a.org",
        "https://a b.org",
        "mailto:x",
        "https://[x",
    ],
)
def test_an_address_that_is_not_allowed(url):
    assert url_problem(url) is not None
