"""What one row of a file turned out to be: a fact, or a problem that its author can find and mend."""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from service.domain.values import Fact

F_co = TypeVar("F_co", bound=Fact, covariant=True)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file, and where.

    ``row`` is counted as a spreadsheet shows it: the header is row 1, and a cell of several lines is
    still one row. ``column`` and ``value`` are empty when the row or the file as a whole is wrong.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row(Generic[F_co]):
    """A fact and the row that states it."""

    file: str
    row: int
    fact: F_co


Outcome: TypeAlias = Row[Fact] | Problem
