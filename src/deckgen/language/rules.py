"""The rules for sources: what is wrong, why it matters, and, where possible, a wrong and a right example.

An example is a deck file; a line ``# file: PATH`` starts another file of the same small project. In a wrong example the
line that breaks the rule ends in ``# <- wrong``, unless the syntax leaves no room for a comment.
"""

from __future__ import annotations

from deckgen.core.diagnostics import Rule, Severity

# --- files ------------------------------------------------------------------------------------------------------------

UNREADABLE_FILE = Rule(
    "unreadable-file",
    "A file of the project cannot be read.",
    "A deck built without one of its files would silently lose cards.",
)

FILE_TOO_LARGE = Rule(
    "file-too-large",
    "A file is larger than deckgen accepts.",
    "Sources may come from strangers; one huge file must not exhaust the machine that builds a pull request.",
)

OUTSIDE_PROJECT = Rule(
    "outside-project",
    "A path or a link leads out of the project.",
    "A source may refer only to files that reviewers see in the project; others would end up in a public deck.",
    wrong="""
faq:
  - id: where
    domain: basics
    question: What does the picture show?
    answer: "![a file elsewhere](../../../etc/hostname.png)" # <- wrong
""",
)

MISSING_FILE = Rule(
    "missing-file",
    "A file that every project or deck needs is missing.",
    "`deckgen.yaml` has the project's identity and domains, `deck.yaml` a deck's title; they cannot be guessed.",
)

FILE_NAME = Rule(
    "file-name",
    "The name of a file or folder is not UTF-8, or is not possible on Windows.",
    "On other systems the file would be missing from a checkout, or have another name.",
)

NAME_CLASH = Rule(
    "name-clash",
    "Two names differ only in case, or a deck has the name of another deck's package of retired entries.",
    "macOS and Windows keep only one of two such files; a second package with the same name overwrites the first.",
    wrong="""
# file: demo/tea.yaml
faq: [{id: tea, domain: basics, question: What is tea made of?, answer: Leaves}] # <- wrong
# file: demo/Tea.yaml
faq: [{id: cup, domain: basics, question: What is a cup made of?, answer: Clay}]
""",
    right="""
# file: demo/tea.yaml
faq: [{id: tea, domain: basics, question: What is tea made of?, answer: Leaves}]
# file: demo/cups.yaml
faq: [{id: cup, domain: basics, question: What is a cup made of?, answer: Clay}]
""",
)

NOT_UTF_8 = Rule(
    "not-utf-8",
    "A source is not encoded as UTF-8.",
    "In another encoding, 'µ', '≥' or an accented letter would become other characters.",
)

BYTE_ORDER_MARK = Rule(
    "byte-order-mark",
    "A source starts with a byte order mark.",
    "The mark is invisible, and some tools read it as part of the first key, which then seems to be misspelt.",
)

CONTROL_CHARACTER = Rule(
    "control-character",
    "A source contains an invisible character, or one that reverses text direction.",
    "Some of them split fields in Anki or abort an import; with any of them a source can differ from what it shows.",
)

EMPTY_FILE = Rule(
    "empty-file",
    "A file is empty, or has only comments.",
    "It may have lost its cards; if it is not needed, delete it.",
    wrong="""
# nothing but this comment
""",
)

# --- YAML -------------------------------------------------------------------------------------------------------------

SYNTAX = Rule(
    "syntax",
    "The file is not valid YAML.",
    "The parser cannot tell where a value ends, so it cannot read the rest of the file.",
    wrong="""
faq:
  - id: colon
    domain: basics
    question: Which three words: choose them # <- wrong
    answer: None
""",
    right="""
faq:
  - id: colon
    domain: basics
    question: "Which three words: choose them"
    answer: None
""",
)

TAB_INDENT = Rule(
    "tab-indent",
    "A line is indented with a tab.",
    "YAML allows only spaces there, since a tab has no fixed width.",
    wrong="""
faq:
\t- id: tab # <- wrong
""",
    right="""
faq:
  - id: tab
    domain: basics
    question: Which key makes a space?
    answer: The longest one
""",
)

DUPLICATE_KEY = Rule(
    "duplicate-key",
    "A mapping has the same key twice.",
    "YAML readers silently keep the last value, so the first one would be lost.",
    wrong="""
faq:
  - id: twice
    domain: basics
    question: What is kept?
    answer: The first
    answer: The last # <- wrong
""",
    right="""
faq:
  - id: twice
    domain: basics
    question: What is kept?
    answer: The only one
""",
)

