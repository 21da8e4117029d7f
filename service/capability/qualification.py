"""Who meets a set of needs on every day of a month, for many months at little more than the cost of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, reduce
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import ALWAYS, NEVER
from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.rows import Rows
from service.capability.targets import Resolved
from service.capability.waivers import waivers
from service.domain.proof import Trust

_DAY_BITS: Final = 32


@dataclass(frozen=True, kw_only=True, order=True)
class Need:
    """A mandatory requirement as capacity sees it."""

    skill_id: str
    level: int
    floor: Trust


class Stretches(NamedTuple):
    """Days on which a person's effective level is the same."""

    person: NDArray[np.int64]
    first: NDArray[np.int32]
    until: NDArray[np.int32]
    level: NDArray[np.int8]
    """-1: none."""


class Qualified(NamedTuple):
    """Pairs of a profile and a person who qualifies for it, by profile, then person."""

    profile: NDArray[np.int64]
    person: NDArray[np.int64]


class Qualification:
    """Who meets what at one sequence number, by level or by an unbound waiver."""

    def __init__(self, snapshot: Snapshot, known: int) -> None:
        self._snapshot = snapshot
        self._known = known
        self._stretches = cache(self._levels_of)
        self._met = cache(self._stretches_met)

    def of(self, profiles: Sequence[Sequence[Need]], month: Window, in_service: NDArray[np.bool_]) -> Qualified:
        """Who of those *in_service* meets everything in each profile throughout the month."""
        able = {need: self._throughout(need, month) for needs in profiles for need in needs}
        people = []
        for needs in profiles:
            first, *others = sorted((able[need] for need in needs), key=len) or [np.arange(in_service.size)]
            found = reduce(_in_both, others, first)
            people.append(found[in_service[found]])
        sizes = [each.size for each in people]
        return Qualified(np.repeat(np.arange(len(profiles)), sizes), np.concatenate([np.zeros(0, np.int64), *people]))

    def stretches(self, need: Need) -> Stretches:
        """Every stretch of days on which somebody meets a need by level, as long as it lasts."""
        return self._met(need)

    def _throughout(self, need: Need, month: Window) -> NDArray[np.int64]:
        """Who meets one need on every day of the month; ascending."""
        met = self._met(need)
        able = met.person[(met.first <= month.first) & (met.until >= month.until)]
        exempt = waivers(self._snapshot, need.skill_id, Resolved((), month, self._known))
        rows = [self._snapshot.people.rows.get(person_id, self._snapshot.size) for person_id in exempt]
        if exempt:
            able = np.union1d(able, np.array([row for row in rows if row < self._snapshot.size], np.int64))
        return able

    def _stretches_met(self, need: Need) -> Stretches:
        """The longest stretches in which the need is met."""
        person, first, until, level = self._stretches(need.skill_id, need.floor.rank)
        is_met = level >= need.level
        follows = np.zeros(person.size, np.bool_)
        follows[1:] = is_met[1:] & is_met[:-1] & (person[1:] == person[:-1])
        begins = np.flatnonzero(is_met & ~follows)
        ends = np.flatnonzero(is_met & ~np.append(follows[1:], np.False_))
        order = np.argsort(person[begins], kind="stable")
        begins, ends = begins[order], ends[order]
        return Stretches(person[begins], first[begins], until[ends], level[begins])

    def _levels_of(self, skill_id: str, floor: int) -> Stretches:
        """Everybody's levels in a skill, whenever."""
        rows = self._snapshot.block(skill_id).counting
        counts = (rows.recorded <= self._known) & (rows.retracted > self._known) & (rows.trust >= floor)
        return level_stretches(rows if counts.all() else rows.take(counts))


def _in_both(few: NDArray[np.int64], many: NDArray[np.int64]) -> NDArray[np.int64]:
    """What of *few* is in *many* too; both ascending."""
    if not few.size:
        return few
    places = np.minimum(np.searchsorted(many, few), many.size - 1)
    both: NDArray[np.int64] = few[many[places] == few]
    return both


def level_stretches(rows: Rows) -> Stretches:
    """The levels that *rows*, in the order of winning, give each of their people; those of one person together."""
    same = rows.person[1:] == rows.person[:-1]
    shares = np.zeros(rows.person.size, np.bool_)
    shares[1:] |= same
    shares[:-1] |= same
    if not shares.any():
        return Stretches(rows.person.astype(np.int64), rows.first, rows.until, rows.level)
    alone, several = rows.take(~shares), _contested(rows.take(shares))
    return Stretches(
        person=np.concatenate((alone.person.astype(np.int64), several.person)),
        first=np.concatenate((alone.first, several.first)),
        until=np.concatenate((alone.until, several.until)),
        level=np.concatenate((alone.level, several.level)),
    )


def _contested(rows: Rows) -> Stretches:
    """The levels of people with several rows: on each day that a row begins or ends, the last in force wins."""
    both = np.concatenate((rows.person, rows.person), dtype=np.int64)
    edges = (both << _DAY_BITS) + np.concatenate((rows.first, rows.until), dtype=np.int64) - ALWAYS
    edges.sort()
    person, day = edges >> _DAY_BITS, (edges & ((1 << _DAY_BITS) - 1)) + ALWAYS
    begin = np.searchsorted(rows.person, person)
    count = np.searchsorted(rows.person, person, side="right") - begin
    groups = np.cumsum(count) - count
    row = np.repeat(begin - groups, count) + np.arange(count.sum())
    days = np.repeat(day, count)
    won = np.maximum.reduceat(np.where((rows.first[row] <= days) & (days < rows.until[row]), row, -1), groups)
    # Nothing is in force on a person's last edge, so that the day after it does not matter.
    return Stretches(
        person,
        day.astype(np.int32),
        np.append(day[1:], NEVER).astype(np.int32),
        np.where(won < 0, np.int8(-1), rows.level[won]),
    )
