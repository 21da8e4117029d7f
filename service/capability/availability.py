"""How free people are: the least free FTE and the days away over a window, for everybody at once.

Docs/decisions/0002, section Availability. Contracts, bookings and free FTE are whole ten-thousandths.
"""

import itertools
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.calendars import Calendars
from service.capability.columns import ALWAYS, FTE_UNITS, NEVER, Absences, Bookings, Service, day_number, day_of
from service.domain.people import Absence, Person
from service.domain.values import Dated
from service.domain.work import Allocation, AllocationStatus, Approval

_AWAY = 1 << 44
"""An absence in a load: more than all the FTE that anybody can be booked for."""


class Availability(NamedTuple):
    """One row for each person row, over one window."""

    free: NDArray[np.int64]
    """Least free FTE on a working day without absence, below zero when over-allocated; 0 when there is no such day."""
    away_days: NDArray[np.int32]
    """Working days with an absence."""
    working_days: NDArray[np.int32]
    """Working days of the person's calendar."""


class OverAllocation(NamedTuple):
    """A day on which a person is booked for more than the contract, in ten-thousandths of FTE."""

    day: date
    contract: int
    """0 outside service."""
    booked: int
    """FTE booked, with the booking asked about."""

    @property
    def excess(self) -> int:
        """FTE booked beyond the contract."""
        return self.booked - self.contract


class _Stretches(NamedTuple):
    """Stretches of days in which somebody is booked or away and nothing begins or ends."""

    person: NDArray[np.int64]
    days: NDArray[np.int32]
    """Working days in the stretch."""
    load: NDArray[np.int64]
    """FTE booked, plus the whole contract outside service."""
    is_away: NDArray[np.bool_]


def availability(  # noqa: PLR0913 the facts, and what is asked of them
    service: Service,
    bookings: Bookings,
    absences: Absences,
    calendars: Calendars,
    first: int,
    until: int,
    *,
    include_soft: bool = False,
    without_position: int | None = None,
) -> Availability:
    """Everybody's availability over the days ``[first, until)``, but for bookings on *without_position*."""
    before = calendars.before(first, until)
    working = before[:, -1][service.calendar]
    contract = _contract(service, first, until)
    taken = _taking(bookings, first, until, include_soft=include_soft, without_position=without_position)
    person, days, load, is_away = _stretches(service, taken, absences, before, first, until)
    away_days = np.zeros(working.size, np.int32)
    np.add.at(away_days, person[is_away], days[is_away])
    most = np.zeros(working.size, np.int64)
    is_there = ~is_away & (days > 0)
    np.maximum.at(most, person[is_there], load[is_there])
    return Availability(np.where(working > away_days, contract - most, 0), away_days, working)


def supply(
    service: Service,
    bookings: Bookings,
    absences: Absences,
    calendars: Calendars,
    buckets: Sequence[tuple[int, int]],
    *,
    include_soft: bool = False,
) -> NDArray[np.int64]:
    """Free FTE-days of everybody in each bucket of days ``[first, until)``; [bucket, person], in ten-thousandths.

    The sum of the free FTE, where above zero, over working days without absence.
    """
    total = np.zeros((len(buckets), service.contract.size), np.int64)
    for row, (first, until) in enumerate(buckets):
        before = calendars.before(first, until)
        contract = _contract(service, first, until)
        taken = _taking(bookings, first, until, include_soft=include_soft)
        person, days, load, is_away = _stretches(service, taken, absences, before, first, until)
        whole = contract[person]
        total[row] = contract * before[:, -1][service.calendar]
        np.subtract.at(total[row], person, np.where(is_away, whole, np.minimum(load, whole)) * days)
    return total


def over_allocation(
    person: Person, booking: Allocation, others: Sequence[Allocation], absences: Sequence[Absence], calendars: Calendars
) -> OverAllocation | None:
    """The first working day without absence on which *booking*, taken as HARD, books *person* beyond the contract.

    *others* and *absences* are the person's; those that are SOFT, REJECTED or earlier states of *booking* take nothing.
    None: there is no such day.
    """
    first, until = _days(booking)
    starts, ends = _days(person)
    taken = [(*_days(booking), _ten_thousandths(booking.fte))] + [
        (*_days(other), _ten_thousandths(other.fte))
        for other in others
        if other.id != booking.id and other.status is AllocationStatus.HARD and other.approval is not Approval.REJECTED
    ]
    away = [_days(absence) for absence in absences]
    changes = {day for edge in ((starts, ends), *away, *((a, b) for a, b, _ in taken)) for day in edge}
    days = sorted({first, until} | {day for day in changes if first < day < until})
    row = calendars.names.index(person.calendar or "")
    for day, end in itertools.pairwise(days):
        contract = _ten_thousandths(person.contract_fte) if starts <= day < ends else 0
        booked = sum(fte for a, b, fte in taken if a <= day < b)
        if booked > contract and not any(a <= day < b for a, b in away):
            working = np.flatnonzero(calendars.working(row, day, end))
            if working.size:
                return OverAllocation(day_of(day + int(working[0])), contract, booked)
    return None


