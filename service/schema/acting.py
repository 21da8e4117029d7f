"""How a mutation is made: one verb per business act, one input, one payload, all through the same door to the acts."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry import UNSET
from strawberry.types import Info
from uuid6 import uuid7

from service.acts import verbs
from service.acts.verbs import Done, Guard, Parts, valid, valid_text
from service.domain.identity import READABLE, derived
from service.domain.learning import CourseOutcome
from service.domain.proof import Evidence
from service.domain.roles import Requirement
from service.domain.values import Fact, Id
from service.errors import Invalid
from service.graph.ledger import Act
from service.graph.nouns import noun_of
from service.schema.context import Context
from service.schema.ids import parse
from service.schema.inputs import id_field, input_of, key_field, own_id_field, values_of
from service.schema.nodes import class_of, shown
from service.schema.payloads import AS_DATA, errors_of, payload_of

INPUT = strawberry.argument(description="What the act is about.")

Work = Callable[[Context, Any, Any], Awaitable[Done[Any]]]


def mutation(name: str, label: str, input_type: type[Any], description: str, work: Work) -> Any:  # noqa: ANN401
    """The field *name*: takes one *input_type*, does *work* as one act, returns a payload of *label*."""
    payload = payload_of(label)

    async def resolve(info: Info[Context, None], input: Any) -> Any:  # noqa: A002, ANN401  # the API's own word
        context = info.context
        try:
            done = await work(context, act_of(context, name, input), input)
        except AS_DATA as error:
            return payload(result=None, seq=None, errors=errors_of(error))
        context.forget()
        return payload(result=None if done.subject is None else shown(done.subject), seq=done.seq, errors=[])

    resolve.__annotations__.update({"input": Annotated[input_type, INPUT], "return": payload})
    return strawberry.mutation(resolver=resolve, name=name, description=description)


def act_of(context: Context, name: str, given: Any) -> Act:  # noqa: ANN401  # an input with the key field
    """What the mutation *name* with the input *given* says about itself in the ledger."""
    if given.idempotency_key is None:
        return context.act(name, None)
    said = json.dumps(_said(given), sort_keys=True, default=str)
    return context.act(name, given.idempotency_key, hashlib.sha256(said.encode()).hexdigest())


def own_id(given: Any) -> str:  # noqa: ANN401  # an input with the field code
    """The id of a new thing: the house's own code, or one that is made."""
    return str(uuid7()) if given.code is None else valid_text(Id, given.code, ("input", "code"))


def _said(given: Any) -> Any:  # noqa: ANN401  # an input, or a value of one
    """What an input says, field by field, without those left out and without its key."""
    if isinstance(given, list):
        return [_said(each) for each in given]
    if not is_dataclass(given):
        return given
    values = {each.name: getattr(given, each.name) for each in fields(given) if each.name != "idempotency_key"}
    return {name: _said(value) for name, value in values.items() if value is not UNSET}


@dataclass(frozen=True, kw_only=True)
class PartOf:
    """Parts that an input may bring along: the field, their noun, and how they name their owner."""

    field: str
    shape: type[Fact]
    owner_field: str
    description: str

    @property
    def input(self) -> type[Any]:
        """The input of one part."""
        return PART_INPUTS[self.shape]

    def column(self) -> tuple[str, Any, Any]:
        """The field of the owner's input."""
        return (self.field, list[self.input] | None, strawberry.field(description=self.description, default=UNSET))  # type: ignore[name-defined]

    def facts(self, given: Any, owner_id: str) -> list[Fact]:  # noqa: ANN401  # the owner's input
        """The parts that the owner's input *given* brings; Invalid when a part is wrong or comes twice."""
        made: dict[str, Fact] = {}
        for at, each in enumerate(getattr(given, self.field) or ()):
            path = ("input", self.field, at)
            values = {**values_of(each, self.shape, path), self.owner_field: owner_id}
            fact = valid(self.shape, {**values, "id": str(uuid7())}, path)
            if self.shape in READABLE:
                fact.id = derived(fact)
            if fact.id in made:
                raise Invalid(f"skill {values['skill_id']!r} comes twice", path=path)
            made[fact.id] = fact
        return list(made.values())


PART_INPUTS: dict[type[Fact], type[Any]] = {
    Requirement: input_of(
        Requirement, "RequirementInput", "A skill at a level that work asks for.", omit=frozenset({"owner_id"})
    ),
    CourseOutcome: input_of(
        CourseOutcome, "CourseOutcomeInput", "A skill that a course develops.", omit=frozenset({"course_id"})
    ),
    Evidence: input_of(Evidence, "EvidenceInput", "What supports an assertion.", omit=frozenset({"assertion_id"})),
}

