"""One operation is measured in one pass, and refused before it runs when it asks for too much."""

import asyncio
from typing import Any

import pytest
import strawberry
from graphql import get_introspection_query, parse
from graphql.language import FieldNode, FragmentSpreadNode, Visitor, visit
from strawberry.types import ExecutionResult

from service.schema import limits
from service.schema.faults import Schema
from service.schema.measure import Measured, measure
from service.settings import load


@strawberry.type
class Skill:
    name: str = "Welding"


@strawberry.type
class SkillConnection:
    nodes: list[Skill]
    total_count: int = 0


@strawberry.type
class Person:
    name: str = "Ada"

    @strawberry.field
    def skills(self, first: int = 50, last: int | None = None) -> SkillConnection:  # noqa: ARG002
        return SkillConnection(nodes=[])

    @strawberry.field
    def friend(self) -> "Person":
        return self


@strawberry.type
class PersonEdge:
    node: Person
    cursor: str = ""


@strawberry.type
class PersonConnection:
    nodes: list[Person]
    edges: list[PersonEdge]
    total_count: int = 0


@strawberry.type
class Query:
    ran = 0

    @strawberry.field
    def people(self, first: int = 50) -> PersonConnection:  # noqa: ARG002
        Query.ran += 1
        return PersonConnection(nodes=[], edges=[])

    @strawberry.field
    def candidates(self, first: int = 10) -> list[Person]:  # noqa: ARG002
        return []

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[Person]:  # noqa: ARG002
        return []

    @strawberry.field
    def me(self) -> Person:
        return Person()


SCHEMA = Schema(query=Query, extensions=limits.extensions(load()))
TYPES = SCHEMA._schema  # noqa: SLF001  # what graphql-core is given


def size(text: str, name: str | None = None) -> Measured:
    return measure(TYPES, parse(text), name)


def points(text: str, **variables: object) -> int:
    return measure(TYPES, parse(text), None, variables).points


def ask(text: str, **variables: object) -> ExecutionResult:
    return asyncio.run(SCHEMA.execute(text, variable_values=variables))


def refusal(text: str, **variables: object) -> tuple[str, dict[str, Any]]:
    result = ask(text, **variables)
    assert result.data is None
    assert result.errors
    [error] = result.errors
    return error.message, error.extensions or {}


def test_a_field_costs_one_point() -> None:
    assert points("{ me { name friend { name } } }") == 4


def test_typename_is_free() -> None:
    assert points("{ __typename me { __typename name } }") == 2


def test_what_is_on_a_page_costs_its_points_once_per_item() -> None:
    assert points("{ people(first: 10) { totalCount nodes { name } } }") == 1 + 1 + 1 + 10
    assert points("{ people(first: 10) { edges { cursor node { name } } } }") == 1 + 1 + 10 * 3


def test_pages_within_pages_multiply() -> None:
    assert points("{ people(first: 10) { nodes { skills(first: 20) { nodes { name } } } } }") == 2 + 10 * (2 + 20)


def test_a_page_without_a_size_has_the_size_the_schema_says() -> None:
    assert points("{ people { nodes { name } } }") == 2 + 50


def test_a_page_size_may_be_a_variable_its_default_or_missing() -> None:
    text = "query ($first: Int = 7) { people(first: $first) { nodes { name } } }"
    assert points(text, first=3) == 2 + 3
    assert points(text) == 2 + 7
    assert points(text, first=None) == 2 + 50


@pytest.mark.parametrize("first", [101, 10**30, "a hundred", [1], 2.5, {}])
def test_an_impossible_page_size_counts_as_the_largest_page(first: object) -> None:
    assert points("query ($first: Int) { people(first: $first) { nodes { name } } }", first=first) == 2 + 100


def test_last_is_a_page_size_too() -> None:
    assert points("{ me { skills(last: 5) { nodes { name } } } }") == 1 + 2 + 5


def test_a_plain_list_with_a_size_counts_every_item() -> None:
    assert points("{ candidates(first: 4) { name friend { name } } }") == 1 + 4 * 3


def test_items_asked_for_by_id_count_one_by_one() -> None:
    assert points('{ nodes(ids: ["a", "b", "c"]) { name } }') == 1 + 3
    assert points("query ($ids: [ID!]!) { nodes(ids: $ids) { name } }", ids=["a"] * 9) == 1 + 9


def test_pages_count_through_fragments() -> None:
    text = "{ people(first: 10) { ...Page } } fragment Page on PersonConnection { totalCount nodes { name } }"
    assert points(text) == 1 + 1 + 1 + 10


def test_depth_aliases_and_directives_count_through_fragments() -> None:
    measured = size(
        "query Q @a { one: me { friend @b { ...F } } } fragment F on Person @c { two: friend { ... @d { name @e } } }"
    )
    assert (measured.depth, measured.aliases, measured.directives) == (4, 2, 5)


def test_only_the_operation_named_counts() -> None:
    text = "query A { me { name } } query B { one: me { two: friend { three: name } } }"
    assert (size(text, "A").points, size(text, "A").aliases, size(text, "B").points) == (2, 0, 3)


def test_a_field_repeated_in_one_selection_counts_as_repetition_also_in_inline_fragments() -> None:
    assert size("{ me { name name ... { name } ... on Person { name } } }").repeats == 3
    assert size("{ me { name friend { name } } candidates { name } }").repeats == 0


