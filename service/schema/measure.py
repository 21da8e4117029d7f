"""The size of one operation, found in one pass over its document.

Points: a field costs 1. Below a field that takes ``first`` or ``last`` everything in ``edges`` and
``nodes`` counts once per item of the page; below ``nodes(ids:)`` and ``_entities(representations:)``
once per item asked for. ``__typename`` and introspection are free of depth and points.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

PAGE = 50
LARGEST_PAGE = 100
MOST_POINTS = 1_000_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """The size of one operation; ``visits`` is the work it took, ``varies`` whether variables size its pages."""

    depth: int
    points: int
    aliases: int
    directives: int
    repeats: int
    visits: int
    varies: bool


def measure(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None = None,
    variables: Mapping[str, Any] | None = None,
) -> Measured:
    """The size of the operation named, or the first. Any document will do, valid or not."""
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    chosen = next((each for each in operations if each.name and each.name.value == operation_name), operations[0])
    walk = _Walk(schema, document, chosen, variables or {})
    sizes = {id(each): walk.operation(each) for each in operations}
    for name in walk.fragments:
        walk.fragment(name)
    size = sizes[id(chosen)]
    reached = [size, *(walk.sizes[name] for name in walk.reached(size))]
    return Measured(
        depth=size.depth,
        points=min(size.once + size.each, MOST_POINTS),
        aliases=sum(each.aliases for each in reached),
        directives=sum(each.directives for each in reached),
        repeats=walk.repeats,
        visits=walk.visits,
        varies=walk.varies,
    )


@dataclass(slots=True)
class _Size:
    """What is written in one place: ``once`` are points, ``each`` the points per item of the page around it."""

    depth: int = 0
    once: int = 0
    each: int = 0
    aliases: int = 0
    directives: int = 0
    spreads: set[str] = field(default_factory=set)


class _Walk:
    """One pass over a document: every selection is visited once, every fragment sized once."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self.schema = schema
        self.fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self.defaults = {each.variable.name.value: each.default_value for each in operation.variable_definitions or ()}
        self.variables = variables
        self.sizes: dict[str, _Size] = {}
        self.repeats = self.visits = 0
        self.varies = False

    def operation(self, node: OperationDefinitionNode) -> _Size:
        size = _Size(directives=len(node.directives or ()))
        size.directives += sum(len(each.directives or ()) for each in node.variable_definitions or ())
        self._selections(node.selection_set, self.schema.get_root_type(node.operation), size, set())
        return size

    def fragment(self, name: str) -> _Size:
        """The size of a fragment; nothing for one that is unknown or being sized, since it holds itself."""
        if name not in self.sizes and name in self.fragments:
            node = self.fragments[name]
            self.sizes[name] = _Size()
            size = _Size(directives=len(node.directives or ()))
            self._selections(node.selection_set, self.schema.get_type(node.type_condition.name.value), size, set())
            self.sizes[name] = size
        return self.sizes.get(name, _Size())

    def reached(self, size: _Size) -> set[str]:
        """Names of the fragments spread in *size*, directly or through others."""
        found: set[str] = set()
        ahead = size.spreads & self.sizes.keys()
        while ahead:
            found |= ahead
            ahead = {name for each in ahead for name in self.sizes[each].spreads if name in self.sizes} - found
        return found

    def _selections(
        self, node: SelectionSetNode, parent: GraphQLNamedType | None, size: _Size, seen: set[tuple[str, str]]
    ) -> None:
        """Add what *node* selects to *size*; *seen* are the fields selected beside it, by type and response name."""
        for selection in node.selections:
            self.visits += 1
            size.directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                self._field(selection, parent, size, seen)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inside = self.schema.get_type(condition.name.value) if condition else parent
                self._selections(selection.selection_set, inside, size, seen)
            elif isinstance(selection, FragmentSpreadNode):
                spread = self.fragment(selection.name.value)
                size.spreads.add(selection.name.value)
                size.depth = max(size.depth, spread.depth)
                size.once += spread.once
                size.each += spread.each

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, size: _Size, seen: set[tuple[str, str]]) -> None:
        name = node.name.value
        key = (parent.name if parent else "", node.alias.value if node.alias else name)
        self.repeats += key in seen
        seen.add(key)
        size.aliases += node.alias is not None
        known = parent.fields.get(name) if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else None
        below = get_named_type(known.type) if known else None
        inner = _Size()
        if node.selection_set:
            self._selections(node.selection_set, below, inner, set())
            size.aliases += inner.aliases
            size.directives += inner.directives
            size.spreads |= inner.spreads
        if name.startswith("__"):
            return
        size.depth = max(size.depth, inner.depth + 1)
        items = self._items(node, known)
        points = inner.once + items * inner.each if _is_connection(below) else items * (inner.once + inner.each)
        size.once += 1
        if _is_connection(parent) and name in ("edges", "nodes"):
            size.each += points
        else:
            size.once += points

    def _items(self, node: FieldNode, known: GraphQLField | None) -> int:
        """How many items the arguments of a field ask for; 1 for a field that is not a list."""
        given = {each.name.value: each.value for each in node.arguments or ()}
        for name in ("ids", "representations"):
            if name in given:
                value = self._value(given[name])
                return len(value) if isinstance(value, list | tuple) else 1
        sizes = [self._value(given[name]) for name in ("first", "last") if name in given]
        sizes = [each for each in sizes if each is not None]
        if not sizes and known and "first" in known.args:
            default = known.args["first"].default_value
            sizes = [default if isinstance(default, int) else PAGE]
        if not sizes:
            return 1
        return max(min(max(each, 1), LARGEST_PAGE) if isinstance(each, int) else LARGEST_PAGE for each in sizes)

    def _value(self, node: ValueNode | None) -> Any:  # noqa: ANN401  # whatever JSON the caller sent
        """The value of an argument, as far as a number or a length can be read from it."""
        match node:
            case VariableNode():
                self.varies = True
                name = node.name.value
                return self.variables[name] if name in self.variables else self._value(self.defaults.get(name))
            case IntValueNode():
                return int(node.value) if len(node.value) < len(str(MOST_POINTS)) else MOST_POINTS
            case ListValueNode():
                return node.values
            case None | NullValueNode():
                return None
            case _:
                return LARGEST_PAGE


def _is_connection(named: GraphQLNamedType | None) -> bool:
    return named is not None and named.name.endswith("Connection")