REQUIREMENTS = PartOf(
    field="requirements",
    shape=Requirement,
    owner_field="owner_id",
    description="What it asks for; replaces what was there.",
)
OUTCOMES = PartOf(
    field="outcomes",
    shape=CourseOutcome,
    owner_field="course_id",
    description="What it develops; replaces what was there.",
)
EVIDENCE = PartOf(field="evidence", shape=Evidence, owner_field="assertion_id", description="What supports it.")


async def _record(  # noqa: PLR0913, PLR0917  # each says one thing about the verb
    shape: type[Fact],
    omit: Mapping[str, Any],
    part: PartOf | None,
    check: Callable[[Any, list[Fact]], None] | None,
    guard: Guard[Any] | None,
    context: Context,
    act: Any,  # noqa: ANN401
    given: Any,  # noqa: ANN401
) -> Done[Any]:
    id_ = own_id(given)
    subject = valid(shape, {**values_of(given, shape), **omit, "id": id_}, ("input",))
    parts = part.facts(given, id_) if part is not None else []
    if check is not None:
        check(subject, parts)
    return await verbs.record(context.database, act, subject, *parts, guard=guard)


async def _correct(
    shape: type[Fact],
    part: PartOf | None,
    check: Callable[[Any], None] | None,
    context: Context,
    act: Any,  # noqa: ANN401
    given: Any,  # noqa: ANN401
) -> Done[Any]:
    _, id_ = parse(given.id, noun_of(shape).label, path=("input", "id"))
    values = values_of(given, shape)

    def changes(current: Any) -> Mapping[str, Any]:  # noqa: ANN401  # a *shape*
        if check is not None:
            check(current)
        return values

    parts: Parts[Any] | None = None
    if part is not None and getattr(given, part.field) is not UNSET:
        parts = Parts(shape=part.shape, owner_field=part.owner_field, facts=part.facts(given, id_))
    return await verbs.correct(context.database, act, shape, id_, changes, parts)


async def _retire(shape: type[Fact], context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    _, id_ = parse(given.id, noun_of(shape).label, path=("input", "id"))
    return await verbs.retire(context.database, act, shape, id_)


def recording(  # each says one thing about the verb
    name: str,
    shape: type[Fact],
    description: str,
    *,
    fixed: Mapping[str, Any] | None = None,
    part: PartOf | None = None,
    check: Callable[[Any, list[Fact]], None] | None = None,
    guard: Guard[Any] | None = None,
) -> Any:  # noqa: ANN401  # a field
    """The verb *name* that records a new *shape*, with its parts; *fixed* fields are not asked for."""
    label = noun_of(shape).label
    extra = (own_id_field(label), *((part.column(),) if part else ()), key_field())
    input_type = input_of(
        shape, f"{name[0].upper()}{name[1:]}Input", description, omit=frozenset(fixed or ()), extra=extra
    )
    return mutation(name, label, input_type, description, partial(_record, shape, fixed or {}, part, check, guard))


def correcting(  # each says one thing about the verb
    name: str,
    shape: type[Fact],
    description: str,
    *,
    omit: frozenset[str] = frozenset(),
    part: PartOf | None = None,
    check: Callable[[Any], None] | None = None,
) -> Any:  # noqa: ANN401  # a field
    """The verb *name* that records what holds of a *shape* from now on; *check* may refuse by its current state."""
    label = noun_of(shape).label
    extra = (id_field(label, ""), *((part.column(),) if part else ()), key_field())
    input_type = input_of(
        shape, f"{name[0].upper()}{name[1:]}Input", description, omit=omit, is_correction=True, extra=extra
    )
    return mutation(name, label, input_type, description, partial(_correct, shape, part, check))


def input_named(name: str, description: str, *columns: tuple[str, Any, Any]) -> type[Any]:
    """The input of the verb *name*."""
    title = f"{name[0].upper()}{name[1:]}Input"
    return strawberry.input(class_of(title, [*columns, key_field()]), name=title, description=description)


def retiring(name: str, shape: type[Fact], description: str) -> Any:  # noqa: ANN401  # a field
    """The verb *name* that ends a *shape*."""
    label = noun_of(shape).label
    input_type = input_named(name, description, id_field(label, ""))
    return mutation(name, label, input_type, description, partial(_retire, shape))


def turning(
    name: str,
    shape: type[Fact],
    description: str,
    change: Callable[[Any], Mapping[str, Any]],
    guard: Guard[Any] | None = None,
) -> Any:  # noqa: ANN401  # a field
    """A verb that takes only the thing's id, and changes what *change* returns for its current state."""
    label = noun_of(shape).label

    async def work(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
        _, id_ = parse(given.id, label, path=("input", "id"))
        return await verbs.correct(context.database, act, shape, id_, change, guard=guard)

    return mutation(name, label, input_named(name, description, id_field(label, "")), description, work)
