"""The invented organisation written to the graph, once for each folder; a load that was stopped goes on."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from benchmarks import world
from service.domain.values import Fact
from service.errors import Conflict
from service.graph import ledger, migrate, records
from service.graph.database import Database, Transaction
from service.graph.ledger import Act, Touched

ACT = Act(action="load benchmark", actor="benchmarks")


@dataclass(kw_only=True)
class Filled:
    """What a folder holds, and how long it took to come in."""

    people: int
    seed: int
    facts: int = 0
    seconds: float = 0.0
    """Of the writing alone, without the inventing."""
    is_whole: bool = False


async def fill(database: Database, marker: Path, people: int, progress: Callable[[str], None]) -> Filled:
    """Write the world of so many *people*, or what of it the *marker* says is missing.

    Raises Conflict when the database holds anything else.
    """
    filled = _kept(marker) or Filled(people=people, seed=world.SEED)
    if filled.is_whole:
        return filled
    await migrate.migrate(database)
    seq, _ = await ledger.position(database)
    if (filled.people, filled.seed) != (people, world.SEED) or (seq and not filled.facts):
        raise Conflict(f"{marker.parent} holds {seq} changes that are not of this benchmark; empty it first")
    shown = time.monotonic()
    # each batch was one change, so the ledger says how many are there
    for batch in islice(world.facts(people), seq, None):
        start = time.perf_counter()
        await _record(database, batch)
        filled.seconds += time.perf_counter() - start
        filled.facts += len(batch)
        _keep(marker, filled)
        if time.monotonic() > shown + 10:
            shown = time.monotonic()
            rate = filled.facts / filled.seconds
            progress(f"{people:,} people: {filled.facts:,} facts written, {rate:,.0f} a second")
    filled.is_whole = True
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
