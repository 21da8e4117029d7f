"""The names of skills and roles kept level with the graph: what search and suggestions start from."""

import asyncio
from collections.abc import Callable

from service.capability import searching
from service.capability.searching import Hit
from service.capability.vocabulary import Decision, Named, Vocabulary
from service.domain.skills import Lifecycle
from service.graph import ledger, search
from service.graph.database import Database
from service.renewing import Turns


class LiveNames:
    """The vocabulary of one noun, ``Skill`` or ``Role``, renewed when the ledger has moved on."""

    def __init__(self, database: Database, label: str) -> None:
        self._database = database
        self._label = label
        self._vocabulary = Vocabulary()
        self._at = (-1, "")
        self._turns = Turns()

    async def vocabulary(self) -> Vocabulary:
        """All names and decisions committed before this call."""
        return await self._turns.take(self._current)

    async def hits(
        self, text: str, is_wanted: Callable[[Named], bool] = lambda _: True, language: str | None = None
    ) -> list[Hit]:
        """What *text* may mean among what *is_wanted*, the best first.

        Words that no name has are searched as those they may be typing errors of; the others too, when
        nothing convinces.
        """
        vocabulary = await self.vocabulary()
        hits: list[Hit] = []
        for meant in (searching.unknown_repaired, searching.all_repaired):
            words = await asyncio.to_thread(meant, vocabulary, text)
            ids = await search.short_list(self._database, self._label, words)
            ids |= searching.exact_ids(vocabulary, text)
            wanted = {id_ for id_ in ids if (named := vocabulary.things.get(id_)) and is_wanted(named)}
            hits = await asyncio.to_thread(searching.ranked, vocabulary, text, wanted, language)
            if searching.is_convincing(hits):
                break
        return hits

    async def _current(self) -> Vocabulary:
        seq, registry_id = await ledger.position(self._database)
        if (seq, registry_id) != self._at:
            is_same = self._at[1] == registry_id and self._at[0] <= seq
            former, after = (self._vocabulary, self._at[0]) if is_same else (Vocabulary(), -1)
            self._vocabulary = await self._renewed(former, after)
            self._at = (seq, registry_id)
        return self._vocabulary

    async def _renewed(self, former: Vocabulary, after: int) -> Vocabulary:
        named, gone = await search.names_after(self._database, self._label, after)
        taken = await search.decisions_after(self._database, after) if self._label == "Skill" else []
        return await asyncio.to_thread(
            former.updated,
            [
                Named(id_, name, tuple(others), kind, bool(is_group), lifecycle == Lifecycle.DEPRECATED)
                for id_, name, others, kind, is_group, lifecycle in named
            ],
            gone,
            [Decision(*each) for each in taken],
        )
