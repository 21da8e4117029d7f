"""A group's duties, and a project's positions, are the gaps of single people, counted."""

from collections import Counter, defaultdict
from typing import Any

from hypothesis import event, given

from service.capability.columns import day_number
from service.capability.duties_gap import duties_gap, duties_trend, line_for, rows_of
from service.capability.gaps import CLOSED, Gap, skill_gap
from service.capability.group_gaps import Group, group_gap
from service.capability.index import Snapshot
from service.capability.project_gap import project_gap
from service.capability.targets import Ask, Target
from service.domain.people import OrgUnit, Person
from service.domain.policy import Cause
from service.domain.proof import TRUSTS
from service.domain.roles import Requirement
from service.domain.skills import Skill
from service.domain.work import Allocation, Position, Project
from tests.capability.given import TODAY, Given, day
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
    anything = Target(requirements=[Ask(skill_id=world.ids(Skill)[0], level=1)])
    inside = answer_or_none(group_gap, index, group, anything, **asked)
    found = {}
    for row in inside.people.tolist() if inside else ():
        person = index.people.ids[row]
        gap = answer_or_none(skill_gap, index, person, Target(duties_of=person), **asked)
        if gap is not None:
            found[person] = gap
    return found


@EXAMPLES
@given(worlds(), whens())
def test_a_project_s_positions_are_compared_with_those_booked_to_them(world: World, when: When) -> None:
    index = snapshot(world)
    asked = {"known": when.seq, "min_trust": when.min_trust, "today": when.today}
    found = answer_or_none(project_gap, index, "project0", as_of=when.as_of, **asked)
    for each in found.positions if found else ():
        assert each.position.valid_from <= day_number(when.day) < each.position.valid_until
        group = Group(position_id=each.position.id)
        gap = answer_or_none(group_gap, index, group, Target(position_id=each.position.id), as_of=when.day, **asked)
        assert each.missing == max(0, each.position.headcount - each.people)
        assert each.gap is None or gap is not None
        if each.gap is not None and gap is not None and gap.until == each.gap.until:
            assert [line.people for line in each.gap.lines] == [line.people for line in gap.lines]


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
            given.add(Allocation, person_id=person, position_id=position, fte=0.5, **days)
    index = given.snapshot()

    found = [project_gap(index, "bridge", as_of=day(on), known=given.seq, today=TODAY) for on in (0, 60, 200)]

    assert [[(each.position.id, each.people, each.missing) for each in its.positions] for its in found] == [
        [("now", 2, 1)],
        [("later", 2, 1), ("now", 2, 1)],
        [],
    ]
    assert [each.compliance for each in found] == [0.5, 0.5, None]
