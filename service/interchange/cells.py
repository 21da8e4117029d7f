"""Cells to values and back, column by column, as the domain's dataclasses declare them."""

import difflib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import Enum
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from service.domain.values import Fact, Text

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WHOLE = re.compile(r"[+-]?\d+")
ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
ESCAPED = re.compile(r"\\([\\nr])")


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a noun as a column."""

    name: str
    is_required: bool
    read: Callable[[str], Any]
    """The value of a cell that is not empty; raises ValueError with the reason."""


def columns(noun: type[Fact]) -> tuple[Column, ...]:
    """The columns of a noun's file: its fields, without the ends of its recorded time."""
    hints = get_type_hints(noun, include_extras=True)
    return tuple(
        Column(each.name, each.default is MISSING and each.default_factory is MISSING, _reader(hints[each.name]))
        for each in fields(noun)
        if each.name not in ("recorded_seq", "retracted_seq")
    )


def written(value: object) -> str:
    """The cell that reads back as *value*."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(re.sub(r"[\\\n\r]", lambda found: ESCAPES[found[0]], item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return str(value)


def _reader(hint: Any) -> Callable[[str], Any]:  # noqa: ANN401  # a type form has no type of its own
    kind = _bare(hint)
    if get_origin(kind) is list:
        return _texts if get_args(kind)[0] == Text else _items
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _chooser(kind)
    return PLAIN[kind]


def _bare(hint: Any) -> Any:  # noqa: ANN401  # as above
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return _bare(next(each for each in get_args(hint) if each is not NoneType))
    return hint


def _day(cell: str) -> date:
    if DAY.fullmatch(cell.strip()):
        try:
            return date.fromisoformat(cell.strip())
        except ValueError:
            pass
    raise ValueError(f"{cell} is not a day; days look like 2026-02-28")


def _flag(cell: str) -> bool:
    try:
        return {"true": True, "false": False}[cell.strip().lower()]
    except KeyError:
        raise ValueError(f"{cell!r} is neither true nor false") from None


def _whole(cell: str) -> int:
    if not WHOLE.fullmatch(cell.strip()) or len(cell) > 20:  # noqa: PLR2004  # longer is no number a person means
        raise ValueError(f"{cell!r} is not a whole number; whole numbers look like 3")
    return int(cell)


def _number(cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or "_" in cell:
        raise ValueError(f"{cell!r} is not a number; numbers look like 0.5")
    return number


def _chooser(kind: type[Enum]) -> Callable[[str], Enum]:
    choices = {each.value: each for each in kind}

    def chosen(cell: str) -> Enum:
        try:
            return choices[cell.strip()]
        except KeyError:
            near = difflib.get_close_matches(cell.strip().upper(), choices, n=1)
            hint = f"; is {near[0]} meant?" if near else ""
            raise ValueError(f"{cell!r} is none of {', '.join(choices)}{hint}") from None

    return chosen


def _texts(cell: str) -> list[str]:
    lines = cell.replace("\r\n", "\n").split("\n")
    return [ESCAPED.sub(lambda found: {"\\": "\\", "n": "\n", "r": "\r"}[found[1]], line) for line in lines]


def _items(cell: str) -> list[str]:
    return [line.strip() for line in _texts(cell) if line.strip()]


PLAIN: Mapping[type, Callable[[str], Any]] = MappingProxyType(
    {date: _day, bool: _flag, int: _whole, float: _number, str: str}
)
