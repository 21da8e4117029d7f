"""One fact under an undo: the state to go back to, and who else has touched it since."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from service.graph.database import Row, without_times


@dataclass(frozen=True, kw_only=True)
class Undone:
    """A fact and the state it had before the first of the changes that are undone."""

    id: str
    before: Row | None
    """The state to put back; None: there was none, so the fact goes."""
    now: Row
    """The state recorded last, which may be retired."""
    later: int | None
    """The number of a change outside the set that touched the fact since."""

    @property
    def stands(self) -> bool:
        """Whether the fact is current."""
        return self.now.get("retracted_seq") is None

    @property
    def is_done(self) -> bool:
        """Whether the fact is already as it was before, so that nothing is left to do."""
        if self.before is None:
            return not self.stands
        return self.stands and without_times(self.before) == without_times(self.now)


def undone(id_: str, states: Sequence[Row], seqs: Collection[int]) -> Undone:
    """The fact *id_* with all its *states*, in order, under the undo of the changes *seqs*, which touched it."""
    ends = _ends(states)
    first = min(end for end in ends if end in seqs)
    before = next((state for state in states if state["recorded_seq"] < first <= _until(state, first)), None)
    others = [end for end in ends if end > first and end not in seqs]
    return Undone(id=id_, before=before, now=states[-1], later=max(others, default=None))


def is_touched(states: Sequence[Row], seqs: Collection[int]) -> bool:
    """Whether one of the changes *seqs* recorded or ended one of *states*."""
    return any(end in seqs for end in _ends(states))


def _ends(states: Sequence[Row]) -> set[int]:
    return {end for state in states for end in (state["recorded_seq"], state.get("retracted_seq")) if end is not None}


def _until(state: Row, first: int) -> int:
    end = state.get("retracted_seq")
    return first if end is None else int(end)
