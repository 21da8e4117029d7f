"""The invented organisation written to the graph, once for each folder."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import world
from service.domain.values import Fact
from service.errors import Conflict
from service.graph import ledger, migrate, records
from service.graph.database import Database, Transaction
from service.graph.ledger import Act, Touched

ACT = Act(action="load benchmark", actor="benchmarks")


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What a folder holds, and how long it took to come in."""

    people: int
    assertions: int
    seed: int
    facts: int
    seconds: float
    """Of the writing alone, without the inventing."""


async def fill(database: Database, marker: Path, people: int, progress: Callable[[str], None]) -> Filled:
    """Write the world of so many *people*, unless the *marker* says that it is there.

    Raises Conflict when the database holds anything else.
    """
    if (earlier := _kept(marker)) and (earlier.people, earlier.seed) == (people, world.SEED):
        return earlier
    await migrate.migrate(database)
    seq, _ = await ledger.position(database)
    if seq:
        raise Conflict(
            f"{marker.parent} holds {seq} changes that are no finished load of this benchmark; empty it first"
        )
    facts, seconds, shown = 0, 0.0, time.monotonic()
    for batch in world.facts(people):
        start = time.perf_counter()
        await _record(database, batch)
        seconds += time.perf_counter() - start
        facts += len(batch)
        if time.monotonic() > shown + 10:
            shown = time.monotonic()
            progress(f"{people:,} people: {facts:,} facts written, {facts / seconds:,.0f} a second")
    filled = Filled(
        people=people, assertions=people * world.HELD, seed=world.SEED, facts=facts, seconds=round(seconds, 3)
    )
    _keep(marker, filled)
    return filled


def _kept(marker: Path) -> Filled | None:
    return Filled(**json.loads(marker.read_text())) if marker.is_file() else None


def _keep(marker: Path, filled: Filled) -> None:
    marker.write_text(json.dumps(asdict(filled), indent=1) + "\n")


async def _record(database: Database, batch: Sequence[Fact]) -> None:
    """One change; nothing is there yet, so nothing is looked up or checked."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        await records.put(transaction, touched, batch, {})

    await ledger.write(database, ACT, work)
