"""Changes by who, what and when; and what each did, told from the states it recorded and ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import LiteralString

from service.domain.changes import Change
from service.graph import ledger
from service.graph.database import Database, Row, Transaction
from service.graph.nouns import NOUNS


class ChangeOutcome(StrEnum):
    """What a change made of a fact."""

    RECORDED = "RECORDED"
    CORRECTED = "CORRECTED"
    RETIRED = "RETIRED"


@dataclass(frozen=True, kw_only=True)
class Touch:
    """One fact that a change touched: its state before, and its state after, where there was one."""

    kind: str
    id: str
    before: Row | None
    after: Row | None

    @property
    def outcome(self) -> ChangeOutcome:
        """What became of the fact."""
        if self.after is None:
            return ChangeOutcome.RETIRED
        return ChangeOutcome.RECORDED if self.before is None else ChangeOutcome.CORRECTED


RECORDED: LiteralString = "fact.recorded_seq = $seq AND (fact.retracted_seq IS NULL OR fact.retracted_seq > $seq)"
ENDED: LiteralString = "fact.retracted_seq = $seq AND fact.recorded_seq < $seq"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the states that change $seq recorded or ended are read: a page, or all their ids."""

    page: LiteralString
    ids: LiteralString


def _reading(label: LiteralString, condition: LiteralString, noun: LiteralString = "") -> Reading:
    # the number is looked up first: with the id beside it an engine may choose the wrong index
    states: LiteralString = "MATCH (fact:" + label + ") WHERE " + condition + "\nWITH fact WHERE "
    of_noun: LiteralString = "fact.noun = '" + noun + "' AND " if noun else ""
    return Reading(
        page=states + of_noun + "fact.id > $after\nRETURN properties(fact) AS fact ORDER BY fact.id LIMIT $first",
        ids=states + of_noun + "fact.id > ''\nRETURN fact.id AS id ORDER BY id",
    )


@dataclass(frozen=True, kw_only=True)
class Readings:
    """Where the states of one noun lie that a change recorded, and those that it ended."""

    recorded: tuple[Reading, Reading]
    ended: tuple[Reading, Reading]


READINGS: dict[str, Readings] = {
    noun.label: Readings(
        recorded=(_reading(noun.label, RECORDED), _reading("Past", RECORDED, noun.label)),
        ended=(_reading(noun.label, ENDED), _reading("Past", ENDED, noun.label)),
    )
    for noun in NOUNS
}


async def touched(
    database: Database, change: Change, *, after: tuple[str, str] = ("", ""), first: int
) -> Sequence[Touch]:
    """The *first* facts that *change* touched after the kind and id *after*, by kind and id."""
    kinds = [kind for kind in change.kinds if kind >= after[0]]

    async def read(transaction: Transaction) -> list[Touch]:
        found: list[Touch] = []
        for kind in kinds:
            if len(found) < first:
                behind = after[1] if kind == after[0] else ""
                found += await _touched(transaction, kind, change.seq, behind, first - len(found))
        return found

    return await database.reading(read)


async def _touched(transaction: Transaction, kind: str, seq: int, after: str, first: int) -> list[Touch]:
    async def states(readings: Sequence[Reading]) -> dict[str, Row]:
        rows: list[Row] = []
        for reading in readings:
            rows += await transaction.rows(reading.page, seq=seq, after=after, first=first)
        return {row["fact"]["id"]: row["fact"] for row in rows}

    recorded, ended = await states(READINGS[kind].recorded), await states(READINGS[kind].ended)
    ids = sorted(recorded.keys() | ended.keys())[:first]
    return [Touch(kind=kind, id=id_, before=ended.get(id_), after=recorded.get(id_)) for id_ in ids]


async def count_touched(database: Database, change: Change) -> int:
    """How many facts *change* touched."""

    async def count(transaction: Transaction) -> int:
        total = 0
        for kind in change.kinds:
            readings = READINGS[kind]
            ids: set[str] = set()
            for reading in (*readings.recorded, *readings.ended):
                ids.update(row["id"] for row in await transaction.rows(reading.ids, seq=change.seq))
            total += len(ids)
        return total

    return await database.reading(count)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which changes are asked for; null: whatever it is."""

    actor: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def parameters(self) -> dict[str, str | None]:
        """The same as statements take it: instants as the text that changes have."""
        return {
            "actor": self.actor,
            "action": self.action,
            "since": None if self.since is None else ledger.instant_text(self.since, "since"),
            "before": None if self.until is None else ledger.instant_text(self.until, "until"),
        }


WITHIN = """
MATCH (change:Change) WHERE change.seq > $after AND change.seq <= $until
AND ($actor IS NULL OR change.actor = $actor) AND ($action IS NULL OR change.action = $action)
AND ($since IS NULL OR change.at >= $since) AND ($before IS NULL OR change.at < $before)
RETURN properties(change) AS change
ORDER BY change.seq LIMIT $first
"""

SPAN = 1_000
"""Numbers looked through at first; four times as many with each further step."""


async def search(database: Database, wanted: Wanted, after: int, first: int) -> list[Change]:
    """The *first* changes *wanted* after number *after*, in order."""
    last, _ = await ledger.position(database)
    found: list[Change] = []
    lower, span = after, SPAN
    while len(found) < first and lower < last:
        left = first - len(found)
        rows = await database.rows(WITHIN, after=lower, until=lower + span, first=left, **wanted.parameters())
        found += [ledger.change_of(row["change"]) for row in rows]
        lower, span = lower + span, 4 * span
    return found


COUNT_WITHIN = """
MATCH (change:Change) WHERE change.seq > $after
AND ($actor IS NULL OR change.actor = $actor) AND ($action IS NULL OR change.action = $action)
AND ($since IS NULL OR change.at >= $since) AND ($before IS NULL OR change.at < $before)
RETURN count(change) AS count
"""


async def count(database: Database, wanted: Wanted, after: int) -> int:
    """How many changes are *wanted* after number *after*."""
    return int((await database.rows(COUNT_WITHIN, after=after, **wanted.parameters()))[0]["count"])


AMONG = """
UNWIND $numbers AS number
MATCH (change:Change {seq: number})
WHERE ($actor IS NULL OR change.actor = $actor) AND ($action IS NULL OR change.action = $action)
AND ($since IS NULL OR change.at >= $since) AND ($before IS NULL OR change.at < $before)
RETURN properties(change) AS change
ORDER BY change.seq LIMIT $first
"""


async def among(database: Database, wanted: Wanted, numbers: Sequence[int], first: int) -> list[Change]:
    """The *first* changes *wanted* that have one of *numbers*, in order."""
    rows = await database.rows(AMONG, numbers=list(numbers), first=first, **wanted.parameters())
    return [ledger.change_of(row["change"]) for row in rows]


COUNT_AMONG = """
UNWIND $numbers AS number
MATCH (change:Change {seq: number})
WHERE ($actor IS NULL OR change.actor = $actor) AND ($action IS NULL OR change.action = $action)
AND ($since IS NULL OR change.at >= $since) AND ($before IS NULL OR change.at < $before)
RETURN count(change) AS count
"""


async def count_among(database: Database, wanted: Wanted, numbers: Sequence[int]) -> int:
    """How many changes *wanted* have one of *numbers*."""
    rows = await database.rows(COUNT_AMONG, numbers=list(numbers), **wanted.parameters())
    return int(rows[0]["count"])
