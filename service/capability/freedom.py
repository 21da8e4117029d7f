"""Whether the people in question are free for what is asked."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.availability import availability
from service.capability.columns import FTE_UNITS, Absences, Bookings, Service, day_of
from service.capability.comparison import Comparison

ROUNDING: Final = 1e-9
"""Keeps a share of days that is exactly the most allowed from being refused for its last binary digit."""

MOST_WEEKS: Final = 53


class Freedom(NamedTuple):
    """One row for each person in question, over the window asked."""

    is_available: NDArray[np.bool_]
    """Free for the share asked, on enough days."""
    free: NDArray[np.int64]
    """Least free FTE in ten-thousandths, the person's booking on the position asked left out."""
    away_days: NDArray[np.int32]
    working_days: NDArray[np.int32]


def freedom(asked: Comparison, people: NDArray[np.intp], *, include_soft: bool) -> Freedom:
    """How free the *people*, all different, are; with *include_soft* SOFT bookings take time too."""
    found = availability(
        *_facts(asked, people),
        asked.snapshot.calendars,
        asked.window.first,
        asked.window.until,
        include_soft=include_soft,
        without_position=_position_row(asked),
    )
    is_here = found.away_days <= asked.policy.max_away * found.working_days + ROUNDING
    is_free = (found.working_days > 0) & (found.free >= asked_fte(asked))
    return Freedom(is_free & is_here, found.free, found.away_days, found.working_days)


class Week(NamedTuple):
    """What somebody has free in one week, as far as it lies in the window; weeks begin on Monday."""

    first: date
    until: date
    free: int
    """Least free FTE on a working day without absence, in ten-thousandths; 0 when there is no such day."""


def weeks(asked: Comparison, people: NDArray[np.intp], *, include_soft: bool) -> list[tuple[Week, ...]]:
    """The first 53 weeks of the window for each of the *people*, all different."""
    facts = _facts(asked, people)
    found: list[list[Week]] = [[] for _ in people]
    until = asked.window.first
    for _ in range(MOST_WEEKS):
        first, until = until, min(until + 7 - (until + 3) % 7, asked.window.until)
        if first == until:
            break
        free = availability(
            *facts,
            asked.snapshot.calendars,
            first,
            until,
            include_soft=include_soft,
            without_position=_position_row(asked),
        ).free.tolist()
        for its, each in zip(found, free, strict=True):
            its.append(Week(day_of(first), day_of(until), each))
    return [tuple(its) for its in found]


def asked_fte(asked: Comparison) -> int:
    """The share asked in ten-thousandths; full time when nobody said."""
    return FTE_UNITS if asked.resolved.fte is None else asked.resolved.fte


def booked_here(asked: Comparison, *, include_soft: bool) -> dict[int, int]:
    """By person row, the most that is booked on the position asked on a day of the window, in ten-thousandths."""
    position = _position_row(asked)
    if position is None:
        return {}
    bookings, window = asked.snapshot.bookings(asked.known), asked.window
    is_here = (bookings.position == position) & (bookings.first < window.until) & (bookings.until > window.first)
    if not include_soft:
        is_here &= bookings.is_hard
    most: dict[int, int] = {}
    here = Bookings._make(column[is_here] for column in bookings)
    for person, first in zip(here.person.tolist(), np.maximum(here.first, window.first).tolist(), strict=True):
        at_once = (here.person == person) & (here.first <= first) & (here.until > first)
        most[person] = max(most.get(person, 0), int(here.fte[at_once].sum()))
    return most


def _facts(asked: Comparison, people: NDArray[np.intp]) -> tuple[Service, Bookings, Absences]:
    """Contracts, bookings and absences of the *people*, whose places stand for them."""
    snapshot, known = asked.snapshot, asked.known
    rows = np.full(snapshot.size, -1, np.int32)
    rows[people] = np.arange(len(people), dtype=np.int32)
    return (
        Service._make(column[people] for column in snapshot.service(known)),
        Bookings._make(_of(snapshot.bookings(known), rows)),
        Absences._make(_of(snapshot.absences(known), rows)),
    )


def _of(spells: Bookings | Absences, rows: NDArray[np.int32]) -> Iterator[NDArray[Any]]:
    """The columns of people who have a row, with that row in place of the person's."""
    person = rows[spells.person]
    kept = np.flatnonzero(person >= 0)
    yield person[kept]
    yield from (column[kept] for column in spells[1:])


def _position_row(asked: Comparison) -> int | None:
    position_id = asked.resolved.position_id
    return None if position_id is None else asked.snapshot.positions.rows.get(position_id)
