"""Ids and the rows that stand for them in arrays."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise, repeat
from typing import cast

import numpy as np
from numpy.typing import NDArray


class Identities:
    """Ids in the order they were met, each with a row that it keeps.

    It only grows, so that all snapshots share one: a snapshot looks at the first rows only, as many
    as there were when it was made.
    """

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self.ids = list(ids)
        self.rows = {each: row for row, each in enumerate(self.ids)}
        descents = (row for row, (one, other) in enumerate(pairwise(self.ids), 1) if one > other)
        self._sorted = next(descents, len(self.ids))
        self._order = np.zeros(0, np.int32)

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, identity: str) -> int:
        """The row of an id, given now when it has none yet."""
        row = self.rows.get(identity)
        if row is None:
            self.ids.append(identity)
            row = self.rows[identity] = len(self.ids) - 1
        return row

    def codes(self, values: Sequence[str | None]) -> NDArray[np.int32]:
        """The row of each id, given now to those that have none; -1 where there is no id."""
        for each in dict.fromkeys(values):
            if each is not None:
                self.row(each)
        ids = cast("Sequence[str]", values)  # no row stands for None
        return np.fromiter(map(self.rows.get, ids, repeat(-1)), np.int32, len(values))

    def order(self, size: int) -> NDArray[np.int32]:
        """For each of the first *size* rows, the place of its id among them in the order of ids."""
        order = self._order
        if len(order) != size:
            order = self._order = self._places(size)
        return order

    def _places(self, size: int) -> NDArray[np.int32]:
        """Sorted ids keep their distance; the few that came later are put between them."""
        first = min(self._sorted, size)
        late = sorted(range(first, size), key=self.ids.__getitem__)
        before = np.array([bisect_left(self.ids, self.ids[row], 0, first) for row in late], np.int32)
        places = np.empty(size, np.int32)
        places[:first] = np.arange(first) + np.searchsorted(before, np.arange(first), side="right")
        places[late] = before + np.arange(len(late), dtype=np.int32)
        return places
