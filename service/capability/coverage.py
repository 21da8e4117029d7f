"""Coverage rules: whether enough people hold a skill where a rule demands it, how many are short, and who is nearest.

The people of a rule are those in service on some day asked who belong to its unit, or to one under it, by
unit or by site; who are booked to its project on some day asked; or whose own role it is. A waiver exempts
from a requirement and makes nobody able, so that it does not count here.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import day_of
from service.capability.index import Snapshot
from service.capability.levels import Window, met_throughout
from service.capability.qualification import level_stretches
from service.capability.states import CoverageState
from service.capability.targets import days_asked
from service.domain.proof import TRUSTS, Trust
from service.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose rules are asked about: those of a unit and of all under it, of a project, or of a role; else all."""

    unit_id: str | None = None
    project_id: str | None = None
    role_id: str | None = None

    def __post_init__(self) -> None:
        given = [each for each in (self.unit_id, self.project_id, self.role_id) if each is not None]
        if len(given) > 1:
            raise Invalid(
                f"{len(given)} of unit, project and role are given; ask about one of them, or about all rules"
            )


@dataclass(frozen=True, kw_only=True)
class Covered:
    """One rule, on those of the days asked on which it is in force."""

    rule: CoverageState
    skill_name: str
    scope_name: str
    window: Window
    known: int
    floor: int
    people: int
    """People of the rule."""
    covering: int
    """Those of them who cover it on every day."""
    least: int
    """Fewest who cover it on one and the same day."""
    breaks: int | None
    """The first day on which too few cover it."""
    snapshot: Snapshot = field(repr=False)
    members: NDArray[np.bool_] = field(repr=False)

    @property
    def short(self) -> int:
        """How many people are missing on the worst day."""
        return max(0, self.rule.people - self.least)

    @property
    def is_met(self) -> bool:
        """Whether enough people cover it on every day."""
        return self.breaks is None

    @property
    def breaks_on(self) -> date | None:
        """The first day on which too few cover it, by the dates that are known."""
        return None if self.breaks is None else day_of(self.breaks)

    @property
    def min_trust(self) -> Trust:
        """Least trust that counts."""
        return TRUSTS[self.floor]


def coverage(
    snapshot: Snapshot,
    scope: Scope,
    *,
    as_of: date | None = None,
    until: date | None = None,
    known: int,
    min_trust: Trust | None = None,
    today: date,
) -> list[Covered]:
    """Every rule in *scope* that is in force on some day asked, the shortest of people first, then by id.

    A rule may ask for more trust than *min_trust*, never for less. Raises NotFound for a scope that is not known.
    """
    known = min(known, snapshot.seq)
    asked = days_asked(as_of or today, until)
    floor = (min_trust or Trust.CLAIMED).rank
    members: dict[object, NDArray[np.bool_]] = {}
    found = []
    for rule in _rules(snapshot, scope, known):
        window = Window(max(asked.first, rule.valid_from), min(asked.until, rule.valid_until))
        if window.first >= window.until:
            continue
        key = (rule.unit_id, rule.project_id, rule.role_id, window)
        if key not in members:
            members[key] = _members(snapshot, rule, window, known)
        found.append(_covered(snapshot, rule, window, known, max(floor, rule.min_trust or 0), members[key]))
    return sorted(found, key=lambda each: (-each.short, each.rule.id))


def belonging(snapshot: Snapshot, unit_id: str, known: int) -> NDArray[np.bool_]:
    """Which person rows belong to a unit or to one under it, by their unit or by the site where they work."""
    subtree = snapshot.subtree(unit_id, known)
    rows = [row for each in subtree if (row := snapshot.units.rows.get(each)) is not None]
    service = snapshot.service(known)
    return np.isin(service.unit, rows) | np.isin(service.site, rows)


