"""What an author types is what the real Anki stores and shows."""

from __future__ import annotations

import html
import json
import os
import re
import tempfile
import unicodedata
from pathlib import Path

from click.testing import CliRunner
from hypothesis import Phase, given
from hypothesis import strategies as st

import sample
from deckgen.cli import main
from examples import examples
from learner import Learner, visible

TEXTS = st.text(
    st.one_of(
        st.sampled_from(list("<>&$%{}:;=()/.,'\"#+-~^|?1aB ")),
        st.characters(exclude_categories=["C", "Z"], exclude_characters="\\`*_[]<&!\xad\ufffd"),
    ),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() and not _means_something(text))


def _means_something(text: str) -> bool:
    """'&gt;', '^2^', '~2~' and '~~two~~' become what their author means, and HTML and '$x$' are refused."""
    return html.unescape(text) != text or re.search(r"<[a-zA-Z/!?]|([\^~]).+\1|\$.+\$", text) is not None


@examples(3, 16, phases=[Phase.explicit, Phase.generate])
@given(st.lists(TEXTS, min_size=20, max_size=40, unique=True))
def test_text_is_stored_and_shown_as_typed(texts):
    with tempfile.TemporaryDirectory() as folder, Learner() as learner:
        entries = [
            f"  - {{id: n{number}, domain: basics, question: {json.dumps('Q ' + text, ensure_ascii=False)}, answer: "
            f"{json.dumps(text, ensure_ascii=False)}}}\n"
            for number, text in enumerate(texts)
        ]
        lists = [
            f"  - {{id: l{number}, domain: basics, question: Which two?, items: [{{a: "
            f"{json.dumps(text, ensure_ascii=False)}}}, {{b: 'no'}}]}}\n"
            for number, text in enumerate(texts)
        ]
        sample.write(Path(folder), {"demo/cards.yaml": "faq:\n" + "".join(entries + lists)})
        here = os.getcwd()
        result = CliRunner().invoke(main, ["-C", folder, "build"])
        os.chdir(here)

        assert result.exit_code == 0, result.output
        learner.imports(Path(folder, "build/demo.apkg"))
        shown = {(card.note_id, card.ordinal): card for card in learner.cards()}
        for number, text in enumerate(texts):
            expected = unicodedata.normalize("NFC", " ".join(text.split()))  # as Anki stores all text
            assert visible(learner.notes()[f"faq/n{number}"]["Answer"]) == expected
            assert f"Q {expected} ?" in visible(shown[f"faq/n{number}", 0].front)
            assert "[...] [...]" in visible(shown[f"faq/l{number}", 39].front)
            assert f"{expected} no" in visible(shown[f"faq/l{number}", 39].back)
