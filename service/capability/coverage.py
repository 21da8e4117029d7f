"""Coverage rules: whether enough people hold a skill where a rule demands it, how many are short, and who is nearest.

The people of a rule on a day are those in service who belong to its unit, or to one under it, by unit or by site;
who are booked to its project on that day; or whose own role it is. A waiver exempts from a requirement and makes
nobody able, so that it does not count here.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from service.capability.columns import day_of
from service.capability.index import Snapshot
from service.capability.levels import Window, met_throughout
from service.capability.membership import Members, members
from service.capability.qualification import Stretches, level_stretches
from service.capability.rows import Rows
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
    """People of the rule on some day."""
    covering: int
    """Those of them who belong to it and cover it on every day."""
    least: int
    """Fewest who cover it on one and the same day."""
    breaks: int | None
    """The first day on which too few cover it."""
    snapshot: Snapshot = field(repr=False)
    members: Members = field(repr=False)

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
    people: dict[object, Members] = {}
    found = []
    for rule in _rules(snapshot, scope, known):
        window = Window(max(asked.first, rule.valid_from), min(asked.until, rule.valid_until))
        if window.first >= window.until:
            continue
        key = (rule.unit_id, rule.project_id, rule.role_id, window)
        if key not in people:
            people[key] = members(snapshot, rule, window, known)
        found.append(_covered(snapshot, rule, window, known, max(floor, rule.min_trust or 0), people[key]))
    return sorted(found, key=lambda each: (-each.short, each.rule.id))


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


def _covered(
    snapshot: Snapshot, rule: CoverageState, window: Window, known: int, floor: int, people: Members
) -> Covered:
    rows = snapshot.block(rule.skill_id).counting
    met = met_throughout(rows, rule.level, window, known=known, floor=floor)
    least, breaks = _fewest(rows, rule, window, known, floor, people)
    return Covered(
        rule=rule,
        skill_name=snapshot.skill_name(rule.skill_id, known),
        scope_name=_scope_name(snapshot, rule, known),
        window=window,
        known=known,
        floor=floor,
        people=int(people.mask(snapshot.size).sum()),
        covering=int(people.throughout(window, snapshot.size)[met].sum()),
        least=least,
        breaks=breaks,
        snapshot=snapshot,
        members=people,
    )


def _fewest(
    rows: Rows, rule: CoverageState, window: Window, known: int, floor: int, people: Members
) -> tuple[int, int | None]:
    """The fewest who cover a rule on one day, and the first day on which too few do; None: there is no such day."""
    counts = (rows.recorded <= known) & (rows.retracted > known) & (rows.trust >= floor)
    counts &= np.isin(rows.person, people.person)
    stretches = level_stretches(rows.take(counts))
    is_met = stretches.level >= rule.level
    first, until = people.within(Stretches._make(column[is_met] for column in stretches))
    first, until = np.sort(first), np.sort(until)
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
