"""Fit policies set by an administrator, and whose rank they move, asked through GraphQL."""

from typing import Any

import pytest

from tests.conftest import Service

PREVIEW = """
query Q($policy: ID!, $target: TargetInput!, $unit: ID, $knownAt: KnownAt, $first: PageSize, $after: String) {
  previewFitPolicy(
    policy: $policy, target: $target, unit: $unit, asOf: "2026-03-02", knownAt: $knownAt, first: $first, after: $after
  ) {
    policyBefore policyAfter movedCount unmovedCount totalCount knownSeq
    differences { number before after }
    version { status }
    pageInfo { hasNextPage endCursor }
    edges { node { person { id } move rankBefore rankAfter fitBefore fitAfter isEligible isAvailable } }
  }
}
"""
CANDIDATES = """
query Q($target: TargetInput!) {
  candidates(target: $target, asOf: "2026-03-02") {
    policy
    edges { node { person { id } fit gap { lines { witness { kinship path { id kind } } } } } }
  }
}
"""
WANTED = [
    {"skillId": "Skill:splice", "level": 2},
    {"skillId": "Skill:climb", "level": 2, "isMandatory": False},
]
TARGET = {"target": {"requirements": WANTED}}
SET = {"setBy": "Board", "reason": "Neighbouring skills count too much"}


@pytest.fixture
def house(service: Service) -> Service:
    """Ann splices and claims to climb; bob splices and rigs, which is narrower than climbing."""
    done = service.done
    done("defineScale", {"code": "four", "name": "Four", "labels": ["1", "2", "3", "4"]})
    for code in ("splice", "climb", "rig"):
        done("defineSkill", {"code": code, "name": code.title(), "scaleId": "Scale:four"})
    done("relateSkills", {"fromId": "Skill:rig", "toId": "Skill:climb", "kind": "BROADER"})
    done("createOrgUnit", {"code": "north", "name": "North"})
    for person, other, trust in (("ann", "climb", "CLAIMED"), ("bob", "rig", "ENDORSED")):
        unit = {"unitId": "OrgUnit:north"} if person == "bob" else {}
        done("registerPerson", {"code": person, "name": person.title()} | unit)
        for skill, how in (("splice", "ENDORSED"), (other, trust)):
            said = {"personId": f"Person:{person}", "skillId": f"Skill:{skill}", "level": 2, "trust": how}
            done("recordAssertion", said | {"assertedOn": "2026-03-01"})
    done("draftFitPolicy", {"code": "p2", "version": 2, "narrower": 0.5} | SET)
    return service


def preview(house: Service, **values: Any) -> dict[str, Any]:
    found: dict[str, Any] = house.ask(PREVIEW, {"policy": "FitPolicyVersion:p2"} | TARGET | values)["previewFitPolicy"]
    return found


def fits(house: Service) -> tuple[set[str], dict[str, float]]:
    found = house.ask(CANDIDATES, TARGET)["candidates"]
    return {found["policy"]}, {each["node"]["person"]["id"]: each["node"]["fit"] for each in found["edges"]}


def test_a_draft_is_previewed_and_moves_ranks_only_once_published(house: Service) -> None:
    found = preview(house)

    assert (found["policyBefore"], found["policyAfter"]) == ("fit-policy/1", "fit-policy/2")
    assert found["differences"] == [{"number": "NARROWER", "before": 0.9, "after": 0.5}]
    assert (found["movedCount"], found["unmovedCount"], found["totalCount"]) == (2, 0, 2)
    places = [
        (row["person"]["id"], row["move"], row["rankBefore"], row["rankAfter"], row["isEligible"], row["isAvailable"])
        for row in (each["node"] for each in found["edges"])
    ]
    assert places == [("Person:ann", 1, 2, 1, True, True), ("Person:bob", 1, 1, 2, True, True)]
    before = {row["node"]["person"]["id"]: row["node"]["fitBefore"] for row in found["edges"]}
    after = {row["node"]["person"]["id"]: row["node"]["fitAfter"] for row in found["edges"]}
    assert fits(house) == ({"fit-policy/1"}, before)
    house.done("publishFitPolicy", {"id": "FitPolicyVersion:p2"})
    assert fits(house) == ({"fit-policy/2"}, after)
    house.done("retireFitPolicy", {"id": "FitPolicyVersion:p2"})
    assert fits(house) == ({"fit-policy/1"}, before)


