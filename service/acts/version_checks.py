"""The rules for versions: within one thing, each number is given once."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from service.acts.lookup import Lookup
from service.acts.refusal import Refusal
from service.domain.policy import FitPolicyVersion
from service.domain.roles import JobDescription, RoleProfile
from service.graph import policies, records

V = TypeVar("V", RoleProfile, JobDescription)


async def check_policies(lookup: Lookup, facts: Sequence[FitPolicyVersion]) -> list[Refusal]:
    """Why some of *facts* cannot be recorded: their number is another policy's."""
    versions = await policies.taken(lookup.reader)
    versions |= {each.version: each.id for each in await lookup.planned(FitPolicyVersion)}
    refusals = []
    for index, fact in enumerate(facts):
        holder = versions.setdefault(fact.version, fact.id)
        if holder != fact.id:
            refusals.append(_taken(index, fact.version, f"policy {holder!r}", max(versions) + 1))
    return refusals


async def check_profiles(lookup: Lookup, facts: Sequence[RoleProfile]) -> list[Refusal]:
    """Why some of *facts* cannot be recorded: their number is that of another profile of the role."""
    return await _numbered(lookup, RoleProfile, facts, lambda each: each.role_id, "role profile")


async def check_descriptions(lookup: Lookup, facts: Sequence[JobDescription]) -> list[Refusal]:
    """Why some of *facts* cannot be recorded: they cite another role's profile, or their number is taken.

    Numbers count within the role and the language.
    """
    profiles = await lookup.current("RoleProfile", {fact.profile_id for fact in facts})
    refusals = [
        Refusal(
            index=index,
            field="profile_id",
            value=fact.profile_id,
            reason=f"it is a profile of role {profiles[fact.profile_id]['role_id']!r}, not of {fact.role_id!r}",
        )
        for index, fact in enumerate(facts)
        if profiles[fact.profile_id]["role_id"] != fact.role_id
    ]
    return refusals + await _numbered(
        lookup, JobDescription, facts, lambda each: (each.role_id, each.language), "job description"
    )


async def _numbered(
    lookup: Lookup, shape: type[V], facts: Sequence[V], key: Callable[[V], Hashable], what: str
) -> list[Refusal]:
    below = await records.below(lookup.reader, shape, "role_id", sorted({fact.role_id for fact in facts}))
    there = {each.id: each for same in below.values() for each in same}
    there |= {each.id: each for each in await lookup.planned(shape)}
    own = {fact.id for fact in facts}
    taken: dict[Hashable, dict[int, str]] = {}
    for each in there.values():
        if each.id not in own:
            taken.setdefault(key(each), {})[each.version] = each.id
    refusals = []
    for index, fact in enumerate(facts):
        versions = taken.setdefault(key(fact), {})
        holder = versions.setdefault(fact.version, fact.id)
        if holder != fact.id:
            refusals.append(_taken(index, fact.version, f"{what} {holder!r}", max(versions) + 1))
    return refusals


def _taken(index: int, version: int, holder: str, free: int) -> Refusal:
    reason = f"{holder} has this version; the next free number is {free}"
    return Refusal(index=index, field="version", value=str(version), reason=reason, code="CONFLICT")
