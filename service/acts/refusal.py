"""Why one fact of several cannot be recorded."""

from dataclasses import dataclass

from service.errors import Conflict, Forbidden, Invalid, NotFound, RegistryError

ERRORS: dict[str, type[RegistryError]] = {
    **{each.code: each for each in (Conflict, Forbidden, Invalid, NotFound)},
    "RETRACTED": Conflict,
    "SELF_VERIFICATION": Forbidden,
}
"""The exception of each code that a refusal may have."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why the fact at *index* cannot be recorded: the field, what it held, what is wrong with it."""

    index: int
    field: str
    value: str
    reason: str
    code: str = "BAD_USER_INPUT"

    def error(self) -> RegistryError:
        """The same as an exception, for a write that stands or falls as a whole."""
        return ERRORS[self.code](f"{self.field} {self.value!r}: {self.reason}", path=(self.field,), code=self.code)
