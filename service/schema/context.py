"""What one request carries: the doors to graph and index, and loaders that live as long as it does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from strawberry.dataloader import DataLoader
from strawberry.types import Info
from uuid6 import uuid7

from service.capability.index import Snapshot
from service.domain.values import Fact
from service.errors import Invalid
from service.following import Follower
from service.graph import records
from service.graph.database import Database, adapter
from service.graph.ledger import Act
from service.graph.nouns import BY_LABEL
from service.live import LiveIndex
from service.schema.nodes import shown
from service.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Pin:
    """What an operation that is asked as of earlier takes for now."""

    known_seq: int
    day: date


@dataclass(kw_only=True)
class Context:
    """What the resolvers of one operation work with."""

    database: Database
    live: LiveIndex
    follower: Follower
    settings: Settings
    pinned: Pin | None = None
    request_id: str = field(default_factory=lambda: str(uuid7()))
    shown_at: dict[str | int, int] = field(default_factory=dict)
    """The change at which the things below a root field are shown, by its response key; as now where it has none."""
    _loaders: dict[tuple[str, int | None], DataLoader[str, Any]] = field(default_factory=dict)
    _lists: dict[tuple[str, str], DataLoader[str, list[Fact]]] = field(default_factory=dict)
    _snapshot: Snapshot | None = None
    _has_asked: bool = False

    async def snapshot(self) -> Snapshot:
        """The snapshot that all questions of this request are answered from."""
        if self._snapshot is None:
            self._snapshot = await self.live.snapshot()
        return self._snapshot

    def act(self, action: str, idempotency_key: str | None, fingerprint: str | None = None) -> Act:
        """What a mutation of this request says about itself in the ledger."""
        return Act(
            action=action,
            actor=self.settings.actor,
            request_id=self.request_id,
            idempotency_key=idempotency_key,
            fingerprint=fingerprint,
        )

    def ask_again(self) -> None:
        """Raise Invalid when this operation asks a recorded question a second time: each costs as much as it does."""
        if self._has_asked:
            raise Invalid("one operation asks one recorded question; send another operation for the next")
        self._has_asked = True

    def pinned_to(self, pin: Pin) -> "Context":
        """The same doors for an operation that is asked as of earlier."""
        return replace(self, pinned=pin, shown_at={}, _loaders={}, _lists={})

    async def load(self, label: str, id_: str, known: int | None = None) -> Any:  # noqa: ANN401  # the type of its noun
        """The *label* with *id_* in its last state, retired ones too; null when it was never recorded.

        With *known*, or in a pinned operation: its last state up to that change.
        """
        if known is None and self.pinned is not None:
            known = self.pinned.known_seq
        key = (label, known)
        if key not in self._loaders:
            self._loaders[key] = DataLoader(load_fn=partial(self._states, label, known))
        return await self._loaders[key].load(id_)

    async def load_here(self, info: Info["Context", None], label: str, id_: str) -> Any:  # noqa: ANN401  # as load
        """As ``load``, as was known at the change that the answer around *info* is of."""
        return await self.load(label, id_, self.shown_at.get(root_of(info)))

    async def load_all_here(self, info: Info["Context", None], label: str, ids: Sequence[str]) -> list[Any]:
        """As ``load_here``, for each of *ids*."""
        return list(await asyncio.gather(*(self.load_here(info, label, id_) for id_ in ids)))

    async def load_any_here(self, info: Info["Context", None], labels: Sequence[str], id_: str) -> Any:  # noqa: ANN401
        """As ``load_here``, the thing with *id_* that is one of *labels*."""
        found = await asyncio.gather(*(self.load_here(info, label, id_) for label in labels))
        return next((each for each in found if each is not None), None)

    def refuse_list(self, info: Info["Context", None]) -> None:
        """Raise Invalid where a list, which shows what is current, would stand below what was known earlier."""
        if self.pinned is not None or root_of(info) in self.shown_at:
            raise Invalid(
                f"{info.field_name} lists what is current, and cannot stand below what was known at an earlier change; "
                "leave it out, or ask for it by itself"
            )

    async def load_below(self, label: str, field_name: str, id_: str) -> list[Fact]:
        """The current *label*s whose *field_name* names *id_*, in the order of their ids."""
        key = (label, field_name)
        if key not in self._lists:
            self._lists[key] = DataLoader(load_fn=partial(self._below, label, field_name))
        return await self._lists[key].load(id_)

    def forget(self) -> None:
        """Drop what was loaded: a mutation has changed it."""
        self._loaders.clear()
        self._lists.clear()
        self._snapshot = None

    async def _states(self, label: str, known: int | None, ids: list[str]) -> list[Any]:
        noun = BY_LABEL[label]
        if known is None:
            rows = await records.states(self.database, noun, ids)
        else:
            rows = await records.states_at(self.database, noun, ids, known)
        validate = adapter(noun.fact).validate_python
        return [shown(validate(rows[id_])) if id_ in rows else None for id_ in ids]

    async def _below(self, label: str, field_name: str, ids: list[str]) -> list[list[Fact]]:
        found = await records.below(self.database, BY_LABEL[label].fact, field_name, ids)
        return [found[id_] for id_ in ids]


def root_of(info: Info[Context, None]) -> str | int:
    """The response key of the root field that *info* stands below."""
    path = info.path
    while path.prev is not None:
        path = path.prev
    return path.key
