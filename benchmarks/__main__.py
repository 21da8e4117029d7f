"""``python -m benchmarks``: load, measure, print the table."""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from benchmarks.measuring import Measured, measure
from benchmarks.report import show
from service.settings import Settings, load

console = Console()


def main() -> None:
    """Measure each size in turn and show them side by side."""
    arguments = _arguments()
    found: list[Measured] = []
    with _folder(arguments.data) as data:
        for people in arguments.people:
            with _engine(arguments.engine, data / f"{arguments.engine}-{people}") as settings:
                found.append(asyncio.run(measure(settings, people, arguments.rounds, console.log)))
    show(console, found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000], help="sizes, 20 assertions each")
    parser.add_argument("--engine", choices=["embedded", "neo4j"], default="embedded", help="what holds the graph")
    parser.add_argument("--rounds", type=int, default=50, help="how often each question is asked")
    parser.add_argument("--data", type=Path, help="folder to keep the loaded data in, for the next run")
    return parser.parse_args()


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="registry-benchmarks-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _engine(name: str, folder: Path) -> Iterator[Settings]:
    """Settings for a size's own folder, and for Neo4j a server as the tests find one, empty where it can be."""
    folder.mkdir(parents=True, exist_ok=True)
    if name == "embedded":
        yield load(data_dir=folder).model_copy(update={"neo4j_uri": None, "query_timeout": 600})
        return
    from tests.engines import neo4j_server  # noqa: PLC0415  # what finds a Neo4j needs the tests' packages

    with neo4j_server() as settings:
        yield settings.model_copy(update={"data_dir": folder, "query_timeout": 600})


if __name__ == "__main__":
    main()
