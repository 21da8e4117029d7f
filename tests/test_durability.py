"""Nothing acknowledged is lost, however often the engine is killed in the middle of a write."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.domain.changes import Change
from service.domain.people import Person
from service.graph import embedded, ledger, migrate, records
from service.graph.database import Database
from service.settings import Settings
from tests.conftest import on_database
from tests.engines import EngineMissing, embedded_server, jar_server

ROOT = Path(__file__).parents[1]
ROUNDS = {"embedded": 25, "neo4j": 5}
"""How often each engine is killed; REGISTRY_TEST_ROUNDS=100 for a long look (make durability)."""
PATIENCE = 120

WRITER = """
import asyncio, itertools, sys
from service.domain.people import Person
from service.errors import Unavailable
from service.graph import ledger, records
from service.graph.database import open_database
from service.graph.ledger import Act, RepeatedError
from service.graph.nouns import BY_FACT
from service.settings import load

name = sys.argv[1]

async def written(database, id_):
    async def work(transaction, touched):
        facts = [Person(id=id_, name=name)]
        earlier = await records.states(transaction, BY_FACT[Person], [id_])
        await records.put(transaction, touched, facts, earlier)

    try:
        return (await ledger.write(database, Act(action="write", actor=name, idempotency_key=id_), work)).seq
    except RepeatedError as repeated:  # committed, but the engine died before it could say so
        return repeated.change.seq

async def main():
    async with open_database(load()) as database:
        for number in itertools.count():
            id_ = f"{name}-{number:05}"
            while True:
                try:
                    print(id_, await written(database, id_), flush=True)
                    break
                except Unavailable:
                    await asyncio.sleep(0.05)

asyncio.run(main())
"""


class Writer:
    """A process that writes without pause, and what it was told is written: id and number."""

    def __init__(self, name: str, settings: Settings) -> None:
        kept = {each: value for each, value in os.environ.items() if not each.startswith("REGISTRY_")}
        self.acknowledged: list[tuple[str, int]] = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER, name],
            cwd=ROOT,
            env={
                **kept,
                "REGISTRY_DATA_DIR": str(settings.data_dir),
                "REGISTRY_NEO4J_URI": settings.neo4j_uri or "",
                "REGISTRY_RETRY_TIMEOUT": "0.5",
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            id_, seq = line.split()
            self.acknowledged.append((id_, int(seq)))

    def until(self, count: int) -> None:
        """Wait until *count* writes are acknowledged."""
        deadline = time.monotonic() + PATIENCE
        while len(self.acknowledged) < count:
            assert self.process.poll() is None, "the writer ended"
            assert time.monotonic() < deadline, f"{len(self.acknowledged)} of {count} writes in {PATIENCE} s"
            time.sleep(0.01)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def killable(name: str, folder: Path) -> Iterator[tuple[Settings, Callable[[], int]]]:
    """Settings of a fresh engine, and what kills it and sees to it that it comes back; gives the process killed."""
    if name == "embedded":
        with embedded_server() as settings:

            def kill() -> int:
                running = embedded.recorded(settings.data_dir)
                assert running is not None
                os.kill(running.pid, signal.SIGKILL)
                return running.pid

            yield settings, kill
        return
    try:
        with jar_server() as server:

            def kill() -> int:
                pid = server.process.pid
                server.kill()
                server.start()
                return pid

            yield server.settings.model_copy(update={"data_dir": folder}), kill
    except EngineMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(f"CI must not skip Neo4j: {missing}")
        pytest.skip(str(missing))


async def everything(database: Database) -> tuple[int, list[Change], list[Person]]:
    people = [person async for page in records.everything(database, Person) for person in page]
    return (await ledger.position(database))[0], await ledger.after(database, 0, 1_000_000), people


@pytest.mark.parametrize("name", ROUNDS)
def test_every_acknowledged_write_outlives_an_engine_killed_in_mid_write(name: str, tmp_path: Path) -> None:
    chance = random.Random(7)
    rounds = int(os.environ.get("REGISTRY_TEST_ROUNDS", ROUNDS[name]))
    killed = set()
    with killable(name, tmp_path) as (settings, kill):
        on_database(settings, migrate.migrate)
        writers = [Writer(each, settings) for each in ("left", "right")]
        try:
            for _ in range(rounds):
                for writer in writers:
                    writer.until(len(writer.acknowledged) + 2)
                time.sleep(chance.uniform(0, 0.1))
                killed.add(kill())
            for writer in writers:
                writer.until(len(writer.acknowledged) + 2)
        finally:
            for writer in writers:
                writer.stop()
        seq, changes, people = on_database(settings, everything)

    numbers = {change.subject_ids[0]: change.seq for change in changes}
    acknowledged = [each for writer in writers for each in writer.acknowledged]
    assert len(killed) == rounds
    assert [change.seq for change in changes] == list(range(1, seq + 1))
    assert [each for each in acknowledged if numbers.get(each[0]) != each[1]] == []
    assert [(person.id, person.recorded_seq) for person in people] == sorted(numbers.items())
    assert len(changes) - len(acknowledged) in range(len(writers) + 1), "at most the last write of each was not told"
