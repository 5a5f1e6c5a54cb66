"""Time builds of a project whose lock has many versions in git, and of the same project without git, in turns.

python tests/bench/history.py [--notes 10000] [--versions 500] [--rounds 5]

In every version a few notes were different, and each is either just committed or a release. Cold, a build reads all
versions; warm, it reads those that are new.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from run import Bench, Run

START = 1_790_000_000
CHANGED = 20
"""The notes that a version changes."""


def write_history(bench: Bench, versions: int, *, released: bool) -> None:
    """Commit the lock many times, at last as it is now: each time, some notes were different before."""
    lock = bench.folder / "decks/deckgen.lock"
    now = lock.read_text().splitlines()
    notes = [place for place, line in enumerate(now) if line.startswith("note ")]
    stream = bytearray()
    for version in range(1, versions + 1):
        lines = list(now)
        for place in [notes[(version * CHANGED + number) % len(notes)] for number in range(CHANGED)]:
            kind, id, note_type, _, _, rest = lines[place].split(" ", 5)
            lines[place] = f"{kind} {id} {note_type} {version:016x} {START + 60 * version} {rest}"
        if version == versions:
            lines = list(now)
        if released:
            lines += [f"release v{number} 2026-10-01" for number in range(1, version + 1)]
        text = "".join(f"{line}\n" for line in lines).encode()
        stream += b"commit refs/heads/main\ncommitter A <a@example.org> %d +0000\ndata 1\nx\n" % (START + 60 * version)
        stream += b"M 100644 inline decks/deckgen.lock\ndata %d\n%s\n" % (len(text), text)
        if released:
            stream += b"reset refs/tags/v%d\nfrom refs/heads/main\n" % version
    for command in ("init -q -b main", "fast-import --quiet", "reset -q", "checkout -q -- decks/deckgen.lock"):
        subprocess.run(["git", *command.split()], cwd=bench.folder, check=True, input=bytes(stream))


def cold(bench: Bench) -> Run:
    """Build what was never built here, with the lock of earlier builds."""
    for folder in (bench.cache, bench.folder / "build"):
        shutil.rmtree(folder, ignore_errors=True)
    return bench.deckgen("build")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--versions", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    cases: dict[str, Callable[[Bench], Run]] = {"first build": cold, "build after one edit": Bench.edited}
    with tempfile.TemporaryDirectory(prefix="deckgen-bench-") as folder:
        benches = {name: Bench(Path(folder, name), options.notes) for name in ("no git", "committed", "released")}
        for name, bench in benches.items():
            bench.first()
            if name != "no git":
                write_history(bench, options.versions, released=name == "released")
        print(f"\n{options.notes:,} notes, {options.versions:,} versions of the lock, {options.rounds} rounds\n")
        print("| | " + " | ".join(benches) + " |")
        print("| --- |" + " --- |" * len(benches))
        for case, run in cases.items():
            rounds = [{name: run(bench).seconds for name, bench in benches.items()} for _ in range(options.rounds)]
            shares = [
                f"{median(times[name] for times in rounds):.2f} s, "
                f"{median(times[name] / times['no git'] for times in rounds):.2f} times"
                for name in benches
            ]
            print(f"| {case} | " + " | ".join(shares) + " |")


if __name__ == "__main__":
    main()
