"""What people lack of what their own unit, site and role require."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import duties_gap as reckoned
from service.capability.cures import OfPerson
from service.capability.duties_gap import DutyLine
from service.domain.proof import TRUSTS, Trust
from service.schema import explanations
from service.schema.asking import AsOf, Known, MinTrust, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.coverage_question import CauseCount
from service.schema.group_gap_types import (
    GROUP,
    GapTrendPoint,
    GroupGapPerson,
    GroupInput,
    OfCause,
    TrendOn,
    days_of,
    group_of,
    people_page,
    shown_counts,
    shown_person,
    shown_trend,
)
from service.schema.keyset import page_of
from service.schema.nodes import Connection, edge, field
from service.schema.scalars import After, First, PageSize


@strawberry.type(description="One skill at one level and trust, against all of a group whose duty it is.")
class DutiesGapLine:
    """One skill at one level and trust, against all of a group whose duty it is."""

    gap: strawberry.Private[reckoned.DutiesGap]
    duty: strawberry.Private[DutyLine]
    skill_id: strawberry.Private[str]
    skill_name: str = strawberry.field(description="The skill's name as it was known.")
    required_level: int = strawberry.field(description="Level asked for.")
    min_trust: Trust = strawberry.field(description="Least trust that counts for it.")
    people_count: int = strawberry.field(description="People whose duty it is.")
    open_count: int = strawberry.field(description="Those of them for whom it is neither MET nor WAIVED.")
    mandatory_count: int = strawberry.field(description="Those of them for whom it is mandatory.")
    compliance: float = strawberry.field(description="Those who have it MET or WAIVED / all.")
    explanation: str = strawberry.field(description="The line in a sentence.")
    causes: list[CauseCount] = strawberry.field(description="People by cause; causes of nobody left out.")
    skill = edge("Skill", "skill_id", "The skill asked for.", is_required=True)

    @field
    async def people(
        self, info: Info[Context, None], cause: OfCause = None, first: First = PageSize(20), after: After = None
    ) -> Connection[GroupGapPerson]:
        """The people whose duty it is, by id, each with cause, sentence, cure and what requires it."""
        ids = self.gap.asked.snapshot.people.ids

        def person(row: int) -> GroupGapPerson:
            return shown_person(OfPerson(person_id=ids[row], line=reckoned.line_for(self.gap, self.duty, row)))

        def rows() -> list[int]:
            return reckoned.rows_of(self.gap, self.duty, cause)

        return await people_page(info, rows, ids, person, first, after)


@strawberry.type(description="What a group of people lacks of everybody's own duties.")
class DutiesGap:
    """What a group of people lacks of everybody's own duties."""

    found: strawberry.Private[reckoned.DutiesGap]
    day: date = strawberry.field(description="The day asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    people_count: int = strawberry.field(description="People of the group of whom something is required.")
    without_duties_count: int = strawberry.field(
        description="People of whom neither unit nor site nor role requires anything."
    )
    eligible_count: int = strawberry.field(description="People who have everything mandatory of their duties.")
    compliance: float | None = strawberry.field(
        description="Lines MET or WAIVED / all lines of all people; null: nothing is required of anybody."
    )
    policy: str = strawberry.field(description="The fit policy used.")
    level_rule: str = strawberry.field(description="The rule by which the effective level was chosen.")
    trend: list[GapTrendPoint] = strawberry.field(
        description=(
            "How it stood on each of the days of `trendOn`, as far as is known now or at `knownAt`: "
            "people in the units and roles that are known then."
        )
    )

    @field
    async def lines(
        self, info: Info[Context, None], first: First = PageSize(20), after: After = None
    ) -> Connection[DutiesGapLine]:
        """Every skill at every level and trust that is required of anybody, open for most people first."""
        return await reckon(
            info.context,
            lambda: page_of(
                self.found.lines, lambda each: each.key, lambda each: _line(self.found, each), first, after
            ),
        )


async def duties_gap(
    info: Info[Context, None],
    group: Annotated[GroupInput, GROUP],
    as_of: AsOf = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
    trend_on: TrendOn = None,
) -> DutiesGap:
    """Answer ``dutiesGap``: everybody of a group against what is required where each of them works."""
    whose, days = group_of(group), days_of(trend_on)
    snapshot, known = await known_for(info, known_at)
    today = this_day()
    found = await reckon(
        info.context,
        lambda: reckoned.duties_gap(snapshot, whose, as_of=as_of, known=known, min_trust=min_trust, today=today),
    )
    points = await reckon(
        info.context, lambda: reckoned.duties_trend(snapshot, whose, days, known=known, min_trust=min_trust)
    )
    return DutiesGap(
        found=found,
        day=found.day,
        known_seq=found.known,
        people_count=found.people,
        without_duties_count=found.without_duties,
        eligible_count=found.eligible,
        compliance=found.compliance,
        policy=found.policy,
        level_rule=found.level_rule,
        trend=shown_trend(points),
    )


def _line(gap: reckoned.DutiesGap, duty: DutyLine) -> DutiesGapLine:
    required, people = duty.required, len(duty.rows)
    return DutiesGapLine(
        gap=gap,
        duty=duty,
        skill_id=required.skill_id,
        skill_name=required.name,
        required_level=required.level,
        min_trust=TRUSTS[required.floor],
        people_count=people,
        open_count=duty.open,
        mandatory_count=duty.mandatory,
        compliance=(people - duty.open) / people,
        explanation=explanations.of_group_line(required.name, required.level, TRUSTS[required.floor], duty.people),
        causes=shown_counts(duty.people),
    )
