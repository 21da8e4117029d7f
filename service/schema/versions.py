"""How versions of a thing are drafted, published and retired."""

from collections.abc import Callable, Mapping
from typing import Any

from service.domain.roles import VersionStatus
from service.errors import Conflict

DRAFT = {"status": VersionStatus.DRAFT}
STATUS = frozenset({"status"})


def draft_only(what: str) -> Callable[[Any], None]:
    """A check that refuses to revise a version of *what* that is no longer a draft."""

    def check(current: Any) -> None:  # noqa: ANN401  # a version
        if current.status is not VersionStatus.DRAFT:
            raise Conflict(
                f"Version {current.version} is {current.status}; draft a new version of the {what}", path=("id",)
            )

    return check


def turned(new: VersionStatus, *before: VersionStatus) -> Callable[[Any], Mapping[str, Any]]:
    """The change that makes a version *new* when it is one of *before*; Conflict otherwise."""

    def change(current: Any) -> Mapping[str, Any]:  # noqa: ANN401  # a version
        if current.status not in before:
            wanted = " or ".join(before)
            raise Conflict(
                f"Version {current.version} is {current.status}; only {wanted} can become {new}", path=("id",)
            )
        return {"status": new}

    return change
