"""The stylesheet: readable in both palettes, by the formula of WCAG 2.2, and nothing in it that cards must not have."""

from __future__ import annotations

import re

import pytest

from deckgen.cards.note_types.frame import stylesheet

CSS = stylesheet()


def palette(selector: str) -> dict[str, str]:
    """The colours that a rule gives to the custom properties."""
    block = re.search(rf"^{re.escape(selector)} {{(.*?)}}", CSS, re.MULTILINE | re.DOTALL)[1]
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6});", block))


LIGHT = palette(".card")
DARK = palette(".card.nightMode,\n.card.night_mode")
PALETTES = {"light": LIGHT, "dark": DARK}
for kind in ("list", "resource"):
    PALETTES[f"light {kind}"] = LIGHT | palette(f".dg.{kind}-note")
    PALETTES[f"dark {kind}"] = DARK | palette(f".nightMode .dg.{kind}-note, .night_mode .dg.{kind}-note")


def luminance(colour: str) -> float:
    """Relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("text", ["ink", "quiet", "accent", "caution"])
@pytest.mark.parametrize("ground", ["paper", "wash"])
def test_text_has_a_contrast_of_four_and_a_half(name, text, ground):
    assert contrast(PALETTES[name][text], PALETTES[name][ground]) >= 4.5


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.478, abs=0.001)


def test_both_dark_palettes_are_complete():
    assert DARK.keys() == LIGHT.keys()


@pytest.mark.parametrize(
    "pattern", ["url(", "@import", "animation", "transition", "!important", "vh", "vw", "fixed", "http"]
)
def test_what_no_card_style_may_have(pattern):
    assert pattern not in re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)


def test_every_dark_rule_is_written_for_both_spellings():
    rules = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
    for selector in re.findall(r"([^{}]+)\{", rules):
        assert selector.count("nightMode") == selector.count("night_mode"), selector
