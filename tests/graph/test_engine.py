"""The engine as a child process: started, shared, restarted and ended; and the lock round its writes."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from neo4j import AsyncGraphDatabase

from service.errors import Unavailable
from service.graph import embedded
from service.graph.engine import Endpoint, engine, write_lock
from service.settings import Settings, load
from tests.engines import embedded_server

ROOT = Path(__file__).parents[2]


def on(folder: Path, **overrides: object) -> Settings:
    return load(data_dir=folder, **overrides).model_copy(update={"neo4j_uri": None})


@pytest.fixture(scope="module")
def shared() -> Iterator[Settings]:
    """One engine for the tests that leave it alone."""
    with embedded_server() as settings:
        yield settings


def registry_process(code: str, folder: Path) -> subprocess.Popen[str]:
    """Another Python process that runs *code* inside ``main(settings)``, on the same data folder."""
    program = (
        "import asyncio, os, sys, time\n"
        "from pathlib import Path\n"
        "from service.graph.engine import engine, write_lock\n"
        "from service.settings import load\n"
        "async def main(settings):\n"
        f"{textwrap.indent(textwrap.dedent(code), '    ')}\n"
        "asyncio.run(main(load(data_dir=Path(sys.argv[1])).model_copy(update={'neo4j_uri': None})))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def serving(folder: Path) -> subprocess.Popen[str]:
    """Another process that owns an engine on *folder* until it is killed."""
    owner = registry_process("async with engine(settings): print('up', flush=True); await asyncio.sleep(600)", folder)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "up\n"
    return owner


def recorded(folder: Path) -> embedded.Running:
    running = embedded.recorded(folder)
    assert running is not None
    return running


async def run(endpoint: Endpoint, query: str) -> list[object]:
    auth = (endpoint.user, endpoint.password)
    async with (
        AsyncGraphDatabase.driver(endpoint.uri, auth=auth) as driver,
        driver.session(database=endpoint.database) as session,
    ):

        async def work(transaction: object) -> list[object]:
            result = await transaction.run(query)  # type: ignore[attr-defined]  # the driver's own, not exported
            return [record[0] async for record in result]

        return await session.execute_write(work)


async def until(claim: Callable[[], bool], seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not claim():  # noqa: ASYNC110  # another process sets no event
            await asyncio.sleep(0.05)


def test_a_named_neo4j_is_used_as_it_is() -> None:
    async def main() -> Endpoint:
        async with engine(load(neo4j_uri="neo4j://graph:7687", neo4j_password="secret")) as endpoint:
            return endpoint

    assert asyncio.run(main()) == Endpoint(
        uri="neo4j://graph:7687", user="neo4j", password="secret", database="neo4j", embedded=False
    )


def test_a_second_process_attaches_and_leaves_the_engine_running(shared: Settings) -> None:
    other = registry_process("async with engine(settings) as endpoint: print(endpoint.uri)", shared.data_dir)

    said, _ = other.communicate(timeout=30)

    assert said.strip() == recorded(shared.data_dir).uri
    assert asyncio.run(embedded.answers(recorded(shared.data_dir)))


def test_only_its_owner_reads_what_the_engine_keeps(shared: Settings) -> None:
    modes = {
        name: oct(stat.S_IMODE((shared.data_dir / name).stat().st_mode))
        for name in ("engine.json", "engine.lock", "engine", "logs")
    }

    assert modes == {"engine.json": "0o600", "engine.lock": "0o600", "engine": "0o700", "logs": "0o700"}


def test_the_password_is_not_on_the_command_line_nor_in_a_repr(shared: Settings) -> None:
    running = recorded(shared.data_dir)

    assert running.password not in " ".join(psutil.Process(running.pid).cmdline())
    assert running.password not in repr(running)


def test_the_engine_listens_on_loopback_alone(shared: Settings) -> None:
    listening = {
        (each.laddr.ip.removeprefix("::ffff:"), each.laddr.port)
        for each in psutil.Process(recorded(shared.data_dir).pid).net_connections("tcp")
        if each.status == psutil.CONN_LISTEN
    }

    running = recorded(shared.data_dir)
    assert listening == {("127.0.0.1", running.port), ("127.0.0.1", running.http_port)}


def test_two_that_start_at_once_share_one_engine(tmp_path: Path) -> None:
    async def main() -> set[str]:
        both = asyncio.Barrier(2)

        async def one() -> str:
            async with engine(on(tmp_path)) as endpoint:
                await both.wait()
                return endpoint.uri

        return set(await asyncio.gather(one(), one()))

    assert len(asyncio.run(main())) == 1


def test_a_killed_engine_comes_back_with_what_it_acknowledged(tmp_path: Path) -> None:
    async def main() -> list[object]:
        async with engine(on(tmp_path)) as endpoint:
            before = recorded(tmp_path)
            await run(endpoint, "CREATE (:Kept {number: 42})")
            os.kill(before.pid, signal.SIGKILL)
            await until(lambda: recorded(tmp_path).pid != before.pid)
            return await run(endpoint, "MATCH (kept:Kept) RETURN kept.number AS number")

    assert asyncio.run(main()) == [42]


def test_the_engine_ends_with_its_owner(tmp_path: Path) -> None:
    async def main() -> None:
        async with engine(on(tmp_path)):
            running = recorded(tmp_path)
        assert not embedded.is_engine(running.pid, tmp_path)
        assert embedded.recorded(tmp_path) is None

    asyncio.run(main())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next owner ends it")
def test_the_engine_ends_with_an_owner_that_is_killed(tmp_path: Path) -> None:
    owner = serving(tmp_path)
    running = recorded(tmp_path)

    owner.kill()
    owner.communicate()

    asyncio.run(until(lambda: not embedded.is_engine(running.pid, tmp_path)))


@pytest.mark.skipif(sys.platform != "linux", reason="stops the engine with a signal")
def test_the_next_owner_ends_an_engine_that_outlived_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "STOP_SECONDS", 1)
    owner = serving(tmp_path)
    left = psutil.Process(recorded(tmp_path).pid)
    left.suspend()
    owner.kill()
    owner.communicate()

    async def main() -> list[object]:
        async with engine(on(tmp_path)) as endpoint:
            return await run(endpoint, "RETURN 1 AS one")

    assert asyncio.run(main()) == [1]
    assert not left.is_running() or left.status() == psutil.STATUS_ZOMBIE


def test_an_owner_that_does_not_say_where_its_engine_is_gets_named(shared: Settings, tmp_path: Path) -> None:
    kept = (shared.data_dir / "engine.json").rename(tmp_path / "engine.json")

    async def main() -> None:
        with pytest.raises(Unavailable, match=r"Another registry uses .* after 0\.5 s engine\.json is not there"):
            async with engine(on(shared.data_dir, engine_start_timeout=0.5)):
                pass

    try:
        asyncio.run(main())
    finally:
        kept.rename(shared.data_dir / "engine.json")


def test_an_engine_that_nobody_recorded_is_told_from_a_failure(tmp_path: Path) -> None:
    async def main() -> None:
        async with engine(on(tmp_path)) as endpoint:
            (tmp_path / "engine.json").unlink()
            (tmp_path / "engine.lock").unlink()
            with pytest.raises(Unavailable, match=r"Another registry's engine uses the data folder"):
                async with engine(on(tmp_path)):
                    pass
            assert await run(endpoint, "RETURN 1 AS one") == [1]

    asyncio.run(main())


def test_an_engine_that_is_too_slow_is_ended(tmp_path: Path) -> None:
    async def main() -> None:
        with pytest.raises(Unavailable, match=r"did not answer within 0\.5 s"):
            async with engine(on(tmp_path, engine_start_timeout=0.5)):
                pass

    asyncio.run(main())
    mine = f"-Darcadedb.server.rootPath={tmp_path / 'engine'}"
    assert [each for each in psutil.Process().children(recursive=True) if mine in each.cmdline()] == []


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    async def main() -> None:
        with pytest.raises(Unavailable, match=r"cannot be used: .*Not a directory"):
            async with engine(on(tmp_path / "file" / "data")):
                pass

    asyncio.run(main())


COUNT = """
for _ in range(100):
    async with write_lock(settings):
        file = settings.data_dir / "count"
        seen = int(file.read_text())
        await asyncio.sleep(0)
        file.write_text(str(seen + 1))
