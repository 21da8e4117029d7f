"""A group's duties, and a project's positions, are the gaps of single people, counted."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from hypothesis import event, given

from service.capability.duties_gap import duties_gap, duties_trend, line_for, rows_of
from service.capability.gaps import CLOSED, Gap, skill_gap
from service.capability.group_gaps import Group, group_gap
from service.capability.index import Snapshot
from service.capability.project_gap import project_gap
from service.capability.targets import Ask
from service.capability.targets import Target as Asked
from service.domain.people import OrgUnit, Person
from service.domain.policy import Cause
from service.domain.proof import TRUSTS
from service.domain.roles import Requirement
from service.domain.skills import Skill
from service.domain.work import Allocation, AllocationStatus, Approval, Position, PositionStatus, Project
from tests.capability.given import TODAY, Given, day
from tests.capability.oracle import DAY, Oracle, Target, is_valid
from tests.capability.test_against_oracle import answer_or_none, common, snapshot
from tests.capability.test_group_gaps import GROUPS
from tests.capability.worlds import EXAMPLES, When, World, whens, worlds

Key = tuple[str, int, str]


@EXAMPLES
@given(worlds(), whens())
def test_a_group_s_duties_count_the_gaps_of_its_people(world: World, when: When) -> None:
    index = snapshot(world)
    asked = common(when) | {"until": None}
    for group in GROUPS:
        found = answer_or_none(duties_gap, index, group, **{name: asked[name] for name in asked if name != "until"})
        if found is None:
            continue
        gaps = people_s_gaps(world, index, group, asked)
        right: dict[Key, dict[str, Cause]] = defaultdict(dict)
        mandatory = Counter[Key]()
        for person, gap in gaps.items():
            for one in gap.lines:
                key = (one.skill_id, one.required_level, one.floor.value)
                right[key][person] = one.cause
                mandatory[key] += one.is_mandatory
        event(f"{min(len(right), 3)} lines")
        keys = [each.key for each in found.lines]
        assert keys == sorted(keys)
        for line in found.lines:
            key = (line.required.skill_id, line.required.level, TRUSTS[line.required.floor].value)
            own = right.pop(key)
            assert line.people == Counter(own.values())
            assert line.mandatory == mandatory[key]
            assert {index.people.ids[row] for row in line.rows} == set(own)
            for row in line.rows.tolist():
                its = gaps[index.people.ids[row]].lines
                assert line_for(found, line, row) in its
            for cause in (None, *Cause):
                ids = [index.people.ids[row] for row in rows_of(found, line, cause)]
                assert ids == sorted(each for each in own if cause in {None, own[each]})
        assert not right
        assert (found.people, found.eligible) == (len(gaps), sum(each.is_eligible for each in gaps.values()))
        ones = [one for gap in gaps.values() for one in gap.lines]
        closed = sum(each.cause in CLOSED for each in ones)
        assert found.compliance == (closed / len(ones) if ones else None)
        (point,) = duties_trend(index, group, [found.day], known=when.seq, min_trust=when.min_trust)
        assert (point.people, point.eligible, point.compliance) == (found.people, found.eligible, found.compliance)


def people_s_gaps(world: World, index: Snapshot, group: Group, asked: dict[str, Any]) -> dict[str, Gap]:
    """The gap to the own duties of each of the group who is in service and has duties."""
    anything = Asked(requirements=[Ask(skill_id=world.ids(Skill)[0], level=1)])
    inside = answer_or_none(group_gap, index, group, anything, **asked)
    found = {}
    for row in inside.people.tolist() if inside else ():
        person = index.people.ids[row]
        gap = answer_or_none(skill_gap, index, person, Asked(duties_of=person), **asked)
        if gap is not None:
            found[person] = gap
    return found


def booked(exact: Oracle, position: Position, on: date, status: AllocationStatus) -> set[str]:
    """Who is in service and has a booking of a kind on a position on a day."""
    return {
        each.person_id
        for each in exact.all(Allocation)
        if (each.position_id, each.status) == (position.id, status)
        and each.approval is not Approval.REJECTED
        and is_valid(each, on)
        and any(person.id == each.person_id and is_valid(person, on) for person in exact.all(Person))
    }


@EXAMPLES
@given(worlds(), whens())
def test_a_project_s_positions_are_compared_with_those_booked_to_them(world: World, when: When) -> None:
    index, exact = snapshot(world), Oracle(world.states, when.seq)
    for project in exact.all(Project):
        found = project_gap(
            index, project.id, as_of=when.as_of, known=when.seq, min_trust=when.min_trust, today=when.today
        )
        running = [
            each
            for each in exact.all(Position)
            if each.project_id == project.id and each.status is PositionStatus.OPEN and is_valid(each, when.day)
        ]
        assert [each.position.id for each in found.positions] == [each.id for each in running]
        closed = list[bool]()
        for each, position in zip(found.positions, running, strict=True):
            firm = booked(exact, position, when.day, AllocationStatus.HARD)
            event(f"{min(len(firm), 2)} booked")
            assert (each.people, each.missing) == (len(firm), max(0, position.headcount - len(firm)))
            assert each.proposed == len(booked(exact, position, when.day, AllocationStatus.SOFT) - firm)
            asks = exact.listed(exact.of_position_on(position, when.day, when.floor).values())
            assert (each.gap is None) == (not asks)
            target = Target(
                asks=asks, first=when.day, end=when.day + DAY, role_id=position.role_id, position_id=position.id
            )
            for at, ask in enumerate(asks):
                assert each.gap is not None
                causes = [exact.cause(person, ask, target)["cause"] for person in firm]
                assert each.gap.lines[at].people == Counter(causes)
                closed += [cause in {Cause.MET, Cause.WAIVED} for cause in causes]
        assert found.compliance == (sum(closed) / len(closed) if closed else None)


def test_a_unit_s_rule_and_a_team_s_stricter_one_are_two_lines() -> None:
    given = Given()
    given.skills("safety")
    given.add(OrgUnit, id="house", name="house")
    given.add(OrgUnit, id="team", name="team", parent_id="house")
    given.add(Requirement, owner_id="house", skill_id="safety", level=1)
    given.add(Requirement, owner_id="team", skill_id="safety", level=3)
    for person, unit in (("ann", "house"), ("bob", "team"), ("cyd", "team"), ("dee", None)):
        given.add(Person, id=person, name=person, unit_id=unit)
        given.holds(person, "safety", 2)

    found = duties_gap(given.snapshot(), Group(), known=given.seq, today=TODAY)

    assert [(each.required.level, dict(each.people)) for each in found.lines] == [
        (3, {Cause.BELOW_LEVEL: 2}),
        (1, {Cause.MET: 1}),
    ]
    assert (found.people, found.without_duties, found.eligible, found.compliance) == (3, 1, 1, 1 / 3)


def test_a_project_says_how_many_people_each_position_misses_on_a_day() -> None:
    given = Given()
    given.people("ann", "bob")
    given.skills("safety")
    given.holds("ann", "safety", 2)
    given.add(Project, id="bridge", name="bridge")
    for position, first in (("now", 0), ("later", 50)):
        days = {"valid_from": day(first), "valid_until": day(100)}
        given.add(Position, id=position, project_id="bridge", title=position, headcount=3, **days)
        given.add(Requirement, owner_id=position, skill_id="safety", level=2)
        for person in ("ann", "bob"):
            firm = AllocationStatus.HARD
            given.add(Allocation, person_id=person, position_id=position, fte=0.5, status=firm, **days)
    index = given.snapshot()

    found = [project_gap(index, "bridge", as_of=day(on), known=given.seq, today=TODAY) for on in (0, 60, 200)]

    assert [[(each.position.id, each.people, each.missing) for each in its.positions] for its in found] == [
        [("now", 2, 1)],
        [("later", 2, 1), ("now", 2, 1)],
        [],
    ]
    assert [each.compliance for each in found] == [0.5, 0.5, None]


def test_a_proposal_fills_no_place() -> None:
    given = Given()
    given.people("ann", "bob")
    given.add(Project, id="bridge", name="bridge")
    days = {"valid_from": day(0), "valid_until": day(9)}
    given.add(Position, id="seat", project_id="bridge", title="seat", headcount=2, **days)
    for person, status in (("ann", "HARD"), ("ann", "SOFT"), ("bob", "SOFT")):
        booking = {"person_id": person, "position_id": "seat", "fte": 0.5, "status": AllocationStatus(status)}
        given.add(Allocation, **booking, **days)

    (found,) = project_gap(given.snapshot(), "bridge", known=given.seq, today=TODAY).positions

    assert (found.people, found.proposed, found.missing) == (1, 1, 1)
