"""``deckgen consent``."""

from __future__ import annotations

import click

from deckgen.core import terminal


@click.command()
@click.option("--yes", is_flag=True, help="Consent without being asked.")
def command(yes: bool) -> None:
    """Allow adopted cards to keep their scripts and what they load from the web.

    Shows everything in the templates, styles and fields of adopted notes that deckgen allows only with your consent,
    and asks you. Your consent covers exactly these texts, on this machine; after any change, deckgen asks again.
    Consent does not count on a CI runner, so release such decks from your own machine.

    Example: deckgen consent
    """
    from deckgen.compiler.pipeline import compile_project
    from deckgen.core.diagnostics import Rejected
    from deckgen.core.location import find_project, short_path
    from deckgen.own_types.consent import EVERYTHING, consent_given, give_consent
    from deckgen.reports.unsafe_parts import unsafe_parts

    root = find_project()
    compilation = compile_project(root, hints=False, consent=EVERYTHING)
    given = consent_given(root)
    parts = [part for part in unsafe_parts(compilation) if part.digest not in given]
    if not parts and compilation.failed:
        raise Rejected(*compilation.findings, message="nothing to consent to was found: fix the errors, and try again")
    if not parts:
        terminal.echo("there is nothing to consent to")
        return
    for part in parts:
        terminal.echo(f"{part.location}: {part.what}")
    if not yes and not click.confirm("Do you trust these texts and allow them on cards?"):
        raise click.exceptions.Exit(1)
    record = give_consent(root, [part.digest for part in parts])
    terminal.echo(f"recorded in {short_path(record)}: {terminal.count(len(parts), 'text')}")
