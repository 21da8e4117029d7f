"""Whether enough people hold a skill where a rule demands it, and who is nearest."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import coverage as reckoned
from service.capability import coverage_people as near
from service.capability.columns import day_of
from service.capability.coverage import Covered, Scope
from service.domain.policy import LEVEL_RULE, Cause
from service.domain.proof import Trust
from service.errors import Invalid
from service.schema import explanations
from service.schema.asking import AsOf, Known, MinTrust, Until, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.ids import own_id_in
from service.schema.nodes import Connection, Edge, PageInfo, cursor_of, edge, field, key_of
from service.schema.scalars import After, First, PageSize


@strawberry.type(description="How many people there are for one cause.")
class CauseCount:
    """How many people there are for one cause."""

    cause: Cause = strawberry.field(description="The cause.")
    people: int = strawberry.field(description="How many people.")


@strawberry.type(description="A person who covers a rule, or holds something towards it.")
class CoveragePerson:
    """A person who covers a rule, or holds something towards it."""

    person_id: strawberry.Private[str]
    assertion_id: strawberry.Private[str | None]
    is_covering: bool = strawberry.field(description="Meets it on every day asked, and is of the rule on all of them.")
    cause: Cause = strawberry.field(
        description="Why it is met or open, from the first to the last day on which the person is of the rule."
    )
    explanation: str = strawberry.field(description="The same in a sentence, with what would close it.")
    level: int | None = strawberry.field(description="Effective level on the first day; null: none.")
    trust: Trust | None = strawberry.field(description="Trust of that level.")
    shortfall: int | None = strawberry.field(description="BELOW_LEVEL: levels missing.")
    expires_on: date | None = strawberry.field(description="EXPIRING: the first day it is no longer met.")
    expired_on: date | None = strawberry.field(description="EXPIRED: the first day it was no longer met.")
    joins_on: date | None = strawberry.field(
        description="First day of being of the rule, when it is not the first day asked."
    )
    leaves_on: date | None = strawberry.field(
        description="First day of no longer being of the rule, when it is among the days asked."
    )
    person = edge("Person", "person_id", "The person.", is_required=True)
    assertion = edge("Assertion", "assertion_id", "The assertion the level rests on.")


@strawberry.type(description="One coverage rule: who covers it, how many are missing, and when it breaks.")
class Coverage:
    """One coverage rule: who covers it, how many are missing, and when it breaks."""

    rule_id: strawberry.Private[str]
    skill_id: strawberry.Private[str]
    unit_id: strawberry.Private[str | None]
    project_id: strawberry.Private[str | None]
    role_id: strawberry.Private[str | None]
    found: strawberry.Private[Covered]
    explanation: str = strawberry.field(description="The answer in a sentence.")
    is_met: bool = strawberry.field(description="Enough people cover it on every day asked.")
    required_people: int = strawberry.field(description="Least number of people.")
    required_level: int = strawberry.field(description="Least level.")
    min_trust: Trust = strawberry.field(description="Least trust that counts.")
    short_people: int = strawberry.field(description="How many people are missing on the worst day.")
    covering_people: int = strawberry.field(description="People who cover it on every day asked.")
    least_covering: int = strawberry.field(
        description="Fewest who cover it on one and the same day; more than `coveringPeople` where one takes over."
    )
    scope_people: int = strawberry.field(
        description="People it is about: in service, and of the unit, project or role, on some day asked."
    )
    breaks_on: date | None = strawberry.field(
        description="First day on which too few cover it, by the dates that are known; null: there is none."
    )
    first_day: date = strawberry.field(description="First day asked about on which the rule is in force.")
    until: date = strawberry.field(description="First day no longer asked about, or on which the rule no longer is.")
    rule = edge("CoverageRule", "rule_id", "The rule.", is_required=True)
    skill = edge("Skill", "skill_id", "The skill to be covered.", is_required=True)
    unit = edge("OrgUnit", "unit_id", "The unit it is about.")
    project = edge("Project", "project_id", "The project it is about.")
    role = edge("Role", "role_id", "The role it is about.")

    @cached_property
    def _nearest(self) -> near.Nearest:
        return near.nearest(self.found)

    @field
    async def causes(self, info: Info[Context, None]) -> list[CauseCount]:
        """How many of the people there are for each cause that there is; a substitute counts as MISSING."""
        counts = (await reckon(info.context, lambda: self._nearest)).by_cause(self.found.people)
        return [CauseCount(cause=cause, people=people) for cause, people in counts.items()]

    @field
    async def people(
        self, info: Info[Context, None], first: First = PageSize(20), after: After = None
    ) -> Connection[CoveragePerson]:
        """Who covers it, then who is nearest to it: to renew, verify or raise. Whoever is MISSING is only counted."""
        place = _place(after)
        rows = await reckon(info.context, lambda: near.page(self.found, self._nearest, place, first + 1))

        async def counting() -> int:
            return len(self._nearest.person)

        edges = [Edge(cursor=cursor_of(f"{row.place} {row.person_id}"), node=_person(row)) for row in rows[:first]]
        return Connection(edges=edges, page_info=_info(edges, len(rows) > first, after), counting=counting)


@strawberry.type(description="Coverage rules, those that are short of most people first.")
class CoverageConnection(Connection[Coverage]):
    """Coverage rules, those that are short of most people first."""

    unmet_count: int = strawberry.field(description="How many of the rules are not met.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    level_rule: str = strawberry.field(description="The rule by which effective levels were chosen.")


UNIT = strawberry.argument(description="Only the rules of this unit and the units in it.")
PROJECT = strawberry.argument(description="Only the rules of this project.")
ROLE = strawberry.argument(description="Only the rules of this role.")


async def coverage(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    first: First = PageSize(20),
    after: After = None,
    unit: Annotated[strawberry.ID | None, UNIT] = None,
    project: Annotated[strawberry.ID | None, PROJECT] = None,
    role: Annotated[strawberry.ID | None, ROLE] = None,
    as_of: AsOf = None,
    until: Until = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
) -> CoverageConnection:
    """Answer ``coverage``: every rule in force on the days asked, all of them or those of one scope."""
    context = info.context
    _place(after)  # refused before anything is reckoned
    scope = Scope(
        unit_id=own_id_in(unit, "OrgUnit", ("unit",)),
        project_id=own_id_in(project, "Project", ("project",)),
        role_id=own_id_in(role, "Role", ("role",)),
    )
    snapshot, known = await known_for(info, known_at)
    today = this_day()
    found = await reckon(
        context,
        lambda: reckoned.coverage(
            snapshot, scope, as_of=as_of, until=until, known=known, min_trust=min_trust, today=today
        ),
    )
    return coverage_page(found, known, first, after)


def coverage_page(found: Sequence[Covered], known: int, first: int, after: str | None) -> CoverageConnection:
    """A page of reckoned rules."""
    place = _place(after)
    rest = [each for each in found if place is None or (-each.short, each.rule.id) > place]
    edges = [Edge(cursor=cursor_of(f"{-each.short} {each.rule.id}"), node=_shown(each)) for each in rest[:first]]

    async def counting() -> int:
        return len(found)

    return CoverageConnection(
        edges=edges,
        page_info=_info(edges, len(rest) > first, after),
        counting=counting,
        unmet_count=sum(not each.is_met for each in found),
        known_seq=known,
        level_rule=LEVEL_RULE,
    )


def _place(cursor: str | None) -> tuple[int, str] | None:
    if cursor is None:
        return None
    number, _, id_ = key_of(cursor).partition(" ")
    if not number.removeprefix("-").isdecimal() or not id_:
        raise Invalid(f"{cursor[:100]!r} is not a cursor of this list", path=("after",))
    return int(number), id_


def _info(edges: list[Edge[Coverage]] | list[Edge[CoveragePerson]], has_more: bool, after: str | None) -> PageInfo:  # noqa: FBT001
    return PageInfo(
        has_next_page=has_more,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )


def _person(row: near.Person) -> CoveragePerson:
    line = row.line
    return CoveragePerson(
        person_id=row.person_id,
        assertion_id=line.assertion_id,
        is_covering=row.is_covering,
        cause=line.cause,
        explanation=explanations.of_line(line),
        level=line.level,
        trust=line.trust,
        shortfall=line.shortfall,
        expires_on=line.expires_on,
        expired_on=line.expired_on,
        joins_on=row.joins_on,
        leaves_on=row.leaves_on,
    )


def _shown(found: Covered) -> Coverage:
    rule = found.rule
    return Coverage(
        rule_id=rule.id,
        skill_id=rule.skill_id,
        unit_id=rule.unit_id,
        project_id=rule.project_id,
        role_id=rule.role_id,
        found=found,
        explanation=_sentence(found),
        is_met=found.is_met,
        required_people=rule.people,
        required_level=rule.level,
        min_trust=found.min_trust,
        short_people=found.short,
        covering_people=found.covering,
        least_covering=found.least,
        scope_people=found.people,
        breaks_on=found.breaks_on,
        first_day=day_of(found.window.first),
        until=day_of(found.window.until),
    )


def _sentence(found: Covered) -> str:
    """The answer to one rule in a sentence, as "2 short"."""
    rule = found.rule
    trusted = f", {found.min_trust.lower()} at least" if found.min_trust.rank > Trust.CLAIMED.rank else ""
    asked = f"{found.scope_name}: {rule.people} asked with {found.skill_name} at level {rule.level}{trusted}"
    if found.breaks_on is None:
        return f"{asked}; {found.least} found, met."
    if found.breaks == found.window.first:
        return f"{asked}; {found.least} found, {found.short} short."
    return f"{asked}; enough until {found.breaks_on}, then {found.least} found, {found.short} short."
