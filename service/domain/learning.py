"""Courses, what they develop, and the dates they run."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Le
from typing_extensions import Doc

from service.domain.values import Dated, Fact, Id, Ids, Language, Level, Money, Name, Ratio, RequiredLevel, Text, Url


class SessionStatus(StrEnum):
    """Whether a session takes place."""

    PLANNED = "PLANNED"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    DONE = "DONE"


@dataclass(kw_only=True)
class Course(Fact):
    """Learning on offer."""

    name: Annotated[Name, Doc("Title.")]
    description: Annotated[Text | None, Doc("What it is about.")] = None
    provider: Annotated[Name | None, Doc("Who gives it.")] = None
    hours: Annotated[float | None, Ge(0), Le(10_000), Doc("Hours of work for one attendee; null: not known.")] = None
    price: Annotated[Money | None, Doc("Price of one seat, in the registry's currency; null: not known.")] = None
    language: Annotated[Language | None, Doc("Language it is given in, as en.")] = None
    url: Annotated[Url | None, Doc("Where it is described.")] = None
    prerequisite_ids: Annotated[Ids, Doc("Courses to complete first.")] = field(default_factory=list)


@dataclass(kw_only=True)
class CourseOutcome(Fact):
    """A skill that a course develops, from one level to another."""

    course_id: Annotated[Id, Doc("The course.")]
    skill_id: Annotated[Id, Doc("The skill it develops.")]
    from_level: Annotated[Level, Doc("Level needed to follow it; 0: none.")] = 0
    to_level: Annotated[RequiredLevel, Doc("Level reached on success.")]
    success_rate: Annotated[Ratio | None, Doc("Share of attendees who reach it; null: not known.")] = None

    def __post_init__(self) -> None:
        if self.to_level <= self.from_level:
            raise ValueError(f"to_level {self.to_level} is not above from_level {self.from_level}")


@dataclass(kw_only=True)
class Session(Dated):
    """One dated run of a course."""

    course_id: Annotated[Id, Doc("The course that runs.")]
    place: Annotated[Name | None, Doc("Where.")] = None
    seats: Annotated[int | None, Ge(1), Le(100_000), Doc("Most attendees; null: no limit.")] = None
    min_seats: Annotated[int, Ge(0), Doc("Fewest attendees for it to run.")] = 0
    status: Annotated[SessionStatus, Doc("Planned, confirmed, cancelled or done.")] = SessionStatus.PLANNED

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.seats is not None and self.min_seats > self.seats:
            raise ValueError(f"min_seats {self.min_seats} is above seats {self.seats}")
