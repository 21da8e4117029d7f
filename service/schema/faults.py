"""What a caller is told of an error, over every transport."""

import logging
from typing import Any
from uuid import uuid4

import strawberry
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext
from typing_extensions import override

from service.errors import RegistryError
from service.schema.inputs import camel
from service.schema.limits import Deadline
from service.schema.saying import said

UNREAD = {"Document contains more than": "QUERY_TOO_LONG", "Document is nested too deeply": "QUERY_TOO_DEEP"}

logger = logging.getLogger(__name__)


class Schema(strawberry.federation.Schema):
    """A schema whose errors carry ``extensions.code``, and whose faults stay inside."""

    @override
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Put in place of each error what the caller may know of it."""
        errors[:] = [told(error) for error in errors]

    @override
    def get_extensions(self, sync: bool = False) -> list[SchemaExtension]:
        """All extensions, without the deadline where no event loop could keep it."""
        return [each for each in super().get_extensions(sync) if not (sync and isinstance(each, Deadline))]


def told(error: GraphQLError) -> GraphQLError:
    """*error* with a code: itself when it has one, masked and logged when nobody meant it for the caller."""
    if error.extensions and "code" in error.extensions:
        return error
    if isinstance(error, GraphQLSyntaxError):
        code = next((code for said, code in UNREAD.items() if said in error.message), "GRAPHQL_PARSE_FAILED")
        return _coded(error, error.message, {"code": code})
    if _is_about_the_input(error):
        return _coded(error, error.message, {"code": "BAD_USER_INPUT"})
    if isinstance(error.original_error, RegistryError):
        return _coded(error, said(error.original_error.message), extensions(error.original_error))
    return unexpected(error.original_error or error, error)


def extensions(error: RegistryError) -> dict[str, Any]:
    """The code of *error*, and the input field it names."""
    return {"code": error.code} | ({"input": [camel(str(each)) for each in error.path]} if error.path else {})


def unexpected(fault: Exception, error: GraphQLError | None = None) -> GraphQLError:
    """Log *fault* under a new reference; the error in its place tells the reference and where, nothing else."""
    reference = str(uuid4())
    path = ".".join(map(str, error.path or ())) if error else ""
    logger.error("Unexpected error %s at %r", reference, path, exc_info=fault)
    told_instead = {"code": "INTERNAL_SERVER_ERROR", "reference": reference}
    return _coded(error, f"Unexpected error, logged with reference {reference}.", told_instead)


def _is_about_the_input(error: GraphQLError) -> bool:
    """Whether graphql-core refused a variable (no path yet) or an argument (an error inside the field's)."""
    if error.path is None:
        return error.original_error is None or bool(error.nodes)
    return isinstance(error.original_error, GraphQLError) and bool(error.original_error.nodes)


def _coded(error: GraphQLError | None, message: str, extensions: dict[str, Any]) -> GraphQLError:
    if error is None:
        return GraphQLError(message, extensions=extensions)
    return GraphQLError(
        message, error.nodes, error.source, error.positions, error.path, error.original_error, extensions
    )
