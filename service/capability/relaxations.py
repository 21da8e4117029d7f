"""What would have to give for somebody to fit and be free: the smallest steps, each checked by asking again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.blind import Blind
from service.capability.columns import day_number, day_of
from service.capability.comparison import Comparison
from service.capability.filters import Clause
from service.capability.freedom import ROUNDING, freedom
from service.capability.gaps import CLAIMED
from service.capability.levels import Window
from service.capability.matching import Candidate, Candidates, page
from service.capability.other_days import OtherDays
from service.capability.questioning import Question
from service.capability.ranking import held_throughout
from service.capability.refusals import Failing, Failures
from service.capability.targets import Required, in_order
from service.domain.proof import TRUSTS, Trust

MOST_DAYS: Final = 180
MOST_PAIRS: Final = 3
SHOWN: Final = 3


class RelaxationKind(StrEnum):
    """What is given up."""

    LOWER_LEVEL = "LOWER_LEVEL"
    LOWER_TRUST = "LOWER_TRUST"
    MAKE_DESIRABLE = "MAKE_DESIRABLE"
    DROP_FILTER = "DROP_FILTER"
    LOWER_SHARE = "LOWER_SHARE"
    SHIFT_DATES = "SHIFT_DATES"
    SHORTEN_DATES = "SHORTEN_DATES"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing given up, and what is asked in its place."""

    kind: RelaxationKind
    skill_id: str | None = None
    """Of the requirement that is lowered."""
    level: int | None = None
    trust: Trust | None = None
    clause: Clause | None = None
    fte: int | None = None
    """In ten-thousandths."""
    first: date | None = None
    until: date | None = None
    days: int | None = None
    """Days by which the window is moved, earlier when below zero, or cut."""


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """Steps that together let somebody fit and be free."""

    steps: tuple[Step, ...]
    answer: Candidates
    """What is answered then."""

    @property
    def candidates(self) -> int:
        """How many are eligible and available then."""
        return self.answer.eligible_and_available

    @property
    def first(self) -> tuple[Candidate, ...]:
        """The best of them."""
        return tuple(row for row in self.answer.rows if row.is_eligible and row.is_available)


class Relaxations(NamedTuple):
    """What would let somebody fit and be free."""

    found: list[Relaxation]
    is_complete: bool
    """Whether other days were looked at to the end; with very many people who qualify and are busy, they are not."""


def relaxations(question: Question, found: Failures, blind: Blind | None = None) -> Relaxations:
    """The smallest single step of each kind; where there is none, the pairs of steps that help most."""
    days = OtherDays(question)
    steps = [(step,) for step in (*_single(question, found), *_dates(question, days))]
    asked_again = [_asked_again(question, each, blind) for each in steps or _pairs(question, found)]
    return Relaxations(asked_again, is_complete=not days.is_over)


def relaxed(question: Question, step: Step) -> Question:
    """The question with a step taken."""
    resolved = question.resolved
    if step.clause is not None:
        return question._replace(wanted=question.wanted.without(step.clause))
    if step.fte is not None:
        return question._replace(resolved=resolved._replace(fte=step.fte))
    if step.first is not None and step.until is not None:
        window = Window(day_number(step.first), day_number(step.until))
        return question._replace(resolved=question.on(window))
    changed = (_lowered(each, step) if each.skill_id == step.skill_id else each for each in resolved.requirements)
    return question._replace(resolved=resolved._replace(requirements=in_order(changed)))


def _lowered(required: Required, step: Step) -> Required:
    if step.level is not None:
        return required._replace(level=step.level)
    if step.trust is not None:
        return required._replace(floor=step.trust.rank)
    return required._replace(is_mandatory=False)


def _asked_again(question: Question, steps: tuple[Step, ...], blind: Blind | None) -> Relaxation:
    for step in steps:
        question = relaxed(question, step)
    return Relaxation(steps=steps, answer=page(question, first=SHOWN, blind=blind))


