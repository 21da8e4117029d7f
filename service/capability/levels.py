"""Effective levels by ``level-rule/1``: of one person as a history, of everybody as arrays."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.index import Snapshot
from service.capability.rows import Rows


class Window(NamedTuple):
    """Days asked about, at least one: from ``first`` to before ``until``."""

    first: int
    until: int


class Holding(NamedTuple):
    """Days on which one assertion of a person counts, at one level and one trust."""

    level: int
    trust: int
    first: int
    until: int
    used: int
    lapses: bool
    """Whether ``until`` is the assertion's own valid_until."""
    reference: int


History = list[Holding]
"""All holdings of one person in one skill; of those in force, the last one wins."""


def history(snapshot: Snapshot, person: int, skill_id: str, known: int) -> History:
    """What counts for a person row in a skill, whenever."""
    rows = snapshot.block(skill_id).counting
    place = rows.person_slice(person)
    if place.start == place.stop:
        return []
    part = rows.take(place)
    is_known = (part.recorded <= known) & (known < part.retracted)
    columns = (part.level, part.trust, part.first, part.until, part.used, part.lapses, part.reference)
    return list(map(Holding._make, zip(*(column[is_known].tolist() for column in columns), strict=True)))


def winner(held: History, day: int, floor: int) -> Holding | None:
    """What a person's level rests on, on a day; None: no level."""
    for each in reversed(held):
        if each.trust >= floor and each.first <= day < each.until:
            return each
    return None


def level(held: History, day: int, floor: int) -> int:
    """The effective level, 0 when there is none."""
    found = winner(held, day, floor)
    return found.level if found else 0


def first_failure(held: History, least: int, floor: int, window: Window) -> int | None:
    """The first day of the window on which the level is below *least*; None: there is no such day."""
    ends = {end for each in held for end in (each.first, each.until)}
    days = sorted({window.first} | {end for end in ends if window.first < end < window.until})
    return next((day for day in days if level(held, day, floor) < least), None)


def lapse(held: History, least: int, floor: int, before: int) -> Holding | None:
    """The holding by whose own end a level of *least* was last lost before a day; None: it was not lost so.

    The level went with the holding's ``until``.
    """
    ends = sorted({end for each in held for end in (each.first, each.until) if end < before}, reverse=True)
    until = before
    for first in ends:
        found = winner(held, first, floor)
        if found and found.level >= least:
            return found if found.lapses and found.until == until else None
        until = first
    return None


def winners(rows: Rows, day: int, *, known: int, floor: int) -> NDArray[np.intp]:
    """The rows that win on a day, one for each person who has a level, by person."""
    is_in_force = (rows.first <= day) & (rows.until > day) & (rows.recorded <= known) & (rows.retracted > known)
    if floor:
        is_in_force &= rows.trust >= floor
    found = np.flatnonzero(is_in_force)
    person = rows.person[found]
    is_last = np.ones(len(found), np.bool_)
    np.not_equal(person[1:], person[:-1], out=is_last[:-1])
    return found[is_last]


def levels(snapshot: Snapshot, skill_id: str, day: int, *, known: int, floor: int) -> NDArray[np.int8]:
    """The effective level of each person row in a skill; -1: none."""
    rows = snapshot.block(skill_id).counting
    found = winners(rows, day, known=known, floor=floor)
    everybody = np.full(snapshot.size, -1, np.int8)
    everybody[rows.person[found]] = rows.level[found]
    return everybody


def met_throughout(rows: Rows, least: int, window: Window, *, known: int, floor: int) -> NDArray[np.int32]:
    """The person rows whose level is *least* or more on every day of the window, ascending."""
    found = winners(rows, window.first, known=known, floor=floor)
    people = rows.person[found[rows.level[found] >= least]]
    if window.until == window.first + 1:
        return people
    overlaps = (rows.first < window.until) & (rows.until > window.first)
    overlaps &= (rows.recorded <= known) & (rows.retracted > known) & (rows.trust >= floor)
    changes = overlaps & ((rows.first > window.first) | (rows.until < window.until))
    unsettled = np.intersect1d(people, rows.person[changes])
    if not len(unsettled):
        return people
    part = rows.take(np.flatnonzero(overlaps & np.isin(rows.person, unsettled)))
    return np.setdiff1d(people, _failing(part, least, window), assume_unique=True)


def _failing(part: Rows, least: int, window: Window) -> NDArray[np.int32]:
    """The people in *part*, all its rows known and in the window, whose level is too low on a day it may change."""
    person = np.concatenate((part.person, part.person))
    day = np.concatenate((part.first, part.until))
    inside = (day > window.first) & (day < window.until)
    person, day = person[inside], day[inside]
    begin = np.searchsorted(part.person, person)
    count = np.searchsorted(part.person, person, side="right") - begin
    groups = np.cumsum(count) - count
    row = np.repeat(begin - groups, count) + np.arange(count.sum())
    days = np.repeat(day, count)
    in_force = (part.first[row] <= days) & (days < part.until[row])
    won = np.maximum.reduceat(np.where(in_force, row, -1), groups)
    return np.unique(person[(won < 0) | (part.level[won] < least)])
