"""Hard filters leave out whom the oracle leaves out; weeks and aliases are what they promise to be."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import event
from hypothesis import given as drawn
from hypothesis import strategies as st

from service.capability.blind import blind, secret_in
from service.capability.filters import Clause, Filter, FilterKind, Held
from service.capability.freedom import MOST_WEEKS
from service.capability.index import build
from service.capability.matching import Candidate, candidates
from service.capability.targets import POINTS, Ask, Target
from service.domain.assessment import SkillInterest
from service.domain.people import Absence, OrgUnit, Person, PersonKind
from service.domain.proof import TRUSTS, Trust
from service.domain.skills import Skill
from service.domain.work import Allocation, AllocationStatus, Position, Project
from service.errors import Invalid, NotFound
from tests.capability import oracle
from tests.capability.given import TODAY, Given, day
from tests.capability.oracle import Oracle, days, tenthousandths
from tests.capability.test_against_oracle import (
    LIST,
    POSITION,
    ROLE,
    answer_or_none,
    candidate_of,
    common,
    exact_candidate,
    resolved,
)
from tests.capability.worlds import BASE, EXAMPLES, LAST, When, World, facts, whens, worlds

if TYPE_CHECKING:
    from service.domain.values import Fact

A = Target(requirements=[Ask(skill_id="a", level=1)])


def described(world: World, seed: int) -> World:
    """The world with kinds, places and rates of its people, and what they want to learn."""
    dice = Random(seed)
    states: list[Fact] = []
    for state in world.states:
        if isinstance(state, Person):
            states.append(
                replace(
                    state,
                    kind=dice.choice(list(PersonKind)),
                    location=dice.choice((None, "Ulm", "York")),
                    cost_rate=dice.choice((None, 40.0, 80.0)),
                )
            )
            states.append(
                SkillInterest(
                    id=f"{state.id}/{state.recorded_seq}",
                    person_id=state.id,
                    skill_id="skill0",
                    wants_to_learn=dice.random() < 0.7,
                    stated_on=BASE,
                    recorded_seq=dice.randint(1, LAST),
                )
            )
        else:
            states.append(state)
    return World(states=tuple(states))


def some_filter(seed: int, world: World) -> Filter:
    """A few clauses about things that are in the world."""
    dice = Random(seed)
    skills, people = world.ids(Skill), world.ids(Person)

    def held() -> Held:
        return Held(skill_id=dice.choice(skills), level=1, min_trust=dice.choice((None, *TRUSTS)))

    def sometimes() -> bool:
        return dice.random() < 0.3

    return Filter(
        unit_id="unit0" if sometimes() else None,
        kinds=tuple(dice.sample(list(PersonKind), 2)) if sometimes() else (),
        locations=("York",) if sometimes() else (),
        max_cost_rate=40.0 if sometimes() else None,
        not_people=tuple(dice.sample(people, 1)) if sometimes() else (),
        wants_to_learn="skill0" if sometimes() else None,
        all_of=tuple((held(), held()) for _ in range(dice.choice((0, 0, 1, 2)))),
        none_of=(held(),) if sometimes() else (),
        not_on_project="project0" if sometimes() else None,
        min_free_fte=dice.choice((0.0, 0.25, 0.8)) if sometimes() else None,
    )


def passes(exact: Oracle, person: Person, wanted: Filter, target: oracle.Target, least: Trust, *, soft: bool) -> bool:
    """The filter once more, from its words."""
    window = list(days(target.first, target.end))

    def holds(held: Held, day: date) -> bool:
        floor = max(least, held.min_trust or least, key=lambda trust: trust.rank)
        winner = exact.winner(person.id, held.skill_id, day, floor)
        return winner is not None and winner[0].level >= held.level

    def is_on_project() -> bool:
        positions = {each.id for each in exact.all(Position) if each.project_id == wanted.not_on_project}
        return any(
            booking.person_id == person.id and booking.position_id in positions
            for day in window
            for booking in exact.bookings(day, with_soft=True)
        )

    interests = [each for each in exact.all(SkillInterest) if each.person_id == person.id and each.wants_to_learn]
    return all(
        (
            wanted.unit_id is None or person.unit_id in exact.subtree(wanted.unit_id),
            not wanted.kinds or person.kind in wanted.kinds,
            not wanted.locations or person.location in wanted.locations,
            wanted.max_cost_rate is None or (person.cost_rate is not None and person.cost_rate <= wanted.max_cost_rate),
            person.id not in wanted.not_people,
            wanted.wants_to_learn is None or any(each.skill_id == wanted.wants_to_learn for each in interests),
            all(any(all(holds(held, day) for day in window) for held in group) for group in wanted.all_of),
            not any(holds(held, target.first) for held in wanted.none_of),
            wanted.not_on_project is None or not is_on_project(),
            wanted.min_free_fte is None
            or exact.availability(person.id, target, with_soft=soft).free >= tenthousandths(wanted.min_free_fte),
        )
    )


@EXAMPLES
@drawn(
    world=worlds(),
    when=whens(),
    target=st.sampled_from((ROLE, POSITION, LIST)),
    seed=st.integers(0, 10_000),
    soft=st.booleans(),
)
def test_a_filter_leaves_the_oracle_s_candidates_that_pass_it(
    *, world: World, when: When, target: Target, seed: int, soft: bool
) -> None:
    world = described(world, seed)
    wanted = some_filter(seed, world)
    index = build(facts(world.states), seq=LAST, registry_id="registry")
    exact = Oracle(world.states, when.seq)
    asked = answer_or_none(resolved, exact, target, when, None)
    found = answer_or_none(candidates, index, target, **common(when), wanted=wanted, include_soft=soft, first=100)
    if asked is None or found is None:
        event("refused")
        return
    right = [
        (fit, free)
        for fit, free in exact.candidates(asked, with_soft=soft)
        if passes(exact, exact.one(Person, fit.person_id), wanted, asked, when.floor, soft=soft)
    ]
    event(f"{len(right)} pass")
    assert [candidate_of(row) for row in found.rows] == [exact_candidate(*pair) for pair in right]
    assert found.eligible_and_available == sum(fit.is_eligible and free.is_available for fit, free in right)


@EXAMPLES
@drawn(world=worlds(), when=whens(), target=st.sampled_from((ROLE, POSITION, LIST)))
def test_a_week_is_as_free_as_its_least_free_day(world: World, when: When, target: Target) -> None:
    index = build(facts(world.states), seq=LAST, registry_id="registry")
    exact = Oracle(world.states, when.seq)
    asked = answer_or_none(resolved, exact, target, when, None)
    found = answer_or_none(candidates, index, target, **common(when), first=100)
    if asked is None or found is None:
        return
    for row in found.rows:
        for week in found.weeks[row.person_id]:
            part = replace(asked, first=week.first, end=week.until)
            assert week.free == exact.availability(row.person_id, part, with_soft=False).free
        told = [each for week in found.weeks[row.person_id] for each in days(week.first, week.until)]
        assert told == list(days(asked.first, asked.end))
        assert all(week.first.weekday() == 0 for week in found.weeks[row.person_id][1:])


def test_a_long_window_shows_its_first_53_weeks() -> None:
    found = candidates(_one().snapshot(), A, known=9, today=TODAY, until=day(1000))
    assert len(found.weeks["ann"]) == MOST_WEEKS


def test_a_page_of_nobody_shows_no_weeks() -> None:
    found = candidates(_one().snapshot(), A, known=9, today=TODAY, wanted=Filter(not_people=("ann",)))
    assert (found.rows, found.weeks) == ((), {})


def _one() -> Given:
    given = Given()
    given.skills("a", "b")
    given.people("ann")
    given.holds("ann", "a", 2)
    return given


def test_own_weights_take_the_place_of_the_target_s() -> None:
    given = _one()
    both = Target(requirements=[Ask(skill_id="a", level=1, weight=9.0), Ask(skill_id="b", level=1, is_mandatory=False)])
    snapshot = given.snapshot()

    def base(weights: dict[str, float]) -> Fraction:
        (row,) = candidates(snapshot, both, known=given.seq, today=TODAY, weights=weights).rows
        return Fraction(row.base, POINTS)

    assert base({}) == Fraction(9, 10)
    assert base({"a": 1.0}) == Fraction(1, 2)
    assert base({"a": 1.0, "b": 3.0}) == Fraction(1, 4)
    with pytest.raises(Invalid, match="'c' has a weight and is not required"):
        base({"c": 1.0})
    with pytest.raises(Invalid, match="weight 0 of 'a'"):
        base({"a": 0.0})


@pytest.mark.parametrize(
    ("wanted", "error", "says"),
    [
        (Filter(all_of=((),)), Invalid, "a group of allOf names no skill"),
        (Filter(all_of=((Held(skill_id="a", level=5),),)), Invalid, "level 5: the scale of 'a' has the levels 1 to 4"),
        (Filter(none_of=(Held(skill_id="zzz"),)), NotFound, "no skill 'zzz'"),
        (Filter(not_people=("eve",)), NotFound, "no person 'eve'"),
        (Filter(not_on_project="moon"), NotFound, "no project 'moon'"),
        (Filter(unit_id="moon"), NotFound, "no unit 'moon'"),
    ],
)
def test_a_filter_on_what_is_not_there_is_refused(wanted: Filter, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        candidates(_one().snapshot(), A, known=9, today=TODAY, wanted=wanted)


def test_one_clause_is_left_out_and_the_others_stay() -> None:
    held = Held(skill_id="a")
    whole = Filter(unit_id="u", kinds=(PersonKind.EMPLOYEE,), all_of=((held,), (held, held)), min_free_fte=0.5)
    assert whole.without(Clause(FilterKind.UNIT)) == replace(whole, unit_id=None)
    assert whole.without(Clause(FilterKind.KINDS)) == replace(whole, kinds=())
    assert whole.without(Clause(FilterKind.ALL_OF, 0)) == replace(whole, all_of=((held, held),))
    assert whole.without(Clause(FilterKind.MIN_FREE_FTE)) == replace(whole, min_free_fte=None)


@pytest.fixture(scope="module")
def crowd() -> Given:
    dice = Random(5)
    given = Given()
    given.skills("a")
    for number in range(300):
        person = f"p{number:04}"
        given.people(person)
        given.holds(person, "a", dice.randint(1, 3), dice.choice(TRUSTS))
        if dice.random() < 0.2:
            given.add(Absence, person_id=person, valid_from=TODAY, valid_until=day(3))
    return given


def test_a_blind_list_has_the_same_people_in_the_same_groups_and_pages_by_alias(crowd: Given) -> None:
    snapshot, secret = crowd.snapshot(), b"secret"

    def ask(**named: object) -> list[Candidate]:
        found = candidates(snapshot, A, known=crowd.seq, today=TODAY, **named)  # type: ignore[arg-type]
        return list(found.rows)

    hidden = blind(secret, "registry", crowd.seq, A)
    named, whole = ask(first=400), ask(first=400, blind=hidden)
    assert {row.person_id for row in named} == {row.person_id for row in whole}
    assert [(row.is_eligible, row.is_available, row.fit) for row in named] == [
        (row.is_eligible, row.is_available, row.fit) for row in whole
    ]
    rows = ask(first=7, blind=hidden)
    while len(rows) < len(whole):
        rows += ask(first=7, blind=hidden, after=rows[-1].place)
    assert rows == whole
    aliases = [row.alias for row in whole]
    assert len(set(aliases)) == len(aliases)
    assert all(alias and row.place.key == alias for alias, row in zip(aliases, whole, strict=True))
    ties = [row.person_id for row in whole if row.fit == whole[0].fit and row.is_available]
    assert ties != sorted(ties), "equal fits in the order of ids would tell who is who"


def test_aliases_differ_by_secret_question_and_moment() -> None:
    ids = ["p0001"]
    other = Target(requirements=[Ask(skill_id="a", level=2)])
    found = {
        int(each.digests(ids)[0])
        for each in (
            blind(b"one", "r", 1, A),
            blind(b"two", "r", 1, A),
            blind(b"one", "s", 1, A),
            blind(b"one", "r", 2, A),
            blind(b"one", "r", 1, other),
        )
    }
    assert len(found) == 5
    assert blind(b"one", "r", 1, A).digests(ids) == blind(b"one", "r", 1, A).digests(ids)


def test_the_secret_is_made_once_and_kept_from_others(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("data") / "new"
    secret = secret_in(folder)
    assert secret == secret_in(folder)
    assert len(secret) == 32
    assert [each.name for each in folder.iterdir()] == ["blind.key"]
    assert (folder / "blind.key").stat().st_mode & 0o077 == 0


def test_the_filter_and_the_unit_look_at_the_person_as_known_then() -> None:
    given = _one()
    given.add(OrgUnit, id="works", name="works")
    given.add(Project, id="bridge", name="bridge")
    given.add(Position, id="seat", project_id="bridge", title="w", valid_from=TODAY, valid_until=day(9))
    before = given.seq
    given.retracts("ann")
    given.add(Person, id="ann", name="ann", location="Ulm", recorded_seq=given.seq)
    soft = {"status": AllocationStatus.SOFT, "valid_from": day(2), "valid_until": day(4)}
    given.add(Allocation, person_id="ann", position_id="seat", fte=0.5, **soft)
    snapshot = given.snapshot()

    def asked(known: int, wanted: Filter, until: date) -> int:
        return candidates(snapshot, A, known=known, today=TODAY, until=until, wanted=wanted).considered

    ulm, free = Filter(locations=("Ulm",)), Filter(not_on_project="bridge")
    assert [asked(seq, ulm, day(1)) for seq in (before, given.seq)] == [0, 1]
    assert [asked(given.seq, free, until) for until in (day(2), day(3))] == [1, 0]
