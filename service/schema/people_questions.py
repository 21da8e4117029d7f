"""Who is like a person, and who knows a skill best."""

from datetime import date
from typing import Annotated, TypeVar

import strawberry
from strawberry.types import Info

from service.capability import similar
from service.capability.similar import At
from service.capability.targets import POINTS
from service.domain.proof import Trust
from service.errors import Invalid
from service.schema.asking import (
    Known,
    MinTrust,
    known_since,
    reckon,
    this_day,
)
from service.schema.context import Context
from service.schema.ids import own_id_in, parse
from service.schema.nodes import Connection, Edge, PageInfo, cursor_of, edge, key_of
from service.schema.scalars import After, First, PageSize

T = TypeVar("T")


@strawberry.type(description="A skill that two people hold.")
class SharedSkill:
    """A skill that two people hold."""

    skill_id: strawberry.Private[str]
    own_level: int = strawberry.field(description="Level of the person asked about.")
    level: int = strawberry.field(description="Level of the other.")
    weight: float = strawberry.field(
        description="What it adds to what they have in common: the lesser of level / levels of the scale * confidence."
    )
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)


@strawberry.type(description="A person who holds something that the person asked about holds.")
class SimilarPerson:
    """A person who holds something that the person asked about holds."""

    person_id: strawberry.Private[str]
    name: str = strawberry.field(description="The person's name as it was known.")
    likeness: float = strawberry.field(
        description="Sum of the lesser / sum of the greater weight over all skills that either holds; 1: the same."
    )
    shared_count: int = strawberry.field(description="How many skills both hold.")
    shared: list[SharedSkill] = strawberry.field(description="What they have most in common, at most ten skills.")
    person = edge("Person", "person_id", "The person.", is_required=True)


@strawberry.type(description="Somebody who holds a skill.")
class Expert:
    """Somebody who holds a skill."""

    person_id: strawberry.Private[str]
    assertion_id: strawberry.Private[str]
    name: str = strawberry.field(description="The person's name as it was known.")
    level: int = strawberry.field(description="Effective level.")
    trust: Trust = strawberry.field(description="Trust of that level.")
    used_on: date = strawberry.field(description="Day of last use; the day it was asserted where none is known.")
    evidence_count: int = strawberry.field(description="Pieces of evidence in force for the assertion.")
    person = edge("Person", "person_id", "The person.", is_required=True)
    assertion = edge("Assertion", "assertion_id", "The assertion the level rests on.", is_required=True)


PERSON = strawberry.argument(description="The person.")
SKILL = strawberry.argument(description="The skill itself; those related to it are not looked at.")
UNIT = strawberry.argument(description="Only people of this unit and the units in it.")
DAY = strawberry.argument(description="Day asked about; today when absent.")
LEAST_LEVEL = strawberry.argument(description="Least level.")

Day = Annotated[date | None, DAY]
Unit = Annotated[strawberry.ID | None, UNIT]


async def _at(
    info: Info[Context, None], as_of: date | None, known_at: Known, min_trust: Trust | None, began: list[str] | None
) -> At:
    """Where levels are looked at; a later page looks where the first one did."""
    snapshot, known = await known_since(info, known_at, int(began[0]) if began else None)
    day = date.fromisoformat(began[1]) if began else as_of or this_day()
    if as_of not in (None, day):
        raise Invalid(f"the list was begun for {day}, and {as_of} is asked now", path=("after",))
    return At.of(snapshot, day, known, min_trust)


def _began(cursor: str | None, parts: int) -> list[str] | None:
    """What a cursor says: change, day, then numbers, then an id; Invalid when it is not one of this list."""
    if cursor is None:
        return None
    found = key_of(cursor).split(" ", parts - 1)
    try:
        date.fromisoformat(found[1])
        list(map(int, [found[0], *found[2 : parts - 1]]))
    except (IndexError, ValueError):
        found = []
    if len(found) != parts:
        raise Invalid(f"{cursor[:100]!r} is not a cursor of this list", path=("after",))
    return found


def _connected(rows: list[T], keys: list[str], total: int, *, has_more: bool, is_later: bool) -> Connection[T]:
    edges = [Edge(cursor=cursor_of(key), node=row) for key, row in zip(keys, rows, strict=True)]

    async def counting() -> int:
        return total

    info = PageInfo(
        has_next_page=has_more,
        has_previous_page=is_later,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, page_info=info, counting=counting)


def _unit_id(unit: str | None) -> str | None:
    return own_id_in(unit, "OrgUnit", ("unit",))


async def similar_people(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    person: Annotated[strawberry.ID, PERSON],
    first: First = PageSize(20),
    after: After = None,
    as_of: Day = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
    unit: Unit = None,
) -> Connection[SimilarPerson]:
    """Answer ``similarPeople``: the most alike first, then by id."""
    began = _began(after, 4)
    person_id, unit_id = parse(person, "Person", path=("person",))[1], _unit_id(unit)
    at = await _at(info, as_of, known_at, min_trust, began)
    place = (int(began[2]), began[3]) if began else None
    page = await reckon(
        info.context, lambda: similar.similar_people(at, person_id, unit_id=unit_id, first=first, after=place)
    )
    rows = [
        SimilarPerson(
            person_id=row.person_id,
            name=row.name,
            likeness=row.likeness / POINTS,
            shared_count=row.shared_skills,
            shared=[
                SharedSkill(
                    skill_id=each.skill_id, own_level=each.own_level, level=each.level, weight=each.weight / POINTS
                )
                for each in row.shared
            ],
        )
        for row in page.rows
    ]
    keys = [f"{at.known} {at.date} {row.likeness} {row.person_id}" for row in page.rows]
    return _connected(rows, keys, page.total, has_more=page.has_more, is_later=after is not None)


async def experts(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    skill: Annotated[strawberry.ID, SKILL],
    min_level: Annotated[int, LEAST_LEVEL] = 1,
    first: First = PageSize(20),
    after: After = None,
    as_of: Day = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
    unit: Unit = None,
) -> Connection[Expert]:
    """Answer ``experts``: by trust, then level, then last use, then id."""
    if not 1 <= min_level <= 20:  # noqa: PLR2004  # the longest scale there can be
        raise Invalid(f"minLevel {min_level} is not a level; levels are 1 to 20", path=("minLevel",))
    began = _began(after, 6)
    skill_id, unit_id = parse(skill, "Skill", path=("skill",))[1], _unit_id(unit)
    at = await _at(info, as_of, known_at, min_trust, began)
    place = (int(began[2]), int(began[3]), int(began[4]), began[5]) if began else None
    page = await reckon(
        info.context,
        lambda: similar.experts(at, skill_id, min_level=min_level, unit_id=unit_id, first=first, after=place),
    )
    rows = [
        Expert(
            person_id=row.person_id,
            assertion_id=row.assertion_id,
            name=row.name,
            level=row.level,
            trust=row.trust,
            used_on=row.used_on,
            evidence_count=row.evidence,
        )
        for row in page.rows
    ]
    keys = [" ".join(map(str, (at.known, at.date, *row.place))) for row in page.rows]
    return _connected(rows, keys, page.total, has_more=page.has_more, is_later=after is not None)
