"""Which assertion wins, on which day, as known when."""

from random import Random

import numpy as np
import pytest

from service.capability.blocks import Sources, block_of
from service.capability.columns import CURRENT, NEVER, day_number
from service.capability.index import Snapshot
from service.capability.levels import Window, first_failure, history, level, levels, met_throughout, winner
from service.capability.references import References, ids_of
from service.capability.rows import Rows
from service.capability.states import DecisionState, SkillState
from service.capability.tables import Table
from service.domain.proof import TRUSTS, Decision, Trust
from tests.capability.given import Given, day


@pytest.fixture
def given() -> Given:
    given = Given()
    given.people("ann", "bob")
    given.skills("welding")
    return given


def level_and_trust(
    snapshot: Snapshot, on: int = 0, known: int | None = None, floor: Trust = Trust.INFERRED, skill: str = "welding"
) -> tuple[int, Trust] | None:
    known = snapshot.seq if known is None else known
    held = history(snapshot, snapshot.people.rows["ann"], skill, known)
    found = winner(held, day_number(day(on)), floor.rank)
    everybody = levels(snapshot, skill, day_number(day(on)), known=known, floor=floor.rank)
    assert everybody[snapshot.people.rows["ann"]] == (found.level if found else -1)
    return (found.level, TRUSTS[found.trust]) if found else None


def test_a_claim_never_beats_a_verification(given: Given) -> None:
    given.holds("ann", "welding", 0, Trust.VERIFIED, asserted_on=day(-300))
    given.holds("ann", "welding", 4, Trust.CLAIMED)
    assert level_and_trust(given.snapshot()) == (0, Trust.VERIFIED)


def test_of_equal_trust_the_latest_statement_wins_then_the_last_recorded_then_the_highest_id(given: Given) -> None:
    given.holds("ann", "welding", 1, asserted_on=day(-2))
    assert level_and_trust(given.snapshot()) == (1, Trust.CLAIMED)
    given.holds("ann", "welding", 2, asserted_on=day(-3))
    assert level_and_trust(given.snapshot()) == (1, Trust.CLAIMED)
    given.holds("ann", "welding", 3, asserted_on=day(-2))
    assert level_and_trust(given.snapshot()) == (3, Trust.CLAIMED)
    given.holds("ann", "welding", 4, asserted_on=day(-2), id="b", recorded_seq=given.seq)
    given.holds("ann", "welding", 1, asserted_on=day(-2), id="a", recorded_seq=given.seq - 1)
    assert level_and_trust(given.snapshot()) == (4, Trust.CLAIMED)


def test_below_the_floor_nothing_counts(given: Given) -> None:
    given.holds("ann", "welding", 3, Trust.CLAIMED)
    assert level_and_trust(given.snapshot(), floor=Trust.ENDORSED) is None


def test_a_decision_counts_from_its_day_and_from_its_number(given: Given) -> None:
    claim = given.holds("ann", "welding", 3)
    before = given.seq
    given.decides("bob", claim, Decision.VERIFIED, on=day(-1))
    snapshot = given.snapshot()
    assert level_and_trust(snapshot) == (3, Trust.VERIFIED)
    assert level_and_trust(snapshot, on=-2) == (3, Trust.CLAIMED)
    assert level_and_trust(snapshot, known=before) == (3, Trust.CLAIMED)


def test_a_suspended_assertion_counts_again_from_its_date_as_if_nothing_had_been(given: Given) -> None:
    claim = given.holds("ann", "welding", 3)
    given.decides("bob", claim, Decision.VERIFIED, on=day(-5))
    given.decides("bob", claim, Decision.SUSPENDED, on=day(-3), until=day(2))
    found = [level_and_trust(given.snapshot(), on=on) for on in (-6, -5, -3, 1, 2)]
    assert found == [(3, Trust.CLAIMED), (3, Trust.VERIFIED), None, None, (3, Trust.VERIFIED)]


def test_a_rejection_takes_the_verifiers_before_it_with_it(given: Given) -> None:
    claim = given.holds("ann", "welding", 3)
    given.skills("diving", required_verifiers=2)
    dive = given.holds("ann", "diving", 3)
    for assertion in (claim, dive):
        given.decides("bob", assertion, Decision.VERIFIED, on=day(-5))
        given.decides("eve", assertion, Decision.REJECTED, on=day(-4))
    assert level_and_trust(given.snapshot()) is None
    for assertion in (claim, dive):
        given.decides("eve", assertion, Decision.VERIFIED, on=day(-3))
    assert level_and_trust(given.snapshot()) == (3, Trust.VERIFIED)
    assert level_and_trust(given.snapshot(), skill="diving") == (3, Trust.ENDORSED)


def test_nobody_verifies_themselves_and_nobody_counts_twice(given: Given) -> None:
    given.skills("diving", required_verifiers=2)
    dive = given.holds("ann", "diving", 3)
    given.decides("ann", dive, Decision.VERIFIED)
    assert level_and_trust(given.snapshot(), skill="diving") == (3, Trust.CLAIMED)
    given.decides("bob", dive, Decision.VERIFIED)
    given.decides("bob", dive, Decision.VERIFIED)
    assert level_and_trust(given.snapshot(), skill="diving") == (3, Trust.ENDORSED)
    given.decides("eve", dive, Decision.VERIFIED)
    assert level_and_trust(given.snapshot(), skill="diving") == (3, Trust.VERIFIED)


