"""What explains a level agrees with the level, whatever was said, decided, corrected and withdrawn."""

import dataclasses
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given as where

from service.capability.columns import day_number
from service.capability.explaining import Explanation, Said, about, explain
from service.capability.index import Snapshot, build
from service.capability.levels import history, winner
from service.capability.weighing import DecisionStanding, EvidenceStanding, Verdict
from service.domain.proof import TRUSTS, Assertion, Decision, Evidence, EvidenceKind, Trust, Verification
from service.domain.skills import Skill
from service.domain.values import Fact
from service.errors import NotFound
from tests.capability.given import TODAY, YESTERDAY, Given, day
from tests.capability.worlds import EXAMPLES, LAST, SEEDS, Dice, When, World, facts, whens, worlds


def demanding(world: World, seed: int) -> list[Fact]:
    """The world, with skills that demand credentials and fresh evidence, and some of that."""
    dice = Dice(seed)
    states = [
        dataclasses.replace(
            each, requires_credential=dice.pick((False, False, True)), max_evidence_age_days=dice.pick((None, None, 12))
        )
        if isinstance(each, Skill)
        else each
        for each in world.states
    ]
    assertions = world.ids(Assertion) or ["assertion0"]
    for i in range(dice.number(0, 12)):
        issued = dice.day(-20, 5)
        states += [
            Evidence(
                id=f"more{i}",
                assertion_id=dice.often(assertions),
                kind=dice.pick((EvidenceKind.EXAM, EvidenceKind.CERTIFICATE, EvidenceKind.CREDENTIAL)),
                title="paper",
                number="1",
                issuer="board",
                issued_on=dice.pick((None, issued, issued)),
                expires_on=dice.pick((None, day_after(issued, dice.number(1, 20)))),
                is_negative=dice.pick((False, False, False, True)),
                **seqs,
            )
            for seqs in dice.history()
        ]
    return states


def day_after(first: date, days: int) -> date:
    return date.fromordinal(first.toordinal() + days)


def said_in(states: Sequence[Fact], snapshot: Snapshot, person: str, skill: str, known: int) -> Said:
    """What the graph would return for the ids that the index names."""
    ids = about(snapshot, person, skill, known)
    return Said(
        [each for each in states if isinstance(each, Assertion) and each.id in ids.assertions],
        [each for each in states if isinstance(each, Evidence) and each.id in ids.evidence],
        [each for each in states if isinstance(each, Verification) and each.id in ids.decisions],
    )


@EXAMPLES
@where(worlds(), whens(), SEEDS)
def test_the_explained_winner_is_the_one_of_the_index_and_everything_said_has_a_verdict(
    world: World, when: When, seed: int
) -> None:
    states = demanding(world, seed)
    snapshot = build(facts(states), seq=LAST, registry_id="registry")
    for person in snapshot.people.ids:
        for skill in world.ids(Skill):
            try:
                said = said_in(states, snapshot, person, skill, when.seq)
            except NotFound:
                continue
            found = explain(snapshot, person, skill, said, day=when.day, known=when.seq, floor=when.floor)
            held = history(snapshot, snapshot.people.rows[person], skill, when.seq)
            best = winner(held, day_number(when.day), when.floor.rank)
            assert (best is None) == (found.winner is None)
            if best is not None and found.winner is not None:
                expected = (snapshot.assertion_id(best.reference), best.level, best.trust)
                assert found.winner.trust is not None
                told = found.winner.assertion
                assert (told.id, told.level, found.winner.trust.rank) == expected
            mine = [each for each in states if isinstance(each, Assertion) and each.recorded_seq <= when.seq]
            mine = [each for each in mine if (each.person_id, each.skill_id) == (person, skill)]
            assert sorted((each.assertion.id, each.assertion.recorded_seq) for each in found.assertions) == sorted(
                (each.id, each.recorded_seq) for each in mine
            )
            assert sum(each.verdict is Verdict.WINS for each in found.assertions) == (best is not None)


@pytest.fixture
def given() -> Given:
    given = Given()
    given.people("ann", "bob", "cay")
    given.skills("welding", required_verifiers=2)
    return given


def explained(given: Given, on: int = 0, known: int | None = None, floor: Trust = Trust.CLAIMED) -> Explanation:
    snapshot = given.snapshot()
    known = snapshot.seq if known is None else known
    said = said_in(given.states, snapshot, "ann", "welding", known)
    return explain(snapshot, "ann", "welding", said, day=day(on), known=known, floor=floor)


def verdicts(found: Explanation) -> dict[str, Verdict]:
    return {each.assertion.id: each.verdict for each in found.assertions}


