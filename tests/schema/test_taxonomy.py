"""Skills proposed, decided on, merged and taken out of use."""

from typing import Any

import pytest

from service.graph.nouns import NOUNS
from tests.conftest import Service

GAP = """
query Gap($person: ID!, $requirements: [RequirementInput!]!, $known: KnownAt, $trust: Trust) {
  skillGap(person: $person, target: {requirements: $requirements}, knownAt: $known, minTrust: $trust) {
    lines { skillName cause level requiredLevel isMandatory }
  }
}
"""
ROLE_GAP = """
query Gap($person: ID!, $known: KnownAt) {
  skillGap(person: $person, target: {role: "Role:splicer"}, knownAt: $known) {
    lines { skillName cause level requiredLevel isMandatory minTrust }
  }
}
"""
ANN = "Person:ann"
MERGE = {"fromId": "Skill:fuse", "intoId": "Skill:splice", "reason": "One craft"}


def lines(service: Service, skill: str, level: int, *, person: str = ANN, trust: str = "CLAIMED") -> list[Any]:
    asked = [{"skillId": skill, "level": level}]
    found = service.ask(GAP, {"person": person, "requirements": asked, "trust": trust})
    answer: list[Any] = found["skillGap"]["lines"]
    return answer


def edges(service: Service, id_: str, field: str, shown: str) -> list[dict[str, Any]]:
    label = id_.partition(":")[0]
    query = (
        f"query Q($id: ID!) {{ node(id: $id) {{ ... on {label} {{ {field} {{ edges {{ node {{ {shown} }} }} }} }} }} }}"
    )
    return [each["node"] for each in service.ask(query, {"id": id_})["node"][field]["edges"]]


def fields(service: Service, id_: str, shown: str) -> dict[str, Any]:
    label = id_.partition(":")[0]
    query = f"query Q($id: ID!) {{ node(id: $id) {{ ... on {label} {{ {shown} }} }} }}"
    found: dict[str, Any] = service.ask(query, {"id": id_})["node"]
    return found


@pytest.fixture
def given(service: Service) -> Service:
    """Two names of one craft, and what names them."""
    done = service.done
    done("defineScale", {"code": "five", "name": "Five", "labels": ["1", "2", "3", "4", "5"]})
    done("defineScale", {"code": "ten", "name": "Ten", "labels": [str(each) for each in range(1, 11)]})
    for code in ("splice", "climb", "weld"):
        done("defineSkill", {"code": code, "name": code.title(), "scaleId": "Scale:five", "requiredVerifiers": 2})
    done(
        "defineSkill",
        {
            "code": "fuse",
            "name": "Fusing",
            "scaleId": "Scale:five",
            "requiredVerifiers": 2,
            "alternativeLabels": ["fibre fusing@en", "Spleißen@de"],
        },
    )
    done("defineSkill", {"code": "cables", "name": "Cables", "isGroup": True})
    for code in ("ann", "bob", "cyd", "dee"):
        done("registerPerson", {"code": code, "name": code.title()})
    for person in ("bob", "cyd", "dee"):
        done(
            "grantAssessorScope",
            {"code": f"scope-{person}", "personId": f"Person:{person}", "grantedBy": "Board"},
        )
    return service


def claim(service: Service, code: str, skill: str, level: int, person: str = "ann", **more: Any) -> str:
    values = {"code": code, "personId": f"Person:{person}", "skillId": skill, "level": level} | more
    return str(service.done("recordAssertion", {"assertedOn": "2026-01-05"} | values)["id"])


def verify(service: Service, assertion: str, *verifiers: str) -> None:
    for verifier in verifiers:
        values = {"id": assertion, "verifierId": f"Person:{verifier}", "reason": "Seen", "decidedOn": "2026-01-10"}
        service.done("verifyAssertion", values)


def test_merging_moves_assertions_with_evidence_and_decisions_so_that_trust_stays(given: Service) -> None:
    letter = [{"kind": "DOCUMENT", "title": "Letter"}]
    held = claim(given, "held", "Skill:fuse", 4, evidence=letter)
    verify(given, held, "bob", "cyd")
    before = lines(given, "Skill:fuse", 4, trust="VERIFIED")
    assert [(each["cause"], each["level"]) for each in before] == [("MET", 4)]

    merged = given.do("mergeSkills", MERGE, "id alternativeLabels")

    assert merged["errors"] == []
    assert merged["result"] == {"id": "Skill:splice", "alternativeLabels": ["Fusing", "fibre fusing", "Spleißen"]}
    after = lines(given, "Skill:splice", 4, trust="VERIFIED")
    assert [(each["cause"], each["level"]) for each in after] == [("MET", 4)]
    assert lines(given, "Skill:fuse", 4)[0]["cause"] == "MISSING"
    (moved,) = edges(given, "Skill:splice", "assertions", "id level movedFrom assertedOn")
    assert moved | {"id": None} == {"id": None, "level": 4, "movedFrom": "held", "assertedOn": "2026-01-05"}
    assert edges(given, moved["id"], "evidence", "kind title") == letter
    decided = edges(given, moved["id"], "verifications", "decision decidedOn verifier { id }")
    assert sorted(each["verifier"]["id"] for each in decided) == ["Person:bob", "Person:cyd"]
    assert fields(given, "Skill:fuse", "lifecycle deprecationReason replacedBy { id }") == {
        "lifecycle": "DEPRECATED",
        "deprecationReason": "One craft",
        "replacedBy": {"id": "Skill:splice"},
    }
    assert fields(given, "Assertion:held", "retractedSeq") == {"retractedSeq": merged["seq"]}


