"""The life of a skill: proposed, accepted or not, merged into another, and no longer used. Each act is one change."""

from dataclasses import dataclass, replace
from datetime import date

from service.acts import verbs
from service.acts.lookup import Lookup
from service.acts.moving import move_holdings
from service.acts.verbs import Done
from service.domain.proof import Assertion
from service.domain.roles import Requirement, RoleProfile
from service.domain.skills import Lifecycle, ProposalStatus, Skill, SkillProposal, SkillRelation
from service.errors import Conflict, Invalid, NotFound
from service.graph import records
from service.graph.database import Database, Transaction
from service.graph.ledger import Act, Touched

LABELS_KEPT = 1_000
MAIN_LANGUAGE = "en"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a curator decided, when and why."""

    decided_by: str
    decided_on: date
    reason: str


async def propose(
    database: Database, act: Act, proposal: SkillProposal, skill: Skill, broader: SkillRelation | None
) -> Done[SkillProposal]:
    """Record *skill*, a DRAFT, with the *proposal* to take it up and where it would belong."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        await verbs.put(lookup, touched, [skill], is_new=True)
        await verbs.put(lookup, touched, [proposal], is_new=True)
        await verbs.put(lookup, touched, [broader] if broader else [], is_new=True)

    return await verbs.write(database, act, SkillProposal, proposal.id, work)


async def accept(database: Database, act: Act, id_: str, verdict: Verdict) -> Done[SkillProposal]:
    """Publish the skill proposed."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        skill = await _decide(lookup, touched, id_, ProposalStatus.ACCEPTED, verdict)
        await verbs.put(lookup, touched, [replace(skill, lifecycle=Lifecycle.PUBLISHED)], is_new=False)

    return await verbs.write(database, act, SkillProposal, id_, work)


async def reject(database: Database, act: Act, id_: str, verdict: Verdict) -> Done[SkillProposal]:
    """Let the skill proposed no longer be used, without a successor; one that was published since stays as it is."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        skill = await _decide(lookup, touched, id_, ProposalStatus.REJECTED, verdict)
        if skill.lifecycle is Lifecycle.DRAFT:  # published since, it is the house's already
            gone = replace(skill, lifecycle=Lifecycle.DEPRECATED, deprecation_reason=verdict.reason)
            await verbs.put(lookup, touched, [gone], is_new=False)

    return await verbs.write(database, act, SkillProposal, id_, work)


async def merge_proposal(database: Database, act: Act, id_: str, into_id: str, verdict: Verdict) -> Done[SkillProposal]:
    """Let the skill proposed become another name of a skill there is."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        into = await _skill(lookup, into_id, "into_id")
        skill = await _decide(lookup, touched, id_, ProposalStatus.MERGED, verdict, into_id)
        await _merge(lookup, touched, skill, into, verdict.reason)

    return await verbs.write(database, act, SkillProposal, id_, work)


async def merge(database: Database, act: Act, from_id: str, into_id: str, verdict: Verdict) -> Done[Skill]:
    """Let one skill become another name of a second, with everything that names it.

    Open proposals of the first are decided with it.
    """

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        gone, into = await _skill(lookup, from_id, "from_id"), await _skill(lookup, into_id, "into_id")
        await _merge(lookup, touched, gone, into, verdict.reason)
        proposals = (await records.below(transaction, SkillProposal, "skill_id", [gone.id]))[gone.id]
        waiting = [each for each in proposals if each.status is ProposalStatus.OPEN]
        decided = [_decided(each, ProposalStatus.MERGED, verdict, into.id) for each in waiting]
        await verbs.put(lookup, touched, decided, is_new=False)

    return await verbs.write(database, act, Skill, into_id, work)


async def deprecate(
    database: Database, act: Act, id_: str, replaced_by_id: str | None, reason: str | None
) -> Done[Skill]:
    """Mark a skill as no longer to be used; what names it stays."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        skill = await _skill(lookup, id_, "id")
        if replaced_by_id is not None:
            await _check_successor(
                lookup, skill, await _skill(lookup, replaced_by_id, "replaced_by_id"), "replaced_by_id"
            )
        gone = replace(skill, lifecycle=Lifecycle.DEPRECATED, replaced_by_id=replaced_by_id, deprecation_reason=reason)
        await verbs.put(lookup, touched, [gone], is_new=False)

    return await verbs.write(database, act, Skill, id_, work)


async def refuse_replaced(lookup: Lookup, assertion: Assertion) -> None:
    """Raise Conflict when the skill of a new *assertion* was replaced by another."""
    skill = (await lookup.facts(Skill, [assertion.skill_id])).get(assertion.skill_id)
    if skill is not None and skill.replaced_by_id is not None:
        last = await _successor(lookup, skill)
        raise Conflict(
            f"Skill {skill.id!r} is DEPRECATED; record it with {last.id!r} ({last.name}) instead", path=("skill_id",)
        )


async def refuse_unpublished(lookup: Lookup, profile: RoleProfile) -> None:
    """Raise Conflict when *profile*, about to be published, requires a skill that is not PUBLISHED itself."""
    required = (await records.below(lookup.reader, Requirement, "owner_id", [profile.id]))[profile.id]
    skills = await lookup.facts(Skill, [each.skill_id for each in required])
    wrong = sorted(skill.id for skill in skills.values() if skill.lifecycle is not Lifecycle.PUBLISHED)
    if wrong:
        shown = ", ".join(f"{id_!r} ({skills[id_].lifecycle})" for id_ in wrong[:5])
        raise Conflict(f"It requires skills that are not PUBLISHED: {shown}; revise it first", path=("id",))


