"""Record, correct and retire facts of any noun, within one numbered change."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from service.domain.values import Fact
from service.errors import Conflict, NotFound
from service.graph.database import Database, Row, Transaction, adapter, stored, without_times
from service.graph.ledger import Touched
from service.graph.nouns import NOUNS, Link, Noun, OnRetire, noun_of
from service.graph.texts import DEPENDENTS, TEXTS, LinkTexts, recording

F = TypeVar("F", bound=Fact)


@dataclass
class Written:
    """What became of a batch: ids by outcome."""

    recorded: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    unchanged: int = 0


async def by_id(reader: Database | Transaction, shape: type[F], ids: Iterable[str]) -> dict[str, F]:
    """The current facts among *ids*; those retired or unknown are left out."""
    rows = await states(reader, noun_of(shape), ids)
    validate = adapter(shape).validate_python
    return {id_: validate(row) for id_, row in rows.items() if row.get("retracted_seq") is None}


async def states(reader: Database | Transaction, noun: Noun, ids: Iterable[str]) -> dict[str, Row]:
    """The last state of each of *ids* that was ever recorded, retired ones too."""
    wanted = sorted({id_ for id_ in ids if id_ is not None})
    if not wanted:
        return {}
    rows = await reader.rows(TEXTS[noun.label].by_id, ids=wanted)
    return {row["fact"]["id"]: row["fact"] for row in rows}


async def states_at(reader: Database | Transaction, noun: Noun, ids: Iterable[str], known: int) -> dict[str, Row]:
    """The last state of each of *ids* that was recorded up to change *known*, as it was known then."""
    found = await states(reader, noun, ids)
    later = [id_ for id_, row in found.items() if row["recorded_seq"] > known]
    rows = {id_: row for id_, row in found.items() if row["recorded_seq"] <= known}
    if later:
        past = await reader.rows(TEXTS[noun.label].earlier, ids=sorted(later), known=known)
        rows |= {row["fact"]["id"]: row["fact"] for row in past}
    return {id_: _as_known(row, known) for id_, row in rows.items()}


def _as_known(row: Row, known: int) -> Row:
    """*row* without an end that came later, and without what only past states carry."""
    kept = {name: value for name, value in row.items() if name != "noun"}
    if (kept.get("retracted_seq") or 0) > known:
        del kept["retracted_seq"]
    return kept


async def below(
    reader: Database | Transaction, shape: type[F], link_field: str, ids: Sequence[str]
) -> dict[str, list[F]]:
    """The current facts of *shape* whose *link_field* names one of *ids*, by that id, in the order of their own ids."""
    found: dict[str, list[F]] = {id_: [] for id_ in ids}
    validate = adapter(shape).validate_python
    for texts in _link_texts(shape, link_field):
        for row in await reader.rows(texts.below, ids=sorted(set(ids))):
            found[row["target_id"]].append(validate(row["fact"]))
    return found


def _link_texts(shape: type[Fact], link_field: str) -> list[LinkTexts]:
    return [texts for texts in TEXTS[noun_of(shape).label].links if texts.link.field == link_field]


async def page_below(
    database: Database, shape: type[F], link_field: str, id_: str, *, after: str, first: int
) -> list[F]:
    """The *first* current facts of *shape* after id *after* whose *link_field* names *id_*."""
    (texts,) = _link_texts(shape, link_field)
    rows = await database.rows(texts.page, id=id_, after=after, first=first)
    validate = adapter(shape).validate_python
    return [validate(row["fact"]) for row in rows]


async def count_below(database: Database, shape: type[Fact], link_field: str, id_: str) -> int:
    """How many current facts of *shape* have *id_* in *link_field*."""
    (texts,) = _link_texts(shape, link_field)
    return int((await database.rows(texts.count, id=id_))[0]["count"])


async def page(
    database: Database, shape: type[F], *, after: str = "", first: int, naming: str | None = None
) -> list[F]:
    """The *first* current facts with ids after *after*, in the order of their ids.

    With *naming*: those whose name has that text in it, whatever its case.
    """
    texts = TEXTS[noun_of(shape).label]
    if naming is None:
        rows = await database.rows(texts.page, after=after, first=first)
    else:
        rows = await database.rows(texts.named_page, after=after, first=first, naming=naming.lower())
    validate = adapter(shape).validate_python
    return [validate(row["fact"]) for row in rows]


async def count(database: Database, shape: type[Fact], *, naming: str | None = None) -> int:
    """How many current facts of *shape* there are; with *naming*, whose name has that text in it."""
    texts = TEXTS[noun_of(shape).label]
    if naming is None:
        return int((await database.rows(texts.count))[0]["count"])
    return int((await database.rows(texts.named_count, naming=naming.lower()))[0]["count"])


async def counts(database: Database) -> dict[str, int]:
    """How many current facts of each noun there are, by plural."""

    async def all_of(transaction: Transaction) -> dict[str, int]:
        return {noun.plural: int((await transaction.rows(TEXTS[noun.label].count))[0]["count"]) for noun in NOUNS}

    return await database.reading(all_of)


async def put(transaction: Transaction, touched: Touched, facts: Sequence[Fact], earlier: Mapping[str, Row]) -> Written:
    """Record the *facts* (all of one noun) that are new, correct those that differ from *earlier*.

    *earlier* is what ``states`` returned for their ids. Checks belong before: this only writes.
    """
    if not facts:
        return Written()
    noun = noun_of(type(facts[0]))
    texts = TEXTS[noun.label]
    new, changed = _sorted_out(noun, facts, earlier)
    for row in (*new, *changed):
        row["recorded_seq"] = touched.seq
    await _create(transaction, noun, new)
    if changed:
        await transaction.rows(texts.correct, rows=changed, seq=touched.seq)
        for link in texts.links:
            await transaction.rows(link.cut, rows=[{"id": row["id"]} for row in changed])
            await _make(transaction, link, changed)
    outcome = _outcome(facts, new, changed)
    touched.add(noun.label, outcome.recorded + outcome.corrected)
    return outcome


async def _create(transaction: Transaction, noun: Noun, rows: list[Row]) -> None:
    """Create *rows* with their links; those to facts of their own noun, and lists, once all are there."""
    if not rows:
        return
    direct: list[LinkTexts] = []
    later: list[LinkTexts] = []
    for texts in TEXTS[noun.label].links:
        is_later = texts.link.target == noun.label or any(isinstance(row.get(texts.link.field), list) for row in rows)
        (later if is_later else direct).append(texts)
    groups: dict[tuple[Link, ...], list[Row]] = {}
    there = {texts.link: await _there(transaction, texts, rows) for texts in direct if _is_shared(direct, texts)}
    for row in rows:
        links = tuple(
            texts.link
            for texts in direct
            if row.get(texts.link.field) and row[texts.link.field] in there.get(texts.link, (row[texts.link.field],))
        )
        groups.setdefault(links, []).append(row)
    for links, alike in groups.items():
        made = (await transaction.rows(recording(noun.label, links), rows=alike))[0]["count"]
        if made != len(alike):
            raise Conflict(f"{len(alike) - made} of {len(alike)} {noun.plural} name something that was just taken away")
    for texts in later:
        await _make(transaction, texts, rows)


def _is_shared(links: Sequence[LinkTexts], texts: LinkTexts) -> bool:
    """Whether the field of this link may name things of another noun too."""
    return any(other is not texts and other.link.field == texts.link.field for other in links)


async def _there(transaction: Transaction, texts: LinkTexts, rows: list[Row]) -> set[str]:
    ids = sorted({row[texts.link.field] for row in rows if row.get(texts.link.field)})
    return {row["id"] for row in await transaction.rows(texts.there, ids=ids)}


async def _make(transaction: Transaction, texts: LinkTexts, rows: list[Row]) -> None:
    name = texts.link.field
    named = [{"id": row["id"], name: _listed(row[name])} for row in rows if row.get(name)]
    if named:
        await transaction.rows(texts.make, rows=named)


def compared(noun: Noun, facts: Sequence[Fact], earlier: Mapping[str, Row]) -> Written:
    """What ``put`` would make of *facts*, without writing."""
    return _outcome(facts, *_sorted_out(noun, facts, earlier))


def differing(noun: Noun, facts: Sequence[Fact], earlier: Mapping[str, Row]) -> set[str]:
    """Ids of the *facts* that are new or differ from *earlier*."""
    new, changed = _sorted_out(noun, facts, earlier)
    return {row["id"] for row in (*new, *changed)}


def _sorted_out(noun: Noun, facts: Sequence[Fact], earlier: Mapping[str, Row]) -> tuple[list[Row], list[Row]]:
    """The rows that are new, and those that differ from what is there."""
    new: list[Row] = []
    changed: list[Row] = []
    for row in stored(facts, noun.fact):
        was = earlier.get(row["id"])
        row.pop("retracted_seq", None)
        if was is None:
            new.append(row)
        elif was.get("retracted_seq") is not None or without_times(was) != without_times(row):
            changed.append(row)
    return new, changed


def _outcome(facts: Sequence[Fact], new: list[Row], changed: list[Row]) -> Written:
    return Written(
        recorded=[row["id"] for row in new],
        corrected=[row["id"] for row in changed],
        unchanged=len(facts) - len(new) - len(changed),
    )


async def is_empty(reader: Database | Transaction, label: str) -> bool:
    """Whether no *label* was ever recorded."""
    return not await reader.rows(TEXTS[label].any)


async def everything(database: Database, shape: type[F], first: int = 5_000) -> AsyncIterator[list[F]]:
    """All current facts of *shape*, in pages of *first*, in the order of their ids."""
    key = ""
    while facts := await page(database, shape, after=key, first=first):
        yield facts
        key = facts[-1].id


async def retire(transaction: Transaction, touched: Touched, shape: type[Fact], id_: str) -> list[str]:
    """End the fact *id_* and the parts that cannot stand without it; the ids ended, its own first.

    Raises NotFound when there is no such current fact, Conflict when others still hold on to it.
    """
    if id_ not in await by_id(transaction, shape, [id_]):
        raise NotFound(f"There is no {noun_of(shape).label} {id_!r}", path=("id",))
    return await retire_all(transaction, touched, shape, [id_])


async def retire_all(transaction: Transaction, touched: Touched, shape: type[Fact], ids: Sequence[str]) -> list[str]:
    """As ``retire``, for many current facts of one noun at once."""
    ended: list[str] = []
    waiting: list[tuple[Noun, list[str]]] = [(noun_of(shape), list(ids))]
    seen: set[tuple[str, str]] = set()
    while waiting:
        kind, ids = waiting.pop()
        fresh = [each for each in ids if (kind.label, each) not in seen]
        if not fresh:
            continue
        seen.update((kind.label, each) for each in fresh)
        for other, link in DEPENDENTS[kind.label]:
            rows = await transaction.rows(link.dependents, ids=fresh)
            held = [row["id"] for row in rows if (other.label, row["id"]) not in seen]
            if held and link.link.on_retire is OnRetire.REFUSE:
                shown = ", ".join(repr(each) for each in held[:5])
                more = f" and {len(held) - 5} more" if len(held) > 5 else ""  # noqa: PLR2004  # the five shown
                raise Conflict(
                    f"{kind.label} {rows[0]['target_id']!r} is still named by {other.plural}: {shown}{more}; "
                    "end or correct those first",
                    path=("id",),
                )
            if held:
                waiting.append((other, held))
        await transaction.rows(TEXTS[kind.label].retire, ids=fresh, seq=touched.seq)
        touched.add(kind.label, fresh)
        ended.extend(fresh)
    return ended


def _listed(value: Any) -> list[str]:  # noqa: ANN401  # a property of the graph: an id or ids
    return value if isinstance(value, list) else [value]
