"""Check web and email addresses, and show where they lead."""

from __future__ import annotations

import re

# Labels of RFC 1123, section 2.1, and underscores, which exist; the last one is never a number, as in IP addresses.
_SITE = r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?=[a-z0-9-]{0,62}[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}(?::|\Z)){_SITE}(?::(?P<port>[0-9]{{1,5}}))?", re.IGNORECASE)
_MAILBOX = re.compile(rf"[\w.!#$&'*+/=?^`{{|}}~-]{{1,64}}@{_SITE}", re.IGNORECASE)


def is_address(reference: str) -> bool:
    """Whether a reference to a file is an address, not a path: it begins with a scheme or two slashes."""
    return re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", reference) is not None


def url_problem(url: str) -> str | None:
    """Say why an address must not be on a card; return None if it may. Schemes other than http, https and mailto could
    run code, and browsers read sloppy addresses in ways that nobody expects."""
    from urllib.parse import parse_qsl, urlsplit

    try:
        parts = urlsplit(url)
    except ValueError:
        return f"expected a web address, found '{url}'"
    if re.search(r"[\s\x00-\x1f\x7f-\x9f]", url):
        return f"expected an address without spaces, found '{url}'"
    if parts.scheme == "mailto":
        if not _MAILBOX.fullmatch(parts.path):
            return f"expected an email address after 'mailto:', found '{url}'"
        if any(name.lower() not in ("subject", "body") for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
            return f"expected no more than a subject and a body after an email address, found '{url}'"
        return None
    if parts.scheme not in ("https", "http"):
        return f"expected an address that begins with 'https://', found '{url}'"
    found = _HOST.fullmatch(_in_ascii(parts.netloc))
    if not found:
        return f"expected the name of a website after '{parts.scheme}://', found '{url}'"
    if found["port"] and not 0 < int(found["port"]) < 2**16:
        return f"expected a port between 1 and 65535, found '{url}'"
    return None


def plain_url(url: str) -> str:
    """An address without problems, with the name of its site in ASCII (``xn--…``), so that letters that look like
    others mislead nobody."""
    if url.isascii():
        return url
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return url if parts.netloc.isascii() else parts._replace(netloc=_in_ascii(parts.netloc)).geturl()


def _in_ascii(site: str) -> str:
    """The name of a site in ASCII; an empty text if there is no such name."""
    if site.isascii():
        return site
    import idna

    name, colon, port = site.partition(":")
    try:
        return idna.encode(name, uts46=True).decode() + colon + port
    except idna.IDNAError:
        return ""
