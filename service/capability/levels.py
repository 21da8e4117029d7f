"""Effective levels by ``level-rule/1``: of one person as a history, of everybody as arrays."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.blocks import Block, Standing
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
    own: int
    """Sequence number of the assertion state; what was decided before it does not count."""


History = list[Holding]
"""All holdings of one person in one skill; of those in force, the last one wins."""


def history(snapshot: Snapshot, person: int, skill_id: str, known: int) -> History:
    """What counts for a person row in a skill, whenever."""
    rows = snapshot.block(skill_id).counting
    place = rows.person_slice(person)
    if place.start == place.stop:
        return []
    columns = (rows.level, rows.trust, rows.first, rows.until, rows.used, rows.lapses, rows.reference, rows.own)
    holdings = map(Holding, *(column[place].tolist() for column in columns))
    times = zip(rows.recorded[place].tolist(), rows.retracted[place].tolist(), strict=True)
    return [held for held, (recorded, retracted) in zip(holdings, times, strict=True) if recorded <= known < retracted]


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


def standing(block: Block, day: int, *, known: int, floor: int) -> Standing:
    """Who has a level at a trust floor on a day, and which."""
    asked = day, min(known, block.latest)
    found = block.standings.get(floor)
    if found is None or found[0] != asked:
        rows = block.counting
        counting = np.flatnonzero(_counting(rows, Window(day, day + 1), known=known, floor=floor))
        won = _last_of_each(rows.person, counting)
        held = Standing(rows.person[won], rows.level[won], rows.trust[won], rows.used[won])
        found = block.standings[floor] = asked, held
    return found[1]


def _counting(rows: Rows, window: Window, *, known: int, floor: int) -> NDArray[np.bool_]:
    """Which rows count on some day of a window."""
    counts = rows.first < window.until
    counts &= rows.until > window.first
    counts &= rows.recorded <= known
    counts &= rows.retracted > known
    if floor:
        counts &= rows.trust >= floor
    return counts


def _last_of_each(person: NDArray[np.int32], rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """The last of the *rows* of each person."""
    people = person[rows]
    is_last = np.ones(len(rows), np.bool_)
    np.not_equal(people[1:], people[:-1], out=is_last[:-1])
    return rows[is_last]


def levels(snapshot: Snapshot, skill_id: str, day: int, *, known: int, floor: int) -> NDArray[np.int8]:
    """The effective level of each person row in a skill; -1: none."""
    held = standing(snapshot.block(skill_id), day, known=known, floor=floor)
    everybody = np.full(snapshot.size, -1, np.int8)
    everybody[held.person] = held.level
    return everybody


def met_throughout(rows: Rows, least: int, window: Window, *, known: int, floor: int) -> NDArray[np.int32]:
    """The person rows whose level is *least* or more on every day of the window, ascending."""
    counting = np.flatnonzero(_counting(rows, window, known=known, floor=floor))
    on_first = counting[(rows.first[counting] <= window.first) & (rows.until[counting] > window.first)]
    found = _last_of_each(rows.person, on_first)
    people = rows.person[found[rows.level[found] >= least]]
    if window.until == window.first + 1 or not len(people):
        return people
    in_doubt = np.zeros(int(rows.person[-1]) + 1, np.bool_)
    changes = (rows.first[counting] > window.first) | (rows.until[counting] < window.until)
    in_doubt[rows.person[counting[changes]]] = True
    is_met = np.zeros_like(in_doubt)
    is_met[people] = True
    part = rows.take(counting[(in_doubt & is_met)[rows.person[counting]]])
    is_met[_failing(part, least, window)] = False
    return people[is_met[people]]


def _failing(part: Rows, least: int, window: Window) -> NDArray[np.int32]:
    """The people in *part*, all its rows known and in the window, whose level is too low on a day it may change."""
    person = np.concatenate((part.person, part.person))
    day = np.concatenate((part.first, part.until))
    inside = (day > window.first) & (day < window.until)
    person, day = person[inside], day[inside]
    if not len(person):
        return person
    begin = np.searchsorted(part.person, person)
    count = np.searchsorted(part.person, person, side="right") - begin
    groups = np.cumsum(count) - count
    row = np.repeat(begin - groups, count) + np.arange(count.sum())
    days = np.repeat(day, count)
    in_force = (part.first[row] <= days) & (days < part.until[row])
    won = np.maximum.reduceat(np.where(in_force, row, -1), groups)
    return person[(won < 0) | (part.level[won] < least)]