def test_what_was_known_before_a_merge_is_answered_as_before(given: Service) -> None:
    claim(given, "held", "Skill:fuse", 4)
    role(given)
    known = given.ask("{ registry { seq } }")["registry"]["seq"]
    before = given.ask(ROLE_GAP, {"person": ANN})

    given.done("mergeSkills", MERGE)

    assert given.ask(ROLE_GAP, {"person": ANN, "known": known}) == before
    assert given.ask(ROLE_GAP, {"person": ANN}) != before


def role(service: Service) -> None:
    service.done("defineRole", {"code": "splicer", "name": "Splicer"})
    requirements = [
        {"skillId": "Skill:splice", "level": 2, "isMandatory": False, "weight": 3},
        {"skillId": "Skill:fuse", "level": 4, "minTrust": "ENDORSED"},
        {"skillId": "Skill:climb", "level": 1},
    ]
    values = {"code": "v1", "roleId": "Role:splicer", "version": 1, "requirements": requirements}
    service.done("draftRoleProfile", values)
    service.done("publishRoleProfile", {"id": "RoleProfile:v1"})


def test_whoever_asked_for_both_skills_asks_for_the_stricter_of_both(given: Service) -> None:
    role(given)
    given.done("draftRoleProfile", {"code": "v2", "roleId": "Role:splicer", "version": 2})
    alone = [{"skillId": "Skill:fuse", "level": 3}]
    given.done("reviseRoleProfile", {"id": "RoleProfile:v2", "requirements": alone})

    given.done("mergeSkills", MERGE)

    asked = "skill { id } level isMandatory weight minTrust"
    assert edges(given, "RoleProfile:v1", "requirements", asked) == [
        {"skill": {"id": "Skill:climb"}, "level": 1, "isMandatory": True, "weight": 1.0, "minTrust": None},
        {"skill": {"id": "Skill:splice"}, "level": 4, "isMandatory": True, "weight": 3.0, "minTrust": "ENDORSED"},
    ]
    assert edges(given, "RoleProfile:v2", "requirements", "id skill { id } level") == [
        {"id": "Requirement:v2|splice", "skill": {"id": "Skill:splice"}, "level": 3}
    ]


def test_relations_are_re_pointed_and_never_lead_to_themselves_twice_or_both_ways(given: Service) -> None:
    for from_id, kind, to_id in (
        ("fuse", "EQUIVALENT", "splice"),
        ("fuse", "BROADER", "cables"),
        ("splice", "BROADER", "cables"),
        ("splice", "RELATED", "climb"),
        ("climb", "RELATED", "fuse"),
        ("weld", "REQUIRES_FIRST", "fuse"),
    ):
        given.done("relateSkills", {"fromId": f"Skill:{from_id}", "toId": f"Skill:{to_id}", "kind": kind})

    given.done("mergeSkills", MERGE)

    assert [each["id"] for each in edges(given, "Skill:splice", "relations", "id")] == [
        "SkillRelation:splice|BROADER|cables",
        "SkillRelation:splice|RELATED|climb",
    ]
    assert [each["id"] for each in edges(given, "Skill:splice", "relationsTo", "id")] == [
        "SkillRelation:weld|REQUIRES_FIRST|splice"
    ]
    assert edges(given, "Skill:fuse", "relations", "id") == edges(given, "Skill:fuse", "relationsTo", "id") == []


def test_levels_are_converted_when_the_scales_differ(given: Service) -> None:
    given.done("defineSkill", {"code": "old", "name": "Old splicing", "scaleId": "Scale:ten"})
    for code, level in (("none", 0), ("least", 1), ("half", 5), ("most", 10)):
        claim(given, code, "Skill:old", level)
    given.done(
        "offerCourse", {"code": "c", "name": "C", "outcomes": [{"skillId": "Skill:old", "fromLevel": 1, "toLevel": 2}]}
    )

    given.done("mergeSkills", MERGE | {"fromId": "Skill:old"})

    moved = edges(given, "Skill:splice", "assertions", "movedFrom level")
    assert {each["movedFrom"]: each["level"] for each in moved} == {"none": 0, "least": 1, "half": 3, "most": 5}
    assert edges(given, "Course:c", "outcomes", "skill { id } fromLevel toLevel") == [
        {"skill": {"id": "Skill:splice"}, "fromLevel": 0, "toLevel": 1}
    ]
