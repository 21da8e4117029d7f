"""Undo for assertions and decisions, whose numbers tell which decision counts and which statement wins.

A decision counts on a state of its assertion that was recorded before it, or with it. What is put back gets
a new number, so what came after it is recorded again after it, unchanged: decisions that counted, and later
statements of the same day about the same skill. A decision that did not count is put back before.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.acts.undone import is_touched, undone
from service.domain.proof import Assertion, Verification
from service.errors import Conflict
from service.graph import ledger, records, undoing
from service.graph.database import Database, Row, Transaction, adapter
from service.graph.ledger import Act, Touched
from service.graph.texts import TEXTS

AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True)
class Item:
    """One assertion or decision as it is to stand again."""

    row: Row
    """The state to stand, with the number it had."""
    now: Row
    is_back: bool
    """True: it is put back; False: it stands, and is at most recorded again."""

    @property
    def id(self) -> str:
        """The fact's id."""
        return str(self.row["id"])

    @property
    def seq(self) -> int:
        """The number it had, by which it came before or after others."""
        return int(self.row["recorded_seq"])


@dataclass(frozen=True, kw_only=True)
class Family:
    """Assertions with all others by the same person about the same skill, and decisions to be put back."""

    seqs: Collection[int]
    assertions: Sequence[str]
    back: frozenset[str]
    """Which assertions are to be put back."""
    decisions: Sequence[str]
    """Decisions to be put back."""


async def families(
    database: Database,
    seqs: Collection[int],
    assertions: Sequence[str],
    decisions: Sequence[str],
    settled: Sequence[str],
) -> AsyncIterator[Family]:
    """What is to be put back, in portions that can be written one after the other.

    Decisions *settled* were put back before, and may still be owed that their assertion comes after them.
    """
    back = frozenset(assertions)
    decided: dict[str, list[str]] = {}
    async for item in _items(database, "Verification", [*decisions, *settled], seqs, frozenset(decisions)):
        decided.setdefault(item.row["assertion_id"], []).extend([item.id] if item.is_back else [])
    keys = [
        (item.row["person_id"], item.row["skill_id"], item.id)
        async for item in _items(database, "Assertion", sorted(back | decided.keys()), seqs, back)
    ]
    for part in _grouped(sorted(keys)):
        ids = [id_ for _, _, id_ in part]
        yield Family(
            seqs=seqs,
            assertions=ids,
            back=back & set(ids),
            decisions=[each for id_ in ids for each in decided.get(id_, ())],
        )


def _grouped(keys: Sequence[tuple[str, str, str]]) -> Iterator[list[tuple[str, str, str]]]:
    """Portions that part no person's statements about one skill."""
    part: list[tuple[str, str, str]] = []
    for key in keys:
        if len(part) >= AT_ONCE and key[:2] != part[-1][:2]:
            yield part
            part = []
        part.append(key)
    if part:
        yield part


async def _items(
    reader: Database | Transaction, label: str, ids: Sequence[str], seqs: Collection[int], back: Collection[str]
) -> AsyncIterator[Item]:
    """The facts *ids* as they are to stand; those not in *back* stand as they do now.

    What was put back already, by an undo that was interrupted, keeps the number it had before all this.
    """
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        states = await undoing.all_states(reader, label, part)
        for id_ in part:
            now = states[id_][-1]
            before = undone(id_, states[id_], seqs).before if is_touched(states[id_], seqs) else now
            if id_ not in back:
                number = now if before is None else before
                yield Item(row={**now, "recorded_seq": number["recorded_seq"]}, now=now, is_back=False)
            elif before is not None:
                yield Item(row=before, now=now, is_back=True)


async def restore_family(database: Database, act: Act, family: Family) -> int:
    """Put back what *family* names, with what comes after it; how many assertions and decisions that were."""
    for portion in await database.reading(lambda transaction: portions(transaction, family)):
        await write(database, act, portion)
    return len(family.back) + len(family.decisions)


Portion = dict[str, list[Item]]
"""By label, what one change records; assertions before decisions."""


