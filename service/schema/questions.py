"""The three headline questions: what is missing, who fits and is free, what can be taken on."""

import asyncio
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry import UNSET
from strawberry.types import Info

from service.acts.verbs import valid
from service.capability import capacity as reckoned_capacity
from service.capability import gaps, matching
from service.capability.capacity import Pipeline
from service.capability.credits import Kinship
from service.capability.fit import Points
from service.capability.gaps import CureKind
from service.capability.matching import After as Place
from service.capability.qualification import Need
from service.capability.targets import POINTS, Ask, Target
from service.domain.policy import LEVEL_RULE, Cause
from service.domain.proof import Trust
from service.domain.roles import Requirement
from service.errors import Invalid, Unavailable
from service.schema import explanations
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.ids import parse
from service.schema.inputs import values_of
from service.schema.mutations import PART_INPUTS
from service.schema.nodes import Connection, Edge, PageInfo, cursor_of, edge, field, key_of
from service.schema.scalars import After, First, KnownAt, PageSize

T = TypeVar("T")

describe(
    CureKind,
    {
        "VERIFY": "Have an assessor decide on the assertion.",
        "RENEW": "Renew what the assertion rests on.",
        "COURSE": "Attend one of the courses.",
        "NOTHING_KNOWN": "Nothing in the registry would close it.",
    },
)
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

AS_OF = strawberry.argument(
    description="First day asked about. When absent: today, or for a position the later of today and its first day."
)
UNTIL = strawberry.argument(description="First day no longer asked about; a position brings its own end.")
KNOWN_AT = strawberry.argument(description="Answer from what was known at this change or instant; now when absent.")
MIN_TRUST = strawberry.argument(
    description="Least trust that counts; CLAIMED when absent. A requirement may ask for more."
)
TARGET = strawberry.argument(description="What to compare with.")

AsOf = Annotated[date | None, AS_OF]
Until = Annotated[date | None, UNTIL]
Known = Annotated[KnownAt | None, KNOWN_AT]
MinTrust = Annotated[Trust | None, MIN_TRUST]

RequirementInput = PART_INPUTS[Requirement]
ASKED = [field.name for field in fields(Ask)]


@strawberry.input(one_of=True, description="What people are compared with: exactly one of these.")
class TargetInput:
    """What people are compared with: exactly one of these."""

    role: strawberry.ID | None = strawberry.field(description="What a role requires.", default=UNSET)
    job_description: strawberry.ID | None = strawberry.field(
        description="What the profile cited by a job description requires.", default=UNSET
    )
    position: strawberry.ID | None = strawberry.field(
        description="What a position requires, on its days and for its share of time.", default=UNSET
    )
    requirements: list[RequirementInput] | None = strawberry.field(  # type: ignore[valid-type]  # made at run time
        description="A list of your own.", default=UNSET
    )


def _target(given: TargetInput) -> Target:
    if given.role:
        return Target(role_id=parse(given.role, "Role", path=("target", "role"))[1])
    if given.job_description:
        where = ("target", "jobDescription")
        return Target(job_description_id=parse(given.job_description, "JobDescription", path=where)[1])
    if given.position:
        return Target(position_id=parse(given.position, "Position", path=("target", "position"))[1])
    asks: dict[str, Ask] = {}
    for at, each in enumerate(given.requirements or ()):
        path = ("target", "requirements", at)
        values = values_of(each, Requirement, path)
        valid(Requirement, {**values, "id": "-", "owner_id": "-"}, path)
        if values["skill_id"] in asks:
            raise Invalid(f"skill {values['skill_id']!r} comes twice", path=path)
        asks[values["skill_id"]] = Ask(**{name: values[name] for name in ASKED if name in values})
    return Target(requirements=list(asks.values()))


async def reckon(context: Context, work: Callable[[], T]) -> T:
    """What *work* reckons, off the event loop and within the time a reckoning may take."""
    seconds = context.settings.reckoning_timeout
    try:
        return await asyncio.wait_for(asyncio.to_thread(work), seconds)
    except TimeoutError:
        raise Unavailable(f"The reckoning took longer than {seconds:g} s (REGISTRY_RECKONING_TIMEOUT)") from None