ANCHOR_OR_ALIAS = Rule(
    "anchor-or-alias",
    "A source uses a YAML anchor (`&name`), alias (`*name`) or merge key (`<<`).",
    "With aliases a few lines can stand for millions of values, and readers must look elsewhere for what a card says.",
    wrong="""
faq:
  - id: alias
    domain: basics
    question: &text What is repeated? # <- wrong
    answer: Nothing
""",
    right="""
faq:
  - id: alias
    domain: basics
    question: "&text is kept as it is in quotes: what is repeated?"
    answer: Nothing
""",
)

YAML_TAG = Rule(
    "yaml-tag",
    "A value has a YAML tag like `!!int`.",
    "deckgen reads every value as the text that you typed; a tag would change it, or run code in other tools.",
    wrong="""
faq:
  - id: tag
    domain: basics
    question: How many?
    answer: !!int 7 # <- wrong
""",
    right="""
faq:
  - id: tag
    domain: basics
    question: How many?
    answer: 7
""",
)

TOO_DEEP = Rule(
    "too-deep",
    "Values are nested more deeply than any entry needs.",
    "The indentation is wrong, or somebody tries to exhaust the compiler.",
    wrong="""
faq: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[deep]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]] # <- wrong
""",
)

SEVERAL_DOCUMENTS = Rule(
    "several-documents",
    "A file contains more than one YAML document.",
    "Only the first one would be read; the entries below the second `---` would be lost.",
    wrong="""
faq: []
--- # <- wrong
faq: []
""",
)

# --- keys and values --------------------------------------------------------------------------------------------------

WRONG_SHAPE = Rule(
    "wrong-shape",
    "A value is a text, a list or a mapping, and its key takes another of these.",
    "A value of another shape cannot be put on a card.",
    wrong="""
faq:
  - id: shape
    domain: basics
    question:
      - Is a list a question? # <- wrong
    answer: No
""",
    right="""
faq:
  - id: shape
    domain: basics
    question: What is a question?
    answer: A text
""",
)

UNKNOWN_KEY = Rule(
    "unknown-key",
    "A key does not exist here.",
    "The value of a misspelt key would silently be lost.",
    wrong="""
faq:
  - id: typo
    domain: basics
    question: Which letter is too many?
    answer: The second one
    extraa: Look again # <- wrong
""",
    right="""
faq:
  - id: typo
    domain: basics
    question: Which letter is too many?
    answer: None
    extra: Look again
""",
)

MISSING_KEY = Rule(
    "missing-key",
    "A required key is missing.",
    "Without it there is nothing to put on a card, or nothing to recognise the card by in the next release.",
    wrong="""
faq:
  - id: half # <- wrong
    domain: basics
    question: Where is the other half?
""",
    right="""
faq:
  - id: half
    domain: basics
    question: Where is the other half?
    answer: Here
""",
)

CONFLICTING_KEYS = Rule(
    "conflicting-keys",
    "Two keys exclude each other.",
    "An answer is one text or a list of items; with both it is not clear which is to be recalled.",
    wrong="""
faq:
  - id: both
    domain: basics
    question: Which two are there?
    answer: One and two
    items: # <- wrong
      - one: One
      - two: Two
""",
    right="""
faq:
  - id: both
    domain: basics
    question: Which two are there?
    items:
      - one: One
      - two: Two
""",
)

EMPTY_TEXT = Rule(
    "empty-text",
    "A text is empty.",
    "Anki makes no card from an empty front, and an empty answer cannot be recalled.",
    wrong="""
faq:
  - id: empty
    domain: basics
    question: What is the answer?
    answer: # <- wrong
""",
    right="""
faq:
  - id: empty
    domain: basics
    question: What is the answer?
    answer: Something
""",
)

BAD_VALUE = Rule(
    "bad-value",
    "A value is not one that its key accepts.",
    "It would have no effect, or not the intended one.",
    wrong="""
faq:
  - id: flag
    domain: basics
    question: Who says ja?
    answer: A speaker of Dutch
    reverse: ja # <- wrong
""",
    right="""
faq:
  - id: flag
    domain: basics
    question: Who says ja?
    answer: A speaker of Dutch
    reverse: true
""",
)

BAD_ID = Rule(
    "bad-id",
    "An id does not consist of lower-case letters, digits and single hyphens.",
    "An id identifies its card permanently, so it must be easy to type, to find and to compare.",
    wrong="""
faq:
  - id: First Card! # <- wrong
    domain: basics
    question: Which card is this?
    answer: The first
""",
    right="""
faq:
  - id: first-card
    domain: basics
    question: Which card is this?
    answer: The first
""",
)

