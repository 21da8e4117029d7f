"""The part of docs/csv.md that follows from the dataclasses.

``python -m tests.interchange.csv_reference`` renews it.
"""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from typing_extensions import Doc

from service.domain.identity import KEYS
from service.domain.values import Fact
from service.interchange import cells
from service.interchange.facts import FILES

PAGE = Path(__file__).parents[2] / "docs" / "csv.md"
MARK = "<!-- from here on written by tests/interchange/csv_reference.py -->\n"


def rendered() -> str:
    """One table a file: its columns, whether they are needed, and what they mean."""
    return MARK + "\n" + "\n".join(_file(noun) for noun in FILES)


def _file(noun: type[Fact]) -> str:
    hints = get_type_hints(noun, include_extras=True)
    lines = [f"### {FILES[noun]}", "", str(noun.__doc__).split("\n", maxsplit=1)[0], ""]
    if noun in KEYS:
        keys = ", ".join(f"`{name}`" for name in KEYS[noun])
        lines += [f"Without an `id`, it follows from {keys}.", ""]
    lines += ["| column | needed | meaning |", "|---|---|---|"]
    for column in cells.columns(noun):
        is_needed = column.is_required and not (column.name == "id" and noun in KEYS)
        lines.append(f"| `{column.name}` | {'yes' if is_needed else ''} | {_meaning(hints[column.name])} |")
    return "\n".join(lines) + "\n"


def _meaning(hint: Any) -> str:  # type forms have no type
    parts = list(_parts(hint))
    doc = next(part.documentation for part in parts if isinstance(part, Doc))
    choice = next((part for part in parts if isinstance(part, type) and issubclass(part, Enum)), None)
    listed = " One a line." if any(get_origin(part) is list for part in parts) else ""
    return doc + listed + (f" {', '.join(f'`{each.value}`' for each in choice)}." if choice else "")


def _parts(hint: Any) -> Iterator[Any]:  # as above
    """The outermost documentation first, then what it documents."""
    if get_origin(hint) is Annotated:
        yield from get_args(hint)[1:]
        yield from _parts(get_args(hint)[0])
    elif get_origin(hint) is list or not get_args(hint):
        yield hint
    else:
        for each in get_args(hint):
            if each is not NoneType:
                yield from _parts(each)


if __name__ == "__main__":
    PAGE.write_text(PAGE.read_text("utf-8").partition(MARK)[0] + rendered(), "utf-8")
