"""Skills suggested for a pasted text; none is active until a person accepts it."""

from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from service.capability import suggesting
from service.capability.suggesting import NameKind, Suggestion
from service.errors import Invalid
from service.schema.asking import reckon
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.keyset import page_of
from service.schema.nodes import Connection, edge
from service.schema.scalars import After, First, PageSize

LONGEST: Final = 20_000
"""Characters that a text may have."""

describe(
    NameKind,
    {
        "EXACT": "The phrase is a name of the skill, letter by letter.",
        "INFLECTED": "The phrase is a name of the skill in another form of its words.",
        "NEAR": "The phrase has the telling words of a name of the skill.",
    },
)

TEXT = strawberry.argument(description="The text, as a job advert or a description of work; 20,000 characters at most.")
LANGUAGE = strawberry.argument(description="Language of the text, as en.")
LEAST = strawberry.argument(description="Least confidence, 0 to 1; from 0.5 on more likely right than wrong.")


@strawberry.type(description="A skill that a phrase may mean.")
class SuggestedSkill:
    """A skill that a phrase may mean."""

    skill_id: strawberry.Private[str]
    matched_label: str = strawberry.field(description="The name of the skill that the phrase says or nearly says.")
    kind: NameKind = strawberry.field(description="How the phrase says it.")
    confidence: float = strawberry.field(
        description="How sure it is, 0 to 1: of suggestions with 0.8 about eight of ten are right."
    )
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)


@strawberry.type(description="A phrase of the text, and the skills that it may mean.")
class SkillSuggestion:
    """A phrase of the text, and the skills that it may mean."""

    start: int = strawberry.field(description="Place of its first character in the text, from 0.")
    end: int = strawberry.field(description="Place behind its last character.")
    phrase: str = strawberry.field(description="The characters between.")
    candidates: list[SuggestedSkill] = strawberry.field(
        description="The skills that it may mean, the surest first; at most five."
    )
    is_unambiguous: bool = strawberry.field(
        description="Whether the phrase is, letter by letter, a name of one skill and of no other."
    )


def _shown(text: str, found: Suggestion) -> SkillSuggestion:
    return SkillSuggestion(
        start=found.start,
        end=found.end,
        phrase=text[found.start : found.end],
        candidates=[
            SuggestedSkill(
                skill_id=each.skill_id, matched_label=each.matched_label, kind=each.kind, confidence=each.confidence
            )
            for each in found.candidates
        ],
        is_unambiguous=found.is_unambiguous,
    )


async def suggest_skills(  # the arguments of the question
    info: Info[Context, None],
    text: Annotated[str, TEXT],
    language: Annotated[str, LANGUAGE] = "en",
    min_confidence: Annotated[float, LEAST] = suggesting.SURE,
    first: First = PageSize(50),
    after: After = None,
) -> Connection[SkillSuggestion]:
    """Answer ``suggestSkills``: phrase by phrase."""
    if len(text) > LONGEST:
        raise Invalid(f"the text has {len(text)} characters; at most {LONGEST} are read", path=("text",))
    if not 0 <= min_confidence <= 1:
        raise Invalid(f"minConfidence {min_confidence} is not between 0 and 1", path=("minConfidence",))
    context = info.context
    vocabulary = await context.live.skill_names.vocabulary()
    found = await reckon(context, lambda: suggesting.suggest(vocabulary, text, language, min_confidence))
    return page_of(found, lambda each: f"{each.start:06d}", lambda each: _shown(text, each), first, after)


SUGGESTIONS = {
    "suggestSkills": strawberry.field(
        resolver=suggest_skills,
        description="Skills that a text may ask for, phrase by phrase. They are proposals: nothing is recorded.",
    )
}
