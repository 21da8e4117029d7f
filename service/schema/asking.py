"""What every question takes: a target, days, what was known, and how far to trust; and how it is reckoned."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry import UNSET
from strawberry.types import Info

from service.acts.verbs import valid
from service.capability.targets import Ask, Target
from service.domain.proof import Trust
from service.domain.roles import Requirement
from service.errors import Invalid, Unavailable
from service.graph import past
from service.schema.acting import PART_INPUTS
from service.schema.context import Context, root_of
from service.schema.ids import parse
from service.schema.inputs import values_of
from service.schema.scalars import KnownAt

T = TypeVar("T")

AS_OF = strawberry.argument(
    description="First day asked about. When absent: today, or for a position the later of today and its first day."
)
UNTIL = strawberry.argument(description="First day no longer asked about; a position brings its own end.")
KNOWN_AT = strawberry.argument(description="Answer from what was known at this change or instant; now when absent.")
MIN_TRUST = strawberry.argument(
    description="Least trust that counts; CLAIMED when absent. A requirement may ask for more."
)
TARGET = strawberry.argument(description="What to compare with.")

AsOf = Annotated[date | None, AS_OF]
Until = Annotated[date | None, UNTIL]
Known = Annotated[KnownAt | None, KNOWN_AT]
MinTrust = Annotated[Trust | None, MIN_TRUST]

RequirementInput = PART_INPUTS[Requirement]
ASKED = [field.name for field in fields(Ask)]


@strawberry.input(one_of=True, description="What people are compared with: exactly one of these.")
class TargetInput:
    """What people are compared with: exactly one of these."""

    role: strawberry.ID | None = strawberry.field(description="What a role requires.", default=UNSET)
    job_description: strawberry.ID | None = strawberry.field(
        description="What the profile cited by a job description requires.", default=UNSET
    )
    position: strawberry.ID | None = strawberry.field(
        description="What a position requires, on its days and for its share of time.", default=UNSET
    )
    duties_of: strawberry.ID | None = strawberry.field(
        description="What the unit, the site and the role of this person require together, the strictest of each.",
        default=UNSET,
    )
    requirements: list[RequirementInput] | None = strawberry.field(  # type: ignore[valid-type]  # made at run time
        description="A list of your own.", default=UNSET
    )


def target_of(given: TargetInput) -> Target:
    """The target that *given* names; Invalid for an id of another noun, or a requirement that breaks its rules."""
    if given.role is not UNSET and given.role is not None:
        return Target(role_id=parse(given.role, "Role", path=("target", "role"))[1])
    if given.job_description is not UNSET and given.job_description is not None:
        where = ("target", "jobDescription")
        return Target(job_description_id=parse(given.job_description, "JobDescription", path=where)[1])
    if given.position is not UNSET and given.position is not None:
        return Target(position_id=parse(given.position, "Position", path=("target", "position"))[1])
    if given.duties_of is not UNSET and given.duties_of is not None:
        return Target(duties_of=parse(given.duties_of, "Person", path=("target", "dutiesOf"))[1])
    if given.requirements == []:
        raise Invalid("the list of requirements is empty; name at least one skill", path=("target", "requirements"))
    asks: dict[str, Ask] = {}
    for at, each in enumerate(given.requirements or ()):
        path = ("target", "requirements", at)
        values = values_of(each, Requirement, path)
        valid(Requirement, {**values, "id": "-", "owner_id": "-"}, path)
        if values["skill_id"] in asks:
            raise Invalid(f"skill {values['skill_id']!r} comes twice", path=path)
        asks[values["skill_id"]] = Ask(**{name: values[name] for name in ASKED if name in values})
    return Target(requirements=list(asks.values()))


async def reckon(context: Context, work: Callable[[], T]) -> T:
    """What *work* reckons, off the event loop and within the time a reckoning may take."""
    seconds = context.settings.reckoning_timeout
    try:
        return await asyncio.wait_for(asyncio.to_thread(work), seconds)
    except TimeoutError:
        raise Unavailable(f"The reckoning took longer than {seconds:g} s (REGISTRY_RECKONING_TIMEOUT)") from None


PINNED_DAY: ContextVar[date | None] = ContextVar("pinned_day", default=None)
"""The day that counts as today while a recorded question is asked again."""


def this_day() -> date:
    """Today, where the service runs; the day it was asked on for a question that is asked again."""
    return PINNED_DAY.get() or date.today()  # noqa: DTZ011  # a day where the service runs


async def known_for(info: Info[Context, None], known_at: Any) -> tuple[Any, int]:  # noqa: ANN401  # as snapshot_at
    """As ``snapshot_at``; when *known_at* is given, the edges of the answer lead to what was known then, too."""
    snapshot, known = await snapshot_at(info.context, known_at)
    if known_at is not None:
        info.context.shown_at[root_of(info)] = known
    return snapshot, known


async def known_since(info: Info[Context, None], known_at: Any, began: int | None) -> tuple[Any, int]:  # noqa: ANN401
    """As ``known_for``, for a list that was *began* at that change: its later pages are of the same moment."""
    if began is None:
        return await known_for(info, known_at)
    snapshot, known = await (snapshot_at(info.context, began) if known_at is None else known_for(info, known_at))
    if known != began:
        raise Invalid(f"the list was begun at change {began}, and {known} is asked now", path=("after",))
    return snapshot, known


async def snapshot_at(context: Context, known_at: Any) -> tuple[Any, int]:  # noqa: ANN401  # an int or an instant
    """The snapshot of this request, and the sequence number that *known_at* means."""
    snapshot = await context.snapshot()
    if known_at is not None and not isinstance(known_at, int | datetime):
        raise Invalid(f"knownAt {known_at!r} is neither a number nor an instant", path=("knownAt",))
    known = snapshot.seq if known_at is None else await past.known_at(context.database, known_at, snapshot.seq)
    return snapshot, known if context.pinned is None else min(known, context.pinned.known_seq)
