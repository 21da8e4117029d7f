"""Who fits and is free: the people ranked, each with the reasons."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import matching
from service.capability.matching import After as Place
from service.capability.targets import POINTS
from service.errors import Invalid
from service.schema.asking import (
    TARGET,
    AsOf,
    Known,
    MinTrust,
    TargetInput,
    Until,
    known_for,
    reckon,
    target_of,
    this_day,
)
from service.schema.context import Context
from service.schema.gap_question import SkillGap, shown_gap
from service.schema.ids import parse
from service.schema.nodes import Connection, Edge, PageInfo, cursor_of, edge, field, key_of
from service.schema.scalars import After, First, PageSize


@strawberry.type(description="A person who earns points for what is asked, or is eligible.")
class Candidate:
    """A person who earns points for what is asked, or is eligible."""

    person_id: strawberry.Private[str]
    page: strawberry.Private[matching.Candidates]
    name: str = strawberry.field(description="The person's name.")
    is_eligible: bool = strawberry.field(description="Every mandatory requirement is MET or WAIVED.")
    is_available: bool = strawberry.field(
        description="Free for the share asked on every working day present, and away on at most a fifth of them."
    )
    fit: float = strawberry.field(description="How well the skills fit, 0 to 1.")
    base: float = strawberry.field(description="The sum of the parts, before the cap on who is not eligible.")
    free_fte: float = strawberry.field(description="Least free share of full time on a working day of the window.")
    away_days: int = strawberry.field(description="Working days of the window on which the person is absent.")
    working_days: int = strawberry.field(description="Working days of the window.")
    booked_here_fte: float = strawberry.field(
        description="Share already booked on this very position, not counted as taken."
    )
    person = edge("Person", "person_id", "The person.", is_required=True)

    @field
    def gap(self) -> SkillGap:
        """Why: every requirement against this person."""
        return shown_gap(self.page.explain(self.person_id))


@strawberry.type(description="Who fits, best first: eligible, then available, then by fit.")
class CandidateConnection(Connection[Candidate]):
    """Who fits, best first: eligible, then available, then by fit."""

    considered_count: int = strawberry.field(
        description="People in service on some day of the window, and in the unit asked."
    )
    eligible_count: int = strawberry.field(description="Candidates who are eligible.")
    page: strawberry.Private[matching.Candidates]
    first_day: date = strawberry.field(description="First day asked about.")
    until: date = strawberry.field(description="First day no longer asked about.")
    asked_fte: float = strawberry.field(description="Share of full time asked.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    policy: str = strawberry.field(description="The fit policy used.")
    level_rule: str = strawberry.field(description="The rule by which effective levels were chosen.")
    availability_rule: str = strawberry.field(description="The rule by which availability was reckoned.")

    @field
    async def eligible_and_available_count(self, info: Info[Context, None]) -> int:
        """Candidates who are eligible and available."""
        return await reckon(info.context, lambda: self.page.eligible_and_available)


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    parts = key_of(cursor).split(" ", 3)
    if len(parts) != 4 or not all(part.isdecimal() for part in parts[:3]):  # noqa: PLR2004  # as written below
        raise Invalid(f"{cursor[:100]!r} is not a cursor of candidates", path=("after",))
    return Place(parts[0] == "1", parts[1] == "1", int(parts[2]), parts[3])


def _cursor(place: Place) -> str:
    return cursor_of(f"{place.is_eligible:d} {place.is_available:d} {place.fit} {place.person_id}")


FTE = strawberry.argument(description="Share of full time asked; the position's own, or 1, when absent.")
SOFT = strawberry.argument(description="Let proposed bookings take time too.")
UNIT = strawberry.argument(description="Only people of this unit and the units in it.")


async def candidates(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    target: Annotated[TargetInput, TARGET],
    first: First = PageSize(20),
    after: After = None,
    as_of: AsOf = None,
    until: Until = None,
    fte: Annotated[float | None, FTE] = None,
    unit: Annotated[strawberry.ID | None, UNIT] = None,
    include_soft: Annotated[bool, SOFT] = False,  # noqa: FBT002  # GraphQL names its arguments
    known_at: Known = None,
    min_trust: MinTrust = None,
) -> CandidateConnection:
    """Answer ``candidates``: a page of people, best first."""
    context = info.context
    asked, place = target_of(target), _place(after)
    unit_id = parse(unit, "OrgUnit", path=("unit",))[1] if unit else None
    if fte is not None and not 0 < fte <= 1:
        raise Invalid(f"fte {fte} is not a share of full time above 0 and up to 1", path=("fte",))
    snapshot, known = await known_for(context, known_at)
    today = this_day()
    page = await reckon(
        context,
        lambda: matching.candidates(
            snapshot,
            asked,
            as_of=as_of,
            until=until,
            known=known,
            min_trust=min_trust,
            today=today,
            fte=fte,
            include_soft=include_soft,
            unit_id=unit_id,
            first=first,
            after=place,
        ),
    )
    return _connection(page, after)


def _connection(page: matching.Candidates, after: str | None) -> CandidateConnection:
    edges = [
        Edge(
            cursor=_cursor(row.place),
            node=Candidate(
                person_id=row.person_id,
                page=page,
                name=row.name,
                is_eligible=row.is_eligible,
                is_available=row.is_available,
                fit=row.fit / POINTS,
                base=row.base / POINTS,
                free_fte=row.free_fte,
                away_days=row.away_days,
                working_days=row.working_days,
                booked_here_fte=row.booked_here_fte,
            ),
        )
        for row in page.rows
    ]

    async def counting() -> int:
        return page.total

    return CandidateConnection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=page.has_more,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        counting=counting,
        considered_count=page.considered,
        eligible_count=page.eligible,
        page=page,
        first_day=page.first,
        until=page.until,
        asked_fte=page.fte,
        known_seq=page.known,
        policy=page.policy.version,
        level_rule=page.level_rule,
        availability_rule=page.availability_rule,
    )
