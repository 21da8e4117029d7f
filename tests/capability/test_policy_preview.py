"""What another fit policy would move, counted by hand.

Skill a at level 2 is a must, b at level 2 a wish. Ann has a verified and claims b; bob has a verified and lately
used what is narrower than b, verified; cyd has only what is narrower than a.
"""

import pytest

from service.capability.matching import candidates
from service.capability.policy_preview import Place, PolicyNumber, PolicyPreview, policy_preview
from service.capability.targets import Ask, Target
from service.domain.people import Absence
from service.domain.policy import FitPolicyVersion
from service.domain.proof import Trust
from service.domain.roles import VersionStatus
from service.domain.skills import RelationKind
from service.errors import NotFound
from tests.capability.given import TODAY, Given, day

TARGET = Target(requirements=[Ask(skill_id="a", level=2), Ask(skill_id="b", level=2, is_mandatory=False)])
SET = {"set_by": "board", "reason": "tried"}


@pytest.fixture
def given() -> Given:
    given = Given()
    given.people("ann", "bob", "cyd", "dee")
    given.skills("a", "b", "a1", "b1")
    given.relates("a1", RelationKind.BROADER, "a")
    given.relates("b1", RelationKind.BROADER, "b")
    given.holds("ann", "a", 2, Trust.VERIFIED)
    given.holds("ann", "b", 2, Trust.CLAIMED)
    given.holds("bob", "a", 2, Trust.VERIFIED)
    given.holds("bob", "b1", 2, Trust.VERIFIED)
    given.holds("cyd", "a1", 2, Trust.VERIFIED)
    return given


def preview(given: Given, policy: str) -> PolicyPreview:
    return policy_preview(given.snapshot(), policy, TARGET, known=given.seq, today=TODAY)


def drafted(given: Given, **numbers: object) -> str:
    return given.add(FitPolicyVersion, **({"id": "draft", "version": 2} | SET | numbers))


def test_a_draft_shows_who_would_change_places_and_counts_for_nothing(given: Given) -> None:
    draft = drafted(given, narrower=0.25)
    found = preview(given, draft)
    assert [(each.person_id, each.size) for each in found.moves] == [("ann", 1), ("bob", 1), ("cyd", 0)]
    ann, bob, cyd = found.moves
    assert (ann.before, ann.after) == (Place(2, True, True, 792_831), Place(1, True, True, 792_831))
    assert (bob.before, bob.after) == (Place(1, True, True, 950_000), Place(2, True, True, 625_000))
    assert (cyd.before, cyd.after) == (Place(3, False, True, 450_000), Place(3, False, True, 125_000))
    assert (found.moved, found.before.version, found.after.version) == (2, "fit-policy/1", "fit-policy/2")
    assert [tuple(each) for each in found.differences] == [(PolicyNumber.NARROWER, 0.9, 0.25)]
    assert given.snapshot().policy(0, given.seq).version == "fit-policy/1"


def test_who_earns_nothing_under_one_policy_stands_behind_the_last(given: Given) -> None:
    found = preview(given, drafted(given, narrower=0))
    cyd = next(each for each in found.moves if each.person_id == "cyd")
    assert (cyd.before, cyd.after, cyd.size) == (Place(3, False, True, 450_000), None, 1)


def test_how_long_a_free_person_may_be_away_moves_ranks_too(given: Given) -> None:
    given.add(Absence, person_id="bob", valid_from=TODAY, valid_until=day(1))
    found = preview(given, drafted(given, max_away=1.0))
    bob = next(each for each in found.moves if each.person_id == "bob")
    assert (bob.before, bob.after) == (Place(2, True, False, 950_000), Place(2, True, False, 950_000))
    week = policy_preview(given.snapshot(), "draft", TARGET, until=day(4), known=given.seq, today=TODAY)
    bob = next(each for each in week.moves if each.person_id == "bob")
    assert (bob.before, bob.after) == (Place(2, True, False, 950_000), Place(1, True, True, 950_000))


def test_the_policy_in_force_is_the_highest_published_one_on_the_day(given: Given) -> None:
    given.add(FitPolicyVersion, version=3, status=VersionStatus.PUBLISHED, narrower=0.25, valid_from=day(1), **SET)
    draft = drafted(given)
    assert preview(given, draft).before.version == "fit-policy/1"
    later = policy_preview(given.snapshot(), draft, TARGET, as_of=day(2), known=given.seq, today=TODAY)
    assert (later.before.version, later.after.version) == ("fit-policy/3", "fit-policy/2")
    assert [tuple(each) for each in later.differences] == [(PolicyNumber.NARROWER, 0.25, 0.9)]


def test_the_ranks_are_those_of_the_candidates_and_nobody_s_eligibility_moves(given: Given) -> None:
    draft = drafted(given, gamma=5, confidence_claimed=0.9, confidence_endorsed=0.9, broader=1, narrower=0.1)
    found = preview(given, draft)
    for policy, side in ((found.before, "before"), (found.after, "after")):
        rows = candidates(given.snapshot(), TARGET, known=given.seq, today=TODAY, policy=policy).rows
        assert {each.person_id: rank for rank, each in enumerate(rows, 1)} == {
            each.person_id: place.rank for each in found.moves if (place := getattr(each, side)) is not None
        }
    assert all(each.before.is_eligible == each.after.is_eligible for each in found.moves if each.before and each.after)


def test_a_version_that_is_not_there_is_said(given: Given) -> None:
    with pytest.raises(NotFound, match="no fit policy version 'x'"):
        preview(given, "x")
