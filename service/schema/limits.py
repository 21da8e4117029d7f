"""What one operation may ask for; refused before it runs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper, lru_cache, partial
from typing import Any, TypeVar

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    parse,
    specified_rules,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from service.schema.measure import Measured, measure
from service.settings import Settings

CACHED_DOCUMENTS = 256
LARGEST_CACHED = 16_384
RULES = tuple(specified_rules)

T = TypeVar("T")


def extensions(settings: Settings) -> list[Callable[[], SchemaExtension]]:
    """What a Schema needs to keep to the limits in *settings*."""
    return [partial(Limits, settings), partial(Deadline, settings.operation_timeout)]


class Deadline(SchemaExtension):
    """Cancels an operation that runs too long."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    async def on_execute(self) -> AsyncIterator[None]:
        """Execute, at most for the allowed time."""
        try:
            async with asyncio.timeout(self.seconds):
                yield
        except TimeoutError:
            message = f"The operation was stopped after {self.seconds:g} seconds."
            raise GraphQLError(message, extensions={"code": "TIMEOUT", "allowed": self.seconds}) from None


class Limits(SchemaExtension):
    """Reads, measures and validates a document, and refuses what is over a limit before it runs."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.points: int | None = None

    def on_parse(self) -> Iterator[None]:
        """Parse a text once for all its callers; one that cannot be read is left for Strawberry to report."""
        context = self.execution_context
        context.parse_options["max_tokens"] = self.settings.max_tokens
        if context.graphql_document is None and context.query:
            with suppress(GraphQLSyntaxError):
                context.graphql_document = _known(_parsed, context.query)(context.query, self.settings.max_tokens)
        yield

    def on_validate(self) -> Iterator[None]:
        """Measure first: the specification's rules are quadratic in repeated fields, measuring is linear."""
        context = self.execution_context
        schema = context.schema._schema  # noqa: SLF001  # as Strawberry's own extensions do
        document, text = context.graphql_document, context.query or ""
        if document is not None:
            read = _Read(text, document)
            measured = _known(_fixed, text)(schema, read, context.operation_name)
            if measured is None:
                measured = measure(schema, document, context.operation_name, context.variables)
            self.points = measured.points
            over = self._over(measured)
            context.pre_execution_errors = [over] if over else list(_known(_faults, text)(schema, read))
        yield

    def get_results(self) -> dict[str, Any]:
        """Points asked for and allowed, as ``extensions.cost``."""
        if self.points is None:
            return {}
        return {"cost": {"requested": self.points, "allowed": self.settings.max_cost}}

    def _over(self, measured: Measured) -> GraphQLError | None:
        settings = self.settings
        for code, what, found, allowed in (
            ("QUERY_TOO_DEEP", "levels of selections", measured.depth, settings.max_depth),
            ("QUERY_TOO_MANY_ALIASES", "aliases", measured.aliases, settings.max_aliases),
            ("QUERY_TOO_MANY_DIRECTIVES", "directives", measured.directives, settings.max_directives),
            ("QUERY_TOO_REPETITIVE", "repetitions of a field", measured.repeats, settings.max_aliases),
            ("QUERY_TOO_COMPLEX", "cost points", measured.points, settings.max_cost),
        ):
            if found > allowed:
                told = {"code": code, "measured": found, "allowed": allowed}
                return GraphQLError(
                    f"The operation has {found} {what}; at most {allowed} are allowed.", extensions=told
                )
        return None


@dataclass(frozen=True, slots=True)
class _Read:
    """A document known by its text: hashed and compared faster than a tree."""

    text: str
    document: DocumentNode = field(compare=False)


def _known(cached: "_lru_cache_wrapper[T]", text: str) -> Callable[..., T]:
    """*cached* for texts short enough to keep, else the function under it."""
    return cached if len(text) <= LARGEST_CACHED else cached.__wrapped__


@lru_cache(CACHED_DOCUMENTS)
def _parsed(text: str, max_tokens: int) -> DocumentNode:
    return parse(text, max_tokens=max_tokens)


@lru_cache(CACHED_DOCUMENTS)
def _fixed(schema: GraphQLSchema, read: _Read, operation_name: str | None) -> Measured | None:
    """The size of an operation, when no variable can change it."""
    measured = measure(schema, read.document, operation_name)
    return None if measured.varies else measured


@lru_cache(CACHED_DOCUMENTS)
def _faults(schema: GraphQLSchema, read: _Read) -> tuple[GraphQLError, ...]:
    """What the rules of the specification have against a document."""
    found = validate_document(schema, read.document, RULES)
    for error in found:
        error.extensions = {**(error.extensions or {}), "code": "GRAPHQL_VALIDATION_FAILED"}
    return tuple(found)
