"""Find what is allowed in HTML but not in a template, because it would turn the content of fields into HTML or
maths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.cards.template import BadTemplate, parse, shown_in
from deckgen.text.safe_html import Unsafe


def template_problems(text: str) -> Iterator[Unsafe]:
    """The problems of one side of a template."""
    filters: set[str] = set()
    try:
        filters.update(name for shown in shown_in(parse(text)) for name in shown.filters)
    except BadTemplate as error:
        yield Unsafe(0, str(error), "each {{#FIELD}} or {{^FIELD}} needs a {{/FIELD}} after it")
    if "text" in filters:
        help = "'text:' would turn what authors type into HTML: show the field without it"
        yield Unsafe(text.find("text:"), "expected another filter, found 'text:'", help)
    if re.search(r"\\[(\[]", text):
        help = "put the maths in the fields, where it is checked"
        yield Unsafe(0, "expected no maths in a template, found '\\(' or '\\['", help)
