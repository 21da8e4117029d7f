"""The mutations of decisions: a question kept with what was known, what it answered, and what people chose."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info
from uuid6 import uuid7

from service.acts import verbs
from service.acts.verbs import valid
from service.capability.columns import day_number
from service.domain.changes import DecisionRecord
from service.domain.policy import LEVEL_RULE
from service.errors import Invalid
from service.schema.acting import INPUT, correcting, input_named, retiring
from service.schema.asking import this_day
from service.schema.context import Context, Pin
from service.schema.ids import parse
from service.schema.inputs import own_id_field
from service.schema.nodes import shown
from service.schema.payloads import AS_DATA, errors_of, payload_of
from service.schema.replay_question import answer, digest_of

VARIABLES = "Its variables: an object, or its text as JSON; none when absent."
KNOWN = "Number of the last change that was known, as the answer's knownSeq tells it; the last one when absent."
AS_OF = "The day that counted as today; today when absent."
CHOSEN = "The person chosen; nobody when absent."
DESCRIPTION = (
    "Keep a question with its arguments, the rules and policies it was answered by, and what was known, together with "
    "the choice made on its answer. `replay` gives the same answer later, whatever has changed."
)
HUMAN = frozenset({"operation", "variables", "asked_on", "known_seq", "versions", "digest"})

RecordDecisionInput = input_named(
    "recordDecision",
    DESCRIPTION,
    own_id_field("DecisionRecord"),
    ("title", str, strawberry.field(description="What was to be decided.")),
    ("operation", str, strawberry.field(description="The question: a GraphQL query of questions that take knownAt.")),
    ("variables", JSON | None, strawberry.field(description=VARIABLES, default=None)),
    ("known_seq", int | None, strawberry.field(description=KNOWN, default=None)),
    ("as_of", date | None, strawberry.field(description=AS_OF, default=None)),
    ("chosen_id", strawberry.ID | None, strawberry.field(description=CHOSEN, default=None)),
    ("decided_by", str, strawberry.field(description="Who decided.")),
    ("reason", str | None, strawberry.field(description="Why.", default=None)),
)
Payload = payload_of("DecisionRecord")


async def _record_decision(info: Info[Context, None], input: Annotated[RecordDecisionInput, INPUT]) -> Any:  # type: ignore[valid-type]  # noqa: A002, ANN401  # the API's own word
    context = info.context
    try:
        act = context.act("recordDecision", input.idempotency_key)  # type: ignore[attr-defined]
        record = await _decided(info, input)
        done = await verbs.record(context.database, act, record)
    except AS_DATA as error:
        return Payload(result=None, seq=None, errors=errors_of(error))
    context.forget()
    return Payload(result=None if done.subject is None else shown(done.subject), seq=done.seq, errors=[])


async def _decided(info: Info[Context, None], given: Any) -> DecisionRecord:  # noqa: ANN401  # the input
    """The record of what *given* says, its question asked once."""
    context = info.context
    snapshot = await context.snapshot()
    if given.known_seq is not None and not 0 <= given.known_seq <= snapshot.seq:
        raise Invalid(
            f"knownSeq {given.known_seq} is not known yet; the last change is {snapshot.seq}", path=("knownSeq",)
        )
    pin = Pin(
        known_seq=snapshot.seq if given.known_seq is None else given.known_seq,
        day=given.as_of or this_day(),
    )
    variables = _variables(given.variables)
    context.ask_again()
    answered = await answer(info.schema, context, given.operation, variables, pin)
    in_force = {LEVEL_RULE, snapshot.policy(day_number(pin.day), pin.known_seq).version}
    values = {
        "id": given.code if given.code is not None else str(uuid7()),
        "title": given.title,
        "operation": given.operation,
        "variables": json.dumps(variables, ensure_ascii=False, sort_keys=True),
        "asked_on": pin.day,
        "known_seq": pin.known_seq,
        "versions": sorted(in_force | set(_named(answered))),
        "digest": digest_of(answered),
        "chosen_id": parse(given.chosen_id, "Person", path=("chosenId",))[1] if given.chosen_id else None,
        "decided_by": given.decided_by,
        "reason": given.reason,
    }
    return valid(DecisionRecord, values, ("input",))


def _variables(given: object) -> dict[str, Any]:
    try:
        read = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        raise Invalid(f"variables {str(given)[:100]!r} is not JSON", path=("variables",)) from None
    if not isinstance(read, dict | None):
        raise Invalid(f"variables {str(given)[:100]!r} is not an object", path=("variables",))
    return read or {}


def _named(answered: object) -> Iterator[str]:
    """The rules and policies that an answer names, wherever it does."""
    if isinstance(answered, list):
        for each in answered:
            yield from _named(each)
    if isinstance(answered, dict):
        for name, value in answered.items():
            if isinstance(value, str) and name.lower().endswith(("policy", "rule")):
                yield value
            yield from _named(value)


_record_decision.__annotations__["return"] = Payload

FIELDS = [
    strawberry.mutation(resolver=_record_decision, name="recordDecision", description=DESCRIPTION),
    correcting(
        "correctDecision",
        DecisionRecord,
        "Correct the title of a recorded decision, who was chosen, by whom or why; the question stays as it was asked.",
        omit=HUMAN,
    ),
    retiring("withdrawDecision", DecisionRecord, "Take a decision that was recorded by mistake out."),
]
