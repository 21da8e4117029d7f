"""What a house requires beside what an occupation of ESCO or O*NET lists."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import occupations
from service.capability.columns import day_number
from service.capability.credits import Kinship
from service.capability.occupations import Nearest, Overlap, profile_of
from service.capability.targets import POINTS, Required
from service.errors import Invalid
from service.schema.asking import Known, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.ids import own_id_in, parse
from service.schema.keyset import page_of
from service.schema.nodes import Connection, edge
from service.schema.scalars import After, First, PageSize


@strawberry.type(description="A skill that one of two lists asks for.")
class ListedSkill:
    """A skill that one of two lists asks for."""

    skill_id: strawberry.Private[str]
    name: str = strawberry.field(description="The skill's name as it was known.")
    level: int = strawberry.field(description="Least level asked for.")
    is_mandatory: bool = strawberry.field(
        description="Mandatory; in an occupation: essential. Else desirable, optional."
    )
    share: float = strawberry.field(description="Its weight among all of the list; they add up to 1.")
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)


@strawberry.type(description="A skill that both lists ask for.")
class SharedRequirement:
    """A skill that both lists ask for."""

    here: ListedSkill = strawberry.field(description="As the house asks for it.")
    there: ListedSkill = strawberry.field(description="As the occupation lists it.")


@strawberry.type(description="A skill of the house alone and one of the occupation alone that are related.")
class NearRequirement:
    """A skill of the house alone and one of the occupation alone that are related."""

    relation_id: strawberry.Private[str]
    here: ListedSkill = strawberry.field(description="The house's skill.")
    there: ListedSkill = strawberry.field(description="The occupation's skill.")
    kinship: Kinship = strawberry.field(description="How the occupation's skill stands to the house's.")
    relation = edge("SkillRelation", "relation_id", "The relation that says so, curated or not.", is_required=True)


@strawberry.type(description="What a house requires beside what an occupation lists.")
class OccupationComparison:
    """What a house requires beside what an occupation lists."""

    profile_id: strawberry.Private[str]
    occupation_id: strawberry.Private[str]
    occupation_profile_id: strawberry.Private[str]
    both: list[SharedRequirement] = strawberry.field(description="Skills in both, mandatory first.")
    only_here: list[ListedSkill] = strawberry.field(description="Skills that only the house asks for.")
    only_there: list[ListedSkill] = strawberry.field(description="Skills that only the occupation lists.")
    near: list[NearRequirement] = strawberry.field(
        description="Skills of one list alone with a direct relation to one of the other alone."
    )
    overlap: float = strawberry.field(description="Skills in both / skills in either.")
    weighted_overlap: float = strawberry.field(
        description="Sum of the lesser / sum of the greater share of each skill."
    )
    as_of: date = strawberry.field(description="Day on which the profiles are in force.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    profile = edge("RoleProfile", "profile_id", "The house's profile.", is_required=True)
    occupation = edge("Role", "occupation_id", "The occupation.", is_required=True)
    occupation_profile = edge("RoleProfile", "occupation_profile_id", "Its profile.", is_required=True)


@strawberry.type(description="An occupation that shares skills with a role.")
class NearestOccupation:
    """An occupation that shares skills with a role."""

    occupation_id: strawberry.Private[str]
    name: str = strawberry.field(description="The occupation's name as it was known.")
    source: str = strawberry.field(description="Framework and version it comes from.")
    overlap: float = strawberry.field(description="Skills in both / skills in either, cut after six digits.")
    shared_count: int = strawberry.field(description="Skills in both.")
    only_here_count: int = strawberry.field(description="Skills that only the role asks for.")
    only_there_count: int = strawberry.field(description="Skills that only the occupation lists.")
    occupation = edge("Role", "occupation_id", "The occupation.", is_required=True)


Day = Annotated[date | None, strawberry.argument(description="Day asked about; today when absent.")]
ROLE = strawberry.argument(description="The role, with its profile in force.")
OR_ROLE = strawberry.argument(description="The house's role, with its profile in force.")
OR_TEXT = strawberry.argument(description="Instead of a role: a job description, with the profile it cites.")
OCCUPATION = strawberry.argument(description="A role whose source is ESCO or O*NET, with its profile in force.")


async def compare_with_occupation(  # the arguments of the question
    info: Info[Context, None],
    occupation: Annotated[strawberry.ID, OCCUPATION],
    role: Annotated[strawberry.ID | None, OR_ROLE] = None,
    job_description: Annotated[strawberry.ID | None, OR_TEXT] = None,
    as_of: Day = None,
    known_at: Known = None,
) -> OccupationComparison:
    """Answer ``compareWithOccupation``."""
    context = info.context
    if (role is None) == (job_description is None):
        raise Invalid("give either role or jobDescription", path=("role",))
    occupation_id = parse(occupation, "Role", path=("occupation",))[1]
    role_id = own_id_in(role, "Role", ("role",))
    text_id = parse(job_description, "JobDescription", path=("jobDescription",))[1] if job_description else ""
    snapshot, known = await known_for(info, known_at)
    day = as_of or this_day()
    number = day_number(day)

    def work() -> Overlap:
        if role_id is not None:
            profile_id = profile_of(snapshot, role_id, number, known).id
        else:
            profile_id = snapshot.job_description(text_id, known).profile_id
        return occupations.overlap(snapshot, profile_id, occupation_id, number, known)

    found = await reckon(context, work)
    return OccupationComparison(
        profile_id=found.profile_id,
        occupation_id=occupation_id,
        occupation_profile_id=found.occupation_profile_id,
        both=[SharedRequirement(here=_listed(each.here), there=_listed(each.there)) for each in found.both],
        only_here=[_listed(each) for each in found.only_here],
        only_there=[_listed(each) for each in found.only_there],
        near=[
            NearRequirement(
                relation_id=each.relation_id,
                here=_listed(each.here),
                there=_listed(each.there),
                kinship=each.kinship,
            )
            for each in found.near
        ],
        overlap=found.ratio,
        weighted_overlap=found.weighted_ratio,
        as_of=day,
        known_seq=known,
    )


async def nearest_occupations(  # the arguments of the question
    info: Info[Context, None],
    role: Annotated[strawberry.ID, ROLE],
    first: First = PageSize(20),
    after: After = None,
    as_of: Day = None,
    known_at: Known = None,
) -> Connection[NearestOccupation]:
    """Answer ``nearestOccupations``: the largest overlap first, then by id."""
    role_id = parse(role, "Role", path=("role",))[1]
    snapshot, known = await known_for(info, known_at)
    day = day_number(as_of or this_day())
    found = await reckon(info.context, lambda: occupations.nearest_occupations(snapshot, role_id, day, known))
    return page_of(found, lambda each: each.place, _nearest, first, after)


def _listed(required: Required) -> ListedSkill:
    return ListedSkill(
        skill_id=required.skill_id,
        name=required.name,
        level=required.level,
        is_mandatory=required.is_mandatory,
        share=required.share / POINTS,
    )


def _nearest(found: Nearest) -> NearestOccupation:
    return NearestOccupation(
        occupation_id=found.role_id,
        name=found.name,
        source=found.source,
        overlap=found.overlap / POINTS,
        shared_count=found.shared,
        only_here_count=found.only_here,
        only_there_count=found.only_there,
    )


OCCUPATIONS = {
    "compareWithOccupation": strawberry.field(
        resolver=compare_with_occupation,
        description="The skills of a role or job description beside those of an occupation of ESCO or O*NET.",
    ),
    "nearestOccupations": strawberry.field(
        resolver=nearest_occupations,
        description="The occupations of ESCO or O*NET that share skills with a role, the largest overlap first.",
    ),
}
