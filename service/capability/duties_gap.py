"""What people lack of what their own unit, site and role require, counted by skill, level and trust.

People of the same unit, site and role have the same duties; each different requirement is looked at once,
for everybody whom it concerns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from service.capability.causes import CAUSES, CODES, causes
from service.capability.columns import day_of
from service.capability.comparison import Comparison, Criterion
from service.capability.credits import sources
from service.capability.group_gaps import SHUT, Group, Mask, Point, members
from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.ranking import held_throughout, in_service
from service.capability.states import RequirementState, WaiverState
from service.capability.targets import Required, Resolved, days_asked, of_role, one_of, stricter
from service.capability.waivers import by_person, waiver_of
from service.domain.policy import LEVEL_RULE, Cause
from service.domain.proof import Trust

Rows = NDArray[np.intp]
Duties = Mapping[str, Required]
"""What is required, by skill."""


@dataclass(frozen=True, kw_only=True)
class DutyLine:
    """One skill at one level and trust, against all of a group whose duty it is."""

    required: Required
    """Of its fields, skill, level and floor are the same for all."""
    rows: Rows
    """Whose duty it is, ascending."""
    codes: NDArray[np.int8]
    """The cause code of each of them."""
    mandatory: int
    """For how many of them it is mandatory."""
    people: Mapping[Cause, int]
    """How many people by cause; causes of nobody are left out."""

    @property
    def open(self) -> int:
        """How many people it is open for."""
        return int((~SHUT[self.codes]).sum())

    @property
    def key(self) -> str:
        """Sorts lines: open for most people first."""
        required = self.required
        return f"{10**9 - self.open:010d} {required.skill_id} {required.level:02d} {required.floor}"


@dataclass(frozen=True, kw_only=True)
class DutiesGap:
    """A group against everybody's own duties on one day."""

    day: date
    known: int
    people: int
    """People of whom something is required."""
    without_duties: int
    eligible: int
    """People who have everything mandatory closed."""
    compliance: float | None
    """Lines closed of all lines; None: nothing is required of anybody."""
    lines: tuple[DutyLine, ...]
    """In the order of their keys."""
    policy: str
    level_rule: str = LEVEL_RULE
    asked: Comparison = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class _Demand:
    """One skill at one level and trust, and whom it is asked of."""

    required: Required
    rows: Rows
    mandatory: Mask


def duties_gap(
    snapshot: Snapshot,
    group: Group,
    *,
    as_of: date | None = None,
    known: int,
    min_trust: Trust | None = None,
    today: date,
) -> DutiesGap:
    """The gap of the people of a group in service on the day, each against the own duties."""
    asked = _asked(snapshot, as_of or today, known)
    people = _people(asked, group)
    demands = list(_demands(asked, people, (min_trust or Trust.CLAIMED).rank))
    lines = [_line(asked, each) for each in demands]
    closed = [SHUT[line.codes] for line in lines]
    bearing, eligible, compliance = _totals(snapshot, demands, closed)
    return DutiesGap(
        day=day_of(asked.window.first),
        known=asked.known,
        people=bearing,
        without_duties=len(people) - bearing,
        eligible=eligible,
        compliance=compliance,
        lines=tuple(sorted(lines, key=lambda each: each.key)),
        policy=asked.policy.version,
        asked=asked,
    )


def duties_trend(
    snapshot: Snapshot, group: Group, days: Sequence[date], *, known: int, min_trust: Trust | None
) -> list[Point]:
    """How a group stood on each of some days; who belongs to it, and everything else, as it is known at *known*."""
    found = []
    for day in days:
        asked = _asked(snapshot, day, known)
        demands = list(_demands(asked, _people(asked, group), (min_trust or Trust.CLAIMED).rank))
        closed = [_closed(asked, each) for each in demands]
        people, eligible, compliance = _totals(snapshot, demands, closed)
        found.append(Point(day=day, people=people, eligible=eligible, compliance=compliance))
    return found


def comparison_for(gap: DutiesGap, line: DutyLine, row: int) -> tuple[Comparison, Criterion]:
    """One line of the gap as a question about the person of a row."""
    asked, snapshot, required = gap.asked, gap.asked.snapshot, line.required
    waiver = waiver_of(_waivers_of(asked, required.skill_id, row), _of_person(asked, row))
    exempt = {} if waiver is None else {snapshot.people.ids[row]: waiver}
    return asked, Criterion(required, sources(snapshot, required.skill_id, asked.policy, asked.known), exempt)


def _asked(snapshot: Snapshot, day: date, known: int) -> Comparison:
    """A question without requirements: the day, what is known then, and the policy."""
    window, known = days_asked(day, None), min(known, snapshot.seq)
    return Comparison(snapshot, Resolved((), window, known), snapshot.policy(window.first, known), ())


def _people(asked: Comparison, group: Group) -> Rows:
    return np.flatnonzero(in_service(asked) & members(asked.snapshot, group, asked.window, asked.known))


