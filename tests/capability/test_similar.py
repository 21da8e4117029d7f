"""Likeness, experts and teams are what a slow and obvious reckoning says they are."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import event
from hypothesis import given as drawn
from hypothesis import strategies as st

from service.capability.covering import best, team_cover
from service.capability.filters import Filter
from service.capability.index import build
from service.capability.questioning import question
from service.capability.similar import At, experts, similar_people
from service.capability.targets import POINTS, Ask, Target
from service.domain.people import Person
from service.domain.proof import Assertion, Evidence, EvidenceKind, Trust
from service.domain.skills import Skill
from service.errors import NotFound
from tests.capability.given import TODAY, Given, day
from tests.capability.oracle import Oracle, days, is_valid
from tests.capability.test_against_oracle import LIST, ROLE, answer_or_none, common, resolved
from tests.capability.worlds import EXAMPLES, LAST, When, World, facts, whens, worlds


def weights(exact: Oracle, person_id: str, when: When) -> dict[str, int]:
    """What each skill held by a person weighs, in millionths."""
    found = {}
    for skill in exact.all(Skill):
        winner = exact.winner(person_id, skill.id, when.day, when.floor)
        if winner is not None and winner[0].level >= 1:
            share = winner[0].level / exact.levels_of(skill.id) * exact.policy.confidence[winner[1].rank]
            found[skill.id] = round(share * POINTS)
    return found


@EXAMPLES
@drawn(world=worlds(), when=whens())
def test_likeness_is_what_two_people_share_of_what_either_holds(world: World, when: When) -> None:
    at = At.of(build(facts(world.states), seq=LAST, registry_id="r"), when.day, when.seq, when.min_trust)
    exact = Oracle(world.states, when.seq)
    present = [each.id for each in exact.all(Person) if is_valid(each, when.day)]
    for person in exact.all(Person):
        own = weights(exact, person.id, when)
        right = []
        for other in present:
            its = weights(exact, other, when)
            common = sum(min(own[skill], its[skill]) for skill in own.keys() & its.keys())
            if common and other != person.id:
                either = sum(max(own.get(skill, 0), its.get(skill, 0)) for skill in own.keys() | its.keys())
                right.append((-(common * POINTS // either), other, len(own.keys() & its.keys())))
        right.sort()
        page = similar_people(at, person.id, unit_id=None, first=100, after=None)
        event(f"{len(right)} alike")
        assert [(-row.likeness, row.person_id, row.shared_skills) for row in page.rows] == right
        assert page.total == len(right)
        for row in page.rows:
            assert sum(each.weight for each in row.shared) == sum(
                min(own[each.skill_id], weights(exact, row.person_id, when)[each.skill_id]) for each in row.shared
            )
        rows = list(similar_people(at, person.id, unit_id=None, first=1, after=None).rows)
        while rows and len(rows) < len(right):
            place = (rows[-1].likeness, rows[-1].person_id)
            rows += similar_people(at, person.id, unit_id=None, first=1, after=place).rows
        assert tuple(rows) == page.rows


@EXAMPLES
@drawn(world=worlds(), when=whens(), min_level=st.integers(1, 3))
def test_experts_come_by_trust_level_last_use_and_id(world: World, when: When, min_level: int) -> None:
    at = At.of(build(facts(world.states), seq=LAST, registry_id="r"), when.day, when.seq, when.min_trust)
    exact = Oracle(world.states, when.seq)
    right = []
    for person in exact.all(Person):
        winner = answer_or_none(exact.winner, person.id, "skill0", when.day, when.floor)
        if winner is not None and winner[0].level >= min_level and is_valid(person, when.day):
            held, trust = winner
            used = held.last_used_on or held.asserted_on
            right.append((-trust.rank, -held.level, -used.toordinal(), person.id, held.id, papers(exact, held, when)))
    right.sort()
    page = answer_or_none(experts, at, "skill0", min_level=min_level, unit_id=None, first=100, after=None)
    if page is None:
        assert not right
        return
    assert [
        (-row.trust.rank, -row.level, -row.used_on.toordinal(), row.person_id, row.assertion_id, row.evidence)
        for row in page.rows
    ] == right
    rows = list(experts(at, "skill0", min_level=min_level, unit_id=None, first=1, after=None).rows)
    while rows and len(rows) < len(right):
        rows += experts(at, "skill0", min_level=min_level, unit_id=None, first=1, after=rows[-1].place).rows
    assert tuple(rows) == page.rows


def papers(exact: Oracle, held: Assertion, when: When) -> int:
    """How many pieces of evidence are in force for an assertion."""
    return sum(
        each.assertion_id == held.id
        and not each.is_negative
        and (each.issued_on is None or each.issued_on <= when.day)
        and (each.expires_on is None or when.day < each.expires_on)
        for each in exact.all(Evidence)
    )


def test_a_skill_that_is_not_there_has_no_experts() -> None:
    at = At.of(Given().snapshot(), TODAY, 0, None)
    with pytest.raises(NotFound, match="no skill 'zzz'"):
        experts(at, "zzz", min_level=1, unit_id=None, first=5, after=None)


def test_evidence_in_force_is_counted_for_the_assertion_that_counts() -> None:
    given = Given()
    given.skills("a")
    given.people("ann")
    held = given.holds("ann", "a", 3)
    for number, ends in (("1", None), ("2", day(-1))):
        given.add(
            Evidence,
            assertion_id=held,
            kind=EvidenceKind.CERTIFICATE,
            title="paper",
            number=number,
            issuer="house",
            issued_on=day(-9),
            expires_on=ends,
        )
    at = At.of(given.snapshot(), TODAY, given.seq, None)
    (row,) = experts(at, "a", min_level=1, unit_id=None, first=5, after=None).rows
    assert (row.evidence, row.assertion_id, row.level) == (1, held, 3)


def exhaustive(covers: np.ndarray, mandatory: np.ndarray, most: int) -> tuple[int, int, int]:
    """Mandatory and desirable requirements that the best team covers, and how few people it needs."""
    found = []
    for size in range(min(most, len(covers)) + 1):
        for team in combinations(range(len(covers)), size):
            covered = covers[list(team)].any(axis=0)
            found.append((-int((covered & mandatory).sum()), -int((covered & ~mandatory).sum()), size))
    return min(found)


@pytest.mark.parametrize("seed", range(120))
def test_a_team_is_as_good_as_the_best_of_all_teams(seed: int) -> None:
    dice = np.random.default_rng(seed)
    people, count, most = int(dice.integers(0, 9)), int(dice.integers(1, 8)), int(dice.integers(1, 5))
    covers = dice.random((people, count)) < dice.choice([0.15, 0.3, 0.6])
    mandatory = dice.random(count) < 0.6
    chosen, gap = best(covers, mandatory, most)
    covered = covers[chosen].any(axis=0)
    got = (-int((covered & mandatory).sum()), -int((covered & ~mandatory).sum()), len(chosen))
    assert (got, gap) == (exhaustive(covers, mandatory, most), 0.0)


@EXAMPLES
@drawn(world=worlds(), when=whens(), target=st.sampled_from((ROLE, LIST)), most=st.integers(1, 4))
def test_a_team_covers_what_the_oracle_says_its_people_meet(
    *, world: World, when: When, target: Target, most: int
) -> None:
    index, exact = build(facts(world.states), seq=LAST, registry_id="r"), Oracle(world.states, when.seq)
    asked = answer_or_none(resolved, exact, target, when, None)
    put = answer_or_none(question, index, target, **common(when))
    if asked is None or put is None:
        return
    team = team_cover(put, most)
    window = list(days(asked.first, asked.end))
    people = [each for each in exact.all(Person) if any(is_valid(each, day) for day in window)]
    meets = {
        each.id: [all(exact.is_met(each.id, ask, day, ask.floor) for day in window) for ask in asked.asks]
        for each in people
    }
    table = np.array([meets[each.id] for each in people], np.bool_).reshape(len(people), len(asked.asks))
    mandatory = np.array([ask.is_mandatory for ask in asked.asks], np.bool_)
    covered = [any(meets[each.person_id][place] for each in team.members) for place in range(len(asked.asks))]
    event(f"{len(team.members)} in the team")
    for each in team.members:
        assert list(each.covers) == [place for place, is_met in enumerate(meets[each.person_id]) if is_met]
        own = table[[person.id for person in people].index(each.person_id)]
        assert each.alternatives == sum(bool((other >= own).all()) for other in table) - 1
    assert list(team.uncovered) == [place for place, is_covered in enumerate(covered) if not is_covered]
    assert list(team.without_anybody) == np.flatnonzero(~table.any(axis=0)).tolist()
    got = np.array(covered)
    assert (
        -int((got & mandatory).sum()),
        -int((got & ~mandatory).sum()),
        len(team.members),
    ) == exhaustive(table, mandatory, most)


def test_a_large_team_is_found_in_good_time_and_tells_its_gap() -> None:
    dice = np.random.default_rng(7)
    covers = dice.random((3000, 60)) < 0.08
    chosen, gap = best(covers, np.ones(60, np.bool_), 50)
    assert covers[chosen].any(axis=0).all()
    assert 0 <= gap < 0.01


def test_of_equal_people_the_fitter_stands_for_the_others() -> None:
    given = Given()
    given.skills("a", "b")
    given.people("ann", "bob", "cat")
    given.holds("ann", "a", 2)
    given.holds("bob", "a", 4, Trust.VERIFIED)
    given.holds("cat", "b", 1)
    target = Target(requirements=[Ask(skill_id="a", level=2), Ask(skill_id="b", level=1), Ask(skill_id="b2", level=1)])
    given.skills("b2")
    put = question(given.snapshot(), target, known=given.seq, today=TODAY)
    team = team_cover(put, 10)
    assert [(each.person_id, each.alternatives) for each in team.members] == [("bob", 1), ("cat", 0)]
    assert [team.requirements[place].skill_id for place in team.without_anybody] == ["b2"]
    without = question(given.snapshot(), target, known=given.seq, today=TODAY, wanted=Filter(not_people=("bob", "cat")))
    assert [each.person_id for each in team_cover(without, 10).members] == ["ann"]
