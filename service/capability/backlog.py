"""What waits for an assessor: decisions asked for, and those nobody asked for that would close a gap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from service.capability.closing import VERIFIED, gaps_closed
from service.capability.columns import day_number
from service.capability.index import Snapshot
from service.capability.openings import CLAIMED, openings
from service.capability.rows import Rows
from service.capability.scopes import Reach, reach
from service.capability.segments import Demand, in_order, verifiers_of
from service.capability.states import EvidenceState, RequestState
from service.domain.assessment import RequestStatus


class QueueOrder(StrEnum):
    """What comes first in a queue."""

    AGE = "AGE"
    GAPS = "GAPS"


class Lacking(StrEnum):
    """What a skill demands before an assertion counts as verified, beside decisions."""

    CREDENTIAL = "CREDENTIAL"
    RECENT_EVIDENCE = "RECENT_EVIDENCE"


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
    row: Rows
    """The assertion's one stated row."""
    gaps: int
    request: RequestState | None


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
    day = day_number(asked.day)
    lines = openings(snapshot, day, known)
    requests = _requests(snapshot, day, known)
    for skill_id in sorted({*requests, *(lines if asked.includes_unrequested else ())}):
        people = asked_of.people_in(skill_id)
        if not people.any():
            continue
        own = requests.get(skill_id, {})
        wanted = {*own, *(_unproven(snapshot, skill_id, day, known) if asked.includes_unrequested else ())}
        stated = snapshot.block(skill_id).stated
        is_known = (stated.recorded <= known) & (stated.retracted > known) & people[stated.person]
        candidates = stated.take(is_known & np.isin(stated.reference, list(wanted)))
        gaps = np.zeros(len(candidates.person), np.int64)
        if skill_id in lines:
            gaps = gaps_closed(snapshot, skill_id, candidates, lines[skill_id], day=day, known=known)
        for at in np.flatnonzero(np.isin(candidates.reference, list(own)) | (gaps > 0)).tolist():
            row, count = candidates.take(slice(at, at + 1)), int(gaps[at])
            reference = int(row.reference[0])
            assertion_id = snapshot.assertion_id(reference)
            for request in own.get(reference, ()):
                place = Place(-count, request.requested_on, assertion_id, request.id)
                yield Waiting(place, skill_id, row, count, request)
            if reference not in own:
                place = Place(-count, int(row.asserted[0]), assertion_id, "")
                yield Waiting(place, skill_id, row, count, None)


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


def _unproven(snapshot: Snapshot, skill_id: str, day: int, known: int) -> list[int]:
    """References of the assertions below VERIFIED on which the level of people in service rests on the day."""
    counting, service = snapshot.block(skill_id).counting, snapshot.service(known)
    counts = (counting.recorded <= known) & (counting.retracted > known) & (counting.trust >= CLAIMED)
    counts &= (counting.first <= day) & (counting.until > day)
    counts &= ((service.first <= day) & (service.until > day))[counting.person]
    rows = np.flatnonzero(counts)
    is_last = np.append(np.diff(counting.person[rows]) != 0, np.True_)[: len(rows)]
    won = rows[is_last]
    unproven: list[int] = counting.reference[won[counting.trust[won] < VERIFIED]].tolist()
    return unproven


def _concerns(snapshot: Snapshot, asked: Asked, waiting: Waiting, known: int) -> bool:
    """Whether the assessor asked about may take it up: not handed to another, nor verified by the same already."""
    assessor_id, request = asked.assessor_id, waiting.request
    if assessor_id is None:
        return True
    if request is not None and request.assessor_id not in (None, assessor_id):
        return False
    return assessor_id not in _verifiers(snapshot, waiting, day_number(asked.day), known)


def _verifiers(snapshot: Snapshot, waiting: Waiting, day: int, known: int) -> set[str]:
    """The assessors whose verification stands on the day."""
    reference, own = int(waiting.row.reference[0]), int(waiting.row.own[0])
    decisions = (
        each
        for each in snapshot.block(waiting.skill_id).decisions.get(reference, ())
        if own <= each.recorded_seq <= known < each.retracted_seq and each.decided_on <= day < each.suspended_until
    )
    return verifiers_of(snapshot.people.ids[int(waiting.row.person[0])], in_order(decisions))


def _entry(snapshot: Snapshot, waiting: Waiting, day: int, known: int) -> Entry:
    place, request = waiting.place, waiting.request
    demand = Demand.known(snapshot.tables.skills.states(waiting.skill_id), known)
    evidence = snapshot.tables.evidence_by_assertion.known(place.assertion_id, known)
    negative = sum(each.is_negative for each in evidence)
    count = len(_verifiers(snapshot, waiting, day, known)) + (int(waiting.row.trust[0]) == VERIFIED)
    return Entry(
        place=place,
        assertion_id=place.assertion_id,
        request_id=None if request is None else request.id,
        age_days=day - place.since,
        is_overdue=request is not None and request.due_on < day,
        gaps_closed=waiting.gaps,
        verifiers_still_needed=max(0, demand.verifiers - count),
        positive_evidence=len(evidence) - negative,
        negative_evidence=negative,
        lacking=tuple(_lacking(demand, evidence, day)),
    )


def _lacking(demand: Demand, evidence: Sequence[EvidenceState], day: int) -> Iterator[Lacking]:
    """What the skill demands on the day and the evidence does not give."""
    if not demand._replace(age=None).is_supported(evidence, day):
        yield Lacking.CREDENTIAL
    if not demand._replace(credential=False).is_supported(evidence, day):
        yield Lacking.RECENT_EVIDENCE
