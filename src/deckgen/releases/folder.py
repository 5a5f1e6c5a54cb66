"""Write the folder of a release: what learners download, what maintainers paste elsewhere, and the site."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container
from pathlib import Path

from deckgen.core.characters import found_hidden, hidden_characters
from deckgen.core.location import checkout_of, short_path
from deckgen.core.outputs import Outputs
from deckgen.core.rules import MEDIA_NOT_FOUND
from deckgen.core.terminal import Failure
from deckgen.media.media import MediaProblem
from deckgen.preview.render_gallery import GalleryRenderer
from deckgen.releases.ankiweb import as_ankiweb
from deckgen.releases.feed import as_feed
from deckgen.releases.notes import release_notes
from deckgen.releases.notes_markdown import as_markdown
from deckgen.releases.record import Release
from deckgen.site.write_site import ReleasePages, write_site
from deckgen.text.markdown import render
from deckgen.text.markdown_page import page_html

NOTES, SUMS, FEED, ANKIWEB = "NOTES.md", "SHA256SUMS", "feed.json", "ankiweb.txt"

MAX_PARAGRAPH = 100_000
"""Bytes of an author's paragraph. GitHub takes notes of 125,000 characters."""


def read_paragraph(path: Path) -> str:
    """Read an author's paragraph; raises Failure if it is not text or not Markdown as in cards, without pictures."""
    if not path.is_file():
        raise Failure(f"'{short_path(path)}' is not a file")
    if (size := path.stat().st_size) > MAX_PARAGRAPH:
        raise Failure(f"'{short_path(path)}' has {size:,} bytes; at most {MAX_PARAGRAPH:,} are read")
    try:
        text = path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise Failure(f"'{short_path(path)}' is not UTF-8 text") from None
    if hidden := hidden_characters(text):
        raise Failure(f"{short_path(path)}: {found_hidden(hidden[0][1])}: delete it")
    none = MediaProblem(MEDIA_NOT_FOUND, "expected no picture in release notes, found one", "describe it in words")
    _, _, errors = render(text, lambda _: none)
    if errors:
        raise Failure(
            "\n".join(f"{short_path(path)}: {one.message}{f': {one.help}' if one.help else ''}" for one in errors)
        )
    try:
        is_whole = page_html(f"{text}\n\n# End").endswith("<h1>End</h1>\n")
    except Failure as failure:
        raise Failure(f"{short_path(path)}: {failure.message}") from None
    if not is_whole:
        raise Failure(f"{short_path(path)}: expected the end of the block of code: write ``` below it")
    return text


def write_folder(folder: Path, root: Path, release: Release, paragraph: str) -> list[Path]:
    """Write everything that a release needs besides its packages, and remove files of an earlier run. Returns the files
    to download."""
    built, compilation = release.built, release.built.compilation
    assert built.publication is not None
    project = compilation.project
    notes = release_notes(release, paragraph)
    text = as_markdown(notes)
    html = page_html(text)
    packages = [output.path for _, output in built.packages]
    packages += [path for news in built.news for path in (news.path, news.update_file) if path]
    written = {NOTES: text, FEED: as_feed(notes, html), ANKIWEB: as_ankiweb(notes, project)}
    with Outputs(checkout_of(root)) as outputs:
        for name, content in written.items():
            outputs.text(folder / name, content)
        hashes = {path.name: _sha256(path.read_bytes()) for path in packages}
        hashes |= {name: _sha256(content.encode()) for name, content in written.items()}
        _remove_old(folder, hashes.keys())
        outputs.text(folder / SUMS, "".join(f"{hash}  {name}\n" for name, hash in sorted(hashes.items())))
        outputs.commit()
    gallery = GalleryRenderer(for_learners=True).render(compilation)
    pages = ReleasePages(f"release {release.name} of {release.date}", html, written[FEED], packages)
    write_site(folder / "site", compilation, gallery, built.publication.lock, pages)
    return [*sorted(packages), folder / SUMS]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _remove_old(folder: Path, names: Container[str]) -> None:
    """Remove files that the last run listed in its checksums and this one does not write."""
    sums = folder / SUMS
    listed = sums.read_text(encoding="utf-8") if sums.is_file() and not sums.is_symlink() else ""
    for name in re.findall(r"^[0-9a-f]{64}  ([^/\\\n]+)$", listed, re.MULTILINE):
        if name not in names and (folder / name).is_file():
            (folder / name).unlink()
