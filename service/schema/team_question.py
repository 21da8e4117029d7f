"""The smallest team that together has everything asked."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import covering
from service.capability.questioning import question
from service.domain.proof import TRUSTS, Trust
from service.errors import Invalid
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
from service.schema.candidates_inputs import CandidateFilter, filter_of
from service.schema.context import Context
from service.schema.nodes import edge, field, lazy

MOST_PEOPLE = 50

UNIT = strawberry.argument(description="Only people of this unit and the units in it.")
FILTER = strawberry.argument(description="Who may be in the team at all.", name="filter")
MOST = strawberry.argument(description="Most people in the team, 1 to 50.")
SOFT = strawberry.argument(description="Let proposed bookings take time too, where the filter asks for free time.")


@strawberry.type(description="One requirement, and who of the team covers it.")
class CoverLine:
    """One requirement, and who of the team covers it."""

    skill_id: strawberry.Private[str]
    person_ids: strawberry.Private[tuple[str, ...]]
    level: int = strawberry.field(description="Level asked for.")
    min_trust: Trust = strawberry.field(description="Least trust that counts for it.")
    is_mandatory: bool = strawberry.field(description="Whether it comes before every desirable one.")
    is_covered: bool = strawberry.field(description="Whether somebody of the team meets it on every day asked.")
    is_coverable: bool = strawberry.field(description="Whether anybody who passes the filter does.")
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)

    @field
    async def covered_by(self, info: Info[Context, None]) -> list[lazy("Person")]:  # type: ignore[valid-type]
        """Those of the team who meet it on every day asked."""
        return await info.context.load_all_here(info, "Person", self.person_ids)


@strawberry.type(description="One of a team.")
class TeamMember:
    """One of a team."""

    person_id: strawberry.Private[str]
    name: str = strawberry.field(description="The person's name as it was known.")
    covered_count: int = strawberry.field(description="How many requirements the person covers.")
    alternative_count: int = strawberry.field(description="Others who cover at least the same.")
    person = edge("Person", "person_id", "The person.", is_required=True)


@strawberry.type(description="The smallest team that together has everything asked, or as much of it as can be had.")
class TeamCover:
    """The smallest team that together has everything asked, or as much of it as can be had."""

    first_day: date = strawberry.field(description="First day asked about.")
    until: date = strawberry.field(description="First day no longer asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    considered_count: int = strawberry.field(
        description="People in service on some day of the window who pass the filter."
    )
    members: list[TeamMember] = strawberry.field(description="The team.")
    lines: list[CoverLine] = strawberry.field(description="Every requirement: mandatory first, then by weight.")
    gap: float = strawberry.field(
        description="0 when it is proven that no team covers more or is smaller; else how far it may be from the best."
    )
    level_rule: str = strawberry.field(description="The rule by which effective levels were chosen.")


async def team_cover(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    target: Annotated[TargetInput, TARGET],
    max_people: Annotated[int, MOST] = 10,
    as_of: AsOf = None,
    until: Until = None,
    unit: Annotated[strawberry.ID | None, UNIT] = None,
    include_soft: Annotated[bool, SOFT] = False,  # noqa: FBT002  # GraphQL names its arguments
    known_at: Known = None,
    min_trust: MinTrust = None,
    wanted: Annotated[CandidateFilter | None, FILTER] = None,
) -> TeamCover:
    """Answer ``teamCover``: who together has everything that is asked."""
    if not 1 <= max_people <= MOST_PEOPLE:
        raise Invalid(f"maxPeople {max_people} is not a number from 1 to {MOST_PEOPLE}", path=("maxPeople",))
    asked, conditions = target_of(target), filter_of(wanted, unit)
    snapshot, known = await known_for(info, known_at)
    today = this_day()

    def work() -> covering.Team:
        wanted_team = question(
            snapshot,
            asked,
            as_of=as_of,
            until=until,
            known=known,
            min_trust=min_trust,
            today=today,
            include_soft=include_soft,
            wanted=conditions,
        )
        return covering.team_cover(wanted_team, max_people)

    return _shown_team(await reckon(info.context, work))


def _shown_team(team: covering.Team) -> TeamCover:
    return TeamCover(
        first_day=team.first,
        until=team.until,
        known_seq=team.known,
        considered_count=team.considered,
        members=[
            TeamMember(
                person_id=each.person_id,
                name=each.name,
                covered_count=len(each.covers),
                alternative_count=each.alternatives,
            )
            for each in team.members
        ],
        lines=[
            CoverLine(
                skill_id=each.skill_id,
                person_ids=tuple(member.person_id for member in team.members if place in member.covers),
                level=each.level,
                min_trust=TRUSTS[each.floor],
                is_mandatory=each.is_mandatory,
                is_covered=place not in team.uncovered,
                is_coverable=place not in team.without_anybody,
            )
            for place, each in enumerate(team.requirements)
        ],
        gap=team.gap,
        level_rule=team.level_rule,
    )
