"""A new project: the files of ``starter``, filled in. What learners read is in the language of the project where
``starter_in`` has it; comments are in English, as deckgen's messages are."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from string import Template

from deckgen.cards.words import LANGUAGES
from deckgen.core.location import PROJECT_FILE, checkout_of, short_path
from deckgen.core.outputs import Outputs
from deckgen.core.terminal import Failure, UsageError
from deckgen.editing.text_edits import quoted
from deckgen.language.patterns import slug, unused_names
from deckgen.project.deck_files import NOT_DECKS
from deckgen.project.manifest import LanguageTag

_STARTER = Path(__file__).with_name("starter")
_IN_LANGUAGE = Path(__file__).with_name("starter_in")
_HIDDEN = {"gitignore": ".gitignore", "gitattributes": ".gitattributes"}
_RULES = """
# 'deckgen explain' lists the rules for good cards. This one is off, so that cards need no source.
rules:
  source-missing: off
"""
_WORDS = """
# deckgen's own words on cards are English, such as "Why?". Translate those that you see: 'deckgen explain words'
# lists them.
# words:
#   why: Why?
"""
_CLINICAL_RULES = """
# Every card needs a source; a dose, a percentage or a duration needs a guideline or a regulator as its source.
rules:
  clinical-number: on
"""


@dataclass(frozen=True, slots=True)
class NewProject:
    """What an author says about a new project; ``domains`` are titles."""

    title: str
    author: str
    language: str
    domains: Sequence[str]
    namespace: str
    clinical: bool = False


def read_language(text: str) -> str:
    """A language tag as an author types it. Raises UsageError."""
    tag = LanguageTag()
    if problem := tag.problem(text.strip()):
        suggestion = tag.suggestion(text)
        raise UsageError(f"{problem}; perhaps {suggestion}" if suggestion else problem)
    return text.strip()


def propose_namespace(title: str) -> str:
    """A namespace that no other project has."""
    return f"{slug(title) or 'deck'}-{secrets.token_hex(4)}"


def write_project(folder: Path, new: NewProject) -> list[Path]:
    """Write the files of a new project; returns those that were written. Files that exist are left alone."""
    if (folder / "decks" / PROJECT_FILE).exists():
        raise Failure(f"'{short_path(folder)}' already has a project: '{short_path(folder / 'decks' / PROJECT_FILE)}'")
    deck = slug(new.title)
    deck = f"{deck}-deck" if deck in NOT_DECKS else deck or "deck"
    values = _values(new, deck)
    written: list[Path] = []
    with Outputs(checkout_of(folder / "decks")) as outputs:
        for template in sorted(_STARTER.rglob("*")):
            name = template.relative_to(_STARTER).as_posix()
            path = folder / _HIDDEN.get(name, name).replace("decks/deck/", f"decks/{deck}/")
            if not path.resolve().is_relative_to(folder.resolve()):
                raise Failure(
                    f"'{short_path(path)}' leads through a link out of '{short_path(folder)}': remove the link"
                )
            if template.is_file() and not path.exists():
                own = _IN_LANGUAGE / new.language.partition("-")[0] / name
                text = (own if own.is_file() else template).read_text(encoding="utf-8")
                outputs.folder(path.parent)
                outputs.text(path, Template(text).substitute(values))
                written.append(path)
        outputs.commit()
    return written


def _values(new: NewProject, deck: str) -> dict[str, str]:
    ids = list(unused_names((slug(title) or "domain" for title in new.domains), set()))
    return {
        "namespace": quoted(new.namespace),
        "title": quoted(new.title),
        "language": new.language,
        "tag": deck,
        "title_plain": new.title,
        "author": quoted(new.author, flow=True),
        "author_plain": new.author,
        "deck": deck,
        "domains": "\n".join(f"  {id}: {quoted(title)}" for id, title in zip(ids, new.domains, strict=True)),
        "words": "" if new.language.partition("-")[0] in LANGUAGES else _WORDS,
        "rules": _CLINICAL_RULES if new.clinical else _RULES,
        "requirement": installed_from(),
        **{f"domain{index + 1}": ids[index % len(ids)] for index in range(4)},
    }


def installed_from() -> str:
    """The argument with which ``pip install`` gets this deckgen: the repository that it was installed from, if
    known."""
    try:
        origin = json.loads(metadata.distribution("anki-deckgen").read_text("direct_url.json") or "{}")
        return f"git+{origin['url']}@{origin['vcs_info']['commit_id']}"
    except (metadata.PackageNotFoundError, KeyError, ValueError):
        return "git+https://github.com/OWNER/deckgen"
