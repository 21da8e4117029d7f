"""Skills, the scales they are measured on, and how skills relate."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Le, Len
from typing_extensions import Doc

from service.domain.values import Fact, Id, Labels, Language, Name, Ratio, Reason, Text


class SkillKind(StrEnum):
    """What sort of capability a skill is."""

    SKILL = "SKILL"
    KNOWLEDGE = "KNOWLEDGE"
    TOOL = "TOOL"
    LANGUAGE = "LANGUAGE"
    CERTIFICATION = "CERTIFICATION"


class Lifecycle(StrEnum):
    """Where a skill stands in the taxonomy's life."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    DEPRECATED = "DEPRECATED"


class RelationKind(StrEnum):
    """How one skill relates to another; narrower is broader read backwards."""

    BROADER = "BROADER"
    RELATED = "RELATED"
    REQUIRES_FIRST = "REQUIRES_FIRST"
    EQUIVALENT = "EQUIVALENT"


@dataclass(kw_only=True)
class Scale(Fact):
    """An ordered list of levels 1..n; level 0 always means "shown not to have it"."""

    name: Annotated[Name, Doc("What the scale is called.")]
    labels: Annotated[list[Name], Len(1, 20), Doc("Label of each level, lowest first.")]
    descriptions: Annotated[list[Text], Len(0, 20), Doc("What each level means, lowest first.")] = field(
        default_factory=list
    )

    def __post_init__(self) -> None:
        if self.descriptions and len(self.descriptions) != len(self.labels):
            raise ValueError(
                f"{len(self.descriptions)} descriptions for {len(self.labels)} labels; give one each or none"
            )


@dataclass(kw_only=True)
class Skill(Fact):
    """A capability that people hold and work requires."""

    name: Annotated[Name, Doc("Preferred label, in the registry's main language.")]
    kind: Annotated[SkillKind, Doc("Skill, knowledge, tool, language or certification.")] = SkillKind.SKILL
    scale_id: Annotated[Id | None, Doc("The scale its levels are on; null only for a group.")] = None
    description: Annotated[Text | None, Doc("What the skill is.")] = None
    alternative_labels: Annotated[Labels, Doc("Other names, each with its language: text@en.")] = field(
        default_factory=list
    )
    level_descriptions: Annotated[
        list[Text], Len(0, 20), Doc("What each level of the scale means for this skill, lowest first.")
    ] = field(default_factory=list)
    is_group: Annotated[bool, Doc("True for a heading of the classification, which nobody holds.")] = False
    source: Annotated[Name | None, Doc("Framework and version it comes from, as ESCO 1.2.0.")] = None
    lifecycle: Annotated[Lifecycle, Doc("Draft, published or deprecated.")] = Lifecycle.PUBLISHED
    replaced_by_id: Annotated[Id | None, Doc("The skill to use instead, once deprecated.")] = None
    deprecation_reason: Annotated[Reason | None, Doc("Why it is no longer to be used, once deprecated.")] = None
    required_verifiers: Annotated[
        int, Ge(1), Le(10), Doc("How many distinct assessors must verify an assertion before it counts as verified.")
    ] = 1
    requires_credential: Annotated[
        bool, Doc("Whether an assertion counts as verified only with a credential or certificate in force behind it.")
    ] = False
    max_evidence_age_days: Annotated[
        int | None,
        Ge(1),
        Le(36_500),
        Doc("Most days since the newest evidence was issued for an assertion to count as verified; null: no limit."),
    ] = None

    def __post_init__(self) -> None:
        if self.scale_id is None and not self.is_group:
            raise ValueError("scale_id is missing; every skill that people can hold is measured on a scale")
        if self.replaced_by_id is not None and self.lifecycle is not Lifecycle.DEPRECATED:
            raise ValueError(
                f"replaced_by_id {self.replaced_by_id!r} on a {self.lifecycle} skill; only DEPRECATED ones have it"
            )


@dataclass(kw_only=True)
class SkillRelation(Fact):
    """One relation between two skills: from BROADER to (to is the broader), from needs to first, and so on."""

    from_id: Annotated[Id, Doc("The narrower, dependent, or first named skill.")]
    to_id: Annotated[Id, Doc("The broader, prerequisite, or other skill.")]
    kind: Annotated[RelationKind, Doc("Broader, related, requires first, or equivalent.")]
    weight: Annotated[Ratio | None, Doc("Strength of a RELATED relation, 0 to 1; null when nobody judged it.")] = None
    is_curated: Annotated[bool, Doc("True when a curator accepted it; only curated RELATED relations give credit.")] = (
        False
    )
    origin: Annotated[Name | None, Doc("Where the relation comes from.")] = None

    def __post_init__(self) -> None:
        if self.from_id == self.to_id:
            raise ValueError(f"to_id {self.to_id!r} is the skill itself")
        if self.weight is not None and self.kind is not RelationKind.RELATED:
            raise ValueError(f"weight {self.weight} on a {self.kind} relation; only RELATED has one")


class ProposalStatus(StrEnum):
    """What became of a proposed skill."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    MERGED = "MERGED"


@dataclass(kw_only=True)
class SkillProposal(Fact):
    """A skill that somebody asks the curators to take up; the skill itself is a DRAFT until they decide."""

    skill_id: Annotated[Id, Doc("The skill proposed.")]
    proposed_by_id: Annotated[Id | None, Doc("The person who proposes it.")] = None
    proposed_on: Annotated[date, Doc("Day it was proposed.")]
    reason: Annotated[Reason, Doc("Why it is needed.")]
    status: Annotated[ProposalStatus, Doc("Open, accepted, rejected or merged.")] = ProposalStatus.OPEN
    into_id: Annotated[Id | None, Doc("MERGED: the skill it became another name of.")] = None
    decided_by: Annotated[Name | None, Doc("The curator who decided.")] = None
    decided_on: Annotated[date | None, Doc("Day it was decided.")] = None
    decision_reason: Annotated[Reason | None, Doc("Why the curator decided so.")] = None

    def __post_init__(self) -> None:
        if (self.status is ProposalStatus.MERGED) != (self.into_id is not None):
            into = "is missing" if self.into_id is None else f"is {self.into_id!r}"
            raise ValueError(f"into_id {into} on {self.status}; MERGED has it, others do not")
        if (self.status is ProposalStatus.OPEN) != (self.decided_on is None):
            decided = "is missing" if self.decided_on is None else f"is {self.decided_on}"
            raise ValueError(f"decided_on {decided} on {self.status}; all but OPEN have it")


@dataclass(kw_only=True)
class SuggestionDecision(Fact):
    """What a person said to a skill that was suggested for a phrase of a text."""

    phrase: Annotated[Name, Doc("The words of the text.")]
    skill_id: Annotated[Id, Doc("The skill suggested for them.")]
    is_accepted: Annotated[bool, Doc("True: the phrase means the skill. False: it does not.")]
    language: Annotated[Language, Doc("Language of the text, as en.")] = "en"
    decided_by: Annotated[Name, Doc("Who decided.")]
    decided_on: Annotated[date, Doc("Day it was decided.")]
