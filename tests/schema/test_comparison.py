"""Two versions side by side, asked through GraphQL on people counted by hand.

Version 1 asks for Splicing 2 and Climbing 1; version 2 for Splicing 3, First aid 1 and, as a wish, Climbing 1.
"""

from typing import Any

import pytest

from tests.conftest import Service

PROFILES = """
query Q($from: ID!, $to: ID!, $asOf: Date, $knownAt: KnownAt, $first: PageSize, $after: String) {
  compareRoleProfiles(from: $from, to: $to, asOf: $asOf, knownAt: $knownAt) {
    isSameRole newlyIneligibleCount newlyEligibleCount complianceChangedCount unaffectedCount
    requirements { kind skillName levelBefore levelAfter before { isMandatory } after { isMandatory } }
    people(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { node {
        person { id } effect wasEligible isEligible complianceBefore complianceAfter
        shifts { skill { id } before after }
      } }
    }
  }
}
"""

TEXTS = """
query Q($from: ID!, $to: ID!) {
  compareJobDescriptions(from: $from, to: $to) {
    isTitleChanged isLanguageChanged isTextChanged isProfileChanged statusBefore statusAfter
    text { kind text }
    profiles { requirements { kind skillName } }
    before { title } after { title }
  }
}
"""

VERSIONS = {"from": "RoleProfile:v1", "to": "RoleProfile:v2", "asOf": "2026-03-02"}


@pytest.fixture
def house(service: Service) -> Service:
    done = service.done
    done("defineScale", {"code": "five", "name": "Five", "labels": ["1", "2", "3", "4", "5"]})
    for code, name in (("splice", "Splicing"), ("climb", "Climbing"), ("aid", "First aid")):
        done("defineSkill", {"code": code, "name": name, "scaleId": "Scale:five"})
    done("defineRole", {"code": "splicer", "name": "Splicer"})
    done("defineRole", {"code": "rigger", "name": "Rigger"})
    climb = {"skillId": "Skill:climb", "level": 1}
    old = [{"skillId": "Skill:splice", "level": 2}, climb]
    new = [
        {"skillId": "Skill:splice", "level": 3},
        {"skillId": "Skill:aid", "level": 1},
        climb | {"isMandatory": False},
    ]
    profile = {"roleId": "Role:splicer"}
    done("draftRoleProfile", {"code": "v1", "version": 1, "requirements": old} | profile)
    done("publishRoleProfile", {"id": "RoleProfile:v1"})
    done("draftRoleProfile", {"code": "v2", "version": 2, "requirements": new} | profile)
    done("draftRoleProfile", {"code": "none", "version": 1, "roleId": "Role:rigger"})
    held = {
        "ann": {"splice": 3, "climb": 1, "aid": 1},
        "bob": {"splice": 2, "climb": 1},
        "cyd": {"splice": 3, "aid": 1},
        "dee": {"splice": 1},
        "eve": {"splice": 3, "climb": 1},
        "fay": {"splice": 3, "climb": 1},
    }
    for code, skills in held.items():
        role = {} if code in {"eve", "fay"} else {"roleId": "Role:splicer"}
        done("registerPerson", {"code": code, "name": code.title()} | role)
        for skill, level in skills.items():
            done(
                "recordAssertion",
                {
                    "personId": f"Person:{code}",
                    "skillId": f"Skill:{skill}",
                    "level": level,
                    "assertedOn": "2026-01-05",
                },
            )
    done("proposeProject", {"code": "ring", "name": "Ring", "status": "ACTIVE"})
    days = {"validFrom": "2026-02-02", "validUntil": "2026-05-01"}
    seat = {"code": "seat", "projectId": "Project:ring", "title": "Seat", "roleId": "Role:splicer", "headcount": 2}
    done("openPosition", seat | days)
    for code, until in (("eve", "2026-05-01"), ("fay", "2026-03-01")):
        booked = {"code": code, "personId": f"Person:{code}", "positionId": "Position:seat", "fte": 0.5}
        done("bookAllocation", booked | days | {"validUntil": until})
    return service


def compared(house: Service, **values: Any) -> dict[str, Any]:
    found: dict[str, Any] = house.ask(PROFILES, VERSIONS | values)["compareRoleProfiles"]
    return found


