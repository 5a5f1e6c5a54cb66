"""Pictures: what their cards cover and show, what is wrong with regions, and the numbers that regions keep."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sample
from deckgen.cards.note import Identity, Note
from deckgen.cards.note_types import frame, picture
from deckgen.cards.note_types.picture import Region
from deckgen.cards.rendering import note_cards
from deckgen.cards.words import Words
from deckgen.core.diagnostics import Position
from deckgen.media.media import MediaFile
from deckgen.media.media_formats import MediaKind
from deckgen.media.outlines import rectangle
from deckgen.packages.write_package import write_zip
from deckgen.publication.card_numbers import with_card_numbers
from deckgen.text.markup import Markup

SIGN = """\
pictures:
  - id: sign
    domain: basics
    picture: media/dot.png
    title: A road sign
"""
THREE = """\
    regions:
      - {id: face, name: Face, note: Red, rect: [0.3, 0.1, 0.4, 0.3]}
      - {id: post, name: Post, rect: [0.45, 0.45, 0.1, 0.5]}
      - {id: ground, name: Ground, rect: [0, 0.95, 1, 0.05]}
"""


def region(number: int, more: str = "") -> str:
    """A line of a region, one of a grid of 8 by 8."""
    left, top = number % 8 / 8, number // 8 / 8
    return f"      - {{id: r{number}, name: Region {number}, rect: [{left}, {top}, 0.1, 0.1]{more}}}\n"


def made(folder: Path, text: str) -> Note:
    (note,) = sample.notes(folder, text).values()
    return note


def outlines(side: str, style: str) -> list[str]:
    """The points of what is drawn over a picture in a style; a back contains its front, which is hidden there."""
    html = side.rpartition("<section")[2]
    drawn = re.findall(rf'<svg class="{style}"[^>]*>(.*?)</svg>', html)
    return [points for shapes in drawn for points in re.findall(r'points="([^"]*)"', shapes)]


FACE, POST, GROUND = (
    "300,100 700,100 700,400 300,400",
    "450,450 550,450 550,950 450,950",
    "0,950 1000,950 1000,1000 0,1000",
)


def test_a_card_covers_its_region_and_its_back_shows_it_with_name_and_note(tmp_path):
    front, back = dict(note_cards(made(tmp_path, SIGN + THREE)))[0]

    assert outlines(front, "mask") == [FACE]
    assert outlines(front, "mask other") == []
    assert "Face" not in re.sub(r'data-cloze="[^"]*"', "", front)
    assert "Red" not in re.sub(r'data-cloze="[^"]*"', "", front)
    assert outlines(back, "mask") == []
    assert outlines(back, "shown") == [FACE]
    assert '<span class="name">Face</span><div class="note">Red</div>' in back


def test_hide_all_covers_the_other_regions_on_both_sides(tmp_path):
    front, back = dict(note_cards(made(tmp_path, SIGN + "    hide: all\n" + THREE)))[1]

    assert (outlines(front, "mask"), outlines(front, "mask other")) == ([POST], [FACE, GROUND])
    assert (outlines(back, "mask"), outlines(back, "mask other")) == ([], [FACE, GROUND])


def test_the_picture_has_its_title_as_description_above_the_question_and_in_the_file_of_the_package(tmp_path):
    note = made(tmp_path, SIGN.replace("A road sign", "'A \"road\" sign'") + THREE)
    front = dict(note_cards(note))[0].front

    assert 'alt="A &quot;road&quot; sign"' in front
    assert 'A "road" sign</h1>' in front
    assert [file.name for file in note.media] == [re.search(r'src="([^"]*)"', front)[1]]


# --- what is wrong ----------------------------------------------------------------------------------------------------


def findings(folder: Path, text: str) -> list[str]:
    _, found = sample.compiled(
        sample.write(
            folder, {"demo/cards.yaml": text, "demo/media/dot.png": sample.png(), "demo/media/a.mp3": sample.mp3()}
        )
    )
    return [f"{one.position.line} {one.rule}: {one.message}" for one in found if one.rule != "media-unused"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SIGN, "2 no-card: expected the regions of the picture, found none"),
        (SIGN + "    regions: []\n", "2 no-card: expected the regions of the picture, found none"),
        (
            SIGN.replace("dot.png", "a.mp3") + THREE,
            "4 media-type: expected a picture, found the sound 'media/a.mp3'",
        ),
        (
            SIGN.replace("dot.png", "dots.png") + THREE,
            "4 media-not-found: there is no file 'media/dots.png'; did you mean 'media/dot.png'?",
        ),
        (
            SIGN + "    regions:\n      - {id: a, name: A, rect: [120, 80, 40, 40]}\n",
            "7 bad-value: expected fractions of the picture, from 0 to 1, found 120",
        ),
        (
            SIGN + "    regions:\n      - {id: a, name: A, rect: [0.5, 0.5, 0, 0.1]}\n",
            "7 bad-value: expected a width and a height above 0, which come after left and top, found 0",
        ),
        (
            SIGN + "    regions:\n      - {id: a, name: A, rect: [0.1, 0.1, 0.2]}\n",
            "7 wrong-shape: expected four fractions of the picture, [left, top, width, height], "
            "for example [0.25, 0.1, 0.5, 0.2], found 3 values",
        ),
        (
            SIGN + "    regions:\n" + region(1) + region(2) + region(1).replace("0.125", "0.5"),
            "9 duplicate-id: the id 'r1' is already used in line 7",
        ),
        (
            SIGN + "    regions:\n" + region(1) + region(2, ", was: r1"),
            "8 duplicate-id: what is in line 7 was first released as 'r1'",
        ),
        (
            SIGN + "    regions:\n" + "".join(map(region, range(41))),
            "47 long-list: expected at most 40 regions, found 41",
        ),
    ],
)
def test_what_is_wrong_is_reported_at_its_line(text, expected, tmp_path):
    assert findings(tmp_path, text) == [expected]


def test_regions_may_lie_in_each_other_if_only_one_is_hidden(tmp_path):
    nested = "    regions:\n      - {id: face, name: Face, rect: [0.3, 0.1, 0.4, 0.4]}\n"
    nested += "      - {id: eye, name: Eye, rect: [0.4, 0.2, 0.1, 0.1]}\n"

    assert findings(tmp_path / "one", SIGN + nested) == []
    assert findings(tmp_path / "all", SIGN + "    hide: all\n" + nested) == [
        "9 region-hidden: the region 'face' covers 'eye'"
    ]


def test_a_picture_can_have_forty_regions(tmp_path):
    note = made(tmp_path, SIGN + "    regions:\n" + "".join(map(region, range(40))))

    assert note.cards == tuple(range(40))


# --- regions in drawings ----------------------------------------------------------------------------------------------

DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40">
  <circle cx="40" cy="20" r="15" fill="red"/>
  <g id="regions">
    <rect id="face" x="24" y="4" width="32" height="12"><title>Face *x*</title><desc>Red</desc></rect>
    <ellipse id="{id}" cx="{x}" cy="30" rx="{radius}" ry="8"><title>Post</title></ellipse>
  </g>
</svg>
"""
IN_DRAWING = SIGN.replace("dot.png", "sign.svg")


