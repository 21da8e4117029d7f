"""Undo of any set of changes: every fact they touched goes back to the state it had before the first of them.

What they recorded is retired, what they corrected or retired is recorded again. Whatever was already put
back is left alone, so an undo that was interrupted is finished by asking for it again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from service.acts.proof_undoing import families, restore_family
from service.acts.undone import Undone, undone
from service.errors import Conflict, NotFound
from service.graph import ledger, records, undoing
from service.graph.database import Database, Row, Transaction, adapter
from service.graph.ledger import Act, Touched
from service.graph.nouns import BY_LABEL, NOUNS, Noun, OnRetire
from service.graph.texts import DEPENDENTS, TEXTS

AT_ONCE = 5_000
SHOWN = 5
PROOF = ("Assertion", "Verification")
"""Nouns whose numbers tell which decision counts and which statement wins; see ``proof_undoing``."""

Progress = Callable[[str, int], None]
"""Told the noun, in the plural, and how many more of its facts are done."""


@dataclass(frozen=True, kw_only=True)
class Undoing:
    """What an undo has to do: ids by label."""

    seqs: Collection[int]
    back: Mapping[str, Sequence[str]]
    """Facts that are to be recorded as they were before."""
    gone: Mapping[str, Sequence[str]]
    """Facts that there were none of before, to be retired."""
    settled: Sequence[str]
    """Decisions that were put back already; an undo that was interrupted may owe them what comes after."""

    @property
    def size(self) -> int:
        """How many facts there are to put back or to end."""
        return sum(len(ids) for part in (self.back, self.gone) for ids in part.values())


async def undo_request(database: Database, act: Act, request_id: str, progress: Progress = lambda *_: None) -> Undoing:
    """Undo all changes that came with one request. Raises NotFound when there are none; Conflict as ``undo``."""
    seqs = await undoing.of_request(database, request_id)
    if not seqs:
        raise NotFound(f"No change has the request id {request_id!r}", path=("id",))
    return await undo(database, act, seqs, progress)


async def undo(database: Database, act: Act, seqs: Collection[int], progress: Progress = lambda *_: None) -> Undoing:
    """Put every fact that the changes *seqs* touched back to what it was before them, batch by batch.

    Raises Conflict, before anything is written, when a change outside the set has touched one of those facts
    since, or has recorded something that names a fact which would go.
    """
    plan = await planned(database, seqs)
    for noun in NOUNS:
        if noun.label == "Assertion":
            assertions, decisions = (plan.back.get(label, ()) for label in PROOF)
            async for family in families(database, plan.seqs, assertions, decisions, plan.settled):
                progress("assertions", await restore_family(database, act, family))
        elif noun.label not in PROOF:
            for ids in _parts(plan.back.get(noun.label, ())):
                await _put_back(database, act, noun, ids, plan)
                progress(noun.plural, len(ids))
    for noun in reversed(NOUNS):
        for ids in _parts(plan.gone.get(noun.label, ())):
            await _end(database, act, noun, ids, plan)
            progress(noun.plural, len(ids))
    return plan


@dataclass
class _Finding:
    """What planning has found so far."""

    back: dict[str, list[str]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    named: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)
    """What the states to be put back name, by the nouns it may be of: id, and who names it."""
    conflicts: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)


async def planned(database: Database, seqs: Collection[int]) -> Undoing:
    """What an undo of the changes *seqs* has to do. Raises Conflict when it would undo others' work too."""
    chosen = frozenset(seqs)
    found = _Finding()
    touched = await undoing.touched_by(database, sorted(chosen))
    for label, ids in touched.items():
        for part in _parts(ids):
            states = await undoing.all_states(database, label, part)
            for id_ in part:
                _sort_out(found, BY_LABEL[label], undone(id_, states[id_], chosen))
    await _find_dependents(database, found)
    await _find_lost_names(database, found)
    if found.conflicts:
        shown = "; ".join(found.conflicts[:SHOWN])
        more = f"; and {len(found.conflicts) - SHOWN:,} more" if len(found.conflicts) > SHOWN else ""
        raise Conflict(f"This cannot be undone any more: {shown}{more}. Undo or end those first", path=("id",))
    return Undoing(seqs=chosen, back=found.back, gone=found.gone, settled=found.settled)


