"""People, the units they belong to, and the days they are away."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints
from typing_extensions import Doc

from service.domain.values import Dated, Fact, Fte, Id, Money, Name


class UnitKind(StrEnum):
    """What an organisational unit is."""

    DEPARTMENT = "DEPARTMENT"
    TEAM = "TEAM"
    SITE = "SITE"


class PersonKind(StrEnum):
    """How a person is bound to the organisation."""

    EMPLOYEE = "EMPLOYEE"
    CONTRACTOR = "CONTRACTOR"
    CANDIDATE = "CANDIDATE"


class AbsenceKind(StrEnum):
    """Why a person is away."""

    LEAVE = "LEAVE"
    SICKNESS = "SICKNESS"
    PARENTAL = "PARENTAL"
    TRAINING = "TRAINING"
    OTHER = "OTHER"


@dataclass(kw_only=True)
class OrgUnit(Fact):
    """A department, team or site; units form a tree."""

    name: Annotated[Name, Doc("What people call it.")]
    kind: Annotated[UnitKind, Doc("Department, team or site.")] = UnitKind.DEPARTMENT
    parent_id: Annotated[Id | None, Doc("The unit it is part of; null at the top.")] = None


@dataclass(kw_only=True)
class Person(Dated):
    """Someone whose skills are recorded; valid from the first to past the last day of service."""

    name: Annotated[Name, Doc("Full name as the organisation writes it.")]
    email: Annotated[
        str | None, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254), Doc("Work address.")
    ] = None
    kind: Annotated[PersonKind, Doc("Employee, contractor or candidate.")] = PersonKind.EMPLOYEE
    unit_id: Annotated[Id | None, Doc("The unit the person belongs to.")] = None
    site_id: Annotated[Id | None, Doc("The unit of kind SITE where the person works.")] = None
    role_id: Annotated[Id | None, Doc("The role the person holds in the organisation.")] = None
    manager_id: Annotated[Id | None, Doc("Line manager.")] = None
    contract_fte: Annotated[Fte, Doc("Contracted share of full time, 1 being full time.")] = 1.0
    location: Annotated[Name | None, Doc("Usual place of work.")] = None
    calendar: Annotated[
        str | None,
        StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"),
        Doc("Country or region whose public holidays apply, as ISO 3166: GB, DE-BY. Null: none."),
    ] = None
    cost_rate: Annotated[Money | None, Doc("Cost of one hour, in the registry's currency.")] = None


@dataclass(kw_only=True)
class Absence(Dated):
    """Days on which a person is not available."""

    person_id: Annotated[Id, Doc("Who is away.")]
    kind: Annotated[AbsenceKind, Doc("Why.")] = AbsenceKind.LEAVE
