"""Who covers a rule, and who is nearest to it: a few people to verify, renew or train, not everybody in red."""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import day_of
from service.capability.comparison import Comparison, Criterion
from service.capability.coverage import Covered
from service.capability.gaps import CLAIMED, Line, gap
from service.capability.levels import history, lapse, levels, met_throughout
from service.capability.targets import Ask, Resolved, listed
from service.domain.policy import Cause, FitPolicy

CAUSES: Final = (Cause.MET, Cause.EXPIRING, Cause.UNVERIFIED, Cause.EXPIRED, Cause.BELOW_LEVEL, Cause.MISSING)
"""Causes in the order of the law; a rule asks for the skill itself, so that what stands in for it is MISSING."""

_MISSING: Final = CAUSES.index(Cause.MISSING)
_MOST_LEVELS: Final = 100


class Nearest(NamedTuple):
    """The people of a rule who cover it, or hold something towards it: the nearest first, then by id."""

    person: NDArray[np.int32]
    cause: NDArray[np.int8]
    """Place among ``CAUSES``."""
    place: NDArray[np.int64]
    """Grows with the distance from covering; equal ones are in the order of their ids."""

    def by_cause(self, people: int) -> dict[Cause, int]:
        """How many of *people* there are for each cause."""
        counts = np.bincount(self.cause, minlength=len(CAUSES)).tolist()
        counts[_MISSING] = people - len(self.person)
        return dict(zip(CAUSES, counts, strict=True))


@dataclass(frozen=True, kw_only=True)
class Person:
    """One person of a rule, with what the skill asks against what is held."""

    person_id: str
    place: int
    is_covering: bool
    """MET on every day asked, and of the rule on all of them."""
    line: Line
    """From the first to the last day on which the person is of the rule."""
    joins_on: date | None
    """The first of these days, when it is not the first asked."""
    leaves_on: date | None
    """The day after the last of them, when another day is asked."""


def nearest(found: Covered) -> Nearest:
    """Who covers a rule and who nearly does: later causes are written first, so that the first that holds stays."""
    snapshot, rule, window, known, floor = found.snapshot, found.rule, found.window, found.known, found.floor
    rows = snapshot.block(rule.skill_id).counting
    level = levels(snapshot, rule.skill_id, window.first, known=known, floor=floor)
    cause = np.full(snapshot.size, _MISSING, np.int8)
    cause[level >= 1] = CAUSES.index(Cause.BELOW_LEVEL)
    cause[_expired(found)] = CAUSES.index(Cause.EXPIRED)
    if floor > CLAIMED:
        claimed = met_throughout(rows, rule.level, window, known=known, floor=CLAIMED)
        cause[claimed] = CAUSES.index(Cause.UNVERIFIED)
    cause[level >= rule.level] = CAUSES.index(Cause.EXPIRING)
    cause[met_throughout(rows, rule.level, window, known=known, floor=floor)] = CAUSES.index(Cause.MET)
    belongs = found.members.mask(snapshot.size)
    is_there = found.members.throughout(window, snapshot.size)
    for person in np.intersect1d(np.flatnonzero(belongs & ~is_there), rows.person).tolist():
        its = _line(found, person).cause
        cause[person] = CAUSES.index(its)
    person = np.flatnonzero(belongs & (cause != _MISSING))
    is_below = cause[person] == CAUSES.index(Cause.BELOW_LEVEL)
    shortfall = np.where(is_below, np.maximum(rule.level - level[person], 0), 0)
    place = (cause[person] * 2 + ~is_there[person]).astype(np.int64) * _MOST_LEVELS + shortfall
    order = np.lexsort((snapshot.people.order(snapshot.size)[person], place))
    return Nearest(person[order].astype(np.int32), cause[person[order]], place[order])


def _expired(found: Covered) -> list[int]:
    """The person rows whose level was enough before the window, and lapsed by its own date."""
    snapshot, rule, window, known = found.snapshot, found.rule, found.window, found.known
    rows = snapshot.block(rule.skill_id).counting
    ended = (rows.recorded <= known) & (rows.retracted > known) & (rows.trust >= found.floor)
    ended &= (
        rows.lapses
        & (rows.until <= window.first)
        & (rows.level >= rule.level)
        & found.members.mask(snapshot.size)[rows.person]
    )
    people = np.unique(rows.person[ended]).tolist()
    histories = ((each, history(snapshot, each, rule.skill_id, known)) for each in people)
    return [each for each, held in histories if lapse(held, rule.level, found.floor, window.first) is not None]


def _person(found: Covered, person: int, place: int) -> Person:
    days, window = found.members.days(person), found.window
    is_throughout = bool(found.members.throughout(window, found.snapshot.size)[person])
    line = _line(found, person)
    return Person(
        person_id=found.snapshot.people.ids[person],
        place=place,
        is_covering=line.cause is Cause.MET and is_throughout,
        line=line,
        joins_on=day_of(days.first) if days.first > window.first else None,
        leaves_on=day_of(days.until) if days.until < window.until else None,
    )


def _line(found: Covered, person: int) -> Line:
    """What the rule asks against one person, from the first to the last day of being of the rule."""
    snapshot, rule, known = found.snapshot, found.rule, found.known
    days = found.members.days(person)
    required = listed(snapshot, [Ask(skill_id=rule.skill_id, level=rule.level)], found.floor, known)
    criteria = tuple(Criterion(each, [], {}) for each in required)
    asked = Comparison(snapshot, Resolved(required, days, known), FitPolicy(), criteria)
    return gap(asked, snapshot.people.ids[person]).lines[0]


def page(found: Covered, ranked: Nearest, after: tuple[int, str] | None, first: int) -> list[Person]:
    """The *first* of the *ranked* after a place and id."""
    start = 0
    if after is not None:
        ids = found.snapshot.people.ids
        start = int(np.searchsorted(ranked.place, after[0]))
        until = int(np.searchsorted(ranked.place, after[0], side="right"))
        while start < until and ids[int(ranked.person[start])] <= after[1]:
            start += 1
    rows = range(start, min(start + first, len(ranked.person)))
    return [_person(found, int(ranked.person[row]), int(ranked.place[row])) for row in rows]
