"""Whether the people there are can serve the work there is: supply, demand and bottleneck by month and unit.

Docs/decisions/0002, section Capacity. Amounts are FTE-days in whole ten-thousandths; ``*_fte`` divides
them by the weekdays of the bucket, at the very end.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.availability import supply
from service.capability.calendars import LAST_YEAR
from service.capability.columns import FTE_UNITS, day_number, day_of
from service.capability.flow import Flow, serve_pairs
from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.qualification import Need, Qualification, Qualified
from service.capability.states import PositionState
from service.capability.targets import of_position
from service.domain.proof import TRUSTS, Trust
from service.domain.work import PositionStatus, ProjectStatus
from service.errors import Invalid

LONGEST: Final = 120
"""The most months that are reckoned at once."""

_CERTAIN: Final = frozenset({ProjectStatus.APPROVED, ProjectStatus.ACTIVE})
_LIKELY: Final = frozenset({ProjectStatus.IDEA, ProjectStatus.PROPOSED})


class Pipeline(StrEnum):
    """How much of the demand of projects that are still IDEA or PROPOSED counts."""

    EXCLUDE = "EXCLUDE"
    WEIGHTED = "WEIGHTED"
    """Times the project's probability."""
    FULL = "FULL"


@dataclass(frozen=True, kw_only=True)
class _Amounts:
    """What has amounts in ten-thousandths of an FTE-day."""

    weekdays: int
    """Mondays to Fridays of the bucket."""
    demand: int

    def fte(self, amount: int) -> float:
        """An amount as FTE throughout the bucket; 0 when it has no weekday."""
        return amount / (self.weekdays * FTE_UNITS) if self.weekdays else 0.0

    @property
    def demand_fte(self) -> float:
        """FTE that the positions still need."""
        return self.fte(self.demand)


@dataclass(frozen=True, kw_only=True)
class DemandProfile(_Amounts):
    """Open positions that require the same of their holders."""

    needs: tuple[Need, ...]
    position_ids: tuple[str, ...]
    people: int
    """People who qualify; somebody may qualify for several profiles."""
    served: int
    """Demand served in one division of the people among the profiles that serves the most in total."""

    @property
    def served_fte(self) -> float:
        """FTE of the demand that is served."""
        return self.fte(self.served)


@dataclass(frozen=True, kw_only=True)
class Bottleneck(_Amounts):
    """The fewest profiles that prove the shortage: their demand less ``supply`` is all of it."""

    profiles: tuple[DemandProfile, ...]
    people: int
    """People who qualify for any of the profiles, each once."""
    supply: int
    """What these people have free."""

    @property
    def position_ids(self) -> tuple[str, ...]:
        """All positions of the profiles."""
        return tuple(position_id for profile in self.profiles for position_id in profile.position_ids)

    @property
    def supply_fte(self) -> float:
        """FTE that these people have free."""
        return self.fte(self.supply)


@dataclass(frozen=True, kw_only=True)
class CapacityBucket(_Amounts):
    """Capacity of a unit, or of the organisation, in one month."""

    first: date
    until: date
    unit_id: str | None
    """None: the organisation."""
    people: int
    """People in service on some day of the bucket."""
    supply: int
    servable: int
    profiles: tuple[DemandProfile, ...]
    """Everything demanded, the largest demand first."""
    bottleneck: Bottleneck | None
    """None: nothing is short."""

    @property
    def shortage(self) -> int:
        """Demand that nobody can serve, however people are divided among the profiles."""
        return self.demand - self.servable

    @property
    def supply_fte(self) -> float:
        """FTE that people have free."""
        return self.fte(self.supply)

    @property
    def servable_fte(self) -> float:
        """FTE of the demand that can be served at once."""
        return self.fte(self.servable)

    @property
    def shortage_fte(self) -> float:
        """FTE of the demand that cannot be served."""
        return self.fte(self.shortage)


class _Opening(NamedTuple):
    """A position that looks for people."""

    position: PositionState
    sponsor_unit_id: str | None
    probability: Fraction
    """1 unless the project is likely only and weighting was asked."""


class _Scope(NamedTuple):
    """The people and openings that a unit's capacity is about."""

    unit_id: str | None
    people: NDArray[np.bool_]
    openings: NDArray[np.bool_]
    position_ids: Sequence[str]
    """Of all openings."""


