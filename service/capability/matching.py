"""Who could do it: people ranked by eligibility, availability and fit, three columns that never mix."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.availability import Availability, availability
from service.capability.columns import FTE_UNITS, day_of
from service.capability.fit import fits, scores
from service.capability.gaps import Gap, gap
from service.capability.index import Snapshot
from service.capability.levels import met_throughout
from service.capability.targets import POINTS, Required, Resolved, Target, resolve
from service.capability.waivers import waivers
from service.domain.policy import AVAILABILITY_RULE, LEVEL_RULE, FitPolicy
from service.domain.proof import Trust
from service.errors import Invalid

ROUNDING: Final = 1e-9
"""Keeps a share of days that is exactly the most allowed from being refused for its last binary digit."""


class After(NamedTuple):
    """Where a page ends: the place of its last candidate in the order."""

    is_eligible: bool
    is_available: bool
    fit: int
    person_id: str


class Ranking(NamedTuple):
    """Everybody who earns points or is eligible; one place for each, in the order of person rows."""

    considered: int
    """People in service on some day of the window, and in the unit asked."""
    person: NDArray[np.intp]
    is_eligible: NDArray[np.bool_]
    is_available: NDArray[np.bool_]
    base: NDArray[np.int64]
    fit: NDArray[np.int64]
    free: NDArray[np.int64]
    """Least free FTE in ten-thousandths."""
    away_days: NDArray[np.int32]
    working_days: NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A person who earns points or is eligible."""

    person_id: str
    name: str
    is_eligible: bool
    is_available: bool
    base: int
    """In millionths."""
    fit: int
    """In millionths."""
    free_fte: float
    away_days: int
    working_days: int
    booked_here_fte: float
    """The person's own booking on the position asked, which ``free_fte`` leaves out."""

    @property
    def is_booked_here(self) -> bool:
        """Whether the person is booked on the position asked."""
        return self.booked_here_fte > 0

    @property
    def place(self) -> After:
        """Where the next page begins after this candidate."""
        return After(self.is_eligible, self.is_available, self.fit, self.person_id)


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """One page of candidates, best first."""

    first: date
    until: date
    known: int
    fte: float
    """Share of full time asked."""
    considered: int
    total: int
    eligible: int
    eligible_and_available: int
    rows: tuple[Candidate, ...]
    has_more: bool
    policy: FitPolicy
    level_rule: str = LEVEL_RULE
    availability_rule: str = AVAILABILITY_RULE
    snapshot: Snapshot = field(repr=False)
    resolved: Resolved = field(repr=False)

    def explain(self, person_id: str) -> Gap:
        """What a candidate's fit and eligibility are made of."""
        return gap(self.snapshot, person_id, self.resolved, self.policy)


def candidates(  # noqa: PLR0913 the common arguments of every question, and those of a page
    snapshot: Snapshot,
    target: Target,
    *,
    as_of: date | None = None,
    until: date | None = None,
    known: int,
    min_trust: Trust | None = None,
    today: date,
    fte: float | None = None,
    include_soft: bool = False,
    unit_id: str | None = None,
    first: int = 20,
    after: After | None = None,
    policy: FitPolicy | None = None,
) -> Candidates:
    """The *first* candidates after a place; *fte* is the share asked, the position's own or 1 when not given.

    See ``targets.resolve`` for the days and what is refused.
    """
    resolved = resolve(snapshot, target, as_of=as_of, until=until, known=known, min_trust=min_trust, today=today)
    if fte is not None:
        resolved = resolved._replace(fte=round(fte * FTE_UNITS))
    return page(
        snapshot,
        resolved,
        include_soft=include_soft,
        unit_id=unit_id,
        first=first,
        after=after,
        policy=policy or FitPolicy(),
    )


def page(  # noqa: PLR0913 what is asked, of whom, and which page
    snapshot: Snapshot,
    resolved: Resolved,
    *,
    include_soft: bool,
    unit_id: str | None,
    first: int,
    after: After | None,
    policy: FitPolicy,
) -> Candidates:
    """The *first* candidates after a place for what is asked."""
    found = ranking(snapshot, resolved, include_soft=include_soft, unit_id=unit_id, policy=policy)
    places, has_more = _best(snapshot, found, first, after)
    rows = [_candidate(snapshot, resolved, found, place, include_soft=include_soft) for place in places]
    return Candidates(
        first=day_of(resolved.window.first),
        until=day_of(resolved.window.until),
        known=resolved.known,
        fte=asked_fte(resolved) / FTE_UNITS,
        considered=found.considered,
        total=len(found.person),
        eligible=int(found.is_eligible.sum()),
        eligible_and_available=int((found.is_eligible & found.is_available).sum()),
        rows=tuple(rows),
        has_more=has_more,
        policy=policy,
        snapshot=snapshot,
        resolved=resolved,
    )


def ranking(
    snapshot: Snapshot, resolved: Resolved, *, include_soft: bool, unit_id: str | None, policy: FitPolicy
) -> Ranking:
    """Everybody who earns points or is eligible, with all three columns."""
    window, known = resolved.window, resolved.known
    service = snapshot.service(known)
    is_considered = service.exists & (service.first < window.until) & (service.until > window.first)
    if unit_id is not None:
        is_considered &= snapshot.in_unit(unit_id, known)
    base, least = scores(snapshot, resolved, policy)
    eligible = is_eligible(snapshot, resolved)
    person = np.flatnonzero(is_considered & (eligible | (base > 0)))
    everybody = available(snapshot, resolved, include_soft=include_soft)
    free, away_days, working_days = everybody.free[person], everybody.away_days[person], everybody.working_days[person]
    is_here = away_days <= policy.max_away * working_days + ROUNDING
    return Ranking(
        considered=int(is_considered.sum()),
        person=person,
        is_eligible=eligible[person],
        is_available=(working_days > 0) & (free >= asked_fte(resolved)) & is_here,
        base=base[person],
        fit=np.where(eligible[person], base[person], fits(base[person], least[person], policy)),
        free=free,
        away_days=away_days,
        working_days=working_days,
    )


