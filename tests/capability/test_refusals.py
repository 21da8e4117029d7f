"""Why nobody fits is counted as the oracle counts, and every relaxation is the smallest of its kind that works."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import pytest

from service.capability import other_days
from service.capability.columns import FTE_UNITS
from service.capability.filters import Filter
from service.capability.index import build
from service.capability.matching import Candidates, candidates
from service.capability.refusals import failures, reasons
from service.capability.relaxations import (
    MOST_DAYS,
    Relaxation,
    RelaxationKind,
    Step,
    relaxations,
    relaxed,
)
from service.capability.targets import Ask, Target
from service.domain.people import Absence, Person
from service.domain.policy import Cause
from service.domain.proof import TRUSTS, Trust
from service.domain.roles import Requirement
from service.domain.values import Fact
from service.domain.work import Position
from service.errors import Invalid, NotFound
from tests.capability.given import TODAY, Given, day
from tests.capability.oracle import Oracle, overlaps
from tests.capability.worlds import BASE, LAST, facts, world

IMPOSSIBLE = 200
Kind = RelaxationKind


class Asked(NamedTuple):
    """A position of a world as it is known last, and how it is asked about."""

    states: tuple[Fact, ...]
    position_id: str
    wanted: Filter = Filter()
    fte: float | None = None
    as_of: date | None = None

    def answer(self) -> Candidates:
        snapshot = build(facts(self.states), seq=LAST, registry_id="registry")
        return candidates(
            snapshot,
            Target(position_id=self.position_id),
            known=LAST,
            today=BASE,
            as_of=self.as_of,
            fte=self.fte,
            wanted=self.wanted,
            first=3,
        )

    def yields(self) -> int:
        """How many are eligible and available; none where nothing can be asked."""
        try:
            return self.answer().eligible_and_available
        except (Invalid, NotFound):
            return 0


def impossible_positions(count: int) -> Iterator[tuple[Asked, Candidates]]:
    """Positions of random worlds for which nobody is eligible and available, asked with random filters."""
    seed = found = 0
    while found < count:
        seed += 1
        states = tuple(each for each in world(seed) if each.recorded_seq <= LAST and each.retracted_seq is None)
        dice = Random(seed)
        people = sorted(each.id for each in states if isinstance(each, Person))
        for position_id in sorted(each.id for each in states if isinstance(each, Position)):
            wanted = Filter(
                not_people=tuple(dice.sample(people, 1)) if people and dice.random() < 0.2 else (),
                unit_id="unit0" if dice.random() < 0.2 else None,
            )
            asked = Asked(states, position_id, wanted)
            try:
                answer = asked.answer()
            except (Invalid, NotFound):
                continue
            if not answer.eligible_and_available and found < count:
                found += 1
                yield asked, answer


def applied(asked: Asked, answer: Candidates, step: Step) -> Asked:
    """The step taken by changing the facts or the question, as a client would."""
    if step.clause is not None:
        return asked._replace(wanted=asked.wanted.without(step.clause))
    if step.fte is not None:
        return asked._replace(fte=step.fte / FTE_UNITS)
    if step.first is not None and step.until is not None:
        states = (
            replace(each, valid_from=step.first, valid_until=step.until)
            if isinstance(each, Position) and each.id == asked.position_id
            else each
            for each in asked.states
        )
        return asked._replace(states=tuple(states), as_of=step.first)
    (required,) = (each for each in answer.asked.resolved.requirements if each.skill_id == step.skill_id)
    own = Requirement(
        id=f"own/{required.skill_id}",
        owner_id=asked.position_id,
        skill_id=required.skill_id,
        level=step.level or required.level,
        weight=required.weight,
        is_mandatory=step.level is not None or step.trust is not None,
        min_trust=step.trust or TRUSTS[required.floor],
        recorded_seq=LAST,
    )
    kept = (
        each
        for each in asked.states
        if not (
            isinstance(each, Requirement) and each.owner_id == asked.position_id and each.skill_id == required.skill_id
        )
    )
    return asked._replace(states=(*kept, own))


def smaller(answer: Candidates, step: Step) -> Iterator[Step]:
    """Steps of the same kind that give up less."""
    window = (answer.first, answer.until)
    by_skill = {each.skill_id: each for each in answer.asked.resolved.requirements}
    if step.level is not None and step.skill_id is not None:
        for level in range(step.level + 1, by_skill[step.skill_id].level):
            yield replace(step, level=level)
    elif step.trust is not None and step.skill_id is not None:
        for rank in range(step.trust.rank + 1, by_skill[step.skill_id].floor):
            yield replace(step, trust=TRUSTS[rank])
    elif step.fte is not None:
        yield replace(step, fte=step.fte + 1)
    elif step.days is not None:
        for days in {1, abs(step.days) // 2, abs(step.days) - 2, abs(step.days) - 1}:
            if 0 < days < abs(step.days):
                yield from stepped(step.kind, window, days)


def stepped(kind: RelaxationKind, window: tuple[date, date], days: int) -> Iterator[Step]:
    """The two ways to move or to cut a window by some days."""
    first, until = window
    by = timedelta(days=days)
    if kind is Kind.SHORTEN_DATES:
        for one, other in ((first, until - by), (first + by, until)):
            if one < other:
                yield Step(kind=kind, first=one, until=other, days=days)
        return
    yield Step(kind=kind, first=first + by, until=until + by, days=days)
    if first - by >= BASE:
        yield Step(kind=kind, first=first - by, until=until - by, days=-days)


def largest(answer: Candidates) -> Iterator[Step]:
    """For each kind, the step that gives up most."""
    for each in answer.asked.resolved.requirements:
        if each.is_mandatory:
            yield Step(kind=Kind.MAKE_DESIRABLE, skill_id=each.skill_id)
            if each.level > 1:
                yield Step(kind=Kind.LOWER_LEVEL, skill_id=each.skill_id, level=1)
            if each.floor > Trust.CLAIMED.rank:
                yield Step(kind=Kind.LOWER_TRUST, skill_id=each.skill_id, trust=Trust.CLAIMED)
    yield Step(kind=Kind.LOWER_SHARE, fte=1)
    for days in (1, 2, 3, 10, 40, MOST_DAYS):
        yield from stepped(Kind.SHIFT_DATES, (answer.first, answer.until), days)
        yield from stepped(Kind.SHORTEN_DATES, (answer.first, answer.until), days)


def subject(step: Step) -> tuple[object, ...]:
    """What a step gives up, however much of it."""
    return step.kind, step.skill_id, step.clause


def test_for_200_impossible_positions_each_relaxation_works_and_none_smaller_does() -> None:
    offered: Counter[str] = Counter()
    for asked, answer in impossible_positions(IMPOSSIBLE):
        found = relaxations(answer.question, failures(answer.question)).found
        for each in found:
            again = asked
            for step in each.steps:
                again = applied(again, again.answer() if again is not asked else answer, step)
            right = again.answer()
            assert each.candidates == right.eligible_and_available > 0
            assert [row.person_id for row in each.first] == [
                row.person_id for row in right.rows[:3] if row.is_eligible and row.is_available
            ]
            offered["+".join(step.kind for step in each.steps)] += 1
            if len(each.steps) == 1:
                for less in smaller(answer, each.steps[0]):
                    assert not applied(asked, answer, less).yields(), (each.steps, less)
        singles = {subject(each.steps[0]) for each in found if len(each.steps) == 1}
        for step in largest(answer):
            if subject(step) not in singles:
                assert not applied(asked, answer, step).yields(), step
    assert set(Kind) <= {kind for key in offered for kind in key.split("+")}, offered


def test_the_counts_are_the_oracle_s() -> None:
    for asked, answer in impossible_positions(60):
        exact = Oracle(asked.states, LAST)
        target = exact.of_position(asked.position_id, None, BASE, Trust.CLAIMED)
        people = [each for each in exact.all(Person) if overlaps(each, target.first, target.end)]
        told = reasons(failures(answer.question))
        assert told.considered == len(people)
        missed: dict[str, list[object]] = {}
        causes: Counter[tuple[str, Cause]] = Counter()
        for person in people:
            its: list[object] = []
            for ask, line in zip(target.asks, exact.fit(person.id, target).lines, strict=True):
                if ask.is_mandatory and line.cause not in {Cause.MET, Cause.WAIVED}:
                    its.append(ask.skill_id)
                    causes[ask.skill_id, line.cause] += 1
            if not exact.availability(person.id, target, with_soft=False).is_available:
                its.append("time")
            if asked.wanted.unit_id and person.unit_id not in exact.subtree(asked.wanted.unit_id):
                its.append("UNIT")
            if person.id in asked.wanted.not_people:
                its.append("NOT_PEOPLE")
            missed[person.id] = its
        for each in told.reasons:
            required, clause = each.condition
            key = required.skill_id if required else clause.kind if clause else "time"
            assert each.failing == sum(key in its for its in missed.values())
            assert each.failing_only == sum(its == [key] for its in missed.values())
            if required:
                right = {cause: count for (skill_id, cause), count in causes.items() if skill_id == key}
                assert each.causes == right


@pytest.fixture
def small() -> Given:
    given = Given()
    given.skills("a", "b")
    given.people("ann", "bob", "cat")
    given.holds("ann", "a", 2, Trust.VERIFIED)
    given.holds("bob", "a", 3, Trust.VERIFIED)
    given.holds("bob", "b", 1)
    given.add(Absence, person_id="bob", valid_from=TODAY, valid_until=day(5))
    return given


def ask(given: Given, *asks: Ask, wanted: Filter | None = None) -> tuple[Candidates, list[Relaxation]]:
    target = Target(requirements=asks)
    answer = candidates(given.snapshot(), target, known=given.seq, today=TODAY, until=day(10), wanted=wanted)
    return answer, relaxations(answer.question, failures(answer.question)).found


def test_who_is_nearest_says_what_would_have_to_give(small: Given) -> None:
    _, found = ask(small, Ask(skill_id="a", level=3))
    assert [(each.steps[0].kind, each.candidates, [row.person_id for row in each.first]) for each in found] == [
        (Kind.LOWER_LEVEL, 1, ["ann"]),
        (Kind.MAKE_DESIRABLE, 2, ["ann", "cat"]),
        (Kind.SHIFT_DATES, 1, ["bob"]),
        (Kind.SHORTEN_DATES, 1, ["bob"]),
    ]
    assert found[0].steps[0].level == 2


def test_where_no_single_step_helps_pairs_are_proposed(small: Given) -> None:
    _, found = ask(small, Ask(skill_id="a", level=4), Ask(skill_id="b", level=4), wanted=Filter(not_people=("bob",)))
    assert [[step.skill_id for step in each.steps] for each in found] == [["a", "b"]]
    assert [row.person_id for row in found[0].first] == ["ann", "cat"]


def test_a_search_among_too_many_busy_people_is_given_up_and_says_so(
    small: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, found = ask(small, Ask(skill_id="a", level=3))
    assert relaxations(answer.question, failures(answer.question)).is_complete
    monkeypatch.setattr(other_days, "MOST_LOOKED", 1)
    given_up = relaxations(answer.question, failures(answer.question))
    assert not given_up.is_complete
    assert [each.steps for each in given_up.found] == [
        each.steps for each in found if each.steps[0].kind not in {Kind.SHIFT_DATES, Kind.SHORTEN_DATES}
    ]


def test_a_relaxed_question_leaves_the_asked_one_as_it_was(small: Given) -> None:
    answer, found = ask(small, Ask(skill_id="a", level=3))
    relaxed(answer.question, found[0].steps[0])
    assert answer.question.resolved.requirements[0].level == 3
