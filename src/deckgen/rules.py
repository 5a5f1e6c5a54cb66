"""The rules that every source must keep: what, why, and where it can be shown a wrong and a right source.

An example is a deck file; a line ``# file: PATH`` begins another file of the same small project. In a wrong one the
line that breaks the rule ends in ``# <- wrong`` where the syntax leaves room for a comment.
"""

from __future__ import annotations

from deckgen.diagnostic import Rule, Severity

# --- files ------------------------------------------------------------------------------------------------------------

UNREADABLE_FILE = Rule(
    "unreadable-file",
    "A file of the project cannot be read.",
    "A deck built without one of its files would silently lose cards.",
)

FILE_TOO_LARGE = Rule(
    "file-too-large",
    "A file is larger than deckgen reads.",
    "Sources come from strangers; one huge file must not exhaust the machine that builds a pull request.",
)

OUTSIDE_PROJECT = Rule(
    "outside-project",
    "A path or a link leads out of the project.",
    "A source may name only files that a reviewer sees in the project; anything else would end up in a public deck.",
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
    "A file that every project or deck needs is not there.",
    "`deckgen.yaml` holds the project's identity and domains, `deck.yaml` a deck's title; neither can be guessed.",
)

FILE_NAME = Rule(
    "file-name",
    "The name of a file or folder is not UTF-8, or cannot stand on Windows.",
    "Its files would be missing where others check the project out, or have another name there.",
)

NAME_CLASH = Rule(
    "name-clash",
    "Two names differ only in upper and lower case, or a deck is called as the retired entries of another.",
    "macOS and Windows keep only one of the two files, and of two packages of one name the later overwrites the other.",
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
    "Read in another encoding, 'µ', '≥' or a name with an accent would come out as other characters.",
)

BYTE_ORDER_MARK = Rule(
    "byte-order-mark",
    "A source starts with a byte order mark.",
    "The mark is invisible and some tools take it for part of the first key, which then looks misspelt.",
)

CONTROL_CHARACTER = Rule(
    "control-character",
    "A source has a character that cannot be seen, or that turns the text around it.",
    "Some of them split fields in Anki and abort an import; all of them let a source say something else than it shows.",
)

EMPTY_FILE = Rule(
    "empty-file",
    "A file has nothing in it, or only comments.",
    "It may have lost its cards; a file that is not needed is better deleted.",
    wrong="""
# nothing but this comment
""",
)

# --- YAML -------------------------------------------------------------------------------------------------------------

SYNTAX = Rule(
    "syntax",
    "The file is not YAML.",
    "The parser cannot tell where a value ends, so nothing after this place can be read.",
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
    "A key stands twice in one mapping.",
    "YAML readers keep the last one without a word, so the first value would be lost.",
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
    "Aliases let a few lines stand for millions of values, and a reader has to look elsewhere for what a card says.",
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
    "A value carries a YAML tag such as `!!int`.",
    "deckgen reads every value as the text that you typed; a tag would change it, or in other tools run code.",
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
    "Values are nested deeper than any entry needs.",
    "It is an accident of indentation, or an attempt to exhaust the compiler.",
    wrong="""
faq: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[deep]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]] # <- wrong
""",
)

SEVERAL_DOCUMENTS = Rule(
    "several-documents",
    "A file holds more than one YAML document.",
    "Only one is read; the entries below the second `---` would be lost.",
    wrong="""
faq: []
--- # <- wrong
faq: []
""",
)

# --- keys and values --------------------------------------------------------------------------------------------------

WRONG_SHAPE = Rule(
    "wrong-shape",
    "A value has another shape than its key expects: text, a list, or a mapping.",
    "The value cannot be put on a card as it stands.",
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
    "A key is not one that deckgen knows at this place.",
    "A misspelt key would otherwise lose its value without anybody noticing.",
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
    "A key that is needed is not there.",
    "Without it there is no card to make, or no way to recognise the card in the next release.",
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
    "Two keys stand together that exclude each other.",
    "An answer is one text or a list of items; with both it is not clear which of them is to be recalled.",
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
    "A value is not among those that its key takes.",
    "It would have no effect, or another than was meant.",
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
    "An id is not made of lower-case letters, digits and single hyphens.",
    "The id is the card's identity for ever: it must be easy to type, to search for and to compare.",
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
    "Two entries of a kind, or two items of a list, share an id.",
    "Anki would take them for the same card: one would overwrite the other in learners' collections.",
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
    "A tag has a space, or characters that Anki gives a meaning.",
    "Anki splits tags at spaces and builds trees at `::`; the card would get other tags than those you see.",
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
    "An entry names a skill domain that `deckgen.yaml` does not declare.",
    "Learners choose what to study by domain; a misspelt one would hide the card from them.",
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
    "An entry names a source that `sources.yaml` does not list.",
    "A learner must be able to follow every statement to where it comes from.",
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
    "An entry refers to another one that does not exist.",
    "The card would tell the learner to compare it with nothing.",
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
    "The card says how old its statement is; every reader must read the date alike.",
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
    "A link of another sort could run code or open a file on the learner's machine.",
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
    "A list of items or steps has fewer than two.",
    "One thing to recall is an answer, not a list.",
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
    "A set of more than five is practically unlearnable; in named groups it is recalled in two storeys.",
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
    "There are more tags, sources or related entries than any card can use.",
    "Each note repeats them, so that a small file would make a huge deck; and nobody reads so many.",
)

