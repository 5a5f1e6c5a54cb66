"""What a project changes about deckgen's note types: their words and their style."""

from __future__ import annotations

from dataclasses import replace

from deckgen.cards.note_type import NoteType, Template
from deckgen.cards.words import PHRASES, Words
from deckgen.core import rules
from deckgen.core.diagnostics import Report
from deckgen.core.source import Source
from deckgen.project.manifest import ProjectFile
from deckgen.text.safe_html import css_files, css_problems


def check_words(settings: ProjectFile, report: Report) -> None:
    """Report translations of phrases that do not exist."""
    if settings.words is None:
        return
    for id, position in settings.words.positions.items():
        if id not in PHRASES:
            message = f"'{id}' under 'words' is not one of deckgen's phrases{report.did_you_mean(id, PHRASES)}"
            help = f"phrases: {', '.join(PHRASES)}; 'deckgen explain words' says what each is"
            report.add(rules.UNKNOWN_KEY, position, message, help)


def style_of(source: Source, report: Report) -> str:
    """The project's own style, which follows that of deckgen's note types. Report what is not allowed in it."""
    for problem in css_problems(source.text):
        report.add(rules.UNSAFE_HTML, source.position_at(problem.at), problem.message, problem.help)
    for file in css_files(source.text):
        help = "files belong to a note type of your own, below note-types"
        report.add(rules.UNSAFE_HTML, source.position_at(file.at), "expected a style without files, found url()", help)
    return f"\n{source.text}"


def in_project(note_type: NoteType, words: Words, style: str) -> NoteType:
    """A note type of deckgen's with the words and the style of a project."""
    if words.are_english and not style:
        return note_type
    say = words.in_template
    templates = [
        Template(one.name, say(one.front), say(one.back), say(one.browser_front), say(one.browser_back))
        for one in note_type.templates
    ]
    return replace(note_type, templates=tuple(templates), css=note_type.css + style)
