"""What lapses by its dates alone: whose level or trust drops on which day, and what that breaks.

A drop is compared with the level of the day asked. It lapsed when the assertion that gave the level ended by its
own valid_until, or its evidence ended or grew too old; a decision or a later statement lets nothing lapse.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.blocks import Block
from service.capability.booked import booked, for_role
from service.capability.columns import NEVER
from service.capability.index import Snapshot
from service.capability.levels import History, Holding, Window, history, level, winner
from service.capability.rows import Rows
from service.capability.states import PositionState, RequirementState
from service.capability.targets import Resolved, of_position
from service.capability.waivers import waivers
from service.domain.proof import Decision
from service.errors import Invalid

LONGEST: Final = 3_660
"""Most days that can be asked about: ten years."""


class Drop(NamedTuple):
    """A day on which a level or its trust drops, and the holdings before and on it."""

    day: int
    before: Holding
    after: Holding | None


class Lapse(NamedTuple):
    """A drop of one person in one skill. Sorts by day, then by id of person and skill."""

    day: int
    person_id: str
    skill_id: str
    level: int
    trust: int
    reference: int
    """Of the assertion that ends."""
    level_after: int | None
    """None: no level any more."""
    trust_after: int | None

    @property
    def place(self) -> str:
        """Sorts lapses as they sort themselves."""
        return f"{self.day + 10_000_000:08} {self.person_id} {self.skill_id}"


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose lapses in what are asked about; None: no limit."""

    unit_id: str | None = None
    role_id: str | None = None
    project_id: str | None = None
    skill_id: str | None = None


def expiring(snapshot: Snapshot, whose: Whose, *, day: int, within: int, known: int, floor: int) -> list[Lapse]:
    """What will lapse in the days after *day*, *within* of them: the first drop of each person and skill."""
    window = Window(day, day + span(within) + 1)
    return sorted(_lapses(snapshot, whose, _Search(day, known, floor, window, is_ahead=True)))


def expired(snapshot: Snapshot, whose: Whose, *, day: int, within: int, known: int, floor: int) -> list[Lapse]:
    """What lapsed in the days up to *day*, *within* of them, and was not made good: the last drop of each."""
    window = Window(day - span(within), day + 1)
    return sorted(_lapses(snapshot, whose, _Search(day, known, floor, window, is_ahead=False)))


def span(within: int) -> int:
    """*within*, when it is a number of days that can be asked about."""
    if not 1 <= within <= LONGEST:
        raise Invalid(f"within {within} is not a number of days from 1 to {LONGEST}", path=("within",))
    return within


def next_drop(block: Block, held: History, day: int, until: int, *, known: int, floor: int) -> Drop | None:
    """The first day after *day* and before *until* on which less is held than on *day*, where dates alone bring it."""
    now = winner(held, day, floor)
    if now is None or not now.level:
        return None
    for end in _turns(held, day, until):
        after = winner(held, end, floor)
        if _is_less(after, now):
            before = winner(held, end - 1, floor) or now
            return Drop(end, before, after) if _ends_by_date(block, before, end, known) else None
    return None


def last_drop(block: Block, held: History, day: int, since: int, *, known: int, floor: int) -> Drop | None:
    """The last day after *since*, up to *day*, before which more was held than on *day*, where dates brought it."""
    now = winner(held, day, floor)
    for end in reversed(_turns(held, since, day + 1)):
        before = winner(held, end - 1, floor)
        if before is not None and before.level and _is_less(now, before):
            return Drop(end, before, winner(held, end, floor)) if _ends_by_date(block, before, end, known) else None
    return None


def _turns(held: History, after: int, until: int) -> list[int]:
    return sorted({end for each in held for end in (each.first, each.until) if after < end < until})


def _is_less(held: Holding | None, than: Holding) -> bool:
    return held is None or held.level < than.level or held.trust < than.trust


def _ends_by_date(block: Block, holding: Holding, end: int, known: int) -> bool:
    """Whether a holding ends on a day by its own date or its evidence, and not by a decision on that state of it."""
    if holding.until != end or holding.lapses:
        return holding.until == end
    decisions = block.decisions.get(holding.reference, ())
    return not any(
        each.decided_on == end
        and each.decision != Decision.VERIFIED
        and holding.own <= each.recorded_seq <= known < each.retracted_seq
        for each in decisions
    )


class _Search(NamedTuple):
    """What is looked for: drops on days of a window but its first, compared with one day."""

    day: int
    known: int
    floor: int
    window: Window
    is_ahead: bool

    def rows(self, rows: Rows, people: NDArray[np.bool_]) -> NDArray[np.intp]:
        """The rows of *people* that count on some day of the window."""
        counts = (rows.first < self.window.until) & (rows.until > self.window.first)
        counts &= (rows.recorded <= self.known) & (self.known < rows.retracted) & (rows.trust >= self.floor)
        found = np.flatnonzero(counts)
        return found[people[rows.person[found]]]

    def drop(self, block: Block, held: History) -> Drop | None:
        """What is looked for in one person's history."""
        if self.is_ahead:
            return next_drop(block, held, self.day, self.window.until, known=self.known, floor=self.floor)
        return last_drop(block, held, self.day, self.window.first, known=self.known, floor=self.floor)


