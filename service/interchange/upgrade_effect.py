"""Whom an upgrade concerns: people, roles and positions with a skill that goes, and lines of their gaps."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from service.domain.people import Person
from service.domain.proof import Assertion
from service.domain.roles import Requirement, RoleProfile, VersionStatus
from service.domain.values import Fact
from service.domain.work import Allocation, Approval, Position
from service.graph import records
from service.graph.database import Database

F = TypeVar("F", bound=Fact)

AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Numbers of the plan beside its skills."""

    holders: Mapping[str, int]
    """How many people hold each skill that goes."""
    assertions: Mapping[str, int]
    """How many assertions each skill that goes has."""
    people: int
    """How many people hold any of them."""
    roles: int
    """How many roles have a published profile that requires one, which the new version does not drop itself."""
    positions: int
    """How many positions require one on top of their role."""
    gap_lines: int
    """How many lines there are in the gaps of people with their own role, and with positions they are booked to,
    that name a skill that goes. An upper bound of those whose cause changes."""


async def effect_of(database: Database, gone: Collection[str], dropped: Collection[str]) -> Effect:
    """Whom the end of the skills *gone* concerns; requirements *dropped* by the new version are left out."""
    held = await _naming(database, Assertion, "skill_id", gone)
    required = [each for each in await _naming(database, Requirement, "skill_id", gone) if each.id not in dropped]
    asks = Counter(each.owner_id for each in required)
    profiles = await records.by_id(database, RoleProfile, asks)
    by_role: Counter[str] = Counter()
    for id_, profile in profiles.items():
        if profile.status is VersionStatus.PUBLISHED:
            by_role[profile.role_id] += asks[id_]
    by_position = {id_: asks[id_] for id_ in await records.by_id(database, Position, asks)}
    lines = sum(by_role[each.role_id or ""] for each in await _naming(database, Person, "role_id", by_role))
    return Effect(
        holders=Counter(skill for _, skill in {(each.person_id, each.skill_id) for each in held}),
        assertions=Counter(each.skill_id for each in held),
        people=len({each.person_id for each in held}),
        roles=len(by_role),
        positions=len(by_position),
        gap_lines=lines + await _booked(database, by_role, by_position),
    )


async def _booked(database: Database, by_role: Counter[str], by_position: Mapping[str, int]) -> int:
    """Lines that people booked to positions have through the position itself or its role."""
    positions = await records.by_id(database, Position, by_position)
    positions |= {each.id: each for each in await _naming(database, Position, "role_id", by_role)}
    booked = await _naming(database, Allocation, "position_id", positions)
    return sum(
        by_position.get(each.position_id, 0) + by_role[positions[each.position_id].role_id or ""]
        for each in booked
        if each.approval is not Approval.REJECTED
    )


async def _naming(database: Database, shape: type[F], link_field: str, ids: Collection[str]) -> list[F]:
    """The current facts of *shape* whose *link_field* names one of *ids*."""
    ordered: Sequence[str] = sorted(ids)
    found: list[F] = []
    for start in range(0, len(ordered), AT_ONCE):
        part = await records.below(database, shape, link_field, ordered[start : start + AT_ONCE])
        found += [fact for facts in part.values() for fact in facts]
    return found
