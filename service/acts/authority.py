"""Who may decide on an assertion: never its subject, and only within the scopes that were granted."""

from collections.abc import Sequence
from datetime import date

from service.acts.lookup import Lookup
from service.domain.assessment import AssessorScope
from service.domain.people import OrgUnit, Person
from service.domain.proof import Assertion
from service.domain.skills import RelationKind, Skill, SkillRelation
from service.errors import Forbidden, NotFound
from service.graph import records

SHOWN = 5
"""Scopes that a refusal lists."""


async def check_authority(lookup: Lookup, assertion: Assertion, assessor_id: str, day: date, field: str) -> None:
    """Refuse an assessor who is the subject, or whose scopes on *day* do not cover the skill and the person's unit.

    *field* is where the assessor was named. Raises NotFound for somebody who is not there.
    """
    if assessor_id == assertion.person_id:
        raise Forbidden(
            f"{field} {assessor_id!r}: nobody decides on an assertion about themselves",
            path=(field,),
            code="SELF_VERIFICATION",
        )
    people = await lookup.facts(Person, {assessor_id, assertion.person_id})
    if assessor_id not in people:
        raise NotFound(f"{field} {assessor_id!r}: there is no Person with this id", path=(field,))
    granted = (await records.below(lookup.reader, AssessorScope, "person_id", [assessor_id]))[assessor_id]
    in_force = [scope for scope in granted if _is_in_force(scope, day)]
    skills = await broader(lookup, assertion.skill_id)
    units = await upward(lookup, people[assertion.person_id].unit_id)
    if any(
        (scope.skill_id is None or scope.skill_id in skills) and (scope.unit_id is None or scope.unit_id in units)
        for scope in in_force
    ):
        return
    has = await _listed(lookup, in_force)
    raise Forbidden(
        f"{field} {assessor_id!r}: on {day} no scope covers skill {assertion.skill_id!r} of {assertion.person_id!r} "
        f"(unit {people[assertion.person_id].unit_id!r}); the assessor has {has}",
        path=(field,),
        code="OUT_OF_SCOPE",
    )


def _is_in_force(scope: AssessorScope, day: date) -> bool:
    return (scope.valid_from is None or scope.valid_from <= day) and (
        scope.valid_until is None or day < scope.valid_until
    )


async def broader(lookup: Lookup, skill_id: str) -> set[str]:
    """The ids of a skill and of everything broader, in as many steps as it takes."""
    found, pending = {skill_id}, {skill_id}
    while pending:
        relations = await records.below(lookup.reader, SkillRelation, "from_id", sorted(pending))
        above = {each.to_id for group in relations.values() for each in group if each.kind is RelationKind.BROADER}
        pending = above - found
        found |= pending
    return found


async def upward(lookup: Lookup, unit_id: str | None) -> set[str]:
    """The ids of a unit and of every unit it is part of; nothing for nobody's unit."""
    found: set[str] = set()
    while unit_id is not None and unit_id not in found:
        found.add(unit_id)
        unit = (await lookup.facts(OrgUnit, [unit_id])).get(unit_id)
        unit_id = None if unit is None else unit.parent_id
    return found


async def _listed(lookup: Lookup, scopes: Sequence[AssessorScope]) -> str:
    """The *scopes* as a sentence says them, by the names of their skills and units."""
    if not scopes:
        return "no scope on that day"
    shown = scopes[:SHOWN]
    skills = await lookup.facts(Skill, {scope.skill_id for scope in shown if scope.skill_id})
    units = await lookup.facts(OrgUnit, {scope.unit_id for scope in shown if scope.unit_id})
    told = [
        f"{'every skill' if scope.skill_id is None else repr(skills[scope.skill_id].name)}"
        f" in {'every unit' if scope.unit_id is None else repr(units[scope.unit_id].name)}"
        for scope in shown
    ]
    more = f" and {len(scopes) - SHOWN} more" if len(scopes) > SHOWN else ""
    return "; ".join(told) + more
