"""The assertions of one skill, as stated and as they count after decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import CURRENT
from service.capability.references import References
from service.capability.rows import EMPTY, Rows, joined, merged, winning_order
from service.capability.segments import VERIFIED, Statement, segments
from service.capability.single_decisions import after_single_decisions
from service.capability.states import DecisionState, EvidenceState, SkillState
from service.capability.tables import Table
from service.domain.proof import PROOFS

Decisions = Mapping[int, tuple[DecisionState, ...]]
"""Reference of an assertion state -> all states of all decisions on the assertion."""


class Standing(NamedTuple):
    """Who has a level in a skill on a day: one row for each person, ascending."""

    person: NDArray[np.int32]
    level: NDArray[np.int8]
    trust: NDArray[np.int8]
    used: NDArray[np.int32]


@dataclass(frozen=True)
class Block:
    """All assertions of one skill, in the order of winning."""

    stated: Rows
    """One row for each assertion state, with its own trust."""
    counting: Rows
    """The rows that count, with the trust that decisions left; the same object when they changed nothing."""
    decisions: Decisions
    standings: dict[int, tuple[tuple[int, int], Standing]] = field(default_factory=dict, repr=False, compare=False)
    """By trust floor, the day and number last asked about, and what was found: most questions are about today."""

    @cached_property
    def latest(self) -> int:
        """The sequence number from which on everything stays known as it is."""
        recorded, retracted = self.counting.recorded, self.counting.retracted
        return int(max(recorded.max(initial=0), retracted.max(initial=0, where=retracted != CURRENT)))


EMPTY_BLOCK = Block(EMPTY, EMPTY, {})


class Sources(NamedTuple):
    """What turns the numbers in rows back into ids."""

    people: Sequence[str]
    references: References
    evidence: Table[EvidenceState]
    """By assertion id; looked at only for skills that demand some, and for what is VERIFIED by itself."""

    def states_of(self, reference: int) -> Sequence[EvidenceState]:
        """Every state of the evidence of an assertion."""
        return self.evidence.states(self.references.id(reference))


class News(NamedTuple):
    """What has changed about one skill."""

    states: Rows
    """A row with the reference of a row in the block takes its place."""
    decisions: Sequence[tuple[int, DecisionState]]
    supported: Sequence[int]
    """References of the assertions whose evidence changed."""
    is_skill_changed: bool


def block_of(stated: Rows, decisions: Decisions, skill: Sequence[SkillState], sources: Sources) -> Block:
    """The block of *stated* rows in the order of winning; ``skill`` is all states of the skill."""
    takes_several = any(each.is_demanding for each in skill)
    is_limited = _is_limited(stated, sources)
    cut = is_limited | (_is_open(stated, decisions) if takes_several else _is_decided(stated, decisions))
    if not cut.any():
        return Block(stated, stated, decisions)
    rows = stated.take(cut)
    found = [decisions.get(reference, ()) for reference in rows.reference.tolist()]
    is_single = np.fromiter((not takes_several and len(each) == 1 for each in found), np.bool_, len(found))
    is_single &= ~is_limited[cut]
    single = after_single_decisions(
        rows.take(is_single), [each[0] for each in compress(found, is_single)], sources.people
    )
    several = _cut(rows.take(~is_single), list(compress(found, ~is_single)), skill, sources)
    counting = joined([stated.take(~cut), single, several])
    return Block(stated, counting.take(winning_order(counting, None, sources.references)), decisions)


def changed(block: Block, news: News, skill: Sequence[SkillState], sources: Sources) -> Block:
    """*block* with *news*; only the people concerned are reckoned anew."""
    states = news.states
    all_decisions = with_decisions(block.decisions, news.decisions) if news.decisions else block.decisions
    concerned = [states.person]
    if news.decisions or news.supported:
        touched = [*(reference for reference, _ in news.decisions), *news.supported]
        concerned.append(block.stated.person[np.isin(block.stated.reference, touched)])
    if news.is_skill_changed:
        concerned.append(block.stated.person[_is_open(block.stated, all_decisions)])
    people = np.unique(np.concatenate(concerned))
    former = np.isin(block.stated.person, people)
    replaced = np.isin(block.stated.reference, states.reference)
    rows = joined([block.stated.take(former & ~replaced), states])
    part = block_of(rows.take(winning_order(rows, None, sources.references)), all_decisions, skill, sources)
    stated = merged(block.stated.take(~former), part.stated)
    if block.counting is block.stated and part.counting is part.stated:
        return Block(stated, stated, all_decisions)
    kept = block.counting.take(~np.isin(block.counting.person, people))
    return Block(stated, merged(kept, part.counting), all_decisions)


def with_decisions(former: Decisions, decisions: Iterable[tuple[int, DecisionState]]) -> Decisions:
    """*former* with more decisions; one of known id and recorded_seq takes the place of the former."""
    found = dict(former)
    for reference, decision in decisions:
        others = found.get(reference, ())
        if others:
            same = decision.id, decision.recorded_seq
            others = tuple(each for each in others if (each.id, each.recorded_seq) != same)
        found[reference] = (*others, decision)
    return found


def _is_decided(stated: Rows, decisions: Decisions) -> NDArray[np.bool_]:
    """The rows of assertions that somebody decided on."""
    return np.fromiter(map(decisions.__contains__, stated.reference.tolist()), np.bool_, len(stated.reference))


def _is_limited(stated: Rows, sources: Sources) -> NDArray[np.bool_]:
    """The rows that are VERIFIED by themselves, but not by an exam or credential for all of their days and numbers."""
    is_limited: NDArray[np.bool_] = stated.trust == VERIFIED
    rows = np.flatnonzero(is_limited)
    columns = (stated.reference, stated.first, stated.until, stated.recorded, stated.retracted)
    limits = zip(rows.tolist(), *(column[rows].tolist() for column in columns), strict=True)
    for row, reference, first, until, recorded, retracted in limits:
        is_limited[row] = not any(
            each.kind in PROOFS
            and not each.is_negative
            and each.issued_on <= first
            and each.expires_on >= until
            and each.recorded_seq <= recorded
            and each.retracted_seq >= retracted
            for each in sources.states_of(reference)
        )
    return is_limited


def _is_open(stated: Rows, decisions: Decisions) -> NDArray[np.bool_]:
    """The rows whose trust depends on how many verifiers the skill needs."""
    is_open: NDArray[np.bool_] = _is_decided(stated, decisions) | (stated.trust == VERIFIED)
    return is_open


def _cut(
    stated: Rows, decisions: Sequence[Sequence[DecisionState]], skill: Sequence[SkillState], sources: Sources
) -> Rows:
    """One row for each segment of each of the *stated* rows, with the decisions on each."""
    parents: list[int] = []
    found: list[tuple[int, ...]] = []
    is_demanding = any(each.requires_credential or each.max_evidence_age_days is not None for each in skill)
    columns = (stated.person, stated.trust, stated.first, stated.until, stated.recorded, stated.retracted)
    limits = zip(*(column.tolist() for column in columns), strict=True)
    for row, ((person, *rest), its_decisions) in enumerate(zip(limits, decisions, strict=True)):
        statement = Statement(sources.people[person], *rest)  # pyright: ignore[reportArgumentType]
        takes_evidence = is_demanding or statement.trust == VERIFIED
        evidence = sources.states_of(int(stated.reference[row])) if takes_evidence else ()
        cuts = segments(statement, its_decisions, skill, evidence)
        parents += [row] * len(cuts)
        found += cuts
    rows = stated.take(np.array(parents, np.intp))
    trust, first, until, recorded, retracted = np.array(found, np.int64).reshape(-1, 5).T
    return rows._replace(
        trust=trust.astype(np.int8),
        first=first.astype(np.int32),
        until=until.astype(np.int32),
        recorded=np.ascontiguousarray(recorded),
        retracted=np.ascontiguousarray(retracted),
        lapses=rows.lapses & (until == rows.until),
    )
