"""The typical stack that the benchmark compares deckgen with, on the same content.

CSafeLoader reads, pydantic validates, markdown-it-py renders and genanki writes, each used as its documentation shows.
It has no positions, no content rules and no lock.

python tests/bench/typical.py DECKS PACKAGE
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import genanki
import yaml
from markdown_it import MarkdownIt
from pydantic import BaseModel, ConfigDict

SHARED = ["Hint", "Extra", "Confusable", "Domain", "Topic", "Source", "Grade", "As of", "Notice", "Id", "My notes"]
TEXTS = [f"Text {number}" for number in range(1, 21)]
CSS = ".card { font-family: sans-serif; font-size: 20px; }"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


class Entry(Strict):
    id: str
    domain: str | None = None
    source: list[str] = []
    tags: list[str] = []
    as_of: str | None = None


class Faq(Entry):
    question: str
    answer: str | None = None
    full: str | None = None
    items: list[dict[str, str]] | None = None


class Procedure(Entry):
    name: str
    steps: list[dict[str, str]]


class Resource(Entry):
    name: str
    acronym: str
    role: str
    url: str


class File(Strict):
    domain: str
    source: list[str]
    faq: list[Faq] = []
    procedures: list[Procedure] = []
    resources: list[Resource] = []


class Work(Strict):
    title: str
    url: str


def model(id: int, name: str, fields: list[str], templates: list[tuple[str, str, str]], cloze: bool = False) -> Any:
    return genanki.Model(
        id,
        f"usual {name}",
        fields=[{"name": field} for field in [*fields, *SHARED]],
        templates=[{"name": title, "qfmt": front, "afmt": back} for title, front, back in templates],
        css=CSS,
        model_type=genanki.Model.CLOZE if cloze else genanki.Model.FRONT_BACK,
    )


def card(name: str, shown: str, answer: str) -> tuple[str, str, str]:
    head = "{{Domain}}<hr>"
    return (
        name,
        f"{{{{#{answer}}}}}{head}{{{{{shown}}}}}{{{{/{answer}}}}}",
        f"{head}{{{{{shown}}}}}<hr>{{{{{answer}}}}}",
    )


QUESTION = model(
    1,
    "question",
    ["Question", "Answer", "Full", "Why", "Reverse"],
    [card("Answer", "Question", "Answer"), card("Why", "Question", "Why"), card("Reverse", "Reverse", "Reverse")],
)
LIST = model(
    2,
    "list",
    ["Prompt", "Full", *TEXTS],
    [("List", "{{Prompt}}" + "".join(f"{{{{cloze:{text}}}}}" for text in TEXTS), "{{Prompt}}{{Full}}")],
    cloze=True,
)
RESOURCE = model(
    3,
    "resource",
    ["Name", "Acronym", "Role", "Purpose", "Former", "Link"],
    [
        card("Acronym", "Acronym", "Acronym"),
        card("Role", "Role", "Role"),
        card("Purpose", "Name", "Purpose"),
        card("Former", "Former", "Former"),
    ],
)


class Build:
    """Renders entries to notes."""

    def __init__(self, domains: dict[str, str], works: dict[str, Work]) -> None:
        self.markdown = MarkdownIt("commonmark")
        self.domains = domains
        self.works = works

    def text(self, source: str | None) -> str:
        return self.markdown.render(source).strip().removeprefix("<p>").removesuffix("</p>") if source else ""

    def shared(self, entry: Entry, file: File, topic: str = "") -> list[str]:
        works = [self.works[key] for key in entry.source or file.source]
        links = "<br>".join(f'<a href="{work.url}">{self.text(work.title)}</a>' for work in works)
        domain = self.domains[entry.domain or file.domain]
        return ["", "", "", domain, topic, links, "", entry.as_of or "", "", entry.id, ""]

    def notes(self, file: File) -> Iterator[Any]:
        for faq in file.faq:
            if faq.items is None:
                fields = [self.text(faq.question), self.text(faq.answer), self.text(faq.full), "", ""]
                yield self.note(QUESTION, fields, faq, file, "faq")
            else:
                items = [self.text(text) for item in faq.items for text in item.values()]
                yield self.note(LIST, [self.text(faq.question), *lists(items, before=None)], faq, file, "faq")
        for procedure in file.procedures:
            steps = [self.text(text) for step in procedure.steps for text in step.values()]
            prompt = f"{self.text(procedure.name)}: the steps in order"
            yield self.note(LIST, [prompt, *lists(steps, before=2)], procedure, file, "procedure")
        for resource in file.resources:
            acronym, link = self.text(resource.acronym), f'<a href="{resource.url}">{resource.url}</a>'
            fields = [self.text(resource.name), acronym, self.text(resource.role), "", "", link]
            yield self.note(RESOURCE, fields, resource, file, "resource")

    def note(self, note_type: Any, fields: list[str], entry: Entry, file: File, kind: str) -> Any:
        domain = entry.domain or file.domain
        tags = [f"bench::domain::{domain}", f"bench::kind::{kind}", *(f"bench::{tag}" for tag in entry.tags)]
        return genanki.Note(
            model=note_type,
            fields=[*fields, *self.shared(entry, file)],
            tags=tags,
            guid=genanki.guid_for("bench", kind, entry.id),
        )


def lists(items: list[str], before: int | None) -> list[str]:
    """The full list, and the text of each card: of all items, then of each with the others or the ones before it."""
    rows = "".join(f"<li>{item}</li>" for item in items)
    texts = ["<ol>" + "".join(f"<li>{{{{c1::{item}}}}}</li>" for item in items) + "</ol>"]
    for place, asked in enumerate(items):
        first = 0 if before is None else max(0, place - before)
        shown = items if before is None else items[first : place + 1]
        lines = [f"{{{{c{place + 2}::{item}}}}}" if item is asked else item for item in shown]
        texts.append(f'<ol start="{first + 1}">' + "".join(f"<li>{line}</li>" for line in lines) + "</ol>")
    return [f"<ol>{rows}</ol>", *texts, *[""] * (20 - len(texts))]


def main(decks: Path, package: Path) -> None:
    load = lambda path: yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)  # noqa: E731
    project = load(decks / "deckgen.yaml")
    works = {key: Work.model_validate(work) for key, work in load(decks / "sources.yaml").items()}
    build = Build(project["domains"], works)
    made = []
    for folder in sorted(decks.glob("*/")):
        deck = genanki.Deck(len(made) + 1, folder.name)
        made.append(deck)
        for path in sorted(folder.glob("*.yaml")):
            if path.name != "deck.yaml":
                for note in build.notes(File.model_validate(load(path))):
                    deck.add_note(note)
    genanki.Package(made).write_to_file(str(package))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
