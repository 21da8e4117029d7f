"""Availability of everybody at once agrees with looking at every day of every person."""

from datetime import date
from itertools import pairwise
from random import Random
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.capability.availability import OverAllocation, availability, over_allocation, supply
from service.capability.calendars import Calendars
from service.capability.columns import ALWAYS, NEVER, Absences, Bookings, Service, day_number
from service.domain.people import Absence, Person
from service.domain.work import Allocation, AllocationStatus, Approval

CALENDARS = Calendars(("GB-ENG", "DE-BY"))
BASE = day_number(date(2026, 12, 21))
"""A Monday before public holidays of both calendars."""

DAYS = st.integers(BASE - 6, BASE + 20)
STARTS = st.one_of(DAYS, st.just(ALWAYS))
LENGTHS = st.integers(1, 25)
FTES = st.sampled_from((2_500, 5_000, 8_000, 10_000))
PEOPLE = st.integers(0, 3)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[int, int]:
    first = draw(STARTS)
    until = draw(st.one_of(st.just(NEVER), LENGTHS.map(lambda length: max(first, BASE - 6) + length)))
    return first, until


class Facts(NamedTuple):
    service: list[tuple[int, int, int, int]]
    """Contract, first, until, calendar."""
    bookings: list[tuple[int, tuple[int, int], int, int, bool]]
    absences: list[tuple[int, tuple[int, int]]]

    def columns(self) -> tuple[Service, Bookings, Absences]:
        contract, first, until, calendar = np.array(self.service, np.int64).reshape(-1, 4).T
        flat = [(person, *days, fte, position, hard) for person, days, fte, position, hard in self.bookings]
        b = np.array(flat, np.int64).reshape(-1, 6).T
        a = np.array([(person, *days) for person, days in self.absences], np.int64).reshape(-1, 3).T.astype(np.int32)
        count = len(self.service)
        return (
            Service(
                contract=contract,
                first=first.astype(np.int32),
                until=until.astype(np.int32),
                calendar=calendar.astype(np.int16),
                exists=np.ones(count, np.bool_),
                unit=np.full(count, -1, np.int32),
                site=np.full(count, -1, np.int32),
                role=np.full(count, -1, np.int32),
            ),
            Bookings(
                person=b[0].astype(np.int32),
                first=b[1].astype(np.int32),
                until=b[2].astype(np.int32),
                fte=b[3],
                position=b[4].astype(np.int32),
                is_hard=b[5].astype(np.bool_),
            ),
            Absences(*a),
        )

    def works(self, person: int, day: int) -> bool:
        return bool(CALENDARS.working(self.service[person][3], day, day + 1)[0])

    def is_away(self, person: int, day: int) -> bool:
        return any(who == person and first <= day < until for who, (first, until) in self.absences)

    def free(self, person: int, day: int, *, soft: bool, without: int | None) -> int:
        contract, first, until, _ = self.service[person]
        return (contract if first <= day < until else 0) - sum(
            fte
            for who, (start, end), fte, position, hard in self.bookings
            if who == person and start <= day < end and (hard or soft) and position != without
        )


FACTS = st.builds(
    Facts,
    service=st.lists(
        st.tuples(FTES, intervals(), st.integers(-1, 1)).map(lambda row: (row[0], *row[1], row[2])),
        min_size=4,
        max_size=4,
    ),
    bookings=st.lists(st.tuples(PEOPLE, intervals(), FTES, st.integers(0, 2), st.booleans()), max_size=10),
    absences=st.lists(st.tuples(PEOPLE, intervals()), max_size=4),
)


@given(facts=FACTS, first=DAYS, length=LENGTHS, soft=st.booleans(), without=st.sampled_from((None, 0, 1)))
def test_availability_agrees_with_every_day_of_everybody(
    facts: Facts, first: int, length: int, *, soft: bool, without: int | None
) -> None:
    days = range(first, first + length)
    found = availability(
        *facts.columns(), CALENDARS, first, first + length, include_soft=soft, without_position=without
    )
    working = [[day for day in days if facts.works(person, day)] for person in range(4)]
    present = [[day for day in working[person] if not facts.is_away(person, day)] for person in range(4)]
    assert found.working_days.tolist() == [len(each) for each in working]
    assert found.away_days.tolist() == [len(each) - len(there) for each, there in zip(working, present, strict=True)]
    assert found.free.tolist() == [
        min((facts.free(person, day, soft=soft, without=without) for day in there), default=0)
        for person, there in enumerate(present)
    ]


@given(facts=FACTS, edges=st.lists(DAYS, min_size=2, max_size=4, unique=True).map(sorted), soft=st.booleans())
def test_supply_agrees_with_every_day_of_everybody(facts: Facts, edges: list[int], *, soft: bool) -> None:
    buckets = list(pairwise(edges))
    found = supply(*facts.columns(), CALENDARS, buckets, include_soft=soft)
    assert found.tolist() == [
        [
            sum(
                max(0, facts.free(person, day, soft=soft, without=None))
                for day in range(*bucket)
                if facts.works(person, day) and not facts.is_away(person, day)
            )
            for person in range(4)
        ]
        for bucket in buckets
    ]


