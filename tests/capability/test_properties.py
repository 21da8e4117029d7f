"""What must hold of every fit, every capacity and every availability, in any world."""

import dataclasses
from datetime import timedelta
from itertools import chain, combinations
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.capability.capacity import CapacityBucket, capacity
from service.capability.flow import serve
from service.capability.gaps import Gap, skill_gap
from service.capability.index import Snapshot, build
from service.capability.matching import Candidate, candidates
from service.capability.targets import Ask, Target
from service.domain.people import Absence, Person
from service.domain.policy import Cause, FitPolicyVersion
from service.domain.proof import Assertion, Evidence, EvidenceKind, Trust
from service.domain.roles import VersionStatus
from service.domain.skills import Scale, Skill
from service.domain.values import Fact
from service.domain.work import Allocation, AllocationStatus, Approval, Position
from service.errors import Invalid, NotFound
from tests.capability.worlds import BASE, EXAMPLES, LAST, When, World, facts, whens, worlds

MILLION = 1_000_000
ROLE = Target(role_id="role0")
POSITION = Target(position_id="position0")
TARGETS = st.sampled_from((ROLE, POSITION))


def snapshot(states: list[Fact] | tuple[Fact, ...]) -> Snapshot:
    return build(facts(states), seq=LAST, registry_id="registry")


def gaps(states: list[Fact] | tuple[Fact, ...], when: When, target: Target) -> dict[str, Gap]:
    """The gap of everybody who is known; none where the question is refused."""
    index, found = snapshot(states), {}
    for person_id in World(states=tuple(states)).ids(Person):
        try:
            found[person_id] = skill_gap(
                index,
                person_id,
                target,
                as_of=when.as_of,
                until=when.until,
                known=when.seq,
                min_trust=when.min_trust,
                today=when.today,
            )
        except (NotFound, Invalid):
            continue
    return found


def ranked(
    states: list[Fact] | tuple[Fact, ...], when: When, target: Target, *, include_soft: bool = False
) -> dict[str, Candidate]:
    """Every candidate; none where the question is refused."""
    try:
        found = candidates(
            snapshot(states),
            target,
            as_of=when.as_of,
            until=when.until,
            known=when.seq,
            min_trust=when.min_trust,
            today=when.today,
            include_soft=include_soft,
            first=100,
        )
    except (NotFound, Invalid):
        return {}
    return {row.person_id: row for row in found.rows}


def buckets(states: list[Fact] | tuple[Fact, ...], when: When) -> list[CapacityBucket]:
    return capacity(snapshot(states), as_of=when.day, months=1, unit_ids=(None,), known=when.seq, min_trust=when.floor)


# Fit


@EXAMPLES
@given(worlds(), whens(), TARGETS)
def test_a_fit_lies_between_0_and_1_adds_up_and_is_1_exactly_when_nothing_lacks(
    world: World, when: When, target: Target
) -> None:
    for gap in gaps(world.states, when, target).values():
        points = [line.points for line in gap.lines]
        assert 0 <= gap.fit <= gap.base <= MILLION
        assert sum(each.part for each in points) == gap.base
        assert sum(each.share for each in points) == MILLION
        for each in points:
            assert each.part + sum(each[2:]) == each.share
            assert min(each) >= 0
            assert each.share >= 1
        is_full = [
            line.witness is not None
            and line.witness.sigma == 1
            and line.witness.level_converted * line.witness.confidence * line.witness.recency >= line.required_level
            for line in gap.lines
        ]
        is_met = all(line.cause in {Cause.MET, Cause.WAIVED} for line in gap.lines if line.is_mandatory)
        assert gap.is_eligible == is_met
        assert (gap.fit == MILLION) == (all(is_full) and is_met)


