"""Open a package that may be hostile: a zip archive with a SQLite database and media.

Nothing is unpacked that is larger than its limit, and nothing in the database runs: only plain tables are read. The
limits are far above what people share: 40,000 notes are 100 MB, and 5 GB of media are never unpacked together.
"""

from __future__ import annotations

import errno
import io
import json
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import IO, Any, NamedTuple

from deckgen.core.characters import printable_line
from deckgen.core.source import LFS_HELP, is_lfs_pointer
from deckgen.core.terminal import Failure
from deckgen.media.media import MAX_MEDIA_BYTES
from deckgen.packages import protobuf

MAX_DIRECTORY = 16 * 2**20
"""Bytes of the list of members, which is room for 200,000."""

MAX_COLLECTION = 512 * 2**20
MAX_TEXT = 256 * 2**20
"""Bytes of the database, and characters of the texts that are read from it."""

MAX_RATIO, SMALL = 200, 32 * 2**20
"""How many times larger than its compressed form a member may be, if it is not small."""

MAX_ROWS = 1_000_000
MAX_SECONDS = 60
"""Rows of a table, and how long reading all tables may take."""

MAX_SHOWN = 512 * 2**20
"""Bytes of all media files that are shown, counted each time."""

_PIECE = 2**20


class NotAPackage(Failure):
    """The file is not an Anki package, or exceeds a limit; the message says why."""


class Exceeded(Exception):
    """A package exceeds a limit; the message names it."""


class _LimitedFile(io.FileIO):
    """A file that refuses to read more at once than a list of members may have, since zipfile reads that list as a
    whole."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_DIRECTORY:
            raise Exceeded(f"it has too many files: their list has more than {MAX_DIRECTORY // 2**20} MB")
        return super().read(size)


def check_is_file(path: Path) -> None:
    """Raise NotAPackage for a pipe or a device, which may never end."""
    if path.exists() and not path.is_file():
        raise NotAPackage(f"'{printable_line(str(path))}' is not a file")


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive of a package. Raises NotAPackage for whatever goes wrong in it, and OSError if it cannot be read."""
    check_is_file(path)
    try:
        with _LimitedFile(path) as file, zipfile.ZipFile(file) as archive:
            yield archive
    except Exceeded as error:
        raise NotAPackage(f"'{printable_line(str(path))}' cannot be read: {error}") from None
    except Exception as error:  # a damaged file can raise anything from zip, zlib, zstd, SQLite and JSON
        # A damaged file can have an offset that the system refuses as invalid.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        with path.open("rb") as other:
            why = LFS_HELP if is_lfs_pointer(other.read(_PIECE)) else printable_line(str(error))
        raise NotAPackage(f"'{printable_line(str(path))}' is not an Anki package: {why}") from error


def _unpack(archive: zipfile.ZipFile, name: str, most: int, *, zstd: bool = False) -> Iterator[bytes]:
    """The content of a member in pieces."""
    info = archive.getinfo(name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Exceeded(f"'{printable_line(name)}' is compressed in a way that Anki does not use")
    size = 0
    with archive.open(info) as member, _decompress(member) if zstd else member as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > most:
                raise Exceeded(f"'{printable_line(name)}' has more than {most // 2**20} MB")
            if size > max(SMALL, MAX_RATIO * info.compress_size):
                raise Exceeded(
                    f"'{printable_line(name)}' is more than {MAX_RATIO} times larger than its compressed form"
                )
            yield piece


def _decompress(member: IO[bytes]) -> IO[bytes]:
    zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    file: IO[bytes] = zstd.ZstdFile(member)
    return file


class Database:
    """The tables of a collection. Views, triggers and computed columns are refused, so that no query is endless."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        self._connection.create_collation("unicase", lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower()))
        self._connection.execute("pragma trusted_schema = off")
        self._connection.execute("pragma cell_size_check = on")
        self._end = time.monotonic() + MAX_SECONDS
        self._connection.set_progress_handler(self._is_late, 100_000)
        self._text = 0

    def close(self) -> None:
        self._connection.close()

    def _is_late(self) -> bool:
        return time.monotonic() > self._end

    def rows(self, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Some columns of all rows of a table, in the order of the columns."""
        self._check(table, columns)
        query = f"select {', '.join(columns)} from {table} not indexed"
        try:
            for number, row in enumerate(self._connection.execute(query)):
                self._text += sum(len(value) for value in row if isinstance(value, (str, bytes)))
                if number == MAX_ROWS:
                    raise Exceeded(f"its table '{table}' has more than {MAX_ROWS:,} rows")
                if self._text > MAX_TEXT:
                    raise Exceeded(f"its texts have more than {MAX_TEXT // 2**20} million characters")
                if number % 1000 == 0 and self._is_late():
                    raise Exceeded(f"reading it takes more than {MAX_SECONDS} seconds")
                yield row
        except sqlite3.OperationalError as error:
            if self._is_late():
                raise Exceeded(f"reading it takes more than {MAX_SECONDS} seconds") from error
            raise

    def _check(self, table: str, columns: tuple[str, ...]) -> None:
        found = self._connection.execute("select type, sql from sqlite_schema where name = ?", (table,)).fetchall()
        if [kind for kind, _ in found] != ["table"] or "virtual" in str(found[0][1]).lower().split()[:2]:
            raise ValueError(f"it has no table '{table}'")
        stored = {row[1] for row in self._connection.execute(f"pragma table_xinfo({table})") if row[6] == 0}
        for column in columns:
            if column not in stored:
                raise ValueError(f"its table '{table}' has no column '{column}'")


@contextmanager
def database(archive: zipfile.ZipFile) -> Iterator[Database]:
    """The newest collection of a package."""
    names = set(archive.namelist())
    name = next((name for name in ("collection.anki21b", "collection.anki21", "collection.anki2") if name in names), "")
    if not name:
        raise ValueError("it contains no collection")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "collection")
        with path.open("wb") as file:
            file.writelines(_unpack(archive, name, MAX_COLLECTION, zstd=name.endswith("b")))
        tables = Database(path)
        try:
            yield tables
        finally:
            tables.close()


