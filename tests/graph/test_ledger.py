"""The ledger on a real engine: numbers without hole or repeat, one change an act, nothing half done."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.people import OrgUnit, Person
from service.errors import Invalid
from service.graph import ledger, records
from service.graph.database import Database, Transaction
from service.graph.ledger import Act, RepeatedError, Touched
from service.settings import Settings
from tests.conftest import on_database

ACT = Act(action="write", actor="tester", request_id="r")


async def put(database: Database, *people: Person, act: Act = ACT) -> int:
    async def work(transaction: Transaction, touched: Touched) -> None:
        await records.put(transaction, touched, people, {})

    return (await ledger.write(database, act, work)).seq


def person(number: int) -> Person:
    return Person(id=f"p{number:03}", name=f"Person {number}")


def test_a_write_takes_the_next_number_and_says_who_did_what(empty: Settings) -> None:
    async def work(database: Database) -> None:
        first = await put(database, person(1), person(2))
        second = await put(database, person(3), act=Act(action="other", actor="ann", request_id="s"))
        changes = await ledger.after(database, 0, 10)

        assert (first, second) == (1, 2)
        assert [replace(change, at=datetime.min) for change in changes] == [  # noqa: DTZ901  # left out
            replace(
                changes[0],
                seq=1,
                at=datetime.min,  # noqa: DTZ901  # left out
                actor="tester",
                action="write",
                request_id="r",
                kinds=["Person"],
                subject_ids=["p001", "p002"],
                count=2,
            ),
            replace(
                changes[1],
                seq=2,
                at=datetime.min,  # noqa: DTZ901  # left out
                actor="ann",
                action="other",
                request_id="s",
                kinds=["Person"],
                subject_ids=["p003"],
                count=1,
            ),
        ]
        assert (await ledger.position(database))[0] == 2

    on_database(empty, work)


def test_writers_at_once_get_numbers_without_hole_or_repeat(empty: Settings) -> None:
    async def work(database: Database) -> None:
        numbers = await asyncio.gather(*(put(database, person(number)) for number in range(20)))
        changes = await ledger.after(database, 0, 100)

        assert sorted(numbers) == list(range(1, 21))
        assert [change.seq for change in changes] == list(range(1, 21))
        assert {change.seq: change.subject_ids for change in changes} == {
            seq: [f"p{number:03}"] for number, seq in enumerate(numbers)
        }

    on_database(empty, work)


def test_a_write_that_fails_half_way_leaves_nothing_and_spends_no_number(empty: Settings) -> None:
    async def half(transaction: Transaction, touched: Touched) -> None:
        await records.put(transaction, touched, [person(1)], {})
        raise ZeroDivisionError

    async def work(database: Database) -> None:
        with pytest.raises(ZeroDivisionError):
            await ledger.write(database, ACT, half)
        assert (await ledger.position(database))[0] == 0
        assert await records.page(database, Person, first=10) == []
        assert await put(database, person(2)) == 1

    on_database(empty, work)


def test_a_write_that_touches_nothing_spends_no_number_and_returns_its_result(empty: Settings) -> None:
    async def idle(_: Transaction, __: Touched) -> str:
        return "nothing to do"

    async def work(database: Database) -> None:
        await put(database, person(1))
        written = await ledger.write(database, ACT, idle)

        assert (written.seq, written.result) == (1, "nothing to do")
        assert len(await ledger.after(database, 0, 10)) == 1

    on_database(empty, work)


def test_a_key_used_before_writes_nothing_and_carries_the_first_change(empty: Settings) -> None:
    keyed = replace(ACT, idempotency_key="once")

    async def work(database: Database) -> None:
        await put(database, person(1), act=keyed)
        with pytest.raises(RepeatedError) as caught:
            await put(database, person(2), act=keyed)

        assert (caught.value.change.seq, caught.value.change.subject_ids) == (1, ["p001"])
        assert [each.id for each in await records.page(database, Person, first=10)] == ["p001"]

    on_database(empty, work)


@pytest.mark.parametrize("key", ["", " ", "two words", "tab\t", "é", "k" * 201])
def test_a_key_that_headers_could_not_carry_is_refused(key: str) -> None:
    with pytest.raises(Invalid, match="is not 1 to 200 printable characters without blanks"):
        Act(action="write", actor="tester", idempotency_key=key)


def test_an_instant_means_the_last_change_at_or_before_it(empty: Settings) -> None:
    async def work(database: Database) -> None:
        for number in range(3):
            await put(database, person(number))
        first, second, third = [change.at for change in await ledger.after(database, 0, 10)]
        hair = timedelta(microseconds=1)

        assert [
            await ledger.at_instant(database, instant) for instant in (first - hair, first, second, third - hair, third)
        ] == [0, 1, 2, 2, 3]
        assert await ledger.at_instant(database, datetime.now(UTC) + timedelta(days=1)) == 3
        with pytest.raises(Invalid, match="has no time zone; write 2026-03-01T09:00:00Z"):
            await ledger.at_instant(database, datetime(2026, 3, 1))  # noqa: DTZ001  # the mistake under test

    on_database(empty, work)


def test_changes_follow_a_number_and_tell_a_hundred_subjects_and_the_count_of_all(empty: Settings) -> None:
    async def both(transaction: Transaction, touched: Touched) -> None:
        await records.put(transaction, touched, [OrgUnit(id="u", name="U")], {})
        await records.put(transaction, touched, [person(number) for number in range(120)], {})

    async def work(database: Database) -> None:
        await put(database, person(500))
        await ledger.write(database, ACT, both)
        (change,) = await ledger.after(database, 1, 10)

        assert (change.seq, change.kinds, change.count) == (2, ["OrgUnit", "Person"], 121)
        assert change.subject_ids == ["u", *(f"p{number:03}" for number in range(99))]
        assert [each.seq for each in await ledger.after(database, 0, 1)] == [1]

    on_database(empty, work)