@EXAMPLES
@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(0, 4), st.booleans(), st.floats(0.01, 1000)), min_size=1, max_size=6
    ),
    st.integers(0, 5),
    st.sampled_from(("level", "trust", "use")),
)
def test_whoever_meets_everything_by_the_skills_themselves_at_quality_1_fits_fully_and_nobody_short_of_it_does(
    wanted: list[tuple[int, int, bool, float]], short: int, lack: str
) -> None:
    short = min(short, len(wanted) - 1)
    states: list[Fact] = [
        Person(id="person0", name="p", recorded_seq=1),
        Scale(id="scale0", name="s", labels=["l"] * 9),
    ]
    asks = []
    for i, (level, surplus, is_mandatory, weight) in enumerate(wanted):
        states.append(Skill(id=f"skill{i}", name="s", scale_id="scale0", recorded_seq=1))
        states += [held(i, level + surplus), exam(i)]
        asks.append(Ask(skill_id=f"skill{i}", level=level, weight=weight, is_mandatory=is_mandatory))
    when = When(today=BASE, as_of=None, until=None, known_at=None, min_trust=None)
    target = Target(requirements=tuple(asks))
    full = gaps(states, when, target)["person0"]
    assert (full.fit, full.is_eligible) == (MILLION, True)
    level = wanted[short][0]
    lesser = {
        "level": held(short, level - 1),
        "trust": held(short, level, trust=Trust.ENDORSED),
        "use": held(short, level, unused_days=400),
    }[lack]
    less = gaps([lesser if state.id == lesser.id else state for state in states], when, target)["person0"]
    assert less.fit < MILLION


def held(skill: int, level: int, *, trust: Trust = Trust.VERIFIED, unused_days: int = 0) -> Assertion:
    return Assertion(
        id=f"assertion{skill}",
        person_id="person0",
        skill_id=f"skill{skill}",
        level=level,
        trust=trust,
        asserted_on=BASE,
        last_used_on=BASE - timedelta(days=unused_days),
        recorded_seq=1,
    )


def exam(skill: int) -> Evidence:
    """What proves the VERIFIED level in a skill."""
    kind = EvidenceKind.EXAM
    return Evidence(id=f"exam{skill}", assertion_id=f"assertion{skill}", kind=kind, title="exam", recorded_seq=1)


RAISES = st.tuples(st.integers(0, 2**16), st.integers(1, 5), st.sampled_from(tuple(Trust)))
"""Which assertion is raised, by how many levels, and to which trust."""


def check_raising(states: list[Fact], when: When, target: Target, raising: tuple[int, int, Trust]) -> None:
    """Raise the level, and the trust, of one of the only assertions of their person and skill."""
    choice, more, trust = raising
    places = [place for place, state in enumerate(states) if isinstance(state, Assertion)]
    assume(places)
    place = places[choice % len(places)]
    lower = states[place]
    assert isinstance(lower, Assertion)
    higher = [
        dataclasses.replace(lower, level=min(20, lower.level + more)),
        dataclasses.replace(lower, trust=max(lower.trust, trust, key=lambda each: each.rank)),
    ]
    proof = Evidence(id="raised", assertion_id=lower.id, kind=EvidenceKind.EXAM, title="exam")
    proof = dataclasses.replace(proof, recorded_seq=lower.recorded_seq)
    before = gaps(states, when, target)
    for raised in higher:
        after = gaps([*states[:place], raised, proof, *states[place + 1 :]], when, target)
        assert after.keys() == before.keys()
        for person_id, gap in after.items():
            assert (gap.fit, gap.base, gap.is_eligible) >= (before[person_id].fit, before[person_id].base, False)
            assert gap.base >= before[person_id].base
            assert gap.is_eligible >= before[person_id].is_eligible


def said_once(world: World) -> list[Fact]:
    """The facts of a world without the second assertion of any person and skill."""
    seen = set()
    states: list[Fact] = []
    for state in world.states:
        if isinstance(state, Assertion):
            if (state.person_id, state.skill_id) in seen:
                continue
            seen.add((state.person_id, state.skill_id))
        states.append(state)
    return states


@EXAMPLES
@given(worlds(), whens(), TARGETS, RAISES)
def test_raising_a_level_or_a_trust_never_lowers_a_fit(
    world: World, when: When, target: Target, raising: tuple[int, int, Trust]
) -> None:
    check_raising(said_once(world), when, target, raising)


RATIOS = st.floats(0, 1)
FACTORS = st.floats(0, 1, exclude_min=True)


