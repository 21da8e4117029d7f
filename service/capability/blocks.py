"""The assertions of one skill, as stated and as they count after decisions."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.references import References
from service.capability.rows import EMPTY, Rows, joined, merged, winning_order
from service.capability.segments import VERIFIED, Statement, segments
from service.capability.states import DecisionState, SkillState

Decisions = Mapping[str, tuple[DecisionState, ...]]
"""Assertion id -> all states of all decisions on it."""


class Block(NamedTuple):
    """All assertions of one skill, in the order of winning."""

    stated: Rows
    """One row for each assertion state, with its own trust."""
    counting: Rows
    """The rows that count, with the trust that decisions left; the same object when they changed nothing."""
    decisions: Decisions


EMPTY_BLOCK = Block(EMPTY, EMPTY, {})


class Sources(NamedTuple):
    """What turns the numbers in rows back into ids."""

    people: Sequence[str]
    references: References


def block_of(stated: Rows, decisions: Decisions, skill: Sequence[SkillState], sources: Sources) -> Block:
    """The block of *stated* rows in the order of winning; ``skill`` is all states of the skill."""
    cut = np.zeros(len(stated.person), np.bool_)
    if decisions:
        cut |= _decided(stated, decisions, sources.references)
    if any(each.required_verifiers > 1 for each in skill):
        cut |= stated.trust == VERIFIED
    if not cut.any():
        return Block(stated, stated, decisions)
    counting = joined([stated.take(~cut), _cut(stated.take(cut), decisions, skill, sources)])
    return Block(stated, counting.take(winning_order(counting, None, sources.references)), decisions)


def changed(  # noqa: PLR0913 the block, what came, and what it takes to reckon
    block: Block,
    states: Rows,
    decisions: Sequence[DecisionState],
    skill: Sequence[SkillState],
    *,
    is_skill_changed: bool,
    sources: Sources,
) -> Block:
    """*block* with more or ended states and decisions; only the people concerned are reckoned anew.

    A row of *states* with the reference of a row in the block takes its place.
    """
    all_decisions = with_decisions(block.decisions, decisions)
    concerned = [states.person]
    if decisions:
        decided = [reference for each in decisions for reference in sources.references.find(each.assertion_id)]
        concerned.append(block.stated.person[np.isin(block.stated.reference, decided)])
    if is_skill_changed:
        is_open = _decided(block.stated, all_decisions, sources.references) | (block.stated.trust == VERIFIED)
        concerned.append(block.stated.person[is_open])
    people = np.unique(np.concatenate(concerned))
    former = np.isin(block.stated.person, people)
    replaced = np.isin(block.stated.reference, states.reference)
    touched = joined([block.stated.take(former & ~replaced), states])
    part = block_of(touched.take(winning_order(touched, None, sources.references)), all_decisions, skill, sources)
    stated = merged(block.stated.take(~former), part.stated)
    if block.counting is block.stated and part.counting is part.stated:
        return Block(stated, stated, all_decisions)
    kept = block.counting.take(~np.isin(block.counting.person, people))
    return Block(stated, merged(kept, part.counting), all_decisions)


def with_decisions(former: Decisions, decisions: Sequence[DecisionState]) -> Decisions:
    """*former* with more or ended decisions."""
    if not decisions:
        return former
    incoming: dict[str, dict[tuple[str, int], DecisionState]] = {}
    for each in decisions:
        incoming.setdefault(each.assertion_id, {})[each.id, each.recorded_seq] = each
    found = dict(former)
    for assertion_id, states in incoming.items():
        present = {(each.id, each.recorded_seq): each for each in former.get(assertion_id, ())}
        found[assertion_id] = tuple((present | states).values())
    return found


def _decided(stated: Rows, decisions: Decisions, references: References) -> NDArray[np.bool_]:
    """The rows of assertions that somebody decided on."""
    ids = map(references.id, stated.reference.tolist())
    return np.fromiter(map(decisions.__contains__, ids), np.bool_, len(stated.reference))


def _cut(stated: Rows, decisions: Decisions, skill: Sequence[SkillState], sources: Sources) -> Rows:
    """One row for each segment of each of the *stated* rows."""
    parents: list[int] = []
    found: list[tuple[int, ...]] = []
    columns = (stated.person, stated.trust, stated.first, stated.until, stated.recorded, stated.retracted)
    ids = map(sources.references.id, stated.reference.tolist())
    limits = zip(*(column.tolist() for column in columns), strict=True)
    for row, (assertion_id, (person, *rest)) in enumerate(zip(ids, limits, strict=True)):
        cuts = segments(Statement(sources.people[person], *rest), decisions.get(assertion_id, ()), skill)
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
