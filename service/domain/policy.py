"""The versioned rules that answers name: how levels, fit and availability are reckoned."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from typing_extensions import Doc

LEVEL_RULE = "level-rule/1"
"""Highest trust wins, then the latest asserted_on, then the highest sequence number, then id."""

AVAILABILITY_RULE = "availability-rule/1"
"""See FitPolicy.max_away and docs/decisions."""


class Cause(StrEnum):
    """Why a requirement is met or open, checked in this order."""

    MET = "MET"
    WAIVED = "WAIVED"
    EXPIRING = "EXPIRING"
    UNVERIFIED = "UNVERIFIED"
    EXPIRED = "EXPIRED"
    BELOW_LEVEL = "BELOW_LEVEL"
    SUBSTITUTED = "SUBSTITUTED"
    MISSING = "MISSING"


@dataclass(kw_only=True)
class FitPolicy:
    """The numbers behind a fit."""

    version: Annotated[str, Doc("Name of this policy.")] = "fit-policy/1"
    gamma: Annotated[float, Doc("Exponent on the share of the required level.")] = 1.5
    floor: Annotated[float, Doc("Least recency factor, phi.")] = 0.5
    grace_months: Annotated[float, Doc("Months without use before quality fades, g.")] = 12
    half_life_months: Annotated[float, Doc("Months in which the fading part halves, h.")] = 24
    confidence: Annotated[tuple[float, float, float, float], Doc("For INFERRED, CLAIMED, ENDORSED, VERIFIED.")] = (
        0.5,
        0.7,
        0.85,
        1.0,
    )
    narrower: Annotated[float, Doc("Credit of a narrower skill.")] = 0.9
    broader: Annotated[float, Doc("Credit of a broader skill.")] = 0.4
    related: Annotated[float, Doc("Credit of a curated related skill, times its weight.")] = 0.6
    least_related_weight: Annotated[float, Doc("Least weight of a related skill that gives credit.")] = 0.5
    ineligible_factor: Annotated[float, Doc("Caps the fit of who lacks a mandatory skill.")] = 0.5
    max_away: Annotated[float, Doc("Largest share of the asked working days that a free person may be absent.")] = 0.2
