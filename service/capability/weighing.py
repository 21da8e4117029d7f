"""How one assertion counts on a day: its decisions, its evidence, and what the skill demands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from service.capability.columns import ALWAYS, CURRENT, NEVER, day_number
from service.capability.segments import VERIFIED, Demand, Statement, in_order, own_trust, trust_after, verifiers_of
from service.capability.states import DecisionState, EvidenceState
from service.domain.proof import (
    ANNULMENTS,
    CREDENTIALS,
    PROOFS,
    TRUSTS,
    Assertion,
    Decision,
    Evidence,
    Trust,
    Verification,
)


class Verdict(StrEnum):
    """Why an assertion counted or not."""

    WINS = "WINS"
    OUTRANKED_BY_TRUST = "OUTRANKED_BY_TRUST"
    OUTRANKED_BY_DATE = "OUTRANKED_BY_DATE"
    OUTRANKED_BY_SEQUENCE = "OUTRANKED_BY_SEQUENCE"
    OUTRANKED_BY_ID = "OUTRANKED_BY_ID"
    BELOW_TRUST_FLOOR = "BELOW_TRUST_FLOOR"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    REJECTED = "REJECTED"
    NOT_YET_VALID = "NOT_YET_VALID"
    NO_LONGER_VALID = "NO_LONGER_VALID"
    RETRACTED = "RETRACTED"


class DecisionStanding(StrEnum):
    """Whether a decision bears on an assertion on a day."""

    COUNTS = "COUNTS"
    OVERTAKEN = "OVERTAKEN"
    ANNULLED = "ANNULLED"
    OWN = "OWN"
    LAPSED_SUSPENSION = "LAPSED_SUSPENSION"
    NOT_YET = "NOT_YET"
    BEFORE_CORRECTION = "BEFORE_CORRECTION"
    RETRACTED = "RETRACTED"


class EvidenceStanding(StrEnum):
    """Whether a piece of evidence counts on a day: as proof, or towards what the skill demands."""

    COUNTS = "COUNTS"
    NOT_DEMANDED = "NOT_DEMANDED"
    ANNULLED = "ANNULLED"
    NO_CREDENTIAL = "NO_CREDENTIAL"
    TOO_OLD = "TOO_OLD"
    EXPIRED = "EXPIRED"
    NOT_YET = "NOT_YET"
    NEGATIVE = "NEGATIVE"
    RETRACTED = "RETRACTED"


COUNTING = frozenset(
    {
        Verdict.WINS,
        Verdict.OUTRANKED_BY_TRUST,
        Verdict.OUTRANKED_BY_DATE,
        Verdict.OUTRANKED_BY_SEQUENCE,
        Verdict.OUTRANKED_BY_ID,
    }
)
"""Verdicts on assertions that would give the level if nothing outranked them."""

_BARS = {
    Decision.REJECTED: Verdict.REJECTED,
    Decision.REVOKED: Verdict.REVOKED,
    Decision.SUSPENDED: Verdict.SUSPENDED,
}


class WeighedDecision(NamedTuple):
    """A decision, and whether it bears on the assertion."""

    decision: Verification
    standing: DecisionStanding


class WeighedEvidence(NamedTuple):
    """A piece of evidence, and whether it counts."""

    evidence: Evidence
    standing: EvidenceStanding


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """One state of an assertion, with all that decides how it counts."""

    assertion: Assertion
    verdict: Verdict
    trust: Trust | None
    """After decisions, on the day; None: it does not count, or is not valid then."""
    verifiers: int
    """Distinct verifiers that count, an exam or credential being one."""
    is_proven: bool
    """Whether an exam or credential is among them."""
    is_supported: bool
    """Whether its evidence suffices for what the skill demands."""
    decisions: tuple[WeighedDecision, ...]
    """In the order in which they take effect."""
    evidence: tuple[WeighedEvidence, ...]


class Asked(NamedTuple):
    """The question put to each assertion: on a day, by what is known, of what the skill demands."""

    person_id: str
    demand: Demand
    day: int
    known: int

    def weigh(self, said: Assertion, decisions: list[Verification], evidence: list[Evidence]) -> Weighed:
        """How one state counts; as though it won when only the others can tell."""
        if said.retracted_seq is not None:  # what came after its end was about what came after it
            decisions = [each for each in decisions if each.recorded_seq < said.retracted_seq]
            evidence = [each for each in evidence if each.recorded_seq < said.retracted_seq]
        first, until = _day(said.valid_from, ALWAYS), _day(said.valid_until, NEVER)
        statement = Statement(said.person_id, said.trust.rank, first, until, said.recorded_seq, CURRENT)
        later = {each.id: decision_state(each) for each in decisions if self._bears(each, said)}
        standing = in_order(later.values())
        support = [evidence_state(each) for each in evidence if each.retracted_seq is None]
        trust = trust_after(statement, standing, self.demand, support, self.day)
        verdict = Verdict.WINS
        if said.retracted_seq is not None:
            verdict = Verdict.RETRACTED
        elif self.day < first:
            verdict = Verdict.NOT_YET_VALID
        elif self.day >= until:
            verdict = Verdict.NO_LONGER_VALID
        elif trust is None:
            lasting = [each.decision for each in standing if each.decision != Decision.SUSPENDED]
            is_annulled = bool(lasting) and lasting[-1] in ANNULMENTS
            verdict = _BARS[Decision(lasting[-1])] if is_annulled else Verdict.SUSPENDED
        is_proven = own_trust(statement.trust, standing, support, self.day) == VERIFIED
        return Weighed(
            assertion=said,
            verdict=verdict,
            trust=TRUSTS[trust] if trust is not None and verdict is Verdict.WINS else None,
            verifiers=len(verifiers_of(said.person_id, standing)) + is_proven,
            is_proven=is_proven,
            is_supported=self.demand.is_supported(support, self.day),
            decisions=tuple(
                WeighedDecision(each, self._standing(each, said, standing)) for each in _ordered(decisions)
            ),
            evidence=tuple(
                WeighedEvidence(each, self._counts(each, said, standing))
                for each in sorted(evidence, key=_evidence_order)
            ),
        )

    def _bears(self, decision: Verification, said: Assertion) -> bool:
        is_known = decision.retracted_seq is None and decision.recorded_seq >= said.recorded_seq
        days = _day(decision.decided_on, ALWAYS), _day(decision.suspended_until, NEVER)
        return is_known and days[0] <= self.day < days[1]

    def _standing(  # noqa: PLR0911 one for each
        self, decision: Verification, said: Assertion, standing: Sequence[DecisionState]
    ) -> DecisionStanding:
        if decision.retracted_seq is not None:
            return DecisionStanding.RETRACTED
        if decision.recorded_seq < said.recorded_seq:
            return DecisionStanding.BEFORE_CORRECTION
        if self.day < day_number(decision.decided_on):
            return DecisionStanding.NOT_YET
        if self.day >= _day(decision.suspended_until, NEVER):
            return DecisionStanding.LAPSED_SUSPENSION
        place = next(at for at, each in enumerate(standing) if each.id == decision.id)
        rest = standing[place + 1 :]
        if decision.decision is Decision.VERIFIED:
            if any(each.decision in ANNULMENTS for each in rest):
                return DecisionStanding.ANNULLED
            return DecisionStanding.OWN if decision.verifier_id == said.person_id else DecisionStanding.COUNTS
        if decision.decision is Decision.SUSPENDED:
            return DecisionStanding.COUNTS
        is_overtaken = any(each.decision != Decision.SUSPENDED for each in rest)
        return DecisionStanding.OVERTAKEN if is_overtaken else DecisionStanding.COUNTS

    def _counts(  # noqa: PLR0911 one for each
        self, evidence: Evidence, said: Assertion, standing: Sequence[DecisionState]
    ) -> EvidenceStanding:
        state, demand = evidence_state(evidence), self.demand
        if evidence.retracted_seq is not None:
            return EvidenceStanding.RETRACTED
        if evidence.is_negative:
            return EvidenceStanding.NEGATIVE
        if self.day < state.issued_on:
            return EvidenceStanding.NOT_YET
        if self.day >= state.expires_on:
            return EvidenceStanding.EXPIRED
        if not demand.credential and demand.age is None:
            if said.trust is not Trust.VERIFIED or evidence.kind not in PROOFS:
                return EvidenceStanding.NOT_DEMANDED
            is_annulled = any(each.decision in ANNULMENTS for each in standing)
            return EvidenceStanding.ANNULLED if is_annulled else EvidenceStanding.COUNTS
        is_fresh = demand.age is not None and self.day < demand.aged(state)
        if is_fresh or (demand.credential and evidence.kind in CREDENTIALS):
            return EvidenceStanding.COUNTS
        return EvidenceStanding.NO_CREDENTIAL if demand.age is None else EvidenceStanding.TOO_OLD


def _ordered(decisions: Sequence[Verification]) -> list[Verification]:
    return sorted(decisions, key=lambda each: (each.decided_on, each.recorded_seq, each.id))


def _evidence_order(evidence: Evidence) -> tuple[date, int, str]:
    return evidence.issued_on or date.min, evidence.recorded_seq, evidence.id


def decision_state(decision: Verification) -> DecisionState:
    """A current decision as the reckoning has it."""
    return DecisionState(
        id=decision.id,
        recorded_seq=decision.recorded_seq,
        retracted_seq=CURRENT,
        decision=decision.decision,
        verifier_id=decision.verifier_id,
        decided_on=day_number(decision.decided_on),
        suspended_until=_day(decision.suspended_until, NEVER),
    )


def evidence_state(evidence: Evidence) -> EvidenceState:
    """A current piece of evidence as the reckoning has it."""
    return EvidenceState(
        id=evidence.id,
        recorded_seq=evidence.recorded_seq,
        retracted_seq=CURRENT,
        assertion_id=evidence.assertion_id,
        kind=evidence.kind,
        issued_on=_day(evidence.issued_on, ALWAYS),
        expires_on=_day(evidence.expires_on, NEVER),
        is_negative=evidence.is_negative,
    )


def _day(day: date | None, absent: int) -> int:
    return absent if day is None else day_number(day)
