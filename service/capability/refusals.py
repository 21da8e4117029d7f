"""Why nobody fits and is free: how many people fail each condition, how many fail nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.causes import CAUSES, causes
from service.capability.columns import day_of
from service.capability.comparison import Comparison, comparison
from service.capability.filters import Clause, Filter, FilterKind, dated, free_enough, lasting
from service.capability.freedom import freedom
from service.capability.questioning import Question
from service.capability.ranking import in_service, met
from service.capability.targets import Required
from service.domain.policy import Cause


class Condition(NamedTuple):
    """One thing that a candidate must be: a mandatory requirement met, a clause of the filter passed, or available."""

    required: Required | None = None
    clause: Clause | None = None


class Failing(NamedTuple):
    """Who fails a condition."""

    condition: Condition
    fails: NDArray[np.bool_]
    """One for each of the people considered."""
    causes: dict[Cause, int]
    """How many fail a requirement for each cause."""


class Failures(NamedTuple):
    """The people considered, and which conditions they fail."""

    asked: Comparison
    people: NDArray[np.intp]
    """People in service on some day of the window, by row."""
    failing: list[Failing]
    missed: NDArray[np.int64]
    """How many conditions each person fails."""

    def near(self, *conditions: Failing) -> NDArray[np.intp]:
        """The people who fail just these conditions."""
        fails = np.logical_and.reduce([each.fails for each in conditions])
        people: NDArray[np.intp] = self.people[fails & (self.missed == len(conditions))]
        return people


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A condition, and how many people fail it."""

    condition: Condition
    failing: int
    failing_only: int
    """Those of them who fail nothing else."""
    causes: dict[Cause, int]


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Why nobody fits and is free."""

    first: date
    until: date
    considered: int
    """People in service on some day of the window, whatever the filter."""
    reasons: tuple[Reason, ...]


def failures(question: Question) -> Failures:
    """Every condition of a question with the people who fail it: requirements, then the filter, then time."""
    asked = comparison(question.snapshot, question.resolved, question.policy)
    people = np.flatnonzero(in_service(asked))
    failing = [*_requirements(asked, people), *_clauses(asked, question.wanted, people, question.include_soft)]
    is_available = freedom(asked, people, include_soft=question.include_soft).is_available
    failing.append(Failing(Condition(), ~is_available, {}))
    missed = np.sum([each.fails for each in failing], axis=0)
    return Failures(asked, people, failing, missed)


def reasons(found: Failures) -> Reasons:
    """The conditions that somebody fails, counted."""
    window = found.asked.window
    return Reasons(
        first=day_of(window.first),
        until=day_of(window.until),
        considered=len(found.people),
        reasons=tuple(
            Reason(
                condition=each.condition,
                failing=int(each.fails.sum()),
                failing_only=len(found.near(each)),
                causes=each.causes,
            )
            for each in found.failing
        ),
    )


def _requirements(asked: Comparison, people: NDArray[np.intp]) -> Iterator[Failing]:
    for criterion in asked.criteria:
        if criterion.required.is_mandatory:
            fails = ~met(asked, criterion)[people]
            counts = np.bincount(causes(asked, criterion)[people[fails]], minlength=len(CAUSES)).tolist()
            why = {cause: count for cause, count in zip(CAUSES, counts, strict=True) if count}
            yield Failing(Condition(required=criterion.required), fails, why)


def _clauses(asked: Comparison, wanted: Filter, people: NDArray[np.intp], include_soft: bool) -> Iterator[Failing]:  # noqa: FBT001  # passed on
    for clauses in (lasting(asked.snapshot, wanted, asked.known), _dated(asked, wanted)):
        for clause, passes in clauses:
            yield Failing(Condition(clause=clause), ~passes[people], {})
    if wanted.min_free_fte is not None:
        passes = free_enough(asked, wanted, people, include_soft=include_soft)
        yield Failing(Condition(clause=Clause(FilterKind.MIN_FREE_FTE)), ~passes, {})


def _dated(asked: Comparison, wanted: Filter) -> Iterator[tuple[Clause, NDArray[np.bool_]]]:
    return dated(asked.snapshot, wanted, asked.window, asked.known)