def test_a_nested_fragment_bomb_is_visited_once_per_fragment() -> None:
    bomb = "{me{...A0}}" + "".join(f"fragment A{n} on Person{{...A{n + 1} ...A{n + 1}}}" for n in range(17))
    bomb += "fragment A17 on Person{name}"
    assert 600 < len(bomb) < 700
    measured = size(bomb)
    assert measured.visits == written(bomb) == 37
    assert measured.points == 1 + 2**17


def test_work_grows_with_the_text_and_not_with_what_it_expands_to() -> None:
    def bomb(fragments: int) -> str:
        nested = "".join(
            f"fragment A{n} on Person{{friend{{...A{n + 1}}} ...{{friend{{...A{n + 1}}}}}}}" for n in range(fragments)
        )
        return f"{{me{{...A0}}}}{nested}fragment A{fragments} on Person{{name}}"

    assert [size(bomb(n)).visits for n in (10, 20, 40)] == [written(bomb(n)) + n for n in (10, 20, 40)]


def test_fragments_that_hold_themselves_end() -> None:
    text = "{ me { ...A } } fragment A on Person { friend { ...B } } fragment B on Person { friend { ...A } }"
    assert size(text).visits == written(text)
    assert refusal(text)[1]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_unknown_fields_types_and_fragments_are_measured_and_then_refused_by_validation() -> None:
    text = "{ nothing { ...Gone ... on Nobody { other(first: 3) { name } } } }"
    assert points(text) == 1 + 1 + 3
    assert [(error.extensions or {})["code"] for error in ask(text).errors or ()] == ["GRAPHQL_VALIDATION_FAILED"] * 3


def test_the_introspection_query_is_free_and_allowed() -> None:
    text = get_introspection_query(
        input_value_deprecation=True, schema_description=True, directive_is_repeatable=True, specified_by_url=True
    )
    assert (size(text).points, size(text).depth) == (0, 0)
    result = ask(text)
    assert result.errors is None
    assert result.extensions == {"cost": {"requested": 0, "allowed": 5000}}


def test_too_many_points_are_refused_before_anything_runs() -> None:
    Query.ran = 0
    text = "query ($n: Int!) { people(first: $n) { nodes { skills(first: 60) { nodes { name } } } } }"
    assert refusal(text, n=100) == (
        "The operation has 6202 cost points; at most 5000 are allowed.",
        {"code": "QUERY_TOO_COMPLEX", "measured": 6202, "allowed": 5000},
    )
    assert Query.ran == 0
    assert ask(text, n=10).errors is None
    assert Query.ran == 1


def test_a_text_seen_before_is_measured_anew_when_variables_size_its_pages() -> None:
    text = "query ($n: Int!) { people(first: $n) { nodes { name } } }"
    cost = [(ask(text, n=n).extensions or {})["cost"]["requested"] for n in (1, 2, 1)]
    assert cost == [3, 4, 3]


def test_too_deep_is_refused_with_the_depth() -> None:
    assert refusal("{ me { " + "friend { " * 11 + "name" + " }" * 13) == (
        "The operation has 13 levels of selections; at most 12 are allowed.",
        {"code": "QUERY_TOO_DEEP", "measured": 13, "allowed": 12},
    )


def test_a_thousand_levels_are_refused_without_a_fault() -> None:
    assert refusal("{me" + "{friend" * 400 + "{name" + "}" * 402)[1]["code"] == "QUERY_TOO_DEEP"


def test_too_many_aliases_directives_repetitions_and_tokens_are_refused() -> None:
    aliased = "{" + "".join(f"a{n}: __typename " for n in range(16)) + "}"
    directed = "{ me { " + "... @include(if: true) { name } " * 9 + "} }"
    repeated = "{ me { " + "name " * 17 + "} }"
    assert [refusal(text)[1] for text in (aliased, directed, repeated)] == [
        {"code": "QUERY_TOO_MANY_ALIASES", "measured": 16, "allowed": 15},
        {"code": "QUERY_TOO_MANY_DIRECTIVES", "measured": 9, "allowed": 8},
        {"code": "QUERY_TOO_REPETITIVE", "measured": 16, "allowed": 15},
    ]
    assert refusal("{ me { " + "name " * 1000 + "} }") == (
        "Syntax Error: Document contains more than 1000 tokens. Parsing aborted.",
        {"code": "QUERY_TOO_LONG"},
    )


def test_repetitions_count_in_the_whole_document_since_all_of_it_is_validated() -> None:
    text = "query A { me { name } } query B { me { " + "name " * 17 + "} }"
    result = asyncio.run(SCHEMA.execute(text, operation_name="A"))
    assert result.errors
    assert result.errors[0].extensions == {"code": "QUERY_TOO_REPETITIVE", "measured": 16, "allowed": 15}


def test_the_sdl_can_be_read_without_an_event_loop() -> None:
    assert SCHEMA.introspect()["__schema"]["queryType"]["name"] == "Query"


def written(text: str) -> int:
    """How many fields and spreads stand in *text*."""
    found = 0

    class Count(Visitor):
        def enter(self, node: object, *_: object) -> None:
            nonlocal found
            found += isinstance(node, FieldNode | FragmentSpreadNode)

    visit(parse(text), Count())
    return found
