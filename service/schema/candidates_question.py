"""Who fits and is free: the people ranked, each with the reasons."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import blind as blinding
from service.capability import matching
from service.errors import Invalid
from service.schema.asking import (
    TARGET,
    AsOf,
    Known,
    MinTrust,
    TargetInput,
    Until,
    known_since,
    reckon,
    target_of,
    this_day,
)
from service.schema.candidate import Candidate, shown_candidates
from service.schema.candidates_inputs import (
    Begun,
    CandidateFilter,
    SkillWeightInput,
    begun,
    candidates_cursor,
    filter_of,
    weights_of,
)
from service.schema.context import Context
from service.schema.nodes import Connection, Edge, PageInfo, field
from service.schema.refusal_question import Refusal, shown_refusal
from service.schema.scalars import After, First, PageSize


@strawberry.type(description="Who fits, best first: eligible, then available, then by fit.")
class CandidateConnection(Connection[Candidate]):
    """Who fits, best first: eligible, then available, then by fit."""

    considered_count: int = strawberry.field(
        description="People in service on some day of the window who pass the filter."
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

    @field
    async def refusal(self, info: Info[Context, None]) -> Refusal | None:
        """Why nobody is both eligible and available, and what would have to give; null when somebody is."""
        return await reckon(info.context, lambda: shown_refusal(self.page))


FTE = strawberry.argument(description="Share of full time asked; the position's own, or 1, when absent.")
SOFT = strawberry.argument(description="Let proposed bookings take time too.")
UNIT = strawberry.argument(description="Only people of this unit and the units in it.")
FILTER = strawberry.argument(description="Who may be a candidate at all.", name="filter")
WEIGHTS = strawberry.argument(description="Weights for this search in place of the target's own.")
BLIND = strawberry.argument(
    description="Rank people by alias: no name, no person, and nothing in the reasons that leads to one."
)


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
    wanted: Annotated[CandidateFilter | None, FILTER] = None,
    weights: Annotated[list[SkillWeightInput] | None, WEIGHTS] = None,
    blind: Annotated[bool, BLIND] = False,  # noqa: FBT002  # GraphQL names its arguments
) -> CandidateConnection:
    """Answer ``candidates``: a page of people, best first. Later pages are of the same moment as the first."""
    context = info.context
    asked, start = target_of(target), begun(after)
    conditions, own_weights = filter_of(wanted, unit), weights_of(weights)
    if fte is not None and not 0 < fte <= 1:
        raise Invalid(f"fte {fte} is not a share of full time above 0 and up to 1", path=("fte",))
    snapshot, known = await known_since(info, known_at, start.known if start else None)
    today = start.today if start else this_day()

    def work() -> matching.Candidates:
        secret = blinding.secret_in(context.settings.data_dir) if blind else b""
        return matching.candidates(
            snapshot,
            asked,
            as_of=as_of,
            until=until,
            known=known,
            min_trust=min_trust,
            today=today,
            fte=fte,
            weights=own_weights,
            include_soft=include_soft,
            wanted=conditions,
            first=first,
            after=start.place if start else None,
            blind=blinding.blind(secret, snapshot.registry_id, known, asked) if blind else None,
        )

    return _connection(await reckon(context, work), start, today)


def _connection(page: matching.Candidates, start: Begun | None, today: date) -> CandidateConnection:
    edges = [
        Edge(cursor=candidates_cursor(page.known, today, row.place), node=node)
        for row, node in zip(page.rows, shown_candidates(page, page.rows), strict=True)
    ]

    async def counting() -> int:
        return page.total

    return CandidateConnection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=page.has_more,
            has_previous_page=start is not None,
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
