"""Hard filters: who is left out before anybody is ranked, one clause at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.booked import booked, of_project
from service.capability.columns import FTE_UNITS
from service.capability.comparison import Comparison
from service.capability.freedom import freedom
from service.capability.index import Snapshot
from service.capability.levels import Window, levels, met_throughout
from service.domain.people import PersonKind
from service.domain.proof import Trust
from service.errors import Invalid

Mask = NDArray[np.bool_]
"""One truth for each person row."""


class FilterKind(StrEnum):
    """What a clause of a filter looks at."""

    UNIT = "UNIT"
    KINDS = "KINDS"
    LOCATIONS = "LOCATIONS"
    MAX_COST_RATE = "MAX_COST_RATE"
    NOT_PEOPLE = "NOT_PEOPLE"
    WANTS_TO_LEARN = "WANTS_TO_LEARN"
    ALL_OF = "ALL_OF"
    NONE_OF = "NONE_OF"
    NOT_ON_PROJECT = "NOT_ON_PROJECT"
    MIN_FREE_FTE = "MIN_FREE_FTE"


FIELDS: Final = {FilterKind.UNIT: "unit_id"}
"""Fields of a filter that are not named as their kind."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """A skill at a level or above, at a trust or above."""

    skill_id: str
    level: int = 1
    min_trust: Trust | None = None


class Clause(NamedTuple):
    """One clause of a filter; *place* tells those of one kind apart."""

    kind: FilterKind
    place: int = 0


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Who may be a candidate at all; what is not given leaves nobody out."""

    unit_id: str | None = None
    kinds: tuple[PersonKind, ...] = ()
    locations: tuple[str, ...] = ()
    max_cost_rate: float | None = None
    not_people: tuple[str, ...] = ()
    wants_to_learn: str | None = None
    all_of: tuple[tuple[Held, ...], ...] = ()
    """Groups: one skill of each is held on every day of the window."""
    none_of: tuple[Held, ...] = ()
    """None of these is held on the first day of the window."""
    not_on_project: str | None = None
    min_free_fte: float | None = None
    least_trust: Trust = Trust.CLAIMED
    """The question's own; a skill may ask for more."""

    def floor(self, held: Held) -> int:
        """The least trust that counts for a skill, as a rank."""
        return max(self.least_trust.rank, held.min_trust.rank if held.min_trust else 0)

    def without(self, *clauses: Clause) -> "Filter":
        """The filter with clauses left out; their places are those of this filter."""
        changed: dict[str, Any] = {}
        for name in {FIELDS.get(each.kind, each.kind.lower()) for each in clauses}:
            values = getattr(self, name)
            left: Any = None
            if isinstance(values, tuple):
                places = {each.place for each in clauses if each.kind.lower() == name}
                is_one_of_several = name in {"all_of", "none_of"}
                left = tuple(each for at, each in enumerate(values) if is_one_of_several and at not in places)
            changed[name] = left
        return replace(self, **changed)


def check(snapshot: Snapshot, wanted: Filter, known: int) -> None:
    """NotFound for what is not known, Invalid for a level above its scale or an empty group."""
    if wanted.unit_id is not None:
        snapshot.unit(wanted.unit_id, known)
    if wanted.not_on_project is not None:
        snapshot.project(wanted.not_on_project, known)
    if wanted.wants_to_learn is not None:
        snapshot.skill(wanted.wants_to_learn, known)
    for person_id in wanted.not_people:
        snapshot.person_row(person_id, known)
    for at, group in enumerate(wanted.all_of):
        if not group:
            raise Invalid("a group of allOf names no skill, so nobody could have one", path=("filter", "allOf", at))
    for held in (*(each for group in wanted.all_of for each in group), *wanted.none_of):
        top = snapshot.level_count(snapshot.skill(held.skill_id, known).id, known)
        if held.level < 1 or (top is not None and held.level > top):
            name = snapshot.skill_name(held.skill_id, known)
            raise Invalid(f"level {held.level}: the scale of {name!r} has the levels 1 to {top}", path=("filter",))


