"""Fuzz each target for a while, guided by coverage: ``python tests/fuzz/fuzz.py [--seconds N] [TARGET …]``.

Begins with the committed corpus and what ``seeds`` has. What is found is left in ``build/fuzz``, as a file that made
the target fail, which ``--input FILE`` tries again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

LIMITS = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=4096", "-print_final_stats=1"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--input", type=Path)
    parser.add_argument("--within", action="store_true", help=argparse.SUPPRESS)
    chosen, options = parser.parse_known_args()
    if chosen.within:
        _fuzz(chosen.targets[0], options)
        return
    from targets import TARGETS

    if chosen.input:
        TARGETS[chosen.targets[0]](chosen.input.read_bytes())
        return
    failed = [name for name in chosen.targets or TARGETS if not _run(name, chosen.seconds, options)]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}; the inputs are in build/fuzz")


def _run(name: str, seconds: int, options: list[str]) -> bool:
    """Fuzz a target in a process of its own, since a fuzzer ends with its process, and instruments what it imports."""
    import seeds

    folder = HERE.parent.parent / "build/fuzz" / name
    inputs = [folder / "grown", folder / "seeds", HERE / "corpus" / name]  # what is new goes into the first
    for path in inputs:
        path.mkdir(parents=True, exist_ok=True)
    if name in ("deck_file", "edits"):
        for number, text in enumerate(seeds.files()):
            (folder / f"seeds/{number:03}.yaml").write_text(text, encoding="utf-8", newline="")
    words = folder / "words.dict"
    words.write_text(_dictionary(seeds.words()), encoding="ascii")
    arguments = [*LIMITS, f"-max_total_time={seconds}", f"-dict={words}", f"-artifact_prefix={folder}/", *options]
    command = [sys.executable, __file__, "--within", name, *arguments, *map(str, inputs)]
    print(f"{name}: {seconds} s", flush=True)
    log = folder / "log"
    with log.open("wb") as output:
        code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False).returncode
    lines = log.read_text(errors="replace").splitlines()
    if code:
        print("\n".join(lines[-60:]))
    else:
        print("\n".join(f"  {line}" for line in lines if "number_of_executed_units" in line or "peak_rss" in line))
    return code == 0


def _dictionary(words: Iterable[str]) -> str:
    """Words as libFuzzer reads them."""
    coded = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in dict.fromkeys(words))
    return "".join(f'"{word}"\n' for word in coded)


def _fuzz(name: str, options: list[str]) -> None:
    import atheris

    os.environ["DECKGEN_CACHE"] = "off"
    with atheris.instrument_imports(include=["deckgen"]):
        from targets import TARGETS
    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
