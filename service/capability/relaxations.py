"""What would have to give for somebody to fit and be free: the smallest steps, each checked by asking again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final, NamedTuple, TypeVar

from service.capability.blind import Blind
from service.capability.columns import day_number, day_of
from service.capability.comparison import comparison
from service.capability.levels import Window
from service.capability.matching import Candidate, Candidates, page
from service.capability.other_days import OtherDays
from service.capability.questioning import Question
from service.capability.refusals import Failures
from service.capability.steps import RelaxationKind, Step, easings, helped, relaxed

MOST_DAYS: Final = 180
MOST_PAIRS: Final = 3
"""Of conditions, beside the pairs with other days."""
SHOWN: Final = 3

Found = TypeVar("Found")


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
    """The smallest single step of each kind; where there is none, pairs of the mildest steps that help."""
    days = OtherDays(question)
    steps = [(step,) for step in (*_single(question, found), *_dates(question, days))]
    pairs = [] if steps else [*_pairs(question, found), *_with_dates(question, days)]
    asked_again = (_asked_again(question, each, blind) for each in (*steps, *pairs))
    return Relaxations([each for each in asked_again if each.candidates], is_complete=not days.is_over)


def _asked_again(question: Question, steps: tuple[Step, ...], blind: Blind | None) -> Relaxation:
    return Relaxation(steps=steps, answer=page(relaxed(question, *steps), first=SHOWN, blind=blind))


def _single(question: Question, found: Failures) -> Iterator[Step]:
    for missed in found.failing:
        near = helped(question, found.asked, missed.condition, found.near(missed))
        if len(near):
            for eased in easings(question, found.asked, missed.condition, near):
                yield eased.step


def _pairs(question: Question, found: Failures) -> list[tuple[Step, ...]]:
    """Two conditions eased at once, those first that most people fail alone."""
    near = []
    for one, other in combinations(found.failing, 2):
        people = found.near(one, other)
        for missed in (one, other):
            people = helped(question, found.asked, missed.condition, people) if len(people) else people
        if len(people):
            near.append((one.condition, other.condition, people))
    near.sort(key=lambda each: -len(each[2]))
    pairs: list[tuple[Step, ...]] = []
    for one_condition, other_condition, people in near[:MOST_PAIRS]:
        first = next(easings(question, found.asked, one_condition, people))
        second = next(easings(question, found.asked, other_condition, first.people))
        pairs.append((first.step, second.step))
    return pairs


def _with_dates(question: Question, days: OtherDays) -> Iterator[tuple[Step, ...]]:
    """Days moved or cut, and what one condition must give besides."""
    for step, lacking in _nearest(question, days.lacking_one):
        other = relaxed(question, step)
        asked = comparison(other.snapshot, other.resolved, other.policy)
        yield step, next(easings(other, asked, lacking.condition, lacking.people)).step


def _dates(question: Question, days: OtherDays) -> Iterator[Step]:
    """The window moved, and the window cut, by the fewest days."""
    for step, _ in _nearest(question, lambda window: days.have_somebody(window) or None):
        yield step


def _nearest(question: Question, look: Callable[[Window], Found | None]) -> Iterator[tuple[Step, Found]]:
    """The window moved, and the window cut, by the fewest days at which *look* finds something, and what it finds."""
    window = question.resolved.window
    for kind, choices in (
        (RelaxationKind.SHIFT_DATES, _shifted(window, day_number(question.today))),
        (RelaxationKind.SHORTEN_DATES, _cut(window)),
    ):
        for by, other in choices:
            if (seen := look(other)) is not None:
                yield Step(kind=kind, first=day_of(other.first), until=day_of(other.until), days=by), seen
                break


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
