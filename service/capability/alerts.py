"""What needs attention on a day, found in what the registry holds: nothing is stored, nothing has to run."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability import coverage
from service.capability.blocks import Block
from service.capability.columns import day_of
from service.capability.coverage import Covered, Scope
from service.capability.expiry import Lapse, Whose, expired, expiring, span
from service.capability.index import Snapshot
from service.capability.segments import in_order
from service.capability.states import DecisionState, WaiverState
from service.domain.assessment import RequestStatus
from service.domain.proof import Decision, Trust

WAITING_DAYS: Final = 14
"""Days that a request may be open before it is an alert."""

URGENT_DAYS: Final = 7
"""Days before its due day from which an alert is of medium severity."""


class AlertKind(StrEnum):
    """What needs attention."""

    SKILL_EXPIRING = "SKILL_EXPIRING"
    SKILL_EXPIRED = "SKILL_EXPIRED"
    REQUEST_OVERDUE = "REQUEST_OVERDUE"
    REQUEST_WAITING = "REQUEST_WAITING"
    REVIEW_DUE = "REVIEW_DUE"
    COVERAGE_SHORT = "COVERAGE_SHORT"
    WAIVER_ENDING = "WAIVER_ENDING"
    SUSPENSION_ENDING = "SUSPENSION_ENDING"


class Severity(StrEnum):
    """How soon something is due."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class Alert(NamedTuple):
    """One thing that needs attention."""

    kind: AlertKind
    due: int
    """Day by which, or since when, something is due."""
    key: str
    """The same as long as it is the same alert."""
    noun: str
    """Label of the thing that it is about."""
    id: str
    person_id: str | None = None
    unit_id: str | None = None
    skill_id: str | None = None
    name: str = ""
    """REVIEW_DUE: what the review is called."""
    since: int | None = None
    """REQUEST_WAITING: day it was asked for."""
    lapse: Lapse | None = None
    covered: Covered | None = None

    @property
    def place(self) -> str:
        """Sorts by due day, then by key."""
        return f"{self.due + 10_000_000:08} {self.key}"

    def severity(self, day: int) -> Severity:
        """HIGH when it is due or past on a day, MEDIUM when it is within a week."""
        if self.due <= day:
            return Severity.HIGH
        return Severity.MEDIUM if self.due - day <= URGENT_DAYS else Severity.LOW


class Watch(NamedTuple):
    """What is looked at: the people and units, the day, and the days ahead and back."""

    snapshot: Snapshot
    known: int
    day: int
    within: int
    unit_id: str | None
    units: frozenset[str] | None
    """The unit asked and those under it; None: all."""
    people: NDArray[np.bool_]
    """Who is in service on the day, in those units."""

    def is_soon(self, day: int) -> bool:
        """Whether a day is after today and within the days ahead."""
        return self.day < day <= self.day + self.within

    def unit_of(self, person_id: str) -> str | None:
        """The unit a person belongs to."""
        row = int(self.snapshot.service(self.known).unit[self.snapshot.people.rows[person_id]])
        return self.snapshot.units.ids[row] if row >= 0 else None

    def has(self, person_id: str) -> bool:
        """Whether a person is looked at."""
        row = self.snapshot.people.rows.get(person_id, self.snapshot.size)
        return row < self.snapshot.size and bool(self.people[row])


def alerts(
    snapshot: Snapshot,
    *,
    day: int,
    within: int,
    known: int,
    unit_id: str | None = None,
    kinds: Collection[AlertKind] | None = None,
) -> list[Alert]:
    """All alerts of the *kinds* on a day, in the order of ``place``; NotFound for a unit that is not known."""
    units = None if unit_id is None else frozenset(snapshot.subtree(unit_id, known))
    service = snapshot.service(known)
    people = service.on(day)
    if unit_id is not None:
        people &= snapshot.in_unit(unit_id, known)
    watch = Watch(snapshot, known, day, span(within), unit_id, units, people)
    asked = frozenset(AlertKind if kinds is None else kinds)
    found = (alert for shown, find in FINDERS if shown & asked for alert in find(watch))
    return sorted((each for each in found if each.kind in asked), key=lambda each: each.place)


