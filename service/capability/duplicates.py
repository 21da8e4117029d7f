"""Skills that may be one under two names: candidates for a curator, never a verdict.

Labels that mean the same (see ``wording``) are found exactly. Labels that are nearly the same are found
among those that share the beginning of a word that is not too common. How alike they are is the share of
letters in common, their words in alphabetical order; but where words differ, they must be two spellings of
one: "import of goods" is not "export of goods".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple, Protocol, TypeVar

from rapidfuzz import fuzz, process

from service.capability import wording
from service.capability.columns import CURRENT
from service.capability.index import Snapshot
from service.errors import Invalid

LEAST = 0.7
"""Below it, nearly every pair with a word in common is alike."""
COMMON = 400
"""A beginning that more labels have tells nothing about them."""
STEM = 5
SPELT_ALIKE = 80
"""Least share of letters in common, in percent, between words that are two spellings of one."""


class LikenessReason(StrEnum):
    """Why two skills may be one."""

    SAME_LABEL = "SAME_LABEL"
    ALTERNATIVE_LABEL = "ALTERNATIVE_LABEL"
    SIMILAR_LABEL = "SIMILAR_LABEL"


class Labelled(Protocol):
    """A skill with its names."""

    @property
    def id(self) -> str: ...  # noqa: D102  # as in Skill
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def alternative_labels(self) -> Sequence[str]: ...  # noqa: D102


class Worded(NamedTuple):
    """A skill by the wording of its names."""

    id: str
    key: str
    other_keys: frozenset[str]


class Alike(NamedTuple):
    """A skill that may be the same as another, and how alike their labels are, 0 to 1."""

    likeness: float
    reason: LikenessReason
    skill_id: str


class Pair(NamedTuple):
    """Two skills that may be one; the first has the lesser id."""

    likeness: float
    reason: LikenessReason
    one_id: str
    other_id: str

    @property
    def place(self) -> str:
        """Where it stands in a list: the most alike first, then by ids."""
        return f"{round((1 - self.likeness) * 1_000_000):07} {self.one_id} {self.other_id}"


class Holdings(NamedTuple):
    """How much names a skill."""

    assertions: int
    requirements: int


def worded(skills: Iterable[Labelled]) -> list[Worded]:
    """*skills* by the wording of their names."""
    return [
        Worded(
            skill.id,
            wording.key(skill.name),
            frozenset({wording.key(label.rpartition("@")[0]) for label in skill.alternative_labels} - {""}),
        )
        for skill in skills
    ]


def duplicates(skills: Sequence[Worded], least: float) -> list[Pair]:
    """Every pair of *skills* whose labels are at least *least* alike, the most alike first.

    Raises Invalid for a *least* out of range.
    """
    if not LEAST <= least <= 1:
        raise Invalid(f"minLikeness {least} is not from {LEAST} to 1", path=("minLikeness",))
    found: dict[tuple[str, str], Pair] = {}
    for likeness, reason, one, other in (*_same(skills), *_similar(skills, least)):
        ids = (one, other) if one < other else (other, one)
        found.setdefault(ids, Pair(likeness, reason, *ids))
    return sorted(found.values(), key=lambda pair: pair.place)


def alike(draft: Worded, skills: Sequence[Worded], least: float, first: int) -> list[Alike]:
    """The *first* of *skills* most alike *draft*."""
    found: dict[str, Alike] = {}
    for skill in skills:
        if draft.key and draft.key == skill.key:
            found[skill.id] = Alike(1.0, LikenessReason.SAME_LABEL, skill.id)
        elif skill.key in draft.other_keys or draft.key in skill.other_keys:
            found[skill.id] = Alike(1.0, LikenessReason.ALTERNATIVE_LABEL, skill.id)
    keys = {skill.id: skill.key for skill in skills if skill.id not in found}
    for score, id_ in _spelt_alike(draft.key, keys, least):
        found[id_] = Alike(score, LikenessReason.SIMILAR_LABEL, id_)
    found.pop(draft.id, None)
    order = list(LikenessReason)
    return sorted(found.values(), key=lambda each: (-each.likeness, order.index(each.reason), each.skill_id))[:first]


def holdings(snapshot: Snapshot, skill_id: str, known: int) -> Holdings:
    """How many current assertions and requirements name a skill."""
    rows = snapshot.block(skill_id).stated
    is_known = (rows.own <= known) & (rows.retracted == CURRENT)
    return Holdings(int(is_known.sum()), len(snapshot.tables.requirements_by_skill.known(skill_id, known)))


Found = tuple[float, LikenessReason, str, str]
K = TypeVar("K")


def _same(skills: Sequence[Worded]) -> Iterator[Found]:
    """Pairs of which one's name is the other's name, or another name of it; those by name first."""
    named: dict[str, list[str]] = defaultdict(list)
    for skill in skills:
        if skill.key:
            named[skill.key].append(skill.id)
    for ids in named.values():
        for one, other in combinations(ids, 2):
            yield 1.0, LikenessReason.SAME_LABEL, one, other
    for skill in skills:
        for key in sorted(skill.other_keys & named.keys()):
            for id_ in named[key]:
                if id_ != skill.id:
                    yield 1.0, LikenessReason.ALTERNATIVE_LABEL, id_, skill.id


def _similar(skills: Sequence[Worded], least: float) -> Iterator[Found]:
    """Pairs whose names are nearly the same."""
    keys = [skill.key for skill in skills]
    blocks = _blocks(keys)
    for place, key in enumerate(keys):
        near = {other for stem in _stems(key) for other in blocks.get(stem, ()) if other > place}
        for score, other in _spelt_alike(key, {other: keys[other] for other in near}, least):
            yield score, LikenessReason.SIMILAR_LABEL, skills[place].id, skills[other].id


def _spelt_alike(key: str, others: Mapping[K, str], least: float) -> Iterator[tuple[float, K]]:
    """Those of *others* that are at least *least* alike *key*, with how much."""
    if not key:
        return
    for other, score, name in process.extract(key, others, scorer=fuzz.ratio, score_cutoff=least * 100, limit=None):
        ours, theirs = Counter(key.split()), Counter(other.split())
        extra, missing = " ".join(sorted((ours - theirs).elements())), " ".join(sorted((theirs - ours).elements()))
        if not extra or not missing or fuzz.ratio(extra, missing) >= SPELT_ALIKE:
            yield score / 100, name


def _stems(key: str) -> set[str]:
    """The beginnings of the words, so that the plural of a short word has the one that the word itself has."""
    return {(word.rstrip("s") or word)[:STEM] for word in key.split()}


def _blocks(keys: Sequence[str]) -> Mapping[str, list[int]]:
    """Places of the *keys* by the beginnings of their words: the rare ones, or of each key the rarest."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        for stem in _stems(key):
            places[stem].append(place)
    kept = {stem for stem, having in places.items() if len(having) <= COMMON}
    for key in keys:
        stems = _stems(key)
        if stems and not stems & kept:
            kept.add(min(stems, key=lambda stem: (len(places[stem]), stem)))
    return {stem: places[stem] for stem in kept}
