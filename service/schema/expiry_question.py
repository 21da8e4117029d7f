"""What lapses by dates alone: soon, or lately and not made good."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import expiry
from service.capability.columns import day_number, day_of
from service.capability.expiry import Lapse, Whose
from service.capability.index import Snapshot
from service.domain.policy import LEVEL_RULE
from service.domain.proof import TRUSTS, Trust
from service.schema.asking import AsOf, Known, MinTrust, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.ids import own_id_in
from service.schema.keyset import page_of
from service.schema.nodes import Connection, edge, field
from service.schema.scalars import After, First, PageSize


@strawberry.type(description="A level, or the trust in it, that drops on a day by dates alone.")
class SkillLapse:
    """A level, or the trust in it, that drops on a day by dates alone."""

    person_id: strawberry.Private[str]
    skill_id: strawberry.Private[str]
    assertion_id: strawberry.Private[str]
    lapse: strawberry.Private[Lapse]
    asked: strawberry.Private["_Asked"]
    expires_on: date = strawberry.field(description="The first day on which less is held.")
    level: int = strawberry.field(description="Effective level on the day before.")
    trust: Trust = strawberry.field(description="Trust of that level.")
    level_after: int | None = strawberry.field(description="Effective level from that day on; null: none.")
    trust_after: Trust | None = strawberry.field(description="Trust of that level; null: none.")
    person = edge("Person", "person_id", "The person.", is_required=True)
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)
    assertion = edge("Assertion", "assertion_id", "The assertion that ends, or whose evidence does.", is_required=True)

    @field
    async def broken_positions(self, info: Info[Context, None]) -> int:
        """Positions the person is booked to on that day or later that ask for the level, met before and not after."""
        asked = self.asked
        found = await reckon(
            info.context,
            lambda: expiry.broken(asked.snapshot, self.lapse, known=asked.known, floor=asked.floor.rank),
        )
        return len(found)


@strawberry.type(description="What lapses, by day, then by person and skill.")
class SkillLapseConnection(Connection[SkillLapse]):
    """What lapses, by day, then by person and skill."""

    as_of: date = strawberry.field(description="Day asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    level_rule: str = strawberry.field(description="The rule, with its version, by which levels were chosen.")


class _Asked:
    """From what a lapse was reckoned."""

    def __init__(self, snapshot: Snapshot, known: int, floor: Trust) -> None:
        self.snapshot, self.known, self.floor = snapshot, known, floor

    def shown(self, lapse: Lapse) -> SkillLapse:
        """A lapse as clients see it."""
        return SkillLapse(
            person_id=lapse.person_id,
            skill_id=lapse.skill_id,
            assertion_id=self.snapshot.assertion_id(lapse.reference),
            lapse=lapse,
            asked=self,
            expires_on=day_of(lapse.day),
            level=lapse.level,
            trust=TRUSTS[lapse.trust],
            level_after=lapse.level_after,
            trust_after=None if lapse.trust_after is None else TRUSTS[lapse.trust_after],
        )


Within = Annotated[int, strawberry.argument(description="How many days to look at, 1 to 3,660.")]
Unit = Annotated[strawberry.ID | None, strawberry.argument(description="Only people of this unit and the units in it.")]
Role = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Only people who hold this role or are booked for it, and only what its profile in force requires."
    ),
]
Project = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Only people booked to this project, and only what its positions require."),
]
Skill = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only this skill or group, with everything narrower.")
]


def _question(reckoned: Callable[..., list[Lapse]], name: str, description: str) -> object:
    async def resolve(  # noqa: PLR0913, PLR0917  # the arguments of the question
        info: Info[Context, None],
        within: Within,
        as_of: AsOf = None,
        known_at: Known = None,
        unit: Unit = None,
        role: Role = None,
        project: Project = None,
        skill: Skill = None,
        min_trust: MinTrust = None,
        first: First = PageSize(50),
        after: After = None,
    ) -> SkillLapseConnection:
        context = info.context
        whose = Whose(
            unit_id=own_id_in(unit, "OrgUnit", ("unit",)),
            role_id=own_id_in(role, "Role", ("role",)),
            project_id=own_id_in(project, "Project", ("project",)),
            skill_id=own_id_in(skill, "Skill", ("skill",)),
        )
        snapshot, known = await known_for(info, known_at)
        day, floor = as_of or this_day(), min_trust or Trust.CLAIMED
        found = await reckon(
            context,
            lambda: reckoned(snapshot, whose, day=day_number(day), within=within, known=known, floor=floor.rank),
        )
        page = page_of(found, lambda each: each.place, _Asked(snapshot, known, floor).shown, first, after)
        return SkillLapseConnection(**vars(page), as_of=day, known_seq=known, level_rule=LEVEL_RULE)

    return strawberry.field(resolver=resolve, name=name, description=description)


FIELDS = {
    "expiring": _question(
        expiry.expiring,
        "expiring",
        "Whose level or trust drops by dates alone within the coming days, counted from the day asked.",
    ),
    "expired": _question(
        expiry.expired,
        "expired",
        "Whose level or trust dropped by dates alone within the days up to the one asked, and was not made good.",
    ),
}
