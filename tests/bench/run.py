"""Time deckgen and a typical stack on the same content, as whole processes, in turns, in one run.

python tests/bench/run.py [--sizes 1000,10000,100000] [--rounds 5]

Ratios hold on any machine, seconds only on this one. Needs the extras ``bench`` and ``dev``; ``make bench`` has both.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import pstats
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from generate import write_project

HERE = Path(__file__).parent
TYPICAL = "typical stack"
DECKGEN = [sys.executable, "-m", "deckgen"]


@dataclass(frozen=True)
class Run:
    """One command: seconds from start to end, and megabytes of all its processes together, shared pages counted once
    (PSS), at the highest of many samples."""

    seconds: float
    megabytes: float


class Bench:
    """One project in a folder of its own."""

    def __init__(self, folder: Path, notes: int, decks: int = 1) -> None:
        self.folder = folder
        self.cache = folder.with_name(f"{folder.name}-cache")  # deckgen uses no cache in a project
        write_project(folder, notes, decks)

    def start(self, command: Sequence[str], stdout: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
        # An empty PYTHONDONTWRITEBYTECODE makes Python keep byte code, as it does for users.
        own = {"DECKGEN_CACHE": str(self.cache), "PYTHONDONTWRITEBYTECODE": ""}
        environment = {**os.environ, **own}
        return subprocess.Popen(
            command, cwd=self.folder, env=environment, stdout=stdout, stderr=subprocess.DEVNULL, text=True
        )

    def run(self, command: Sequence[str], *, memory: bool = False) -> Run:
        start = perf_counter()
        process = self.start(command)
        watcher = Memory(process.pid) if memory else None
        status = process.wait()
        seconds = perf_counter() - start
        if status:
            raise SystemExit(f"{' '.join(command)} failed")
        return Run(seconds, watcher.highest() if watcher else 0)

    def typical(self, *, memory: bool = False) -> Run:
        return self.run([sys.executable, str(HERE / "typical.py"), "decks", "typical.apkg"], memory=memory)

    def deckgen(self, *arguments: str, memory: bool = False) -> Run:
        return self.run([*DECKGEN, *arguments], memory=memory)

    def first(self, *, memory: bool = False) -> Run:
        """Build a project that was never built here."""
        for folder in (self.cache, self.folder / "build"):
            shutil.rmtree(folder, ignore_errors=True)
        (self.folder / "decks/deckgen.lock").unlink(missing_ok=True)
        return self.deckgen("build", memory=memory)

    def edit(self) -> None:
        """Reword one question."""
        path = self.folder / "decks/large/part-00000.yaml"
        before, question, after = path.read_text().partition("question: What ")
        path.write_text(before + question + (after.removeprefix("indeed ") if "indeed" in after else f"indeed {after}"))

    def edited(self, *options: str, memory: bool = False) -> Run:
        """Build after one edit."""
        self.edit()
        return self.deckgen("build", *options, memory=memory)

    def unchanged(self, *, memory: bool = False) -> Run:
        """Build again when nothing has changed."""
        return self.deckgen("build", memory=memory)

    def check(self, *, memory: bool = False) -> Run:
        return self.deckgen("check", memory=memory)


class Memory(threading.Thread):
    """Samples the memory of a process and its children until it ends."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._highest = 0.0
        self.start()

    def run(self) -> None:
        while (now := _tree_megabytes(self._process)) > 0:
            self._highest = max(self._highest, now)
            sleep(0.01)

    def highest(self) -> float:
        self.join()
        return self._highest


def _tree_megabytes(process: int) -> float:
    try:
        kilobytes = next(
            int(line.split()[1])
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            if line.startswith("Pss:")
        )
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except (OSError, StopIteration):
        return 0
    return kilobytes / 1024 + sum(_tree_megabytes(int(child)) for child in children)


CASES: dict[str, Callable[..., Run]] = {
    TYPICAL: Bench.typical,
    "first build": Bench.first,
    "build after one edit": Bench.edited,
    "build, nothing changed": Bench.unchanged,
    "check": Bench.check,
}


def measure(notes: int, rounds: int, folder: Path) -> None:
    bench = Bench(folder, notes)
    runs: dict[str, list[Run]] = {name: [] for name in CASES}
    for _ in range(rounds):
        for name, case in CASES.items():
            runs[name].append(case(bench))
    memory = {name: case(bench, memory=True).megabytes for name, case in CASES.items()}
    typical = [run.seconds for run in runs[TYPICAL]]
    print(f"\n{notes:,} notes, {rounds} rounds\n")
    print(f"| | seconds, median (range) | of the {TYPICAL} | memory |")
    print("| --- | --- | --- | --- |")
    for name, own in runs.items():
        seconds = [run.seconds for run in own]
        share = median(one / other for one, other in zip(seconds, typical, strict=True))
        times = f"{median(seconds):.2f} ({min(seconds):.2f}-{max(seconds):.2f})"
        print(f"| {name} | {times} | 1/{1 / share:.1f} | {memory[name]:.0f} MB |")


