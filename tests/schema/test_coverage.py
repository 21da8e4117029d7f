"""Coverage rules asked through GraphQL, on a house so small that every number is counted by hand.

The team of cables has four people asked for Splicing at level 3, verified; two are asked for. Ann is verified;
Bob claims it; Cyd lapsed on 1 February; Dee has level 2. Eve sits elsewhere and works at the team's depot.
"""

from typing import Any

import pytest

from tests.conftest import Service

EXAM = [{"kind": "EXAM", "title": "Splicing test", "result": "passed"}]
DAYS = {"asOf": "2026-03-02", "until": "2026-04-01"}
VERIFIED = {"skillId": "Skill:splice", "assertedOn": "2026-01-05", "trust": "VERIFIED", "evidence": EXAM}
RULE = {"skillId": "Skill:splice", "level": 3, "minTrust": "VERIFIED"}

COVERAGE = """
query Q(
  $unit: ID, $project: ID, $role: ID, $asOf: Date, $until: Date, $knownAt: KnownAt, $first: PageSize, $after: String
) {
  coverage(
    unit: $unit, project: $project, role: $role, asOf: $asOf, until: $until, knownAt: $knownAt
    first: $first, after: $after
  ) {
    totalCount unmetCount pageInfo { hasNextPage endCursor }
    edges { node {
      explanation isMet requiredPeople requiredLevel minTrust shortPeople coveringPeople leastCovering scopePeople
      breaksOn
      rule { id } unit { id } project { id } role { id }
      causes { cause people }
    } }
  }
}
"""

PEOPLE = """
query Q($asOf: Date, $until: Date, $first: PageSize!, $after: String) {
  coverage(unit: "OrgUnit:cables", asOf: $asOf, until: $until) {
    edges { node { people(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { node { person { id } cause isCovering level shortfall expiredOn explanation assertion { id } } }
    } } }
  }
}
"""


@pytest.fixture
def house(service: Service) -> Service:
    done = service.done
    done("createOrgUnit", {"code": "house", "name": "House"})
    done("createOrgUnit", {"code": "cables", "name": "Cables", "parentId": "OrgUnit:house"})
    done("createOrgUnit", {"code": "depot", "name": "Depot", "parentId": "OrgUnit:cables", "kind": "SITE"})
    done("defineScale", {"code": "five", "name": "Five", "labels": ["1", "2", "3", "4", "5"]})
    done("defineSkill", {"code": "splice", "name": "Splicing", "scaleId": "Scale:five"})
    done("defineRole", {"code": "splicer", "name": "Splicer"})
    for code in ("ann", "bob", "cyd", "dee"):
        done("registerPerson", {"code": code, "name": code.title(), "unitId": "OrgUnit:cables"})
    eve = {"code": "eve", "name": "Eve", "unitId": "OrgUnit:house", "siteId": "OrgUnit:depot"}
    done("registerPerson", eve | {"roleId": "Role:splicer"})
    done("recordAssertion", {"code": "a-ann", "personId": "Person:ann", "level": 3} | VERIFIED)
    claim = {"skillId": "Skill:splice", "assertedOn": "2026-01-05", "level": 4}
    done("recordAssertion", {"code": "a-bob", "personId": "Person:bob"} | claim)
    cyd = {"code": "a-cyd", "personId": "Person:cyd", "level": 3, "validUntil": "2026-02-01"}
    done("recordAssertion", cyd | VERIFIED)
    done("recordAssertion", {"code": "a-dee", "personId": "Person:dee", "level": 2} | VERIFIED)
    done("setCoverageRule", {"code": "r-unit", "name": "Splicers", "people": 2, "unitId": "OrgUnit:cables"} | RULE)
    return service


def asked(house: Service, **values: Any) -> list[dict[str, Any]]:
    found = house.ask(COVERAGE, DAYS | values)["coverage"]
    return [each["node"] for each in found["edges"]]


def test_a_rule_says_how_many_are_short_and_why(house: Service) -> None:
    assert asked(house) == [
        {
            "explanation": "Cables: 2 asked with Splicing at level 3, verified at least; 1 found, 1 short.",
            "isMet": False,
            "requiredPeople": 2,
            "requiredLevel": 3,
            "minTrust": "VERIFIED",
            "shortPeople": 1,
            "coveringPeople": 1,
            "leastCovering": 1,
            "scopePeople": 5,
            "breaksOn": "2026-03-02",
            "rule": {"id": "CoverageRule:r-unit"},
            "unit": {"id": "OrgUnit:cables"},
            "project": None,
            "role": None,
            "causes": [
                {"cause": "MET", "people": 1},
                {"cause": "UNVERIFIED", "people": 1},
                {"cause": "EXPIRED", "people": 1},
                {"cause": "BELOW_LEVEL", "people": 1},
                {"cause": "MISSING", "people": 1},
            ],
        }
    ]


