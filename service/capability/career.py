"""The roles near to a person: those first of which most is covered, whatever their length.

Every role is placed exactly as its gap would place it, and cheaply: a requirement is looked at only where the
person holds or held its skill, holds one that earns credit for it, or has a waiver; everything else is missing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple

from service.capability.columns import day_of
from service.capability.comparison import Comparison, Criterion, comparison
from service.capability.credits import sources
from service.capability.fit import score, whole_points, witness
from service.capability.gaps import Gap, gap
from service.capability.index import Snapshot
from service.capability.levels import first_failure, history
from service.capability.states import RoleState, WaiverState
from service.capability.targets import POINTS, Required, Resolved, Target, days_asked, listed, on_days
from service.capability.waivers import waiver_of
from service.domain.policy import LEVEL_RULE
from service.domain.proof import Trust

Held = Callable[[str, int, int], tuple[bool, float]]


class Near(NamedTuple):
    """A role, and how near it is to the person."""

    role_id: str
    name: str
    is_eligible: bool
    base: int
    """In millionths, as the fit."""
    compliance: float
    open: int
    """Mandatory requirements that are open."""
    fit: int

    @property
    def key(self) -> str:
        """Sorts roles: base, compliance, mandatory requirements open, name, id; without a base they are last."""
        return f"{POINTS - self.base:07d} {1 - self.compliance:.9f} {self.open:04d} {self.name}\x1f{self.role_id}"


@dataclass(frozen=True, kw_only=True)
class Paths:
    """The roles that a person could move to, the nearest first."""

    person_id: str
    day: date
    known: int
    role_id: str | None
    """The person's own role, which is not among them."""
    roles: tuple[Near, ...]
    policy: str
    level_rule: str = LEVEL_RULE
    asked: Comparison = field(repr=False)
    floor: int = field(repr=False)


class _View(NamedTuple):
    """One person, looked at for many roles."""

    asked: Comparison
    """Without requirements: the day, what is known then, and the policy."""
    person: int
    reach: frozenset[str]
    """Skills about which anything is known of the person, or that a skill held earns credit for."""
    waivers: dict[str, list[WaiverState]]
    """By skill."""


def career_paths(
    snapshot: Snapshot,
    person_id: str,
    *,
    as_of: date | None = None,
    known: int,
    min_trust: Trust | None = None,
    today: date,
) -> Paths:
    """Every role but the person's own that requires something on the day; NotFound for a person not known."""
    known, window = min(known, snapshot.seq), days_asked(as_of or today, None)
    person, floor = snapshot.person_row(person_id, known), (min_trust or Trust.CLAIMED).rank
    policy = snapshot.policy(window.first, known)
    view = _view(Comparison(snapshot, Resolved((), window, known), policy, ()), person)
    row = int(snapshot.service(known).role[person])
    own = snapshot.roles.ids[row] if row >= 0 else None
    return Paths(
        person_id=person_id,
        day=day_of(window.first),
        known=known,
        role_id=own,
        roles=tuple(sorted(_near(view, own, floor), key=lambda each: each.key)),
        policy=policy.version,
        asked=view.asked,
        floor=floor,
    )


def gap_to(paths: Paths, role_id: str) -> Gap:
    """The gap of the person to one of the roles."""
    asked = paths.asked
    resolved = on_days(asked.snapshot, Target(role_id=role_id), asked.window, paths.floor, asked.known)
    return gap(comparison(asked.snapshot, resolved, asked.policy), paths.person_id)


def _view(asked: Comparison, person: int) -> _View:
    snapshot, known = asked.snapshot, asked.known
    waivers: dict[str, list[WaiverState]] = defaultdict(list)
    for each in snapshot.tables.waivers_by_skill.all_known(known):
        if each.person_id == snapshot.people.ids[person]:
            waivers[each.skill_id].append(each)
    held = {skill_id for skill_id in snapshot.assertions.blocks if history(snapshot, person, skill_id, known)}
    related = {
        other
        for skill_id in held
        for each in (
            *snapshot.tables.relations_by_from.known(skill_id, known),
            *snapshot.tables.relations_by_to.known(skill_id, known),
        )
        for other in (each.from_id, each.to_id)
    }
    return _View(asked, person, frozenset(held | related | waivers.keys()), waivers)


def _near(view: _View, own: str | None, floor: int) -> Iterator[Near]:
    snapshot, window, known = view.asked.snapshot, view.asked.window, view.asked.known
    held = cache(lambda skill_id, level, trust: _held(view, skill_id, level, trust))
    for role in snapshot.tables.roles.all_known(known):
        profile = snapshot.profile_in_force(role.id, window.first, known) if role.id != own else None
        required = [] if profile is None else snapshot.requirements(profile.id, known)
        if not required:
            continue
        if any(each.skill_id in view.reach for each in required):
            yield _placed(view, role, listed(snapshot, required, floor, known), held)
        else:
            lacks = len({each.skill_id for each in required if each.is_mandatory})
            yield Near(role.id, role.name, not lacks, 0, 0.0, lacks, 0)


def _placed(view: _View, role: RoleState, required: Sequence[Required], held: Held) -> Near:
    """How near a role is whose requirements are *required*, some of them in reach."""
    asked, bound = view.asked, view.asked.resolved._replace(role_id=role.id)
    closed, lacks, base, least = 0, 0, 0, 1.0
    for each in required:
        is_met, credit = held(each.skill_id, each.level, each.floor) if each.skill_id in view.reach else (False, 0.0)
        base += whole_points(each.share, credit)
        is_closed = is_met or waiver_of(view.waivers.get(each.skill_id, ()), bound) is not None
        closed += is_closed
        if each.is_mandatory:
            least = min(least, credit)
            lacks += not is_closed
    base, fit = score(base, least, is_eligible=not lacks, policy=asked.policy)
    return Near(role.id, role.name, not lacks, base, closed / len(required), lacks, fit)


def _held(view: _View, skill_id: str, level: int, floor: int) -> tuple[bool, float]:
    """Whether the person meets a requirement by the skill itself, and the credit that is earned for it."""
    asked = view.asked
    snapshot, known = asked.snapshot, asked.known
    required = Required(skill_id, skill_id, level, 1.0, is_mandatory=True, floor=floor)
    criterion = Criterion(required, sources(snapshot, skill_id, asked.policy, known), {})
    found = witness(asked, view.person, criterion)
    failure = first_failure(history(snapshot, view.person, skill_id, known), level, floor, asked.window)
    return failure is None, found.credit if found else 0.0
