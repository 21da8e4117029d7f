"""The real files, whole, on every engine. They lie beside the project, and are not part of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.domain.roles import Role
from service.graph import migrate, records
from service.graph.database import Database
from service.graph.ledger import Act
from service.interchange import csv_set, esco, load, onet
from service.interchange.source import Source
from service.settings import Settings
from tests.conftest import ENGINES, on_database, serving, serving_engine
from tests.interchange.convert import convert
from tests.interchange.reading import DATA, needs_data

pytestmark = needs_data

ACT = Act(action="import", actor="tests")


@pytest.fixture(params=ENGINES)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An engine of its own: emptying one of so much takes longer than starting another."""
    with serving_engine(request.param, tmp_path) as settings:
        on_database(settings, migrate.migrate)
        yield settings


def imported(settings: Settings, source: Source) -> tuple[load.Summary, dict[str, int]]:
    async def work(database: Database) -> tuple[load.Summary, dict[str, int]]:
        return await load.load(database, source, ACT), await records.counts(database)

    return on_database(settings, work)


def test_esco_is_imported_whole(fresh: Settings) -> None:
    [file] = DATA.glob("ESCO*.zip")
    summary, counts = imported(fresh, esco.read(file, fresh))
    assert [(each.file, each.row) for each in summary.problems] == [("skillSkillRelations_en.csv", 4588)]
    assert {kind: count for kind, count in counts.items() if count} == {
        "scales": 1,
        "skills": 13_939 + 640,
        "skill_relations": 20_822 + 5_817,
        "roles": 3_039,
        "role_profiles": 3_039,
        "requirements": 129_004 - 17,
    }


def test_onet_is_imported_whole(fresh: Settings) -> None:
    summary, counts = imported(fresh, onet.read(DATA / "db_29_2_text.zip", fresh))
    assert summary.problems == []
    assert {kind: count for kind, count in counts.items() if count} == {
        "scales": 2,
        "skills": 68 + 18 + 8_768 + 135,
        "skill_relations": 9_010,
        "roles": 1_016,
        "role_profiles": 1_016,
        "requirements": 81_988,
    }


CANDIDATES = """
query Candidates($role: ID!, $day: Date!) {
  candidates(target: {role: $role}, asOf: $day, first: 3) {
    totalCount eligibleCount
    edges { node {
      fit base
      gap { base lines { skillName requiredLevel cause points { share part }
        witness { kinship sigma levelConverted confidence recency credit skill { name } } } }
    } }
  }
}
"""


def test_a_senior_data_engineer_is_found_by_real_technologies_with_parts_that_add_up(
    fresh: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    convert(DATA, folder, respondents=400)
    summary, _ = imported(fresh, csv_set.read(folder, fresh))
    assert summary.problems == []

    async def named(database: Database) -> list[Role]:
        return await records.page(database, Role, first=2, naming="senior data engineer")

    [role] = on_database(fresh, named)
    with serving(fresh) as service:
        found = service.ask(CANDIDATES, {"role": f"Role:{role.id}", "day": "2019-03-01"})["candidates"]
    assert found["totalCount"] > 100
    assert found["eligibleCount"] == 0  # a technology stands in for a skill of the framework, and is not it
    for edge in found["edges"]:
        lines: list[dict[str, Any]] = edge["node"]["gap"]["lines"]
        assert sum(line["points"]["share"] for line in lines) == 1_000_000
        assert sum(line["points"]["part"] for line in lines) == round(edge["node"]["base"] * 1_000_000)
        for line in lines:
            witness = line["witness"]
            if witness is not None:
                quality = witness["confidence"] * witness["recency"]
                reached = min(1, witness["levelConverted"] * quality / line["requiredLevel"])
                assert witness["credit"] == pytest.approx(witness["sigma"] * reached**1.5)
    fits = [edge["node"]["fit"] for edge in found["edges"]]
    assert fits == sorted(fits, reverse=True)
    assert fits[-1] > 0
