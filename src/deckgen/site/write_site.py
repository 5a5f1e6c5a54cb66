"""A preview as files for a web host: a landing page, the cards, the packages and the media."""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from deckgen.compiler.pipeline import Compilation
from deckgen.core.outputs import Outputs
from deckgen.core.terminal import Failure
from deckgen.language.media import read_media
from deckgen.packages.retired_file import write_retired_file
from deckgen.packages.write_package import write_package
from deckgen.preview import page
from deckgen.preview.edition import Edition
from deckgen.preview.gallery import Gallery
from deckgen.preview.landing import Download, landing_page
from deckgen.project.location import checkout_of, shown
from deckgen.project.lock import Lock


def write_static(folder: Path, compilation: Compilation, gallery: Gallery, lock: Lock) -> int:
    """Write the pages, packages and media into a folder, and remove media that an earlier run wrote. Returns the number
    of files."""
    project = compilation.project
    place, root = folder.resolve(), project.root.resolve()
    if place == root or any(place.is_relative_to(deck.path.resolve()) for deck in project.decks):
        raise Failure(f"expected a folder that has no sources, found '{shown(folder)}'")
    tag = project.file.tag
    if (folder / "media").is_symlink():
        raise Failure(f"expected a folder, found the link '{shown(folder / 'media')}'; delete the link")
    with Outputs(checkout_of(root)) as outputs:
        outputs.folder(folder / "media")
        for name in page.ASSETS:
            outputs.text(folder / name, page.asset(name))
        for name, path in gallery.media.items():
            data = read_media(path, name)
            if data is None:
                raise Failure(f"'{shown(path)}' was changed by another program; run the command again")
            outputs.place(folder / "media" / name).write_bytes(data)
        sizes: dict[str, int] = {}
        for package in compilation.packages:
            if package.retired:
                outputs.file(folder / f"{package.name}.txt", partial(write_retired_file, package, tag))
                continue
            unfinished = outputs.file(folder / f"{package.name}.apkg", partial(write_package, package, lock, tag))
            sizes[package.name] = unfinished.stat().st_size
        cards = page.cards_page(Edition(gallery, run="static").update(), home="index.html")
        outputs.text(folder / "cards.html", cards)
        outputs.text(folder / "index.html", _landing_page(compilation, gallery, sizes))
        count = outputs.count
        outputs.commit()
    for path in (folder / "media").glob("*"):
        if path.name not in gallery.media and not path.is_symlink() and read_media(path, path.name) is not None:
            path.unlink()
    return count


def _landing_page(compilation: Compilation, gallery: Gallery, sizes: Mapping[str, int]) -> str:
    file = compilation.project.file
    downloads = [
        Download(
            deck.name, deck.file.title, deck.file.description.html if deck.file.description else "", sizes[deck.name]
        )
        for deck in compilation.project.decks
    ]
    terms = [f"By {', '.join(file.authors)}."] if file.authors else []
    terms += [f"Licence: {file.licence}."] if file.licence else []
    disclaimer = file.disclaimer.html if file.disclaimer else ""
    return landing_page(gallery, downloads, disclaimer, html.escape(" ".join(terms)))
