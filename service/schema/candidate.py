"""A candidate as clients see it, by name or blind."""

from datetime import date

import strawberry
from strawberry.types import Info

from service.capability import matching
from service.capability.columns import FTE_UNITS
from service.capability.targets import POINTS
from service.schema.asking import reckon
from service.schema.context import Context
from service.schema.gap_question import SkillGap, shown_gap, without_person
from service.schema.nodes import edge, field


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
    page: strawberry.Private[matching.Candidates]
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
    def gap(self) -> SkillGap:
        """Why: every requirement against this person; in a blind list without what leads to the person."""
        found = shown_gap(self.page.explain(self.row.person_id))
        return found if self.row.alias is None else without_person(found)

    @field
    async def free_by_week(self, info: Info[Context, None]) -> list[FreeWeek]:
        """What the person has free week by week, as `freeFte` is reckoned; the first 53 weeks of the window."""
        found = await reckon(info.context, lambda: self.page.weeks[self.row.person_id])
        return [FreeWeek(first_day=each.first, until=each.until, fte=each.free / FTE_UNITS) for each in found]


def shown_candidate(page: matching.Candidates, row: matching.Candidate) -> Candidate:
    """A row of a page as clients see it."""
    is_blind = row.alias is not None
    return Candidate(
        row=row,
        page=page,
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