DUPLICATE_ID = Rule(
    "duplicate-id",
    "Two entries of a kind, or two items of a list, have the same id.",
    "Anki would treat them as one card, and one would overwrite the other in learners' collections.",
    wrong="""
faq:
  - id: same
    domain: basics
    question: Which is the first?
    answer: This
  - id: same # <- wrong
    domain: basics
    question: Which is the second?
    answer: That
""",
    right="""
faq:
  - id: same
    domain: basics
    question: Which is the first?
    answer: This
  - id: other
    domain: basics
    question: Which is the second?
    answer: That
""",
)

BAD_TAG = Rule(
    "bad-tag",
    "A tag has a space, or a character with a special meaning in Anki.",
    "Anki splits tags at spaces and builds trees at `::`, so the card would get other tags than you wrote.",
    wrong="""
faq:
  - id: tags
    domain: basics
    tags: [two words] # <- wrong
    question: How many tags are these?
    answer: One
""",
    right="""
faq:
  - id: tags
    domain: basics
    tags: [two-words]
    question: How many tags are these?
    answer: One
""",
)

UNKNOWN_DOMAIN = Rule(
    "unknown-domain",
    "An entry has a skill domain that `deckgen.yaml` does not declare.",
    "Learners choose what to study by domain; a misspelt domain would hide the card from them.",
    wrong="""
faq:
  - id: domain
    domain: basiks # <- wrong
    question: Which domain is this?
    answer: None
""",
    right="""
faq:
  - id: domain
    domain: basics
    question: Which domain is this?
    answer: The first one
""",
)

UNKNOWN_SOURCE = Rule(
    "unknown-source",
    "An entry has a source that `sources.yaml` does not list.",
    "Learners must be able to trace every statement to its source.",
    wrong="""
faq:
  - id: source
    domain: basics
    source: [bok] # <- wrong
    question: Where does wisdom come from?
    answer: From a book
""",
    right="""
faq:
  - id: source
    domain: basics
    source: [book]
    question: Where does wisdom come from?
    answer: From a book
""",
)

UNKNOWN_ENTRY = Rule(
    "unknown-entry",
    "An entry refers to another entry that does not exist.",
    "The card would ask the learner to compare it with nothing.",
    wrong="""
faq:
  - id: alone
    domain: basics
    question: What is snow like?
    answer: Nothing else
    confuse_with: [nothing] # <- wrong
""",
    right="""
faq:
  - id: alone
    domain: basics
    question: What is snow like?
    answer: Like feathers
    confuse_with: [other]
  - id: other
    domain: basics
    question: How do feathers fall?
    answer: Slowly
""",
)

BAD_DATE = Rule(
    "bad-date",
    "A date is not written as year, year-month or year-month-day.",
    "The card shows how old its statement is, and every reader must read the date in the same way.",
    wrong="""
faq:
  - id: date
    domain: basics
    as_of: 11/2026 # <- wrong
    question: When do leaves fall?
    answer: In autumn
""",
    right="""
faq:
  - id: date
    domain: basics
    as_of: 2026-11
    question: When do leaves fall?
    answer: In autumn
""",
)

BAD_URL = Rule(
    "bad-url",
    "An address is not a plain web or mail address.",
    "A link with another scheme could run code or open a file on the learner's machine.",
    wrong="""
faq:
  - id: link
    domain: basics
    question: Where is more?
    answer: "[here](javascript:void)" # <- wrong
""",
    right="""
faq:
  - id: link
    domain: basics
    question: Where is more?
    answer: "[here](https://example.org)"
""",
)

SHORT_LIST = Rule(
    "short-list",
    "A list has fewer than two items or steps.",
    "A single item is an answer, not a list.",
    wrong="""
faq:
  - id: one
    domain: basics
    question: Which one is there?
    items:
      - only: The only one # <- wrong
""",
    right="""
faq:
  - id: one
    domain: basics
    question: Which one is there?
    answer: The only one
""",
)

LONG_LIST = Rule(
    "long-list",
    "A list has more items than can be recalled at once.",
    "A set of more than five is practically unlearnable; in named groups it is recalled in two levels.",
    wrong="""
faq:
  - id: many
    domain: basics
    question: Name the six letters.
    items:
      - a: A # <- wrong
      - b: B
      - c: C
      - d: D
      - e: E
      - f: F
""",
    right="""
faq:
  - id: many
    domain: basics
    question: Name the six letters.
    groups:
      - id: first
        name: The first three
        items: [a: A, b: B, c: C]
      - id: last
        name: The last three
        items: [d: D, e: E, f: F]
""",
)

TOO_MANY = Rule(
    "too-many",
    "There are more tags, sources or related entries than a card can use.",
    "Every note repeats them, so a small file would become a huge deck; and nobody reads so many.",
)