def measure_start(rounds: int, folder: Path) -> None:
    bench = Bench(folder, 10)
    click = [bench.run([sys.executable, "-c", "import click"]).seconds for _ in range(rounds)]
    help = [bench.deckgen("--help").seconds for _ in range(rounds)]
    print(f"\n`deckgen --help` takes {median(help) / median(click):.2f} times as long as `python -c 'import click'`")


def measure_preview(notes: int, rounds: int, folder: Path) -> None:
    """Time a running preview, as its page sees it: from a save to the event, and then to the changed card."""
    bench = Bench(folder, notes)
    shares, seconds = [], []
    process = bench.start([*DECKGEN, "preview", "--watch"], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        (host,) = re.findall(r"http://(\S+)/", process.stdout.readline())
        page = http.client.HTTPConnection(host)
        events = http.client.HTTPConnection(host)
        events.request("GET", "/events")
        stream = events.getresponse()
        edition = _next_edition(stream)
        for _ in range(rounds):
            typical = bench.typical().seconds
            start = perf_counter()
            bench.edit()
            _next_edition(stream)
            page.request("GET", f"/cards.json?since={edition}")
            update = json.loads(page.getresponse().read())
            seconds.append(perf_counter() - start)
            shares.append(seconds[-1] / typical)
            edition = update["edition"]
            assert len(update["notes"]) == 1
        memory = _tree_megabytes(process.pid)
    finally:
        process.terminate()
        process.wait()
    times = f"{median(seconds):.2f} ({min(seconds):.2f}-{max(seconds):.2f})"
    print(f"| preview, from a save to the changed card | {times} | 1/{1 / median(shares):.1f} | {memory:.0f} MB |")


def _next_edition(stream: http.client.HTTPResponse) -> str:
    while not (line := stream.readline().decode()).startswith("data: "):
        pass
    return line.removeprefix("data: ").strip()


def measure_import(notes: int, rounds: int, folder: Path) -> None:
    """Time real Anki importing both new builds after one edit, and deckgen's package of only what is new."""
    sys.path.append(str(HERE.parent))
    from learner import Learner

    bench = Bench(folder, notes)
    kept = folder / "kept.apkg"
    packages = {"whole deck": "build/large.apkg", "package of what is new": "build/large-since-HEAD.apkg"}
    seconds: dict[str, list[float]] = {name: [] for name in (*packages, TYPICAL)}
    bench.run(["git", "init", "-q"])
    for _ in range(rounds):
        bench.first()
        shutil.copy(folder / "build/large.apkg", kept)
        bench.run(["git", "add", "decks"])
        bench.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "x"])
        bench.edited("--since", "HEAD")
        for name, package in packages.items():
            seconds[name].append(_import(Learner, kept, folder / package))
        bench.typical()
        shutil.copy(folder / "typical.apkg", kept)
        sleep(1.1)  # genanki counts times in whole seconds: within the same one, Anki would see no update
        bench.typical()
        seconds[TYPICAL].append(_import(Learner, kept, folder / "typical.apkg"))
    typical = seconds.pop(TYPICAL)
    print(f"\nAfter one edit of {notes:,} notes, Anki imports the {TYPICAL}'s new build in {median(typical):.2f} s;")
    for name, own in seconds.items():
        share = median(one / other for one, other in zip(own, typical, strict=True))
        print(f"deckgen's {name} takes {median(own):.2f} s, {share:.2f} of that")


def _import(learner: type, first: Path, second: Path) -> float:
    with learner() as anki:
        anki.imports(first)
        start = perf_counter()
        anki.imports(second)
        return perf_counter() - start


def show_profile(notes: int, folder: Path) -> None:
    """Where a first build by one process spends its time, by module; a profiler exaggerates the cost of calls."""
    bench = Bench(folder, notes)
    out = folder / "profile"
    code = f"import cProfile; from deckgen.cli import main; cProfile.run('main([\"build\"])', {str(out)!r})"
    bench.run(["taskset", "-c", "0", sys.executable, "-c", code])
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
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="deckgen-bench-") as folder:
        for warm_up in (Bench.typical, Bench.first, Bench.unchanged):
            warm_up(Bench(Path(folder, "warm-up"), 100))
        measure_start(4 * options.rounds, Path(folder, "start"))
        for size in map(int, options.sizes.split(",")):
            rounds = options.rounds if size < 100_000 else max(1, options.rounds // 2)
            measure(size, rounds, Path(folder, str(size)))
            if size == 10_000:
                measure_preview(size, rounds, Path(folder, "preview"))
        show_profile(10_000, Path(folder, "profile"))
        measure_import(10_000, 2, Path(folder, "import"))


if __name__ == "__main__":
    main()
