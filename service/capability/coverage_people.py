"""Who covers a rule, and who is nearest to it: a few people to verify, renew or train, not everybody in red."""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.causes import CAUSES, CODES, causes
from service.capability.columns import day_of
from service.capability.comparison import Comparison, Criterion
from service.capability.coverage import Covered
from service.capability.gaps import Line, gap
from service.capability.levels import Window, levels
from service.capability.targets import Ask, Resolved, listed
from service.domain.policy import Cause, FitPolicy

_BELOW: Final = CODES[Cause.BELOW_LEVEL]
_MISSING: Final = CODES[Cause.MISSING]
_MOST_LEVELS: Final = 100


class Nearest(NamedTuple):
    """The people of a rule who cover it, or hold something towards it: the nearest first, then by id."""

    person: NDArray[np.int32]
    cause: NDArray[np.int8]
    """The codes of their causes; a rule asks for the skill itself, so that what stands in for it is MISSING."""
    place: NDArray[np.int64]
    """Grows with the distance from covering; equal ones are in the order of their ids."""

    def by_cause(self, people: int) -> dict[Cause, int]:
        """How many of *people* there are for each cause; causes of nobody are left out."""
        counts = np.bincount(self.cause, minlength=len(CAUSES)).tolist()
        counts[_MISSING] = people - len(self.person)
        return {cause: count for cause, count in zip(CAUSES, counts, strict=True) if count}


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
    """Who covers a rule and who nearly does."""
    snapshot, rule, window = found.snapshot, found.rule, found.window
    belongs = found.members.mask(snapshot.size)
    is_there = found.members.throughout(window, snapshot.size)
    asked = _asked(found, window)
    cause = causes(asked, asked.criteria[0], belongs)
    rows = snapshot.block(rule.skill_id).counting
    for person in np.intersect1d(np.flatnonzero(belongs & ~is_there), rows.person).tolist():
        cause[person] = CODES[_line(found, person).cause]
    person = np.flatnonzero(belongs & (cause != _MISSING))
    level = levels(snapshot, rule.skill_id, window.first, known=found.known, floor=found.floor)[person]
    shortfall = np.where(cause[person] == _BELOW, np.maximum(rule.level - level, 0), 0)
    place = (cause[person] * 2 + ~is_there[person]).astype(np.int64) * _MOST_LEVELS + shortfall
    order = np.lexsort((snapshot.people.order(snapshot.size)[person], place))
    return Nearest(person[order].astype(np.int32), cause[person[order]], place[order])


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
    return gap(_asked(found, found.members.days(person)), found.snapshot.people.ids[person]).lines[0]


def _asked(found: Covered, days: Window) -> Comparison:
    """What the rule asks on some days: the skill itself, and of nobody exempt."""
    ask = Ask(skill_id=found.rule.skill_id, level=found.rule.level)
    required = listed(found.snapshot, [ask], found.floor, found.known)
    criteria = tuple(Criterion(each, [], {}) for each in required)
    return Comparison(found.snapshot, Resolved(required, days, found.known), FitPolicy(), criteria)


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
