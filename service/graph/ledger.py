"""The ledger: every write takes the next number, and leaves a Change that says who did what.

From the numbers follow audit, feed, replay, freshness and idempotency. The embedded engine and Neo4j
both serialise writers on the Ledger node, so numbers come without hole or repeat.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, TypeVar

from uuid6 import uuid7

from service.domain.changes import Change
from service.errors import Invalid
from service.graph.database import Database, Transaction

T = TypeVar("T")

SUBJECTS_KEPT = 100


@dataclass(frozen=True, kw_only=True)
class Act:
    """Who does what: what a write says about itself before it happens."""

    action: str
    actor: str
    request_id: str = field(default_factory=lambda: str(uuid7()))
    idempotency_key: str | None = None
    fingerprint: str | None = None
    """SHA-256 of the input, by which a repeat with the same key is told from another act."""

    def __post_init__(self) -> None:
        if self.idempotency_key is not None and not re.fullmatch(r"[\x21-\x7e]{1,200}", self.idempotency_key):
            raise Invalid(
                f"idempotencyKey {self.idempotency_key[:80]!r} is not 1 to 200 printable characters without blanks",
                path=("idempotencyKey",),
            )


@dataclass
class Touched:
    """What a write has recorded, corrected or retired so far."""

    seq: int
    kinds: set[str] = field(default_factory=set)
    ids: list[str] = field(default_factory=list)
    kinds_of_ids: list[str] = field(default_factory=list)
    """The kind of each of the ids."""

    def add(self, kind: str, ids: list[str]) -> None:
        """Note that the facts *ids* of *kind* were touched."""
        if ids:
            self.kinds.add(kind)
            self.ids.extend(ids)
            self.kinds_of_ids.extend([kind] * len(ids))


@dataclass(frozen=True, kw_only=True)
class Written(Generic[T]):
    """What a write returned, and the number of its change."""

    seq: int
    result: T


class _NothingTouchedError(Exception):
    """Rolls a write back that turned out to change nothing, so that no number is spent."""

    def __init__(self, result: object, seq: int) -> None:
        self.result = result
        self.seq = seq


class RepeatedError(Exception):
    """The idempotency key was used before; carries the first change."""

    def __init__(self, change: Change) -> None:
        super().__init__(change.seq)
        self.change = change


OPEN = """
MERGE (ledger:Ledger {id: 'ledger'})
ON CREATE SET ledger.seq = 0, ledger.registry_id = $registry_id
RETURN ledger.registry_id AS registry_id
"""


async def open_ledger(database: Database) -> str:
    """The registry's own id, made on first use."""
    rows = await database.writing(lambda transaction: transaction.rows(OPEN, registry_id=str(uuid7())))
    return str(rows[0]["registry_id"])


POSITION = """
MATCH (ledger:Ledger {id: 'ledger'})
RETURN ledger.seq AS seq, ledger.registry_id AS registry_id
"""


async def position(database: Database) -> tuple[int, str]:
    """Number of the last change, and the registry's own id."""
    rows = await database.glance(POSITION)
    return (rows[0]["seq"], rows[0]["registry_id"]) if rows else (0, "")


TAKE_NUMBER = """
MATCH (ledger:Ledger {id: 'ledger'})
SET ledger.seq = ledger.seq + 1
RETURN ledger.seq AS seq
"""

BY_KEY = """
MATCH (change:Change {idempotency_key: $idempotency_key})
RETURN properties(change) AS change
ORDER BY change.seq LIMIT 1
"""

RECORD_CHANGE = """
CREATE (change:Change) SET change = $change
"""


async def write(database: Database, act: Act, work: Callable[[Transaction, Touched], Awaitable[T]]) -> Written[T]:
    """Run *work* as one numbered change: all of it is committed, or nothing and no number spent.

    A write that touches nothing leaves no change. Raises RepeatedError when the act's idempotency key
    was used before.
    """

    async def numbered(transaction: Transaction) -> Written[T]:
        seq = int((await transaction.rows(TAKE_NUMBER))[0]["seq"])
        if act.idempotency_key is not None:
            earlier = await transaction.rows(BY_KEY, idempotency_key=act.idempotency_key)
            if earlier:
                raise RepeatedError(change_of(earlier[0]["change"]))
        touched = Touched(seq)
        result = await work(transaction, touched)
        if not touched.kinds:
            raise _NothingTouchedError(result, seq - 1)
        change = {
            "seq": seq,
            "at": datetime.now(UTC).isoformat(timespec="microseconds"),
            "actor": act.actor,
            "action": act.action,
            "request_id": act.request_id,
            "kinds": sorted(touched.kinds),
            "subject_ids": touched.ids[:SUBJECTS_KEPT],
            "subject_kinds": touched.kinds_of_ids[:SUBJECTS_KEPT],
            "count": len(touched.ids),
        }
        if act.idempotency_key is not None:
            change["idempotency_key"] = act.idempotency_key
            if act.fingerprint is not None:
                change["fingerprint"] = act.fingerprint
        await transaction.rows(RECORD_CHANGE, change=change)
        return Written(seq=seq, result=result)

    try:
        return await database.writing(numbered)
    except _NothingTouchedError as nothing:
        return Written(seq=nothing.seq, result=nothing.result)  # type: ignore[arg-type]  # it is work's own result


AFTER = """
MATCH (change:Change) WHERE change.seq > $after AND change.seq <= $after + $first
RETURN properties(change) AS change
ORDER BY change.seq LIMIT $first
"""


async def after(database: Database, seq: int, first: int) -> list[Change]:
    """The *first* changes after number *seq*, in order."""
    return [change_of(row["change"]) for row in await database.rows(AFTER, after=seq, first=first)]


KINDS_WITHIN = """
MATCH (change:Change) WHERE change.seq > $after AND change.seq <= $until
UNWIND change.kinds AS kind
RETURN DISTINCT kind ORDER BY kind
"""


async def kinds_within(transaction: Transaction, seq: int, until: int) -> list[str]:
    """The nouns that changes after number *seq* and up to *until* touched."""
    return [row["kind"] for row in await transaction.rows(KINDS_WITHIN, after=seq, until=until)]


AT_INSTANT = """
MATCH (change:Change) WHERE change.at <= $instant
RETURN max(change.seq) AS seq
"""


async def at_instant(database: Database, instant: datetime) -> int:
    """Number of the last change written at or before *instant*; 0 when there is none."""
    rows = await database.rows(AT_INSTANT, instant=instant_text(instant, "knownAt"))
    return int(rows[0]["seq"] or 0)


def instant_text(instant: datetime, asked: str) -> str:
    """*instant* as changes have it: text that sorts as instants do."""
    if instant.tzinfo is None:
        raise Invalid(f"{instant.isoformat()} has no time zone; write 2026-03-01T09:00:00Z", path=(asked,))
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def change_of(row: dict[str, object]) -> Change:
    """The change that the graph keeps as *row*."""
    return Change(**{**row, "at": datetime.fromisoformat(str(row["at"]))})  # type: ignore[arg-type]  # written above
