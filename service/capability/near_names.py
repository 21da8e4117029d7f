"""Names that a sentence nearly says: those that share its rarest words, close together."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from service.capability.evidence import Evidence
from service.capability.stems import STOP_WORDS, root
from service.capability.vocabulary import Label, Vocabulary

TELLING: Final = 3.0
"""A word rarer than this puts the names that have it on the short list."""

LEAST_SHARED: Final = 0.6
"""Least share of a name, by rarity, that the sentence must have."""

WIDEST: Final = 4
"""Words, beside stop words, that may stand between those of the name."""


LEAST_ROOTS: Final = 2
"""Words that must be shared: one alone says too little."""


class Near(NamedTuple):
    """A name and the words of a sentence that nearly say it."""

    evidence: Evidence
    label: Label
    first: int
    last: int
    """Places of the first and the last word in the sentence."""


def near_names(
    vocabulary: Vocabulary,
    words: Sequence[str],
    is_wanted: Callable[[Label, Sequence[str]], bool],
) -> list[Near]:
    """The best name of each skill near the *words* of a sentence, the surest first.

    *is_wanted* is asked of a label and the words that nearly say it.
    """
    roots = [None if word in STOP_WORDS else root(word) for word in words]
    rarity = {each: vocabulary.rarity(each) for each in roots if each is not None}
    places = {
        place
        for each, how_rare in rarity.items()
        if how_rare >= TELLING
        for place in vocabulary.index.by_root.get(each, ())
    }
    best: dict[str, Near] = {}
    for place in places:
        near = _near(vocabulary, place, roots, rarity)
        if near is not None and (near.label.id not in best or _order(near) < _order(best[near.label.id])):
            is_current = any(True for _ in vocabulary.current((place,)))
            if is_current and is_wanted(near.label, words[near.first : near.last + 1]):
                best[near.label.id] = near
    return sorted(best.values(), key=_order)


def _order(near: Near) -> tuple[float, bool, str, str]:
    return -near.evidence.confidence, near.label.language is not None, near.label.id, near.label.text


def _near(vocabulary: Vocabulary, place: int, roots: Sequence[str | None], rarity: dict[str, float]) -> Near | None:
    asked = vocabulary.index.label_roots[place]
    shared = asked & rarity.keys()
    if len(shared) < LEAST_ROOTS:
        return None
    said = sum(rarity[each] for each in sorted(shared))
    whole = said + sum(map(vocabulary.rarity, sorted(asked - shared)))
    if said < LEAST_SHARED * whole:
        return None
    first, last = _span([at for at, each in enumerate(roots) if each in shared], roots, len(shared))
    inside = [each for each in roots[first : last + 1] if each is not None]
    if len(inside) > len(shared) + WIDEST:
        return None
    around = sum(rarity[each] for each in sorted(set(inside)))
    label = vocabulary.index.labels[place]
    evidence = Evidence(
        share=said / whole,
        density=said / around,
        rarity=said,
        words=len(shared),
        is_preferred=label.language is None,
        is_as_written=False,
        rivals=1,
    )
    return Near(evidence, label, first, last)


def _span(places: Sequence[int], roots: Sequence[str | None], kinds: int) -> tuple[int, int]:
    """The narrowest part of the sentence with all *kinds* of shared roots."""
    best = (places[0], places[-1])
    for at, first in enumerate(places):
        seen: set[str | None] = set()
        for last in places[at:]:
            seen.add(roots[last])
            if len(seen) == kinds:
                best = min(best, (first, last), key=lambda span: span[1] - span[0])
                break
    return best
