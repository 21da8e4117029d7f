"""Gaps of groups and the way to other roles, on a house so small that every number is counted by hand.

The team of cables is asked for Splicing at level 3, verified. Ann has it; Bob claims it; Cyd lapsed on
1 February; Dee has level 2; Eve nothing. Fay, of another unit, has it too, and is half booked. Every unit
of the house asks for Safety at level 1 besides, which only Ann holds.
"""

from typing import Any

import pytest

from tests.conftest import Service

DAY = {"asOf": "2026-03-02"}
EXAM = [{"kind": "EXAM", "title": "Splicing test", "result": "passed"}]
VERIFIED = {"skillId": "Skill:splice", "assertedOn": "2026-01-05", "trust": "VERIFIED", "evidence": EXAM}
RULE = {"code": "rule", "skillId": "Skill:splice", "minTrust": "VERIFIED"}
SPLICER, CABLES = {"role": "Role:splicer"}, {"unit": "OrgUnit:cables"}

GROUP = """
query Q(
  $group: GroupInput!, $target: TargetInput!, $asOf: Date, $until: Date, $knownAt: KnownAt, $trendOn: [Date!]
) {
  groupGap(group: $group, target: $target, asOf: $asOf, until: $until, knownAt: $knownAt, trendOn: $trendOn) {
    peopleCount eligibleCount compliance policy levelRule role { id }
    trend { day peopleCount eligibleCount eligibleShare compliance }
    coverage { totalCount unmetCount edges { node { explanation shortPeople } } }
    lines {
      skill { id } requiredLevel minTrust isMandatory weight explanation metElsewhereCount requiredBy { id }
      causes { cause people }
      cures {
        verify { peopleCount people { person { id } line { cure { assertion { id } } } } }
        renew { peopleCount people { person { id } line { cure { assertion { id } } } } }
        courses { course { id } peopleCount hours price }
        withoutCourseCount
        elsewhere { person { id } name freeFte }
      }
    }
  }
}
"""

PEOPLE = """
query Q($cause: Cause, $first: PageSize!, $after: String) {
  groupGap(group: {unit: "OrgUnit:cables"}, target: {role: "Role:splicer"}, asOf: "2026-03-02") {
    lines { people(cause: $cause, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { node { person { id } line { cause explanation cure { kind courses { id } } } } }
    } }
  }
}
"""

DUTIES = """
query Q($group: GroupInput!, $asOf: Date, $trendOn: [Date!]) {
  dutiesGap(group: $group, asOf: $asOf, trendOn: $trendOn) {
    peopleCount withoutDutiesCount eligibleCount compliance
    trend { day peopleCount compliance }
    lines {
      totalCount
      edges { node {
        skill { id } requiredLevel minTrust peopleCount openCount mandatoryCount compliance explanation
        causes { cause people }
        people(cause: MET) { edges { node { person { id } line { cause requiredBy { id } } } } }
      } }
    }
  }
}
"""

PROJECT = """
query Q($asOf: Date) {
  projectGap(project: "Project:ring", asOf: $asOf) {
    missingHeadcount compliance
    positions { edges { node {
      position { id } headcount bookedCount proposedCount missingHeadcount eligibleCount compliance explanation
      lines { causes { cause people } }
    } } }
  }
}
"""

CHANGE = """
query Q($person: ID!, $asOf: Date) {
  skillGap(person: $person, target: {role: "Role:splicer"}, asOf: $asOf) {
    isEligible
    smallestChange {
      isPossible totalHours totalPrice explanation
      steps { kind explanation hours price skills { id } course { id } assertion { id } }
    }
  }
}
"""

CAREER = """
query Q($person: ID!, $asOf: Date, $first: PageSize, $after: String) {
  careerPaths(person: $person, asOf: $asOf, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } ownRole { id }
    edges { node {
      role { id } isEligible openMandatoryCount fit compliance totalHours totalPrice
      openLines { skill { id } cause cure { kind } }
    } }
  }
}
"""


