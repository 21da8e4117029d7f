"""Everything that names a skill which goes away, moved to its successor within one change.

Assertions become new facts with their origin, and take evidence and decisions along, so that levels and
trust stay as they were. Levels are converted when the scales differ in length.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from service.domain.assessment import AssessorScope, RequestStatus, ReviewCampaign, SkillInterest, VerificationRequest
from service.domain.identity import KEYS, derived, fitted
from service.domain.learning import CourseOutcome
from service.domain.proof import Assertion, Evidence, Verification, Waiver
from service.domain.roles import CoverageRule, Requirement
from service.domain.skills import Scale, Skill, SkillRelation, SuggestionDecision
from service.domain.values import Fact
from service.errors import Conflict, NotFound
from service.graph import records
from service.graph.database import Transaction
from service.graph.ledger import Touched
from service.graph.nouns import noun_of

T = TypeVar("T")
F = TypeVar("F", bound=Fact)

AT_ONCE = 5_000


@dataclass(frozen=True, kw_only=True)
class Moved:
    """How many facts of each noun were moved or dropped, by label, and how many of them changed their level."""

    counts: Mapping[str, int]
    converted: int


@dataclass(kw_only=True)
class _Move:
    """One move: from which skills to which, and what was done so far."""

    transaction: Transaction
    touched: Touched
    successors: Mapping[str, str]
    tops: Mapping[str, int]
    """Length of each skill's scale; none for a heading."""
    counts: Counter[str] = field(default_factory=Counter)
    converted: int = 0

    @property
    def sources(self) -> list[str]:
        """The skills that go away."""
        return sorted(self.successors)

    @property
    def targets(self) -> list[str]:
        """The skills that take over."""
        return sorted(set(self.successors.values()))

    def level(self, level: int, skill_id: str) -> int:
        """*level* of the skill that goes away, on the scale of its successor."""
        to = self.successors[skill_id]
        if to not in self.tops:
            raise Conflict(
                f"{to!r} is a heading of the classification, which nobody holds; name one of the skills below it"
            )
        new = converted(level, self.tops.get(skill_id, self.tops[to]), self.tops[to])
        self.converted += new != level
        return new

    async def naming(self, shape: type[F], link_field: str, ids: Sequence[str]) -> list[F]:
        """The current facts of *shape* whose *link_field* names one of *ids*, in the order of their ids."""
        found = await records.below(self.transaction, shape, link_field, ids)
        return sorted((fact for facts in found.values() for fact in facts), key=lambda fact: fact.id)

    async def put(self, facts: Sequence[Fact]) -> None:
        """Record or correct *facts*, all of one noun."""
        for part in _parts(facts):
            earlier = await records.states(self.transaction, noun_of(type(part[0])), [fact.id for fact in part])
            await records.put(self.transaction, self.touched, part, earlier)

    async def retire(self, shape: type[Fact], ids: Sequence[str]) -> None:
        """End the facts *ids* of *shape*, with their parts."""
        for part in _parts(ids):
            await records.retire_all(self.transaction, self.touched, shape, part)

    async def replace(self, shape: type[F], moves: Sequence[tuple[F, F | None]]) -> None:
        """Let the second of each pair hold instead of the first; None: nothing does.

        An id that followed from the fields follows them still, unless it is taken.
        """
        names = {old.id: derived(new) for old, new in moves if new is not None and _is_derived(old)}
        taken = set(await records.by_id(self.transaction, shape, names.values()))
        made: list[F] = []
        for old, new in moves:
            if new is None:
                continue
            name = names.get(old.id, old.id)
            made.append(replace(new, id=old.id if name in taken else name))
            taken.add(made[-1].id)
        kept = {fact.id for fact in made}
        await self.retire(shape, [old.id for old, _ in moves if old.id not in kept])
        await self.put(made)
        self.counts[noun_of(shape).label] += len(moves)


