"""Run the service until it is told to stop."""

import socket
from collections.abc import Callable, Sequence

import uvicorn

from service.app import Question, create_app
from service.errors import Unavailable
from service.settings import Settings

__all__ = ["Question", "serve"]


def serve(settings: Settings, questions: Sequence[Question], announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; *announce* is told the address once the first question can be asked.

    Raises Unavailable when the port is taken.
    """
    app = create_app(settings, questions)
    listener = _listener(settings)
    port = listener.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    config = uvicorn.Config(
        app, log_level="warning", lifespan="on", ws="websockets-sansio", timeout_graceful_shutdown=5
    )
    server = _Announcing(config, lambda: announce(f"http://{host}:{port}/graphql"))
    with listener:
        server.run(sockets=[listener])
    if not server.started:
        raise Unavailable("The service did not start; the reason is above")


class _Announcing(uvicorn.Server):
    """A server that says when it is there."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def _listener(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
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
