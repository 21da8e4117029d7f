"""The service as a process: what a client with a connection of its own meets."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from service.settings import Settings

ROOT = Path(__file__).parents[1]


def quickest(connections: list[httpx.Client]) -> float:
    """The shortest of one answer over each of the connections, in seconds."""
    found = []
    for client in connections:
        start = time.perf_counter()
        assert client.get("/health").status_code == 200
        found.append(time.perf_counter() - start)
    return min(found)


def test_an_answer_over_a_kept_connection_is_not_held_back(empty: Settings) -> None:
    """It was, by 40 ms, where the kernel waited for the client to acknowledge the head of the answer."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REGISTRY_")}
    where = {"REGISTRY_NEO4J_URI": empty.neo4j_uri} if empty.neo4j_uri else {}
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", "0"],
        cwd=ROOT,
        env={**kept, **where, "REGISTRY_DATA_DIR": str(empty.data_dir)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[4].removesuffix("/graphql.")
        new = [httpx.Client(base_url=address) for _ in range(20)]
        first = quickest(new)
        again = quickest(new[:1] * 20)
        for client in new:
            client.close()
    finally:
        process.terminate()
        process.communicate(timeout=60)

    assert again < 4 * first
