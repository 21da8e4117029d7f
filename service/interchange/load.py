"""Bring a source into the registry: batch by batch, each one numbered change; bad rows are reported, not fatal."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.acts.checks import check, needs_proof
from service.acts.lookup import Lookup
from service.domain.proof import Assertion, Evidence
from service.domain.values import Fact
from service.graph import ledger, records
from service.graph.database import Database, Transaction
from service.graph.ledger import Act, Touched
from service.graph.nouns import BY_FACT, NOUNS, Noun
from service.interchange.problems import Outcome, Problem, Row
from service.interchange.source import Source

Progress = Callable[[str, int], None]
"""Told the noun, in the plural, and how many more of its rows are done."""

CROWDS = frozenset({"Absence", "Allocation", "Assertion", "Evidence", "Requirement", "Verification"})
"""Nouns too many to keep in memory through an import."""


@dataclass
class Tally:
    """What became of the rows of one noun."""

    recorded: int = 0
    corrected: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass
class Summary:
    """What an import did, or with a dry run would have done."""

    source: str
    is_dry_run: bool
    tallies: dict[str, Tally] = field(default_factory=dict)
    attribution: str | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    first_seq: int | None = None
    last_seq: int | None = None


async def load(
    database: Database, source: Source, act: Act, *, is_dry_run: bool = False, progress: Progress = lambda *_: None
) -> Summary:
    """Record what is new in *source* and correct what differs; the same source again changes nothing.

    A dry run writes nothing and finds the same. A row that cannot be recorded is a Problem in the summary.
    """
    summary = Summary(source=source.name, is_dry_run=is_dry_run, attribution=source.attribution, notes=source.notes)
    lookup = Lookup(database)
    await lookup.note_empty(noun.label for noun in NOUNS)
    run = _Run(database=database, act=act, lookup=lookup, summary=summary, proven=_proven(source))
    source.notes.clear()
    for shape, batch in _ordered(source):
        rows = [each for each in batch if isinstance(each, Row)]
        found = [each for each in batch if isinstance(each, Problem)]
        summary.problems += found
        if shape in BY_FACT:
            tally = summary.tallies.setdefault(BY_FACT[shape].plural, Tally())
            tally.refused += len(found)
            await run.batch(BY_FACT[shape], rows, tally)
            progress(BY_FACT[shape].plural, len(batch))
    return summary


@dataclass
class _Run:
    """One import under way."""

    database: Database
    act: Act
    lookup: Lookup
    summary: Summary
    proven: set[str]
    seq: int | None = None

    async def batch(self, noun: Noun, rows: list[Row[Fact]], tally: Tally) -> None:
        if not rows:
            return
        if self.summary.is_dry_run:
            earlier = await self.lookup.earlier(noun, [row.fact.id for row in rows])
            good, refused = await self._sifted(noun, rows, earlier)
            outcome = records.compared(noun, [row.fact for row in good], earlier)
        else:
            written = await ledger.write(
                self.database, self.act, lambda transaction, touched: self._written(transaction, touched, noun, rows)
            )
            good, refused, outcome = written.result
            if outcome.recorded or outcome.corrected:
                self.seq = self.summary.last_seq = written.seq
                self.summary.first_seq = self.summary.first_seq or written.seq
        self.lookup.plan(noun, [row.fact for row in good])
        if not self.summary.is_dry_run:
            self.lookup.forget(CROWDS)
        self.summary.problems += refused
        tally.recorded += len(outcome.recorded)
        tally.corrected += len(outcome.corrected)
        tally.unchanged += outcome.unchanged
        tally.refused += len(refused)

    async def _written(
        self, transaction: Transaction, touched: Touched, noun: Noun, rows: list[Row[Fact]]
    ) -> tuple[list[Row[Fact]], list[Problem], records.Written]:
        self.lookup.reader = transaction
        if self.seq is not None and touched.seq != self.seq + 1:
            self.lookup.forget_all()  # somebody else has written meanwhile
        earlier = await self.lookup.earlier(noun, [row.fact.id for row in rows])
        good, refused = await self._sifted(noun, rows, earlier)
        return good, refused, await records.put(transaction, touched, [row.fact for row in good], earlier)

    async def _sifted(
        self, noun: Noun, rows: list[Row[Fact]], earlier: Mapping[str, dict[str, Any]]
    ) -> tuple[list[Row[Fact]], list[Problem]]:
        """The rows that can be recorded, and why the others cannot; what is there already was checked before."""
        differs = records.differing(noun, [row.fact for row in rows], earlier)
        unchanged = [row for row in rows if row.fact.id not in differs]
        rows = [row for row in rows if row.fact.id in differs]
        refused = {each.index: each for each in await check(self.lookup, [row.fact for row in rows])}
        problems = [
            Problem(rows[index].file, rows[index].row, each.field, each.value, each.reason)
            for index, each in refused.items()
        ]
        good = [row for index, row in enumerate(rows) if index not in refused]
        unproven = await self._unproven([row.fact for row in good])
        for row in good:
            if row.fact.id in unproven:
                reason = "VERIFIED needs evidence of kind EXAM or CREDENTIAL, here or in evidence.csv; CLAIMED does not"
                problems.append(Problem(row.file, row.row, "trust", "VERIFIED", reason))
        return [*unchanged, *(row for row in good if row.fact.id not in unproven)], problems

    async def _unproven(self, facts: list[Fact]) -> set[str]:
        claimed = {fact.id for fact in facts if isinstance(fact, Assertion) and needs_proof(fact)} - self.proven
        if not claimed:
            return set()
        there = await records.below(self.lookup.reader, Evidence, "assertion_id", sorted(claimed))
        return {id_ for id_ in claimed if not any(each.is_proof for each in there[id_])}


def _proven(source: Source) -> set[str]:
    """Ids of the assertions that the source itself brings an exam or a credential for."""
    return {
        each.fact.assertion_id
        for shape, stream in source.streams()
        if shape is Evidence
        for each in stream
        if isinstance(each, Row) and isinstance(each.fact, Evidence) and each.fact.is_proof
    }


def _ordered(source: Source) -> Iterator[tuple[type[Fact], list[Outcome]]]:
    """The batches of *source*; a noun whose facts name each other comes named before naming."""
    for shape, stream in source.streams():
        fields = (
            [link.field for link in BY_FACT[shape].links if link.target == BY_FACT[shape].label]
            if shape in BY_FACT
            else []
        )
        outcomes = _named_first(stream, fields) if fields else stream
        batch: list[Outcome] = []
        for each in outcomes:
            batch.append(each)
            if len(batch) >= source.batch:
                yield shape, batch
                batch = []
        if batch:
            yield shape, batch


def _named_first(stream: Iterable[Outcome], fields: list[str]) -> Iterator[Outcome]:
    rows: dict[str, Row[Fact]] = {}
    for each in stream:
        if isinstance(each, Row):
            rows[each.fact.id] = each
        else:
            yield each
    done: set[str] = set()
    for start in rows:
        waiting = [start]
        while waiting:
            id_ = waiting[-1]
            named = [
                other
                for name in fields
                for other in _ids(getattr(rows[id_].fact, name))
                if other in rows and other not in done and other not in waiting
            ]
            if named:
                waiting.append(named[0])
                continue
            waiting.pop()
            if id_ not in done:
                done.add(id_)
                yield rows[id_]


def _ids(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
