"""Search by name: hits ranked among the things that the full-text index put on the short list."""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from service.capability import wording
from service.capability.typos import Likeness, repairs
from service.capability.vocabulary import Vocabulary

LEAST_LIKENESS: Final = 0.3
"""Less alike than this is no hit."""

CONVINCING: Final = 0.85
"""With a hit as alike as this, known words are not taken for typing errors."""


MOST_INEXACT: Final = 0.999_999
"""The likeness of a label that has all the words asked, but in another order or form."""


class MatchKind(IntEnum):
    """How a label was found, the best first."""

    EXACT = 0
    ALTERNATIVE = 1
    WORDS = 2
    REPAIRED = 3


class Hit(NamedTuple):
    """One thing found by name."""

    id: str
    matched_label: str
    kind: MatchKind
    likeness: float

    @property
    def key(self) -> str:
        """Sorts hits: an exact label first, then another exact name, then by likeness, then by id."""
        return f"{min(self.kind, MatchKind.WORDS):d} {1 - self.likeness:.6f} {self.id}"


def unknown_repaired(vocabulary: Vocabulary, text: str) -> set[str]:
    """The words of *text*, each that no label has replaced by the known ones it may stand for."""
    words, index = set(wording.words(text)), vocabulary.index
    known = words & index.known_words
    return known.union(*(repairs(word, index.words) for word in words - known))


def all_repaired(vocabulary: Vocabulary, text: str) -> set[str]:
    """The words of *text* and the known ones they may stand for: a known word may be a typing error too."""
    words = set(wording.words(text))
    return (words & vocabulary.index.known_words).union(*(repairs(word, vocabulary.index.words) for word in words))


def exact_ids(vocabulary: Vocabulary, text: str) -> set[str]:
    """The things that have *text* as a name, inflected or not."""
    return {label.id for label in vocabulary.exactly(wording.words(text))}


def ranked(vocabulary: Vocabulary, text: str, ids: Iterable[str], language: str | None = None) -> list[Hit]:
    """The things among *ids* with names like *text*, the best first; of *language*, where one is given."""
    asked = wording.words(text)
    likeness = Likeness(asked)
    hits = [_hit(vocabulary, id_, asked, likeness, language) for id_ in ids if id_ in vocabulary.things]
    return sorted((hit for hit in hits if hit.likeness >= LEAST_LIKENESS), key=lambda hit: hit.key)


def _hit(vocabulary: Vocabulary, id_: str, asked: Sequence[str], likeness: Likeness, language: str | None) -> Hit:
    index = vocabulary.index
    places = [each for each in vocabulary.places[id_] if language in {None, index.labels[each].language or language}]
    for place in places:
        if index.label_words[place] == asked:
            label = index.labels[place]
            return Hit(id_, label.text, MatchKind.ALTERNATIVE if label.language else MatchKind.EXACT, 1.0)
    best = max(places, key=lambda place: likeness.of(index.label_words[place]))
    words = index.label_words[best]
    kind = MatchKind.REPAIRED if likeness.is_repaired(words) else MatchKind.WORDS
    return Hit(id_, index.labels[best].text, kind, min(likeness.of(words), MOST_INEXACT))


def is_convincing(hits: Sequence[Hit]) -> bool:
    """Whether the first hit leaves no doubt that the words were meant as typed."""
    return bool(hits) and hits[0].likeness >= CONVINCING
