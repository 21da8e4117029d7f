"""Run the service until it is told to stop."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from service.app import Prepare, Question, create_app
from service.errors import Unavailable
from service.settings import Settings

__all__ = ["Prepare", "Question", "serve"]


def serve(
    settings: Settings,
    announce: Callable[[str], None],
    *,
    questions: Sequence[Question] = (),
    prepare: Prepare | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; *announce* is told the address once the first question can be asked.

    Raises Unavailable when the port is taken or the engine cannot be had.
    """
    app = create_app(settings, questions, prepare)
    with _listener(settings) as listener:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{listener.getsockname()[1]}/graphql"
        config = uvicorn.Config(
            app,
            log_level="warning",
            lifespan="off",
            ws="websockets-sansio",
            ws_max_size=settings.max_body_bytes,
            timeout_graceful_shutdown=5,
        )

        def leave() -> None:
            app.state.follower.close()

        server = _Server(config, lambda: announce(address), leave)

        async def run() -> None:
            with server.told_to_stop():
                async with app.router.lifespan_context(app):
                    await server.serve(sockets=[listener])

        asyncio.run(run())


class _Server(uvicorn.Server):
    """A server that says when it is there, and leaves time to close the engine when it is told to stop."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None], leave: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce
        self._leave = leave

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the subscriptions first: uvicorn waits for the connections that they keep open."""
        self._leave()
        await super().shutdown(sockets)

    @contextmanager
    def told_to_stop(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM, from before the engine opens until after it is closed."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing more: uvicorn would raise the signal again and interrupt the closing."""
        yield


def _listener(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, proto=socket.IPPROTO_TCP)  # without it, asyncio lets the kernel hold answers back
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise Unavailable(
            f"REGISTRY_HOST {settings.host} and REGISTRY_PORT {settings.port} cannot be listened on: {error.strerror}. "
            "Stop what listens there, or set REGISTRY_PORT to another port."
        ) from error
    return listener
