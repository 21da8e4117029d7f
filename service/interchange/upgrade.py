"""An upgrade as one set of changes under one request id: the new version recorded, holdings moved, the rest ended."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from service.acts.checks import check
from service.acts.lookup import Lookup
from service.acts.moving import Moved, move_holdings
from service.acts.undoing import Undoing, undo_request
from service.domain.skills import Skill
from service.domain.values import Fact
from service.errors import NotFound
from service.graph import ledger, records, undoing
from service.graph.database import Database, Transaction
from service.graph.ledger import Act, Touched
from service.graph.nouns import BY_LABEL, noun_of
from service.interchange import load
from service.interchange.house import UNDO, UPGRADE, keeping
from service.interchange.load import Progress
from service.interchange.source import Source
from service.interchange.upgrade_plan import Plan

T = TypeVar("T")
Work = Callable[[Transaction, Touched], Awaitable[T]]

AT_ONCE = 5_000
MOVED_AT_ONCE = 1_000
"""Assertions that one change moves, about; each takes its evidence and decisions along."""


@dataclass(frozen=True, kw_only=True)
class Upgraded:
    """What an upgrade did."""

    id: str
    """The request id of its changes, by which it can be undone."""
    summary: load.Summary
    moved: dict[str, int]
    """How many facts moved to a successor, by the plural of their noun."""
    converted: int
    """How many of those have another level, on a scale of another length."""


async def upgrade(
    database: Database, source: Source, plan: Plan, act: Act, progress: Progress = lambda *_: None
) -> Upgraded:
    """Do what *plan* says, which was made from *source*.

    The skills that go do so when their holdings move. Interrupted half way, plan and upgrade again: what
    was done is not in the plan any more.
    """
    summary = await load.load(database, keeping(source, plan.house, plan.gone), act, progress=progress)
    for shape, ids in plan.dropped.items():
        for part in _parts(ids):
            await ledger.write(database, act, _ending(shape, part))
            progress(noun_of(shape).plural, len(part))
    if plan.retired_roles:
        await ledger.write(database, act, _putting(plan.retired_roles))
    moved: dict[str, int] = {}
    levels = 0
    for skills in _portions(plan):
        done = (await ledger.write(database, act, _moving(skills))).result
        for label, count in done.counts.items():
            plural = BY_LABEL[label].plural
            moved[plural] = moved.get(plural, 0) + count
        levels += done.converted
        progress("skills", len(skills))
    return Upgraded(id=act.request_id, summary=summary, moved=moved, converted=levels)


async def undo(database: Database, upgrade_id: str, actor: str, progress: Progress = lambda *_: None) -> Undoing:
    """Put back everything that the upgrade *upgrade_id* changed.

    Raises NotFound for no upgrade, Conflict as ``undoing.undo``. Interrupted, ask again.
    """
    if upgrade_id not in {each["request_id"] for each in await upgrades(database)}:
        raise NotFound(f"There is no upgrade {upgrade_id!r}; registry upgrade list shows them", path=("id",))
    return await undo_request(database, _undo_act(upgrade_id, actor), upgrade_id, progress)


async def upgrades(database: Database) -> list[dict[str, Any]]:
    """Every upgrade ever begun: its id, the ends of its numbers, instant, actor, facts touched; its last undo."""
    undone = {each["request_id"]: each["last_seq"] for each in await undoing.with_action(database, UNDO)}
    return [
        {**each, "undone_seq": undone.get(_undo_act(each["request_id"], "").request_id)}
        for each in await undoing.with_action(database, UPGRADE)
    ]


def _undo_act(upgrade_id: str, actor: str) -> Act:
    """The act of an undo; its request id tells what was undone, so that no fact has to."""
    return Act(action=UNDO, actor=actor, request_id=f"undo-{upgrade_id}")


def _portions(plan: Plan) -> Iterator[list[Skill]]:
    """The skills that go, those with one successor together, a few holdings at once."""
    portion: list[Skill] = []
    size = 0
    for skill in sorted(plan.gone.values(), key=lambda each: (each.replaced_by_id or "", each.id)):
        is_same = bool(portion) and skill.replaced_by_id == portion[-1].replaced_by_id
        if size >= MOVED_AT_ONCE and not (is_same and skill.replaced_by_id):
            yield portion
            portion, size = [], 0
        portion.append(skill)
        size += 1 + plan.effect.assertions.get(skill.id, 0)
    if portion:
        yield portion


def _moving(skills: Sequence[Skill]) -> Work[Moved]:
    """Deprecate *skills* and move what names those that have a successor, as one change."""

    async def work(transaction: Transaction, touched: Touched) -> Moved:
        await _put(transaction, touched, skills)
        return await move_holdings(
            transaction, touched, {each.id: each.replaced_by_id for each in skills if each.replaced_by_id is not None}
        )

    return work


def _putting(facts: Sequence[Fact]) -> Work[None]:
    """Record or correct *facts*, all of one noun."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        await _put(transaction, touched, facts)

    return work


async def _put(transaction: Transaction, touched: Touched, facts: Sequence[Fact]) -> None:
    """As ``_putting``. Raises the first reason why one of them cannot be recorded."""
    lookup = Lookup(transaction)
    earlier = await lookup.states(noun_of(type(facts[0])), [fact.id for fact in facts])
    for refusal in await check(lookup, facts):
        raise refusal.error()
    await records.put(transaction, touched, facts, earlier)


def _ending(shape: type[Fact], ids: Sequence[str]) -> Work[list[str]]:
    """Retire the *shape* facts *ids*, with their parts."""
    return lambda transaction, touched: records.retire_all(transaction, touched, shape, ids)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