NO_CARD = Rule(
    "no-card",
    "An entry makes no card.",
    "Anki would import a note that is never studied, and unexpectedly add a card when it checks its database.",
    wrong="""
as_of: 2026-11
resources:
  - id: one # <- wrong
    domain: basics
    name: One Of Two
    acronym: OT
    confuse_with: [other]
  - id: other
    domain: basics
    name: Other Team
    acronym: OT
    role: The players from abroad
    allow: {acronym-clash: The two have one acronym}
""",
    right="""
as_of: 2026-11
resources:
  - id: one
    domain: basics
    name: One Of Two
    acronym: OT
    role: The first pair
""",
)

# --- text -------------------------------------------------------------------------------------------------------------

RAW_HTML = Rule(
    "raw-html",
    "A text contains an HTML tag.",
    "Cards are written in Markdown, so that no source can add a script, a style or a remote request.",
    wrong="""
faq:
  - id: html
    domain: basics
    question: What is <b>bold</b>? # <- wrong
    answer: This
""",
    right="""
faq:
  - id: html
    domain: basics
    question: What is **bold**?
    answer: This
""",
)

UNCLOSED_MATHS = Rule(
    "unclosed-maths",
    r"A `\(`, a `\[`, or a group inside maths is not closed, or is closed twice.",
    "Without the closing sign the end of the maths is unknown.",
    wrong=r"""
faq:
  - id: maths
    domain: basics
    question: What is \(\frac{x}{2\)? # <- wrong
    answer: A half
""",
    right=r"""
faq:
  - id: maths
    domain: basics
    question: What is \(\frac{x}{2}\)?
    answer: A half
""",
)

MATHS_COMMAND = Rule(
    "maths-command",
    "Maths has a command that is not on the list of those that only show a formula, or an argument of another form.",
    r"Commands of MathJax such as `\href`, `\style` and `\def` carry links, styles or definitions: a card could run "
    "code in the learner's Anki, or request something from elsewhere.",
    wrong=r"""
faq:
  - id: maths
    domain: basics
    question: What is \(\href{https://example.org}{x}\)? # <- wrong
    answer: A number
""",
    right=r"""
faq:
  - id: maths
    domain: basics
    question: What is \(x\)?
    answer: A number
""",
)

MATHS_TOO_LARGE = Rule(
    "maths-too-large",
    "A formula is longer than 2,000 characters, or has braces more than 20 deep in each other.",
    "Typesetting it could stop the learner's Anki.",
    wrong=r"""
faq:
  - id: maths
    domain: basics
    question: What is \({{{{{{{{{{{{{{{{{{{{{x}}}}}}}}}}}}}}}}}}}}}\)? # <- wrong
    answer: A number
""",
    right=r"""
faq:
  - id: maths
    domain: basics
    question: What is \({x}\)?
    answer: A number
""",
)

MISSING_ALT = Rule(
    "missing-alt",
    "A picture has no description.",
    "Learners who cannot see the picture, and everybody if it fails to load, need to know what it shows.",
    wrong="""
faq:
  - id: picture
    domain: basics
    question: What is this? ![](media/dot.png) # <- wrong
    answer: A dot
""",
)

REMOTE_MEDIA = Rule(
    "remote-media",
    "A picture or sound is a web address.",
    "Cards must work without a network, and a remote picture tells its server when somebody studies.",
    wrong="""
faq:
  - id: remote
    domain: basics
    question: "What is this? ![dot](https://example.org/dot.png)" # <- wrong
    answer: A dot
""",
)

MEDIA_NOT_FOUND = Rule(
    "media-not-found",
    "A picture or sound does not exist.",
    "The card would show a broken picture.",
    wrong="""
faq:
  - id: lost
    domain: basics
    question: What is this? ![dot](media/dott.png) # <- wrong
    answer: A dot
""",
)

MEDIA_TYPE = Rule(
    "media-type",
    "A media file is not a picture or sound that every Anki can show, or its content does not match its extension.",
    "Other formats stay blank on some devices; a disguised file could be a page with a script.",
    wrong="""
faq:
  - id: type
    domain: basics
    question: What is this? ![dot](media/dot.bmp) # <- wrong
    answer: A dot
""",
)

MEDIA_TOO_LARGE = Rule(
    "media-too-large",
    "A media file is larger than a card should load.",
    "Every learner downloads it and syncs it to every device; phones load it each time they show the card.",
    severity=Severity.WARNING,
)

