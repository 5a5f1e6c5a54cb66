"""The words that deckgen itself puts on cards: English and German in one table, and a project's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from deckgen.text.escaping import escape


class Phrase(NamedTuple):
    """A phrase in the languages that deckgen knows. The names in braces are replaced."""

    en: str
    de: str


PHRASES: Mapping[str, Phrase] = {
    # around every card
    "confusable": Phrase("Not to be confused with", "Nicht zu verwechseln mit"),
    "as-of": Phrase("As of", "Stand"),
    "patient-level": Phrase("Patient-level information", "Patienteninformation"),
    # questions
    "why": Phrase("Why?", "Warum?"),
    # lists
    "numbers": Phrase(
        "two three four five six seven eight nine ten eleven twelve",
        "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    ),
    "both": Phrase("Both", "Beide"),
    "both-in-order": Phrase("Both, in order", "Beide der Reihe nach"),
    "all": Phrase("All {count}", "Alle {count}"),
    "all-in-order": Phrase("All {count}, in order", "Alle {count} der Reihe nach"),
    "examples": Phrase("The {count} examples", "Die {count} Beispiele"),
    "groups": Phrase("The {count} groups", "Die {count} Gruppen"),
    "group-items": Phrase("The {count} items of this group", "Die {count} Punkte dieser Gruppe"),
    "group-examples": Phrase("The {count} examples of this group", "Die {count} Beispiele dieser Gruppe"),
    "missing": Phrase("The missing one", "Was fehlt?"),
    "missing-in-group": Phrase("The missing one of this group", "Was fehlt in dieser Gruppe?"),
    "phases": Phrase("The {count} phases, in order", "Die {count} Phasen der Reihe nach"),
    "first-step": Phrase("What comes first?", "Was kommt zuerst?"),
    "next-step": Phrase("What comes next?", "Was kommt als Nächstes?"),
    "open": Phrase("These are examples; there are more.", "Das sind Beispiele; es gibt weitere."),
    # procedures
    "acronym-of": Phrase("What does the acronym {name} stand for?", "Wofür steht die Abkürzung {name}?"),
    "definition": Phrase("Define {name}.", "{name}: Was ist das?"),
    "definition-list": Phrase("Name the {count} parts of {name}.", "{name}: Nenne die {count} Teile."),
    "other-names": Phrase("What is another name for {name}?", "{name}: Wie heißt es noch?"),
    "other-names-list": Phrase("Name {count} other names for {name}.", "{name}: Nenne {count} andere Namen."),
    "indications": Phrase("When is {name} considered?", "{name}: Wann kommt es in Betracht?"),
    "indications-list": Phrase("Name {count} indications for {name}.", "{name}: Nenne {count} Indikationen."),
    "guidance": Phrase("How is {name} guided?", "{name}: Wie wird gesteuert?"),
    "guidance-list": Phrase("Name {count} ways of guiding {name}.", "{name}: Nenne {count} Arten der Steuerung."),
    "risks": Phrase("What can go wrong in {name}?", "{name}: Was kann schiefgehen?"),
    "risks-list": Phrase("Name {count} risks of {name}.", "{name}: Nenne {count} Risiken."),
    "steps": Phrase("{name}: the steps in order", "{name}: die Schritte der Reihe nach"),
    # resources
    "stands-for": Phrase("What does it stand for?", "Wofür steht das?"),
    "which-one": Phrase("Which one is it?", "Was ist gemeint?"),
    "purpose": Phrase("What is it for?", "Wozu dient das?"),
    "formerly": Phrase("Formerly:", "Früher:"),
    "before-that": Phrase("before that:", "davor:"),
    "name-now": Phrase("What is its name", "Wie heißt es"),
    "name-as-of": Phrase("as of", "Stand"),
    "name-today": Phrase("today", "heute"),
    "its-acronym": Phrase("What is its acronym?", "Wie lautet die Abkürzung?"),
    # pictures
    "covered": Phrase("What is covered?", "Was ist verdeckt?"),
    # terms
    "meaning": Phrase("What does it mean?", "Was bedeutet das?"),
    "word": Phrase("What is the word?", "Wie heißt das Wort?"),
    "heard": Phrase("What do you hear?", "Was ist zu hören?"),
}

LANGUAGES = Phrase._fields
"""The languages of the table; a project in any other language gets English words, unless it translates them."""

_PARTS = re.compile(r"(<[^>]*>|\{\{[^}]*\}\})")


class Words:
    """The words of a project: those of its language, or English, and its own translations."""

    def __init__(self, language: str = "en", own: Mapping[str, str] | None = None) -> None:
        self.language = language.partition("-")[0]
        self._own = {id: escape(text) for id, text in (own or {}).items()}
        self._index = LANGUAGES.index(self.language) if self.language in LANGUAGES else 0

    @property
    def are_english(self) -> bool:
        return self._index == 0 and not self._own

    def __call__(self, id: str, /, **values: str) -> str:
        """A phrase as HTML, with values, which are HTML, in place of the names in braces."""
        text = self._own.get(id) or PHRASES[id][self._index]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def number(self, count: int) -> str:
        """A number as a word, if it is small."""
        return self._numbers[count - 2] if 2 <= count < len(self._numbers) + 2 else str(count)

    @cached_property
    def _numbers(self) -> list[str]:
        return self("numbers").split()

    def in_template(self, html: str) -> str:
        """A template with its English words in the language of the project."""
        return "".join(map(self._in_part, _PARTS.split(html)))

    def _in_part(self, part: str) -> str:
        id = _ENGLISH.get(part.strip())
        return part.replace(part.strip(), self(id).replace("{", "&lcub;")) if id else part  # '{{' would show a field


_ENGLISH = {phrase.en: id for id, phrase in PHRASES.items()}
