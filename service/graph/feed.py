"""What the capability index is fed with: every state of the nouns it reckons on, in columns.

Read in spans of sequence numbers, so that no statement runs long however large the registry is.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, fields
from types import NoneType
from typing import Any, LiteralString, get_args, get_type_hints

from service.domain.values import Fact
from service.graph import ledger
from service.graph.database import Database, Transaction
from service.graph.nouns import NOUNS, Noun

Columns = dict[str, list[Any]]

NOT_RECKONED = frozenset({"DecisionRecord", "Portfolio", "Programme", "Session", "SkillProposal", "SuggestionDecision"})
WORDY = frozenset(
    {
        "alternative_labels",
        "deprecation_reason",
        "description",
        "descriptions",
        "level_descriptions",
        "note",
        "reason",
        "text",
        "uri",
        "url",
    }
)
"""Texts for people, which nothing is reckoned from."""

ROWS_AT_ONCE = 100_000
NO_END = 2**62
"""The last span has no end: a state ended by a change that is just being written must not be missed."""


Column = tuple[str, object]
"""Name of a field, and what stands for null in a list of it: lists must hold one type, and collect drops nulls."""


def _columns(fact: type[Fact]) -> list[Column]:
    hints = get_type_hints(fact)
    return [(field.name, _stand_in(hints[field.name])) for field in fields(fact) if field.name not in WORDY]


def _stand_in(hint: object) -> object:
    if NoneType not in get_args(hint):
        return None
    kinds = get_args(hint)
    return -1 if int in kinds else -1.0 if float in kinds else ""


def _collected(columns: list[Column]) -> LiteralString:
    parts = [
        f"collect(fact.{name})" if nothing is None else f"collect(coalesce(fact.{name}, {nothing!r}))"
        for name, nothing in columns
    ]
    return ", ".join(parts)  # pyright: ignore[reportReturnType]  # our own field names


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """How the states of one noun are read: a few records of long columns, many times faster than rows."""

    columns: list[Column]
    recorded: LiteralString
    retracted: LiteralString
    past: LiteralString


def _reading(noun: Noun) -> _Reading:
    columns = _columns(noun.fact)
    collected = _collected(columns) + " ORDER BY seq"
    return _Reading(
        columns=columns,
        recorded=(
            "MATCH (fact:"
            + noun.label
            + ") WHERE fact.recorded_seq > $after AND fact.recorded_seq <= $until\n"
            + "RETURN fact.recorded_seq AS seq, "
            + collected
        ),
        retracted=(
            "MATCH (fact:"
            + noun.label
            + ") WHERE fact.retracted_seq > $after AND fact.retracted_seq <= $until\n"
            + "AND fact.recorded_seq <= $start\nRETURN fact.retracted_seq AS seq, "
            + collected
        ),
        past=(
            "MATCH (fact:Past) WHERE fact.retracted_seq > $after AND fact.retracted_seq <= $until AND fact.noun = '"
            + noun.label
            + "'\nRETURN fact.retracted_seq AS seq, "
            + collected
        ),
    )


READINGS = {noun.label: _reading(noun) for noun in NOUNS if noun.label not in NOT_RECKONED}

SPANS = """
MATCH (change:Change) WHERE change.seq > $after AND change.seq <= $until
RETURN change.seq AS seq, change.count AS count
ORDER BY seq
"""


async def states_after(database: Database, after: int, until: int) -> AsyncIterator[dict[str, Columns]]:
    """Every state that the changes after number *after*, up to *until* at least, recorded or retracted.

    In portions, with *after* 0 all states there are. A state comes twice, first as current, then with its
    end, when it is corrected during the reading; states later than *until* may come too.
    """
    async for lower, upper in _spans(database, after, until):

        async def read(transaction: Transaction, lower: int = lower, upper: int = upper) -> dict[str, Columns]:
            found: dict[str, Columns] = {}
            for kind in await ledger.kinds_within(transaction, lower, upper):
                if kind in READINGS:
                    reading = READINGS[kind]
                    # current states before past ones: a correction in between shows up in the second
                    for text in (reading.recorded, reading.retracted, reading.past):
                        for _, *columns in await transaction.values(text, start=after, after=lower, until=upper):
                            _extend(found.setdefault(kind, {}), reading.columns, columns)
            return found

        yield await database.reading(read)


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


def _extend(found: Columns, columns: list[Column], portion: list[list[Any]]) -> None:
    for (name, nothing), values in zip(columns, portion, strict=True):
        told = values if nothing is None else [None if value == nothing else value for value in values]
        found.setdefault(name, []).extend(told)
