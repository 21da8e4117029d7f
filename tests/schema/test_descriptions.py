"""Job descriptions drafted, kept, checked and held against occupations, asked through GraphQL."""

from typing import Any

import pytest

from tests.conftest import Service

COMPOSE = """
query Q($profile: ID!, $language: String! = "en", $knownAt: KnownAt) {
  composeJobDescription(profile: $profile, language: $language, knownAt: $knownAt) {
    title text language role { id } profile { id }
    sections { kind heading lines { text level levelLabel levelMeaning minTrust hours skill { id } course { id } } }
  }
}
"""
CHECK = """
query Q($jobDescription: ID, $profile: ID, $occupation: ID, $knownAt: KnownAt) {
  checkJobDescription(
    jobDescription: $jobDescription, profile: $profile, occupation: $occupation, asOf: "2026-03-02", knownAt: $knownAt
  ) {
    requirementCount mandatoryCount peopleCount eligibleCount jobDescription { id } profile { id }
    findings { kind severity sentence lowerCount unverifiedCount start end count skill { id } successor { id } }
  }
}
"""
COMPARE = """
query Q($role: ID, $jobDescription: ID, $occupation: ID!) {
  compareWithOccupation(
    role: $role, jobDescription: $jobDescription, occupation: $occupation, asOf: "2026-03-02"
  ) {
    overlap weightedOverlap profile { id } occupation { name } occupationProfile { id }
    both { here { name level isMandatory } there { level isMandatory share } }
    onlyHere { name } onlyThere { name isMandatory }
    near { here { name } there { name } kinship relation { id } }
  }
}
"""
NEAREST = """
query Q($role: ID!, $first: PageSize, $after: String) {
  nearestOccupations(role: $role, first: $first, after: $after, asOf: "2026-03-02") {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { occupation { id } name source overlap sharedCount onlyHereCount onlyThereCount } }
  }
}
"""
PROFILE = {"profile": "RoleProfile:splicer-1"}
TEXT = "Splices as a strong member of the house."


def profile(service: Service, role: str, skills: dict[str, dict[str, Any]], **fields: str) -> None:
    """A role with a published profile."""
    service.done("defineRole", {"code": role, "name": role.title()} | fields)
    asked = [{"skillId": f"Skill:{skill}", "level": 2} | rest for skill, rest in skills.items()]
    service.done(
        "draftRoleProfile", {"code": f"{role}-1", "roleId": f"Role:{role}", "version": 1, "requirements": asked}
    )
    service.done("publishRoleProfile", {"id": f"RoleProfile:{role}-1"})


@pytest.fixture
def house(service: Service) -> Service:
    done = service.done
    done(
        "defineScale",
        {"code": "three", "name": "Three", "labels": ["low", "mid", "high"], "descriptions": ["Aided.", "Alone.", ""]},
    )
    for code in ("splice", "climb", "rig", "lead"):
        done("defineSkill", {"code": code, "name": code.title(), "scaleId": "Scale:three"})
    done("relateSkills", {"fromId": "Skill:rig", "toId": "Skill:climb", "kind": "BROADER"})
    wish: dict[str, dict[str, Any]] = {"climb": {"minTrust": "VERIFIED", "level": 3}, "lead": {"isMandatory": False}}
    profile(service, "splicer", {"splice": {}} | wish, description="Keeps the network whole.\n- Joins cables")
    profile(service, "jointer", {"splice": {}, "rig": {"isMandatory": False}}, source="ESCO 1.2.0")
    profile(service, "rigger", {"lead": {}, "rig": {}}, source="O*NET 29.2")
    courses = {"outcomes": [{"skillId": "Skill:splice", "fromLevel": 0, "toLevel": 2}], "hours": 16}
    done("offerCourse", {"code": "join", "name": "Joining"} | courses)
    done("registerPerson", {"code": "ann", "name": "Ann"})
    for skill in ("splice", "climb"):
        said = {"personId": "Person:ann", "skillId": f"Skill:{skill}", "level": 3, "assertedOn": "2026-01-05"}
        done("recordAssertion", said)
    described = {"code": "jd", "roleId": "Role:splicer", "profileId": "RoleProfile:splicer-1", "version": 1}
    done("draftJobDescription", described | {"title": "Splicer", "text": TEXT})
    return service


