"""All assertions, in one block for each skill, and how more states and decisions change them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.blocks import EMPTY_BLOCK, Block, News, Sources, block_of, changed, with_decisions
from service.capability.columns import ALWAYS, CURRENT, NEVER
from service.capability.reading import Columns, Facts
from service.capability.references import References
from service.capability.registers import Names
from service.capability.rows import EMPTY, Rows, joined, winning_order, without_repeats
from service.capability.states import DecisionState
from service.capability.tables import Tables
from service.domain.proof import Assertion, Verification


class Assertions(NamedTuple):
    """Blocks by skill id, and the ids that their references stand for."""

    blocks: Mapping[str, Block]
    references: References


class Statements(NamedTuple):
    """Assertion states as they came; ``reference`` is not yet given."""

    ids: Sequence[str]
    skill: NDArray[np.int32]
    """Row of the skill among ``names.skills``."""
    rows: Rows


NO_STATEMENTS = Statements((), np.zeros(0, np.int32), EMPTY)


def read_statements(facts: Facts, names: Names) -> Statements:
    """The states of Assertion in *facts*."""
    if not facts.get("Assertion"):
        return NO_STATEMENTS
    columns = Columns(Assertion, facts["Assertion"])
    asserted = columns.days("asserted_on", 0)
    used = columns.days("last_used_on", NEVER)
    until = columns.days("valid_until", NEVER)
    recorded = columns.integers("recorded_seq")
    rows = Rows(
        person=names.people.codes(columns.values("person_id")),
        level=columns.integers("level").astype(np.int8),
        trust=columns.ranks("trust"),
        first=columns.days("valid_from", ALWAYS),
        until=until,
        recorded=recorded,
        retracted=columns.integers("retracted_seq", CURRENT),
        asserted=asserted,
        used=np.where(used == NEVER, asserted, used),
        own=recorded,
        lapses=until != NEVER,
        reference=np.zeros(columns.size, np.int32),
    )
    return Statements(columns.values("id"), names.skills.codes(columns.values("skill_id")), rows)


def read_decisions(facts: Facts) -> list[tuple[str, DecisionState]]:
    """The states of Verification in *facts*, each with the id of its assertion."""
    columns = Columns(Verification, facts.get("Verification", {}))
    states = columns.states(DecisionState, DecisionState._fields)
    return list(zip(columns.values("assertion_id"), states, strict=True))


def build_assertions(
    parts: Sequence[Statements],
    references: References,
    decisions: Sequence[tuple[str, DecisionState]],
    names: Names,
    tables: Tables,
) -> Assertions:
    """The assertions of all *parts*, whose rows have references."""
    rows = joined([EMPTY, *(part.rows for part in parts)])
    skill = np.concatenate([NO_STATEMENTS.skill, *(part.skill for part in parts)])
    order = winning_order(rows, skill, references)
    order = order[without_repeats(rows.take(order), skill[order], references)]
    rows, skill = rows.take(order), skill[order]
    decided = _by_skill(decisions, references, names)
    sources = Sources(names.people.ids, references, tables.evidence_by_assertion)
    blocks: dict[str, Block] = {}
    for first, until in pairwise([0, *(np.flatnonzero(np.diff(skill)) + 1).tolist(), len(skill)]):
        if first < until:
            skill_id = names.skills.ids[int(skill[first])]
            stated = rows.take(slice(first, until))
            skill_decisions = with_decisions({}, decided.get(skill_id, ()))
            blocks[skill_id] = block_of(stated, skill_decisions, tables.skills.states(skill_id), sources)
    return Assertions(blocks, references)


def apply_assertions(assertions: Assertions, facts: Facts, names: Names, tables: Tables) -> Assertions:
    """*assertions* with the states in *facts* too."""
    blocks, references = dict(assertions.blocks), assertions.references
    incoming = _referenced(read_statements(facts, names), assertions, names)
    decisions = _by_skill(read_decisions(facts), references, names)
    supported = _supported(facts, references, names)
    changed_skills = {
        skill_id
        for skill_id in facts.get("Skill", {}).get("id", ())
        if skill_id in blocks and any(each.is_demanding for each in tables.skills.states(skill_id))
    }
    for skill_id in {*incoming, *decisions, *supported, *changed_skills}:
        blocks[skill_id] = changed(
            blocks.get(skill_id, EMPTY_BLOCK),
            News(
                states=incoming.get(skill_id, EMPTY),
                decisions=decisions.get(skill_id, ()),
                supported=supported.get(skill_id, ()),
                is_skill_changed=skill_id in changed_skills,
            ),
            tables.skills.states(skill_id),
            Sources(names.people.ids, references, tables.evidence_by_assertion),
        )
    return Assertions(blocks, references)


def _supported(facts: Facts, references: References, names: Names) -> dict[str, list[int]]:
    """References of the assertions whose evidence is among *facts*, by the id of their skill."""
    found: dict[str, list[int]] = defaultdict(list)
    for its_references in references.find(sorted(set(facts.get("Evidence", {}).get("assertion_id", ())))):
        for reference in its_references:
            found[names.skills.ids[references.skill(reference)]].append(reference)
    return found


def _by_skill(
    decisions: Sequence[tuple[str, DecisionState]], references: References, names: Names
) -> dict[str, list[tuple[int, DecisionState]]]:
    """*decisions* with each reference that their assertion ever had, by the id of its skill."""
    found: dict[str, list[tuple[int, DecisionState]]] = defaultdict(list)
    every = references.find([assertion_id for assertion_id, _ in decisions])
    for (_, decision), its_references in zip(decisions, every, strict=True):
        for reference in its_references:
            found[names.skills.ids[references.skill(reference)]].append((reference, decision))
    return found


def _referenced(statements: Statements, assertions: Assertions, names: Names) -> dict[str, Rows]:
    """*statements* by skill id, with the references they had or new ones; of a state given twice only the last."""
    rows, references = statements.rows, assertions.references
    places: dict[int, int] = {}
    given: dict[tuple[str, int], int] = {}
    for place, (assertion_id, known) in enumerate(zip(statements.ids, references.find(statements.ids), strict=True)):
        state = assertion_id, int(rows.own[place])
        skill = int(statements.skill[place])
        if state not in given:
            block = assertions.blocks.get(names.skills.ids[skill], EMPTY_BLOCK)
            former = _present(block, known, int(rows.person[place]), state[1])
            given[state] = references.append(assertion_id, skill) if former is None else former
        rows.reference[place] = given[state]
        places[given[state]] = place
    chosen = np.array(list(places.values()), np.intp)
    skills = statements.skill[chosen]
    return {names.skills.ids[skill]: rows.take(chosen[skills == skill]) for skill in np.unique(skills).tolist()}


def _present(block: Block, references: Sequence[int], person: int, own: int) -> int | None:
    """The one of *references* by which *block* has this person's state of number *own*."""
    if not references:
        return None
    place = block.stated.person_slice(person)
    rows = zip(block.stated.reference[place].tolist(), block.stated.own[place].tolist(), strict=True)
    return next((reference for reference, number in rows if number == own and reference in references), None)
