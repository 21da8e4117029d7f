"""The queue closes what it says: each count is found again by asking for the gaps, then for the gaps once verified."""

from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from hypothesis import event, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from service.capability.backlog import Asked, Entry, QueueOrder, verification_queue
from service.capability.gaps import skill_gap
from service.capability.index import Snapshot, build
from service.capability.targets import Ask, Target
from service.domain.assessment import AssessorScope, RequestStatus, VerificationRequest
from service.domain.people import OrgUnit, Person
from service.domain.policy import Cause
from service.domain.proof import Assertion, Evidence, EvidenceKind, Trust, Verification
from service.domain.roles import Requirement
from service.domain.skills import RelationKind, Skill
from service.domain.values import Fact
from service.domain.work import Position, PositionStatus, Project, ProjectStatus
from service.errors import Invalid
from tests.capability.given import TODAY, Given, day
from tests.capability.worlds import BASE, EXAMPLES, LAST, World, facts, worlds

F = TypeVar("F", bound=Fact)
ENDED = {ProjectStatus.CLOSED, ProjectStatus.CANCELLED}


class Slow:
    """The same questions, one assertion and one line after another."""

    def __init__(self, states: list[Fact], on: date, known: int) -> None:
        self.states, self.on, self.known = states, on, known
        self.snapshot = self.built(states)

    def built(self, states: list[Fact]) -> Snapshot:
        return build(facts(states), seq=LAST, registry_id="registry")

    def of(self, kind: type[F]) -> list[F]:
        """The facts of a kind that are known."""
        return [
            each
            for each in self.states
            if isinstance(each, kind)
            and each.recorded_seq <= self.known < (LAST + 1 if each.retracted_seq is None else each.retracted_seq)
        ]

    def lines(self, snapshot: Snapshot, person: Person) -> dict[tuple[str, str], tuple[Cause, str | None]]:
        """Every line that open positions and the person's role ask: its cause, and what could be verified."""
        running = {each.id for each in self.of(Project) if each.status not in ENDED}
        targets = {
            position.id: (Target(position_id=position.id), max(self.on, position.valid_from or self.on))
            for position in self.of(Position)
            if position.status is PositionStatus.OPEN
            and position.project_id in running
            and (position.valid_until or self.on) > self.on
        }
        if person.role_id is not None and person.role_id in self.snapshot.tables.roles._groups:  # noqa: SLF001
            targets["role"] = Target(role_id=person.role_id), self.on
        found: dict[tuple[str, str], tuple[Cause, str | None]] = {}
        for name, (target, first) in targets.items():
            try:
                gap = skill_gap(snapshot, person.id, target, as_of=first, known=self.known, today=self.on)
            except Invalid:
                continue
            for line in gap.lines:
                found[name, line.skill_id] = line.cause, line.cure.assertion_id if line.cure else None
        return found

    def closed(self, assertion: Assertion, person: Person) -> int:
        """The lines that are UNVERIFIED because of this assertion, and MET once it counts as VERIFIED."""
        now = {
            line
            for line, (cause, could) in self.lines(self.snapshot, person).items()
            if cause is Cause.UNVERIFIED and could == assertion.id and line[1] == assertion.skill_id
        }
        if not now:
            return 0
        changed: list[Fact] = [
            replace(each, trust=Trust.VERIFIED) if isinstance(each, Assertion) and each.id == assertion.id else each
            for each in self.states
            if not (isinstance(each, Verification) and each.assertion_id == assertion.id)
        ]
        changed.append(
            Evidence(id="would", assertion_id=assertion.id, kind=EvidenceKind.EXAM, title="exam", recorded_seq=0)
        )
        then = self.lines(self.built(changed), person)
        return sum(then[line][0] is Cause.MET for line in now)

    def rests_on(self, assertion: Assertion) -> bool:
        """Whether the person's level on the day rests on this assertion, below VERIFIED."""
        target = Target(requirements=[Ask(skill_id=assertion.skill_id, level=1)])
        gap = skill_gap(self.snapshot, assertion.person_id, target, as_of=self.on, known=self.known, today=self.on)
        (line,) = gap.lines
        return line.assertion_id == assertion.id and line.trust is not Trust.VERIFIED

    def queue(self) -> dict[tuple[str, str | None], int]:
        """What waits: by assertion and request, the gaps that a decision closes."""
        people = {each.id: each for each in self.of(Person)}
        asked: dict[str, list[str]] = {}
        for each in self.of(VerificationRequest):
            if each.status is RequestStatus.OPEN and each.requested_on <= self.on:
                asked.setdefault(each.assertion_id, []).append(each.id)
        found: dict[tuple[str, str | None], int] = {}
        for assertion in self.of(Assertion):
            person = people.get(assertion.person_id)
            if person is None:
                continue
            count = self.closed(assertion, person)
            for request_id in asked.get(assertion.id, ()):
                found[assertion.id, request_id] = count
            serves = (person.valid_from or self.on) <= self.on < (person.valid_until or date.max)
            if count and assertion.id not in asked and serves and self.rests_on(assertion):
                found[assertion.id, None] = count
        return found


