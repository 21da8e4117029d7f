"""Trust over both times: one assertion and its decisions, cut into rectangles of constant trust."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from service.capability.reading import State
from service.capability.states import DecisionState, SkillState
from service.domain.proof import Decision, Trust

VERIFIED: Final = Trust.VERIFIED.rank
ENDORSED: Final = Trust.ENDORSED.rank
_ANNULMENTS: Final = frozenset({Decision.REJECTED, Decision.REVOKED})


class Statement(NamedTuple):
    """What one assertion state says about trust, before any decision."""

    person_id: str
    trust: int
    first: int
    until: int
    recorded: int
    retracted: int


class Segment(NamedTuple):
    """Days and sequence numbers, half-open, over which an assertion counts with one trust."""

    trust: int
    first: int
    until: int
    recorded: int
    retracted: int


Span = tuple[int, int, int]
"""Trust, first day, day after the last."""


def segments(statement: Statement, decisions: Iterable[DecisionState], skill: Sequence[SkillState]) -> list[Segment]:
    """The rectangles in which *statement* counts; *decisions* are all of its assertion, *skill* all of its skill."""
    later = [each for each in decisions if each.recorded_seq >= statement.recorded]
    found: list[Segment] = []
    open_spans: list[Span] = []
    since = statement.recorded
    for known, until in pairwise(_cuts(statement, [*later, *skill])):
        standing = [each for each in later if each.recorded_seq <= known < each.retracted_seq]
        standing.sort(key=lambda each: (each.decided_on, each.recorded_seq, each.id))
        needed = next((each.required_verifiers for each in skill if each.recorded_seq <= known < each.retracted_seq), 1)
        spans = _spans(statement, standing, needed)
        if spans != open_spans:
            found += [Segment(*span, since, known) for span in open_spans]
            open_spans, since = spans, known
        if until == statement.retracted:
            found += [Segment(*span, since, until) for span in open_spans]
    return found


def _cuts(statement: Statement, states: Sequence[State]) -> list[int]:
    """The sequence numbers at which the trust of *statement* may change, and its own two ends."""
    ends = {each.recorded_seq for each in states} | {each.retracted_seq for each in states}
    inside = {end for end in ends if statement.recorded < end < statement.retracted}
    return [statement.recorded, *sorted(inside), statement.retracted]


def _spans(statement: Statement, standing: Sequence[DecisionState], needed: int) -> list[Span]:
    """The days on which *statement* counts, by trust, under the decisions known at one number."""
    ends = {each.decided_on for each in standing} | {each.suspended_until for each in standing}
    inside = sorted(end for end in ends if statement.first < end < statement.until)
    spans: list[Span] = []
    for day, until in pairwise([statement.first, *inside, statement.until]):
        trust = trust_after(
            statement, [each for each in standing if each.decided_on <= day < each.suspended_until], needed
        )
        if trust is None:
            continue
        if spans and spans[-1][0] == trust and spans[-1][2] == day:
            spans[-1] = trust, spans[-1][1], until
        else:
            spans.append((trust, day, until))
    return spans


def trust_after(statement: Statement, decisions: Sequence[DecisionState], needed: int) -> int | None:
    """Trust under *decisions*, in order; None: the statement does not count."""
    if decisions and decisions[-1].decision != Decision.VERIFIED:
        return None
    verifiers: set[str] = set()
    for each in decisions:
        if each.decision in _ANNULMENTS:
            verifiers.clear()
        elif each.decision == Decision.VERIFIED and each.verifier_id != statement.person_id:
            verifiers.add(each.verifier_id)
    count = len(verifiers) + (statement.trust == VERIFIED)
    if count >= needed:
        return VERIFIED
    return ENDORSED if count else statement.trust
