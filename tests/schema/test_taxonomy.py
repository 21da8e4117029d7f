"""Skills proposed, decided on, merged and taken out of use."""

import ast
import inspect
from typing import Any

import pytest

from service.acts import moving
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


def test_what_is_moved_keeps_the_order_in_which_it_wins_and_a_stale_decision_stays_stale(given: Service) -> None:
    corrected = claim(given, "z-first", "Skill:fuse", 2)
    verify(given, corrected, "bob", "cyd")
    given.done("correctAssertion", {"id": corrected, "level": 3})
    claim(given, "a-last", "Skill:fuse", 5)
    before = [lines(given, "Skill:fuse", 5, trust=trust)[0] for trust in ("CLAIMED", "VERIFIED")]
    assert [(each["cause"], each["level"]) for each in before] == [("MET", 5), ("UNVERIFIED", None)]

    given.done("mergeSkills", MERGE)

    after = [lines(given, "Skill:splice", 5, trust=trust)[0] for trust in ("CLAIMED", "VERIFIED")]
    assert [(each["cause"], each["level"]) for each in after] == [("MET", 5), ("UNVERIFIED", None)]


def test_everything_else_that_names_the_skill_moves_along(given: Service) -> None:
    held = claim(given, "held", "Skill:fuse", 2)
    fuse = {"skillId": "Skill:fuse"}
    asked = given.done("requestVerification", {"assertionId": held, "assessorId": "Person:bob"})["id"]
    unit = given.done("createOrgUnit", {"code": "house", "name": "House"})["id"]
    made = [
        given.done("grantWaiver", {"personId": ANN, "grantedBy": "Board", "reason": "Ill", **fuse})["id"],
        given.done("setCoverageRule", {"name": "Two", "unitId": unit, "level": 2, "people": 2, **fuse})["id"],
        given.done("grantAssessorScope", {"personId": ANN, "grantedBy": "Board", **fuse})["id"],
        given.done(
            "startReviewCampaign",
            {"name": "Spring", "unitId": unit, "startsOn": "2026-03-01", "dueOn": "2026-04-01", **fuse},
        )["id"],
    ]
    given.done("stateInterest", {"personId": "Person:bob", "statedOn": "2026-01-01", **fuse})
    both = [
        given.done("stateInterest", {"personId": ANN, "statedOn": "2026-01-01", "skillId": skill})["id"]
        for skill in ("Skill:fuse", "Skill:splice")
    ]
    given.done("defineSkill", {"code": "older", "name": "Older", "scaleId": "Scale:five"})
    given.done("deprecateSkill", {"id": "Skill:older", "replacedById": "Skill:fuse"})

    given.done("mergeSkills", MERGE)

    assert [fields(given, id_, "skill { id } retractedSeq") for id_ in made] == [
        {"skill": {"id": "Skill:splice"}, "retractedSeq": None}
    ] * len(made)
    assert fields(given, asked, "assertion { movedFrom } status") == {
        "assertion": {"movedFrom": "held"},
        "status": "OPEN",
    }
    assert edges(given, "Person:bob", "interests", "skill { id }") == [{"skill": {"id": "Skill:splice"}}]
    gone, kept = (fields(given, id_, "skill { id } retractedSeq") for id_ in both)
    assert gone["retractedSeq"] is not None
    assert kept == {"skill": {"id": "Skill:splice"}, "retractedSeq": None}
    assert fields(given, "Skill:older", "replacedBy { id }") == {"replacedBy": {"id": "Skill:splice"}}
    for noun in ("assertions", "requirements", "relations", "relationsTo", "outcomes"):
        assert edges(given, "Skill:fuse", noun, "id") == []


def test_a_repeated_merge_with_the_same_key_returns_the_first_result(given: Service) -> None:
    first, again = (given.do("mergeSkills", MERGE | {"idempotencyKey": "m1"}, "id") for _ in range(2))

    assert first == again
    assert first["result"] == {"id": "Skill:splice"}


