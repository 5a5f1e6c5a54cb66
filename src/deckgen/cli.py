"""The command ``deckgen``: finds its commands, and turns what goes wrong into one line and an exit status."""

from __future__ import annotations

import os
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from deckgen import __version__, commands
from deckgen.core import terminal
from deckgen.core.diagnostics import Rejected


class _Commands(click.Group):
    """The files of ``commands``; only the one that runs is imported."""

    is_running = False
    """Whether a command is at work, which cleans up when it is interrupted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"deckgen.commands.{cmd_name}").command
        command.name = cmd_name
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from deckgen.core.diagnostics import did_you_mean

        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            ctx.fail(f"'{args[0]}' is not a command{did_you_mean(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        self.is_running = True
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Rejected as rejected:
            from deckgen.reports.finding_text import show_findings

            show_findings(rejected.diagnostics, err=True)
            ctx.exit(1)
        except (Exception, KeyboardInterrupt) as error:
            signalled = error.__cause__ or error  # Python wraps what comes while it makes a class
            if isinstance(signalled, SystemExit):
                raise signalled from None
            if isinstance(signalled, KeyboardInterrupt):
                click.echo("interrupted", err=True)
                ctx.exit(130)
            if ctx.params["debug"]:
                raise
            raise terminal.Failure(_in_words(error)) from error
        finally:
            self.is_running = False


def _in_words(error: BaseException) -> str:
    from deckgen.project.location import shown

    if isinstance(error, OSError):
        name = f"'{shown(Path(os.fsdecode(error.filename)))}': " if error.filename else ""
        return f"{name}{error.strerror or error}"
    return (
        f"deckgen itself failed, which is a fault of deckgen ({type(error).__name__}: {error}); "
        "please report what 'deckgen --debug' and the same command print"
    )


@click.group(cls=_Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="deckgen")
@click.option("-C", "directory", metavar="DIR", type=click.Path(exists=True, file_okay=False), help="Run as if in DIR.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.pass_context
def main(ctx: click.Context, directory: str | None, debug: bool) -> None:
    """Compile YAML sources to Anki decks.

    The project is found by walking up from here to a folder with decks/deckgen.yaml.
    """
    if directory:
        os.chdir(directory)
    if ctx.invoked_subcommand is None:
        _say_what_next(ctx)


def _say_what_next(ctx: click.Context) -> None:
    from deckgen.project import location

    root = location.find(Path.cwd())
    if root is None:
        click.echo(ctx.get_help())
        return
    from deckgen.core.diagnostics import Report
    from deckgen.project import project as projects

    project = projects.load(root, Report())
    click.echo(f"{project.file.title or 'A project'}: {terminal.count(len(project.decks), 'deck')}")
    for deck in project.decks:
        click.echo(f"  {location.shown(deck.path)}: {deck.file.title}, {terminal.count(len(deck.sources), 'file')}")
    click.echo("\nWhat you can do:")
    group = ctx.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        click.echo(f"  deckgen {name:<10}{command.get_short_help_str(80)}")
    click.echo("  deckgen COMMAND --help")