def test_an_exam_counts_as_one_of_the_verifiers(given: Given) -> None:
    given.skills("diving", required_verifiers=2)
    dive = given.holds("ann", "diving", 3, Trust.VERIFIED)
    assert level_and_trust(given.snapshot(), skill="diving") == (3, Trust.ENDORSED)
    given.decides("bob", dive, Decision.VERIFIED)
    assert level_and_trust(given.snapshot(), skill="diving") == (3, Trust.VERIFIED)


def test_a_corrected_assertion_starts_unverified(given: Given) -> None:
    claim = given.holds("ann", "welding", 3)
    given.decides("bob", claim, Decision.VERIFIED)
    known = given.seq
    given.retracts(claim)
    given.holds("ann", "welding", 4, id=claim, recorded_seq=given.seq)
    snapshot = given.snapshot()
    assert level_and_trust(snapshot) == (4, Trust.CLAIMED)
    assert level_and_trust(snapshot, known=known) == (3, Trust.VERIFIED)


def test_only_people_whose_level_changes_inside_a_window_can_fail_in_it() -> None:
    dice = Random(7)
    given = Given()
    given.skills("welding")
    people = [f"p{i}" for i in range(60)]
    given.people(*people)
    for _ in range(200):
        first, length = dice.randint(-20, 20), dice.randint(1, 25)
        given.holds(
            dice.choice(people),
            "welding",
            dice.randint(0, 4),
            dice.choice(TRUSTS),
            asserted_on=day(dice.randint(-9, 0)),
            valid_from=dice.choice((None, day(first))),
            valid_until=dice.choice((None, day(first + length))),
        )
    snapshot = given.snapshot()
    rows = snapshot.block("welding").counting
    for until in (1, 4, 30):
        window = Window(day_number(day(0)), day_number(day(until)))
        slowly = [
            row
            for row in range(snapshot.size)
            if all(level(history(snapshot, row, "welding", given.seq), on, 1) >= 2 for on in range(*window))
        ]
        assert met_throughout(rows, 2, window, known=given.seq, floor=1).tolist() == slowly
        failures = [
            first_failure(history(snapshot, row, "welding", given.seq), 2, 1, window) for row in range(snapshot.size)
        ]
        assert [row for row, failure in enumerate(failures) if failure is None] == slowly


def rows_of(count: int, dice: Random) -> Rows:
    first = np.array([dice.randint(0, 9) for _ in range(count)], np.int32)
    recorded = np.array([dice.randint(1, 9) for _ in range(count)], np.int64)
    until = np.array([dice.choice((NEVER, int(each) + dice.randint(1, 9))) for each in first], np.int32)
    return Rows(
        person=np.arange(count, dtype=np.int32),
        level=np.ones(count, np.int8),
        trust=np.array([dice.randint(0, 3) for _ in range(count)], np.int8),
        first=first,
        until=until,
        recorded=recorded,
        retracted=np.array([dice.choice((CURRENT, int(each) + dice.randint(1, 9))) for each in recorded], np.int64),
        asserted=first,
        used=first,
        own=recorded,
        lapses=until != NEVER,
        reference=np.arange(count, dtype=np.int32),
    )


def skill_state(retracted: int, verifiers: int) -> SkillState:
    return SkillState("s", 0, retracted, "s", "SKILL", None, False, "PUBLISHED", None, verifiers, False, None)


def counted(rows: Rows) -> set[tuple[int, int, int, int, bool]]:
    """Person, trust, day and number wherever a row counts, and whether it ends by itself after that day."""
    columns = (rows.person, rows.trust, rows.first, rows.until, rows.recorded, rows.retracted, rows.lapses)
    plain: list[list[int]] = [column.tolist() for column in columns]
    return {
        (person, trust, on, known, bool(lapses and until == on + 1))
        for person, trust, first, until, recorded, retracted, lapses in zip(*plain, strict=True)
        for on in range(max(first, 0), min(until, 25))
        for known in range(recorded, min(retracted, 25))
    }


def test_a_single_decision_is_reckoned_in_arrays_as_it_is_one_by_one() -> None:
    dice = Random(3)
    stated = rows_of(200, dice)
    people = [f"p{i}" for i in range(200)]
    decisions = {}
    for row in range(200):
        decided, recorded = dice.randint(0, 12), dice.randint(1, 14)
        kind = dice.choice(tuple(Decision))
        decisions[row] = (
            DecisionState(
                id="d",
                recorded_seq=recorded,
                retracted_seq=dice.choice((CURRENT, recorded + dice.randint(1, 9))),
                decision=kind,
                verifier_id=dice.choice((f"p{row}", "eve")),
                decided_on=decided,
                suspended_until=decided + dice.randint(1, 9) if kind is Decision.SUSPENDED else NEVER,
            ),
        )
    sources = Sources(people, References(ids_of(people, np.zeros(200, np.int32))), Table("assertion_id"))
    in_arrays = block_of(stated, decisions, [skill_state(CURRENT, 1)], sources)
    # a state of the skill that ended before anything was said sends every row the long way
    ended = [skill_state(0, 2), skill_state(CURRENT, 1)]
    one_by_one = block_of(stated, decisions, ended, sources)
    assert counted(in_arrays.counting) == counted(one_by_one.counting)
