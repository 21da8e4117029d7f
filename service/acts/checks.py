"""The rules that a fact must satisfy beyond its own form: what it names exists, and fits it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from service.acts.bookings import check_allocations
from service.acts.evidence_checks import check_evidence
from service.acts.lookup import Lookup
from service.acts.refusal import Refusal
from service.acts.scale_checks import check_scales, check_skills
from service.acts.version_checks import check_descriptions, check_policies, check_profiles
from service.capability import calendars
from service.domain.assessment import SkillInterest
from service.domain.changes import DecisionRecord
from service.domain.learning import CourseOutcome
from service.domain.people import OrgUnit, Person, UnitKind
from service.domain.policy import FitPolicyVersion
from service.domain.proof import Assertion, Evidence, Trust, Verification, Waiver
from service.domain.roles import CoverageRule, JobDescription, Requirement, RoleProfile
from service.domain.skills import RelationKind, Scale, Skill, SkillRelation
from service.domain.values import Fact
from service.domain.work import Allocation
from service.errors import Invalid
from service.graph.nouns import noun_of

Check = Callable[[Lookup, Sequence[Any]], Awaitable[list[Refusal]]]


async def check(lookup: Lookup, facts: Sequence[Fact]) -> list[Refusal]:
    """Why some of *facts*, all of one noun, cannot be recorded; at most one reason each."""
    if not facts:
        return []
    noun = noun_of(type(facts[0]))
    refusals = await _names_exist(lookup, facts)
    if noun.fact in CHECKS:
        refused = {each.index for each in refusals}
        rest = [index for index in range(len(facts)) if index not in refused]
        found = await CHECKS[noun.fact](lookup, [facts[index] for index in rest])
        refusals += [
            Refusal(index=rest[each.index], field=each.field, value=each.value, reason=each.reason, code=each.code)
            for each in found
        ]
    first: dict[int, Refusal] = {}
    for each in refusals:
        first.setdefault(each.index, each)
    await _refuse_orphans(lookup, facts, first)
    return sorted(first.values(), key=lambda each: each.index)


async def _refuse_orphans(lookup: Lookup, facts: Sequence[Fact], refused: dict[int, Refusal]) -> None:
    """Refuse those too that name a refused fact of their own noun, as a manager, that is not there already."""
    label = noun_of(type(facts[0])).label
    fields = [link.field for link in noun_of(type(facts[0])).links if link.target == label]
    fresh = {facts[index].id for index in refused} if fields else set()
    while fresh:
        gone = fresh - (await lookup.current(label, fresh)).keys()
        fresh = set()
        for index, fact in enumerate(facts):
            for field in fields if index not in refused else ():
                if lost := [id_ for id_ in _ids(getattr(fact, field)) if id_ in gone]:
                    reason = f"the {label} with this id is refused"
                    refused[index] = Refusal(index=index, field=field, value=lost[0], reason=reason, code="NOT_FOUND")
                    fresh.add(fact.id)
                    break


async def _names_exist(lookup: Lookup, facts: Sequence[Fact]) -> list[Refusal]:
    targets: dict[str, list[str]] = {}
    for link in noun_of(type(facts[0])).links:
        targets.setdefault(link.field, []).append(link.target)
    own = {fact.id for fact in facts}
    refusals = []
    for field, labels in targets.items():
        named = [_ids(getattr(fact, field)) for fact in facts]
        wanted = {id_ for ids in named for id_ in ids}
        found: set[str] = set()
        ended: dict[str, int] = {}
        for label in labels:
            found |= (await lookup.current(label, wanted)).keys()
            if label == "Assertion":
                rows = await lookup.states(noun_of(Assertion), wanted - found)
                ended = {id_: row["retracted_seq"] for id_, row in rows.items()}
        if noun_of(type(facts[0])).label in labels:
            found |= own
        for index, ids in enumerate(named):
            for id_ in ids:
                if id_ not in found:
                    reason, code = f"there is no {' or '.join(labels)} with this id", "NOT_FOUND"
                    if id_ in ended:
                        reason, code = f"it was retracted by change {ended[id_]}; name a current one", "RETRACTED"
                    refusals.append(Refusal(index=index, field=field, value=id_, reason=reason, code=code))
    return refusals


def _ids(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True, kw_only=True)
class _Measured:
    """A skill with its scale."""

    skill: Skill
    scale: Scale | None


async def _measured(lookup: Lookup, skill_ids: set[str]) -> dict[str, _Measured]:
    skills = await lookup.facts(Skill, skill_ids)
    scales = await lookup.facts(Scale, {skill.scale_id for skill in skills.values() if skill.scale_id})
    return {id_: _Measured(skill=skill, scale=scales.get(skill.scale_id or "")) for id_, skill in skills.items()}


def _level(index: int, field: str, level: int, measured: _Measured) -> list[Refusal]:
    if measured.skill.is_group or measured.scale is None:
        reason = f"{measured.skill.name!r} is a heading of the classification; name one of the skills below it"
        return [Refusal(index=index, field="skill_id", value=measured.skill.id, reason=reason)]
    top = len(measured.scale.labels)
    if level > top:
        reason = f"the scale {measured.scale.name!r} of {measured.skill.name!r} ends at {top}"
        return [Refusal(index=index, field=field, value=str(level), reason=reason)]
    return []


def _levels_fit(field: str) -> Check:
    """The check that the level in *field* is on the scale of the skill named beside it."""

    async def check_levels(lookup: Lookup, facts: Sequence[Any]) -> list[Refusal]:
        measured = await _measured(lookup, {fact.skill_id for fact in facts})
        return [
            refusal
            for index, fact in enumerate(facts)
            for refusal in _level(index, field, getattr(fact, field), measured[fact.skill_id])
        ]

    return check_levels


async def _assertions(lookup: Lookup, facts: Sequence[Assertion]) -> list[Refusal]:
    return [
        *await _levels_fit("level")(lookup, facts),
        *_not_to_come(lookup, facts, "asserted_on", "a statement counts from the day it is made"),
        *_not_to_come(lookup, facts, "last_used_on", "a skill was last used on a day that has been"),
    ]


async def _interests(lookup: Lookup, facts: Sequence[SkillInterest]) -> list[Refusal]:
    return _not_to_come(lookup, facts, "stated_on", "an interest is stated on the day it is said")


def _not_to_come(lookup: Lookup, facts: Sequence[Fact], field: str, right: str) -> list[Refusal]:
    """A refusal of each fact whose *field* holds a day after today."""
    return [
        Refusal(index=index, field=field, value=str(day), reason=f"it is after today, {lookup.today}; {right}")
        for index, fact in enumerate(facts)
        if (day := getattr(fact, field)) is not None and day > lookup.today
    ]


async def _decisions(_: Lookup, facts: Sequence[DecisionRecord]) -> list[Refusal]:
    return [
        Refusal(index=index, field="reason", value="", reason=f"the choice of {fact.chosen_id!r} has a reason")
        for index, fact in enumerate(facts)
        if fact.chosen_id is not None and fact.reason is None
    ]


async def _waivers(lookup: Lookup, facts: Sequence[Waiver]) -> list[Refusal]:
    positions = await lookup.current("Position", {fact.position_id for fact in facts if fact.position_id})
    refusals = []
    for index, fact in enumerate(facts):
        if fact.role_id is None or fact.position_id is None:
            continue
        role_id = positions[fact.position_id].get("role_id")
        if role_id != fact.role_id:
            of = "of no role" if role_id is None else f"of role {role_id!r}"
            reason = (
                f"it is {of}, not of {fact.role_id!r}; a position is waived whatever its role, so leave the role out"
            )
            refusals.append(Refusal(index=index, field="position_id", value=fact.position_id, reason=reason))
    return refusals


async def _verifications(lookup: Lookup, facts: Sequence[Verification]) -> list[Refusal]:
    assertions = await lookup.current("Assertion", {fact.assertion_id for fact in facts})
    return [
        Refusal(
            index=index,
            field="verifier_id",
            value=fact.verifier_id,
            reason="nobody decides on an assertion about themselves",
            code="SELF_VERIFICATION",
        )
        for index, fact in enumerate(facts)
        if assertions[fact.assertion_id]["person_id"] == fact.verifier_id
    ]


async def _people(lookup: Lookup, facts: Sequence[Person]) -> list[Refusal]:
    sites = await lookup.current("OrgUnit", {fact.site_id for fact in facts if fact.site_id})
    refusals = []
    for index, fact in enumerate(facts):
        site = sites.get(fact.site_id or "")
        if site is not None and site["kind"] != UnitKind.SITE:
            reason = f"{site['name']!r} is a {site['kind']}; people work at a unit of kind SITE"
            refusals.append(Refusal(index=index, field="site_id", value=site["id"], reason=reason))
        if fact.manager_id == fact.id:
            refusals.append(Refusal(index=index, field="manager_id", value=fact.id, reason="nobody manages themselves"))
        if fact.calendar is not None:
            try:
                calendars.validate(fact.calendar)
            except Invalid as error:
                refusals.append(Refusal(index=index, field="calendar", value=fact.calendar, reason=error.message))
    return refusals


async def _units(lookup: Lookup, facts: Sequence[OrgUnit]) -> list[Refusal]:
    return await _no_cycles(lookup, "OrgUnit", "parent_id", {fact.id: fact.parent_id for fact in facts})


async def _relations(lookup: Lookup, facts: Sequence[SkillRelation]) -> list[Refusal]:
    skills = await lookup.current("Skill", {id_ for fact in facts for id_ in (fact.from_id, fact.to_id)})
    return [
        Refusal(
            index=index,
            field="kind",
            value=str(fact.kind),
            reason="a heading of the classification is only ever BROADER than something",
        )
        for index, fact in enumerate(facts)
        if fact.kind is not RelationKind.BROADER
        and (skills[fact.from_id].get("is_group") or skills[fact.to_id].get("is_group"))
    ]


async def _no_cycles(lookup: Lookup, label: str, field: str, parents: dict[str, str | None]) -> list[Refusal]:
    refusals = []
    for index, (start, parent) in enumerate(parents.items()):
        seen, above = {start}, parent
        while above is not None and above not in seen:
            seen.add(above)
            if above in parents:
                above = parents[above]
            else:
                above = (await lookup.current(label, [above])).get(above, {}).get(field)
        if above is not None:
            reason = f"{start!r} would be part of itself"
            refusals.append(Refusal(index=index, field=field, value=str(parent), reason=reason))
    return refusals


async def _allocations(lookup: Lookup, facts: Sequence[Allocation]) -> list[Refusal]:
    return await check_allocations(lookup, facts)


CHECKS: dict[type[Fact], Check] = cast(
    "dict[type[Fact], Check]",
    {
        Allocation: _allocations,
        Assertion: _assertions,
        CoverageRule: _levels_fit("level"),
        CourseOutcome: _levels_fit("to_level"),
        DecisionRecord: _decisions,
        Evidence: check_evidence,
        FitPolicyVersion: check_policies,
        JobDescription: check_descriptions,
        OrgUnit: _units,
        Person: _people,
        Requirement: _levels_fit("level"),
        RoleProfile: check_profiles,
        Scale: check_scales,
        Skill: check_skills,
        SkillInterest: _interests,
        SkillRelation: _relations,
        Verification: _verifications,
        Waiver: _waivers,
    },
)


def needs_proof(fact: Assertion) -> bool:
    """Whether the assertion stands only with an exam or a credential behind it."""
    return fact.trust is Trust.VERIFIED
