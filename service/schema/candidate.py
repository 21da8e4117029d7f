"""A candidate as clients see it, by name or blind."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Generic, TypeVar

import strawberry
from strawberry.types import Info

from service.capability import matching
from service.capability.columns import FTE_UNITS
from service.capability.freedom import Week
from service.capability.targets import POINTS
from service.schema.asking import reckon
from service.schema.context import Context
from service.schema.gap_question import SkillGap, shown_gap, without_person
from service.schema.nodes import edge, field

T = TypeVar("T")


class Together(Generic[T]):
    """What is reckoned of all candidates of a page at once, by id, when it is first asked of one of them.

    A page has up to a hundred, and each reckoning by itself takes a thread and its turn.
    """

    def __init__(self, work: Callable[[], Mapping[str, T]]) -> None:
        self._work = work
        self._found: asyncio.Task[Mapping[str, T]] | None = None

    async def of(self, context: Context, person_id: str) -> T:
        """What is found of one of them."""
        if self._found is None:
            self._found = asyncio.create_task(reckon(context, self._work))
        return (await self._found)[person_id]


@strawberry.type(description="What somebody has free in one week; weeks begin on Monday.")
class FreeWeek:
    """What somebody has free in one week; weeks begin on Monday."""

    first_day: date = strawberry.field(description="First day of the week that is asked about.")
    until: date = strawberry.field(description="First day after those of the week that are asked about.")
    fte: float = strawberry.field(
        description="Least free share of full time on a working day present; 0 when there is no such day."
    )


@strawberry.type(description="A person who earns points for what is asked, or is eligible.")
class Candidate:
    """A person who earns points for what is asked, or is eligible."""

    row: strawberry.Private[matching.Candidate]
    gaps: strawberry.Private[Together[SkillGap]]
    weeks: strawberry.Private[Together[tuple[Week, ...]]]
    person_id: strawberry.Private[str | None]
    name: str = strawberry.field(
        description="The person's name; in a blind list an alias that stays the same for the same question."
    )
    is_eligible: bool = strawberry.field(description="Every mandatory requirement is MET or WAIVED.")
    is_available: bool = strawberry.field(
        description="Free for the share asked on every working day present, and away on at most a fifth of them."
    )
    fit: float = strawberry.field(description="How well the skills fit, 0 to 1.")
    base: float = strawberry.field(description="The sum of the parts, before the cap on who is not eligible.")
    free_fte: float = strawberry.field(description="Least free share of full time on a working day of the window.")
    away_days: int = strawberry.field(description="Working days of the window on which the person is absent.")
    working_days: int = strawberry.field(description="Working days of the window.")
    booked_here_fte: float | None = strawberry.field(
        description="Share already booked on this very position, not counted as taken; null in a blind list."
    )
    person = edge("Person", "person_id", "The person; null in a blind list.")

    @field
    async def gap(self, info: Info[Context, None]) -> SkillGap:
        """Why: every requirement against this person; in a blind list without what leads to the person."""
        found = await self.gaps.of(info.context, self.row.person_id)
        return found if self.row.alias is None else without_person(found)

    @field
    async def free_by_week(self, info: Info[Context, None]) -> list[FreeWeek]:
        """What the person has free week by week, as `freeFte` is reckoned; the first 53 weeks of the window."""
        found = await self.weeks.of(info.context, self.row.person_id)
        return [FreeWeek(first_day=each.first, until=each.until, fte=each.free / FTE_UNITS) for each in found]


def shown_candidates(page: matching.Candidates, rows: Sequence[matching.Candidate]) -> list[Candidate]:
    """Some rows of a page as clients see them."""
    gaps = Together(lambda: {row.person_id: shown_gap(page.explain(row.person_id)) for row in rows})
    weeks = Together(lambda: page.weeks)
    return [_shown(row, gaps, weeks) for row in rows]


def shown_candidate(page: matching.Candidates, row: matching.Candidate) -> Candidate:
    """One row of a page as clients see it."""
    return shown_candidates(page, [row])[0]


def _shown(row: matching.Candidate, gaps: Together[SkillGap], weeks: Together[tuple[Week, ...]]) -> Candidate:
    is_blind = row.alias is not None
    return Candidate(
        row=row,
        gaps=gaps,
        weeks=weeks,
        person_id=None if is_blind else row.person_id,
        name=f"Candidate {row.alias}" if is_blind else row.name,
        is_eligible=row.is_eligible,
        is_available=row.is_available,
        fit=row.fit / POINTS,
        base=row.base / POINTS,
        free_fte=row.free_fte,
        away_days=row.away_days,
        working_days=row.working_days,
        booked_here_fte=None if is_blind else row.booked_here_fte,
    )
