"""What can be taken on: supply and demand by month and unit, and the bottleneck."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import capacity as reckoned_capacity
from service.capability.capacity import Pipeline
from service.capability.qualification import Need
from service.domain.policy import LEVEL_RULE
from service.domain.proof import Trust
from service.errors import Invalid
from service.schema import explanations
from service.schema.asking import Known, MinTrust, known_for, reckon, this_day
from service.schema.candidates_question import SOFT
from service.schema.context import Context
from service.schema.ids import parse
from service.schema.nodes import edge, field


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
        return await info.context.load_all_here(info, "Position", self.position_ids)


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


async def capacity(  # noqa: PLR0913, PLR0917  # the arguments of the question
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
    """Answer ``capacity``: month by month, and unit by unit within a month."""
    context = info.context
    named = [parse(unit, "OrgUnit", path=("units", at))[1] for at, unit in enumerate(units or ())]
    if len(named) > MOST_UNITS:
        raise Invalid(f"{len(named)} units; ask for at most {MOST_UNITS} at once", path=("units",))
    unit_ids: list[str | None] = [*([None] if with_organisation or not named else []), *dict.fromkeys(named)]
    snapshot, known = await known_for(info, known_at)
    first = as_of or this_day()
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
