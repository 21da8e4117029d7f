"""What is recorded with a skill above a level: what stands in the way of a shorter scale, or of a heading."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

from service.graph.database import Database, Transaction

FIELDS: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("Assertion", "level"),
    ("Requirement", "level"),
    ("CoverageRule", "level"),
    ("CourseOutcome", "to_level"),
)
"""The nouns that hold a level of a skill, and the field it is in."""


@dataclass(frozen=True, kw_only=True)
class Above:
    """The current facts of one noun that name a skill, above a level: how many, and the first id."""

    label: str
    skill_id: str
    count: int
    first_id: str


COUNTED: LiteralString = (
    "WITH skill.id AS skill_id, count(fact) AS count, min(fact.id) AS first_id\n"
    "RETURN skill_id, count, first_id ORDER BY skill_id"
)


def _of_skills(label: LiteralString, field: LiteralString) -> LiteralString:
    return (
        "UNWIND $tops AS row\n"
        "MATCH (skill:Skill {id: row.id})<-[:OF_SKILL]-(fact:"
        + label
        + ")\nWHERE fact.retracted_seq IS NULL AND fact."
        + field
        + " > row.top\n"
        + COUNTED
    )


def _of_scale(label: LiteralString, field: LiteralString) -> LiteralString:
    return (
        "MATCH (scale:Scale {id: $id})<-[:MEASURED_ON]-(skill:Skill)\nWHERE skill.retracted_seq IS NULL\n"
        "MATCH (skill)<-[:OF_SKILL]-(fact:"
        + label
        + ")\nWHERE fact.retracted_seq IS NULL AND fact."
        + field
        + " > $top\n"
        + COUNTED
    )


OF_SKILLS: dict[LiteralString, LiteralString] = {label: _of_skills(label, field) for label, field in FIELDS}
OF_SCALE: dict[LiteralString, LiteralString] = {label: _of_scale(label, field) for label, field in FIELDS}


async def above(reader: Database | Transaction, tops: Mapping[str, int]) -> list[Above]:
    """What is recorded with each skill above its level in *tops*, which are by skill id."""
    rows = [{"id": id_, "top": top} for id_, top in sorted(tops.items())]
    return [
        Above(label=label, **row)
        for label, text in OF_SKILLS.items()
        for row in (await reader.rows(text, tops=rows) if rows else ())
    ]


async def above_on(reader: Database | Transaction, scale_id: str, top: int) -> list[Above]:
    """As ``above``, for every skill that is measured on one scale."""
    return [
        Above(label=label, **row)
        for label, text in OF_SCALE.items()
        for row in await reader.rows(text, id=scale_id, top=top)
    ]
