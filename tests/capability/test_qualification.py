"""Who qualifies over many months is who meets every need on every day of each."""

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from service.capability.columns import day_number
from service.capability.index import build
from service.capability.levels import Window, met_throughout
from service.capability.qualification import Need, Qualification, level_stretches
from service.capability.rows import EMPTY
from service.domain.people import Person
from service.domain.proof import Trust
from service.domain.skills import Skill
from tests.capability.oracle import Oracle
from tests.capability.worlds import BASE, LAST, World, facts, worlds

SKILLS = st.sampled_from([f"skill{i}" for i in range(6)])
NEEDS = st.lists(
    st.builds(Need, skill_id=SKILLS, level=st.integers(1, 4), floor=st.sampled_from(Trust)), max_size=3, unique=True
)


@settings(deadline=None)
@given(
    world=worlds(),
    known=st.integers(1, LAST),
    profiles=st.lists(NEEDS, min_size=1, max_size=4),
    starts=st.lists(st.tuples(st.integers(-25, 25), st.integers(1, 20)), min_size=1, max_size=3),
)
def test_qualified_agrees_with_the_oracle(
    world: World, known: int, profiles: list[list[Need]], starts: list[tuple[int, int]]
) -> None:
    snapshot, oracle = build(facts(world.states), seq=LAST, registry_id="r"), Oracle(world.states, known)
    service = snapshot.service(known)
    qualification = Qualification(snapshot, known)
    for shift, length in starts:
        first, until = BASE + timedelta(days=shift), BASE + timedelta(days=shift + length)
        window = Window(day_number(first), day_number(until))
        in_service = service.exists & (service.first < window.until) & (service.until > window.first)
        found = qualification.of(profiles, window, in_service)
        pairs = {
            (profile, snapshot.people.ids[person])
            for profile, person in zip(found.profile.tolist(), found.person.tolist(), strict=True)
        }
        assert len(pairs) == found.person.size
        assert pairs == {
            (row, person.id)
            for row, needs in enumerate(profiles)
            for person in oracle.all(Person)
            if oracle.qualifies(
                person, frozenset((need.skill_id, need.level, need.floor) for need in needs), first, until
            )
        }


@settings(deadline=None)
@given(world=worlds(), shift=st.integers(-25, 25), length=st.integers(1, 20), level=st.integers(1, 4))
def test_stretches_agree_with_the_levels_of_one_window(world: World, shift: int, length: int, level: int) -> None:
    snapshot = build(facts(world.states), seq=LAST, registry_id="r")
    first = day_number(BASE) + shift
    window, everybody = Window(first, first + length), np.ones(snapshot.size, np.bool_)
    qualification = Qualification(snapshot, LAST)
    for skill_id in world.ids(Skill):
        rows = snapshot.block(skill_id).counting
        met = met_throughout(rows, level, window, known=LAST, floor=Trust.ENDORSED.rank)
        found = qualification.of([[Need(skill_id=skill_id, level=level, floor=Trust.ENDORSED)]], window, everybody)
        assert set(met.tolist()) <= set(found.person.tolist())


def test_nobody_has_no_stretches() -> None:
    assert [column.size for column in level_stretches(EMPTY)] == [0, 0, 0, 0]
