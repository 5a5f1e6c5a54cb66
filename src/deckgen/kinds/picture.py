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

The back names the region, and shows its `note` below. `rect` gives the left edge, the top edge, the width and the
height of a region, as fractions of the picture.

An SVG file can contain its regions instead: rectangles, circles, ellipses and polygons in a group with the id
`regions`, each with an id, a `<title>` (its name) and perhaps a `<desc>` (its note). Cards do not show that group.

A region keeps its card by its id, so you can move and add regions. If you must change the id, write the old one in
`was` (in an SVG file, in the attribute `data-was`). With `hide: all`, every card covers all regions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from deckgen.cards.note import Note
from deckgen.cards.note_types import picture
from deckgen.cards.note_types.picture import MAX_REGIONS, Region
from deckgen.core import rules
from deckgen.core.diagnostics import Diagnostic, Position, Report, has_errors
from deckgen.core.location import short_path
from deckgen.core.nodes import MappingNode, Node, SequenceNode, noun
from deckgen.kinds.entry import Entry, Kind, identify, shared_fields_for
from deckgen.kinds.items import NEWER_ID, earlier_id, repeated_first_id
from deckgen.language.keys import key, make, record
from deckgen.language.media_path import MediaPath
from deckgen.language.patterns import SLUG, Line, Number, Slug
from deckgen.language.records import ListOf, Record
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.values import Choice, MarkupText
from deckgen.media import outlines
from deckgen.media.media import MediaFile
from deckgen.media.media_formats import MediaKind
from deckgen.media.outlines import Outline
from deckgen.project.project import Project
from deckgen.text.escaping import escape, unescaped
from deckgen.text.markup import Markup

NARROW = 0.02
"""A region that is narrower than this part of its picture is hard to see on a phone."""


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
        if not min(complete[2:]):
            message = "expected a width and a height above 0, which come after left and top, found 0"
            reader.error(rules.BAD_VALUE, node, message)
            return None
        return outlines.rectangle(*complete)

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        number = {**_NUMBER.json_schema(builder), "maximum": 1}
        return {"type": "array", "items": number, "minItems": 4, "maxItems": 4}


@record
class RegionEntry:
    """What an author writes for one region."""

    position: Position
    id: str = key(Slug(), "Permanent identifier of the region; its card's schedule is tied to it, so never change it.")
    was: str | None = earlier_id("region")
    name: Markup = key(MarkupText(), "The name of the region: the answer.")
    note: Markup | None = key(MarkupText(), "A line below the name on the answer side; not asked.", default=None)
    rect: Outline = key(Rectangle(), "Its left edge, top edge, width and height, as fractions of the picture.")

    @property
    def first_id(self) -> str:
        return self.was or self.id


class PictureFile(NamedTuple):
    """A picture. One in SVG may have its regions in it, and has a known ``ratio`` of width to height."""

    file: MediaFile
    ratio: float | None = None
    regions: tuple[RegionEntry, ...] | None = None


_PATH = MediaPath(MediaKind.PICTURE)


class PicturePath:
    """The path of a picture, whose file may have regions."""

    noun = _PATH.noun

    def read(self, node: Node, reader: Reader) -> PictureFile | None:
        file = _PATH.read(node, reader)
        if file is None or file.path.suffix.lower() != ".svg":
            return PictureFile(file) if file else None
        drawing, problems = _drawing(file)
        reader.report.extend(problems)
        return None if has_errors(problems) else drawing

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return _PATH.json_schema(builder)


@lru_cache(maxsize=64)
def _drawing(file: MediaFile) -> tuple[PictureFile, tuple[Diagnostic, ...]]:
    """A picture in SVG with the regions in it, and what is wrong with them. Cached, since entries can share it."""
    from deckgen.media import svg  # which few builds need
    from deckgen.media.svg_regions import read_drawing

    data, path, report = file.path.read_bytes(), short_path(file.path), Report()
    if file.kept and (errors := svg.check(data, path)):  # others were checked when they were found
        return PictureFile(file), errors
    drawing = read_drawing(data, path, report)
    if drawing.regions is None:
        return PictureFile(file, drawing.ratio), tuple(report)
    regions = []
    for found in drawing.regions:
        for id in (found.id, *([found.was] if found.was else [])):
            if (problem := SLUG.problem(id)) is not None:
                suggestion = SLUG.suggestion(id or found.name)
                report.add(rules.BAD_ID, found.position, problem, f"for example: {suggestion}" if suggestion else "")
        name, note = [Markup(text, escape(text), found.position) for text in (found.name, found.note)]
        values = {"id": found.id, "was": found.was or None, "name": name, "rect": found.outline}
        values["note"] = note if found.note else None
        regions.append(make(RegionEntry, found.position, values))
    return PictureFile(file, drawing.ratio, tuple(regions)), tuple(report)