def test_those_who_cover_come_first_then_the_nearest_a_page_at_a_time(house: Service) -> None:
    seen, after = [], None
    while True:
        page = house.ask(PEOPLE, DAYS | {"first": 3, "after": after})["coverage"]["edges"][0]["node"]["people"]
        seen += [each["node"] for each in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert page["totalCount"] == 4
    assert [(each["person"]["id"], each["cause"], each["isCovering"]) for each in seen] == [
        ("Person:ann", "MET", True),
        ("Person:bob", "UNVERIFIED", False),
        ("Person:cyd", "EXPIRED", False),
        ("Person:dee", "BELOW_LEVEL", False),
    ]
    assert [each["shortfall"] for each in seen] == [None, None, None, 1]
    assert seen[2]["expiredOn"] == "2026-02-01"
    assert seen[1]["explanation"].endswith("nobody has verified it; needed: verification by 1 assessor.")


def test_the_same_rule_was_met_before_and_an_earlier_change_knew_less(house: Service) -> None:
    before = house.ask("{ registry { seq } }")["registry"]["seq"]
    proven = {"code": "a-bob-2", "personId": "Person:bob", "level": 3, "validFrom": "2026-02-20"}
    house.done("recordAssertion", proven | VERIFIED)

    (now,) = asked(house)
    (then,) = asked(house, knownAt=str(before))
    (january,) = asked(house, asOf="2026-01-10", until="2026-02-10")

    assert (now["isMet"], now["breaksOn"]) == (True, None)
    assert now["explanation"] == "Cables: 2 asked with Splicing at level 3, verified at least; 2 found, met."
    assert then["shortPeople"] == 1
    assert (january["breaksOn"], january["coveringPeople"]) == ("2026-02-01", 1)
    assert january["explanation"].endswith("enough until 2026-02-01, then 1 found, 1 short.")


def test_rules_of_a_unit_a_project_and_a_role_are_asked_for_by_scope(house: Service) -> None:
    house.done("setCoverageRule", {"code": "r-role", "name": "Role", "people": 1, "roleId": "Role:splicer"} | RULE)
    house.done("proposeProject", {"code": "ring", "name": "Ring", "status": "ACTIVE"})
    days = {"validFrom": "2026-03-01", "validUntil": "2026-05-01"}
    house.done("openPosition", {"code": "seat", "projectId": "Project:ring", "title": "Seat", "headcount": 2} | days)
    for person in ("ann", "bob"):
        house.done(
            "bookAllocation",
            {"code": person, "personId": f"Person:{person}", "positionId": "Position:seat", "fte": 0.5}
            | days
            | {"status": "HARD"},
        )
    house.done("rejectAllocation", {"id": "Allocation:bob"})
    house.done("setCoverageRule", {"code": "r-work", "name": "Work", "people": 1, "projectId": "Project:ring"} | RULE)

    by_scope = {
        scope: [(each["rule"]["id"], each["scopePeople"], each["shortPeople"]) for each in asked(house, **scope_of)]
        for scope, scope_of in {
            "all": {},
            "house": {"unit": "OrgUnit:house"},
            "depot": {"unit": "OrgUnit:depot"},
            "ring": {"project": "Project:ring"},
            "splicer": {"role": "Role:splicer"},
        }.items()
    }

    unit, role, work = ("CoverageRule:r-unit", 5, 1), ("CoverageRule:r-role", 1, 1), ("CoverageRule:r-work", 1, 0)
    assert by_scope == {"all": [role, unit, work], "house": [unit], "depot": [], "ring": [work], "splicer": [role]}

    first = house.ask(COVERAGE, DAYS | {"first": 2})["coverage"]
    rest = house.ask(COVERAGE, DAYS | {"first": 2, "after": first["pageInfo"]["endCursor"]})["coverage"]
    assert (first["totalCount"], first["unmetCount"], first["pageInfo"]["hasNextPage"]) == (3, 2, True)
    assert [each["node"]["rule"]["id"] for each in rest["edges"]] == ["CoverageRule:r-work"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"unit": "OrgUnit:house", "role": "Role:splicer"}, "2 of unit, project and role are given"),
        ({"unit": "OrgUnit:nowhere"}, "no unit 'nowhere'"),
        ({"unit": "Role:splicer"}, "is the id of a Role, not of an OrgUnit"),
        ({"until": "2026-03-02"}, "until 2026-03-02 is not after 2026-03-02"),
        ({"after": "bm9uc2Vuc2U="}, "is not a cursor of this list"),
    ],
)
def test_what_cannot_be_asked_is_said(house: Service, values: dict[str, str], message: str) -> None:
    (error,) = house.post(COVERAGE, DAYS | values)["errors"]

    assert message in error["message"]
    assert error["extensions"]["code"] in {"BAD_USER_INPUT", "NOT_FOUND"}