def test_each_way_of_not_counting_has_its_own_name(given: Given) -> None:
    given.holds("ann", "welding", 2, Trust.ENDORSED, id="win", asserted_on=day(-1))
    given.holds("ann", "welding", 4, id="trust", asserted_on=day(0))
    given.holds("ann", "welding", 4, Trust.ENDORSED, id="date", asserted_on=day(-2))
    given.holds("ann", "welding", 4, Trust.INFERRED, id="floor")
    given.holds("ann", "welding", 4, id="future", valid_from=day(1))
    given.holds("ann", "welding", 4, id="past", valid_until=day(0))
    for name, decision, until in (
        ("rejected", Decision.REJECTED, None),
        ("revoked", Decision.REVOKED, None),
        ("suspended", Decision.SUSPENDED, day(3)),
    ):
        given.holds("ann", "welding", 4, id=name)
        given.decides("bob", name, decision, until=until)
    given.holds("ann", "welding", 4, id="gone")
    given.retracts("gone")

    assert verdicts(explained(given)) == {
        "win": Verdict.WINS,
        "trust": Verdict.OUTRANKED_BY_TRUST,
        "date": Verdict.OUTRANKED_BY_DATE,
        "floor": Verdict.BELOW_TRUST_FLOOR,
        "future": Verdict.NOT_YET_VALID,
        "past": Verdict.NO_LONGER_VALID,
        "rejected": Verdict.REJECTED,
        "revoked": Verdict.REVOKED,
        "suspended": Verdict.SUSPENDED,
        "gone": Verdict.RETRACTED,
    }


def test_the_last_recorded_of_one_day_wins_and_is_not_known_before(given: Given) -> None:
    given.holds("ann", "welding", 2, id="one")
    before = given.seq
    given.holds("ann", "welding", 3, id="two")

    assert verdicts(explained(given)) == {"two": Verdict.WINS, "one": Verdict.OUTRANKED_BY_SEQUENCE}
    assert verdicts(explained(given, known=before)) == {"one": Verdict.WINS}


def test_decisions_say_whether_they_bear_on_the_assertion(given: Given) -> None:
    given.holds("ann", "welding", 2, id="a")
    early = given.decides("bob", "a", Decision.VERIFIED, on=day(-9))
    given.states[-2].retracted_seq = given.seq + 1
    given.holds("ann", "welding", 3, id="a")
    annulled = given.decides("bob", "a", Decision.VERIFIED, on=day(-8))
    lapsed = given.decides("cay", "a", Decision.SUSPENDED, on=day(-7), until=day(-6))
    revoked = given.decides("cay", "a", Decision.REVOKED, on=day(-5))
    own = given.decides("ann", "a", Decision.VERIFIED, on=day(-4))
    counts = given.decides("bob", "a", Decision.VERIFIED, on=day(-3))
    withdrawn = given.decides("cay", "a", Decision.VERIFIED, on=day(-2))
    given.retracts(withdrawn)
    later = given.decides("cay", "a", Decision.VERIFIED, on=day(1))

    now = explained(given).assertions[0]
    assert {each.decision.id: each.standing for each in now.decisions} == {
        early: DecisionStanding.BEFORE_CORRECTION,
        annulled: DecisionStanding.ANNULLED,
        lapsed: DecisionStanding.LAPSED_SUSPENSION,
        revoked: DecisionStanding.OVERTAKEN,
        own: DecisionStanding.OWN,
        counts: DecisionStanding.COUNTS,
        withdrawn: DecisionStanding.RETRACTED,
        later: DecisionStanding.NOT_YET,
    }
    assert (now.trust, now.verifiers) == (Trust.ENDORSED, 1)
    tomorrow = explained(given, on=1).assertions[0]
    assert (tomorrow.trust, tomorrow.verifiers) == (Trust.VERIFIED, 2)


def test_evidence_says_whether_it_counts_for_what_the_skill_demands(given: Given) -> None:
    given.skills("diving", requires_credential=True, max_evidence_age_days=30)
    given.add(Assertion, id="a", person_id="ann", skill_id="diving", level=3, trust=Trust.VERIFIED, asserted_on=TODAY)
    for name, kind, fields in (
        ("card", EvidenceKind.CREDENTIAL, {"issued_on": day(-99)}),
        ("exam", EvidenceKind.EXAM, {"issued_on": day(-9)}),
        ("stale", EvidenceKind.EXAM, {"issued_on": day(-30)}),
        ("expired", EvidenceKind.CREDENTIAL, {"issued_on": day(-9), "expires_on": day(0)}),
        ("coming", EvidenceKind.CREDENTIAL, {"issued_on": day(1)}),
        ("failed", EvidenceKind.EXAM, {"issued_on": day(-1), "is_negative": True}),
    ):
        given.add(Evidence, id=name, assertion_id="a", kind=kind, title=name, **fields)
    snapshot = given.snapshot()
    said = said_in(given.states, snapshot, "ann", "diving", snapshot.seq)

    def at(on: int) -> tuple[Trust | None, dict[str, EvidenceStanding]]:
        found = explain(snapshot, "ann", "diving", said, day=day(on), known=snapshot.seq, floor=Trust.CLAIMED)
        (only,) = found.assertions
        return only.trust, {each.evidence.id: each.standing for each in only.evidence}

    assert at(0) == (
        Trust.VERIFIED,
        {
            "card": EvidenceStanding.COUNTS,
            "exam": EvidenceStanding.COUNTS,
            "stale": EvidenceStanding.TOO_OLD,
            "expired": EvidenceStanding.EXPIRED,
            "coming": EvidenceStanding.NOT_YET,
            "failed": EvidenceStanding.NEGATIVE,
        },
    )
    assert at(1)[1]["coming"] is EvidenceStanding.COUNTS


