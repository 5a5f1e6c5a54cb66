"""``deckgen new``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckgen.core import terminal
from deckgen.project.location import find_project
from deckgen.reports import finding_text
from deckgen.reports.card_lines import card_lines

if TYPE_CHECKING:
    from deckgen.editing.new_entry import Opened
    from deckgen.kinds.entry import AnyKind
    from deckgen.project.project import Project


class _Kinds(click.Group):
    """A command for each kind, with an option for each key."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from deckgen.kinds.registry import all_kinds

        return [kind.name for kind in all_kinds().values()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from deckgen.editing.new_entry import kind_named

        kind = kind_named(cmd_name)
        return None if kind is None else _command(kind)


@click.group(cls=_Kinds)
def command() -> None:
    """Write a new entry into the right file.

    Asks for what is needed, unless options say it; suggests an id and a domain, says what is nearly the same, and
    shows the cards. Comments and everything else in the file stay as they are.
    """


def _command(kind: AnyKind) -> click.Command:
    from deckgen.editing.new_entry import offered, takes_list
    from deckgen.language.values import Flag
    from deckgen.reports.manual import kind_summary

    options: list[click.Parameter] = [
        click.Option(["--id"], metavar="ID", callback=terminal.as_text, help="Its id, made of its words without it.")
    ]
    for name, key in offered(kind).items():
        many = takes_list(key)
        flag = isinstance(key.shape, Flag)
        help = f"{key.manual}{' May be given more than once.' if many else ''}"
        options.append(
            click.Option(
                [f"--{name.replace('_', '-')}"],
                multiple=many,
                is_flag=flag,
                help=help,
                callback=None if flag else terminal.as_text,
            )
        )
    place = click.Path(dir_okay=False, path_type=Path)
    options.append(click.Option(["--file", "path"], type=place, help="The file to write it into."))

    def run(id: str | None, path: Path | None, **given: Any) -> None:
        values = {name: _texts(value) for name, value in given.items() if value}
        _new(kind, id, path, values)

    return click.Command(kind.name, params=options, callback=run, help=kind_summary(kind))


def _texts(value: str | bool | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ("true",) if value is True else (str(value),)


def _new(kind: AnyKind, id: str | None, path: Path | None, values: dict[str, tuple[str, ...]]) -> None:
    from deckgen.compiler.pipeline import compile_project
    from deckgen.editing import new_entry as authoring
    from deckgen.project.location import shown

    compilation = compile_project(find_project())
    project, files = compilation.project, list(_files(compilation.project))
    if not project.decks:
        raise terminal.Failure("there is no deck yet: make a folder with a file deck.yaml, 'title: ' and its name")
    path = _in_a_deck(path, project) if path else None
    asking = not values
    if asking:
        values = dict(_ask(kind, values))
    missing = [name for name, key in authoring.offered(kind).items() if key.required and name not in values]
    if missing and missing != ["domain"]:
        raise click.UsageError(f"Missing option '--{next(name for name in missing if name != 'domain')}'.")
    suggested = id or authoring.suggest_id(kind, values, files)
    id = click.prompt("id", default=suggested) if asking and not id else suggested
    wanted = values.get("domain") or (authoring.suggest_domain(values, compilation.notes, list(project.file.domains)),)
    if asking:
        wanted = (click.prompt("domain", default=wanted[0], type=click.Choice(list(project.file.domains))),)
    if path is None:
        path = authoring.choose_file(kind, wanted[0], id, project.decks, files)
        path = _in_a_deck(Path(click.prompt("file", default=shown(path))), project) if asking else path
    file = next((one for one in files if one.source.path == path), None)
    if asking:
        values |= _ask_source(project, authoring.default(file, "source"))
    values = {"id": (id,), "domain": wanted, **values}
    values = {name: given for name, given in values.items() if not _is_default(given, authoring.default(file, name))}
    made = authoring.with_entry(file, kind, authoring.entry_lines(kind, values), _schema(path, project))
    if made is None:
        raise terminal.Failure(f"cannot add to '{kind.section}' in {path} without changing more; please do it by hand")
    _write(kind, id, *made, path=path, file=file, project=project, asking=asking)


def _in_a_deck(path: Path, project: Project) -> Path:
    """A file that deckgen would read, by the path under which it reads it."""
    for deck in project.decks:
        if path.resolve().parent == deck.path.resolve() and path.suffix in (".yaml", ".yml"):
            return deck.path / path.name
    raise click.BadParameter(f"'{path}' is not a .yaml file in the folder of a deck", param_hint="--file")


def _files(project: Project) -> Iterator[Opened]:
    from deckgen.core.diagnostics import Report
    from deckgen.editing.new_entry import Opened
    from deckgen.language import yaml_reader
    from deckgen.language.nodes import MappingNode
    from deckgen.project import project as projects

    for path in (path for deck in project.decks for path in deck.sources):
        loaded = projects.load_source(path, project.root, Report())
        node = yaml_reader.parse(loaded, Report()) if loaded else None
        if loaded is not None and isinstance(node, MappingNode):
            yield Opened(loaded, node)


def _ask(kind: AnyKind, values: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    from deckgen.editing.new_entry import takes_list
    from deckgen.language.records import keys

    declared = keys(kind.entry)
    groups = [set(group) for group in getattr(kind.entry, "EXACTLY_ONE", ())]
    done: set[str] = set()
    for name in kind.asked:
        key = declared[name]
        if any(name in group and group & done for group in groups):
            continue
        click.echo(f"\n{click.style(name, bold=True)}: {key.manual}", color=terminal.color())
        alternatives = [other for group in groups if name in group for other in kind.asked if other in group]
        last = bool(alternatives) and alternatives[-1] == name
        needed = (key.required and not alternatives) or last
        given = tuple(_ask_list(name) if takes_list(key) else _ask_text(name, needed))
        if given:
            done.add(name)
            yield name, given


def _ask_text(name: str, needed: bool) -> Iterator[str]:
    text = click.prompt(name, default=None if needed else "", show_default=False).strip()
    if text:
        yield text


def _ask_list(name: str) -> Iterator[str]:
    click.echo("one a line; an empty line ends")
    while text := click.prompt(name, default="", show_default=False).strip():
        yield text


def _ask_source(project: Project, default: str) -> dict[str, tuple[str, ...]]:
    from deckgen.core.diagnostics import did_you_mean

    known = list(project.references)
    click.echo(f"\n{click.style('source', bold=True)}: keys of sources.yaml, with commas", color=terminal.color())
    while True:
        text = click.prompt("source", default=default, show_default=bool(default))
        given = tuple(name.strip() for name in text.strip("[] ").split(",") if name.strip())
        unknown = [name for name in given if name not in known]
        if not unknown:
            return {"source": given} if given else {}
        click.echo(f"'{unknown[0]}' is not a source{did_you_mean(unknown[0], known)}; there are: {', '.join(known)}")


def _is_default(given: Sequence[str], default: str) -> bool:
    return [text.strip() for text in default.strip("[]").split(",")] == list(given)


def _schema(path: Path, project: Project) -> str:
    import os

    return Path(os.path.relpath(project.root / "schema/cards.json", path.parent)).as_posix()


def _write(
    kind: AnyKind, id: str, text: str, line: int, *, path: Path, file: Opened | None, project: Project, asking: bool
) -> None:
    from deckgen.compiler.pipeline import compile_project
    from deckgen.core.diagnostics import Severity
    from deckgen.core.outputs import Outputs
    from deckgen.language.source import Source
    from deckgen.project.location import shown

    unsaved = Source(path, shown(path), text, file.source.newline if file else "\n")
    compilation = compile_project(project.root, unsaved=unsaved)
    count = text.count("\n") - (file.source.text.count("\n") if file else line - 1)
    found = [one for one in compilation.findings if one.position.path == unsaved.name]
    own = [one for one in found if line <= one.position.line < line + count]
    click.echo("\n" + "".join(f"{row}\n" for row in text.split("\n")[line - 1 : line - 1 + count]).rstrip("\n"))
    finding_text.show_findings(
        [one for one in own if one.severity is not Severity.HINT], err=True, texts={unsaved.name: text}
    )
    if any(one.severity is Severity.ERROR for one in own):
        raise terminal.Failure("nothing was written")
    for note in compilation.notes:
        if note.identity.entry == f"{kind.name}/{id}":
            click.echo("\n".join(card_lines(note)), color=terminal.color())
    if asking and not click.confirm(f"\nWrite it to {unsaved.name}?", default=True):
        raise terminal.Failure("nothing was written")
    with Outputs() as outputs:
        outputs.text(path, text, unsaved.newline)
        outputs.commit()
    click.echo(f"{unsaved.name}:{line}: {kind.name}/{id}")