NO_CARD = Rule(
    "no-card",
    "An entry makes no card.",
    "Anki would import a note that is never studied, and give it a card by surprise when it checks its database.",
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
    "A text holds an HTML tag.",
    "Cards are written in Markdown, so that no script, style or remote request can come from a source.",
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
    r"A `\(`, a `\[`, or a group inside maths is not closed, or closed twice.",
    "Maths runs from one to the other; without the second all the rest would be taken for maths, or none.",
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
    "A formula is longer than 2,000 characters, or nests deeper than 20 braces or 50 changes of size, style or colour.",
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
    "Learners who cannot see it, and everybody when it fails to load, need to know what it shows.",
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
    "A picture or sound is at a web address.",
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
    "A picture or sound is not where the source says.",
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
    "A media file is not a picture or sound that every Anki can show, or not what its name says.",
    "Other formats stay blank on some devices; a file in disguise could be a page with a script.",
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
    "Every learner downloads and syncs it to every device; phones load it each time the card is shown.",
    severity=Severity.WARNING,
)

MEDIA_UNUSED = Rule(
    "media-unused",
    "A file in a deck's `media/` folder is used by no card.",
    "It is not put into the package: it may be left over, or its card may have lost it.",
    severity=Severity.WARNING,
)

# --- waivers ----------------------------------------------------------------------------------------------------------

UNKNOWN_RULE = Rule(
    "unknown-rule",
    "A waiver or a setting names a content rule, or a threshold of one, that does not exist.",
    "It would have no effect, and the rule that was meant would go on speaking.",
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
    "The waiver would hide the fault that a later change brings.",
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

# --- what was published -----------------------------------------------------------------------------------------------

BAD_LOCK = Rule(
    "bad-lock",
    "A line of deckgen.lock cannot be read.",
    "It says when each card last changed; guessing would overwrite what learners wrote into cards that did not change.",
)

NAMESPACE_CHANGED = Rule(
    "namespace-changed",
    "The namespace in deckgen.yaml is not the one that the published cards have.",
    "Every card's identity hangs on it: all cards would be new to Anki, and all learners' progress on the old ones.",
)

VANISHED_ID = Rule(
    "vanished-id",
    "A note was published, and no source has its id any more.",
    "Anki keeps it in learners' collections for ever: it must be renamed, or retired with a word to them.",
)

RETIRED_ID = Rule(
    "retired-id",
    "An entry has the id of a retired one.",
    "Learners who still have the retired card would find another question in it, with the old one's schedule.",
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
    "A list has used up its twenty card numbers.",
    "An item's number is its card's identity in Anki; given to another item, the learner would see that one scheduled.",
)

OTHER_NOTE_TYPE = Rule(
    "other-note-type",
    "A published note would be of another note type now, since an answer became a list or a list an answer.",
    "Anki does not update a note from one of another type: learners would keep the old question for ever.",
)

NOTE_TYPE_CHANGED = Rule(
    "note-type-changed",
    "A published note type has other fields or templates now.",
    "Anki updates a note only if its type has the same fields and templates as the learner's: all would be stranded.",
)

LOCK_OUTDATED = Rule(
    "lock-outdated",
    "The lock does not yet have what the sources say, and --locked forbids to write it.",
    "A release must be made of what is recorded, so that the next one knows what learners have.",
)

CLOCK_BEHIND = Rule(
    "clock-behind",
    "The clock is behind the last publication, and something is to be published.",
    "With a time before the last one Anki ignores the update; with one in the future, learners' own edits are lost.",
)

FUTURE_TIME = Rule(
    "future-time",
    "Something was published in what the clock says is the future.",
    "Learners' own edits lose against it until that time has passed.",
    severity=Severity.WARNING,
)

# --- decks ------------------------------------------------------------------------------------------------------------

EMPTY_DECK = Rule(
    "empty-deck",
    "A deck has no entries.",
    "Anki drops an empty deck when it imports the package, so there is nothing to build.",
    wrong="""
# file: hollow/deck.yaml
title: Hollow
""",
)

DUPLICATE_DECK = Rule(
    "duplicate-deck",
    "Two decks have the same title.",
    "Anki knows decks by name alone, upper and lower case being equal, and would put both into one.",
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
