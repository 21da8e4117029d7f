"""Names that a sentence nearly says: those that share its rarest words, close together."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from service.capability.likelihood import Clues
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

    clues: Clues
    label: Label
    first: int
    last: int
    """Places of the first and the last word in the sentence."""


class Sentence:
    """What the words of a sentence have in common with names: their roots, and where each stands."""

    def __init__(self, vocabulary: Vocabulary, words: Sequence[str]) -> None:
        self.roots = [None if word in STOP_WORDS else root(word) for word in words]
        self.places: dict[str, list[int]] = {}
        self._counted = [0]
        """How many words, beside stop words, stand before each place."""
        for place, each in enumerate(self.roots):
            if each is not None:
                self.places.setdefault(each, []).append(place)
            self._counted.append(self._counted[-1] + (each is not None))
        self.rarity = {each: vocabulary.rarity(each) for each in self.places}
        self._spans: dict[frozenset[str], tuple[int, int]] = {}

    def span(self, shared: frozenset[str]) -> tuple[int, int]:
        """The narrowest part with all roots *shared*; looked for once, whatever number of names share them."""
        if shared not in self._spans:
            self._spans[shared] = narrowest([self.places[each] for each in shared])
        return self._spans[shared]

    def count(self, first: int, last: int) -> int:
        """How many words from *first* to *last* are no stop words."""
        return self._counted[last + 1] - self._counted[first]


def narrowest(places: Sequence[Sequence[int]]) -> tuple[int, int]:
    """The narrowest span, the first of such, that has one of each of *places*, which ascend and share none."""
    marked = sorted((at, kind) for kind, each in enumerate(places) for at in each)
    inside = [0] * len(places)
    missing, start = len(places), 0
    best = (marked[0][0], marked[-1][0])
    for last, kind in marked:
        missing -= inside[kind] == 0
        inside[kind] += 1
        while not missing:
            first, leaving = marked[start]
            if last - first < best[1] - best[0]:
                best = (first, last)
            start += 1
            inside[leaving] -= 1
            missing += inside[leaving] == 0
    return best


def near_names(
    vocabulary: Vocabulary,
    words: Sequence[str],
    is_wanted: Callable[[Label, Sequence[str]], bool],
) -> list[Near]:
    """The best name of each skill near the *words* of a sentence, the surest first.

    *is_wanted* is asked of a label and the words that nearly say it.
    """
    sentence = Sentence(vocabulary, words)
    telling = (each for each, how_rare in sentence.rarity.items() if how_rare >= TELLING)
    best: dict[str, Near] = {}
    for place in {place for each in telling for place in vocabulary.index.by_root.get(each, ())}:
        near = _near(vocabulary, place, sentence)
        if near is not None and (near.label.id not in best or _order(near) < _order(best[near.label.id])):
            is_current = any(True for _ in vocabulary.current((place,)))
            if is_current and is_wanted(near.label, words[near.first : near.last + 1]):
                best[near.label.id] = near
    return sorted(best.values(), key=_order)


def _order(near: Near) -> tuple[float, bool, str, str]:
    return -near.clues.confidence, near.label.language is not None, near.label.id, near.label.text


def _near(vocabulary: Vocabulary, place: int, sentence: Sentence) -> Near | None:
    asked, rarity = vocabulary.index.label_roots[place], sentence.rarity
    shared = frozenset(each for each in asked if each in rarity)
    if len(shared) < LEAST_ROOTS:
        return None
    said = sum(rarity[each] for each in sorted(shared))
    whole = said + sum(map(vocabulary.rarity, sorted(asked - shared)))
    if said < LEAST_SHARED * whole:
        return None
    first, last = sentence.span(shared)
    if sentence.count(first, last) > len(shared) + WIDEST:
        return None
    around = sum(
        rarity[each] for each in sorted({each for each in sentence.roots[first : last + 1] if each is not None})
    )
    label = vocabulary.index.labels[place]
    clues = Clues(
        share=said / whole,
        density=said / around,
        rarity=said,
        words=len(shared),
        is_preferred=label.language is None,
        is_as_written=False,
        rivals=1,
    )
    return Near(clues, label, first, last)
