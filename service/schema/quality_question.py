"""What is missing or stale in the registry: counted, listed, and what to do about it."""

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from service.capability import quality as reckoned
from service.capability.quality import NEXT_STEPS, Kind, data_quality
from service.schema.asking import Known, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.ids import own_id_in
from service.schema.nodes import Connection, Node, connection, field, key_of
from service.schema.scalars import After, First, PageSize

describe(
    Kind,
    {
        "PEOPLE_WITHOUT_UNIT": "People in service who belong to no unit.",
        "PEOPLE_WITHOUT_ROLE": "People in service who hold no role.",
        "PEOPLE_WITHOUT_SKILLS": "People in service of whom no statement is in force.",
        "STALE_PROFILES": "People in service of whom nothing was stated or decided for so many months, or ever.",
        "ASSERTIONS_WITHOUT_EVIDENCE": (
            "Statements in force on people in service with no evidence that supports them, whatever their trust."
        ),
        "SKILLS_WITHOUT_SCALE": "Skills that no scale measures.",
        "DRAFT_SKILLS_IN_USE": "Skills that are DRAFT, among those stated or required in force.",
        "DEPRECATED_SKILLS_IN_USE": "Skills that are DEPRECATED, among those stated or required in force.",
        "ROLES_WITHOUT_PROFILE": "Roles without a published profile in force.",
        "ROLES_NOT_REVIEWED": "Roles neither reviewed nor given the profile in force within the last 365 days.",
        "POSITIONS_WITHOUT_REQUIREMENTS": "Open positions that require nothing, neither themselves nor by their role.",
    },
)


@strawberry.type(description="One thing that a finding is about.")
class DataItem:
    """One thing that a finding is about."""

    label: strawberry.Private[str]
    id: strawberry.Private[str]
    name: str = strawberry.field(description="What it is called, as it was known.")
    note: str = strawberry.field(description="What is wrong with it, in a few words.")

    @field
    async def node(self, info: Info[Context, None]) -> Node:
        """The thing itself."""
        found: Any = await info.context.load_here(info, self.label, self.id)
        return found  # type: ignore[no-any-return]  # the type of its noun


@strawberry.type(description="One kind of thing that is wrong with the data.")
class DataFinding:
    """One kind of thing that is wrong with the data."""

    found: strawberry.Private[reckoned.Finding]
    kind: Kind = strawberry.field(description="What is wrong.")
    count: int = strawberry.field(description="How many there are.")
    looked_at: int = strawberry.field(description="Of how many things of the sort.")
    ratio: float = strawberry.field(description="count / lookedAt; 0 when nothing was looked at.")
    next_step: str = strawberry.field(description="What to do about it.")

    @field
    async def items(
        self, info: Info[Context, None], first: First = PageSize(20), after: After = None
    ) -> Connection[DataItem]:
        """The things, by id; statements by skill, then person, then id."""
        key = key_of(after)
        drawn = await reckon(info.context, lambda: self.found.draw(key, first + 1))

        async def counting() -> int:
            return self.found.count

        items = [DataItem(label=each.label, id=each.id, name=each.name, note=each.note) for each in drawn]
        return connection(items, [each.key for each in drawn], first, after, counting)


@strawberry.type(description="The state of the data on a day.")
class DataQuality:
    """The state of the data on a day."""

    as_of: date = strawberry.field(description="Day asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    findings: list[DataFinding] = strawberry.field(
        description="Every kind, those that count none too: about people, statements, skills, roles, positions."
    )


UNIT = strawberry.argument(
    description="Only the people of this unit and the units in it, and what is said of them; the rest is not affected."
)
AS_OF = strawberry.argument(description="Day asked about; today when absent.")
STALE = strawberry.argument(description="Months after which a person's profile is stale, 1 to 600.")


async def quality(
    info: Info[Context, None],
    unit: Annotated[strawberry.ID | None, UNIT] = None,
    as_of: Annotated[date | None, AS_OF] = None,
    known_at: Known = None,
    stale_after_months: Annotated[int, STALE] = 12,
) -> DataQuality:
    """Answer ``dataQuality``: every kind of finding, counted; their items when asked for."""
    context = info.context
    unit_id = own_id_in(unit, "OrgUnit", ("unit",))
    snapshot, known = await known_for(info, known_at)
    today = this_day()
    found = await reckon(
        context,
        lambda: data_quality(
            snapshot,
            unit_id=unit_id,
            as_of=as_of,
            known=known,
            stale_after_months=stale_after_months,
            today=today,
        ),
    )
    findings = [
        DataFinding(
            found=each,
            kind=each.kind,
            count=each.count,
            looked_at=each.looked_at,
            ratio=each.ratio,
            next_step=NEXT_STEPS[each.kind],
        )
        for each in found.findings
    ]
    return DataQuality(as_of=found.day, known_seq=found.known, findings=findings)
