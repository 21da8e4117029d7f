"""What waits for an assessor: an entry for each assertion, with what a decision on it would close."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import backlog
from service.capability.backlog import Asked, Place, QueueOrder
from service.capability.proving import Lacking
from service.errors import Invalid
from service.schema.asking import Known, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.ids import own_id_in
from service.schema.nodes import Connection, Edge, PageInfo, cursor_of, edge, key_of
from service.schema.scalars import After, First, PageSize

describe(
    QueueOrder,
    {
        "AGE": "What waits longest comes first.",
        "GAPS": "What closes most gaps comes first; of equals, what waits longest.",
    },
)

describe(
    Lacking,
    {
        "CREDENTIAL": "The skill demands a certificate or credential in force, and there is none.",
        "RECENT_EVIDENCE": "The skill demands evidence that is not too old, and there is none.",
    },
)


@strawberry.type(description="One assertion that waits for a decision.")
class QueueEntry:
    """One assertion that waits for a decision."""

    request_id: strawberry.Private[str | None]
    assertion_id: strawberry.Private[str]
    age_days: int = strawberry.field(
        description="Days since the decision was asked for, or since the assertion was made where nobody asked."
    )
    is_overdue: bool = strawberry.field(description="A decision was needed by a day that has passed.")
    gaps_closed: int = strawberry.field(
        description=(
            "Requirement lines, of open positions and of the person's own role, that are UNVERIFIED for this person "
            "and would be MET if this assertion were VERIFIED."
        )
    )
    verifiers_still_needed: int = strawberry.field(
        description="Assessors who have yet to verify it before it counts as VERIFIED."
    )
    positive_evidence_count: int = strawberry.field(description="Pieces of evidence that support it.")
    negative_evidence_count: int = strawberry.field(description="Pieces of evidence that speak against it.")
    lacking: list[Lacking] = strawberry.field(description="What the skill demands beside decisions, and is not there.")
    request = edge("VerificationRequest", "request_id", "The request; null: nobody asked.")
    assertion = edge("Assertion", "assertion_id", "The assertion to decide on.", is_required=True)


@strawberry.type(description="What waits for a decision, in the order asked for.")
class QueueConnection(Connection[QueueEntry]):
    """What waits for a decision, in the order asked for."""

    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )


Day = Annotated[date | None, strawberry.argument(description="Day asked about; today when absent.")]
ASSESSOR = strawberry.argument(
    description=(
        "Only what this assessor may decide on: within their scopes, not about themselves, assigned to them or to "
        "nobody, and not verified by them already."
    )
)
UNIT = strawberry.argument(description="Only about people of this unit and the units in it.")
SKILL = strawberry.argument(description="Only in this skill or group, with everything narrower.")
ORDER = strawberry.argument(description="What comes first.")
UNREQUESTED = strawberry.argument(
    description="List too what nobody asked a decision for, where it would close at least one gap."
)


async def verification_queue(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    first: First = PageSize(20),
    after: After = None,
    assessor: Annotated[strawberry.ID | None, ASSESSOR] = None,
    unit: Annotated[strawberry.ID | None, UNIT] = None,
    skill: Annotated[strawberry.ID | None, SKILL] = None,
    order_by: Annotated[QueueOrder, ORDER] = QueueOrder.GAPS,
    include_unrequested: Annotated[bool, UNREQUESTED] = False,  # noqa: FBT002  # GraphQL names its arguments
    as_of: Day = None,
    known_at: Known = None,
) -> QueueConnection:
    """Answer ``verificationQueue``: a page of what waits for a decision."""
    context = info.context
    place = _place(after, order_by)
    assessor_id = own_id_in(assessor, "Person", ("assessor",))
    unit_id = own_id_in(unit, "OrgUnit", ("unit",))
    skill_id = own_id_in(skill, "Skill", ("skill",))
    snapshot, known = await known_for(info, known_at)
    asked = Asked(
        day=as_of or this_day(),
        known=known,
        assessor_id=assessor_id,
        unit_id=unit_id,
        skill_id=skill_id,
        includes_unrequested=include_unrequested,
    )
    page = await reckon(
        context, lambda: backlog.verification_queue(snapshot, asked, order=order_by, first=first, after=place)
    )
    return _connection(page, order_by, after)


def _place(cursor: str | None, order: QueueOrder) -> Place | None:
    if cursor is None:
        return None
    named, _, key = key_of(cursor).partition(" ")
    parts = key.split(" ")
    if (
        named != order
        or len(parts) != len(Place._fields)
        or not all(part.lstrip("-").isdecimal() for part in parts[:2])
    ):
        raise Invalid(f"{cursor[:100]!r} is not a cursor of the queue in the order {order}", path=("after",))
    return Place(int(parts[0]), int(parts[1]), parts[2], parts[3])


def _connection(page: backlog.Queue, order: QueueOrder, after: str | None) -> QueueConnection:
    edges = [
        Edge(
            cursor=cursor_of(" ".join(map(str, (order, *entry.place)))),
            node=QueueEntry(
                request_id=entry.request_id,
                assertion_id=entry.assertion_id,
                age_days=entry.age_days,
                is_overdue=entry.is_overdue,
                gaps_closed=entry.gaps_closed,
                verifiers_still_needed=entry.verifiers_still_needed,
                positive_evidence_count=entry.positive_evidence,
                negative_evidence_count=entry.negative_evidence,
                lacking=list(entry.lacking),
            ),
        )
        for entry in page.entries
    ]

    async def counting() -> int:
        return page.total

    return QueueConnection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=page.has_more,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        counting=counting,
        known_seq=page.known,
    )
