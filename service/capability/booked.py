"""Who is booked to which positions on which days. A REJECTED booking is none; a SOFT one is a proposal."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import Bookings
from service.capability.index import Snapshot


def bookings_to(
    snapshot: Snapshot, position_ids: Iterable[str], first: int, until: int, known: int, *, include_soft: bool = True
) -> Bookings:
    """The bookings to some positions that are in force on some day from *first* to before *until*."""
    places, size = snapshot.positions.rows, len(snapshot.positions)
    is_asked = np.zeros(size, np.bool_)
    is_asked[[row for each in position_ids if (row := places.get(each, size)) < size]] = True
    bookings = snapshot.bookings(known)
    is_here = is_asked[bookings.position] & (bookings.first < until) & (bookings.until > first)
    if not include_soft:
        is_here &= bookings.is_hard
    return Bookings._make(column[is_here] for column in bookings)


def booked(
    snapshot: Snapshot, position_ids: Iterable[str], first: int, until: int, known: int, *, include_soft: bool = True
) -> NDArray[np.bool_]:
    """Which person rows have such a booking."""
    found = np.zeros(snapshot.size, np.bool_)
    found[bookings_to(snapshot, position_ids, first, until, known, include_soft=include_soft).person] = True
    return found


def of_project(snapshot: Snapshot, project_id: str, known: int) -> list[str]:
    """The ids of the positions of a project."""
    return [each.id for each in snapshot.tables.positions_by_project.known(project_id, known)]


def for_role(snapshot: Snapshot, role_id: str, known: int) -> list[str]:
    """The ids of the positions for a role."""
    return [each.id for each in snapshot.tables.positions.all_known(known) if each.role_id == role_id]
