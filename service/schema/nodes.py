"""How a noun becomes a GraphQL type: its fields and their descriptions from the domain, its edges added.

``@node`` over ``class Person(domain.Person)`` publishes every field of the domain class with its Doc,
hides the ids of other things, and makes the type a Node. ``edge`` and ``many`` add the other things.
"""

import base64
import binascii
import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import MISSING, fields
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import strawberry
from strawberry.types import Info
from typing_extensions import Doc

from service.domain.values import Fact
from service.errors import Invalid
from service.graph import records
from service.graph.nouns import BY_LABEL, noun_of
from service.schema.ids import global_id
from service.schema.scalars import After, First, PageSize

if TYPE_CHECKING:
    from service.schema.context import Context

T = TypeVar("T")
C = TypeVar("C", bound=type[Fact])

TYPES: dict[str, type[Any]] = {}
"""The GraphQL type of every noun, by label; filled by ``@node``."""


def field(resolver: Callable[..., Any]) -> Any:  # noqa: ANN401  # a field
    """*resolver* as a field that its docstring describes."""
    return strawberry.field(resolver=resolver, description=inspect.cleandoc(resolver.__doc__ or ""))


def _node_id(self: Any) -> strawberry.ID:  # noqa: ANN401  # a fact
    return global_id(noun_of(type(self)).label, self.id)


@strawberry.interface(description="Something with an id by which it can be asked for again.")
class Node:
    """Something with an id by which it can be asked for again."""

    id: strawberry.Private[str]

    global_id = strawberry.field(  # pyright: ignore[reportGeneralTypeIssues]  # Strawberry annotates it itself
        resolver=_node_id, name="id", description="Opaque id of the thing, unique in the registry."
    )


def plain(hint: Any) -> Any:  # noqa: ANN401  # a type
    """The type in *hint* without the constraints that the domain annotates it with."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return plain(arguments[0])
    if origin is list:
        return list[plain(arguments[0])]  # type: ignore[misc]  # made at run time
    if origin in (Union, UnionType):
        kept = [plain(each) for each in arguments if each is not NoneType]
        return kept[0] | None if NoneType in arguments else kept[0]
    return hint


def doc_of(hint: Any) -> str:  # noqa: ANN401  # a type
    """The Doc in *hint*."""
    return next(str(each.documentation) for each in get_args(hint)[1:] if isinstance(each, Doc))


def is_reference(shape: type[Fact], name: str) -> bool:
    """Whether the field *name* of *shape* holds the id, or ids, of other things."""
    return any(link.field == name for link in noun_of(shape).links)


def node(cls: C) -> C:
    """Make *cls*, a subclass of a noun's domain class, the GraphQL type of that noun."""
    noun = noun_of(cls)
    hints = get_type_hints(noun.fact, include_extras=True)
    annotations = dict(inspect.get_annotations(cls))
    for listed in fields(noun.fact):
        if listed.name == "id" or is_reference(noun.fact, listed.name):
            annotations[listed.name] = strawberry.Private[plain(hints[listed.name])]  # type: ignore[misc]
        elif listed.name not in annotations:
            annotations[listed.name] = plain(hints[listed.name])
            default: dict[str, Any] = {}
            if listed.default is not MISSING:
                default["default"] = listed.default
            if listed.default_factory is not MISSING:
                default["default_factory"] = listed.default_factory
            setattr(cls, listed.name, strawberry.field(description=doc_of(hints[listed.name]), **default))
    cls.__annotations__ = annotations
    made = strawberry.type(cls, name=noun.label, description=noun.fact.__doc__)
    TYPES[noun.label] = made
    return made


def class_of(name: str, columns: Iterable[tuple[str, Any, Any]]) -> type[Any]:
    """A class *name* with annotated fields, for Strawberry to make a type of."""
    listed = list(columns)
    body: dict[str, Any] = {column: field for column, _, field in listed}
    return type(name, (), {**body, "__annotations__": {column: kind for column, kind, _ in listed}})


def shown(fact: Fact) -> Any:  # noqa: ANN401  # the type of its noun
    """*fact* as its GraphQL type; nothing is validated twice."""
    kind = TYPES[noun_of(type(fact)).label]
    made = object.__new__(kind)
    made.__dict__.update(vars(fact))
    return made