@record
class Picture(Entry):
    """What an author writes for one picture."""

    picture: PictureFile = key(PicturePath(), "The file with the picture: PNG, JPEG, WebP, GIF or SVG.")
    title: str = key(
        Line(),
        "What the picture shows, above the question and for learners who cannot see it. It must not name a region.",
    )
    question: Markup | None = key(MarkupText(), "The front of every card; by default 'What is covered?'.", default=None)
    regions: tuple[RegionEntry, ...] | None = key(
        ListOf(Record(RegionEntry, "a region"), single=False),
        "The regions to ask for, one card each, unless the SVG file contains them.",
        default=None,
    )
    hide: str = key(
        Choice(("one", "all")),
        "What a card covers: `one`, the region that it asks for (the default), or `all` regions.",
        default="one",
    )

    def check_values(self, node: MappingNode, reader: Reader) -> bool:
        """Check that there are regions, and that each of them can be asked."""
        if self.regions is not None and self.picture.regions is not None:
            message = "expected the regions here or in the drawing, found both"
            help = "delete one of them: the list here, or the group 'regions' in the SVG file"
            reader.error(rules.CONFLICTING_KEYS, node.pairs["regions"].key, message, help)
            return False
        if not self.all_regions:
            help = "write `regions:` with an id, a name and a rect each, or draw the group 'regions' in an SVG file"
            reader.error(rules.NO_CARD, node, "expected the regions of the picture, found none", help)
            return False
        return _are_sound(self.all_regions, reader.report, hide_all=self.hide == "all")

    @property
    def all_regions(self) -> tuple[RegionEntry, ...]:
        return self.regions or self.picture.regions or ()


def _are_sound(regions: Sequence[RegionEntry], report: Report, *, hide_all: bool) -> bool:
    """Report what is wrong with the regions of a picture. Return whether each of them can be asked."""
    problems = Report()
    if len(regions) > MAX_REGIONS:
        message = f"expected at most {MAX_REGIONS} regions, found {len(regions)}"
        help = "write a second entry that shows the same picture, and move some of the regions there"
        problems.add(rules.LONG_LIST, regions[MAX_REGIONS].position, message, help)
    first: dict[str, RegionEntry] = {}
    released: dict[str, RegionEntry] = {}
    for region in regions[:MAX_REGIONS]:
        earlier = first.setdefault(region.id, region)
        if earlier is not region:
            message = f"the id '{region.id}' is already used in {earlier.position.seen_from(region.position)}"
            problems.add(rules.DUPLICATE_ID, region.position, message, NEWER_ID)
        elif (earlier := released.setdefault(region.first_id, region)) is not region:
            where = earlier.position.seen_from(region.position)
            problems.add(rules.DUPLICATE_ID, region.position, *repeated_first_id(region.first_id, where))
        if outlines.is_outside(region.rect):
            message = f"the region '{region.id}' extends beyond the edge of the picture"
            help = "left and width together are at most 1, and so are top and height"
            if region.position.path.endswith(".svg"):
                help = "move or shrink the shape until all of it is inside the viewBox"
            problems.add(rules.REGION_OUTSIDE, region.position, message, help)
        elif (narrow := min(outlines.size(region.rect))) < NARROW:
            message = f"the region '{region.id}' is {narrow:.1%} of the picture wide or high, which is hard to see"
            problems.add(rules.REGION_NARROW, region.position, message, f"give it at least {NARROW:.0%} of the picture")
    for one, other in combinations(first.values(), 2):
        hidden = [over for over in ((one, other), (other, one)) if outlines.covers(over[0].rect, over[1].rect)]
        if len(hidden) == 2 or (hidden and hide_all):
            above, below = hidden[0]
            help = "move or shrink one of them" + (", or leave out `hide: all`" if hide_all else "")
            problems.add(rules.REGION_HIDDEN, below.position, f"the region '{above.id}' covers '{below.id}'", help)
    report.extend(problems)
    return not problems.has_errors


def notes(entry: Picture, project: Project) -> Iterator[Note]:
    """Make one note, with a card for each region."""
    title, covered = escape(entry.title), project.words("covered")
    identity = identify(entry, "picture", project, title=title)
    question = entry.question or Markup(unescaped(covered), covered, entry.position)
    yield picture.note(
        identity,
        shared_fields_for(entry, project, identity, topic=title),
        question,
        entry.picture.file,
        entry.title,
        [Region(region.first_id, region.name, region.note, region.rect) for region in entry.all_regions],
        ratio=entry.picture.ratio,
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
