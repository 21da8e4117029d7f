"""A snapshot never changes, grows by what is new, and comes back from its file as it was."""

import dataclasses
import stat
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from service.capability.gaps import skill_gap
from service.capability.identities import Identities
from service.capability.index import Snapshot, build
from service.capability.levels import history
from service.capability.matching import candidates
from service.capability.references import References, ids_of
from service.capability.saved import load, save
from service.capability.targets import Ask, Target
from service.domain.people import OrgUnit, Person
from service.domain.proof import Assertion, Decision, Verification
from service.domain.skills import Skill
from service.errors import NotFound
from tests.capability.given import TODAY, Given, day
from tests.capability.worlds import LAST, facts, seen_at, world

WELDING = Target(requirements=[Ask(skill_id="welding", level=2)])


@pytest.fixture
def given() -> Given:
    given = Given()
    given.people("ann", "bob")
    given.skills("welding")
    return given


def holdings(snapshot: Snapshot, known: int) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Everything that counts, by person and skill, with ids in place of references."""
    return {
        (person_id, skill_id): [
            {**each._asdict(), "reference": snapshot.assertion_id(each.reference)}
            for each in history(snapshot, snapshot.people.rows[person_id], skill_id, known)
        ]
        for skill_id in snapshot.assertions.blocks
        for person_id in snapshot.people.ids
    }


def lists(snapshot: Snapshot, known: int) -> dict[str, list[Any]]:
    """Services, bookings and absences by id, in no order."""
    people, positions, service = snapshot.people.ids, snapshot.positions.ids, snapshot.service(known)
    return {
        "service": sorted(
            (people[row], int(service.contract[row]), int(service.first[row]), int(service.until[row]))
            for row in range(snapshot.size)
            if service.exists[row]
        ),
        "bookings": sorted(
            (people[person], int(first), int(until), int(fte), positions[position], bool(is_hard))
            for person, first, until, fte, position, is_hard in zip(*snapshot.bookings(known), strict=True)
        ),
        "absences": sorted(
            (people[person], int(first), int(until))
            for person, first, until in zip(*snapshot.absences(known), strict=True)
        ),
    }


def everything(snapshot: Snapshot) -> list[object]:
    """All that a snapshot holds, at every number."""
    tables = [
        sorted(
            (each for table in snapshot.tables for each in table if each.recorded_seq <= known < each.retracted_seq),
            key=repr,
        )
        for known in range(LAST + 1)
    ]
    found = [(holdings(snapshot, known), lists(snapshot, known)) for known in range(LAST + 1)]
    return [tables, [({pair: held for pair, held in each.items() if held}, rest) for each, rest in found]]


@pytest.mark.parametrize("seed", range(25))
def test_grown_by_any_steps_it_holds_what_it_holds_when_built_at_once(seed: int) -> None:
    states, dice = world(seed), Random(seed)
    stops = sorted({0, LAST, *(dice.randint(0, LAST) for _ in range(dice.randint(0, 5)))})
    grown = build(facts(seen_at(states, -1, 0)), seq=0, registry_id="r")
    for before, stop in pairwise(stops):
        grown = grown.apply(facts(seen_at(states, before, stop)), stop)
    assert everything(grown) == everything(build(facts(states), seq=LAST, registry_id="r"))


def test_parts_make_the_same_snapshot_as_the_whole() -> None:
    states = world(4)
    parts = (facts([state]) for state in states)
    whole = build(facts(states), seq=LAST, registry_id="r")
    assert everything(build(parts, seq=LAST, registry_id="r")) == everything(whole)


def test_the_former_snapshot_stays_as_it_was() -> None:
    states = world(9)
    former = build(facts(seen_at(states, -1, 4)), seq=4, registry_id="r")
    before = everything(former)
    former.apply(facts(seen_at(states, 4, LAST)), LAST)
    assert everything(former) == before


def test_a_state_may_come_twice_and_early() -> None:
    states = world(2)
    once = build(facts(states), seq=LAST, registry_id="r")
    current = [dataclasses.replace(state, retracted_seq=None) for state in states]
    assert everything(build(facts([*current, *states]), seq=LAST, registry_id="r")) == everything(once)
    early = build(facts(seen_at(states, -1, 7)), seq=4, registry_id="r")
    again = early.apply(facts([*seen_at(states, 4, LAST), *seen_at(states, 6, LAST)]), LAST)
    assert everything(again) == everything(once)


def test_a_change_touches_only_the_block_it_is_about(given: Given) -> None:
    given.skills("soldering")
    given.holds("ann", "welding", 2)
    given.holds("ann", "soldering", 2)
    former = given.snapshot()
    later = former.apply({"Assertion": _assertion("late", "soldering")}, given.seq + 1)
    assert later.block("welding") is former.block("welding")
    assert later.block("soldering") is not former.block("soldering")
    assert later.registers.people is former.registers.people


def _assertion(identity: str, skill: str, person: str = "bob", seq: int = 99) -> dict[str, list[Any]]:
    return {
        "id": [identity],
        "person_id": [person],
        "skill_id": [skill],
        "level": [3],
        "asserted_on": [str(TODAY)],
        "recorded_seq": [seq],
    }


def test_a_decision_on_what_came_with_the_index_or_after_it_finds_its_assertion(given: Given) -> None:
    old = given.holds("ann", "welding", 2)
    snapshot = given.snapshot().apply({"Assertion": _assertion("new", "welding")}, 99)
    for seq, assertion in enumerate((old, "new"), 100):
        decided = Verification(
            id=f"v{seq}",
            assertion_id=assertion,
            decision=Decision.REVOKED,
            verifier_id="eve",
            decided_on=day(-1),
            reason="fake",
            recorded_seq=seq,
        )
        snapshot = snapshot.apply(facts([decided]), seq)
    counted = [candidates(snapshot, WELDING, known=known, today=TODAY).total for known in (99, 100, 101)]
    assert counted == [2, 1, 0]


def test_more_verifiers_asked_for_a_skill_reckon_its_assertions_anew(given: Given) -> None:
    given.decides("bob", given.holds("ann", "welding", 2), Decision.VERIFIED)
    former = given.snapshot()
    stricter = [dataclasses.replace(state, retracted_seq=99) for state in given.states if isinstance(state, Skill)] + [
        Skill(id="welding", name="welding", scale_id="scale", required_verifiers=2, recorded_seq=99)
    ]
    later = former.apply(facts(stricter), 99)
    trusts = [skill_gap(later, "ann", WELDING, known=known, today=TODAY).lines[0].trust for known in (given.seq, 99)]
    assert trusts == ["VERIFIED", "ENDORSED"]


def test_what_is_not_known_is_named(given: Given) -> None:
    snapshot = given.snapshot()
    for look_up in (snapshot.skill, snapshot.role, snapshot.position, snapshot.project, snapshot.unit):
        with pytest.raises(NotFound, match="'nothing'"):
            look_up("nothing", given.seq)
    with pytest.raises(NotFound, match="'ann'"):
        snapshot.person_row("ann", 0)


def test_a_unit_holds_the_people_of_all_units_under_it(given: Given) -> None:
    for unit, parent in (("works", None), ("hall", "works"), ("bay", "hall"), ("office", None)):
        given.add(OrgUnit, id=unit, name=unit, parent_id=parent)
    for person, unit in (("cid", "bay"), ("dot", "works"), ("eve", "office")):
        given.add(Person, id=person, name=person, unit_id=unit)
    snapshot = given.snapshot()
    inside = snapshot.in_unit("works", given.seq)
    assert [person for person in ("ann", "cid", "dot", "eve") if inside[snapshot.people.rows[person]]] == ["cid", "dot"]
    assert snapshot.subtree("hall", given.seq) == {"hall", "bay"}


def test_ids_keep_their_rows_and_late_ones_stand_in_order() -> None:
    people = Identities(["b", "d", "f"])
    assert people.codes(["f", "a", None, "e", "z", "c"]).tolist() == [2, 3, -1, 4, 5, 6]
    assert people.order(3).tolist() == [0, 1, 2]
    by_place = sorted(range(7), key=people.order(7).__getitem__)
    assert [people.ids[row] for row in by_place] == ["a", "b", "c", "d", "e", "f", "z"]


def test_ids_in_any_script_come_back_from_their_bytes() -> None:
    ids = ["ä", "日本語", "x" * 200, "ä"]
    references = References(ids_of(ids, Identities().codes([None] * 4)))
    late = references.append("ä", 3)
    assert [references.id(place) for place in range(5)] == [*ids, "ä"]
    assert list(references.find(["ä", "x", "x" * 200])) == [[0, 3, late], [], [2]]
    assert [References(references.all()).id(place) for place in range(5)] == [*ids, "ä"]


@pytest.mark.parametrize("seed", range(5))
def test_a_saved_index_comes_back_and_grows_on(tmp_path: Path, seed: int) -> None:
    states, file = world(seed), tmp_path / "folder" / "index"
    save(build(facts(seen_at(states, -1, 5)), seq=5, registry_id="r"), file)
    loaded = load(file, "r")
    assert loaded is not None
    assert (loaded.seq, stat.S_IMODE(file.stat().st_mode)) == (5, 0o600)
    grown = loaded.apply(facts(seen_at(states, 5, LAST)), LAST)
    save(grown, file)
    again = load(file, "r")
    whole = build(facts(states), seq=LAST, registry_id="r")
    assert again is not None
    assert everything(again) == everything(grown) == everything(whole)
    assert [each.name for each in file.parent.iterdir()] == ["index"]


def test_a_missing_damaged_or_foreign_file_is_no_snapshot(tmp_path: Path) -> None:
    file, dice = tmp_path / "index", Random(1)
    assert load(file, "r") is None
    save(build(facts(world(1)), seq=LAST, registry_id="r"), file)
    assert load(file, "other") is None
    whole = file.read_bytes()
    middle = range(400, len(whole))
    for _ in range(30):
        place = dice.choice(middle)
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert load(file, "r") is None
        file.write_bytes(whole[:place])
        assert load(file, "r") is None
    for content in (b"", b"\n", b"[1]\n", b"{}\n", b"\x00" * 100, b'{"format":"capability index 0"}\n'):
        file.write_bytes(content)
        assert load(file, "r") is None
    file.write_bytes(whole)
    assert load(file, "r") is not None


def test_it_answers_without_anybody_or_anything() -> None:
    empty = build({}, seq=0, registry_id="r")
    assert (empty.size, empty.service(0).exists.tolist(), empty.bookings(0).fte.tolist()) == (0, [], [])
    states = [
        Person(id="ann", name="Ann", recorded_seq=1),
        Assertion(id="a", person_id="ann", skill_id="s", level=1, asserted_on=date(2026, 1, 1), recorded_seq=1),
    ]
    assert holdings(empty.apply(facts(states), 1), 1)["ann", "s"][0]["reference"] == "a"
