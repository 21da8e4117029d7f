"""What the open positions of a project still lack on a day, for its manager."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import project_gap as reckoned
from service.schema.asking import AsOf, Known, MinTrust, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.group_gap_types import GroupGapLine, shown_lines
from service.schema.ids import parse
from service.schema.keyset import page_of
from service.schema.nodes import Connection, edge, field
from service.schema.scalars import After, First, PageSize

PROJECT = strawberry.argument(description="The project.")


@strawberry.type(description="An open position on a day: how many people it misses, and what those booked to it lack.")
class PositionGap:
    """An open position on a day: how many people it misses, and what those booked to it lack."""

    position_id: strawberry.Private[str]
    headcount: int = strawberry.field(description="People it is for.")
    booked_count: int = strawberry.field(description="People booked to it on the day, HARD, and in service.")
    proposed_count: int = strawberry.field(
        description="People in service who are proposed for it on the day, SOFT, and not booked; they fill nothing yet."
    )
    missing_headcount: int = strawberry.field(description="People still to be found for it.")
    eligible_count: int = strawberry.field(
        description="People booked to it who have every mandatory requirement; all of them where it requires nothing."
    )
    compliance: float | None = strawberry.field(
        description="Lines MET or WAIVED / all lines of those booked; null: nobody is, or it requires nothing."
    )
    explanation: str = strawberry.field(description="What is open, in a sentence.")
    lines: list[GroupGapLine] = strawberry.field(
        description="What it requires against those booked to it: mandatory first, then by weight."
    )
    position = edge("Position", "position_id", "The position.", is_required=True)


@strawberry.type(description="What the open positions of a project still lack on a day.")
class ProjectGap:
    """What the open positions of a project still lack on a day."""

    project_id: strawberry.Private[str]
    found: strawberry.Private[reckoned.ProjectGap]
    day: date = strawberry.field(description="The day asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    missing_headcount: int = strawberry.field(description="People still to be found, over all its open positions.")
    compliance: float | None = strawberry.field(
        description="Lines MET or WAIVED / all lines of all who are booked; null: there are no lines."
    )
    policy: str = strawberry.field(description="The fit policy used.")
    level_rule: str = strawberry.field(description="The rule by which the effective level was chosen.")
    project = edge("Project", "project_id", "The project.", is_required=True)

    @field
    async def positions(self, first: First = PageSize(20), after: After = None) -> Connection[PositionGap]:
        """The positions that are open and run on the day, by id."""
        return page_of(self.found.positions, lambda each: each.position.id, _position, first, after)


async def project_gap(
    info: Info[Context, None],
    project: Annotated[strawberry.ID, PROJECT],
    as_of: AsOf = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
) -> ProjectGap:
    """Answer ``projectGap``: every open position of a project on a day, to come or past."""
    project_id = parse(project, "Project", path=("project",))[1]
    snapshot, known = await known_for(info, known_at)
    today = this_day()
    found = await reckon(
        info.context,
        lambda: reckoned.project_gap(snapshot, project_id, as_of=as_of, known=known, min_trust=min_trust, today=today),
    )
    return ProjectGap(
        project_id=project_id,
        found=found,
        day=found.day,
        known_seq=found.known,
        missing_headcount=sum(each.missing for each in found.positions),
        compliance=found.compliance,
        policy=found.policy,
        level_rule=found.level_rule,
    )


def _position(found: reckoned.PositionGap) -> PositionGap:
    gap = found.gap
    eligible = found.people if gap is None else int(gap.eligible.sum())
    proposed = f", {found.proposed} proposed" if found.proposed else ""
    return PositionGap(
        position_id=found.position.id,
        headcount=found.position.headcount,
        booked_count=found.people,
        proposed_count=found.proposed,
        missing_headcount=found.missing,
        eligible_count=eligible,
        compliance=None if gap is None else gap.compliance,
        explanation=(
            f"{found.position.title}: {found.people} of {found.position.headcount} booked{proposed}, "
            f"{found.missing} still to be found; {eligible} of those booked eligible."
        ),
        lines=[] if gap is None else shown_lines(gap),
    )
