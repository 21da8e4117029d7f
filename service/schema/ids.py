"""Global ids: the noun and the thing's own id, as ``Person:p-0123``. Clients treat them as opaque."""

from collections.abc import Sequence

import strawberry

from service.errors import Invalid
from service.graph.nouns import BY_LABEL, one


def global_id(label: str, id_: str) -> strawberry.ID:
    """The id by which clients know the *label* with *id_*."""
    return strawberry.ID(f"{label}:{id_}")


def parse(given: str, *labels: str, path: Sequence[str | int] = ()) -> tuple[str, str]:
    """Label and own id of the global id *given*.

    Raises Invalid when it is not one, or not of one of *labels* where they are named.
    """
    label, colon, id_ = given.partition(":")
    if not colon or not id_ or label not in BY_LABEL:
        what = " or ".join(map(one, labels)) or "a thing"
        raise Invalid(
            f"{given[:200]!r} is not the id of {what}; ids look like {(labels or ('Person',))[0]}:p-0123", path=path
        )
    if labels and label not in labels:
        raise Invalid(f"{given[:200]!r} is the id of {one(label)}, not of {' or '.join(map(one, labels))}", path=path)
    return label, id_


def own_id_in(given: str | None, label: str, path: Sequence[str | int]) -> str | None:
    """The own id of the *label* that *given* names, as ``parse``; None where none is given: an empty one is refused."""
    return None if given is None else parse(given, label, path=path)[1]
