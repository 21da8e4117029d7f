"""Pages of what was reckoned: a list in the order of its keys, cut where a cursor says."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeVar

from service.schema.nodes import Connection, connection, key_of

S = TypeVar("S")
T = TypeVar("T")


def page_of(
    items: Sequence[S], key: Callable[[S], str], shown: Callable[[S], T], first: int, after: str | None
) -> Connection[T]:
    """A page of *items*, which are in the order of their keys; only what is on it is *shown*."""
    start = bisect_right(items, key_of(after), key=key) if after is not None else 0
    rest = items[start : start + first + 1]

    async def counting() -> int:
        return len(items)

    return connection([shown(each) for each in rest], [key(each) for each in rest], first, after, counting)
