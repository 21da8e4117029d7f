"""What a person lacks: one cause, one cure and the points of each requirement."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import gaps
from service.capability.credits import Kinship
from service.capability.fit import Points
from service.capability.gaps import CureKind
from service.capability.proving import Lacking
from service.capability.smallest_change import smallest_change
from service.capability.targets import POINTS
from service.domain.policy import Cause
from service.domain.proof import Trust
from service.schema import explanations
from service.schema.asking import (
    TARGET,
    AsOf,
    Known,
    MinTrust,
    TargetInput,
    Until,
    known_for,
    reckon,
    target_of,
    this_day,
)
from service.schema.change_types import SmallestChange, shown_change
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.ids import parse
from service.schema.nodes import Node, edge, field

OWNERS = ("RoleProfile", "Position", "OrgUnit")

describe(
    Kinship,
    {
        "ITSELF": "The skill asked for.",
        "EQUIVALENT": "Another name for the skill asked for.",
        "NARROWER": "A special case of the skill asked for.",
        "BROADER": "A more general skill than the one asked for.",
        "RELATED": "A skill that a curator found related.",
    },
)


@strawberry.type(description="What would close an open requirement.")
class Cure:
    """What would close an open requirement."""

    kind: CureKind = strawberry.field(description="What to do.")
    assertion_id: strawberry.Private[str | None]
    course_ids: strawberry.Private[tuple[str, ...]]
    verifiers_still_needed: int | None = strawberry.field(
        description="VERIFY, EVIDENCE: assessors who have yet to verify it, or to endorse it where that is enough."
    )
    lacking: list[Lacking] = strawberry.field(
        description="VERIFY, EVIDENCE: what the skill demands beside decisions, and is not there."
    )
    until: date | None = strawberry.field(description="WAIT: the day on which what is suspended counts again.")
    assertion = edge("Assertion", "assertion_id", "The assertion to verify or renew.")

    @field
    async def courses(
        self, info: Info[Context, None]
    ) -> list[Annotated["Course", strawberry.lazy("service.schema.types")]]:  # type: ignore[name-defined]  # noqa: F821
        """Courses that lead to the level, the cheapest first; at most five."""
        return await info.context.load_all_here(info, "Course", self.course_ids)


@strawberry.type(description="The skill that earns most for a requirement, and what its credit is made of.")
class Witness:
    """The skill that earns most for a requirement, and what its credit is made of."""

    skill_id: strawberry.Private[str]
    assertion_id: strawberry.Private[str | None]
    relation_id: strawberry.Private[str | None]
    kinship: Kinship = strawberry.field(description="How the skill relates to the one asked for.")
    sigma: float = strawberry.field(description="Credit for the relation: 1 for the skill itself.")
    level: int = strawberry.field(description="Level held, on the skill's own scale.")
    level_converted: float = strawberry.field(description="The same on the scale of the skill asked for.")
    trust: Trust = strawberry.field(description="How far that can be relied on.")
    confidence: float = strawberry.field(description="Factor for the trust.")
    recency: float = strawberry.field(description="Factor for the time since the skill was last used.")
    credit: float = strawberry.field(
        description="sigma * min(1, converted level * confidence * recency / required level) ^ gamma of the fit policy."
    )
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)
    assertion = edge("Assertion", "assertion_id", "The assertion the level rests on; null in a blind list.")
    path = edge("SkillRelation", "relation_id", "The relation through which it earns credit; null: the skill itself.")


@strawberry.type(
    description="What a requirement adds to the fit, and where the rest went. Millionths: all parts add up exactly."
)
class FitPoints:
    """What a requirement adds to the fit, and where the rest went."""

    share: int = strawberry.field(description="Most it can add: its weight among all; the shares add up to 1,000,000.")
    part: int = strawberry.field(description="What it adds.")
    substitution: int = strawberry.field(description="Lost because another skill stands in.")
    level: int = strawberry.field(description="Lost because the level is too low.")
    trust: int = strawberry.field(description="Lost because the level is not fully trusted.")
    recency: int = strawberry.field(description="Lost because the skill was not used lately.")
    missing: int = strawberry.field(description="Lost because nothing held earns any credit.")


@strawberry.type(description="One requirement against one person, with its one cause.")
class GapLine:
    """One requirement against one person, with its one cause."""

    skill_id: strawberry.Private[str]
    assertion_id: strawberry.Private[str | None]
    waiver_id: strawberry.Private[str | None]
    owner_ids: strawberry.Private[tuple[str, ...]]
    skill_name: str = strawberry.field(description="The skill's name as it was known.")
    required_level: int = strawberry.field(description="Level asked for.")
    weight: float = strawberry.field(description="Share in the fit, relative to the other requirements.")
    is_mandatory: bool = strawberry.field(description="Whether nobody is eligible without it.")
    min_trust: Trust = strawberry.field(description="Least trust that counts for it.")
    cause: Cause = strawberry.field(description="Why it is met or open.")
    explanation: str = strawberry.field(description="The same in a sentence.")
    level: int | None = strawberry.field(description="Effective level on the first day at that trust; null: none.")
    trust: Trust | None = strawberry.field(description="Trust of that level.")
    expires_on: date | None = strawberry.field(description="EXPIRING: the first day it is no longer met.")
    expired_on: date | None = strawberry.field(description="EXPIRED: the first day it was no longer met.")
    shortfall: int | None = strawberry.field(description="BELOW_LEVEL: levels missing.")
    cure: Cure | None = strawberry.field(description="What would close it; null where nothing is open.")
    witness: Witness | None = strawberry.field(description="What earns the credit; null: nothing does.")
    points: FitPoints = strawberry.field(description="What it adds to the fit.")
    skill = edge("Skill", "skill_id", "The skill asked for.", is_required=True)
    assertion = edge("Assertion", "assertion_id", "The assertion the level rests on.")
    waiver = edge("Waiver", "waiver_id", "The waiver, where the cause is WAIVED.")

    @field
    async def required_by(self, info: Info[Context, None]) -> list[Node]:
        """The role profile, position or units that require it; empty for a list of one's own."""
        found = [await info.context.load_any_here(info, OWNERS, each) for each in self.owner_ids]
        return [each for each in found if each is not None]


