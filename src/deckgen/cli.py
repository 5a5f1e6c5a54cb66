"""The command line: finds the commands, and turns exceptions into messages and exit statuses."""

from __future__ import annotations

import ast
import os
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from deckgen import __version__, commands
from deckgen.core import terminal
from deckgen.core.characters import printable_line
from deckgen.core.diagnostics import Rejected, select


class _Commands(terminal.CommandGroup):
    """The modules of ``commands``, each imported only when it is needed."""

    is_running = False
    """Whether a command is running, which must clean up when it is interrupted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"deckgen.commands.{cmd_name}").command
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _summary(name)) for name in self.list_commands(ctx)])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            with terminal.harmless_errors():
                return super().parse_args(ctx, args)
        except BrokenPipeError:
            raise
        except OSError as error:  # the help could not be printed
            raise terminal.Failure(_describe(error)) from error

    def invoke(self, ctx: click.Context) -> Any:
        self.is_running = True
        try:
            with terminal.harmless_errors():
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError, MemoryError):
            raise
        except click.Abort as abort:
            terminal.echo()  # the question is still on the line
            if isinstance(abort.__context__, EOFError):
                help = f"give the answers as options; see 'deckgen {ctx.invoked_subcommand} --help'"
                raise terminal.Failure(f"expected an answer, found the end of the input: {help}") from None
            _exit_interrupted(ctx)
        except Rejected as rejected:
            from deckgen.reports.finding_text import show_findings

            show_findings(select(rejected.diagnostics), rejected.unsaved)
            if rejected.message:
                raise terminal.Failure(rejected.message) from None
            ctx.exit(1)
        except (Exception, KeyboardInterrupt) as error:
            signalled = error.__cause__ or error  # Python wraps an exception raised while it creates a class
            if isinstance(signalled, SystemExit):
                raise signalled from None
            if isinstance(signalled, KeyboardInterrupt):
                _exit_interrupted(ctx)
            if ctx.params["debug"]:
                raise
            raise terminal.Failure(_describe(error)) from error
        finally:
            self.is_running = False


def _exit_interrupted(ctx: click.Context) -> NoReturn:
    terminal.echo("interrupted", err=True)
    ctx.exit(130)


def _summary(command: str) -> str:
    """The first line of a command's help. Parsing its module is much faster than importing it."""
    tree = ast.parse(Path(commands.__path__[0], f"{command}.py").read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return (ast.get_docstring(functions["command"]) or "").partition("\n")[0]


def _describe(error: BaseException) -> str:
    if isinstance(error, OSError):
        from deckgen.core.system_errors import describe

        return describe(error)
    return (
        f"this is a bug in deckgen ({type(error).__name__}: {printable_line(str(error))}); "
        "please report it with the output of 'deckgen --debug' and the same command"
    )


@click.group(cls=_Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="deckgen")
@click.option("-C", "directory", metavar="DIR", type=click.Path(exists=True, file_okay=False), help="Run in DIR.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.pass_context
def main(ctx: click.Context, directory: str | None, debug: bool) -> None:
    """Compile YAML sources to Anki decks.

    deckgen works on the project around the current directory: it looks for decks/deckgen.yaml there and in each folder
    above. Without a command, it shows the decks of the project and lists the commands.

    Example: deckgen build
    """
    ctx.color = terminal.color()
    if directory:
        os.chdir(directory)
    if ctx.invoked_subcommand is None:
        _show_overview(ctx)


def _show_overview(ctx: click.Context) -> None:
    from deckgen.core.diagnostics import Report
    from deckgen.core.location import find, short_path
    from deckgen.project.project import load

    root = find(Path.cwd())
    if root is None:
        terminal.echo(ctx.get_help())
        return
    project = load(root, Report())
    terminal.echo(f"{project.settings.title or 'A project'}: {terminal.count(len(project.decks), 'deck')}")
    for deck in project.decks:
        terminal.echo(f"  {short_path(deck.path)}: {deck.settings.title}, {terminal.count(len(deck.sources), 'file')}")
    terminal.echo("\nCommands:")
    group = ctx.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(ctx):
        terminal.echo(f"  deckgen {name:<10}{_summary(name)}")
    terminal.echo("\n'deckgen COMMAND --help' describes a command.")