def test_sources_stand_side_by_side_with_the_latest_of_each(given: Given) -> None:
    given.holds("ann", "welding", 1, source="Survey", asserted_on=day(-9))
    given.holds("ann", "welding", 2, source="Survey", asserted_on=day(-1))
    given.holds("ann", "welding", 4, Trust.ENDORSED, source="HR", asserted_on=day(-5))
    given.holds("ann", "welding", 3, source="Old", valid_until=TODAY)

    found = explained(given)
    assert [(each.source, each.level) for each in found.sources] == [("HR", 4), ("Survey", 2)]
    assert found.disagrees
    assert not explained(given, floor=Trust.ENDORSED).disagrees


def test_nobody_is_explained_who_is_not_known(given: Given) -> None:
    with pytest.raises(NotFound, match="no person 'dan'"):
        about(given.snapshot(), "dan", "welding", given.seq)
    with pytest.raises(NotFound, match="no skill 'sewing'"):
        about(given.snapshot(), "ann", "sewing", given.seq)


def trust_of(snapshot: Snapshot, person: str, skill: str, on: int) -> Trust | None:
    """The trust of the level in the index, on a day."""
    found = winner(history(snapshot, snapshot.people.rows[person], skill, snapshot.seq), day_number(day(on)), 0)
    return None if found is None else TRUSTS[found.trust]


def test_an_exam_proves_as_long_as_it_is_in_force_and_nobody_annulled_it(given: Given) -> None:
    given.skills("diving")
    given.add(Assertion, id="a", person_id="ann", skill_id="diving", level=3, trust=Trust.VERIFIED, asserted_on=TODAY)
    papers: dict[str, dict[str, Any]] = {
        "failed": {"kind": EvidenceKind.EXAM, "is_negative": True},
        "card": {"kind": EvidenceKind.CREDENTIAL, "issued_on": day(-9), "expires_on": day(5)},
    }
    for name, fields in papers.items():
        given.add(Evidence, id=name, assertion_id="a", title=name, issuer="house", **fields)

    def at(on: int) -> tuple[Verdict, Trust | None, int, dict[str, EvidenceStanding]]:
        snapshot = given.snapshot()
        said = said_in(given.states, snapshot, "ann", "diving", snapshot.seq)
        found = explain(snapshot, "ann", "diving", said, day=day(on), known=snapshot.seq, floor=Trust.CLAIMED)
        (only,) = found.assertions
        assert trust_of(snapshot, "ann", "diving", on) == only.trust
        return only.verdict, only.trust, only.verifiers, {each.evidence.id: each.standing for each in only.evidence}

    failed = {"failed": EvidenceStanding.NEGATIVE}
    assert at(0) == (Verdict.WINS, Trust.VERIFIED, 1, failed | {"card": EvidenceStanding.COUNTS})
    assert at(5) == (Verdict.WINS, Trust.CLAIMED, 0, failed | {"card": EvidenceStanding.EXPIRED})
    given.decides("dan", "a", Decision.REJECTED)
    assert at(0) == (Verdict.REJECTED, None, 0, failed | {"card": EvidenceStanding.ANNULLED})
    given.decides("eve", "a", Decision.VERIFIED, TODAY)
    assert at(5)[:3] == (Verdict.WINS, Trust.VERIFIED, 1)


def test_a_suspension_holds_to_its_day_whoever_verifies_meanwhile(given: Given) -> None:
    said = given.holds("ann", "welding", 3)
    given.decides("dan", said, Decision.SUSPENDED, YESTERDAY, day(4))
    given.decides("eve", said, Decision.VERIFIED, TODAY)

    for on, verdict, trust in (
        (0, Verdict.SUSPENDED, None),
        (3, Verdict.SUSPENDED, None),
        (4, Verdict.WINS, Trust.ENDORSED),
    ):
        (only,) = explained(given, on=on).assertions
        assert (only.verdict, only.trust) == (verdict, trust)
        assert trust_of(given.snapshot(), "ann", "welding", on) == trust
    assert [each.standing for each in explained(given).assertions[0].decisions] == [DecisionStanding.COUNTS] * 2
