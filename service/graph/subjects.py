"""Which changes concern a thing: those that touched it, or a fact that names it or is a part of what it has.

Found in the states themselves: each tells the change that recorded it and the one that ended it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import LiteralString

from service.graph import ledger
from service.graph.database import Database, Row, Transaction
from service.graph.nouns import NOUNS, Link, Noun, OnRetire

NO_END = 2**62


@dataclass(frozen=True, kw_only=True)
class Naming:
    """The states of one noun that name one of $ids by one link: the facts as they are, and as they were."""

    noun: Noun
    link: Link
    current: LiteralString
    former: LiteralString

    @property
    def is_part(self) -> bool:
        """Whether such a fact cannot stand without what it names."""
        return self.link.on_retire is OnRetire.CASCADE


def _naming(noun: Noun, link: Link) -> Naming:
    facts: LiteralString = "UNWIND $ids AS id\nMATCH (target:" + link.target + " {id: id})"
    edge: LiteralString = (
        "-[:" + link.relationship + "]->(fact:" + noun.label + ")"
        if link.is_inward
        else "<-[:" + link.relationship + "]-(fact:" + noun.label + ")"
    )
    return Naming(
        noun=noun,
        link=link,
        current=facts + edge + "\n" + _told("fact"),
        former=facts + edge + "-[:WAS]->(past:Past)\n" + _told("past"),
    )


def _told(state: LiteralString) -> LiteralString:
    return (
        "WITH DISTINCT fact.id AS id, "
        + state
        + ".recorded_seq AS recorded_seq, "
        + state
        + ".retracted_seq AS retracted_seq\n"
        + "RETURN id, recorded_seq, retracted_seq ORDER BY id, recorded_seq"
    )


NAMINGS: dict[str, tuple[Naming, ...]] = {
    target.label: tuple(_naming(noun, link) for noun in NOUNS for link in noun.links if link.target == target.label)
    for target in NOUNS
}
"""By label: every way in which facts name a thing of it."""


@cache
def moved_away(label: str) -> LiteralString:
    """Past states that name the *label* $id in a field, whatever their fact names now; read as a whole."""
    named: LiteralString = " OR ".join(
        "(past.noun = '"
        + each.noun.label
        + "' AND "
        + (
            "$id IN past." + each.link.field
            if each.link.field.endswith("_ids")
            else "past." + each.link.field + " = $id"
        )
        + ")"
        for each in NAMINGS[label]
    )  # pyright: ignore[reportAssignmentType]  # our own names
    return (
        "MATCH (past:Past) WHERE past.retracted_seq > $after\nWITH past WHERE "
        + named
        + "\nRETURN past.noun AS noun, past.id AS id, past.recorded_seq AS recorded_seq, "
        "past.retracted_seq AS retracted_seq ORDER BY recorded_seq, id"
    )


OWN: dict[str, LiteralString] = {
    noun.label: "MATCH (fact:"
    + noun.label
    + " {id: $id})\n"
    + "RETURN fact.recorded_seq AS recorded_seq, fact.retracted_seq AS retracted_seq"
    for noun in NOUNS
}

OWN_PAST = """
MATCH (past:Past) WHERE past.id = $id
WITH past WHERE past.noun = $noun
RETURN past.recorded_seq AS recorded_seq, past.retracted_seq AS retracted_seq
ORDER BY recorded_seq
"""


async def numbers(database: Database, label: str, id_: str, *, after: int = 0, until: int = NO_END) -> list[int]:
    """Numbers of the changes after *after* and up to *until* that concern the *label* with *id_*, in order.

    A change concerns it when it recorded or ended a state of it, a state that names it, or a state of a
    part (as the evidence of an assertion) of a fact that is itself a part of it (as a person's assertion).
    """

    async def read(transaction: Transaction) -> set[int]:
        rows = await transaction.rows(OWN[label], id=id_)
        rows += await transaction.rows(OWN_PAST, id=id_, noun=label)
        parts: dict[str, set[str]] = {}
        for naming in NAMINGS[label]:
            found = await transaction.rows(naming.current, ids=[id_])
            rows += found
            if naming.is_part:
                parts.setdefault(naming.noun.label, set()).update(row["id"] for row in found)
        for row in await transaction.rows(moved_away(label), id=id_, after=after) if NAMINGS[label] else ():
            rows.append(row)
            if row["noun"] in parts:
                parts[row["noun"]].add(row["id"])
        for kind, ids in parts.items():
            for naming in NAMINGS[kind]:
                if ids and naming.is_part:
                    rows += await transaction.rows(naming.current, ids=sorted(ids))
                    rows += await transaction.rows(naming.former, ids=sorted(ids))
        return set(_numbers(rows))

    found = await database.reading(read)
    return sorted(number for number in found if after < number <= until)


ENDS: tuple[LiteralString, LiteralString] = ("recorded_seq", "retracted_seq")


def _touched(noun: Noun, named: LiteralString, part: LiteralString = "''") -> tuple[LiteralString, ...]:
    """The states of *noun* that changes recorded or ended and *named* is true of: current ones, then past ones."""
    past: LiteralString = "fact.noun = '" + noun.label + "' AND "
    return tuple(
        "MATCH (fact:" + label + ") WHERE fact." + end + " > $after AND fact." + end + " <= $until\n"
        "WITH fact WHERE " + only + "(" + named + ")\n"
        "RETURN DISTINCT " + part + " AS part_id, fact." + end + " AS seq ORDER BY seq, part_id"
        for label, only in ((noun.label, ""), ("Past", past))
        for end in ENDS
    )  # pyright: ignore[reportReturnType]  # our own names


def _names(link: Link) -> LiteralString:
    field: LiteralString = link.field  # pyright: ignore[reportAssignmentType]  # our own names
    return "$id IN fact." + field if link.field.endswith("_ids") else "fact." + field + " = $id"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of the parts of a thing: how those that changes touched are read, and whose they are."""

    noun: Noun
    touched: tuple[LiteralString, ...]
    whose: tuple[LiteralString, ...]


def _parts(naming: Naming, part: Naming) -> Parts:
    """Parts that name by *part* what names the thing by *naming*."""
    of: LiteralString = "fact." + part.link.field  # pyright: ignore[reportAssignmentType]
    fact: LiteralString = "UNWIND $ids AS id\nMATCH (part:" + naming.noun.label + " {id: id})"
    return Parts(
        noun=part.noun,
        touched=_touched(part.noun, of + " IS NOT NULL", of),
        whose=tuple(
            fact + states + "\nWITH fact WHERE " + _names(naming.link) + "\nRETURN DISTINCT fact.id AS id ORDER BY id"
            for states in ("\nWITH part AS fact", "-[:WAS]->(fact:Past)")
        ),
    )


@cache
def _direct(label: str) -> dict[str, tuple[LiteralString, ...]]:
    """By noun: how states of *label* $id itself, or that name it, are read among what changes touched."""
    nouns = {naming.noun.label: naming.noun for naming in NAMINGS[label]}
    named = {
        noun.label: _touched(noun, _any(_names(each.link) for each in NAMINGS[label] if each.noun is noun))
        for noun in nouns.values()
    }
    (own,) = (noun for noun in NOUNS if noun.label == label)
    return {**named, label: (*named.get(label, ()), *_touched(own, "fact.id = $id"))}


def _any(conditions: Iterable[LiteralString]) -> LiteralString:
    return " OR ".join(conditions)


@cache
def _parts_of(label: str) -> tuple[Parts, ...]:
    return tuple(
        _parts(naming, part)
        for naming in NAMINGS[label]
        if naming.is_part
        for part in NAMINGS[naming.noun.label]
        if part.is_part
    )


AT_ONCE = 5_000


async def among(database: Database, label: str, id_: str, *, after: int, until: int) -> set[int]:
    """As ``numbers``, of a few changes: found in what these touched, however much there is of the thing."""

    async def read(transaction: Transaction) -> set[int]:
        kinds = set(await ledger.kinds_within(transaction, after, until))
        found: set[int] = set()
        for kind in kinds & _direct(label).keys():
            for text in _direct(label)[kind]:
                found.update(row["seq"] for row in await transaction.rows(text, id=id_, after=after, until=until))
        for parts in _parts_of(label):
            if parts.noun.label in kinds:
                found |= await _of_parts(transaction, parts, id_, after, until)
        return found

    return await database.reading(read)


async def _of_parts(transaction: Transaction, parts: Parts, id_: str, after: int, until: int) -> set[int]:
    seqs: dict[str, set[int]] = {}
    for text in parts.touched:
        for row in await transaction.rows(text, after=after, until=until):
            seqs.setdefault(row["part_id"], set()).add(row["seq"])
    ids = sorted(seqs)
    found: set[int] = set()
    for start in range(0, len(ids), AT_ONCE):
        for text in parts.whose:
            for row in await transaction.rows(text, ids=ids[start : start + AT_ONCE], id=id_):
                found |= seqs[row["id"]]
    return found


def _numbers(rows: Iterable[Row]) -> Iterable[int]:
    for row in rows:
        yield row["recorded_seq"]
        if row["retracted_seq"] is not None:
            yield row["retracted_seq"]
