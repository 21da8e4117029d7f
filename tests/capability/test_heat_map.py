"""The map's cells are its people counted one by one."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.capability.heat_map import Measure, heat_map
from service.domain.people import OrgUnit, Person
from service.domain.proof import Trust
from service.domain.skills import Skill
from service.errors import Invalid, NotFound
from tests.capability.given import TODAY, Given
from tests.capability.oracle import Oracle, is_valid
from tests.capability.test_against_oracle import snapshot
from tests.capability.worlds import BASE, EXAMPLES, LAST, When, World, facts, whens, worlds


@EXAMPLES
@given(world=worlds(), when=whens(), measure=st.sampled_from(tuple(Measure)), least=st.integers(1, 3))
def test_every_cell_is_counted_right(*, world: World, when: When, measure: Measure, least: int) -> None:
    index, exact = snapshot(world), Oracle(world.states, when.seq)
    found = heat_map(
        index,
        day=when.day,
        known=when.seq,
        measure=measure,
        unit_ids=(),
        branch_id=None,
        least=least,
        min_trust=when.min_trust,
        most_cells=1_000,
    )
    serving = [person for person in exact.all(Person) if is_valid(person, when.day)]
    inside = {
        unit.id: [person for person in serving if person.unit_id in exact.subtree(unit.id)]
        for unit in exact.all(OrgUnit)
    }
    assert [(unit.unit_id, unit.people) for unit in found.units] == [(key, len(each)) for key, each in inside.items()]
    rows = {row.skill_id: row for row in found.rows}
    for skill in exact.all(Skill):
        won = {
            person.id: winner
            for person in serving
            if (winner := exact.winner(person.id, skill.id, when.day, when.floor)) and winner[0].level >= least
        }
        assert (skill.id in rows) == bool(won)
        if not won:
            continue
        assert rows[skill.id].people == len(won)
        for value, people in zip(rows[skill.id].values, inside.values(), strict=True):
            holders = [won[person.id] for person in people if person.id in won]
            right = {
                Measure.PEOPLE: len(holders),
                Measure.VERIFIED: sum(trust is Trust.VERIFIED for _, trust in holders),
                Measure.SHARE: len(holders) / max(1, len(people)),
                Measure.MEAN_LEVEL: sum(each.level for each, _ in holders) / len(holders) if holders else None,
            }[measure]
            if right is None:
                assert value is None
            else:
                assert value is not None
                assert abs(value - right) <= 0.005


def test_a_unit_that_gets_people_meanwhile_breaks_no_map(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Given()
    given.add(OrgUnit, id="house", name="house")
    given.add(Person, id="ann", name="ann", unit_id="house")
    given.add(OrgUnit, id="yard", name="yard", parent_id="house")
    given.skills("welding")
    given.holds("ann", "welding", 2)
    index, seq = given.snapshot(), given.seq
    subtree = index.subtree

    def meanwhile(unit_id: str, known: int) -> set[str]:
        """Another change comes between two looks at the same snapshot."""
        index.apply(facts([Person(id="bob", name="bob", unit_id="yard", recorded_seq=seq + 1)]), seq + 1)
        return subtree(unit_id, known)

    monkeypatch.setattr(index, "subtree", meanwhile)
    found = heat_map(
        index,
        day=TODAY,
        known=seq,
        measure=Measure.PEOPLE,
        unit_ids=("house", "yard"),
        branch_id=None,
        least=1,
        min_trust=None,
        most_cells=9,
    )

    assert [each.values for each in found.rows] == [[1, 0]]


@given(worlds())
def test_a_map_too_large_is_refused_and_so_is_an_unknown_unit(world: World) -> None:
    asked: dict[str, Any] = {
        "day": BASE + timedelta(days=1),
        "known": LAST,
        "measure": Measure.PEOPLE,
        "least": 1,
        "min_trust": None,
    }
    index = snapshot(world)
    if index.assertions.blocks:
        with pytest.raises(Invalid, match="at most 0 are given at once"):
            heat_map(index, unit_ids=(), branch_id=None, most_cells=0, **asked)
    with pytest.raises(NotFound, match="no unit 'nowhere'"):
        heat_map(index, unit_ids=("nowhere",), branch_id=None, most_cells=9_999, **asked)