def _single(question: Question, found: Failures) -> Iterator[Step]:
    for missed in found.failing:
        near = found.near(missed)
        if len(near):
            yield from _steps(question, found.asked, missed, near)


def _steps(question: Question, asked: Comparison, missed: Failing, near: NDArray[np.intp]) -> Iterator[Step]:
    """What can be given up of one condition, for people who fail nothing else."""
    required = missed.condition.required
    if required is not None:
        yield from _lower_level(asked, required, near)
        yield from _lower_trust(asked, required, near)
    yield from _whole(question, asked, missed, near)


def _whole(question: Question, asked: Comparison, missed: Failing, near: NDArray[np.intp]) -> Iterator[Step]:
    """The step that gives up a condition altogether; of the share asked, only as much as must be."""
    required, clause = missed.condition
    if required is not None:
        yield Step(kind=RelaxationKind.MAKE_DESIRABLE, skill_id=required.skill_id)
    elif clause is not None:
        yield Step(kind=RelaxationKind.DROP_FILTER, clause=clause)
    else:
        free = freedom(asked, near, include_soft=question.include_soft)
        is_here = free.away_days <= asked.policy.max_away * free.working_days + ROUNDING
        share = int(free.free[is_here & (free.working_days > 0)].max(initial=0))
        if share > 0:
            yield Step(kind=RelaxationKind.LOWER_SHARE, fte=share)


def _lower_level(asked: Comparison, required: Required, near: NDArray[np.intp]) -> Iterator[Step]:
    for level in range(required.level - 1, 0, -1):
        if held_throughout(asked, required._replace(level=level))[near].any():
            yield Step(kind=RelaxationKind.LOWER_LEVEL, skill_id=required.skill_id, level=level)
            return


def _lower_trust(asked: Comparison, required: Required, near: NDArray[np.intp]) -> Iterator[Step]:
    """Down to claims: that a machine's word alone is enough is never proposed."""
    for floor in range(required.floor - 1, CLAIMED - 1, -1):
        if held_throughout(asked, required._replace(floor=floor))[near].any():
            yield Step(kind=RelaxationKind.LOWER_TRUST, skill_id=required.skill_id, trust=TRUSTS[floor])
            return


def _dates(question: Question, days: OtherDays) -> Iterator[Step]:
    """The window moved, and the window cut, by the fewest days."""
    window = question.resolved.window
    for kind, choices in (
        (RelaxationKind.SHIFT_DATES, _shifted(window, day_number(question.today))),
        (RelaxationKind.SHORTEN_DATES, _cut(window)),
    ):
        works = next(((by, other) for by, other in choices if days.have_somebody(other)), None)
        if works is not None:
            by, other = works
            yield Step(kind=kind, first=day_of(other.first), until=day_of(other.until), days=by)


def _shifted(window: Window, today: int) -> Iterator[tuple[int, Window]]:
    """Later and earlier by ever more days, but not to before today."""
    last = day_number(date.max)
    for days in range(1, MOST_DAYS + 1):
        for by in (days, -days):
            if by > 0 or window.first + by >= today:
                other = Window(window.first + by, window.until + by)
                if other.until <= last:
                    yield by, other


def _cut(window: Window) -> Iterator[tuple[int, Window]]:
    """Shorter by ever more days, at the end or at the beginning."""
    for days in range(1, min(MOST_DAYS, window.until - window.first - 1) + 1):
        yield days, Window(window.first, window.until - days)
        yield days, Window(window.first + days, window.until)


def _pairs(question: Question, found: Failures) -> list[tuple[Step, ...]]:
    """Two conditions given up at once, those first that most people fail alone."""
    near = [(both, people) for both in combinations(found.failing, 2) if len(people := found.near(*both))]
    near.sort(key=lambda each: -len(each[1]))
    pairs: list[tuple[Step, ...]] = []
    for both, people in near:
        steps = tuple(step for missed in both for step in _whole(question, found.asked, missed, people))
        if len(steps) == len(both):
            pairs.append(steps)
    return pairs[:MOST_PAIRS]