async def _skill(lookup: Lookup, id_: str, field: str) -> Skill:
    skill = (await lookup.facts(Skill, [id_])).get(id_)
    if skill is None:
        raise NotFound(f"There is no Skill {id_!r}", path=(field,))
    return skill


async def _decide(  # each says one thing about the decision
    lookup: Lookup,
    touched: Touched,
    id_: str,
    status: ProposalStatus,
    verdict: Verdict,
    into_id: str | None = None,
) -> Skill:
    """Record what was decided on an OPEN proposal; the skill it proposes, which must be a DRAFT still."""
    proposal = (await lookup.facts(SkillProposal, [id_])).get(id_)
    if proposal is None:
        raise NotFound(f"There is no SkillProposal {id_!r}", path=("id",))
    if proposal.status is not ProposalStatus.OPEN:
        raise Conflict(
            f"SkillProposal {id_!r} was {proposal.status} by {proposal.decided_by} on {proposal.decided_on}; "
            "only an OPEN one can be decided",
            path=("id",),
        )
    if verdict.decided_on > lookup.today:
        raise Invalid(
            f"decided_on {verdict.decided_on} is after today, {lookup.today}; "
            "a decision is in force from the day it is made",
            path=("decided_on",),
        )
    if verdict.decided_on < proposal.proposed_on:
        raise Invalid(
            f"decided_on {verdict.decided_on} is before the day of the proposal, {proposal.proposed_on}",
            path=("decided_on",),
        )
    skill = await _skill(lookup, proposal.skill_id, "id")
    if skill.lifecycle is not Lifecycle.DRAFT and status is not ProposalStatus.REJECTED:
        raise Conflict(f"Skill {skill.id!r} is {skill.lifecycle}, no longer a DRAFT; reject the proposal", path=("id",))
    await verbs.put(lookup, touched, [_decided(proposal, status, verdict, into_id)], is_new=False)
    return skill


def _decided(
    proposal: SkillProposal, status: ProposalStatus, verdict: Verdict, into_id: str | None = None
) -> SkillProposal:
    return replace(
        proposal,
        status=status,
        into_id=into_id,
        decided_by=verdict.decided_by,
        decided_on=verdict.decided_on,
        decision_reason=verdict.reason,
    )


async def _check_successor(lookup: Lookup, skill: Skill, successor: Skill, field: str) -> None:
    """Raise when *successor*, named by *field*, cannot stand in for *skill*."""
    if successor.id == skill.id:
        raise Invalid(f"{skill.id!r} is the skill itself", path=(field,))
    if successor.is_group:
        raise Invalid(
            f"{successor.name!r} is a heading of the classification; name one of the skills below it",
            path=(field,),
        )
    if successor.lifecycle is Lifecycle.DEPRECATED:
        last = await _successor(lookup, successor)
        advice = {successor.id: "name one that is in use", skill.id: f"it is replaced by {skill.id!r} itself"}
        raise Conflict(
            f"Skill {successor.id!r} is DEPRECATED; {advice.get(last.id, f'name {last.id!r} ({last.name}) instead')}",
            path=(field,),
        )


async def _successor(lookup: Lookup, skill: Skill) -> Skill:
    """The skill at the end of the chain of successors that begins with *skill*."""
    seen = {skill.id}
    while skill.replaced_by_id is not None and skill.replaced_by_id not in seen:
        seen.add(skill.replaced_by_id)
        skill = await _skill(lookup, skill.replaced_by_id, "replaced_by_id")
    return skill


async def _merge(lookup: Lookup, touched: Touched, gone: Skill, into: Skill, reason: str) -> None:
    if gone.is_group:
        raise Invalid(f"{gone.name!r} is a heading of the classification, which nobody holds", path=("from_id",))
    await _check_successor(lookup, gone, into, "into_id")
    if into.lifecycle is Lifecycle.DRAFT and gone.lifecycle is not Lifecycle.DRAFT:
        raise Conflict(
            f"Skill {into.id!r} is a DRAFT and {gone.id!r} is {gone.lifecycle}; publish it first", path=("into_id",)
        )
    former = None if gone.replaced_by_id is None else await _skill(lookup, gone.replaced_by_id, "from_id")
    ended = replace(gone, lifecycle=Lifecycle.DEPRECATED, replaced_by_id=into.id, deprecation_reason=reason)
    labels = _labels(into, gone)
    await verbs.put(lookup, touched, [replace(into, alternative_labels=labels), ended], is_new=False)
    transaction = lookup.reader
    assert isinstance(transaction, Transaction)  # noqa: S101  # acts look up within their own write
    moved = await move_holdings(transaction, touched, {gone.id: into.id})
    if former is not None and not moved.counts and _labels(former, gone) == former.alternative_labels:
        raise Conflict(
            f"Skill {gone.id!r} was merged into {former.id!r} ({former.name}) already, and nothing names it since",
            path=("from_id",),
        )


def _labels(into: Skill, gone: Skill) -> list[str]:
    """The other names of *into* once it goes by those of *gone* too."""
    name = " ".join(gone.name.split()).lstrip("@")
    labels = list(into.alternative_labels)
    seen = {label.casefold() for label in (f"{into.name}@{MAIN_LANGUAGE}", *labels)}
    for label in (*([f"{name}@{MAIN_LANGUAGE}"] if name else ()), *gone.alternative_labels):
        if label.casefold() not in seen:
            labels.append(label)
            seen.add(label.casefold())
    return labels[:LABELS_KEPT]
