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

    from deckgen.compiler.compile_all import Recent
    from deckgen.preview.earlier import Earlier
    from deckgen.preview.gallery import Gallery
    from deckgen.preview.server import Server

STEP = 10
"""Milliseconds without another change after which the sources are compiled: an editor may write a file in parts."""


@click.command()
@click.option("--watch", is_flag=True, help="Watch the sources, and show changes as soon as they are saved.")
@click.option("--open", "browse", is_flag=True, help="Open the page in the browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; by default, any free one.")
@click.option("--since", metavar="REF", help="Show what changed since a git commit, branch or tag, or a package.")
@click.option(
    "--editor",
    default="vscode",
    help="The editor for links: vscode, vscodium, cursor, zed, idea, none, or a URL with {path}, {line} and {column}.",
)
@click.option(
    "--static",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the pages and packages to DIR, for a web host, and exit.",
)
def command(watch: bool, browse: bool, port: int, since: str | None, editor: str, static: Path | None) -> None:
    """Show every card in the browser, front and back.

    The page has filters, a search, light and dark themes, phone width, the findings of each card, and links that open
    the source in your editor. Press ? in it to see the keyboard shortcuts. Only this machine can open it.

    Example: deckgen preview --watch --open
    """
    from deckgen.preview.render_gallery import EDITORS

    root = find_project()
    earlier = _earlier(since, root) if since else None
    url = EDITORS.get(editor, editor)
    if url and "{path}" not in url:
        message = f"'{editor}' is neither one of {', '.join(EDITORS)} nor a URL with {{path}}"
        raise click.BadParameter(message, param_hint="--editor")
    if static is not None:
        _write(static, root, earlier)
    else:
        _serve(root, earlier, url, port, watch=watch, browse=browse)


def _earlier(since: str, root: Path) -> Earlier:
    from deckgen.compiler import history
    from deckgen.packages.read_package import NotAPackage
    from deckgen.preview.earlier import read_earlier
    from deckgen.project.project import RETIRED

    try:
        if since.endswith((".apkg", ".colpkg")):
            return read_earlier(Path(since).name, [Path(since)])
        with history.sources_at(root, since) as then, history.packages_of(then) as packages:
            return read_earlier(since, [path for name, path in packages.items() if not name.endswith(RETIRED)])
    except NotAPackage as error:
        raise terminal.Failure(str(error)) from None


def _serve(root: Path, earlier: Earlier | None, editor: str, port: int, *, watch: bool, browse: bool) -> None:
    import threading

    from deckgen.compiler.pipeline import compile_project
    from deckgen.preview.render_gallery import GalleryRenderer
    from deckgen.preview.server import Server, follow

    recent: Recent = {}
    renderer = GalleryRenderer(editor, earlier)

    def render() -> Gallery:
        return renderer.render(compile_project(root, recent=recent))

    try:
        server = Server(render(), port, watching=watch)
    except OSError as error:
        raise terminal.Failure(f"cannot serve on port {port}: {error.strerror}") from None
    gc.freeze()  # what exists now will stay
    gc.enable()  # it is off for commands that end soon
    click.echo(f"{server.address} shows the cards; press Ctrl-C to stop")
    if watch:
        threading.Thread(target=follow, args=(server, _changes(root, server), render), daemon=True).start()
    if browse:
        click.launch(server.address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("stopped")
    finally:
        server.end()


def _changes(root: Path, server: Server) -> Iterator[object]:
    from watchfiles import watch

    for changes in watch(root, step=STEP, debounce=200, raise_interrupt=False):
        if server.ended:
            return
        yield changes


def _write(folder: Path, root: Path, earlier: Earlier | None) -> None:
    from deckgen.compiler.pipeline import compile_project
    from deckgen.preview.render_gallery import GalleryRenderer
    from deckgen.preview.static import NotWritten, write_static

    compilation = compile_project(root)
    if compilation.failed:
        finding_text.show_findings(compilation.findings, err=True)
        raise terminal.Failure("nothing was written")
    try:
        count = write_static(folder, compilation, GalleryRenderer(earlier=earlier).render(compilation))
    except NotWritten as error:
        raise terminal.Failure(str(error)) from None
    click.echo(f"{folder}: {terminal.count(count, 'file')}; open {folder / 'index.html'}")
