"""Everything that was ever said in some assertions: their states, current and past, with evidence and decisions."""

from collections.abc import Sequence
from typing import TypeVar

from service.domain.proof import Assertion, Evidence, Verification
from service.domain.values import Fact
from service.graph.database import Database, Transaction, adapter
from service.graph.nouns import noun_of
from service.graph.texts import TEXTS

F = TypeVar("F", bound=Fact)


async def ever(reader: Database | Transaction, shape: type[F], ids: Sequence[str]) -> list[F]:
    """Every state that the facts *ids* ever had, by id, then in the order they were recorded."""
    if not ids:
        return []
    texts, validate = TEXTS[noun_of(shape).label], adapter(shape).validate_python
    rows = await reader.rows(texts.by_id, ids=ids)
    # past states after current ones: what is corrected in between then comes twice, the last time with its end
    rows += await reader.rows(texts.history, ids=ids)
    found = {(row["fact"]["id"], row["fact"]["recorded_seq"]): row["fact"] for row in rows}
    return [validate(found[key]) for key in sorted(found)]


async def said(
    database: Database, assertions: Sequence[str], evidence: Sequence[str], decisions: Sequence[str]
) -> tuple[list[Assertion], list[Evidence], list[Verification]]:
    """Every state of the *assertions*, the *evidence* and the *decisions* with these ids."""

    async def read(transaction: Transaction) -> tuple[list[Assertion], list[Evidence], list[Verification]]:
        return (
            await ever(transaction, Assertion, assertions),
            await ever(transaction, Evidence, evidence),
            await ever(transaction, Verification, decisions),
        )

    return await database.reading(read)
