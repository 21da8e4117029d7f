"""Columns of plain values, as the engine gives them, read into arrays and states."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from typing import Any, Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import ALWAYS, CURRENT, FTE_UNITS, NEVER, day_number
from service.domain.proof import TRUSTS
from service.domain.values import Fact

Column = Sequence[Any]
Facts = Mapping[str, Mapping[str, Column]]
"""Kind, as ``Assertion`` -> field of the domain class -> one plain value for each state."""

TRUST_RANKS: Final[dict[Any, int]] = {str(trust): trust.rank for trust in TRUSTS}
_OPEN_ENDS: Final = {"valid_from": ALWAYS, "reviewed_on": ALWAYS, "issued_on": ALWAYS}
"""What stands for an absent day; NEVER where nothing is said."""
_DAYS: Final = frozenset(
    {
        "asserted_on",
        "closed_on",
        "decided_on",
        "due_on",
        "expires_on",
        "issued_on",
        "last_used_on",
        "requested_on",
        "reviewed_on",
        "starts_on",
        "stated_on",
        "suspended_until",
        "valid_from",
        "valid_until",
    }
)


class State(Protocol):
    """One state of a fact: what it says between two changes."""

    @property
    def id(self) -> str:
        """Id of the fact."""
        ...

    @property
    def recorded_seq(self) -> int:
        """Number of the change that recorded it."""
        ...

    @property
    def retracted_seq(self) -> int:
        """Number of the change that ended it, or ``CURRENT``."""
        ...


S = TypeVar("S", bound=State)


class Columns:
    """The columns of one kind; an absent column or value is the default of the field of the domain class."""

    def __init__(self, kind: type[Fact], columns: Mapping[str, Column]) -> None:
        self._columns = columns
        self._defaults = _defaults(kind)
        self.size = len(columns["id"]) if columns else 0

    def values(self, name: str) -> Column:
        """The plain values of a field."""
        default = self._defaults.get(name)
        column = self._columns.get(name)
        if column is None:
            return [default] * self.size
        if default is None or None not in column:
            return column
        return [default if value is None else value for value in column]

    def days(self, name: str, absent: int) -> NDArray[np.int32]:
        """The day numbers of a field, *absent* where there is no day."""
        return np.array(self._days(name, absent), np.int32)

    def integers(self, name: str, absent: int = 0) -> NDArray[np.int64]:
        """The whole numbers of a field, *absent* where there is none."""
        values = self.values(name)
        if None in values:
            values = [absent if value is None else value for value in values]
        return np.array(values, np.int64)

    def ranks(self, name: str) -> NDArray[np.int8]:
        """The trust ranks of a field."""
        return np.fromiter(map(TRUST_RANKS.__getitem__, self.values(name)), np.int8, self.size)

    def fte(self, name: str) -> NDArray[np.int64]:
        """The FTE of a field in ten-thousandths."""
        shares = np.fromiter(self.values(name), np.float64, self.size)
        return np.rint(shares * FTE_UNITS).astype(np.int64)

    def numbers(self, name: str) -> NDArray[np.float64]:
        """The numbers of a field, NaN where there is none."""
        return np.array([np.nan if value is None else value for value in self.values(name)], np.float64)

    def texts(self, name: str) -> NDArray[np.object_]:
        """The strings of a field."""
        column = np.empty(self.size, np.object_)
        column[:] = self.values(name)
        return column

    def states(self, state: Callable[..., S], names: Sequence[str]) -> list[S]:
        """One *state* for each row, made from the fields *names*: days as numbers, trust as its rank."""
        return list(map(state, *(self._plain(name) for name in names)))

    def _days(self, name: str, absent: int) -> list[int]:
        numbers = _DayNumbers()
        numbers[None] = absent
        return list(map(numbers.__getitem__, self._columns.get(name) or [None] * self.size))

    def _plain(self, name: str) -> Column:
        if name in _DAYS:
            return self._days(name, _OPEN_ENDS.get(name, NEVER))
        if name == "retracted_seq":
            return [CURRENT if value is None else value for value in self.values(name)]
        if name == "min_trust":
            return [None if value is None else TRUST_RANKS[value] for value in self.values(name)]
        return self.values(name)


class _DayNumbers(dict[Any, int]):
    """Day numbers of ISO dates, each reckoned once."""

    def __missing__(self, text: str) -> int:
        self[text] = number = day_number(date.fromisoformat(text))
        return number


def _defaults(kind: type[Fact]) -> dict[str, Any]:
    """The plain defaults of the fields of a domain class."""
    defaults: dict[str, Any] = {}
    for each in fields(kind):
        if each.default is not MISSING:
            defaults[each.name] = each.default
        elif each.default_factory is not MISSING:
            defaults[each.name] = each.default_factory()
    return defaults
