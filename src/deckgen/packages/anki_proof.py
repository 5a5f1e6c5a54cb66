"""Prove with the real Anki that packages change nothing for learners of another package. Needs the package ``anki``,
which deckgen itself does not (https://pypi.org/project/anki)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from deckgen.core.terminal import Failure
from deckgen.packages.read_note_types import from_model


@dataclass(frozen=True, slots=True)
class Proof:
    """The version of Anki, how many notes of the later packages were new, updated or in conflict, and what else changed
    in the collection."""

    anki: str
    new: int
    updated: int
    conflicting: int
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return not (self.new or self.updated or self.conflicting or self.changed)

    def __str__(self) -> str:
        counts = f"{self.new:,} new, {self.updated:,} updated, {self.conflicting:,} conflicting"
        return f"Anki {self.anki}: {', '.join([counts, *(f'other {name}' for name in self.changed)])}"


def prove(first: Path, later: Sequence[Path]) -> Proof:
    """Import a package, or a collection, and then others into a new collection, with Anki's default options. Raises
    Failure if Anki is not installed, or cannot import them."""
    try:
        import_module("anki.collection")
    except ImportError:
        raise Failure("--prove needs Anki: run 'pip install anki' in deckgen's environment") from None
    try:
        with _collection(first) as collection:
            before = _state(collection)
            logs = [_imported(collection, path) for path in later]
            after = _state(collection)
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "anki":
            raise
        raise Failure(f"Anki cannot import it: {error}") from error
    new, updated, conflicting = (
        sum(len(getattr(log, kind)) for log in logs) for kind in ("new", "updated", "conflicting")
    )
    changed = tuple(name for name in before if before[name] != after[name])
    return Proof(version("anki"), new, updated, conflicting, changed)


@contextmanager
def _collection(first: Path) -> Iterator[Any]:
    """A collection into which a package was imported, or which was restored from a ``.colpkg``."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "collection.anki2")
        is_collection = first.suffix.lower() == ".colpkg"
        if is_collection:
            _restore(first.resolve(), path)
        try:
            with closing(import_module("anki.collection").Collection(str(path))) as collection:
                os.chdir(here)  # opening a collection may change the working folder
                if not is_collection:
                    _imported(collection, first)
                yield collection
        finally:
            os.chdir(here)


def _restore(backup: Path, path: Path) -> None:
    media = path.with_name("collection.media")
    media.mkdir()
    import_module("anki._backend").RustBackend().import_collection_package(
        col_path=str(path),
        backup_path=str(backup),
        media_folder=str(media),
        media_db=str(path.with_name("collection.media.db2")),
    )


def _imported(collection: Any, path: Path) -> Any:
    """Import a package; returns Anki's log."""
    messages: Any = import_module("anki.import_export_pb2")
    package = str(path.resolve())
    if hasattr(messages, "ImportAnkiPackageOptions"):  # since 23.10
        request = messages.ImportAnkiPackageRequest(package_path=package, options=messages.ImportAnkiPackageOptions())
        try:
            return collection.import_anki_package(request).log
        except TypeError:  # 23.10 has the request but takes a path
            pass
    return collection.import_anki_package(package).log


def _state(collection: Any) -> dict[str, Any]:
    """Everything that an import could change for a learner; note types without the times of their changes."""
    queries = {
        "notes": "select guid, mid, mod, tags, flds from notes order by id",
        "cards": "select nid, ord, did, mod, type, queue, due, ivl, factor, reps, lapses, flags from cards order by id",
    }
    state = {name: collection.db.all(query) for name, query in queries.items()}
    getattr(collection.models, "_clear_cache", lambda: None)()  # an import bypasses the cache
    types = {model["id"]: replace(from_model(model), modified=0) for model in collection.models.all()}
    return {**state, "note types": types, "media": sorted(os.listdir(collection.media.dir()))}
