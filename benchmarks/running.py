"""The service as users have it, in a process of its own, and how much memory processes take."""

import asyncio
import os
import socket
import sys
import threading
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

import httpx
import psutil

from service.settings import Settings

START_SECONDS = 600
LOOKED_EVERY = 0.05


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service that answers."""

    pid: int
    client: httpx.AsyncClient

    async def ask(self, query: str, variables: Mapping[str, object]) -> dict[str, object]:
        """The data that *query* answers; raises RuntimeError with the errors when it has any."""
        response = await self.client.post("/graphql", json={"query": query, "variables": dict(variables)})
        answer: dict[str, dict[str, object]] = response.json()
        if "errors" in answer:
            raise RuntimeError(str(answer["errors"]))
        return answer["data"]


@asynccontextmanager
async def service(settings: Settings) -> AsyncIterator[Service]:
    """``registry serve`` on the data that *settings* name, stopped at the end."""
    port = _free_port()
    given = {"REGISTRY_DATA_DIR": str(settings.data_dir), "REGISTRY_PORT": str(port)}
    if settings.neo4j_uri:
        given |= {
            "REGISTRY_NEO4J_URI": settings.neo4j_uri,
            "REGISTRY_NEO4J_USER": settings.neo4j_user,
            "REGISTRY_NEO4J_PASSWORD": settings.neo4j_password.get_secret_value(),
            "REGISTRY_NEO4J_DATABASE": settings.neo4j_database,
        }
    command = [sys.executable, "-m", "service", "serve"]
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **given}, stdout=DEVNULL)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
            await _until_it_answers(client, process)
            yield Service(pid=process.pid, client=client)
    finally:
        process.terminate()
        await process.wait()


async def _until_it_answers(client: httpx.AsyncClient, process: Process) -> None:
    async with asyncio.timeout(START_SECONDS):
        while process.returncode is None:
            with suppress(httpx.TransportError):
                if (await client.get("/ready")).is_success:
                    return
            await asyncio.sleep(LOOKED_EVERY)
    raise RuntimeError(f"registry serve ended with status {process.returncode}; what it said is above")


def processor_time(pid: int) -> float:
    """Seconds that the threads of a process have run, to a hundredth."""
    spent = psutil.Process(pid).cpu_times()
    return float(spent.user + spent.system)


@dataclass
class Peaks:
    """The most memory that each process was seen to take, in bytes."""

    resident: dict[int, int] = field(default_factory=dict)

    def look(self) -> None:
        """Note what the processes take now; one that is gone keeps its peak."""
        for pid in self.resident:
            with suppress(psutil.Error):
                self.resident[pid] = max(self.resident[pid], psutil.Process(pid).memory_info().rss)


@contextmanager
def watched(*pids: int) -> Iterator[Peaks]:
    """The peaks of the processes *pids*, looked at again and again while the block lasts."""
    peaks = Peaks(dict.fromkeys(pids, 0))
    done = threading.Event()

    def look() -> None:
        while not done.wait(LOOKED_EVERY):
            peaks.look()

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        done.set()
        thread.join()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
