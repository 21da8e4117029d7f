"""What the capability index is fed with: every state of the nouns it reckons on, in columns.

Read in spans of sequence numbers, so that no statement runs long however large the registry is.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, fields
from typing import Any, LiteralString, cast

from service.domain.values import Fact
from service.graph import ledger
from service.graph.database import Database, Transaction
from service.graph.nouns import NOUNS, Noun

Columns = dict[str, list[Any]]

NOT_RECKONED = frozenset({"Evidence", "Portfolio", "Programme", "Session"})
WORDY = frozenset({"description", "descriptions", "level_descriptions", "alternative_labels", "text", "reason", "url"})
"""Texts for people, which nothing is reckoned from."""

ROWS_AT_ONCE = 100_000
NO_END = 2**62
"""The last span has no end: a state ended by a change that is just being written must not be missed."""


def _names(fact: type[Fact]) -> list[str]:
    return [field.name for field in fields(fact) if field.name not in WORDY]


def _returned(names: list[str]) -> LiteralString:
    return cast("LiteralString", ", ".join(f"fact.{name} AS {name}" for name in names))  # our own field names


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """How the states of one noun are read."""

    noun: Noun
    names: list[str]
    recorded: LiteralString
    retracted: LiteralString
    past: LiteralString


def _reading(noun: Noun) -> _Reading:
    names = _names(noun.fact)
    within: LiteralString = " WHERE fact.{} > $after AND fact.{} <= $until\nRETURN "
    columns = _returned(names)
    return _Reading(
        noun=noun,
        names=names,
        recorded="MATCH (fact:" + noun.label + ")" + within.replace("{}", "recorded_seq") + columns,
        retracted="MATCH (fact:" + noun.label + ")" + within.replace("{}", "retracted_seq") + columns,
        past=(
            "MATCH (fact:Past) WHERE fact.retracted_seq > $after AND fact.retracted_seq <= $until AND fact.noun = '"
            + noun.label
            + "'\nRETURN "
            + columns
        ),
    )


READINGS = {noun.label: _reading(noun) for noun in NOUNS if noun.label not in NOT_RECKONED}

SPANS = """
MATCH (change:Change) WHERE change.seq > $after AND change.seq <= $until
RETURN change.seq AS seq, change.count AS count
ORDER BY seq
"""


async def states_after(database: Database, after: int) -> tuple[int, dict[str, Columns]]:
    """Number of the last change, and every state that changes after number *after* recorded or retracted.

    With *after* 0: all states there are. A state may come twice, first as current, then with its end;
    later states than the number returned may come too.
    """
    until, _ = await ledger.position(database)
    found: dict[str, Columns] = {}
    async for lower, upper in _spans(database, after, until):

        async def read(transaction: Transaction, lower: int = lower, upper: int = upper) -> dict[str, Columns]:
            columns: dict[str, Columns] = {}
            for kind in await ledger.kinds_within(transaction, lower, upper):
                if kind in READINGS:
                    reading = READINGS[kind]
                    # current states before past ones: a correction in between shows up in the second
                    for text in (reading.recorded, reading.retracted, reading.past):
                        rows = await transaction.values(text, after=lower, until=upper)
                        if rows:
                            _extend(columns, kind, reading.names, rows)
            return columns

        for kind, columns in (await database.reading(read)).items():
            if kind not in found:
                found[kind] = columns
            else:
                for name, values in columns.items():
                    found[kind][name].extend(values)
    return until, found


async def _spans(database: Database, after: int, until: int) -> AsyncIterator[tuple[int, int]]:
    """Spans of numbers, each with about as many states as one statement may return."""
    lower, waiting = after, 0
    for row in await database.rows(SPANS, after=after, until=until):
        waiting += row["count"]
        if waiting >= ROWS_AT_ONCE:
            yield lower, row["seq"]
            lower, waiting = row["seq"], 0
    if lower < until:
        yield lower, NO_END


def _extend(found: dict[str, Columns], kind: str, names: list[str], rows: list[list[Any]]) -> None:
    columns = found.setdefault(kind, {name: [] for name in names})
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        columns[name].extend(values)
