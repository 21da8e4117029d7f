"""Whose duty is what: every requirement that unit, site and role make of anybody, and whom they make it of.

People of the same unit, site and role have the same duties, so that these are put together once for all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.comparison import Comparison
from service.capability.fit import HIGHEST
from service.capability.index import Snapshot
from service.capability.states import RequirementState
from service.capability.targets import Required, of_role
from service.domain.proof import TRUSTS

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]

LEVELS: Final = HIGHEST + 1
"""More than the levels of any scale."""


@dataclass(frozen=True, kw_only=True)
class Demand:
    """One skill at one level and trust, and whom it is asked of."""

    required: Required
    rows: Rows
    mandatory: Mask


def demands_of(asked: Comparison, people: Rows, floor: int) -> Iterator[Demand]:
    """Every different requirement of the duties of *people*.

    Duties are rows of numbers: skill, level, floor, and 1 where mandatory.
    """
    if not len(people):
        return
    snapshot, known = asked.snapshot, asked.known
    service, skills = snapshot.service(known), dict[str, int]()
    places = np.stack((service.unit[people], service.site[people], service.role[people]), axis=1)
    different, which = np.unique(places, axis=0, return_inverse=True)
    of_unit = cache(lambda unit: _numbers(_of_unit(snapshot, unit, known), floor, skills))
    of_own_role = cache(lambda role: _numbers(_of_own_role(asked, role), floor, skills))
    duties = [
        np.concatenate((of_own_role(role), of_unit(unit), of_unit(site))) for unit, site, role in different.tolist()
    ]
    place, together = _strictest(duties)
    alike = _Alike.of(people, which, len(different))
    names = list(skills)
    asking = ((together[:, 0] * LEVELS) + together[:, 1]) * len(TRUSTS) + together[:, 2]
    order = np.argsort(asking, kind="stable")
    for same in np.split(order, np.flatnonzero(np.diff(asking[order])) + 1) if len(order) else ():
        skill, level, trust, _ = together[same[0]].tolist()
        name = snapshot.skill_name(names[skill], known)
        required = Required(names[skill], name, level, 1.0, is_mandatory=True, floor=trust)
        rows, count = alike.rows(place[same])
        by_row = np.argsort(rows)
        yield Demand(required=required, rows=rows[by_row], mandatory=np.repeat(together[same, 3] > 0, count)[by_row])


class _Alike(NamedTuple):
    """People in groups of those who have the same duties."""

    people: Rows
    """One group after the other."""
    first: Rows
    """Where each group begins."""
    size: Rows
    """How many people each group has."""

    @classmethod
    def of(cls, people: Rows, which: Rows, groups: int) -> "_Alike":
        """The *people*, each in the group that *which* says."""
        count = np.bincount(which, minlength=groups)
        return cls(people[np.argsort(which, kind="stable")], np.cumsum(count) - count, count)

    def rows(self, groups: Rows) -> tuple[Rows, Rows]:
        """The people of some groups, one group after the other, and how many people each of them has."""
        count = self.size[groups]
        shift = np.repeat(self.first[groups] - (np.cumsum(count) - count), count)
        return self.people[shift + np.arange(count.sum())], count


def _strictest(duties: Sequence[NDArray[np.int64]]) -> tuple[Rows, NDArray[np.int64]]:
    """The strictest of all that one list of duties says of one skill, and which list each of them is of."""
    every = np.concatenate(duties)
    place = np.repeat(np.arange(len(duties)), [len(each) for each in duties])
    if not len(every):
        return place, every
    order = np.lexsort((every[:, 0], place))
    every, place = every[order], place[order]
    is_first = np.append(True, (np.diff(place) != 0) | (np.diff(every[:, 0]) != 0))
    return place[is_first], np.maximum.reduceat(every, np.flatnonzero(is_first), axis=0)


def _numbers(asked: Sequence[RequirementState], floor: int, skills: dict[str, int]) -> NDArray[np.int64]:
    """Requirements as rows of numbers; *skills* counts the skills."""
    rows = [
        (skills.setdefault(each.skill_id, len(skills)), each.level, max(floor, each.min_trust or 0), each.is_mandatory)
        for each in asked
    ]
    return np.array(rows, np.int64).reshape(len(rows), 4)


def _of_unit(snapshot: Snapshot, unit: int, known: int) -> list[RequirementState]:
    """What the unit of a row, and every unit that it is part of, require."""
    above = snapshot.above(snapshot.units.ids[unit], known) if unit >= 0 else []
    return [required for each in above for required in snapshot.requirements(each, known)]


def _of_own_role(asked: Comparison, role: int) -> list[RequirementState]:
    snapshot = asked.snapshot
    return of_role(snapshot, snapshot.roles.ids[role], asked.window.first, asked.known) if role >= 0 else []
