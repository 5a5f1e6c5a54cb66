"""``ankiweb.txt``: what a maintainer pastes into AnkiWeb's form for shared decks, which no program can fill in."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.cards.plain_text import field_text
from deckgen.project.project import DeckFolder, Project
from deckgen.releases.notes import DeckNotes, ReleaseNotes
from deckgen.reports.summary import count_contents

_HEAD = """\
For each deck: import its package into an empty Anki profile, and synchronize it. Then open the deck's menu on
https://ankiweb.net/decks, choose Share, and paste these texts. Always share from the same account: then the deck
replaces its earlier version.
"""


def as_ankiweb(notes: ReleaseNotes, project: Project) -> str:
    """The texts for each deck."""
    return "\n".join([_HEAD, *(_form(deck, notes, project) for deck in notes.decks)])


def _form(deck: DeckNotes, notes: ReleaseNotes, project: Project) -> str:
    (folder,) = (one for one in project.decks if one.name == deck.name)
    covered = {note.identity.domain for note in deck.notes}
    tags = [notes.settings.tag, *(domain for domain in notes.settings.domains if domain in covered)]
    description = "\n\n".join(_description(deck, folder, notes))
    texts = {"Title": deck.title, "Tags": " ".join(tags), "Description": description}
    return f"===== {deck.name}.apkg =====\n\n" + "\n".join(f"{name}:\n{text}\n" for name, text in texts.items())


def _description(deck: DeckNotes, folder: DeckFolder, notes: ReleaseNotes) -> Iterator[str]:
    settings = notes.settings
    if folder.settings.description:
        yield field_text(folder.settings.description.html)
    yield f"Release {notes.name} of {notes.date}: {count_contents(deck.notes)}."
    if notes.since and not deck.is_new:
        changes = f"{len(deck.added):,} new, {len(deck.changed):,} changed, {len(deck.retired):,} retired"
        yield f"Since {notes.since}: {changes}. Import the deck again to update: your progress stays."
    if settings.disclaimer:
        yield field_text(settings.disclaimer.html)
    if settings.terms:
        yield settings.terms
