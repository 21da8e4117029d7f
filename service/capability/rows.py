"""Assertions as columns: a row counts for its days and sequence numbers, at one level and one trust."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.references import References


class Rows(NamedTuple):
    """Rows of one skill in the order of winning: by person, then trust, asserted_on, own number, id.

    Of the rows of one person that are in force on a day, the last one therefore is the winner of
    ``level-rule/1``. Intervals are half-open; see ``columns`` for days and open ends.
    """

    person: NDArray[np.int32]
    level: NDArray[np.int8]
    trust: NDArray[np.int8]
    """Rank of the trust, 0 for INFERRED to 3 for VERIFIED."""
    first: NDArray[np.int32]
    until: NDArray[np.int32]
    recorded: NDArray[np.int64]
    """Sequence number from which the row counts: its own, or that of a decision."""
    retracted: NDArray[np.int64]
    asserted: NDArray[np.int32]
    used: NDArray[np.int32]
    """Day of last use; asserted_on where none is known."""
    own: NDArray[np.int64]
    """Sequence number of the assertion state itself."""
    lapses: NDArray[np.bool_]
    """Whether ``until`` is the assertion's own valid_until."""
    reference: NDArray[np.int32]
    """Place of the assertion's id in the snapshot's references."""

    def take(self, chosen: NDArray[np.intp] | NDArray[np.bool_] | slice) -> "Rows":
        """The chosen rows, in the order chosen."""
        return Rows._make(column[chosen] for column in self)

    def person_slice(self, person: int) -> slice:
        """Where the rows of one person are."""
        return slice(int(self.person.searchsorted(person)), int(self.person.searchsorted(person, "right")))


EMPTY = Rows(
    person=np.zeros(0, np.int32),
    level=np.zeros(0, np.int8),
    trust=np.zeros(0, np.int8),
    first=np.zeros(0, np.int32),
    until=np.zeros(0, np.int32),
    recorded=np.zeros(0, np.int64),
    retracted=np.zeros(0, np.int64),
    asserted=np.zeros(0, np.int32),
    used=np.zeros(0, np.int32),
    own=np.zeros(0, np.int64),
    lapses=np.zeros(0, np.bool_),
    reference=np.zeros(0, np.int32),
)


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows of *parts*, one after the other."""
    return Rows._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def winning_order(rows: Rows, skill: NDArray[np.int32] | None, references: References) -> NDArray[np.intp]:
    """The order of winning of any rows; with *skill*, the rows of each skill together. Equal rows keep their order."""
    strength = (rows.trust.astype(np.int64) << 33) + rows.asserted
    group = rows.person.astype(np.int64)
    if skill is not None:
        group += skill.astype(np.int64) << 32
    order = np.lexsort((rows.own, strength, group))
    is_tie = np.logical_and.reduce([_repeats(key[order]) for key in (group, strength, rows.own)])
    others = np.concatenate(([0], np.cumsum(~_repeats(rows.reference[order]))))
    edges = np.diff(np.concatenate(([False], is_tie, [False])).astype(np.int8))
    first, last = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    is_mixed = others[first] != others[last]
    for begin, end in zip(first[is_mixed].tolist(), last[is_mixed].tolist(), strict=True):
        run = order[begin : end + 1].tolist()
        order[begin : end + 1] = sorted(run, key=lambda row: references.id(int(rows.reference[row])))
    return order


def without_repeats(rows: Rows, skill: NDArray[np.int32], references: References) -> NDArray[np.bool_]:
    """Which *rows*, in the order of winning, to keep so that of a state given twice only the last one stays."""
    keys = (skill, rows.person, rows.trust, rows.asserted, rows.own)
    is_kept = np.ones(len(rows.person), np.bool_)
    for row in np.flatnonzero(np.logical_and.reduce([_repeats(key) for key in keys])).tolist():
        one, other = (references.id(int(rows.reference[each])) for each in (row, row + 1))
        is_kept[row] = one != other
    return is_kept


def merged(kept: Rows, added: Rows) -> Rows:
    """Two sets of rows in the order of winning, about different people, as one."""
    both = joined([kept, added])
    return both.take(np.argsort(both.person, kind="stable"))


def _repeats(key: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each value but the first equals the one before."""
    repeats: NDArray[np.bool_] = key[1:] == key[:-1]
    return repeats
