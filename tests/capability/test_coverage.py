"""Coverage rules against a slow recount, and the claims that their numbers make."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given

from service.capability.columns import day_of
from service.capability.coverage import Covered, Scope, coverage
from service.capability.coverage_people import Person as Row
from service.capability.coverage_people import nearest, page
from service.capability.index import build
from service.domain.people import OrgUnit, Person, UnitKind
from service.domain.policy import Cause
from service.domain.proof import Trust, Waiver
from service.domain.roles import CoverageRule, Role
from service.domain.skills import Skill, SkillRelation
from service.domain.values import Fact
from service.domain.work import Allocation, AllocationStatus, Approval, Position, Project, ProjectStatus
from service.errors import Invalid, NotFound
from tests.capability.given import TODAY, Given, day
from tests.capability.oracle import Ask, Oracle, Target, days, is_known, overlaps
from tests.capability.worlds import EXAMPLES, LAST, SEEDS, Dice, When, World, facts, whens, worlds

DAY = timedelta(days=1)


def with_rules(world: World, seed: int) -> list[Fact]:
    """The world with roles and sites of people, and some rules."""
    dice, random = Dice(seed), Random(seed)
    units, roles = world.ids(OrgUnit), world.ids(Role)
    states: list[Fact] = [
        replace(state, site_id=random.choice((None, *units)), role_id=random.choice((None, *roles)))
        if isinstance(state, Person)
        else state
        for state in world.states
    ]
    for i in range(dice.number(1, 4)):
        scope = dice.pick(("unit_id", "project_id", "role_id"))
        ids = {"unit_id": units, "project_id": world.ids(Project), "role_id": roles}[scope]
        bound: dict[str, Any] = {scope: dice.pick(ids)}
        states += [
            CoverageRule(
                id=f"rule{i}",
                name="rule",
                skill_id=dice.pick(world.ids(Skill)),
                level=dice.number(1, 3),
                people=dice.number(1, 3),
                min_trust=dice.pick((None, None, *Trust)),
                **bound,
                **dice.interval(),
                **seqs,
            )
            for seqs in dice.history()
        ]
    return states


def is_under(oracle: Oracle, unit_id: str | None, top: str) -> bool:
    while unit_id is not None and unit_id != top:
        unit_id = oracle.one(OrgUnit, unit_id).parent_id
    return unit_id == top


class Recount:
    """One rule, counted by walking over every person and day."""

    def __init__(self, states: Sequence[Fact], when: When, rule: CoverageRule) -> None:
        self.known, self.oracle = when.seq, Oracle(states, when.seq)
        end = when.until or when.day + DAY
        self.first = max(when.day, rule.valid_from or when.day)
        self.end = min(end, rule.valid_until or end)
        self.floor = max(when.floor, rule.min_trust or Trust.INFERRED, key=lambda trust: trust.rank)
        self.rule = rule
        self.people = [
            each for each in self.oracle.all(Person) if any(self.belongs(each, on) for on in days(self.first, self.end))
        ]

    def belongs(self, person: Person, on: date) -> bool:
        rule = self.rule
        if not overlaps(person, on, on + DAY):
            return False
        if rule.unit_id is not None:
            return any(is_under(self.oracle, each, rule.unit_id) for each in (person.unit_id, person.site_id))
        if rule.role_id is not None:
            return person.role_id == rule.role_id
        positions = {each.id for each in self.oracle.all(Position) if each.project_id == rule.project_id}
        return any(
            each.person_id == person.id
            and each.position_id in positions
            and each.status is AllocationStatus.HARD
            and each.approval is not Approval.REJECTED
            and overlaps(each, on, on + DAY)
            for each in self.oracle.all(Allocation)
        )

    def covers(self, person: Person, on: date) -> bool:
        return (
            self.belongs(person, on)
            and self.oracle.level(person.id, self.rule.skill_id, on, self.floor) >= self.rule.level
        )

    def numbers(self) -> tuple[int, int, int, date | None]:
        """People, covering throughout, fewest on a day, and the first day with too few."""
        asked = list(days(self.first, self.end))
        on = {each: sum(self.covers(person, each) for person in self.people) for each in asked}
        covering = sum(all(self.covers(person, each) for each in asked) for person in self.people)
        breaks = next((each for each in asked if on[each] < self.rule.people), None)
        return len(self.people), covering, min(on.values()), breaks

    def cause(self, person: Person) -> Cause:
        """The first cause that holds from the first to the last day of belonging; nothing stands in for the skill."""
        there = [each for each in days(self.first, self.end) if self.belongs(person, each)]
        ask = Ask(skill_id=self.rule.skill_id, level=self.rule.level, floor=self.floor)
        plain = [each for each in self.oracle.states if not isinstance(each, Waiver | SkillRelation)]
        oracle = Oracle(plain, self.known)
        target = Target(asks=(ask,), first=there[0], end=there[-1] + DAY)
        cause: Cause = oracle.cause(person.id, ask, target)["cause"]
        return cause


def asked(states: Sequence[Fact], when: When, scope: Scope | None = None) -> list[Covered]:
    return coverage(
        build(facts(states), seq=LAST, registry_id="r"),
        scope or Scope(),
        as_of=when.as_of,
        until=when.until,
        known=when.seq,
        min_trust=when.min_trust,
        today=when.today,
    )


def whole(found: Covered, at_once: int = 2) -> list[Row]:
    """Everybody near a rule, page by page."""
    ranked, rows = nearest(found), list[Row]()
    while part := page(found, ranked, (rows[-1].place, rows[-1].person_id) if rows else None, at_once):
        rows += part
    return rows


@EXAMPLES
@given(worlds(), whens(), SEEDS)
def test_coverage_agrees_with_a_recount_by_person_and_day(world: World, when: When, seed: int) -> None:
    states = with_rules(world, seed)
    known = [state for state in states if isinstance(state, CoverageRule) and is_known(state, when.seq)]
    recounts = {rule.id: Recount(states, when, rule) for rule in known}

    found = asked(states, when)

    assert {each.rule.id for each in found} == {id_ for id_, each in recounts.items() if each.first < each.end}
    for each in found:
        recount = recounts[each.rule.id]
        assert (each.people, each.covering, each.least, each.breaks_on) == recount.numbers()
        assert each.is_met == (each.short == 0)
        causes = {person.id: recount.cause(person) for person in recount.people}
        near = whole(each)
        assert {row.person_id: row.line.cause for row in near} == {
            person_id: cause for person_id, cause in causes.items() if cause is not Cause.MISSING
        }
        assert len(near) == len({row.person_id for row in near}) == len(nearest(each).person)
        assert nearest(each).by_cause(each.people) == Counter(causes.values())
        assert sum(row.is_covering for row in near) == each.covering
        assert [row.place for row in near] == sorted(row.place for row in near)


@EXAMPLES
@given(worlds(), whens(), SEEDS)
def test_the_rules_of_a_unit_are_those_of_its_subtree_with_the_same_answers(
    world: World, when: When, seed: int
) -> None:
    states = with_rules(world, seed)
    everything = {each.rule.id: each for each in asked(states, when)}
    oracle = Oracle(states, when.seq)
    for unit in oracle.all(OrgUnit):
        found = asked(states, when, Scope(unit_id=unit.id))
        mine = [each for each in everything.values() if each.rule.unit_id is not None]
        assert {each.rule.id for each in found} == {
            each.rule.id for each in mine if is_under(oracle, each.rule.unit_id, unit.id)
        }
        for each in found:
            other = everything[each.rule.id]
            assert (each.least, each.covering, each.breaks) == (other.least, other.covering, other.breaks)


@pytest.fixture
def given_house() -> Given:
    given = Given()
    given.add(OrgUnit, id="house", name="House")
    given.add(OrgUnit, id="cables", name="Cables", parent_id="house")
    given.add(OrgUnit, id="depot", name="Depot", kind=UnitKind.SITE, parent_id="cables")
    given.skills("welding")
    return given


def rule_of(given: Given, **fields: Any) -> Covered:
    given.add(CoverageRule, id="rule", name="rule", skill_id="welding", level=2, **({"people": 1} | fields))
    (found,) = coverage(given.snapshot(), Scope(), as_of=TODAY, until=day(30), known=given.seq, today=TODAY)
    return found


def test_whoever_works_at_a_site_of_the_unit_counts_there(given_house: Given) -> None:
    given_house.add(Person, id="ann", name="Ann", unit_id="house", site_id="depot")
    given_house.holds("ann", "welding", 2)

    found = rule_of(given_house, unit_id="cables")

    assert (found.people, found.covering, found.short) == (1, 1, 0)


def test_a_hand_over_on_the_day_keeps_the_rule_met_though_nobody_covers_throughout(given_house: Given) -> None:
    given_house.add(Person, id="ann", name="Ann", unit_id="cables", valid_until=day(10))
    given_house.add(Person, id="bob", name="Bob", unit_id="cables", valid_from=day(10))
    for person in ("ann", "bob"):
        given_house.holds(person, "welding", 2)

    found = rule_of(given_house, unit_id="cables")

    assert (found.covering, found.least, found.is_met) == (0, 1, True)
    rows = [(row.person_id, row.line.cause, row.joins_on, row.leaves_on, row.is_covering) for row in whole(found)]
    assert rows == [("ann", Cause.MET, None, day(10), False), ("bob", Cause.MET, day(10), None, False)]


def test_a_rule_breaks_on_the_day_a_certificate_lapses(given_house: Given) -> None:
    for person in ("ann", "bob"):
        given_house.add(Person, id=person, name=person, unit_id="cables")
    given_house.holds("ann", "welding", 2)
    given_house.holds("bob", "welding", 3, valid_until=day(12))

    found = rule_of(given_house, unit_id="house", people=2)

    assert (found.covering, found.short, found.breaks_on) == (1, 1, day(12))


def test_a_waiver_makes_nobody_able(given_house: Given) -> None:
    given_house.add(Person, id="ann", name="Ann", unit_id="cables")
    given_house.add(Waiver, person_id="ann", skill_id="welding", granted_by="head", reason="old hand")

    found = rule_of(given_house, unit_id="cables")

    assert (found.people, found.covering, found.short) == (1, 0, 1)
    assert nearest(found).by_cause(found.people)[Cause.MISSING] == 1


def test_a_rejected_booking_or_a_proposal_brings_nobody_to_the_project(given_house: Given) -> None:
    given_house.add(Project, id="ring", name="Ring", status=ProjectStatus.ACTIVE)
    given_house.add(
        Position, id="seat", project_id="ring", title="Seat", valid_from=day(0), valid_until=day(60), headcount=2
    )
    for person, status, approval in (
        ("ann", AllocationStatus.HARD, Approval.REQUESTED),
        ("bob", AllocationStatus.HARD, Approval.REJECTED),
        ("cyd", AllocationStatus.SOFT, Approval.APPROVED),
    ):
        given_house.add(Person, id=person, name=person)
        given_house.holds(person, "welding", 2)
        given_house.add(
            Allocation,
            person_id=person,
            position_id="seat",
            status=status,
            approval=approval,
            fte=0.5,
            valid_from=day(0),
            valid_until=day(60),
        )

    found = rule_of(given_house, project_id="ring", people=2)

    assert (found.people, found.covering, found.short) == (1, 1, 1)


@pytest.mark.parametrize(
    ("booked", "expected"),
    [
        ([(0, 5)], (1, 0, 0, day(5))),
        ([(0, 5), (5, 30)], (1, 1, 1, None)),
        ([(0, 12), (8, 40)], (1, 1, 1, None)),
        ([(0, 12), (14, 40)], (1, 0, 0, day(12))),
        ([(3, 40)], (1, 0, 0, day(0))),
    ],
)
def test_whoever_is_booked_covers_a_project_on_the_days_of_the_booking(
    given_house: Given, booked: list[tuple[int, int]], expected: tuple[int, int, int, date | None]
) -> None:
    given_house.add(Project, id="ring", name="Ring", status=ProjectStatus.ACTIVE)
    given_house.add(Position, id="seat", project_id="ring", title="Seat", valid_from=day(0), valid_until=day(60))
    given_house.people("ann")
    given_house.holds("ann", "welding", 2)
    for first, until in booked:
        dated = {"valid_from": day(first), "valid_until": day(until)}
        firm = AllocationStatus.HARD
        given_house.add(Allocation, person_id="ann", position_id="seat", fte=0.5, status=firm, **dated)

    found = rule_of(given_house, project_id="ring")

    assert (found.people, found.covering, found.least, found.breaks_on) == expected
    (row,) = whole(found)
    assert row.is_covering is found.is_met
    assert (row.joins_on, row.leaves_on) == (
        None if booked[0][0] == 0 else day(booked[0][0]),
        None if booked[-1][1] >= 30 else day(booked[-1][1]),
    )


def test_a_rule_is_asked_about_on_its_own_days_only(given_house: Given) -> None:
    found = rule_of(given_house, unit_id="house", valid_from=day(5), valid_until=day(8))

    assert (day_of(found.window.first), day_of(found.window.until), found.breaks_on) == (day(5), day(8), day(5))


def test_a_scope_is_one_thing_and_known(given_house: Given) -> None:
    with pytest.raises(Invalid, match="2 of unit, project and role are given"):
        Scope(unit_id="house", role_id="welder")
    for scope in (Scope(unit_id="x"), Scope(project_id="x"), Scope(role_id="x")):
        with pytest.raises(NotFound):
            coverage(given_house.snapshot(), scope, known=given_house.seq, today=TODAY)