def _lapsing(watch: Watch) -> Iterator[Alert]:
    return _lapses(watch, AlertKind.SKILL_EXPIRING, expiring)


def _lapsed(watch: Watch) -> Iterator[Alert]:
    return _lapses(watch, AlertKind.SKILL_EXPIRED, expired)


def _lapses(watch: Watch, kind: AlertKind, find: Callable[..., list[Lapse]]) -> Iterator[Alert]:
    whose = Whose(unit_id=watch.unit_id)
    for each in find(
        watch.snapshot, whose, day=watch.day, within=watch.within, known=watch.known, floor=Trust.CLAIMED.rank
    ):
        yield Alert(
            kind=kind,
            due=each.day,
            key=f"{kind}/{each.person_id}/{each.skill_id}/{day_of(each.day)}",
            noun="Assertion",
            id=watch.snapshot.assertion_id(each.reference),
            person_id=each.person_id,
            unit_id=watch.unit_of(each.person_id),
            skill_id=each.skill_id,
            lapse=each,
        )


def _requests(watch: Watch) -> Iterator[Alert]:
    known, day = watch.known, watch.day
    late = [
        each
        for each in watch.snapshot.tables.requests.all_known(known)
        if each.status == RequestStatus.OPEN and (each.due_on < day or day - each.requested_on > WAITING_DAYS)
    ]
    about = _subjects(watch.snapshot, [each.assertion_id for each in late], known)
    for each in late:
        person_id, skill_id = about.get(each.assertion_id, ("", ""))
        if not watch.has(person_id):
            continue
        unit_id = watch.unit_of(person_id)
        if each.due_on < day:
            kind = AlertKind.REQUEST_OVERDUE
            key = f"{kind}/{each.id}/{day_of(each.due_on)}"
            yield Alert(kind, each.due_on, key, "VerificationRequest", each.id, person_id, unit_id, skill_id)
        if day - each.requested_on > WAITING_DAYS:
            kind = AlertKind.REQUEST_WAITING
            since, due = each.requested_on, each.requested_on + WAITING_DAYS
            key = f"{kind}/{each.id}"
            yield Alert(kind, due, key, "VerificationRequest", each.id, person_id, unit_id, skill_id, since=since)


def _subjects(snapshot: Snapshot, assertion_ids: list[str], known: int) -> Mapping[str, tuple[str, str]]:
    """Person and skill of each of the assertions that is known."""
    references, names = snapshot.assertions.references, snapshot.names
    by_skill: dict[int, list[int]] = defaultdict(list)
    for its in references.find(sorted(set(assertion_ids))):
        for reference in its:
            by_skill[references.skill(reference)].append(reference)
    found = {}
    for skill, its in by_skill.items():
        rows = snapshot.block(names.skills.ids[skill]).stated
        is_its = np.isin(rows.reference, its) & (rows.recorded <= known) & (known < rows.retracted)
        for row in np.flatnonzero(is_its).tolist():
            person_id = snapshot.people.ids[int(rows.person[row])]
            found[references.id(int(rows.reference[row]))] = (person_id, names.skills.ids[skill])
    return found


def _reviews(watch: Watch) -> Iterator[Alert]:
    kind = AlertKind.REVIEW_DUE
    for each in watch.snapshot.tables.campaigns.all_known(watch.known):
        is_open = each.starts_on <= watch.day < each.closed_on and each.due_on - each.remind_days <= watch.day
        if is_open and (watch.units is None or each.unit_id in watch.units):
            key = f"{kind}/{each.id}/{day_of(each.due_on)}"
            yield Alert(
                kind, each.due_on, key, "ReviewCampaign", each.id, None, each.unit_id, each.skill_id, name=each.name
            )


