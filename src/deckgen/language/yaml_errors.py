"""Explain the errors of the YAML parser in an author's words, each with a next step that works."""

from __future__ import annotations

import re
import unicodedata

from deckgen.core import rules
from deckgen.core.nodes import MappingNode, Node, SequenceNode
from deckgen.language.yaml_text import QUOTE_IT, SourceLine, YamlProblem, how_to_quote, line_above, line_at

_BROKEN_ESCAPE = re.compile("unknown escape|hexdecimal number|Unicode character")
_TAB = re.compile(r"[ \t]*\t")
MISREAD_SPACES = "\u00a0\u202f\u3000"
"""Spaces that YAML takes for letters."""

_LOOKS_LIKE = re.compile(
    r"[ ]*(?:-[ ]+)*"
    rf"(?:(?P<hyphen>[–—−‐‑•])[ ]+[\w-]+:|[\w-]+(?P<colon>：)|(?:[\w-]+:|-)?(?P<space>[{MISREAD_SPACES}]))"
)
"""The beginning of a line with a character that looks like a hyphen, a colon or a space of YAML."""


def explain(text: str, problem: str, at: int, context: str, opened: int) -> YamlProblem:
    """Translate an error: the problem and its index, what was being read, and where that begins."""
    line, opening = line_at(text, at), line_at(text, opened)
    begin = line.start + line.column
    if (tab := _TAB.match(text, line.start)) or text.startswith("\t", at):
        help = "indent with two spaces per level (most editors can convert tabs to spaces)"
        return YamlProblem(rules.TAB_INDENT, tab.end() - 1 if tab else at, "expected spaces, found a tab", help)
    if misread := _lookalike(text, opening) or _lookalike(text, line_at(text, max(line.start - 1, 0))):
        return misread
    if _BROKEN_ESCAPE.search(problem):
        return _syntax(at, "expected a valid escape after '\\' in \"…\"", how_to_quote(text, opening))
    if "quoted scalar" in context:
        found = "expected a closing quote, found the end of the file"
        return _syntax(opened, found, f"close it, or {how_to_quote(text, opening)}")
    if "document start" in problem and line.key:
        help = "begin this line and those of the other keys at the top without spaces"
        return _syntax(line.start, f"expected '{line.key}' in the column of the first key, found it in column 1", help)
    if "flow" in context:
        return _unclosed(text, context, opened, at)
    if (closing := text[at : at + 1]) in ("}", "]") and "block" in context:
        help = f"delete it; if it is text, {how_to_quote(text, line)}"
        return _syntax(at, f"expected the end of the line, found a '{closing}' that closes nothing", help)
    if "expected ':'" in problem:
        return _without_colon(text, opening)
    if "block" in context and at <= begin:
        return _interrupted(text, line) or _in_wrong_column(text, line, at)
    if "mapping values" in problem and line.key and at <= begin + len(line.key):
        return _in_wrong_column(text, line, at)
    if "mapping values" in problem and text.startswith("::", at - 1) and "{{c" in line.value:
        found = "expected the hint directly after '::', found a space"
        return _syntax(at - 1, found, f"delete the space, or {how_to_quote(text, line)}")
    if "mapping values" in problem:
        return _syntax(at, "expected text, found another ': ' in it", how_to_quote(text, line))
    if "expected key" in problem:
        return _syntax(at, "expected the end of the text after the closing quote or bracket", how_to_quote(text, line))
    if not text[opened : opened + 1].strip():
        return _syntax(at, problem or "expected YAML, found something else", "write 'key: value', or a list of '- …'")
    if re.match(r"[*] \S", text[opened:]) and opened == opening.start + opening.column:
        return _syntax(opened, "expected '- ' before an item, found '*'", f"write '-'; if it is text, {QUOTE_IT}")
    return _syntax(
        opened, f"expected text, found '{text[opened]}', which text cannot start with", how_to_quote(text, opening)
    )


def _syntax(at: int, message: str, help: str) -> YamlProblem:
    return YamlProblem(rules.SYNTAX, at, message, help)


def _lookalike(text: str, line: SourceLine) -> YamlProblem | None:
    """Report a character that looks like one that YAML expects at the beginning of a line."""
    found = _LOOKS_LIKE.match(text, line.start)
    if found is None:
        return None
    name = str(found.lastgroup)
    expected, help = {
        "hyphen": ("'- ' before an entry or an item", "write a hyphen"),
        "colon": ("':' after a key", "write an ordinary colon, and a space after it"),
        "space": ("a space", "replace it with an ordinary space; it often comes with text from Word or a web page"),
    }[name]
    return _syntax(found.start(name), f"expected {expected}, found {_named(found[name])}", help)


def _named(character: str) -> str:
    return f"'{character}'" if character.strip() else f"U+{ord(character):04X} {unicodedata.name(character)}"


