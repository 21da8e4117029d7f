"""What a group lacks is what its people lack, counted."""

from collections import Counter

from hypothesis import given

from service.capability.causes import CAUSES
from service.capability.gaps import skill_gap
from service.capability.group_gaps import Group, group_gap
from service.domain.people import Person
from service.domain.work import Allocation, AllocationStatus, Approval, Position
from tests.capability.oracle import Oracle, Target, overlaps
from tests.capability.test_against_oracle import (
    DESCRIPTION,
    DUTIES,
    LIST,
    POSITION,
    ROLE,
    answer_or_none,
    common,
    resolved,
    snapshot,
)
from tests.capability.worlds import EXAMPLES, When, World, whens, worlds

GROUPS = (Group(), Group(unit_id="unit0"), Group(project_id="project0"), Group(person_ids=("person0", "person1")))


def members(exact: Oracle, group: Group, asked: Target) -> set[str]:
    if group.unit_id is not None:
        units = exact.subtree(group.unit_id)
        return {each.id for each in exact.all(Person) if each.unit_id in units}
    if group.project_id is not None:
        positions = {each.id for each in exact.all(Position) if each.project_id == group.project_id}
        return {
            each.person_id
            for each in exact.all(Allocation)
            if each.position_id in positions
            and each.status is AllocationStatus.HARD
            and each.approval is not Approval.REJECTED
            and overlaps(each, asked.first, asked.end)
        }
    return set(group.person_ids) or {each.id for each in exact.all(Person)}


@EXAMPLES
@given(worlds(), whens())
def test_a_group_s_gap_counts_its_people_s_gaps(world: World, when: When) -> None:
    index, exact = snapshot(world), Oracle(world.states, when.seq)
    for target in (ROLE, DESCRIPTION, POSITION, DUTIES, LIST):
        for group in GROUPS:
            found = answer_or_none(group_gap, index, group, target, **common(when))
            if found is None:
                continue
            asked = resolved(exact, target, when, None)
            inside = members(exact, group, asked)
            right = [
                each.id for each in exact.all(Person) if each.id in inside and overlaps(each, asked.first, asked.end)
            ]
            assert [index.people.ids[row] for row in found.people] == right
            gaps = [skill_gap(index, index.people.ids[row], target, **common(when)) for row in found.people]
            for at, line in enumerate(found.lines):
                assert [CAUSES[code] for code in line.codes] == [gap.lines[at].cause for gap in gaps]
                assert line.people == Counter(gap.lines[at].cause for gap in gaps)
            assert found.eligible.tolist() == [gap.is_eligible for gap in gaps]
            if gaps:
                assert found.compliance is not None
                assert abs(found.compliance - sum(gap.compliance for gap in gaps) / len(gaps)) < 1e-12
            else:
                assert found.compliance is None
