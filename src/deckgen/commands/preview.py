"""``deckgen preview``."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from deckgen.commands.open import open_decks
from deckgen.compiler import history
from deckgen.compiler.compile_all import Recent
from deckgen.compiler.pipeline import compile_project
from deckgen.core import terminal
from deckgen.core.diagnostics import Rejected
from deckgen.core.location import find_project
from deckgen.core.system_errors import describe
from deckgen.preview.earlier import Earlier, read_earlier
from deckgen.preview.gallery import Gallery
from deckgen.preview.render_gallery import EDITORS, GalleryRenderer
from deckgen.preview.server import Server, follow
from deckgen.preview.watch import changes
from deckgen.project.lock import LOCK_FILE
from deckgen.project.project import RETIRED_SUFFIX
from deckgen.site.write_site import write_site


@click.command()
@click.option("--watch", is_flag=True, help="Show changes as soon as you save a file.")
@click.option("--open", "browse", is_flag=True, help="Open the page in the browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; by default, any free one.")
@click.option("--since", metavar="GIT-REF", help="Show what changed since a commit, branch, tag or package.")
@click.option(
    "--editor",
    default="vscode",
    help="The editor for links: vscode, vscodium, cursor, zed, idea, none, or a URL with {path}, {line} and {column}.",
)
@click.option(
    "--static",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the site for learners to DIR, for a web host, and exit.",
)
def command(watch: bool, browse: bool, port: int, since: str | None, editor: str, static: Path | None) -> None:
    """Show every card in the browser, front and back.

    The page has filters, a search, light and dark themes, phone width, the findings of each card, and links that open
    the source in your editor. Press ? in it to see the keyboard shortcuts. Only this machine can open it.

    Example: deckgen preview --watch --open
    """
    root = find_project()
    url = EDITORS.get(editor, editor)
    if url and "{path}" not in url:
        message = f"'{editor}' is neither one of {', '.join(EDITORS)} nor a URL with {{path}}"
        raise click.BadParameter(message, param_hint="--editor")
    with _earlier(since, root) as earlier:
        if static is not None:
            _write(static, root, earlier)
        else:
            _serve(root, earlier, url, port, watch=watch, browse=browse)


@contextmanager
def _earlier(since: str | None, root: Path) -> Iterator[Earlier | None]:
    """The version to compare with. Its packages stay until the end, since media are read when they are shown."""
    if since is None:
        yield None
    elif since.endswith((".apkg", ".colpkg")):
        yield read_earlier(Path(since).name, [Path(since)])
    else:
        with history.packages_at(root, since) as packages:
            yield read_earlier(since, [path for name, path in packages.items() if not name.endswith(RETIRED_SUFFIX)])


def _serve(root: Path, earlier: Earlier | None, editor: str, port: int, *, watch: bool, browse: bool) -> None:
    recent: Recent = {}
    renderer = GalleryRenderer(editor, earlier)

    def render() -> Gallery:
        return renderer.render(compile_project(root, recent=recent))

    gallery = render()
    try:
        server = Server(gallery, port, watching=watch, open_in_anki=open_in_anki)
    except OSError as error:
        message = f"cannot serve on port {port}: {error.strerror}; without --port, deckgen takes a free one"
        raise terminal.Failure(message) from None
    gc.freeze()  # what exists now lives until the end
    gc.enable()  # it is off for commands that end soon
    terminal.echo(f"{server.address} shows the cards; press Ctrl+C to stop")
    if watch:
        threading.Thread(target=follow, args=(server, changes(root, server), render), daemon=True).start()
    if browse:
        click.launch(server.address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        terminal.echo("stopped")
    finally:
        server.end()


def open_in_anki(deck: str) -> str:
    """Open a deck, or all if it has no name, and say so to the page. What a build reports is in the terminal."""
    try:
        opened = open_decks(deck or None)
    except click.exceptions.Exit:
        raise terminal.Failure("nothing was built: see the terminal for the errors") from None
    except click.ClickException as error:
        raise terminal.Failure(error.message) from None
    except Rejected as rejected:
        raise terminal.Failure(str(rejected)) from None
    except OSError as error:
        raise terminal.Failure(describe(error)) from None
    return f"Opened in Anki: {', '.join(path.name for path in opened)}"


def _write(folder: Path, root: Path, earlier: Earlier | None) -> None:
    compilation = compile_project(root, hints=earlier is not None)
    if compilation.failed:
        raise Rejected(*compilation.findings, message="nothing was written")
    lock = compilation.publication(now=0).lock
    if str(lock) != compilation.project.lock_text:
        raise terminal.Failure(
            f"{LOCK_FILE} is out of date: run 'deckgen build' first, so that Anki recognizes changed cards"
        )
    gallery = GalleryRenderer(earlier=earlier, for_learners=earlier is None).render(compilation)
    count = write_site(folder, compilation, gallery, lock)
    terminal.echo(f"{folder}: {terminal.count(count, 'file')}; open {folder / 'index.html'}")
