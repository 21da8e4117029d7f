"""Candidates come in one order, page by page, and say what they are made of."""

from random import Random

import pytest

from service.capability.gaps import skill_gap
from service.capability.matching import AT_ONCE, After, Candidates, candidates
from service.capability.targets import Ask, Target
from service.domain.people import Absence, OrgUnit, Person
from service.domain.proof import TRUSTS
from service.domain.roles import Requirement
from service.domain.skills import RelationKind
from service.domain.work import Allocation, AllocationStatus, Approval, Position, Project
from service.errors import Invalid
from tests.capability.given import TODAY, Given, day

TARGET = Target(
    requirements=[
        Ask(skill_id="a", level=2),
        Ask(skill_id="b", level=3, is_mandatory=False),
        Ask(skill_id="c", level=1, weight=0.3, is_mandatory=False),
    ]
)


@pytest.fixture(scope="module")
def crowd() -> Given:
    """More people than are looked at together, of whom some are booked."""
    dice = Random(11)
    given = Given()
    given.skills("a", "b", "c", "d")
    given.relates("d", RelationKind.BROADER, "a")
    given.relates("b", RelationKind.EQUIVALENT, "c")
    for number in range(3 * AT_ONCE):
        person = f"p{number:04}"
        given.people(person)
        for skill in dice.sample("abcd", dice.randint(0, 3)):
            given.holds(person, skill, dice.randint(0, 4), dice.choice(TRUSTS))
        if dice.random() < 0.6:
            given.add(
                Allocation,
                person_id=person,
                position_id="elsewhere",
                fte=0.8,
                status=AllocationStatus.HARD,
                approval=Approval.APPROVED,
                valid_from=day(-3),
                valid_until=day(3),
            )
    return given


def ask(given: Given, first: int, after: After | None = None) -> Candidates:
    return candidates(given.snapshot(), TARGET, known=given.seq, today=TODAY, first=first, after=after)


def test_pages_make_up_the_whole_without_gap_or_repeat(crowd: Given) -> None:
    whole = ask(crowd, 10_000)
    assert len(whole.rows) == whole.total
    assert {row.place[:2] for row in whole.rows} == {(True, True), (True, False), (False, True), (False, False)}
    pages = [ask(crowd, 97)]
    while pages[-1].has_more:
        pages.append(ask(crowd, 97, pages[-1].rows[-1].place))
    assert [row for page in pages for row in page.rows] == list(whole.rows)


def test_the_order_is_eligible_available_fit_id(crowd: Given) -> None:
    rows = ask(crowd, 10_000).rows
    keys = [(not row.is_eligible, not row.is_available, -row.fit, row.person_id) for row in rows]
    assert keys == sorted(keys)


def test_everybody_at_once_is_reckoned_as_everybody_alone(crowd: Given) -> None:
    whole = ask(crowd, 10_000)
    snapshot = crowd.snapshot()
    for row in whole.rows:
        gap = skill_gap(snapshot, row.person_id, TARGET, known=crowd.seq, today=TODAY)
        assert (gap.base, gap.fit, gap.is_eligible) == (row.base, row.fit, row.is_eligible)
    assert whole.explain(whole.rows[0].person_id) == skill_gap(
        snapshot, whole.rows[0].person_id, TARGET, known=crowd.seq, today=TODAY
    )
    assert whole.eligible == sum(row.is_eligible for row in whole.rows)
    assert whole.eligible_and_available == sum(row.is_eligible and row.is_available for row in whole.rows)


def test_somebody_who_joined_after_the_index_was_built_stands_where_the_id_belongs(crowd: Given) -> None:
    grown = crowd.snapshot().apply(
        {
            "Person": {"id": ["p0000a", "a"], "name": ["new", "newer"], "recorded_seq": [crowd.seq + 1] * 2},
            "Assertion": {
                "id": ["new", "newer"],
                "person_id": ["p0000a", "a"],
                "skill_id": ["a", "a"],
                "level": [4, 4],
                "asserted_on": [str(TODAY)] * 2,
                "recorded_seq": [crowd.seq + 1] * 2,
            },
        },
        crowd.seq + 1,
    )
    rows = candidates(grown, TARGET, known=grown.seq, today=TODAY, first=10_000).rows
    keys = [(not row.is_eligible, not row.is_available, -row.fit, row.person_id) for row in rows]
    assert keys == sorted(keys)
    assert {"a", "p0000a"} <= {row.person_id for row in rows}


def test_a_page_after_nobody_is_refused(crowd: Given) -> None:
    with pytest.raises(Invalid, match="no person 'nobody'"):
        ask(crowd, 5, After(is_eligible=True, is_available=True, fit=0, key="nobody"))


def test_a_person_s_own_booking_on_the_position_is_left_out_and_shown() -> None:
    given = Given()
    given.add(OrgUnit, id="works", name="works")
    given.add(OrgUnit, id="shop", name="shop", parent_id="works")
    given.add(Person, id="ann", name="Ann", unit_id="shop")
    given.people("bob")
    given.skills("a")
    given.holds("ann", "a", 2)
    given.holds("bob", "a", 2)
    given.add(Project, id="bridge", name="bridge")
    given.add(Position, id="opening", project_id="bridge", title="w", fte=0.5, valid_from=TODAY, valid_until=day(30))
    given.add(
        Allocation,
        person_id="ann",
        position_id="opening",
        fte=0.75,
        status=AllocationStatus.HARD,
        valid_from=day(-9),
        valid_until=day(9),
    )
    given.add(Absence, person_id="ann", valid_from=TODAY, valid_until=day(2))
    given.add(Requirement, owner_id="opening", skill_id="a", level=2)
    snapshot = given.snapshot()

    def asked(target: Target) -> list[tuple[str, float, float, int]]:
        page = candidates(snapshot, target, until=day(30), known=given.seq, today=TODAY, unit_id="works")
        return [(row.person_id, row.free_fte, row.booked_here_fte, row.away_days) for row in page.rows]

    assert asked(Target(position_id="opening")) == [("ann", 1.0, 0.75, 2)]
    assert asked(Target(requirements=[Ask(skill_id="a", level=2)])) == [("ann", 0.25, 0.0, 2)]