def _coverage(watch: Watch) -> Iterator[Alert]:
    kind, today = AlertKind.COVERAGE_SHORT, day_of(watch.day)
    for each in coverage.coverage(
        watch.snapshot, Scope(unit_id=watch.unit_id), as_of=today, known=watch.known, today=today
    ):
        if not each.is_met:
            rule = each.rule
            key = f"{kind}/{rule.id}"
            yield Alert(kind, watch.day, key, "CoverageRule", rule.id, None, rule.unit_id, rule.skill_id, covered=each)


def _waivers(watch: Watch) -> Iterator[Alert]:
    kind = AlertKind.WAIVER_ENDING
    waivers = watch.snapshot.tables.waivers_by_skill
    for each in waivers.all_known(watch.known):
        is_ending = each.valid_from <= watch.day and watch.is_soon(each.valid_until) and watch.has(each.person_id)
        if is_ending and not any(_goes_on(each, other) for other in waivers.known(each.skill_id, watch.known)):
            key = f"{kind}/{each.id}/{day_of(each.valid_until)}"
            unit_id = watch.unit_of(each.person_id)
            yield Alert(kind, each.valid_until, key, "Waiver", each.id, each.person_id, unit_id, each.skill_id)


def _goes_on(waiver: WaiverState, other: WaiverState) -> bool:
    """Whether *other* exempts from all that *waiver* does on the day that it ends."""
    is_same = (other.person_id, other.skill_id) == (waiver.person_id, waiver.skill_id)
    is_as_wide = other.role_id in {None, waiver.role_id} and other.position_id in {None, waiver.position_id}
    return is_same and is_as_wide and other.valid_from <= waiver.valid_until < other.valid_until


def _suspensions(watch: Watch) -> Iterator[Alert]:
    """A suspended assertion that counts again has a row that begins when the suspension is over."""
    kind = AlertKind.SUSPENSION_ENDING
    for skill_id, block in watch.snapshot.assertions.blocks.items():
        rows = block.counting
        if rows is block.stated:
            continue
        begins = (rows.first > watch.day) & (rows.first <= watch.day + watch.within) & watch.people[rows.person]
        begins &= (rows.recorded <= watch.known) & (watch.known < rows.retracted)
        for row in np.flatnonzero(begins).tolist():
            decision = _suspension(block, row, watch)
            if decision is not None:
                person_id = watch.snapshot.people.ids[int(rows.person[row])]
                key = f"{kind}/{decision.id}/{day_of(decision.suspended_until)}"
                yield Alert(
                    kind,
                    decision.suspended_until,
                    key,
                    "Verification",
                    decision.id,
                    person_id,
                    watch.unit_of(person_id),
                    skill_id,
                )


def _suspension(block: Block, row: int, watch: Watch) -> DecisionState | None:
    """The suspension that bars an assertion on the day, and is over when a counting row begins."""
    rows, known, day = block.counting, watch.known, watch.day
    reference, first, own = int(rows.reference[row]), int(rows.first[row]), int(rows.own[row])
    in_force = in_order(
        each
        for each in block.decisions.get(reference, ())
        if own <= each.recorded_seq <= known < each.retracted_seq and each.decided_on <= day < each.suspended_until
    )
    if not in_force or in_force[-1].decision != Decision.SUSPENDED:
        return None
    return next((each for each in in_force if each.suspended_until == first), None)


FINDERS: Final[tuple[tuple[frozenset[AlertKind], Callable[[Watch], Iterator[Alert]]], ...]] = (
    (frozenset({AlertKind.SKILL_EXPIRING}), _lapsing),
    (frozenset({AlertKind.SKILL_EXPIRED}), _lapsed),
    (frozenset({AlertKind.REQUEST_OVERDUE, AlertKind.REQUEST_WAITING}), _requests),
    (frozenset({AlertKind.REVIEW_DUE}), _reviews),
    (frozenset({AlertKind.COVERAGE_SHORT}), _coverage),
    (frozenset({AlertKind.WAIVER_ENDING}), _waivers),
    (frozenset({AlertKind.SUSPENSION_ENDING}), _suspensions),
)
"""What finds the alerts of each kind."""
