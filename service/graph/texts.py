"""The Cypher of a noun: one mechanism for every kind of fact, its text made once from literal parts.

Current states are nodes with the noun's label. A correction first copies the old state to a ``Past``
node behind ``WAS``, so nothing recorded is overwritten; retiring sets ``retracted_seq``. Relationships
mirror the id fields of the current state.
"""

from dataclasses import dataclass
from functools import cache
from typing import LiteralString

from service.graph.nouns import NOUNS, Link, Noun, OnRetire


@dataclass(frozen=True, kw_only=True)
class LinkTexts:
    """The statements of one link."""

    link: Link
    there: LiteralString
    """Which of $ids the target noun has."""
    make: LiteralString
    """Rows that name a target that exists get the relationship."""
    cut: LiteralString
    dependents: LiteralString
    """Ids of the current facts that hold on to the targets $ids."""
    below: LiteralString
    """The current facts that name the targets $ids."""
    page: LiteralString
    """A page of the current facts that name the target $id."""
    count: LiteralString


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The statements of one noun."""

    noun: Noun
    by_id: LiteralString
    any: LiteralString
    correct: LiteralString
    retire: LiteralString
    page: LiteralString
    named_page: LiteralString
    count: LiteralString
    named_count: LiteralString
    history: LiteralString
    earlier: LiteralString
    """The past states of $ids that were recorded up to change $known."""
    links: tuple[LinkTexts, ...]


def _link(noun: Noun, link: Link) -> LinkTexts:
    fact: LiteralString = "(fact:" + noun.label + " {id: row.id})"
    many: LiteralString = "UNWIND row." + link.field + " AS target_id\n"
    target: LiteralString = "(target:" + link.target + " {id: target_id})"
    edge: LiteralString = (
        "(target)-[:" + link.relationship + "]->(fact)"
        if link.is_inward
        else "(fact)-[:" + link.relationship + "]->(target)"
    )
    between: LiteralString = (
        "(target:" + link.target + " {id: id})-[:" + link.relationship + "]->(fact:" + noun.label + ")"
        if link.is_inward
        else "(target:" + link.target + " {id: id})<-[:" + link.relationship + "]-(fact:" + noun.label + ")"
    )
    # from the fact, which has an index: the embedded engine goes by the order in which a pattern is written
    old: LiteralString = (
        fact + "<-[edge:" + link.relationship + "]-(:" + link.target + ")"
        if link.is_inward
        else fact + "-[edge:" + link.relationship + "]->(:" + link.target + ")"
    )
    return LinkTexts(
        link=link,
        there="UNWIND $ids AS id\nMATCH (target:" + link.target + " {id: id})\nRETURN target.id AS id",
        make=("UNWIND $rows AS row\n" + many + "MATCH " + fact + "\n" + "MATCH " + target + "\n" + "CREATE " + edge),
        cut="UNWIND $rows AS row\nMATCH " + old + "\nDELETE edge",
        dependents=(
            "UNWIND $ids AS id\nMATCH "
            + between
            + "\nWHERE fact.retracted_seq IS NULL\n"
            + "RETURN fact.id AS id, target.id AS target_id ORDER BY id"
        ),
        below=(
            "UNWIND $ids AS id\nMATCH "
            + between
            + "\nWHERE fact.retracted_seq IS NULL\n"
            + "RETURN target.id AS target_id, properties(fact) AS fact ORDER BY target_id, fact.id"
        ),
        page=(
            "WITH $id AS id\nMATCH "
            + between
            + "\nWHERE fact.retracted_seq IS NULL AND fact.id > $after\n"
            + "RETURN properties(fact) AS fact ORDER BY fact.id LIMIT $first"
        ),
        count="WITH $id AS id\nMATCH " + between + "\nWHERE fact.retracted_seq IS NULL\nRETURN count(fact) AS count",
    )


@cache
def recording(label: LiteralString, links: tuple[Link, ...]) -> LiteralString:
    """Creates *label* facts from $rows together with their *links*, whose targets all exist; counts them."""
    matches: LiteralString = ""
    edges: LiteralString = ""
    for link in links:
        matches = matches + "MATCH (" + link.field + ":" + link.target + " {id: row." + link.field + "})\n"
        edges = edges + (
            "CREATE (" + link.field + ")-[:" + link.relationship + "]->(fact)\n"
            if link.is_inward
            else "CREATE (fact)-[:" + link.relationship + "]->(" + link.field + ")\n"
        )
    return (
        "UNWIND $rows AS row\n"
        + matches
        + "CREATE (fact:"
        + label
        + ") SET fact = row\n"
        + edges
        + "RETURN count(fact) AS count"
    )


def _texts(noun: Noun) -> Texts:
    label = noun.label
    return Texts(
        noun=noun,
        by_id="UNWIND $ids AS id\nMATCH (fact:"
        + label
        + " {id: id})\nRETURN properties(fact) AS fact ORDER BY fact.id",
        any="MATCH (fact:" + label + ") RETURN fact.id AS id LIMIT 1",
        correct=(
            "UNWIND $rows AS row\n"
            "MATCH (fact:"
            + label
            + " {id: row.id})\n"
            + "CREATE (fact)-[:WAS]->(past:Past)\n"
            + "SET past = properties(fact)\n"
            + "SET past.noun = '"
            + label
            + "', past.retracted_seq = coalesce(fact.retracted_seq, $seq)\n"
            + "SET fact = row"
        ),
        retire="UNWIND $ids AS id\nMATCH (fact:" + label + " {id: id})\nSET fact.retracted_seq = $seq",
        page=(
            "MATCH (fact:"
            + label
            + ") WHERE fact.id > $after AND fact.retracted_seq IS NULL\n"
            + "RETURN properties(fact) AS fact ORDER BY fact.id LIMIT $first"
        ),
        named_page=(
            "MATCH (fact:"
            + label
            + ") WHERE fact.id > $after AND fact.retracted_seq IS NULL\n"
            + "AND toLower(fact.name) CONTAINS $naming\n"
            + "RETURN properties(fact) AS fact ORDER BY fact.id LIMIT $first"
        ),
        count="MATCH (fact:" + label + ") WHERE fact.retracted_seq IS NULL\nRETURN count(fact) AS count",
        named_count=(
            "MATCH (fact:"
            + label
            + ") WHERE fact.retracted_seq IS NULL AND toLower(fact.name) CONTAINS $naming\n"
            + "RETURN count(fact) AS count"
        ),
        history=(
            "UNWIND $ids AS id\nMATCH (fact:"
            + label
            + " {id: id})-[:WAS]->(past:Past)\n"
            + "RETURN properties(past) AS fact ORDER BY past.id, past.recorded_seq"
        ),
        earlier=(
            "UNWIND $ids AS id\nMATCH (fact:"
            + label
            + " {id: id})-[:WAS]->(past:Past)\nWHERE past.recorded_seq <= $known\n"
            + "RETURN properties(past) AS fact ORDER BY past.id, past.recorded_seq, past.retracted_seq"
        ),
        links=tuple(_link(noun, link) for link in noun.links),
    )


TEXTS: dict[str, Texts] = {noun.label: _texts(noun) for noun in NOUNS}
"""The statements of every noun, by label."""

DEPENDENTS: dict[str, tuple[tuple[Noun, LinkTexts], ...]] = {
    target.label: tuple(
        (noun, link)
        for noun in NOUNS
        for link in TEXTS[noun.label].links
        if link.link.target == target.label and link.link.on_retire is not OnRetire.KEEP
    )
    for target in NOUNS
}
"""For every label, the links through which other facts hold on to it."""
