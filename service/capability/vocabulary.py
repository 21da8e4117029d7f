"""The names that skills, or roles, go by: looked up by their words, and told apart by how rare these are."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from service.capability import wording
from service.capability.stems import roots, stem

LEAST_REBUILT: Final = 10_000
"""An index with more labels than this, most of them of the past, is made anew."""

ONLY_ONE: Final = math.log((1 + 13_939) / 2)
"""The rarity of a word that one of the 13,939 skills of ESCO has; any registry is put on the same scale."""

FEWEST: Final = 3
"""Smaller registries are taken to have as many things."""


class Named(NamedTuple):
    """A skill or role and all its names, as last recorded."""

    id: str
    name: str
    alternatives: tuple[str, ...]
    """Other names, each with its language: ``text@en``."""
    kind: str = ""
    is_group: bool = False
    is_deprecated: bool = False


class Label(NamedTuple):
    """One name of one thing."""

    id: str
    text: str
    language: str | None
    """None for the preferred label, which serves in every language."""


class Decision(NamedTuple):
    """What somebody said to a skill suggested for a phrase."""

    language: str
    phrase: str
    skill_id: str
    is_accepted: bool | None
    """None: it was withdrawn."""


Answers = Mapping[tuple[str, str], Mapping[str, bool]]
"""Language and ``normal`` phrase -> the skills that a person said it means, or does not mean."""


def labels_of(named: Named) -> list[Label]:
    """The preferred label first, then the others."""
    split = (each.rpartition("@") for each in named.alternatives)
    return [Label(named.id, named.name, None), *(Label(named.id, text, tag) for text, _, tag in split)]


def normal(text: str) -> str:
    """The words of *text*, in order."""
    return " ".join(wording.words(text))


def phrase(words: Iterable[str]) -> str:
    """What all inflections of *words* have in common."""
    return " ".join(map(stem, words))


class Index:
    """Labels by what they are looked up by, shared by vocabularies: labels are only added, rarities are of the last."""

    def __init__(self) -> None:
        self.labels: list[Label] = []
        self.label_words: list[list[str]] = []
        self.label_roots: list[frozenset[str]] = []
        self.by_phrase: dict[str, list[int]] = {}
        """Places in ``labels`` by the ``phrase`` of their words, ascending."""
        self.by_root: dict[str, list[int]] = {}
        """Places in ``labels`` of those with a word of that root, ascending."""
        self.words: list[str] = []
        self.known_words: set[str] = set()
        self.longest = 0
        """Most words that a label has."""
        self.things_by_root: dict[str, int] = {}
        """How many current things have a word of that root in a name."""

    def add(self, named: Named) -> range:
        """Take the labels of *named* up; their places."""
        first = len(self.labels)
        for label in labels_of(named):
            words = wording.words(label.text)
            place = len(self.labels)
            self.label_words.append(words)
            self.labels.append(label)
            self.longest = max(self.longest, len(words))
            self.by_phrase.setdefault(phrase(words), []).append(place)
            self.label_roots.append(roots(words))
            for each in self.label_roots[place]:
                self.by_root.setdefault(each, []).append(place)
            for word in words:
                if word not in self.known_words:
                    self.known_words.add(word)
                    self.words.append(word)
        places = range(first, len(self.labels))
        self._count(places, 1)
        return places

    def drop(self, places: range) -> None:
        """No longer count the thing whose labels stand at *places*."""
        self._count(places, -1)

    def _count(self, places: range, by: int) -> None:
        for each in set().union(*(self.label_roots[place] for place in places)):
            self.things_by_root[each] = self.things_by_root.get(each, 0) + by


class Vocabulary:
    """All names at one moment. It never changes: ``updated`` gives another."""

    def __init__(
        self,
        things: Mapping[str, Named] | None = None,
        places: Mapping[str, range] | None = None,
        answers: Answers | None = None,
        index: Index | None = None,
    ) -> None:
        self.things = things or {}
        self.places = places or {}
        """Where in the index the labels of each thing stand."""
        self.answers = answers or {}
        self.index = index or Index()

    def updated(
        self, named: Iterable[Named], gone: Iterable[str] = (), decisions: Iterable[Decision] = ()
    ) -> "Vocabulary":
        """The names after *named* were recorded, those with the ids *gone* retired, and *decisions* taken."""
        if len(self.index.labels) > max(LEAST_REBUILT, 2 * sum(map(len, self.places.values()))):
            return Vocabulary(answers=self.answers).updated(self.things.values()).updated(named, gone, decisions)
        things, places, answers = dict(self.things), dict(self.places), dict(self.answers)
        news = {each.id: each for each in named}
        for id_ in {*gone, *news} & things.keys():
            self.index.drop(places.pop(id_))
            del things[id_]
        for id_, each in news.items():
            things[id_] = each
            places[id_] = self.index.add(each)
        for taken in decisions:
            key = (taken.language, normal(taken.phrase))
            others = {id_: said for id_, said in answers.get(key, {}).items() if id_ != taken.skill_id}
            answers[key] = others if taken.is_accepted is None else {**others, taken.skill_id: taken.is_accepted}
        return Vocabulary(things, places, answers, self.index)

    def answered(self, language: str, words: Iterable[str]) -> Mapping[str, bool]:
        """The skills that a person said these words mean, or do not mean."""
        return self.answers.get((language, " ".join(words)), {})

    def exactly(self, words: Sequence[str]) -> Iterator[Label]:
        """The labels of these words, inflected or not."""
        return self.current(self.index.by_phrase.get(phrase(words), ()))

    def current(self, places: Iterable[int]) -> Iterator[Label]:
        """The labels at *places* that things still have."""
        for place in places:
            label = self.index.labels[place]
            if place in self.places.get(label.id, ()):
                yield label

    def rarity(self, word_root: str) -> float:
        """How much a root tells: nothing when everything has it in a name, ``ONLY_ONE`` when one thing has."""
        things = max(FEWEST, len(self.things))
        having = self.index.things_by_root.get(word_root, 0)
        return ONLY_ONE * math.log((1 + things) / (1 + having)) / math.log((1 + things) / 2)
