"""A recorded question asked again: as of the change that was known, on the day that was today."""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, cast

import orjson
import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from graphql import OperationType as Kind
from graphql import parse as read
from strawberry.scalars import JSON
from strawberry.schema import BaseSchema
from strawberry.types import Info
from strawberry.types.graphql import OperationType

from service.domain.changes import DecisionRecord
from service.errors import Conflict, Invalid, NotFound
from service.graph import records
from service.schema import questions
from service.schema.asking import PINNED_DAY
from service.schema.context import Context, Pin
from service.schema.ids import parse
from service.schema.nodes import lazy, shown

if TYPE_CHECKING:
    from strawberry.types.field import StrawberryField

ANSWERABLE_LATER = "known_at"
"""The argument of every question that can be answered from what was known earlier."""

BY_TODAYS_NAMES = frozenset({"searchPeople"})
"""Questions that understand words by the names of today: asked later, the same words may mean something else."""

OUTAGES = frozenset({"UNAVAILABLE", "TIMEOUT", "INTERNAL_SERVER_ERROR"})


async def answer(schema: BaseSchema, context: Context, operation: str, variables: dict[str, Any], pin: Pin) -> Any:  # noqa: ANN401  # JSON
    """What *operation* answers when nothing after *pin* is known, within the limits of any operation.

    Raises Invalid when it is not one query of questions alone, or fails.
    """
    _check(operation, context.settings.max_tokens)
    token = PINNED_DAY.set(pin.day)
    try:
        result = await schema.execute(
            operation,
            variable_values=variables,
            context_value=context.pinned_to(pin),
            allowed_operation_types={OperationType.QUERY},
        )
    finally:
        PINNED_DAY.reset(token)
    for error in result.errors or ():
        if (error.extensions or {}).get("code") in OUTAGES:
            raise error
        raise Invalid(f"the question fails: {error.message}", path=("operation",))
    return result.data


def canonical(answered: Any) -> bytes:  # noqa: ANN401  # JSON
    """*answered* as bytes that are the same for the same answer."""
    return orjson.dumps(answered, option=orjson.OPT_SORT_KEYS)


def digest_of(answered: Any) -> str:  # noqa: ANN401  # JSON
    """SHA-256 of *answered*."""
    return hashlib.sha256(canonical(answered)).hexdigest()


def _check(operation: str, max_tokens: int) -> None:
    where = ("operation",)
    try:
        document = read(operation, max_tokens=max_tokens)
    except GraphQLSyntaxError as error:
        raise Invalid(f"the question cannot be read: {error.message}", path=where) from None
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    kinds = [each.operation.value for each in operations]
    if kinds != [Kind.QUERY.value]:
        raise Invalid(f"it holds {', '.join(kinds) or 'no operation'}; a decision is on one query", path=where)
    for name in _roots(document, operations[0].selection_set, set()):
        if name not in _allowed():
            raise Invalid(f"it asks {name!r}; it may ask {', '.join(sorted(_allowed()))}", path=where)


@cache
def _allowed() -> frozenset[str]:
    """The questions that can be answered from what was known earlier."""
    return frozenset(
        name
        for name, asked in cast("dict[str, StrawberryField]", questions.FIELDS).items()
        if name not in BY_TODAYS_NAMES and any(each.python_name == ANSWERABLE_LATER for each in asked.arguments)
    )


def _roots(document: DocumentNode, selected: SelectionSetNode, seen: set[str]) -> Iterator[str]:
    """Names of the fields that *selected* holds, also through fragments."""
    for each in selected.selections:
        if isinstance(each, FieldNode):
            yield each.name.value
        elif isinstance(each, InlineFragmentNode):
            yield from _roots(document, each.selection_set, seen)
        elif isinstance(each, FragmentSpreadNode) and each.name.value not in seen:
            seen.add(each.name.value)
            for fragment in document.definitions:
                if isinstance(fragment, FragmentDefinitionNode) and fragment.name.value == each.name.value:
                    yield from _roots(document, fragment.selection_set, seen)


@strawberry.type(description="A recorded question asked again, from what was known and on the day that was today then.")
class Replay:
    """A recorded question asked again."""

    answer: JSON = strawberry.field(description="The data it answers.")
    is_identical: bool = strawberry.field(description="Whether that is the answer that was decided on, to the letter.")
    decision: lazy("DecisionRecord") = strawberry.field(  # type: ignore[valid-type]  # made at run time
        description="The record, with the choice and its reason."
    )


DECISION = strawberry.argument(description="The record of the decision.")


async def _replay(info: Info[Context, None], decision: Annotated[strawberry.ID, DECISION]) -> Replay:
    context = info.context
    id_ = parse(decision, "DecisionRecord", path=("decision",))[1]
    found = (await records.by_id(context.database, DecisionRecord, [id_])).get(id_)
    if found is None:
        raise NotFound(f"There is no DecisionRecord {id_!r}", path=("decision",))
    context.ask_again()
    pin = Pin(known_seq=found.known_seq, day=found.asked_on)
    try:
        again = await answer(info.schema, context, found.operation, json.loads(found.variables), pin)
    except Invalid as error:
        raise Conflict(f"This version of the registry cannot ask it again: {error.message}") from None
    return Replay(answer=again, is_identical=digest_of(again) == found.digest, decision=shown(found))


FIELDS = {
    "replay": strawberry.field(
        resolver=_replay,
        description="Ask a recorded question again, as it was asked: the same answer, whatever changed since.",
    ),
}
