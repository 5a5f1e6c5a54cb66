"""The rules for sources. What each is about is on its page in ``rule_pages``: one Markdown file per rule.

A page says what is wrong, why it matters, and, where possible, has a wrong and a right example. An example is a deck
file; a line ``# file: PATH`` starts another file of the same small project. In a wrong example the line that breaks the
rule ends in ``# <- wrong``, unless the syntax leaves no room for a comment.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from deckgen.core.assets import asset
from deckgen.core.diagnostics import Rule, Severity

# --- files ------------------------------------------------------------------------------------------------------------

UNREADABLE_FILE = Rule("unreadable-file")
FILE_TOO_LARGE = Rule("file-too-large")
OUTSIDE_PROJECT = Rule("outside-project")
MISSING_FILE = Rule("missing-file")
FILE_NAME = Rule("file-name")
NAME_CLASH = Rule("name-clash")
NOT_UTF_8 = Rule("not-utf-8")
CONTROL_CHARACTER = Rule("control-character")
EMPTY_FILE = Rule("empty-file")
FILE_IGNORED = Rule("file-ignored")

# --- YAML -------------------------------------------------------------------------------------------------------------

SYNTAX = Rule("syntax")
MERGE_CONFLICT = Rule("merge-conflict")
TAB_INDENT = Rule("tab-indent")
DUPLICATE_KEY = Rule("duplicate-key")
ANCHOR_OR_ALIAS = Rule("anchor-or-alias")
YAML_TAG = Rule("yaml-tag")
TOO_DEEP = Rule("too-deep")
SEVERAL_DOCUMENTS = Rule("several-documents")

# --- text that YAML would change ---

CUT_OFF = Rule("cut-off")
ESCAPE = Rule("escape")
FOLDED_LINES = Rule("folded-lines", severity=Severity.WARNING)

# --- keys and values --------------------------------------------------------------------------------------------------

WRONG_SHAPE = Rule("wrong-shape")
UNKNOWN_KEY = Rule("unknown-key")
MISSING_KEY = Rule("missing-key")
CONFLICTING_KEYS = Rule("conflicting-keys")
EMPTY_TEXT = Rule("empty-text")
BAD_VALUE = Rule("bad-value")
BAD_ID = Rule("bad-id")
DUPLICATE_ID = Rule("duplicate-id")
BAD_TAG = Rule("bad-tag")
UNKNOWN_DOMAIN = Rule("unknown-domain")
UNKNOWN_SOURCE = Rule("unknown-source")
UNKNOWN_ENTRY = Rule("unknown-entry")
BAD_DATE = Rule("bad-date")
BAD_URL = Rule("bad-url")
TITLE_IS_ID = Rule("title-is-id", severity=Severity.WARNING)
SHORT_LIST = Rule("short-list")
LONG_LIST = Rule("long-list")
TOO_MANY = Rule("too-many")
NO_CARD = Rule("no-card")

# --- text -------------------------------------------------------------------------------------------------------------

RAW_HTML = Rule("raw-html")
FOREIGN_NOTATION = Rule("foreign-notation")
BROKEN_EMPHASIS = Rule("broken-emphasis", severity=Severity.WARNING)
HIDDEN_LINE = Rule("hidden-line")
UNCLOSED_MATHS = Rule("unclosed-maths")
MATHS_COMMAND = Rule("maths-command")
MATHS_TOO_LARGE = Rule("maths-too-large")
UNSAFE_HTML = Rule("unsafe-html")
CLOZE_SYNTAX = Rule("cloze-syntax")
CLOZE_GAP = Rule("cloze-gap", severity=Severity.WARNING)
CLOZE_RENUMBERED = Rule("cloze-renumbered")
BROKEN_LINK = Rule("broken-link")
MISSING_ALT = Rule("missing-alt")
REMOTE_MEDIA = Rule("remote-media")
MEDIA_NOT_FOUND = Rule("media-not-found")
MEDIA_TYPE = Rule("media-type")
MEDIA_CONTENT = Rule("media-content")
SVG_CONTENT = Rule("svg-content")
MEDIA_TOO_LARGE = Rule("media-too-large", severity=Severity.WARNING)
MEDIA_UNUSED = Rule("media-unused", severity=Severity.WARNING)

# --- regions of pictures ------------------------------------------------------------------------------------------

REGION_SHAPE = Rule("region-shape")
REGION_OUTSIDE = Rule("region-outside")
REGION_HIDDEN = Rule("region-hidden")
REGION_NARROW = Rule("region-narrow", severity=Severity.WARNING)

# --- the project's own note types ---------------------------------------------------------------------------------

BAD_TEMPLATE = Rule("bad-template")
UNKNOWN_NOTE_TYPE = Rule("unknown-note-type")
UNKNOWN_FIELD = Rule("unknown-field")

# --- waivers ----------------------------------------------------------------------------------------------------------

UNKNOWN_RULE = Rule("unknown-rule")
UNUSED_WAIVER = Rule("unused-waiver", severity=Severity.WARNING)

# --- publishing -----------------------------------------------------------------------------------------------

BAD_LOCK = Rule("bad-lock")
NAMESPACE_CHANGED = Rule("namespace-changed")
VANISHED_ID = Rule("vanished-id")
LOST_LINE = Rule("lost-line", severity=Severity.WARNING)
DROPPED_ID = Rule("dropped-id", severity=Severity.WARNING)
RETIRED_ID = Rule("retired-id")
NO_CARD_NUMBER = Rule("no-card-number")
OTHER_NOTE_TYPE = Rule("other-note-type")
NOTE_TYPE_CHANGED = Rule("note-type-changed")
LOCK_OUTDATED = Rule("lock-outdated")
LOCK_TIME = Rule("lock-time")
CLOCK_BEHIND = Rule("clock-behind")
NOT_ADOPTED = Rule("not-adopted")
EXAMPLE_NAMESPACE = Rule("example-namespace", severity=Severity.WARNING)
TITLE_CHANGED = Rule("title-changed", severity=Severity.WARNING)
TAG_CHANGED = Rule("tag-changed", severity=Severity.WARNING)
DECK_RENAMED = Rule("deck-renamed", severity=Severity.WARNING)
CARD_REMOVED = Rule("card-removed", severity=Severity.WARNING)
CLOZE_REUSED = Rule("cloze-reused", severity=Severity.WARNING)

UNTIL_BUILT = frozenset(
    rule.name for rule in (LOST_LINE, DROPPED_ID, TITLE_CHANGED, TAG_CHANGED, DECK_RENAMED, CARD_REMOVED, CLOZE_REUSED)
)
"""Rules about changes since the last build; once a build has recorded the changes, they no longer apply."""

# --- decks ------------------------------------------------------------------------------------------------------------

EMPTY_DECK = Rule("empty-deck")
DUPLICATE_DECK = Rule("duplicate-deck")


@cache
def source_rules() -> tuple[Rule, ...]:
    """All rules for sources in alphabetical order, with their pages."""
    rules = [value for value in globals().values() if isinstance(value, Rule)]
    return tuple(map(_with_page, sorted(rules, key=lambda rule: rule.name)))


_PAGE = re.compile(
    r"# (?P<name>[a-z0-9-]+)\n\n(?P<what>[^\n]+)\n\n(?P<why>[^\n]+)\n"
    r"(?:\n## Wrong\n\n```yaml(?P<wrong>\n.*?)```\n)?(?:\n## Right\n\n```yaml(?P<right>\n.*?)```\n)?",
    re.DOTALL,
)


def _with_page(rule: Rule) -> Rule:
    text = asset(f"core/rule_pages/{rule.name}.md")
    page = re.fullmatch(_PAGE, text)
    assert page is not None, f"the page of {rule.name} has another form"
    return replace(rule, what=page["what"], why=page["why"], wrong=page["wrong"] or "", right=page["right"] or "")
