"""A file ready to be read: its name, its size, and its facts in dependency order."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from service.domain.values import Fact
from service.interchange.problems import Outcome, Problem
from service.interchange.tables import Record

Stream: TypeAlias = tuple[type[Fact], Iterable[Outcome]]


@dataclass(frozen=True, kw_only=True)
class Source:
    """What ``read`` of a format answers.

    Nothing is parsed before ``batches`` is iterated, and each call starts from the top.
    """

    name: str
    total_rows: int
    """How many rows there are to go through, near enough for a progress bar."""
    batch: int
    streams: Callable[[], Iterable[Stream]]
    attribution: str | None = None
    """The sentence that the source's licence asks for."""
    notes: Counter[str] = field(default_factory=Counter)
    """What was left out or decided, with the reason, and how often; complete once ``batches`` is exhausted."""

    def batches(self) -> Iterator[tuple[type[Fact], list[Outcome]]]:
        """Batches of one noun each, every noun after those it refers to.

        The noun is Fact itself where a problem belongs to no noun, as a file with an unknown name.
        """
        self.notes.clear()
        for noun, stream in self.streams():
            outcomes = iter(stream)
            while batch := list(islice(outcomes, self.batch)):
                yield noun, batch


def outcomes(
    records: Iterable[Record | Problem], reading: Callable[[Record], Iterator[Outcome]], notes: Counter[str]
) -> Iterator[Outcome]:
    """What *reading* makes of each record, problems passed on.

    A second fact under one id is a problem; a row that repeats another word for word is only counted.
    """
    first: dict[str, tuple[int, int]] = {}
    for record in records:
        if isinstance(record, Problem):
            yield record
            continue
        digest = hash(record.cells)
        for outcome in reading(record):
            if isinstance(outcome, Problem):
                yield outcome
                continue
            row, known = first.setdefault(outcome.fact.id, (record.row, digest))
            if row == record.row:
                yield outcome
            elif known == digest:
                notes[f"{record.file}: rows left out that repeat an earlier row word for word"] += 1
            else:
                reason = f"row {row} has the same id and says otherwise"
                yield Problem(record.file, record.row, "id", outcome.fact.id, reason)
