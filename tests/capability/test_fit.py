"""A fit adds up to the last point, and surplus never pays for a lack."""

from datetime import timedelta

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from service.capability.fit import Points, whole_points
from service.capability.gaps import Gap, skill_gap
from service.capability.targets import Ask, Target, shares
from service.domain.proof import Trust
from service.domain.skills import RelationKind, Scale, Skill
from tests.capability.given import TODAY, Given

BOTH = Target(requirements=[Ask(skill_id="a", level=2), Ask(skill_id="b", level=2)])
ONLY_A = Target(requirements=[Ask(skill_id="a", level=2)])


@pytest.fixture
def given() -> Given:
    given = Given()
    given.people("ann")
    given.skills("a", "b")
    return given


def gap(given: Given, target: Target = BOTH) -> Gap:
    return skill_gap(given.snapshot(), "ann", target, known=given.seq, today=TODAY)


@generated(st.lists(st.floats(1e-6, 1000), min_size=1, max_size=30))
def test_shares_are_whole_and_make_a_million(weights: list[float]) -> None:
    found = shares(weights)
    assert sum(found) == 1_000_000
    assert min(found) >= 1


def test_of_equal_weights_the_earlier_gets_the_odd_point() -> None:
    assert shares([1.0, 1.0, 1.0]) == [333_334, 333_333, 333_333]
    assert shares([0.1, 0.2]) == [333_333, 666_667]


def test_a_float_s_last_digit_loses_no_point() -> None:
    assert whole_points(1_000_000, 0.57) == 570_000
    assert whole_points(100, 0.29) == 29


def test_a_perfect_fit_is_a_whole_million(given: Given) -> None:
    given.holds("ann", "a", 2, Trust.VERIFIED)
    given.holds("ann", "b", 4, Trust.VERIFIED)
    assert (gap(given).base, gap(given).fit, gap(given).is_eligible) == (1_000_000, 1_000_000, True)


def test_surplus_in_one_skill_never_pays_for_another(given: Given) -> None:
    given.holds("ann", "a", 4, Trust.VERIFIED)
    found = gap(given)
    assert (found.base, found.fit, found.is_eligible) == (500_000, 0, False)
    assert found.lines[1].points == Points(share=500_000, part=0, missing=500_000)


def test_every_lost_point_has_its_cause(given: Given) -> None:
    given.relates("b", RelationKind.BROADER, "a")
    given.holds("ann", "b", 1, Trust.CLAIMED, last_used_on=TODAY - timedelta(days=3000))
    points = gap(given, ONLY_A).lines[0].points
    assert points.substitution == 100_000
    assert min(points.level, points.trust, points.recency) > 0
    assert sum(points[1:]) == points.share == 1_000_000


def test_an_equivalent_skill_earns_full_credit_and_makes_nobody_eligible(given: Given) -> None:
    given.relates("a", RelationKind.EQUIVALENT, "b")
    given.holds("ann", "b", 2, Trust.VERIFIED)
    found = gap(given, ONLY_A)
    assert (found.base, found.fit, found.is_eligible) == (1_000_000, 500_000, False)


def test_a_level_counts_as_its_share_of_its_own_scale(given: Given) -> None:
    given.add(Scale, id="long", name="long", labels=[str(each) for each in range(1, 9)])
    given.add(Skill, id="c", name="c", scale_id="long")
    given.relates("c", RelationKind.EQUIVALENT, "a")
    given.holds("ann", "c", 4, Trust.VERIFIED)
    witness = gap(given, ONLY_A).lines[0].witness
    assert witness is not None
    assert (witness.level, witness.level_converted, witness.credit) == (4, 2.0, 1.0)


def test_on_a_tie_the_skill_itself_is_the_witness(given: Given) -> None:
    given.relates("b", RelationKind.EQUIVALENT, "a")
    given.holds("ann", "b", 2)
    given.holds("ann", "a", 2)
    witness = gap(given, ONLY_A).lines[0].witness
    assert witness is not None
    assert witness.skill_id == "a"


def test_only_curated_relations_of_some_weight_give_credit(given: Given) -> None:
    given.holds("ann", "b", 2, Trust.VERIFIED)
    given.relates("a", RelationKind.RELATED, "b", weight=0.9)
    given.relates("a", RelationKind.RELATED, "b", weight=0.4, is_curated=True)
    assert gap(given, ONLY_A).base == 0
    given.relates("b", RelationKind.RELATED, "a", weight=0.5, is_curated=True)
    assert gap(given, ONLY_A).base == 300_000


def test_credit_says_through_which_relation_it_comes(given: Given) -> None:
    given.relates("a", RelationKind.RELATED, "b", id="related", weight=1, is_curated=True)
    given.relates("b", RelationKind.BROADER, "a", id="second")
    given.relates("b", RelationKind.BROADER, "a", id="first")
    given.holds("ann", "b", 2, Trust.VERIFIED)
    witness = gap(given, ONLY_A).lines[0].witness
    assert witness is not None
    assert (witness.relation_id, witness.sigma) == ("first", 0.9)
    given.holds("ann", "a", 2, Trust.VERIFIED)
    itself = gap(given, ONLY_A).lines[0].witness
    assert itself is not None
    assert itself.relation_id is None
