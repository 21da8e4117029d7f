"""What is recorded about a person, and how far it is proven."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import profiles
from service.capability.columns import day_number
from service.capability.explaining import source_of
from service.capability.profiles import HeldSkill
from service.domain.assessment import InterestLevel
from service.domain.people import Person
from service.domain.policy import LEVEL_RULE
from service.domain.proof import Assertion, Trust
from service.errors import NotFound
from service.graph import proof_states
from service.schema.asking import AsOf, Known, MinTrust, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.ids import parse
from service.schema.keyset import page_of
from service.schema.nodes import Connection, edge, field
from service.schema.scalars import After, First, PageSize


@strawberry.type(description="One skill of a person: held, claimed, lapsed, or only wished for.")
class ProfileSkill:
    """One skill of a person."""

    skill_id: strawberry.Private[str]
    assertion_id: strawberry.Private[str | None]
    name: str = strawberry.field(description="The skill's name as it was known.")
    level: int | None = strawberry.field(
        description="Effective level; null: nothing that was said counts, or only an interest was stated."
    )
    level_label: str | None = strawberry.field(description="What the scale calls that level; null for level 0.")
    trust: Trust | None = strawberry.field(description="How far the level can be relied on.")
    last_used_on: date | None = strawberry.field(
        description="Day the skill was last used; where that is not known, the day the level was stated."
    )
    expires_on: date | None = strawberry.field(
        description="First day on which the level or its trust drops by dates alone; null: none is known."
    )
    sources_disagree: bool = strawberry.field(description="Whether sources that count name different levels.")
    evidence_count: int = strawberry.field(description="Pieces of evidence on what was said, valid or not.")
    interest: InterestLevel | None = strawberry.field(description="How much the person likes to work with it.")
    wants_to_learn: bool = strawberry.field(description="Whether the person wants to learn it, or more of it.")
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)
    assertion = edge("Assertion", "assertion_id", "The assertion the level rests on.")


@strawberry.type(description="What is recorded about a person, and how far it is proven.")
class Profile:
    """What is recorded about a person, and how far it is proven."""

    person_id: strawberry.Private[str]
    unit_id: strawberry.Private[str | None]
    site_id: strawberry.Private[str | None]
    role_id: strawberry.Private[str | None]
    manager_id: strawberry.Private[str | None]
    held: strawberry.Private[list[HeldSkill]]
    sources: strawberry.Private[dict[str, str | None]]
    name: str = strawberry.field(description="The person's name as it was known.")
    as_of: date = strawberry.field(description="Day asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    min_trust: Trust = strawberry.field(description="Least trust that counted.")
    level_rule: str = strawberry.field(description="The rule, with its version, by which levels were chosen.")
    person = edge("Person", "person_id", "The person as now recorded.", is_required=True)
    unit = edge("OrgUnit", "unit_id", "The unit the person belonged to, as was known.")
    site = edge("OrgUnit", "site_id", "Where the person worked, as was known.")
    role = edge("Role", "role_id", "The role the person held, as was known.")
    manager = edge("Person", "manager_id", "The line manager, as was known.")

    @field
    def skills(self, first: First = PageSize(50), after: After = None) -> Connection[ProfileSkill]:
        """Every skill something was said about: by trust and level, highest first, then by name."""
        return page_of(self.held, lambda each: each.place, self._shown, first, after)

    def _shown(self, held: HeldSkill) -> ProfileSkill:
        interest = held.interest
        return ProfileSkill(
            skill_id=held.skill_id,
            assertion_id=held.assertion_id,
            name=held.name,
            level=held.level,
            level_label=held.label,
            trust=held.trust,
            last_used_on=held.last_used_on,
            expires_on=held.expires_on,
            sources_disagree=held.disagrees(self.sources),
            evidence_count=held.evidence,
            interest=None if interest is None else InterestLevel(interest.interest),
            wants_to_learn=interest is not None and interest.wants_to_learn,
        )


async def profile(
    info: Info[Context, None],
    person: Annotated[strawberry.ID, strawberry.argument(description="The person.")],
    as_of: AsOf = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
) -> Profile:
    """Answer ``profile``: everything recorded about one person's skills."""
    context = info.context
    person_id = parse(person, "Person", path=("person",))[1]
    snapshot, known = await known_for(info, known_at)
    day, floor = as_of or this_day(), min_trust or Trust.CLAIMED
    ever = await proof_states.ever(context.database, Person, [person_id])
    states = [each for each in ever if _is_known(each, known)]
    if not states:
        what = f"person {person_id!r} was not known at change {known}" if ever else f"no person {person_id!r}"
        raise NotFound(what, path=("person",))
    held = await reckon(
        context,
        lambda: profiles.profile(snapshot, person_id, day=day_number(day), known=known, floor=floor.rank),
    )
    said = await proof_states.ever(context.database, Assertion, profiles.contested(held))
    subject = states[-1]
    return Profile(
        person_id=person_id,
        unit_id=subject.unit_id,
        site_id=subject.site_id,
        role_id=subject.role_id,
        manager_id=subject.manager_id,
        held=held,
        sources={each.id: source_of(each) for each in said if _is_known(each, known)},
        name=subject.name,
        as_of=day,
        known_seq=known,
        min_trust=floor,
        level_rule=LEVEL_RULE,
    )


def _is_known(fact: Person | Assertion, known: int) -> bool:
    return fact.recorded_seq <= known and (fact.retracted_seq is None or fact.retracted_seq > known)
