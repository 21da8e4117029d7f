"""Everybody ranked by eligibility and fit, before anybody's days are looked at."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.blind import Blind
from service.capability.comparison import Comparison, Criterion
from service.capability.filters import Filter, Mask, passing
from service.capability.fit import fits, scores
from service.capability.levels import met_throughout
from service.capability.targets import POINTS, Required


class Ranking(NamedTuple):
    """Everybody who earns points or is eligible, in the order of person rows."""

    considered: int
    """People in service on some day of the window who pass the filter."""
    person: NDArray[np.intp]
    is_eligible: NDArray[np.bool_]
    base: NDArray[np.int64]
    fit: NDArray[np.int64]
    place: NDArray[np.int64]
    """The lower the better: fit descending, then id, or alias in a blind list."""
    digest: NDArray[np.int64] | None
    """What the aliases in a blind list are made of."""


def ranking(asked: Comparison, wanted: Filter, *, include_soft: bool, blind: Blind | None = None) -> Ranking:
    """The ranking of the people who pass a filter."""
    considered = passing(asked, wanted, in_service(asked), include_soft=include_soft)
    all_bases, least = scores(asked)
    everybody = eligible(asked)
    person = np.flatnonzero(considered & (everybody | (all_bases > 0)))
    is_eligible, base = everybody[person], all_bases[person]
    fit = np.where(is_eligible, base, fits(base, least[person], asked.policy))
    digest, order = None, asked.snapshot.people.order(asked.snapshot.size)[person]
    if blind is not None:
        digest = blind.digests([asked.snapshot.people.ids[row] for row in person.tolist()])
        order = np.argsort(np.argsort(digest)).astype(np.int32)
    return Ranking(int(considered.sum()), person, is_eligible, base, fit, places(fit, order), digest)


def in_service(asked: Comparison) -> Mask:
    """Who is in service on some day of the window."""
    return asked.snapshot.service(asked.known).overlapping(*asked.window)


def places(fit: NDArray[np.int64], order: NDArray[np.int32]) -> NDArray[np.int64]:
    """One number each, the lower the better: fit descending, then *order* ascending."""
    found: NDArray[np.int64] = ((POINTS - fit) << 32) + order
    return found


def eligible(asked: Comparison) -> NDArray[np.bool_]:
    """Which person rows meet every mandatory requirement, or are exempt from it."""
    found = np.ones(asked.snapshot.size, np.bool_)
    for criterion in asked.criteria:
        if criterion.required.is_mandatory:
            found &= met(asked, criterion)
    return found


def held_throughout(asked: Comparison, required: Required) -> NDArray[np.bool_]:
    """Which person rows meet a requirement by their own level throughout the window."""
    rows = asked.snapshot.block(required.skill_id).counting
    found = np.zeros(asked.snapshot.size, np.bool_)
    found[met_throughout(rows, required.level, asked.window, known=asked.known, floor=required.floor)] = True
    return found


def met(asked: Comparison, criterion: Criterion) -> NDArray[np.bool_]:
    """Which person rows meet a requirement throughout the window, or are exempt from it."""
    snapshot, required = asked.snapshot, criterion.required
    found = held_throughout(asked, required)
    exempt = (snapshot.people.rows.get(person_id, snapshot.size) for person_id in criterion.waivers)
    found[[row for row in exempt if row < snapshot.size]] = True
    return found