def asked_fte(resolved: Resolved) -> int:
    """The share asked in ten-thousandths; full time when nobody said."""
    return FTE_UNITS if resolved.fte is None else resolved.fte


def is_eligible(snapshot: Snapshot, resolved: Resolved) -> NDArray[np.bool_]:
    """Which person rows meet every mandatory requirement, or are exempt from it."""
    eligible = np.ones(snapshot.size, np.bool_)
    for required in resolved.requirements:
        if required.is_mandatory:
            eligible &= is_met(snapshot, required, resolved)
    return eligible


def is_met(snapshot: Snapshot, required: Required, resolved: Resolved) -> NDArray[np.bool_]:
    """Which person rows meet a requirement throughout the window, or are exempt from it."""
    rows = snapshot.block(required.skill_id).counting
    met = np.zeros(snapshot.size, np.bool_)
    people = met_throughout(rows, required.level, resolved.window, known=resolved.known, floor=required.floor)
    met[people] = True
    for person_id in waivers(snapshot, required.skill_id, resolved):
        row = snapshot.people.rows.get(person_id, snapshot.size)
        if row < snapshot.size:
            met[row] = True
    return met


def available(snapshot: Snapshot, resolved: Resolved, *, include_soft: bool) -> Availability:
    """Everybody's availability over the window, but for bookings on the position asked."""
    return availability(
        snapshot.service(resolved.known),
        snapshot.bookings(resolved.known),
        snapshot.absences(resolved.known),
        snapshot.calendars,
        resolved.window.first,
        resolved.window.until,
        include_soft=include_soft,
        without_position=_position_row(snapshot, resolved),
    )


def _position_row(snapshot: Snapshot, resolved: Resolved) -> int | None:
    return None if resolved.position_id is None else snapshot.positions.rows.get(resolved.position_id)


def _best(snapshot: Snapshot, found: Ranking, first: int, after: After | None) -> tuple[list[int], bool]:
    """The places of the best candidates in order, and whether there are more; only these are sorted."""
    order = snapshot.people.order(snapshot.size)[found.person]
    keys = _keys(~found.is_eligible, ~found.is_available, found.fit, order)
    places = np.arange(len(keys))
    if after is not None:
        row = snapshot.people.rows.get(after.person_id, snapshot.size)
        if row >= snapshot.size:
            raise Invalid(f"no person {after.person_id!r}, after whom the page was to begin")
        last = _keys(
            np.array([not after.is_eligible]),
            np.array([not after.is_available]),
            np.array([after.fit]),
            snapshot.people.order(snapshot.size)[[row]],
        )
        places = np.flatnonzero(keys > last)
    has_more = len(places) > first
    if has_more:
        places = places[np.argpartition(keys[places], first)[:first]]
    return places[np.argsort(keys[places])].tolist(), has_more


def _keys(
    is_ineligible: NDArray[np.bool_], is_unavailable: NDArray[np.bool_], fit: NDArray[np.int64], order: NDArray[np.int32]
) -> NDArray[np.int64]:
    """One number for each candidate, the lower the better: eligible, available, fit descending, id."""
    group = np.add(2 * is_ineligible.astype(np.int64), is_unavailable, dtype=np.int64)
    points = np.subtract(POINTS, fit, dtype=np.int64)
    return np.add((group << 52) + (points << 32), order, dtype=np.int64)


def _candidate(
    snapshot: Snapshot, resolved: Resolved, found: Ranking, place: int, *, include_soft: bool
) -> Candidate:
    person = int(found.person[place])
    return Candidate(
        person_id=snapshot.people.ids[person],
        name=snapshot.person_name(person, resolved.known),
        is_eligible=bool(found.is_eligible[place]),
        is_available=bool(found.is_available[place]),
        base=int(found.base[place]),
        fit=int(found.fit[place]),
        free_fte=int(found.free[place]) / FTE_UNITS,
        away_days=int(found.away_days[place]),
        working_days=int(found.working_days[place]),
        booked_here_fte=_booked_here(snapshot, resolved, person, include_soft=include_soft) / FTE_UNITS,
    )


def _booked_here(snapshot: Snapshot, resolved: Resolved, person: int, *, include_soft: bool) -> int:
    """The most that a person is booked on the position asked on a day of the window, in ten-thousandths."""
    position = _position_row(snapshot, resolved)
    if position is None:
        return 0
    bookings, window = snapshot.bookings(resolved.known), resolved.window
    is_here = (bookings.position == position) & (bookings.person == person)
    is_here &= (bookings.first < window.until) & (bookings.until > window.first)
    if not include_soft:
        is_here &= bookings.is_hard
    first, until, fte = bookings.first[is_here], bookings.until[is_here], bookings.fte[is_here]
    days = np.maximum(first, window.first)
    return max((int(fte[(first <= day) & (day < until)].sum()) for day in days), default=0)