def prepared(world: World, chosen: list[int]) -> list[Fact]:
    """The world with requests, in which more is open, asks for trust, is claimed, and is settled by one decision."""
    states: list[Fact] = []
    for at, state in enumerate(world.states):
        if isinstance(state, Skill):
            states.append(replace(state, required_verifiers=1, requires_credential=False, max_evidence_age_days=None))
        elif isinstance(state, Requirement) and state.min_trust is None:
            states.append(replace(state, min_trust=Trust.VERIFIED, level=1 if at % 3 else state.level))
        elif isinstance(state, Assertion) and at % 4:
            states.append(replace(state, valid_until=None, trust=Trust.CLAIMED, level=max(1, state.level)))
        elif isinstance(state, Position):
            states.append(replace(state, status=PositionStatus.OPEN if at % 5 else state.status))
        else:
            states.append(state)
    ids = world.ids(Assertion)
    return states + [
        VerificationRequest(
            id=f"request{at}",
            assertion_id=ids[number % len(ids)],
            requested_on=BASE,
            status=RequestStatus.DECIDED if number % 5 == 0 else RequestStatus.OPEN,
            recorded_seq=1 + number % LAST,
        )
        for at, number in enumerate(chosen)
        if ids
    ]


@settings(EXAMPLES, max_examples=EXAMPLES.max_examples // 2)
@drawn(worlds(), st.lists(st.integers(0, 99), max_size=6), st.integers(-5, 20), st.integers(1, LAST))
def test_what_waits_and_what_it_closes_are_found_again_the_slow_way(
    world: World, chosen: list[int], offset: int, known: int
) -> None:
    on = date.fromordinal(BASE.toordinal() + offset)
    slow = Slow(prepared(world, chosen), on, known)

    asked = Asked(day=on, known=known, includes_unrequested=True)
    queue = verification_queue(slow.snapshot, asked, first=1000)
    event(f"closes {max((each.gaps_closed for each in queue.entries), default=0)}")

    assert {(each.assertion_id, each.request_id): each.gaps_closed for each in queue.entries} == slow.queue()
    assert queue.total == len(queue.entries)
    assert [each.gaps_closed for each in queue.entries] == sorted(-each.place.less_gaps for each in queue.entries)[::-1]
    requested = verification_queue(slow.snapshot, replace(asked, includes_unrequested=False), first=1000)
    assert list(requested.entries) == [each for each in queue.entries if each.request_id is not None]


class Waiting(Given):
    """A house with people, a skill that asks for trust, and a position for it; requests as told."""

    def __init__(self) -> None:
        super().__init__()
        self.people("ann", "bob", "cyd", "eve")
        self.skills("splice")
        self.add(Project, id="ring", name="Ring", status=ProjectStatus.ACTIVE)
        self.position("seat", 2, Trust.ENDORSED)

    def position(self, id_: str, level: int, trust: Trust, skill: str = "splice", **fields: Any) -> None:
        dated = {"valid_from": day(-10), "valid_until": day(50), "title": id_, "project_id": "ring"}
        self.add(Position, id=id_, **{**dated, **fields})
        self.add(Requirement, owner_id=id_, skill_id=skill, level=level, min_trust=trust)

    def asks(self, assertion: str, **fields: Any) -> str:
        return self.add(VerificationRequest, assertion_id=assertion, **{"requested_on": TODAY, **fields})

    def queue(self, order: QueueOrder = QueueOrder.GAPS, **asked: Any) -> list[Entry]:
        snapshot = self.snapshot()
        question = Asked(**{"day": TODAY, "known": self.seq, **asked})
        whole = list(verification_queue(snapshot, question, order=order, first=100).entries)
        pages, after = list[Entry](), None
        while page := verification_queue(snapshot, question, order=order, first=2, after=after).entries:
            pages += page
            after = page[-1].place
        assert pages == whole
        return whole

    def listed(self, order: QueueOrder = QueueOrder.GAPS, **asked: Any) -> list[tuple[str, int]]:
        return [(each.assertion_id, each.gaps_closed) for each in self.queue(order, **asked)]


def test_only_open_positions_of_projects_under_way_count() -> None:
    given = Waiting()
    given.add(Project, id="over", name="Over", status=ProjectStatus.CLOSED)
    claim = given.holds("ann", "splice", 3)
    given.position("higher", 4, Trust.VERIFIED)
    given.position("closed", 1, Trust.VERIFIED, status=PositionStatus.CLOSED)
    given.position("over", 1, Trust.VERIFIED, project_id="over")
    given.position("ended", 1, Trust.VERIFIED, valid_until=TODAY)
    given.position("believed", 1, Trust.CLAIMED)

    assert given.listed(includes_unrequested=True) == [(claim, 1)]
    given.position("later", 3, Trust.VERIFIED, valid_from=day(20))
    assert given.listed(includes_unrequested=True) == [(claim, 2)]
    assert given.listed() == []


def test_a_claim_that_lapses_within_the_position_closes_nothing() -> None:
    given = Waiting()
    claim = given.holds("ann", "splice", 3, valid_until=day(49))
    given.asks(claim)

    assert given.listed(includes_unrequested=True) == [(claim, 0)]


def test_of_two_claims_the_one_that_the_level_rests_on_closes_the_gap() -> None:
    given = Waiting()
    early = given.holds("ann", "splice", 4, asserted_on=day(-9))
    late = given.holds("ann", "splice", 2)
    given.asks(early)

    assert given.listed(includes_unrequested=True) == [(late, 1), (early, 0)]


def test_a_verified_lower_level_is_not_cured_by_verifying_an_older_claim() -> None:
    given = Waiting()
    older = given.holds("ann", "splice", 4, asserted_on=day(-9))
    given.holds("ann", "splice", 1, Trust.VERIFIED)
    given.asks(older)

    assert given.listed(includes_unrequested=True) == [(older, 0)]


def test_what_waits_longest_comes_first_by_age() -> None:
    given = Waiting()
    useless, useful, oldest = (
        given.holds(each, "splice", level) for each, level in (("ann", 1), ("bob", 3), ("cyd", 2))
    )
    given.asks(useless, requested_on=day(-3), due_on=day(-1))
    given.asks(useful)
    given.asks(oldest, requested_on=day(-9), due_on=TODAY)

    assert given.listed() == [(oldest, 1), (useful, 1), (useless, 0)]
    assert given.listed(QueueOrder.AGE) == [(oldest, 1), (useless, 0), (useful, 1)]
    ages = [(each.age_days, each.is_overdue) for each in given.queue(QueueOrder.AGE)]
    assert ages == [(9, False), (3, True), (0, False)]
    assert given.listed(day=day(-1)) == [(oldest, 1), (useless, 0)]


def test_the_queue_of_an_assessor_keeps_to_scopes_in_force() -> None:
    given = Waiting()
    given.add(OrgUnit, id="house", name="House")
    given.add(OrgUnit, id="cables", name="Cables", parent_id="house")
    given.skills("field", "weld")
    given.relates("splice", RelationKind.BROADER, "field")
    given.add(Person, id="fay", name="Fay", unit_id="cables")
    given.add(Person, id="gil", name="Gil", unit_id="house")
    inside, outside = given.holds("fay", "splice", 3), given.holds("gil", "splice", 3)
    other, own = given.holds("fay", "weld", 3), given.holds("eve", "splice", 3)
    for each in (inside, outside, other, own):
        given.asks(each)
    assert given.listed(assessor_id="eve") == []
    scope = {"person_id": "eve", "granted_by": "House"}
    given.add(AssessorScope, skill_id="field", unit_id="cables", valid_until=day(1), **scope)
    assert given.listed(assessor_id="eve") == [(inside, 1)]
    assert given.listed(assessor_id="eve", day=day(1)) == []
    given.add(AssessorScope, unit_id="house", **scope)
    assert given.listed(assessor_id="eve") == [(inside, 1), (outside, 1), (other, 0)]
    given.add(AssessorScope, **scope)
    assert given.listed(assessor_id="eve", unit_id="house", skill_id="field") == [(inside, 1), (outside, 1)]