def _today() -> date:
    return date.today()  # noqa: DTZ011  # a day where the service runs


async def _known(context: Context, known_at: Any) -> tuple[Any, int]:  # noqa: ANN401  # an int or an instant
    snapshot = await context.snapshot()
    if known_at is not None and not isinstance(known_at, int | datetime):
        raise Invalid(f"knownAt {known_at!r} is neither a number nor an instant", path=("knownAt",))
    return snapshot, await context.live.known_at(known_at, snapshot)


@strawberry.type(description="What would close an open requirement.")
class Cure:
    """What would close an open requirement."""

    kind: CureKind = strawberry.field(description="What to do.")
    assertion_id: strawberry.Private[str | None]
    course_ids: strawberry.Private[tuple[str, ...]]
    assertion = edge("Assertion", "assertion_id", "The assertion to verify or renew.")

    @field
    async def courses(
        self, info: Info[Context, None]
    ) -> list[Annotated["Course", strawberry.lazy("service.schema.types")]]:  # type: ignore[name-defined]  # noqa: F821
        """Courses that lead to the level, the cheapest first; at most five."""
        return list(await asyncio.gather(*(info.context.load("Course", id_) for id_ in self.course_ids)))


@strawberry.type(description="The skill that earns most for a requirement, and what its credit is made of.")
class Witness:
    """The skill that earns most for a requirement, and what its credit is made of."""

    skill_id: strawberry.Private[str]
    assertion_id: strawberry.Private[str]
    kinship: Kinship = strawberry.field(description="How the skill relates to the one asked for.")
    sigma: float = strawberry.field(description="Credit for the relation: 1 for the skill itself.")
    level: int = strawberry.field(description="Level held, on the skill's own scale.")
    level_converted: float = strawberry.field(description="The same on the scale of the skill asked for.")
    trust: Trust = strawberry.field(description="How far that can be relied on.")
    confidence: float = strawberry.field(description="Factor for the trust.")
    recency: float = strawberry.field(description="Factor for the time since the skill was last used.")
    credit: float = strawberry.field(
        description="sigma * min(1, converted level * confidence * recency / required level) ^ 1.5."
    )
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)
    assertion = edge("Assertion", "assertion_id", "The assertion the level rests on.", is_required=True)


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


@strawberry.type(description="What one person lacks for a role, job description, position or list of requirements.")
class SkillGap:
    """What one person lacks for a role, job description, position or list of requirements."""

    person_id: strawberry.Private[str]
    role_id: strawberry.Private[str | None]
    position_id: strawberry.Private[str | None]
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
    person = edge("Person", "person_id", "The person.", is_required=True)
    role = edge("Role", "role_id", "The role asked about, also through a position or job description.")
    position = edge("Position", "position_id", "The position asked about.")


def _points(points: Points) -> FitPoints:
    return FitPoints(**points._asdict())


