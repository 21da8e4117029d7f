"""What people lack of what their own unit, site and role require, counted by skill, level and trust.

Each different requirement is looked at once, for everybody whose duty it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from service.capability.causes import CAUSES, CODES, causes
from service.capability.columns import day_of
from service.capability.comparison import Comparison, Criterion
from service.capability.credits import sources
from service.capability.duties import Demand, Rows, demands_of
from service.capability.gaps import Line, line_of
from service.capability.group_gaps import SHUT, Group, Mask, Point, members
from service.capability.index import Snapshot
from service.capability.ranking import held_throughout, in_service
from service.capability.targets import Required, Resolved, Target, days_asked, on_days
from service.capability.waivers import by_person, waiver_of, waivers
from service.domain.policy import LEVEL_RULE, Cause
from service.domain.proof import Trust


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
    floor: int = field(repr=False)


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
    floor = (min_trust or Trust.CLAIMED).rank
    demands = list(demands_of(asked, people, floor))
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
        floor=floor,
    )


def duties_trend(
    snapshot: Snapshot, group: Group, days: Sequence[date], *, known: int, min_trust: Trust | None
) -> list[Point]:
    """How a group stood on each of some days; who belongs to it, and everything else, as it is known at *known*."""
    found = []
    for day in days:
        asked = _asked(snapshot, day, known)
        demands = list(demands_of(asked, _people(asked, group), (min_trust or Trust.CLAIMED).rank))
        closed = [_closed(asked, each) for each in demands]
        people, eligible, compliance = _totals(snapshot, demands, closed)
        found.append(Point(day=day, people=people, eligible=eligible, compliance=compliance))
    return found


def line_for(found: DutiesGap, duty: DutyLine, row: int) -> Line:
    """One of the lines against the person of a row, as in that person's own gap."""
    snapshot, known, skill_id = found.asked.snapshot, found.known, duty.required.skill_id
    target = Target(duties_of=snapshot.people.ids[row])
    asked = found.asked._replace(resolved=on_days(snapshot, target, found.asked.window, found.floor, known))
    required = next(each for each in asked.resolved.requirements if each.skill_id == skill_id)
    earning = sources(snapshot, skill_id, asked.policy, known)
    return line_of(asked, row, Criterion(required, earning, waivers(snapshot, skill_id, asked.resolved)))


def rows_of(found: DutiesGap, duty: DutyLine, cause: Cause | None) -> list[int]:
    """The person rows with a cause on one line, or all of them, by id of the person."""
    rows = duty.rows if cause is None else duty.rows[duty.codes == CODES[cause]]
    order: list[int] = rows[np.argsort(found.asked.snapshot.people.order(found.asked.snapshot.size)[rows])].tolist()
    return order


def _asked(snapshot: Snapshot, day: date, known: int) -> Comparison:
    """A question without requirements: the day, what is known then, and the policy."""
    window, known = days_asked(day, None), min(known, snapshot.seq)
    return Comparison(snapshot, Resolved((), window, known), snapshot.policy(window.first, known), ())


def _people(asked: Comparison, group: Group) -> Rows:
    return np.flatnonzero(in_service(asked) & members(asked.snapshot, group, asked.window, asked.known))


def _line(asked: Comparison, demand: Demand) -> DutyLine:
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


def _closed(asked: Comparison, demand: Demand) -> Mask:
    """Who of those asked has it MET or WAIVED."""
    closed: Mask = held_throughout(asked, demand.required)[demand.rows] | _exempt(asked, demand)
    return closed


def _exempt(asked: Comparison, demand: Demand) -> Mask:
    """Who of those asked is exempt, also for the own role."""
    snapshot = asked.snapshot
    found = np.zeros(len(demand.rows), np.bool_)
    for person_id, own in by_person(snapshot, demand.required.skill_id, asked.known).items():
        row = snapshot.people.rows.get(person_id, snapshot.size)
        at = int(np.searchsorted(demand.rows, row))
        if at < len(demand.rows) and demand.rows[at] == row:
            found[at] = waiver_of(own, _of_person(asked, row)) is not None
    return found


def _of_person(asked: Comparison, row: int) -> Resolved:
    """What a waiver of the person of a row may be bound to."""
    role = int(asked.snapshot.service(asked.known).role[row])
    return asked.resolved._replace(role_id=asked.snapshot.roles.ids[role] if role >= 0 else None)


def _totals(snapshot: Snapshot, demands: Sequence[Demand], closed: Sequence[Mask]) -> tuple[int, int, float | None]:
    """Of how many people something is required, how many have all that is mandatory, and the lines closed of all."""
    bears, lacks = np.zeros(snapshot.size, np.bool_), np.zeros(snapshot.size, np.bool_)
    for demand, its in zip(demands, closed, strict=True):
        bears[demand.rows] = True
        lacks[demand.rows[demand.mandatory & ~its]] = True
    lines, shut = sum(len(each) for each in closed), sum(int(each.sum()) for each in closed)
    return int(bears.sum()), int((bears & ~lacks).sum()), shut / lines if lines else None
