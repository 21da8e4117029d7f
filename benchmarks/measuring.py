"""The times of one size: loading, the index, the question three ways in turn, a write and the next answer."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import peer, world
from benchmarks.crowding import Crowded, crowd
from benchmarks.filling import Filled, fill
from benchmarks.running import Service, processor_time, service, watched
from benchmarks.times import Times
from service.capability import matching
from service.capability.index import Snapshot
from service.capability.targets import Target
from service.graph import embedded
from service.graph.database import open_database
from service.live import LiveIndex
from service.settings import Settings

Progress = Callable[[str], None]

CANDIDATES = """
query Candidates($role: ID!, $asOf: Date!, $until: Date!) {
  candidates(target: {role: $role}, asOf: $asOf, until: $until, first: 20) {
    knownSeq totalCount consideredCount eligibleCount
    edges { node { name isEligible isAvailable fit freeFte awayDays } }
  }
}
"""

RECORD = """
mutation Record($input: RecordAssertionInput!) {
  recordAssertion(input: $input) { seq errors { message } result { id } }
}
"""

RETRACT = """
mutation Retract($input: RetractAssertionInput!) {
  retractAssertion(input: $input) { seq errors { message } }
}
"""

WRITES = 20
WARM = 3


@dataclass(kw_only=True)
class Measured:
    """What one size took; seconds and bytes."""

    people: int
    engine: str
    filled: Filled
    cold: float = 0.0
    """Reading the index from the graph."""
    warm: float = 0.0
    """Loading the saved index."""
    index_bytes: int = 0
    http: Times = field(default_factory=Times)
    cypher: Times = field(default_factory=Times)
    bare: Times = field(default_factory=Times)
    write: Times = field(default_factory=Times)
    reflected: Times = field(default_factory=Times)
    """From sending a write to holding the next answer, which knows it."""
    http_processor: float = 0.0
    """Processor time of the service for all questions over HTTP together."""
    bare_processor: float = 0.0
    crowded: list[Crowded] = field(default_factory=list)
    """Three questions asked by several clients at once."""
    service_bytes: int = 0
    engine_bytes: int | None = None


async def measure(settings: Settings, people: int, rounds: int, progress: Progress) -> Measured:
    """Everything about one size, loaded first where it is not there yet."""
    measured, snapshot = await _with_graph(settings, people, progress)
    (settings.data_dir / "index.bin").unlink(missing_ok=True)
    progress(f"{people:,} people: starting the service with no saved index")
    async with service(settings) as running:
        engine = None if settings.neo4j_uri else embedded.recorded(settings.data_dir.resolve())
        pids = [running.pid] if engine is None else [running.pid, engine.pid]
        with watched(*pids) as peaks:
            await _until_warm(running, settings.data_dir / "index.bin")
            progress(f"{people:,} people: asking {rounds} times each way")
            await _three_ways(measured, settings, running, snapshot, rounds)
            progress(f"{people:,} people: three questions by eight clients at once")
            measured.crowded = await crowd(running, snapshot, max(3, rounds // 5))
            progress(f"{people:,} people: {WRITES} writes, each followed by a question")
            await _writes(measured, running)
        measured.service_bytes = peaks.resident[running.pid]
        measured.engine_bytes = None if engine is None else peaks.resident[engine.pid]
    return measured


async def _with_graph(settings: Settings, people: int, progress: Progress) -> tuple[Measured, Snapshot]:
    """Load the graph, then the index from it and from its file."""
    file = settings.data_dir / "benchmark-index.bin"
    async with open_database(settings) as database:
        filled = await fill(database, settings.data_dir / "benchmark.json", people, progress)
        measured = Measured(people=people, engine=" ".join(await database.version()), filled=filled)
        file.unlink(missing_ok=True)
        progress(f"{people:,} people: reading the index from the graph")
        cold = LiveIndex(database, file)
        start = time.perf_counter()
        await cold.snapshot()
        measured.cold = time.perf_counter() - start
        await cold.save()
        measured.index_bytes = file.stat().st_size
        del cold
        start = time.perf_counter()
        snapshot = await LiveIndex(database, file).snapshot()
        measured.warm = time.perf_counter() - start
        file.unlink()
    return measured, snapshot


async def _until_warm(running: Service, index: Path) -> None:
    """Wait until the service has read the index and put it away, so that no question waits for that."""
    while not await asyncio.to_thread(index.exists):
        await running.client.get("/health")
        await asyncio.sleep(0.2)
    for number in range(WARM):
        await _ask(running, number)


async def _three_ways(
    measured: Measured, settings: Settings, running: Service, snapshot: Snapshot, rounds: int
) -> None:
    """The same question over HTTP, in Cypher and as the bare reckoning, one after the other, role by role."""
    async with open_database(settings) as database:
        for number in range(-WARM, rounds):
            role = number % world.ROLES
            before = processor_time(running.pid)
            start = time.perf_counter()
            answer = await _ask(running, role)
            asked = time.perf_counter()
            served = processor_time(running.pid)
            asking = time.perf_counter()
            await peer.ranking(database, world.role_id(role), world.FIRST.isoformat())
            ranked, spent = time.perf_counter(), time.process_time()
            page = _reckon(snapshot, role)
            reckoned = time.perf_counter()
            if (answer["totalCount"], answer["eligibleCount"]) != (page.total, page.eligible):
                raise RuntimeError(f"{answer['totalCount']} candidates over HTTP for role {role}, {page.total} without")
            if number >= 0:
                measured.http_processor += served - before
                measured.bare_processor += time.process_time() - spent
                measured.http.seconds.append(asked - start)
                measured.cypher.seconds.append(ranked - asking)
                measured.bare.seconds.append(reckoned - ranked)


def _reckon(snapshot: Snapshot, role: int) -> matching.Candidates:
    return matching.candidates(
        snapshot,
        Target(role_id=world.role_id(role)),
        as_of=world.FIRST,
        until=world.UNTIL,
        known=snapshot.seq,
        today=world.FIRST,
        first=20,
    )


async def _ask(running: Service, role: int) -> dict[str, Any]:
    variables = {
        "role": f"Role:{world.role_id(role)}",
        "asOf": world.FIRST.isoformat(),
        "until": world.UNTIL.isoformat(),
    }
    answer: Any = (await running.ask(CANDIDATES, variables))["candidates"]
    return dict(answer)


async def _writes(measured: Measured, running: Service) -> None:
    """Record assertions, ask after each, and retract them again at the end."""
    recorded: list[str] = []
    for number in range(WRITES):
        values = {
            "personId": f"Person:{world.person_id(number)}",
            "skillId": f"Skill:{world.skill_id(number)}",
            "level": 3,
            "assertedOn": world.FIRST.isoformat(),
        }
        start = time.perf_counter()
        payload: Any = (await running.ask(RECORD, {"input": values}))["recordAssertion"]
        written = time.perf_counter()
        answer = await _ask(running, number % world.ROLES)
        reflected = time.perf_counter()
        if payload["errors"] or answer["knownSeq"] < payload["seq"]:
            raise RuntimeError(f"{payload}, and the next answer knew change {answer['knownSeq']}")
        measured.write.seconds.append(written - start)
        measured.reflected.seconds.append(reflected - start)
        recorded.append(payload["result"]["id"])
    for assertion in recorded:
        await running.ask(RETRACT, {"input": {"id": assertion}})
