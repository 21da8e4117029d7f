"""The rules for skills and scales: what was recorded with a skill stays on its scale, and headings hold nothing."""

from collections import Counter
from collections.abc import Sequence

from service.acts.lookup import Lookup
from service.acts.refusal import Refusal
from service.domain.skills import Scale, Skill
from service.graph import levels
from service.graph.levels import Above
from service.graph.nouns import noun_of

WORDS = {
    "Assertion": ("assertion", "assertions"),
    "Requirement": ("requirement", "requirements"),
    "CoverageRule": ("coverage rule", "coverage rules"),
    "CourseOutcome": ("course outcome", "course outcomes"),
}
ANY = -1
"""Below every level: whatever is recorded is above it."""


async def check_skills(lookup: Lookup, facts: Sequence[Skill]) -> list[Refusal]:
    """Why some of *facts* cannot be recorded: by their own fields, or by what was recorded with the skill before."""
    scales = await lookup.facts(Scale, {fact.scale_id for fact in facts if fact.scale_id})
    there = await lookup.earlier(noun_of(Skill), [fact.id for fact in facts])
    tops = {
        fact.id: ANY if fact.is_group else len(scales[fact.scale_id or ""].labels)
        for fact in facts
        if (was := there.get(fact.id)) is not None
        and was.get("retracted_seq") is None
        and (bool(was.get("is_group")), was.get("scale_id")) != (fact.is_group, fact.scale_id)
    }
    found = await levels.above(lookup.reader, tops)
    refusals = []
    for index, fact in enumerate(facts):
        if fact.replaced_by_id == fact.id:
            refusals.append(
                Refusal(index=index, field="replaced_by_id", value=fact.id, reason="it is the skill itself")
            )
        given = len(fact.level_descriptions)
        if given and fact.scale_id and given != (top := len(scales[fact.scale_id].labels)):
            reason = f"{given} level descriptions for a scale of {top} levels; give one each or none"
            refusals.append(Refusal(index=index, field="level_descriptions", value=str(given), reason=reason))
        if in_the_way := [each for each in found if each.skill_id == fact.id]:
            refusals.append(_of_skill(index, fact, scales.get(fact.scale_id or ""), in_the_way))
    return refusals


def _of_skill(index: int, fact: Skill, scale: Scale | None, found: Sequence[Above]) -> Refusal:
    if fact.is_group or scale is None:
        reason = f"nobody holds a heading and nothing requires it, and there {_told(found)}; end or move those first"
        return Refusal(index=index, field="is_group", value="true", reason=reason, code="CONFLICT")
    reason = f"the scale {scale.name!r} ends at {len(scale.labels)}, and above it there {_told(found)}"
    reason += "; correct those first"
    return Refusal(index=index, field="scale_id", value=scale.id, reason=reason, code="CONFLICT")


async def check_scales(lookup: Lookup, facts: Sequence[Scale]) -> list[Refusal]:
    """Why some of *facts* cannot be recorded: a level that they leave out is in use."""
    there = await lookup.earlier(noun_of(Scale), [fact.id for fact in facts])
    refusals = []
    for index, fact in enumerate(facts):
        top = len(fact.labels)
        if len(there.get(fact.id, {}).get("labels", ())) <= top:
            continue
        found = await levels.above_on(lookup.reader, fact.id, top)
        if found:
            reason = f"above level {top} there {_told(found)}; correct those first"
            refusals.append(Refusal(index=index, field="labels", value=fact.labels[-1], reason=reason, code="CONFLICT"))
    return refusals


def _told(found: Sequence[Above]) -> str:
    """How many facts stand in the way, noun by noun, and one of them by its id."""
    counts = Counter[str]()
    for each in found:
        counts[each.label] += each.count
    told = [f"{count} {WORDS[label][count != 1]}" for label, count in counts.items()]
    one = found[0]
    verb = "is" if counts[one.label] == 1 else "are"
    return f"{verb} {' and '.join(told)}, as {WORDS[one.label][0]} {one.first_id!r} of skill {one.skill_id!r}"
