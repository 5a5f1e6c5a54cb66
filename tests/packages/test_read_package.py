"""Packages of any program are read, or rejected with a reason."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from author import Author
from deckgen.packages.package_file import Media, NotAPackage
from deckgen.packages.read_package import read_package
from learner import Learner


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Author(tmp_path).releases(-60)


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "newest format"])
def test_packages_written_by_anki_are_read(legacy, old, tmp_path):
    from anki.collection import ExportAnkiPackageOptions

    with Learner() as learner:
        learner.imports(old)
        options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=legacy)
        learner.col.export_anki_package(out_path=str(tmp_path / "anki.apkg"), options=options, limit=None)
    ours, theirs = read_package(old), read_package(tmp_path / "anki.apkg")

    assert theirs.notes == ours.notes
    own = {id: theirs.note_types[id] for id in ours.note_types}
    assert {id: (one.name, one.fields) for id, one in own.items()} == {
        id: (one.name, one.fields) for id, one in ours.note_types.items()
    }
    assert {id: one.templates for id, one in own.items()} == {id: one.templates for id, one in ours.note_types.items()}
    assert {id: one.style for id, one in own.items()} == {id: one.style for id, one in ours.note_types.items()}


SETTINGS = {"flds": {"font": "Georgia", "rtl": True, "description": "as asked"}, "tmpls": {"bqfmt": "{{Front}}"}}


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "newest format"])
@pytest.mark.parametrize("ending", ["apkg", "colpkg"])
def test_whatever_anki_keeps_of_a_note_type_a_deck_and_media_is_read(ending, legacy, tmp_path):
    from anki.collection import ExportAnkiPackageOptions

    exported = str(tmp_path / f"anki.{ending}")
    with Learner() as learner:
        models, decks = learner.col.models, learner.col.decks
        model = models.by_name("Basic")
        model["flds"][1].update(SETTINGS["flds"])
        model["tmpls"][0].update(SETTINGS["tmpls"])
        model.update(latexPre="before", latexsvg=True)
        models.update_dict(model)
        deck = decks.get(decks.id("Above::Below"))
        deck["desc"] = "<b>About</b>"
        decks.save(deck)
        Path(learner.col.media.dir(), "dot.png").write_bytes(b"a dot")
        note = learner.col.new_note(models.by_name("Basic"))
        note.fields = ["Front", '<img src="dot.png">']
        learner.col.add_note(note, deck["id"])
        note.load()
        own = models.get(model["id"])
        if ending == "apkg":
            options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=legacy)
            learner.col.export_anki_package(out_path=exported, options=options, limit=None)
        else:
            learner.col.export_collection_package(exported, include_media=True, legacy=legacy)
            learner.col.reopen()
    read, media = read_package(Path(exported)), Media(Path(exported))
    (found,) = (one for one in read.note_types.values() if one.name == "Basic")
    (only,) = read.notes.values()

    for name, value in found.settings.items():
        assert own[name] == value, name
    assert (found.settings["latexPre"], found.settings["latexsvg"]) == ("before", True)
    for field, settings in zip(own["flds"], found.field_settings, strict=True):
        assert {name: field[name] for name in settings} == settings
        assert settings["id"]
    assert found.field_settings[1].items() >= SETTINGS["flds"].items()
    for template, settings in zip(own["tmpls"], found.template_settings, strict=True):
        assert {name: template[name] for name in settings} == settings
    assert found.template_settings[0].items() >= SETTINGS["tmpls"].items()
    assert found.modified == own["mod"]
    assert (only.id, only.guid, only.modified) == (note.id, note.guid, note.mod)
    assert only.cards == {0: "Above::Below"}
    assert read.decks["Above::Below"] == "<b>About</b>"
    assert dict(media) == {"dot.png": b"a dot"}


def test_a_damaged_package_is_read_or_rejected(old):
    whole, chance = old.read_bytes(), random.Random(1)
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 5, 50])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        Path("bad.apkg").write_bytes(damaged)
        with suppress(NotAPackage):
            read_package(Path("bad.apkg"))


def test_a_package_that_git_lfs_has_not_downloaded_is_said_to_be_one():
    Path("deck.apkg").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")

    with pytest.raises(NotAPackage, match="Git LFS has not downloaded it: run 'git lfs pull'"):
        read_package(Path("deck.apkg"))


@pytest.mark.parametrize("content", [b"", b"PK nothing", b"x" * 1000])
def test_a_file_that_is_no_package_is_rejected(content):
    Path("bad.apkg").write_bytes(content)

    with pytest.raises(NotAPackage, match=r"'bad\.apkg' is not an Anki package"):
        read_package(Path("bad.apkg"))
