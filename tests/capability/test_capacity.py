"""Capacity agrees with the oracle, proves every shortage, and reads as a sentence."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.capability.capacity import Bottleneck, CapacityBucket, DemandProfile, Pipeline, capacity
from service.capability.index import Snapshot, build
from service.capability.qualification import Need
from service.domain.people import Absence, OrgUnit, Person
from service.domain.proof import Assertion, Trust, Waiver
from service.domain.roles import Requirement
from service.domain.skills import Scale, Skill
from service.domain.values import Fact
from service.domain.work import Allocation, AllocationStatus, Position, Project, ProjectStatus
from service.errors import Invalid, NotFound
from tests.capability.oracle import Bucket, Oracle
from tests.capability.worlds import BASE, LAST, World, facts, worlds

PIPELINES = st.sampled_from(Pipeline)


def snapshot_of(states: list[Fact] | tuple[Fact, ...]) -> Snapshot:
    return build(facts(states), seq=LAST, registry_id="r")


def comparable(found: CapacityBucket) -> dict[str, object]:
    short = found.bottleneck
    return {
        "days": (found.first, found.until, found.weekdays),
        "amounts": (found.supply, found.demand, found.servable, found.shortage),
        "profiles": {
            frozenset((need.skill_id, need.level, need.floor) for need in each.needs): (
                tuple(sorted(each.position_ids)),
                each.demand,
                each.people,
            )
            for each in found.profiles
        },
        "bottleneck": None
        if short is None
        else (
            {frozenset((need.skill_id, need.level, need.floor) for need in each.needs) for each in short.profiles},
            short.people,
            short.supply,
            short.demand,
        ),
    }


def expected(bucket: Bucket) -> dict[str, object]:
    return {
        "days": (bucket.first, bucket.end, bucket.weekdays),
        "amounts": (sum(bucket.supply.values()), bucket.demand, bucket.servable, bucket.shortage),
        "profiles": {
            needs: (tuple(sorted(each.position_ids)), each.demand, len(each.person_ids))
            for needs, each in bucket.profiles.items()
        },
        "bottleneck": (
            set(bucket.bottleneck),
            len(bucket.bottleneck_people),
            bucket.bottleneck_free,
            bucket.bottleneck_demand,
        )
        if bucket.shortage
        else None,
    }


@settings(max_examples=60, deadline=None)
@given(
    world=worlds(),
    known=st.integers(1, LAST),
    shift=st.integers(-20, 20),
    min_trust=st.sampled_from(Trust),
    pipeline=PIPELINES,
    soft=st.booleans(),
)
def test_capacity_agrees_with_the_oracle(
    world: World, known: int, shift: int, min_trust: Trust, pipeline: Pipeline, *, soft: bool
) -> None:
    oracle = Oracle(world.states, known)
    unit_ids = [None, *(unit.id for unit in oracle.all(OrgUnit))]
    found = capacity(
        snapshot_of(world.states),
        as_of=BASE + timedelta(days=shift),
        months=2,
        unit_ids=unit_ids,
        known=known,
        min_trust=min_trust,
        pipeline=pipeline,
        include_soft=soft,
    )
    assert [(each.first, each.unit_id) for each in found] == [
        (first, unit_id) for first in sorted({each.first for each in found}) for unit_id in unit_ids
    ]
    for each in found:
        bucket = oracle.bucket(
            each.first,
            each.until,
            unit_id=each.unit_id,
            min_trust=min_trust,
            pipeline=None if pipeline is Pipeline.EXCLUDE else pipeline.value,
            with_soft=soft,
        )
        assert comparable(each) == expected(bucket)
        assert sum(profile.served for profile in each.profiles) == each.servable
        if each.bottleneck is not None:
            assert each.bottleneck.demand - each.bottleneck.supply == each.shortage


def small(*more: Fact) -> list[Fact]:
    """Ann and Bob hold sql, Ann also go; one project wants two of sql and one of go, in January 2026."""
    january: dict[str, Any] = {"valid_from": date(2026, 1, 1), "valid_until": date(2026, 2, 1)}
    states: list[Fact] = [
        Scale(id="scale", name="scale", labels=["a", "b"]),
        *(Skill(id=skill, name=skill, scale_id="scale") for skill in ("sql", "go")),
        *(Person(id=person, name=person) for person in ("ann", "bob", "cyd")),
        *(
            Assertion(id=f"{person}-{skill}", person_id=person, skill_id=skill, level=2, asserted_on=date(2025, 1, 1))
            for person, skill in (("ann", "sql"), ("bob", "sql"), ("ann", "go"))
        ),
        Project(id="project", name="project", status=ProjectStatus.ACTIVE),
        Position(id="two", project_id="project", title="two", headcount=2, **january),
        Position(id="one", project_id="project", title="one", **january),
        Requirement(id="r1", owner_id="two", skill_id="sql", level=1),
        Requirement(id="r2", owner_id="one", skill_id="go", level=2),
    ]
    return [*states, *more]


def january(states: list[Fact], **asked: Any) -> CapacityBucket:
    question: dict[str, Any] = {"as_of": date(2026, 1, 1), "months": 1, "unit_ids": [None], "known": LAST} | asked
    found, *_ = capacity(snapshot_of(states), **question)
    return found


def test_a_person_wanted_twice_is_counted_once() -> None:
    found = january(small())
    sql, go = Need(skill_id="sql", level=1, floor=Trust.CLAIMED), Need(skill_id="go", level=2, floor=Trust.CLAIMED)
    month = 22 * 10_000
    assert (found.supply_fte, found.demand_fte, found.servable_fte, found.shortage_fte) == (3, 3, 2, 1)
    first, second = found.profiles
    assert (first.needs, second.needs) == ((sql,), (go,))
    assert first.served + second.served == 2 * month
    assert found.bottleneck == Bottleneck(
        weekdays=22, profiles=(first, second), people=2, supply=2 * month, demand=3 * month
    )
    assert found.bottleneck.position_ids == ("two", "one")


def test_without_shortage_there_is_no_bottleneck() -> None:
    booked = Allocation(
        id="b",
        person_id="bob",
        position_id="two",
        fte=1.0,
        status=AllocationStatus.HARD,
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 2, 1),
    )
    helps = Assertion(id="cyd-sql", person_id="cyd", skill_id="sql", level=1, asserted_on=date(2025, 1, 1))
    found = january(small(booked, helps))
    assert (found.supply_fte, found.demand_fte, found.shortage, found.bottleneck) == (2, 2, 0, None)


def test_only_the_profiles_that_prove_the_shortage_are_its_bottleneck() -> None:
    helps = Assertion(id="cyd-sql", person_id="cyd", skill_id="sql", level=1, asserted_on=date(2025, 1, 1))
    away = Absence(id="a", person_id="ann", valid_from=date(2026, 1, 1), valid_until=date(2026, 2, 1))
    found = january(small(helps, away))
    assert found.shortage_fte == 1
    assert found.bottleneck is not None
    assert found.bottleneck.position_ids == ("one",)
    assert (found.bottleneck.people, found.bottleneck.supply_fte, found.bottleneck.demand_fte) == (1, 0, 1)


def test_an_unbound_waiver_qualifies_and_a_bound_one_does_not() -> None:
    fields: dict[str, Any] = {"person_id": "cyd", "skill_id": "go", "granted_by": "head", "reason": "learning"}
    bound = Waiver(id="w", position_id="one", **fields)
    unbound = Waiver(id="w", **fields)
    assert january(small(bound)).shortage_fte == 1
    assert january(small(unbound)).shortage_fte == 0


def test_likely_projects_count_as_asked() -> None:
    states = [
        Project(id="project", name="project", status=ProjectStatus.IDEA, probability=0.29)
        if isinstance(each, Project)
        else each
        for each in small()
    ]
    demand = {pipeline: january(states, pipeline=pipeline).demand for pipeline in Pipeline}
    assert demand == {Pipeline.EXCLUDE: 0, Pipeline.WEIGHTED: 191_400, Pipeline.FULL: 660_000}


def test_the_first_bucket_begins_at_as_of_and_the_others_with_their_months() -> None:
    found = capacity(snapshot_of(small()), as_of=date(2025, 11, 29), months=3, unit_ids=[None], known=LAST)
    assert [(each.first, each.until, each.weekdays) for each in found] == [
        (date(2025, 11, 29), date(2025, 12, 1), 0),
        (date(2025, 12, 1), date(2026, 1, 1), 23),
        (date(2026, 1, 1), date(2026, 2, 1), 22),
    ]
    assert [each.supply_fte for each in found] == [0, 3, 3]


def test_nothing_in_the_registry_is_an_empty_month() -> None:
    found = january([])
    assert (found.people, found.supply, found.demand, found.profiles, found.bottleneck) == (0, 0, 0, (), None)


def test_profiles_are_listed_by_demand() -> None:
    found = january(small())
    assert [each.demand_fte for each in found.profiles] == [2, 1]
    assert all(isinstance(each, DemandProfile) for each in found.profiles)


@pytest.mark.parametrize("months", [0, -1, 121])
def test_a_number_of_months_out_of_range_is_refused(months: int) -> None:
    with pytest.raises(Invalid, match=f"months is {months}; it goes from 1 to 120"):
        january([], months=months)


@pytest.mark.parametrize("as_of", [date(2100, 12, 1), date(9999, 12, 31)])
def test_months_whose_holidays_nobody_published_are_refused(as_of: date) -> None:
    with pytest.raises(Invalid, match="2100"):
        january(small(), as_of=as_of, months=2)


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(NotFound, match="'nowhere'"):
        january([], unit_ids=["nowhere"])