@st.composite
def policies(draw: st.DrawFn) -> FitPolicyVersion:
    """Any fit policy that the noun allows, in force."""
    inferred, claimed, endorsed = sorted(draw(st.tuples(FACTORS, FACTORS, FACTORS)))
    return FitPolicyVersion(
        id="policy",
        version=2,
        status=VersionStatus.PUBLISHED,
        gamma=draw(st.floats(0, 10, exclude_min=True)),
        floor=draw(RATIOS),
        grace_months=draw(st.floats(0, 1200)),
        half_life_months=draw(st.floats(0, 1200, exclude_min=True)),
        confidence_inferred=inferred,
        confidence_claimed=claimed,
        confidence_endorsed=endorsed,
        narrower=draw(RATIOS),
        broader=draw(RATIOS),
        related=draw(RATIOS),
        least_related_weight=draw(RATIOS),
        max_away=draw(RATIOS),
        set_by="board",
        reason="tried",
    )


@EXAMPLES
@given(worlds(), whens(), TARGETS, RAISES, policies())
def test_under_any_policy_raising_a_level_or_a_trust_never_lowers_a_fit(
    world: World, when: When, target: Target, raising: tuple[int, int, Trust], policy: FitPolicyVersion
) -> None:
    check_raising([*said_once(world), policy], when, target, raising)


@EXAMPLES
@given(worlds(), whens(), TARGETS, policies())
def test_under_any_policy_a_fit_adds_up_and_the_ranking_says_what_the_gap_says(
    world: World, when: When, target: Target, policy: FitPolicyVersion
) -> None:
    states = [*world.states, policy]
    found, candidates_ = gaps(states, when, target), ranked(states, when, target)
    usual = gaps(world.states, when, target)
    for person_id, gap in found.items():
        assert gap.policy == "fit-policy/2"
        assert gap.is_eligible == usual[person_id].is_eligible
        assert 0 <= gap.fit <= gap.base <= MILLION
        assert sum(line.points.part for line in gap.lines) == gap.base
        for line in gap.lines:
            assert line.points.part + sum(line.points[2:]) == line.points.share
            assert min(line.points) >= 0
    for person_id, row in candidates_.items():
        gap = found[person_id]
        assert (row.fit, row.base, row.is_eligible) == (gap.fit, gap.base, gap.is_eligible)
        assert row.away_days <= policy.max_away * row.working_days + 1e-9 or not row.is_available


@EXAMPLES
@given(st.integers(1, 5), st.integers(1, 20), st.floats(0.001, 1000), st.integers(0, 3), st.integers(1, 5))
def test_surplus_in_one_skill_never_pays_for_another(
    level: int, surplus: int, weight: float, others: int, wanted: int
) -> None:
    count = 2 + others
    states: list[Fact] = [
        Person(id="person0", name="p", recorded_seq=1),
        Scale(id="scale0", name="s", labels=["l"] * 20),
    ]
    for i in range(count):
        states += [Skill(id=f"skill{i}", name="s", scale_id="scale0", recorded_seq=1), exam(i)]
    asks = [
        Ask(skill_id="skill0", level=level, weight=weight),
        Ask(skill_id="skill1", level=wanted, weight=weight),
        *(Ask(skill_id=f"skill{i}", level=1, weight=weight) for i in range(2, count)),
    ]
    when = When(today=BASE, as_of=None, until=None, known_at=None, min_trust=None)
    target = Target(requirements=tuple(asks))
    enough = [*states, held(0, level)]
    plenty = [*states, held(0, min(20, level + surplus))]
    one, other = (gaps(each, when, target)["person0"] for each in (enough, plenty))
    assert (one.base, one.fit, one.is_eligible) == (other.base, other.fit, other.is_eligible)
    assert other.base <= MILLION // 2
    assert other.fit == 0
    assert not other.is_eligible
    partly = gaps([*plenty, held(1, wanted - 1)], when, target)["person0"]
    assert partly.fit <= MILLION // 2
    assert not partly.is_eligible


@EXAMPLES
@given(worlds(), whens(), TARGETS, st.integers(0, 2**16))
def test_no_answer_depends_on_the_order_in_which_facts_come(
    world: World, when: When, target: Target, seed: int
) -> None:
    shuffled = list(world.states)
    Random(seed).shuffle(shuffled)
    assert list(ranked(shuffled, when, target).items()) == list(ranked(world.states, when, target).items())


# Capacity


