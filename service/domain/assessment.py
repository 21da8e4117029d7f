"""How proof comes about: who may decide, what waits for a decision, reviews, and what people want."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Le
from typing_extensions import Doc

from service.domain.values import Dated, Fact, Id, Name, Text


class RequestStatus(StrEnum):
    """Where a request for a decision stands."""

    OPEN = "OPEN"
    DECIDED = "DECIDED"
    WITHDRAWN = "WITHDRAWN"


class InterestLevel(StrEnum):
    """How much somebody likes to work with a skill."""

    AVERSE = "AVERSE"
    NEUTRAL = "NEUTRAL"
    INTERESTED = "INTERESTED"
    KEEN = "KEEN"


@dataclass(kw_only=True)
class AssessorScope(Dated):
    """A person's authority to decide on assertions: in a branch of the skills, about the people of a unit."""

    person_id: Annotated[Id, Doc("The assessor.")]
    skill_id: Annotated[Id | None, Doc("The skill or group, with everything narrower; null: every skill.")] = None
    unit_id: Annotated[Id | None, Doc("The unit, with every unit below it; null: everybody.")] = None
    granted_by: Annotated[Name, Doc("Who granted it.")]
    reason: Annotated[Text | None, Doc("Why.")] = None


@dataclass(kw_only=True)
class ReviewCampaign(Fact):
    """A unit asked to review its skills by a date."""

    name: Annotated[Name, Doc("What it is called.")]
    unit_id: Annotated[Id, Doc("The unit asked, with every unit below it.")]
    skill_id: Annotated[Id | None, Doc("Only this skill or group, with everything narrower; null: every skill.")] = None
    starts_on: Annotated[date, Doc("First day; what was decided or stated from then on is reviewed.")]
    due_on: Annotated[date, Doc("Day by which all is to be reviewed.")]
    remind_days: Annotated[int, Ge(0), Le(365), Doc("Days before the due day from which reminders are due.")] = 7
    closed_on: Annotated[date | None, Doc("Day it was ended; null: under way.")] = None

    def __post_init__(self) -> None:
        if self.due_on < self.starts_on:
            raise ValueError(f"due_on {self.due_on} is before starts_on {self.starts_on}")


@dataclass(kw_only=True)
class VerificationRequest(Fact):
    """A wish that an assessor decides on an assertion."""

    assertion_id: Annotated[Id, Doc("The assertion to decide on.")]
    requested_on: Annotated[date, Doc("Day it was asked for.")]
    requested_by_id: Annotated[Id | None, Doc("The person who asks.")] = None
    assessor_id: Annotated[Id | None, Doc("The assessor asked; null: any in whose scope it is.")] = None
    due_on: Annotated[date | None, Doc("Day by which a decision is needed.")] = None
    campaign_id: Annotated[Id | None, Doc("The review it belongs to.")] = None
    note: Annotated[Text | None, Doc("What the assessor should know; after delegation, why it was delegated.")] = None
    status: Annotated[RequestStatus, Doc("Open, decided or withdrawn.")] = RequestStatus.OPEN
    verification_id: Annotated[Id | None, Doc("DECIDED: the decision that closed it.")] = None

    def __post_init__(self) -> None:
        if self.verification_id is not None and self.status is not RequestStatus.DECIDED:
            raise ValueError(f"verification_id {self.verification_id!r} on {self.status}; only DECIDED ones have it")


@dataclass(kw_only=True)
class SkillInterest(Fact):
    """What a person wants with a skill, beside the level held."""

    person_id: Annotated[Id, Doc("Whose interest it is.")]
    skill_id: Annotated[Id, Doc("The skill.")]
    interest: Annotated[InterestLevel, Doc("How much the person likes to work with it.")] = InterestLevel.INTERESTED
    wants_to_learn: Annotated[bool, Doc("Whether the person wants to learn it, or more of it.")] = False
    stated_on: Annotated[date, Doc("Day it was said.")]
