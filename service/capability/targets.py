"""What is asked: the requirements in their listed order, and the days they are asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from service.capability.columns import FTE_UNITS, day_number, day_of
from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.states import PositionState, RequirementState
from service.domain.proof import Trust
from service.domain.roles import VersionStatus
from service.errors import Invalid

POINTS: Final = 1_000_000
"""Points in a perfect fit."""

NOTHING_REQUIRED: Final = "NO_REQUIREMENTS"
"""The code of the error about a target that requires nothing."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A requirement as somebody puts it who asks without a role."""

    skill_id: str
    level: int
    weight: float = 1.0
    is_mandatory: bool = True
    min_trust: Trust | None = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """What people are compared with: exactly one of the five."""

    role_id: str | None = None
    job_description_id: str | None = None
    position_id: str | None = None
    duties_of: str | None = None
    """A person: what unit, site and role require of that person together."""
    requirements: Sequence[Ask] = ()

    def __post_init__(self) -> None:
        given = [self.role_id, self.job_description_id, self.position_id, self.duties_of, self.requirements or None]
        if sum(each is not None for each in given) != 1:
            raise Invalid(
                "a target is one of a role, a job description, a position, a person's duties and a list of requirements"
            )


class Required(NamedTuple):
    """One requirement with its floor and its share of the points."""

    skill_id: str
    name: str
    level: int
    weight: float
    is_mandatory: bool
    floor: int
    owner_ids: tuple[str, ...] = ()
    """The role profile, position or units that require it; none when it was asked without one."""
    share: int = 0


class Resolved(NamedTuple):
    """A target at one sequence number: what it requires, of which days, and what a waiver may be bound to."""

    requirements: tuple[Required, ...]
    window: Window
    known: int
    role_id: str | None = None
    position_id: str | None = None
    fte: int | None = None
    """FTE asked by a position, in ten-thousandths."""


def resolve(
    snapshot: Snapshot,
    target: Target,
    *,
    as_of: date | None = None,
    until: date | None = None,
    known: int,
    min_trust: Trust | None = None,
    today: date,
) -> Resolved:
    """The target at *known*; *until* is not looked at for a position, which has its own end.

    Raises NotFound for what is not known, and Invalid when no day or no requirement is left.
    """
    known = min(known, snapshot.seq)
    floor = Trust.CLAIMED.rank if min_trust is None else min_trust.rank
    if target.position_id is not None:
        position = snapshot.position(target.position_id, known)
        first, end = as_of or _first_day(position, today), day_of(position.valid_until)
        if first >= end:
            raise Invalid(f"position {position.id!r} ends on {end}, and {first} is asked about", path=("asOf",))
        window = days_asked(first, end)
    else:
        window = days_asked(as_of or today, until)
    return on_days(snapshot, target, window, floor, known)


def on_days(snapshot: Snapshot, target: Target, window: Window, floor: int, known: int) -> Resolved:
    """What the target requires on the days of *window*, which for a position need not be its own."""
    if target.position_id is not None:
        return _of_position(snapshot, snapshot.position(target.position_id, known), window, floor, known)
    if target.duties_of is not None:
        return _of_duties(snapshot, target.duties_of, window, floor, known)
    if target.role_id is not None:
        role_id = snapshot.role(target.role_id, known).id
        required = of_role(snapshot, role_id, window.first, known)
        if not required:
            _check_profile(snapshot, role_id, window.first, known)
        return Resolved(listed(snapshot, required, floor, known), window, known, role_id)
    if target.job_description_id is not None:
        description = snapshot.job_description(target.job_description_id, known)
        required = snapshot.requirements(description.profile_id, known)
        return Resolved(listed(snapshot, required, floor, known), window, known, description.role_id)
    for ask in target.requirements:
        top = snapshot.level_count(snapshot.skill(ask.skill_id, known).id, known)
        if top is not None and ask.level > top:
            name = snapshot.skill_name(ask.skill_id, known)
            raise Invalid(f"level {ask.level}: the scale of {name!r} ends at {top}", path=("target", "requirements"))
    return Resolved(listed(snapshot, target.requirements, floor, known), window, known)


def _check_profile(snapshot: Snapshot, role_id: str, day: int, known: int) -> None:
    """Invalid where no profile of a role is in force on a day."""
    if snapshot.profile_in_force(role_id, day, known) is not None:
        return
    days = [
        each.valid_from
        for each in snapshot.tables.profiles_by_role.known(role_id, known)
        if each.status == VersionStatus.PUBLISHED and each.valid_from > day
    ]
    later = f"; the next is from {day_of(min(days))}" if days else ""
    raise Invalid(f"role {role_id!r} has no profile in force on {day_of(day)}{later}", code=NOTHING_REQUIRED)


def listed(
    snapshot: Snapshot, required: Iterable[RequirementState | Ask], floor: int, known: int
) -> tuple[Required, ...]:
    """Mandatory first, then by weight descending, name and id of the skill; with floors and shares.

    Where several require the same skill, the strictest of each counts: level, weight, trust, mandatory.
    """
    strictest: dict[str, Required] = {}
    for each in required:
        one, other = _one_of(snapshot, each, floor, known), strictest.get(each.skill_id)
        strictest[each.skill_id] = one if other is None else _stricter(one, other)
    if not strictest:
        raise Invalid("nothing is required, so nothing can be compared", code=NOTHING_REQUIRED)
    return in_order(strictest.values())


