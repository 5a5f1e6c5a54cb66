"""``deckgen explain``."""

from __future__ import annotations

import click

from deckgen.core import terminal


@click.command()
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Explain a rule, a kind, a file or a key.

    A key may be given with what holds it: 'faq.answer'. Without NAME the rules and kinds are listed.
    """
    from deckgen.core.diagnostics import did_you_mean
    from deckgen.reports import explanation

    page = explanation.explain(name) if name else explanation.contents()
    if not page:
        names = explanation.names()
        message = f"there is no rule, kind, file or key '{name}'{did_you_mean(name or '', names)}"
        raise click.BadParameter(f"{message}\n'deckgen explain' lists them", param_hint="NAME")
    terminal.show_page(page)
