"""Which words carry meaning."""

from __future__ import annotations

from collections.abc import Iterable

_FUNCTION_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being between both but by can could did do
    does during each either for from had has have he her him his how if in into is it its itself many may more most much
    must name no nor not of off on one or other our out over own say she should so some such than that the their them
    then there these they this those through to too under until up use used uses very was we were what when where which
    while who whom whose why will with within without would you your""".split()
)


def content_words(words: Iterable[str]) -> set[str]:
    """The words that carry meaning, unlike 'the' or 'which'."""
    return {word for word in words if word not in _FUNCTION_WORDS}
