"""The cause of one requirement for everybody at once; what ``gaps`` says of one person."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.capability.comparison import Comparison, Criterion
from service.capability.levels import history, lapse, levels, met_throughout
from service.capability.ranking import held_throughout
from service.domain.policy import Cause
from service.domain.proof import Trust

CAUSES: Final = tuple(Cause)
CODES: Final = {cause: code for code, cause in enumerate(CAUSES)}
"""What stands for each cause in an array."""

CLAIMED: Final = Trust.CLAIMED.rank


def causes(asked: Comparison, criterion: Criterion, among: NDArray[np.bool_] | None = None) -> NDArray[np.int8]:
    """The code of the cause for each person row, as though everybody were in service.

    Written from the last cause to the first, so that the first that holds stays. *among*: the rows that matter;
    what is said of the others may be wrong.
    """
    snapshot, required, window = asked.snapshot, criterion.required, asked.window
    found = np.full(snapshot.size, CODES[Cause.MISSING], np.int8)
    for source in criterion.sources[1:]:
        held = levels(snapshot, source.skill_id, window.first, known=asked.known, floor=required.floor)
        found[held >= 1] = CODES[Cause.SUBSTITUTED]
    own = levels(snapshot, required.skill_id, window.first, known=asked.known, floor=required.floor)
    found[own >= 1] = CODES[Cause.BELOW_LEVEL]
    found[_lapsed(asked, criterion, among)] = CODES[Cause.EXPIRED]
    if required.floor > CLAIMED:
        rows = snapshot.block(required.skill_id).counting
        claimed = met_throughout(rows, required.level, window, known=asked.known, floor=CLAIMED)
        found[claimed] = CODES[Cause.UNVERIFIED]
    found[own >= required.level] = CODES[Cause.EXPIRING]
    exempt = (snapshot.people.rows.get(person_id, snapshot.size) for person_id in criterion.waivers)
    found[[row for row in exempt if row < snapshot.size]] = CODES[Cause.WAIVED]
    found[held_throughout(asked, required)] = CODES[Cause.MET]
    return found


def _lapsed(asked: Comparison, criterion: Criterion, among: NDArray[np.bool_] | None) -> list[int]:
    """The people whose level was last lost by an assertion's own end.

    Whoever never held one that ended so cannot have; only the others are looked at one by one.
    """
    snapshot, required, window = asked.snapshot, criterion.required, asked.window
    rows = snapshot.block(required.skill_id).counting
    ended = (rows.until <= window.first) & rows.lapses & (rows.level >= required.level)
    ended &= (rows.trust >= required.floor) & (rows.recorded <= asked.known) & (asked.known < rows.retracted)
    if among is not None:
        ended &= among[rows.person]
    return [
        person
        for person in np.unique(rows.person[ended]).tolist()
        if lapse(
            history(snapshot, person, required.skill_id, asked.known), required.level, required.floor, window.first
        )
    ]
