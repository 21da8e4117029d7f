"""Every mutation, once in one long story, and the ways in which it is refused."""

import re
from typing import Any

import pytest

from service.schema.mutations import FIELDS
from tests.conftest import Service

Steps = list[str]


class Story:
    """A service that notes which mutations were done on it, and their numbers."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.told: Steps = []
        self.seq = 0

    def __call__(self, mutation: str, result: str = "id", **values: Any) -> dict[str, Any]:  # any input
        """The result of *mutation*, which is done, and takes the next number."""
        payload = self.service.do(mutation, values, result)
        assert payload["errors"] == [], (mutation, payload["errors"])
        assert payload["seq"] == self.seq + 1, mutation
        self.seq += 1
        self.told.append(mutation)
        found: dict[str, Any] = payload["result"]
        return found

    def node(self, id_: str, fields: str) -> dict[str, Any]:
        """What is there under *id_*."""
        label = id_.partition(":")[0]
        found: dict[str, Any] = self.service.ask(
            f"query Q($id: ID!) {{ node(id: $id) {{ ... on {label} {{ {fields} }} }} }}", {"id": id_}
        )["node"]
        return found

    def is_gone(self, id_: str) -> bool:
        """Whether the thing with *id_* is retired."""
        return self.node(id_, "retractedSeq")["retractedSeq"] is not None


def people_and_units(story: Story) -> None:
    assert story("createOrgUnit", code="house", name="House") == {"id": "OrgUnit:house"}
    story("createOrgUnit", code="cables", name="Cables", parentId="OrgUnit:house", kind="TEAM")
    corrected = story("correctOrgUnit", "name kind parent { id }", id="OrgUnit:cables", name="Fibre")
    assert corrected == {"name": "Fibre", "kind": "TEAM", "parent": {"id": "OrgUnit:house"}}
    for code in ("ann", "bob", "cyd", "dee"):
        story("registerPerson", code=code, name=code.title(), unitId="OrgUnit:cables", calendar="GB")
    ann = story("correctPerson", "name contractFte manager { id } unit { id }", id="Person:ann", managerId="Person:bob")
    assert ann == {
        "name": "Ann",
        "contractFte": 1.0,
        "manager": {"id": "Person:bob"},
        "unit": {"id": "OrgUnit:cables"},
    }
    absence = story("recordAbsence", personId="Person:ann", validFrom="2026-03-02", validUntil="2026-03-07")["id"]
    assert story("correctAbsence", "kind validFrom validUntil", id=absence, kind="TRAINING") == {
        "kind": "TRAINING",
        "validFrom": "2026-03-02",
        "validUntil": "2026-03-07",
    }
    story("cancelAbsence", id=absence)
    assert story.is_gone(absence)
    story("retirePerson", id="Person:dee")
    assert story.is_gone("Person:dee")
    story("createOrgUnit", code="ships", name="Ships")
    story("retireOrgUnit", id="OrgUnit:ships")
    assert story.is_gone("OrgUnit:ships")


def skills(story: Story) -> None:
    story("defineScale", code="three", name="Three", labels=["low", "middle", "high"])
    assert story("correctScale", "name levels { level label }", id="Scale:three", labels=["low", "mid", "high"]) == {
        "name": "Three",
        "levels": [{"level": 1, "label": "low"}, {"level": 2, "label": "mid"}, {"level": 3, "label": "high"}],
    }
    story("defineScale", code="one", name="One", labels=["has it"])
    story("retireScale", id="Scale:one")
    for code in ("splice", "fuse", "climb", "lead"):
        story("defineSkill", code=code, name=code.title(), scaleId="Scale:three")
    corrected = story("correctSkill", "name kind lifecycle", id="Skill:splice", name="Splicing", kind="TOOL")
    assert corrected == {"name": "Splicing", "kind": "TOOL", "lifecycle": "PUBLISHED"}
    deprecated = story("deprecateSkill", "lifecycle replacedBy { id }", id="Skill:fuse", replacedById="Skill:splice")
    assert deprecated == {"lifecycle": "DEPRECATED", "replacedBy": {"id": "Skill:splice"}}
    relation = story(
        "relateSkills",
        "id fromSkill { id } toSkill { id } kind",
        fromId="Skill:climb",
        toId="Skill:splice",
        kind="RELATED",
        weight=0.4,
    )
    assert relation == {
        "id": "SkillRelation:climb|RELATED|splice",
        "fromSkill": {"id": "Skill:climb"},
        "toSkill": {"id": "Skill:splice"},
        "kind": "RELATED",
    }
    curated = story("correctSkillRelation", "weight isCurated", id=relation["id"], weight=0.8, isCurated=True)
    assert curated == {"weight": 0.8, "isCurated": True}
    story("unrelateSkills", id=relation["id"])
    story("retireSkill", id="Skill:lead")
    assert story.is_gone("Skill:lead")


def taxonomy(story: Story) -> None:
    by = {"decidedBy": "Curator", "reason": "Asked around"}
    for code in ("braze", "solder", "glue"):
        drafted = story(
            "proposeSkill", "id skill { lifecycle }", code=code, name=code.title(), scaleId="Scale:three", reason="New"
        )
        assert drafted == {"id": f"SkillProposal:{code}", "skill": {"lifecycle": "DRAFT"}}
    taken = story("acceptSkillProposal", "status skill { lifecycle }", id="SkillProposal:braze", **by)
    assert taken == {"status": "ACCEPTED", "skill": {"lifecycle": "PUBLISHED"}}
    assert story("rejectSkillProposal", "status", id="SkillProposal:glue", **by) == {"status": "REJECTED"}
    merged = story("mergeSkillProposal", "into { id }", id="SkillProposal:solder", intoId="Skill:braze", **by)
    assert merged == {"into": {"id": "Skill:braze"}}
    kept = story("mergeSkills", "id alternativeLabels", fromId="Skill:braze", intoId="Skill:splice", reason="One craft")
    assert kept == {"id": "Skill:splice", "alternativeLabels": ["Braze", "Solder"]}
    answer = {"phrase": "join cables", "skillId": "Skill:splice", "decidedBy": "Curator"}
    accepted = story("acceptSuggestion", "isAccepted skill { alternativeLabels }", **answer)
    assert accepted == {"isAccepted": True, "skill": {"alternativeLabels": ["Braze", "Solder", "join cables"]}}
    rejected = story("rejectSuggestion", "isAccepted skill { alternativeLabels }", **answer)
    assert rejected == {"isAccepted": False, "skill": {"alternativeLabels": ["Braze", "Solder"]}}


def proof(story: Story) -> None:
    claim = story(
        "recordAssertion",
        "id level trust",
        code="claim",
        personId="Person:ann",
        skillId="Skill:splice",
        level=2,
        assertedOn="2026-01-05",
    )
    assert claim == {"id": "Assertion:claim", "level": 2, "trust": "CLAIMED"}
    exam = story(
        "recordAssertion",
        "trust evidence { edges { node { kind title } } }",
        code="exam",
        personId="Person:bob",
        skillId="Skill:splice",
        level=3,
        trust="VERIFIED",
        assertedOn="2026-01-05",
        evidence=[{"kind": "EXAM", "title": "Splicing test", "result": "passed"}],
    )
    assert exam == {
        "trust": "VERIFIED",
        "evidence": {"edges": [{"node": {"kind": "EXAM", "title": "Splicing test"}}]},
    }
    corrected = story("correctAssertion", "level trust", id="Assertion:claim", level=3)
    assert corrected == {"level": 3, "trust": "CLAIMED"}
    letter = story("addEvidence", assertionId="Assertion:claim", kind="DOCUMENT", title="Letter")["id"]
    story("withdrawEvidence", id=letter)
    scope = story("grantAssessorScope", personId="Person:bob", skillId="Skill:splice", grantedBy="House")["id"]
    assert story("correctAssessorScope", "unit { id }", id=scope, unitId="OrgUnit:house") == {
        "unit": {"id": "OrgUnit:house"}
    }
    unused = story("grantAssessorScope", personId="Person:cyd", grantedBy="House")["id"]
    asked = story(
        "requestVerification",
        "id status assessor { id }",
        assertionId="Assertion:claim",
        requestedById="Person:ann",
        assessorId="Person:cyd",
    )
    assert asked == {"id": asked["id"], "status": "OPEN", "assessor": {"id": "Person:cyd"}}
    handed = story(
        "delegateVerification", "note assessor { id }", id=asked["id"], assessorId="Person:bob", reason="Cyd is away"
    )
    assert handed == {"note": "Cyd is away", "assessor": {"id": "Person:bob"}}
    withdrawn = story("withdrawVerificationRequest", "status note", id=asked["id"])
    assert withdrawn == {"status": "WITHDRAWN", "note": "Cyd is away"}
    story("withdrawAssessorScope", id=unused)
    decided = {"id": "Assertion:claim", "verifierId": "Person:bob", "reason": "Seen at work"}
    verified = story("verifyAssertion", "id decision decidedOn verifier { id }", **decided, decidedOn="2026-01-10")
    assert verified == {
        "id": verified["id"],
        "decision": "VERIFIED",
        "decidedOn": "2026-01-10",
        "verifier": {"id": "Person:bob"},
    }
    story("suspendAssertion", **decided, decidedOn="2026-01-11", suspendedUntil="2026-02-12")
    story("revokeAssertion", **decided, decidedOn="2026-01-12")
    story("rejectAssertion", **decided, decidedOn="2026-01-13")
    decisions = story.node("Assertion:claim", "verifications { edges { node { decision decidedOn } } }")
    assert sorted(each["node"]["decision"] for each in decisions["verifications"]["edges"]) == [
        "REJECTED",
        "REVOKED",
        "SUSPENDED",
        "VERIFIED",
    ]
    story("withdrawVerification", id=verified["id"])
    waiver = story(
        "grantWaiver", personId="Person:ann", skillId="Skill:climb", grantedBy="Safety", reason="Works on the ground"
    )["id"]
    assert story("correctWaiver", "validUntil grantedBy", id=waiver, validUntil="2026-06-01") == {
        "validUntil": "2026-06-01",
        "grantedBy": "Safety",
    }
    story("withdrawWaiver", id=waiver)
    story("retractAssertion", id="Assertion:claim")
    assert story.is_gone("Assertion:claim")


def reviews_and_interests(story: Story) -> None:
    days = {"startsOn": "2026-02-02", "dueOn": "2026-03-02"}
    review = story("startReviewCampaign", "id closedOn", name="Spring", unitId="OrgUnit:house", **days)
    assert review["closedOn"] is None
    assert story("correctReviewCampaign", "dueOn", id=review["id"], dueOn="2026-03-09") == {"dueOn": "2026-03-09"}
    assert story("closeReviewCampaign", "closedOn", id=review["id"])["closedOn"] is not None
    story("retireReviewCampaign", id=review["id"])
    interest = story("stateInterest", personId="Person:ann", skillId="Skill:splice", statedOn="2026-02-02")["id"]
    assert story("correctInterest", "interest", id=interest, interest="KEEN") == {"interest": "KEEN"}
    story("withdrawInterest", id=interest)
    assert story.is_gone(interest)


def roles(story: Story) -> None:
    story("defineRole", code="splicer", name="Splicer")
    assert story("correctRole", "name family", id="Role:splicer", family="Field") == {
        "name": "Splicer",
        "family": "Field",
    }
    assert story("reviewRole", "reviewedOn", id="Role:splicer", reviewedOn="2026-01-05") == {"reviewedOn": "2026-01-05"}
    drafted = story(
        "draftRoleProfile",
        "status requirements { edges { node { skill { id } level } } }",
        code="v1",
        roleId="Role:splicer",
        version=1,
        requirements=[{"skillId": "Skill:splice", "level": 2}, {"skillId": "Skill:climb", "level": 1}],
    )
    assert drafted == {
        "status": "DRAFT",
        "requirements": {
            "edges": [
                {"node": {"skill": {"id": "Skill:climb"}, "level": 1}},
                {"node": {"skill": {"id": "Skill:splice"}, "level": 2}},
            ]
        },
    }
    revised = story(
        "reviseRoleProfile",
        "requirements { edges { node { skill { id } level } } }",
        id="RoleProfile:v1",
        requirements=[{"skillId": "Skill:splice", "level": 3}],
    )
    assert revised == {"requirements": {"edges": [{"node": {"skill": {"id": "Skill:splice"}, "level": 3}}]}}
    assert story("publishRoleProfile", "status", id="RoleProfile:v1") == {"status": "PUBLISHED"}
    description = story(
        "draftJobDescription",
        "status title",
        code="jd1",
        roleId="Role:splicer",
        profileId="RoleProfile:v1",
        version=1,
        title="Splicer",
        text="Splices.",
    )
    assert description == {"status": "DRAFT", "title": "Splicer"}
    assert story("reviseJobDescription", "title text", id="JobDescription:jd1", text="Splices cables.") == {
        "title": "Splicer",
        "text": "Splices cables.",
    }
    assert story("publishJobDescription", "status", id="JobDescription:jd1") == {"status": "PUBLISHED"}
    assert story("retireJobDescription", "status", id="JobDescription:jd1") == {"status": "RETIRED"}
    story("draftRoleProfile", code="v2", roleId="Role:splicer", version=2)
    assert story("retireRoleProfile", "status", id="RoleProfile:v2") == {"status": "RETIRED"}
    story("defineRole", code="rigger", name="Rigger")
    story("retireRole", id="Role:rigger")
    assert story.is_gone("Role:rigger")


def coverage(story: Story) -> None:
    asked = story(
        "correctOrgUnit",
        "requirements { edges { node { skill { id } level } } }",
        id="OrgUnit:cables",
        requirements=[{"skillId": "Skill:climb", "level": 1}],
    )
    assert asked == {"requirements": {"edges": [{"node": {"skill": {"id": "Skill:climb"}, "level": 1}}]}}
    story("correctOrgUnit", id="OrgUnit:cables", requirements=[])
    rule = story(
        "setCoverageRule",
        "id people unit { id }",
        code="two",
        name="Two who splice",
        skillId="Skill:splice",
        level=1,
        people=2,
        unitId="OrgUnit:cables",
    )
    assert rule == {"id": "CoverageRule:two", "people": 2, "unit": {"id": "OrgUnit:cables"}}
    assert story("correctCoverageRule", "people", id=rule["id"], people=3) == {"people": 3}
    story("retireCoverageRule", id=rule["id"])
    assert story.is_gone(rule["id"])


def decisions(story: Story) -> None:
    kept = story(
        "recordDecision",
        "id asOf: askedOn chosen { id }",
        code="who",
        title="Who splices",
        operation='{ profile(person: "Person:ann") { person { id } } }',
        asOf="2026-03-02",
        chosenId="Person:ann",
        decidedBy="Ops",
        reason="Knows it",
    )
    assert kept == {"id": "DecisionRecord:who", "asOf": "2026-03-02", "chosen": {"id": "Person:ann"}}
    assert story("correctDecision", "reason", id=kept["id"], reason="Was free") == {"reason": "Was free"}
    story("withdrawDecision", id=kept["id"])
    assert story.is_gone(kept["id"])


def policies(story: Story) -> None:
    by = {"setBy": "Board", "reason": "Recency matters more here"}
    drafted = story("draftFitPolicy", "id status floor gamma", code="p2", version=2, floor=0.3, **by)
    assert drafted == {"id": "FitPolicyVersion:p2", "status": "DRAFT", "floor": 0.3, "gamma": 1.5}
    assert story("reviseFitPolicy", "floor maxAway", id=drafted["id"], maxAway=0.1) == {"floor": 0.3, "maxAway": 0.1}
    assert story("publishFitPolicy", "status", id=drafted["id"]) == {"status": "PUBLISHED"}
    assert story("retireFitPolicy", "status", id=drafted["id"]) == {"status": "RETIRED"}


def work(story: Story) -> None:
    story("openPortfolio", code="net", name="Network")
    assert story("correctPortfolio", "name", id="Portfolio:net", name="Networks") == {"name": "Networks"}
    story("openProgramme", code="north", name="North", portfolioId="Portfolio:net")
    assert story("correctProgramme", "description portfolio { id }", id="Programme:north", description="All of it") == {
        "description": "All of it",
        "portfolio": {"id": "Portfolio:net"},
    }
    story("proposeProject", code="ring", name="Ring", programmeId="Programme:north", sponsorUnitId="OrgUnit:house")
    assert story("correctProject", "status probability", id="Project:ring", status="ACTIVE") == {
        "status": "ACTIVE",
        "probability": 1.0,
    }
    days = {"validFrom": "2026-03-02", "validUntil": "2026-05-01"}
    position = story(
        "openPosition",
        "status fte role { id } ownRequirements { edges { node { level } } }",
        code="seat",
        projectId="Project:ring",
        title="Splicer",
        roleId="Role:splicer",
        requirements=[{"skillId": "Skill:climb", "level": 1}],
        **days,
    )
    assert position == {
        "status": "OPEN",
        "fte": 1.0,
        "role": {"id": "Role:splicer"},
        "ownRequirements": {"edges": [{"node": {"level": 1}}]},
    }
    assert story("correctPosition", "headcount fte", id="Position:seat", headcount=2, fte=0.5) == {
        "headcount": 2,
        "fte": 0.5,
    }
    booked = story(
        "bookAllocation",
        "id status approval",
        code="b1",
        personId="Person:ann",
        positionId="Position:seat",
        fte=0.5,
        **days,
    )
    assert booked == {"id": "Allocation:b1", "status": "SOFT", "approval": "REQUESTED"}
    assert story("changeAllocation", "fte validUntil", id="Allocation:b1", fte=0.4) == {
        "fte": 0.4,
        "validUntil": "2026-05-01",
    }
    assert story("confirmAllocation", "status", id="Allocation:b1") == {"status": "HARD"}
    assert story("approveAllocation", "approval", id="Allocation:b1") == {"approval": "APPROVED"}
    assert story("rejectAllocation", "approval", id="Allocation:b1") == {"approval": "REJECTED"}
    story("cancelAllocation", id="Allocation:b1")
    assert story.is_gone("Allocation:b1")
    assert story("closePosition", "status", id="Position:seat") == {"status": "CLOSED"}
    story("retirePosition", id="Position:seat")
    story("retireProject", id="Project:ring")
    story("retireProgramme", id="Programme:north")
    story("retirePortfolio", id="Portfolio:net")
    assert story.is_gone("Portfolio:net")


def learning(story: Story) -> None:
    story("offerCourse", code="basic", name="Basic")
    offered = story(
        "offerCourse",
        "prerequisites { id } outcomes { edges { node { fromLevel toLevel } } }",
        code="expert",
        name="Expert",
        prerequisiteIds=["Course:basic"],
        outcomes=[{"skillId": "Skill:splice", "fromLevel": 1, "toLevel": 2}],
    )
    assert offered == {
        "prerequisites": [{"id": "Course:basic"}],
        "outcomes": {"edges": [{"node": {"fromLevel": 1, "toLevel": 2}}]},
    }
    corrected = story(
        "correctCourse",
        "price outcomes { edges { node { toLevel } } }",
        id="Course:expert",
        price=120.5,
        outcomes=[{"skillId": "Skill:splice", "fromLevel": 1, "toLevel": 3}],
    )
    assert corrected == {"price": 120.5, "outcomes": {"edges": [{"node": {"toLevel": 3}}]}}
    run = story("scheduleSession", "status", code="may", courseId="Course:expert", validFrom="2026-05-04", seats=8)
    assert run == {"status": "PLANNED"}
    assert story("correctSession", "place seats", id="Session:may", place="Leeds") == {"place": "Leeds", "seats": 8}
    assert story("cancelSession", "status", id="Session:may") == {"status": "CANCELLED"}
    story("retireSession", id="Session:may")
    story("retireCourse", id="Course:expert")
    assert story.is_gone("Course:expert")


def test_every_mutation_is_done_once_in_one_long_story(service: Service) -> None:
    story = Story(service)

    for chapter in (
        people_and_units,
        skills,
        taxonomy,
        proof,
        reviews_and_interests,
        roles,
        coverage,
        decisions,
        policies,
        work,
        learning,
    ):
        chapter(story)

    assert {field.graphql_name for field in FIELDS} - set(story.told) == set()
    changes = service.ask("{ changes(first: 100) { totalCount edges { node { seq action } } } }")["changes"]
    assert changes["totalCount"] == story.seq
    assert [each["node"] for each in changes["edges"]] == [
        {"seq": seq, "action": mutation} for seq, mutation in enumerate(story.told, 1)
    ][:100]


@pytest.fixture
def given(service: Service) -> Service:
    """A service with the least that refusals need."""
    service.done("createOrgUnit", {"code": "house", "name": "House"})
    service.done("createOrgUnit", {"code": "cables", "name": "Cables", "parentId": "OrgUnit:house"})
    service.done("defineScale", {"code": "three", "name": "Three", "labels": ["low", "middle", "high"]})
    service.done("defineSkill", {"code": "splice", "name": "Splicing", "scaleId": "Scale:three"})
    service.done("defineSkill", {"code": "field", "name": "Field work", "isGroup": True})
    for code in ("ann", "bob"):
        service.done("registerPerson", {"code": code, "name": code.title(), "unitId": "OrgUnit:house"})
    claim = {"personId": "Person:ann", "skillId": "Skill:splice", "level": 2, "assertedOn": "2026-01-05"}
    service.done("recordAssertion", {"code": "claim", **claim})
    service.done("defineRole", {"code": "splicer", "name": "Splicer"})
    service.done("defineRole", {"code": "rigger", "name": "Rigger"})
    needs = [{"skillId": "Skill:splice", "level": 2}]
    service.done("draftRoleProfile", {"code": "v1", "roleId": "Role:splicer", "version": 1, "requirements": needs})
    service.done("publishRoleProfile", {"id": "RoleProfile:v1"})
    service.done("proposeProject", {"code": "ring", "name": "Ring"})
    days = {"validFrom": "2026-03-02", "validUntil": "2026-05-01"}
    for code in ("seat", "other"):
        service.done("openPosition", {"code": code, "projectId": "Project:ring", "title": "Splicer", **days})
    booking = {"personId": "Person:ann", "positionId": "Position:seat", "fte": 0.75, "status": "HARD"}
    service.done("bookAllocation", {"code": "b1", **booking, **days})
    return service


CLAIM = {"personId": "Person:ann", "skillId": "Skill:splice", "level": 2, "assertedOn": "2026-01-05"}
DAYS = {"validFrom": "2026-03-02", "validUntil": "2026-05-01"}
DECISION = {"id": "Assertion:claim", "reason": "Seen", "decidedOn": "2026-01-06"}
PROFILE = {"roleId": "Role:splicer", "version": 2}
SECOND = {"personId": "Person:ann", "positionId": "Position:other", "fte": 0.5, "status": "HARD"} | DAYS

REFUSALS: list[tuple[str, dict[str, Any], str, list[str], str]] = [
    (
        "correctPerson",
        {"id": "Person:nobody", "name": "No"},
        "NOT_FOUND",
        ["input", "id"],
        "There is no Person 'nobody'",
    ),
    ("retirePerson", {"id": "Person:nobody"}, "NOT_FOUND", ["input", "id"], "There is no Person 'nobody'"),
    (
        "registerPerson",
        {"name": "Eve", "unitId": "OrgUnit:nowhere"},
        "NOT_FOUND",
        ["input", "unitId"],
        "unitId 'nowhere': there is no OrgUnit with this id",
    ),
    (
        "registerPerson",
        {"name": "Eve", "unitId": "Person:ann"},
        "BAD_USER_INPUT",
        ["input", "unitId"],
        "'Person:ann' is the id of a Person, not of an OrgUnit",
    ),
    (
        "registerPerson",
        {"name": "Eve", "managerId": "ann"},
        "BAD_USER_INPUT",
        ["input", "managerId"],
        "'ann' is not the id of a Person; ids look like Person:p-0123",
    ),
    (
        "registerPerson",
        {"code": "ann", "name": "Ann again"},
        "CONFLICT",
        ["input", "id"],
        "There is a Person 'ann' already; correct it instead",
    ),
    (
        "registerPerson",
        {"name": "Eve", "validFrom": "2026-03-02", "validUntil": "2026-03-02"},
        "BAD_USER_INPUT",
        ["input"],
        (
            "Person: validUntil 2026-03-02 is not after validFrom 2026-03-02; "
            "validUntil is the first day it no longer counts"
        ),
    ),
    (
        "correctPerson",
        {"id": "Person:ann", "managerId": "Person:ann"},
        "BAD_USER_INPUT",
        ["input", "managerId"],
        "managerId 'ann': nobody manages themselves",
    ),
    (
        "correctPerson",
        {"id": "Person:ann", "name": None},
        "BAD_USER_INPUT",
        ["input", "name"],
        "name cannot be null; leave it out to keep it as it is",
    ),
    (
        "correctOrgUnit",
        {"id": "OrgUnit:house", "parentId": "OrgUnit:cables"},
        "BAD_USER_INPUT",
        ["input", "parentId"],
        "parentId 'cables': 'house' would be part of itself",
    ),
    (
        "recordAssertion",
        CLAIM | {"level": 4},
        "BAD_USER_INPUT",
        ["input", "level"],
        "level '4': the scale 'Three' of 'Splicing' ends at 3",
    ),
    (
        "recordAssertion",
        CLAIM | {"level": 21},
        "BAD_USER_INPUT",
        ["input", "level"],
        "level '21': Input should be less than or equal to 20",
    ),
    (
        "recordAssertion",
        CLAIM | {"skillId": "Skill:field"},
        "BAD_USER_INPUT",
        ["input", "skillId"],
        "skillId 'field': 'Field work' is a heading of the classification; name one of the skills below it",
    ),
    (
        "recordAssertion",
        CLAIM | {"trust": "VERIFIED"},
        "BAD_USER_INPUT",
        ["input", "trust"],
        (
            "trust VERIFIED stands only with evidence of kind EXAM or CREDENTIAL that speaks for it; "
            "record it as CLAIMED and let an assessor verify it"
        ),
    ),
    (
        "verifyAssertion",
        DECISION | {"verifierId": "Person:ann"},
        "SELF_VERIFICATION",
        ["input", "verifierId"],
        "verifierId 'ann': nobody decides on an assertion about themselves",
    ),
    (
        "suspendAssertion",
        DECISION | {"verifierId": "Person:bob", "suspendedUntil": "2026-01-06"},
        "BAD_USER_INPUT",
        ["input"],
        "Verification: suspendedUntil 2026-01-06 is not after decidedOn 2026-01-06",
    ),
    (
        "publishRoleProfile",
        {"id": "RoleProfile:v1"},
        "CONFLICT",
        ["input", "id"],
        "Version 1 is PUBLISHED; only DRAFT can become PUBLISHED",
    ),
    (
        "reviseRoleProfile",
        {"id": "RoleProfile:v1", "version": 3},
        "CONFLICT",
        ["input", "id"],
        "Version 1 is PUBLISHED; draft a new version of the profile",
    ),
    (
        "draftRoleProfile",
        PROFILE | {"requirements": [{"skillId": "Skill:splice", "level": 1}, {"skillId": "Skill:splice", "level": 2}]},
        "BAD_USER_INPUT",
        ["input", "requirements", "1"],
        "skill 'splice' comes twice",
    ),
    (
        "draftRoleProfile",
        PROFILE | {"requirements": [{"skillId": "Skill:splice", "level": 4}]},
        "BAD_USER_INPUT",
        ["input", "level"],
        "level '4': the scale 'Three' of 'Splicing' ends at 3",
    ),
    (
        "draftJobDescription",
        {"roleId": "Role:rigger", "profileId": "RoleProfile:v1", "version": 1, "title": "Rigger", "text": "Rigs."},
        "BAD_USER_INPUT",
        ["input", "profileId"],
        "profileId 'v1': it is a profile of role 'splicer', not of 'rigger'",
    ),
    (
        "openPosition",
        {"projectId": "Project:ring", "title": "Splicer", "validFrom": "2026-03-02"},
        "BAD_USER_INPUT",
        ["input"],
        "Position: validFrom and validUntil are both needed; a position has a first day and an end",
    ),
    (
        "bookAllocation",
        SECOND,
        "CONFLICT",
        ["input", "fte"],
        "fte '0.5': it books Ann for 1.25 FTE on 2026-03-02, the contract is 1; force it by giving forcedReason",
    ),
    (
        "bookAllocation",
        SECOND | {"fte": 0.25, "validUntil": "2026-05-02"},
        "BAD_USER_INPUT",
        ["input", "validFrom"],
        "validFrom '2026-03-02 to 2026-05-02': the position lasts from 2026-03-02 until before 2026-05-01",
    ),
    (
        "retireOrgUnit",
        {"id": "OrgUnit:house"},
        "CONFLICT",
        ["input", "id"],
        "OrgUnit 'house' is still named by units: 'cables'; end or correct those first",
    ),
    (
        "retireSkill",
        {"id": "Skill:splice"},
        "CONFLICT",
        ["input", "id"],
        "Skill 'splice' is still named by requirements: 'v1|splice'; end or correct those first",
    ),
    (
        "relateSkills",
        {"fromId": "Skill:splice", "toId": "Skill:splice", "kind": "BROADER"},
        "BAD_USER_INPUT",
        ["input"],
        "SkillRelation: toId 'splice' is the skill itself",
    ),
    (
        "relateSkills",
        {"fromId": "Skill:splice", "toId": "Skill:field", "kind": "EQUIVALENT"},
        "BAD_USER_INPUT",
        ["input", "kind"],
        "kind 'EQUIVALENT': a heading of the classification is only ever BROADER than something",
    ),
    (
        "defineSkill",
        {"name": "Loose"},
        "BAD_USER_INPUT",
        ["input"],
        "Skill: scaleId is missing; every skill that people can hold is measured on a scale",
    ),
    (
        "offerCourse",
        {"name": "Down", "outcomes": [{"skillId": "Skill:splice", "fromLevel": 2, "toLevel": 2}]},
        "BAD_USER_INPUT",
        ["input", "outcomes", "0"],
        "CourseOutcome: toLevel 2 is not above fromLevel 2",
    ),
    (
        "registerPerson",
        {"name": "Eve", "idempotencyKey": "two words"},
        "BAD_USER_INPUT",
        ["input", "idempotencyKey"],
        "idempotencyKey 'two words' is not 1 to 200 printable characters without blanks",
    ),
]


def test_what_is_refused_is_told_as_data_and_leaves_no_change(given: Service) -> None:
    before = given.ask("{ registry { seq counts { kind count } } }")["registry"]

    told = [
        (mutation, values, *(error[name] for name in ("code", "path", "message")))
        for mutation, values, *_ in REFUSALS
        for payload in [given.do(mutation, values)]
        for error in [*payload["errors"], dict.fromkeys(("code", "path", "message"))][:1]
    ]

    assert told == REFUSALS
    assert given.ask("{ registry { seq counts { kind count } } }")["registry"] == before


def test_an_over_allocation_is_forced_with_a_reason(given: Service) -> None:
    forced = given.done("bookAllocation", SECOND | {"forcedReason": "The ring must close"}, "fte forcedReason")

    assert forced == {"fte": 0.5, "forcedReason": "The ring must close"}


def test_a_retired_code_may_be_used_again(given: Service) -> None:
    given.done("retirePerson", {"id": "Person:bob"})

    again = given.done("registerPerson", {"code": "bob", "name": "Bob the second"}, "id name retractedSeq")

    assert again == {"id": "Person:bob", "name": "Bob the second", "retractedSeq": None}


def test_retiring_takes_the_parts_along_and_their_number_is_the_same(given: Service) -> None:
    retired = given.do("retirePerson", {"id": "Person:ann"}, "retractedSeq")

    assert retired["result"] is None
    nodes = given.ask(
        'query Q { nodes(ids: ["Person:ann", "Assertion:claim", "Allocation:b1"]) {'
        " ... on Person { retractedSeq } ... on Assertion { retractedSeq } ... on Allocation { retractedSeq } } }"
    )["nodes"]
    assert nodes == [{"retractedSeq": retired["seq"]}] * 3


def test_a_key_used_for_another_act_is_refused(given: Service) -> None:
    given.done("registerPerson", {"name": "Eve", "idempotencyKey": "k1"})

    refused = given.do("createOrgUnit", {"name": "Masts", "idempotencyKey": "k1"})

    assert refused["errors"] == [
        {
            "message": "idempotencyKey 'k1' was used for registerPerson, not createOrgUnit",
            "path": ["input", "idempotencyKey"],
            "code": "CONFLICT",
        }
    ]


def test_a_key_used_with_another_input_is_refused(given: Service) -> None:
    first = given.do("registerPerson", {"name": "Eve", "idempotencyKey": "k1"})

    again = given.do("registerPerson", {"name": "Eve", "idempotencyKey": "k1"})
    other = given.do("registerPerson", {"name": "Eva", "idempotencyKey": "k1"})

    assert again == first
    assert other["errors"] == [
        {
            "message": f"idempotencyKey 'k1' was used with another input, by change {first['seq']}; "
            "a repeat says the same, and another act takes another key",
            "path": ["input", "idempotencyKey"],
            "code": "CONFLICT",
        }
    ]


def test_a_correction_that_says_what_is_there_spends_no_number(given: Service) -> None:
    before = given.ask("{ registry { seq } }")["registry"]["seq"]

    same = given.do("correctPerson", {"id": "Person:ann", "name": "Ann"}, "name")

    assert same == {"seq": before, "errors": [], "result": {"name": "Ann"}}
    assert given.ask("{ registry { seq } }")["registry"]["seq"] == before


def test_mutation_names_are_a_verb_and_a_noun() -> None:
    assert [
        field.graphql_name for field in FIELDS if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", field.graphql_name)
    ] == []