def misread_key(text: str, root: Node) -> YamlProblem | None:
    """Report the first key that begins with a space that YAML takes for a letter."""
    if isinstance(root, MappingNode):
        for name, pair in root.pairs.items():
            found = _lookalike(text, line_at(text, pair.key.start)) if name[:1].isspace() else None
            if found := found or misread_key(text, pair.value):
                return found
    elif isinstance(root, SequenceNode):
        return next(filter(None, (misread_key(text, item) for item in root.items)), None)
    return None


def _unclosed(text: str, context: str, opened: int, at: int) -> YamlProblem:
    """Explain brackets that are not closed, or that have something other than a comma between values."""
    remedy = f"a text that contains brackets or commas needs quotes: {QUOTE_IT.partition(': ')[2]}"
    if "flow node" in context:
        return _syntax(at, "expected a value or a closing bracket", remedy)
    bracket = "]" if "sequence" in context else "}"
    if text[at : at + 1].strip() and "\n" not in text[opened:at]:
        return _syntax(at, f"expected ',' or '{bracket}', found '{text[at]}'", remedy)
    return _syntax(opened, f"expected ',' or '{bracket}' after the bracket that opens here", remedy)


def _without_colon(text: str, line: SourceLine) -> YamlProblem:
    """Explain a line that has no ``key:`` where one must be."""
    found = "expected 'key: value', found text without a ': '"
    key, colon, value = line.value.partition(":")
    if colon and value and re.fullmatch(r"[\w-]+", key):
        return _syntax(line.start + line.column, found, f"a space must follow the colon: {key}: {value[:60]}")
    above = line_above(text, line)
    if above is None:
        return _syntax(line.start + line.column, found, "begin the file with a section, such as 'faq:'")
    key, space, value = line.value.partition(" ")
    is_key = space and key.islower() and line.column == above.column
    example = f" (such as '{key}: {value.lstrip('=: ')[:60]}')" if is_key else ""
    help = (
        f"begin it with a key{example}; if it belongs to the text above, indent it with {_deeper(text, above)} spaces"
    )
    return _syntax(line.start + line.column, found, help)


def _deeper(text: str, above: SourceLine) -> int:
    """How far the further lines of a text are indented."""
    second = line_at(text, text.find("\n", above.start) + 1)
    return second.column if second.column > above.column and second.value else above.column + 2


def _interrupted(text: str, line: SourceLine) -> YamlProblem | None:
    """Explain a text that goes on below a comment, which ended it."""
    before = line_at(text, line.start - 1) if line.start and not line.key else None
    comment = re.search(r"(?:^|\s)#", text[before.start : line.start]) if before else None
    if before is None or comment is None:
        return None
    message = "expected text, found a comment, which ends the text: it cannot go on in the next line"
    return YamlProblem(rules.CUT_OFF, before.start + comment.end() - 1, message, f"delete the comment, or {QUOTE_IT}")


def _in_wrong_column(text: str, line: SourceLine, at: int) -> YamlProblem:
    """Explain a line that is aligned with none above it."""
    columns = []
    above = line_above(text, line)
    while above is not None:
        columns.append(above)
        above = line_above(text, above) if above.column else None
    if not columns or not (line.key or line.value):
        return _syntax(at, "expected the next key or item in the same column as those above", "align it with them")
    if not line.key:
        help = f"indent it with {_deeper(text, columns[0])} spaces, as a part of the text above, or begin it with a key"
        return _syntax(at, "expected a key, or more of the text above", help)
    wanted = min(columns, key=lambda other: (abs(other.column - line.column), -other.start))
    spaces = wanted.column - (line.column - _indent(text, line))
    before = line_at(text, max(line.start - 1, 0))
    if spaces < 0 and before.value and not before.key:
        help = "if it is a comment, begin it with '# '; if not, begin it with a key"
        return _syntax(before.start + before.column, "expected 'key: value', found text without a ': '", help)
    if spaces < 0:
        found = "expected the section of these entries above them, found none"
        help = "write it on a line of its own above this one, such as 'faq:'"
        return _syntax(line.start + _indent(text, line), found, help)
    message = f"expected '{line.key}' in the column of '{wanted.key}' above ({wanted.column + 1}), found it in column "
    entry = "; if an entry begins here, write '- ' before it" if line.key == "id" and wanted.key != "id" else ""
    help = f"begin the line with {spaces} spaces{entry}; if it belongs to the text above, {QUOTE_IT}"
    return _syntax(line.start + line.column, f"{message}{line.column + 1}", help)


def _indent(text: str, line: SourceLine) -> int:
    """How many spaces begin a line; a dash may follow."""
    return line.column - len(text[line.start : line.start + line.column].lstrip(" "))
