"""What a person says to a suggestion: the decision, and the name that the skill gains or loses, in one change."""

from dataclasses import replace

from service.acts import verbs
from service.acts.lookup import Lookup
from service.acts.verbs import Done
from service.capability import wording
from service.domain.identity import derived
from service.domain.skills import Skill, SuggestionDecision
from service.errors import Invalid, NotFound
from service.graph import records
from service.graph.database import Database, Transaction
from service.graph.ledger import Act, Touched


async def decide(database: Database, act: Act, decided: SuggestionDecision) -> Done[SuggestionDecision]:
    """Record *decided*, which takes the place of an earlier decision on the same words and skill.

    An accepted phrase becomes another name of the skill. One that was accepted before and is now rejected
    is no longer one of its other names. Raises NotFound when there is no such skill, Invalid for a group
    and for words without a letter or digit.
    """
    if not wording.words(decided.phrase):
        raise Invalid(f"phrase {decided.phrase!r} has no letter or digit", path=("phrase",))
    decided = replace(decided, phrase=" ".join(decided.phrase.split()))
    decided.id = derived(decided)

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        skill = (await lookup.facts(Skill, [decided.skill_id])).get(decided.skill_id)
        if skill is None:
            raise NotFound(f"There is no Skill {decided.skill_id!r}", path=("skillId",))
        if skill.is_group:
            raise Invalid(
                f"skill {decided.skill_id!r}, {skill.name!r}, is a heading of the classification; "
                "name one of the skills below it",
                path=("skillId",),
            )
        former = await _former(transaction, decided)
        if former is not None:
            decided.id = former.id
        await verbs.put(lookup, touched, [decided], is_new=False)
        labels = _labels(skill, decided, was_accepted=former is not None and former.is_accepted)
        if labels != skill.alternative_labels:
            await verbs.put(lookup, touched, [replace(skill, alternative_labels=labels)], is_new=False)

    written = await verbs.write(database, act, SuggestionDecision, decided.id, work)
    if written.subject is None:
        subject = (await records.by_id(database, SuggestionDecision, [decided.id])).get(decided.id)
        return replace(written, subject=subject)
    return written


async def _former(transaction: Transaction, decided: SuggestionDecision) -> SuggestionDecision | None:
    """The decision on the same words and skill, however they were written."""
    words = wording.words(decided.phrase)
    there = await records.below(transaction, SuggestionDecision, "skill_id", [decided.skill_id])
    same = (each for each in there[decided.skill_id] if each.language == decided.language)
    return next((each for each in same if wording.words(each.phrase) == words), None)


def _labels(skill: Skill, decided: SuggestionDecision, *, was_accepted: bool) -> list[str]:
    """The other names of *skill* after the decision."""
    words = wording.words(decided.phrase)
    is_same = [
        tag == decided.language and wording.words(text) == words
        for text, _, tag in (label.rpartition("@") for label in skill.alternative_labels)
    ]
    if not decided.is_accepted and was_accepted:
        return [label for label, same in zip(skill.alternative_labels, is_same, strict=True) if not same]
    if decided.is_accepted and not any(is_same) and wording.words(skill.name) != words:
        return [*skill.alternative_labels, f"{decided.phrase.lstrip('@ ')}@{decided.language}"]
    return skill.alternative_labels
