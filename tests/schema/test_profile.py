"""What is recorded about a person and why, on a world small enough to reckon by hand."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import Service

ON = "2026-03-02"
"""The day asked about."""

EXPLAIN = """
query Explain($person: ID!, $skill: ID!, $asOf: Date, $knownAt: KnownAt, $minTrust: Trust, $first: PageSize! = 50,
              $after: String) {
  explainLevel(person: $person, skill: $skill, asOf: $asOf, knownAt: $knownAt, minTrust: $minTrust) {
    level trust levelRule sentence sourcesDisagree
    demand { requiredVerifiers requiresCredential maxEvidenceAgeDays }
    sources { source level trust assertedOn }
    assertions(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { node {
        verdict sentence level ownTrust trust verifiers source assertedBy assertedOn validUntil recordedSeq retractedSeq
        assertion { id }
        evidence { kind title number issuer result standing isNegative }
        decisions { decision decidedOn reason standing verifier { id } }
      } }
    }
  }
}
"""
PROFILE = """
query Profile($person: ID!, $asOf: Date, $knownAt: KnownAt, $minTrust: Trust, $first: PageSize! = 50, $after: String) {
  profile(person: $person, asOf: $asOf, knownAt: $knownAt, minTrust: $minTrust) {
    name unit { id } site { id } role { id } manager { id } levelRule
    skills(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { node {
        name level levelLabel trust lastUsedOn expiresOn sourcesDisagree evidenceCount interest wantsToLearn
        skill { id } assertion { id }
      } }
    }
  }
}
"""
EXPIRING = """
query Expiring($within: Int!, $asOf: Date, $knownAt: KnownAt, $unit: ID, $role: ID, $project: ID, $skill: ID,
               $first: PageSize! = 50, $after: String) {
  FIELD(within: $within, asOf: $asOf, knownAt: $knownAt, unit: $unit, role: $role, project: $project, skill: $skill,
        first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node {
      expiresOn level trust levelAfter trustAfter brokenPositions person { id } skill { id } assertion { id }
    } }
  }
}
"""


@pytest.fixture
def world(service: Service) -> Service:
    """Ann says 4, HR says 2, Bob has verified what a certificate supports; two assessors are demanded."""
    done = service.done
    done("createOrgUnit", {"code": "house", "name": "House"})
    done("createOrgUnit", {"code": "yard", "name": "Yard", "parentId": "OrgUnit:house"})
    done("defineRole", {"code": "welder", "name": "Welder"})
    done("defineScale", {"code": "five", "name": "Five", "labels": ["Novice", "Helper", "Worker", "Expert", "Master"]})
    done("defineSkill", {"code": "weld", "name": "Welding", "scaleId": "Scale:five", "requiredVerifiers": 2})
    for code, name in (("cook", "Cooking"), ("fly", "Flying"), ("dive", "Diving")):
        done("defineSkill", {"code": code, "name": name, "scaleId": "Scale:five"})
    for code in ("bob", "cay"):
        done("registerPerson", {"code": code, "name": code.title()})
        done("grantAssessorScope", {"personId": f"Person:{code}", "grantedBy": "Head"})
    done(
        "registerPerson",
        {
            "code": "ann",
            "name": "Ann",
            "unitId": "OrgUnit:yard",
            "roleId": "Role:welder",
            "managerId": "Person:bob",
        },
    )
    weld = {"personId": "Person:ann", "skillId": "Skill:weld"}
    done(
        "recordAssertion",
        weld
        | {"code": "claim", "level": 4, "assertedOn": "2026-02-01", "assertedBy": "Ann", "lastUsedOn": "2026-01-15"},
    )
    done("recordAssertion", weld | {"code": "hr", "level": 2, "assertedOn": "2026-01-01", "source": "HR"})
    papers = [{"kind": "CERTIFICATE", "title": "Course", "number": "7", "issuer": "Board", "result": "82 of 100"}]
    done(
        "recordAssertion",
        weld
        | {
            "code": "paper",
            "level": 3,
            "assertedOn": "2026-01-05",
            "validUntil": "2026-03-16",
            "source": "Academy",
            "evidence": papers,
        },
    )
    done(
        "verifyAssertion",
        {"id": "Assertion:paper", "verifierId": "Person:bob", "reason": "Seen", "decidedOn": "2026-02-02"},
    )
    done(
        "recordAssertion",
        {
            "code": "soup",
            "personId": "Person:ann",
            "skillId": "Skill:cook",
            "level": 5,
            "assertedOn": "2025-01-01",
            "validUntil": "2026-02-20",
        },
    )
    done(
        "stateInterest",
        {
            "personId": "Person:ann",
            "skillId": "Skill:fly",
            "interest": "KEEN",
            "wantsToLearn": True,
            "statedOn": "2026-01-01",
        },
    )
    return service


def explained(service: Service, **asked: Any) -> dict[str, Any]:
    values = {"person": "Person:ann", "skill": "Skill:weld", "asOf": ON} | asked
    found: dict[str, Any] = service.ask(EXPLAIN, values)["explainLevel"]
    return found


def nodes(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [each["node"] for each in found["edges"]]


def verdicts(found: dict[str, Any]) -> dict[str, str]:
    return {each["assertion"]["id"]: each["verdict"] for each in nodes(found["assertions"])}


def seq(service: Service) -> int:
    found: int = service.ask("{ registry { seq } }")["registry"]["seq"]
    return found


def test_a_level_is_explained_by_everything_that_was_said(world: Service) -> None:
    found = explained(world)

    assert (found["level"], found["trust"], found["levelRule"]) == (3, "ENDORSED", "level-rule/1")
    assert found["demand"] == {"requiredVerifiers": 2, "requiresCredential": False, "maxEvidenceAgeDays": None}
    assert found["sentence"].startswith("Level 3 in Welding, endorsed: of 3 statements 3 count on 2026-03-02;")
    first, second, third = nodes(found["assertions"])
    assert first["assertion"]["id"] == "Assertion:paper"
    assert first["sentence"] == "Verified by 1 of 2 assessors demanded, so it counts as ENDORSED; it gives the level."
    assert (first["ownTrust"], first["trust"], first["verifiers"]) == ("CLAIMED", "ENDORSED", 1)
    assert first["evidence"] == [
        {
            "kind": "CERTIFICATE",
            "title": "Course",
            "number": "7",
            "issuer": "Board",
            "result": "82 of 100",
            "standing": "NOT_DEMANDED",
            "isNegative": False,
        }
    ]
    assert first["decisions"] == [
        {
            "decision": "VERIFIED",
            "decidedOn": "2026-02-02",
            "reason": "Seen",
            "standing": "COUNTS",
            "verifier": {"id": "Person:bob"},
        }
    ]
    assert (second["assertion"]["id"], second["verdict"]) == ("Assertion:claim", "OUTRANKED_BY_TRUST")
    assert second["sentence"] == "Claimed, and nobody has verified it; another is ENDORSED."
    assert (third["assertion"]["id"], third["verdict"]) == ("Assertion:hr", "OUTRANKED_BY_TRUST")
    assert found["sourcesDisagree"]
    assert [(each["source"], each["level"]) for each in found["sources"]] == [("Academy", 3), ("Ann", 4), ("HR", 2)]


def test_the_day_asked_and_the_trust_asked_change_the_winner(world: Service) -> None:
    later = explained(world, asOf="2026-03-16")
    assert (later["level"], later["trust"]) == (4, "CLAIMED")
    assert verdicts(later)["Assertion:paper"] == "NO_LONGER_VALID"

    strict = explained(world, minTrust="VERIFIED")
    assert (strict["level"], strict["trust"]) == (None, None)
    assert set(verdicts(strict).values()) == {"BELOW_TRUST_FLOOR"}


def test_what_comes_later_changes_no_earlier_answer(world: Service) -> None:
    before = seq(world)
    then = explained(world, knownAt=before)
    world.done(
        "verifyAssertion",
        {"id": "Assertion:paper", "verifierId": "Person:cay", "reason": "Seen too", "decidedOn": "2026-02-03"},
    )
    world.done("correctAssertion", {"id": "Assertion:hr", "level": 1})
    world.done("retractAssertion", {"id": "Assertion:claim"})
    world.done("correctSkill", {"id": "Skill:weld", "requiredVerifiers": 1})

    now = explained(world)
    assert (now["level"], now["trust"]) == (3, "VERIFIED")
    states = [(each["assertion"]["id"], each["level"], each["verdict"]) for each in nodes(now["assertions"])]
    assert states == [
        ("Assertion:paper", 3, "WINS"),
        ("Assertion:hr", 1, "OUTRANKED_BY_TRUST"),
        ("Assertion:claim", 4, "RETRACTED"),
        ("Assertion:hr", 2, "RETRACTED"),
    ]
    assert explained(world, knownAt=before) == then


def test_pages_of_statements_follow_each_other(world: Service) -> None:
    first = explained(world, first=2)["assertions"]
    rest = explained(world, first=2, after=first["pageInfo"]["endCursor"])["assertions"]

    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    assert nodes(first) + nodes(rest) == nodes(explained(world)["assertions"])


def profiled(service: Service, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = service.ask(PROFILE, {"person": "Person:ann", "asOf": ON} | asked)["profile"]
    return found


def test_a_profile_shows_what_is_held_claimed_lapsed_and_wished_for(world: Service) -> None:
    found = profiled(world)

    assert found["name"] == "Ann"
    ids = {name: found[name] and found[name]["id"] for name in ("unit", "site", "role", "manager")}
    assert ids == {"unit": "OrgUnit:yard", "site": None, "role": "Role:welder", "manager": "Person:bob"}
    nothing = {
        "level": None,
        "levelLabel": None,
        "trust": None,
        "lastUsedOn": None,
        "expiresOn": None,
        "sourcesDisagree": False,
        "evidenceCount": 0,
        "interest": None,
        "wantsToLearn": False,
        "assertion": None,
    }
    assert nodes(found["skills"]) == [
        {
            "name": "Welding",
            "level": 3,
            "levelLabel": "Worker",
            "trust": "ENDORSED",
            "lastUsedOn": "2026-01-05",
            "expiresOn": "2026-03-16",
            "sourcesDisagree": True,
            "evidenceCount": 1,
            "interest": None,
            "wantsToLearn": False,
            "skill": {"id": "Skill:weld"},
            "assertion": {"id": "Assertion:paper"},
        },
        nothing | {"name": "Cooking", "skill": {"id": "Skill:cook"}},
        nothing | {"name": "Flying", "interest": "KEEN", "wantsToLearn": True, "skill": {"id": "Skill:fly"}},
    ]


def test_a_profile_of_then_stays_what_it_was(world: Service) -> None:
    before = seq(world)
    then = profiled(world, knownAt=before)
    world.done("correctPerson", {"id": "Person:ann", "name": "Ann B", "unitId": "OrgUnit:house", "managerId": None})
    back_dated = {"personId": "Person:ann", "skillId": "Skill:dive", "level": 1, "assertedOn": "2025-06-01"}
    world.done("recordAssertion", {"code": "late", "source": "Club"} | back_dated)

    now = profiled(world)
    assert (now["name"], now["unit"]["id"], now["manager"]) == ("Ann B", "OrgUnit:house", None)
    assert [each["name"] for each in nodes(now["skills"])] == ["Welding", "Diving", "Cooking", "Flying"]
    assert profiled(world, knownAt=before) == then


def test_pages_of_a_profile_follow_each_other(world: Service) -> None:
    first = profiled(world, first=1)["skills"]
    rest = profiled(world, first=2, after=first["pageInfo"]["endCursor"])["skills"]

    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (3, True, False)
    assert [each["name"] for each in nodes(first) + nodes(rest)] == ["Welding", "Cooking", "Flying"]


def lapses(service: Service, name: str = "expiring", **asked: Any) -> dict[str, Any]:
    query = EXPIRING.replace("FIELD", name)
    found: dict[str, Any] = service.ask(query, {"within": 30, "asOf": ON} | asked)[name]
    return found


PAPER = {
    "expiresOn": "2026-03-16",
    "level": 3,
    "trust": "ENDORSED",
    "levelAfter": 4,
    "trustAfter": "CLAIMED",
    "brokenPositions": 0,
    "person": {"id": "Person:ann"},
    "skill": {"id": "Skill:weld"},
    "assertion": {"id": "Assertion:paper"},
}
SOUP = {
    "expiresOn": "2026-02-20",
    "level": 5,
    "trust": "CLAIMED",
    "levelAfter": None,
    "trustAfter": None,
    "brokenPositions": 0,
    "person": {"id": "Person:ann"},
    "skill": {"id": "Skill:cook"},
    "assertion": {"id": "Assertion:soup"},
}


def test_what_will_lapse_and_what_has_lapsed(world: Service) -> None:
    assert nodes(lapses(world)) == [PAPER]
    assert nodes(lapses(world, within=14)) == [PAPER]
    assert nodes(lapses(world, within=13)) == []
    assert nodes(lapses(world, "expired")) == [SOUP]
    assert nodes(lapses(world, "expired", within=10)) == []


def test_a_renewal_is_no_lapse_and_was_not_known_before(world: Service) -> None:
    before = seq(world)
    renewed = {"personId": "Person:ann", "skillId": "Skill:cook", "level": 5, "assertedOn": "2026-02-19"}
    world.done("recordAssertion", renewed)

    assert nodes(lapses(world, "expired")) == []
    assert nodes(lapses(world, "expired", knownAt=before)) == [SOUP]


def test_a_lapse_is_narrowed_to_units_roles_projects_and_skills_and_counts_what_it_breaks(world: Service) -> None:
    done = world.done
    needs = [{"skillId": "Skill:weld", "level": 3, "minTrust": "ENDORSED"}]
    done("draftRoleProfile", {"code": "v1", "roleId": "Role:welder", "version": 1, "requirements": needs})
    done("publishRoleProfile", {"id": "RoleProfile:v1"})
    done("proposeProject", {"code": "ship", "name": "Ship", "status": "ACTIVE"})
    days = {"validFrom": ON, "validUntil": "2026-04-01"}
    done("openPosition", {"code": "seat", "projectId": "Project:ship", "title": "Seat", "roleId": "Role:welder"} | days)
    booking = {"personId": "Person:ann", "positionId": "Position:seat", "fte": 0.5, "status": "HARD"}
    done("bookAllocation", booking | days)
    broken = PAPER | {"brokenPositions": 1}

    for asked in (
        {"unit": "OrgUnit:house"},
        {"role": "Role:welder"},
        {"project": "Project:ship"},
        {"skill": "Skill:weld"},
    ):
        assert nodes(lapses(world, **asked)) == [broken]
    assert nodes(lapses(world, skill="Skill:cook")) == []
    assert nodes(lapses(world, "expired", role="Role:welder")) == []


def test_days_and_ids_that_cannot_be_are_refused(world: Service) -> None:
    query = EXPIRING.replace("FIELD", "expiring")
    refused = world.post(query, {"within": 0})["errors"][0]
    assert refused["message"] == "within 0 is not a number of days from 1 to 3660"
    refused = world.post(EXPLAIN, {"person": "Person:ann", "skill": "Person:ann"})["errors"][0]
    assert refused["message"] == "'Person:ann' is the id of a Person, not of a Skill"
    refused = world.post(PROFILE, {"person": "Person:nobody"})["errors"][0]
    assert refused["message"] == "no person 'nobody'"


def test_what_expired_yesterday_counts_no_more_today_with_no_job(world: Service) -> None:
    today = date.today()  # noqa: DTZ011  # a day where the service runs
    ends = str(today)
    world.done(
        "recordAssertion",
        {"personId": "Person:bob", "skillId": "Skill:dive", "level": 2, "assertedOn": "2026-01-01", "validUntil": ends},
    )
    gap = """query Gap($asOf: Date) { skillGap(
      person: "Person:bob", target: {requirements: [{skillId: "Skill:dive", level: 2}]}, asOf: $asOf
    ) { lines { cause expiredOn } } }"""

    def line(day: date | None) -> dict[str, Any]:
        found: dict[str, Any] = world.ask(gap, {"asOf": day and str(day)})["skillGap"]["lines"][0]
        return found

    assert line(today - timedelta(days=1)) == {"cause": "MET", "expiredOn": None}
    assert line(today) == {"cause": "EXPIRED", "expiredOn": ends}
    assert line(None) == {"cause": "EXPIRED", "expiredOn": ends}
