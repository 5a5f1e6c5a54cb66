"""What deckgen costs, beside the usual parts on the same content: whole processes, alternating, in one run.

python tests/bench/run.py [--sizes 1000,10000,100000] [--rounds 5]

Ratios hold on any machine; seconds are this one's. Needs the extras ``bench`` and ``dev`` (``make bench`` has them).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from generate import write_project

HERE = Path(__file__).parent
DECKGEN = [sys.executable, "-m", "deckgen"]


class Run(NamedTuple):
    """One process: seconds from start to end, and the memory of the largest process in megabytes."""

    seconds: float
    megabytes: float


class Bench:
    """One project of the benchmark in a folder of its own."""

    def __init__(self, folder: Path, notes: int) -> None:
        self.folder = folder
        self.notes = notes
        self.cache = folder / "cache"
        write_project(folder, notes)

    def run(self, command: Sequence[str]) -> Run:
        environment = {**os.environ, "DECKGEN_CACHE": str(self.cache)}
        start = perf_counter()
        process = subprocess.Popen(
            command, cwd=self.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - start
        if status:
            raise SystemExit(f"{' '.join(command)} failed")
        return Run(seconds, usage.ru_maxrss / 1024)

    def usual(self) -> Run:
        return self.run([sys.executable, str(HERE / "usual.py"), "decks", "usual.apkg"])

    def cold(self) -> Run:
        """Nothing was ever built here."""
        for folder in (self.cache, self.folder / "build"):
            shutil.rmtree(folder, ignore_errors=True)
        (self.folder / "decks/deckgen.lock").unlink(missing_ok=True)
        return self.run([*DECKGEN, "build"])

    def edit(self) -> Run:
        """One question is reworded."""
        path = self.folder / "decks/large/part-00000.yaml"
        before, question, after = path.read_text().partition("question: What ")
        path.write_text(before + question + (after.removeprefix("indeed ") if "indeed" in after else f"indeed {after}"))
        return self.run([*DECKGEN, "build"])

    def again(self) -> Run:
        """Nothing changed."""
        return self.run([*DECKGEN, "build"])

    def check(self) -> Run:
        return self.run([*DECKGEN, "check"])

    def check_cold(self) -> Run:
        shutil.rmtree(self.cache, ignore_errors=True)
        return self.run([*DECKGEN, "check"])


CASES: dict[str, Callable[[Bench], Run]] = {
    "the usual parts": Bench.usual,
    "first build": Bench.cold,
    "build after one edit": Bench.edit,
    "build, nothing changed": Bench.again,
    "check": Bench.check,
    "first check": Bench.check_cold,
}


def measure(notes: int, rounds: int, folder: Path) -> None:
    bench = Bench(folder, notes)
    runs: dict[str, list[Run]] = {name: [] for name in CASES}
    for _ in range(rounds):
        for name, case in CASES.items():
            runs[name].append(case(bench))
    usual = [run.seconds for run in runs["the usual parts"]]
    cold = [run.seconds for run in runs["first build"]]
    print(f"\n{notes:,} notes, {rounds} rounds\n")
    print("| | seconds, median (spread) | the usual take | of a first build | memory |")
    print("| --- | --- | --- | --- | --- |")
    for name, own in runs.items():
        seconds = [run.seconds for run in own]
        times = median(one / other for one, other in zip(usual, seconds, strict=True))
        share = median(other / one for one, other in zip(cold, seconds, strict=True))
        spread = f"{median(seconds):.2f} ({min(seconds):.2f}-{max(seconds):.2f})"
        print(f"| {name} | {spread} | {times:.1f} times | {share:.2f} | {max(run.megabytes for run in own):.0f} MB |")


def measure_start(rounds: int, folder: Path) -> None:
    bench = Bench(folder, 10)
    click = [bench.run([sys.executable, "-c", "import click"]).seconds for _ in range(rounds)]
    help = [bench.run([*DECKGEN, "--help"]).seconds for _ in range(rounds)]
    print(f"\n`deckgen --help` takes {median(help) / median(click):.2f} times what `python -c 'import click'` takes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="deckgen-bench-") as folder:
        measure_start(4 * options.rounds, Path(folder, "start"))
        for size in map(int, options.sizes.split(",")):
            measure(size, max(1, options.rounds if size < 100_000 else options.rounds // 2), Path(folder, str(size)))


if __name__ == "__main__":
    main()
