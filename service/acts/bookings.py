"""The rule for bookings: nobody is booked beyond the contract, unless forced with a reason."""

from collections.abc import Sequence

from service.acts.lookup import Lookup
from service.acts.refusal import Refusal
from service.capability.availability import over_allocation
from service.capability.calendars import Calendars
from service.domain.people import Absence, Person
from service.domain.work import Allocation, AllocationStatus, Approval, Position
from service.graph import records


async def check_allocations(lookup: Lookup, facts: Sequence[Allocation]) -> list[Refusal]:
    """Why some of *facts* cannot be booked: outside their position's days, or over-allocating without a reason."""
    positions = await lookup.facts(Position, {fact.position_id for fact in facts})
    firm = {fact.person_id for fact in facts if _takes_time(fact)}
    people = await lookup.facts(Person, firm)
    ids = sorted(people)
    bookings = await records.below(lookup.reader, Allocation, "person_id", ids)
    absences = await records.below(lookup.reader, Absence, "person_id", ids)
    for planned in await lookup.planned(Allocation):
        if planned.person_id in bookings:
            bookings[planned.person_id].append(planned)
    for away in await lookup.planned(Absence):
        if away.person_id in absences:
            absences[away.person_id].append(away)
    calendars = Calendars(tuple(sorted({person.calendar or "" for person in people.values()})))
    refusals: list[Refusal] = []
    for index, fact in enumerate(facts):
        position = positions[fact.position_id]
        if fact.valid_from < position.valid_from or fact.valid_until > position.valid_until:  # type: ignore[operator]  # both have days
            refusals.append(
                Refusal(
                    index=index,
                    field="valid_from",
                    value=f"{fact.valid_from} to {fact.valid_until}",
                    reason=f"the position lasts from {position.valid_from} until before {position.valid_until}",
                )
            )
            continue
        if _takes_time(fact):
            others = [other for other in bookings[fact.person_id] if other.id != fact.id]
            person = people[fact.person_id]
            over = over_allocation(person, fact, others, absences[fact.person_id], calendars)
            if over is not None and not fact.forced_reason:
                refusals.append(
                    Refusal(
                        index=index,
                        field="fte",
                        value=str(fact.fte),
                        reason=(
                            f"it books {person.name} for {over.booked / 10_000:g} FTE on {over.day}, the contract is "
                            f"{over.contract / 10_000:g}; force it by giving forced_reason"
                        ),
                        code="CONFLICT",
                    )
                )
                continue
            bookings[fact.person_id] = [*others, fact]
    return refusals


def _takes_time(fact: Allocation) -> bool:
    return fact.status is AllocationStatus.HARD and fact.approval is not Approval.REJECTED
