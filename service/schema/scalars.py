"""The named scalars."""

from datetime import datetime
from typing import Annotated, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

MAX_PAGE = 100


def _user_error(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})


def _page_size(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_PAGE:
        raise _user_error(f"{value!r} is not a page size; give a whole number from 1 to {MAX_PAGE}")
    return value


def _known_at(value: object) -> int | datetime:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, str):
        if value.isdecimal():
            return int(value)
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            if instant.tzinfo is not None:
                return instant
    raise _user_error(f"{value!r} is neither a sequence number nor an instant; write 42 or 2026-03-01T09:00:00Z")


PageSize = NewType("PageSize", int)
Numbers = NewType("Numbers", list[float | None])
KnownAt = NewType("KnownAt", object)

SCALARS: dict[object, ScalarDefinition] = {
    PageSize: strawberry.scalar(
        name="PageSize",
        description=f"How many items of a list to return: a whole number from 1 to {MAX_PAGE}.",
        serialize=int,
        parse_value=_page_size,
    ),
    Numbers: strawberry.scalar(
        name="Numbers",
        description="Numbers, null where there is none, in the order that the field says, as one JSON array.",
        serialize=lambda numbers: numbers,
    ),
    KnownAt: strawberry.scalar(
        name="KnownAt",
        description="What the registry knew: the sequence number of a change, or an instant with its time zone.",
        serialize=str,
        parse_value=_known_at,
    ),
}

First = Annotated[PageSize, strawberry.argument(description="How many to return, 1 to 100.")]
After = Annotated[
    str | None, strawberry.argument(description="Cursor after which to begin; from the start when absent.")
]
