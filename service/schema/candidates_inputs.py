"""What narrows the question about candidates: hard filters, weights of the search, and where a page begins."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import strawberry

from service.capability.filters import Filter, Held
from service.capability.matching import After
from service.domain.people import PersonKind
from service.domain.proof import Trust
from service.errors import Invalid
from service.schema.ids import own_id_in, parse
from service.schema.nodes import cursor_of, key_of

MOST = 100
"""Of each list in a filter."""


@strawberry.input(description="A skill held at a level or above.")
class HeldSkillInput:
    """A skill held at a level or above."""

    skill: strawberry.ID = strawberry.field(description="The skill: a language, a credential or any other.")
    level: int = strawberry.field(description="Least level.", default=1)
    min_trust: Trust | None = strawberry.field(
        description="Least trust that counts; the question's own when that is more, or when absent.", default=None
    )


@strawberry.input(description="Skills of which one is enough.")
class SkillGroupInput:
    """Skills of which one is enough."""

    any_of: list[HeldSkillInput] = strawberry.field(
        description="One of these is held on every day asked. A waiver does not stand in for it."
    )


@strawberry.input(
    description="Who may be a candidate at all. Whoever fails one condition is left out before anybody is ranked."
)
class CandidateFilter:
    """Who may be a candidate at all."""

    kinds: list[PersonKind] | None = strawberry.field(description="Only these kinds of people.", default=None)
    locations: list[str] | None = strawberry.field(
        description="Only people whose usual place of work is one of these, written as recorded.", default=None
    )
    max_cost_rate: float | None = strawberry.field(
        description="Highest cost of an hour; who has no known rate is left out.", default=None
    )
    all_of: list[SkillGroupInput] | None = strawberry.field(
        description="Groups of skills: one of each group is held.", default=None
    )
    none_of: list[HeldSkillInput] | None = strawberry.field(
        description="Skills of which none may be held, at that level or above, on the first day asked.", default=None
    )
    not_on_project: strawberry.ID | None = strawberry.field(
        description="Nobody booked on this project, firmly or not, on a day asked.", default=None
    )
    not_people: list[strawberry.ID] | None = strawberry.field(description="None of these people.", default=None)
    wants_to_learn: strawberry.ID | None = strawberry.field(
        description="Only people who said that they want to learn this skill.", default=None
    )
    min_free_fte: float | None = strawberry.field(
        description="Least free share of full time over the days asked.", default=None
    )


@strawberry.input(description="How much a requirement counts in this search, in place of its own weight.")
class SkillWeightInput:
    """How much a requirement counts in this search, in place of its own weight."""

    skill: strawberry.ID = strawberry.field(description="The skill required.")
    weight: float = strawberry.field(description="Share in the fit, relative to the other requirements; up to 1000.")


def _held(given: HeldSkillInput, path: Sequence[str | int]) -> Held:
    skill_id = parse(given.skill, "Skill", path=(*path, "skill"))[1]
    return Held(skill_id=skill_id, level=given.level, min_trust=given.min_trust)


def filter_of(given: CandidateFilter | None, unit: str | None = None) -> Filter:
    """The filter that *given* and a unit describe; Invalid for an id of another noun or a list that is too long."""
    unit_id = own_id_in(unit, "OrgUnit", ("unit",))
    if given is None:
        return Filter(unit_id=unit_id)
    for name in ("kinds", "locations", "all_of", "none_of", "not_people"):
        if len(getattr(given, name) or ()) > MOST:
            raise Invalid(f"{len(getattr(given, name))} entries are more than {MOST}", path=("filter", name))
    free = given.min_free_fte
    if free is not None and not 0 <= free <= 1:
        raise Invalid(f"minFreeFte {free} is not a share of full time from 0 to 1", path=("filter", "minFreeFte"))
    return Filter(
        unit_id=unit_id,
        kinds=tuple(given.kinds or ()),
        locations=tuple(given.locations or ()),
        max_cost_rate=given.max_cost_rate,
        all_of=tuple(
            tuple(_held(each, ("filter", "allOf", at, "anyOf", place)) for place, each in enumerate(group.any_of))
            for at, group in enumerate(given.all_of or ())
        ),
        none_of=tuple(_held(each, ("filter", "noneOf", at)) for at, each in enumerate(given.none_of or ())),
        not_on_project=_id(given.not_on_project, "Project", "notOnProject"),
        not_people=tuple(
            parse(each, "Person", path=("filter", "notPeople", at))[1] for at, each in enumerate(given.not_people or ())
        ),
        wants_to_learn=_id(given.wants_to_learn, "Skill", "wantsToLearn"),
        min_free_fte=free,
    )


def _id(given: str | None, label: str, name: str) -> str | None:
    return own_id_in(given, label, ("filter", name))


def weights_of(given: list[SkillWeightInput] | None) -> dict[str, float]:
    """The weights by skill id; Invalid for a skill that comes twice."""
    found: dict[str, float] = {}
    for at, each in enumerate(given or ()):
        skill_id = parse(each.skill, "Skill", path=("weights", at, "skill"))[1]
        if skill_id in found:
            raise Invalid(f"skill {skill_id!r} has two weights", path=("weights", at))
        found[skill_id] = each.weight
    return found


class Begun(NamedTuple):
    """A list that was begun: what was known and which day it was then, and where the page ended."""

    known: int
    today: date
    place: After


PARTS = 6


def begun(cursor: str | None) -> Begun | None:
    """What a cursor says; None for the first page. Raises Invalid when it is not one of candidates."""
    if cursor is None:
        return None
    parts = key_of(cursor).split(" ", PARTS - 1)
    try:
        known, today, is_eligible, is_available, fit, key = parts
        place = After(is_eligible == "1", is_available == "1", int(fit), key)
        return Begun(int(known), date.fromisoformat(today), place)
    except ValueError:
        raise Invalid(f"{cursor[:100]!r} is not a cursor of candidates", path=("after",)) from None


def candidates_cursor(known: int, today: date, place: After) -> str:
    """The cursor from which a page is answered as the first one was."""
    return cursor_of(f"{known} {today} {place.is_eligible:d} {place.is_available:d} {place.fit} {place.key}")
