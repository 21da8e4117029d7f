"""Lines of a group's gap: people counted by cause, one by one, and what would help them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated

import strawberry
from strawberry import UNSET
from strawberry.types import Info

from service.capability import cures as reckoned
from service.capability import group_gaps
from service.capability.group_gaps import Group
from service.domain.policy import Cause
from service.domain.proof import Trust
from service.errors import Invalid
from service.schema import explanations
from service.schema.asking import reckon
from service.schema.context import Context
from service.schema.coverage_question import CauseCount
from service.schema.gap_question import OWNERS, GapLine, shown_line
from service.schema.ids import parse
from service.schema.keyset import page_of
from service.schema.nodes import Connection, Node, edge, field
from service.schema.scalars import After, First, PageSize

MOST_PEOPLE = 1_000
MOST_DAYS = 24

OfCause = Annotated[Cause | None, strawberry.argument(description="Only people with this cause.")]
TrendOn = Annotated[
    list[date] | None, strawberry.argument(description="Days on which to say how it stood; at most 24.")
]
GROUP = strawberry.argument(description="Whose gap is asked about.")


@strawberry.input(one_of=True, description="Whose gap is asked about: exactly one of these.")
class GroupInput:
    """Whose gap is asked about: exactly one of these."""

    unit: strawberry.ID | None = strawberry.field(
        description="The people of a unit and the units in it.", default=UNSET
    )
    project: strawberry.ID | None = strawberry.field(
        description="The people booked to a project, HARD, on some day asked about.", default=UNSET
    )
    people: list[strawberry.ID] | None = strawberry.field(description="These people, 1 to 1,000.", default=UNSET)
    organisation: bool | None = strawberry.field(description="true: everybody.", default=UNSET)


def group_of(given: GroupInput) -> Group:
    """The group that *given* names; Invalid for an id of another noun, or a list of nobody."""
    if given.unit is not UNSET and given.unit is not None:
        return Group(unit_id=parse(given.unit, "OrgUnit", path=("group", "unit"))[1])
    if given.project is not UNSET and given.project is not None:
        return Group(project_id=parse(given.project, "Project", path=("group", "project"))[1])
    if given.organisation:
        return Group()
    people = given.people or []
    if not 1 <= len(people) <= MOST_PEOPLE:
        said = "organisation is false" if given.organisation is False else f"{len(people)} people are listed"
        raise Invalid(f"{said}; name a unit, a project, 1 to {MOST_PEOPLE} people or the organisation", path=("group",))
    found = [parse(each, "Person", path=("group", "people", at))[1] for at, each in enumerate(people)]
    return Group(person_ids=tuple(found))


def days_of(given: Sequence[date] | None) -> Sequence[date]:
    """The days of a trend; Invalid when they are too many."""
    if given is not None and len(given) > MOST_DAYS:
        raise Invalid(f"{len(given)} days are listed; give at most {MOST_DAYS}", path=("trendOn",))
    return given or ()


@strawberry.type(description="How a group stood on one day.")
class GapTrendPoint:
    """How a group stood on one day."""

    day: date = strawberry.field(description="The day.")
    people_count: int = strawberry.field(description="People of the group in service on it of whom something is asked.")
    eligible_count: int = strawberry.field(description="Those of them who had everything mandatory.")
    eligible_share: float | None = strawberry.field(description="Their share; null: there was nobody.")
    compliance: float | None = strawberry.field(
        description="Lines MET or WAIVED / all lines; null: there was nobody, or nothing was required."
    )


def shown_trend(points: Sequence[group_gaps.Point]) -> list[GapTrendPoint]:
    """A trend as clients see it."""
    return [
        GapTrendPoint(
            day=each.day,
            people_count=each.people,
            eligible_count=each.eligible,
            eligible_share=each.eligible / each.people if each.people else None,
            compliance=each.compliance,
        )
        for each in points
    ]


@strawberry.type(description="One person of a group against one requirement.")
class GroupGapPerson:
    """One person of a group against one requirement."""

    person_id: strawberry.Private[str]
    line: GapLine = strawberry.field(description="The requirement against this person: cause, sentence and cure.")
    person = edge("Person", "person_id", "The person.", is_required=True)


def shown_person(one: reckoned.OfPerson) -> GroupGapPerson:
    """One person's line as clients see it."""
    return GroupGapPerson(person_id=one.person_id, line=shown_line(one.line))


@strawberry.type(description="A cure that some people of a group need, and the first of them.")
class PeopleCure:
    """A cure that some people of a group need, and the first of them."""

    people_count: int = strawberry.field(description="How many people it would close the line for.")
    people: list[GroupGapPerson] = strawberry.field(
        description="The first five by id; `line.cure.assertion` is the assertion."
    )


@strawberry.type(description="A course that leads to the level, and for how many people of the group.")
class CourseCure:
    """A course that leads to the level, and for how many people of the group."""

    course_id: strawberry.Private[str]
    people_count: int = strawberry.field(description="How many people it would close the line for.")
    hours: float | None = strawberry.field(description="Hours of work for one attendee; null: not known.")
    price: float | None = strawberry.field(description="Price of one seat; null: not known.")
    course = edge("Course", "course_id", "The course.", is_required=True)


