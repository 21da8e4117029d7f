"""What the open positions of a project still lack on a day: people, and what the people booked to them lack."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from service.capability.booked import booked
from service.capability.columns import day_of
from service.capability.group_gaps import SHUT, Group, GroupGap, gap_of, members, required_on
from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.states import PositionState
from service.capability.targets import Target, days_asked
from service.domain.policy import LEVEL_RULE
from service.domain.proof import Trust
from service.domain.work import PositionStatus


@dataclass(frozen=True, kw_only=True)
class PositionGap:
    """One open position on a day."""

    position: PositionState
    people: int
    """People booked to it on the day, HARD, and in service."""
    proposed: int
    """People in service who are proposed for it on the day, SOFT, and not booked; they fill nothing yet."""
    gap: GroupGap | None
    """Those people against what it requires; None: it requires nothing."""

    @property
    def missing(self) -> int:
        """How many people fewer are booked than the position has places."""
        return max(0, self.position.headcount - self.people)


@dataclass(frozen=True, kw_only=True)
class ProjectGap:
    """The open positions of a project on a day."""

    day: date
    known: int
    positions: tuple[PositionGap, ...]
    """By id."""
    policy: str
    level_rule: str = LEVEL_RULE

    @property
    def compliance(self) -> float | None:
        """Lines MET or WAIVED of all lines of the people booked; None: there are no lines."""
        lines = [SHUT[line.codes] for each in self.positions if each.gap for line in each.gap.lines]
        return float(np.concatenate(lines).mean()) if sum(map(len, lines)) else None


def project_gap(
    snapshot: Snapshot,
    project_id: str,
    *,
    as_of: date | None = None,
    known: int,
    min_trust: Trust | None = None,
    today: date,
) -> ProjectGap:
    """What each OPEN position of a project in force on the day lacks; NotFound for a project that is not known."""
    known, window = min(known, snapshot.seq), days_asked(as_of or today, None)
    positions = snapshot.tables.positions_by_project.known(snapshot.project(project_id, known).id, known)
    found = _positions(snapshot, positions, window, (min_trust or Trust.CLAIMED).rank, known)
    policy = snapshot.policy(window.first, known).version
    return ProjectGap(day=day_of(window.first), known=known, positions=found, policy=policy)


def _positions(
    snapshot: Snapshot, positions: Sequence[PositionState], window: Window, floor: int, known: int
) -> tuple[PositionGap, ...]:
    running = (
        each
        for each in positions
        if each.status == PositionStatus.OPEN and each.valid_from <= window.first < each.valid_until
    )
    return tuple(_position(snapshot, each, window, floor, known) for each in sorted(running, key=lambda each: each.id))


def _position(snapshot: Snapshot, position: PositionState, window: Window, floor: int, known: int) -> PositionGap:
    group, serving = Group(position_id=position.id), snapshot.service(known).overlapping(*window)
    is_booked = serving & members(snapshot, group, window, known)
    is_named = serving & booked(snapshot, [position.id], *window, known)
    resolved = required_on(snapshot, Target(position_id=position.id), window, floor, known)
    return PositionGap(
        position=position,
        people=int(is_booked.sum()),
        proposed=int((is_named & ~is_booked).sum()),
        gap=None if resolved is None else gap_of(snapshot, group, resolved),
    )