@pytest.fixture
def house(service: Service) -> Service:
    done = service.done
    safety = [{"skillId": "Skill:safety", "level": 1}]
    done("defineScale", {"code": "five", "name": "Five", "labels": ["1", "2", "3", "4", "5"]})
    for code, name in (("splice", "Splicing"), ("safety", "Safety")):
        done("defineSkill", {"code": code, "name": name, "scaleId": "Scale:five"})
    done("createOrgUnit", {"code": "house", "name": "House", "requirements": safety})
    for code in ("cables", "office"):
        done("createOrgUnit", {"code": code, "name": code.title(), "parentId": "OrgUnit:house"})
    for role, level, trust in (("splicer", 3, "VERIFIED"), ("helper", 2, None), ("master", 5, None)):
        done("defineRole", {"code": role, "name": role.title()})
        needs = [{"skillId": "Skill:splice", "level": level, "minTrust": trust}]
        profile = {"code": f"{role}-1", "roleId": f"Role:{role}", "version": 1, "requirements": needs}
        done("draftRoleProfile", profile)
        done("publishRoleProfile", {"id": f"RoleProfile:{role}-1"})
    for code in ("ann", "bob", "cyd", "dee", "eve", "fay"):
        unit = "office" if code == "fay" else "cables"
        own = {"roleId": "Role:helper"} if code == "dee" else {}
        done("registerPerson", {"code": code, "name": code.title(), "unitId": f"OrgUnit:{unit}"} | own)
    done("recordAssertion", {"code": "a-ann", "personId": "Person:ann", "level": 3} | VERIFIED)
    claim = {"skillId": "Skill:splice", "assertedOn": "2026-01-05", "level": 4}
    done("recordAssertion", {"code": "a-bob", "personId": "Person:bob"} | claim)
    cyd = {"code": "a-cyd", "personId": "Person:cyd", "level": 3, "validUntil": "2026-02-01"}
    done("recordAssertion", cyd | VERIFIED)
    done("recordAssertion", {"code": "a-dee", "personId": "Person:dee", "level": 2} | VERIFIED)
    done("recordAssertion", {"code": "a-fay", "personId": "Person:fay", "level": 5} | VERIFIED)
    safe = {"skillId": "Skill:safety", "assertedOn": "2026-01-05", "level": 1}
    done("recordAssertion", {"code": "a-safe", "personId": "Person:ann"} | safe)
    for code, price, hours, least in (("dear", 100, 16, 0), ("cheap", 50, 8, 2)):
        outcome = {"skillId": "Skill:splice", "fromLevel": least, "toLevel": 3}
        course = {"code": code, "name": code.title(), "price": price, "hours": hours, "outcomes": [outcome]}
        done("offerCourse", course)
    done("setCoverageRule", {"name": "Splicers", "people": 2, "unitId": "OrgUnit:cables", "level": 3} | RULE)
    done("proposeProject", {"code": "ring", "name": "Ring", "status": "ACTIVE"})
    days = {"validFrom": "2026-03-01", "validUntil": "2026-05-01"}
    seat = {"code": "seat", "projectId": "Project:ring", "title": "Seat", "roleId": "Role:splicer", "headcount": 3}
    done("openPosition", seat | days)
    for code in ("dee", "fay"):
        booking = {"code": code, "personId": f"Person:{code}", "positionId": "Position:seat", "fte": 0.5}
        done("bookAllocation", booking | days | {"status": "HARD"})
    proposed = {"code": "eve", "personId": "Person:eve", "positionId": "Position:seat", "fte": 0.5}
    done("bookAllocation", proposed | days | {"status": "SOFT"})
    return service


