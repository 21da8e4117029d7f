"""Trust over both times: one assertion and its decisions, cut into rectangles of constant trust."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from service.capability.columns import ALWAYS
from service.capability.reading import State
from service.capability.states import DecisionState, EvidenceState, SkillState
from service.domain.proof import ANNULMENTS, CREDENTIALS, PROOFS, Decision, Trust

VERIFIED: Final = Trust.VERIFIED.rank
ENDORSED: Final = Trust.ENDORSED.rank
CLAIMED: Final = Trust.CLAIMED.rank


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


class Demand(NamedTuple):
    """What a skill demands before an assertion counts as verified; see the fields of Skill."""

    verifiers: int = 1
    credential: bool = False
    age: int | None = None

    @classmethod
    def known(cls, skill: Sequence[SkillState], known: int) -> "Demand":
        """The demand of the state of *skill* that is known."""
        for each in skill:
            if each.recorded_seq <= known < each.retracted_seq:
                return cls(each.required_verifiers, each.requires_credential, each.max_evidence_age_days)
        return cls()

    def is_supported(self, evidence: Sequence[EvidenceState], day: int) -> bool:
        """Whether the known *evidence* suffices on a day."""
        in_force = [each for each in evidence if each.is_in_force(day)]
        if self.credential and not any(each.kind in CREDENTIALS for each in in_force):
            return False
        return self.age is None or any(day < self.aged(each) for each in in_force)

    def aged(self, evidence: EvidenceState) -> int:
        """The first day on which a piece of evidence is too old; that of an unknown day always is."""
        return ALWAYS if self.age is None or evidence.issued_on == ALWAYS else evidence.issued_on + self.age


def segments(
    statement: Statement,
    decisions: Iterable[DecisionState],
    skill: Sequence[SkillState],
    evidence: Sequence[EvidenceState] = (),
) -> list[Segment]:
    """The rectangles in which *statement* counts.

    *decisions* and *evidence* are all of its assertion, *skill* all states of its skill.
    """
    later = [each for each in decisions if each.recorded_seq >= statement.recorded]
    found: list[Segment] = []
    open_spans: list[Span] = []
    since = statement.recorded
    for known, until in pairwise(_cuts(statement, [*later, *skill, *evidence])):
        standing = in_order(each for each in later if each.recorded_seq <= known < each.retracted_seq)
        support = [each for each in evidence if each.recorded_seq <= known < each.retracted_seq]
        spans = _spans(statement, standing, Demand.known(skill, known), support)
        if spans != open_spans:
            found += [Segment(*span, since, known) for span in open_spans]
            open_spans, since = spans, known
        if until == statement.retracted:
            found += [Segment(*span, since, until) for span in open_spans]
    return found


def in_order(decisions: Iterable[DecisionState]) -> list[DecisionState]:
    """Decisions in the order in which they take effect."""
    return sorted(decisions, key=lambda each: (each.decided_on, each.recorded_seq, each.id))


def _cuts(statement: Statement, states: Sequence[State]) -> list[int]:
    """The sequence numbers at which the trust of *statement* may change, and its own two ends."""
    ends = {each.recorded_seq for each in states} | {each.retracted_seq for each in states}
    inside = {end for end in ends if statement.recorded < end < statement.retracted}
    return [statement.recorded, *sorted(inside), statement.retracted]


def _spans(
    statement: Statement, standing: Sequence[DecisionState], demand: Demand, evidence: Sequence[EvidenceState]
) -> list[Span]:
    """The days on which *statement* counts, by trust, under the decisions and evidence known at one number."""
    ends = {each.decided_on for each in standing} | {each.suspended_until for each in standing}
    if demand.credential or demand.age is not None or statement.trust == VERIFIED:
        ends |= {end for each in evidence for end in (each.issued_on, each.expires_on, demand.aged(each))}
    inside = sorted(end for end in ends if statement.first < end < statement.until)
    spans: list[Span] = []
    for day, until in pairwise([statement.first, *inside, statement.until]):
        in_force = [each for each in standing if each.decided_on <= day < each.suspended_until]
        trust = trust_after(statement, in_force, demand, evidence, day)
        if trust is None:
            continue
        if spans and spans[-1][0] == trust and spans[-1][2] == day:
            spans[-1] = trust, spans[-1][1], until
        else:
            spans.append((trust, day, until))
    return spans


def trust_after(
    statement: Statement,
    decisions: Sequence[DecisionState],
    demand: Demand,
    evidence: Sequence[EvidenceState] = (),
    day: int = 0,
) -> int | None:
    """Trust on a day under *decisions*, those in force, in order; None: the statement does not count."""
    if is_barred(decisions):
        return None
    own = own_trust(statement.trust, decisions, evidence, day)
    count = len(verifiers_of(statement.person_id, decisions)) + (own == VERIFIED)
    if count >= demand.verifiers and demand.is_supported(evidence, day):
        return VERIFIED
    return ENDORSED if count else own


def is_barred(decisions: Sequence[DecisionState]) -> bool:
    """Whether *decisions*, those in force, in order, keep an assertion from counting: a suspension holds to its end."""
    is_suspended = any(each.decision == Decision.SUSPENDED for each in decisions)
    return is_suspended or (bool(decisions) and decisions[-1].decision in ANNULMENTS)


def own_trust(trust: int, decisions: Iterable[DecisionState], evidence: Iterable[EvidenceState], day: int) -> int:
    """What a statement is worth by itself on a day.

    VERIFIED lasts as long as an exam or credential is in force, and is not annulled by a decision; then it is a claim.
    """
    if trust != VERIFIED:
        return trust
    is_proven = any(each.kind in PROOFS and each.is_in_force(day) for each in evidence)
    return VERIFIED if is_proven and not any(each.decision in ANNULMENTS for each in decisions) else CLAIMED


def verifiers_of(person_id: str, decisions: Iterable[DecisionState]) -> set[str]:
    """The distinct assessors, other than the person, whose verification stands after *decisions*, in order."""
    verifiers: set[str] = set()
    for each in decisions:
        if each.decision in ANNULMENTS:
            verifiers.clear()
        elif each.decision == Decision.VERIFIED and each.verifier_id != person_id:
            verifiers.add(each.verifier_id)
    return verifiers
