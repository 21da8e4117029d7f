"""The enums of the domain as GraphQL enums, each value described."""

from enum import Enum
from typing import TYPE_CHECKING

import strawberry

from service.capability.capacity import Pipeline
from service.domain.assessment import InterestLevel, RequestStatus
from service.domain.learning import SessionStatus
from service.domain.people import AbsenceKind, PersonKind, UnitKind
from service.domain.policy import Cause
from service.domain.proof import Decision, EvidenceKind, Trust, Visibility
from service.domain.roles import VersionStatus
from service.domain.skills import Lifecycle, ProposalStatus, RelationKind, SkillKind
from service.domain.work import AllocationStatus, Approval, PositionStatus, ProjectStatus

if TYPE_CHECKING:
    from strawberry.types.enum import StrawberryEnumDefinition

DESCRIBED: dict[type[Enum], dict[str, str]] = {
    UnitKind: {
        "DEPARTMENT": "A lasting part of the organisation.",
        "TEAM": "People who work together.",
        "SITE": "A place where people work.",
    },
    PersonKind: {
        "EMPLOYEE": "Employed by the organisation.",
        "CONTRACTOR": "Works for the organisation under a contract for services.",
        "CANDIDATE": "Might join.",
    },
    AbsenceKind: {
        "LEAVE": "Holiday or other agreed leave.",
        "SICKNESS": "Not fit to work.",
        "PARENTAL": "Parental leave.",
        "TRAINING": "Attending training.",
        "OTHER": "Any other reason.",
    },
    SkillKind: {
        "SKILL": "Something one can do.",
        "KNOWLEDGE": "Something one knows.",
        "TOOL": "A product or technology one can use.",
        "LANGUAGE": "A human language.",
        "CERTIFICATION": "A certificate or licence one holds.",
    },
    Lifecycle: {
        "DRAFT": "Proposed, not yet for general use.",
        "PUBLISHED": "In use.",
        "DEPRECATED": "No longer to be used; see what replaces it.",
    },
    RelationKind: {
        "BROADER": "The other skill is more general.",
        "RELATED": "The two have something in common.",
        "REQUIRES_FIRST": "The other skill comes first.",
        "EQUIVALENT": "The two are the same under different names.",
    },
    Trust: {
        "INFERRED": "Concluded by a machine.",
        "CLAIMED": "Said by the person, or imported without proof.",
        "ENDORSED": "Supported by a manager or peer.",
        "VERIFIED": "Decided by an authorised assessor, or proven by an exam or credential.",
    },
    Decision: {
        "VERIFIED": "The assertion is true.",
        "REJECTED": "The assertion is not true; it does not count.",
        "SUSPENDED": "The assertion does not count until a date.",
        "REVOKED": "What was verified no longer is; it does not count.",
    },
    EvidenceKind: {
        "DOCUMENT": "A document.",
        "CERTIFICATE": "A certificate with a number and an issuer.",
        "EXAM": "The result of an exam.",
        "PROJECT": "Work on a project.",
        "OBSERVATION": "Seen at work.",
        "CREDENTIAL": "A digital credential that was checked.",
    },
    RequestStatus: {
        "OPEN": "Waits for a decision.",
        "DECIDED": "Decided.",
        "WITHDRAWN": "No longer asked for.",
    },
    InterestLevel: {
        "AVERSE": "Would rather not.",
        "NEUTRAL": "Does not mind.",
        "INTERESTED": "Likes to.",
        "KEEN": "Wants to most of all.",
    },
    ProposalStatus: {
        "OPEN": "Waits for a curator.",
        "ACCEPTED": "Taken up and published.",
        "REJECTED": "Not taken up.",
        "MERGED": "Became another name of a skill there was.",
    },
    Visibility: {
        "PUBLIC": "Everyone may see it.",
        "MANAGERS": "The person, managers, assessors and HR may see it.",
        "PRIVATE": "The person and HR may see it.",
    },
    VersionStatus: {
        "DRAFT": "Being written.",
        "PUBLISHED": "In force.",
        "RETIRED": "No longer in force.",
    },
    ProjectStatus: {
        "IDEA": "Somebody thought of it.",
        "PROPOSED": "Asked for, not decided.",
        "APPROVED": "Decided, not begun.",
        "ACTIVE": "Under way.",
        "ON_HOLD": "Interrupted.",
        "CLOSED": "Ended as planned.",
        "CANCELLED": "Given up.",
    },
    PositionStatus: {"OPEN": "Looks for people.", "CLOSED": "No longer looks for people."},
    AllocationStatus: {"SOFT": "Proposed.", "HARD": "Confirmed."},
    Approval: {
        "REQUESTED": "Waits for approval.",
        "APPROVED": "Agreed to.",
        "REJECTED": "Not agreed to; it takes nobody's time.",
    },
    SessionStatus: {
        "PLANNED": "Dated, not yet certain.",
        "CONFIRMED": "Takes place.",
        "CANCELLED": "Does not take place.",
        "DONE": "Took place.",
    },
    Cause: {
        "MET": "Holds the level, trusted enough, on every day asked.",
        "WAIVED": "Exempt on every day asked.",
        "EXPIRING": "Met on the first day, lapses within the days asked.",
        "UNVERIFIED": "Would be met if claims were believed.",
        "EXPIRED": "Was met before, and lapsed.",
        "BELOW_LEVEL": "Holds the skill below the level.",
        "SUBSTITUTED": "Does not hold the skill, but one that earns credit for it.",
        "MISSING": "None of these.",
    },
    Pipeline: {
        "EXCLUDE": "Only approved and active projects count.",
        "WEIGHTED": "Ideas and proposals count by their probability too.",
        "FULL": "Ideas and proposals count in full.",
    },
}


def describe(enum: type[Enum], values: dict[str, str]) -> None:
    """Make *enum* a GraphQL enum, its docstring and *values* its descriptions."""
    strawberry.enum(enum, description=enum.__doc__)
    definition: StrawberryEnumDefinition = enum.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = values[value.name]


for _enum, _values in DESCRIBED.items():
    describe(_enum, _values)
