"""``deckgen release``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckgen.core import terminal
from deckgen.core.location import find_project, output_of, short_path
from deckgen.core.terminal import UsageError
from deckgen.project.lock import LOCK_FILE
from deckgen.project.lock_lines import RELEASE_NAME

if TYPE_CHECKING:
    from deckgen.releases.record import Release


@click.command()
@click.argument("name")
@click.option(
    "--notes",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A Markdown file with an opening paragraph for the release notes.",
)
def command(name: str, notes: Path | None) -> None:
    """Make a release: packages, release notes and a site for learners, in build/release-NAME.

    NAME is also the name of the git tag: v1, 2026-11. There must be no errors, and no warnings except about files that
    were already missing from an adopted deck. The lock must be up to date, and the lock and all sources must be
    committed. The command records the release in deckgen.lock, so that later builds know what learners have: you can
    rename or retire the entries of a release, but not simply delete them. For each of the last three releases, it also
    makes packages with only what is new since then.

    Until you commit the lock, you can change the release notes and run the command again. At the tag, it makes the same
    files again, byte for byte.

    Example: deckgen release 2026-11
    """
    from deckgen.core.outputs import one_at_a_time
    from deckgen.releases.folder import read_paragraph, write_folder
    from deckgen.releases.record import make_release
    from deckgen.reports.summary import count_contents

    if not RELEASE_NAME.fullmatch(name):
        message = "expected a release name that git can have as a tag, of 1 to 64 letters, digits, '.', '_' and '-'"
        raise UsageError(f"{message}, found {name!a}")
    root = find_project()
    folder = output_of(root) / f"release-{name}"
    paragraph = read_paragraph(notes) if notes else ""
    with one_at_a_time(root):
        release = make_release(root, name, folder)
        files = write_folder(folder, root, release, paragraph)
    contents = count_contents(release.built.compilation.notes)
    terminal.echo(f"{short_path(folder)}: {terminal.count(len(files), 'file')} to download, and the site")
    terminal.echo(f"{short_path(root / LOCK_FILE)}: records the release {name} of {release.date}: {contents}")
    for line in _next_steps(release, root, folder, files, notes):
        terminal.echo(line)


def _next_steps(release: Release, root: Path, folder: Path, files: list[Path], notes: Path | None) -> list[str]:
    """The commands to run after a release; none if it is tagged already."""
    if release.is_tagged:
        return []
    name, path = release.name, short_path(folder)
    committed = shlex.join([short_path(root / LOCK_FILE), *([short_path(notes)] if notes else [])])
    uploaded = " ".join(shlex.quote(f"{path}/{file.name}") for file in files)
    return [
        f"Read {path}/NOTES.md and open {path}/site/index.html. Then run:",
        *([f"  git add {shlex.quote(short_path(notes))}"] if notes else []),
        f"  git commit -m 'Release {name}' {committed}",
        f"  git tag {name}",
        f"  git push origin HEAD {name}",
        "If your repository has no workflow that uploads these files when you push the tag, also run:",
        f"  gh release create {name} --verify-tag --title 'Release {name}' --notes-file {path}/NOTES.md {uploaded}",
    ]
