"""What needs attention: one list at question time, and a feed of what comes up."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from datetime import date
from typing import Annotated, NamedTuple

import strawberry
from strawberry.types import Info

from service.capability import alerts
from service.capability.alerts import Alert as Found
from service.capability.alerts import AlertKind, Severity
from service.capability.columns import day_number, day_of
from service.capability.index import Snapshot
from service.graph import ledger
from service.schema.alert_sentences import of_alert
from service.schema.asking import AsOf, Known, known_for, reckon, snapshot_at, this_day
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.expiry_question import Unit, Within
from service.schema.ids import own_id_in
from service.schema.keyset import page_of
from service.schema.nodes import Connection, Node, edge, field
from service.schema.scalars import After, First, PageSize

PAUSE = 1.0
"""Seconds between two looks at most: a burst of changes is reckoned once, not once for each."""

NIGHT_WATCH = 60.0
"""Seconds after which the day is looked at, though nothing has changed."""

describe(
    AlertKind,
    {
        "SKILL_EXPIRING": "A level, or the trust in it, will drop by dates alone within the days asked.",
        "SKILL_EXPIRED": "A level, or the trust in it, dropped within as many days back, and was not made good.",
        "REQUEST_OVERDUE": "A decision was asked for, and its due day is past.",
        "REQUEST_WAITING": "A decision was asked for more than 14 days ago.",
        "REVIEW_DUE": "A review is under way, and its reminder day has come.",
        "COVERAGE_SHORT": "Too few people cover a rule on the day asked.",
        "WAIVER_ENDING": "A waiver ends within the days asked.",
        "SUSPENSION_ENDING": "A suspended assertion counts again within the days asked.",
    },
)
describe(
    Severity,
    {
        "HIGH": "Due on the day asked, or before.",
        "MEDIUM": "Due within a week.",
        "LOW": "Due later.",
    },
)


@strawberry.type(description="One thing that needs attention.")
class Alert:
    """One thing that needs attention."""

    person_id: strawberry.Private[str | None]
    unit_id: strawberry.Private[str | None]
    skill_id: strawberry.Private[str | None]
    about: strawberry.Private[tuple[str, str]]
    key: str = strawberry.field(description="The same for as long as it is the same alert.")
    kind: AlertKind = strawberry.field(description="What needs attention.")
    severity: Severity = strawberry.field(description="How soon it is due.")
    due_on: date = strawberry.field(
        description="Day by which it is due, or since when; of rules that are not covered, the day asked."
    )
    sentence: str = strawberry.field(description="The same in a sentence.")
    person = edge("Person", "person_id", "The person it is about.")
    unit = edge("OrgUnit", "unit_id", "The unit it is about, or the person's.")
    skill = edge("Skill", "skill_id", "The skill it is about.")

    @field
    async def subject(self, info: Info[Context, None]) -> Node | None:
        """What it is about: the assertion, request, review, coverage rule, waiver or decision."""
        found: Node | None = await info.context.load_here(info, *self.about)
        return found


Kinds = Annotated[list[AlertKind] | None, strawberry.argument(description="Only alerts of these kinds.")]


class _Look(NamedTuple):
    """What was found on a day, and in what."""

    found: list[Found]
    snapshot: Snapshot
    known: int
    day: int

    def shown(self, found: Found) -> Alert:
        """An alert as clients see it."""
        return Alert(
            person_id=found.person_id,
            unit_id=found.unit_id,
            skill_id=found.skill_id,
            about=(found.noun, found.id),
            key=found.key,
            kind=found.kind,
            severity=found.severity(self.day),
            due_on=day_of(found.due),
            sentence=of_alert(found, self.snapshot, self.known),
        )


async def _look(  # each narrows what is looked at
    context: Context,
    at: tuple[Snapshot, int],
    day: int,
    within: int,
    unit: str | None,
    kinds: list[AlertKind] | None,
) -> _Look:
    unit_id = own_id_in(unit, "OrgUnit", ("unit",))
    snapshot, known = at
    found = await reckon(
        context,
        lambda: alerts.alerts(snapshot, day=day, within=within, known=known, unit_id=unit_id, kinds=kinds),
    )
    return _Look(found, snapshot, known, day)


async def _alerts(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    unit: Unit = None,
    kinds: Kinds = None,
    as_of: AsOf = None,
    within: Within = 30,
    known_at: Known = None,
    first: First = PageSize(50),
    after: After = None,
) -> Connection[Alert]:
    day = day_number(as_of or this_day())
    look = await _look(info.context, await known_for(info, known_at), day, within, unit, kinds)
    return page_of(look.found, lambda each: each.place, look.shown, first, after)


async def _feed(
    info: Info[Context, None], unit: Unit = None, kinds: Kinds = None, within: Within = 30
) -> AsyncIterator[Alert]:
    """Each alert once while it lasts; one that goes and comes back is told again."""
    context, told = info.context, set[str]()
    async with aclosing(_turns(context)) as turns:
        async for day in turns:
            context.forget()
            look = await _look(context, await snapshot_at(context, None), day, within, unit, kinds)
            for each in look.found:
                if each.key not in told:
                    yield look.shown(each)
            told = {each.key for each in look.found}


async def _turns(context: Context) -> AsyncGenerator[int, None]:
    """The day: at once, after each burst of changes, and when it turns; ends when the service does."""
    seq, _ = await ledger.position(context.database)
    news = asyncio.Event()
    listening = asyncio.create_task(_listen(context, seq, news))
    listening.add_done_callback(lambda _: news.set())
    try:
        while not listening.done():
            news.clear()
            day = day_number(this_day())
            yield day
            while not news.is_set() and day == day_number(this_day()):
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), NIGHT_WATCH)
            await asyncio.sleep(PAUSE)
        listening.result()
    finally:
        listening.cancel()


async def _listen(context: Context, seq: int, news: asyncio.Event) -> None:
    async for _ in context.follower.changes(seq):
        news.set()


FIELDS = {
    "alerts": strawberry.field(
        resolver=_alerts,
        description="What needs attention, by due day: found in the registry at question time, no job has to run.",
    ),
}

SUBSCRIPTIONS = {
    "alerts": strawberry.subscription(
        resolver=_feed,
        description="Each alert once: all there are, then each that comes up as changes come or the day turns.",
    ),
}
