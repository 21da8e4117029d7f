"""Those who wait for changes, told that there are some: one look at the ledger for all, while anybody waits."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager

from service.domain.changes import Change
from service.errors import Unavailable
from service.graph import ledger
from service.graph.database import Database

log = logging.getLogger(__name__)

PORTION = 100
"""Changes that a listener holds at most; it reads the next ones from the ledger when these are taken."""


class Follower:
    """Looks for new numbers every *interval* seconds while somebody listens; *most* may listen at once."""

    def __init__(self, database: Database, interval: float, most: int) -> None:
        self._database = database
        self._interval = interval
        self._most = most
        self._seq = 0
        self._news = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._closing = False
        self.listeners = 0

    async def changes(self, after: int) -> AsyncGenerator[list[Change], None]:
        """Every change after number *after*, in order, in portions, as they come; ends when the service does.

        Who stops listening closes it, which frees the place at once. Raises Unavailable when as many listen
        already as may.
        """
        with self._listening():
            while await self._is_past(after):
                found = _unbroken(await ledger.after(self._database, after, PORTION), after)
                if not found:
                    await asyncio.sleep(self._interval)
                    continue
                yield found
                after = found[-1].seq

    def close(self) -> None:
        """Let all who listen come to their end."""
        self._closing = True
        self._tell()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        if self.listeners >= self._most:
            raise Unavailable(
                f"{self.listeners} subscriptions run, as many as REGISTRY_MAX_SUBSCRIPTIONS allows; try again later"
            )
        self.listeners += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
            self._looking.add_done_callback(lambda _: self._tell())
        try:
            yield
        finally:
            self.listeners -= 1
            if not self.listeners:
                self._looking.cancel()
                self._looking = None

    async def _is_past(self, seq: int) -> bool:
        """Wait until the ledger is past *seq*; false: the service ends before that."""
        while not self._closing and self._seq <= seq:
            news = self._news
            if self._looking is not None and self._looking.done():
                self._looking.result()
            await news.wait()
        return not self._closing

    async def _look(self) -> None:
        is_told = False
        while True:
            try:
                seq, _ = await ledger.position(self._database)
            except Unavailable as error:
                if not is_told:
                    log.warning("Whoever listens for changes waits: %s", error.message)
                is_told = True
            else:
                is_told = False
                if seq != self._seq:
                    self._seq = seq
                    self._tell()
            await asyncio.sleep(self._interval)

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


def _unbroken(changes: list[Change], after: int) -> list[Change]:
    """The *changes* that follow *after* without a hole: a reader may see a number before the one below it."""
    return [change for place, change in enumerate(changes, 1) if change.seq == after + place]
