"""What a decision could matter for: the lines of open positions and of roles that ask for more than a claim."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.states import PositionState
from service.capability.targets import of_role, own_over_role
from service.domain.proof import Trust
from service.domain.work import PositionStatus, ProjectStatus

CLAIMED: Final = Trust.CLAIMED.rank
ENDED: Final = frozenset({ProjectStatus.CLOSED, ProjectStatus.CANCELLED})


class Opening(NamedTuple):
    """One requirement that asks for more trust than a claim has, for its days."""

    level: int
    floor: int
    window: Window
    role_id: str | None
    position_id: str | None
    """None: asked of everybody who holds the role."""


class Openings(NamedTuple):
    """The openings of one skill, as columns and one by one."""

    level: NDArray[np.int8]
    floor: NDArray[np.int8]
    first: NDArray[np.int32]
    until: NDArray[np.int32]
    role: NDArray[np.int32]
    """Row of the role among the snapshot's ``roles`` whose holders are asked; -1: everybody is."""
    each: Sequence[Opening]


def openings(snapshot: Snapshot, day: int, known: int) -> dict[str, Openings]:
    """By skill: what positions open on or after *day* ask, each on its remaining days, and what roles ask on it.

    A position counts while it is OPEN, its project neither CLOSED nor CANCELLED, and its end after *day*.
    """
    found: dict[str, list[Opening]] = defaultdict(list)
    asked_of = cache(lambda role_id, first: of_role(snapshot, role_id, first, known))
    for position in _open_positions(snapshot, day, known):
        window = Window(max(day, position.valid_from), position.valid_until)
        own = snapshot.requirements(position.id, known)
        inherited = () if position.role_id is None else asked_of(position.role_id, window.first)
        for asked in own_over_role(own, inherited):
            if (asked.min_trust or 0) > CLAIMED:
                opening = Opening(asked.level, asked.min_trust or 0, window, position.role_id, position.id)
                found[asked.skill_id].append(opening)
    for role_id in snapshot.roles.ids[:]:
        for asked in asked_of(role_id, day):
            if (asked.min_trust or 0) > CLAIMED:
                opening = Opening(asked.level, asked.min_trust or 0, Window(day, day + 1), role_id, None)
                found[asked.skill_id].append(opening)
    return {skill_id: _columns(snapshot, each) for skill_id, each in found.items()}


def _open_positions(snapshot: Snapshot, day: int, known: int) -> Iterator[PositionState]:
    running = {each.id for each in snapshot.tables.projects.all_known(known) if each.status not in ENDED}
    for position in snapshot.tables.positions.all_known(known):
        if position.status == PositionStatus.OPEN and position.valid_until > day and position.project_id in running:
            yield position


def _columns(snapshot: Snapshot, found: Sequence[Opening]) -> Openings:
    roles = (-1 if each.position_id is not None else snapshot.roles.rows[each.role_id or ""] for each in found)
    return Openings(
        level=np.fromiter((each.level for each in found), np.int8, len(found)),
        floor=np.fromiter((each.floor for each in found), np.int8, len(found)),
        first=np.fromiter((each.window.first for each in found), np.int32, len(found)),
        until=np.fromiter((each.window.until for each in found), np.int32, len(found)),
        role=np.fromiter(roles, np.int32, len(found)),
        each=found,
    )