MEDIA_UNUSED = Rule(
    "media-unused",
    "No card uses a file in a deck's `media/` folder.",
    "It is not put into the package; it may be left over, or a card may have lost it.",
    severity=Severity.WARNING,
)

# --- waivers ----------------------------------------------------------------------------------------------------------

UNKNOWN_RULE = Rule(
    "unknown-rule",
    "A waiver or setting names a content rule, or a threshold of a rule, that does not exist.",
    "It would have no effect, and the intended rule would still apply.",
    wrong="""
faq:
  - id: waiver
    domain: basics
    question: What is ice made of?
    answer: Frozen water
    allow:
      leek: The answer is not on the front # <- wrong
""",
    right="""
faq:
  - id: waiver
    domain: basics
    question: What is frozen water?
    answer: Frozen water
    allow:
      leak: This is an example of a waiver
""",
)

UNUSED_WAIVER = Rule(
    "unused-waiver",
    "An entry is allowed to break a rule that it does not break.",
    "The waiver would hide an error that a later change introduces.",
    wrong="""
faq:
  - id: waiver
    domain: basics
    question: What is ice made of?
    answer: Frozen water
    allow:
      leak: It was there once # <- wrong
""",
    right="""
faq:
  - id: waiver
    domain: basics
    question: What is ice made of?
    answer: Frozen water
""",
    severity=Severity.WARNING,
)

# --- publishing -----------------------------------------------------------------------------------------------

BAD_LOCK = Rule(
    "bad-lock",
    "A line of deckgen.lock cannot be read.",
    "The lock says when each card last changed; a guess would overwrite learners' edits of cards that did not change.",
)

NAMESPACE_CHANGED = Rule(
    "namespace-changed",
    "The namespace in deckgen.yaml differs from that of the published cards.",
    "It identifies every card: with another one all cards would be new to Anki, and all progress would be lost.",
)

VANISHED_ID = Rule(
    "vanished-id",
    "A note was published, but no source has its id any more.",
    "Anki keeps the note in learners' collections. It must be renamed, or retired with a notice to learners.",
)

RETIRED_ID = Rule(
    "retired-id",
    "An entry has the id of a retired entry.",
    "Learners who still have the retired card would see another question in it, with the old schedule.",
    wrong="""
faq:
  - id: old
    domain: basics
    question: What is new?
    answer: A question
retired:
  - id: faq/old # <- wrong
    reason: It was wrong
""",
    right="""
faq:
  - id: new
    domain: basics
    question: What is new?
    answer: A question
retired:
  - id: faq/old
    reason: It was wrong
    successor: faq/new
""",
)

NO_CARD_NUMBER = Rule(
    "no-card-number",
    "A list has used all its card numbers.",
    "The number identifies an item's card in Anki; another item with the same number would inherit its schedule.",
)

OTHER_NOTE_TYPE = Rule(
    "other-note-type",
    "A published note would change its note type, because an answer became a list or a list an answer.",
    "Anki does not update a note from one of another type: learners would keep the old question.",
)

NOTE_TYPE_CHANGED = Rule(
    "note-type-changed",
    "A published note type has other fields or templates than before.",
    "Anki updates a note only if its type has the same fields and templates as the learner's; no update would arrive.",
)

LOCK_OUTDATED = Rule(
    "lock-outdated",
    "The lock does not match the sources, and --locked forbids changing it.",
    "A release must be built from what is recorded, so that the next one knows what learners have.",
)

LOCK_TIME = Rule(
    "lock-time",
    "A time in deckgen.lock is in the future, or from before there were decks.",
    "Anki takes a note only if it is newer than the learner's: with too early a time a correction never arrives, and "
    "after one in the future no later correction does.",
)

CLOCK_BEHIND = Rule(
    "clock-behind",
    "The clock of this machine says a time from before there were decks.",
    "With such a time Anki ignores an update, and every time in deckgen.lock seems to be in the future.",
)

# --- decks ------------------------------------------------------------------------------------------------------------

EMPTY_DECK = Rule(
    "empty-deck",
    "A deck has no entries.",
    "Anki drops an empty deck when it imports a package, so there is nothing to build.",
    wrong="""
# file: hollow/deck.yaml
title: Hollow
""",
)

DUPLICATE_DECK = Rule(
    "duplicate-deck",
    "Two decks have the same title.",
    "Anki identifies decks by name, ignoring case, and would merge the two.",
    wrong="""
# file: second/deck.yaml
title: DEMO
# file: second/cards.yaml
faq:
  - id: second
    domain: basics
    question: Which deck is second?
    answer: Another one
""",
)

RULES: tuple[Rule, ...] = tuple(value for value in list(vars().values()) if isinstance(value, Rule))