def _demands(asked: Comparison, people: Rows, floor: int) -> Iterator[_Demand]:
    """Every different requirement of the duties of *people*, by skill."""
    if not len(people):
        return
    snapshot, known = asked.snapshot, asked.known
    service = snapshot.service(known)
    places = np.stack((service.unit[people], service.site[people], service.role[people]), axis=1)
    different, which = np.unique(places, axis=0, return_inverse=True)
    alike = np.split(
        people[np.argsort(which, kind="stable")], np.cumsum(np.bincount(which, minlength=len(different)))[:-1]
    )
    of_unit = cache(lambda unit: _of_unit(snapshot, unit, floor, known))
    of_own_role = cache(lambda role: _of_own_role(snapshot, role, asked.window, floor, known))
    found: dict[tuple[str, int, int], list[tuple[Required, Rows]]] = {}
    for (unit, site, role), rows in zip(different.tolist(), alike, strict=True):
        for each in _together((of_own_role(role), of_unit(unit), of_unit(site))).values():
            found.setdefault((each.skill_id, each.level, each.floor), []).append((each, rows))
    for key in sorted(found):
        yield _demand(found[key])


def _demand(parts: Sequence[tuple[Required, Rows]]) -> _Demand:
    rows = np.concatenate([rows for _, rows in parts])
    mandatory = np.concatenate([np.full(len(rows), each.is_mandatory) for each, rows in parts])
    order = np.argsort(rows)
    return _Demand(required=parts[0][0], rows=rows[order], mandatory=mandatory[order])


def _together(parts: Sequence[Duties]) -> dict[str, Required]:
    """What several require together, the strictest of each skill."""
    found: dict[str, Required] = {}
    for part in parts:
        for skill_id, one in part.items():
            other = found.get(skill_id)
            found[skill_id] = one if other is None else stricter(one, other)
    return found


def _of_unit(snapshot: Snapshot, unit: int, floor: int, known: int) -> Duties:
    """What the unit of a row, and every unit that it is part of, require."""
    if unit < 0:
        return {}
    above = snapshot.above(snapshot.units.ids[unit], known)
    return _together([_required(snapshot, snapshot.requirements(each, known), floor, known) for each in above])


def _of_own_role(snapshot: Snapshot, role: int, window: Window, floor: int, known: int) -> Duties:
    if role < 0:
        return {}
    return _required(snapshot, of_role(snapshot, snapshot.roles.ids[role], window, known), floor, known)


def _required(snapshot: Snapshot, asked: Sequence[RequirementState], floor: int, known: int) -> Duties:
    return _together([{each.skill_id: one_of(snapshot, each, floor, known)} for each in asked])


def _line(asked: Comparison, demand: _Demand) -> DutyLine:
    required = demand.required
    earning = sources(asked.snapshot, required.skill_id, asked.policy, asked.known)
    codes = causes(asked, Criterion(required, earning, {}))[demand.rows]
    codes[_exempt(asked, demand) & (codes != CODES[Cause.MET])] = CODES[Cause.WAIVED]
    counts = np.bincount(codes, minlength=len(CAUSES)).tolist()
    return DutyLine(
        required=required,
        rows=demand.rows,
        codes=codes,
        mandatory=int(demand.mandatory.sum()),
        people={cause: count for cause, count in zip(CAUSES, counts, strict=True) if count},
    )


def _closed(asked: Comparison, demand: _Demand) -> Mask:
    """Who of those asked has it MET or WAIVED."""
    closed: Mask = held_throughout(asked, demand.required)[demand.rows] | _exempt(asked, demand)
    return closed


def _exempt(asked: Comparison, demand: _Demand) -> Mask:
    """Who of those asked is exempt, also for the own role."""
    snapshot = asked.snapshot
    found = np.zeros(len(demand.rows), np.bool_)
    for person_id, own in by_person(snapshot, demand.required.skill_id, asked.known).items():
        row = snapshot.people.rows.get(person_id, snapshot.size)
        at = int(np.searchsorted(demand.rows, row))
        if at < len(demand.rows) and demand.rows[at] == row:
            found[at] = waiver_of(own, _of_person(asked, row)) is not None
    return found


def _waivers_of(asked: Comparison, skill_id: str, row: int) -> list[WaiverState]:
    return by_person(asked.snapshot, skill_id, asked.known).get(asked.snapshot.people.ids[row], [])


def _of_person(asked: Comparison, row: int) -> Resolved:
    """What a waiver of the person of a row may be bound to."""
    role = int(asked.snapshot.service(asked.known).role[row])
    return asked.resolved._replace(role_id=asked.snapshot.roles.ids[role] if role >= 0 else None)


def _totals(snapshot: Snapshot, demands: Sequence[_Demand], closed: Sequence[Mask]) -> tuple[int, int, float | None]:
    """Of how many people something is required, how many have all that is mandatory, and the lines closed of all."""
    bears, lacks = np.zeros(snapshot.size, np.bool_), np.zeros(snapshot.size, np.bool_)
    for demand, its in zip(demands, closed, strict=True):
        bears[demand.rows] = True
        lacks[demand.rows[demand.mandatory & ~its]] = True
    lines, shut = sum(len(each) for each in closed), sum(int(each.sum()) for each in closed)
    return int(bears.sum()), int((bears & ~lacks).sum()), shut / lines if lines else None
