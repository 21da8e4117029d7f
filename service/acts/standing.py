"""What the decisions on an assertion add up to, by the same rules as the reckoning."""

from dataclasses import dataclass, replace
from datetime import date

from service.acts.lookup import Lookup
from service.capability.columns import ALWAYS, CURRENT, NEVER, day_number
from service.capability.segments import VERIFIED, Demand, Statement, in_order, own_trust, trust_after, verifiers_of
from service.capability.states import DecisionState, EvidenceState
from service.capability.weighing import decision_state, evidence_state
from service.domain.proof import Assertion, Evidence, Verification
from service.domain.skills import Skill
from service.errors import Conflict
from service.graph import records


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The decisions on the present state of an assertion, in order, and what its skill demands."""

    assertion: Assertion
    decisions: tuple[DecisionState, ...]
    evidence: tuple[EvidenceState, ...]
    demand: Demand

    @property
    def verifiers(self) -> set[str]:
        """The assessors whose verification stands."""
        return verifiers_of(self.assertion.person_id, self.decisions)

    def is_proven(self, day: date) -> bool:
        """Whether an exam or credential verifies it on *day*, which nobody annulled."""
        return own_trust(self.assertion.trust.rank, self.decisions, self.evidence, day_number(day)) == VERIFIED

    def is_verified_by_anyone(self, day: date) -> bool:
        """Whether an assessor's verification stands, or an exam or credential verifies it on *day*."""
        return bool(self.verifiers) or self.is_proven(day)

    def is_enough_with(self, verification: Verification) -> bool:
        """Whether the assessors the skill demands are reached with *verification*, in its place among the others."""
        last = decision_state(verification)._replace(recorded_seq=CURRENT)
        after = replace(self, decisions=tuple(in_order([*self.decisions, last])))
        return len(after.verifiers) + after.is_proven(verification.decided_on) >= self.demand.verifiers

    def refuse_again(self, verifier_id: str, field: str) -> None:
        """Refuse a second verification by the same assessor: n distinct verifiers means n people."""
        if verifier_id in self.verifiers:
            stands = next(each for each in reversed(self.decisions) if each.verifier_id == verifier_id)
            raise Conflict(
                f"{field} {verifier_id!r}: has verified it already, by decision {stands.id!r}; "
                "another assessor has to decide",
                path=(field,),
                code="ALREADY_VERIFIED",
            )

    def trust_on(self, day: date) -> int | None:
        """The trust with which the assertion counts on *day*, by decisions and evidence; None: it does not count."""
        number = day_number(day)
        in_force = [each for each in self.decisions if each.decided_on <= number < each.suspended_until]
        statement = Statement(self.assertion.person_id, self.assertion.trust.rank, ALWAYS, NEVER, 0, CURRENT)
        return trust_after(statement, in_force, self.demand, self.evidence, number)


async def standing_of(lookup: Lookup, assertion: Assertion) -> Standing:
    """How the present state of *assertion* stands: decisions on an earlier state of it do not count."""
    made = (await records.below(lookup.reader, Verification, "assertion_id", [assertion.id]))[assertion.id]
    evidence = (await records.below(lookup.reader, Evidence, "assertion_id", [assertion.id]))[assertion.id]
    skill = (await lookup.facts(Skill, [assertion.skill_id])).get(assertion.skill_id)
    demand = Demand()
    if skill is not None:
        demand = Demand(skill.required_verifiers, skill.requires_credential, skill.max_evidence_age_days)
    later = in_order(decision_state(each) for each in made if each.recorded_seq >= assertion.recorded_seq)
    return Standing(
        assertion=assertion,
        decisions=tuple(later),
        evidence=tuple(evidence_state(each) for each in evidence),
        demand=demand,
    )
