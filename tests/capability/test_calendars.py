"""Working days are Monday to Friday less the public holidays of the calendar."""

from datetime import date, timedelta

import holidays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.capability.calendars import Calendars, validate
from service.capability.columns import day_number, day_of
from service.errors import Invalid

NAMES = ("GB-ENG", None, "DE-BY", "US")
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31)).map(day_number)
SHARED = Calendars(NAMES)


def slow(name: str | None, first: int, until: int) -> list[bool]:
    country, _, region = (name or "").partition("-")
    off = holidays.country_holidays(country, subdiv=region or None) if name else ()
    days = [day_of(number) for number in range(first, until)]
    return [day.weekday() < 5 and day not in off for day in days]


def test_holidays_are_those_of_the_region() -> None:
    calendars = Calendars(("DE-BY", "DE-BE", ""))
    epiphany = day_number(date(2026, 1, 6))
    assert [calendars.working(row, epiphany, epiphany + 1).tolist() for row in (0, 1, 2)] == [[False], [True], [True]]


def test_row_minus_one_has_no_holidays() -> None:
    christmas = day_number(date(2026, 12, 25))
    assert Calendars(("GB",)).count(np.array([0, -1]), christmas, christmas + 1).tolist() == [0, 1]


@given(row=st.sampled_from(range(len(NAMES))), first=DAYS, length=st.integers(0, 500))
def test_counts_agree_with_looking_at_every_day(row: int, first: int, length: int) -> None:
    expected = slow(NAMES[row], first, first + length)
    assert SHARED.working(row, first, first + length).tolist() == expected
    assert SHARED.count(np.array([row]), first, first + length).tolist() == [sum(expected)]
    assert SHARED.before(first, first + length)[row].tolist() == [sum(expected[:i]) for i in range(length + 1)]


@given(spans=st.lists(st.tuples(st.sampled_from(range(len(NAMES))), DAYS, st.integers(0, 90)), max_size=8))
def test_many_intervals_are_counted_as_each_alone(spans: list[tuple[int, int, int]]) -> None:
    rows, first, length = np.array(spans, np.int64).reshape(-1, 3).T
    assert SHARED.count(rows, first, first + length).tolist() == [
        sum(slow(NAMES[row], day, day + days)) for row, day, days in spans
    ]


def test_the_range_of_years_grows_both_ways() -> None:
    calendars = Calendars(("GB",))
    for year in (2030, 1999, 2010):
        first = day_number(date(year, 1, 1))
        assert calendars.working(0, first, first + 365).tolist() == slow("GB", first, first + 365)


def test_days_whose_holidays_nobody_published_are_refused() -> None:
    far = day_number(date(9999, 1, 1))
    with pytest.raises(Invalid, match="9999-01-01 until 9999-01-02 are not all in 1950 to 2100"):
        Calendars(("GB",)).working(0, far, far + 1)


@pytest.mark.parametrize("code", [None, "", "GB", "GB-ENG", "DE-BY", "FR-57", "US-CA"])
def test_known_calendars_are_valid(code: str | None) -> None:
    validate(code)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("XX", r"calendar 'XX': no public holidays are known for country 'XX'; right is .* as GB"),
        ("gb", r"calendar 'gb': no public holidays are known for country 'gb'"),
        ("GBR", r"calendar 'GBR': no public holidays are known for country 'GBR'"),
        ("GB-XX", r"calendar 'GB-XX': 'GB' has no region 'XX'; right is one of its regions \(ENG, NIR, SCT, WLS\)"),
        ("GB-", r"calendar 'GB-': 'GB' has no region ''"),
        ("VA-X", r"calendar 'VA-X': 'VA' has no region 'X'; right is 'VA', which has no regions"),
    ],
)
def test_an_unknown_calendar_is_refused_with_what_would_be_right(code: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        validate(code)


def test_calendars_refuse_a_name_they_do_not_know() -> None:
    with pytest.raises(Invalid, match="'ZZ'"):
        Calendars(("GB", "ZZ"))


def test_day_numbers_are_days_since_1970() -> None:
    assert [day_number(date(1970, 1, 1) + timedelta(days=i)) for i in (0, 1)] == [0, 1]
