"""The map over GraphQL: one answer, its values in the order of its units."""

from typing import Any

import pytest

from tests.conftest import Service

MAP = """
query Q($measure: Measure!, $asOf: Date, $knownAt: KnownAt, $minLevel: Int!) {
  heatMap(measure: $measure, asOf: $asOf, knownAt: $knownAt, minLevel: $minLevel) {
    units { unit { id } name people }
    rows { skill { id } name people values }
  }
}
"""


@pytest.fixture
def house(service: Service) -> Service:
    service.done("createOrgUnit", {"code": "house", "name": "House"})
    service.done("createOrgUnit", {"code": "deck", "name": "Deck", "parentId": "OrgUnit:house"})
    service.done("defineScale", {"code": "three", "name": "Three", "labels": ["a", "b", "c"]})
    for code in ("knots", "ropes", "sails"):
        service.done("defineSkill", {"code": code, "name": code.title(), "scaleId": "Scale:three"})
    for code, unit in (("ann", "deck"), ("bob", "deck"), ("cyd", "house"), ("dee", None)):
        unit_id = {"unitId": f"OrgUnit:{unit}"} if unit else {}
        service.done("registerPerson", {"code": code, "name": code.title(), **unit_id})
    for person, skill, level in (("ann", "knots", 3), ("bob", "knots", 1), ("cyd", "knots", 2), ("dee", "ropes", 2)):
        said = {"personId": f"Person:{person}", "skillId": f"Skill:{skill}", "level": level, "assertedOn": "2026-01-05"}
        service.done("recordAssertion", said)
    return service


def asked(service: Service, measure: str = "PEOPLE", least: int = 1, known: int | None = None) -> dict[str, Any]:
    given = {"measure": measure, "asOf": "2026-03-02", "knownAt": known, "minLevel": least}
    found: dict[str, Any] = service.ask(MAP, given)["heatMap"]
    return found


def values(found: dict[str, Any]) -> dict[str, list[float]]:
    return {row["name"]: row["values"] for row in found["rows"]}


def test_every_skill_that_is_held_has_a_row_and_every_unit_a_column_with_what_is_below_it(house: Service) -> None:
    assert asked(house) == {
        "units": [
            {"unit": {"id": "OrgUnit:deck"}, "name": "Deck", "people": 2},
            {"unit": {"id": "OrgUnit:house"}, "name": "House", "people": 3},
        ],
        "rows": [
            {"skill": {"id": "Skill:knots"}, "name": "Knots", "people": 3, "values": [2, 3]},
            {"skill": {"id": "Skill:ropes"}, "name": "Ropes", "people": 1, "values": [0, 0]},
        ],
    }


def test_the_map_tells_means_and_shares_from_a_level_on_as_known_then(house: Service) -> None:
    seq = house.ask("{ registry { seq } }")["registry"]["seq"]

    assert values(asked(house, "MEAN_LEVEL")) == {"Knots": [2, 2], "Ropes": [None, None]}
    assert values(asked(house, "SHARE", least=2)) == {"Knots": [0.5, 0.6667], "Ropes": [0, 0]}
    assert values(asked(house, "VERIFIED")) == {"Knots": [0, 0], "Ropes": [0, 0]}
    assert values(asked(house, known=seq - 2)) == {"Knots": [2, 2]}


def test_a_level_that_no_scale_has_is_refused(house: Service) -> None:
    answer = house.post(MAP, {"measure": "PEOPLE", "minLevel": 0})

    assert answer["errors"][0]["message"] == "minLevel 0 is not a level from 1 to 20"