def test_a_preview_is_of_a_unit_and_comes_a_page_at_a_time(house: Service) -> None:
    (row,) = preview(house, unit="OrgUnit:north")["edges"]
    assert (row["node"]["person"]["id"], row["node"]["move"]) == ("Person:bob", 0)

    first = preview(house, first=1)
    house.done("retirePerson", {"id": "Person:bob"})
    second = preview(house, first=1, after=first["pageInfo"]["endCursor"])
    assert first["pageInfo"]["hasNextPage"]
    assert [each["node"]["person"]["id"] for each in second["edges"]] == ["Person:bob"]
    assert not second["pageInfo"]["hasNextPage"]
    assert second["knownSeq"] == first["knownSeq"]


def test_a_version_number_is_taken_once(house: Service) -> None:
    house.done("draftFitPolicy", {"code": "p7", "version": 7} | SET)

    again = house.do("draftFitPolicy", {"version": 2} | SET)
    moved = house.do("reviseFitPolicy", {"id": "FitPolicyVersion:p2", "version": 7})

    assert [again["errors"], moved["errors"]] == [
        [
            {
                "message": f"version '{version}': policy '{holder}' has this version; the next free number is 8",
                "path": ["input", "version"],
                "code": "CONFLICT",
            }
        ]
        for version, holder in ((2, "p2"), (7, "p7"))
    ]
    assert house.done("reviseFitPolicy", {"id": "FitPolicyVersion:p2", "version": 8}, "version") == {"version": 8}


def test_only_a_draft_is_revised_and_trust_never_counts_for_less(house: Service) -> None:
    falls = house.do("reviseFitPolicy", {"id": "FitPolicyVersion:p2", "confidenceClaimed": 0.4})
    house.done("publishFitPolicy", {"id": "FitPolicyVersion:p2"})
    late = house.do("reviseFitPolicy", {"id": "FitPolicyVersion:p2", "gamma": 2})
    twice = house.do("publishFitPolicy", {"id": "FitPolicyVersion:p2"})

    assert "more trust never counts for less" in falls["errors"][0]["message"]
    assert late["errors"][0]["message"] == "Version 2 is PUBLISHED; draft a new version of the fit policy"
    assert twice["errors"][0]["message"] == "Version 2 is PUBLISHED; only DRAFT can become PUBLISHED"


def test_the_path_of_credit_is_the_relation_it_comes_through(house: Service) -> None:
    rows = [each["node"] for each in house.ask(CANDIDATES, TARGET)["candidates"]["edges"]]

    paths = {row["person"]["id"]: [line["witness"] for line in row["gap"]["lines"]] for row in rows}
    itself = {"kinship": "ITSELF", "path": None}
    rigging = {"kinship": "NARROWER", "path": {"id": "SkillRelation:rig|BROADER|climb", "kind": "BROADER"}}
    assert paths == {"Person:ann": [itself, itself], "Person:bob": [itself, rigging]}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"policy": "FitPolicyVersion:p9"}, "no fit policy version 'p9'"),
        ({"policy": "Role:p2"}, "is the id of a Role, not of a FitPolicyVersion"),
        ({"unit": "OrgUnit:south"}, "no unit 'south'"),
        ({"after": "bm9uc2Vuc2U="}, "is not a cursor of this list"),
        ({"knownAt": "1"}, "no fit policy version 'p2'"),
    ],
)
def test_what_cannot_be_previewed_is_said(house: Service, values: dict[str, str], message: str) -> None:
    (error,) = house.post(PREVIEW, {"policy": "FitPolicyVersion:p2"} | TARGET | values)["errors"]

    assert message in error["message"]
