"""What an assertion still lacks before it counts as verified, and until when a suspension keeps it from counting."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from service.capability.blocks import Block
from service.capability.index import Snapshot
from service.capability.segments import VERIFIED, Demand, in_order, own_trust, verifiers_of
from service.capability.states import DecisionState, EvidenceState
from service.domain.proof import Decision


class Lacking(StrEnum):
    """What a skill demands before an assertion counts as verified, beside decisions."""

    CREDENTIAL = "CREDENTIAL"
    RECENT_EVIDENCE = "RECENT_EVIDENCE"


class Stated(NamedTuple):
    """One assertion state before any decision."""

    skill_id: str
    reference: int
    person: int
    own: int
    """Sequence number of the state."""
    trust: int


class Proof(NamedTuple):
    """How far an assertion is verified."""

    verifiers: int
    """Those whose word stands, an exam or credential of its own among them."""
    still_needed: int
    lacking: tuple[Lacking, ...]


def proof(snapshot: Snapshot, stated: Stated, day: int, known: int) -> Proof:
    """How far an assertion is verified on a day, against what its skill demands."""
    demand = Demand.known(snapshot.tables.skills.states(stated.skill_id), known)
    evidence = snapshot.tables.evidence_by_assertion.known(snapshot.assertion_id(stated.reference), known)
    decisions = in_force(snapshot.block(stated.skill_id), stated, day, known)
    is_proven = own_trust(stated.trust, decisions, evidence, day) == VERIFIED
    verifiers = len(verifiers_of(snapshot.people.ids[stated.person], decisions)) + is_proven
    return Proof(verifiers, max(0, demand.verifiers - verifiers), tuple(_lacking(demand, evidence, day)))


def in_force(block: Block, stated: Stated, day: int, known: int) -> list[DecisionState]:
    """The decisions that bear on an assertion on a day, in order."""
    return in_order(
        each
        for each in block.decisions.get(stated.reference, ())
        if stated.own <= each.recorded_seq <= known < each.retracted_seq
        and each.decided_on <= day < each.suspended_until
    )


def stated_by(snapshot: Snapshot, skill_id: str, reference: int, own: int, person: int) -> Stated:
    """The state of an assertion of a person that was recorded with a number."""
    rows = snapshot.block(skill_id).stated
    rows = rows.take(rows.person_slice(person))
    (at,) = np.flatnonzero((rows.reference == reference) & (rows.own == own))[:1].tolist()
    return Stated(skill_id, reference, person, own, int(rows.trust[at]))


def suspensions(snapshot: Snapshot, skill_id: str, person: int, least: int, day: int, known: int) -> list[int]:
    """The days on which suspensions end that keep assertions of *least* or more from counting on a day."""
    block = snapshot.block(skill_id)
    if not block.decisions:
        return []
    rows = block.stated.take(block.stated.person_slice(person))
    barred = (rows.level >= least) & (rows.recorded <= known) & (rows.retracted > known)
    columns = (rows.reference[barred].tolist(), rows.own[barred].tolist(), rows.trust[barred].tolist())
    found = [Stated(skill_id, reference, person, own, trust) for reference, own, trust in zip(*columns, strict=True)]
    ends = (
        max((each.suspended_until for each in in_force(block, stated, day, known) if _suspends(each)), default=None)
        for stated in found
    )
    return sorted(each for each in ends if each is not None)


def _suspends(decision: DecisionState) -> bool:
    return decision.decision == Decision.SUSPENDED


def _lacking(demand: Demand, evidence: Sequence[EvidenceState], day: int) -> Iterator[Lacking]:
    """What the skill demands on the day and the evidence does not give."""
    if not demand._replace(age=None).is_supported(evidence, day):
        yield Lacking.CREDENTIAL
    if not demand._replace(credential=False).is_supported(evidence, day):
        yield Lacking.RECENT_EVIDENCE
