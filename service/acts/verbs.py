"""The verbs behind every mutation: record, correct and retire facts, all of an act or nothing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from service.acts.checks import check
from service.acts.lookup import Lookup
from service.domain.values import ENTERING, RIGHT, Fact
from service.errors import Conflict, Invalid, NotFound
from service.graph import ledger, records
from service.graph.database import Database, Transaction, adapter
from service.graph.ledger import Act, RepeatedError, Touched
from service.graph.nouns import noun_of, one

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, kw_only=True)
class Done(Generic[F]):
    """What an act left behind: the number of its change, and its subject, when that is current."""

    seq: int
    subject: F | None


@dataclass(frozen=True, kw_only=True)
class Parts(Generic[F]):
    """The parts a subject is to have from now on: those missing here are retired."""

    shape: type[F]
    owner_field: str
    facts: Sequence[F] = field(default_factory=tuple)


Guard = Callable[[Lookup, F], Awaitable[None]]
"""Raises when an act may not leave the subject as it would, by what else the registry holds."""


def valid(shape: type[F], values: Mapping[str, Any], path: Sequence[str | int] = ()) -> F:
    """A *shape* of *values*.

    Raises Invalid for the first field that breaks its rule, with the value and what would be right.
    """
    try:
        return adapter(shape).validate_python(dict(values), context=ENTERING)
    except ValidationError as error:
        first = error.errors()[0]
        where = (*path, *(each for each in first["loc"] if isinstance(each, str | int)))
        right = RIGHT.get(str(first.get("ctx", {}).get("pattern", "")))
        reason = first["msg"].removeprefix("Value error, ") if right is None else f"it is not right; {right}"
        if first["type"] in {"value_error", "missing"}:
            raise Invalid(f"{'.'.join(map(str, first['loc'])) or shape.__name__}: {reason}", path=where) from None
        raise Invalid(
            f"{'.'.join(map(str, first['loc']))} {str(first['input'])[:100]!r}: {reason}", path=where
        ) from None


def valid_text(kind: Any, value: str, path: Sequence[str | int]) -> str:  # noqa: ANN401  # an annotated text
    """*value*, which is to be of a *kind* of text, as a Reason. Raises Invalid with what would be right."""
    try:
        return str(adapter(kind).validate_python(value, context=ENTERING))
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise Invalid(f"{path[-1]} {value[:100]!r}: {reason}", path=path) from None


async def record(database: Database, act: Act, subject: F, *parts: Fact, guard: Guard[F] | None = None) -> Done[F]:
    """Record *subject*, which must be new, and its *parts* with it; *guard* may refuse it."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        if guard is not None:
            await guard(lookup, subject)
        await put(lookup, touched, [subject], is_new=True)
        for same in _by_kind(parts):
            await put(lookup, touched, same, is_new=True)

    return await write(database, act, type(subject), subject.id, work)


async def correct(
    database: Database,
    act: Act,
    shape: type[F],
    id_: str,
    changes: Mapping[str, Any] | Callable[[F], Mapping[str, Any]],
    parts: Parts[Any] | None = None,
    guard: Guard[F] | None = None,
) -> Done[F]:
    """Record that *changes* (or what they return for the current state) hold for the *shape* with *id_* from now on.

    The state before stays known for earlier sequence numbers. Raises NotFound when there is none; *guard*
    may refuse the new state.
    """

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        current = (await lookup.facts(shape, [id_])).get(id_)
        if current is None:
            raise NotFound(f"There is no {noun_of(shape).label} {id_!r}", path=("id",))
        new = changes(current) if callable(changes) else changes
        values = {**asdict(current), **new, "retracted_seq": None}
        subject = valid(shape, values)
        if guard is not None:
            await guard(lookup, subject)
        await put(lookup, touched, [subject], is_new=False)
        if parts is not None:
            there = (await records.below(transaction, parts.shape, parts.owner_field, [id_]))[id_]
            kept = {each.id for each in parts.facts}
            for old in there:
                if old.id not in kept:
                    await records.retire(transaction, touched, parts.shape, old.id)
            await put(lookup, touched, list(parts.facts), is_new=False)

    return await write(database, act, shape, id_, work)


async def retire(database: Database, act: Act, shape: type[F], id_: str) -> Done[F]:
    """End the *shape* with *id_* and the parts that cannot stand without it.

    Raises NotFound when there is none, Conflict when others still hold on to it.
    """

    async def work(transaction: Transaction, touched: Touched) -> None:
        await records.retire(transaction, touched, shape, id_)

    return await write(database, act, shape, id_, work)


async def put(lookup: Lookup, touched: Touched, facts: Sequence[Fact], *, is_new: bool) -> None:
    """Check *facts*, all of one noun, and record them within the change that *lookup* reads in.

    With *is_new* none of them may be there yet. Raises the first refusal, and Invalid for a field that
    breaks its rule: what is stored can be read again.
    """
    if not facts:
        return
    facts = [valid(type(fact), asdict(fact)) for fact in facts]
    noun = noun_of(type(facts[0]))
    earlier = await lookup.states(noun, [fact.id for fact in facts])
    if is_new:
        for fact in facts:
            if fact.id in earlier and earlier[fact.id].get("retracted_seq") is None:
                raise Conflict(f"There is {one(noun.label)} {fact.id!r} already; correct it instead", path=("id",))
    for refusal in await check(lookup, facts):
        raise refusal.error()
    transaction = lookup.reader
    assert isinstance(transaction, Transaction)  # noqa: S101  # verbs look up within their own write
    await records.put(transaction, touched, facts, earlier)
    lookup.plan(noun, list(facts))


def _by_kind(facts: Sequence[Fact]) -> list[list[Fact]]:
    kinds: dict[type[Fact], list[Fact]] = {}
    for fact in facts:
        kinds.setdefault(type(fact), []).append(fact)
    return list(kinds.values())


async def write(
    database: Database,
    act: Act,
    shape: type[F],
    id_: str,
    work: Callable[[Transaction, Touched], Any],
) -> Done[F]:
    """Run *work* as one change about the *shape* with *id_*; what an earlier act with the same key did, if any."""
    subjects = [id_]
    try:
        seq = (await ledger.write(database, act, work)).seq
    except RepeatedError as repeated:
        if repeated.change.action != act.action:
            raise Conflict(
                f"idempotencyKey {act.idempotency_key!r} was used for {repeated.change.action}, not {act.action}",
                path=("idempotencyKey",),
            ) from None
        if act.fingerprint and repeated.change.fingerprint not in (None, act.fingerprint):
            raise Conflict(
                f"idempotencyKey {act.idempotency_key!r} was used with another input, by change "
                f"{repeated.change.seq}; a repeat says the same, and another act takes another key",
                path=("idempotencyKey",),
            ) from None
        seq = repeated.change.seq
        subjects += repeated.change.subject_ids  # a new thing was given another id then
    found = await records.by_id(database, shape, subjects)
    return Done(seq=seq, subject=next((found[each] for each in subjects if each in found), None))