def draw(folder: Path, text: str = IN_DRAWING, id: str = "post", x: float = 40, radius: float = 8) -> Path:
    drawing = DRAWING.format(id=id, x=x, radius=radius)
    return sample.write(folder, {"demo/cards.yaml": text, "demo/media/sign.svg": drawing})


def test_a_drawing_can_have_its_regions_in_it_and_is_shipped_without_them(tmp_path):
    packages, found = sample.compiled(draw(tmp_path))
    (note,) = packages[0].notes
    front, back = dict(note_cards(note))[0]
    path = tmp_path / "x.apkg"
    write_zip(packages[0], b"", path)
    with zipfile.ZipFile(path) as archive:
        shipped = archive.read("0")

    assert [str(one) for one in found] == []
    assert outlines(front, "mask") == ["300,100 700,100 700,400 300,400"]
    assert '<span class="name">Face *x*</span><div class="note">Red</div>' in back
    assert b"Face" not in shipped
    assert b'<circle cx="40"' in shipped


@pytest.mark.parametrize(
    "drawing",
    [
        "<svg",
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"/>',
        b"\xff\xfe",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><a/>",
    ],
)
def test_an_adopted_drawing_is_checked_before_its_regions_are_read(drawing, tmp_path):
    text = SIGN.replace("media/dot.png", "sign.svg") + THREE
    _, found = sample.compiled(sample.write(tmp_path, {"demo/cards.yaml": text, "demo/adopted/sign.svg": drawing}))

    assert "svg-content" in [one.rule for one in found]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"id": "Post"}, "media/sign.svg:5 error bad-id"),
        ({"id": "face"}, "media/sign.svg:5 error duplicate-id"),
        ({"id": 'post" data-was="Post'}, "media/sign.svg:5 error bad-id"),
        ({"id": 'post" data-was="face'}, "media/sign.svg:5 error duplicate-id"),
        ({"id": 'post" data-was="'}, "media/sign.svg:5 error bad-id"),
        ({"x": 76}, "media/sign.svg:5 error region-outside"),
        ({"radius": 0.5}, "media/sign.svg:5 warning region-narrow"),
        ({"radius": "x"}, "media/sign.svg:5 error region-shape"),
        ({"text": IN_DRAWING + THREE}, "cards.yaml:6 error conflicting-keys"),
    ],
)
def test_what_is_wrong_in_a_drawing_is_reported_at_its_line_also_from_the_cache(change, expected, tmp_path):
    root = draw(tmp_path, **change)
    place, _, rest = expected.partition(" ")
    runs = [sample.compiled(root)[1] for _ in range(2)]

    assert runs[0] == runs[1]
    assert [
        f"{one.position.path}:{one.position.line} {one.severity.value} {one.rule}".removeprefix("decks/demo/")
        for one in runs[0]
        if one.rule != "media-unused"
    ] == [f"{place} {rest}"]


