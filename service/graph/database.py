"""One read or one write at the engine, with its errors translated."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, LiteralString, TypeVar

import neo4j
from neo4j.exceptions import AuthError, ClientError, DriverError, Neo4jError
from pydantic import TypeAdapter

from service.errors import Unavailable
from service.graph.engine import Endpoint, engine, write_lock
from service.settings import Settings

log = logging.getLogger(__name__)

RETRY_SECONDS = 2
TIMED_OUT = "Neo.ClientError.Transaction.TransactionTimedOut"
"""How the codes begin by which an engine says that a limit was reached, the server's or ours."""

T = TypeVar("T")
Row = dict[str, Any]


_adapters: dict[object, TypeAdapter[Any]] = {}


def adapter(shape: type[T]) -> TypeAdapter[T]:
    """The validator of *shape*, made once."""
    if shape not in _adapters:
        _adapters[shape] = TypeAdapter(shape)
    return _adapters[shape]


class Transaction:
    """The statements of one transaction, counted."""

    def __init__(self, transaction: neo4j.AsyncManagedTransaction, counted: Callable[[], None]) -> None:
        self._transaction = transaction
        self._counted = counted

    async def rows(self, text: LiteralString, **parameters: object) -> list[Row]:
        """The rows that *text* returns, each a dict, read completely."""
        self._counted()
        result = await self._transaction.run(text, parameters)
        return await result.data()

    async def values(self, text: LiteralString, **parameters: object) -> list[list[Any]]:
        """The rows that *text* returns, each a list of its columns: the cheap way to read many."""
        self._counted()
        result = await self._transaction.run(text, parameters)
        return await result.values()