def asked(house: Service, query: str, **values: Any) -> Any:
    (found,) = house.ask(query, values).values()
    return found


def test_a_description_is_composed_from_the_profile_and_kept(house: Service) -> None:
    found = asked(house, COMPOSE, **PROFILE)

    assert found["text"] == (
        "# Splicer\n\n"
        "## Purpose\n\nKeeps the network whole.\n\n"
        "## Duties\n\n- Joins cables\n- Climb\n- Splice\n\n"
        "## Required skills\n\n- Climb: level 3 of 3 (high), verified\n- Splice: level 2 of 3 (mid). Alone.\n\n"
        "## Desirable skills\n\n- Lead: level 2 of 3 (mid). Alone.\n\n"
        "## How to get there\n\n- Joining (16 hours): Splice to level 2\n"
    )
    assert (found["title"], found["role"], found["profile"]) == (
        "Splicer",
        {"id": "Role:splicer"},
        {"id": "RoleProfile:splicer-1"},
    )
    sections = {each["kind"]: each for each in found["sections"]}
    assert sections["REQUIRED"]["heading"] == "Required skills"
    assert sections["REQUIRED"]["lines"][0] == {
        "text": "Climb: level 3 of 3 (high), verified",
        "level": 3,
        "levelLabel": "high",
        "levelMeaning": None,
        "minTrust": "VERIFIED",
        "hours": None,
        "skill": {"id": "Skill:climb"},
        "course": None,
    }
    assert sections["LEARNING"]["lines"][0]["course"] == {"id": "Course:join"}
    kept = {"roleId": "Role:splicer", "profileId": "RoleProfile:splicer-1", "version": 2, "code": "jd2"}
    house.done("draftJobDescription", kept | {name: found[name] for name in ("title", "text", "language")})
    findings = asked(house, CHECK, jobDescription="JobDescription:jd2")["findings"]
    assert {each["kind"] for each in findings} & {"MISSING_IN_TEXT", "VAGUE_WORDS"} == set()


def test_a_draft_is_as_it_was_known(house: Service) -> None:
    before = house.ask("{ registry { seq } }")["registry"]["seq"]
    text = asked(house, COMPOSE, **PROFILE)["text"]
    house.done("correctRole", {"id": "Role:splicer", "name": "Jointer"})
    house.done("correctSkill", {"id": "Skill:splice", "levelDescriptions": ["Aided", "Quick", "Leads"]})

    assert asked(house, COMPOSE, **PROFILE, knownAt=str(before))["text"] == text
    now = asked(house, COMPOSE, **PROFILE)
    assert now["title"] == "Jointer"
    assert "Splice: level 2 of 3 (mid). Quick" in now["text"]


def test_what_is_wrong_with_a_description_is_found(house: Service) -> None:
    found = asked(house, CHECK, jobDescription="JobDescription:jd", occupation="Role:jointer")

    counts = ("requirementCount", "mandatoryCount", "peopleCount", "eligibleCount")
    assert [found[each] for each in counts] == [3, 2, 1, 0]
    findings = [(each["kind"], each["severity"], each["skill"] and each["skill"]["id"]) for each in found["findings"]]
    assert findings == [
        ("NOBODY_HAS_IT", "WARNING", "Skill:climb"),
        ("MISSING_IN_TEXT", "WARNING", "Skill:climb"),
        ("NO_LEVEL_MEANINGS", "HINT", "Skill:climb"),
        ("NOT_IN_OCCUPATION", "HINT", "Skill:climb"),
        ("VAGUE_WORDS", "HINT", None),
    ]
    nobody, *_, vague = found["findings"]
    assert (nobody["lowerCount"], nobody["unverifiedCount"]) == (0, 1)
    assert (TEXT[vague["start"] : vague["end"]], vague["count"]) == ("strong", 1)


