"""Full-text search: the short list of what may be meant, from the engine's index over names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import LiteralString

from service.graph.database import Database, Transaction

SHORT_LIST = 150
"""Things that each index may put on the short list."""


def _text(index: LiteralString) -> LiteralString:
    return (
        "CALL db.index.fulltext.queryNodes('"
        + index
        + "', $words) YIELD node, score\n"
        + "WITH node, score WHERE node.retracted_seq IS NULL\n"
        + "RETURN node.id AS id, score ORDER BY score DESC, id LIMIT $first"
    )


NAMED: Mapping[str, tuple[LiteralString, ...]] = {
    "Skill": (_text("skill_name"), _text("skill_alternative")),
    "Role": (_text("role_name"), _text("role_alternative")),
}


async def short_list(database: Database, label: str, words: Iterable[str]) -> set[str]:
    """Ids of current *label*s, ``Skill`` or ``Role``, that have some of *words* in a name: those with most of them.

    *words* are of letters and digits only, so nothing in them is taken for the index's query language.
    """
    asked = " ".join(sorted({word.rstrip("+#") for word in words} - {""}))
    if not asked:
        return set()

    async def read(transaction: Transaction) -> set[str]:
        found: set[str] = set()
        for text in NAMED[label]:
            found.update(row["id"] for row in await transaction.rows(text, words=asked, first=SHORT_LIST))
        return found

    return await database.reading(read)


@dataclass(frozen=True, kw_only=True)
class NameTexts:
    """The statements that read names of one noun, and what changed about them."""

    recorded: LiteralString
    retracted: LiteralString


NAMES: Mapping[str, NameTexts] = {
    "Skill": NameTexts(
        recorded="""
MATCH (fact:Skill) WHERE fact.recorded_seq > $after AND fact.retracted_seq IS NULL
RETURN fact.id, fact.name, coalesce(fact.alternative_labels, []), fact.kind, fact.is_group, fact.lifecycle
ORDER BY fact.id
""",
        retracted="""
MATCH (fact:Skill) WHERE fact.retracted_seq > $after
RETURN fact.id ORDER BY fact.id
""",
    ),
    "Role": NameTexts(
        recorded="""
MATCH (fact:Role) WHERE fact.recorded_seq > $after AND fact.retracted_seq IS NULL
RETURN fact.id, fact.name, coalesce(fact.alternative_labels, []), '' AS kind, false AS is_group, '' AS lifecycle
ORDER BY fact.id
""",
        retracted="""
MATCH (fact:Role) WHERE fact.retracted_seq > $after
RETURN fact.id ORDER BY fact.id
""",
    ),
}

Name = tuple[str, str, list[str], str, bool, str]
"""Id, name, alternative labels, kind, whether it is a group, lifecycle."""


async def names_after(database: Database, label: str, after: int) -> tuple[list[Name], list[str]]:
    """The current *label*s recorded after change number *after*, and the ids of those retired since."""
    texts = NAMES[label]

    async def read(transaction: Transaction) -> tuple[list[Name], list[str]]:
        retracted = [id_ for (id_,) in await transaction.values(texts.retracted, after=after)]
        recorded = [tuple(row) for row in await transaction.values(texts.recorded, after=after)]
        return recorded, retracted

    return await database.reading(read)


WITHDRAWN = """
MATCH (fact:SuggestionDecision) WHERE fact.retracted_seq > $after
RETURN fact.language, fact.phrase, fact.skill_id, null AS is_accepted
ORDER BY fact.id
"""

DECIDED = """
MATCH (fact:SuggestionDecision) WHERE fact.recorded_seq > $after AND fact.retracted_seq IS NULL
RETURN fact.language, fact.phrase, fact.skill_id, fact.is_accepted AS is_accepted
ORDER BY fact.id
"""


async def decisions_after(database: Database, after: int) -> list[tuple[str, str, str, bool | None]]:
    """Language, phrase, skill id and whether it is accepted, of each decision since change number *after*.

    Those withdrawn, which say nothing any more (null), come before those that stand.
    """

    async def read(transaction: Transaction) -> list[tuple[str, str, str, bool | None]]:
        rows = await transaction.values(WITHDRAWN, after=after)
        return [tuple(row) for row in (*rows, *await transaction.values(DECIDED, after=after))]

    return await database.reading(read)
