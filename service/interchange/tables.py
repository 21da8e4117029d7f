"""Delimited text in a folder or a zip: found by base name, checked whole before a row is used."""

import csv
import difflib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from service.errors import Invalid
from service.interchange.encoding import decoded
from service.interchange.problems import Problem

DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row, in the order they were asked for."""

    file: str
    row: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One file of rows under a header; it can be read any number of times."""

    file: str
    size: int
    open: Callable[[], IO[bytes]]
    delimiter: str = ","
    is_quoted: bool = True
    header: tuple[str, ...] = ()
    rows: int = 0
    """Rows below the header; near enough where a quote stands alone in a cell."""

    def records(self, names: Sequence[str]) -> Iterator[Record | Problem]:
        """The cells of the columns *names*, row by row; blank rows are passed over."""
        places = [self.header.index(name) for name in names]
        with io.TextIOWrapper(self.open(), "utf-8-sig", newline="") as text:
            rows = self.reader(text)
            next(rows)
            row = 1
            while True:
                row += 1
                try:
                    cells = next(rows)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Problem(self.file, row, "", "", _unreadable(error))
                    if "limit" in str(error):
                        return
                    continue
                if not any(cells):
                    continue
                if len(cells) < len(self.header) or any(cells[len(self.header) :]):
                    reason = f"{len(cells)} cells where the header has {len(self.header)}"
                    yield Problem(
                        self.file, row, "", "", f"{reason}; a text with {self.delimiter!r} in it needs quotes"
                    )
                    continue
                yield Record(self.file, row, tuple([cells[place] for place in places]))

    def require(self, names: Sequence[str]) -> None:
        """Raises Invalid when a column is missing, naming the nearest one there is."""
        for name in names:
            if name not in self.header:
                near = difflib.get_close_matches(name, self.header, n=1)
                hint = f" (is {near[0]!r} meant?)" if near else ""
                raise Invalid(f"{self.file} has no column {name!r}{hint}; its columns are {', '.join(self.header)}")

    def reader(self, text: IO[str]) -> Iterator[list[str]]:
        """The CSV dialect of this file, strict about quotes."""
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if self.is_quoted else csv.QUOTE_NONE
        return csv.reader(text, delimiter=self.delimiter, quoting=quoting, strict=True)


def _unreadable(error: csv.Error) -> str:
    if "limit" in str(error) or "end of data" in str(error):
        return 'a quote (") opens a cell here and is not closed; the rest of the file cannot be read'
    return f'a quote (") stands where a cell cannot have one: {error}; inside a cell in quotes, write it twice'


def found(path: Path, max_file_mb: int) -> dict[str, Table]:
    """The files of a folder or zip by base name, none opened yet.

    Raises Invalid when *path* is neither or is damaged; opening a file above *max_file_mb* MiB does too.
    """
    if path.is_dir():
        files = sorted(each for each in path.iterdir() if each.is_file())
        tables = [Table(each.name, each.stat().st_size, _from_folder(each)) for each in files]
    elif path.is_file():
        tables = [
            Table(PurePosixPath(info.filename).name, info.file_size, _from_zip(path, info))
            for info in _listing(path)
            if not info.is_dir()
        ]
    else:
        raise Invalid(f"{str(path)!r} does not exist; name a folder or a zip")
    return {table.file: replace(table, open=_limited(table, max_file_mb)) for table in tables}


def opened(table: Table, *, delimiter: str | None = None, is_quoted: bool = True) -> Table:
    """*table* with its header and rows counted; without *delimiter*, the one its header uses most.

    Reads the file to its end, so that a damaged or wrongly encoded one raises Invalid before any row is used.
    """
    rows, inside, start, last = 0, False, "", ""
    for text in decoded(table.file, _chunks(table)):
        start = start or text
        last = text[-1]
        rows += sum(outside.count("\n") for outside in (text.split('"')[inside::2] if is_quoted else (text,)))
        inside ^= text.count('"') % 2 == 1
    rows += last not in ("", "\n")
    line = start.partition("\n")[0]
    if not line.strip():
        raise Invalid(f"{table.file} has no header; its first row names its columns")
    if "\0" in line:
        raise Invalid(f"{table.file} has NUL characters in its header, so it looks like UTF-16; save it as UTF-8")
    table = replace(table, delimiter=delimiter or max(DELIMITERS, key=line.count), is_quoted=is_quoted, rows=rows - 1)
    try:
        header = next(table.reader(io.StringIO(start, newline="")))
    except csv.Error as error:
        raise Invalid(f"{table.file}, row 1: {_unreadable(error)}") from None
    return replace(table, header=tuple(name.strip() for name in header))


def _chunks(table: Table) -> Iterator[bytes]:
    try:
        with table.open() as stream:
            while chunk := stream.read(1 << 20):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Invalid(f"{table.file} is damaged inside the zip ({error}); download it again") from None
    except NotImplementedError as error:
        raise Invalid(f"{table.file} cannot be unpacked ({error}); zip it with the usual method") from None
    except RuntimeError as error:  # what zipfile says of a password
        raise Invalid(f"{table.file} cannot be unpacked ({error}); zip it without a password") from None
    except OSError as error:
        raise Invalid(f"{table.file} cannot be read: {error.strerror}") from None


def _listing(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.infolist()
    except zipfile.BadZipFile:
        with path.open("rb") as stream:
            start = stream.read(4)
        if start == b"PK\3\4":
            raise Invalid(f"{path.name!r} is a zip without its end, so it was cut short; download it again") from None
        raise Invalid(f"{path.name!r} is not a zip: it starts with {start!r}, a zip with b'PK'") from None


def _from_folder(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _from_zip(path: Path, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    def unpacked() -> IO[bytes]:
        with zipfile.ZipFile(path) as archive:  # its file stays open until the member is closed
            return archive.open(info)

    return unpacked


def _limited(table: Table, max_file_mb: int) -> Callable[[], IO[bytes]]:
    def within() -> IO[bytes]:
        if table.size > max_file_mb << 20:
            raise Invalid(
                f"{table.file} is {table.size / (1 << 20):.0f} MiB unpacked; "
                f"at most {max_file_mb} MiB are read (REGISTRY_MAX_FILE_MB)"
            )
        return table.open()

    return within
