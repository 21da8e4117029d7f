"""Numbered Cypher migrations, applied once, in order, with their checksums kept."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import LiteralString

from service.errors import Conflict
from service.graph import ledger
from service.graph.database import Database
from service.graph.declarations import declare

FULL_TEXT = "FULLTEXT"
"""The embedded engine's Cypher makes no index of this kind; its declarations make the same ones."""


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One numbered file of schema statements."""

    number: int
    name: str
    checksum: str
    statements: tuple[LiteralString, ...]
    declarations: str
    """The same for the embedded engine's own types, in its SQL; run first, there only."""


def known() -> list[Migration]:
    """The migrations this version of the registry has, in order."""
    found = []
    folder = files("service.graph").joinpath("migrations")
    for file in folder.iterdir():
        matched = re.fullmatch(r"(\d{4})_(\w+)\.cypher", file.name)
        if matched:
            text = file.read_text(encoding="utf-8")
            declared = folder.joinpath(file.name.replace(".cypher", ".sql"))
            code = "\n".join(line for line in text.splitlines() if not line.startswith("//"))
            statements = tuple(statement.strip() for statement in code.split(";") if statement.strip())
            found.append(
                Migration(
                    number=int(matched[1]),
                    name=matched[2],
                    checksum=hashlib.sha256(text.encode()).hexdigest(),
                    declarations=declared.read_text(encoding="utf-8") if declared.is_file() else "",
                    statements=statements,  # pyright: ignore[reportArgumentType]  # our own files, no input
                )
            )
    return sorted(found, key=lambda migration: migration.number)


APPLIED = """
MATCH (migration:Migration)
RETURN migration.number AS number, migration.checksum AS checksum
ORDER BY number
"""

RECORD = """
MERGE (migration:Migration {number: $number})
SET migration.name = $name, migration.checksum = $checksum, migration.at = $at
"""


async def pending(database: Database) -> list[Migration]:
    """The migrations not yet applied.

    Raises Conflict when an applied one differs from the file of the same number, or when the registry
    has migrations that this version does not know: it was written by a newer one.
    """
    migrations = {migration.number: migration for migration in known()}
    applied = {int(row["number"]): row["checksum"] for row in await database.rows(APPLIED)}
    newer = sorted(applied.keys() - migrations.keys())
    if newer:
        raise Conflict(
            f"The registry has migration {newer[-1]}, this version knows up to {max(migrations)}; use a newer one"
        )
    for number, checksum in applied.items():
        if migrations[number].checksum != checksum:
            raise Conflict(f"Migration {number:04} differs from the one applied; restore its file")
    return [migration for number, migration in sorted(migrations.items()) if number not in applied]


async def migrate(database: Database) -> list[Migration]:
    """Apply what is pending, each statement by itself (all are repeatable), and open the ledger."""
    applied = await pending(database)
    for migration in applied:
        if database.endpoint.http_uri and migration.declarations:
            await declare(database.endpoint, migration.declarations)
        for statement in migration.statements:
            if not (database.endpoint.http_uri and FULL_TEXT in statement.split(maxsplit=2)):
                await database.schema(statement)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        await database.writing(
            lambda transaction, migration=migration, at=at: transaction.rows(  # type: ignore[misc]  # bound per turn
                RECORD, number=migration.number, name=migration.name, checksum=migration.checksum, at=at
            )
        )
    await ledger.open_ledger(database)
    return applied
