"""What deckgen costs, beside the usual parts on the same content: whole processes, alternating, in one run.

python tests/bench/run.py [--sizes 1000,10000,100000] [--rounds 5] [--compiled FOLDER]

Ratios hold on any machine; seconds are this one's. Needs the extras ``bench`` and ``dev`` (``make bench`` has them).
With a folder in which deckgen is compiled to C, that is what is measured, and a first build by plain Python beside it.
"""

from __future__ import annotations

import argparse
import os
import pstats
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import NamedTuple

from generate import write_project

HERE = Path(__file__).parent
USUAL = "the usual parts"
DECKGEN = [sys.executable, "-m", "deckgen"]


class Run(NamedTuple):
    """One process: seconds from start to end, and the memory of the largest process in megabytes."""

    seconds: float
    megabytes: float


class Bench:
    """One project of the benchmark in a folder of its own."""

    compiled = ""

    def __init__(self, folder: Path, notes: int, decks: int = 1) -> None:
        self.folder = folder
        self.notes = notes
        self.cache = folder / "cache"
        write_project(folder, notes, decks)

    def run(self, command: Sequence[str], path: str = "") -> Run:
        # Empty: byte code is kept, as it is for users, also where the one who measures has switched that off.
        own = {"DECKGEN_CACHE": str(self.cache), "PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": path}
        environment = {**os.environ, **own}
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

    def deckgen(self, *arguments: str) -> Run:
        return self.run([*DECKGEN, *arguments], self.compiled)

    def plain(self) -> Run:
        """A first build by plain Python."""
        self.forget()
        return self.run([*DECKGEN, "build"])

    def cold(self) -> Run:
        """Nothing was ever built here."""
        self.forget()
        return self.deckgen("build")

    def forget(self) -> None:
        for folder in (self.cache, self.folder / "build"):
            shutil.rmtree(folder, ignore_errors=True)
        (self.folder / "decks/deckgen.lock").unlink(missing_ok=True)

    def edit(self, *options: str) -> Run:
        """One question is reworded."""
        path = self.folder / "decks/large/part-00000.yaml"
        before, question, after = path.read_text().partition("question: What ")
        path.write_text(before + question + (after.removeprefix("indeed ") if "indeed" in after else f"indeed {after}"))
        return self.deckgen("build", *options)

    def again(self) -> Run:
        """Nothing changed."""
        sleep(1.1)  # of two builds within a second, the later is not over before the next
        return self.deckgen("build")

    def check(self) -> Run:
        return self.deckgen("check")

    def check_cold(self) -> Run:
        shutil.rmtree(self.cache, ignore_errors=True)
        return self.deckgen("check")


CASES: dict[str, Callable[[Bench], Run]] = {
    USUAL: Bench.usual,
    "first build, plain Python": Bench.plain,
    "first build": Bench.cold,
    "build after one edit": Bench.edit,
    "build, nothing changed": Bench.again,
    "check": Bench.check,
    "first check": Bench.check_cold,
}


