"""How each noun lies in the graph: its label, its links, and what becomes of it when its owner is retired."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import LiteralString

from service.domain.assessment import AssessorScope, ReviewCampaign, SkillInterest, VerificationRequest
from service.domain.changes import DecisionRecord
from service.domain.learning import Course, CourseOutcome, Session
from service.domain.people import Absence, OrgUnit, Person
from service.domain.policy import FitPolicyVersion
from service.domain.proof import Assertion, Evidence, Verification, Waiver
from service.domain.roles import CoverageRule, JobDescription, Requirement, Role, RoleProfile
from service.domain.skills import Scale, Skill, SkillProposal, SkillRelation, SuggestionDecision
from service.domain.values import Fact
from service.domain.work import Allocation, Portfolio, Position, Programme, Project


class OnRetire(Enum):
    """What happens to a fact when the thing it links to is retired."""

    CASCADE = auto()
    REFUSE = auto()
    KEEP = auto()


@dataclass(frozen=True, kw_only=True)
class Link:
    """A field that holds the id, or ids, of another thing, and the relationship that mirrors it."""

    field: LiteralString
    relationship: LiteralString
    target: LiteralString
    is_inward: bool = False
    """True when the relationship runs from the target to the fact, as (person)-[:HOLDS]->(assertion)."""
    on_retire: OnRetire = OnRetire.REFUSE


@dataclass(frozen=True, kw_only=True)
class Noun:
    """A kind of fact: the class that lists its fields, its label in the graph, its name in the plural."""

    fact: type[Fact]
    label: LiteralString
    plural: str
    links: tuple[Link, ...] = ()


def _part(field: LiteralString, relationship: LiteralString, target: LiteralString, *, is_inward: bool = True) -> Link:
    return Link(field=field, relationship=relationship, target=target, is_inward=is_inward, on_retire=OnRetire.CASCADE)


def _to(field: LiteralString, relationship: LiteralString, target: LiteralString) -> Link:
    return Link(field=field, relationship=relationship, target=target)


def _mention(field: LiteralString, relationship: LiteralString, target: LiteralString) -> Link:
    """A link that says who or what was involved, and keeps neither from being retired."""
    return Link(field=field, relationship=relationship, target=target, on_retire=OnRetire.KEEP)


NOUNS: tuple[Noun, ...] = (
    Noun(fact=OrgUnit, label="OrgUnit", plural="units", links=(_to("parent_id", "PART_OF", "OrgUnit"),)),
    Noun(fact=Scale, label="Scale", plural="scales"),
    Noun(
        fact=Skill,
        label="Skill",
        plural="skills",
        links=(_to("scale_id", "MEASURED_ON", "Scale"), _to("replaced_by_id", "REPLACED_BY", "Skill")),
    ),
    Noun(
        fact=SkillRelation,
        label="SkillRelation",
        plural="skill_relations",
        links=(_part("from_id", "RELATES", "Skill"), _part("to_id", "RELATES_TO", "Skill", is_inward=False)),
    ),
    Noun(fact=Role, label="Role", plural="roles"),
    Noun(
        fact=Person,
        label="Person",
        plural="people",
        links=(
            _to("unit_id", "MEMBER_OF", "OrgUnit"),
            _to("site_id", "WORKS_AT", "OrgUnit"),
            _to("role_id", "HAS_ROLE", "Role"),
            _to("manager_id", "REPORTS_TO", "Person"),
        ),
    ),
    Noun(
        fact=SkillProposal,
        label="SkillProposal",
        plural="skill_proposals",
        links=(
            _part("skill_id", "PROPOSED_AS", "Skill"),
            _mention("proposed_by_id", "PROPOSED_BY", "Person"),
            _mention("into_id", "MERGED_INTO", "Skill"),
        ),
    ),
    Noun(
        fact=SuggestionDecision,
        label="SuggestionDecision",
        plural="suggestion_decisions",
        links=(_part("skill_id", "SUGGESTED_FOR", "Skill"),),
    ),
    Noun(fact=FitPolicyVersion, label="FitPolicyVersion", plural="fit_policies"),
    Noun(fact=Absence, label="Absence", plural="absences", links=(_part("person_id", "IS_AWAY", "Person"),)),
    Noun(
        fact=RoleProfile, label="RoleProfile", plural="role_profiles", links=(_part("role_id", "HAS_PROFILE", "Role"),)
    ),
    Noun(fact=Portfolio, label="Portfolio", plural="portfolios"),
    Noun(
        fact=Programme,
        label="Programme",
        plural="programmes",
        links=(_to("portfolio_id", "PART_OF", "Portfolio"),),
    ),
    Noun(
        fact=Project,
        label="Project",
        plural="projects",
        links=(
            _to("programme_id", "PART_OF", "Programme"),
            _to("portfolio_id", "PART_OF", "Portfolio"),
            _to("sponsor_unit_id", "SPONSORED_BY", "OrgUnit"),
            _to("manager_id", "MANAGED_BY", "Person"),
        ),
    ),
    Noun(
        fact=Position,
        label="Position",
        plural="positions",
        links=(_part("project_id", "OPENS", "Project"), _to("role_id", "FOR_ROLE", "Role")),
    ),
    Noun(
        fact=Requirement,
        label="Requirement",
        plural="requirements",
        links=(
            _part("owner_id", "REQUIRES", "RoleProfile"),
            _part("owner_id", "REQUIRES", "Position"),
            _part("owner_id", "REQUIRES", "OrgUnit"),
            _to("skill_id", "OF_SKILL", "Skill"),
        ),
    ),
    Noun(
        fact=JobDescription,
        label="JobDescription",
        plural="job_descriptions",
        links=(
            _part("role_id", "DESCRIBED_BY", "Role"),
            _to("profile_id", "CITES", "RoleProfile"),
        ),
    ),
    Noun(
        fact=Assertion,
        label="Assertion",
        plural="assertions",
        links=(_part("person_id", "HOLDS", "Person"), _to("skill_id", "OF_SKILL", "Skill")),
    ),
    Noun(
        fact=Evidence,
        label="Evidence",
        plural="evidence",
        links=(_part("assertion_id", "SUPPORTED_BY", "Assertion"), _mention("project_id", "SHOWN_ON", "Project")),
    ),
    Noun(
        fact=Verification,
        label="Verification",
        plural="verifications",
        links=(
            _part("assertion_id", "DECIDED_BY", "Assertion"),
            Link(field="verifier_id", relationship="MADE", target="Person", is_inward=True, on_retire=OnRetire.KEEP),
        ),
    ),
    Noun(
        fact=AssessorScope,
        label="AssessorScope",
        plural="assessor_scopes",
        links=(
            _part("person_id", "MAY_ASSESS", "Person"),
            _to("skill_id", "WITHIN_SKILL", "Skill"),
            _to("unit_id", "WITHIN_UNIT", "OrgUnit"),
        ),
    ),
    Noun(
        fact=ReviewCampaign,
        label="ReviewCampaign",
        plural="review_campaigns",
        links=(_to("unit_id", "ASKS", "OrgUnit"), _to("skill_id", "REVIEWS", "Skill")),
    ),
    Noun(
        fact=VerificationRequest,
        label="VerificationRequest",
        plural="verification_requests",
        links=(
            _part("assertion_id", "AWAITS", "Assertion"),
            _mention("requested_by_id", "REQUESTED_BY", "Person"),
            _mention("assessor_id", "ASKED_OF", "Person"),
            _mention("campaign_id", "WITHIN_CAMPAIGN", "ReviewCampaign"),
            _mention("verification_id", "CLOSED_BY", "Verification"),
        ),
    ),
    Noun(
        fact=SkillInterest,
        label="SkillInterest",
        plural="skill_interests",
        links=(_part("person_id", "WANTS", "Person"), _to("skill_id", "OF_SKILL", "Skill")),
    ),
    Noun(
        fact=CoverageRule,
        label="CoverageRule",
        plural="coverage_rules",
        links=(
            _to("skill_id", "OF_SKILL", "Skill"),
            _part("unit_id", "COVERS", "OrgUnit", is_inward=False),
            _part("project_id", "COVERS", "Project", is_inward=False),
            _part("role_id", "COVERS", "Role", is_inward=False),
        ),
    ),
    Noun(
        fact=DecisionRecord,
        label="DecisionRecord",
        plural="decision_records",
        links=(_mention("chosen_id", "CHOSE", "Person"),),
    ),
    Noun(
        fact=Waiver,
        label="Waiver",
        plural="waivers",
        links=(
            _part("person_id", "IS_EXEMPT", "Person"),
            _to("skill_id", "WAIVES", "Skill"),
            _part("role_id", "WAIVED_FOR", "Role", is_inward=False),
            _part("position_id", "WAIVED_FOR", "Position", is_inward=False),
        ),
    ),
    Noun(
        fact=Allocation,
        label="Allocation",
        plural="allocations",
        links=(
            _part("person_id", "IS_BOOKED", "Person"),
            _part("position_id", "BOOKED_TO", "Position", is_inward=False),
        ),
    ),
    Noun(fact=Course, label="Course", plural="courses", links=(_to("prerequisite_ids", "COMES_AFTER", "Course"),)),
    Noun(
        fact=CourseOutcome,
        label="CourseOutcome",
        plural="course_outcomes",
        links=(_part("course_id", "DEVELOPS", "Course"), _to("skill_id", "OF_SKILL", "Skill")),
    ),
    Noun(fact=Session, label="Session", plural="sessions", links=(_part("course_id", "RUNS_AS", "Course"),)),
)
"""Every noun, each after those it links to."""

BY_FACT: dict[type[Fact], Noun] = {noun.fact: noun for noun in NOUNS}
BY_LABEL: dict[str, Noun] = {noun.label: noun for noun in NOUNS}


def one(label: str) -> str:
    """A thing of this *label*, as a sentence says it: an OrgUnit, a Person."""
    return f"{'an' if label[0] in 'AEIOU' else 'a'} {label}"


def noun_of(fact: type[Fact]) -> Noun:
    """The noun whose fields *fact* lists, also for a subclass of it."""
    for each in fact.__mro__:
        if each in BY_FACT:
            return BY_FACT[each]
    raise KeyError(fact)