"""


def test_the_write_lock_lets_one_process_and_one_task_write_at_once(tmp_path: Path) -> None:
    count = tmp_path / "count"
    count.write_text("0")
    others = [registry_process(COUNT, tmp_path) for _ in range(2)]

    async def writer() -> None:
        for _ in range(100):
            async with write_lock(on(tmp_path)):
                seen = int(count.read_text())
                await asyncio.sleep(0)
                count.write_text(str(seen + 1))

    async def main() -> None:
        await asyncio.gather(writer(), writer())

    asyncio.run(main())
    for other in others:
        other.communicate(timeout=60)
    assert int(count.read_text()) == 400


def test_the_write_lock_is_free_when_its_holder_dies(tmp_path: Path) -> None:
    holder = registry_process("async with write_lock(settings): print('held', flush=True); time.sleep(60)", tmp_path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"

    async def taken_within(seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds), write_lock(on(tmp_path)):
                return True
        except TimeoutError:
            return False

    assert not asyncio.run(taken_within(0.2))
    holder.kill()
    holder.communicate()
    assert asyncio.run(taken_within(5))


def test_a_process_that_writes_without_pause_starves_no_other(tmp_path: Path) -> None:
    greedy = registry_process(
        """
        print('up', flush=True)
        while True:
            async with write_lock(settings): time.sleep(0.002)
        """,
        tmp_path,
    )
    assert greedy.stdout is not None
    assert greedy.stdout.readline() == "up\n"

    async def main() -> float:
        started = time.monotonic()
        for _ in range(50):
            async with write_lock(on(tmp_path)):
                pass
        return time.monotonic() - started

    try:
        assert asyncio.run(main()) < 5
    finally:
        greedy.kill()
        greedy.communicate()
