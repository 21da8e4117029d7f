"""How well a person fits, in millionths: ``fit-policy/1`` for one person and for everybody at once.

Section 5 of the domain, and "Points" in docs/decisions/0002-reckoning.md. A product that is less than
``TOLERANCE`` below a whole number of points counts as that number: floats of this size reach no further.
"""

from functools import lru_cache
from itertools import pairwise
from math import floor
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.comparison import Comparison, Criterion
from service.capability.credits import Source
from service.capability.levels import Holding, history, standing, winner
from service.capability.targets import POINTS, Required
from service.domain.policy import FitPolicy
from service.domain.proof import TRUSTS

DAYS_IN_MONTH: Final = 30.4375
TOLERANCE: Final = 1e-8
HIGHEST: Final = 20
"""Highest level on any scale."""
OLDEST: Final = 400 * 366
"""Days since last use after which more make no difference."""


class Witness(NamedTuple):
    """The skill that earns a person most for a requirement, and what its credit is made of."""

    source: Source
    holding: Holding
    level: float
    """Level held, on the scale of the skill asked."""
    confidence: float
    recency: float
    """What disuse leaves of the level, 0 to 1."""
    credit: float


class Points(NamedTuple):
    """The share of one requirement, split into what is earned and what is lost to each cause."""

    share: int
    part: int
    substitution: int = 0
    level: int = 0
    trust: int = 0
    recency: int = 0
    missing: int = 0


class Score(NamedTuple):
    """A fit in points."""

    base: int
    fit: int


def whole_points(share: float, credit: float) -> int:
    """The whole points of *share* that *credit* earns."""
    return floor(share * credit + TOLERANCE)


def recency(policy: FitPolicy, used: int, day: int) -> float:
    """What is left of a level on a day, last used on another."""
    months = max(0.0, (day - used) / DAYS_IN_MONTH)
    faded = max(0.0, months - policy.grace_months)
    return policy.floor + (1 - policy.floor) * float(2.0 ** (-faded / policy.half_life_months))


def credit(policy: FitPolicy, sigma: float, reached: float, left: float = 1.0) -> float:
    """Credit of a source for reaching a part of the level, of which disuse left a part; more than all is no more.

    The powers are taken apart, as for everybody at once: the product of two tiny numbers may be none.
    """
    if reached * left >= 1:
        return sigma
    return float(sigma * min(1.0, reached**policy.gamma * left**policy.gamma))


def witness(asked: Comparison, person: int, criterion: Criterion) -> Witness | None:
    """The first of the sources that earn a person most; None: none of them is held."""
    policy, day, required = asked.policy, asked.window.first, criterion.required
    best: Witness | None = None
    for source in criterion.sources:
        holding = winner(history(asked.snapshot, person, source.skill_id, asked.known), day, required.floor)
        if holding is None or holding.level < 1:
            continue
        level = source.converted(holding.level)
        confidence = policy.confidence[holding.trust]
        left = recency(policy, holding.used, day)
        earned = credit(policy, source.sigma, level * confidence / required.level, left)
        if best is None or earned > best.credit:
            best = Witness(source, holding, level, confidence, left, earned)
    return best


def points(required: Required, found: Witness | None, policy: FitPolicy) -> Points:
    """What a requirement earns and loses."""
    share = required.share
    if found is None:
        return Points(share, 0, missing=share)
    sigma = found.source.sigma
    after = [
        share,
        whole_points(share, sigma),
        whole_points(share, credit(policy, sigma, found.level / required.level)),
        whole_points(share, credit(policy, sigma, found.level * found.confidence / required.level)),
        whole_points(share, found.credit),
    ]
    substitution, level, trust, rest = (one - other for one, other in pairwise(after))
    return Points(share, after[-1], substitution, level, trust, rest)


def score(base: int, least_mandatory: float, *, is_eligible: bool, policy: FitPolicy) -> Score:
    """The fit of the parts' sum; *least_mandatory* is the least credit for a mandatory requirement."""
    if is_eligible:
        return Score(base, base)
    return Score(base, min(base, whole_points(POINTS, policy.ineligible_factor * least_mandatory)))


class Scores(NamedTuple):
    """Bases and least credits of every person row."""

    base: NDArray[np.int64]
    least_mandatory: NDArray[np.float64]


def scores(asked: Comparison) -> Scores:
    """What ``points`` would add up to for everybody."""
    base = np.zeros(asked.snapshot.size, np.int64)
    least = np.ones(asked.snapshot.size, np.float64)
    for criterion in asked.criteria:
        earned = _credits(asked, criterion)
        base += (criterion.required.share * earned + TOLERANCE).astype(np.int64)
        if criterion.required.is_mandatory:
            np.minimum(least, earned, out=least)
    return Scores(base, least)


def fits(base: NDArray[np.int64], least: NDArray[np.float64], policy: FitPolicy) -> NDArray[np.int64]:
    """The fit of those who are not eligible."""
    cap = POINTS * (policy.ineligible_factor * least) + TOLERANCE
    return np.minimum(base, cap.astype(np.int64))


def _credits(asked: Comparison, criterion: Criterion) -> NDArray[np.float64]:
    """The most that any skill of each person earns for a requirement.

    The powers are taken of the few levels, trusts and ages there are, not of every row.
    """
    policy, required, day = asked.policy, criterion.required, asked.window.first
    earned = np.zeros(asked.snapshot.size, np.float64)
    faded = _faded(policy.floor, policy.grace_months, policy.half_life_months, policy.gamma)
    for source in criterion.sources:
        held = standing(asked.snapshot.block(source.skill_id), day, known=asked.known, floor=required.floor)
        reached = _reached(source.scale, required.level, tuple(policy.confidence), policy.gamma)
        grade = held.level * len(TRUSTS) + held.trust
        age = np.minimum(np.maximum(day - held.used, 0), OLDEST)
        gained = np.minimum(reached[grade] * faded[age], 1.0)
        gained *= source.sigma
        earned[held.person] = np.maximum(earned[held.person], gained)
    return earned


@lru_cache(maxsize=4096)
def _reached(scale: tuple[int, int], required: int, confidence: tuple[float, ...], gamma: float) -> NDArray[np.float64]:
    """The part of the level required that each level and each trust of it reaches, to the power gamma."""
    held = np.arange(HIGHEST + 1) * scale[0] / scale[1]
    reached: NDArray[np.float64] = ((held[:, None] * np.array(confidence) / required) ** gamma).ravel()
    return reached


@lru_cache(maxsize=16)
def _faded(least: float, grace_months: float, half_life_months: float, gamma: float) -> NDArray[np.float64]:
    """What disuse of each number of days leaves, to the power gamma."""
    months = np.maximum(0.0, np.arange(OLDEST + 1) / DAYS_IN_MONTH - grace_months)
    with np.errstate(over="ignore"):  # of a half-life of next to nothing nothing is left
        left: NDArray[np.float64] = (least + (1 - least) * 2.0 ** (-months / half_life_months)) ** gamma
    return left
