"""Why nobody fits is counted as the oracle counts, and every relaxation is the smallest of its kind that works."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import NamedTuple

import pytest

from service.capability import other_days
from service.capability.columns import FTE_UNITS
from service.capability.filters import Clause, Filter, FilterKind, Held
from service.capability.index import build
from service.capability.matching import Candidates, candidates
from service.capability.refusals import Condition, failures, reasons
from service.capability.relaxations import MOST_DAYS, Relaxation, relaxations
from service.capability.steps import RelaxationKind, Step, relaxed
from service.capability.targets import Ask, Target
from service.domain.people import Absence, Person
from service.domain.policy import Cause
from service.domain.proof import TRUSTS, Trust
from service.domain.roles import Requirement
from service.domain.skills import Skill
from service.domain.values import Fact
from service.domain.work import Position
from service.errors import Invalid, NotFound
from service.schema.refusal_sentences import of_condition
from tests.capability import oracle
from tests.capability.given import TODAY, Given, day
from tests.capability.oracle import Oracle, overlaps
from tests.capability.oracle import Target as OracleTarget
from tests.capability.worlds import BASE, LAST, facts, world

IMPOSSIBLE = 200
MOST_TRIED = 5
"""Pairs of steps, where none is offered."""
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
        skills = sorted(each.id for each in states if isinstance(each, Skill))
        for position_id in sorted(each.id for each in states if isinstance(each, Position)):
            wanted = Filter(
                not_people=tuple(dice.sample(people, 1)) if people and dice.random() < 0.2 else (),
                unit_id="unit0" if dice.random() < 0.2 else None,
                all_of=tuple((Held(skill_id=dice.choice(skills)),) for _ in range(dice.choice((0, 0, 2, 3)))),
                none_of=tuple(Held(skill_id=dice.choice(skills)) for _ in range(dice.choice((0, 0, 2)))),
            )
            asked = Asked(states, position_id, wanted)
            try:
                answer = asked.answer()
            except (Invalid, NotFound):
                continue
            if not answer.eligible_and_available and found < count:
                found += 1
                yield asked, answer


def applied(asked: Asked, answer: Candidates, *steps: Step) -> Asked:
    """The steps taken by changing the facts or the question, as a client would."""
    for step in steps:
        if step.clause is None:
            asked = _applied(asked, answer, step)
            if len(steps) > 1 and step.days is not None:
                answer = asked.answer()
    return asked._replace(wanted=left(asked.wanted, [step.clause for step in steps if step.clause is not None]))


def left(wanted: Filter, dropped: list[Clause]) -> Filter:
    """What is left of a filter, each clause being named by its place in the whole of it."""
    places = {(each.kind, each.place) for each in dropped}
    kinds = {each.kind for each in dropped}
    return replace(
        wanted,
        not_people=() if FilterKind.NOT_PEOPLE in kinds else wanted.not_people,
        unit_id=None if FilterKind.UNIT in kinds else wanted.unit_id,
        all_of=tuple(each for at, each in enumerate(wanted.all_of) if (FilterKind.ALL_OF, at) not in places),
        none_of=tuple(each for at, each in enumerate(wanted.none_of) if (FilterKind.NONE_OF, at) not in places),
    )


def _applied(asked: Asked, answer: Candidates, step: Step) -> Asked:
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


def milder(answer: Candidates, step: Step) -> Iterator[Step]:
    """Where a requirement is made desirable, what would lower it instead."""
    if step.kind is Kind.MAKE_DESIRABLE:
        for each in largest(answer):
            if each.skill_id == step.skill_id and each.kind in {Kind.LOWER_LEVEL, Kind.LOWER_TRUST}:
                yield each


def subject(step: Step) -> tuple[object, ...]:
    """What a step gives up, however much of it."""
    return step.kind, step.skill_id, step.clause


def pairs(answer: Candidates) -> Iterator[tuple[Step, Step]]:
    """For each two conditions, what gives up most of both; and days with each other condition."""
    dropped = [Step(kind=Kind.DROP_FILTER, clause=each) for each in clauses(answer.question.wanted)]
    whole = [each for each in largest(answer) if each.kind in {Kind.MAKE_DESIRABLE, Kind.LOWER_SHARE}]
    yield from combinations([*whole, *dropped], 2)
    for moved in largest(answer):
        if moved.days is not None:
            for other in [*whole, *dropped]:
                if other.kind is not Kind.LOWER_SHARE:
                    yield moved, other


def clauses(wanted: Filter) -> list[Clause]:
    """Every clause of a filter."""
    found = [Clause(FilterKind.ALL_OF, at) for at in range(len(wanted.all_of))]
    found += [Clause(FilterKind.NONE_OF, at) for at in range(len(wanted.none_of))]
    found += [Clause(FilterKind.UNIT)] if wanted.unit_id else []
    return found + ([Clause(FilterKind.NOT_PEOPLE)] if wanted.not_people else [])


def test_for_200_impossible_positions_each_relaxation_works_and_none_smaller_does() -> None:
    offered: Counter[str] = Counter()
    for asked, answer in impossible_positions(IMPOSSIBLE):
        found = relaxations(answer.question, failures(answer.question)).found
        for each in found:
            right = applied(asked, answer, *each.steps).answer()
            assert each.candidates == right.eligible_and_available > 0
            assert [row.person_id for row in each.first] == [
                row.person_id for row in right.rows[:3] if row.is_eligible and row.is_available
            ]
            offered["+".join(step.kind for step in each.steps)] += 1
            for at, step in enumerate(each.steps):
                before = applied(asked, answer, *each.steps[:at]).answer()
                for less in (*smaller(before, step), *(milder(before, step) if len(each.steps) > 1 else ())):
                    steps = (*each.steps[:at], less, *each.steps[at + 1 :])
                    assert not yields(asked, answer, *steps), (each.steps, less)
        singles = {subject(each.steps[0]) for each in found if len(each.steps) == 1}
        for step in largest(answer):
            if subject(step) not in singles:
                assert not yields(asked, answer, step), step
        every_pair = [] if found else list(pairs(answer))
        for pair in Random(0).sample(every_pair, min(len(every_pair), MOST_TRIED)):
            assert not yields(asked, answer, *pair), pair
    assert set(Kind) <= {kind for key in offered for kind in key.split("+")}, offered
    in_pairs = {kind for key in offered for kind in key.split("+") if "+" in key}
    assert set(Kind) - {Kind.LOWER_TRUST} <= in_pairs, offered


def yields(asked: Asked, answer: Candidates, *steps: Step) -> int:
    """How many are eligible and available once the steps are taken; none where they cannot be taken."""
    try:
        return applied(asked, answer, *steps).yields()
    except (Invalid, NotFound, ValueError):
        return 0


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
            its += [clause for clause, passes in of_skills(exact, asked.wanted, person.id, target) if not passes]
            missed[person.id] = its
        for each in told.reasons:
            key = named(each.condition)
            assert each.failing == sum(key in its for its in missed.values())
            assert each.failing_only == sum(its == [key] for its in missed.values())
            if each.condition.required:
                right = {cause: count for (skill_id, cause), count in causes.items() if skill_id == key}
                assert each.causes == right


def named(condition: Condition) -> object:
    """What stands for a condition among those that somebody misses."""
    required, clause = condition
    if clause is not None:
        return clause if clause.kind in {FilterKind.ALL_OF, FilterKind.NONE_OF} else clause.kind
    return required.skill_id if required else "time"


def of_skills(exact: Oracle, wanted: Filter, person_id: str, target: OracleTarget) -> Iterator[tuple[Clause, bool]]:
    """Whether a person passes each clause about skills held."""
    floor = Trust.CLAIMED
    asked_days = list(oracle.days(target.first, target.end))
    for at, (held,) in enumerate(wanted.all_of):
        levels = [exact.level(person_id, held.skill_id, each, floor) for each in asked_days]
        yield Clause(FilterKind.ALL_OF, at), min(levels) >= held.level
    for at, held in enumerate(wanted.none_of):
        level = exact.level(person_id, held.skill_id, asked_days[0], floor)
        yield Clause(FilterKind.NONE_OF, at), level < held.level


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
    assert [[(step.kind, step.skill_id, step.level) for step in each.steps] for each in found] == [
        [(Kind.LOWER_LEVEL, "a", 2), (Kind.MAKE_DESIRABLE, "b", None)]
    ]
    assert [row.person_id for row in found[0].first] == ["ann"]


def test_two_clauses_of_one_kind_are_dropped_by_their_places_in_the_question(small: Given) -> None:
    small.skills("cobol", "payroll")
    groups = tuple((Held(skill_id=each),) for each in ("cobol", "payroll"))
    answer, found = ask(small, Ask(skill_id="a", level=2), wanted=Filter(all_of=groups))
    assert [[step.clause for step in each.steps] for each in found] == [
        [Clause(FilterKind.ALL_OF, 0), Clause(FilterKind.ALL_OF, 1)]
    ]
    assert [row.person_id for row in found[0].first] == ["ann"]
    assert relaxed(answer.question, *found[0].steps).wanted.all_of == ()


def test_trust_and_days_are_lowered_in_a_pair_no_further_than_they_must(small: Given) -> None:
    small.holds("bob", "b", 3, asserted_on=day(1))
    given = (Ask(skill_id="a", level=3), Ask(skill_id="b", level=3, min_trust=Trust.VERIFIED))
    _, found = ask(small, *given, wanted=Filter(not_people=("ann", "cat")))
    assert [[(step.kind, step.trust, step.days) for step in each.steps] for each in found] == [
        [(Kind.SHIFT_DATES, None, 4), (Kind.LOWER_TRUST, Trust.CLAIMED, None)],
        [(Kind.SHORTEN_DATES, None, 5), (Kind.LOWER_TRUST, Trust.CLAIMED, None)],
    ]


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


def test_a_condition_says_in_plain_words_what_was_asked(small: Given) -> None:
    small.skills("COBOL", "Payroll")
    small.add(Person, id="dee", name="dee", location="Berlin")
    wanted = Filter(
        all_of=((Held(skill_id="COBOL"), Held(skill_id="Payroll", level=2)),),
        none_of=(Held(skill_id="a", level=3),),
        locations=("berlin", "Rome"),
    )
    answer, _ = ask(small, Ask(skill_id="b", level=2, min_trust=Trust.VERIFIED), wanted=wanted)
    found = failures(answer.question)
    told = reasons(found)
    assert [of_condition(each, told, found, answer.question) for each in told.reasons] == [
        "4 of 4 people do not have b at level 2, verified at least; nobody fails only this.",
        (
            "4 of 4 people do not have 'berlin' or 'Rome' as the usual place of work; nobody fails only this. "
            "No person's usual place of work is 'berlin'; 'Berlin' is recorded. "
            "No person's usual place of work is 'Rome'."
        ),
        "4 of 4 people do not have COBOL or Payroll at level 2; nobody fails only this.",
        "1 of 4 people has a at level 3; nobody fails only this.",
        "1 of 4 people is not free for 1 FTE from 2026-06-15 until 2026-06-25; nobody fails only this.",
    ]
