"""What curators look at: proposed skills that wait, and skills that may be one under two names."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import duplicates
from service.capability.duplicates import Holdings, LikenessReason, Worded
from service.domain.skills import Lifecycle, ProposalStatus, SkillProposal
from service.graph import labels
from service.schema.asking import reckon, snapshot_at, this_day
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.nodes import Connection, connection, edge, field, key_of
from service.schema.scalars import After, First, PageSize

describe(
    LikenessReason,
    {
        "SAME_LABEL": "Their names are the same but for case, accents, punctuation and the order of words.",
        "ALTERNATIVE_LABEL": "The name of one is another name of the other.",
        "SIMILAR_LABEL": "Their names are nearly the same.",
    },
)

SIMILAR = 5
SIMILAR_FROM = 0.8


@strawberry.type(description="A skill, and how much names it.")
class NamedSkill:
    """A skill, and how much names it."""

    skill_id: strawberry.Private[str]
    assertion_count: int = strawberry.field(description="How many current assertions name it.")
    requirement_count: int = strawberry.field(description="How many requirements name it.")
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)


@strawberry.type(description="Two skills that may be one. Only a curator says that they are, by mergeSkills.")
class DuplicateSkills:
    """Two skills that may be one."""

    likeness: float = strawberry.field(description="How alike their names are, 0 to 1.")
    reason: LikenessReason = strawberry.field(description="Why they may be one.")
    one: NamedSkill = strawberry.field(description="The one with the lesser id.")
    other: NamedSkill = strawberry.field(description="The other.")


@strawberry.type(description="A skill whose names are like those of another.")
class SimilarSkill:
    """A skill whose names are like those of another."""

    skill_id: strawberry.Private[str]
    likeness: float = strawberry.field(description="How alike the names are, 0 to 1.")
    reason: LikenessReason = strawberry.field(description="Why the two may be one.")
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)


@dataclass
class _Names:
    """The names of all skills in use, read once for all proposals of an answer that ask for them."""

    context: Context
    _read: "asyncio.Task[dict[str, Worded]] | None" = None

    async def worded(self) -> dict[str, Worded]:
        """The wording of every skill in use, by id."""
        if self._read is None:
            self._read = asyncio.ensure_future(_worded(self.context))
        return await self._read


async def _worded(context: Context) -> dict[str, Worded]:
    skills = await labels.every_skill(context.database)
    in_use = [each for each in skills if each.lifecycle is not Lifecycle.DEPRECATED]
    return {each.id: each for each in await reckon(context, lambda: duplicates.worded(in_use))}


@strawberry.type(description="A proposed skill, with what a curator needs to decide on it.")
class ProposedSkill:
    """A proposed skill, with what a curator needs to decide on it."""

    proposal_id: strawberry.Private[str]
    skill_id: strawberry.Private[str]
    names: strawberry.Private[_Names]
    age_days: int = strawberry.field(description="Days since it was proposed.")
    assertion_count: int = strawberry.field(description="How many current assertions name the skill already.")
    requirement_count: int = strawberry.field(description="How many requirements name the skill already.")
    proposal = edge("SkillProposal", "proposal_id", "The proposal.", is_required=True)

    @field
    async def similar(self, info: Info[Context, None]) -> list[SimilarSkill]:
        """The skills in use whose names are most like it, at most five: it may be one of them."""
        names = await self.names.worded()
        draft = names.get(self.skill_id)
        if draft is None:
            return []
        others = list(names.values())
        found = await reckon(info.context, lambda: duplicates.alike(draft, others, SIMILAR_FROM, SIMILAR))
        return [SimilarSkill(skill_id=each.skill_id, likeness=each.likeness, reason=each.reason) for each in found]


STATUS = strawberry.argument(description="Only proposals that stand so.")
LIKENESS = strawberry.argument(description="How alike the names are at least, 0.7 to 1.")


async def skill_proposals(
    info: Info[Context, None],
    status: Annotated[ProposalStatus, STATUS] = ProposalStatus.OPEN,
    first: First = PageSize(50),
    after: After = None,
) -> Connection[ProposedSkill]:
    """Answer ``skillProposals``: a page of the curators' queue."""
    context = info.context
    day, _, id_ = key_of(after).partition(" ")
    found = await labels.proposals(context.database, status, day=day, after=id_, first=first + 1)
    snapshot, known = await snapshot_at(context, None)
    names = _Names(context)
    items = [_proposed(proposal, duplicates.holdings(snapshot, proposal.skill_id, known), names) for proposal in found]

    async def counting() -> int:
        return await labels.count_proposals(context.database, status)

    return connection(items, [f"{each.proposed_on} {each.id}" for each in found], first, after, counting)


def _proposed(proposal: SkillProposal, held: Holdings, names: _Names) -> ProposedSkill:
    return ProposedSkill(
        proposal_id=proposal.id,
        skill_id=proposal.skill_id,
        names=names,
        age_days=(this_day() - proposal.proposed_on).days,
        assertion_count=held.assertions,
        requirement_count=held.requirements,
    )


async def duplicate_skills(
    info: Info[Context, None],
    min_likeness: Annotated[float, LIKENESS] = 0.9,
    first: First = PageSize(50),
    after: After = None,
) -> Connection[DuplicateSkills]:
    """Answer ``duplicateSkills``: a page of pairs, the most alike first."""
    context = info.context
    names = list((await _worded(context)).values())
    snapshot, known = await snapshot_at(context, None)
    pairs = await reckon(context, lambda: duplicates.duplicates(names, min_likeness))
    place = key_of(after)
    page = [pair for pair in pairs if pair.place > place][: first + 1]

    def named(skill_id: str) -> NamedSkill:
        held = duplicates.holdings(snapshot, skill_id, known)
        return NamedSkill(skill_id=skill_id, assertion_count=held.assertions, requirement_count=held.requirements)

    items = [
        DuplicateSkills(likeness=pair.likeness, reason=pair.reason, one=named(pair.one_id), other=named(pair.other_id))
        for pair in page
    ]

    async def counting() -> int:
        return len(pairs)

    return connection(items, [pair.place for pair in page], first, after, counting)


FIELDS = {
    "skillProposals": strawberry.field(
        resolver=skill_proposals,
        description="The proposed skills that wait for a curator, the oldest first, each with what it may be already.",
    ),
    "duplicateSkills": strawberry.field(
        resolver=duplicate_skills,
        description="Skills in use that may be one under two names, the most alike first. Proposals only: "
        "mergeSkills makes them one.",
    ),
}