@pytest.mark.parametrize(
    ("mutation", "values", "code", "message"),
    [
        ("mergeSkills", {"intoId": "Skill:fuse"}, "BAD_USER_INPUT", "'fuse' is the skill itself"),
        (
            "mergeSkills",
            {"intoId": "Skill:cables"},
            "BAD_USER_INPUT",
            "'Cables' is a heading of the classification; name one of the skills below it",
        ),
        (
            "mergeSkills",
            {"fromId": "Skill:cables"},
            "BAD_USER_INPUT",
            "'Cables' is a heading of the classification, which nobody holds",
        ),
        ("mergeSkills", {"intoId": "Skill:no"}, "NOT_FOUND", "There is no Skill 'no'"),
        (
            "mergeSkills",
            {"intoId": "Skill:draft"},
            "CONFLICT",
            "Skill 'draft' is a DRAFT and 'fuse' is PUBLISHED; publish it first",
        ),
        (
            "mergeSkills",
            {"intoId": "Skill:old"},
            "CONFLICT",
            "Skill 'old' is DEPRECATED; name 'splice' (Splice) instead",
        ),
        (
            "deprecateSkill",
            {"id": "Skill:splice", "replacedById": "Skill:old"},
            "CONFLICT",
            "Skill 'old' is DEPRECATED; it is replaced by 'splice' itself",
        ),
        (
            "deprecateSkill",
            {"id": "Skill:splice", "replacedById": "Skill:dead"},
            "CONFLICT",
            "Skill 'dead' is DEPRECATED; name one that is in use",
        ),
        (
            "deprecateSkill",
            {"id": "Skill:splice", "replacedById": "Skill:cables"},
            "BAD_USER_INPUT",
            "'Cables' is a heading of the classification; name one of the skills below it",
        ),
        (
            "recordAssertion",
            {"personId": ANN, "skillId": "Skill:old", "level": 1, "assertedOn": "2026-01-05"},
            "CONFLICT",
            "Skill 'old' is DEPRECATED; record it with 'splice' (Splice) instead",
        ),
        (
            "publishRoleProfile",
            {"id": "RoleProfile:v1"},
            "CONFLICT",
            "It requires skills that are not PUBLISHED: 'draft' (DRAFT), 'old' (DEPRECATED); revise it first",
        ),
    ],
)
def test_what_contradicts_the_life_of_a_skill_is_refused(
    given: Service, mutation: str, values: dict[str, Any], code: str, message: str
) -> None:
    scale = {"scaleId": "Scale:five"}
    given.done("defineSkill", {"code": "draft", "name": "Draft", "lifecycle": "DRAFT", **scale})
    for old in ("old", "dead"):
        given.done("defineSkill", {"code": old, "name": old.title(), **scale})
    given.done("deprecateSkill", {"id": "Skill:old", "replacedById": "Skill:splice"})
    given.done("deprecateSkill", {"id": "Skill:dead", "reason": "Nobody needs it"})
    given.done("defineRole", {"code": "splicer", "name": "Splicer"})
    required = [{"skillId": f"Skill:{each}", "level": 1} for each in ("old", "draft", "splice")]
    given.done("draftRoleProfile", {"code": "v1", "roleId": "Role:splicer", "version": 1, "requirements": required})
    before = given.ask("{ registry { seq } }")["registry"]["seq"]

    whole = (MERGE if mutation == "mergeSkills" else {}) | values
    refused = given.do(mutation, whole)

    assert [(each["code"], each["message"]) for each in refused["errors"]] == [(code, message)]
    assert given.ask("{ registry { seq } }")["registry"]["seq"] == before


QUEUE = """
query Queue($status: ProposalStatus! = OPEN, $first: PageSize! = 50, $after: String) {
  skillProposals(status: $status, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node {
      ageDays assertionCount requirementCount
      proposal { id status decidedBy decisionReason into { id } }
      similar { likeness reason skill { id } }
    } }
  }
}
"""
DECIDED = {"decidedBy": "Curator", "reason": "Thought about it"}