@strawberry.type(description="Where a page of a list begins and ends.")
class PageInfo:
    """Where a page of a list begins and ends."""

    has_next_page: bool = strawberry.field(description="Whether more follow.")
    has_previous_page: bool = strawberry.field(description="Whether the page began after a cursor.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first item; null when there is none.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last item; null when there is none.")


@strawberry.type(description="One item of a list, and where it stands.")
class Edge(Generic[T]):
    """One item of a list, and where it stands."""

    cursor: str = strawberry.field(description="Give it as `after` to continue behind this item.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """A page of a list."""

    edges: list[Edge[T]] = strawberry.field(description="The items of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page begins and ends.")
    counting: strawberry.Private[Callable[[], Awaitable[int]]]

    @field
    async def total_count(self) -> int:
        """How many items the whole list has."""
        return await self.counting()


def cursor_of(key: str) -> str:
    """An opaque cursor that stands behind *key*."""
    return base64.urlsafe_b64encode(key.encode()).decode()


def key_of(cursor: str | None) -> str:
    """The key in *cursor*, "" when there is none. Raises Invalid when it is not one of ours."""
    if cursor is None:
        return ""
    try:
        return base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise Invalid(f"{cursor[:100]!r} is not a cursor; give one that a page returned", path=("after",)) from None


def connection(
    items: list[T], keys: list[str], first: int, after: str | None, counting: Callable[[], Awaitable[int]]
) -> Connection[T]:
    """A page of at most *first* of *items*, one more having been read to know whether more follow."""
    edges = [Edge(cursor=cursor_of(key), node=item) for key, item in zip(keys[:first], items[:first], strict=True)]
    info = PageInfo(
        has_next_page=len(items) > first,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, page_info=info, counting=counting)


def lazy(label: str) -> Any:  # noqa: ANN401  # a type
    """The GraphQL type *label*, resolved when the schema is made."""
    return Annotated[label, strawberry.lazy("service.schema.types")]


def edge(label: str, field: str, description: str, *, is_required: bool = False) -> Any:  # noqa: ANN401  # a field
    """The thing that *field* names."""

    async def resolve(self: Any, info: Info["Context", None]) -> Any:  # noqa: ANN401
        id_ = getattr(self, field)
        return None if id_ is None else await info.context.load_here(info, label, id_)

    resolve.__annotations__["return"] = lazy(label) if is_required else lazy(label) | None
    return strawberry.field(resolver=resolve, description=description)


def many(label: str, field: str, description: str) -> Any:  # noqa: ANN401  # a field
    """The *label*s whose *field* names this thing, paged in the order of their ids."""

    async def resolve(self: Any, info: Info["Context", None], first: First = PageSize(50), after: After = None) -> Any:  # noqa: ANN401
        info.context.refuse_list(info)
        facts = await info.context.load_below(label, field, self.id)
        key = key_of(after)
        rest = [fact for fact in facts if fact.id > key][: first + 1]

        async def counting() -> int:
            return len(facts)

        return connection([shown(fact) for fact in rest], [fact.id for fact in rest], first, after, counting)

    resolve.__annotations__["return"] = Connection[lazy(label)]  # type: ignore[misc]
    return strawberry.field(resolver=resolve, description=description)


def crowd(label: str, field: str, description: str) -> Any:  # noqa: ANN401  # a field
    """As ``many``, for lists that grow with the organisation: read a page at a time, not all at once."""

    async def resolve(self: Any, info: Info["Context", None], first: First = PageSize(50), after: After = None) -> Any:  # noqa: ANN401
        info.context.refuse_list(info)
        shape, database = BY_LABEL[label].fact, info.context.database
        facts = await records.page_below(database, shape, field, self.id, after=key_of(after), first=first + 1)

        async def counting() -> int:
            return await records.count_below(database, shape, field, self.id)

        return connection([shown(fact) for fact in facts], [fact.id for fact in facts], first, after, counting)

    resolve.__annotations__["return"] = Connection[lazy(label)]  # type: ignore[misc]
    return strawberry.field(resolver=resolve, description=description)