def lasting(snapshot: Snapshot, wanted: Filter, known: int) -> Iterator[tuple[Clause, Mask]]:
    """Who passes each clause that the days asked do not matter to."""
    if wanted.unit_id is not None:
        yield Clause(FilterKind.UNIT), snapshot.in_unit(wanted.unit_id, known)
    if wanted.kinds:
        yield Clause(FilterKind.KINDS), _is_one_of(snapshot, "kind", wanted.kinds, known)
    if wanted.locations:
        yield Clause(FilterKind.LOCATIONS), _is_one_of(snapshot, "location", wanted.locations, known)
    if wanted.max_cost_rate is not None:
        rate = snapshot.registers.people["rate"][snapshot.person_rows(known)]
        yield Clause(FilterKind.MAX_COST_RATE), rate <= wanted.max_cost_rate
    if wanted.not_people:
        yield Clause(FilterKind.NOT_PEOPLE), ~_people(snapshot, wanted.not_people)
    if wanted.wants_to_learn is not None:
        yield Clause(FilterKind.WANTS_TO_LEARN), _learners(snapshot, wanted.wants_to_learn, known)


def dated(snapshot: Snapshot, wanted: Filter, window: Window, known: int) -> Iterator[tuple[Clause, Mask]]:
    """Who passes each clause about the days asked, but for the one about free FTE."""
    for place, group in enumerate(wanted.all_of):
        passes = np.zeros(snapshot.size, np.bool_)
        for held in group:
            rows = snapshot.block(held.skill_id).counting
            passes[met_throughout(rows, held.level, window, known=known, floor=wanted.floor(held))] = True
        yield Clause(FilterKind.ALL_OF, place), passes
    for place, held in enumerate(wanted.none_of):
        level = levels(snapshot, held.skill_id, window.first, known=known, floor=wanted.floor(held))
        yield Clause(FilterKind.NONE_OF, place), level < held.level
    if wanted.not_on_project is not None:
        seats = of_project(snapshot, wanted.not_on_project, known)
        yield Clause(FilterKind.NOT_ON_PROJECT), ~booked(snapshot, seats, *window, known)


def free_enough(
    asked: Comparison, wanted: Filter, people: NDArray[np.intp], *, include_soft: bool
) -> NDArray[np.bool_]:
    """Which of the *people* have the free FTE that the filter asks for."""
    if wanted.min_free_fte is None:
        return np.ones(len(people), np.bool_)
    least = round(wanted.min_free_fte * FTE_UNITS)
    return freedom(asked, people, include_soft=include_soft).free >= least


def passing(asked: Comparison, wanted: Filter, among: Mask, *, include_soft: bool) -> Mask:
    """Which of *among* pass every clause."""
    clauses = (
        *lasting(asked.snapshot, wanted, asked.known),
        *dated(asked.snapshot, wanted, asked.window, asked.known),
    )
    passes = reduce(np.bitwise_and, (mask for _, mask in clauses), among)
    if wanted.min_free_fte is not None:
        people = np.flatnonzero(passes)
        passes = np.zeros_like(passes)
        passes[people[free_enough(asked, wanted, people, include_soft=include_soft)]] = True
    return passes


def _is_one_of(snapshot: Snapshot, column: str, values: tuple[str, ...], known: int) -> Mask:
    """Whose column is one of the values; rows of people who are not known may say anything."""
    held = snapshot.registers.people[column][snapshot.person_rows(known)]
    return reduce(np.bitwise_or, ((held == str(value)).astype(np.bool_) for value in values))


def _people(snapshot: Snapshot, ids: tuple[str, ...] | set[str]) -> Mask:
    found = np.zeros(snapshot.size, np.bool_)
    rows = (snapshot.people.rows.get(each, snapshot.size) for each in ids)
    found[[row for row in rows if row < snapshot.size]] = True
    return found


def _learners(snapshot: Snapshot, skill_id: str, known: int) -> Mask:
    """Who wants to learn a skill."""
    interests = snapshot.tables.interests_by_person.all_known(known)
    return _people(
        snapshot, {each.person_id for each in interests if each.wants_to_learn and each.skill_id == skill_id}
    )
