"""The audit trail: who changed what and when, found by subject, actor, action or time, and followed from any number."""

import dataclasses
import inspect
from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any, TypeVar, get_type_hints

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

from service.domain import changes
from service.domain.values import Fact
from service.errors import Invalid
from service.graph import audit, ledger, subjects
from service.graph.audit import ChangeOutcome, Touch, Wanted
from service.graph.database import Database, Row
from service.graph.nouns import BY_LABEL
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.ids import global_id, parse
from service.schema.inputs import HIDDEN, camel, targets_of
from service.schema.nodes import Connection, Node, connection, doc_of, field, key_of, plain
from service.schema.scalars import After, First, PageSize

C = TypeVar("C", bound=type[Any])

describe(
    ChangeOutcome,
    {
        "RECORDED": "It was not current before.",
        "CORRECTED": "Something else held before.",
        "RETIRED": "It is not current any more.",
    },
)


@strawberry.type(description="One field of a fact that a change made different.")
class FieldChange:
    """One field of a fact that a change made different."""

    name: str = strawberry.field(description="The field, as unitId; ids of other things are those of the API.")
    before: JSON | None = strawberry.field(description="Its value before; null: none, or the fact was not there.")
    after: JSON | None = strawberry.field(description="Its value from then on; null: none, or the fact was retired.")


@strawberry.type(description="One fact that a change recorded, corrected or retired.")
class ChangedFact:
    """One fact that a change recorded, corrected or retired."""

    touch: strawberry.Private[Touch]
    kind: str = strawberry.field(description="Its noun, as Assertion.")
    id: strawberry.ID = strawberry.field(description="Its id; ask `node` for it, with `knownAt` as it was.")
    outcome: ChangeOutcome = strawberry.field(description="What became of it.")

    @field
    async def node(self, info: Info[Context, None]) -> Node | None:
        """The thing as it is now; null when it is not current any more."""
        found = await info.context.load(self.kind, self.touch.id)
        is_current = found is not None and found.retracted_seq is None
        current: Node | None = found if is_current else None
        return current

    @field
    async def fields(self, info: Info[Context, None]) -> list[FieldChange]:
        """The fields that differ, with their values before and after."""
        before, after = self.touch.before or {}, self.touch.after or {}
        shape = BY_LABEL[self.kind].fact
        return [
            FieldChange(
                name=camel(each.name),
                before=await _value(info.context, shape, each.name, before),
                after=await _value(info.context, shape, each.name, after),
            )
            for each in fields(shape)
            if each.name not in HIDDEN and _plainly(before, each.name) != _plainly(after, each.name)
        ]


def _plainly(row: Row, name: str) -> Any:  # noqa: ANN401  # a property of the graph
    """The value of a field; an empty list is as good as none, since imports write neither."""
    value = row.get(name)
    return None if value == [] else value


async def _value(context: Context, shape: type[Fact], name: str, row: Row) -> Any:  # noqa: ANN401  # JSON
    value, labels = row.get(name), targets_of(shape).get(name, ())
    if not labels or not value:
        return value
    if isinstance(value, list):
        return [global_id(labels[0], each) for each in value]
    for label in labels[:-1]:
        if await context.load(label, value) is not None:
            return global_id(label, value)
    return global_id(labels[-1], value)


def published(cls: C) -> C:
    """Give *cls*, a subclass of the domain's Change, the descriptions that the domain's fields have."""
    annotations = dict(inspect.get_annotations(cls))
    hints = get_type_hints(changes.Change, include_extras=True)
    for listed in fields(changes.Change):
        if listed.name not in annotations:
            annotations[listed.name] = plain(hints[listed.name])
            setattr(cls, listed.name, strawberry.field(description=doc_of(hints[listed.name])))
    cls.__annotations__ = annotations
    return cls


SUBJECT_IDS = "Ids of what it recorded, corrected or retired; the first 100."


async def _subject_ids(self: "Change", info: Info[Context, None]) -> list[strawberry.ID]:
    kinds = self.subject_kinds or [await _kind_of(info.context, self.kinds, id_) for id_ in self.subject_ids]
    return [global_id(kind, id_) for kind, id_ in zip(kinds, self.subject_ids, strict=True)]


async def _kind_of(context: Context, kinds: list[str], id_: str) -> str:
    """The noun of an id that a change of an earlier version names without it."""
    for kind in kinds[1:]:
        if await context.load(kind, id_) is not None:
            return kind
    return kinds[0]