def amounts(bucket: CapacityBucket) -> dict[str, object]:
    """What a bucket says, without the ids of people and positions, and in no order."""
    neck = bucket.bottleneck
    return {
        "supply": bucket.supply,
        "demand": bucket.demand,
        "servable": bucket.servable,
        "profiles": {profile.needs: (profile.demand, profile.people) for profile in bucket.profiles},
        "bottleneck": neck and ({profile.needs for profile in neck.profiles}, neck.people, neck.supply, neck.demand),
    }


@EXAMPLES
@given(worlds(), whens(), st.randoms(use_true_random=False))
def test_capacity_does_not_depend_on_the_names_or_the_order_of_people_and_positions(
    world: World, when: When, random: Random
) -> None:
    ids = world.ids(Person) + world.ids(Position)
    renamed = dict(zip(ids, random.sample(ids, len(ids)), strict=True))
    states: list[Fact] = []
    for state in world.states:
        names = {
            field.name: renamed.get(getattr(state, field.name), getattr(state, field.name))
            for field in dataclasses.fields(state)
            if field.name in {"id", "person_id", "position_id", "owner_id", "verifier_id"}
        }
        states.append(dataclasses.replace(state, **names))
    random.shuffle(states)
    assert [amounts(each) for each in buckets(states, when)] == [amounts(each) for each in buckets(world.states, when)]


@EXAMPLES
@given(worlds(), whens())
def test_capacity_serves_no_more_than_is_free_or_asked_and_proves_what_is_short(world: World, when: When) -> None:
    for bucket in buckets(world.states, when):
        assert 0 <= bucket.servable <= min(bucket.supply, bucket.demand)
        assert sum(profile.served for profile in bucket.profiles) == bucket.servable
        assert all(0 <= profile.served <= profile.demand for profile in bucket.profiles)
        assert (bucket.bottleneck is None) == (bucket.shortage == 0)
        if bucket.bottleneck is not None:
            assert bucket.bottleneck.demand - bucket.bottleneck.supply == bucket.shortage


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[int], list[int], list[list[bool]]]:
    """Supply of each person, demand of each profile, and who qualifies for which: [profile][person]."""
    people, profiles = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    supply = draw(st.lists(st.integers(0, 6), min_size=people, max_size=people))
    demand = draw(st.lists(st.integers(0, 9), min_size=profiles, max_size=profiles))
    row = st.lists(st.booleans(), min_size=people, max_size=people)
    return supply, demand, draw(st.lists(row, min_size=profiles, max_size=profiles))


def supply_of(supply: list[int], qualifies: list[list[bool]], profiles: tuple[int, ...]) -> int:
    """What everybody who qualifies for any of the profiles has, each person once."""
    return sum(
        amount for person, amount in enumerate(supply) if any(qualifies[profile][person] for profile in profiles)
    )


@EXAMPLES
@given(networks(), st.randoms(use_true_random=False))
def test_the_shortage_is_the_largest_excess_over_those_who_qualify_and_nobody_is_counted_twice(
    network: tuple[list[int], list[int], list[list[bool]]], random: Random
) -> None:
    supply, demand, qualifies = network
    flow = serve(np.array(supply), np.array(qualifies), np.array(demand))
    subsets = list(chain.from_iterable(combinations(range(len(demand)), size) for size in range(len(demand) + 1)))
    excess = {
        subset: sum(demand[profile] for profile in subset) - supply_of(supply, qualifies, subset) for subset in subsets
    }
    worst = max(excess.values())
    assert sum(demand) - flow.total == worst
    smallest = min((subset for subset in subsets if excess[subset] == worst), key=len)
    assert tuple(np.flatnonzero(flow.bottleneck).tolist()) == smallest
    for subset in subsets:
        assert int(flow.served[list(subset)].sum()) <= supply_of(supply, qualifies, subset)
    people, profiles = list(range(len(supply))), list(range(len(demand)))
    random.shuffle(people)
    random.shuffle(profiles)
    other = serve(np.array(supply)[people], np.array(qualifies)[np.ix_(profiles, people)], np.array(demand)[profiles])
    assert (other.total, other.people, other.supply) == (flow.total, flow.people, flow.supply)
    assert np.array_equal(other.bottleneck, flow.bottleneck[profiles])


# Availability