def _sort_out(found: _Finding, noun: Noun, fact: Undone) -> None:
    if fact.is_done:
        if noun.label == "Verification" and fact.before is not None:
            found.settled.append(fact.id)
        return
    if fact.later is not None:
        found.conflicts.append(f"change {fact.later} touched {noun.label} {fact.id!r} since")
    if fact.before is None:
        found.gone.setdefault(noun.label, []).append(fact.id)
        return
    found.back.setdefault(noun.label, []).append(fact.id)
    targets: dict[str, tuple[str, ...]] = {}
    for link in noun.links:
        if link.on_retire is not OnRetire.KEEP:
            targets[link.field] = (*targets.get(link.field, ()), link.target)
    for name, labels in targets.items():
        for id_ in _ids(fact.before.get(name)):
            found.named.setdefault(labels, {})[id_] = f"{noun.label} {fact.id!r}"


async def _find_dependents(database: Database, found: _Finding) -> None:
    """Facts outside the undo that hold on to one that would go."""
    moved = {(label, id_) for part in (found.back, found.gone) for label, ids in part.items() for id_ in ids}
    for label, gone in found.gone.items():
        for other, link in DEPENDENTS[label]:
            for part in _parts(gone):
                for row in await database.rows(link.dependents, ids=list(part)):
                    if (other.label, row["id"]) not in moved:
                        what = f"{other.label} {row['id']!r} names {label} {row['target_id']!r}, which would go"
                        found.conflicts.append(what)


async def _find_lost_names(database: Database, found: _Finding) -> None:
    """Things that a state to be put back names, and that there are none of any more."""
    for labels, namers in found.named.items():
        lost = set(namers)
        for label in labels:
            lost -= set(found.back.get(label, ()))
            for part in _parts(sorted(lost)):
                lost -= (await records.by_id(database, BY_LABEL[label].fact, part)).keys() - set(
                    found.gone.get(label, ())
                )
        what = " or ".join(labels)
        found.conflicts += [f"{namers[id_]} names {what} {id_!r}, which is gone" for id_ in sorted(lost)]


async def _put_back(database: Database, act: Act, noun: Noun, ids: Sequence[str], plan: Undoing) -> None:
    async def work(transaction: Transaction, touched: Touched) -> None:
        states = await undoing.all_states(transaction, noun.label, ids)
        now: dict[str, Row] = {}
        rows: list[Row] = []
        for id_ in ids:
            fact = undone(id_, states[id_], plan.seqs)
            if fact.is_done or fact.before is None:
                continue
            if fact.later is not None:
                raise Conflict(f"change {fact.later} touched {noun.label} {id_!r} meanwhile; undo again to see why")
            now[id_] = fact.now
            rows.append({**fact.before, "retracted_seq": None})
        validate = adapter(noun.fact).validate_python
        await records.put(transaction, touched, [validate(row) for row in rows], now)

    await ledger.write(database, act, work)


async def _end(database: Database, act: Act, noun: Noun, ids: Sequence[str], plan: Undoing) -> None:
    going = {label: set(ended) for label, ended in plan.gone.items()}

    async def work(transaction: Transaction, touched: Touched) -> None:
        for other, link in DEPENDENTS[noun.label]:
            for row in await transaction.rows(link.dependents, ids=list(ids)):
                if row["id"] not in going.get(other.label, ()):
                    raise Conflict(
                        f"{other.label} {row['id']!r} came to name {noun.label} {row['target_id']!r} meanwhile"
                    )
        states = await transaction.rows(TEXTS[noun.label].by_id, ids=list(ids))
        current = [row["fact"]["id"] for row in states if row["fact"].get("retracted_seq") is None]
        if current:
            await undoing.end(transaction, touched, noun.label, current)

    await ledger.write(database, act, work)


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _ids(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
