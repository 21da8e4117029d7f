"""The service as an ASGI application: the graph opened and closed with it, and the routes."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.websockets import WebSocket

from service import __version__
from service.errors import Invalid, Unavailable
from service.following import Follower
from service.graph import ledger, migrate
from service.graph.database import Database, open_database
from service.live import LiveIndex
from service.schema import http
from service.schema.build import build_schema
from service.schema.context import Context
from service.settings import Settings

log = logging.getLogger(__name__)

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Question = tuple[str, str, dict[str, Any]]
"""A ready question: its title, its operation, its variables."""


Prepare = Callable[[Database], Awaitable[object]]
"""Something to do on the migrated database before the first question."""


def create_app(settings: Settings, questions: Sequence[Question] = (), prepare: Prepare | None = None) -> Starlette:
    """The service. The *questions* get addresses of their own: ``/questions/1`` and so on.

    Raises Invalid when it would listen beyond loopback, where nobody is authenticated, unasked.
    """
    if settings.host not in LOOPBACK and not settings.allow_remote:
        raise Invalid(
            f"REGISTRY_HOST is {settings.host!r}, and nobody is authenticated yet: the registry listens on loopback "
            "only. Behind a gateway that authenticates, set REGISTRY_ALLOW_REMOTE=true."
        )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_database(settings) as database:
            await migrate.migrate(database)
            if prepare is not None:
                await prepare(database)
            live = LiveIndex(database, settings.data_dir.expanduser() / "index.bin")
            follower = Follower(database, settings.feed_interval, settings.max_subscriptions)
            app.state.database, app.state.live, app.state.follower = database, live, follower
            warming = asyncio.create_task(_warm(live))
            try:
                yield
            finally:
                follower.close()
                warming.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await warming
                await live.save()

    async def context(connection: Request | WebSocket) -> Context:
        state = connection.app.state
        return Context(database=state.database, live=state.live, follower=state.follower, settings=settings)

    schema = build_schema(settings)
    sdl = schema.as_str()

    async def schema_text(_: Request) -> Response:
        return PlainTextResponse(sdl)

    routes: list[BaseRoute] = [
        *http.routes(schema, settings, context, questions=questions),
        Route("/", _home),
        Route("/health", _health),
        Route("/ready", _ready),
        Route("/schema.graphql", schema_text),
        *(
            Route(f"/questions/{number}", _asked(operation, variables))
            for number, (_, operation, variables) in enumerate(questions, 1)
        ),
    ]
    hosts = [host.strip() for host in settings.allowed_hosts.split(",") if host.strip()]
    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=hosts)]
    return Starlette(routes=routes, lifespan=lifespan, middleware=middleware)


async def _warm(live: LiveIndex) -> None:
    """Read the index before the first question needs it, and keep it for the next start."""
    try:
        await live.snapshot()
        await live.save()
    except Unavailable as error:
        log.warning("The index is read with the first question: %s", error.message)


async def _home(_: Request) -> Response:
    return RedirectResponse("/graphql")


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "up", "version": __version__})


async def _ready(request: Request) -> Response:
    """Whether a question would be answered now."""
    database: Database = request.app.state.database
    try:
        seq, registry_id = await ledger.position(database)
    except Unavailable as error:
        return JSONResponse({"status": "waiting", "reason": error.message}, 503)
    return JSONResponse({"status": "ready", "registry": registry_id, "seq": seq})


def _asked(operation: str, variables: dict[str, Any]) -> Any:  # noqa: ANN401  # an endpoint
    address = "/graphql?" + urlencode({"query": operation, "variables": json.dumps(variables)})

    async def redirect(_: Request) -> Response:
        return RedirectResponse(address)

    return redirect
