"""Fuzz each target for a while, guided by coverage: ``python tests/fuzz/fuzz.py [--seconds N] [TARGET …]``.

Begins with the committed corpus. What is found is left in ``build/fuzz``, as a file that made the target fail, which
``--input FILE`` tries again.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
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
    """Fuzz a target in a process of its own, since a fuzzer ends with its process."""
    folder = HERE.parent.parent / "build/fuzz" / name
    grown = folder / "corpus"
    grown.mkdir(parents=True, exist_ok=True)
    words = folder / "words.dict"
    words.write_text(_words(), encoding="utf-8")
    arguments = [*LIMITS, f"-max_total_time={seconds}", f"-dict={words}", f"-artifact_prefix={folder}/", *options]
    command = [sys.executable, __file__, "--within", name, *arguments, str(grown), str(HERE / "corpus" / name)]
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


def _words() -> str:
    """The words of the language, which a fuzzer would otherwise find letter by letter."""
    from deckgen.kind import About
    from deckgen.registry import all_kinds
    from deckgen.retirement import SECTION, Retired
    from deckgen.schema import Record, keys, records_in

    found = {f"{SECTION}:": None, "basics": None, "book": None}
    for record in (About, Retired, *(kind.entry for kind in all_kinds().values())):
        found |= {f"{name}:": None for inner in records_in(Record(record, "")) for name in keys(inner.type)}
    found |= dict.fromkeys(f"{section}:\n  - " for section in all_kinds())
    found |= dict.fromkeys(["{{c1::", "}}", "[sound:", "[latex]", "\\(", "\\)", "\\[", "\\]", "![a](media/dot.png)"])
    found |= dict.fromkeys(["note ", "type ", "namespace ", " | ", ": ", "\n  ", "- ", "|\n", "'", '"', "# ", "true"])
    lines = []
    for word in found:
        text = "".join(f"\\x{byte:02x}" if byte in b'"\\\n' or byte > 126 else chr(byte) for byte in word.encode())
        lines.append(f'"{text}"\n')
    return "".join(lines)


def _fuzz(name: str, options: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["deckgen"]):
        from targets import TARGETS
    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
