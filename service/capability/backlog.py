"""What waits for an assessor: decisions asked for, and those nobody asked for that would close a gap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.closing import VERIFIED, gaps_closed
from service.capability.columns import day_number
from service.capability.index import Snapshot
from service.capability.openings import CLAIMED, openings
from service.capability.proving import Lacking, Stated, in_force, proof
from service.capability.rows import Rows
from service.capability.scopes import People, Reach, reach
from service.capability.segments import verifiers_of
from service.capability.states import RequestState
from service.domain.assessment import RequestStatus


class QueueOrder(StrEnum):
    """What comes first in a queue."""

    AGE = "AGE"
    GAPS = "GAPS"


class Place(NamedTuple):
    """Where an entry stands in the order asked for, ascending."""

    less_gaps: int
    """Minus the gaps that a decision closes; 0 where the order is by age."""
    since: int
    """Day number of the request, or of the assertion where none was made."""
    assertion_id: str
    request_id: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One assertion that waits for a decision."""

    place: Place
    assertion_id: str
    request_id: str | None
    age_days: int
    is_overdue: bool
    gaps_closed: int
    verifiers_still_needed: int
    positive_evidence: int
    negative_evidence: int
    lacking: tuple[Lacking, ...]


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A page of what waits, and how much waits in all."""

    entries: tuple[Entry, ...]
    total: int
    has_more: bool
    known: int


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which part of the queue is asked for."""

    day: date
    known: int
    assessor_id: str | None = None
    unit_id: str | None = None
    skill_id: str | None = None
    includes_unrequested: bool = False


class Waiting(NamedTuple):
    """One assertion that waits, before its details are looked up."""

    place: Place
    skill_id: str
    reference: int
    person: int
    own: int
    """Sequence number of the assertion's present state."""
    trust: int
    """The assertion's own, before any decision."""
    gaps: int
    request: RequestState | None

    @property
    def stated(self) -> Stated:
        """The assertion that waits."""
        return Stated(self.skill_id, self.reference, self.person, self.own, self.trust)


Requests = dict[str, dict[int, list[RequestState]]]
"""By skill, and by the reference of each state of an assertion, the requests that wait for a decision on it."""


def verification_queue(
    snapshot: Snapshot, asked: Asked, *, order: QueueOrder = QueueOrder.GAPS, first: int, after: Place | None = None
) -> Queue:
    """What waits for a decision, a page of at most *first* behind *after*.

    Requests count from the day they were made. Unrequested are the assertions, below VERIFIED, on which the
    level of somebody in service rests on the day, and whose verification would close at least one gap.
    Raises NotFound for an assessor, unit or skill that is not known.
    """
    known, day = min(asked.known, snapshot.seq), day_number(asked.day)
    asked_of = reach(
        snapshot, day, known, assessor_id=asked.assessor_id, unit_id=asked.unit_id, skill_id=asked.skill_id
    )
    waiting = [each for each in _waiting(snapshot, asked, asked_of, known) if _concerns(snapshot, asked, each, known)]
    if order is QueueOrder.AGE:
        waiting = [each._replace(place=each.place._replace(less_gaps=0)) for each in waiting]
    waiting.sort(key=lambda each: each.place)
    rest = [each for each in waiting if after is None or each.place > after]
    return Queue(
        entries=tuple(_entry(snapshot, each, day, known) for each in rest[:first]),
        total=len(waiting),
        has_more=len(rest) > first,
        known=known,
    )


def _waiting(snapshot: Snapshot, asked: Asked, asked_of: Reach, known: int) -> Iterator[Waiting]:
    day, service = day_number(asked.day), snapshot.service(known)
    lines = openings(snapshot, day, known)
    requests = _requests(snapshot, day, known)
    serves = service.on(day)
    is_wanted = np.zeros(len(snapshot.assertions.references), np.bool_)
    for own in requests.values():
        is_wanted[list(own)] = True
    for skill_id in sorted({*requests, *(lines if asked.includes_unrequested else ())}):
        people = asked_of.people_in(skill_id)
        if not people.any():
            continue
        if asked.includes_unrequested and skill_id in lines:
            is_wanted[_unproven(snapshot.block(skill_id).counting, people & serves, day, known)] = True
        candidates = _known(snapshot.block(skill_id).stated, is_wanted, people, known)
        gaps = np.zeros(len(candidates.person), np.int64)
        if skill_id in lines:
            gaps = gaps_closed(snapshot, skill_id, candidates, lines[skill_id], day=day, known=known)
        yield from _of_skill(snapshot, skill_id, candidates, gaps.tolist(), requests.get(skill_id, {}))


