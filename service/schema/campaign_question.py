"""How far a review has come, and who is to be reminded."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import campaigns
from service.schema.asking import Known, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.ids import parse
from service.schema.nodes import Connection, Edge, PageInfo, cursor_of, edge, key_of
from service.schema.queue_question import Day
from service.schema.scalars import After, First, PageSize


@strawberry.type(description="One person's part of a review.")
class PersonReview:
    """One person's part of a review."""

    person_id: strawberry.Private[str]
    total: int = strawberry.field(description="Assertions to review.")
    open: int = strawberry.field(description="Those not reviewed yet.")
    is_reminder_due: bool = strawberry.field(
        description="Something is open, the review is under way, and the days of reminding have begun."
    )
    person = edge("Person", "person_id", "The person.", is_required=True)


@strawberry.type(description="How far a review has come; the page is of its people, by id.")
class ReviewProgressConnection(Connection[PersonReview]):
    """How far a review has come; the page is of its people, by id."""

    campaign_id: strawberry.Private[str]
    total: int = strawberry.field(
        description="Assertions in the review: of people in service in its unit, in its skills, valid on the day."
    )
    reviewed: int = strawberry.field(
        description="Those stated or decided on from the review's first day up to the day asked about."
    )
    open: int = strawberry.field(description="Those not reviewed yet.")
    ratio: float = strawberry.field(description="Reviewed / total; 1 when there is nothing to review.")
    starts_on: date = strawberry.field(description="First day of the review.")
    due_on: date = strawberry.field(description="Day by which all is to be reviewed.")
    is_closed: bool = strawberry.field(description="The review was ended by the day asked about.")
    is_overdue: bool = strawberry.field(description="Something is open, the due day has passed, it is not closed.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    campaign = edge("ReviewCampaign", "campaign_id", "The review.", is_required=True)


CAMPAIGN = strawberry.argument(description="The review.")


async def review_progress(
    info: Info[Context, None],
    campaign: Annotated[strawberry.ID, CAMPAIGN],
    first: First = PageSize(20),
    after: After = None,
    as_of: Day = None,
    known_at: Known = None,
) -> ReviewProgressConnection:
    """Answer ``reviewProgress``: the numbers of a review, and a page of its people."""
    campaign_id, key, day = parse(campaign, "ReviewCampaign", path=("campaign",))[1], key_of(after), as_of or this_day()
    snapshot, known = await known_for(info, known_at)
    found = await reckon(
        info.context,
        lambda: campaigns.review_progress(snapshot, campaign_id, as_of=day, known=known, first=first, after=key),
    )
    return _shown(found, after)


def _counting(total: int) -> Callable[[], Awaitable[int]]:
    async def counting() -> int:
        return total

    return counting


def _shown(found: campaigns.Progress, after: str | None) -> ReviewProgressConnection:
    edges = [
        Edge(
            cursor=cursor_of(each.person_id),
            node=PersonReview(
                person_id=each.person_id,
                total=each.total,
                open=each.open,
                is_reminder_due=found.is_reminder_due and each.open > 0,
            ),
        )
        for each in found.people
    ]
    return ReviewProgressConnection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=found.has_more,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        counting=_counting(found.people_total),
        campaign_id=found.campaign_id,
        total=found.total,
        reviewed=found.reviewed,
        open=found.open,
        ratio=found.ratio,
        starts_on=found.starts_on,
        due_on=found.due_on,
        is_closed=found.is_closed,
        is_overdue=found.is_overdue,
        known_seq=found.known,
    )
