"""Which engine holds the graph: a Neo4j server, or the embedded one, and who may write to that.

The embedded engine belongs to the process that holds ``engine.lock`` in the data folder. Others find
it through ``engine.json`` there and attach. The operating system holds the locks, so that a process
that dies lets go of them.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakKeyDictionary

from filelock import lock_descriptor, unlock_descriptor

from service.errors import Unavailable
from service.graph import embedded
from service.settings import Settings

POLL = 0.002

_task_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Path, asyncio.Lock]] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where an engine answers Bolt; the embedded one also answers SQL over HTTP at ``http_uri``."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str
    embedded: bool
    http_uri: str | None = None


@asynccontextmanager
async def engine(settings: Settings) -> AsyncIterator[Endpoint]:
    """The engine that *settings* name, for as long as the block lasts.

    The embedded engine is started, and stopped at the end, unless another process has started it on
    the same data folder: then this one attaches to it. An engine that dies is started again by its
    owner with the same ports and password, so that the endpoint stays true.

    Raises Unavailable when no engine answers within ``engine_start_timeout``, and says why.
    """
    if settings.neo4j_uri:
        yield Endpoint(
            uri=settings.neo4j_uri,
            user=settings.neo4j_user,
            password=settings.neo4j_password.get_secret_value(),
            database=settings.neo4j_database,
            embedded=False,
        )
        return
    folder = settings.data_dir.expanduser().resolve()
    lock = _open_lock(folder)
    try:
        if other := await _other_owner(folder, lock, settings.engine_start_timeout):
            yield _endpoint(other)
        else:
            async with embedded.started(settings, folder) as running:
                yield _endpoint(running)
    finally:
        os.close(lock)


@asynccontextmanager
async def write_lock(settings: Settings) -> AsyncIterator[None]:
    """One writer at a time on the embedded engine, among tasks, event loops and processes.

    Does nothing for Neo4j, whose own locks suffice. Not reentrant. ``write-turn.lock`` is the queue:
    who has just written cannot take the lock again past one who already waits for it.
    """
    if settings.neo4j_uri:
        yield
        return
    folder = settings.data_dir.expanduser()
    of_this_loop = _task_locks.setdefault(asyncio.get_running_loop(), {})
    async with of_this_loop.setdefault(folder, asyncio.Lock()), AsyncExitStack() as held:
        async with _locked(folder / "write-turn.lock"):
            await held.enter_async_context(_locked(folder / "write.lock"))
        yield


@asynccontextmanager
async def _locked(path: Path) -> AsyncIterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not lock_descriptor(handle, blocking=False):  # noqa: ASYNC110  # another process sets no event
            await asyncio.sleep(POLL)
        try:
            yield
        finally:
            unlock_descriptor(handle)
    finally:
        os.close(handle)


def _open_lock(folder: Path) -> int:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(folder / "engine.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unavailable(f"The data folder {folder} cannot be used: {error}") from error


async def _other_owner(folder: Path, lock: int, patience: float) -> embedded.Running | None:
    """The engine that another process owns; None once *lock* is taken and this process is the owner."""
    deadline = time.monotonic() + patience
    while not lock_descriptor(lock, blocking=False):
        running = embedded.recorded(folder)
        if running and embedded.is_engine(running.pid, folder) and await embedded.answers(running):
            return running
        if time.monotonic() > deadline:
            seen = f"its engine, process {running.pid}, does not answer" if running else "engine.json is not there"
            raise Unavailable(
                f"Another registry uses the data folder {folder}, and after {patience:g} s {seen}. "
                "Stop that process, or set REGISTRY_DATA_DIR to another folder."
            )
        await asyncio.sleep(0.1)
    return None


def _endpoint(running: embedded.Running) -> Endpoint:
    return Endpoint(
        uri=running.uri,
        user=embedded.USER,
        password=running.password,
        database=embedded.DATABASE,
        embedded=True,
        http_uri=f"http://127.0.0.1:{running.http_port}",
    )
