"""Check web and mail addresses."""

from __future__ import annotations


def url_problem(url: str) -> str | None:
    """Say why an address must not be on a card; return None if it may. Schemes other than http, https and mailto could
    run code."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return f"expected a web address, found '{url}'"
    if any(character.isspace() for character in url):
        return f"expected an address without spaces, found '{url}'"
    if parts.scheme == "mailto":
        return None if "@" in parts.path else f"expected a mail address after 'mailto:', found '{url}'"
    if parts.scheme not in ("https", "http"):
        return f"expected an address that begins with 'https://', found '{url}'"
    if not host or "." not in host or parts.username is not None:
        return f"expected the name of a site after '{parts.scheme}://', found '{url}'"
    return None