def group_gap(house: Service, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = house.ask(GROUP, {"group": CABLES, "target": SPLICER} | DAY | asked)["groupGap"]
    return found


def counts(**people: int) -> list[dict[str, Any]]:
    return [{"cause": cause, "people": count} for cause, count in people.items()]


def cured(person: str, assertion: str) -> dict[str, Any]:
    line = {"cure": {"assertion": {"id": f"Assertion:{assertion}"}}}
    return {"peopleCount": 1, "people": [{"person": {"id": f"Person:{person}"}, "line": line}]}


def test_a_group_s_line_counts_causes_and_names_every_cure(house: Service) -> None:
    found = group_gap(house, trendOn=["2026-01-10", "2026-03-02"])

    point = {"peopleCount": 5, "eligibleCount": 1, "eligibleShare": 0.2, "compliance": 0.2}
    assert found == {
        "peopleCount": 5,
        "eligibleCount": 1,
        "compliance": 0.2,
        "policy": "fit-policy/1",
        "levelRule": "level-rule/1",
        "role": {"id": "Role:splicer"},
        "trend": [
            {"day": "2026-01-10", "peopleCount": 5, "eligibleCount": 2, "eligibleShare": 0.4, "compliance": 0.4},
            {"day": "2026-03-02"} | point,
        ],
        "coverage": {
            "totalCount": 1,
            "unmetCount": 1,
            "edges": [
                {
                    "node": {
                        "explanation": "Cables: 2 asked with Splicing at level 3, verified at least; 1 found, 1 short.",
                        "shortPeople": 1,
                    }
                }
            ],
        },
        "lines": [
            {
                "skill": {"id": "Skill:splice"},
                "requiredLevel": 3,
                "minTrust": "VERIFIED",
                "isMandatory": True,
                "weight": 1.0,
                "explanation": (
                    "Splicing, level 3, verified at least: 1 of 5 meets it; "
                    "1 unverified, 1 expired, 1 below level, 1 missing."
                ),
                "metElsewhereCount": 1,
                "requiredBy": [{"id": "RoleProfile:splicer-1"}],
                "causes": counts(MET=1, UNVERIFIED=1, EXPIRED=1, BELOW_LEVEL=1, MISSING=1),
                "cures": {
                    "verify": cured("bob", "a-bob"),
                    "renew": cured("cyd", "a-cyd"),
                    "courses": [
                        {"course": {"id": "Course:cheap"}, "peopleCount": 1, "hours": 8.0, "price": 50.0},
                        {"course": {"id": "Course:dear"}, "peopleCount": 2, "hours": 16.0, "price": 100.0},
                    ],
                    "withoutCourseCount": 0,
                    "elsewhere": [{"person": {"id": "Person:fay"}, "name": "Fay", "freeFte": 0.5}],
                },
            }
        ],
    }


def test_the_people_of_a_line_come_a_page_at_a_time_and_by_cause(house: Service) -> None:
    seen, after = [], None
    while True:
        page = house.ask(PEOPLE, {"first": 2, "after": after})["groupGap"]["lines"][0]["people"]
        seen += [each["node"] for each in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    (below,) = house.ask(PEOPLE, {"first": 2, "cause": "BELOW_LEVEL"})["groupGap"]["lines"][0]["people"]["edges"]

    assert page["totalCount"] == 5
    assert [(each["person"]["id"], each["line"]["cause"]) for each in seen] == [
        ("Person:ann", "MET"),
        ("Person:bob", "UNVERIFIED"),
        ("Person:cyd", "EXPIRED"),
        ("Person:dee", "BELOW_LEVEL"),
        ("Person:eve", "MISSING"),
    ]
    assert below["node"] == seen[3]
    assert seen[3]["line"]["cure"] == {"kind": "COURSE", "courses": [{"id": "Course:cheap"}, {"id": "Course:dear"}]}


@pytest.mark.parametrize(
    ("group", "causes"),
    [
        ({"organisation": True}, counts(MET=2, UNVERIFIED=1, EXPIRED=1, BELOW_LEVEL=1, MISSING=1)),
        ({"project": "Project:ring"}, counts(MET=1, BELOW_LEVEL=1)),
        ({"people": ["Person:ann", "Person:eve"]}, counts(MET=1, MISSING=1)),
    ],
)
def test_a_group_is_a_project_a_list_or_everybody_too(
    house: Service, group: dict[str, Any], causes: list[dict[str, Any]]
) -> None:
    assert group_gap(house, group=group)["lines"][0]["causes"] == causes


def test_what_was_known_before_is_answered_as_then(house: Service) -> None:
    before = house.ask("{ registry { seq } }")["registry"]["seq"]
    house.done("recordAssertion", {"code": "a-eve", "personId": "Person:eve", "level": 3} | VERIFIED)

    assert group_gap(house)["compliance"] == 0.4
    assert group_gap(house, knownAt=before)["compliance"] == 0.2
    then = group_gap(house, knownAt=before, trendOn=["2026-03-02"])["trend"]
    assert [each["compliance"] for each in then] == [0.2]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"group": {"organisation": False}}, "organisation is false; name a unit"),
        ({"group": {"people": []}}, "0 people are listed; name a unit"),
        ({"group": {"people": ["Person:nobody"]}}, "no person 'nobody'"),
        ({"group": {"unit": "Person:ann"}}, "is the id of a Person, not of an OrgUnit"),
        ({"trendOn": ["2026-03-02"] * 25}, "25 days are listed; give at most 24"),
    ],
)
def test_what_cannot_be_asked_is_said(house: Service, asked: dict[str, Any], message: str) -> None:
    (error,) = house.post(GROUP, {"group": CABLES, "target": SPLICER} | DAY | asked)["errors"]

    assert message in error["message"]
    assert error["extensions"]["code"] in {"BAD_USER_INPUT", "NOT_FOUND"}


