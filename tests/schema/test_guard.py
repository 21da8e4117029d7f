"""What is true of all of it: the schema is exported, everything in it described, every Cypher text runs."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from graphql import Node, parse

import service.graph
from service.graph import audit, feed, subjects
from service.graph.database import Database
from service.graph.nouns import NOUNS
from service.graph.texts import TEXTS, recording
from service.schema.build import build_schema
from service.settings import Settings, load
from tests.conftest import on_database

ROOT = Path(__file__).parents[2]

PARTS = ("fields", "arguments", "values")
CLAUSE = re.compile(r"\b(MATCH|CREATE|MERGE)\b")
PARAMETERS = {
    "id": "x",
    "ids": ["x"],
    "rows": [],
    "seq": 1,
    "after": "",
    "until": 1,
    "start": 1,
    "first": 1,
    "naming": "x",
    "number": 1,
    "name": "x",
    "checksum": "x",
    "at": "x",
    "registry_id": "x",
    "idempotency_key": "x",
    "change": {},
    "instant": "x",
    "known": 1,
    "noun": "Person",
    "numbers": [1],
    "actor": "x",
    "action": "x",
    "since": "x",
    "before": "x",
    "day": "2026-01-05",
    "status": "OPEN",
    "upper": 1,
    "lower": 0,
    "request_id": "x",
}


def test_the_exported_schema_is_the_one_that_is_served() -> None:
    exported = (ROOT / "schema.graphql").read_text("utf-8")

    assert exported == build_schema(load()).as_str() + "\n", "write it anew: make schema"


def undescribed(node: Node, path: str) -> Iterator[str]:
    """Every definition at and below *node* that has no description, federation's own left out."""
    for part in PARTS:
        for each in getattr(node, part, None) or ():
            name = each.name.value
            if name.startswith("_"):
                continue
            if each.description is None or not each.description.value.strip():
                yield f"{path}.{name}"
            yield from undescribed(each, f"{path}.{name}")


def test_everything_in_the_schema_is_described() -> None:
    document = parse(build_schema(load()).as_str())
    definitions = [
        each
        for each in document.definitions
        if each.kind.endswith("_type_definition") and each.name.value[0] != "_"  # type: ignore[attr-defined]
    ]

    found = [
        name
        for each in definitions
        for name in (
            *([] if each.description else [each.name.value]),  # type: ignore[attr-defined]  # types have both
            *undescribed(each, each.name.value),  # type: ignore[attr-defined]
        )
    ]

    assert len(definitions) > 100
    assert found == []


def texts_of(where: str, owner: object) -> dict[str, str]:
    """The Cypher texts that *owner* has as attributes."""
    named = {name: text for name, text in vars(owner).items() if isinstance(text, str) and CLAUSE.search(text)}
    return {f"{where}.{name}": text for name, text in named.items() if not name.startswith("__")}


def audited() -> dict[str, str]:
    """The texts that the audit trail is read with."""
    found: dict[str, str] = {}
    for label, readings in audit.READINGS.items():
        for number, read in enumerate((*readings.recorded, *readings.ended)):
            found |= texts_of(f"audit {label} {number}", read)
    for label, namings in subjects.NAMINGS.items():
        found[f"subjects {label}"] = subjects.OWN[label]
        if namings:
            found[f"subjects moved from {label}"] = subjects.moved_away(label)
        for each in namings:
            found |= texts_of(f"subjects {label} {each.noun.label} {each.link.field}", each)
    return found


def cypher() -> dict[str, str]:
    """Every Cypher text of the house, by where it stands."""
    found: dict[str, str] = {}
    for info in pkgutil.iter_modules(service.graph.__path__, "service.graph."):
        found |= texts_of(info.name, importlib.import_module(info.name))
    for label, texts in TEXTS.items():
        found |= texts_of(label, texts)
        for link in texts.links:
            found |= texts_of(f"{label}.{link.link.field}.{link.link.target}", link)
    for noun in NOUNS:
        found[f"recording {noun.label}"] = recording(noun.label, noun.links)
        found[f"recording bare {noun.label}"] = recording(noun.label, ())
    found |= audited()
    for label, reading in feed.READINGS.items():
        found |= texts_of(f"feed {label}", reading)
    return found


def test_every_cypher_text_explains_on_the_engine(empty: Settings) -> None:
    texts = cypher()

    async def work(database: Database) -> dict[str, str]:
        refused: dict[str, str] = {}
        for where, text in texts.items():
            named = {name: PARAMETERS[name] for name in re.findall(r"\$(\w+)", text)}
            if (
                where.startswith(("service.graph.ledger", "service.graph.audit", "feed", "subjects"))
                and "after" in named
            ):
                named["after"] = 0
            try:
                await database.writing(
                    lambda transaction, text=text, named=named: transaction.rows("EXPLAIN " + text, **named)  # type: ignore[misc]
                )
            except Exception as error:  # noqa: BLE001  # whatever the engine has against it
                refused[where] = str(error)
        return refused

    assert on_database(empty, work) == {}
    assert len(texts) > 300
    assert on_database(empty, lambda database: database.rows("MATCH (fact:Person) RETURN fact.id AS id")) == []