def capacity(  # noqa: PLR0913 the common arguments of every question, and its own
    snapshot: Snapshot,
    *,
    as_of: date,
    months: int,
    unit_ids: Sequence[str | None],
    known: int,
    min_trust: Trust = Trust.CLAIMED,
    pipeline: Pipeline = Pipeline.EXCLUDE,
    include_soft: bool = False,
) -> list[CapacityBucket]:
    """Capacity in *months* calendar months, the first from *as_of*, of each unit; by month, then in the units' order.

    Raises NotFound for a unit that is not known and Invalid for a number of months out of range.
    """
    known = min(known, snapshot.seq)
    buckets = _months(as_of, months)
    service = snapshot.service(known)
    facts = service, snapshot.bookings(known), snapshot.absences(known), snapshot.calendars
    free = supply(*facts, buckets, include_soft=include_soft)
    openings = _openings(snapshot, known, pipeline)
    demand = _demand(snapshot, openings, buckets, known)
    scopes = [_scope(snapshot, unit_id, openings, known) for unit_id in unit_ids]
    qualification = Qualification(snapshot, known)
    found = []
    for row, month in enumerate(buckets):
        in_service = service.overlapping(*month)
        sharing = _sharing(snapshot, openings, demand[row], month, floor=min_trust.rank, known=known)
        qualified = qualification.of(list(sharing), month, in_service)
        found += [_bucket(month, scope, sharing, demand[row], qualified, in_service, free[row]) for scope in scopes]
    return found