def _days(fact: Dated) -> tuple[int, int]:
    """The first day of *fact* and the first after it."""
    return (
        ALWAYS if fact.valid_from is None else day_number(fact.valid_from),
        NEVER if fact.valid_until is None else day_number(fact.valid_until),
    )


def _ten_thousandths(fte: float) -> int:
    return round(fte * FTE_UNITS)


def _contract(service: Service, first: int, until: int) -> NDArray[np.int64]:
    """The contract of those who are in service on some day of the window, 0 for the rest."""
    return service.contract * ((service.first < until) & (service.until > first))


def _taking(
    bookings: Bookings, first: int, until: int, *, include_soft: bool, without_position: int | None = None
) -> Bookings:
    """The bookings that take FTE in the window."""
    takes = (bookings.first < until) & (bookings.until > first)
    if not include_soft:
        takes &= bookings.is_hard
    if without_position is not None:
        takes &= bookings.position != without_position
    rows = np.flatnonzero(takes)
    person, starts, ends, fte, position, is_hard = bookings
    return Bookings(person[rows], starts[rows], ends[rows], fte[rows], position[rows], is_hard[rows])


def _stretches(
    service: Service, taken: Bookings, absences: Absences, before: NDArray[np.int32], first: int, until: int
) -> _Stretches:
    """All stretches of the window with a booking, an absence, or days outside a service that overlaps it."""
    away = np.flatnonzero((absences.first < until) & (absences.until > first))
    in_service = (service.first < until) & (service.until > first)
    joins = np.flatnonzero(in_service & (service.first > first))
    leaves = np.flatnonzero(in_service & (service.until < until))
    person = np.concatenate((taken.person, joins, leaves, absences.person[away]), dtype=np.int64)
    starts = np.concatenate((taken.first, np.full(joins.size, first), service.until[leaves], absences.first[away]))
    ends = np.concatenate((taken.until, service.first[joins], np.full(leaves.size, until), absences.until[away]))
    load = np.concatenate((taken.fte, service.contract[joins], service.contract[leaves], np.full(away.size, _AWAY)))
    starts = np.maximum(starts, first) - first
    ends = np.minimum(ends, until) - first

    alone = np.bincount(person, minlength=service.contract.size)[person] == 1
    several = np.flatnonzero(~alone)
    swept, swept_starts, swept_ends, swept_load = _sweep(person[several], starts[several], ends[several], load[several])
    person = np.concatenate((person[alone], swept))
    load = np.concatenate((load[alone], swept_load))
    row = service.calendar[person] * np.int64(before.shape[1])
    from_row, to_row = (
        row + np.concatenate((starts[alone], swept_starts)),
        row + np.concatenate((ends[alone], swept_ends)),
    )
    days = before.ravel()[to_row] - before.ravel()[from_row]
    return _Stretches(person, days, load & (_AWAY - 1), load >= _AWAY)


def _sweep(
    person: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64], load: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The intervals cut where any of the same person's begins or ends, each once, with the sum of their loads.

    One integer sorts the changes and says which change it is: person, day, row.
    """
    day = np.concatenate((starts, ends), dtype=np.int64)
    day_bits, row_bits = int(day.max(initial=0)).bit_length(), day.size.bit_length()
    keys = (np.concatenate((person, person)) << (day_bits + row_bits)) | (day << row_bits) | np.arange(day.size)
    keys.sort()
    load = np.concatenate((load, -load))[keys & ((1 << row_bits) - 1)].cumsum()
    keys >>= row_bits
    cut = np.flatnonzero(load)
    day = keys & ((1 << day_bits) - 1)
    return keys[cut] >> day_bits, day[cut], day[cut + 1], load[cut]
