"""The measures side by side, held against the aims."""

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.crowding import CLIENTS
from benchmarks.measuring import Measured
from benchmarks.times import Times

AIMED_AT = 100_000
"""The number of people that the aims are about."""


class Line(NamedTuple):
    """One measure, how it is shown, and what it should be at ``AIMED_AT`` people."""

    name: str
    value: Callable[[Measured], float | None]
    shown: Callable[[float], str]
    least: float | None = None
    most: float | None = None

    def is_met(self, value: float) -> bool:
        """Whether *value* reaches the aim."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


def _each(measured: Measured, seconds: float) -> float:
    return seconds / len(measured.http.seconds)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1_000:,.1f} ms"


def _seconds(seconds: float) -> str:
    return f"{seconds:,.1f} s"


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


def _times(ratio: float) -> str:
    return f"{ratio:,.1f} x"


def _rate(rows: float) -> str:
    return f"{rows:,.0f} rows/s"


def _question(name: str, of: Callable[[Measured], Times]) -> list[Line]:
    return [
        Line(f"{name}, median", lambda measured: of(measured).median, _milliseconds),
        Line(f"{name}, p95", lambda measured: of(measured).p95, _milliseconds),
    ]


def _crowded(at: int, name: str) -> list[Line]:
    """A question by all clients at once: how long over HTTP, against the reckoning, and how even."""
    return [
        *_question(f"{name}, {CLIENTS} clients over HTTP", lambda measured: measured.crowded[at].http),
        Line(
            f"{name}, {CLIENTS} bare reckonings, median",
            lambda measured: measured.crowded[at].bare.median,
            _milliseconds,
        ),
        Line(
            f"{name}: HTTP / bare",
            lambda measured: measured.crowded[at].http.median / measured.crowded[at].bare.median,
            _times,
            most=2,
        ),
        Line(
            f"{name}: p95 / median over HTTP",
            lambda measured: measured.crowded[at].http.p95 / measured.crowded[at].http.median,
            _times,
            most=5,
        ),
    ]


LINES = (
    Line("load, every 5,000 facts one change", lambda measured: measured.filled.facts / measured.filled.seconds, _rate),
    Line("index read from the graph", lambda measured: measured.cold, _seconds, most=60),
    Line("index loaded from its file", lambda measured: measured.warm, _seconds),
    Line("size of that file", lambda measured: float(measured.index_bytes), _megabytes),
    *_question("candidates over HTTP", lambda measured: measured.http),
    *_question("the ranking in Cypher", lambda measured: measured.cypher),
    *_question("the bare reckoning", lambda measured: measured.bare),
    Line("Cypher / HTTP", lambda measured: measured.cypher.median / measured.http.median, _times, least=20),
    Line("HTTP / bare", lambda measured: measured.http.median / measured.bare.median, _times, most=3),
    Line(
        "processor time of the service, mean", lambda measured: _each(measured, measured.http_processor), _milliseconds
    ),
    Line("processor time, bare, mean", lambda measured: _each(measured, measured.bare_processor), _milliseconds),
    *_question("one assertion written", lambda measured: measured.write),
    *_question("written and in the next answer", lambda measured: measured.reflected),
    *_crowded(0, "candidates"),
    *_crowded(1, "gap of the organisation"),
    *_crowded(2, "heat map"),
    Line("peak memory of the service", lambda measured: float(measured.service_bytes), _megabytes, most=1.5e9),
    Line("peak memory of the engine", lambda measured: measured.engine_bytes, _megabytes),
)


def show(console: Console, found: Sequence[Measured]) -> None:
    """Print the table: a column for each size, and whether the largest reaches the aims."""
    largest = max(found, key=lambda measured: measured.people)
    is_judged = largest.people >= AIMED_AT
    cores, busy = os.cpu_count(), os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    title = f"{largest.engine}; {len(largest.http.seconds)} rounds; {cores} cores, load average {busy:.1f} at the end"
    table = Table(title=title, title_justify="left")
    table.add_column("measure")
    for measured in found:
        table.add_column(f"{measured.people:,} people", justify="right")
    table.add_column(f"aim at {AIMED_AT:,}", justify="right")
    table.add_column("result")
    for line in LINES:
        values = [line.value(measured) for measured in found]
        judged = line.value(largest)
        has_aim = line.least is not None or line.most is not None
        result = ""
        if has_aim and is_judged and judged is not None:
            result = "[green]met[/]" if line.is_met(judged) else "[red]missed[/]"
        table.add_row(
            line.name, *("not seen" if value is None else line.shown(value) for value in values), _aim(line), result
        )
    console.print(table)


def _aim(line: Line) -> str:
    if line.least is not None:
        return f"at least {line.shown(line.least)}"
    if line.most is not None:
        return f"at most {line.shown(line.most)}"
    return ""
