"""The export of a past moment is the export that was taken then."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from service.errors import Invalid
from service.graph import ledger, past
from service.graph.database import Database
from service.interchange.exporting import export
from service.settings import Settings
from tests.conftest import on_database
from tests.interchange.history import STEPS
from tests.test_cli import registry


async def taken(database: Database, folder: Path, known: int | None = None) -> dict[str, bytes]:
    """The files of an export, by name."""
    await export(database, folder, known)
    return files_in(folder)


def files_in(folder: Path) -> dict[str, bytes]:
    """The bytes of every file in *folder*, by name."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_an_export_of_any_past_number_is_the_export_taken_then_byte_for_byte(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> list[tuple[int, dict[str, bytes]]]:
        exports = [(0, await taken(database, tmp_path))]
        for step in STEPS:
            await step(database)
            exports.append(((await ledger.position(database))[0], await taken(database, tmp_path)))
        for number, files in exports:
            assert await taken(database, tmp_path, number) == files, number
        return exports

    exports = on_database(empty, work)
    assert [number for number, _ in exports] == list(range(len(STEPS) + 1))
    assert all(earlier != later for (_, earlier), (_, later) in pairwise(exports))


def test_a_past_export_is_named_by_number_or_instant(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> tuple[dict[str, bytes], datetime]:
        for step in STEPS[:8]:
            await step(database)
        then = await taken(database, tmp_path)
        at = (await ledger.after(database, 7, 1))[0].at
        for step in STEPS[8:]:
            await step(database)
        return then, at

    then, at = on_database(empty, work)
    for moment in ("8", at.isoformat()):
        folder = tmp_path / "again"
        done = registry(empty, "export", "csv", folder, "--known-at", moment)
        assert done.returncode == 0, done.stderr
        assert files_in(folder) == then


def test_a_moment_that_is_none_is_refused_in_a_sentence(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        await STEPS[0](database)
        assert await past.known_at(database, datetime.now(UTC) + timedelta(days=1), 1) == 1
        with pytest.raises(Invalid, match="There is no change 9; the last one is 1"):
            await past.known_at(database, 9, 1)

    on_database(empty, work)
    done = registry(empty, "export", "csv", tmp_path / "out", "--known-at", "yesterday")
    assert done.returncode == 1
    assert "'yesterday' is neither the number of a change nor an instant" in done.stderr
