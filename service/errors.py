"""What can be wrong, as one small family of exceptions that every door translates."""

from collections.abc import Sequence


class RegistryError(Exception):
    """Something the caller can understand and act on.

    ``code`` is stable and machine readable; ``path`` names the offending input field, outermost
    first. The message says what was seen, quoted, and what would be right.
    """

    code = "REGISTRY_ERROR"

    def __init__(self, message: str, *, path: Sequence[str | int] = (), code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(path)
        if code is not None:
            self.code = code


class Invalid(RegistryError):
    """The input breaks a rule of its own form: a bad date, a level above its scale."""

    code = "BAD_USER_INPUT"


class NotFound(RegistryError):
    """The input names a thing that the registry does not hold."""

    code = "NOT_FOUND"


class Conflict(RegistryError):
    """The input is well formed and contradicts what the registry holds."""

    code = "CONFLICT"


class Forbidden(RegistryError):
    """The caller may not do or see this."""

    code = "FORBIDDEN"


class Unavailable(RegistryError):
    """The engine cannot be had now; the same call may succeed later."""

    code = "UNAVAILABLE"
