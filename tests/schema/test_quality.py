"""The state of the data asked through GraphQL, on a house in which one thing of each kind is wrong."""

from typing import Any

import pytest

from tests.conftest import Service

QUALITY = """
query Q($unit: ID, $asOf: Date, $knownAt: KnownAt, $stale: Int! = 12, $first: PageSize, $after: String) {
  dataQuality(unit: $unit, asOf: $asOf, knownAt: $knownAt, staleAfterMonths: $stale) {
    asOf
    findings {
      kind count lookedAt ratio nextStep
      items(first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { name note node { __typename id } } }
      }
    }
  }
}
"""

TODAY = "2026-03-02"
PUBLISHED = {"roleId": "Role:splicer", "version": 1}


@pytest.fixture
def house(service: Service) -> Service:
    done = service.done
    done("createOrgUnit", {"code": "house", "name": "House"})
    done("createOrgUnit", {"code": "cables", "name": "Cables", "parentId": "OrgUnit:house"})
    done("defineScale", {"code": "five", "name": "Five", "labels": ["1", "2", "3", "4", "5"]})
    for code, lifecycle in (("splice", "PUBLISHED"), ("fuse", "PUBLISHED"), ("drone", "DRAFT"), ("lead", "PUBLISHED")):
        done("defineSkill", {"code": code, "name": code.title(), "scaleId": "Scale:five", "lifecycle": lifecycle})
    done("defineSkill", {"code": "field", "name": "Field", "isGroup": True})
    for code in ("splicer", "rigger", "clerk"):
        done("defineRole", {"code": code, "name": code.title()})
    needs = {"requirements": [{"skillId": "Skill:splice", "level": 2}, {"skillId": "Skill:fuse", "level": 1}]}
    done("draftRoleProfile", {"code": "v1", "validFrom": "2024-01-01"} | PUBLISHED | needs)
    done("publishRoleProfile", {"id": "RoleProfile:v1"})
    done("draftRoleProfile", {"code": "empty", "roleId": "Role:rigger", "version": 1, "validFrom": "2026-01-01"})
    done("publishRoleProfile", {"id": "RoleProfile:empty"})
    done("deprecateSkill", {"id": "Skill:fuse", "replacedById": "Skill:splice"})
    whole = {"unitId": "OrgUnit:cables", "roleId": "Role:splicer"}
    done("registerPerson", {"code": "ann", "name": "Ann"} | whole)
    done("registerPerson", {"code": "bob", "name": "Bob", "unitId": "OrgUnit:house"})
    done("registerPerson", {"code": "cyd", "name": "Cyd", "roleId": "Role:splicer"})
    done("registerPerson", {"code": "gone", "name": "Gone", "validUntil": "2026-01-01"})
    for code, person, skill, on in (
        ("a1", "ann", "splice", "2026-01-05"),
        ("a2", "ann", "drone", "2026-01-06"),
        ("a3", "bob", "splice", "2024-05-01"),
    ):
        stated = {"code": code, "personId": f"Person:{person}", "skillId": f"Skill:{skill}", "level": 2}
        done("recordAssertion", stated | {"assertedOn": on})
    letter = {"kind": "DOCUMENT", "title": "Letter"}
    done("addEvidence", {"assertionId": "Assertion:a1"} | letter)
    done("addEvidence", {"assertionId": "Assertion:a2", "isNegative": True} | letter)
    done("proposeProject", {"code": "ring", "name": "Ring", "status": "ACTIVE"})
    days = {"projectId": "Project:ring", "validFrom": "2026-02-02", "validUntil": "2026-05-01"}
    for code, role in (("seat", {"roleId": "Role:splicer"}), ("stool", {"roleId": "Role:rigger"}), ("bench", {})):
        done("openPosition", {"code": code, "title": code.title()} | role | days)
    done("openPosition", {"code": "past", "title": "Past"} | days | {"validUntil": "2026-03-01"})
    return service


def asked(house: Service, **values: Any) -> dict[str, dict[str, Any]]:
    found = house.ask(QUALITY, {"asOf": TODAY} | values)["dataQuality"]["findings"]
    return {each["kind"]: each for each in found}


def listed(finding: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["node"]["node"]["id"], each["node"]["note"]) for each in finding["items"]["edges"]]


