"""What a mutation returns: its subject, the number of its change, and what was wrong as data."""

from enum import StrEnum
from typing import Any

import strawberry

from service.errors import Conflict, Forbidden, Invalid, NotFound, RegistryError
from service.schema.enums import describe
from service.schema.inputs import camel
from service.schema.nodes import class_of, lazy
from service.schema.saying import said


class ErrorCode(StrEnum):
    """What kind of mistake an error is."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    FORBIDDEN = "FORBIDDEN"
    SELF_VERIFICATION = "SELF_VERIFICATION"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    ALREADY_VERIFIED = "ALREADY_VERIFIED"
    RETRACTED = "RETRACTED"


describe(
    ErrorCode,
    {
        "BAD_USER_INPUT": "The input breaks a rule of its own form.",
        "NOT_FOUND": "The input names a thing that is not there.",
        "CONFLICT": "The input contradicts what the registry holds.",
        "FORBIDDEN": "The caller may not do this.",
        "SELF_VERIFICATION": "Nobody decides on an assertion about themselves.",
        "OUT_OF_SCOPE": "The assessor has no authority over this skill and this person's unit on that day.",
        "ALREADY_VERIFIED": "The same assessor's verification stands; another assessor has to decide.",
        "RETRACTED": "The assertion was retracted; there is nothing to decide on.",
    },
)


@strawberry.interface(description="Something wrong with the input of a mutation.")
class MutationError:
    """Something wrong with the input of a mutation."""

    message: str = strawberry.field(description="What was seen, and what would be right.")
    path: list[str] = strawberry.field(
        description="The input field concerned, outermost first; empty: the whole input."
    )
    code: ErrorCode = strawberry.field(description="What kind of mistake it is.")


@strawberry.type(description="One field of the input is wrong, or the input as a whole.")
class InputError(MutationError):
    """One field of the input is wrong, or the input as a whole."""


AS_DATA = (Invalid, NotFound, Conflict, Forbidden)
"""The errors that a mutation returns as data; others are errors of the request."""


def errors_of(error: RegistryError) -> list[MutationError]:
    """*error* as data."""
    path = [camel(str(each)) for each in error.path]
    if path[:1] != ["input"]:
        path = ["input", *path]
    return [InputError(message=said(error.message), path=path, code=ErrorCode(error.code))]


PAYLOADS: dict[str, type[Any]] = {}


def payload_of(label: str) -> type[Any]:
    """The payload whose result is a *label*."""
    if label not in PAYLOADS:
        made = class_of(
            f"{label}Payload",
            [
                ("result", lazy(label) | None, strawberry.field(description="The thing as it is now; null on errors.")),
                (
                    "seq",
                    int | None,
                    strawberry.field(
                        description="Number of the change; null on errors. Ask `knownAt` it to see just this."
                    ),
                ),
                (
                    "errors",
                    list[MutationError],
                    strawberry.field(description="What was wrong; empty when it was done."),
                ),
            ],
        )
        PAYLOADS[label] = strawberry.type(made, description=f"What became of the {label}.")
    return PAYLOADS[label]
