"""Who could do it: people ranked by eligibility, availability and fit, three columns that never mix."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple, Unpack

import numpy as np

from service.capability.blind import Blind, alias, digest_of
from service.capability.columns import FTE_UNITS, day_of
from service.capability.comparison import Comparison, comparison
from service.capability.filters import Filter
from service.capability.freedom import Freedom, Week, asked_fte, booked_here, freedom, weeks
from service.capability.gaps import Gap, gap
from service.capability.index import Snapshot
from service.capability.questioning import Asked, Question, question
from service.capability.ranking import Ranking, places, ranking
from service.capability.targets import Target
from service.domain.policy import AVAILABILITY_RULE, LEVEL_RULE, FitPolicy
from service.errors import Invalid

AT_ONCE: Final = 256
"""People whose days are looked at together, at first; four times as many each time after."""


class After(NamedTuple):
    """Where a page ends: the place of its last candidate in the order."""

    is_eligible: bool
    is_available: bool
    fit: int
    key: str
    """Person id, or alias in a blind list."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A person who earns points or is eligible."""

    person_id: str
    name: str
    alias: str | None
    """What the person is called in a blind list."""
    is_eligible: bool
    is_available: bool
    base: int
    """In millionths."""
    fit: int
    """In millionths."""
    free_fte: float
    away_days: int
    working_days: int
    booked_here_fte: float
    """The person's own booking on the position asked, which ``free_fte`` leaves out."""

    @property
    def is_booked_here(self) -> bool:
        """Whether the person is booked on the position asked."""
        return self.booked_here_fte > 0

    @property
    def place(self) -> After:
        """Where the next page begins after this candidate."""
        return After(self.is_eligible, self.is_available, self.fit, self.alias or self.person_id)


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """One page of candidates, best first."""

    first: date
    until: date
    known: int
    fte: float
    """Share of full time asked."""
    considered: int
    """People in service on some day of the window who pass the filter."""
    total: int
    """Those of them who earn points or are eligible."""
    eligible: int
    rows: tuple[Candidate, ...]
    has_more: bool
    policy: FitPolicy
    level_rule: str = LEVEL_RULE
    availability_rule: str = AVAILABILITY_RULE
    question: Question = field(repr=False)
    blind: Blind | None
    """None: names are shown."""
    asked: Comparison = field(repr=False)
    ranking: Ranking = field(repr=False)

    @cached_property
    def eligible_and_available(self) -> int:
        """How many are both; reckoned when first asked for."""
        people = self.ranking.person[self.ranking.is_eligible]
        return int(freedom(self.asked, people, include_soft=self.question.include_soft).is_available.sum())

    @cached_property
    def weeks(self) -> dict[str, tuple[Week, ...]]:
        """What each candidate of the page has free week by week; reckoned when first asked for."""
        ids = [row.person_id for row in self.rows]
        people = np.array([self.asked.snapshot.people.rows[each] for each in ids], np.intp)
        return dict(zip(ids, weeks(self.asked, people, include_soft=self.question.include_soft), strict=True))

    def explain(self, person_id: str) -> Gap:
        """What a candidate's fit and eligibility are made of."""
        return gap(self.asked, person_id)


def candidates(
    snapshot: Snapshot,
    target: Target,
    *,
    first: int = 20,
    after: After | None = None,
    blind: Blind | None = None,
    unit_id: str | None = None,
    **asked: Unpack[Asked],
) -> Candidates:
    """The *first* candidates after a place for a ``question``; with *unit_id*, of a unit only."""
    if unit_id is not None:
        asked["wanted"] = replace(asked.get("wanted") or Filter(), unit_id=unit_id)
    return page(question(snapshot, target, **asked), first=first, after=after, blind=blind)


