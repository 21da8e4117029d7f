"""What a write may refer to: the current facts, overlaid with those the same import is about to write."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from service.domain.values import Fact
from service.graph import records
from service.graph.database import Database, Row, Transaction, adapter, stored
from service.graph.nouns import BY_LABEL, Noun

F = TypeVar("F", bound=Fact)


class Lookup:
    """Current facts by noun and id, read at most once.

    *planned* facts count as though they were written, so that a dry run can check the rest of its file.
    """

    def __init__(self, reader: Database | Transaction) -> None:
        self.reader = reader
        self.today = date.today()  # noqa: DTZ011  # a day where the service runs
        """The day that what is written is measured by: statements of days to come are refused."""
        self._states: dict[str, dict[str, Row | None]] = {}
        self._empty: set[str] = set()

    async def states(self, noun: Noun, ids: Iterable[str]) -> dict[str, Row]:
        """The last state of each of *ids* ever recorded or planned, retired ones too."""
        cached = self._states.setdefault(noun.label, {})
        wanted = {id_ for id_ in ids if id_ is not None}
        missing = [id_ for id_ in wanted if id_ not in cached]
        if missing:
            cached.update(dict.fromkeys(missing))
            cached.update(await records.states(self.reader, noun, missing))
        return {id_: row for id_ in wanted if (row := cached.get(id_)) is not None}

    async def earlier(self, noun: Noun, ids: Iterable[str]) -> dict[str, Row]:
        """As ``states``, for facts about to be written: not asked for nouns noted as empty before."""
        return {} if noun.label in self._empty else await self.states(noun, ids)

    async def current(self, label: str, ids: Iterable[str]) -> dict[str, Row]:
        """The current facts among *ids*, as rows."""
        rows = await self.states(BY_LABEL[label], ids)
        return {id_: row for id_, row in rows.items() if row.get("retracted_seq") is None}

    async def facts(self, shape: type[F], ids: Iterable[str]) -> dict[str, F]:
        """The current facts among *ids*."""
        validate = adapter(shape).validate_python
        return {id_: validate(row) for id_, row in (await self.current(shape.__name__, ids)).items()}

    def plan(self, noun: Noun, facts: list[Fact]) -> None:
        """Let *facts* count as written."""
        rows = self._states.setdefault(noun.label, {})
        for row in stored(facts, noun.fact):
            row.pop("retracted_seq", None)
            rows[row["id"]] = row

    async def note_empty(self, labels: Iterable[str]) -> None:
        """Find out which of *labels* have never been recorded.

        Only a reader of files may rely on it, which brings no id twice.
        """
        for label in labels:
            if await records.is_empty(self.reader, label):
                self._empty.add(label)

    def forget(self, labels: Iterable[str]) -> None:
        """Drop what was read or planned of *labels*, to be read again when asked for."""
        for label in labels:
            self._states.pop(label, None)

    def forget_all(self) -> None:
        """Drop everything: it may no longer be true."""
        self._states.clear()
        self._empty.clear()

    async def planned(self, shape: type[F]) -> list[F]:
        """The current facts of *shape* read or planned so far."""
        validate = adapter(shape).validate_python
        rows = self._states.get(shape.__name__, {}).values()
        return [validate(row) for row in rows if row is not None and row.get("retracted_seq") is None]
