"""Find pictures, sounds and links that Markdown does not recognize: the card would show their source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from deckgen.text import placeholders

_BROKEN = re.compile(
    r"""!\[\[(?P<embedded>[^\]\n|]{1,300})[^\]\n]{0,300}\]\]
      | \[sound:(?P<sound>[^\]\n]{0,300})\]
      | !\[(?P<alt>[^\]\n]{0,300})\]
        (?P<path>[ ]?\((?:[^()\n]{0,300}\)|[^()\n]{0,300}?\.\w{2,5}\b|)|\[[^\]\n]{0,300}\])?
      | \[(?P<text>[^\]\n]{1,300})\]
        (?:\((?:(?P<target>[^()\n]{0,300})\)|(?P<open>[^()\s]{0,300}\b))
         | [ ]\((?P<url>(?:https?:|www\.|mailto:)[^()\s]{0,300})\))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_INLINE = ("Emphasis", "Strong", "Strikethrough", "Link")


class BrokenLink(NamedTuple):
    """What was typed, what was meant, and how to write it."""

    found: str
    what: str
    help: str


def broken_links(events: Iterable[Any]) -> Iterator[BrokenLink]:
    """The pictures, sounds and links in what readers would see as text, given a text as parsed."""
    for found in _BROKEN.finditer(_shown(events)):
        whole = found[0]
        if found["embedded"] is not None:
            yield BrokenLink(whole, "picture", f"write {_picture('', found['embedded'])}")
        elif found["sound"] is not None:
            yield BrokenLink(whole, "sound", f"write {_picture('what is heard', found['sound'])}")
        elif found["alt"] is not None:
            typed = (found["path"] or "").strip()
            if typed or not found["alt"].isdecimal():  # '![5]' may be a sentence's end and the number of a source
                path = typed[1:].rstrip(")") if typed.startswith("(") else ""
                yield BrokenLink(whole, "picture", f"write {_picture(found['alt'], path)}")
        else:
            url = found["url"] or found["target"] or found["open"] or ""
            if re.match(r"https?:|www\.|mailto:", url, re.IGNORECASE):
                address = re.sub(r"""\s+["'].*""", "", url.strip()).replace(" ", "%20")  # without a title
                address = f"https://{address}" if address.lower().startswith("www.") else address
                yield BrokenLink(whole, "link", f"write [{found['text']}]({address})")
            else:
                help = f"write the address of a site, [{found['text']}](https://example.org), or a space before '('"
                yield BrokenLink(whole, "link", help)


def _picture(alt: str, path: str) -> str:
    path = path.strip().strip("<>") or "media/its-file.png"
    path = f"<{path}>" if " " in path else path
    return f"![{alt.strip() or 'what it shows'}]({path})"


def _shown(events: Iterable[Any]) -> str:
    """The text outside of code, of recognized pictures and of formulas, with a line break wherever a line or block
    ends."""
    parts: list[str] = []
    unseen = 0
    for event in events:
        match event:
            case {"Start": {"Image": _} | {"CodeBlock": _}}:
                unseen += 1
            case {"End": "Image" | "CodeBlock"}:
                unseen -= 1
            case {"Text": str(text)} if not unseen:
                parts.append(placeholders.typed(text))
            case {"Code": _}:
                parts.append("`")
            case {"Start": str(name)} | {"End": str(name)} if name in _INLINE:
                pass
            case {"Start": {"Link": _}} | {"Text": _} | {"InlineHtml": _}:
                pass
            case _:
                parts.append("\n")
    return "".join(parts)
