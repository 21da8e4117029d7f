"""Search that forgives: skills, roles and people found by what somebody typed."""

from collections.abc import Callable
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from service.capability.columns import day_number
from service.capability.holding import Held, Holder, holders
from service.capability.searching import Hit, MatchKind
from service.capability.vocabulary import Named
from service.domain.proof import TRUSTS, Trust
from service.domain.skills import SkillKind
from service.errors import Invalid
from service.schema.asking import AsOf, Known, MinTrust, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.ids import own_id_in
from service.schema.keyset import page_of
from service.schema.nodes import Connection, edge
from service.schema.scalars import After, First, PageSize

LONGEST: Final = 300
"""Characters that a search may have: no name is longer."""

MOST_SKILLS: Final = 10
ALTERNATIVES: Final = 4

describe(
    MatchKind,
    {
        "EXACT": "The text is its name.",
        "ALTERNATIVE": "The text is another name of it.",
        "WORDS": "Words of the text are in its name, in any order or form.",
        "REPAIRED": "Words of its name are like those of the text, but for a typing error.",
    },
)

TEXT = strawberry.argument(description="What to look for: a name, or words of it in any order, typing errors included.")
SKILLS = strawberry.argument(description="Skills as somebody types them, up to ten; each is taken for its best hit.")
KINDS = strawberry.argument(description="Only skills of these kinds.")
LANGUAGE = strawberry.argument(description="Only names in this language, as en, and preferred names; any when absent.")
GROUPS = strawberry.argument(description="Find headings of the classification too.")
DEPRECATED = strawberry.argument(description="Find skills too that are no longer to be used.")
MIN_LEVEL = strawberry.argument(description="Least level that counts.")
UNIT = strawberry.argument(description="Only people of this unit and the units in it.")
SOME = strawberry.argument(description="List people too who hold only some of the skills.")


@strawberry.type(description="A skill found by name.")
class SkillHit:
    """A skill found by name."""

    skill_id: strawberry.Private[str]
    matched_label: str = strawberry.field(description="The name by which it was found.")
    match_kind: MatchKind = strawberry.field(description="How that name was found.")
    likeness: float = strawberry.field(
        description="How much of the text the name says, and how little else, 0 to 1; 1 for the same words in order."
    )
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)


@strawberry.type(description="A role found by name.")
class RoleHit:
    """A role found by name."""

    role_id: strawberry.Private[str]
    matched_label: str = strawberry.field(description="The name by which it was found.")
    match_kind: MatchKind = strawberry.field(description="How that name was found.")
    likeness: float = strawberry.field(
        description="How much of the text the name says, and how little else, 0 to 1; 1 for the same words in order."
    )
    role = edge("Role", "role_id", "The role.", is_required=True)


@strawberry.type(description="What a typed skill was taken for.")
class UnderstoodSkill:
    """What a typed skill was taken for."""

    typed: str = strawberry.field(description="The text as it was given.")
    taken_for: SkillHit | None = strawberry.field(description="The skill it was taken for; null: none is like it.")
    alternatives: list[SkillHit] = strawberry.field(description="The next best skills, up to four.")


@strawberry.type(description="A skill that a person holds.")
class HeldSkill:
    """A skill that a person holds."""

    skill_id: strawberry.Private[str]
    level: int = strawberry.field(description="The effective level.")
    trust: Trust = strawberry.field(description="How far that can be relied on.")
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)


@strawberry.type(description="A person who holds the skills asked for, or some of them.")
class SkillHolder:
    """A person who holds the skills asked for, or some of them."""

    person_id: strawberry.Private[str]
    holds_all: bool = strawberry.field(description="Whether the person holds every skill that was asked for.")
    held: list[HeldSkill] = strawberry.field(description="The skills held of those asked for, in that order.")
    person = edge("Person", "person_id", "The person.", is_required=True)


