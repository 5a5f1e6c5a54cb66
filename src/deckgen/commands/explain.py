"""``deckgen explain``."""

from __future__ import annotations

import click

from deckgen.core import terminal
from deckgen.manual import manual


@click.command()
@click.argument("name", required=False, shell_complete=terminal.completing(lambda _: manual.names()))
def command(name: str | None) -> None:
    """Explain a rule, a kind of entry, a file or a key.

    To choose between keys of the same name, write the kind first: faq.answer. Without NAME, lists the kinds, files and
    rules.

    Example: deckgen explain yes-no
    """
    page = manual.explain(name) if name else manual.contents()
    if not page:
        raise terminal.unknown_name(
            "rule, kind, file or key", name or "", manual.names(), "'deckgen explain' lists them"
        )
    terminal.show_page(page)
