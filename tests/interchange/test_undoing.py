"""Undo puts every fact back, and with it every level; it refuses where others have built on what would go."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from service.acts.proof_undoing import families, portions, write
from service.acts.undoing import planned, undo, undo_request
from service.capability.levels import history
from service.domain.people import OrgUnit, Person
from service.domain.proof import Assertion, Decision, Verification
from service.domain.skills import Scale, Skill
from service.domain.values import Fact
from service.errors import Conflict, NotFound
from service.graph import ledger, records
from service.graph.database import Database
from service.graph.ledger import Act
from service.graph.nouns import NOUNS
from service.live import LiveIndex
from service.settings import Settings
from tests.conftest import on_database
from tests.interchange.history import STEPS, Step, correct, holds, record, retire, verified

ACT = Act(action="undo", actor="tests")
BASE: tuple[Step, ...] = (
    record(Scale(id="five", name="Five", labels=list("abcde"))),
    record(Skill(id="python", name="Python", scale_id="five")),
    record(OrgUnit(id="house", name="House")),
    *(record(Person(id=name, name=name, unit_id="house")) for name in ("ann", "bob", "cyd")),
)


async def state(database: Database) -> dict[str, list[Fact]]:
    """All current facts without their numbers, by noun."""
    return {
        noun.plural: [
            replace(fact, recorded_seq=0) async for page in records.everything(database, noun.fact) for fact in page
        ]
        for noun in NOUNS
    }


async def levels(database: Database, folder: Path) -> dict[tuple[str, str], list[tuple[str, int, int, int, int]]]:
    """What counts, by person and skill, in the order of winning: assertion, level, trust and days."""
    snapshot = await LiveIndex(database, folder / "none").snapshot()
    people = range(snapshot.size)
    return {
        (snapshot.people.ids[person], skill): [
            (snapshot.assertion_id(each.reference), each.level, each.trust, each.first, each.until)
            for each in history(snapshot, person, skill, snapshot.seq)
        ]
        for person in people
        for skill in snapshot.assertions.blocks
        if history(snapshot, person, skill, snapshot.seq)
    }


def test_undo_of_the_last_changes_gives_the_facts_and_levels_of_that_moment(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        was = []
        for step in STEPS:
            was.append((await state(database), await levels(database, tmp_path)))
            await step(database)
        for number in (40, 37, 33, 25, 16, 12, 5, 0):
            since = range(number + 1, (await ledger.position(database))[0] + 1)
            await undo(database, ACT, since)
            assert (await state(database), await levels(database, tmp_path)) == was[number], number
            now = (await ledger.position(database))[0]
            assert (await undo(database, ACT, since)).size == 0
            assert (await ledger.position(database))[0] == now

    on_database(empty, work)


def test_undo_names_who_touched_a_fact_since_and_who_holds_on_to_it(empty: Settings) -> None:
    async def work(database: Database) -> None:
        for step in (*BASE, correct(Person, "bob", name="Bob"), correct(Person, "bob", email="bob@example.org")):
            await step(database)
        with pytest.raises(Conflict, match="change 8 touched Person 'bob' since"):
            await undo(database, ACT, [7])
        with pytest.raises(Conflict, match="Person 'ann' names OrgUnit 'house', which would go; Person 'bob'"):
            await undo(database, ACT, [3])
        await undo(database, ACT, [7, 8])
        assert (await records.by_id(database, Person, ["bob"]))["bob"].name == "bob"
        with pytest.raises(NotFound, match="No change has the request id 'nothing'"):
            await undo_request(database, ACT, "nothing")

    on_database(empty, work)


def test_what_would_be_put_back_must_have_what_it_names(empty: Settings) -> None:
    async def work(database: Database) -> None:
        for step in (*BASE, record(holds("a1", "ann", "python", 3)), retire(Assertion, "a1"), retire(Person, "ann")):
            await step(database)
        with pytest.raises(Conflict, match="Assertion 'a1' names Person 'ann', which is gone"):
            await undo(database, ACT, [8])

    on_database(empty, work)


DECIDED: tuple[Step, ...] = (
    record(holds("z", "ann", "python", 2)),
    record(holds("m", "ann", "python", 3)),  # wins by its number
    record(verified("v1", "z", "bob")),
    correct(Assertion, "z", level=4),  # v1 no longer counts
    record(verified("w", "m", "bob")),
    record(verified("b", "m", "cyd", Decision.REJECTED)),  # the same day, after w
    retire(Verification, "w"),
    retire(Verification, "v1"),
)


@pytest.mark.parametrize("undone", [[3], [2, 3, 7], [5], [4, 6], [6], [3, 5, 6], [7], [6, 7], [3, 7]], ids=str)
def test_decisions_that_counted_count_again_and_others_do_not(
    empty: Settings, tmp_path: Path, undone: list[int]
) -> None:
    async def after(database: Database, steps: Iterable[Step]) -> int:
        for step in steps:
            await step(database)
        return (await ledger.position(database))[0]

    async def work(database: Database) -> None:
        base = await after(database, BASE)
        last = await after(database, (step for at, step in enumerate(DECIDED) if at not in undone))
        expected = await state(database), await levels(database, tmp_path)
        await undo(database, ACT, range(base + 1, last + 1))
        first = (await ledger.position(database))[0] + 1
        await after(database, DECIDED)
        await undo(database, ACT, [first + at for at in undone])
        assert (await state(database), await levels(database, tmp_path)) == expected

    on_database(empty, work)


def test_an_undo_that_was_interrupted_is_finished_by_asking_again(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        for step in STEPS[:12]:
            await step(database)
        was = await state(database), await levels(database, tmp_path)
        for step in STEPS[12:]:
            await step(database)
        turns = 0
        while True:
            told: list[str] = []

            def stop(noun: str, _: int, told: list[str] = told) -> None:
                told.append(noun)
                if len(told) == 2:
                    raise RuntimeError("the power went off")

            turns += 1
            try:
                await undo(database, ACT, range(13, len(STEPS) + 1), stop)
            except RuntimeError:
                continue
            break
        assert turns > 3
        assert (await state(database), await levels(database, tmp_path)) == was

    on_database(empty, work)


def test_an_undo_stopped_between_a_decision_and_its_assertion_is_finished_too(empty: Settings, tmp_path: Path) -> None:
    steps = (
        record(holds("z", "ann", "python", 2)),
        record(verified("v1", "z", "bob")),
        record(verified("v2", "z", "cyd")),
        correct(Assertion, "z", level=4),  # neither counts any more
        record(verified("w", "z", "cyd")),
    )

    async def work(database: Database) -> None:
        for step in (*BASE, *steps):
            await step(database)
        was = await state(database), await levels(database, tmp_path)
        await retire(Verification, "v1")(database)
        gone, _ = await ledger.position(database)
        plan = await planned(database, [gone])
        [family] = [each async for each in families(database, plan.seqs, (), plan.back["Verification"], ())]
        first, *_ = await database.reading(lambda transaction: portions(transaction, family))
        assert [(label, [item.id for item in items]) for label, items in first.items()] == [("Verification", ["v1"])]
        await write(database, ACT, first)
        await undo(database, ACT, [gone])
        assert (await state(database), await levels(database, tmp_path)) == was

    on_database(empty, work)