def proposed(service: Service, code: str, name: str) -> dict[str, Any]:
    values = {"code": code, "name": name, "scaleId": "Scale:five", "reason": "Customers ask for it"}
    return service.done(
        "proposeSkill",
        values | {"broaderId": "Skill:cables", "proposedById": "Person:bob"},
        "id status proposedBy { id } skill { id lifecycle relations { edges { node { id } } } }",
    )


def test_a_proposed_skill_is_a_draft_and_waits_in_the_queue_with_what_it_may_be_already(given: Service) -> None:
    assert proposed(given, "new", "Fibre-Fusing") == {
        "id": "SkillProposal:new",
        "status": "OPEN",
        "proposedBy": {"id": "Person:bob"},
        "skill": {
            "id": "Skill:new",
            "lifecycle": "DRAFT",
            "relations": {"edges": [{"node": {"id": "SkillRelation:new|BROADER|cables"}}]},
        },
    }
    claim(given, "held", "Skill:new", 2)
    proposed(given, "another", "Juggling")

    page = given.ask(QUEUE, {"first": 1})["skillProposals"]
    rest = given.ask(QUEUE, {"first": 1, "after": page["pageInfo"]["endCursor"]})["skillProposals"]

    assert [page["totalCount"], page["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]] == [2, True, False]
    nodes = {each["node"]["proposal"]["id"]: each["node"] for part in (page, rest) for each in part["edges"]}
    assert nodes["SkillProposal:new"] == {
        "ageDays": 0,
        "assertionCount": 1,
        "requirementCount": 0,
        "proposal": {
            "id": "SkillProposal:new",
            "status": "OPEN",
            "decidedBy": None,
            "decisionReason": None,
            "into": None,
        },
        "similar": [{"likeness": 1.0, "reason": "ALTERNATIVE_LABEL", "skill": {"id": "Skill:fuse"}}],
    }
    assert nodes["SkillProposal:another"]["similar"] == []


def test_a_proposal_is_decided_once(given: Service) -> None:
    for code in ("taken", "turned", "merged"):
        proposed(given, code, code.title())
    claim(given, "held", "Skill:merged", 2)

    shown = "status into { id } decidedBy skill { lifecycle replacedBy { id } }"
    decided = [
        given.done("acceptSkillProposal", {"id": "SkillProposal:taken", **DECIDED}, shown),
        given.done("rejectSkillProposal", {"id": "SkillProposal:turned", **DECIDED}, shown),
        given.done("mergeSkillProposal", {"id": "SkillProposal:merged", "intoId": "Skill:climb", **DECIDED}, shown),
    ]

    climb = {"id": "Skill:climb"}
    assert [(each["status"], each["into"], each["skill"]) for each in decided] == [
        ("ACCEPTED", None, {"lifecycle": "PUBLISHED", "replacedBy": None}),
        ("REJECTED", None, {"lifecycle": "DEPRECATED", "replacedBy": None}),
        ("MERGED", climb, {"lifecycle": "DEPRECATED", "replacedBy": climb}),
    ]
    assert [each["movedFrom"] for each in edges(given, "Skill:climb", "assertions", "movedFrom")] == ["held"]
    assert given.ask(QUEUE)["skillProposals"]["edges"] == []
    again = given.do("acceptSkillProposal", {"id": "SkillProposal:turned", **DECIDED})
    (error,) = again["errors"]
    assert error["code"] == "CONFLICT"
    assert error["message"].startswith("SkillProposal 'turned' was REJECTED by Curator on ")


def test_a_skill_that_was_published_since_stays_when_its_proposal_is_rejected(given: Service) -> None:
    proposed(given, "taken", "Taken")
    given.done("correctSkill", {"id": "Skill:taken", "lifecycle": "PUBLISHED"})

    shown = "status skill { lifecycle deprecationReason }"
    rejected = given.done("rejectSkillProposal", {"id": "SkillProposal:taken", **DECIDED}, shown)

    assert rejected == {"status": "REJECTED", "skill": {"lifecycle": "PUBLISHED", "deprecationReason": None}}


def test_what_could_not_be_read_again_is_not_stored(given: Service) -> None:
    proposed(given, "taken", "Taken")
    seq = given.ask("{ registry { seq } }")["registry"]["seq"]

    nobody = given.do("acceptSkillProposal", {"id": "SkillProposal:taken", **DECIDED, "decidedBy": ""})
    endless = given.do("deprecateSkill", {"id": "Skill:weld", "reason": "x" * 20_001})

    assert [payload["errors"][0]["code"] for payload in (nobody, endless)] == ["BAD_USER_INPUT", "BAD_USER_INPUT"]
    assert given.ask("{ registry { seq } skillProposals { totalCount } }") == {
        "registry": {"seq": seq},
        "skillProposals": {"totalCount": 1},
    }


def test_merging_a_draft_decides_its_proposal(given: Service) -> None:
    proposed(given, "new", "New")

    given.done("mergeSkills", MERGE | {"fromId": "Skill:new"})

    (node,) = (each["node"] for each in given.ask(QUEUE, {"status": "MERGED"})["skillProposals"]["edges"])
    assert node["proposal"]["into"] == {"id": "Skill:splice"}
    assert node["proposal"]["decisionReason"] == "One craft"


DUPLICATES = """
query Duplicates($least: Float!, $first: PageSize! = 50, $after: String) {
  duplicateSkills(minLikeness: $least, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { likeness reason one { assertionCount skill { id } } other { assertionCount skill { id } } } }
  }
}
"""


def test_duplicates_are_proposed_page_by_page_until_they_are_merged(given: Service) -> None:
    scale = {"scaleId": "Scale:five"}
    given.done("defineSkill", {"code": "fusing-fibre", "name": "Fusing: fibre", **scale})
    given.done("defineSkill", {"code": "same", "name": "FIBRE fusing", **scale})
    claim(given, "held", "Skill:same", 2)

    page = given.ask(DUPLICATES, {"least": 0.9, "first": 2})["duplicateSkills"]
    rest = given.ask(DUPLICATES, {"least": 0.9, "after": page["pageInfo"]["endCursor"]})["duplicateSkills"]

    found = [each["node"] for part in (page, rest) for each in part["edges"]]
    assert [(each["one"]["skill"]["id"], each["other"]["skill"]["id"], each["reason"]) for each in found] == [
        ("Skill:fuse", "Skill:fusing-fibre", "ALTERNATIVE_LABEL"),
        ("Skill:fuse", "Skill:same", "ALTERNATIVE_LABEL"),
        ("Skill:fusing-fibre", "Skill:same", "SAME_LABEL"),
    ]
    assert found[2]["other"]["assertionCount"] == 1
    assert page["totalCount"] == 3
    for code in ("fusing-fibre", "same"):
        given.done("mergeSkills", MERGE | {"fromId": f"Skill:{code}", "intoId": "Skill:fuse"})
    assert given.ask(DUPLICATES, {"least": 0.9})["duplicateSkills"]["totalCount"] == 0
    refused = given.post(DUPLICATES, {"least": 0.2})
    assert refused["errors"][0]["message"] == "minLikeness 0.2 is not from 0.7 to 1"


HISTORY = {"SkillProposal"}
"""What says how a skill came about goes on naming it."""


def moved() -> set[str]:
    """The nouns whose links to a skill the code of a move looks up: by ``naming`` or ``_repoint``."""
    found = set()
    for call in ast.walk(ast.parse(inspect.getsource(moving))):
        if not isinstance(call, ast.Call):
            continue
        what, arguments = ast.unparse(call.func), [ast.unparse(each) for each in call.args]
        if what == "_repoint":
            found.add(arguments[1])
        elif what == "move.naming" and arguments[1] != "'assertion_id'":
            found.add(arguments[0])
    return found - {"shape"}


def test_moving_knows_every_noun_that_names_a_skill() -> None:
    named = {noun.label for noun in NOUNS for link in noun.links if link.target == "Skill"}

    assert named == moved() | HISTORY
