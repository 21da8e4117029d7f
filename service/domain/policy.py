"""The versioned rules that answers name: how levels, fit and availability are reckoned."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Gt, Le
from typing_extensions import Doc

from service.domain.roles import VersionStatus
from service.domain.values import Dated, Name, Ratio, Text

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


@dataclass(kw_only=True)
class FitPolicyVersion(Dated):
    """Numbers behind a fit that an administrator set; the published one with the highest version in force counts."""

    version: Annotated[int, Ge(2), Le(100_000), Doc("2, 3, 4 ...; fit-policy/1 is built in.")]
    status: Annotated[VersionStatus, Doc("Draft, published or retired.")] = VersionStatus.DRAFT
    gamma: Annotated[float, Gt(0), Le(10), Doc("Exponent on the share of the required level.")] = 1.5
    floor: Annotated[Ratio, Doc("Least recency factor, phi.")] = 0.5
    grace_months: Annotated[float, Ge(0), Le(1200), Doc("Months without use before quality fades, g.")] = 12
    half_life_months: Annotated[float, Gt(0), Le(1200), Doc("Months in which the fading part halves, h.")] = 24
    confidence_inferred: Annotated[float, Gt(0), Le(1), Doc("Factor for an INFERRED level.")] = 0.5
    confidence_claimed: Annotated[float, Gt(0), Le(1), Doc("Factor for a CLAIMED level.")] = 0.7
    confidence_endorsed: Annotated[float, Gt(0), Le(1), Doc("Factor for an ENDORSED level.")] = 0.85
    narrower: Annotated[Ratio, Doc("Credit of a narrower skill.")] = 0.9
    broader: Annotated[Ratio, Doc("Credit of a broader skill.")] = 0.4
    related: Annotated[Ratio, Doc("Credit of a curated related skill, times its weight.")] = 0.6
    least_related_weight: Annotated[Ratio, Doc("Least weight of a related skill that gives credit.")] = 0.5
    max_away: Annotated[Ratio, Doc("Largest share of the asked working days that a free person may be absent.")] = 0.2
    set_by: Annotated[Name, Doc("The administrator who set it.")]
    reason: Annotated[Text, Doc("Why.")]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.confidence_inferred <= self.confidence_claimed <= self.confidence_endorsed:
            raise ValueError(
                f"confidence {self.confidence_inferred}, {self.confidence_claimed}, {self.confidence_endorsed} for "
                "INFERRED, CLAIMED, ENDORSED falls; more trust never counts for less"
            )
