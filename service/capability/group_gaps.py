"""What a group of people lacks for a target: people counted by requirement and cause, and what would help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.capability.booked import booked, of_project
from service.capability.causes import CAUSES, CODES, causes
from service.capability.columns import day_of
from service.capability.comparison import Comparison, comparison
from service.capability.gaps import CLOSED
from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.ranking import in_service, met
from service.capability.targets import NOTHING_REQUIRED, Required, Resolved, Target, days_asked, on_days, resolve
from service.domain.policy import LEVEL_RULE, Cause
from service.domain.proof import TRUSTS, Trust
from service.errors import Invalid

Mask = NDArray[np.bool_]

SHUT: Final = np.array([cause in CLOSED for cause in CAUSES])
"""By cause code: whether the requirement is closed."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Whose gap is asked: of one of the four, or, with none, of everybody."""

    unit_id: str | None = None
    project_id: str | None = None
    position_id: str | None = None
    person_ids: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """One requirement against a group."""

    required: Required
    floor: Trust
    people: Mapping[Cause, int]
    """How many people by cause; causes of nobody are left out."""
    codes: NDArray[np.int8]
    """The cause code of each of the group's people."""
    elsewhere: int
    """How many people outside the group meet it."""


@dataclass(frozen=True, kw_only=True)
class GroupGap:
    """A group against a target."""

    first: date
    until: date
    known: int
    role_id: str | None
    position_id: str | None
    people: NDArray[np.intp]
    """The person rows of the group, in the order of their ids."""
    eligible: Mask
    """Which of them meet everything mandatory."""
    lines: tuple[GroupLine, ...]
    compliance: float | None
    """Lines MET or WAIVED of all lines of all people; None: nobody is in the group."""
    policy: str
    level_rule: str = LEVEL_RULE
    asked: Comparison = field(repr=False)
    outside: Mask = field(repr=False)
    """Which person rows are in service, and not in the group."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """A group against a target on one day."""

    day: date
    people: int
    eligible: int
    compliance: float | None
    """None: nobody was in the group, or nothing was required."""


def group_gap(  # noqa: PLR0913 the common arguments of every question
    snapshot: Snapshot,
    group: Group,
    target: Target,
    *,
    as_of: date | None = None,
    until: date | None = None,
    known: int,
    min_trust: Trust | None = None,
    today: date,
) -> GroupGap:
    """The gap of the people of a group who are in service on some day of the window."""
    resolved = resolve(snapshot, target, as_of=as_of, until=until, known=known, min_trust=min_trust, today=today)
    return gap_of(snapshot, group, resolved)


def gap_of(snapshot: Snapshot, group: Group, resolved: Resolved) -> GroupGap:
    """The gap of a group to what is required."""
    asked = comparison(snapshot, resolved)
    serving = in_service(asked)
    inside = serving & members(snapshot, group, asked.window, asked.known)
    rows = _in_order(snapshot, inside)
    outside = serving & ~inside
    lines = tuple(_line(asked, at, rows, outside) for at in range(len(asked.criteria)))
    shut = np.array([SHUT[line.codes] for line in lines]).reshape(len(lines), len(rows))
    return GroupGap(
        first=day_of(asked.window.first),
        until=day_of(asked.window.until),
        known=asked.known,
        role_id=resolved.role_id,
        position_id=resolved.position_id,
        people=rows,
        eligible=_eligible(asked, shut),
        lines=lines,
        compliance=float(shut.mean()) if len(rows) else None,
        policy=asked.policy.version,
        asked=asked,
        outside=outside,
    )


def trend(
    snapshot: Snapshot, group: Group, target: Target, days: Sequence[date], *, known: int, min_trust: Trust | None
) -> list[Point]:
    """How a group stood on each of some days; who belongs to it, and everything else, as it is known at *known*."""
    known, floor = min(known, snapshot.seq), (min_trust or Trust.CLAIMED).rank
    return [_point(snapshot, group, target, day, known, floor) for day in days]


def _point(snapshot: Snapshot, group: Group, target: Target, day: date, known: int, floor: int) -> Point:
    window = days_asked(day, None)
    resolved = required_on(snapshot, target, window, floor, known)
    if resolved is None:
        nothing = comparison(snapshot, Resolved((), window, known))
        people = int((in_service(nothing) & members(snapshot, group, window, known)).sum())
        return Point(day=day, people=people, eligible=people, compliance=None)
    asked = comparison(snapshot, resolved)
    rows = np.flatnonzero(in_service(asked) & members(snapshot, group, window, known))
    shut = np.array([met(asked, each)[rows] for each in asked.criteria]).reshape(len(asked.criteria), len(rows))
    return Point(
        day=day,
        people=len(rows),
        eligible=int(_eligible(asked, shut).sum()),
        compliance=float(shut.mean()) if len(rows) else None,
    )


def required_on(snapshot: Snapshot, target: Target, window: Window, floor: int, known: int) -> Resolved | None:
    """What a target requires on the days of *window*; None: nothing."""
    try:
        return on_days(snapshot, target, window, floor, known)
    except Invalid as refused:
        if refused.code == NOTHING_REQUIRED:
            return None
        raise


def _eligible(asked: Comparison, shut: Mask) -> Mask:
    """Who has every mandatory requirement closed; *shut* says by requirement and person what is."""
    mandatory = [at for at, criterion in enumerate(asked.criteria) if criterion.required.is_mandatory]
    closed: Mask = np.logical_and.reduce(shut[mandatory], axis=0)
    return closed


def _in_order(snapshot: Snapshot, people: Mask) -> NDArray[np.intp]:
    """The rows of *people* in the order of their ids."""
    rows = np.flatnonzero(people)
    return rows[np.argsort(snapshot.people.order(snapshot.size)[rows], kind="stable")]


def members(snapshot: Snapshot, group: Group, window: Window, known: int) -> Mask:
    """Which person rows belong to a group; NotFound for what is not known. A proposed booking makes nobody belong."""
    if group.unit_id is not None:
        return snapshot.in_unit(group.unit_id, known)
    if group.project_id is not None:
        seats = of_project(snapshot, snapshot.project(group.project_id, known).id, known)
        return booked(snapshot, seats, *window, known, include_soft=False)
    if group.position_id is not None:
        seats = [snapshot.position(group.position_id, known).id]
        return booked(snapshot, seats, *window, known, include_soft=False)
    found = np.full(snapshot.size, not group.person_ids)
    if group.person_ids:
        found[[snapshot.person_row(each, known) for each in group.person_ids]] = True
    return found


def _line(asked: Comparison, at: int, rows: NDArray[np.intp], outside: Mask) -> GroupLine:
    criterion = asked.criteria[at]
    everybody = causes(asked, criterion)
    codes = everybody[rows]
    counts = np.bincount(codes, minlength=len(CAUSES)).tolist()
    return GroupLine(
        required=criterion.required,
        floor=TRUSTS[criterion.required.floor],
        people={cause: count for cause, count in zip(CAUSES, counts, strict=True) if count},
        codes=codes,
        elsewhere=int((everybody[outside] == CODES[Cause.MET]).sum()),
    )
