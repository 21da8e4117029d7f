"""Whose rank another fit policy would move: the same people, the same question, under both sets of numbers.

The order is that of candidates: eligible, available, fit, id. Nobody becomes or stops being eligible by a policy,
because eligibility asks for the skill itself and for no credit; fit and availability do depend on it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Unpack

import numpy as np

from service.capability.columns import day_of
from service.capability.comparison import comparison
from service.capability.freedom import freedom
from service.capability.index import Snapshot, policy_of
from service.capability.questioning import Asked, Question, question
from service.capability.ranking import ranking
from service.capability.targets import Target
from service.domain.policy import AVAILABILITY_RULE, LEVEL_RULE, FitPolicy
from service.errors import NotFound


class PolicyNumber(StrEnum):
    """A number of a fit policy."""

    GAMMA = "GAMMA"
    FLOOR = "FLOOR"
    GRACE_MONTHS = "GRACE_MONTHS"
    HALF_LIFE_MONTHS = "HALF_LIFE_MONTHS"
    CONFIDENCE_INFERRED = "CONFIDENCE_INFERRED"
    CONFIDENCE_CLAIMED = "CONFIDENCE_CLAIMED"
    CONFIDENCE_ENDORSED = "CONFIDENCE_ENDORSED"
    NARROWER = "NARROWER"
    BROADER = "BROADER"
    RELATED = "RELATED"
    LEAST_RELATED_WEIGHT = "LEAST_RELATED_WEIGHT"
    MAX_AWAY = "MAX_AWAY"


class Difference(NamedTuple):
    """A number that the two policies do not share."""

    number: PolicyNumber
    before: float
    after: float


class Place(NamedTuple):
    """Where a person stands under one policy."""

    rank: int
    """1: the first of the candidates."""
    is_eligible: bool
    is_available: bool
    fit: int
    """In millionths."""


class Move(NamedTuple):
    """A person under both policies; None: no candidate, for nothing held earns credit."""

    person_id: str
    name: str
    size: int
    """Places between the two ranks; who is no candidate stands one place behind the last of either list."""
    before: Place | None
    after: Place | None

    @property
    def place(self) -> tuple[int, str]:
        """What moves are in the order of: the largest first, then id."""
        return -self.size, self.person_id


@dataclass(frozen=True, kw_only=True)
class PolicyPreview:
    """Everybody who is a candidate under either policy."""

    first: date
    until: date
    known: int
    before: FitPolicy
    after: FitPolicy
    differences: tuple[Difference, ...]
    moves: tuple[Move, ...]
    level_rule: str = LEVEL_RULE
    availability_rule: str = AVAILABILITY_RULE

    @property
    def moved(self) -> int:
        """How many stand elsewhere."""
        return sum(each.size > 0 for each in self.moves)


def policy_preview(snapshot: Snapshot, policy_id: str, target: Target, **asked: Unpack[Asked]) -> PolicyPreview:
    """The policy in force on the first day beside the version *policy_id*, which may be a draft."""
    known = min(asked["known"], snapshot.seq)
    states = snapshot.tables.policies.known(policy_id, known)
    if not states:
        raise NotFound(f"no fit policy version {policy_id!r}", path=("policy",))
    put = question(snapshot, target, **asked)
    window = put.resolved.window
    before, after = snapshot.policy(window.first, known), policy_of(states[0])
    former, later = _places(put, before), _places(put, after)
    last = 1 + max(len(former), len(later))
    moves = []
    for row in former.keys() | later.keys():
        was, would = former.get(row), later.get(row)
        size = abs((was.rank if was else last) - (would.rank if would else last))
        moves.append(Move(snapshot.people.ids[row], snapshot.person_name(row, known), size, was, would))
    return PolicyPreview(
        first=day_of(window.first),
        until=day_of(window.until),
        known=known,
        before=before,
        after=after,
        differences=differences(before, after),
        moves=tuple(sorted(moves, key=lambda each: each.place)),
    )


def differences(before: FitPolicy, after: FitPolicy) -> tuple[Difference, ...]:
    """The numbers in which two policies differ."""
    pairs = zip(PolicyNumber, _numbers(before), _numbers(after), strict=True)
    return tuple(Difference(number, one, other) for number, one, other in pairs if one != other)


def _numbers(policy: FitPolicy) -> tuple[float, ...]:
    """In the order of ``PolicyNumber``."""
    return (
        policy.gamma,
        policy.floor,
        policy.grace_months,
        policy.half_life_months,
        *policy.confidence[:3],
        policy.narrower,
        policy.broader,
        policy.related,
        policy.least_related_weight,
        policy.max_away,
    )


def _places(put: Question, policy: FitPolicy) -> dict[int, Place]:
    """Where each candidate stands under *policy*, by person row."""
    asked = comparison(put.snapshot, put.resolved, policy)
    ranked = ranking(asked, put.wanted, include_soft=put.include_soft)
    is_available = freedom(asked, ranked.person, include_soft=put.include_soft).is_available
    order = np.lexsort((ranked.place, ~is_available, ~ranked.is_eligible))
    columns = (ranked.person, ranked.is_eligible, is_available, ranked.fit)
    rows = zip(*(column[order].tolist() for column in columns), strict=True)
    return {row: Place(rank, *rest) for rank, (row, *rest) in enumerate(rows, 1)}
