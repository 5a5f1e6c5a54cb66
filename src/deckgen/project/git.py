"""Reads a git repository: commits, tags, versions of files, and what a folder was at a commit."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from deckgen.project.git_process import GitError, run, stream

MAX_FILES = 100_000
MAX_COMMIT_BYTES = 2**31
"""The most files, and bytes in them, that are read from a commit."""

MAX_COMMITS_ABOUT = 20
"""The most commits that are looked through for a word."""


def state(folder: Path) -> str:
    """Whether the clone is shallow, its HEAD, what its tags lead to, and their names."""
    names = ("--symbolic-full-name", "--tags")
    return os.fsdecode(run(folder, "rev-parse", "--is-shallow-repository", "--revs-only", "HEAD", "--tags", *names))


def versions(folder: Path, name: str, *references: str) -> dict[str, str]:
    """The hash of every version of a file, given by its path below a folder, in the history of HEAD and of some
    references, with the latest commit that introduced it. Includes merged branches, and versions that exist only in a
    merge."""
    options = ("--root", "--full-history", "--diff-merges=separate", "--no-follow", "--no-renames", "--diff-filter=d")
    printed = run(folder, "log", *options, "--raw", "--no-abbrev", "--format=%H", "HEAD", *references, "--", name)
    found: dict[str, str] = {}
    commit = ""
    for words in map(bytes.split, printed.splitlines()):
        if len(words) == 1:
            commit = words[0].decode()
        elif words and words[1].startswith(b"100"):
            found.setdefault(words[3].decode(), commit)
    return found


def commits_about(folder: Path, word: str) -> list[str]:
    """The latest commits in the history of HEAD that changed how often a word occurs in the files of a folder."""
    options = ("--full-history", f"-S{word}", f"--max-count={MAX_COMMITS_ABOUT}", "--format=%H")
    printed = run(folder, "log", *options, "HEAD", "--", ".")
    return printed.decode().split()


def last_files_with(folder: Path, line: str, name: str) -> list[str]:
    """The files with names like ``name``, by their paths below a folder, in which the latest commit in the history of
    HEAD added or removed text that matches a POSIX expression."""
    options = ("--full-history", "--no-renames", "--pickaxe-regex", f"-S{line}", "--max-count=1", "--format=")
    printed = run(folder, "log", *options, "--name-only", "-z", "--relative", "HEAD", "--", name)
    return [os.fsdecode(path) for path in printed.strip(b"\n").split(b"\0") if path]


def tags(folder: Path, *, merged: bool) -> list[str]:
    """The names of all tags; if ``merged``, only of those in the history of HEAD."""
    choice = ("--merged=HEAD",) if merged else ()
    printed = run(folder, "for-each-ref", *choice, "--format=%(refname:strip=2)", "refs/tags")
    return list(map(os.fsdecode, printed.splitlines()))


def newest_first(folder: Path, tags: Sequence[str]) -> list[str]:
    """Some tags, those of later commits first."""
    options = ("--date-order", "--simplify-by-decoration", "--decorate=full", "--decorate-refs=refs/tags/")
    references = [f"refs/tags/{tag}" for tag in tags]
    printed = os.fsdecode(run(folder, "log", *options, "--format=%D", "HEAD", *references, "--"))
    return [tag for tag in re.findall(r"tag: refs/tags/([^\s,]+)", printed) if tag in tags]


def commit_of(folder: Path, reference: str) -> str:
    """The commit that a reference leads to; empty if there is none."""
    try:
        return _resolve(folder, reference)
    except GitError:
        return ""


def _resolve(folder: Path, reference: str) -> str:
    return run(folder, "rev-parse", "--verify", "--end-of-options", f"{reference}^{{commit}}").decode().strip()


def versions_at(folder: Path, references: Sequence[str], path: str) -> list[str]:
    """The hash of a file in each of some commits; empty for one without the file. Its path begins with './' if it is
    relative to a folder, otherwise at the top of the repository."""
    names = "".join(f"{reference}:{path}\n" for reference in references)
    with stream(folder, "cat-file", "--batch-check=%(objectname)", input=os.fsencode(names)) as output:
        found = [line.decode().split() for line in output]
    return [words[0] if len(words) == 1 else "" for words in found]


def tagged_paths(folder: Path, name: str) -> list[str]:
    """The paths, from the top of the repository, of all files with a name in the history of its tags."""
    options = ("--root", "--full-history", "--diff-merges=separate", "--no-renames", "--diff-filter=d", "--format=")
    printed = run(folder, "log", *options, "--name-only", "-z", "--tags", "--", f":(top,glob)**/{name}")
    return _paths_of(name, printed)


def paths_at(folder: Path, reference: str, name: str) -> list[str]:
    """The paths, from the top of the repository, of all files with a name in a commit."""
    return _paths_of(name, run(folder, "ls-tree", "-r", "-z", "--full-tree", "--name-only", reference))


def _paths_of(name: str, printed: bytes) -> list[str]:
    """The different paths of files with a name among those printed, each of which ends with a zero byte."""
    paths = dict.fromkeys(map(os.fsdecode, printed.split(b"\0")))
    return [path for path in paths if path.rpartition("/")[2] == name and "\n" not in path]


def read_versions(folder: Path, hashes: Sequence[str], most: int) -> Iterator[bytes]:
    """The content of text files given by their hashes, with the line ends of Unix; empty for one that has more than
    ``most`` bytes."""
    with stream(folder, "cat-file", "--batch", input="\n".join(hashes).encode()) as output:
        for hash in hashes:
            size = _next_size(output, f"the file with the hash {hash} is missing")
            pieces = list(_pieces(output, size)) if size <= most else [b"" for _ in _pieces(output, size)]
            output.read(1)  # the line feed after it
            yield b"".join(pieces).replace(b"\r\n", b"\n")


def read_at(folder: Path, reference: str, path: str, most: int) -> str:
    """The text of a file, given by its path as in ``versions_at``, in a commit; empty if the commit has no such file,
    or if it has more than ``most`` bytes."""
    (hash,) = versions_at(folder, [reference], path)
    (data,) = read_versions(folder, [hash], most) if hash else (b"",)
    return data.decode(errors="replace")


def _next_size(objects: IO[bytes], missing: str) -> int:
    """The size of the next object that ``git cat-file --batch`` prints; raises GitError with a message if there is no
    such object."""
    header = objects.readline().split()
    if not header:
        raise EOFError
    if len(header) != 3:
        raise GitError(missing)
    return int(header[2])


def _pieces(objects: IO[bytes], size: int) -> Iterator[bytes]:
    """The object whose size was read, in pieces of at most 1 MB."""
    while size:
        data = objects.read(min(size, 2**20))
        if not data:
            raise EOFError
        size -= len(data)
        yield data


def write_files(folder: Path, reference: str, into: Path, path: str = "./") -> list[str]:
    """Write the files that a commit has in a folder, or in one with another path from the top of the repository, into
    another folder, byte for byte.

    Without such files, the other folder is not made. Return the names of its symbolic links and submodules: these are
    left out, since they lead elsewhere.
    """
    try:
        commit = _resolve(folder, reference)
    except GitError as failure:
        if "Needed a single revision" in str(failure):
            raise GitError("no commit, branch or tag has this name; 'git log' and 'git tag' list them") from None
        raise
    hashes, paths, left_out = [], [], []
    tree = (commit,) if path == "./" else ("--full-tree", f"{commit}:{path}")
    for entry in run(folder, "ls-tree", "-r", "-z", *tree).split(b"\0")[:-1]:
        about, _, raw_name = entry.partition(b"\t")
        mode, _, hash = about.split()
        name = os.fsdecode(raw_name)
        if mode.startswith(b"100"):
            hashes.append(hash)
            paths.append(into / _checked(name))
        else:
            left_out.append(name)
    if len(paths) > MAX_FILES:
        raise GitError(f"that commit has {len(paths):,} files in '{folder.name}'; at most {MAX_FILES:,} are read")
    remaining = MAX_COMMIT_BYTES
    with stream(folder, "cat-file", "--batch", input=b"\n".join(hashes)) as objects:
        for file in paths:
            remaining -= _write_next(objects, file, remaining)
    _replace_pointers(folder, paths, remaining)
    return left_out


_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize ([0-9]{1,10})\n")


def _replace_pointers(folder: Path, paths: Sequence[Path], remaining: int) -> None:
    """Put what Git LFS has downloaded into the repository in the place of its pointers; other pointers stay
    (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md)."""
    small = [path for path in paths if path.stat().st_size < 200]
    pointers = [(path, found) for path in small if (found := _POINTER.fullmatch(path.read_bytes()))]
    if not pointers:
        return
    store = folder / os.fsdecode(run(folder, "rev-parse", "--git-common-dir").rstrip(b"\n")) / "lfs/objects"
    for path, found in pointers:
        hash, size = found[1].decode(), int(found[2])
        content = store / hash[:2] / hash[2:4] / hash
        remaining -= size
        if remaining > 0 and content.is_file() and content.stat().st_size == size:
            shutil.copyfile(content, path)


def _checked(name: str) -> str:
    """The name of a file in a commit; raises GitError for one that leaves the folder, or makes it a repository."""
    # Windows takes no notice of a dot or space at the end, and knows '.git' by a short name too.
    parts = {part.casefold().rstrip(". ") for part in name.split("/")}
    if parts & {"", ".git", "git~1"} or (os.name == "nt" and re.search(r"[\\:]", name)):
        raise GitError(f"that commit has a file with the forbidden name {name!a}")
    return name


def _write_next(objects: IO[bytes], path: Path, most: int) -> int:
    """Write the next object that ``git cat-file --batch`` prints to a file, and return its size."""
    size = _next_size(objects, f"the repository is damaged: the content of {path.name!a} is missing")
    if size > most:
        raise GitError(
            f"that commit has more than {MAX_COMMIT_BYTES // 2**20:,} MB of files, which is the most that is read"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for data in _pieces(objects, size):
                file.write(data)
    except OSError as error:
        raise GitError(f"cannot write {path.name!a}: {error.strerror}") from None
    objects.read(1)  # the line feed after it
    return size
