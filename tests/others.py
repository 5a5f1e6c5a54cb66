"""Decks that others made, with other programs: packages to adopt."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import genanki

import sample
from learner import Learner

MODEL_ID, DECK_ID = 1_607_392_319, 2_059_400_110

CSS = ".card { font-family: Georgia; }\n.loud { color: #c00; background: url('_paper.png'); }\n"


def simple_model(**changes: Any) -> genanki.Model:
    """A note type as authors write them with genanki."""
    given: dict[str, Any] = {
        "fields": [{"name": "Question?"}, {"name": "Answer (short)"}, {"name": "Bild, Ton"}],
        "templates": [
            {
                "name": "Card 1",
                "qfmt": "{{Question?}}",
                "afmt": '{{FrontSide}}<hr id="answer">{{Answer (short)}}<br>{{Bild, Ton}}',
            },
            {"name": "Back > front", "qfmt": "{{#Bild, Ton}}{{Answer (short)}}{{/Bild, Ton}}", "afmt": "{{Question?}}"},
        ],
        "css": CSS,
    }
    return genanki.Model(MODEL_ID, "Simple: mine", **{**given, **changes})


def written(path: Path, decks: list[genanki.Deck], media: dict[str, bytes] | None = None) -> Path:
    """A package of decks and media."""
    folder = path.parent / "media of others"
    folder.mkdir(exist_ok=True)
    for name, data in (media or {}).items():
        (folder / name).write_bytes(data)
    package = genanki.Package(decks)
    package.media_files = [str(folder / name) for name in media or {}]
    package.write_to_file(str(path), timestamp=time.time() - 3600)
    return path


def by_genanki(path: Path) -> Path:
    """Two decks, two note types, pictures, a sound, tags, and texts of every sort."""
    model, cloze = simple_model(), genanki.CLOZE_MODEL
    top, below = genanki.Deck(DECK_ID, "Länder: Europe"), genanki.Deck(DECK_ID + 1, "Länder: Europe::Städte & more")
    picture = '<img src="a map.png" width="300">'
    rows = [
        (top, model, ["What is the capital of Peru?", "Lima", ""], ["geo::america", "marked", "!new", "ä(b)"]),
        (top, model, ["What is the <b>capital</b> of Chile?", "Santiago<br>de Chile", picture], []),
        (top, model, ["a &lt; b & c", "<ul><li>one</li><li>two</li></ul>", "[sound:Ton 1.mp3]"], ["Leech"]),
        (below, model, ["  spaces  ", "line one\nline two\n\n  line four", "<img src=gone.jpg>"], []),
        (below, model, ["<!-- x --><p>para</p><p>graph</p>", "# no heading", "- no list"], []),
        (below, cloze, ["{{c1::Rome}} is in {{c3::Italy::a country}}", "more {{c2::of it}}"], ["geo"]),
        (below, cloze, ["日本の首都は{{c1::東京}}です", ""], []),
    ]
    for deck, type, fields, tags in rows:
        note = genanki.Note(type, fields, tags=tags)
        deck.add_note(note)
    media = {"a map.png": sample.png(), "Ton 1.mp3": b"ID3 no sound", "_paper.png": sample.png(), "unused.png": b"x"}
    return written(path, [top, below], media)


def by_anki(path: Path, *, legacy: bool) -> Path:
    """A deck made in Anki and exported, with progress; a collection if the path ends in ``.colpkg``."""
    with Learner() as author:
        models = author.col.models
        basic = models.by_name("Basic (and reversed card)")
        basic["flds"][0].update(font="Georgia", rtl=True, size=33)
        basic["tmpls"][0].update(bqfmt="{{Front}} in the browser")
        basic["latexPre"] += "% mine\n"
        models.update_dict(basic)
        author.adds("Basic (and reversed card)", ["front", "<div>back</div>"], "Anatomy::Upper limb", ["leech", "a::b"])
        author.adds("Cloze", ["The {{c1::carpal tunnel}} is {{c2::narrow}}.", ""], "Anatomy")
        author.adds("Basic (type in the answer)", ["type", "it &lt;here&gt;"], "Anatomy::Lower limb")
        author.adds("Basic", ["personal", "diary"], "Diary")
        author.studies(2)
        _make_older(author)
        export = author.exports_collection if path.suffix == ".colpkg" else author.exports
        export(path, legacy=legacy)
    return path


def _make_older(author: Learner) -> None:
    """Let an author have made the notes a quarter of an hour ago: Anki 2.1.54 ignores newer ones."""
    for table, column in (("notes", "id"), ("cards", "id"), ("cards", "nid")):
        author.col.db.execute(f"update {table} set {column} = {column} - 1000000")


def with_latex(path: Path) -> Path:
    """LaTeX, and the pictures that Anki made of it on a computer."""
    texts = [
        "[latex]one<br>and<div>two[/latex]",
        "[$]x &lt; y[/$] and [$$]a&nbsp;b[/$$]",
        "[LaTeX]<b>bold</b> &amp; more[/latex] [$]without an end",
        "[$][/$] [latex]{[$]}[/latex]",
    ]
    with Learner() as author:
        for text in texts:
            author.adds("Basic", [text, "back"], "Physics")
            for found in author.col._backend.extract_latex(text=text, svg=False, expand_clozes=False).latex:
                Path(author.col.media.dir(), found.filename).write_bytes(sample.png())
        _make_older(author)
        author.exports(path, legacy=True)
    return path


def image_occlusion(path: Path) -> Path:
    """Masks on a picture, as Anki's own editor writes them."""
    with Learner() as author:
        author.col.add_image_occlusion_notetype()
        type = next(one["id"] for one in author.col.models.all() if one.get("originalStockKind") == 6)
        (path.parent / "shoulder.png").write_bytes(sample.png())
        author.col.decks.select(author.col.decks.id("Masks"))
        author.col.models.set_current(author.col.models.get(type))
        for header in ("Front view", "Back view"):
            masks = (
                "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1}}<br>"
                "{{c2::image-occlusion:ellipse:left=.5:top=.5:rx=.1:ry=.1:oi=1}}<br>"
            )
            picture = str(path.parent / "shoulder.png")
            author.col.add_image_occlusion_note(type, picture, masks, header, "See the <i>atlas</i>", ["masks"])
        author.exports(path, legacy=True)
    return path


