"""What the person at this machine allowed adopted cards to do: run scripts, load from elsewhere.

A consent covers exact texts, by a digest of them, so that any change asks again. It is recorded outside the checkout,
where a pull request cannot bring its own, and never counts on a CI runner, which builds what strangers write.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deckgen.core.location import is_in_checkout, short_path, user_folder
from deckgen.core.terminal import Failure

HELP = "read it; if nothing in it is dangerous, run 'deckgen consent'"

_OF_RUNNERS = ("CI", "GITHUB_ACTIONS", "TF_BUILD")


@dataclass(frozen=True, slots=True)
class Consent:
    """The digests of texts that somebody consented to; or ``everything``, to read cards that nobody is to use yet."""

    digests: frozenset[str] = frozenset()
    everything: bool = False

    def __contains__(self, digest: object) -> bool:
        return self.everything or digest in self.digests

    def __str__(self) -> str:
        return "everything" if self.everything else " ".join(sorted(self.digests))


EVERYTHING = Consent(everything=True)


def _on_runner() -> bool:
    """Whether this is a CI runner."""
    return any(map(os.environ.get, _OF_RUNNERS))


def consent_given(root: Path) -> Consent:
    """What was consented to at this machine; nothing on a CI runner."""
    record = _record()
    if record is None or _on_runner() or is_in_checkout(record, root):
        return Consent()
    try:
        return Consent(frozenset(record.read_text(encoding="ascii", errors="replace").split()))
    except OSError:
        return Consent()


def give_consent(root: Path, digests: Iterable[str]) -> Path:
    """Record a consent; returns the file. Raises Failure on a CI runner, without a home folder, or if the file
    would be in the checkout."""
    record = _record()
    if _on_runner():
        raise Failure("a CI runner cannot give consent: build and release such decks on your own machine")
    if record is None:
        raise Failure("consent is recorded in your home folder: set the variable HOME to a folder of yours")
    if is_in_checkout(record, root):
        raise Failure(f"consent is recorded outside the checkout, and '{short_path(record)}' is in it")
    record.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with record.open("a", encoding="ascii", newline="\n") as file:
        file.write("\n")  # the last line is half a digest if a full disk or a crash cut it off
        file.writelines(f"{digest}\n" for digest in sorted(set(digests) - consent_given(root).digests))
    return record


def _record() -> Path | None:
    if sys.platform == "win32":
        folder = user_folder("AppData/Roaming", "APPDATA")
    elif sys.platform == "darwin":
        folder = user_folder("Library/Application Support")
    else:
        folder = user_folder(".config", "XDG_CONFIG_HOME")
    return folder and folder / "deckgen" / "consent"
