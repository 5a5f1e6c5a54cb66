"""The promise over random histories: whatever an author and a learner do, an update touches only what it should."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import sample
from author import MONTH, Author
from deckgen.cards.note import guid
from learner import Learner, anki_at_least

pytestmark = pytest.mark.skipif(not anki_at_least(26, 9), reason="the newest Anki stands for all in the long sweep")

NAMES = ("ant", "bee", "cat", "dog", "eel", "fox")
ITEMS = ("one", "two", "six", "ten", "odd", "even")


@dataclass
class Source:
    """A deck as the author has it in mind: answers by name, items of two lists, names in order."""

    answers: dict[str, str] = field(default_factory=lambda: {name: f"{name} 0" for name in NAMES[:4]})
    lists: dict[str, list[str]] = field(default_factory=lambda: {"tall": list(ITEMS[:4]), "wide": list(ITEMS[2:6])})
    retired: list[str] = field(default_factory=list)

    def text(self) -> str:
        lines = ["domain: basics", "faq:"]
        for name, answer in self.answers.items():
            lines.append(f"  - {{id: {name}, question: What of {name}?, answer: {answer}}}")
        for name, items in self.lists.items():
            lines += [f"  - id: {name}", f"    question: Name the items of {name}.", "    items:"]
            lines += [f"      - {item}: The {item}" for item in items]
        if self.retired:
            lines.append("retired:")
            lines += [f"  - {{id: faq/{name}, reason: Gone}}" for name in self.retired]
        return "\n".join(lines) + "\n"


@st.composite
def author_acts(draw):
    return draw(
        st.lists(
            st.one_of(
                st.tuples(st.just("reword"), st.sampled_from(NAMES)),
                st.tuples(st.just("add"), st.sampled_from(NAMES)),
                st.tuples(st.just("retire"), st.sampled_from(NAMES)),
                st.tuples(st.just("shuffle"), st.randoms(use_true_random=False)),
                st.tuples(
                    st.just("list"), st.sampled_from(["tall", "wide"]), st.permutations(ITEMS), st.integers(2, 5)
                ),
            ),
            max_size=4,
        )
    )


LEARNER_ACTS = st.lists(
    st.tuples(
        st.sampled_from(["study", "edit", "tag", "suspend", "flag", "move", "delete"]),
        st.sampled_from([*NAMES, "tall", "wide"]),
    ),
    max_size=4,
)


def act(source: Source, name: str, *what) -> None:
    if name == "reword" and what[0] in source.answers:
        source.answers[what[0]] += "+"
    elif name == "add" and what[0] not in source.retired:
        source.answers.setdefault(what[0], f"{what[0]} new")
    elif name == "retire" and what[0] in source.answers and len(source.answers) > 1:
        del source.answers[what[0]]
        source.retired.append(what[0])
    elif name == "shuffle":
        order = list(source.answers)
        what[0].shuffle(order)
        source.answers = {key: source.answers[key] for key in order}
    elif name == "list":
        source.lists[what[0]] = list(what[1][: what[2]])


def live(learner: Learner, act: str, name: str) -> None:
    own = guid(sample.NAMESPACE, f"faq/{name}")
    if act == "study":
        learner.studies(3)
    elif own in learner.state().notes:
        if act == "edit":
            learner.edits(own, "My notes", "Mine")
        elif act == "tag":
            learner.tags_note(own, "mine")
        elif act == "suspend":
            learner.suspends(own)
        elif act == "flag":
            learner.flags(own, 2)
        elif act == "move":
            learner.moves(own, "Mine")
        else:
            learner.deletes(own)


def contents(source: Source) -> dict[str, str]:
    """What the author says of each note, by its guid."""
    notes = dict(source.answers)
    notes |= {name: " ".join(items) for name, items in source.lists.items()}
    return {guid(sample.NAMESPACE, f"faq/{name}"): text for name, text in notes.items()}


def _now() -> float:
    """The moment in which the learner lives; a note of an older date is not of the learner's making."""
    return time.time()


@settings(max_examples=25 if os.environ.get("DECKGEN_SLOW") else 4, phases=[Phase.explicit, Phase.generate])
@given(st.lists(st.tuples(author_acts(), LEARNER_ACTS), min_size=2, max_size=4))
def test_whatever_happens_only_what_the_author_changed_is_touched(history):
    source = Source()
    with tempfile.TemporaryDirectory() as folder, Learner() as learner:
        author = Author(Path(folder))
        author.cards.write_text(source.text())
        learner.imports(author.releases(-MONTH))
        said = contents(source)
        for number, (acts, lives) in enumerate(history):
            for name, *what in lives:
                live(learner, name, *what)
            for name, *what in acts:
                act(source, name, *what)
            author.cards.write_text(source.text())
            before, says = learner.state(), contents(source)
            log = learner.imports(author.releases(-MONTH + 3600 * (number + 1)))
            after = learner.state()

            assert log.conflicting == 0
            assert before.notes.keys() <= after.notes.keys()
            for own, note in before.notes.items():
                if says.get(own) == said.get(own) or own not in says:
                    assert after.notes[own] == note
            for key, card in before.cards.items():
                assert after.cards[key] == card
            for own in says:
                if own not in before.notes or (
                    says[own] != said.get(own) and before.notes[own].modified < _now() - 3600
                ):
                    assert after.notes[own] != before.notes.get(own)
            said = says
