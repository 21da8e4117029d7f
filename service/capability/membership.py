"""Who belongs to a coverage rule, and on which days: in service, and of its unit, project or role."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.booked import bookings_to, of_project
from service.capability.columns import ALWAYS
from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.qualification import Stretches
from service.capability.states import CoverageState

_DAY_BITS = 33
"""Enough for a day and for the end of what never ends."""


class Members(NamedTuple):
    """Days of a window on which people belong to something, by person and first day; no two of a person touch."""

    person: NDArray[np.int64]
    first: NDArray[np.int32]
    until: NDArray[np.int32]

    def mask(self, size: int) -> NDArray[np.bool_]:
        """Which of *size* person rows belong on some day."""
        found = np.zeros(size, np.bool_)
        found[self.person] = True
        return found

    def throughout(self, window: Window, size: int) -> NDArray[np.bool_]:
        """Which of them belong on every day of the window."""
        found = np.zeros(size, np.bool_)
        found[self.person[(self.first <= window.first) & (self.until >= window.until)]] = True
        return found

    def days(self, person: int) -> Window:
        """The days of one who belongs, from the first to the last."""
        place = slice(*np.searchsorted(self.person, (person, person + 1)).tolist())
        return Window(int(self.first[place].min()), int(self.until[place].max()))

    def within(self, stretches: Stretches) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """First day and end of what each of the *stretches* shares with each of its person's days here."""
        begin = np.searchsorted(self.person, stretches.person)
        count = np.searchsorted(self.person, stretches.person, side="right") - begin
        which = np.repeat(np.arange(len(count)), count)
        row = np.repeat(begin - (np.cumsum(count) - count), count) + np.arange(count.sum())
        first = np.maximum(stretches.first[which], self.first[row])
        until = np.minimum(stretches.until[which], self.until[row])
        is_shared = first < until
        return first[is_shared], until[is_shared]


def members(snapshot: Snapshot, rule: CoverageState, window: Window, known: int) -> Members:
    """The people of a rule on the days of a window: booked HARD to its project, of its unit, or of its role."""
    service = snapshot.service(known)
    if rule.project_id is not None:
        seats = of_project(snapshot, rule.project_id, known)
        bookings = bookings_to(snapshot, seats, *window, known, include_soft=False)
        person, first, until = _together(bookings.person, bookings.first, bookings.until)
    else:
        role = snapshot.roles.rows.get(rule.role_id or "")
        belongs = belonging(snapshot, rule.unit_id, known) if rule.unit_id else service.holding(role)
        person = np.flatnonzero(belongs & service.exists)
        first, until = service.first[person], service.until[person]
    first = np.maximum(np.maximum(first, service.first[person]), window.first).astype(np.int32)
    until = np.minimum(np.minimum(until, service.until[person]), window.until).astype(np.int32)
    is_there = service.exists[person] & (first < until)
    return Members(person[is_there], first[is_there], until[is_there])


def belonging(snapshot: Snapshot, unit_id: str, known: int) -> NDArray[np.bool_]:
    """Which person rows belong to a unit or to one under it, by their unit or by the site where they work."""
    subtree = snapshot.subtree(unit_id, known)
    rows = [row for each in subtree if (row := snapshot.units.rows.get(each)) is not None]
    service = snapshot.service(known)
    return np.isin(service.unit, rows) | np.isin(service.site, rows)


def _together(
    person: NDArray[np.int32], first: NDArray[np.int32], until: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Days of people put in order, those of one person that overlap or touch as one."""
    order = np.lexsort((first, person))
    whose, first, until = person[order].astype(np.int64), first[order], until[order]
    reached = np.maximum.accumulate((whose << _DAY_BITS) + (until.astype(np.int64) - ALWAYS))
    begins = np.ones(len(whose), np.bool_)
    begins[1:] = ((whose << _DAY_BITS) + (first.astype(np.int64) - ALWAYS))[1:] > reached[:-1]
    starts = np.flatnonzero(begins)
    ends: NDArray[np.int32] = np.maximum.reduceat(until, starts) if len(starts) else until
    return whose[starts], first[starts], ends