def _rules(snapshot: Snapshot, scope: Scope, known: int) -> list[CoverageState]:
    rules = snapshot.tables.coverage_rules.all_known(known)
    if scope.unit_id is not None:
        subtree = snapshot.subtree(scope.unit_id, known)
        return [each for each in rules if each.unit_id in subtree]
    if scope.project_id is not None:
        project_id = snapshot.project(scope.project_id, known).id
        return [each for each in rules if each.project_id == project_id]
    if scope.role_id is not None:
        role_id = snapshot.role(scope.role_id, known).id
        return [each for each in rules if each.role_id == role_id]
    return rules


def _members(snapshot: Snapshot, rule: CoverageState, window: Window, known: int) -> NDArray[np.bool_]:
    """Which person rows are the people of a rule."""
    service = snapshot.service(known)
    there = service.exists & (service.first < window.until) & (service.until > window.first)
    if rule.unit_id is not None:
        return there & belonging(snapshot, rule.unit_id, known)
    if rule.project_id is not None:
        return there & _booked(snapshot, rule.project_id, window, known)
    row = snapshot.roles.rows.get(rule.role_id or "")
    return there & (service.role == row) if row is not None else np.zeros_like(there)


def _booked(snapshot: Snapshot, project_id: str, window: Window, known: int) -> NDArray[np.bool_]:
    """Which person rows have a booking on a project, not REJECTED, on some day of the window."""
    bookings, places = snapshot.bookings(known), snapshot.positions.rows
    positions = snapshot.tables.positions_by_project.known(project_id, known)
    rows = [places[each.id] for each in positions if each.id in places]
    counts = np.isin(bookings.position, rows) & (bookings.first < window.until) & (bookings.until > window.first)
    found = np.zeros(snapshot.size, np.bool_)
    found[bookings.person[counts]] = True
    return found


def throughout(snapshot: Snapshot, window: Window, known: int) -> NDArray[np.bool_]:
    """Who is in service on every day of the window."""
    service = snapshot.service(known)
    return service.exists & (service.first <= window.first) & (service.until >= window.until)


def _covered(
    snapshot: Snapshot, rule: CoverageState, window: Window, known: int, floor: int, members: NDArray[np.bool_]
) -> Covered:
    rows = snapshot.block(rule.skill_id).counting
    met = met_throughout(rows, rule.level, window, known=known, floor=floor)
    least, breaks = _fewest(snapshot, rule, window, known, floor, members)
    return Covered(
        rule=rule,
        skill_name=snapshot.skill_name(rule.skill_id, known),
        scope_name=_scope_name(snapshot, rule, known),
        window=window,
        known=known,
        floor=floor,
        people=int(members.sum()),
        covering=int((members & throughout(snapshot, window, known))[met].sum()),
        least=least,
        breaks=breaks,
        snapshot=snapshot,
        members=members,
    )


def _fewest(
    snapshot: Snapshot, rule: CoverageState, window: Window, known: int, floor: int, members: NDArray[np.bool_]
) -> tuple[int, int | None]:
    """The fewest who cover a rule on one day, and the first day on which too few do; None: there is no such day."""
    rows, service = snapshot.block(rule.skill_id).counting, snapshot.service(known)
    counts = (rows.recorded <= known) & (rows.retracted > known) & (rows.trust >= floor) & members[rows.person]
    stretches = level_stretches(rows.take(counts))
    is_met = stretches.level >= rule.level
    person = stretches.person[is_met]
    first = np.maximum(np.maximum(stretches.first[is_met], service.first[person]), window.first)
    until = np.minimum(np.minimum(stretches.until[is_met], service.until[person]), window.until)
    is_there = first < until
    first, until = np.sort(first[is_there]), np.sort(until[is_there])
    days = np.unique(np.append(until[until < window.until], window.first))  # the only days on which fewer may cover
    count = np.searchsorted(first, days, side="right") - np.searchsorted(until, days, side="right")
    too_few = days[count < rule.people]
    return int(count.min()), int(too_few[0]) if len(too_few) else None


def _scope_name(snapshot: Snapshot, rule: CoverageState, known: int) -> str:
    tables = snapshot.tables
    for table, id_ in ((tables.units, rule.unit_id), (tables.projects, rule.project_id), (tables.roles, rule.role_id)):
        for each in table.known(id_, known) if id_ is not None else ():
            return str(each.name)
    return rule.name
