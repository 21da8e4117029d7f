"""What commands share: where they print, how they run on the registry, how they show long work."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service.graph import migrate
from service.graph.database import Database, open_database
from service.settings import Settings

T = TypeVar("T")

out = Console()
err = Console(stderr=True)


def fail(message: str) -> NoReturn:
    """Say what is wrong in one sentence, and end with status 1."""
    err.print(f"[bold red]Error:[/] {plain(message)}", highlight=False, soft_wrap=True)
    sys.exit(1)


def plain(text: str) -> str:
    """*text* as it is, whatever brackets it has."""
    return text.replace("[", r"\[")


def run(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """What *work* returns on the open, migrated database."""

    async def within() -> T:
        async with open_database(settings) as database:
            await migrate.migrate(database)
            return await work(database)

    return asyncio.run(within())


@contextmanager
def bar(description: str, total: int | None) -> Iterator[Callable[[str, int], None]]:
    """A progress bar while the work lasts: told a noun, and how many more of its rows are done."""
    columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(description, total=total)
        yield lambda noun, rows: progress.update(task, description=noun.replace("_", " "), advance=rows)