def _line(line: gaps.Line) -> GapLine:
    cure, witness = line.cure, line.witness
    return GapLine(
        skill_id=line.skill_id,
        assertion_id=line.assertion_id,
        waiver_id=line.waiver_id,
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
        cure=None if cure is None else Cure(kind=cure.kind, assertion_id=cure.assertion_id, course_ids=cure.course_ids),
        witness=None
        if witness is None
        else Witness(
            skill_id=witness.skill_id,
            assertion_id=witness.assertion_id,
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


def _gap(gap: gaps.Gap) -> SkillGap:
    return SkillGap(
        person_id=gap.person_id,
        role_id=gap.role_id,
        position_id=gap.position_id,
        first=gap.first,
        until=gap.until,
        known_seq=gap.known,
        is_eligible=gap.is_eligible,
        compliance=gap.compliance,
        base=gap.base / POINTS,
        fit=gap.fit / POINTS,
        policy=gap.policy,
        level_rule=gap.level_rule,
        lines=[_line(line) for line in gap.lines],
    )


async def _skill_gap(  # the arguments of the question
    info: Info[Context, None],
    person: Annotated[strawberry.ID, strawberry.argument(description="The person.")],
    target: Annotated[TargetInput, TARGET],
    as_of: AsOf = None,
    until: Until = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
) -> SkillGap:
    context = info.context
    person_id, asked = parse(person, "Person", path=("person",))[1], _target(target)
    snapshot, known = await _known(context, known_at)
    today = _today()
    found = await reckon(
        context,
        lambda: gaps.skill_gap(
            snapshot, person_id, asked, as_of=as_of, until=until, known=known, min_trust=min_trust, today=today
        ),
    )
    return _gap(found)


@strawberry.type(description="A person who earns points for what is asked, or is eligible.")
class Candidate:
    """A person who earns points for what is asked, or is eligible."""

    person_id: strawberry.Private[str]
    page: strawberry.Private[matching.Candidates]
    name: str = strawberry.field(description="The person's name.")
    is_eligible: bool = strawberry.field(description="Every mandatory requirement is MET or WAIVED.")
    is_available: bool = strawberry.field(
        description="Free for the share asked on every working day present, and away on at most a fifth of them."
    )
    fit: float = strawberry.field(description="How well the skills fit, 0 to 1.")
    base: float = strawberry.field(description="The sum of the parts, before the cap on who is not eligible.")
    free_fte: float = strawberry.field(description="Least free share of full time on a working day of the window.")
    away_days: int = strawberry.field(description="Working days of the window on which the person is absent.")
    working_days: int = strawberry.field(description="Working days of the window.")
    booked_here_fte: float = strawberry.field(
        description="Share already booked on this very position, not counted as taken."
    )
    person = edge("Person", "person_id", "The person.", is_required=True)

    @field
    def gap(self) -> SkillGap:
        """Why: every requirement against this person."""
        return _gap(self.page.explain(self.person_id))


@strawberry.type(description="Who fits, best first: eligible, then available, then by fit.")
class CandidateConnection(Connection[Candidate]):
    """Who fits, best first: eligible, then available, then by fit."""

    considered_count: int = strawberry.field(
        description="People in service on some day of the window, and in the unit asked."
    )
    eligible_count: int = strawberry.field(description="Candidates who are eligible.")
    page: strawberry.Private[matching.Candidates]
    first_day: date = strawberry.field(description="First day asked about.")
    until: date = strawberry.field(description="First day no longer asked about.")
    asked_fte: float = strawberry.field(description="Share of full time asked.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    policy: str = strawberry.field(description="The fit policy used.")
    level_rule: str = strawberry.field(description="The rule by which effective levels were chosen.")
    availability_rule: str = strawberry.field(description="The rule by which availability was reckoned.")

    @field
    async def eligible_and_available_count(self, info: Info[Context, None]) -> int:
        """Candidates who are eligible and available."""
        return await reckon(info.context, lambda: self.page.eligible_and_available)


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    parts = key_of(cursor).split(" ", 3)
    if len(parts) != 4 or not all(part.isdecimal() for part in parts[:3]):  # noqa: PLR2004  # as written below
        raise Invalid(f"{cursor[:100]!r} is not a cursor of candidates", path=("after",))
    return Place(parts[0] == "1", parts[1] == "1", int(parts[2]), parts[3])


def _cursor(place: Place) -> str:
    return cursor_of(f"{place.is_eligible:d} {place.is_available:d} {place.fit} {place.person_id}")


FTE = strawberry.argument(description="Share of full time asked; the position's own, or 1, when absent.")
SOFT = strawberry.argument(description="Let proposed bookings take time too.")
UNIT = strawberry.argument(description="Only people of this unit and the units in it.")


async def _candidates(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    target: Annotated[TargetInput, TARGET],
    first: First = PageSize(20),
    after: After = None,
    as_of: AsOf = None,
    until: Until = None,
    fte: Annotated[float | None, FTE] = None,
    unit: Annotated[strawberry.ID | None, UNIT] = None,
    include_soft: Annotated[bool, SOFT] = False,  # noqa: FBT002  # GraphQL names its arguments
    known_at: Known = None,
    min_trust: MinTrust = None,
) -> CandidateConnection:
    context = info.context
    asked, place = _target(target), _place(after)
    unit_id = parse(unit, "OrgUnit", path=("unit",))[1] if unit else None
    if fte is not None and not 0 < fte <= 1:
        raise Invalid(f"fte {fte} is not a share of full time above 0 and up to 1", path=("fte",))
    snapshot, known = await _known(context, known_at)
    today = _today()
    page = await reckon(
        context,
        lambda: matching.candidates(
            snapshot,
            asked,
            as_of=as_of,
            until=until,
            known=known,
            min_trust=min_trust,
            today=today,
            fte=fte,
            include_soft=include_soft,
            unit_id=unit_id,
            first=first,
            after=place,
        ),
    )
    return _connection(page, after)


def _connection(page: matching.Candidates, after: str | None) -> CandidateConnection:
    edges = [
        Edge(
            cursor=_cursor(row.place),
            node=Candidate(
                person_id=row.person_id,
                page=page,
                name=row.name,
                is_eligible=row.is_eligible,
                is_available=row.is_available,
                fit=row.fit / POINTS,
                base=row.base / POINTS,
                free_fte=row.free_fte,
                away_days=row.away_days,
                working_days=row.working_days,
                booked_here_fte=row.booked_here_fte,
            ),
        )
        for row in page.rows
    ]

    async def counting() -> int:
        return page.total

    return CandidateConnection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=page.has_more,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        counting=counting,
        considered_count=page.considered,
        eligible_count=page.eligible,
        page=page,
        first_day=page.first,
        until=page.until,
        asked_fte=page.fte,
        known_seq=page.known,
        policy=page.policy.version,
        level_rule=page.level_rule,
        availability_rule=page.availability_rule,
    )


@strawberry.type(description="A skill at a level that holders of a position must have.")
class ProfileNeed:
    """A skill at a level that holders of a position must have."""

    skill_id: strawberry.Private[str]
    level: int = strawberry.field(description="Least level.")
    min_trust: Trust = strawberry.field(description="Least trust that counts.")
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)


@strawberry.type(description="Open positions that ask the same of their holders.")
class DemandProfile:
    """Open positions that ask the same of their holders."""

    position_ids: strawberry.Private[tuple[str, ...]]
    requirements: list[ProfileNeed] = strawberry.field(description="What they must have.")
    people: int = strawberry.field(description="People who qualify; the same person may qualify for several profiles.")
    demand_fte: float = strawberry.field(description="FTE the positions still need.")
    served_fte: float = strawberry.field(
        description="FTE served in one division of the people that serves most in all."
    )

    @field
    async def positions(
        self, info: Info[Context, None]
    ) -> list[Annotated["Position", strawberry.lazy("service.schema.types")]]:  # type: ignore[name-defined]  # noqa: F821
        """The positions."""
        return list(await asyncio.gather(*(info.context.load("Position", id_) for id_ in self.position_ids)))


@strawberry.type(
    description="The fewest profiles that prove the shortage: their demand less what their people have free."
)
class Bottleneck:
    """The fewest profiles that prove the shortage."""

    profiles: list[DemandProfile] = strawberry.field(description="The profiles.")
    people: int = strawberry.field(description="People who qualify for any of them, each counted once.")
    free_fte: float = strawberry.field(description="FTE these people have free.")
    demand_fte: float = strawberry.field(description="FTE the profiles need.")
    explanation: str = strawberry.field(description="The same in a sentence.")


@strawberry.type(description="Supply and demand of a unit, or of the organisation, in one month.")
class CapacityBucket:
    """Supply and demand of a unit, or of the organisation, in one month."""

    unit_id: strawberry.Private[str | None]
    first: date = strawberry.field(description="First day.")
    until: date = strawberry.field(description="First day after.")
    weekdays: int = strawberry.field(description="Mondays to Fridays: FTE-days / weekdays = FTE.")
    people: int = strawberry.field(description="People in service on some day.")
    supply_fte: float = strawberry.field(description="FTE that people have free.")
    demand_fte: float = strawberry.field(description="FTE that open positions still need.")
    servable_fte: float = strawberry.field(
        description="Most of the demand that can be served at once, nobody counted twice."
    )
    shortage_fte: float = strawberry.field(description="Demand less servable.")
    profiles: list[DemandProfile] = strawberry.field(description="What is demanded, the largest first.")
    bottleneck: Bottleneck | None = strawberry.field(description="Why it is short; null when nothing is.")
    unit = edge("OrgUnit", "unit_id", "The unit; null: the whole organisation.")


@strawberry.type(description="What can be taken on, month by month.")
class Capacity:
    """What can be taken on, month by month."""

    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    level_rule: str = strawberry.field(description="The rule by which effective levels were chosen.")
    buckets: list[CapacityBucket] = strawberry.field(description="Month by month, and unit by unit within a month.")


MONTHS = strawberry.argument(description="How many months, 1 to 120.")
FROM = strawberry.argument(description="First day counted; today when absent. The first month begins there.")
UNITS = strawberry.argument(
    description="Units to show, each with the units in it, at most 50; the organisation as a whole when absent."
)
WHOLE = strawberry.argument(description="Show the organisation as a whole beside the units.")
PIPELINE = strawberry.argument(description="How much of what is not yet decided counts.")


def _needs(needs: tuple[Need, ...]) -> list[ProfileNeed]:
    return [ProfileNeed(skill_id=need.skill_id, level=need.level, min_trust=need.floor) for need in needs]


def _profile(profile: reckoned_capacity.DemandProfile) -> DemandProfile:
    return DemandProfile(
        position_ids=profile.position_ids,
        requirements=_needs(profile.needs),
        people=profile.people,
        demand_fte=profile.demand_fte,
        served_fte=profile.served_fte,
    )


def _bucket(bucket: reckoned_capacity.CapacityBucket) -> CapacityBucket:
    neck = bucket.bottleneck
    return CapacityBucket(
        unit_id=bucket.unit_id,
        first=bucket.first,
        until=bucket.until,
        weekdays=bucket.weekdays,
        people=bucket.people,
        supply_fte=bucket.supply_fte,
        demand_fte=bucket.demand_fte,
        servable_fte=bucket.servable_fte,
        shortage_fte=bucket.shortage_fte,
        profiles=[_profile(profile) for profile in bucket.profiles],
        bottleneck=None
        if neck is None
        else Bottleneck(
            profiles=[_profile(profile) for profile in neck.profiles],
            people=neck.people,
            free_fte=neck.supply_fte,
            demand_fte=neck.demand_fte,
            explanation=explanations.of_bottleneck(neck, bucket.shortage_fte),
        ),
    )


MOST_UNITS = 50


async def _capacity(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    months: Annotated[int, MONTHS] = 6,
    as_of: Annotated[date | None, FROM] = None,
    units: Annotated[list[strawberry.ID] | None, UNITS] = None,
    with_organisation: Annotated[bool, WHOLE] = True,  # noqa: FBT002  # GraphQL names its arguments
    pipeline: Annotated[Pipeline, PIPELINE] = Pipeline.EXCLUDE,
    include_soft: Annotated[bool, SOFT] = False,  # noqa: FBT002  # GraphQL names its arguments
    known_at: Known = None,
    min_trust: MinTrust = None,
) -> Capacity:
    context = info.context
    named = [parse(unit, "OrgUnit", path=("units", at))[1] for at, unit in enumerate(units or ())]
    if len(named) > MOST_UNITS:
        raise Invalid(f"{len(named)} units; ask for at most {MOST_UNITS} at once", path=("units",))
    unit_ids: list[str | None] = [*([None] if with_organisation or not named else []), *dict.fromkeys(named)]
    snapshot, known = await _known(context, known_at)
    first = as_of or _today()
    buckets = await reckon(
        context,
        lambda: reckoned_capacity.capacity(
            snapshot,
            as_of=first,
            months=months,
            unit_ids=unit_ids,
            known=known,
            min_trust=min_trust or Trust.CLAIMED,
            pipeline=pipeline,
            include_soft=include_soft,
        ),
    )
    return Capacity(known_seq=known, level_rule=LEVEL_RULE, buckets=[_bucket(bucket) for bucket in buckets])


FIELDS = {
    "skillGap": strawberry.field(
        resolver=_skill_gap,
        description="What a person lacks for a target: one cause, one cure and the points for each requirement.",
    ),
    "candidates": strawberry.field(resolver=_candidates, description="Who fits a target, is free for it, and why."),
    "capacity": strawberry.field(
        resolver=_capacity,
        description="What the people there are can serve of the work there is, month by month, and what is short.",
    ),
}
