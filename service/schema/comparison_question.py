"""Two versions of a role profile or job description side by side, and whom the change concerns."""

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from service.capability import version_comparison as reckoned
from service.capability.version_comparison import DifferenceKind, Effect, LineKind, ProfileComparison, compare_profiles
from service.domain.policy import Cause
from service.domain.roles import VersionStatus
from service.errors import Invalid, NotFound
from service.schema.asking import Known, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.ids import parse
from service.schema.nodes import Connection, Edge, PageInfo, cursor_of, edge, field, key_of
from service.schema.scalars import After, First, PageSize

describe(
    DifferenceKind,
    {
        "ADDED": "Only the second asks for the skill.",
        "REMOVED": "Only the first asks for the skill.",
        "RAISED": "The second asks for a higher level.",
        "LOWERED": "The second asks for a lower level.",
        "CHANGED": "The level is the same; weight, trust, or whether it is mandatory differs.",
        "UNCHANGED": "Both ask for the same.",
    },
)
describe(
    Effect,
    {
        "NEWLY_INELIGIBLE": "Eligible by the first, not by the second.",
        "NEWLY_ELIGIBLE": "Eligible by the second, not by the first.",
        "COMPLIANCE_CHANGED": "As eligible as before, but another share of the lines is met.",
        "UNAFFECTED": "As eligible as before, and the same share of the lines is met.",
    },
)
describe(
    LineKind,
    {
        "SAME": "In both texts.",
        "ADDED": "Only in the second text.",
        "REMOVED": "Only in the first text.",
    },
)


@strawberry.type(description="A skill that either version asks for, with both sides.")
class RequirementDifference:
    """A skill that either version asks for, with both sides."""

    skill_id: strawberry.Private[str]
    before_id: strawberry.Private[str | None]
    after_id: strawberry.Private[str | None]
    kind: DifferenceKind = strawberry.field(description="How the two differ.")
    skill_name: str = strawberry.field(description="The skill's name as it was known.")
    level_before: int | None = strawberry.field(description="Level that the first asks for; null: it does not.")
    level_after: int | None = strawberry.field(description="Level that the second asks for; null: it does not.")
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)
    before = edge("Requirement", "before_id", "What the first asks for.")
    after = edge("Requirement", "after_id", "What the second asks for.")


@strawberry.type(description="A skill whose cause is another against the second version.")
class CauseShift:
    """A skill whose cause is another against the second version."""

    skill_id: strawberry.Private[str]
    before: Cause | None = strawberry.field(description="Cause against the first; null: it does not ask for it.")
    after: Cause | None = strawberry.field(description="Cause against the second; null: it does not ask for it.")
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)


@strawberry.type(description="A person whom the change concerns, against both versions.")
class ConcernedPerson:
    """A person whom the change concerns, against both versions."""

    person_id: strawberry.Private[str]
    effect: Effect = strawberry.field(description="What the change does.")
    was_eligible: bool = strawberry.field(description="Eligible by the first.")
    is_eligible: bool = strawberry.field(description="Eligible by the second.")
    compliance_before: float = strawberry.field(description="Lines of the first MET or WAIVED / all its lines.")
    compliance_after: float = strawberry.field(description="Lines of the second MET or WAIVED / all its lines.")
    shifts: list[CauseShift] = strawberry.field(description="The skills whose cause changes, by id.")
    person = edge("Person", "person_id", "The person.", is_required=True)


