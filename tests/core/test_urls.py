"""Only plain web and email addresses are allowed on cards, and they show where they lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen.core.urls import plain_url, url_problem


@pytest.mark.parametrize(
    "url",
    [
        "https://a.org",
        "http://a.org/b?c#d",
        "HTTPS://A.ORG",
        "https://a.org:8080/x",
        "https://sub_domain.a-b.example.org/x_(y)",
        "https://müller.de/ä",
        "https://例え.jp",
        "https://xn--mller-kva.de",
        "https://doi.org/10.1000/182%20x",
        "mailto:a@b.org",
        "mailto:first.last+tag@b.example.org?subject=A%20question&body=x",
    ],
)
def test_an_address_that_is_allowed_on_a_card(url):
    assert url_problem(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "javascript:x",
        "https:",
        "https://",
        "https:///a.org",
        "https:a.org",
        "https://localhost",
        "https://a@b.org",
        "https://a:b@c.org",
        "file:///etc",
        "ftp://a.org",
        "a.org",
        "https://a b.org",
        "https://a.org/\x01",
        "https://a.org/\u00a0",
        "https://[x",
        "https://[::1]/",
        "https://evil.example\\.a.org",
        "https://evil.example\\@a.org",
        "https:\\\\a.org",
        "https://a.org%00.evil.example",
        "https://a%2eorg",
        "https://.",
        "https://...",
        "https://.a.org",
        "https://a..org",
        "https://a.org..",
        "https://%20.org",
        "https://-a.org",
        "https://a-.org",
        "https://a.org:",
        "https://a.org:0",
        "https://a.org:65536",
        "https://a.org:99999999",
        "https://a.org:x",
        "https://a.org:８０",
        "https://192.168.0.1",
        "https://0x7f.1",
        f"https://{'a' * 64}.org",
        f"https://{'a.' * 127}org",
        "https://\u2024\u2024.org",
        "https://a\u2100b.org",
        "https://\u200da.org",
        "mailto:x",
        "mailto:@a.org",
        "mailto:a@localhost",
        "mailto:a@b.org,c@d.org",
        "mailto:a@b.org%3Fbcc=c@d.org",
        "mailto:a@b.org?bcc=c@d.org",
        "mailto:a@b.org?subject=x&BCC=c@d.org",
        "mailto:a@b.org?%62cc=c@d.org",
        "mailto:a@b.org?cc=c@d.org",
        "mailto:?to=a@b.org",
        "mailto:a@b.org?attach=/etc/passwd",
    ],
)
def test_an_address_that_is_not_allowed(url):
    assert url_problem(url) is not None


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://a.org/ä", "https://a.org/ä"),
        ("https://\u0430pple.com/x?y#z", "https://xn--pple-43d.com/x?y#z"),
        ("https://\u0430\u0440\u0440\u04cf\u0435.com", "https://xn--80ak6aa92e.com"),
        ("https://stra\u00dfe.de:8080/\u00e4", "https://xn--strae-oqa.de:8080/\u00e4"),
        ("https://\uff41.org", "https://a.org"),
        ("https://a\u3002org", "https://a.org"),
    ],
)
def test_letters_that_look_like_others_are_shown_as_what_they_are(url, plain):
    assert url_problem(url) is None
    assert plain_url(url) == plain


@given(st.text(), st.sampled_from(["https://", "https://a.org", "mailto:a@b.org?", "https://a.org:"]))
def test_any_text_is_an_address_or_a_problem(text, start):
    url = start + text

    if url_problem(url) is None:
        assert plain_url(url).partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0].isascii()