class MediaMark(NamedTuple):
    """The size of a media file in bytes, and a checksum that only packages of the same format can share."""

    size: int
    checksum: str

    def differs(self, other: MediaMark) -> bool:
        """Whether two files of the same name are known to differ."""
        comparable = self.checksum.partition(":")[0] == other.checksum.partition(":")[0]
        return self.size != other.size or (comparable and self.checksum != other.checksum)


class Media(Mapping[str, bytes]):
    """A package's media by name, each unpacked when it is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    @cached_property
    def _members(self) -> dict[str, str]:
        """The member of the archive that is each file."""
        with open_archive(self._path) as archive:
            try:
                if self._is_newer(archive):
                    return {name: member for name, member, _ in _listed(archive)}
                listed = json.loads(b"".join(_unpack(archive, "media", MAX_DIRECTORY)))
                return {str(name): member for member, name in listed.items()}
            except (ValueError, KeyError, AttributeError, RecursionError):
                return {}

    @staticmethod
    def _is_newer(archive: zipfile.ZipFile) -> bool:
        """Whether the package has the newer format, in which every member is compressed with zstd."""
        return "collection.anki21b" in archive.namelist()

    def __getitem__(self, name: str) -> bytes:
        if name not in self:
            raise KeyError(name)
        ((_, data),) = self.read([name])
        self._read += len(data)
        if self._read > MAX_SHOWN:
            limit = f"the media of its cards have more than {MAX_SHOWN // 2**20} MB"
            raise NotAPackage(f"'{printable_line(str(self._path))}' cannot be read: {limit}")
        return data

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def read(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The files with these names, one after the other. The package is opened once."""
        with open_archive(self._path) as archive:
            zstd = self._is_newer(archive)
            for name in names:
                yield name, b"".join(_unpack(archive, self._members[name], MAX_MEDIA_BYTES, zstd=zstd))

    def marks(self) -> dict[str, MediaMark]:
        """The size and the checksum of each file, as the package states them: nothing is unpacked."""
        with open_archive(self._path) as archive:
            if self._is_newer(archive):
                return {name: mark for name, _, mark in _listed(archive)} if self._members else {}
            found = {name: archive.NameToInfo.get(member) for name, member in self._members.items()}
            return {name: MediaMark(info.file_size, f"crc:{info.CRC}") for name, info in found.items() if info}

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


_ENTRIES, _NAME, _SIZE, _SHA1, _OLD_MEMBER = 1, 1, 2, 3, 255
"""Where a list of media has its entries, and an entry its name, its size and checksum and, perhaps, the name of its
member (``proto/anki/import_export.proto``)."""


def _listed(archive: zipfile.ZipFile) -> Iterator[tuple[str, str, MediaMark]]:
    """The name, the member and the mark of each file in a list of the newer format. A file without a member has the
    member that is named after its index in the list."""
    message = b"".join(_unpack(archive, "media", MAX_DIRECTORY, zstd=True))
    entries = (value for number, value in protobuf.fields(message) if number == _ENTRIES)
    for index, entry in enumerate(entries):
        if isinstance(entry, bytes):
            values = dict(protobuf.fields(entry))
            size = values.get(_SIZE, 0)
            mark = MediaMark(size if isinstance(size, int) else 0, f"sha1:{values.get(_SHA1)!r}")
            yield protobuf.text(values.get(_NAME, b"")), str(values.get(_OLD_MEMBER, index)), mark