def test_every_requirement_is_on_both_sides_with_how_it_differs(house: Service) -> None:
    found = compared(house)

    assert found["isSameRole"]
    assert found["requirements"] == [
        {
            "kind": "ADDED",
            "skillName": "First aid",
            "levelBefore": None,
            "levelAfter": 1,
            "before": None,
            "after": {"isMandatory": True},
        },
        {
            "kind": "RAISED",
            "skillName": "Splicing",
            "levelBefore": 2,
            "levelAfter": 3,
            "before": {"isMandatory": True},
            "after": {"isMandatory": True},
        },
        {
            "kind": "CHANGED",
            "skillName": "Climbing",
            "levelBefore": 1,
            "levelAfter": 1,
            "before": {"isMandatory": True},
            "after": {"isMandatory": False},
        },
    ]
    back = compared(house, **{"from": "RoleProfile:v2", "to": "RoleProfile:v1"})["requirements"]
    assert [each["kind"] for each in back] == ["REMOVED", "LOWERED", "CHANGED"]
    same = compared(house, to="RoleProfile:v1")["requirements"]
    assert [each["kind"] for each in same] == ["UNCHANGED", "UNCHANGED"]


def test_whom_the_change_concerns_is_counted_and_listed_with_the_lines_that_change(house: Service) -> None:
    found = compared(house)

    counts = ("newlyIneligibleCount", "newlyEligibleCount", "complianceChangedCount", "unaffectedCount")
    assert [found[each] for each in counts] == [2, 1, 0, 2]
    people = {each["node"]["person"]["id"]: each["node"] for each in found["people"]["edges"]}
    assert [(id_, each["effect"]) for id_, each in people.items()] == [
        ("Person:bob", "NEWLY_INELIGIBLE"),
        ("Person:eve", "NEWLY_INELIGIBLE"),
        ("Person:cyd", "NEWLY_ELIGIBLE"),
        ("Person:ann", "UNAFFECTED"),
        ("Person:dee", "UNAFFECTED"),
    ]
    assert people["Person:bob"] == {
        "person": {"id": "Person:bob"},
        "effect": "NEWLY_INELIGIBLE",
        "wasEligible": True,
        "isEligible": False,
        "complianceBefore": 1.0,
        "complianceAfter": pytest.approx(1 / 3),
        "shifts": [
            {"skill": {"id": "Skill:aid"}, "before": None, "after": "MISSING"},
            {"skill": {"id": "Skill:splice"}, "before": "MET", "after": "BELOW_LEVEL"},
        ],
    }
    assert (people["Person:cyd"]["complianceBefore"], people["Person:cyd"]["isEligible"]) == (0.5, True)


