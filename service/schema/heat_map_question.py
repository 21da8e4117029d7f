"""Who can do what where: every skill in every unit, in one answer."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import heat_map as reckoning
from service.capability.heat_map import Measure
from service.errors import Invalid
from service.schema.asking import AsOf, Known, MinTrust, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.ids import own_id_in, parse
from service.schema.nodes import edge
from service.schema.scalars import Numbers

describe(
    Measure,
    {
        "PEOPLE": "How many people hold the skill.",
        "VERIFIED": "How many hold it verified.",
        "MEAN_LEVEL": "The mean level of those who hold it; null where nobody does.",
        "SHARE": "Those who hold it, of all people of the unit.",
    },
)


@strawberry.type(description="A column of the map: a unit with every unit below it.")
class HeatMapUnit:
    """A column of the map: a unit with every unit below it."""

    unit_id: strawberry.Private[str]
    name: str = strawberry.field(description="The unit's name as it was known.")
    people: int = strawberry.field(description="How many people belong to it.")
    unit = edge("OrgUnit", "unit_id", "The unit.", is_required=True)


@strawberry.type(description="A row of the map: a skill, and one value for each unit.")
class HeatMapRow:
    """A row of the map: a skill, and one value for each unit."""

    skill_id: strawberry.Private[str]
    name: str = strawberry.field(description="The skill's name as it was known.")
    people: int = strawberry.field(description="How many people of the whole organisation hold it.")
    values: Numbers = strawberry.field(description="One value for each unit, in the order of `units`.")
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)


@strawberry.type(description="Every skill that somebody holds in every unit.")
class HeatMap:
    """Every skill that somebody holds in every unit."""

    day: date = strawberry.field(description="Day asked about.")
    known_seq: int = strawberry.field(description="Number of the last change known.")
    measure: Measure = strawberry.field(description="What the values tell.")
    level_rule: str = strawberry.field(description="The rule by which the effective level was chosen.")
    units: list[HeatMapUnit] = strawberry.field(description="The columns, in the order of their ids.")
    rows: list[HeatMapRow] = strawberry.field(description="The rows, in the order of the skills' names.")


UNITS = strawberry.argument(description="Only these units, in this order; every unit when absent.")
BRANCH = strawberry.argument(description="Only this skill or group, with everything narrower.")
LEAST = strawberry.argument(description="Least level that counts as holding a skill.")
MEASURE = strawberry.argument(description="What the values tell.")


async def heat_map(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    measure: Annotated[Measure, MEASURE] = Measure.PEOPLE,
    units: Annotated[list[strawberry.ID] | None, UNITS] = None,
    skill: Annotated[strawberry.ID | None, BRANCH] = None,
    min_level: Annotated[int, LEAST] = 1,
    as_of: AsOf = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
) -> HeatMap:
    """Answer ``heatMap``."""
    if not 1 <= min_level <= 20:  # noqa: PLR2004  # the highest level of any scale
        raise Invalid(f"minLevel {min_level} is not a level from 1 to 20", path=("minLevel",))
    unit_ids = [parse(each, "OrgUnit", path=("units", at))[1] for at, each in enumerate(units or ())]
    branch_id = own_id_in(skill, "Skill", ("skill",))
    snapshot, known = await known_for(info, known_at)
    day, most_cells = as_of or this_day(), info.context.settings.max_cells
    found = await reckon(
        info.context,
        lambda: reckoning.heat_map(
            snapshot,
            day=day,
            known=known,
            measure=measure,
            unit_ids=unit_ids,
            branch_id=branch_id,
            least=min_level,
            min_trust=min_trust,
            most_cells=most_cells,
        ),
    )
    return HeatMap(
        day=found.day,
        known_seq=found.known,
        measure=found.measure,
        level_rule=found.level_rule,
        units=[HeatMapUnit(**each._asdict()) for each in found.units],
        rows=[HeatMapRow(**each._asdict()) for each in found.rows],
    )


FIELDS = {
    "heatMap": strawberry.field(
        resolver=heat_map,
        description="Who can do what where: every skill that somebody holds, in every unit, in one answer.",
    )
}
