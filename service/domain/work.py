"""The portfolio's tree of work, the positions it opens, and who is booked to them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Le
from typing_extensions import Doc

from service.domain.values import Dated, Fact, Id, Money, Name, Ratio, Reason, Share, Text


class ProjectStatus(StrEnum):
    """Where a project stands, from idea to end."""

    IDEA = "IDEA"
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    ACTIVE = "ACTIVE"
    ON_HOLD = "ON_HOLD"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class PositionStatus(StrEnum):
    """Whether a position still looks for people."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class AllocationStatus(StrEnum):
    """How firm a booking is."""

    SOFT = "SOFT"
    HARD = "HARD"


class Approval(StrEnum):
    """Whether a booking was agreed to."""

    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


@dataclass(kw_only=True)
class Portfolio(Fact):
    """Programmes and projects that are steered together."""

    name: Annotated[Name, Doc("What it is called.")]
    description: Annotated[Text | None, Doc("What it is for.")] = None


@dataclass(kw_only=True)
class Programme(Fact):
    """Projects that serve one outcome."""

    name: Annotated[Name, Doc("What it is called.")]
    description: Annotated[Text | None, Doc("The outcome it serves.")] = None
    portfolio_id: Annotated[Id | None, Doc("The portfolio it belongs to.")] = None


@dataclass(kw_only=True)
class Project(Dated):
    """A piece of work with an end, valid from its first day to past its last."""

    name: Annotated[Name, Doc("What it is called.")]
    description: Annotated[Text | None, Doc("What it delivers.")] = None
    status: Annotated[ProjectStatus, Doc("From idea to closed.")] = ProjectStatus.PROPOSED
    programme_id: Annotated[Id | None, Doc("The programme it belongs to.")] = None
    portfolio_id: Annotated[Id | None, Doc("The portfolio it belongs to, when not through a programme.")] = None
    sponsor_unit_id: Annotated[Id | None, Doc("The unit that pays; its capacity is asked first.")] = None
    manager_id: Annotated[Id | None, Doc("The project manager.")] = None
    probability: Annotated[Ratio, Doc("How likely it goes ahead, 0 to 1.")] = 1.0
    priority: Annotated[int, Ge(1), Le(100), Doc("Higher goes first, 1 to 100.")] = 50
    budget: Annotated[Money | None, Doc("Approved budget, in the registry's currency.")] = None


@dataclass(kw_only=True)
class Position(Dated):
    """An opening on a project: what a role asks for, with exceptions, for a share of time on certain days."""

    project_id: Annotated[Id, Doc("The project that opens it.")]
    title: Annotated[Name, Doc("What the opening is called.")]
    role_id: Annotated[Id | None, Doc("The role whose requirements it inherits.")] = None
    fte: Annotated[Share, Doc("Share of full time asked of each holder.")] = 1.0
    headcount: Annotated[int, Ge(1), Le(1000), Doc("How many people.")] = 1
    place: Annotated[Name | None, Doc("Where the work is done.")] = None
    status: Annotated[PositionStatus, Doc("Open or closed.")] = PositionStatus.OPEN

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.valid_from is None or self.valid_until is None:
            raise ValueError("valid_from and valid_until are both needed; a position has a first day and an end")


@dataclass(kw_only=True)
class Allocation(Dated):
    """A person booked to a position for a share of full time on certain days."""

    person_id: Annotated[Id, Doc("Who is booked.")]
    position_id: Annotated[Id, Doc("The position booked to.")]
    fte: Annotated[Share, Doc("Share of full time booked.")]
    status: Annotated[AllocationStatus, Doc("Soft (proposed) or hard (confirmed).")] = AllocationStatus.SOFT
    approval: Annotated[Approval, Doc("Requested, approved or rejected.")] = Approval.REQUESTED
    forced_reason: Annotated[Reason | None, Doc("Why it was booked although it over-allocates the person.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.valid_from is None or self.valid_until is None:
            raise ValueError("valid_from and valid_until are both needed; a booking has a first day and an end")
