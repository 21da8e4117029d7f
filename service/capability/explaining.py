"""Why a level is what it is: everything ever said about one person in one skill, and how each counted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, TypeVar

from service.capability.columns import day_number
from service.capability.index import Snapshot
from service.capability.segments import Demand
from service.capability.weighing import COUNTING, Asked, Verdict, Weighed
from service.domain.policy import LEVEL_RULE
from service.domain.proof import Assertion, Evidence, Trust, Verification
from service.domain.values import Fact

F = TypeVar("F", bound=Fact)
P = TypeVar("P", Evidence, Verification)


class About(NamedTuple):
    """Ids of all that was ever said about one person in one skill, of its evidence, and of the decisions on it."""

    assertions: list[str]
    evidence: list[str]
    decisions: list[str]


class Said(NamedTuple):
    """Every state of the facts that ``About`` names."""

    assertions: Sequence[Assertion]
    evidence: Sequence[Evidence]
    decisions: Sequence[Verification]


class SourceLevel(NamedTuple):
    """What one source says last."""

    source: str | None
    level: int
    trust: Trust
    asserted_on: date
    assertion_id: str


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a person has a level in a skill, or none."""

    person_id: str
    skill_id: str
    skill_name: str
    day: date
    known: int
    floor: Trust
    demand: Demand
    assertions: tuple[Weighed, ...]
    """The winner first, then by verdict, the latest first."""
    sources: tuple[SourceLevel, ...]
    level_rule: str = LEVEL_RULE

    @property
    def winner(self) -> Weighed | None:
        """The assertion that gives the level; None: no level."""
        found = self.assertions[0] if self.assertions else None
        return found if found and found.verdict is Verdict.WINS else None

    @property
    def disagrees(self) -> bool:
        """Whether the sources name different levels."""
        return disagree(self.sources)


def about(snapshot: Snapshot, person_id: str, skill_id: str, known: int) -> About:
    """What there is to read; NotFound for a person or skill that is not known."""
    row = snapshot.person_row(person_id, known)
    block = snapshot.block(snapshot.skill(skill_id, known).id)
    references = block.stated.reference[block.stated.person_slice(row)].tolist()
    assertions = sorted({snapshot.assertion_id(each) for each in references})
    evidence = {each.id for id_ in assertions for each in snapshot.tables.evidence_by_assertion.states(id_)}
    decisions = {each.id for reference in references for each in block.decisions.get(reference, ())}
    return About(assertions, sorted(evidence), sorted(decisions))


def explain(
    snapshot: Snapshot, person_id: str, skill_id: str, said: Said, *, day: date, known: int, floor: Trust
) -> Explanation:
    """Why the person has that level on a day, from what was known at *known*.

    *said* may hold more than concerns the two, and later states than are known.
    """
    demand = Demand.known(snapshot.tables.skills.states(skill_id), known)
    asked = Asked(person_id, demand, day_number(day), known)
    evidence, decisions = _by_assertion(said.evidence, known), _by_assertion(said.decisions, known)
    weighed = [
        asked.weigh(_as_known(each, known), decisions.get(each.id, []), evidence.get(each.id, []))
        for each in said.assertions
        if each.person_id == person_id and each.skill_id == skill_id and each.recorded_seq <= known
    ]
    ranked = sorted(_ranked(weighed, floor), key=order)
    return Explanation(
        person_id=person_id,
        skill_id=skill_id,
        skill_name=snapshot.skill_name(skill_id, known),
        day=day,
        known=known,
        floor=floor,
        demand=demand,
        assertions=tuple(ranked),
        sources=side_by_side(_source_level(each) for each in _strongest_first(ranked)),
    )


def source_of(assertion: Assertion) -> str | None:
    """Where a statement comes from: the system or survey, or who made it."""
    return assertion.source or assertion.asserted_by


def side_by_side(levels: Iterable[SourceLevel]) -> tuple[SourceLevel, ...]:
    """The latest of each source, by its name; of one day the one that comes first in *levels*."""
    latest: dict[str | None, SourceLevel] = {}
    for each in levels:
        if each.source not in latest or each.asserted_on > latest[each.source].asserted_on:
            latest[each.source] = each
    return tuple(sorted(latest.values(), key=lambda each: (each.source is None, each.source or "")))


def disagree(levels: Iterable[SourceLevel]) -> bool:
    """Whether sources name different levels."""
    return len({each.level for each in levels}) > 1


def order(weighed: Weighed) -> str:
    """Sorts assertions: by verdict, then the latest first, then by id."""
    said = weighed.assertion
    days = date.max.toordinal() - said.asserted_on.toordinal()
    return f"{list(Verdict).index(weighed.verdict):02} {days:07} {2**62 - said.recorded_seq} {said.id}"


def _strongest_first(weighed: Iterable[Weighed]) -> list[Weighed]:
    """Those that count, in the order of winning."""
    return sorted((each for each in weighed if each.verdict in COUNTING), key=_strength, reverse=True)


def _ranked(weighed: Sequence[Weighed], floor: Trust) -> list[Weighed]:
    """*weighed* with the verdicts that depend on the floor and on each other."""
    keys = {id(each): _strength(each) for each in weighed if each.verdict is Verdict.WINS and each.trust is not None}
    above = [key for key in keys.values() if key[0] >= floor.rank]
    best = max(above, default=(0, date.min, 0, ""))
    return [_placed(each, keys.get(id(each)), best, floor) for each in weighed]


_Strength = tuple[int, date, int, str]


def _strength(weighed: Weighed) -> _Strength:
    said = weighed.assertion
    return (weighed.trust.rank if weighed.trust else 0, said.asserted_on, said.recorded_seq, said.id)


def _placed(weighed: Weighed, mine: _Strength | None, best: _Strength, floor: Trust) -> Weighed:
    if mine is None or mine == best:
        return weighed
    verdict = Verdict.BELOW_TRUST_FLOOR
    if mine[0] >= floor.rank:
        differs = next(at for at, (one, other) in enumerate(zip(mine, best, strict=True)) if one != other)
        verdict = (
            Verdict.OUTRANKED_BY_TRUST,
            Verdict.OUTRANKED_BY_DATE,
            Verdict.OUTRANKED_BY_SEQUENCE,
            Verdict.OUTRANKED_BY_ID,
        )[differs]
    return replace(weighed, verdict=verdict)


def _source_level(weighed: Weighed) -> SourceLevel:
    said = weighed.assertion
    trust = weighed.trust or said.trust
    return SourceLevel(source_of(said), said.level, trust, said.asserted_on, said.id)


def _by_assertion(facts: Sequence[P], known: int) -> dict[str, list[P]]:
    """Every state recorded up to *known*, by the assertion it is about."""
    found: dict[str, list[P]] = defaultdict(list)
    for each in facts:
        if each.recorded_seq <= known:
            found[each.assertion_id].append(_as_known(each, known))
    return found


def _as_known(fact: F, known: int) -> F:
    """The state as it looked at *known*: what ended it later was not known."""
    if fact.retracted_seq is None or fact.retracted_seq <= known:
        return fact
    return replace(fact, retracted_seq=None)