def in_order(required: Iterable[Required]) -> tuple[Required, ...]:
    """Requirements in the listed order, with the points that each can earn at most."""
    listed_so = sorted(required, key=lambda each: (not each.is_mandatory, -each.weight, each.name, each.skill_id))
    return with_shares(listed_so)


def _one_of(snapshot: Snapshot, asked: RequirementState | Ask, floor: int, known: int) -> Required:
    """A requirement with its floor, without its points."""
    return Required(
        skill_id=asked.skill_id,
        name=snapshot.skill_name(asked.skill_id, known),
        level=asked.level,
        weight=asked.weight,
        is_mandatory=asked.is_mandatory,
        floor=max(floor, _rank(asked.min_trust)),
        owner_ids=(asked.owner_id,) if isinstance(asked, RequirementState) else (),
    )


def _stricter(one: Required, other: Required) -> Required:
    """What two requirements of the same skill ask together."""
    return one._replace(
        level=max(one.level, other.level),
        weight=max(one.weight, other.weight),
        is_mandatory=one.is_mandatory or other.is_mandatory,
        floor=max(one.floor, other.floor),
        owner_ids=tuple(sorted({*one.owner_ids, *other.owner_ids})),
    )


def with_shares(required: Sequence[Required]) -> tuple[Required, ...]:
    """Requirements, in the listed order, with the points that each can earn at most."""
    return tuple(
        each._replace(share=share)
        for each, share in zip(required, shares([each.weight for each in required]), strict=True)
    )


def shares(weights: Sequence[float]) -> list[int]:
    """Whole shares of a million points by largest remainder, at least 1 each; of equals the earlier gains."""
    return list(_shares(tuple(weights)))


@lru_cache(maxsize=4096)
def _shares(weights: tuple[float, ...]) -> tuple[int, ...]:
    exact = [Fraction(str(weight)) for weight in weights]
    total = sum(exact)
    quotas = [weight * POINTS / total for weight in exact]
    whole = [max(1, int(quota)) for quota in quotas]
    left = POINTS - sum(whole)
    for place in sorted(range(len(whole)), key=lambda place: (whole[place] - quotas[place], place))[: max(left, 0)]:
        whole[place] += 1
    for _ in range(-left):
        whole[whole.index(max(whole))] -= 1
    return tuple(whole)


def _rank(trust: Trust | int | None) -> int:
    if trust is None:
        return 0
    return trust.rank if isinstance(trust, Trust) else trust


def days_asked(first: date, until: date | None) -> Window:
    """The days from *first* to before *until*, or the one day; Invalid when none is left."""
    if first == date.max:
        raise Invalid(f"as_of is {first}, the last day that can be written", path=("as_of",))
    window = Window(day_number(first), day_number(first) + 1 if until is None else day_number(until))
    if window.until <= window.first:
        raise Invalid(f"until {until} is not after {first}; until is the first day that is not asked about")
    return window


def _first_day(position: PositionState, today: date) -> date:
    """The later of today and the position's first day; its first day when it is over."""
    is_under_way = position.valid_from < day_number(today) < position.valid_until
    return today if is_under_way else day_of(position.valid_from)


def _of_position(snapshot: Snapshot, position: PositionState, window: Window, floor: int, known: int) -> Resolved:
    """What a position sets, with its share of time."""
    return Resolved(
        listed(snapshot, of_position(snapshot, position, window.first, known), floor, known),
        window,
        known,
        position.role_id,
        position.id,
        round(position.fte * FTE_UNITS),
    )


def of_role(snapshot: Snapshot, role_id: str, day: int, known: int) -> list[RequirementState]:
    """What the profile in force on a day requires; nothing when none is in force."""
    profile = snapshot.profile_in_force(role_id, day, known)
    return [] if profile is None else snapshot.requirements(profile.id, known)


def of_position(snapshot: Snapshot, position: PositionState, day: int, known: int) -> list[RequirementState]:
    """What a position requires, its role's profile being that in force on a day."""
    inherited = [] if position.role_id is None else of_role(snapshot, position.role_id, day, known)
    return own_over_role(snapshot.requirements(position.id, known), inherited)


def own_over_role(own: Sequence[RequirementState], inherited: Sequence[RequirementState]) -> list[RequirementState]:
    """A position's own requirements, in place of what its role asks of the same skills or added to it."""
    replaced = {each.skill_id for each in own}
    return [*own, *(each for each in inherited if each.skill_id not in replaced)]


def _of_duties(snapshot: Snapshot, person_id: str, window: Window, floor: int, known: int) -> Resolved:
    """What a person's role, unit and site require, and every unit that those are part of."""
    row, service = snapshot.person_row(person_id, known), snapshot.service(known)
    role_id = snapshot.roles.ids[service.role[row]] if service.role[row] >= 0 else None
    required = [] if role_id is None else of_role(snapshot, role_id, window.first, known)
    above: set[str] = set()
    for unit in (int(service.unit[row]), int(service.site[row])):
        if unit >= 0:
            above.update(snapshot.above(snapshot.units.ids[unit], known))
    for unit_id in sorted(above):
        required += snapshot.requirements(unit_id, known)
    return Resolved(listed(snapshot, required, floor, known), window, known, role_id)
