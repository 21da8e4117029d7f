"""Facts as parallel arrays: a row is a person, a booking or an absence; days are numbers.

Day 0 is 1970-01-01. Intervals are half-open and an open end is the least or the greatest int32, so
that comparisons need no special case. FTE are whole ten-thousandths.
"""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

ALWAYS: Final = int(np.iinfo(np.int32).min)
"""First day of what has always counted."""

NEVER: Final = int(np.iinfo(np.int32).max)
"""End day of what never stops counting."""

CURRENT: Final = int(np.iinfo(np.int64).max)
"""retracted_seq of a state that was not retracted."""

FTE_UNITS: Final = 10_000
"""Whole units in one FTE."""

_EPOCH: Final = date(1970, 1, 1).toordinal()


class Service(NamedTuple):
    """One row for each person row of the snapshot, at one sequence number; zeros where not ``exists``."""

    contract: NDArray[np.int64]
    """Contracted FTE in ten-thousandths."""
    first: NDArray[np.int32]
    """First day of service."""
    until: NDArray[np.int32]
    """First day after service."""
    calendar: NDArray[np.int16]
    """Index into the snapshot's ``calendar_names``; -1: no public holidays."""
    exists: NDArray[np.bool_]
    """Whether the person is known."""
    unit: NDArray[np.int32]
    """Row of the person's unit in the snapshot's ``units``; -1: none."""
    site: NDArray[np.int32]
    """Row of the unit where the person works; -1: none."""
    role: NDArray[np.int32]
    """Row of the person's own role in the snapshot's ``roles``; -1: none."""

    def on(self, day: int) -> NDArray[np.bool_]:
        """Who is in service on a day."""
        return self.overlapping(day, day + 1)

    def overlapping(self, first: int, until: int) -> NDArray[np.bool_]:
        """Who is in service on some day from *first* to before *until*."""
        return self.exists & (self.first < until) & (self.until > first)

    def holding(self, role: int | None) -> NDArray[np.bool_]:
        """Whose own role has a row; None: the role has no row, so that nobody holds it."""
        return np.zeros_like(self.exists) if role is None else self.role == role


class Bookings(NamedTuple):
    """One row for each known allocation that is not REJECTED, in no particular order."""

    person: NDArray[np.int32]
    """Person row."""
    first: NDArray[np.int32]
    until: NDArray[np.int32]
    fte: NDArray[np.int64]
    """FTE in ten-thousandths."""
    position: NDArray[np.int32]
    """Row of the position in the snapshot's ``positions``."""
    is_hard: NDArray[np.bool_]


class Absences(NamedTuple):
    """One row for each known absence, in no particular order; absences of a person may overlap."""

    person: NDArray[np.int32]
    """Person row."""
    first: NDArray[np.int32]
    until: NDArray[np.int32]


def day_number(day: date) -> int:
    """Days from 1970-01-01 to *day*."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """The date that is *number* days after 1970-01-01."""
    return date.fromordinal(number + _EPOCH)
