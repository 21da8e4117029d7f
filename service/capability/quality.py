"""What is missing or stale in the registry: each kind of finding counted, and listed a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from service.capability import quality_people
from service.capability.columns import ALWAYS, day_number, day_of
from service.capability.index import Snapshot
from service.capability.quality_people import Asked, Draw, Item
from service.capability.states import PositionState
from service.domain.skills import Lifecycle
from service.domain.work import PositionStatus
from service.errors import Invalid

REVIEW_DAYS: Final = 365
"""Days after which a role is to be looked at again."""

MOST_MONTHS: Final = 600


class Kind(StrEnum):
    """What is wrong with some of the data."""

    PEOPLE_WITHOUT_UNIT = "PEOPLE_WITHOUT_UNIT"
    PEOPLE_WITHOUT_ROLE = "PEOPLE_WITHOUT_ROLE"
    PEOPLE_WITHOUT_SKILLS = "PEOPLE_WITHOUT_SKILLS"
    STALE_PROFILES = "STALE_PROFILES"
    ASSERTIONS_WITHOUT_EVIDENCE = "ASSERTIONS_WITHOUT_EVIDENCE"
    SKILLS_WITHOUT_SCALE = "SKILLS_WITHOUT_SCALE"
    DRAFT_SKILLS_IN_USE = "DRAFT_SKILLS_IN_USE"
    DEPRECATED_SKILLS_IN_USE = "DEPRECATED_SKILLS_IN_USE"
    ROLES_WITHOUT_PROFILE = "ROLES_WITHOUT_PROFILE"
    ROLES_NOT_REVIEWED = "ROLES_NOT_REVIEWED"
    POSITIONS_WITHOUT_REQUIREMENTS = "POSITIONS_WITHOUT_REQUIREMENTS"


NEXT_STEPS: Final = {
    Kind.PEOPLE_WITHOUT_UNIT: "Name their unit: no unit's gaps, coverage or capacity counts them.",
    Kind.PEOPLE_WITHOUT_ROLE: "Name their role: nothing is required of them until then.",
    Kind.PEOPLE_WITHOUT_SKILLS: "Ask them what they can do: nobody finds them.",
    Kind.STALE_PROFILES: "Ask them, or start a review of their unit.",
    Kind.ASSERTIONS_WITHOUT_EVIDENCE: "Ask for evidence first where a requirement wants the skill verified.",
    Kind.SKILLS_WITHOUT_SCALE: "Give them a scale: no level of them means anything.",
    Kind.DRAFT_SKILLS_IN_USE: "Have the curators publish, merge or reject them.",
    Kind.DEPRECATED_SKILLS_IN_USE: "Require and record the skill that replaces them.",
    Kind.ROLES_WITHOUT_PROFILE: "Draft and publish what they require: nobody can be compared with them.",
    Kind.ROLES_NOT_REVIEWED: "Have their owner confirm what they require, and record the review.",
    Kind.POSITIONS_WITHOUT_REQUIREMENTS: "Say what they require: nobody can be found for them.",
}
"""What to do about each kind."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One kind of finding."""

    kind: Kind
    count: int
    looked_at: int
    """How many things of the sort were looked at."""
    draw: Draw = field(repr=False)
    """The items after a key, in the order of their keys."""

    @property
    def ratio(self) -> float:
        """The share of what was looked at; 0 of nothing."""
        return self.count / self.looked_at if self.looked_at else 0.0


class Quality(NamedTuple):
    """The state of the data on a day, as known at a sequence number."""

    day: date
    known: int
    findings: tuple[Finding, ...]


def data_quality(
    snapshot: Snapshot,
    *,
    unit_id: str | None = None,
    as_of: date | None = None,
    known: int,
    stale_after_months: int = 12,
    today: date,
) -> Quality:
    """Every kind of finding; *unit_id* leaves those about people, and what is said of them, to that unit and below."""
    if not 1 <= stale_after_months <= MOST_MONTHS:
        raise Invalid(
            f"staleAfterMonths {stale_after_months} is not a whole number from 1 to {MOST_MONTHS}",
            path=("staleAfterMonths",),
        )
    known, day = min(known, snapshot.seq), as_of or today
    asked = Asked.of(snapshot, unit_id, day_number(day), known)
    stated = quality_people.statements(asked)
    in_force = _in_force(asked)
    found: dict[Kind, tuple[int, int, Draw]] = {
        Kind.PEOPLE_WITHOUT_UNIT: quality_people.without_unit(asked),
        Kind.PEOPLE_WITHOUT_ROLE: quality_people.without_role(asked),
        Kind.PEOPLE_WITHOUT_SKILLS: quality_people.without_skills(asked, stated),
        Kind.STALE_PROFILES: quality_people.stale(asked, day_number(months_before(day, stale_after_months))),
        Kind.ASSERTIONS_WITHOUT_EVIDENCE: quality_people.without_evidence(asked, stated),
        Kind.SKILLS_WITHOUT_SCALE: _without_scale(asked),
        Kind.DRAFT_SKILLS_IN_USE: _in_use(asked, stated.skills, in_force, Lifecycle.DRAFT),
        Kind.DEPRECATED_SKILLS_IN_USE: _in_use(asked, stated.skills, in_force, Lifecycle.DEPRECATED),
        Kind.ROLES_WITHOUT_PROFILE: _without_profile(asked),
        Kind.ROLES_NOT_REVIEWED: _not_reviewed(asked),
        Kind.POSITIONS_WITHOUT_REQUIREMENTS: _without_requirements(asked),
    }
    findings = (Finding(kind=kind, count=count, looked_at=of, draw=draw) for kind, (count, of, draw) in found.items())
    return Quality(day, known, tuple(findings))


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months before, or the last there is."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return date.min
    return next(date(year, month + 1, each) for each in range(day.day, 0, -1) if _is_day(year, month + 1, each))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _listed(items: Iterable[Item], looked_at: int) -> tuple[int, int, Draw]:
    """A finding of few items: all of them, by id."""
    found = sorted(items, key=lambda item: item.key)

    def draw(after: str, first: int) -> list[Item]:
        return [item for item in found if item.key > after][:first]

    return len(found), looked_at, draw


