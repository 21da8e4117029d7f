"""The CSV set: one file a noun, its header the field names of the domain's dataclass. See docs/csv.md."""

import difflib
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from service.domain.identity import KEYS
from service.domain.values import Fact
from service.errors import Invalid
from service.interchange import cells, tables
from service.interchange.facts import FILES, LONGEST_SHOWN, checked
from service.interchange.problems import Outcome, Problem
from service.interchange.source import Source, Stream, outcomes
from service.interchange.tables import Record, Table
from service.settings import Settings

COLUMNS: Mapping[type[Fact], tuple[cells.Column, ...]] = {noun: cells.columns(noun) for noun in FILES}
QUOTED = re.compile(r'[,;\t"\r\n]')


def read(path: Path, settings: Settings) -> Source:
    """The CSV set in a folder or zip; a file that cannot be read is a Problem at row 1 and the others go on.

    Raises Invalid when *path* is neither, or holds no file of the set.
    """
    found = tables.found(path, settings.max_file_mb)
    if not set(FILES.values()) & set(found):
        there = ", ".join(sorted(found)[:10]) or "nothing"
        raise Invalid(f"{path.name!r} holds {there}; a CSV set has at least one of {', '.join(FILES.values())}")
    strangers = [_stranger(file) for file in found if file.lower().endswith(".csv") and file not in FILES.values()]
    ready: dict[type[Fact], Table] = {}
    refused: dict[type[Fact], Problem] = {}
    for noun, file in FILES.items():
        if file in found:
            try:
                ready[noun] = _opened(noun, found[file])
            except Invalid as error:
                refused[noun] = Problem(file, 1, "", "", error.message)
    notes: Counter[str] = Counter()

    def streams() -> Iterator[Stream]:
        if strangers:
            yield Fact, strangers
        for noun in FILES:
            if noun in refused:
                yield noun, [refused[noun]]
            elif noun in ready:
                yield noun, _facts(noun, ready[noun], notes)

    return Source(
        name=f"CSV set {path.name}",
        total_rows=sum(table.rows for table in ready.values()),
        batch=settings.import_batch,
        streams=streams,
        notes=notes,
    )


def write(folder: Path, noun: type[Fact], facts: Iterable[Fact]) -> Path:
    """Writes the file of *noun* in *folder*, whole or not at all, rows by id, and answers its path."""
    target = folder / FILES[noun]
    names = [column.name for column in COLUMNS[noun]]
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=folder, prefix=f".{target.name}.", delete=False
    ) as file:
        try:
            file.write(_line(names))
            for fact in sorted(facts, key=lambda each: each.id):
                file.write(_line([cells.written(getattr(fact, name)) for name in names]))
            file.close()
            os.replace(file.name, target)  # noqa: PTH105  # by name, as the file object has no Path
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return target


def _line(values: Iterable[str]) -> str:
    """Quotes what must be: the csv module of Python 3.11 leaves a lone carriage return bare."""
    return ",".join('"' + value.replace('"', '""') + '"' if QUOTED.search(value) else value for value in values) + "\n"


def _stranger(file: str) -> Problem:
    near = difflib.get_close_matches(file.lower(), FILES.values(), n=1)
    hint = f"; is {near[0]} meant?" if near else f"; the set has {', '.join(FILES.values())}"
    return Problem(file, 1, "", file, f"no file of the set is called {file}{hint}")


def _opened(noun: type[Fact], found: Table) -> Table:
    """The table ready to read. Raises Invalid for a header that is not the noun's."""
    table = tables.opened(found)
    known = [column.name for column in COLUMNS[noun]]
    for name in table.header:
        if name not in known:
            near = difflib.get_close_matches(name.lower(), known, n=1)
            hint = f"is {near[0]!r} meant?" if near else f"its columns are {', '.join(known)}"
            raise Invalid(f"no column of {table.file} is called {name!r}; {hint}")
        if table.header.count(name) > 1:
            raise Invalid(f"{table.file} has the column {name!r} {table.header.count(name)} times")
    derived = {"id"} if noun in KEYS else set()
    table.require([each.name for each in COLUMNS[noun] if each.is_required and each.name not in derived])
    return table


def _facts(noun: type[Fact], table: Table, notes: Counter[str]) -> Iterator[Outcome]:
    columns = [column for column in COLUMNS[noun] if column.name in table.header]
    names = [column.name for column in columns]

    def reading(record: Record) -> Iterator[Outcome]:
        values, problems = _values(record, columns)
        for outcome in problems or checked(noun, record.file, record.row, values):
            if isinstance(outcome, Problem) and outcome.column in names:
                yield replace(outcome, value=record.cells[names.index(outcome.column)][:LONGEST_SHOWN])
            else:
                yield outcome

    return outcomes(table.records(names), reading, notes)


def _values(record: Record, columns: Iterable[cells.Column]) -> tuple[dict[str, object], list[Problem]]:
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for column, cell in zip(columns, record.cells, strict=True):
        if cell:
            try:
                values[column.name] = column.read(cell)
            except ValueError as error:
                problems.append(Problem(record.file, record.row, column.name, cell, str(error)))
    return values, problems