@strawberry.type(description="Somebody outside the group who meets the requirement.")
class PersonElsewhere:
    """Somebody outside the group who meets the requirement."""

    person_id: strawberry.Private[str]
    name: str = strawberry.field(description="The person's name as it was known.")
    free_fte: float = strawberry.field(
        description="Least free FTE on the days asked, bookings that are HARD taken off; below zero: over-allocated."
    )
    person = edge("Person", "person_id", "The person.", is_required=True)


@strawberry.type(description="What would close a requirement for those of a group for whom it is open.")
class GroupCures:
    """What would close a requirement for those of a group for whom it is open."""

    verify: PeopleCure = strawberry.field(description="UNVERIFIED: whom an assessor would decide on.")
    renew: PeopleCure = strawberry.field(description="EXPIRING or EXPIRED: what to renew.")
    courses: list[CourseCure] = strawberry.field(
        description="BELOW_LEVEL, SUBSTITUTED or MISSING: courses that lead there, the cheapest first; at most five."
    )
    without_course_count: int = strawberry.field(description="People who need to learn it and have no such course.")
    elsewhere: list[PersonElsewhere] = strawberry.field(
        description="People outside the group who meet it, the freest first; at most five."
    )


@strawberry.type(description="One requirement against a group: people counted by cause, and what would help.")
class GroupGapLine:
    """One requirement against a group: people counted by cause, and what would help."""

    gap: strawberry.Private[group_gaps.GroupGap]
    at: strawberry.Private[int]
    skill_id: strawberry.Private[str]
    owner_ids: strawberry.Private[Sequence[str]]
    skill_name: str = strawberry.field(description="The skill's name as it was known.")
    required_level: int = strawberry.field(description="Level asked for.")
    weight: float = strawberry.field(description="Share in the fit, relative to the other requirements.")
    is_mandatory: bool = strawberry.field(description="Whether nobody is eligible without it.")
    min_trust: Trust = strawberry.field(description="Least trust that counts for it.")
    explanation: str = strawberry.field(description="The line in a sentence.")
    causes: list[CauseCount] = strawberry.field(description="People of the group by cause; causes of nobody left out.")
    met_elsewhere_count: int = strawberry.field(description="People outside the group who meet it.")
    skill = edge("Skill", "skill_id", "The skill asked for.", is_required=True)

    @field
    async def required_by(self, info: Info[Context, None]) -> list[Node]:
        """The role profile, position or units that require it; empty for a list of one's own."""
        found = [await info.context.load_any_here(info, OWNERS, each) for each in self.owner_ids]
        return [each for each in found if each is not None]

    @field
    async def people(
        self, info: Info[Context, None], cause: OfCause = None, first: First = PageSize(20), after: After = None
    ) -> Connection[GroupGapPerson]:
        """The people of the group on this line, by id, each with cause, sentence and cure."""
        asked, criterion = self.gap.asked, self.gap.asked.criteria[self.at]

        def person(row: int) -> GroupGapPerson:
            return shown_person(reckoned.lines_of(asked, criterion, [row])[0])

        def rows() -> Sequence[int]:
            return reckoned.rows_with(self.gap, self.at, cause)

        return await people_page(info, rows, asked.snapshot.people.ids, person, first, after)

    @field
    async def cures(self, info: Info[Context, None]) -> GroupCures:
        """Whom to verify, what to renew, which course, and who there is elsewhere."""
        return _cures(await reckon(info.context, lambda: reckoned.cures(self.gap, self.at)))


async def people_page(  # the list, and what is asked of it
    info: Info[Context, None],
    rows: Callable[[], Sequence[int]],
    ids: Sequence[str],
    shown: Callable[[int], GroupGapPerson],
    first: int,
    after: str | None,
) -> Connection[GroupGapPerson]:
    """A page of the people of the *rows* that are found, which are in the order of their *ids*."""
    return await reckon(info.context, lambda: page_of(rows(), lambda row: ids[row], shown, first, after))


def shown_lines(gap: group_gaps.GroupGap) -> list[GroupGapLine]:
    """The lines of a group's gap as clients see them."""
    return [
        GroupGapLine(
            gap=gap,
            at=at,
            skill_id=line.required.skill_id,
            owner_ids=line.required.owner_ids,
            skill_name=line.required.name,
            required_level=line.required.level,
            weight=line.required.weight,
            is_mandatory=line.required.is_mandatory,
            min_trust=line.floor,
            explanation=explanations.of_group_line(line.required.name, line.required.level, line.floor, line.people),
            causes=shown_counts(line.people),
            met_elsewhere_count=line.elsewhere,
        )
        for at, line in enumerate(gap.lines)
    ]


def shown_counts(people: Mapping[Cause, int]) -> list[CauseCount]:
    """People by cause as clients see them."""
    return [CauseCount(cause=cause, people=count) for cause, count in people.items()]


def _cures(found: reckoned.Cures) -> GroupCures:
    return GroupCures(
        verify=PeopleCure(people_count=found.verify, people=[shown_person(each) for each in found.to_verify]),
        renew=PeopleCure(people_count=found.renew, people=[shown_person(each) for each in found.to_renew]),
        courses=[
            CourseCure(
                course_id=each.course.id,
                people_count=each.people,
                hours=each.course.hours,
                price=each.course.price,
            )
            for each in found.courses
        ],
        without_course_count=found.without_course,
        elsewhere=[
            PersonElsewhere(person_id=each.person_id, name=each.name, free_fte=each.free_fte)
            for each in found.elsewhere
        ],
    )
