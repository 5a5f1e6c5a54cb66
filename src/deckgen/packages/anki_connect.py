"""Ask the Anki that runs on this machine, through the add-on AnkiConnect (https://git.sr.ht/~foosoft/anki-connect).

Only actions that read, or that open Anki's own dialogs, are used. The action ``importPackage`` is never used: it
silently makes "import learning progress" the user's preset.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deckgen.core.characters import printable_line
from deckgen.core.terminal import Failure
from deckgen.packages.read_package import NoteContents

ADDRESS = "http://127.0.0.1:8765"
"""Where AnkiConnect answers unless its settings say otherwise; ``DECKGEN_ANKICONNECT`` names another place, and
``DECKGEN_ANKICONNECT_KEY`` the key that its settings may demand."""

VERSION = 6
MAX_ANSWER = 256 * 2**20
SECONDS = 120

_BATCH = 500
"""Notes that are asked for at once: Anki's window does not react until they are sent."""


class NoAnki(Failure):
    """No AnkiConnect answers."""


def request(action: str, **params: Any) -> Any:
    """Ask for an action. Raises NoAnki if nobody answers, and Failure with AnkiConnect's own reason."""
    address = os.environ.get("DECKGEN_ANKICONNECT") or ADDRESS
    try:
        url = urlsplit(address)
        connection = HTTPConnection(url.hostname or "", url.port or 80, timeout=SECONDS)
    except (ValueError, HTTPException):
        raise Failure(
            f"DECKGEN_ANKICONNECT is '{printable_line(address)}': expected an address such as {ADDRESS}"
        ) from None
    key = os.environ.get("DECKGEN_ANKICONNECT_KEY")
    body = json.dumps({"action": action, "version": VERSION, "params": params, **({"key": key} if key else {})})
    try:
        connection.request("POST", "/", body, {"Content-Type": "application/json"})
        data = connection.getresponse().read(MAX_ANSWER + 1)
        answer = json.loads(data)
        result, error = answer["result"], answer["error"]
    except (OSError, HTTPException) as problem:
        raise NoAnki(
            f"Anki does not answer at {printable_line(url.netloc)} ({printable_line(str(problem))}): start Anki with "
            "the add-on AnkiConnect (2055492159), or export the deck and name the file"
        ) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NoAnki(f"what answers at {printable_line(url.netloc)} is not AnkiConnect") from None
    finally:
        connection.close()
    if error is not None:
        raise Failure(f"AnkiConnect refused '{action}': {printable_line(' '.join(str(error).split()))}")
    return result


def answers() -> bool:
    """Whether an Anki with AnkiConnect runs."""
    try:
        request("version")
    except NoAnki:
        return False
    return True


def open_import(path: Path) -> None:
    """Let the running Anki open its dialog for the import of a file."""
    request("guiImportFile", path=path.resolve().as_posix())


def read_notes(
    note_types: Iterable[str], decks: Iterable[str], ids: Mapping[str, str], tags: Mapping[str, str]
) -> dict[str, NoteContents]:
    """The notes of some note types or decks, given by their names in Anki, by guid.

    AnkiConnect does not give guids: ``ids`` has them by the content of the field ``Id``, ``tags`` by the tag of a note
    whose type has no such field. A note that neither of them knows gets a guid that no note has. Raises Failure.
    """
    query = " OR ".join(
        [*(f"note:{_quoted(name)}" for name in note_types), *(f"deck:{_quoted(name)}" for name in decks)]
    )
    try:
        return {note.guid: note for note in _notes(request("findNotes", query=query), ids, tags)}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Failure(
            "AnkiConnect did not answer as it should: update it in Anki (Tools › Add-ons), or export the deck and name "
            "the file"
        ) from None


def _quoted(name: str) -> str:
    """A name in Anki's search language."""
    escaped = "".join(f"\\{character}" if character in '\\"*_:' else character for character in name)
    return f'"{escaped}"'


def _notes(found: list[int], ids: Mapping[str, str], tags: Mapping[str, str]) -> Iterator[NoteContents]:
    for start in range(0, len(found), _BATCH):
        infos = [info for info in request("notesInfo", notes=found[start : start + _BATCH]) if info]
        cards = [card for info in infos for card in info["cards"]]
        decks = {card: deck for deck, in_deck in request("getDecks", cards=cards).items() for card in in_deck}
        for info in infos:
            fields = {str(name): str(field["value"]) for name, field in info["fields"].items()}
            own_tags = tuple(sorted(map(str, info["tags"])))
            guid = ids.get(fields.get("Id", "")) or next(
                filter(None, map(tags.get, own_tags)), f"note {info['noteId']}"
            )
            of_cards = {ord: str(decks.get(card, "")) for ord, card in enumerate(info["cards"])}
            yield NoteContents(guid, 0, fields, own_tags, of_cards, modified=int(info.get("mod", 0)))