def test_the_people_come_a_page_at_a_time(house: Service) -> None:
    seen, after = [], None
    while True:
        page = compared(house, first=2, after=after)["people"]
        seen += [each["node"]["person"]["id"].removeprefix("Person:") for each in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert (seen, page["totalCount"]) == (["bob", "eve", "cyd", "ann", "dee"], 5)


def test_a_waiver_for_the_role_keeps_its_holder_eligible(house: Service) -> None:
    waived = {"personId": "Person:eve", "skillId": "Skill:aid", "roleId": "Role:splicer"}
    house.done("grantWaiver", waived | {"grantedBy": "Head", "reason": "Office"})

    found = compared(house)

    assert (found["newlyIneligibleCount"], found["unaffectedCount"]) == (1, 3)


def test_a_version_may_ask_for_nothing_and_be_of_another_role(house: Service) -> None:
    found = compared(house, to="RoleProfile:none")

    assert not found["isSameRole"]
    assert [each["kind"] for each in found["requirements"]] == ["REMOVED", "REMOVED"]
    assert (found["newlyIneligibleCount"], found["newlyEligibleCount"], found["unaffectedCount"]) == (0, 2, 3)
    empty = compared(house, **{"from": "RoleProfile:none", "to": "RoleProfile:none"})
    assert (empty["requirements"], empty["people"]["totalCount"]) == ([], 0)


def test_an_earlier_change_knows_the_draft_as_it_was(house: Service) -> None:
    before = house.ask("{ registry { seq } }")["registry"]["seq"]
    house.done("reviseRoleProfile", {"id": "RoleProfile:v2", "requirements": [{"skillId": "Skill:splice", "level": 2}]})

    now, then = compared(house), compared(house, knownAt=str(before))

    assert [each["kind"] for each in now["requirements"]] == ["REMOVED", "UNCHANGED"]
    assert [each["kind"] for each in then["requirements"]] == ["ADDED", "RAISED", "CHANGED"]


def test_job_descriptions_differ_line_by_line_and_cite_profiles(house: Service) -> None:
    text = {"roleId": "Role:splicer", "title": "Splicer"}
    for version, lines in (
        (1, ["Splices.", "Climbs.", "Reports."]),
        (2, ["Splices.", "Helps.", "Reports.", "Teaches."]),
    ):
        described = {"code": f"jd{version}", "version": version, "profileId": f"RoleProfile:v{version}"}
        house.done("draftJobDescription", described | text | {"text": "\n".join(lines)})
    house.done("publishJobDescription", {"id": "JobDescription:jd1"})

    found = house.ask(TEXTS, {"from": "JobDescription:jd1", "to": "JobDescription:jd2"})["compareJobDescriptions"]

    assert found == {
        "isTitleChanged": False,
        "isLanguageChanged": False,
        "isTextChanged": True,
        "isProfileChanged": True,
        "statusBefore": "PUBLISHED",
        "statusAfter": "DRAFT",
        "text": [
            {"kind": "SAME", "text": "Splices."},
            {"kind": "REMOVED", "text": "Climbs."},
            {"kind": "ADDED", "text": "Helps."},
            {"kind": "SAME", "text": "Reports."},
            {"kind": "ADDED", "text": "Teaches."},
        ],
        "profiles": {
            "requirements": [
                {"kind": "ADDED", "skillName": "First aid"},
                {"kind": "RAISED", "skillName": "Splicing"},
                {"kind": "CHANGED", "skillName": "Climbing"},
            ]
        },
        "before": {"title": "Splicer"},
        "after": {"title": "Splicer"},
    }


def test_job_descriptions_are_compared_as_they_were_known(house: Service) -> None:
    given = {"roleId": "Role:splicer", "profileId": "RoleProfile:v1", "title": "Splicer"}
    house.done("draftJobDescription", {"code": "jd1", "version": 1, "text": "Splices."} | given)
    before = house.done(
        "draftJobDescription", {"code": "jd2", "version": 2, "text": "Splices.\nHelps."} | given, "recordedSeq"
    )
    house.done("reviseJobDescription", {"id": "JobDescription:jd2", "title": "Rigger", "text": "Climbs."})
    asked = """
    query Q($known: KnownAt) {
      compareJobDescriptions(from: "JobDescription:jd1", to: "JobDescription:jd2", knownAt: $known) {
        isTitleChanged text { kind text } after { title }
      }
    }
    """

    then = house.ask(asked, {"known": before["recordedSeq"]})["compareJobDescriptions"]
    now = house.ask(asked)["compareJobDescriptions"]

    assert then == {
        "isTitleChanged": False,
        "text": [{"kind": "SAME", "text": "Splices."}, {"kind": "ADDED", "text": "Helps."}],
        "after": {"title": "Splicer"},
    }
    assert now["isTitleChanged"]
    assert now["after"] == {"title": "Rigger"}


@pytest.mark.parametrize(
    ("query", "values", "message"),
    [
        (PROFILES, {"to": "RoleProfile:v9"}, "no role profile 'v9'"),
        (PROFILES, {"to": "Role:splicer"}, "is the id of a Role, not of a RoleProfile"),
        (PROFILES, {"after": "bm9uc2Vuc2U="}, "is not a cursor of this list"),
        (TEXTS, {"from": "JobDescription:x", "to": "JobDescription:y"}, "no job description 'x'"),
    ],
)
def test_what_cannot_be_compared_is_said(house: Service, query: str, values: dict[str, str], message: str) -> None:
    asked = values if query is TEXTS else VERSIONS | values
    (error,) = house.post(query, asked)["errors"]

    assert message in error["message"]


def test_a_role_is_not_reviewed_tomorrow(house: Service) -> None:
    refused = house.do("reviewRole", {"id": "Role:splicer", "reviewedOn": "9999-01-01"})
    reviewed = house.done("reviewRole", {"id": "Role:splicer"}, "reviewedOn")

    assert refused["errors"][0]["path"] == ["input", "reviewedOn"]
    assert "is after today" in refused["errors"][0]["message"]
    assert reviewed["reviewedOn"] is not None
