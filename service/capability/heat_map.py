"""How many people hold each skill in each unit: the whole organisation in one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import day_number
from service.capability.index import Snapshot
from service.capability.levels import standing
from service.domain.policy import LEVEL_RULE
from service.domain.proof import Trust
from service.errors import Invalid


class Measure(StrEnum):
    """What a cell of the map tells."""

    PEOPLE = "PEOPLE"
    VERIFIED = "VERIFIED"
    MEAN_LEVEL = "MEAN_LEVEL"
    SHARE = "SHARE"


class HeatUnit(NamedTuple):
    """A column: a unit with every unit below it."""

    unit_id: str
    name: str
    people: int
    """Who belong to it and are in service on the day."""


class HeatRow(NamedTuple):
    """A row: a skill, and one value for each unit."""

    skill_id: str
    name: str
    people: int
    """Who hold it anywhere."""
    values: list[float | None]
    """None: nobody is there to take a mean of."""


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """The table; a skill that nobody holds has no row."""

    day: date
    known: int
    measure: Measure
    units: tuple[HeatUnit, ...]
    rows: tuple[HeatRow, ...]
    level_rule: str = LEVEL_RULE


def heat_map(  # noqa: PLR0913 the arguments of the question
    snapshot: Snapshot,
    *,
    day: date,
    known: int,
    measure: Measure,
    unit_ids: Sequence[str],
    branch_id: str | None,
    least: int,
    min_trust: Trust | None,
    most_cells: int,
) -> HeatMap:
    """Who hold what at level *least* or more on a day, by skill and unit.

    *unit_ids*: these only; none: every unit. *branch_id*: only this skill or group and what is narrower.
    Raises NotFound for what is not known, and Invalid when there would be more than *most_cells* values.
    """
    number, floor = day_number(day), (min_trust or Trust.CLAIMED).rank
    units = list(unit_ids) or sorted({each.id for each in snapshot.tables.units.all_known(known)})
    skills = _skills(snapshot, branch_id, known)
    if len(skills) * len(units) > most_cells:
        raise Invalid(
            f"{len(skills)} skills in {len(units)} units make {len(skills) * len(units):,} values, at most "
            f"{most_cells:,} are given at once (REGISTRY_MAX_CELLS); name a branch of the skills, or fewer units",
            path=("units",),
        )
    service = snapshot.service(known)
    serving = service.on(number)
    holds, belongs = _membership(snapshot, units, known)
    people = _by_unit(service.unit[serving], holds, belongs)
    rows = []
    for skill_id, name in skills:
        held = standing(snapshot.block(skill_id), number, known=known, floor=floor)
        counts = serving[held.person] & (held.level >= least)
        if counts.any():
            unit = service.unit[held.person[counts]]
            values = _values(measure, unit, held.level[counts], held.trust[counts], holds, belongs, people)
            rows.append(HeatRow(skill_id, name, int(counts.sum()), values))
    named = tuple(
        HeatUnit(unit_id, snapshot.unit(unit_id, known).name, int(count))
        for unit_id, count in zip(units, people, strict=True)
    )
    return HeatMap(day=day, known=known, measure=measure, units=named, rows=tuple(rows))


def _skills(snapshot: Snapshot, branch_id: str | None, known: int) -> list[tuple[str, str]]:
    """Ids and names of the skills that somebody was ever said to hold, by name, then id."""
    wanted = None if branch_id is None else snapshot.branch(branch_id, known)
    found = []
    for skill_id in snapshot.assertions.blocks:
        if wanted is None or skill_id in wanted:
            found += [(each.name, skill_id) for each in snapshot.tables.skills.known(skill_id, known)]
    return [(skill_id, name) for name, skill_id in sorted(found)]


def _membership(snapshot: Snapshot, units: Sequence[str], known: int) -> tuple[int, NDArray[np.float64]]:
    """How many unit rows there are, and which of them each unit asked for holds: one column for each unit.

    Rows that come while this is reckoned are of people who are not known yet.
    """
    size = len(snapshot.units.ids)
    belongs = np.zeros((size, len(units)))
    for column, unit_id in enumerate(units):
        rows = (snapshot.units.rows.get(each, size) for each in snapshot.subtree(unit_id, known))
        belongs[[row for row in rows if row < size], column] = 1
    return size, belongs


def _by_unit(
    unit: NDArray[np.int32], size: int, belongs: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """People, or their *weights*, added up for each unit asked for."""
    has_unit = unit >= 0
    chosen = None if weights is None else weights[has_unit]
    found: NDArray[np.float64] = np.bincount(unit[has_unit], chosen, minlength=size)[:size] @ belongs
    return found


def _values(
    measure: Measure,
    unit: NDArray[np.int32],
    level: NDArray[np.int8],
    trust: NDArray[np.int8],
    size: int,
    belongs: NDArray[np.float64],
    people: NDArray[np.float64],
) -> list[float | None]:
    if measure is Measure.VERIFIED:
        return list(_by_unit(unit[trust == Trust.VERIFIED.rank], size, belongs).tolist())
    counts = _by_unit(unit, size, belongs)
    if measure is Measure.PEOPLE:
        return list(counts.tolist())
    if measure is Measure.SHARE:
        return list(np.round(counts / np.maximum(people, 1), 4).tolist())
    means = np.round(_by_unit(unit, size, belongs, level.astype(np.float64)) / np.maximum(counts, 1), 2)
    return [mean if count else None for mean, count in zip(means.tolist(), counts.tolist(), strict=True)]
