"""The roles near to a person, each with what is missing."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import career
from service.capability.career import Near, Paths
from service.capability.gaps import CLOSED
from service.capability.smallest_change import smallest_change
from service.schema.asking import AsOf, Known, MinTrust, known_for, reckon, this_day
from service.schema.change_types import SmallestChange, shown_change
from service.schema.context import Context
from service.schema.gap_question import GapLine, SkillGap, shown_gap, shown_line
from service.schema.ids import parse
from service.schema.keyset import page_of
from service.schema.nodes import Connection, edge
from service.schema.scalars import After, First, PageSize

PERSON = strawberry.argument(description="The person.")


@strawberry.type(description="A role that a person could move to, with what is missing.")
class CareerPath:
    """A role that a person could move to, with what is missing."""

    role_id: strawberry.Private[str]
    is_eligible: bool = strawberry.field(description="Every mandatory requirement is MET or WAIVED.")
    open_mandatory_count: int = strawberry.field(description="Mandatory requirements that are open.")
    base: float = strawberry.field(description="How much of the role is covered: the gap's base, 0 to 1.")
    fit: float = strawberry.field(description="How well the person fits, 0 to 1.")
    compliance: float = strawberry.field(description="Lines MET or WAIVED / all lines.")
    open_lines: list[GapLine] = strawberry.field(
        description="The requirements that are open, mandatory ones first, each with cause, sentence and cure."
    )
    smallest_change: SmallestChange | None = strawberry.field(
        description="The cheapest steps that make the person eligible; null: is eligible."
    )
    total_hours: float | None = strawberry.field(
        description="Hours of the courses that it takes; 0 when eligible; null: not known, or not possible."
    )
    total_price: float | None = strawberry.field(
        description="Price of the courses that it takes; 0 when eligible; null: not known, or not possible."
    )
    gap: SkillGap = strawberry.field(description="The whole gap to the role.")
    role = edge("Role", "role_id", "The role.", is_required=True)


@strawberry.type(
    description="Roles that a person could move to, the nearest first: by how much of the role is covered already "
    "(base, then compliance), then by the fewest mandatory requirements open, name and id. Roles of which nothing is "
    "covered are last."
)
class CareerPathConnection(Connection[CareerPath]):
    """Roles that a person could move to, the nearest first."""

    role_id: strawberry.Private[str | None]
    day: date = strawberry.field(description="The day asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    policy: str = strawberry.field(description="The fit policy used.")
    level_rule: str = strawberry.field(description="The rule by which effective levels were chosen.")
    own_role = edge("Role", "role_id", "The person's own role, which is not in the list.")


async def career_paths(  # the arguments of the question
    info: Info[Context, None],
    person: Annotated[strawberry.ID, PERSON],
    as_of: AsOf = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
    first: First = PageSize(20),
    after: After = None,
) -> CareerPathConnection:
    """Answer ``careerPaths``: every role but the own, in the order of nearness."""
    person_id = parse(person, "Person", path=("person",))[1]
    snapshot, known = await known_for(info, known_at)
    today = this_day()

    def work() -> tuple[Paths, Connection[CareerPath]]:
        paths = career.career_paths(snapshot, person_id, as_of=as_of, known=known, min_trust=min_trust, today=today)
        return paths, page_of(paths.roles, lambda each: each.key, lambda each: _path(paths, each), first, after)

    paths, page = await reckon(info.context, work)
    return CareerPathConnection(
        edges=page.edges,
        page_info=page.page_info,
        counting=page.counting,
        role_id=paths.role_id,
        day=paths.day,
        known_seq=paths.known,
        policy=paths.policy,
        level_rule=paths.level_rule,
    )


def _path(paths: Paths, near: Near) -> CareerPath:
    gap = career.gap_to(paths, near.role_id)
    change = smallest_change(gap)
    shown = shown_gap(gap)
    return CareerPath(
        role_id=near.role_id,
        is_eligible=gap.is_eligible,
        open_mandatory_count=near.open,
        base=shown.base,
        fit=shown.fit,
        compliance=gap.compliance,
        open_lines=[shown_line(line) for line in gap.lines if line.cause not in CLOSED],
        smallest_change=shown_change(change),
        total_hours=0.0 if change is None else change.hours,
        total_price=0.0 if change is None else change.price,
        gap=shown,
    )
