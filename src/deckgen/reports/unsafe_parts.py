"""Find the parts of a project's cards that need the consent of the person at this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from deckgen.compiler.pipeline import Compilation
from deckgen.core.location import short_path
from deckgen.own_types.adopted_types import type_digest, type_problems
from deckgen.text.safe_html import Unsafe, consent_digest, html_problems, remote_files


class UnsafePart(NamedTuple):
    """Texts that a consent would cover: where they are, what is wrong in them, and their digest."""

    location: str
    what: str
    digest: str


def unsafe_parts(compilation: Compilation) -> Iterator[UnsafePart]:
    """The note types and fields of a project, compiled as if everything were allowed, that are not safe."""
    project = compilation.project
    for note_type in project.note_types.values():
        if note_type.anki and (problems := type_problems(note_type)):
            yield UnsafePart(short_path(project.root / note_type.name), _listed(problems), type_digest(note_type))
    for note in compilation.notes:
        for html in note.fields if note.identity.kind == "note" else ():
            if problems := [*html_problems(html), *remote_files(html)]:
                yield UnsafePart(str(note.identity.position), _listed(problems), consent_digest(html))


def _listed(problems: Iterable[Unsafe]) -> str:
    return "; ".join(dict.fromkeys(problem.message for problem in problems))
