"""The small types that fields are made of, and what every recorded fact carries."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from annotated_types import Ge, Gt, Le, Len
from pydantic import StringConstraints
from typing_extensions import Doc

Id = Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f]+$", max_length=200)]
"""A UUIDv7 of ours, the source's URI, or the house's own code: no blanks, at most 200 characters."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Label = Annotated[str, StringConstraints(pattern=r"^[^@\n][^\n]*@[a-z]{2,3}(-[A-Za-z0-9]+)*$", max_length=500)]
"""A label with its language as RDF writes it: ``text@en``."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
Level = Annotated[int, Ge(0), Le(20)]
RequiredLevel = Annotated[int, Ge(1), Le(20)]
Ratio = Annotated[float, Ge(0), Le(1)]
Fte = Annotated[float, Ge(0), Le(2)]
Share = Annotated[float, Gt(0), Le(1)]
Money = Annotated[float, Ge(0), Le(1e12)]
Ids = Annotated[list[Id], Len(0, 1_000)]
Labels = Annotated[list[Label], Len(0, 1_000)]


@dataclass(kw_only=True)
class Fact:
    """What every recorded fact carries: its id and the two ends of its recorded time."""

    id: Annotated[Id, Doc("Identifier: a UUIDv7, the source's URI, or the house's own code.")]
    recorded_seq: Annotated[int, Ge(0), Doc("Number of the change that recorded this state.")] = 0
    retracted_seq: Annotated[
        int | None, Doc("Number of the change that ended this state; null while it is current.")
    ] = None


@dataclass(kw_only=True)
class Dated(Fact):
    """A fact that holds for days: from its first day to the first day it no longer holds."""

    valid_from: Annotated[date | None, Doc("First day it counts; null: always has.")] = None
    valid_until: Annotated[date | None, Doc("First day it no longer counts; null: open.")] = None

    def __post_init__(self) -> None:
        if self.valid_from is not None and self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError(
                f"valid_until {self.valid_until} is not after valid_from {self.valid_from}; "
                "valid_until is the first day it no longer counts"
            )