def many_templates(path: Path) -> Path:
    """25 templates, of which notes use some, and clozes with high numbers."""
    model = simple_model(
        fields=[{"name": f"Field {number}"} for number in range(25)],
        templates=[
            {
                "name": f"Ask {number}",
                "qfmt": f"{{{{Field 0}}}}: {{{{#Field {number}}}}}?{{{{/Field {number}}}}}"
                if number == 0
                else f"{{{{#Field {number}}}}}{{{{Field 0}}}}{{{{/Field {number}}}}}",
                "afmt": f"{{{{Field {number}}}}}",
            }
            for number in range(25)
        ],
    )
    deck = genanki.Deck(DECK_ID, "Drugs")
    chance = random.Random(1)
    for number in range(60):
        values = [f"drug {number}", *(chance.choice(["", f"<i>value</i> {place}"]) for place in range(24))]
        deck.add_note(genanki.Note(model, values))
    for number in range(20):
        hidden = " ".join(f"{{{{c{place}::word {number}.{place}}}}}" for place in (1, 2, 40, 70, 300))
        deck.add_note(genanki.Note(genanki.CLOZE_MODEL, [hidden, ""]))
    return written(path, [deck])


def thousands(path: Path) -> Path:
    """5,000 notes."""
    model, deck = simple_model(), genanki.Deck(DECK_ID, "Words")
    for number in range(5_000):
        deck.add_note(genanki.Note(model, [f"word <i>{number}</i>", f"meaning {number}", ""], guid=f"g{number}"))
    return written(path, [deck])


DECKS: dict[str, Callable[[Path], Path]] = {
    "genanki": by_genanki,
    "anki-legacy": lambda path: by_anki(path, legacy=True),
    "anki-new": lambda path: by_anki(path, legacy=False),
    "image-occlusion": image_occlusion,
    "templates": many_templates,
}


def by_crowdanki(folder: Path) -> Path:
    """A deck as CrowdAnki exports it, with a subdeck and media."""
    model = {
        "__type__": "NoteModel",
        "crowdanki_uuid": "2b3f0a5c-0000-11ee-8000-000000000001",
        "name": "Geography",
        "css": ".card { color: black; }",
        "type": 0,
        "sortf": 0,
        "latexPre": "",
        "latexPost": "",
        "flds": [{"name": name, "font": "Arial", "size": 20, "rtl": False} for name in ("Country", "Capital", "Flag")],
        "tmpls": [
            {"name": "Country - Capital", "qfmt": "{{Country}}", "afmt": "{{Capital}}", "bqfmt": "", "bafmt": ""},
            {"name": "Flag - Country", "qfmt": "{{#Flag}}{{Flag}}{{/Flag}}", "afmt": "{{Country}}"},
        ],
    }

    def note(guid: str, *fields: str) -> dict[str, Any]:
        own = {"__type__": "Note", "guid": guid, "fields": fields, "tags": ["UG::Europe"], "flags": 0, "data": ""}
        return {**own, "note_model_uuid": model["crowdanki_uuid"]}

    deck = {
        "__type__": "Deck",
        "crowdanki_uuid": "2b3f0a5c-0000-11ee-8000-000000000002",
        "name": "Geography of the world",
        "desc": "About",
        "note_models": [model],
        "media_files": ["flag-peru.png"],
        "notes": [note("gQ!1", "Peru", "Lima", '<img src="flag-peru.png" />'), note("gQ!2", "Chile", "Santiago", "")],
        "children": [
            {
                "__type__": "Deck",
                "crowdanki_uuid": "2b3f0a5c-0000-11ee-8000-000000000003",
                "name": "Islands",
                "desc": "",
                "media_files": [],
                "notes": [note("gQ!3", "Malta", "Valletta", "")],
                "children": [],
            }
        ],
    }
    (folder / "media").mkdir(parents=True)
    (folder / "media/flag-peru.png").write_bytes(sample.png())
    (folder / "deck.json").write_text(json.dumps(deck), encoding="utf-8")
    return folder / "deck.json"
