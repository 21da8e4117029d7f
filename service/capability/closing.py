"""How many requirement lines one decision would close: those whose only fault is that nobody has verified it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.openings import CLAIMED, Openings
from service.capability.rows import Rows
from service.capability.states import WaiverState
from service.capability.targets import Resolved
from service.capability.waivers import by_person, waiver_of
from service.domain.proof import Trust

ENDORSED: Final = Trust.ENDORSED.rank
VERIFIED: Final = Trust.VERIFIED.rank

Closed = NDArray[np.bool_]
"""For each opening of a skill, whether it would be closed."""

Span = tuple[int, int, int, int, bool]
"""Level, trust, first day, day after the last, and whether it is the candidate's own."""

Shape = tuple[tuple[Span, ...], tuple[Span, ...]]
"""What counts for a person, in the order of winning: now, and once the candidate is verified."""


def gaps_closed(
    snapshot: Snapshot, skill_id: str, candidates: Rows, openings: Openings, *, day: int, known: int
) -> NDArray[np.int64]:
    """For each of the *candidates*, known stated rows of a skill, the openings that a verification would close.

    An opening counts when its cause is UNVERIFIED, the claimed level rests on the candidate on the opening's
    first day, and it would be MET if the candidate were VERIFIED on all its days.
    """
    window = Window(day, int(openings.until.max(initial=day + 1)))
    counting = _relevant(snapshot.block(skill_id).counting, window, known)
    roles = snapshot.service(known).role[candidates.person]
    begin = counting.person.searchsorted(candidates.person)
    end = counting.person.searchsorted(candidates.person, "right")
    found = np.zeros(len(candidates.person), np.int64)
    alone = np.flatnonzero(end - begin == 1)
    alone = alone[counting.reference[begin[alone]] == candidates.reference[alone]]
    found[alone] = _closed_by_singles(counting.take(begin[alone]), roles[alone], openings)
    exempt = by_person(snapshot, skill_id, known)
    shapes: dict[Shape, Closed] = {}
    is_exempt = np.fromiter((snapshot.people.ids[row] in exempt for row in candidates.person.tolist()), np.bool_)
    for at in np.flatnonzero((end - begin > 1) | (is_exempt & (found > 0))).tolist():
        shape = _shape(snapshot, counting.take(slice(begin[at], end[at])), candidates.take(slice(at, at + 1)), window)
        if shape not in shapes:
            shapes[shape] = _closed(shape, openings, window)
        closed = np.flatnonzero(shapes[shape] & _is_asked(openings, roles[at : at + 1])[0]).tolist()
        own = exempt.get(snapshot.people.ids[candidates.person[at]], ())
        found[at] = sum(not _is_waived(own, openings, line, known) for line in closed)
    return found


def _relevant(counting: Rows, window: Window, known: int) -> Rows:
    """The rows that count at CLAIMED or above on some day of the window."""
    counts = (counting.recorded <= known) & (counting.retracted > known) & (counting.trust >= CLAIMED)
    counts &= (counting.first < window.until) & (counting.until > window.first)
    return counting.take(counts)


def _is_asked(openings: Openings, roles: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Of each person, by the row of their role, which openings concern them."""
    asked: NDArray[np.bool_] = (openings.role < 0) | (openings.role == roles[:, None])
    return asked


def _closed_by_singles(rows: Rows, roles: NDArray[np.int32], openings: Openings) -> NDArray[np.int64]:
    """For each of *rows*, all that counts for its person, how many openings it would close: alike rows at once."""
    early = np.unique(openings.first).searchsorted(rows.first).astype(np.int64)
    late = np.unique(openings.until).searchsorted(rows.until, "right")
    size = len(openings.first) + 1
    key = ((rows.level.astype(np.int64) * (VERIFIED + 1) + rows.trust) * size + early) * size + late
    key = key * (int(roles.max(initial=0)) + 2) + roles + 1
    _, chosen, alike = np.unique(key, return_index=True, return_inverse=True)
    level, trust, first, until = (column[chosen, None] for column in (rows.level, rows.trust, rows.first, rows.until))
    closed = (level >= openings.level) & (trust < openings.floor)
    closed &= (first <= openings.first) & (until >= openings.until)
    closed &= _is_asked(openings, roles[chosen])
    counts: NDArray[np.int64] = np.count_nonzero(closed, axis=1)[alike]
    return counts


def _shape(snapshot: Snapshot, counting: Rows, candidate: Rows, window: Window) -> Shape:
    """What counts for one person before and after the *candidate*, one stated row, is verified."""
    own = int(candidate.reference[0])
    others = counting.take(counting.reference != own)
    ranked = [*_ranked(snapshot, others, window), *_ranked(snapshot, candidate, window, trust=VERIFIED)]
    before = (span for _, span in _ranked(snapshot, counting, window, own=own))
    return tuple(before), tuple(span for _, span in sorted(ranked, key=lambda each: each[0]))


def _ranked(
    snapshot: Snapshot, rows: Rows, window: Window, *, trust: int | None = None, own: int | None = None
) -> list[tuple[tuple[int, int, int, str], Span]]:
    """The *rows* as spans within the window, each with what it wins by; at *trust* where that is given."""
    columns = (rows.level, rows.trust, rows.first, rows.until, rows.asserted, rows.own, rows.reference)
    found = []
    for level, held, first, until, asserted, seq, reference in zip(*(each.tolist() for each in columns), strict=True):
        rank = held if trust is None else trust
        span = level, rank, max(first, window.first), min(until, window.until), reference == own
        found.append(((rank, asserted, seq, snapshot.assertion_id(reference)), span))
    return found


def _closed(shape: Shape, openings: Openings, window: Window) -> Closed:
    """Which openings a verification would close for people of one shape, whoever is asked or exempt."""
    before, after = shape
    ends = {end for _, _, first, until, _ in (*before, *after) for end in (first, until)}
    edges = sorted({window.first, window.until, *(end for end in ends if window.first < end < window.until)})
    claimed = [_winner(before, day, CLAIMED) for day in edges[:-1]]
    now, then = (
        np.array([[_winner(spans, day, floor)[0] for day in edges[:-1]] for floor in (ENDORSED, VERIFIED)])
        for spans in (before, after)
    )
    days, floor, level = np.array(edges), openings.floor - ENDORSED, openings.level[:, None]
    at = days.searchsorted(openings.first, "right") - 1
    inside = (days[:-1] < openings.until[:, None]) & (days[1:] > openings.first[:, None])
    rests = np.array([each[-1] for each in claimed])[at]
    is_claimed = ~(inside & (np.array([each[0] for each in claimed]) < level)).any(axis=1)
    is_cured = ~(inside & (then[floor] < level)).any(axis=1)
    closed: Closed = rests & is_claimed & is_cured & (now[floor, at] < openings.level)
    return closed


def _winner(spans: Sequence[Span], day: int, floor: int) -> tuple[int, bool]:
    """The level on a day and whether it rests on the candidate; -1: no level."""
    for level, trust, first, until, is_own in reversed(spans):
        if trust >= floor and first <= day < until:
            return level, is_own
    return -1, False


def _is_waived(own: Sequence[WaiverState], openings: Openings, line: int, known: int) -> bool:
    opening = openings.each[line]
    return waiver_of(own, Resolved((), opening.window, known, opening.role_id, opening.position_id)) is not None
