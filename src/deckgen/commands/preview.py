"""``deckgen preview``."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckgen.core import terminal
from deckgen.project.location import find_project
from deckgen.reports import finding_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deckgen.compiler.pipeline import Compilation
    from deckgen.preview.gallery import Earlier, Gallery
    from deckgen.preview.server import Server


@click.command()
@click.option("--watch", is_flag=True, help="Follow the sources: show every change as it is saved.")
@click.option("--open", "browse", is_flag=True, help="Open the page in the browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; without it any that is free.")
@click.option("--since", metavar="REF", help="Show what changed since a git commit, branch or tag, or a package.")
@click.option(
    "--editor",
    default="vscode",
    help="Where links lead: vscode, vscodium, cursor, zed, idea, none, or an address with {path}, {line} and {column}.",
)
@click.option(
    "--static",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the pages and the packages into DIR, for a web host.",
)
def command(watch: bool, browse: bool, port: int, since: str | None, editor: str, static: Path | None) -> None:
    """Show every card in the browser, front and back.

    The page is for this machine alone. It has filters, a search, light and dark themes, the width of a phone, what the
    rules say of each card, and a link that opens the entry in your editor. Press ? in it for the keyboard.

    Example: deckgen preview --watch --open
    """
    from deckgen.preview.gallery import EDITORS

    root = find_project()
    earlier = _earlier(since, root) if since else None
    address = EDITORS.get(editor, editor)
    if address and "{path}" not in address:
        raise click.BadParameter(
            f"'{editor}' is none of {', '.join(EDITORS)}, and has no {{path}}", param_hint="--editor"
        )
    if static is not None:
        _write(static, root, earlier)
        return
    _serve(root, earlier, address, port, watch=watch, browse=browse)


def _earlier(since: str, root: Path) -> Earlier:
    from deckgen.compiler import history
    from deckgen.project.project import RETIRED

    if since.endswith((".apkg", ".colpkg")):
        return _read_all(Path(since).name, [Path(since)])
    with history.sources_at(root, since) as then, history.packages_of(then) as packages:
        return _read_all(since, [path for name, path in packages.items() if not name.endswith(RETIRED)])


def _read_all(name: str, paths: list[Path]) -> Earlier:
    from deckgen.packages.read_package import read_media, read_package
    from deckgen.preview.gallery import Earlier

    contents = tuple(read_package(path) for path in paths)
    return Earlier(name, contents, {file: content for path in paths for file, content in read_media(path).items()})


def _compile(root: Path) -> Compilation:
    from deckgen.compiler.pipeline import compile_project

    compilation = compile_project(root)
    gc.collect()  # a command leaves it off, which a program that goes on cannot afford
    return compilation


def _serve(root: Path, earlier: Earlier | None, editor: str, port: int, *, watch: bool, browse: bool) -> None:
    import threading

    from deckgen.preview import gallery
    from deckgen.preview.server import Server, follow

    def make() -> Gallery:
        return gallery.make(_compile(root), earlier, editor)

    try:
        server = Server(make(), port, watching=watch)
    except OSError as error:
        raise terminal.Failure(f"cannot serve on port {port}: {error.strerror}") from None
    click.echo(f"{server.address} shows the cards; Ctrl-C ends it")
    if watch:
        threading.Thread(target=follow, args=(server, _changes(root, server), make), daemon=True).start()
    if browse:
        click.launch(server.address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("ended")
    finally:
        server.end()


def _changes(root: Path, server: Server) -> Iterator[object]:
    from watchfiles import watch

    for changes in watch(root, step=20, debounce=200, raise_interrupt=False):
        if server.ended:
            return
        yield changes


def _write(folder: Path, root: Path, earlier: Earlier | None) -> None:
    from deckgen.preview import gallery, static

    compilation = _compile(root)
    if compilation.failed:
        finding_text.show_findings(compilation.findings)
        raise terminal.Failure("nothing was written")
    try:
        count = static.write(folder, compilation, gallery.make(compilation, earlier, ""))
    except static.Unfit as error:
        raise terminal.Failure(str(error)) from None
    click.echo(f"{folder}: {terminal.count(count, 'file')}; open {folder / 'index.html'}")