@strawberry.type(description="Who holds the skills: most of them first, then the highest sum of levels, then by id.")
class SkillHolderConnection(Connection[SkillHolder]):
    """Who holds the skills: most of them first, then the highest sum of levels, then by id."""

    understood: list[UnderstoodSkill] = strawberry.field(description="What each typed skill was taken for.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )


def _checked(text: str, path: tuple[str | int, ...]) -> str:
    if not text.strip():
        raise Invalid("the text is empty or blank; a search has at least one letter", path=path)
    if len(text) > LONGEST:
        raise Invalid(f"{text[:60]!r} has {len(text)} characters; a search has 1 to {LONGEST}", path=path)
    return text


def _skill_hit(hit: Hit) -> SkillHit:
    return SkillHit(
        skill_id=hit.id, matched_label=hit.matched_label, match_kind=hit.kind, likeness=round(hit.likeness, 6)
    )


def _role_hit(hit: Hit) -> RoleHit:
    return RoleHit(
        role_id=hit.id, matched_label=hit.matched_label, match_kind=hit.kind, likeness=round(hit.likeness, 6)
    )


def _wanted(kinds: list[SkillKind] | None, *, groups: bool, deprecated: bool) -> Callable[[Named], bool]:
    return lambda each: (
        (kinds is None or each.kind in kinds)
        and (groups or not each.is_group)
        and (deprecated or not each.is_deprecated)
    )


async def search_skills(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    text: Annotated[str, TEXT],
    kinds: Annotated[list[SkillKind] | None, KINDS] = None,
    language: Annotated[str | None, LANGUAGE] = None,
    include_groups: Annotated[bool, GROUPS] = False,  # noqa: FBT002  # GraphQL names its arguments
    include_deprecated: Annotated[bool, DEPRECATED] = False,  # noqa: FBT002
    first: First = PageSize(20),
    after: After = None,
) -> Connection[SkillHit]:
    """Answer ``searchSkills``: the best hit first."""
    names = info.context.live.skill_names
    is_wanted = _wanted(kinds, groups=include_groups, deprecated=include_deprecated)
    hits = await names.hits(_checked(text, ("text",)), is_wanted, language)
    return page_of(hits, lambda hit: hit.key, _skill_hit, first, after)


async def search_roles(
    info: Info[Context, None], text: Annotated[str, TEXT], first: First = PageSize(20), after: After = None
) -> Connection[RoleHit]:
    """Answer ``searchRoles``: the best hit first."""
    hits = await info.context.live.role_names.hits(_checked(text, ("text",)))
    return page_of(hits, lambda hit: hit.key, _role_hit, first, after)


async def _understood(context: Context, skills: list[str]) -> list[UnderstoodSkill]:
    if not 1 <= len(skills) <= MOST_SKILLS:
        raise Invalid(f"{len(skills)} skills are asked for; give 1 to {MOST_SKILLS}", path=("skills",))
    is_wanted = _wanted(None, groups=False, deprecated=False)
    found = []
    for at, typed in enumerate(skills):
        hits = await context.live.skill_names.hits(_checked(typed, ("skills", at)), is_wanted)
        shown = [_skill_hit(hit) for hit in hits[: ALTERNATIVES + 1]]
        found.append(UnderstoodSkill(typed=typed, taken_for=shown[0] if shown else None, alternatives=shown[1:]))
    return found


def _held(held: Held) -> HeldSkill:
    return HeldSkill(skill_id=held.skill_id, level=held.level, trust=TRUSTS[held.trust])


def _holder(holder: Holder, asked: int) -> SkillHolder:
    return SkillHolder(
        person_id=holder.person_id,
        holds_all=len(holder.held) == asked,
        held=[_held(each) for each in holder.held],
    )


async def search_people(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    skills: Annotated[list[str], SKILLS],
    min_level: Annotated[int, MIN_LEVEL] = 1,
    min_trust: MinTrust = None,
    unit: Annotated[strawberry.ID | None, UNIT] = None,
    include_partial: Annotated[bool, SOME] = False,  # noqa: FBT002  # GraphQL names its arguments
    as_of: AsOf = None,
    known_at: Known = None,
    first: First = PageSize(20),
    after: After = None,
) -> SkillHolderConnection:
    """Answer ``searchPeople``: what was understood, and who holds it."""
    context = info.context
    if not 1 <= min_level <= 20:  # noqa: PLR2004  # levels of the domain
        raise Invalid(f"minLevel {min_level} is not a level from 1 to 20", path=("minLevel",))
    unit_id = own_id_in(unit, "OrgUnit", ("unit",))
    understood = await _understood(context, skills)
    hits = [each.taken_for for each in understood]
    skill_ids = list(dict.fromkeys(hit.skill_id for hit in hits if hit is not None))
    asked = len(skill_ids) + hits.count(None)
    snapshot, known = await known_for(info, known_at)
    day = as_of or this_day()
    found = await reckon(
        context,
        lambda: holders(
            snapshot,
            skill_ids,
            day=day_number(day),
            known=known,
            floor=(min_trust or Trust.CLAIMED).rank,
            min_level=min_level,
            unit_id=unit_id,
        ),
    )
    kept = found if include_partial else [each for each in found if len(each.held) == asked]
    page = page_of(kept, lambda each: each.key, lambda each: _holder(each, asked), first, after)
    return SkillHolderConnection(
        edges=page.edges,
        page_info=page.page_info,
        counting=page.counting,
        understood=understood,
        known_seq=known,
    )


SEARCH = {
    "searchSkills": strawberry.field(
        resolver=search_skills,
        description="Skills by what somebody typed: other names, typing errors, words in any order.",
    ),
    "searchRoles": strawberry.field(
        resolver=search_roles,
        description="Roles by what somebody typed: other names, typing errors, words in any order.",
    ),
    "searchPeople": strawberry.field(
        resolver=search_people,
        description="Who holds all of several skills, given as somebody types them. The words are understood by the "
        "names of today, also with `knownAt`, so no decision can be recorded on it.",
    ),
}
