"""Write the site into a folder for a web host, with the packages, the cards, the media and the notes of a release."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, takewhile
from pathlib import Path

from deckgen.compiler.pipeline import Compilation
from deckgen.core.assets import asset
from deckgen.core.diagnostics import Report
from deckgen.core.location import checkout_of, short_path
from deckgen.core.outputs import Outputs
from deckgen.core.source import read
from deckgen.core.terminal import Failure
from deckgen.media.media import MAX_MEDIA_BYTES, content_mark, require_media
from deckgen.packages.retired_file import write_retired_file
from deckgen.packages.write_package import write_package
from deckgen.preview import page
from deckgen.preview.edition import Edition
from deckgen.preview.gallery import Gallery
from deckgen.project.lock import Lock
from deckgen.site.card_element import for_both_themes, style_file
from deckgen.site.landing import Download, landing_page
from deckgen.site.layout import Layout
from deckgen.site.plain_pages import divide, list_of_pages, page_file, plain_page
from deckgen.text.escaping import unescaped

MEDIA = "media"


@dataclass(frozen=True, slots=True)
class ReleasePages:
    """What the site says about a release: a line about it, its notes as HTML, its feed, and its files to download."""

    line: str
    notes: str
    feed: str
    files: Sequence[Path]


def write_site(
    folder: Path, compilation: Compilation, gallery: Gallery, lock: Lock, release: ReleasePages | None = None
) -> int:
    """Write the pages, packages and media into a folder, and remove pages of cards and media that an earlier run wrote,
    except for adopted media: their names have no digest to know them by. Returns the number of files."""
    _check_folder(folder, compilation)
    with Outputs(checkout_of(compilation.project.root.resolve())) as outputs:
        outputs.folder(folder / MEDIA)
        for name, data in _media(gallery):
            outputs.data(folder / MEDIA / name, data)
        sizes = _write_packages(folder, compilation, lock, outputs)
        built = {package.file_name for package in compilation.packages}
        for path in release.files if release else ():
            if path.name not in built:
                outputs.data(folder / path.name, path.read_bytes())
        pages = dict(_pages(compilation, gallery, sizes, release))
        for name, text in pages.items():
            outputs.text(folder / name, text)
        written = outputs.count
        outputs.commit()
    for path in takewhile(Path.is_file, (folder / page_file(number) for number in count(1))):
        if path.name not in pages:
            path.unlink()
    for path in (folder / MEDIA).glob("*"):
        if path.name not in gallery.media and not path.is_symlink() and _is_ours(path):
            path.unlink()
    return written


def _is_ours(path: Path) -> bool:
    """Whether a file is one that an earlier run wrote: its name contains the digest of its content."""
    data = read(path, str(path), Report(), MAX_MEDIA_BYTES)
    return data is not None and content_mark(data) in path.name


def _check_folder(folder: Path, compilation: Compilation) -> None:
    """Raise Failure if there is nothing to show, and for a folder that has sources, or whose media are a link."""
    resolved, project = folder.resolve(), compilation.project
    project.require_deck()
    if resolved == project.root.resolve() or any(
        resolved.is_relative_to(deck.path.resolve()) for deck in project.decks
    ):
        raise Failure(f"expected a folder that has no sources, found '{short_path(folder)}'")
    if (folder / MEDIA).is_symlink():
        raise Failure(f"expected a folder, found the link '{short_path(folder / MEDIA)}'; delete the link")


def _media(gallery: Gallery) -> Iterator[tuple[str, bytes]]:
    for name, file in gallery.media.items():
        yield name, require_media(file)


def _write_packages(folder: Path, compilation: Compilation, lock: Lock, outputs: Outputs) -> dict[str, int]:
    """Write the packages and the texts about retired notes; return the sizes of the packages by name."""
    tag = compilation.project.settings.tag
    sizes: dict[str, int] = {}
    for package in compilation.packages:
        if package.retired:
            outputs.file(folder / package.file_name, partial(write_retired_file, package, tag))
            continue
        unfinished = outputs.file(folder / package.file_name, partial(write_package, package, lock, tag))
        sizes[package.name] = unfinished.stat().st_size
    return sizes


def _pages(
    compilation: Compilation, gallery: Gallery, sizes: Mapping[str, int], release: ReleasePages | None
) -> Iterator[tuple[str, str]]:
    """Every file of the site that is text."""
    settings = compilation.project.settings
    links = {"index.html#import": "Import", "cards.html": "Cards"}
    links |= {"notes.html": "Release notes", "feed.json": "Feed"} if release else {}
    foot = f"<p>{html.escape(settings.terms)}</p>" if settings.terms else ""
    layout = Layout(settings.title, settings.language, links, foot)
    yield from ((name, asset(f"preview/{name}")) for name in page.ASSETS)
    yield "site.css", asset("site/site.css")
    yield from ((style_file(key), for_both_themes(style)) for key, style in gallery.info.styles.items())
    plain = divide(gallery)
    update = Edition(gallery, run="static").update()
    listed = list_of_pages(plain, gallery)
    for_learners = not gallery.info.since
    yield "cards.html", page.cards_page(update, home="index.html", plain=listed, for_learners=for_learners)
    yield from ((one.file, plain_page(one, plain, gallery, layout)) for one in plain)
    if release:
        yield "notes.html", layout.page("Release notes", _release(release))
        yield "feed.json", release.feed
    disclaimer = settings.disclaimer.html if settings.disclaimer else ""
    downloads = list(_downloads(compilation, sizes))
    yield "index.html", landing_page(gallery, downloads, disclaimer, release.line if release else "", layout)


def _downloads(compilation: Compilation, sizes: Mapping[str, int]) -> Iterator[Download]:
    for deck in compilation.project.decks:
        description = deck.settings.description.html if deck.settings.description else ""
        yield Download(deck.name, deck.settings.title, description, sizes[deck.name])


def _release(release: ReleasePages) -> str:
    """The notes, with links to the files that they name, and tables that scroll by themselves."""
    names = {path.name for path in release.files}

    def link(code: re.Match[str]) -> str:
        name = unescaped(code[1])
        return f'<a href="{html.escape(name)}" download>{code[0]}</a>' if name in names else code[0]

    linked = re.sub("<code>([^<]+)</code>", link, release.notes)
    scrolling = linked.replace("<table>", '<div class="wide" role="group" tabindex="0" aria-label="Table"><table>')
    return f'<div class="release">{scrolling.replace("</table>", "</table></div>")}</div>'
