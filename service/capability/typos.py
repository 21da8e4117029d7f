"""Typing errors: the known words that an unknown one may stand for, and how alike two wordings are."""

from collections.abc import Iterable, Sequence
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from service.capability.stems import stem

MOST_REPAIRS: Final = 8
"""Known words that one unknown word may stand for."""

LEAST_ALIKE: Final = 0.6
"""Words less alike than this are different words."""

SAME_STEM: Final = 0.98
"""How alike two inflections of a word are."""

OWN_SHARE: Final = 0.6
"""What a label earns whose words hold all that was asked, however much else it says."""


def most_errors(word: str) -> int:
    """How many letters of a word may be wrong: none of one or two, one of up to five, two of more."""
    return 0 if len(word) <= 2 else 1 if len(word) <= 5 else 2  # noqa: PLR2004  # the rule itself


def repairs(word: str, known: Sequence[str]) -> list[str]:
    """The *known* words that differ from *word* by few letters, the nearest first, then by the alphabet.

    A letter left out, added, replaced, or changed with its neighbour counts one.
    """
    found = extract(word, known, scorer=OSA.distance, score_cutoff=most_errors(word), limit=None)
    nearest = sorted((distance, each) for each, distance, _ in found if distance)
    return [each for _, each in nearest[:MOST_REPAIRS]]


class Likeness:
    """How much of what was asked a label says, and how little else: 0 to 1, whatever the order of the words.

    The likeness is a * (0.6 + 0.4 * b), a the share of the asked letters that the label's words hold,
    b the share of the label's letters that the asked words hold; a word with a typing error counts in part.
    """

    def __init__(self, asked: Sequence[str]) -> None:
        self._asked = asked
        self._alike: dict[str, list[float]] = {}

    def of(self, words: Sequence[str]) -> float:
        """The likeness of a label with these *words*."""
        if not words or not self._asked:
            return 0.0
        columns = [self._to_asked(word) for word in words]
        asked = _covered(self._asked, map(max, zip(*columns, strict=True)))
        held = _covered(words, map(max, columns))
        return asked * (OWN_SHARE + (1 - OWN_SHARE) * held)

    def is_repaired(self, words: Sequence[str]) -> bool:
        """Whether a label with these *words* is like what was asked only because a typing error was put right."""
        best = map(max, zip(*map(self._to_asked, words), strict=True))
        return any(0 < share < SAME_STEM for share in best)

    def _to_asked(self, word: str) -> list[float]:
        if word not in self._alike:
            self._alike[word] = [_alike(word, each) for each in self._asked]
        return self._alike[word]


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if stem(one) == stem(other):
        return SAME_STEM
    if OSA.distance(one, other, score_cutoff=most_errors(other)) > most_errors(other):
        return 0.0
    return float(OSA.normalized_similarity(one, other, score_cutoff=LEAST_ALIKE))


def _covered(words: Sequence[str], shares: Iterable[float]) -> float:
    letters = list(map(len, words))
    return sum(size * share for size, share in zip(letters, shares, strict=True)) / sum(letters)
