"""The mutations of the taxonomy's life: proposals and what curators decide on them, merging, and taking out of use."""

from datetime import date
from typing import Any

import strawberry

from service.acts import taxonomy
from service.acts.taxonomy import Verdict
from service.acts.verbs import Done, valid, valid_text
from service.domain.identity import derived
from service.domain.skills import Lifecycle, RelationKind, Skill, SkillKind, SkillProposal, SkillRelation
from service.domain.values import Name, Reason
from service.schema.acting import input_named, mutation, own_id
from service.schema.asking import this_day
from service.schema.context import Context
from service.schema.ids import own_id_in, parse
from service.schema.inputs import id_field, own_id_field

Column = tuple[str, Any, Any]


def _id(name: str, description: str, *, is_optional: bool = False) -> Column:
    if is_optional:
        return (name, strawberry.ID | None, strawberry.field(description=description, default=None))
    return (name, strawberry.ID, strawberry.field(description=description))


REASON = ("reason", str, strawberry.field(description="Why."))
DECIDED = (
    ("decided_by", str, strawberry.field(description="The curator who decides.")),
    ("reason", str, strawberry.field(description="Why the curator decides so.")),
    ("decided_on", date | None, strawberry.field(description="Day it is decided; today when absent.", default=None)),
)
INTO = _id("into_id", "The skill that stays.")


def _skill_id(given: str, name: str) -> str:
    return parse(given, "Skill", path=("input", name))[1]


async def _propose(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    path = ("input",)
    id_ = own_id(given)
    skill = valid(
        Skill,
        {
            "id": id_,
            "name": given.name,
            "kind": given.kind,
            "scale_id": parse(given.scale_id, "Scale", path=("input", "scaleId"))[1],
            "description": given.description,
            "lifecycle": Lifecycle.DRAFT,
        },
        path,
    )
    by = given.proposed_by_id
    proposal = valid(
        SkillProposal,
        {
            "id": id_,
            "skill_id": id_,
            "proposed_by_id": own_id_in(by, "Person", ("input", "proposedById")),
            "proposed_on": this_day(),
            "reason": given.reason,
        },
        path,
    )
    broader = None
    if given.broader_id is not None:
        to_id = _skill_id(given.broader_id, "broaderId")
        values = {"id": "-", "from_id": id_, "to_id": to_id, "kind": RelationKind.BROADER, "origin": "proposal"}
        broader = valid(SkillRelation, values, path)
        broader.id = derived(broader)
    return await taxonomy.propose(context.database, act, proposal, skill, broader)


def _verdict(given: Any) -> Verdict:  # noqa: ANN401  # an input with the fields DECIDED
    return Verdict(
        decided_by=valid_text(Name, given.decided_by, ("input", "decidedBy")),
        decided_on=given.decided_on or this_day(),
        reason=_reason(given),
    )


def _reason(given: Any) -> str:  # noqa: ANN401  # an input with the field REASON
    return valid_text(Reason, given.reason, ("input", "reason"))


async def _accept(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    id_ = parse(given.id, "SkillProposal", path=("input", "id"))[1]
    return await taxonomy.accept(context.database, act, id_, _verdict(given))


async def _reject(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    id_ = parse(given.id, "SkillProposal", path=("input", "id"))[1]
    return await taxonomy.reject(context.database, act, id_, _verdict(given))


async def _merge_proposal(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    id_ = parse(given.id, "SkillProposal", path=("input", "id"))[1]
    into_id = _skill_id(given.into_id, "intoId")
    return await taxonomy.merge_proposal(context.database, act, id_, into_id, _verdict(given))


async def _merge(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    verdict = Verdict(decided_by=act.actor, decided_on=this_day(), reason=_reason(given))
    from_id, into_id = _skill_id(given.from_id, "fromId"), _skill_id(given.into_id, "intoId")
    return await taxonomy.merge(context.database, act, from_id, into_id, verdict)


async def _deprecate(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    id_ = _skill_id(given.id, "id")
    by = _skill_id(given.replaced_by_id, "replacedById") if given.replaced_by_id is not None else None
    reason = None if given.reason is None else _reason(given)
    return await taxonomy.deprecate(context.database, act, id_, by, reason)


FIELDS = [
    mutation(
        "proposeSkill",
        "SkillProposal",
        input_named(
            "proposeSkill",
            "A skill for the curators to take up.",
            own_id_field("SkillProposal"),
            ("name", str, strawberry.field(description="Preferred label, in the registry's main language.")),
            (
                "kind",
                SkillKind,
                strawberry.field(
                    description="Skill, knowledge, tool, language or certification.", default=SkillKind.SKILL
                ),
            ),
            _id("scale_id", "The scale its levels are on."),
            ("description", str | None, strawberry.field(description="What the skill is.", default=None)),
            _id("broader_id", "The skill or group it would belong under.", is_optional=True),
            _id("proposed_by_id", "The person who proposes it.", is_optional=True),
            ("reason", str, strawberry.field(description="Why it is needed.")),
        ),
        "Propose a skill: it is a DRAFT until a curator decides.",
        _propose,
    ),
    mutation(
        "acceptSkillProposal",
        "SkillProposal",
        input_named("acceptSkillProposal", "Take a proposed skill up.", id_field("SkillProposal", ""), *DECIDED),
        "Publish a proposed skill.",
        _accept,
    ),
    mutation(
        "rejectSkillProposal",
        "SkillProposal",
        input_named("rejectSkillProposal", "Do not take a proposed skill up.", id_field("SkillProposal", ""), *DECIDED),
        "Turn a proposed skill down: it is DEPRECATED, and nothing takes its place.",
        _reject,
    ),
    mutation(
        "mergeSkillProposal",
        "SkillProposal",
        input_named(
            "mergeSkillProposal",
            "Take a proposed skill as another name of one there is.",
            id_field("SkillProposal", ""),
            INTO,
            *DECIDED,
        ),
        "Let a proposed skill become another name of a skill there is, as mergeSkills does.",
        _merge_proposal,
    ),
    mutation(
        "mergeSkills",
        "Skill",
        input_named(
            "mergeSkills",
            "Two skills that are one.",
            _id("from_id", "The skill that goes: DEPRECATED from now on, and replaced by the other."),
            INTO,
            REASON,
        ),
        "Merge a skill into another. Everything that names it moves to the skill that stays: assertions with their "
        "evidence and decisions, requirements, relations, waivers, rules, scopes and labels.",
        _merge,
    ),
    mutation(
        "deprecateSkill",
        "Skill",
        input_named(
            "deprecateSkill",
            "Mark a skill as no longer to be used.",
            id_field("Skill", ""),
            _id("replaced_by_id", "The skill to use instead.", is_optional=True),
            ("reason", str | None, strawberry.field(description="Why.", default=None)),
        ),
        "Mark a skill as no longer to be used; what was recorded with it stays.",
        _deprecate,
    ),
]
