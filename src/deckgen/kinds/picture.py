"""A picture with regions to name: one card for each region, with the region covered (image occlusion).

Example:

    domain: basics
    source: [book]

    pictures:
      - id: stop-sign
        picture: media/dot.png
        title: A road sign at a crossing
        question: Which part is covered?
        regions:
          - {id: face, name: Face, note: Red on every road, rect: [0.3, 0.1, 0.4, 0.3]}
          - {id: post, name: Post, rect: [0.45, 0.45, 0.1, 0.5]}

The answer side names the region, and shows its `note` below. A region is a rectangle in fractions of the picture: where
its left and top edge are, then its width and height; the page for drawing in `deckgen preview` writes these lines.

A region's id keeps its card when regions are moved or added. With `hide: all`, every region is covered on every card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from deckgen.cards.note import Note
from deckgen.cards.note_types import picture
from deckgen.cards.note_types.picture import MAX_REGIONS, Region
from deckgen.core.diagnostics import Position, Report
from deckgen.kinds.entry import Entry, Kind, frame_for, identify
from deckgen.language import outlines, rules
from deckgen.language.escaping import escape
from deckgen.language.markup import Markup
from deckgen.language.media import MediaFile, MediaKind, Problem
from deckgen.language.nodes import MappingNode, Node, SequenceNode, noun
from deckgen.language.outlines import Outline
from deckgen.language.records import ListOf, Record, key, record
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.values import TEXT, Choice, Line, MarkupText, Number, Slug
from deckgen.project.project import Project

NARROW = 0.02
"""A region that is narrower than this part of its picture is hard to see on a phone."""

COVERED = 0.9
"""A region hides another one if it covers this much of it."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture, and the path that the author wrote."""

    file: MediaFile
    path: str


class PicturePath:
    """The path of a picture."""

    noun = "the path of a picture, relative to this file"

    def read(self, node: Node, reader: Reader) -> PictureFile | None:
        path = TEXT.read(node, reader)
        if path is None:
            return None
        found = reader.find_media(path)
        if isinstance(found, Problem):
            reader.error(found.rule, node, found.message, found.help)
            return None
        if found.kind is not MediaKind.PICTURE:
            reader.error(rules.MEDIA_TYPE, node, f"expected a picture, found the sound '{path}'")
            return None
        return PictureFile(found, path)

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return TEXT.json_schema(builder)


_NUMBER = Number()


class Rectangle:
    """A rectangle on a picture."""

    noun = "four fractions of the picture, [left, top, width, height], for example [0.25, 0.1, 0.5, 0.2]"

    def read(self, node: Node, reader: Reader) -> Outline | None:
        if not isinstance(node, SequenceNode) or len(node.items) != 4:
            found = f"{len(node.items)} values" if isinstance(node, SequenceNode) else noun(node)
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {found}")
            return None
        numbers = [_NUMBER.read(item, reader) for item in node.items]
        complete = [number for number in numbers if number is not None]
        if len(complete) < 4:
            return None
        if max(complete) > 1:
            help = "divide pixels by the width or height of the picture"
            message = f"expected fractions of the picture, from 0 to 1, found {max(complete):g}"
            reader.error(rules.BAD_VALUE, node, message, help)
            return None
        return outlines.rectangle(*complete)

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        number = {**_NUMBER.json_schema(builder), "maximum": 1}
        return {"type": "array", "items": number, "minItems": 4, "maxItems": 4}


@record
class RegionEntry:
    """What an author writes for one region."""

    position: Position
    id: str = key(Slug(), "Permanent identifier of the region, by which its card keeps its schedule; never change it.")
    name: Markup = key(MarkupText(), "What the region shows, which is asked.")
    note: Markup | None = key(MarkupText(), "A line below the name on the answer side; not asked.", default=None)
    rect: Outline = key(Rectangle(), "Where it is: its left and top edge, width and height, in fractions.")


@record
class Picture(Entry):
    """What an author writes for one picture."""

    picture: PictureFile = key(PicturePath(), "The file with the picture: PNG, JPEG, WebP, GIF or SVG.")
    title: str = key(
        Line(),
        "What the picture shows, above the question and for learners who cannot see it; it must not name a region.",
    )
    question: Markup | None = key(MarkupText(), "The front of every card; by default 'What is covered?'.", default=None)
    regions: tuple[RegionEntry, ...] | None = key(
        ListOf(Record(RegionEntry, "a region"), single=False),
        "The regions to name, each with a card.",
        default=None,
    )
    hide: str = key(
        Choice(("one", "all")),
        "What a card covers: the `one` region that it asks for, which is the default, or `all` of them.",
        default="one",
    )

    def fits(self, node: MappingNode, reader: Reader) -> bool:
        """Check the regions with each other."""
        if not self.regions:
            help = "draw one on the page for it in 'deckgen preview', which writes the line to paste here"
            reader.error(rules.NO_CARD, node, "expected the regions of the picture, found none", help)
            return False
        return _are_sound(self.regions, reader.report, hide_all=self.hide == "all")


def _are_sound(regions: Sequence[RegionEntry], report: Report, *, hide_all: bool) -> bool:
    """Report what is wrong with the regions of a picture. Return whether each of them can be asked."""
    problems = Report()
    if len(regions) > MAX_REGIONS:
        message = f"expected at most {MAX_REGIONS} regions, found {len(regions)}"
        help = "write a second entry that shows the same picture, and move some of the regions there"
        problems.add(rules.LONG_LIST, regions[MAX_REGIONS].position, message, help)
    first: dict[str, RegionEntry] = {}
    for region in regions[:MAX_REGIONS]:
        earlier = first.setdefault(region.id, region)
        if earlier is not region:
            message = f"the id '{region.id}' is already used in line {earlier.position.line}"
            problems.add(rules.DUPLICATE_ID, region.position, message)
        if outlines.is_outside(region.rect):
            message = f"the region '{region.id}' reaches over the edge of the picture"
            help = "left and width together are at most 1, and so are top and height"
            problems.add(rules.REGION_OUTSIDE, region.position, message, help)
        elif (narrow := min(outlines.size(region.rect))) < NARROW:
            message = f"the region '{region.id}' is {narrow:.1%} of the picture wide or high, which is hard to see"
            problems.add(rules.REGION_NARROW, region.position, message, f"give it at least {NARROW:.0%} of the picture")
    for one, other in permutations(first.values(), 2):
        if outlines.covered(one.rect, other.rect) >= COVERED and (
            hide_all or outlines.covered(other.rect, one.rect) >= COVERED
        ):
            message = f"the region '{other.id}' covers '{one.id}'"
            help = "move or shrink one of them" + (", or leave out `hide: all`" if hide_all else "")
            problems.add(rules.REGION_HIDDEN, one.position, message, help)
    report.extend(problems)
    return not problems.has_errors


def notes(entry: Picture, project: Project) -> Iterator[Note]:
    """Make one note, with a card for each region."""
    title = escape(entry.title)
    identity = identify(entry, "picture", project, title=title)
    question = entry.question or Markup("What is covered?", "What is covered?", entry.position)
    yield picture.note(
        identity,
        frame_for(entry, project, identity, topic=title),
        question,
        entry.picture.file,
        entry.title,
        [Region(region.id, region.name, region.note, region.rect) for region in entry.regions or ()],
        hide_all=entry.hide == "all",
        worded=entry.question is None,
    )


KIND = Kind(
    name="picture",
    section="pictures",
    plural="Pictures",
    entry=Picture,
    notes=notes,
    asked=("picture", "title", "question"),
)