def test_moving_a_region_changes_the_cards_and_not_the_file_that_they_show(tmp_path):
    (before,) = sample.compiled(draw(tmp_path))[0][0].notes
    (after,) = sample.compiled(draw(tmp_path, x=30))[0][0].notes

    assert after.media[0].name == before.media[0].name
    assert sample.field(after, "Text 1") == sample.field(before, "Text 1")
    assert sample.field(after, "Text 2") != sample.field(before, "Text 2")


# --- numbers ----------------------------------------------------------------------------------------------------------

GRID = list(range(20))


PLACE = Position("cards.yaml")


def unnumbered(regions: Sequence[int]) -> Note:
    """A picture with regions of a grid, before its cards have numbers."""
    identity = Identity("picture/x", "guid", "picture/x", "picture", "picture/x", "basics", "X", (), (), PLACE)
    shared = frame.shared_fields("picture/x", "Basics", "", ("", ""), "", None, None, (), Words())
    question = Markup("What is covered?", "What is covered?", PLACE)
    file = MediaFile("dot-1.png", MediaKind.PICTURE, Path("dot.png"), "1")
    drawn = [
        Region(f"r{one}", Markup(f"Region {one}", f"Region {one}", PLACE), None, rectangle(one / 20, 0, 0.05, 0.1))
        for one in regions
    ]
    return picture.note(identity, shared, question, file, "X", drawn)


@given(st.lists(st.lists(st.sampled_from(GRID), min_size=1, unique=True), min_size=2, max_size=5))
def test_regions_keep_their_numbers_however_they_are_moved_added_and_removed(editions):
    published: dict[str, int] = {}
    for regions in editions:
        note = with_card_numbers(unnumbered(regions), published)
        numbers = dict(note.numbers)

        assert published.items() <= numbers.items()
        assert len(set(numbers.values())) == len(numbers)
        assert set(note.cards) == {numbers[f"r{one}"] - 1 for one in regions}
        for one in regions:
            assert f">Region {one}<" in sample.field(note, f"Text {numbers[f'r{one}']}")
        published = numbers