async def move_holdings(transaction: Transaction, touched: Touched, pairs: Mapping[str, str]) -> Moved:
    """Move everything that names a key of *pairs* to the skill that the key stands for, or to the end of its chain.

    The skills themselves stay as they are, but for others' ``replaced_by_id``. Raises NotFound for a skill
    that is not there, Conflict for a chain that loops and for levels that would be moved to a heading.
    """
    move = await _planned(transaction, touched, pairs)
    await _assertions(move)
    await _requirements(move)
    await _relations(move)
    await _repoint(move, CourseOutcome, lambda fact: _outcome(move, fact), lambda fact: (fact.course_id, fact.skill_id))
    await _repoint(move, SkillInterest, _renaming(move), lambda fact: (fact.person_id, fact.skill_id))
    await _repoint(move, CoverageRule, lambda fact: _levelled(move, fact), None)
    await _repoint(move, Waiver, _renaming(move), None)
    await _repoint(move, AssessorScope, _renaming(move), None)
    await _repoint(move, ReviewCampaign, _renaming(move), None)
    await _repoint(move, SuggestionDecision, _renaming(move), lambda fact: (fact.phrase, fact.language, fact.skill_id))
    replaced = await move.naming(Skill, "replaced_by_id", move.sources)
    await move.put([replace(fact, replaced_by_id=move.successors[str(fact.replaced_by_id)]) for fact in replaced])
    return Moved(counts=dict(+move.counts), converted=move.converted)


