"""Working days: Monday to Friday, less the public holidays of a country or region."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import holidays
import numpy as np
from numpy.typing import NDArray

from service.capability.columns import day_number, day_of
from service.errors import Invalid

FIRST_YEAR, LAST_YEAR = 1950, 2100
"""Outside these years the published holidays of most countries are not known."""


def validate(code: str | None) -> None:
    """Raise Invalid unless the public holidays of *code* (``GB``, ``DE-BY``; none: no holidays) are known."""
    if not code:
        return
    country, _, region = code.partition("-")
    regions = holidays.list_supported_countries(include_aliases=False).get(country)
    if regions is None:
        raise Invalid(
            f"calendar {code!r}: no public holidays are known for country {country!r}; "
            "right is an ISO 3166 code in capitals as GB, or with its region as DE-BY, or null for no holidays"
        )
    if "-" in code and region not in regions:
        known = ", ".join(sorted(name for name in regions if name.isupper() or name.isdigit()))
        among = f"one of its regions ({known})" if known else f"{country!r}, which has no regions"
        raise Invalid(f"calendar {code!r}: {country!r} has no region {region!r}; right is {among}")


@lru_cache(maxsize=4096)
def _holidays(code: str, year: int) -> tuple[int, ...]:
    country, _, region = code.partition("-")
    return tuple(day_number(day) for day in holidays.country_holidays(country, subdiv=region or None, years=year))


class Calendars:
    """The working days of several calendars, as prefix sums over a range of years that grows when asked beyond.

    A row is the index of a name; row -1 has no public holidays.
    """

    def __init__(self, names: Sequence[str | None]) -> None:
        self.names = (*(name or "" for name in names), "")
        for name in self.names:
            validate(name)
        today = day_number(date.today())  # noqa: DTZ011 only where the range begins
        self._table = (today, today, np.zeros((len(self.names), 1), np.int32))

    def working(self, row: int, first: int, until: int) -> NDArray[np.bool_]:
        """Whether each day of ``[first, until)`` is a working day of calendar *row*."""
        low, sums = self._covering(first, until)
        return np.diff(sums[row, first - low : until - low + 1]) > 0

    def count(
        self, rows: NDArray[np.integer], first: NDArray[np.integer] | int, until: NDArray[np.integer] | int
    ) -> NDArray[np.int32]:
        """Working days in each ``[first, until)`` of calendar *rows*; the arrays broadcast."""
        if not np.size(rows) or not np.size(first):
            return np.zeros(np.broadcast_shapes(np.shape(rows), np.shape(first), np.shape(until)), np.int32)
        low, sums = self._covering(int(np.min(first)), int(np.max(until)))
        counts: NDArray[np.int32] = sums[rows, np.subtract(until, low)] - sums[rows, np.subtract(first, low)]
        return counts

    def before(self, first: int, until: int) -> NDArray[np.int32]:
        """Working days of each calendar in ``[first, d)`` for each d of ``[first, until]``; [calendar, d - first]."""
        low, sums = self._covering(first, until)
        span = sums[:, first - low : until - low + 1]
        return np.ascontiguousarray(span - span[:, :1])

    def _covering(self, first: int, until: int) -> tuple[int, NDArray[np.int32]]:
        """First day and prefix sums of a range of whole years around ``[first, until)``."""
        low, high, sums = self._table
        if low <= first and until <= high:
            return low, sums
        years = day_of(min(first, low)).year, day_of(max(until, high) - 1).year
        if years[0] < FIRST_YEAR or years[1] > LAST_YEAR:
            raise Invalid(
                f"the days from {day_of(first)} until {day_of(until)} are not all in {FIRST_YEAR} to {LAST_YEAR}, "
                "the years whose public holidays are known"
            )
        low, high = day_number(date(years[0], 1, 1)), day_number(date(years[1] + 1, 1, 1))
        days = np.arange(low, high)
        is_working = np.tile((days + 3) % 7 < 5, (len(self.names), 1))  # noqa: PLR2004 1970-01-01 was a Thursday
        for row, name in enumerate(self.names):
            if name:
                off = [day for year in range(years[0], years[1] + 1) for day in _holidays(name, year)]
                is_working[row, np.array(off, np.int64) - low] = False
        sums = np.zeros((len(self.names), days.size + 1), np.int32)
        np.cumsum(is_working, axis=1, out=sums[:, 1:])
        self._table = (low, high, sums)
        return low, sums