def _months(as_of: date, count: int) -> list[Window]:
    if not 1 <= count <= LONGEST:
        raise Invalid(f"months is {count}; it goes from 1 to {LONGEST}", path=("months",))
    if as_of.year > LAST_YEAR:
        raise Invalid(f"as_of is {as_of}; holidays are known to the end of {LAST_YEAR}", path=("as_of",))
    starts = [date(as_of.year + month // 12, month % 12 + 1, 1) for month in range(as_of.month, as_of.month + count)]
    return [Window(*days) for days in itertools.pairwise(map(day_number, (as_of, *starts)))]


def _scope(snapshot: Snapshot, unit_id: str | None, openings: Sequence[_Opening], known: int) -> _Scope:
    position_ids = [opening.position.id for opening in openings]
    if unit_id is None:
        return _Scope(None, np.ones(snapshot.size, np.bool_), np.ones(len(openings), np.bool_), position_ids)
    inside = snapshot.subtree(unit_id, known)
    sponsored = np.array([opening.sponsor_unit_id in inside for opening in openings], np.bool_)
    return _Scope(unit_id, snapshot.in_unit(unit_id, known), sponsored, position_ids)


def _openings(snapshot: Snapshot, known: int, pipeline: Pipeline) -> list[_Opening]:
    """The open positions of the projects that count, by id."""
    found = []
    for position in snapshot.tables.positions.all_known(known):
        for project in snapshot.tables.projects.known(position.project_id, known):
            is_likely = project.status in _LIKELY and pipeline is not Pipeline.EXCLUDE
            if position.status == PositionStatus.OPEN and (is_likely or project.status in _CERTAIN):
                is_weighted = is_likely and pipeline is Pipeline.WEIGHTED
                probability = Fraction(str(project.probability)) if is_weighted else Fraction(1)
                found.append(_Opening(position, project.sponsor_unit_id, probability))
    return sorted(found, key=lambda opening: opening.position.id)


def _demand(
    snapshot: Snapshot, openings: Sequence[_Opening], buckets: Sequence[Window], known: int
) -> NDArray[np.int64]:
    """FTE-days that each opening still needs in each bucket; [bucket, opening]."""
    first, until = buckets[0].first, buckets[-1].until
    bookings = snapshot.bookings(known)
    opening_of = np.full(len(snapshot.positions), -1, np.int64)
    for row, opening in enumerate(openings):
        if opening.position.id in snapshot.positions.rows:
            opening_of[snapshot.positions.rows[opening.position.id]] = row
    hard = np.flatnonzero(bookings.is_hard & (bookings.first < until) & (bookings.until > first))
    hard = hard[opening_of[bookings.position[hard]] >= 0]
    booked_row, fte = opening_of[bookings.position[hard]], bookings.fte[hard]
    booked = np.zeros((len(openings), until - first + 1), np.int64)
    np.add.at(booked, (booked_row, np.maximum(bookings.first[hard], first) - first), fte)
    np.subtract.at(booked, (booked_row, np.minimum(bookings.until[hard], until) - first), fte)

    days = np.arange(first, until)
    edges = np.array([(each.position.valid_from, each.position.valid_until) for each in openings], np.int64).reshape(
        -1, 2
    )
    wanted = [each.position.headcount * round(each.position.fte * FTE_UNITS) for each in openings]
    needed = np.maximum(np.array(wanted, np.int64)[:, None] - booked.cumsum(axis=1)[:, :-1], 0)
    needed *= (edges[:, :1] <= days) & (days < edges[:, 1:]) & _is_weekday(days)
    demand = np.add.reduceat(needed, [bucket.first - first for bucket in buckets], axis=1).T
    for row, opening in enumerate(openings):
        if opening.probability != 1:
            demand[:, row] = [int(int(amount) * opening.probability) for amount in demand[:, row]]
    return demand


def _is_weekday(days: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each day is a Monday to Friday; day 0 was a Thursday."""
    return (days + 3) % 7 < 5  # noqa: PLR2004 days of a week


def _sharing(
    snapshot: Snapshot,
    openings: Sequence[_Opening],
    demand: NDArray[np.int64],
    month: Window,
    *,
    floor: int,
    known: int,
) -> dict[tuple[Need, ...], list[int]]:
    """The openings with a demand, by what their requirements in force on the month's first day make mandatory."""
    sharing: dict[tuple[Need, ...], list[int]] = {}
    for row in np.flatnonzero(demand).tolist():
        position = openings[row].position
        needs = [
            Need(skill_id=each.skill_id, level=each.level, floor=TRUSTS[max(floor, each.min_trust or 0)])
            for each in of_position(snapshot, position, month.first, known)
            if each.is_mandatory
        ]
        sharing.setdefault(tuple(sorted(needs)), []).append(row)
    return sharing


def _bucket(
    month: Window,
    scope: _Scope,
    sharing: dict[tuple[Need, ...], list[int]],
    demand: NDArray[np.int64],
    qualified: Qualified,
    in_service: NDArray[np.bool_],
    free: NDArray[np.int64],
) -> CapacityBucket:
    """Capacity of one scope in one month."""
    openings = [[row for row in rows if scope.openings[row]] for rows in sharing.values()]
    asked = np.array([demand[rows].sum() for rows in openings], np.int64)
    needs = list(sharing)
    order = sorted(np.flatnonzero(asked).tolist(), key=lambda profile: (-asked[profile], needs[profile]))
    place_of = np.full(len(needs), -1)
    place_of[order] = np.arange(len(order))
    counts = (place_of[qualified.profile] >= 0) & scope.people[qualified.person]
    place, person = place_of[qualified.profile[counts]], qualified.person[counts]
    people = np.bincount(place, minlength=len(order))
    flow = serve_pairs(free, place, person, asked[order])
    weekdays = int(_is_weekday(np.arange(month.first, month.until)).sum())
    profiles = tuple(
        DemandProfile(
            weekdays=weekdays,
            needs=needs[profile],
            position_ids=tuple(scope.position_ids[row] for row in openings[profile]),
            people=int(people[place]),
            demand=int(asked[profile]),
            served=int(flow.served[place]),
        )
        for place, profile in enumerate(order)
    )
    return CapacityBucket(
        weekdays=weekdays,
        first=day_of(month.first),
        until=day_of(month.until),
        unit_id=scope.unit_id,
        people=int(in_service[scope.people].sum()),
        supply=int(free[scope.people].sum()),
        demand=int(asked.sum()),
        servable=flow.total,
        profiles=profiles,
        bottleneck=_bottleneck(weekdays, profiles, flow),
    )


def _bottleneck(weekdays: int, profiles: Sequence[DemandProfile], flow: Flow) -> Bottleneck | None:
    if not flow.bottleneck.any():
        return None
    short = tuple(itertools.compress(profiles, flow.bottleneck))
    return Bottleneck(
        weekdays=weekdays,
        profiles=short,
        people=flow.people,
        supply=flow.supply,
        demand=sum(profile.demand for profile in short),
    )
