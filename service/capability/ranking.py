"""Everybody ranked by eligibility and fit, before anybody's days are looked at."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.comparison import Comparison, Criterion
from service.capability.fit import fits, scores
from service.capability.levels import met_throughout
from service.capability.targets import POINTS


class Ranking(NamedTuple):
    """Everybody who earns points or is eligible, in the order of person rows."""

    considered: int
    """People in service on some day of the window, and in the unit asked."""
    person: NDArray[np.intp]
    is_eligible: NDArray[np.bool_]
    base: NDArray[np.int64]
    fit: NDArray[np.int64]
    place: NDArray[np.int64]
    """The lower the better: fit descending, then id."""


def ranking(asked: Comparison, unit_id: str | None) -> Ranking:
    """The ranking of a unit's people; None: of everybody's."""
    snapshot, window = asked.snapshot, asked.window
    service = snapshot.service(asked.known)
    is_considered = service.exists & (service.first < window.until) & (service.until > window.first)
    if unit_id is not None:
        is_considered &= snapshot.in_unit(unit_id, asked.known)
    all_bases, least = scores(asked)
    everybody = eligible(asked)
    person = np.flatnonzero(is_considered & (everybody | (all_bases > 0)))
    is_eligible, base = everybody[person], all_bases[person]
    fit = np.where(is_eligible, base, fits(base, least[person], asked.policy))
    return Ranking(
        considered=int(is_considered.sum()),
        person=person,
        is_eligible=is_eligible,
        base=base,
        fit=fit,
        place=places(fit, snapshot.people.order(snapshot.size)[person]),
    )


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


def met(asked: Comparison, criterion: Criterion) -> NDArray[np.bool_]:
    """Which person rows meet a requirement throughout the window, or are exempt from it."""
    snapshot, required = asked.snapshot, criterion.required
    rows = snapshot.block(required.skill_id).counting
    found = np.zeros(snapshot.size, np.bool_)
    found[met_throughout(rows, required.level, asked.window, known=asked.known, floor=required.floor)] = True
    exempt = (snapshot.people.rows.get(person_id, snapshot.size) for person_id in criterion.waivers)
    found[[row for row in exempt if row < snapshot.size]] = True
    return found