def _known(stated: Rows, is_wanted: NDArray[np.bool_], people: People, known: int) -> Rows:
    """The known ones of the *stated* rows that are wanted, by reference, and of the *people*."""
    found = stated.take(np.flatnonzero(is_wanted[stated.reference]))
    return found.take((found.recorded <= known) & (found.retracted > known) & people[found.person])


def _of_skill(
    snapshot: Snapshot, skill_id: str, candidates: Rows, gaps: list[int], own: dict[int, list[RequestState]]
) -> Iterator[Waiting]:
    columns = (candidates.reference, candidates.person, candidates.own, candidates.trust, candidates.asserted)
    for count, *values in zip(gaps, *(each.tolist() for each in columns), strict=True):
        reference, person, seq, trust, asserted = values
        asking: Sequence[RequestState | None] = own.get(reference, ())
        if not asking and count:
            asking = (None,)
        for request in asking:
            since, name = (asserted, "") if request is None else (request.requested_on, request.id)
            place = Place(-count, since, snapshot.assertion_id(reference), name)
            yield Waiting(place, skill_id, reference, person, seq, trust, count, request)


def _requests(snapshot: Snapshot, day: int, known: int) -> Requests:
    """The open requests made by *day*."""
    waiting = [
        each
        for each in snapshot.tables.requests.all_known(known)
        if each.status == RequestStatus.OPEN and each.requested_on <= day
    ]
    references, skills = snapshot.assertions.references, snapshot.names.skills
    found: Requests = {}
    for request, states in zip(waiting, references.find([each.assertion_id for each in waiting]), strict=True):
        for reference in states:
            own = found.setdefault(skills.ids[references.skill(reference)], {})
            own.setdefault(reference, []).append(request)
    return found


def _unproven(counting: Rows, people: People, day: int, known: int) -> NDArray[np.int32]:
    """References of the assertions below VERIFIED on which the level of one of the *people* rests on the day."""
    counts = (counting.trust >= CLAIMED) & (counting.first <= day) & (counting.until > day)
    counts &= (counting.recorded <= known) & (counting.retracted > known) & people[counting.person]
    rows = np.flatnonzero(counts)
    person = counting.person[rows]
    is_last = np.ones(len(rows), np.bool_)
    np.not_equal(person[1:], person[:-1], out=is_last[:-1])
    won = rows[is_last]
    unproven: NDArray[np.int32] = counting.reference[won[counting.trust[won] < VERIFIED]]
    return unproven


def _concerns(snapshot: Snapshot, asked: Asked, waiting: Waiting, known: int) -> bool:
    """Whether the assessor asked about may take it up: not handed to another, nor verified by the same already."""
    assessor_id, request = asked.assessor_id, waiting.request
    if assessor_id is None:
        return True
    if request is not None and request.assessor_id not in (None, assessor_id):
        return False
    decisions = in_force(snapshot.block(waiting.skill_id), waiting.stated, day_number(asked.day), known)
    return assessor_id not in verifiers_of(snapshot.people.ids[waiting.person], decisions)


def _entry(snapshot: Snapshot, waiting: Waiting, day: int, known: int) -> Entry:
    place, request = waiting.place, waiting.request
    evidence = snapshot.tables.evidence_by_assertion.known(place.assertion_id, known)
    negative = sum(each.is_negative for each in evidence)
    proven = proof(snapshot, waiting.stated, day, known)
    return Entry(
        place=place,
        assertion_id=place.assertion_id,
        request_id=None if request is None else request.id,
        age_days=day - place.since,
        is_overdue=request is not None and request.due_on < day,
        gaps_closed=waiting.gaps,
        verifiers_still_needed=proven.still_needed,
        positive_evidence=len(evidence) - negative,
        negative_evidence=negative,
        lacking=proven.lacking,
    )