def test_a_profile_is_checked_without_a_text_and_as_it_was_known(house: Service) -> None:
    before = house.ask("{ registry { seq } }")["registry"]["seq"]
    house.done("deprecateSkill", {"id": "Skill:climb", "replacedById": "Skill:rig"})

    now, then = (asked(house, CHECK, **PROFILE, **at)["findings"] for at in ({}, {"knownAt": str(before)}))

    assert [each["kind"] for each in now] == ["DEPRECATED_SKILL", "NOBODY_HAS_IT", "NO_LEVEL_MEANINGS"]
    assert now[0]["successor"] == {"id": "Skill:rig"}
    assert [each["kind"] for each in then] == ["NOBODY_HAS_IT", "NO_LEVEL_MEANINGS"]


def test_a_role_is_held_against_an_occupation(house: Service) -> None:
    found = asked(house, COMPARE, role="Role:splicer", occupation="Role:jointer")

    assert found == {
        "overlap": 0.25,
        "weightedOverlap": pytest.approx(0.2, abs=1e-6),
        "profile": {"id": "RoleProfile:splicer-1"},
        "occupation": {"name": "Jointer"},
        "occupationProfile": {"id": "RoleProfile:jointer-1"},
        "both": [
            {
                "here": {"name": "Splice", "level": 2, "isMandatory": True},
                "there": {"level": 2, "isMandatory": True, "share": 0.5},
            }
        ],
        "onlyHere": [{"name": "Climb"}, {"name": "Lead"}],
        "onlyThere": [{"name": "Rig", "isMandatory": False}],
        "near": [
            {
                "here": {"name": "Climb"},
                "there": {"name": "Rig"},
                "kinship": "NARROWER",
                "relation": {"id": "SkillRelation:rig|BROADER|climb"},
            }
        ],
    }
    assert asked(house, COMPARE, jobDescription="JobDescription:jd", occupation="Role:jointer") == found


def test_the_nearest_occupations_come_a_page_at_a_time(house: Service) -> None:
    first = asked(house, NEAREST, role="Role:splicer", first=1)
    second = asked(house, NEAREST, role="Role:splicer", first=1, after=first["pageInfo"]["endCursor"])

    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (
        2,
        True,
        False,
    )
    shared = {"overlap": 0.25, "sharedCount": 1, "onlyHereCount": 2, "onlyThereCount": 1}
    assert [each["node"] for page in (first, second) for each in page["edges"]] == [
        {"occupation": {"id": "Role:jointer"}, "name": "Jointer", "source": "ESCO 1.2.0"} | shared,
        {"occupation": {"id": "Role:rigger"}, "name": "Rigger", "source": "O*NET 29.2"} | shared,
    ]


@pytest.mark.parametrize(
    ("query", "values", "message"),
    [
        (COMPOSE, {"profile": "RoleProfile:x"}, "no role profile 'x'"),
        (COMPOSE, {"profile": "Role:splicer"}, "is the id of a Role, not of a RoleProfile"),
        (COMPOSE, PROFILE | {"language": "fr"}, "language 'fr': headings are there in 'en' only"),
        (CHECK, {}, "give either jobDescription or profile"),
        (CHECK, PROFILE | {"jobDescription": "JobDescription:jd"}, "give either jobDescription or profile"),
        (CHECK, {"jobDescription": "JobDescription:x"}, "no job description 'x'"),
        (CHECK, PROFILE | {"occupation": "Role:splicer"}, "an occupation's begins with ESCO or O*NET"),
        (COMPARE, {"occupation": "Role:jointer"}, "give either role or jobDescription"),
        (COMPARE, {"occupation": "Role:x", "role": "Role:splicer"}, "no role 'x'"),
        (NEAREST, {"role": "Role:x"}, "no role 'x'"),
    ],
)
def test_what_cannot_be_answered_is_said(house: Service, query: str, values: dict[str, str], message: str) -> None:
    (error,) = house.post(query, values)["errors"]

    assert message in error["message"]
