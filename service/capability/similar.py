"""Who is like a person, by what both hold; and who knows a skill best.

Likeness is the weighted Jaccard measure (Ruzicka): each skill weighs level / levels of its scale * confidence, and
what two people have in common, the lesser weight of each skill, is divided by what either has, the greater weight.
Weights are whole millionths, so that equal likeness is equal and a page can begin behind it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import day_number, day_of
from service.capability.index import Snapshot
from service.capability.levels import history, standing, winner
from service.capability.targets import POINTS
from service.domain.policy import LEVEL_RULE
from service.domain.proof import TRUSTS, Trust

MOST_SHARED: Final = 10
"""Skills that explain a likeness."""


@dataclass(frozen=True, kw_only=True)
class At:
    """Days, changes and trust that an answer about levels rests on."""

    snapshot: Snapshot
    day: int
    known: int
    floor: int

    @classmethod
    def of(cls, snapshot: Snapshot, day: date, known: int, min_trust: Trust | None) -> "At":
        """The same from what a question says."""
        floor = Trust.CLAIMED if min_trust is None else min_trust
        return cls(snapshot=snapshot, day=day_number(day), known=min(known, snapshot.seq), floor=floor.rank)

    @property
    def date(self) -> date:
        """The day as a date."""
        return day_of(self.day)

    def in_service(self, unit_id: str | None) -> NDArray[np.bool_]:
        """Who is in service on the day, and in the unit where one is asked."""
        found = self.snapshot.service(self.known).on(self.day)
        return found if unit_id is None else found & self.snapshot.in_unit(unit_id, self.known)


class Shared(NamedTuple):
    """A skill that two people hold."""

    skill_id: str
    own_level: int
    level: int
    """Of the other."""
    weight: int
    """What it adds to what they have in common, in millionths of one skill held in full."""


@dataclass(frozen=True, kw_only=True)
class Similar:
    """A person who holds something that the person asked about holds."""

    person_id: str
    name: str
    likeness: int
    """In millionths; a million: the same skills at the same weights."""
    shared: tuple[Shared, ...]
    """What they have in common most."""
    shared_skills: int
    """How many skills both hold."""


class Page(NamedTuple):
    """A page of people like a person."""

    total: int
    rows: tuple[Similar, ...]
    has_more: bool


def similar_people(at: At, person_id: str, *, unit_id: str | None, first: int, after: tuple[int, str] | None) -> Page:
    """The *first* people after a likeness and id who are most like a person, the most alike first."""
    snapshot = at.snapshot
    own = snapshot.person_row(person_id, at.known)
    common, whole = np.zeros(snapshot.size, np.int64), np.zeros(snapshot.size, np.int64)
    shared: dict[str, tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int8], int]] = {}
    for skill_id, person, weight, level in _weights(at):
        whole[person] += weight
        place = int(person.searchsorted(own))
        if place < len(person) and person[place] == own:
            lesser = np.minimum(weight, weight[place])
            common[person] += lesser
            shared[skill_id] = person, lesser, level, int(level[place])
    likeness = common * POINTS // np.maximum(whole + whole[own] - common, 1)
    found = at.in_service(unit_id) & (common > 0)
    found[own] = False
    people = np.flatnonzero(found)
    order = np.lexsort((snapshot.people.order(snapshot.size)[people], -likeness[people]))
    people = people[order]
    start = 0 if after is None else _start(snapshot, people, likeness, after)
    shown = people[start : start + first].tolist()
    rows = tuple(_similar(at, shared, row, int(likeness[row])) for row in shown)
    return Page(len(people), rows, start + first < len(people))


def _weights(at: At) -> Iterator[tuple[str, NDArray[np.int32], NDArray[np.int64], NDArray[np.int8]]]:
    """For each skill the people who hold it, ascending, with its weight and level."""
    snapshot = at.snapshot
    confidence = np.array(snapshot.policy(at.day, at.known).confidence)
    for skill_id, block in snapshot.assertions.blocks.items():
        held = standing(block, at.day, known=at.known, floor=at.floor)
        is_held = held.level >= 1
        if is_held.any():
            top = snapshot.level_count(skill_id, at.known) or 1
            level = held.level[is_held]
            share = np.minimum(level / top, 1.0) * confidence[held.trust[is_held]]
            yield skill_id, held.person[is_held], np.rint(share * POINTS).astype(np.int64), level


def _start(snapshot: Snapshot, people: NDArray[np.intp], likeness: NDArray[np.int64], after: tuple[int, str]) -> int:
    """How many of the *people*, in order, are at or before a place."""
    than, person_id = after
    ids = snapshot.people.ids
    start = int(np.searchsorted(-likeness[people], -than))
    while start < len(people) and likeness[people[start]] == than and ids[people[start]] <= person_id:
        start += 1
    return start


def _similar(
    at: At,
    shared: dict[str, tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int8], int]],
    row: int,
    likeness: int,
) -> Similar:
    both = []
    for skill_id, (person, weight, level, own_level) in shared.items():
        place = int(person.searchsorted(row))
        if place < len(person) and person[place] == row:
            both.append(Shared(skill_id, own_level, int(level[place]), int(weight[place])))
    both.sort(key=lambda each: (-each.weight, each.skill_id))
    return Similar(
        person_id=at.snapshot.people.ids[row],
        name=at.snapshot.person_name(row, at.known),
        likeness=likeness,
        shared=tuple(both[:MOST_SHARED]),
        shared_skills=len(both),
    )


@dataclass(frozen=True, kw_only=True)
class Expert:
    """Somebody who holds a skill."""

    person_id: str
    name: str
    level: int
    trust: Trust
    used_on: date
    """Last use; the day it was asserted where none is known."""
    assertion_id: str
    evidence: int
    """Pieces of evidence in force for the assertion."""

    @property
    def place(self) -> tuple[int, int, int, str]:
        """Where the next page begins after this one."""
        return self.trust.rank, self.level, day_number(self.used_on), self.person_id


@dataclass(frozen=True, kw_only=True)
class Experts:
    """A page of those who know a skill best."""

    total: int
    rows: tuple[Expert, ...]
    has_more: bool
    level_rule: str = LEVEL_RULE


def experts(
    at: At,
    skill_id: str,
    *,
    min_level: int,
    unit_id: str | None,
    first: int,
    after: tuple[int, int, int, str] | None,
) -> Experts:
    """The *first* people after a place who hold a skill: by trust, then level, then last use, then id."""
    snapshot = at.snapshot
    held = standing(snapshot.block(snapshot.skill(skill_id, at.known).id), at.day, known=at.known, floor=at.floor)
    rows = np.flatnonzero((held.level >= min_level) & at.in_service(unit_id)[held.person])
    ids = snapshot.people.order(snapshot.size)[held.person[rows]]
    rows = rows[np.lexsort((ids, -held.used[rows], -held.level[rows], -held.trust[rows]))]
    start = 0
    if after is not None:
        keys = zip(
            (-held.trust[rows]).tolist(),
            (-held.level[rows]).tolist(),
            (-held.used[rows].astype(np.int64)).tolist(),
            (snapshot.people.ids[row] for row in held.person[rows].tolist()),
            strict=True,
        )
        trust, level, used, person_id = after
        start = sum(key <= (-trust, -level, -used, person_id) for key in keys)
    shown = held.person[rows[start : start + first]].tolist()
    found = tuple(_expert(at, skill_id, row) for row in shown)
    return Experts(total=len(rows), rows=found, has_more=start + first < len(rows))


def _expert(at: At, skill_id: str, row: int) -> Expert:
    snapshot = at.snapshot
    won = winner(history(snapshot, row, skill_id, at.known), at.day, at.floor)
    assert won is not None, "who stands in a skill has a level in it"  # noqa: S101  # both read the same rows
    assertion_id = snapshot.assertion_id(won.reference)
    evidence = [
        each
        for each in snapshot.tables.evidence_by_assertion.known(assertion_id, at.known)
        if not each.is_negative and each.issued_on <= at.day < each.expires_on
    ]
    return Expert(
        person_id=snapshot.people.ids[row],
        name=snapshot.person_name(row, at.known),
        level=won.level,
        trust=TRUSTS[won.trust],
        used_on=day_of(won.used),
        assertion_id=assertion_id,
        evidence=len(evidence),
    )