@strawberry.type(description="Two role profiles side by side, and whom the change concerns.")
class RoleProfileComparison:
    """Two role profiles side by side, and whom the change concerns."""

    from_id: strawberry.Private[str]
    to_id: strawberry.Private[str]
    found: strawberry.Private[ProfileComparison]
    as_of: date = strawberry.field(description="Day asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    is_same_role: bool = strawberry.field(description="Whether both are versions of one role.")
    requirements: list[RequirementDifference] = strawberry.field(
        description="Every skill that either asks for: added, removed, raised, lowered, changed, unchanged."
    )
    newly_ineligible_count: int = strawberry.field(description="People eligible by the first, not by the second.")
    newly_eligible_count: int = strawberry.field(description="People eligible by the second, not by the first.")
    compliance_changed_count: int = strawberry.field(
        description="People as eligible as before of whose lines another share is met."
    )
    unaffected_count: int = strawberry.field(description="The other people.")
    before = edge("RoleProfile", "from_id", "The first version.", is_required=True)
    after = edge("RoleProfile", "to_id", "The second version.", is_required=True)

    @field
    async def people(
        self, info: Info[Context, None], first: First = PageSize(20), after: After = None
    ) -> Connection[ConcernedPerson]:
        """Who holds the first's role or is booked to a position of it that has not ended: those who lose most first."""
        place = _place(after)
        rows = await reckon(info.context, lambda: self.found.page(place, first + 1))

        async def counting() -> int:
            return len(self.found.person)

        edges = [
            Edge(cursor=cursor_of(f"{reckoned.EFFECTS.index(row.effect)} {row.person_id}"), node=_person(row))
            for row in rows[:first]
        ]
        info_ = PageInfo(
            has_next_page=len(rows) > first,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )
        return Connection(edges=edges, page_info=info_, counting=counting)


@strawberry.type(description="One line of a text, and what became of it.")
class TextLine:
    """One line of a text, and what became of it."""

    kind: LineKind = strawberry.field(description="What became of it.")
    text: str = strawberry.field(description="The line.")


@strawberry.type(description="Two job descriptions side by side.")
class JobDescriptionComparison:
    """Two job descriptions side by side."""

    from_id: strawberry.Private[str]
    to_id: strawberry.Private[str]
    is_title_changed: bool = strawberry.field(description="Whether the titles differ.")
    is_language_changed: bool = strawberry.field(description="Whether the languages differ.")
    is_text_changed: bool = strawberry.field(description="Whether the texts differ.")
    is_profile_changed: bool = strawberry.field(description="Whether they cite different role profiles.")
    status_before: VersionStatus = strawberry.field(description="Where the first stands.")
    status_after: VersionStatus = strawberry.field(description="Where the second stands.")
    text: list[TextLine] = strawberry.field(description="Every line of both texts, in reading order.")
    profiles: RoleProfileComparison = strawberry.field(description="The role profiles they cite, side by side.")
    before = edge("JobDescription", "from_id", "The first.", is_required=True)
    after = edge("JobDescription", "to_id", "The second.", is_required=True)


FROM = strawberry.argument(name="from", description="The first: how it is, or was.")
TO = strawberry.argument(name="to", description="The second: how it is to be, or is. It may be of another role.")
DAY = strawberry.argument(description="Day on which people are compared; today when absent.")
AsOf = Annotated[date | None, DAY]


async def compare_role_profiles(  # the arguments of the question
    info: Info[Context, None],
    from_: Annotated[strawberry.ID, FROM],
    to: Annotated[strawberry.ID, TO],
    as_of: AsOf = None,
    known_at: Known = None,
) -> RoleProfileComparison:
    """Answer ``compareRoleProfiles``: requirement by requirement, and person by person."""
    before = parse(from_, "RoleProfile", path=("from",))[1]
    after = parse(to, "RoleProfile", path=("to",))[1]
    return await _profiles(info.context, await known_for(info, known_at), before, after, as_of)


async def compare_job_descriptions(  # the arguments of the question
    info: Info[Context, None],
    from_: Annotated[strawberry.ID, FROM],
    to: Annotated[strawberry.ID, TO],
    as_of: AsOf = None,
    known_at: Known = None,
) -> JobDescriptionComparison:
    """Answer ``compareJobDescriptions``: title, language, status, text, and the profiles cited."""
    context = info.context
    at = await known_for(info, known_at)
    known = None if known_at is None else at[1]
    before, after = await _description(context, from_, "from", known), await _description(context, to, "to", known)
    lines = await reckon(context, lambda: reckoned.text_lines(before.text, after.text))
    return JobDescriptionComparison(
        from_id=before.id,
        to_id=after.id,
        is_title_changed=before.title != after.title,
        is_language_changed=before.language != after.language,
        is_text_changed=before.text != after.text,
        is_profile_changed=before.profile_id != after.profile_id,
        status_before=before.status,
        status_after=after.status,
        text=[TextLine(kind=line.kind, text=line.text) for line in lines],
        profiles=await _profiles(context, at, before.profile_id, after.profile_id, as_of),
    )


async def _description(context: Context, given: strawberry.ID, name: str, known: int | None) -> Any:  # noqa: ANN401  # a job description
    id_ = parse(given, "JobDescription", path=(name,))[1]
    found = await context.load("JobDescription", id_, known)
    if found is None:
        raise NotFound(f"no job description {id_!r}", path=(name,))
    return found


async def _profiles(
    context: Context, at: tuple[Any, int], before: str, after: str, as_of: date | None
) -> RoleProfileComparison:
    snapshot, known = at
    today = this_day()
    found = await reckon(
        context, lambda: compare_profiles(snapshot, before, after, as_of=as_of, known=known, today=today)
    )
    counts = found.counts()
    return RoleProfileComparison(
        from_id=before,
        to_id=after,
        found=found,
        as_of=found.day,
        known_seq=found.known,
        is_same_role=found.before.role_id == found.after.role_id,
        requirements=[_difference(each) for each in found.differences],
        newly_ineligible_count=counts[Effect.NEWLY_INELIGIBLE],
        newly_eligible_count=counts[Effect.NEWLY_ELIGIBLE],
        compliance_changed_count=counts[Effect.COMPLIANCE_CHANGED],
        unaffected_count=counts[Effect.UNAFFECTED],
    )


def _difference(found: reckoned.Difference) -> RequirementDifference:
    return RequirementDifference(
        skill_id=found.skill_id,
        before_id=found.before.id if found.before else None,
        after_id=found.after.id if found.after else None,
        kind=found.kind,
        skill_name=found.skill_name,
        level_before=found.before.level if found.before else None,
        level_after=found.after.level if found.after else None,
    )


def _person(row: reckoned.Concerned) -> ConcernedPerson:
    return ConcernedPerson(
        person_id=row.person_id,
        effect=row.effect,
        was_eligible=row.before.is_eligible,
        is_eligible=row.after.is_eligible,
        compliance_before=row.before.compliance,
        compliance_after=row.after.compliance,
        shifts=[CauseShift(skill_id=each.skill_id, before=each.before, after=each.after) for each in row.shifts],
    )


def _place(cursor: str | None) -> tuple[int, str] | None:
    if cursor is None:
        return None
    effect, _, id_ = key_of(cursor).partition(" ")
    if not effect.isdecimal() or not id_:
        raise Invalid(f"{cursor[:100]!r} is not a cursor of this list", path=("after",))
    return int(effect), id_
