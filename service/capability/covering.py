"""The smallest team that together has everything asked: a set cover, exact, with what nobody covers said.

People who cover the same requirements stand for one another, and whoever covers no more than somebody else is left
out, so that what is solved has a few dozen columns. Mandatory requirements come first, then desirable ones, then
the number of people; HiGHS solves it as an integer programme, and says how far from the best it may be.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]

from service.capability.columns import day_of
from service.capability.comparison import comparison
from service.capability.filters import passing
from service.capability.fit import scores
from service.capability.questioning import Question
from service.capability.ranking import held_throughout, in_service
from service.capability.targets import Required
from service.domain.policy import LEVEL_RULE

SECONDS: Final = 5.0
"""Longest time the solver may take; what it has by then is answered with its gap."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One of a team, and which of the requirements the person covers, by place in the list."""

    person_id: str
    name: str
    covers: tuple[int, ...]
    alternatives: int
    """Others who cover at least the same."""


@dataclass(frozen=True, kw_only=True)
class Team:
    """People who together cover what can be covered."""

    first: date
    until: date
    known: int
    requirements: tuple[Required, ...]
    members: tuple[Member, ...]
    uncovered: tuple[int, ...]
    """Requirements that nobody in the team covers."""
    without_anybody: tuple[int, ...]
    """Those of them that nobody at all covers."""
    gap: float
    """How far the team may be from the best one, 0 when it is proven best: of the points that the solver counts."""
    considered: int
    level_rule: str = LEVEL_RULE


def team_cover(question: Question, most: int) -> Team:
    """The smallest team of at most *most* people; each requirement is covered by one who meets it on every day."""
    asked = comparison(question.snapshot, question.resolved, question.policy)
    considered = passing(asked, question.wanted, in_service(asked), include_soft=question.include_soft)
    required = question.resolved.requirements
    covers = np.array([held_throughout(asked, each) & considered for each in required])
    people = np.flatnonzero(covers.any(axis=0))
    order = np.lexsort((asked.snapshot.people.order(asked.snapshot.size)[people], -scores(asked).base[people]))
    people = people[order]
    columns = covers[:, people].T
    chosen, gap = best(columns, np.array([each.is_mandatory for each in required], np.bool_), most)
    members = tuple(
        Member(
            person_id=asked.snapshot.people.ids[int(people[row])],
            name=asked.snapshot.person_name(int(people[row]), asked.known),
            covers=tuple(np.flatnonzero(columns[row]).tolist()),
            alternatives=int((columns >= columns[row]).all(axis=1).sum()) - 1,
        )
        for row in chosen
    )
    covered = columns[chosen].any(axis=0)
    return Team(
        first=day_of(asked.window.first),
        until=day_of(asked.window.until),
        known=asked.known,
        requirements=required,
        members=members,
        uncovered=tuple(np.flatnonzero(~covered).tolist()),
        without_anybody=tuple(np.flatnonzero(~columns.any(axis=0)).tolist()),
        gap=gap,
        considered=int(considered.sum()),
    )


def best(covers: NDArray[np.bool_], is_mandatory: NDArray[np.bool_], most: int) -> tuple[list[int], float]:
    """Rows of *covers* [person, requirement] that cover most, then are fewest; and how far from that they may be.

    A mandatory requirement is worth more than all desirable ones, and any requirement more than any number of people.
    """
    rows = _undominated(covers)
    if not rows:
        return [], 0.0
    patterns = covers[rows]
    people, count = patterns.shape
    most = min(most, count)
    desirable = most + 1
    worth = np.where(is_mandatory, desirable * (int((~is_mandatory).sum()) + 1), desirable)
    costs = np.concatenate((np.ones(people), -worth))
    covered = np.hstack((patterns.T.astype(np.float64), -np.eye(count)))
    size = np.concatenate((np.ones(people), np.zeros(count)))[None, :]
    found = milp(
        costs,
        integrality=np.ones(people + count),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(covered, 0, np.inf), LinearConstraint(size, 0, most)],
        options={"time_limit": SECONDS},
    )
    greedy = _greedy(patterns, worth, most)
    if found.x is None:
        chosen, bound = greedy, -float(worth[patterns.any(axis=0)].sum()) + 1
    else:
        chosen = np.flatnonzero(found.x[:people] > 0.5).tolist()  # noqa: PLR2004  # whole numbers but for rounding
        bound = float(found.mip_dual_bound)
        chosen = min(chosen, greedy, key=lambda each: _cost(patterns, worth, each))
    cost = _cost(patterns, worth, chosen)
    gap = max(0.0, cost - float(np.ceil(bound - 1e-6)))
    return sorted(rows[row] for row in chosen), gap / max(abs(cost), 1.0)


def _cost(patterns: NDArray[np.bool_], worth: NDArray[np.int64], chosen: list[int]) -> float:
    return len(chosen) - float(worth[patterns[chosen].any(axis=0)].sum())


def _undominated(covers: NDArray[np.bool_]) -> list[int]:
    """The first row of each set of requirements that is no part of another row's."""
    if not covers.any():
        return []
    _, first = np.unique(covers, axis=0, return_index=True)
    rows = first[np.argsort(-covers[first].sum(axis=1), kind="stable")]
    bits = np.packbits(covers[rows], axis=1)
    kept: list[int] = []
    for row, its in enumerate(bits):
        if its.any() and not ((bits[kept] & its) == its).all(axis=1).any():
            kept.append(row)
    found: list[int] = rows[kept].tolist()
    return found


def _greedy(patterns: NDArray[np.bool_], worth: NDArray[np.int64], most: int) -> list[int]:
    """Whoever adds most, one after the other."""
    chosen: list[int] = []
    left = np.ones(patterns.shape[1], np.bool_)
    while len(chosen) < most:
        gains = (patterns & left) @ worth
        row = int(gains.argmax())
        if not gains[row]:
            break
        chosen.append(row)
        left &= ~patterns[row]
    return chosen
