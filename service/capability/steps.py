"""One thing given up of a question: a level, a trust, a requirement, a clause of the filter, a share or days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import day_number
from service.capability.comparison import Comparison
from service.capability.filters import Clause
from service.capability.freedom import ROUNDING, freedom
from service.capability.gaps import CLAIMED
from service.capability.levels import Window
from service.capability.questioning import Question
from service.capability.ranking import held_throughout
from service.capability.refusals import Condition
from service.capability.targets import Required, in_order
from service.domain.proof import TRUSTS, Trust


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


class Eased(NamedTuple):
    """A step, and the people who then pass the condition that it eases."""

    step: Step
    people: NDArray[np.intp]


def relaxed(question: Question, *steps: Step) -> Question:
    """The question with steps taken; clauses are those of the question's filter, whatever else is dropped."""
    for step in steps:
        if step.first is not None and step.until is not None:
            window = Window(day_number(step.first), day_number(step.until))
            question = question._replace(resolved=question.on(window))
    resolved = question.resolved
    for step in steps:
        if step.fte is not None:
            resolved = resolved._replace(fte=step.fte)
        elif step.skill_id is not None:
            changed = (
                _lowered(each, step) if each.skill_id == step.skill_id else each for each in resolved.requirements
            )
            resolved = resolved._replace(requirements=in_order(changed))
    wanted = question.wanted.without(*(step.clause for step in steps if step.clause is not None))
    return question._replace(resolved=resolved, wanted=wanted)


def _lowered(required: Required, step: Step) -> Required:
    if step.level is not None:
        return required._replace(level=step.level)
    if step.trust is not None:
        return required._replace(floor=step.trust.rank)
    return required._replace(is_mandatory=False)


def helped(question: Question, asked: Comparison, condition: Condition, people: NDArray[np.intp]) -> NDArray[np.intp]:
    """Which of the *people* can pass a condition once it is eased: of time, those who have any share free."""
    return people if _is_given(condition) else people[_share(question, asked, people) > 0]


def easings(question: Question, asked: Comparison, condition: Condition, people: NDArray[np.intp]) -> Iterator[Eased]:
    """What can be given up of a condition for *people* whom it can help: the least of each kind, mildest kind first."""
    required, clause = condition
    if required is not None:
        yield from _lower_level(asked, required, people)
        yield from _lower_trust(asked, required, people)
        yield Eased(Step(kind=RelaxationKind.MAKE_DESIRABLE, skill_id=required.skill_id), people)
    elif clause is not None:
        yield Eased(Step(kind=RelaxationKind.DROP_FILTER, clause=clause), people)
    else:
        shares = _share(question, asked, people)
        most = int(shares.max())
        yield Eased(Step(kind=RelaxationKind.LOWER_SHARE, fte=most), people[shares >= most])


def _is_given(condition: Condition) -> bool:
    return condition.required is not None or condition.clause is not None


def _lower_level(asked: Comparison, required: Required, people: NDArray[np.intp]) -> Iterator[Eased]:
    for level in range(required.level - 1, 0, -1):
        passes = people[held_throughout(asked, required._replace(level=level))[people]]
        if len(passes):
            yield Eased(Step(kind=RelaxationKind.LOWER_LEVEL, skill_id=required.skill_id, level=level), passes)
            return


def _lower_trust(asked: Comparison, required: Required, people: NDArray[np.intp]) -> Iterator[Eased]:
    """Down to claims: that a machine's word alone is enough is never proposed."""
    for floor in range(required.floor - 1, CLAIMED - 1, -1):
        passes = people[held_throughout(asked, required._replace(floor=floor))[people]]
        if len(passes):
            yield Eased(Step(kind=RelaxationKind.LOWER_TRUST, skill_id=required.skill_id, trust=TRUSTS[floor]), passes)
            return


def _share(question: Question, asked: Comparison, people: NDArray[np.intp]) -> NDArray[np.int64]:
    """The largest share for which each is available, in ten-thousandths."""
    free = freedom(asked, people, include_soft=question.include_soft)
    is_here = free.away_days <= asked.policy.max_away * free.working_days + ROUNDING
    shares: NDArray[np.int64] = np.where(is_here & (free.working_days > 0), free.free, 0)
    return shares