def test_everybody_is_held_against_the_own_duties(house: Service) -> None:
    found = house.ask(DUTIES, {"group": {"organisation": True}, "trendOn": ["2026-01-01"]} | DAY)["dutiesGap"]

    assert found == {
        "peopleCount": 6,
        "withoutDutiesCount": 0,
        "eligibleCount": 1,
        "compliance": 2 / 7,
        "trend": [{"day": "2026-01-01", "peopleCount": 6, "compliance": 2 / 7}],
        "lines": {
            "totalCount": 2,
            "edges": [
                {
                    "node": {
                        "skill": {"id": "Skill:safety"},
                        "requiredLevel": 1,
                        "minTrust": "CLAIMED",
                        "peopleCount": 6,
                        "openCount": 5,
                        "mandatoryCount": 6,
                        "compliance": 1 / 6,
                        "explanation": "Safety, level 1: 1 of 6 meets it; 5 missing.",
                        "causes": counts(MET=1, MISSING=5),
                        "people": met_by("ann", "OrgUnit:house"),
                    }
                },
                {
                    "node": {
                        "skill": {"id": "Skill:splice"},
                        "requiredLevel": 2,
                        "minTrust": "CLAIMED",
                        "peopleCount": 1,
                        "openCount": 0,
                        "mandatoryCount": 1,
                        "compliance": 1.0,
                        "explanation": "Splicing, level 2: 1 of 1 meets it.",
                        "causes": counts(MET=1),
                        "people": met_by("dee", "RoleProfile:helper-1"),
                    }
                },
            ],
        },
    }


def met_by(person: str, owner: str) -> dict[str, Any]:
    line = {"cause": "MET", "requiredBy": [{"id": owner}]}
    return {"edges": [{"node": {"person": {"id": f"Person:{person}"}, "line": line}}]}


