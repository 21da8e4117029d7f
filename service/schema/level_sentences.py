"""Sentences that say why a level is what it is."""

from service.capability.explaining import Explanation
from service.capability.weighing import COUNTING, DecisionStanding, Verdict, Weighed
from service.domain.proof import Decision, Trust

_VERBS = {Verdict.REJECTED: "rejects", Verdict.REVOKED: "revokes", Verdict.SUSPENDED: "suspends"}


def of_level(found: Explanation) -> str:
    """What the level is, and how many statements it was chosen from."""
    said, counting = len(found.assertions), sum(each.verdict in COUNTING for each in found.assertions)
    of = f"of {said} statement{'s' if said != 1 else ''} {counting} count{'' if counting != 1 else 's'} on {found.day}"
    winner = found.winner
    if winner is None or winner.trust is None:
        return f"No level in {found.skill_name}: {of}." if said else f"Nothing was said about {found.skill_name}."
    chosen = "the highest trust, then the latest day, then the last recorded gives the level"
    level = f"Level {winner.assertion.level} in {found.skill_name}, {winner.trust.lower()}"
    return f"{level}: {of}; {chosen} ({found.level_rule})."


def of_assertion(weighed: Weighed, found: Explanation) -> str:
    """Why one statement counted or not."""
    said = weighed.assertion
    match weighed.verdict:
        case Verdict.RETRACTED:
            return f"Corrected or retracted by change {said.retracted_seq}."
        case Verdict.NOT_YET_VALID:
            return f"Counts from {said.valid_from} only."
        case Verdict.NO_LONGER_VALID:
            return f"Valid until {said.valid_until}, the first day it no longer counts."
        case Verdict.REJECTED | Verdict.REVOKED | Verdict.SUSPENDED:
            return _barred(weighed)
    basis = _basis(weighed, found)
    return f"{basis[0].upper()}{basis[1:]}{_outranked(weighed, found)}."


def _barred(weighed: Weighed) -> str:
    last = [
        each.decision
        for each in weighed.decisions
        if each.standing is DecisionStanding.COUNTS and each.decision.decision is not Decision.VERIFIED
    ][-1]
    until = f" until {last.suspended_until}" if last.suspended_until else ""
    return f"A decision of {last.decided_on} {_VERBS[weighed.verdict]} it{until}: {last.reason}"


def _basis(weighed: Weighed, found: Explanation) -> str:
    """What its trust rests on."""
    trust, own, demand = weighed.trust or weighed.assertion.trust, weighed.assertion.trust, found.demand
    if not weighed.verifiers:
        if own is Trust.VERIFIED:
            return "its exam or credential is not in force, so it counts as CLAIMED"
        return f"{own.lower()}, and nobody has verified it"
    what = "assessors or proofs" if weighed.is_proven else "assessors"
    verified = f"verified by {weighed.verifiers} of {demand.verifiers} {what} demanded"
    if demand.verifiers == 1:
        verified = "proven by an exam or credential" if weighed.is_proven else "verified by an assessor"
    missing = "" if weighed.is_supported else " without the evidence that the skill demands"
    return f"{verified}{missing}, so it counts as {trust}"


def _outranked(weighed: Weighed, found: Explanation) -> str:
    if weighed.verdict is Verdict.BELOW_TRUST_FLOOR:
        return f"; {found.floor} at least is asked for"
    winner = found.winner
    if winner is None or weighed.verdict is Verdict.WINS:
        return "; it gives the level"
    said = winner.assertion
    reasons = {
        Verdict.OUTRANKED_BY_TRUST: f"; another is {winner.trust}",
        Verdict.OUTRANKED_BY_DATE: f"; another of the same trust was made later, on {said.asserted_on}",
        Verdict.OUTRANKED_BY_SEQUENCE: f"; another of the same day was recorded later, by change {said.recorded_seq}",
        Verdict.OUTRANKED_BY_ID: f"; another of the same change has the higher id {said.id!r}",
    }
    return reasons[weighed.verdict]