BOOKINGS = st.builds(
    lambda start, length, fte, status, approval: Allocation(
        id="one more",
        person_id="person0",
        position_id="position9",
        fte=fte,
        status=status,
        approval=approval,
        valid_from=BASE + timedelta(days=start),
        valid_until=BASE + timedelta(days=start + length),
    ),
    st.integers(-20, 20),
    st.integers(1, 30),
    st.sampled_from((0.1, 0.5, 1.0)),
    st.sampled_from(tuple(AllocationStatus)),
    st.sampled_from(tuple(Approval)),
)


@EXAMPLES
@given(world=worlds(), when=whens(), target=TARGETS, booking=BOOKINGS, include_soft=st.booleans())
def test_one_more_booking_takes_time_only_when_it_counts(
    *, world: World, when: When, target: Target, booking: Allocation, include_soft: bool
) -> None:
    before = ranked(world.states, when, target, include_soft=include_soft)
    after = ranked([*world.states, booking], when, target, include_soft=include_soft)
    counts = booking.approval is not Approval.REJECTED and (booking.status is AllocationStatus.HARD or include_soft)
    assert after.keys() == before.keys()
    for person_id, row in after.items():
        was = before[person_id]
        if not counts or person_id != "person0":
            assert row == was
        assert was.free_fte - booking.fte - 1e-9 <= row.free_fte <= was.free_fte
        assert row.is_available <= was.is_available
        assert (row.fit, row.is_eligible, row.away_days) == (was.fit, was.is_eligible, was.away_days)


@EXAMPLES
@given(worlds(), whens(), st.sampled_from((0.1, 0.5, 1.0)))
def test_a_booking_on_the_position_asked_takes_nothing_there_and_is_shown(world: World, when: When, fte: float) -> None:
    positions = [state for state in world.states if isinstance(state, Position) and state.id == "position0"]
    states = [
        state for state in world.states if not (isinstance(state, Allocation) and state.position_id == "position0")
    ]
    booking = Allocation(
        id="own",
        person_id="person0",
        position_id="position0",
        fte=fte,
        status=AllocationStatus.HARD,
        valid_from=min(each.valid_from or BASE for each in positions) - timedelta(days=90),
        valid_until=max(each.valid_until or BASE for each in positions),
    )
    before, after = ranked(states, when, POSITION), ranked([*states, booking], when, POSITION)
    for person_id, row in before.items():
        shown = fte if person_id == "person0" else 0.0
        assert after.get(person_id) == dataclasses.replace(row, booked_here_fte=shown)


@EXAMPLES
@given(worlds(), whens(), TARGETS, st.integers(-20, 20), st.integers(1, 9))
def test_one_more_absence_is_counted_as_days_away_and_never_as_over_allocation(
    world: World, when: When, target: Target, start: int, length: int
) -> None:
    first = BASE + timedelta(days=start)
    absence = Absence(id="one more", person_id="person0", valid_from=first, valid_until=first + timedelta(days=length))
    before, after = ranked(world.states, when, target), ranked([*world.states, absence], when, target)
    assert after.keys() == before.keys()
    for person_id, row in after.items():
        was = before[person_id]
        assert was.away_days <= row.away_days <= min(row.working_days, was.away_days + length)
        if row.away_days == row.working_days:
            assert (row.free_fte, row.is_available) == (0, False)
        else:
            assert row.free_fte >= was.free_fte
        assert row.away_days <= 0.2 * row.working_days or not row.is_available


@pytest.mark.parametrize(("away", "is_available"), [(0, True), (1, True), (2, False), (5, False)])
def test_whoever_is_away_for_at_most_a_fifth_of_the_working_days_is_available(away: int, is_available: bool) -> None:  # noqa: FBT001
    states: list[Fact] = [
        Person(id="person0", name="p", recorded_seq=1),
        Scale(id="scale0", name="s", labels=["l"], recorded_seq=1),
        Skill(id="skill0", name="s", scale_id="scale0", recorded_seq=1),
        held(0, 1),
    ]
    if away:
        until = BASE + timedelta(days=away)
        states.append(Absence(id="away", person_id="person0", valid_from=BASE, valid_until=until, recorded_seq=1))
    when = When(today=BASE, as_of=None, until=BASE + timedelta(days=7), known_at=None, min_trust=None)
    row = ranked(states, when, Target(requirements=(Ask(skill_id="skill0", level=1),)))["person0"]
    assert (row.working_days, row.away_days, row.is_available) == (5, away, is_available)