def test_a_project_s_position_says_on_a_day_to_come_what_is_open(house: Service) -> None:
    april, june = (house.ask(PROJECT, {"asOf": day})["projectGap"] for day in ("2026-04-01", "2026-06-01"))

    assert april == {
        "missingHeadcount": 1,
        "compliance": 0.5,
        "positions": {
            "edges": [
                {
                    "node": {
                        "position": {"id": "Position:seat"},
                        "headcount": 3,
                        "bookedCount": 2,
                        "proposedCount": 1,
                        "missingHeadcount": 1,
                        "eligibleCount": 1,
                        "compliance": 0.5,
                        "explanation": (
                            "Seat: 2 of 3 booked, 1 proposed, 1 still to be found; 1 of those booked eligible."
                        ),
                        "lines": [{"causes": counts(MET=1, BELOW_LEVEL=1)}],
                    }
                }
            ]
        },
    }
    assert june == {"missingHeadcount": 0, "compliance": None, "positions": {"edges": []}}


def test_the_smallest_change_is_what_makes_eligible(house: Service) -> None:
    def change(person: str) -> Any:
        found = house.ask(CHANGE, {"person": f"Person:{person}"} | DAY)["skillGap"]
        assert found["isEligible"] == (found["smallestChange"] is None)
        return found["smallestChange"]

    assert change("ann") is None
    assert change("dee") == {
        "isPossible": True,
        "totalHours": 8.0,
        "totalPrice": 50.0,
        "explanation": (
            "To become eligible: attend Cheap for Splicing at level 3. Courses take 8 hours, at a price of 50.00."
        ),
        "steps": [
            {
                "kind": "COURSE",
                "explanation": "Attend Cheap for Splicing at level 3.",
                "hours": 8.0,
                "price": 50.0,
                "skills": [{"id": "Skill:splice"}],
                "course": {"id": "Course:cheap"},
                "assertion": None,
            }
        ],
    }
    (verify,), (renew,) = change("bob")["steps"], change("cyd")["steps"]
    assert (verify["kind"], verify["assertion"]) == ("VERIFY", {"id": "Assertion:a-bob"})
    assert (renew["kind"], renew["assertion"]) == ("RENEW", {"id": "Assertion:a-cyd"})
    assert change("bob")["totalPrice"] == 0

    house.done(
        "recordAssertion",
        {"code": "a-dee-2", "personId": "Person:dee", "level": 3} | VERIFIED | {"assertedOn": "2026-02-01"},
    )
    assert change("dee") is None


def test_roles_come_the_nearest_first_without_the_own(house: Service) -> None:
    first = house.ask(CAREER, {"person": "Person:dee", "first": 1} | DAY)["careerPaths"]
    after = first["pageInfo"]["endCursor"]
    rest = house.ask(CAREER, {"person": "Person:dee", "after": after} | DAY)["careerPaths"]
    fay = house.ask(CAREER, {"person": "Person:fay"} | DAY)["careerPaths"]

    assert (first["totalCount"], first["ownRole"]) == (2, {"id": "Role:helper"})
    splicer, master = first["edges"][0]["node"], rest["edges"][0]["node"]
    assert splicer | {"fit": None} == {
        "role": {"id": "Role:splicer"},
        "isEligible": False,
        "openMandatoryCount": 1,
        "fit": None,
        "compliance": 0.0,
        "totalHours": 8.0,
        "totalPrice": 50.0,
        "openLines": [{"skill": {"id": "Skill:splice"}, "cause": "BELOW_LEVEL", "cure": {"kind": "COURSE"}}],
    }
    assert splicer["fit"] == pytest.approx((2 / 3) ** 1.5 / 2, abs=1e-6)
    assert (master["role"]["id"], master["totalPrice"]) == ("Role:master", None)
    assert not rest["pageInfo"]["hasNextPage"]
    roles = [(each["node"]["role"]["id"], each["node"]["isEligible"], each["node"]["fit"]) for each in fay["edges"]]
    assert roles == [("Role:helper", True, 1.0), ("Role:master", True, 1.0), ("Role:splicer", True, 1.0)]