@strawberry.type(name="Change", description=changes.Change.__doc__)
@published
class Change(changes.Change):
    """One write to the registry."""

    idempotency_key: strawberry.Private[str | None] = None
    fingerprint: strawberry.Private[str | None] = None
    subject_ids: strawberry.Private[list[str]]
    subject_kinds: strawberry.Private[list[str]] = dataclasses.field(default_factory=list)

    global_ids = strawberry.field(  # pyright: ignore[reportGeneralTypeIssues]  # Strawberry annotates it itself
        resolver=_subject_ids, name="subjectIds", description=SUBJECT_IDS
    )

    @field
    async def facts(
        self, info: Info[Context, None], first: First = PageSize(50), after: After = None
    ) -> Connection[ChangedFact]:
        """What it recorded, corrected and retired, by noun and id."""
        kind, _, id_ = key_of(after).partition(" ")
        database = info.context.database
        found = await audit.touched(database, self, after=(kind, id_), first=first + 1)
        items = [
            ChangedFact(touch=each, kind=each.kind, id=global_id(each.kind, each.id), outcome=each.outcome)
            for each in found
        ]

        async def counting() -> int:
            return await audit.count_touched(database, self)

        return connection(items, [f"{each.kind} {each.id}" for each in found], first, after, counting)


def shown_change(change: changes.Change) -> Change:
    """*change* as clients see it."""
    made = object.__new__(Change)
    made.__dict__.update(vars(change))
    return made


AFTER_SEQ = strawberry.argument(description="Only changes after this number: those a client has not seen yet.")
SUBJECT = strawberry.argument(
    description="Only changes that concern this thing: that touched it, a fact that names it, or a part of what "
    "belongs to it, as the evidence of a person's assertion; also what is retired by now."
)
ACTOR = strawberry.argument(description="Only changes by this actor.")
ACTION = strawberry.argument(description="Only changes by this act, as verifyAssertion.")
SINCE = strawberry.argument(description="Only changes at or after this instant.")
UNTIL = strawberry.argument(description="Only changes before this instant.")

AfterSeq = Annotated[int | None, AFTER_SEQ]
Subject = Annotated[strawberry.ID | None, SUBJECT]
Actor = Annotated[str | None, ACTOR]


async def _changes(  # noqa: PLR0913, PLR0917  # the arguments of the list
    info: Info[Context, None],
    first: First = PageSize(50),
    after: After = None,
    after_seq: AfterSeq = None,
    subject: Subject = None,
    actor: Actor = None,
    action: Annotated[str | None, ACTION] = None,
    since: Annotated[datetime | None, SINCE] = None,
    until: Annotated[datetime | None, UNTIL] = None,
) -> Connection[Change]:
    database = info.context.database
    start = await checked(database, after_seq) or 0
    wanted = Wanted(actor=actor, action=action, since=since, until=until)
    begin = max(start, _seq_of(after))
    if subject is None:
        found = await audit.search(database, wanted, begin, first + 1)

        async def counting() -> int:
            return await audit.count(database, wanted, start)
    else:
        numbers = await subjects.numbers(database, *parse(subject, path=("subject",)), after=start)
        found = await audit.among(database, wanted, [seq for seq in numbers if seq > begin], first + 1)

        async def counting() -> int:
            return await audit.count_among(database, wanted, numbers)

    return connection([shown_change(each) for each in found], [str(each.seq) for each in found], first, after, counting)


async def checked(database: Database, after_seq: int | None) -> int | None:
    """*after_seq*; Invalid when no change has that number."""
    if after_seq is not None and after_seq < 0:
        raise Invalid(f"afterSeq {after_seq} is not a number of a change; 0 is before the first", path=("afterSeq",))
    if after_seq is not None and after_seq > (last := (await ledger.position(database))[0]):
        raise Invalid(f"afterSeq {after_seq} is ahead of the registry, whose last change is {last}", path=("afterSeq",))
    return after_seq


def _seq_of(cursor: str | None) -> int:
    key = key_of(cursor)
    if key and not key.isdecimal():
        raise Invalid(f"{cursor!r} is not a cursor of a change", path=("after",))
    return int(key or 0)


FIELDS = {
    "changes": strawberry.field(
        resolver=_changes, description="Every write, in order: the audit trail, to be followed from any cursor."
    ),
}