@strawberry.type(description="What one person lacks for a role, job description, position or list of requirements.")
class SkillGap:
    """What one person lacks for a role, job description, position or list of requirements."""

    person_id: strawberry.Private[str | None]
    role_id: strawberry.Private[str | None]
    position_id: strawberry.Private[str | None]
    found: strawberry.Private[gaps.Gap]
    first: date = strawberry.field(description="First day asked about.")
    until: date = strawberry.field(description="First day no longer asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    is_eligible: bool = strawberry.field(description="Every mandatory requirement is MET or WAIVED.")
    compliance: float = strawberry.field(description="Lines MET or WAIVED / all lines.")
    base: float = strawberry.field(description="Sum of the points of all lines / 1,000,000.")
    fit: float = strawberry.field(
        description="The base when eligible, else capped by the weakest mandatory line; 0 to 1."
    )
    policy: str = strawberry.field(description="The fit policy used.")
    level_rule: str = strawberry.field(description="The rule by which the effective level was chosen.")
    lines: list[GapLine] = strawberry.field(description="Every requirement: mandatory first, then by weight.")
    person = edge("Person", "person_id", "The person; null in a blind list.")
    role = edge("Role", "role_id", "The role asked about, also through a position or job description.")
    position = edge("Position", "position_id", "The position asked about.")

    @field
    async def smallest_change(self, info: Info[Context, None]) -> SmallestChange | None:
        """The cheapest steps that make the person eligible; null: is eligible."""
        change = await reckon(info.context, lambda: smallest_change(self.found))
        return shown_change(change, is_blind=self.person_id is None)


def _points(points: Points) -> FitPoints:
    return FitPoints(**points._asdict())


def _cure(cure: gaps.Cure) -> Cure:
    return Cure(
        kind=cure.kind,
        assertion_id=cure.assertion_id,
        verifiers_still_needed=cure.proof.still_needed if cure.proof else None,
        lacking=list(cure.proof.lacking) if cure.proof else [],
        until=cure.until,
        course_ids=cure.course_ids,
    )


def shown_line(line: gaps.Line) -> GapLine:
    """A reckoned line as clients see it."""
    cure, witness = line.cure, line.witness
    return GapLine(
        skill_id=line.skill_id,
        assertion_id=line.assertion_id,
        waiver_id=line.waiver_id,
        owner_ids=line.owner_ids,
        skill_name=line.skill_name,
        required_level=line.required_level,
        weight=line.weight,
        is_mandatory=line.is_mandatory,
        min_trust=line.floor,
        cause=line.cause,
        explanation=explanations.of_line(line),
        level=line.level,
        trust=line.trust,
        expires_on=line.expires_on,
        expired_on=line.expired_on,
        shortfall=line.shortfall,
        cure=None if cure is None else _cure(cure),
        witness=None
        if witness is None
        else Witness(
            skill_id=witness.skill_id,
            assertion_id=witness.assertion_id,
            relation_id=witness.relation_id,
            kinship=witness.kinship,
            sigma=witness.sigma,
            level=witness.level,
            level_converted=witness.level_converted,
            trust=witness.trust,
            confidence=witness.confidence,
            recency=witness.recency,
            credit=witness.credit,
        ),
        points=_points(line.points),
    )


def shown_gap(gap: gaps.Gap) -> SkillGap:
    """A reckoned gap as clients see it."""
    return SkillGap(
        person_id=gap.person_id,
        role_id=gap.role_id,
        position_id=gap.position_id,
        found=gap,
        first=gap.first,
        until=gap.until,
        known_seq=gap.known,
        is_eligible=gap.is_eligible,
        compliance=gap.compliance,
        base=gap.base / POINTS,
        fit=gap.fit / POINTS,
        policy=gap.policy,
        level_rule=gap.level_rule,
        lines=[shown_line(line) for line in gap.lines],
    )


async def skill_gap(  # the arguments of the question
    info: Info[Context, None],
    person: Annotated[strawberry.ID, strawberry.argument(description="The person.")],
    target: Annotated[TargetInput, TARGET],
    as_of: AsOf = None,
    until: Until = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
) -> SkillGap:
    """Answer ``skillGap``: every requirement against one person."""
    context = info.context
    person_id, asked = parse(person, "Person", path=("person",))[1], target_of(target)
    snapshot, known = await known_for(info, known_at)
    today = this_day()
    found = await reckon(
        context,
        lambda: gaps.skill_gap(
            snapshot, person_id, asked, as_of=as_of, until=until, known=known, min_trust=min_trust, today=today
        ),
    )
    return shown_gap(found)


def without_person(gap: SkillGap) -> SkillGap:
    """*gap* with nothing left in it that leads to the person."""
    gap.person_id = None
    for line in gap.lines:
        line.assertion_id = line.waiver_id = None
        if line.cure is not None:
            line.cure.assertion_id = None
        if line.witness is not None:
            line.witness.assertion_id = None
    return gap