def page(question: Question, *, first: int = 20, after: After | None = None, blind: Blind | None = None) -> Candidates:
    """The *first* candidates after a place for what is asked."""
    include_soft = question.include_soft
    asked = comparison(question.snapshot, question.resolved, question.policy)
    ranked = ranking(asked, question.wanted, include_soft=include_soft, blind=blind)
    drawn = list(islice(_in_order(asked, ranked, after, include_soft=include_soft), first + 1))
    here = booked_here(asked, include_soft=include_soft)
    return Candidates(
        first=day_of(asked.window.first),
        until=day_of(asked.window.until),
        known=asked.known,
        fte=asked_fte(asked) / FTE_UNITS,
        considered=ranked.considered,
        total=len(ranked.person),
        eligible=int(ranked.is_eligible.sum()),
        rows=tuple(_candidate(asked, ranked, each, here) for each in drawn[:first]),
        has_more=len(drawn) > first,
        policy=asked.policy,
        question=question,
        blind=blind,
        asked=asked,
        ranking=ranked,
    )


class _Drawn(NamedTuple):
    """Where the columns of one candidate are."""

    rank: int
    """Row in the ranking."""
    freedom: Freedom
    row: int
    """Row in the freedom."""


def _in_order(asked: Comparison, ranked: Ranking, after: After | None, *, include_soft: bool) -> Iterator[_Drawn]:
    """The candidates after a place: eligible, available, fit descending, id."""
    for is_eligible in (True, False):
        for is_available in (True, False):
            group = (is_eligible, is_available)
            if after is None or group < after[:2]:
                beyond = -1
            elif group == after[:2]:
                beyond = _place(asked, ranked, after)
            else:
                continue
            yield from _in_group(asked, ranked, group, beyond, include_soft=include_soft)


def _in_group(
    asked: Comparison, ranked: Ranking, group: tuple[bool, bool], beyond: int, *, include_soft: bool
) -> Iterator[_Drawn]:
    """The candidates of a group whose place is beyond a number; only as many are sorted as are drawn."""
    is_eligible, is_available = group
    rest = np.flatnonzero((ranked.is_eligible == is_eligible) & (ranked.place > beyond))
    size = AT_ONCE
    while len(rest):
        best = np.argpartition(ranked.place[rest], size) if len(rest) > size else np.arange(len(rest))
        drawn, rest = rest[best[:size]], rest[best[size:]]
        drawn = drawn[np.argsort(ranked.place[drawn])]
        free = freedom(asked, ranked.person[drawn], include_soft=include_soft)
        for row in np.flatnonzero(free.is_available == is_available).tolist():
            yield _Drawn(int(drawn[row]), free, row)
        size *= 4


def _place(asked: Comparison, ranked: Ranking, after: After) -> int:
    """The place of a candidate among those of its group."""
    if ranked.digest is not None:
        found = np.flatnonzero(ranked.digest == digest_of(after.key))
        if not len(found):
            raise Invalid(f"nobody is {after.key!r} in this list, after whom the page was to begin", path=("after",))
        return int(ranked.place[found[0]])
    people, size = asked.snapshot.people, asked.snapshot.size
    row = people.rows.get(after.key, size)
    if row >= size:
        raise Invalid(f"no person {after.key!r}, after whom the page was to begin", path=("after",))
    return int(places(np.array([after.fit]), people.order(size)[[row]])[0])


def _candidate(asked: Comparison, ranked: Ranking, drawn: _Drawn, here: Mapping[int, int]) -> Candidate:
    person, free = int(ranked.person[drawn.rank]), drawn.freedom
    return Candidate(
        person_id=asked.snapshot.people.ids[person],
        name=asked.snapshot.person_name(person, asked.known),
        alias=None if ranked.digest is None else alias(int(ranked.digest[drawn.rank])),
        is_eligible=bool(ranked.is_eligible[drawn.rank]),
        is_available=bool(free.is_available[drawn.row]),
        base=int(ranked.base[drawn.rank]),
        fit=int(ranked.fit[drawn.rank]),
        free_fte=int(free.free[drawn.row]) / FTE_UNITS,
        away_days=int(free.away_days[drawn.row]),
        working_days=int(free.working_days[drawn.row]),
        booked_here_fte=here.get(person, 0) / FTE_UNITS,
    )
