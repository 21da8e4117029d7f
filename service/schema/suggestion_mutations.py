"""The mutations that answer a suggestion: a phrase means a skill, or it does not."""

from typing import Any

from service.acts import suggesting
from service.acts.verbs import Done, valid
from service.domain.skills import SuggestionDecision
from service.schema.acting import mutation
from service.schema.asking import this_day
from service.schema.context import Context
from service.schema.inputs import input_of, key_field, values_of

ACCEPTING = "Say that a phrase means a skill: it becomes another name of the skill, and is found by it from now on."
REJECTING = "Say that a phrase does not mean a skill: the skill is no longer suggested for it."


def _deciding(name: str, description: str, *, is_accepted: bool) -> Any:  # noqa: ANN401  # a field
    input_type = input_of(
        SuggestionDecision,
        f"{name[0].upper()}{name[1:]}Input",
        description,
        omit=frozenset({"is_accepted", "decided_on"}),
        extra=(key_field(),),
    )

    async def work(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
        given.phrase = " ".join(given.phrase.split())  # it may have run over lines of the text
        values = {**values_of(given, SuggestionDecision), "is_accepted": is_accepted, "decided_on": this_day()}
        decided = valid(SuggestionDecision, {**values, "id": "-"}, ("input",))
        return await suggesting.decide(context.database, act, decided)

    return mutation(name, "SuggestionDecision", input_type, description, work)


FIELDS = [
    _deciding("acceptSuggestion", ACCEPTING, is_accepted=True),
    _deciding("rejectSuggestion", REJECTING, is_accepted=False),
]
