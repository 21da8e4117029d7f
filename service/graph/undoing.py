"""What a set of changes touched, every state of it, and a state recorded once more under a new number."""

from collections.abc import Iterable, Sequence
from typing import LiteralString

from service.graph.database import Database, Row, Transaction
from service.graph.ledger import Touched
from service.graph.nouns import NOUNS, Noun
from service.graph.texts import TEXTS

SPAN = 20
"""Most changes read at once; an import writes some thousand facts under each."""

OF_REQUEST = """
MATCH (change:Change {request_id: $request_id})
RETURN change.seq AS seq ORDER BY seq
"""


async def of_request(database: Database, request_id: str) -> list[int]:
    """The numbers of the changes that came with one request, in order."""
    return [row["seq"] for row in await database.rows(OF_REQUEST, request_id=request_id)]


WITH_ACTION = """
MATCH (change:Change) WHERE change.action = $action
WITH change.request_id AS request_id, min(change.seq) AS first_seq, max(change.seq) AS last_seq,
     min(change.at) AS at, min(change.actor) AS actor, sum(change.count) AS count
RETURN request_id, first_seq, last_seq, at, actor, count ORDER BY first_seq, request_id
"""


async def with_action(database: Database, action: str) -> list[Row]:
    """The requests whose changes are of one *action*: ends of their numbers, instant, actor, facts touched."""
    return await database.rows(WITH_ACTION, action=action)


KINDS = """
MATCH (change:Change) WHERE change.seq >= $lower AND change.seq <= $upper
UNWIND change.kinds AS kind
RETURN DISTINCT kind ORDER BY kind
"""


def _touched(noun: Noun) -> tuple[LiteralString, ...]:
    """Ids by each end of recorded time: an engine uses one index for each."""
    return (
        "MATCH (fact:"
        + noun.label
        + ") WHERE fact.recorded_seq >= $lower AND fact.recorded_seq <= $upper\n"
        + "RETURN fact.id AS id, fact.recorded_seq AS seq",
        "MATCH (fact:"
        + noun.label
        + ") WHERE fact.retracted_seq >= $lower AND fact.retracted_seq <= $upper\n"
        + "RETURN fact.id AS id, fact.retracted_seq AS seq",
        "MATCH (past:Past) WHERE past.recorded_seq >= $lower AND past.recorded_seq <= $upper\n"
        "WITH past WHERE past.noun = '" + noun.label + "'\nRETURN past.id AS id, past.recorded_seq AS seq",
        "MATCH (past:Past) WHERE past.retracted_seq >= $lower AND past.retracted_seq <= $upper\n"
        "WITH past WHERE past.noun = '" + noun.label + "'\nRETURN past.id AS id, past.retracted_seq AS seq",
    )


TOUCHED: dict[str, tuple[LiteralString, ...]] = {noun.label: _touched(noun) for noun in NOUNS}


async def touched_by(database: Database, seqs: Sequence[int]) -> dict[str, list[str]]:
    """Ids of the facts that the changes *seqs* recorded, corrected or retired, by label."""
    chosen = set(seqs)
    found: dict[str, set[str]] = {}
    for lower, upper in _runs(sorted(chosen)):
        for kind in await database.rows(KINDS, lower=lower, upper=upper):
            for text in TOUCHED[kind["kind"]]:
                rows = await database.rows(text, lower=lower, upper=upper)
                found.setdefault(kind["kind"], set()).update(row["id"] for row in rows if row["seq"] in chosen)
    return {label: sorted(ids) for label, ids in found.items() if ids}


def _runs(seqs: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for seq in seqs:
        if runs and seq - runs[-1][0] < SPAN:
            runs[-1] = runs[-1][0], seq
        else:
            runs.append((seq, seq))
    return runs


PAST_OF = """
UNWIND $ids AS id
MATCH (past:Past {id: id}) WHERE past.noun = $noun
RETURN properties(past) AS fact ORDER BY past.id, past.recorded_seq
"""


async def all_states(reader: Database | Transaction, label: str, ids: Sequence[str]) -> dict[str, list[Row]]:
    """Every state that the *label* facts *ids* ever had, by id, in order; the last is the one that stands."""
    found: dict[str, list[Row]] = {id_: [] for id_ in ids}
    for row in await reader.rows(PAST_OF, ids=list(ids), noun=label):
        row["fact"].pop("noun")
        found[row["fact"]["id"]].append(row["fact"])
    for row in await reader.rows(TEXTS[label].by_id, ids=list(ids)):
        found[row["fact"]["id"]].append(row["fact"])
    return found


async def again(transaction: Transaction, touched: Touched, label: str, states: Sequence[Row]) -> None:
    """Record current *states* once more as they are: later than what they are to come after."""
    if states:
        rows = [{**state, "recorded_seq": touched.seq} for state in states]
        await transaction.rows(TEXTS[label].correct, rows=rows, seq=touched.seq)
        touched.add(label, [state["id"] for state in states])


async def end(transaction: Transaction, touched: Touched, label: str, ids: Sequence[str]) -> None:
    """Retire the *label* facts *ids*; that nothing holds on to them was found before."""
    await transaction.rows(TEXTS[label].retire, ids=list(ids), seq=touched.seq)
    touched.add(label, list(ids))
