"""The smallest change makes a person eligible, and nothing in it can be left out."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import event, given

from service.capability.gaps import CureKind, Gap, skill_gap
from service.capability.index import Snapshot, build
from service.capability.proving import Lacking, Proof
from service.capability.smallest_change import Change, Step, smallest_change
from service.capability.targets import Ask, Target
from service.domain.learning import Course, CourseOutcome
from service.domain.people import Person
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Trust
from service.domain.skills import Skill
from service.domain.values import Fact
from service.schema.change_types import shown_change
from tests.capability.given import TODAY, Given, day
from tests.capability.test_against_oracle import DESCRIPTION, DUTIES, LIST, POSITION, ROLE, answer_or_none, common
from tests.capability.worlds import BASE, EXAMPLES, LAST, When, World, facts, whens, worlds

Steps = tuple[Step, ...]


def after(states: list[Fact], person: str, steps: Steps) -> Snapshot:
    """The world in which a person has taken some steps: the level asked, verified after everything else."""
    won = [
        Assertion(
            id=f"won-{at}-{line.skill_id}",
            person_id=person,
            skill_id=line.skill_id,
            level=line.required_level,
            trust=Trust.VERIFIED,
            asserted_on=BASE.replace(year=2099),
            recorded_seq=0,
        )
        for at, step in enumerate(steps)
        for line in step.lines
    ]
    exams = [
        Evidence(id=each.id, assertion_id=each.id, kind=EvidenceKind.EXAM, title="exam", recorded_seq=0) for each in won
    ]
    return build(facts([*states, *won, *exams]), seq=LAST, registry_id="registry")


def price_of(change: Change) -> float | None:
    return None if change.price is None else round(change.price, 6)


def least_price(gap: Gap) -> float | None:
    """The lowest price of any set of courses that closes what courses close, found by trying every set."""
    lines = [each for each in gap.lines if each.is_mandatory and each.cure and each.cure.kind is CureKind.COURSE]
    courses = {course.id: course for line in lines for course in (line.cure.courses if line.cure else ())}
    prices = [
        sum(courses[each].price or 0.0 for each in taken)
        for size in range(len(courses) + 1)
        for taken in combinations(sorted(courses), size)
        if all(any(course.id in taken for course in (line.cure.courses if line.cure else ())) for line in lines)
        and all(courses[each].price is not None for each in taken)
    ]
    return round(min(prices), 6) if prices else None


@EXAMPLES
@given(worlds(), whens())
def test_the_steps_make_eligible_and_none_can_be_left_out(world: World, when: When) -> None:
    states = [
        replace(each, required_verifiers=1, requires_credential=False, max_evidence_age_days=None)
        if isinstance(each, Skill)
        else each
        for each in world.states
    ]
    index = build(facts(states), seq=LAST, registry_id="registry")
    for person in world.ids(Person):
        for target in (ROLE, DESCRIPTION, POSITION, DUTIES, LIST):
            gap = answer_or_none(skill_gap, index, person, target, **common(when))
            if gap is None:
                continue
            change = smallest_change(gap)
            assert (change is None) == gap.is_eligible
            if change is None:
                continue
            event("possible" if change.is_possible else "impossible")
            if change.is_possible:
                assert price_of(change) == least_price(gap)
            assert skill_gap(after(states, person, change.steps), person, target, **common(when)).is_eligible
            for at in range(len(change.steps)):
                rest = change.steps[:at] + change.steps[at + 1 :]
                assert not skill_gap(after(states, person, rest), person, target, **common(when)).is_eligible


@pytest.fixture
def shop() -> Given:
    """Ann lacks three skills; one course teaches two of them."""
    shop = Given()
    shop.people("ann")
    shop.skills("weld", "solder", "rivet", "paint")
    for course, price, hours, taught in (
        ("both", 120.0, 16.0, ("weld", "solder")),
        ("weld-only", 50.0, 8.0, ("weld",)),
        ("solder-only", 80.0, 8.0, ("solder",)),
        ("rivet-only", None, None, ("rivet",)),
    ):
        shop.add(Course, id=course, name=course, price=price, hours=hours)
        for skill in taught:
            shop.add(CourseOutcome, course_id=course, skill_id=skill, from_level=0, to_level=3)
    return shop


def change(shop: Given, *skills: str, **asked: object) -> Change:
    target = Target(requirements=[Ask(skill_id=each, level=2, **asked) for each in skills])  # type: ignore[arg-type]
    found = smallest_change(skill_gap(shop.snapshot(), "ann", target, known=shop.seq, today=TODAY))
    assert found is not None
    return found


def test_one_course_for_two_skills_is_one_step_where_it_is_cheaper(shop: Given) -> None:
    found = change(shop, "weld", "solder")
    assert [(each.course.id if each.course else None, len(each.lines)) for each in found.steps] == [("both", 2)]
    assert (found.is_possible, found.hours, found.price) == (True, 16.0, 120.0)


def test_two_courses_are_two_steps_where_they_are_cheaper(shop: Given) -> None:
    shop.add(Course, id="solder-cheap", name="solder-cheap", price=60.0, hours=4.0)
    shop.add(CourseOutcome, course_id="solder-cheap", skill_id="solder", from_level=0, to_level=3)
    found = change(shop, "weld", "solder")
    assert sorted(each.course.id for each in found.steps if each.course) == ["solder-cheap", "weld-only"]
    assert (found.hours, found.price) == (12.0, 110.0)


def test_what_is_not_known_makes_no_total(shop: Given) -> None:
    found = change(shop, "weld", "rivet")
    assert (found.is_possible, found.hours, found.price) == (True, None, None)


def test_what_nothing_teaches_makes_it_impossible(shop: Given) -> None:
    found = change(shop, "paint", "weld")
    assert [each.kind for each in found.steps] == [CureKind.NOTHING_KNOWN, CureKind.COURSE]
    assert (found.is_possible, found.price) == (False, None)


def test_a_claim_is_verified_and_a_lapse_renewed_at_no_price(shop: Given) -> None:
    claim = shop.holds("ann", "weld", 2)
    lapsed = shop.holds("ann", "solder", 2, Trust.VERIFIED, valid_until=day(-1))
    found = change(shop, "weld", "solder", min_trust=Trust.VERIFIED)
    assert {(each.kind, each.assertion_id) for each in found.steps} == {
        (CureKind.VERIFY, claim),
        (CureKind.RENEW, lapsed),
    }
    assert (found.is_possible, found.hours, found.price) == (True, 0, 0)


def test_decisions_and_evidence_that_a_skill_demands_are_steps(shop: Given) -> None:
    shop.skills("switch", required_verifiers=2, requires_credential=True)
    claim = shop.holds("ann", "switch", 2)
    shop.decides("bob", claim, Decision.VERIFIED)
    found = change(shop, "switch", min_trust=Trust.VERIFIED)
    assert [(each.kind, each.proof) for each in found.steps] == [
        (CureKind.VERIFY, Proof(1, 1, (Lacking.CREDENTIAL,))),
        (CureKind.EVIDENCE, Proof(1, 1, (Lacking.CREDENTIAL,))),
    ]
    shown = shown_change(found)
    assert shown is not None
    assert shown.explanation == (
        "To become eligible: have switch at level 2 verified by 1 more assessor; "
        "show a credential in force for switch at level 2."
    )


def test_what_is_suspended_is_waited_for(shop: Given) -> None:
    claim = shop.holds("ann", "weld", 2)
    shop.decides("bob", claim, Decision.SUSPENDED, until=day(7))
    found = change(shop, "weld")
    assert [(each.kind, each.until) for each in found.steps] == [(CureKind.WAIT, day(7))]
    assert (found.is_possible, found.price) == (True, 0)