@given(facts=FACTS, first=DAYS, length=LENGTHS, seed=st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(facts: Facts, first: int, length: int, seed: Random) -> None:
    bookings, absences = list(facts.bookings), list(facts.absences)
    seed.shuffle(bookings)
    seed.shuffle(absences)
    one = availability(*facts.columns(), CALENDARS, first, first + length)
    two = availability(
        *facts._replace(bookings=bookings, absences=absences).columns(), CALENDARS, first, first + length
    )
    assert [column.tolist() for column in one] == [column.tolist() for column in two]


def person(**fields: object) -> Person:
    return Person(**({"id": "p", "name": "Ada"} | fields))  # type: ignore[arg-type]


def booking(first: date, until: date, fte: float, **fields: object) -> Allocation:
    given_fields = {"id": "b", "person_id": "p", "position_id": "x", "status": AllocationStatus.HARD} | fields
    return Allocation(valid_from=first, valid_until=until, fte=fte, **given_fields)  # type: ignore[arg-type]


def away(first: date, until: date) -> Absence:
    return Absence(id="a", person_id="p", valid_from=first, valid_until=until)


MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def test_a_booking_within_the_contract_is_no_over_allocation() -> None:
    others = [booking(MARCH, MAY, 0.5, id="other")]
    assert over_allocation(person(), booking(MARCH, MAY, 0.5), others, [], CALENDARS) is None


def test_the_first_over_allocated_working_day_is_found_with_its_excess() -> None:
    others = [booking(date(2026, 3, 14), MAY, 0.7, id="other"), booking(APRIL, MAY, 0.3, id="later")]
    found = over_allocation(person(contract_fte=0.8), booking(MARCH, MAY, 0.5), others, [], CALENDARS)
    assert found == OverAllocation(date(2026, 3, 16), 8_000, 12_000)
    assert found.excess == 4_000


def test_absence_and_holidays_are_no_over_allocated_days() -> None:
    new_year = booking(date(2026, 1, 1), date(2026, 1, 3), 0.5)
    others = [booking(date(2026, 1, 1), date(2026, 1, 3), 0.6, id="other")]
    somebody = person(calendar="GB-ENG")
    friday = date(2026, 1, 2)
    assert over_allocation(somebody, new_year, others, [], CALENDARS) == OverAllocation(friday, 10_000, 11_000)
    assert over_allocation(somebody, new_year, others, [away(friday, date(2026, 1, 5))], CALENDARS) is None


def test_a_day_outside_service_has_no_contract() -> None:
    leaver = person(valid_until=APRIL)
    assert over_allocation(leaver, booking(MARCH, MAY, 0.2), [], [], CALENDARS) == OverAllocation(APRIL, 0, 2_000)


def test_soft_and_rejected_bookings_and_the_former_state_of_this_one_take_nothing() -> None:
    others = [
        booking(MARCH, MAY, 1.0, id="soft", status=AllocationStatus.SOFT),
        booking(MARCH, MAY, 1.0, id="rejected", approval=Approval.REJECTED),
        booking(MARCH, APRIL, 1.0),
    ]
    assert over_allocation(person(), booking(MARCH, MAY, 1.0), others, [], CALENDARS) is None


@given(facts=FACTS, first=DAYS, length=LENGTHS, fte=FTES)
def test_a_write_is_refused_when_the_reading_would_be_below_zero(
    facts: Facts, first: int, length: int, fte: int
) -> None:
    until = first + length
    mine = [row for row in facts.bookings if row[0] == 0 and row[4]]
    every = facts._replace(bookings=[*mine, (0, (first, until), fte, 9, True)])
    free = availability(*every.columns(), CALENDARS, first, until).free[0]
    contract, start, end, row = facts.service[0]
    found = over_allocation(
        person(
            contract_fte=contract / 10_000,
            calendar=(*CALENDARS.names[:-1], None)[row],
            valid_from=_date(start),
            valid_until=_date(end),
        ),
        booking(_date(first) or date.min, _date(until) or date.max, fte / 10_000),
        [
            booking(_date(a) or date.min, _date(b) or date.max, share / 10_000, id=f"b{i}")
            for i, (_, (a, b), share, _, _) in enumerate(mine)
        ],
        [
            Absence(id="a", person_id="p", valid_from=_date(a), valid_until=_date(b))
            for who, (a, b) in facts.absences
            if who == 0
        ],
        CALENDARS,
    )
    assert (found is not None) == (free < 0)
    if found is not None:
        day = day_number(found.day)
        assert found.excess == -every.free(0, day, soft=False, without=None)
        assert all(
            every.free(0, before, soft=False, without=None) >= 0 or every.is_away(0, before)
            for before in range(first, day)
            if every.works(0, before)
        )


def _date(number: int) -> date | None:
    return None if number in {ALWAYS, NEVER} else date.fromordinal(number + date(1970, 1, 1).toordinal())
