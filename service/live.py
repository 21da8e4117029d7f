"""The capability index kept level with the graph: what every reckoning question starts from."""

import asyncio
import logging
import queue
from pathlib import Path

from service.capability import index, saved
from service.capability.index import Snapshot
from service.graph import feed, ledger
from service.graph.database import Database
from service.names import LiveNames
from service.renewing import Turns

log = logging.getLogger(__name__)


class LiveIndex:
    """One snapshot at a time, renewed when the ledger has moved on; safe for concurrent questions."""

    def __init__(self, database: Database, file: Path) -> None:
        self._database = database
        self._file = file
        self._snapshot: Snapshot | None = None
        self._saved_seq = -1
        self._turns = Turns()
        self.skill_names = LiveNames(database, "Skill")
        self.role_names = LiveNames(database, "Role")

    async def snapshot(self) -> Snapshot:
        """A snapshot that holds every change committed before this call."""
        seq, registry_id = await ledger.position(self._database)
        if reached := self._reaching(seq, registry_id):
            return reached
        return await self._turns.take(lambda: self._renewed(seq, registry_id))

    async def save(self) -> None:
        """Keep the snapshot beside the data, so that the next start only reads what changed since."""
        snapshot = self._snapshot
        if snapshot is not None and snapshot.seq > self._saved_seq:
            await asyncio.to_thread(saved.save, snapshot, self._file)
            self._saved_seq = snapshot.seq

    def _reaching(self, seq: int, registry_id: str) -> Snapshot | None:
        """The snapshot that is there, when it is of this registry and holds all changes up to *seq*."""
        current = self._snapshot
        return current if current and current.registry_id == registry_id and current.seq >= seq else None

    async def _renewed(self, seq: int, registry_id: str) -> Snapshot:
        if reached := self._reaching(seq, registry_id):
            return reached
        current = self._snapshot
        if current is None or current.registry_id != registry_id:
            current = await asyncio.to_thread(saved.load, self._file, registry_id)
            if current is not None:
                self._saved_seq = current.seq
        if current is not None and current.seq > seq:
            log.warning(
                "The saved index is ahead of the ledger (%d > %d): the data was put back; rebuilding", current.seq, seq
            )
            current = None
        if current is None:
            current = await self._built(seq, registry_id)
        elif current.seq < seq:
            async for facts in feed.states_after(self._database, current.seq, seq):
                current = await asyncio.to_thread(current.apply, facts, seq)
        self._snapshot = current
        return current

    async def _built(self, seq: int, registry_id: str) -> Snapshot:
        """A snapshot of everything up to *seq*, built portion by portion as they are read."""
        portions: queue.Queue[dict[str, feed.Columns] | None] = queue.Queue(maxsize=2)
        building = asyncio.create_task(
            asyncio.to_thread(index.build, iter(portions.get, None), seq=seq, registry_id=registry_id)
        )
        try:
            async for facts in feed.states_after(self._database, 0, seq):
                await asyncio.to_thread(portions.put, facts)
        finally:
            await asyncio.to_thread(portions.put, None)
        return await building
