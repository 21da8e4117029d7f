"""Inputs of mutations, read off the domain's field lists: ids of other things become global ids."""

from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import strawberry
from strawberry import UNSET

from service.domain.values import Fact
from service.errors import Invalid
from service.graph.nouns import noun_of
from service.schema.ids import parse
from service.schema.nodes import class_of, doc_of, plain

HIDDEN = frozenset({"id", "recorded_seq", "retracted_seq"})
KEY = "A key of the client's own: a repeat with the same key returns the first result and writes nothing."


def camel(name: str) -> str:
    """*name* as GraphQL writes it."""
    head, *tail = name.split("_")
    return head + "".join(each.capitalize() for each in tail)


def targets_of(shape: type[Fact]) -> dict[str, tuple[str, ...]]:
    """The fields of *shape* that name other things, with the labels they may name."""
    found: dict[str, tuple[str, ...]] = {}
    for link in noun_of(shape).links:
        found[link.field] = (*found.get(link.field, ()), link.target)
    return found


def _global(hint: Any) -> Any:  # noqa: ANN401  # a type
    if get_origin(hint) is list:
        return list[strawberry.ID]
    return strawberry.ID


def _optional(hint: Any) -> bool:  # noqa: ANN401  # a type
    return get_origin(hint) in (Union, UnionType) and type(None) in get_args(hint)


def input_of(  # each says one thing about the input
    shape: type[Fact],
    name: str,
    description: str,
    *,
    omit: frozenset[str] = frozenset(),
    is_correction: bool = False,
    extra: tuple[tuple[str, Any, Any], ...] = (),
) -> type[Any]:
    """The input *name* with the fields of *shape* but those in *omit*.

    A correction names the thing by its id, and each field left out stays as it is; otherwise the field
    takes the domain's default, and the id may be the house's own code.
    """
    hints = get_type_hints(shape, include_extras=True)
    targets = targets_of(shape)
    made: list[tuple[str, Any, Any]] = list(extra)
    for field in fields(shape):
        if field.name in HIDDEN | omit:
            continue
        hint = plain(hints[field.name])
        kind = _global(hint) if field.name in targets else hint
        has_default = field.default is not MISSING or field.default_factory is not MISSING
        if is_correction or has_default:
            kind = kind if _optional(kind) else kind | None
            made.append((field.name, kind, strawberry.field(description=doc_of(hints[field.name]), default=UNSET)))
        else:
            made.append((field.name, kind, strawberry.field(description=doc_of(hints[field.name]))))
    return strawberry.input(class_of(name, made), name=name, description=description)


def key_field() -> tuple[str, Any, Any]:
    """The field that every mutation's input ends in."""
    return ("idempotency_key", str | None, strawberry.field(description=KEY, default=None))


def own_id_field(label: str) -> tuple[str, Any, Any]:
    """The field by which a new thing may bring the house's own code."""
    text = f"The house's own code for it, which becomes part of its id, as in {label}:CODE. One is made when absent."
    return ("code", str | None, strawberry.field(description=text, default=None))


def id_field(label: str, text: str) -> tuple[str, Any, Any]:
    """The field that names the thing a mutation is about."""
    return ("id", strawberry.ID, strawberry.field(description=text or f"The {label}."))


def values_of(given: Any, shape: type[Fact], path: tuple[str | int, ...] = ("input",)) -> dict[str, Any]:  # noqa: ANN401
    """The fields of *shape* that the input *given* holds, global ids turned into own ids.

    Raises Invalid for an id of another noun, and for null where the domain knows no null.
    """
    targets = targets_of(shape)
    hints = get_type_hints(shape, include_extras=True)
    values: dict[str, Any] = {}
    for field in fields(shape):
        value = getattr(given, field.name, UNSET) if field.name not in HIDDEN else UNSET
        if value is UNSET:
            continue
        where = (*path, camel(field.name))
        if value is None and not _optional(plain(hints[field.name])):
            raise Invalid(f"{camel(field.name)} cannot be null; leave it out to keep it as it is", path=where)
        if field.name in targets and value is not None:
            if isinstance(value, list):
                value = [parse(each, *targets[field.name], path=(*where, at))[1] for at, each in enumerate(value)]
            else:
                value = parse(value, *targets[field.name], path=where)[1]
        values[field.name] = value
    return values