def test_every_kind_is_counted_of_what_was_looked_at_and_listed(house: Service) -> None:
    found = asked(house)

    assert {kind: (each["count"], each["lookedAt"], listed(each)) for kind, each in found.items()} == {
        "PEOPLE_WITHOUT_UNIT": (1, 3, [("Person:cyd", "no unit")]),
        "PEOPLE_WITHOUT_ROLE": (1, 3, [("Person:bob", "no role")]),
        "PEOPLE_WITHOUT_SKILLS": (1, 3, [("Person:cyd", "no statement in force")]),
        "STALE_PROFILES": (
            2,
            3,
            [("Person:bob", "last statement or decision 2024-05-01"), ("Person:cyd", "none ever")],
        ),
        "ASSERTIONS_WITHOUT_EVIDENCE": (
            2,
            3,
            [("Assertion:a2", "claimed, stated 2026-01-06"), ("Assertion:a3", "claimed, stated 2024-05-01")],
        ),
        "SKILLS_WITHOUT_SCALE": (0, 4, []),
        "DRAFT_SKILLS_IN_USE": (1, 3, [("Skill:drone", "1 statement")]),
        "DEPRECATED_SKILLS_IN_USE": (1, 3, [("Skill:fuse", "0 statements, required, replaced by Splice")]),
        "ROLES_WITHOUT_PROFILE": (1, 3, [("Role:clerk", "no profile")]),
        "ROLES_NOT_REVIEWED": (
            2,
            3,
            [("Role:clerk", "never reviewed"), ("Role:splicer", "last looked at 2024-01-01")],
        ),
        "POSITIONS_WITHOUT_REQUIREMENTS": (
            2,
            3,
            [("Position:bench", "no role"), ("Position:stool", "its role requires nothing")],
        ),
    }
    for each in found.values():
        assert each["ratio"] == pytest.approx(each["count"] / each["lookedAt"])
        assert each["items"]["totalCount"] == each["count"]
        assert each["nextStep"]
    assert found["ASSERTIONS_WITHOUT_EVIDENCE"]["items"]["edges"][0]["node"] == {
        "name": "Ann: Drone at level 2",
        "note": "claimed, stated 2026-01-06",
        "node": {"__typename": "Assertion", "id": "Assertion:a2"},
    }


def test_a_unit_leaves_its_own_people_and_what_is_said_of_them(house: Service) -> None:
    counts = {kind: (each["count"], each["lookedAt"]) for kind, each in asked(house, unit="OrgUnit:cables").items()}

    assert counts["PEOPLE_WITHOUT_ROLE"] == (0, 1)
    assert counts["STALE_PROFILES"] == (0, 1)
    assert counts["ASSERTIONS_WITHOUT_EVIDENCE"] == (1, 2)
    assert counts["ROLES_NOT_REVIEWED"] == (2, 3)


def test_what_is_put_right_is_gone_and_an_earlier_change_still_finds_it(house: Service) -> None:
    before = house.ask("{ registry { seq } }")["registry"]["seq"]
    house.done("reviewRole", {"id": "Role:splicer", "reviewedOn": "2026-03-01"})
    house.done("grantAssessorScope", {"personId": "Person:ann", "grantedBy": "Head"})
    decided = {"id": "Assertion:a3", "verifierId": "Person:ann", "reason": "Seen", "decidedOn": "2026-02-01"}
    house.done("verifyAssertion", decided)
    house.done("addEvidence", {"assertionId": "Assertion:a3", "kind": "OBSERVATION", "title": "Seen at work"})

    now, then = asked(house), asked(house, knownAt=str(before))

    kinds = ("ROLES_NOT_REVIEWED", "STALE_PROFILES", "ASSERTIONS_WITHOUT_EVIDENCE")
    assert [(now[kind]["count"], then[kind]["count"]) for kind in kinds] == [(1, 2), (1, 2), (1, 2)]
    assert asked(house, asOf="2027-03-02")["ROLES_NOT_REVIEWED"]["count"] == 3


def test_months_until_a_profile_is_stale_are_the_askers(house: Service) -> None:
    counts = {months: asked(house, stale=months)["STALE_PROFILES"]["count"] for months in (1, 22, 23)}

    assert counts == {1: 3, 22: 2, 23: 1}


def test_the_items_come_a_page_at_a_time(house: Service) -> None:
    seen, after = [], None
    while True:
        found = asked(house, first=1, after=after)["ASSERTIONS_WITHOUT_EVIDENCE"]
        seen += listed(found)
        if not found["items"]["pageInfo"]["hasNextPage"]:
            break
        after = found["items"]["pageInfo"]["endCursor"]

    assert [id_ for id_, _ in seen] == ["Assertion:a2", "Assertion:a3"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"stale": 0}, "staleAfterMonths 0 is not a whole number from 1 to 600"),
        ({"unit": "OrgUnit:nowhere"}, "no unit 'nowhere'"),
    ],
)
def test_what_cannot_be_asked_is_said(house: Service, values: dict[str, Any], message: str) -> None:
    (error,) = house.post(QUALITY, values)["errors"]

    assert message in error["message"]