def _lapses(snapshot: Snapshot, whose: Whose, search: _Search) -> Iterator[Lapse]:
    for skill_id, people in _asked(snapshot, whose, search):
        block, ids = snapshot.block(skill_id), snapshot.people.ids
        rows = block.counting
        counting = search.rows(rows, people)
        ending = rows.until[counting] < search.window.until
        if not ending.any():
            continue
        is_plain = _is_alone(rows.person[counting]) & ending & rows.lapses[counting] & (rows.level[counting] > 0)
        if search.is_ahead:
            is_plain &= rows.first[counting] <= search.day
        plain = counting[is_plain]
        columns = (rows.until, rows.person, rows.level, rows.trust, rows.reference)
        for end, person, its_level, trust, reference in zip(*(each[plain].tolist() for each in columns), strict=True):
            yield Lapse(end, ids[person], skill_id, its_level, trust, reference, None, None)
        for person in np.unique(rows.person[counting[ending & ~is_plain]]).tolist():
            found = search.drop(block, history(snapshot, person, skill_id, search.known))
            if found is not None:
                yield _lapse(found, ids[person], skill_id)


def _lapse(found: Drop, person_id: str, skill_id: str) -> Lapse:
    before, after = found.before, found.after
    left = (None, None) if after is None else (after.level, after.trust)
    return Lapse(found.day, person_id, skill_id, before.level, before.trust, before.reference, *left)


def _is_alone(person: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which of the rows, in the order of people, are the only one of their person."""
    differs = person[1:] != person[:-1]
    return np.concatenate(([True], differs)) & np.concatenate((differs, [True]))


def _asked(snapshot: Snapshot, whose: Whose, search: _Search) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Each skill asked about, and which person rows: in service on the day, and as *whose* says."""
    day, known = search.day, search.known
    people = snapshot.service(known).on(day)
    if whose.unit_id is not None:
        people &= snapshot.in_unit(whose.unit_id, known)
    skills = set(snapshot.assertions.blocks)
    if whose.skill_id is not None:
        skills &= snapshot.branch(whose.skill_id, known)
    if whose.role_id is not None:
        people &= _of_role(snapshot, whose.role_id, day, known)
        profile = snapshot.profile_in_force(whose.role_id, day, known)
        skills &= {each.skill_id for each in snapshot.requirements(profile.id, known)} if profile else set()
    if whose.project_id is not None:
        positions = snapshot.tables.positions_by_project.known(snapshot.project(whose.project_id, known).id, known)
        people &= booked(snapshot, [each.id for each in positions], day, NEVER, known)
        skills &= {skill for each in positions for skill in _asked_by(snapshot, each, day, known)}
    return ((each, people) for each in sorted(skills))


def _of_role(snapshot: Snapshot, role_id: str, day: int, known: int) -> NDArray[np.bool_]:
    """Which person rows hold a role, or are booked to a position for it."""
    role = snapshot.role(role_id, known).id
    seats = for_role(snapshot, role, known)
    holds = snapshot.service(known).holding(snapshot.roles.rows.get(role))
    return holds | booked(snapshot, seats, day, NEVER, known)


def _asked_by(snapshot: Snapshot, position: PositionState, day: int, known: int) -> dict[str, RequirementState]:
    """What a position requires, by skill, its role's profile being that in force on a day."""
    return {each.skill_id: each for each in of_position(snapshot, position, day, known)}


def broken(snapshot: Snapshot, lapse: Lapse, *, known: int, floor: int) -> list[str]:
    """Ids of the positions whose requirement the person meets on the day before the lapse, and no longer on it.

    Of those the person is booked to on that day or later; a waiver keeps a requirement closed.
    """
    person = snapshot.people.rows[lapse.person_id]
    bookings = snapshot.bookings(known)
    rows = np.unique(bookings.position[(bookings.person == person) & (bookings.until > lapse.day)]).tolist()
    positions = (each for row in rows for each in snapshot.tables.positions.known(snapshot.positions.ids[row], known))
    held = history(snapshot, person, lapse.skill_id, known)
    found = []
    for position in positions:
        required = _asked_by(snapshot, position, lapse.day, known).get(lapse.skill_id)
        if required is None:
            continue
        least = max(floor, required.min_trust or 0)
        was_met = level(held, lapse.day - 1, least) >= required.level
        if was_met and level(held, lapse.day, least) < required.level:
            days = Resolved((), Window(lapse.day, lapse.day + 1), known, position.role_id, position.id)
            if lapse.person_id not in waivers(snapshot, lapse.skill_id, days):
                found.append(position.id)
    return sorted(found)
