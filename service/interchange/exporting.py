"""The whole registry into a folder of CSV files, as it is now or as it was known at an earlier change."""

from collections.abc import AsyncIterator
from pathlib import Path

from service.domain.values import Fact
from service.graph import past, records
from service.graph.database import Database
from service.graph.nouns import NOUNS
from service.interchange import csv_set


async def export(database: Database, folder: Path, known: int | None = None) -> dict[str, int]:
    """Write the CSV set of what is current, or was known at change *known*; rows by the plural of their noun."""
    written: dict[str, int] = {}
    for noun in NOUNS:
        facts = [fact async for page in _pages(database, noun.fact, known) for fact in page]
        csv_set.write(folder, noun.fact, facts)
        written[noun.plural] = len(facts)
    return written


def _pages(database: Database, shape: type[Fact], known: int | None) -> AsyncIterator[list[Fact]]:
    if known is None:
        return records.everything(database, shape)
    return past.everything(database, shape, known)
