"""A job description drafted from a role profile."""

import asyncio
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import describing
from service.capability.describing import LANGUAGE, SectionKind, Words
from service.capability.index import Snapshot
from service.domain.proof import Trust
from service.errors import Invalid
from service.schema.asking import Known, known_for, reckon
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.ids import parse
from service.schema.nodes import edge

describe(
    SectionKind,
    {
        "PURPOSE": "What the role is for: the prose of the role's description.",
        "DUTIES": "What people in it do: the list items of the role's description, and must-haves of kind SKILL.",
        "REQUIRED": "Mandatory skills, with levels.",
        "DESIRABLE": "Skills that are not mandatory, with levels.",
        "LEARNING": "Courses that lead from nothing towards what is asked, each after those that it builds on.",
    },
)


@strawberry.type(description="One line of a section, and the facts that it words.")
class ComposedLine:
    """One line of a section, and the facts that it words."""

    skill_id: strawberry.Private[str | None]
    course_id: strawberry.Private[str | None]
    text: str = strawberry.field(description="The line, without a list mark.")
    level: int | None = strawberry.field(description="Least level asked for.")
    level_label: str | None = strawberry.field(description="What that level is called.")
    level_meaning: str | None = strawberry.field(description="What that level means for the skill, else on its scale.")
    min_trust: Trust | None = strawberry.field(description="Least trust that the profile asks for above CLAIMED.")
    hours: float | None = strawberry.field(description="Hours of the course; null: not known, or no course.")
    skill = edge("Skill", "skill_id", "The skill.")
    course = edge("Course", "course_id", "The course.")


@strawberry.type(description="A section of a composed job description.")
class ComposedSection:
    """A section of a composed job description."""

    kind: SectionKind = strawberry.field(description="What it is about.")
    heading: str = strawberry.field(description="Its heading.")
    lines: list[ComposedLine] = strawberry.field(description="Its lines, in order; never empty.")


@strawberry.type(description="A draft text made from a role profile; give it to draftJobDescription to keep it.")
class ComposedJobDescription:
    """A draft text made from a role profile."""

    role_id: strawberry.Private[str]
    profile_id: strawberry.Private[str]
    title: str = strawberry.field(description="The role's name.")
    text: str = strawberry.field(description="All sections as Markdown; the same facts always make the same text.")
    language: str = strawberry.field(
        description="Language of headings; names and meanings stand as they were recorded."
    )
    sections: list[ComposedSection] = strawberry.field(description="Those that the registry has something for.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    role = edge("Role", "role_id", "The role.", is_required=True)
    profile = edge("RoleProfile", "profile_id", "The profile it is made from.", is_required=True)


PROFILE = strawberry.argument(description="The role profile, draft or not.")
IN = strawberry.argument(description="Language of headings and connecting words: en.")


async def compose_job_description(
    info: Info[Context, None],
    profile: Annotated[strawberry.ID, PROFILE],
    language: Annotated[str, IN] = LANGUAGE,
    known_at: Known = None,
) -> ComposedJobDescription:
    """Answer ``composeJobDescription``."""
    context = info.context
    profile_id = parse(profile, "RoleProfile", path=("profile",))[1]
    if language != LANGUAGE:
        raise Invalid(f"language {language[:100]!r}: headings are there in {LANGUAGE!r} only", path=("language",))
    snapshot, known = await known_for(info, known_at)
    words = await words_of(context, snapshot, profile_id, known)
    found = await reckon(context, lambda: describing.composed(snapshot, profile_id, words, known))
    return ComposedJobDescription(
        role_id=found.role_id,
        profile_id=found.profile_id,
        title=found.title,
        text=found.text,
        language=LANGUAGE,
        sections=[_section(each) for each in found.sections],
        known_seq=found.known,
    )


async def words_of(context: Context, snapshot: Snapshot, profile_id: str, known: int) -> Words:
    """The texts that a description of a profile is made of, as they were known."""
    named = describing.naming(snapshot, profile_id, known)
    role, skills, scales = await asyncio.gather(
        context.load("Role", named.role_id, known),
        asyncio.gather(*(context.load("Skill", each, known) for each in named.skill_ids)),
        asyncio.gather(*(context.load("Scale", each, known) for each in named.scale_ids)),
    )
    return Words(
        role=role,
        skills={each.id: each for each in skills if each is not None},
        scales={each.id: each for each in scales if each is not None},
    )


def _section(section: describing.Section) -> ComposedSection:
    lines = [
        ComposedLine(
            skill_id=line.skill_id,
            course_id=line.course_id,
            text=line.text,
            level=line.level,
            level_label=line.level_label,
            level_meaning=line.level_meaning,
            min_trust=line.trust,
            hours=line.hours,
        )
        for line in section.lines
    ]
    return ComposedSection(kind=section.kind, heading=section.heading, lines=lines)


COMPOSING = {
    "composeJobDescription": strawberry.field(
        resolver=compose_job_description,
        description="A draft job description from what a role profile holds; nothing is invented, nothing is stored.",
    ),
}
