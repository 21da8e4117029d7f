"""Kinds of work, what they require, and the texts that describe them to people."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Gt, Le
from typing_extensions import Doc

from service.domain.proof import Trust
from service.domain.values import Dated, Fact, Id, Labels, Language, Name, RequiredLevel, Text


class VersionStatus(StrEnum):
    """Where a version of a profile or job description stands."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    RETIRED = "RETIRED"


@dataclass(kw_only=True)
class Role(Fact):
    """A kind of work, as "Data engineer, senior"."""

    name: Annotated[Name, Doc("What the role is called.")]
    description: Annotated[Text | None, Doc("What people in it do.")] = None
    alternative_labels: Annotated[Labels, Doc("Other names, each with its language: text@en.")] = field(
        default_factory=list
    )
    family: Annotated[Name | None, Doc("Job family or occupation group.")] = None
    source: Annotated[Name | None, Doc("Framework and version it comes from, as ESCO 1.2.0.")] = None
    reviewed_on: Annotated[date | None, Doc("Day somebody last confirmed that what it requires is right.")] = None


@dataclass(kw_only=True)
class RoleProfile(Dated):
    """One version of what a role requires; the published one with the highest version in force counts."""

    role_id: Annotated[Id, Doc("The role.")]
    version: Annotated[int, Ge(1), Doc("1, 2, 3 ... within the role.")]
    status: Annotated[VersionStatus, Doc("Draft, published or retired.")] = VersionStatus.DRAFT


@dataclass(kw_only=True)
class Requirement(Fact):
    """A skill at a level that a role profile, a position on top of its role, or a unit or site asks for."""

    owner_id: Annotated[Id, Doc("The role profile, position or unit that asks.")]
    skill_id: Annotated[Id, Doc("The skill asked for.")]
    level: Annotated[RequiredLevel, Doc("Least level on the skill's scale.")]
    weight: Annotated[float, Gt(0), Le(1000), Doc("Share in the fit, relative to the other requirements.")] = 1.0
    is_mandatory: Annotated[bool, Doc("True: without it nobody is eligible. False: desirable.")] = True
    min_trust: Annotated[Trust | None, Doc("Least trust for this requirement; null: the question's own.")] = None


@dataclass(kw_only=True)
class JobDescription(Fact):
    """A versioned text for people that describes a role and cites the profile version it rests on."""

    role_id: Annotated[Id, Doc("The role described.")]
    profile_id: Annotated[Id, Doc("The role profile version it cites.")]
    version: Annotated[int, Ge(1), Doc("1, 2, 3 ... within the role and the language.")]
    title: Annotated[Name, Doc("Heading.")]
    text: Annotated[Text, Doc("Purpose, duties and conditions, for people to read.")]
    language: Annotated[Language, Doc("Language of the text, as en.")] = "en"
    status: Annotated[VersionStatus, Doc("Draft, published or retired.")] = VersionStatus.DRAFT


@dataclass(kw_only=True)
class CoverageRule(Dated):
    """At least so many people at a level in a skill, in a unit, on a project or in a role."""

    name: Annotated[Name, Doc("What the rule is called.")]
    skill_id: Annotated[Id, Doc("The skill to be covered.")]
    level: Annotated[RequiredLevel, Doc("Least level on the skill's scale.")]
    people: Annotated[int, Ge(1), Le(100_000), Doc("Least number of people.")]
    min_trust: Annotated[Trust | None, Doc("Least trust that counts; null: the question's own.")] = None
    unit_id: Annotated[Id | None, Doc("Among the people of this unit and those below it.")] = None
    project_id: Annotated[Id | None, Doc("Among the people booked to this project.")] = None
    role_id: Annotated[Id | None, Doc("Among the people who hold this role.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        given = [each for each in (self.unit_id, self.project_id, self.role_id) if each is not None]
        if len(given) != 1:
            raise ValueError(f"{len(given)} of unit_id, project_id and role_id are given; a rule is about one of them")
