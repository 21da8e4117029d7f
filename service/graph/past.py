"""What the registry knew at an earlier change: current states that were there already, and past ones."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import LiteralString, TypeVar

from service.domain.values import Fact
from service.errors import Invalid
from service.graph import ledger
from service.graph.database import Database, adapter
from service.graph.nouns import NOUNS, Noun, noun_of

F = TypeVar("F", bound=Fact)

ROWS_AT_ONCE = 5_000


def _still_there(noun: Noun) -> LiteralString:
    return (
        "MATCH (fact:"
        + noun.label
        + ") WHERE fact.id > $after AND fact.recorded_seq <= $known\n"
        + "AND (fact.retracted_seq IS NULL OR fact.retracted_seq > $known)\n"
        + "RETURN properties(fact) AS fact ORDER BY fact.id LIMIT $first"
    )


STILL_THERE: dict[str, LiteralString] = {noun.label: _still_there(noun) for noun in NOUNS}
"""By label: a page of the last states that were known at change $known, in the order of their ids."""

GONE_SINCE = """
MATCH (fact:Past) WHERE fact.id > $after AND fact.retracted_seq > $known
AND fact.recorded_seq <= $known AND fact.noun = $noun
RETURN properties(fact) AS fact ORDER BY fact.id LIMIT $first
"""


async def known_at(database: Database, moment: int | datetime, last: int) -> int:
    """The sequence number that *moment* means: that number, or the last change at that instant; *last* at most.

    Raises Invalid for a number that no change has yet.
    """
    if isinstance(moment, datetime):
        return min(last, await ledger.at_instant(database, moment))
    if not 0 <= moment <= last:
        raise Invalid(f"There is no change {moment}; the last one is {last}", path=("knownAt",))
    return moment


async def everything(database: Database, shape: type[F], known: int) -> AsyncIterator[list[F]]:
    """All facts of *shape* as they were known at change *known*, in pages, in no order.

    A fact that is corrected during the reading turns from current to past, and is told once.
    """
    label = noun_of(shape).label
    validate = adapter(shape).validate_python
    told: set[str] = set()
    for text in (STILL_THERE[label], GONE_SINCE):
        key = ""
        while rows := await database.rows(text, after=key, known=known, noun=label, first=ROWS_AT_ONCE):
            key = rows[-1]["fact"]["id"]
            facts = [validate(row["fact"]) for row in rows if row["fact"]["id"] not in told]
            told.update(fact.id for fact in facts)
            yield facts
