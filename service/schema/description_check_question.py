"""What is wrong with a job description: its requirements, the people there are, and its words."""

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from service.capability import description_checks as checks
from service.capability.description_checks import (
    FEWEST_FOR_SHARE,
    MOST_MUST_HAVE_SHARE,
    MOST_MUST_HAVES,
    FindingKind,
    FindingSeverity,
)
from service.capability.index import Snapshot
from service.capability.plain_words import VAGUE_WORDS
from service.errors import Invalid
from service.schema.asking import Known, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.description_question import words_of
from service.schema.enums import describe
from service.schema.ids import own_id_in, parse
from service.schema.nodes import edge

describe(
    FindingKind,
    {
        "NO_REQUIREMENTS": "The profile requires nothing.",
        "GROUP_SKILL": "It asks for a heading of the classification, which nobody holds.",
        "DEPRECATED_SKILL": "It asks for a skill that is no longer to be used.",
        "DRAFT_SKILL": "It asks for a skill that no curator has published.",
        "NOBODY_HAS_IT": "Nobody in service on the day has the must-have at its level and trust.",
        "NOBODY_MEETS_ALL": "Each must-have is held by somebody, and nobody in service is eligible.",
        "TOO_MANY_MUST_HAVES": f"More than {MOST_MUST_HAVES} requirements are mandatory, or, of "
        f"{FEWEST_FOR_SHARE} or more, a larger share than {MOST_MUST_HAVE_SHARE:g}.",
        "NO_LEVELS": "Level 1 is asked of every skill that has more levels.",
        "NO_LEVEL_MEANINGS": "Neither the skill nor its scale says what the level asked for means.",
        "NOT_IN_OCCUPATION": "The occupation compared with does not list the must-have.",
        "MISSING_IN_TEXT": "No name of the must-have stands in the title or the text.",
        "VAGUE_WORDS": f"The English text asks for nothing that can be shown or checked: {', '.join(VAGUE_WORDS)}.",
    },
)
describe(
    FindingSeverity,
    {
        "ERROR": "It cannot be used so.",
        "WARNING": "It will probably find nobody, or mislead who reads it.",
        "HINT": "It could be clearer.",
    },
)


@strawberry.type(description="One thing that is wrong with a job description.")
class DescriptionFinding:
    """One thing that is wrong with a job description."""

    skill_id: strawberry.Private[str | None]
    successor_id: strawberry.Private[str | None]
    kind: FindingKind = strawberry.field(description="What is wrong.")
    severity: FindingSeverity = strawberry.field(description="How much it matters.")
    sentence: str = strawberry.field(description="The same in a sentence.")
    lower_count: int | None = strawberry.field(description="NOBODY_HAS_IT: people who hold it below the level.")
    unverified_count: int | None = strawberry.field(
        description="NOBODY_HAS_IT: people who would have it if claims were believed."
    )
    start: int | None = strawberry.field(
        description="VAGUE_WORDS: characters of the text before the word, where it first stands."
    )
    end: int | None = strawberry.field(description="VAGUE_WORDS: characters of the text up to the end of the word.")
    count: int | None = strawberry.field(description="VAGUE_WORDS: how often the word stands there.")
    skill = edge("Skill", "skill_id", "The skill it is about.")
    successor = edge("Skill", "successor_id", "DEPRECATED_SKILL: the skill to use instead.")


@strawberry.type(description="What is wrong with a job description or role profile, and the counts behind.")
class DescriptionCheck:
    """What is wrong with a job description or role profile, and the counts behind."""

    description_id: strawberry.Private[str | None]
    profile_id: strawberry.Private[str]
    findings: list[DescriptionFinding] = strawberry.field(
        description="The gravest first, then by kind, then in the order of the requirements or of the text."
    )
    requirement_count: int = strawberry.field(description="Skills required.")
    mandatory_count: int = strawberry.field(description="Those of them that are mandatory.")
    people_count: int = strawberry.field(description="People in service on the day.")
    eligible_count: int = strawberry.field(description="Those of them who meet every must-have, or are exempt.")
    as_of: date = strawberry.field(description="Day asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    level_rule: str = strawberry.field(description="The rule by which effective levels were chosen.")
    job_description = edge("JobDescription", "description_id", "The text checked; null: only a profile was.")
    profile = edge("RoleProfile", "profile_id", "The profile checked.", is_required=True)


DAY = strawberry.argument(description="Day asked about; today when absent.")
Day = Annotated[date | None, DAY]

TEXT = strawberry.argument(description="The job description, with the profile it cites.")
ONLY_PROFILE = strawberry.argument(description="Instead of a job description: a role profile, which has no text.")
OCCUPATION = strawberry.argument(
    description="A role of ESCO or O*NET that is comparable: must-haves it lacks are told."
)


async def check_job_description(
    info: Info[Context, None],
    job_description: Annotated[strawberry.ID | None, TEXT] = None,
    profile: Annotated[strawberry.ID | None, ONLY_PROFILE] = None,
    occupation: Annotated[strawberry.ID | None, OCCUPATION] = None,
    as_of: Day = None,
    known_at: Known = None,
) -> DescriptionCheck:
    """Answer ``checkJobDescription``."""
    context = info.context
    if (job_description is None) == (profile is None):
        raise Invalid("give either jobDescription or profile", path=("jobDescription",))
    occupation_id = own_id_in(occupation, "Role", ("occupation",))
    snapshot, known = await known_for(info, known_at)
    description = None
    if job_description is not None:
        description = await _description(context, snapshot, job_description, known)
    profile_id = description.profile_id if description else parse(profile or "", "RoleProfile", path=("profile",))[1]
    words = await words_of(context, snapshot, profile_id, known)
    day = as_of or this_day()
    found = await reckon(
        context,
        lambda: checks.check(
            snapshot, profile_id, words, description, day=day, known=known, occupation_id=occupation_id
        ),
    )
    return DescriptionCheck(
        description_id=description.id if description else None,
        profile_id=found.profile_id,
        findings=[_finding(each) for each in found.findings],
        requirement_count=found.requirements,
        mandatory_count=found.mandatory,
        people_count=found.people,
        eligible_count=found.eligible,
        as_of=found.day,
        known_seq=found.known,
        level_rule=found.level_rule,
    )


async def _description(context: Context, snapshot: Snapshot, given: str, known: int) -> Any:  # noqa: ANN401  # a JobDescription
    """The job description *given*, as it was known."""
    id_ = parse(given, "JobDescription", path=("jobDescription",))[1]
    snapshot.job_description(id_, known)
    return await context.load("JobDescription", id_, known)


def _finding(found: checks.Finding) -> DescriptionFinding:
    return DescriptionFinding(
        skill_id=found.skill_id,
        successor_id=found.successor_id,
        kind=found.kind,
        severity=found.severity,
        sentence=found.sentence,
        lower_count=found.lower,
        unverified_count=found.unverified,
        start=found.start,
        end=found.end,
        count=found.count,
    )


CHECKING = {
    "checkJobDescription": strawberry.field(
        resolver=check_job_description,
        description="What is wrong with a job description or role profile: its requirements, the people there are, "
        "and its words.",
    ),
}