def measure(notes: int, rounds: int, folder: Path) -> None:
    bench = Bench(folder, notes)
    cases = {name: case for name, case in CASES.items() if Bench.compiled or case is not Bench.plain}
    runs: dict[str, list[Run]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            runs[name].append(case(bench))
    usual = [run.seconds for run in runs[USUAL]]
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


def measure_decks(notes: int, decks: int, rounds: int, folder: Path) -> None:
    """The same in several decks, of which an edit touches one."""
    bench = Bench(folder, notes, decks)
    share = median((1 / bench.cold().seconds) * bench.edit().seconds for _ in range(rounds))
    print(f"\nIn {decks} decks a build of {notes:,} notes after one edit takes {share:.2f} of a first build")


def measure_start(rounds: int, folder: Path) -> None:
    bench = Bench(folder, 10)
    click = [bench.run([sys.executable, "-c", "import click"]).seconds for _ in range(rounds)]
    help = [bench.deckgen("--help").seconds for _ in range(rounds)]
    print(f"\n`deckgen --help` takes {median(help) / median(click):.2f} times what `python -c 'import click'` takes")


def measure_import(notes: int, rounds: int, folder: Path) -> None:
    """What an update of one note costs a learner: the real Anki imports both builds again after one edit, and the
    package of only what is new."""
    sys.path.append(str(HERE.parent))
    from learner import Learner

    bench = Bench(folder, notes)
    kept = folder / "kept.apkg"
    packages = {"the whole deck": "build/large.apkg", "what is new": "build/large-since-HEAD.apkg", USUAL: "usual.apkg"}
    seconds: dict[str, list[float]] = {name: [] for name in packages}
    bench.run(["git", "init", "-q"])
    for _ in range(rounds):
        bench.cold()
        shutil.copy(folder / "build/large.apkg", kept)
        bench.run(["git", "add", "decks"])
        bench.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "x"])
        bench.edit("--since", "HEAD")
        for name in ("the whole deck", "what is new"):
            seconds[name].append(_import(Learner, kept, folder / packages[name]))
        bench.usual()
        shutil.copy(folder / "usual.apkg", kept)
        sleep(1.1)  # genanki's times are whole seconds; an update in the same one would be no update
        bench.usual()
        seconds[USUAL].append(_import(Learner, kept, folder / "usual.apkg"))
    usual = seconds.pop(USUAL)
    print(f"\nAfter one edit of {notes:,} notes Anki imports the usual new build in {median(usual):.2f} s;")
    for name, own in seconds.items():
        share = median(one / other for one, other in zip(own, usual, strict=True))
        print(f"of deckgen's {name} in {median(own):.2f} s, {share:.2f} of that")


def _import(learner: type, first: Path, second: Path) -> float:
    with learner() as anki:
        anki.imports(first)
        start = perf_counter()
        anki.imports(second)
        return perf_counter() - start


def show_profile(notes: int, folder: Path) -> None:
    """Where a first build spends its time, by module; the profiler makes calls look dearer than they are."""
    bench = Bench(folder, notes)
    out = folder / "profile"
    code = f"import cProfile; from deckgen.cli import main; cProfile.run('main([\"build\"])', {str(out)!r})"
    bench.run(["taskset", "-c", "0", sys.executable, "-c", code])  # compiled code shows no functions
    spent: dict[str, float] = defaultdict(float)
    for (file, _, function), (_, _, own, _, _) in pstats.Stats(str(out)).stats.items():  # type: ignore[attr-defined]
        inside = "deckgen/" in file
        spent[file.rpartition("deckgen/")[2] if inside else f"{Path(file).name} {function}"] += own
    total = sum(spent.values())
    print(f"\nWhere a first build of {notes:,} notes spends its time:\n")
    for name, own in sorted(spent.items(), key=lambda pair: -pair[1])[:20]:
        print(f"{100 * own / total:5.1f} %  {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--compiled", default="")
    options = parser.parse_args()
    Bench.compiled = str(Path(options.compiled).resolve()) if options.compiled else ""
    with tempfile.TemporaryDirectory(prefix="deckgen-bench-") as folder:
        for warm_up in (Bench.usual, Bench.cold, Bench.again):
            warm_up(Bench(Path(folder, "warm-up"), 100))
        measure_start(4 * options.rounds, Path(folder, "start"))
        sizes = [int(size) for size in options.sizes.split(",")]
        for size in sizes:
            measure(size, max(1, options.rounds if size < 100_000 else options.rounds // 2), Path(folder, str(size)))
        measure_decks(max(sizes), 10, max(1, options.rounds // 2), Path(folder, "decks"))
        show_profile(10_000, Path(folder, "profile"))
        measure_import(max(sizes), 2, Path(folder, "import"))  # last, since a process counts the memory that started it


if __name__ == "__main__":
    main()