def converted(level: int, top: int, new_top: int) -> int:
    """*level* of a scale of *top* levels on one of *new_top*: to the nearest; 0 stays 0, and nothing else becomes 0."""
    if level == 0:
        return 0
    return min(new_top, max(1, (2 * level * new_top + top) // (2 * top)))


async def _planned(transaction: Transaction, touched: Touched, pairs: Mapping[str, str]) -> _Move:
    successors = {skill_id: _end(skill_id, pairs) for skill_id in pairs}
    skills = await records.by_id(transaction, Skill, {*successors, *successors.values()})
    for skill_id in (*successors, *successors.values()):
        if skill_id not in skills:
            raise NotFound(f"There is no Skill {skill_id!r}")
    scales = await records.by_id(transaction, Scale, {skill.scale_id for skill in skills.values() if skill.scale_id})
    tops = {
        skill.id: len(scales[skill.scale_id].labels)
        for skill in skills.values()
        if skill.scale_id in scales and not skill.is_group
    }
    return _Move(transaction=transaction, touched=touched, successors=successors, tops=tops)


def _end(skill_id: str, pairs: Mapping[str, str]) -> str:
    seen = [skill_id]
    while seen[-1] in pairs:
        after = pairs[seen[-1]]
        if after in seen:
            raise Conflict(f"the successors {' -> '.join([*seen, after])} lead back to where they began")
        seen.append(after)
    return seen[-1]


def _is_derived(fact: Fact) -> bool:
    return type(fact) in KEYS and fact.id == derived(fact)


def moved_id(old: Fact, skill_id: str) -> str:
    """The id under which *old* goes on with another skill.

    Sorts as the old facts did, by number and id: between equal days those decide which one wins, and all
    that is moved gets the same number.
    """
    return fitted(f"{old.recorded_seq:09d}!{old.id}!{skill_id}")


async def _assertions(move: _Move) -> None:
    """Record every assertion anew on the successor, with what supports and decides it, and end the old one."""
    old = {fact.id: fact for fact in await move.naming(Assertion, "skill_id", move.sources)}
    skills = {id_: move.successors[fact.skill_id] for id_, fact in old.items()}
    ids = {id_: moved_id(fact, skills[id_]) for id_, fact in old.items()}
    await move.put(
        [
            replace(
                fact, id=ids[id_], skill_id=skills[id_], level=move.level(fact.level, fact.skill_id), moved_from=id_
            )
            for id_, fact in old.items()
        ]
    )
    for part in _parts(list(old)):
        evidence = await move.naming(Evidence, "assertion_id", part)
        await move.put(_copies(evidence, ids, skills))
        decisions = await move.naming(Verification, "assertion_id", part)
        # a decision on a state that was corrected since does not count, and must not come back to life
        standing = [each for each in decisions if each.recorded_seq >= old[each.assertion_id].recorded_seq]
        await move.put(_copies(standing, ids, skills))
        asked = await move.naming(VerificationRequest, "assertion_id", part)
        waiting = [each for each in asked if each.status is RequestStatus.OPEN]
        await move.replace(
            VerificationRequest, [(each, replace(each, assertion_id=ids[each.assertion_id])) for each in waiting]
        )
        move.counts.update({"Assertion": len(part), "Evidence": len(evidence), "Verification": len(standing)})
    await move.retire(Assertion, list(old))


def _copies(facts: Iterable[F], ids: Mapping[str, str], skills: Mapping[str, str]) -> list[F]:
    made = []
    for fact in facts:
        assertion_id: str = fact.assertion_id  # type: ignore[attr-defined]  # Evidence and Verification have it
        made.append(replace(fact, id=moved_id(fact, skills[assertion_id]), assertion_id=ids[assertion_id]))  # type: ignore[call-arg]
    return made


def _parts(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE)]


async def _requirements(move: _Move) -> None:
    """Let each owner ask once for the successor, by the strictest of what it asked for."""
    old = await move.naming(Requirement, "skill_id", move.sources)
    there = await move.naming(Requirement, "skill_id", move.targets) if old else []
    asked = {(fact.owner_id, fact.skill_id): fact for fact in there}
    moves: list[tuple[Requirement, Requirement | None]] = []
    changed: dict[tuple[str, str], Requirement] = {}
    for fact in old:
        new = _levelled(move, fact)
        key = (new.owner_id, new.skill_id)
        moves.append((fact, None))
        if key in asked:
            changed[key] = _stricter(changed.get(key, asked[key]), new)
        else:
            new.id = derived(new)
            asked[key] = changed[key] = new
    await move.replace(Requirement, moves)
    await move.put(list(changed.values()))


def _stricter(one: Requirement, other: Requirement) -> Requirement:
    """*one*, asking for whatever is more in *one* or *other*."""
    trusts = [each.min_trust for each in (one, other) if each.min_trust is not None]
    return replace(
        one,
        level=max(one.level, other.level),
        weight=max(one.weight, other.weight),
        is_mandatory=one.is_mandatory or other.is_mandatory,
        min_trust=max(trusts, key=lambda trust: trust.rank, default=None),
    )


async def _relations(move: _Move) -> None:
    """Re-point relations; one to itself, or that is there already or the other way round, is dropped."""
    old = {
        fact.id: fact for end in ("from_id", "to_id") for fact in await move.naming(SkillRelation, end, move.sources)
    }
    there = [fact for end in ("from_id", "to_id") for fact in await move.naming(SkillRelation, end, move.targets)]
    present = {(fact.kind, fact.from_id, fact.to_id) for fact in there if fact.id not in old}
    moves: list[tuple[SkillRelation, SkillRelation | None]] = []
    for fact in sorted(old.values(), key=lambda fact: fact.id):
        from_id = move.successors.get(fact.from_id, fact.from_id)
        to_id = move.successors.get(fact.to_id, fact.to_id)
        if from_id == to_id or {(fact.kind, from_id, to_id), (fact.kind, to_id, from_id)} & present:
            moves.append((fact, None))
            continue
        present.add((fact.kind, from_id, to_id))
        moves.append((fact, replace(fact, from_id=from_id, to_id=to_id)))
    await move.replace(SkillRelation, moves)


async def _repoint(move: _Move, shape: type[F], change: Callable[[F], F], key: Callable[[F], Hashable] | None) -> None:
    """Let what names a skill that goes away name its successor; what has the *key* of another there is dropped."""
    old = await move.naming(shape, "skill_id", move.sources)
    present = {key(fact) for fact in await move.naming(shape, "skill_id", move.targets)} if key and old else set()
    moves: list[tuple[F, F | None]] = []
    for fact in old:
        new: F | None = change(fact)
        if key is not None and new is not None:
            if key(new) in present:
                new = None
            else:
                present.add(key(new))
        moves.append((fact, new))
    await move.replace(shape, moves)


def _renaming(move: _Move) -> Callable[[F], F]:
    return lambda fact: replace(fact, skill_id=move.successors[fact.skill_id])  # type: ignore[attr-defined, call-arg]


L = TypeVar("L", Requirement, CoverageRule)


def _levelled(move: _Move, fact: L) -> L:
    return replace(fact, skill_id=move.successors[fact.skill_id], level=move.level(fact.level, fact.skill_id))


def _outcome(move: _Move, fact: CourseOutcome) -> CourseOutcome:
    to_level = move.level(fact.to_level, fact.skill_id)
    from_level = min(move.level(fact.from_level, fact.skill_id), to_level - 1)
    return replace(fact, skill_id=move.successors[fact.skill_id], from_level=from_level, to_level=to_level)
