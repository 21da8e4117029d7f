"""The GraphQL-over-HTTP audits of the `graphql-http` package, run against a server of ours."""

import contextlib
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import strawberry
import uvicorn
from starlette.applications import Starlette

from service.schema import http, limits
from service.schema.faults import Schema
from service.settings import load

AUDITS = Path(__file__).parents[1] / "graphql_http"


@strawberry.type
class Query:
    greeting: str = "Hello"


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    """The address of a running server's GraphQL endpoint."""

    async def context(_: object) -> None:
        return None

    settings = load()
    schema = Schema(query=Query, extensions=limits.extensions(settings))
    with serving(Starlette(routes=http.routes(schema, settings, context))) as address:
        yield f"{address}/graphql"


@contextlib.contextmanager
def serving(app: Starlette) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def test_every_audit_of_graphql_over_http_passes(server_url: str) -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        assert os.environ.get("CI") != "true", "node and npm are needed to run the audits"
        pytest.skip("node and npm are not here, so the audits are not run")
    if not (AUDITS / "node_modules" / "graphql-http").is_dir():
        subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=AUDITS, check=True, timeout=300)
    ran = subprocess.run(
        [node, "run.mjs", server_url], cwd=AUDITS, check=True, timeout=120, capture_output=True, text=True
    )
    results = json.loads(ran.stdout)
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == 61