def _without_scale(asked: Asked) -> tuple[int, int, Draw]:
    tables, known = asked.snapshot.tables, asked.known
    skills = [each for each in tables.skills.all_known(known) if not each.is_group]
    bare = [each for each in skills if each.scale_id is None or not tables.scales.known(each.scale_id, known)]
    return _listed((Item(each.id, "Skill", each.id, each.name, "no scale") for each in bare), len(skills))


def _in_force(asked: Asked) -> set[str]:
    """Ids of the skills that something in force on the day requires: a profile, an open position, or a unit."""
    tables, known = asked.snapshot.tables, asked.known
    profiles = (asked.snapshot.profile_in_force(each.id, asked.day, known) for each in tables.roles.all_known(known))
    owners = [each.id for each in profiles if each is not None]
    owners += [each.id for each in _open_positions(asked)]
    owners += [each.id for each in tables.units.all_known(known)]
    return {each.skill_id for owner in owners for each in tables.requirements_by_owner.known(owner, known)}


def _in_use(asked: Asked, stated: dict[str, int], required: set[str], lifecycle: Lifecycle) -> tuple[int, int, Draw]:
    """Skills of a lifecycle among all that somebody is said to hold or something requires."""
    skills, known = asked.snapshot.tables.skills, asked.known
    used = {*(skill_id for skill_id, count in stated.items() if count), *required}
    found = [each for skill_id in used for each in skills.known(skill_id, known)]

    def note(skill_id: str, replaced_by_id: str | None) -> str:
        count = stated.get(skill_id, 0)
        parts = [f"{count} statement{'s' if count != 1 else ''}", *(["required"] if skill_id in required else [])]
        if replaced_by_id is not None:
            parts.append(f"replaced by {asked.snapshot.skill_name(replaced_by_id, known)}")
        return ", ".join(parts)

    items = (
        Item(each.id, "Skill", each.id, each.name, note(each.id, each.replaced_by_id))
        for each in found
        if each.lifecycle == lifecycle
    )
    return _listed(items, len(found))


def _without_profile(asked: Asked) -> tuple[int, int, Draw]:
    roles = asked.snapshot.tables.roles.all_known(asked.known)
    profiles = asked.snapshot.tables.profiles_by_role
    bare = [each for each in roles if asked.snapshot.profile_in_force(each.id, asked.day, asked.known) is None]
    notes = {each.id: "none in force" if profiles.known(each.id, asked.known) else "no profile" for each in bare}
    items = (Item(each.id, "Role", each.id, each.name, notes[each.id]) for each in bare)
    return _listed(items, len(roles))


def _not_reviewed(asked: Asked) -> tuple[int, int, Draw]:
    """Roles whose last review, or first day of the profile in force, is more than a year ago, or not known."""
    roles = asked.snapshot.tables.roles.all_known(asked.known)
    items = []
    for each in roles:
        profile = asked.snapshot.profile_in_force(each.id, asked.day, asked.known)
        reviewed = max(each.reviewed_on, ALWAYS if profile is None else profile.valid_from)
        if reviewed < asked.day - REVIEW_DAYS:
            note = "never reviewed" if reviewed == ALWAYS else f"last looked at {day_of(reviewed)}"
            items.append(Item(each.id, "Role", each.id, each.name, note))
    return _listed(items, len(roles))


def _without_requirements(asked: Asked) -> tuple[int, int, Draw]:
    """Open positions that require nothing, neither themselves nor by their role on their first day to come."""
    snapshot, known = asked.snapshot, asked.known
    positions, items = _open_positions(asked), []
    for each in positions:
        day = max(asked.day, each.valid_from)
        profile = None if each.role_id is None else snapshot.profile_in_force(each.role_id, day, known)
        if profile is not None and snapshot.requirements(profile.id, known):
            continue
        if not snapshot.requirements(each.id, known):
            note = "no role" if each.role_id is None else "its role requires nothing"
            items.append(Item(each.id, "Position", each.id, each.title, note))
    return _listed(items, len(positions))


def _open_positions(asked: Asked) -> list[PositionState]:
    positions = asked.snapshot.tables.positions.all_known(asked.known)
    return [each for each in positions if each.status == PositionStatus.OPEN and each.valid_until > asked.day]