async def write(database: Database, act: Act, portion: Portion) -> None:
    """Record *portion* as one change. Raises Conflict when one of its facts was touched meanwhile."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        for label, items in portion.items():
            await _write(transaction, touched, label, items)

    await ledger.write(database, act, work)


async def portions(transaction: Transaction, family: Family) -> list[Portion]:
    """What *family* needs, in the changes it needs: what did not count, then assertions with what did, in order."""
    seqs, back = family.seqs, family.back
    own = {item.id: item async for item in _items(transaction, "Assertion", family.assertions, seqs, back)}
    decisions = await _decisions(transaction, family, list(own))
    stale = [each for id_, item in own.items() for each in decisions[id_] if each.is_back and each.seq < item.seq]
    written = {id_: item for id_, item in own.items() if item.is_back or _is_overtaken(item, decisions[id_])}
    written |= await _rivals(transaction, written, family)
    decisions |= await _decisions(transaction, family, [id_ for id_ in written if id_ not in own])
    after: list[Item] = []
    for id_, item in (own | written).items():
        counting = [each for each in decisions[id_] if each.seq >= item.seq]
        after += counting if id_ in written else _from_first_back(counting)
    steps: list[Portion] = [{"Verification": stale}] if stale else []
    alike = ("person_id", "skill_id", "asserted_on")
    layer_of: dict[str, int] = {}
    for items in _layers(written.values(), alike):
        steps.append({"Assertion": items, "Verification": []})
        layer_of |= {item.id: len(steps) - 1 for item in items}
    for layer, items in enumerate(_layers(after, ("assertion_id", "decided_on"))):
        later: list[Item] = []
        for item in items:
            step = layer_of.get(item.row["assertion_id"])
            if layer or step is None:
                later.append(item)
            else:
                steps[step]["Verification"].append(item)
        if later:
            steps.append({"Verification": later})
    return steps


def _is_overtaken(assertion: Item, decisions: Iterable[Item]) -> bool:
    """Whether one of the *decisions* that do not count on an assertion which stays gets, or has, a later number."""
    return any(
        each.seq < assertion.seq and (each.is_back or each.now["recorded_seq"] >= assertion.now["recorded_seq"])
        for each in decisions
    )


async def _decisions(transaction: Transaction, family: Family, ids: Sequence[str]) -> dict[str, list[Item]]:
    """The decisions that are to stand on the assertions *ids*, by assertion."""
    found: dict[str, list[Item]] = {id_: [] for id_ in ids}
    standing = await records.below(transaction, Verification, "assertion_id", list(ids))
    wanted = {each.id for several in standing.values() for each in several} | set(family.decisions)
    back = frozenset(family.decisions)
    async for item in _items(transaction, "Verification", sorted(wanted), family.seqs, back):
        if item.row["assertion_id"] in found:
            found[item.row["assertion_id"]].append(item)
    return found


def _from_first_back(counting: Sequence[Item]) -> list[Item]:
    """Those of an assertion that stays which are put back, and those of the same day that came after one."""
    first: dict[str, int] = {}
    for item in counting:
        if item.is_back:
            day = item.row["decided_on"]
            first[day] = min(item.seq, first.get(day, item.seq))
    return [item for item in counting if item.is_back or item.seq > first.get(item.row["decided_on"], item.seq)]


async def _rivals(transaction: Transaction, written: dict[str, Item], family: Family) -> dict[str, Item]:
    """Statements that stand, of the same person, skill and day as a written one that came before them."""
    first: dict[tuple[str, str, str], int] = {}
    for item in written.values():
        key = _key(item.row)
        first[key] = min(item.seq, first.get(key, item.seq))
    there = await records.below(transaction, Assertion, "person_id", sorted({person for person, _, _ in first}))
    ids = [
        each.id
        for several in there.values()
        for each in several
        if each.id not in written
        and each.recorded_seq > first.get((each.person_id, each.skill_id, str(each.asserted_on)), each.recorded_seq)
    ]
    return {item.id: item async for item in _items(transaction, "Assertion", ids, family.seqs, family.back)}


def _key(row: Row) -> tuple[str, str, str]:
    return row["person_id"], row["skill_id"], row["asserted_on"]


def _layers(items: Iterable[Item], alike: Sequence[str]) -> list[list[Item]]:
    """*items* in as few changes as keep the order of those *alike*: within one change ids decide it."""
    layers: list[list[Item]] = []
    last: dict[tuple[object, ...], tuple[int, str]] = {}
    for item in sorted(items, key=lambda each: (each.seq, each.id)):
        key = tuple(item.row.get(name) for name in alike)
        layer, id_ = last.get(key, (0, ""))
        layer += item.id < id_
        last[key] = layer, item.id
        while len(layers) <= layer:
            layers.append([])
        layers[layer].append(item)
    return layers


async def _write(transaction: Transaction, touched: Touched, label: str, items: Sequence[Item]) -> None:
    rows = await transaction.rows(TEXTS[label].by_id, ids=[item.id for item in items])
    there = {row["fact"]["id"]: row["fact"] for row in rows}
    for item in items:
        if there[item.id] != item.now:
            raise Conflict(f"{label} {item.id!r} was touched meanwhile; undo again to see by what")
    shape = Assertion if label == "Assertion" else Verification
    back = [item for item in items if item.is_back]
    facts = [adapter(shape).validate_python({**item.row, "retracted_seq": None}) for item in back]
    await records.put(transaction, touched, facts, there)
    await undoing.again(transaction, touched, label, [item.now for item in items if not item.is_back])
