"""The mutations of decisions: a question kept with what was known, what it answered, and what people chose."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

from service.acts import verbs
from service.acts.verbs import valid
from service.capability.columns import day_number
from service.domain.changes import DecisionRecord
from service.domain.policy import LEVEL_RULE
from service.errors import Invalid
from service.schema import acting
from service.schema.acting import INPUT, correcting, input_named, retiring
from service.schema.asking import this_day
from service.schema.context import Context, Pin
from service.schema.ids import own_id_in
from service.schema.inputs import own_id_field
from service.schema.nodes import shown
from service.schema.payloads import AS_DATA, errors_of, payload_of
from service.schema.replay_question import answer, digest_of

VARIABLES = "Its variables: an object, or its text as JSON; none when absent."
KNOWN = "Number of the last change that was known, as the answer's knownSeq tells it; the last one when absent."
AS_OF = (
    "The day it was asked, which counted as today; today when absent. A day asked about belongs to the question's own "
    "arguments."
)
CHOSEN = (
    "The person chosen, by an id that the answer holds, so let the question ask for `person { id }`; a blind list "
    "names nobody, and there anybody can be chosen. Nobody when absent."
)
BLIND = re.compile("Candidate [0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}")
"""The name of somebody in a blind list."""
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
    ("reason", str | None, strawberry.field(description="Why; a choice has a reason.", default=None)),
)
Payload = payload_of("DecisionRecord")


async def _record_decision(info: Info[Context, None], input: Annotated[RecordDecisionInput, INPUT]) -> Any:  # type: ignore[valid-type]  # noqa: A002, ANN401  # the API's own word
    context = info.context
    try:
        act = acting.act_of(context, "recordDecision", input)
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
    pin = _pin(given, snapshot.seq)
    variables = _variables(given.variables)
    context.ask_again()
    answered = await answer(info.schema, context, given.operation, variables, pin)
    chosen_id = own_id_in(given.chosen_id, "Person", ("chosenId",))
    if chosen_id is not None:
        _check_choice(str(given.chosen_id), answered)
    in_force = {LEVEL_RULE, snapshot.policy(day_number(pin.day), pin.known_seq).version}
    values = {
        "id": acting.own_id(given),
        "title": given.title,
        "operation": given.operation,
        "variables": json.dumps(variables, ensure_ascii=False, sort_keys=True),
        "asked_on": pin.day,
        "known_seq": pin.known_seq,
        "versions": sorted(in_force | set(_named(answered))),
        "digest": digest_of(answered),
        "chosen_id": chosen_id,
        "decided_by": given.decided_by,
        "reason": given.reason,
    }
    return valid(DecisionRecord, values, ("input",))


def _pin(given: Any, last: int) -> Pin:  # noqa: ANN401  # the input
    """What counted as now when the question was asked; *last* is the number of the last change."""
    known, today = given.known_seq, this_day()
    if known is not None and known < 0:
        raise Invalid(f"knownSeq {known} is not a number of a change; 0 is before the first", path=("knownSeq",))
    if known is not None and known > last:
        raise Invalid(f"knownSeq {known} is not known yet; the last change is {last}", path=("knownSeq",))
    if given.as_of is not None and given.as_of > today:
        raise Invalid(
            f"asOf {given.as_of} is after today, {today}, so nobody has asked on it; a day asked about belongs to "
            "the question's own arguments",
            path=("asOf",),
        )
    return Pin(known_seq=last if known is None else known, day=given.as_of or today)


def _check_choice(chosen: str, answered: object) -> None:
    """Raise Invalid when *answered* names people, and *chosen* is none of them."""
    told = set(_texts(answered))
    if chosen not in told and not any(BLIND.fullmatch(each) for each in told):
        raise Invalid(
            f"chosenId {chosen!r} is not in the answer; choose somebody whose id it holds, as `person {{ id }}`",
            path=("chosenId",),
        )


def _texts(answered: object) -> Iterator[str]:
    """Every text of an answer."""
    if isinstance(answered, str):
        yield answered
    elif isinstance(answered, list | dict):
        for each in answered.values() if isinstance(answered, dict) else answered:
            yield from _texts(each)


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
