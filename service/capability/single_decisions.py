"""Trust after the only decision on an assertion: the common case, for many assertions at once."""

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import ALWAYS, CURRENT, NEVER
from service.capability.rows import Rows, joined
from service.capability.segments import Demand, Statement, trust_after
from service.capability.states import DecisionState, EvidenceState
from service.domain.proof import TRUSTS, Decision, EvidenceKind

DECISIONS: Final = {str(decision): code for code, decision in enumerate(Decision)}


def after_single_decisions(stated: Rows, decisions: Sequence[DecisionState], people: Sequence[str]) -> Rows:
    """What counts of *stated* rows, any order, one decision each, where one verifier is enough and own proof lasts.

    The decision parts what counts at most in five: before and after it was known, and while it was, the days
    before, in and after its force.
    """
    kind = np.fromiter((DECISIONS[each.decision] for each in decisions), np.intp, len(decisions))
    verifiers = (each.verifier_id for each in decisions)
    subjects = map(people.__getitem__, stated.person.tolist())
    is_self = np.fromiter(map(str.__eq__, verifiers, subjects), np.bool_, len(decisions))
    trust = _trusts()[stated.trust, kind, is_self.astype(np.intp)]
    recorded = np.fromiter((each.recorded_seq for each in decisions), np.int64, len(decisions))
    changes = (trust != stated.trust) & (recorded >= stated.own)
    rows, trust = stated.take(changes), trust[changes]
    known = np.minimum(recorded[changes], rows.retracted)
    retracted = np.fromiter((each.retracted_seq for each in decisions), np.int64, len(decisions))[changes]
    forgotten = np.clip(retracted, known, rows.retracted)
    decided = np.fromiter((each.decided_on for each in decisions), np.int32, len(decisions))[changes]
    since = np.clip(decided, rows.first, rows.until)
    ended = np.fromiter((each.suspended_until for each in decisions), np.int32, len(decisions))[changes]
    until = np.clip(ended, since, rows.until)
    parts = [
        rows._replace(retracted=known),
        rows._replace(recorded=known, retracted=forgotten, until=since),
        rows._replace(recorded=known, retracted=forgotten, first=since, until=until, trust=trust),
        rows._replace(recorded=known, retracted=forgotten, first=until),
        rows._replace(recorded=forgotten),
    ]
    return joined([stated.take(~changes), *(_present(part, rows.until) for part in parts)])


def _present(part: Rows, own_until: NDArray[np.int32]) -> Rows:
    """What counts of *part*: some days, some numbers, some trust."""
    part = part._replace(lapses=part.lapses & (part.until == own_until))
    return part.take((part.trust >= 0) & (part.first < part.until) & (part.recorded < part.retracted))


@cache
def _trusts() -> NDArray[np.int8]:
    """Trust by own trust, decision and whether the person decided alone; -1: it does not count."""
    proof = EvidenceState("", 0, CURRENT, "", EvidenceKind.EXAM, ALWAYS, NEVER, False)  # a row of a table
    table = np.full((len(TRUSTS), len(DECISIONS), 2), -1, np.int8)
    for own in range(len(TRUSTS)):
        for decision, code in DECISIONS.items():
            for is_self, verifier in enumerate(("somebody else", "the person")):
                state = DecisionState("", 0, 0, decision, verifier, 0, 0)
                trust = trust_after(Statement("the person", own, 0, 0, 0, 0), [state], Demand(), [proof])
                table[own, code, is_self] = -1 if trust is None else trust
    return table