class Database:
    """The door to one engine. One for the life of the process; safe for concurrent use."""

    def __init__(self, driver: neo4j.AsyncDriver, endpoint: Endpoint, settings: Settings) -> None:
        self._driver = driver
        self._settings = settings
        self.endpoint = endpoint
        self.statements = 0
        """Statements sent since the start; tests and benchmarks count what a question costs."""

    def _count(self) -> None:
        self.statements += 1

    async def read(self, shape: type[T], text: LiteralString, **parameters: object) -> list[T]:
        """The rows of *text*, each validated into a *shape*."""
        validate = adapter(shape).validate_python
        return [validate(row) for row in await self.rows(text, **parameters)]

    async def rows(self, text: LiteralString, **parameters: object) -> list[Row]:
        """The rows of *text* as dicts, from a reader of a cluster where there is one."""
        return await self.reading(lambda transaction: transaction.rows(text, **parameters))

    async def glance(self, text: LiteralString) -> list[Row]:
        """The rows of one short statement without a transaction of its own: one round trip instead of three.

        An engine that does not answer is asked again as ``rows`` does.
        """
        try:
            async with self._session(neo4j.READ_ACCESS) as session:
                self._count()
                return await (await session.run(neo4j.Query(text, timeout=self._settings.query_timeout))).data()
        except Unavailable:
            return await self.rows(text)

    async def reading(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """What *work* returns from one read transaction, retried when the engine asks for it."""

        @neo4j.unit_of_work(timeout=self._settings.query_timeout)
        async def run(transaction: neo4j.AsyncManagedTransaction) -> T:
            return await work(Transaction(transaction, self._count))

        async with self._session(neo4j.READ_ACCESS) as session:
            return await session.execute_read(run)

    async def writing(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """What *work* returns from one write transaction, committed; all of it or nothing.

        *work* may run several times. Use ``ledger.write``, which numbers the change, for anything but
        migrations.
        """

        @neo4j.unit_of_work(timeout=self._settings.query_timeout)
        async def run(transaction: neo4j.AsyncManagedTransaction) -> T:
            return await work(Transaction(transaction, self._count))

        async with write_lock(self._settings), self._session(neo4j.WRITE_ACCESS) as session:
            return await session.execute_write(run)

    async def schema(self, text: LiteralString) -> None:
        """Run one schema statement in a transaction of its own."""
        async with write_lock(self._settings), self._session(neo4j.WRITE_ACCESS) as session:
            result = await session.run(text)
            await result.consume()

    async def answers(self, patience: float) -> None:
        """Wait until the engine answers, *patience* seconds at most; a wrong password is not waited for."""
        deadline = time.monotonic() + patience
        while True:
            try:
                async with self._session(neo4j.READ_ACCESS) as session:
                    await (await session.run("RETURN 1 AS one")).consume()
            except Unavailable as error:
                if isinstance(error.__cause__, AuthError) or time.monotonic() > deadline:
                    raise
                log.warning("Waiting for the engine: %s", error.message)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    async def version(self) -> tuple[str, str]:
        """Name and version of the engine, as it gives them itself."""
        with _Translated(self.endpoint):
            agent = (await self._driver.get_server_info()).agent
        name, _, version = agent.partition("/")
        return name, version

    @asynccontextmanager
    async def _session(self, access: str) -> AsyncIterator[neo4j.AsyncSession]:
        with _Translated(self.endpoint):
            async with self._driver.session(
                database=self.endpoint.database,
                default_access_mode=access,
                fetch_size=-1,
                bookmark_manager=self._driver.execute_query_bookmark_manager,
            ) as session:
                yield session


class _Translated:
    """Turns the driver's errors about the engine into Unavailable; others pass."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        where = self._endpoint.uri
        if isinstance(error, AuthError):
            raise Unavailable(
                f"The engine at {where} refused user {self._endpoint.user!r}: {error.message or error}. "
                "Check REGISTRY_NEO4J_USER and REGISTRY_NEO4J_PASSWORD."
            ) from error
        if isinstance(error, ClientError) and (error.code or "").startswith(TIMED_OUT):
            raise Unavailable("The engine took longer than REGISTRY_QUERY_TIMEOUT over one statement.") from error
        if isinstance(error, DriverError) or (isinstance(error, Neo4jError) and error.is_retryable()):
            raise Unavailable(f"The engine at {where} does not answer: {str(error).splitlines()[0]}") from error


@asynccontextmanager
async def connect(endpoint: Endpoint, settings: Settings) -> AsyncIterator[Database]:
    """A Database on the engine at *endpoint*, closed at the end."""
    driver = neo4j.AsyncGraphDatabase.driver(
        endpoint.uri,
        auth=(endpoint.user, endpoint.password) if endpoint.password else None,
        max_connection_pool_size=settings.pool_size,
        connection_acquisition_timeout=settings.pool_timeout,
        connection_timeout=settings.pool_timeout,
        max_transaction_retry_time=settings.retry_timeout,
        liveness_check_timeout=5,
        keep_alive=True,
        user_agent="skills-registry",
        notifications_min_severity="OFF",
    )
    async with driver:
        yield Database(driver, endpoint, settings)


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The registry's database: its engine found or started, waited for, and closed at the end.

    Raises Unavailable when it does not answer within ``engine_start_timeout``, or refuses the password.
    """
    async with engine(settings) as endpoint, connect(endpoint, settings) as database:
        await database.answers(settings.engine_start_timeout)
        yield database


def stored(facts: Sequence[T], shape: type[T]) -> list[Row]:
    """*facts* as the properties the graph keeps: plain values, days as ISO text, nothing for null."""
    rows: list[Row] = adapter(list[shape]).dump_python(list(facts), mode="json", exclude_none=True)  # type: ignore[valid-type]
    return rows


def without_times(row: Mapping[str, Any]) -> Row:
    """The properties of *row* that its source gave, without the ends of recorded time and empty lists."""
    return {name: value for name, value in row.items() if name not in RECORDED_TIME and value != []}


RECORDED_TIME = frozenset({"recorded_seq", "retracted_seq"})
