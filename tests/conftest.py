"""Every engine that can be had, one running service on each, and an empty registry for each test."""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
import uvicorn
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from service.app import create_app
from service.graph import migrate
from service.graph.database import Database, open_database
from service.settings import Settings
from tests.engines import EngineMissing, embedded_server, neo4j_server

T = TypeVar("T")

EMPTY = """
MATCH (thing) WHERE NOT thing:Migration
WITH thing LIMIT 10000
DETACH DELETE thing
RETURN count(*) AS gone
"""


ENGINES = ("embedded", "neo4j")


class OneEngineEach(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Sends all tests of an engine to one process, so that of two processes each starts one engine."""

    def _split_scope(self, nodeid: str) -> str:
        parameters = nodeid.partition("[")[2]
        return next((name for name in ENGINES if name in parameters), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneEngineEach:
    """How tests are shared out where several processes run them; loadgroup of xdist 3.8 does nothing on pytest 9.2."""
    return OneEngineEach(config, log)


@contextmanager
def serving_engine(name: str, folder: Path) -> Iterator[Settings]:
    """Settings that point at a fresh engine; a missing one is skipped with its reason, and fails in CI."""
    with ExitStack() as running:
        if name == "embedded":
            yield running.enter_context(embedded_server())
            return
        try:
            settings = running.enter_context(neo4j_server())
        except EngineMissing as missing:
            if os.environ.get("CI"):
                pytest.fail(f"CI must not skip Neo4j: {missing}")
            pytest.skip(f"no Neo4j here: {missing}")
        yield settings.model_copy(update={"data_dir": folder})


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Settings]]:
    """The engines by name, each started when first asked for and kept to the end, whatever the order of tests."""
    started: dict[str, Settings] = {}
    with ExitStack() as running:

        def of(name: str) -> Settings:
            if name not in started:
                started[name] = running.enter_context(serving_engine(name, tmp_path_factory.mktemp(name)))
            return started[name]

        yield of


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, engines: Callable[[str], Settings]) -> Settings:
    """Settings that point at a running engine."""
    return engines(request.param)


@dataclass(frozen=True)
class Service:
    """A running service."""

    url: str
    settings: Settings
    client: httpx.Client

    def post(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The whole answer to *query*."""
        response = self.client.post("/graphql", json={"query": query, "variables": variables or {}})
        answer: dict[str, Any] = response.json()
        return answer

    def ask(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The data that *query* answers; any error fails the test."""
        answer = self.post(query, variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def do(self, mutation: str, values: dict[str, Any], result: str = "id") -> dict[str, Any]:
        """The payload of *mutation* with the input *values*."""
        title = f"{mutation[0].upper()}{mutation[1:]}Input"
        errors = "errors { message path code }"
        query = f"mutation M($input: {title}!) {{ {mutation}(input: $input) {{ seq {errors} result {{ {result} }} }} }}"
        payload: dict[str, Any] = self.ask(query, {"input": values})[mutation]
        return payload

    def done(self, mutation: str, values: dict[str, Any], result: str = "id") -> dict[str, Any]:
        """The result of *mutation*, which must have no errors."""
        payload = self.do(mutation, values, result)
        assert payload["errors"] == [], payload["errors"]
        found: dict[str, Any] = payload["result"]
        return found


@pytest.fixture(scope="session")
def services() -> Iterator[Callable[[Settings], Service]]:
    """The running service of each engine, started when first asked for and kept to the end."""
    started: dict[Path, Service] = {}
    with ExitStack() as running:

        def of(settings: Settings) -> Service:
            if settings.data_dir not in started:
                started[settings.data_dir] = running.enter_context(serving(settings))
            return started[settings.data_dir]

        yield of


@pytest.fixture
def running_service(engine: Settings, services: Callable[[Settings], Service]) -> Service:
    """The service on *engine*, as uvicorn runs it."""
    return services(engine)


@contextmanager
def serving(engine: Settings) -> Iterator[Service]:
    """The service on *engine*, as uvicorn runs it."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:  # as the service's own listener
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(engine), log_level="warning", lifespan="on", ws="websockets-sansio")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the service did not start"
            time.sleep(0.05)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=url, timeout=300) as client:
            yield Service(url, engine, client)
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture
def empty(engine: Settings) -> Settings:
    """Settings of a migrated registry that holds nothing."""

    async def clear(database: Database) -> None:
        while (await database.writing(lambda transaction: transaction.rows(EMPTY)))[0]["gone"]:
            pass
        await migrate.migrate(database)

    on_database(engine, clear)
    (engine.data_dir / "index.bin").unlink(missing_ok=True)  # it is of the registry that was here before
    return engine


@pytest.fixture
def service(empty: Settings, running_service: Service) -> Service:
    """A running service over an empty registry."""
    assert running_service.settings is empty
    return running_service


def on_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """What *work* returns on the database that *settings* name."""

    async def run() -> T:
        async with open_database(settings) as database:
            return await work(database)

    return asyncio.run(run())
