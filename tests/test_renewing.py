"""What is shared is renewed once and to the end, though the request that wanted it has gone."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path
from typing import Any

from service.acts import verbs
from service.acts.lookup import Lookup
from service.domain.people import Person
from service.domain.proof import Assertion
from service.domain.skills import Scale, Skill
from service.domain.values import Fact
from service.graph import ledger
from service.graph.database import Database, Transaction
from service.graph.ledger import Act, Touched
from service.live import LiveIndex
from service.names import LiveNames
from service.renewing import Turns
from service.settings import Settings
from tests.conftest import on_database

COUNT = 2_000


async def put(database: Database, *facts: Fact) -> None:
    """Record or correct *facts*, all of one noun."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        await verbs.put(Lookup(transaction), touched, facts, is_new=False)

    await ledger.write(database, Act(action="set up", actor="tests"), work)


def skills(word: str) -> list[Skill]:
    return [Skill(id=f"s{number}", name=f"{word} thing{number}", scale_id="three") for number in range(COUNT)]


async def leave_half_way(asked: Coroutine[Any, Any, object], has_begun: Callable[[], bool]) -> None:
    """Ask, and be cancelled as a request is whose caller has gone, when the answer is being made."""
    asking = asyncio.create_task(asked)
    while not has_begun() and not asking.done():  # noqa: ASYNC110  # what it looks at tells nobody
        await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])


def test_a_renewal_of_names_whose_asker_has_gone_is_not_done_twice(empty: Settings) -> None:
    async def work(database: Database) -> None:
        await put(database, Scale(id="three", name="Three", labels=["1", "2", "3"]))
        await put(database, *skills("weld"))
        names = LiveNames(database, "Skill")
        index = (await names.vocabulary()).index
        await put(database, *skills("cook"))
        before = len(index.labels)

        await leave_half_way(names.vocabulary(), lambda: len(index.labels) > before)
        renewed = await names.vocabulary()

        assert {root: count for root, count in index.things_by_root.items() if not root.startswith("thing")} == {
            "weld": 0,
            "cook": COUNT,
        }
        assert len(index.labels) == 2 * COUNT
        assert renewed.rarity("cook") == 0

    on_database(empty, work)


def test_a_renewal_of_the_index_whose_asker_has_gone_is_not_done_twice(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        await put(database, Scale(id="three", name="Three", labels=["1", "2", "3"]))
        await put(database, Skill(id="weld", name="Weld", scale_id="three"))
        live = LiveIndex(database, tmp_path / "index.bin")
        former = await live.snapshot()
        await put(database, *(Person(id=f"p{number}", name="P") for number in range(COUNT)))
        day = date(2026, 1, 5)
        await put(
            database,
            *(
                Assertion(id=f"a{number}", person_id=f"p{number}", skill_id="weld", level=1, asserted_on=day)
                for number in range(COUNT)
            ),
        )
        references = former.assertions.references

        await leave_half_way(live.snapshot(), lambda: len(references) > 0)
        renewed = await live.snapshot()

        assert (len(set(renewed.people.ids)), len(renewed.people), len(references)) == (COUNT, COUNT, COUNT)
        assert sorted(renewed.people.rows.values()) == list(range(COUNT))

    on_database(empty, work)


def test_work_is_done_alone_and_to_its_end_whoever_has_left() -> None:
    async def work() -> list[str]:
        turns, going, told = Turns(), threading.Event(), list[str]()

        def slow() -> None:
            told.append("slow begins")
            going.wait()
            told.append("slow ends")

        async def quick() -> str:
            told.append("quick")
            return "done"

        slowly = asyncio.create_task(turns.take(lambda: asyncio.to_thread(slow)))
        while not told:  # noqa: ASYNC110  # a thread tells
            await asyncio.sleep(0)
        slowly.cancel()
        await asyncio.wait([slowly])
        assert slowly.cancelled()
        quickly = asyncio.create_task(turns.take(quick))
        for _ in range(10):
            await asyncio.sleep(0)
        going.set()
        assert await quickly == "done"
        return told

    assert asyncio.run(work()) == ["slow begins", "slow ends", "quick"]


def test_an_error_reaches_whoever_asked_and_the_next_has_its_turn() -> None:
    async def work() -> list[object]:
        turns = Turns()

        async def fails() -> None:
            raise ValueError("no")

        async def works() -> str:
            return "yes"

        return list(await asyncio.gather(turns.take(fails), turns.take(works), return_exceptions=True))

    failed, worked = asyncio.run(work())
    assert (str(failed), worked) == ("no", "yes")
