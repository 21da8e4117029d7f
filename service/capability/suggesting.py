"""Skills that a text may ask for: names it says, and names it nearly says. Each is a proposal, never a fact."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from service.capability import wording
from service.capability.likelihood import Clues
from service.capability.near_names import near_names
from service.capability.stems import roots
from service.capability.vocabulary import Label, Vocabulary

SENTENCE_END: Final = re.compile(r"[.;:!?\n\r•|]")
MOST_CANDIDATES: Final = 5
SHORT: Final = 2
"""Names of so many letters are words as well, as Go and R."""
SURE: Final = 0.5
"""From here on a suggestion is more likely right than wrong."""


class NameKind(IntEnum):
    """How a text says a name, the closest first."""

    EXACT = 0
    INFLECTED = 1
    NEAR = 2


class Word(NamedTuple):
    """A word of a text, as ``wording.words`` writes it, and where it stands."""

    text: str
    start: int
    end: int
    written: str
    """As the text has it."""


class Candidate(NamedTuple):
    """A skill that a phrase may mean."""

    skill_id: str
    matched_label: str
    kind: NameKind
    confidence: float


class Suggestion(NamedTuple):
    """A phrase of a text, and the skills that it may mean, the surest first."""

    start: int
    end: int
    """Place of the character behind the last one."""
    candidates: tuple[Candidate, ...]
    is_unambiguous: bool
    """Whether the phrase is, letter by letter, a name of one skill and of no other."""

    @property
    def confidence(self) -> float:
        """That of the surest candidate."""
        return self.candidates[0].confidence

    def meets(self, other: "Suggestion") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


def sentences(text: str) -> Iterator[list[Word]]:
    """The words of *text*, sentence by sentence, each at its place."""
    sentence: list[Word] = []
    end = 0
    for match in wording.WORD.finditer(text):
        if sentence and SENTENCE_END.search(text, end, match.start()):
            yield sentence
            sentence = []
        end = match.end()
        written = match.group()
        sentence.extend(Word(word, match.start(), end, written) for word in wording.words(written))
    if sentence:
        yield sentence


def suggest(vocabulary: Vocabulary, text: str, language: str, least: float = SURE) -> list[Suggestion]:
    """The skills that *text* may ask for with a confidence of *least* or more, by place; none meet.

    Where several meet, the surest is kept.
    """
    kept: list[Suggestion] = []
    for sentence in sentences(text):
        found = [*said(vocabulary, sentence, language), *nearly_said(vocabulary, sentence, language)]
        for each in sorted(found, key=lambda each: (-each.confidence, each.start - each.end, each.start)):
            place = bisect_left(kept, each.start, key=lambda other: other.start)
            is_free = not any(each.meets(other) for other in kept[max(0, place - 1) : place + 1])
            if each.confidence >= least and is_free:
                kept.insert(place, each)
    return kept


def exact_only(vocabulary: Vocabulary, text: str, language: str) -> list[Suggestion]:
    """The suggestions that are names letter by letter, the longest first: what others are measured against."""
    found = (each for sentence in sentences(text) for each in said(vocabulary, sentence, language))
    return [each for each in found if each.candidates[0].kind is NameKind.EXACT]


def said(vocabulary: Vocabulary, sentence: Sequence[Word], language: str) -> Iterator[Suggestion]:
    """The names that a sentence says, inflected or not; the longest one from each place on."""
    first = 0
    while first < len(sentence):
        longest = min(vocabulary.index.longest, len(sentence) - first)
        for size in range(longest, 0, -1):
            part = sentence[first : first + size]
            words = [word.text for word in part]
            labels = list(filter(_may_mean(vocabulary, words, language), vocabulary.exactly(words)))
            if labels:
                yield _of_labels(vocabulary, labels, part, language, is_start=first == 0)
                first += size - 1
                break
        first += 1


def nearly_said(vocabulary: Vocabulary, sentence: Sequence[Word], language: str) -> Iterator[Suggestion]:
    """The names that a sentence nearly says, each with what else the same words nearly say."""
    words = [word.text for word in sentence]
    found = near_names(vocabulary, words, lambda label, part: _may_mean(vocabulary, part, language)(label))
    by_place: dict[tuple[int, int], list[Candidate]] = {}
    for near in found:
        candidate = Candidate(near.label.id, near.label.text, NameKind.NEAR, near.clues.confidence)
        by_place.setdefault((near.first, near.last), []).append(candidate)
    for (first, last), candidates in by_place.items():
        place = sentence[first].start, sentence[last].end
        yield Suggestion(*place, tuple(candidates[:MOST_CANDIDATES]), is_unambiguous=False)


def _may_mean(vocabulary: Vocabulary, words: Sequence[str], language: str) -> Callable[[Label], bool]:
    """Whether a label may be suggested for *words*: in use, in the language, and not rejected for them."""
    answered = vocabulary.answered(language, words)

    def is_wanted(label: Label) -> bool:
        named = vocabulary.things[label.id]
        is_in_use = not named.is_group and not named.is_deprecated
        return is_in_use and label.language in {None, language} and answered.get(label.id, True)

    return is_wanted


def _is_as_written(label: Label, part: Sequence[Word]) -> bool:
    """Whether *part* says the label letter by letter; of a name of one or two letters the case counts too."""
    if wording.words(label.text) != [word.text for word in part]:
        return False
    (word, *others) = part
    return bool(others) or len(word.text) > SHORT or word.written == label.text


def _is_capital(label: str, part: Sequence[Word], *, is_start: bool) -> bool:
    """Whether *part* has the capitals or digits of the label: what is a name, as SQL, k8s or Postgres.

    A sentence begins with a capital anyway.
    """
    telling = label[1:] if is_start else label
    is_name = telling != telling.lower() or any(map(str.isdigit, label))
    return is_name and [label] == [word.written for word in part]


def _of_labels(
    vocabulary: Vocabulary, labels: Iterable[Label], part: Sequence[Word], language: str, *, is_start: bool
) -> Suggestion:
    words = [word.text for word in part]
    best: dict[str, tuple[NameKind, bool, str, str]] = {}
    for label in labels:
        kind = NameKind.EXACT if _is_as_written(label, part) else NameKind.INFLECTED
        rank = (kind, label.language is not None, label.id, label.text)
        best[label.id] = min(best.get(label.id, rank), rank)
    ranks = sorted(best.values())
    exact = [rank for rank in ranks if rank[0] is NameKind.EXACT]
    telling = sorted(roots(words))
    answered = vocabulary.answered(language, words)
    accepted = sum(answered.get(rank[2], False) for rank in ranks)
    candidates = [
        Candidate(
            id_,
            text,
            kind,
            1 / accepted
            if answered.get(id_)
            else Clues(
                share=1.0,
                density=1.0,
                rarity=sum(map(vocabulary.rarity, telling)),
                words=len(telling),
                is_preferred=not is_other or _is_capital(text, part, is_start=is_start),
                is_as_written=kind is NameKind.EXACT,
                rivals=len(ranks),
            ).confidence,
        )
        for kind, is_other, id_, text in ranks[:MOST_CANDIDATES]
    ]
    candidates.sort(key=lambda each: -each.confidence)
    return Suggestion(part[0].start, part[-1].end, tuple(candidates), is_unambiguous=len(exact) == 1)
