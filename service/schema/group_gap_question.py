"""What a group of people lacks for a target, counted by requirement and cause."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import coverage as covering
from service.capability import group_gaps
from service.capability.coverage import Scope
from service.capability.group_gaps import Group
from service.domain.proof import Trust
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
from service.schema.context import Context
from service.schema.coverage_question import CoverageConnection, coverage_page
from service.schema.group_gap_types import (
    GROUP,
    GapTrendPoint,
    GroupGapLine,
    GroupInput,
    TrendOn,
    days_of,
    group_of,
    shown_lines,
    shown_trend,
)
from service.schema.nodes import edge, field
from service.schema.scalars import After, First, PageSize


@strawberry.type(description="What a group of people lacks for a target.")
class GroupGap:
    """What a group of people lacks for a target."""

    group: strawberry.Private[Group]
    min_trust: strawberry.Private[Trust | None]
    gap: strawberry.Private[group_gaps.GroupGap]
    role_id: strawberry.Private[str | None]
    position_id: strawberry.Private[str | None]
    first: date = strawberry.field(description="First day asked about.")
    until: date = strawberry.field(description="First day no longer asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    people_count: int = strawberry.field(description="People of the group in service on some day asked about.")
    eligible_count: int = strawberry.field(description="Those of them who have every mandatory requirement.")
    compliance: float | None = strawberry.field(
        description="Lines MET or WAIVED / all lines of all its people; null: there is nobody."
    )
    policy: str = strawberry.field(description="The fit policy used.")
    level_rule: str = strawberry.field(description="The rule by which the effective level was chosen.")
    lines: list[GroupGapLine] = strawberry.field(description="Every requirement: mandatory first, then by weight.")
    trend: list[GapTrendPoint] = strawberry.field(
        description=(
            "How it stood on each of the days of `trendOn`, as far as is known now or at `knownAt`. "
            "The group is those who belong to it as is known then; of a project, those booked on the day."
        )
    )
    role = edge("Role", "role_id", "The role asked about, also through a position or job description.")
    position = edge("Position", "position_id", "The position asked about.")

    @field
    async def coverage(
        self, info: Info[Context, None], first: First = PageSize(20), after: After = None
    ) -> CoverageConnection:
        """The coverage rules of the unit, the project or the organisation on the days asked; none for listed people."""
        group, gap = self.group, self.gap
        if group.person_ids:
            return coverage_page([], gap.known, first, after)
        found = await reckon(
            info.context,
            lambda: covering.coverage(
                gap.asked.snapshot,
                Scope(unit_id=group.unit_id, project_id=group.project_id),
                as_of=gap.first,
                until=gap.until,
                known=gap.known,
                min_trust=self.min_trust,
                today=gap.first,
            ),
        )
        return coverage_page(found, gap.known, first, after)


async def group_gap(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    group: Annotated[GroupInput, GROUP],
    target: Annotated[TargetInput, TARGET],
    as_of: AsOf = None,
    until: Until = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
    trend_on: TrendOn = None,
) -> GroupGap:
    """Answer ``groupGap``: every requirement against a group of people."""
    whose, asked, days = group_of(group), target_of(target), days_of(trend_on)
    snapshot, known = await known_for(info, known_at)
    today = this_day()
    gap = await reckon(
        info.context,
        lambda: group_gaps.group_gap(
            snapshot, whose, asked, as_of=as_of, until=until, known=known, min_trust=min_trust, today=today
        ),
    )
    points = await reckon(
        info.context, lambda: group_gaps.trend(snapshot, whose, asked, days, known=known, min_trust=min_trust)
    )
    return GroupGap(
        group=whose,
        min_trust=min_trust,
        gap=gap,
        role_id=gap.role_id,
        position_id=gap.position_id,
        first=gap.first,
        until=gap.until,
        known_seq=gap.known,
        people_count=len(gap.people),
        eligible_count=int(gap.eligible.sum()),
        compliance=gap.compliance,
        policy=gap.policy,
        level_rule=gap.level_rule,
        lines=shown_lines(gap),
        trend=shown_trend(points),
    )
