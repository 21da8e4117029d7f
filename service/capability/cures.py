"""What would close one open requirement of a group: whom to verify or renew, which course, who there is elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.capability.causes import CODES
from service.capability.columns import FTE_UNITS
from service.capability.comparison import Comparison, Criterion
from service.capability.fit import HIGHEST
from service.capability.freedom import freedom
from service.capability.gaps import CLAIMED, MOST_COURSES, Line, leading, line_of
from service.capability.group_gaps import GroupGap, Mask
from service.capability.levels import levels
from service.capability.ranking import held_throughout
from service.capability.states import CourseState
from service.domain.policy import Cause

MOST_PEOPLE: Final = 5
"""People named for each cure; the others are counted."""

RENEWABLE: Final = (Cause.EXPIRED, Cause.EXPIRING)
TAUGHT: Final = (Cause.BELOW_LEVEL, Cause.SUBSTITUTED, Cause.MISSING)


@dataclass(frozen=True, kw_only=True)
class OfPerson:
    """One person, and what the requirement asks of that person."""

    person_id: str
    line: Line


@dataclass(frozen=True, kw_only=True)
class Teaching:
    """A course, and how many people of the group it would close the requirement for."""

    course: CourseState
    people: int


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """Somebody outside the group who meets the requirement."""

    person_id: str
    name: str
    free_fte: float
    """Least free FTE on the days asked; below zero when over-allocated."""


@dataclass(frozen=True, kw_only=True)
class Cures:
    """What would close a requirement for the people of a group for whom it is open."""

    verify: int
    """How many people an assessor's decision would close it for."""
    to_verify: tuple[OfPerson, ...]
    """The first of them, by id."""
    renew: int
    to_renew: tuple[OfPerson, ...]
    courses: tuple[Teaching, ...]
    """The cheapest first."""
    without_course: int
    """How many people need to learn it and have no course that leads there."""
    elsewhere: tuple[Elsewhere, ...]
    """The freest first, then by id."""


def cures(gap: GroupGap, at: int) -> Cures:
    """What would close the line at a place of a group's gap."""
    asked, criterion, codes = gap.asked, gap.asked.criteria[at], gap.lines[at].codes
    unverified, lapsed, ignorant = (
        gap.people[_having(codes, each)] for each in ((Cause.UNVERIFIED,), RENEWABLE, TAUGHT)
    )
    courses, without = _teaching(asked, criterion, ignorant)
    return Cures(
        verify=len(unverified),
        to_verify=lines_of(asked, criterion, unverified[:MOST_PEOPLE].tolist()),
        renew=len(lapsed),
        to_renew=lines_of(asked, criterion, lapsed[:MOST_PEOPLE].tolist()),
        courses=courses,
        without_course=without,
        elsewhere=_elsewhere(asked, criterion, gap.outside),
    )


def rows_with(gap: GroupGap, at: int, cause: Cause | None) -> list[int]:
    """The person rows of a group with a cause on one line, or all of them, by id of the person."""
    rows = gap.people if cause is None else gap.people[_having(gap.lines[at].codes, (cause,))]
    return [int(row) for row in rows]


def lines_of(asked: Comparison, criterion: Criterion, rows: Sequence[int]) -> tuple[OfPerson, ...]:
    """The requirement against each of some people."""
    ids = asked.snapshot.people.ids
    return tuple(OfPerson(person_id=ids[row], line=line_of(asked, row, criterion)) for row in rows)


def _having(codes: NDArray[np.int8], causes: Sequence[Cause]) -> Mask:
    return np.isin(codes, [CODES[cause] for cause in causes])


def _teaching(asked: Comparison, criterion: Criterion, people: NDArray[np.intp]) -> tuple[tuple[Teaching, ...], int]:
    """The cheapest courses that close it for any of *people*, and for how many no course does."""
    required = criterion.required
    everybody = levels(asked.snapshot, required.skill_id, asked.window.first, known=asked.known, floor=CLAIMED)
    claimed = np.maximum(everybody[people], 0)
    courses, found = leading(asked, required), list[Teaching]()
    for course, least in courses:
        if count := int((claimed >= least).sum()):
            found.append(Teaching(course=course, people=count))
    lowest = min((least for _, least in courses), default=HIGHEST + 1)
    return tuple(found[:MOST_COURSES]), int((claimed < lowest).sum())


def _elsewhere(asked: Comparison, criterion: Criterion, outside: Mask) -> tuple[Elsewhere, ...]:
    """The freest of those outside the group who meet a requirement."""
    snapshot = asked.snapshot
    rows = np.flatnonzero(held_throughout(asked, criterion.required) & outside)
    if not len(rows):
        return ()
    free = freedom(asked, rows, include_soft=False).free
    best = np.lexsort((snapshot.people.order(snapshot.size)[rows], -free))[:MOST_PEOPLE]
    return tuple(
        Elsewhere(
            person_id=snapshot.people.ids[row],
            name=snapshot.person_name(row, asked.known),
            free_fte=its / FTE_UNITS,
        )
        for row, its in zip(rows[best].tolist(), free[best].tolist(), strict=True)
    )
