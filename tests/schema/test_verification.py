"""Who may decide, what their decisions do, what waits for them, and what a skill demands beside them."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import Service

MADE = "2026-01-05"
HELD = {"assertedOn": MADE, "level": 3}
SEEN = {"reason": "Seen", "decidedOn": "2026-02-02"}
BOB, CYD, EVE = ({"verifierId": f"Person:{code}"} for code in ("bob", "cyd", "eve"))
CLAIM = {"id": "Assertion:claim"}
STATE = "{ registry { seq counts { kind count } } }"


@pytest.fixture
def world(service: Service) -> Service:
    """Ann and Fay are judged; Bob may judge field work in Cables, Cyd everything until March, Eve everything."""
    done = service.done
    done("createOrgUnit", {"code": "house", "name": "House"})
    done("createOrgUnit", {"code": "cables", "name": "Cables", "parentId": "OrgUnit:house"})
    done("createOrgUnit", {"code": "north", "name": "North", "parentId": "OrgUnit:cables"})
    done("createOrgUnit", {"code": "ships", "name": "Ships", "parentId": "OrgUnit:house"})
    done("defineScale", {"code": "five", "name": "Five", "labels": ["1", "2", "3", "4", "5"]})
    done("defineSkill", {"code": "field", "name": "Field work", "isGroup": True})
    demands: dict[str, dict[str, Any]] = {
        "splice": {},
        "cook": {},
        "switch": {"requiredVerifiers": 2},
        "permit": {"requiresCredential": True},
        "rescue": {"maxEvidenceAgeDays": 30},
    }
    for code, demand in demands.items():
        done("defineSkill", {"code": code, "name": code.title(), "scaleId": "Scale:five"} | demand)
    for code in ("splice", "switch", "permit", "rescue"):
        done("relateSkills", {"fromId": f"Skill:{code}", "toId": "Skill:field", "kind": "BROADER"})
    for code, unit in {"ann": "north", "bob": "cables", "cyd": "house", "dee": "house", "eve": "ships"}.items():
        done("registerPerson", {"code": code, "name": code.title(), "unitId": f"OrgUnit:{unit}"})
    done("registerPerson", {"code": "fay", "name": "Fay", "unitId": "OrgUnit:ships"})
    within = {"skillId": "Skill:field", "unitId": "OrgUnit:cables"}
    done("grantAssessorScope", {"personId": "Person:bob", "grantedBy": "House"} | within)
    done("grantAssessorScope", {"personId": "Person:cyd", "grantedBy": "House", "validUntil": "2026-03-01"})
    done("grantAssessorScope", {"personId": "Person:eve", "grantedBy": "House"})
    claims = {
        "claim": ("ann", "splice"),
        "cooking": ("ann", "cook"),
        "shipped": ("fay", "splice"),
        "bobs": ("bob", "splice"),
        "switched": ("ann", "switch"),
        "permitted": ("ann", "permit"),
        "rescued": ("ann", "rescue"),
        "gone": ("ann", "splice"),
    }
    for code, (person, skill) in claims.items():
        named = {"code": code, "personId": f"Person:{person}", "skillId": f"Skill:{skill}"}
        done("recordAssertion", named | HELD)
    done("retractAssertion", {"id": "Assertion:gone"})
    return service


def refused(service: Service, mutation: str, values: dict[str, Any]) -> dict[str, Any]:
    """The one error of *mutation*, which leaves nothing behind."""
    before = service.ask(STATE)
    payload = service.do(mutation, values)
    assert (payload["seq"], payload["result"], len(payload["errors"])) == (None, None, 1), payload
    assert service.ask(STATE) == before
    error: dict[str, Any] = payload["errors"][0]
    return error


def trust(service: Service, person: str, skill: str, as_of: str = "2026-06-01") -> str | None:
    """The trust of the level that the person has on a day, and None where there is none."""
    target = {"requirements": [{"skillId": f"Skill:{skill}", "level": 1}]}
    answer = service.ask(
        "query Q($person: ID!, $target: TargetInput!, $asOf: Date) "
        "{ skillGap(person: $person, target: $target, asOf: $asOf) { lines { trust } } }",
        {"person": f"Person:{person}", "target": target, "asOf": as_of},
    )
    found: str | None = answer["skillGap"]["lines"][0]["trust"]
    return found


NOT_ALLOWED: list[tuple[str, dict[str, Any], str, list[str], str]] = [
    (
        "verifyAssertion",
        {"id": "Assertion:bobs"} | BOB | SEEN,
        "SELF_VERIFICATION",
        ["input", "verifierId"],
        "verifierId 'bob': nobody decides on an assertion about themselves",
    ),
    (
        "verifyAssertion",
        CLAIM | SEEN | {"verifierId": "Person:dee"},
        "OUT_OF_SCOPE",
        ["input", "verifierId"],
        (
            "verifierId 'dee': on 2026-02-02 no scope covers skill 'splice' of 'ann' (unit 'north'); "
            "the assessor has no scope on that day"
        ),
    ),
    (
        "rejectAssertion",
        {"id": "Assertion:cooking"} | BOB | SEEN,
        "OUT_OF_SCOPE",
        ["input", "verifierId"],
        (
            "verifierId 'bob': on 2026-02-02 no scope covers skill 'cook' of 'ann' (unit 'north'); "
            "the assessor has 'Field work' in 'Cables'"
        ),
    ),
    (
        "verifyAssertion",
        {"id": "Assertion:shipped"} | BOB | SEEN,
        "OUT_OF_SCOPE",
        ["input", "verifierId"],
        (
            "verifierId 'bob': on 2026-02-02 no scope covers skill 'splice' of 'fay' (unit 'ships'); "
            "the assessor has 'Field work' in 'Cables'"
        ),
    ),
    (
        "verifyAssertion",
        CLAIM | CYD | {"reason": "Seen", "decidedOn": "2026-03-01"},
        "OUT_OF_SCOPE",
        ["input", "verifierId"],
        (
            "verifierId 'cyd': on 2026-03-01 no scope covers skill 'splice' of 'ann' (unit 'north'); "
            "the assessor has no scope on that day"
        ),
    ),
    (
        "verifyAssertion",
        {"id": "Assertion:nowhere"} | BOB | SEEN,
        "NOT_FOUND",
        ["input", "id"],
        "There is no Assertion 'nowhere'",
    ),
    (
        "verifyAssertion",
        CLAIM | SEEN | {"verifierId": "Person:nobody"},
        "NOT_FOUND",
        ["input", "verifierId"],
        "verifierId 'nobody': there is no Person with this id",
    ),
    (
        "revokeAssertion",
        CLAIM | BOB | SEEN,
        "CONFLICT",
        ["input", "id"],
        "Assertion 'claim' is not verified, so there is nothing to revoke; reject it instead",
    ),
    (
        "verifyAssertion",
        CLAIM | BOB | {"reason": "Seen", "decidedOn": "2026-01-04"},
        "BAD_USER_INPUT",
        ["input", "decidedOn"],
        "decidedOn 2026-01-04 is before the assertion was made, on 2026-01-05",
    ),
    (
        "requestVerification",
        {"assertionId": "Assertion:claim", "assessorId": "Person:dee"},
        "OUT_OF_SCOPE",
        ["input", "assessorId"],
        "",
    ),
    (
        "requestVerification",
        {"assertionId": "Assertion:claim", "assessorId": "Person:ann"},
        "SELF_VERIFICATION",
        ["input", "assessorId"],
        "assessorId 'ann': nobody decides on an assertion about themselves",
    ),
    ("requestVerification", {"assertionId": "Assertion:gone"}, "RETRACTED", ["input", "assertionId"], ""),
    ("requestVerification", {"assertionId": "Assertion:claim", "dueOn": "2026-01-01"}, "BAD_USER_INPUT", [], ""),
    ("withdrawVerificationRequest", {"id": "VerificationRequest:no"}, "NOT_FOUND", ["input", "id"], ""),
]


def test_what_an_assessor_may_not_do_is_refused_with_a_code_and_nothing_stored(world: Service) -> None:
    for mutation, values, code, path, message in NOT_ALLOWED:
        error = refused(world, mutation, values)
        assert error["code"] == code, (values, error)
        assert path in ([], error["path"]), (values, error)
        assert message in ("", error["message"])


def test_nobody_decides_on_what_was_retracted(world: Service) -> None:
    for mutation, more in {
        "verifyAssertion": {},
        "rejectAssertion": {},
        "suspendAssertion": {"suspendedUntil": "2026-03-03"},
        "revokeAssertion": {},
    }.items():
        error = refused(world, mutation, {"id": "Assertion:gone"} | EVE | SEEN | more)
        assert (error["code"], error["path"]) == ("RETRACTED", ["input", "id"])


def test_nobody_decides_ahead_of_the_day(world: Service) -> None:
    tomorrow = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011  # the service's day, however late it is

    error = refused(world, "verifyAssertion", CLAIM | BOB | {"reason": "Seen", "decidedOn": tomorrow})

    assert (error["code"], error["path"]) == ("BAD_USER_INPUT", ["input", "decidedOn"])


def test_two_verifiers_are_two_people(world: Service) -> None:
    switched = {"id": "Assertion:switched"}
    first = world.done("verifyAssertion", switched | BOB | SEEN)["id"].partition(":")[2]
    assert trust(world, "ann", "switch") == "ENDORSED"

    again = refused(world, "verifyAssertion", switched | BOB | {"reason": "Again", "decidedOn": "2026-02-03"})
    assert (again["code"], again["path"]) == ("ALREADY_VERIFIED", ["input", "verifierId"])
    assert f"by decision '{first}'" in again["message"]

    world.done("verifyAssertion", switched | CYD | SEEN)
    assert trust(world, "ann", "switch") == "VERIFIED"
    world.done("revokeAssertion", switched | EVE | {"reason": "No", "decidedOn": "2026-02-04"})
    assert trust(world, "ann", "switch") is None
    world.done("verifyAssertion", switched | BOB | {"reason": "After all", "decidedOn": "2026-02-05"})
    assert trust(world, "ann", "switch") == "ENDORSED"


def test_a_changed_level_is_unverified_again_and_added_evidence_is_not(world: Service) -> None:
    world.done("verifyAssertion", CLAIM | BOB | SEEN)
    assert trust(world, "ann", "splice") == "VERIFIED"

    world.done("addEvidence", {"assertionId": "Assertion:claim", "kind": "DOCUMENT", "title": "Letter"})
    assert trust(world, "ann", "splice") == "VERIFIED"

    world.done("correctAssertion", CLAIM | {"level": 4})
    assert trust(world, "ann", "splice") == "CLAIMED"
    world.done("verifyAssertion", CLAIM | BOB | SEEN)
    assert trust(world, "ann", "splice") == "VERIFIED"


def test_a_skill_may_demand_a_credential_beside_the_decision(world: Service) -> None:
    world.done("verifyAssertion", {"id": "Assertion:permitted"} | BOB | SEEN)
    assert trust(world, "ann", "permit") == "ENDORSED"

    certificate = {"kind": "CERTIFICATE", "title": "Permit", "number": "7", "issuer": "Board"}
    days = {"issuedOn": "2026-01-01", "expiresOn": "2026-09-01"}
    world.done("addEvidence", {"assertionId": "Assertion:permitted"} | certificate | days)

    found = {day: trust(world, "ann", "permit", day) for day in ("2026-02-01", "2026-02-02", "2026-09-01")}
    assert found == {"2026-02-01": "CLAIMED", "2026-02-02": "VERIFIED", "2026-09-01": "ENDORSED"}


def test_evidence_ages_out(world: Service) -> None:
    evidence = {"kind": "OBSERVATION", "title": "Drill", "issuedOn": "2026-02-01"}
    world.done("addEvidence", {"assertionId": "Assertion:rescued"} | evidence)
    world.done("verifyAssertion", {"id": "Assertion:rescued"} | BOB | SEEN)

    found = {day: trust(world, "ann", "rescue", day) for day in ("2026-03-02", "2026-03-03")}

    assert found == {"2026-03-02": "VERIFIED", "2026-03-03": "ENDORSED"}


REQUEST = "id status note assessor { id } verification { id }"


def the_request(service: Service) -> dict[str, Any]:
    """The request r1 as it is now."""
    fields = f"... on VerificationRequest {{ {REQUEST} recordedSeq }}"
    found: dict[str, Any] = service.ask(f'{{ node(id: "VerificationRequest:r1") {{ {fields} }} }}')["node"]
    return found


def test_a_request_is_closed_by_the_decision_that_settles_it(world: Service) -> None:
    asked = {"assertionId": "Assertion:switched", "requestedById": "Person:ann", "assessorId": "Person:bob"}
    made = world.done("requestVerification", asked | {"code": "r1", "note": "Please"}, REQUEST)
    assert made == {
        "id": "VerificationRequest:r1",
        "status": "OPEN",
        "note": "Please",
        "assessor": {"id": "Person:bob"},
        "verification": None,
    }
    twice = refused(world, "requestVerification", {"assertionId": "Assertion:switched"})
    assert twice["code"] == "CONFLICT"
    assert "'r1'" in twice["message"]

    first = world.do("verifyAssertion", {"id": "Assertion:switched"} | BOB | SEEN)
    waiting = the_request(world)
    assert (waiting["status"], waiting["assessor"]) == ("OPEN", None)

    second = world.do("verifyAssertion", {"id": "Assertion:switched"} | EVE | SEEN)
    closed = the_request(world)
    assert (closed["status"], closed["verification"]) == ("DECIDED", {"id": second["result"]["id"]})
    assert closed["recordedSeq"] == second["seq"] == first["seq"] + 1
    done = refused(world, "requestVerification", {"assertionId": "Assertion:switched"})
    assert done["code"] == "CONFLICT"
    assert "counts as VERIFIED" in done["message"]
    for mutation, more in {
        "delegateVerification": {"assessorId": "Person:eve", "reason": "Late"},
        "withdrawVerificationRequest": {},
    }.items():
        assert refused(world, mutation, {"id": "VerificationRequest:r1"} | more)["code"] == "CONFLICT"


def test_a_request_is_handed_on_only_to_who_may_decide(world: Service) -> None:
    world.done("requestVerification", {"code": "r1", "assertionId": "Assertion:cooking"})

    for assessor, code in {"bob": "OUT_OF_SCOPE", "ann": "SELF_VERIFICATION", "nobody": "NOT_FOUND"}.items():
        handed = {"id": "VerificationRequest:r1", "assessorId": f"Person:{assessor}", "reason": "Away"}
        assert refused(world, "delegateVerification", handed)["code"] == code
    handed = {"id": "VerificationRequest:r1", "assessorId": "Person:eve", "reason": "Away"}
    assert world.done("delegateVerification", handed, "note assessor { id }") == {
        "note": "Away",
        "assessor": {"id": "Person:eve"},
    }
    world.done("retirePerson", {"id": "Person:eve"})
    withdrawn = {"id": "VerificationRequest:r1", "reason": "Not needed"}
    assert world.done("withdrawVerificationRequest", withdrawn, "status note") == {
        "status": "WITHDRAWN",
        "note": "Not needed",
    }


def test_an_interest_is_stated_once_for_each_person_and_skill(world: Service) -> None:
    wanted = {"personId": "Person:ann", "skillId": "Skill:cook", "statedOn": MADE}
    first = world.done("stateInterest", wanted)["id"]

    error = refused(world, "stateInterest", wanted | {"interest": "KEEN"})

    assert (error["code"], error["message"]) == (
        "CONFLICT",
        f"There is a SkillInterest '{first.partition(':')[2]}' already; correct it instead",
    )
    world.done("withdrawInterest", {"id": first})
    assert world.done("stateInterest", wanted | {"interest": "KEEN"}, "id interest") == {
        "id": first,
        "interest": "KEEN",
    }


QUEUE = """
query Q($first: PageSize!, $after: String, $assessor: ID, $unit: ID, $skill: ID, $orderBy: QueueOrder!, $all: Boolean!,
        $asOf: Date, $knownAt: KnownAt) {
  verificationQueue(first: $first, after: $after, assessor: $assessor, unit: $unit, skill: $skill, orderBy: $orderBy,
                    includeUnrequested: $all, asOf: $asOf, knownAt: $knownAt) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node {
      ageDays isOverdue gapsClosed verifiersStillNeeded positiveEvidenceCount negativeEvidenceCount lacking
      request { id } assertion { id }
    } }
  }
}
"""


def queue(service: Service, **values: Any) -> dict[str, Any]:
    defaults = {"first": 10, "orderBy": "GAPS", "all": False}
    found: dict[str, Any] = service.ask(QUEUE, defaults | values)["verificationQueue"]
    return found


def listed(service: Service, **values: Any) -> list[str]:
    edges = queue(service, **values)["edges"]
    return [edge["node"]["assertion"]["id"].partition(":")[2] for edge in edges]


@pytest.fixture
def waiting(world: Service) -> Service:
    """Three requests: one closes two gaps, one is assigned to Eve, one is about Bob; and one that nobody made."""
    needs = [{"skillId": "Skill:splice", "level": 2, "minTrust": "VERIFIED"}]
    world.done("defineRole", {"code": "splicer", "name": "Splicer"})
    world.done("draftRoleProfile", {"code": "v1", "roleId": "Role:splicer", "version": 1, "requirements": needs})
    world.done("publishRoleProfile", {"id": "RoleProfile:v1"})
    world.done("proposeProject", {"code": "ring", "name": "Ring"})
    seat = {"projectId": "Project:ring", "title": "Splicer", "validFrom": MADE, "validUntil": "2099-01-01"}
    world.done("openPosition", seat | {"roleId": "Role:splicer"})
    world.done("correctPerson", {"id": "Person:ann", "roleId": "Role:splicer"})
    world.done("requestVerification", {"code": "r-claim", "assertionId": "Assertion:claim"})
    world.done(
        "requestVerification",
        {"code": "r-switched", "assertionId": "Assertion:switched", "assessorId": "Person:eve", "dueOn": "2099-01-01"},
    )
    world.done("requestVerification", {"code": "r-bobs", "assertionId": "Assertion:bobs"})
    world.done("requestVerification", {"code": "r-permitted", "assertionId": "Assertion:permitted"})
    failed = {"assertionId": "Assertion:claim", "kind": "EXAM", "title": "Test", "result": "failed", "isNegative": True}
    world.done("addEvidence", failed)
    return world


def test_the_queue_tells_what_a_decision_closes_and_what_it_takes(waiting: Service) -> None:
    found = queue(waiting)

    nothing = {"positiveEvidenceCount": 0, "negativeEvidenceCount": 0, "lacking": [], "isOverdue": False, "ageDays": 0}
    expected = [("claim", 2, 1), ("bobs", 1, 1), ("permitted", 0, 1), ("switched", 0, 2)]
    assert [edge["node"] for edge in found["edges"]] == [
        nothing
        | {
            "gapsClosed": gaps,
            "verifiersStillNeeded": verifiers,
            "request": {"id": f"VerificationRequest:r-{code}"},
            "assertion": {"id": f"Assertion:{code}"},
        }
        | ({"negativeEvidenceCount": 1} if code == "claim" else {})
        | ({"lacking": ["CREDENTIAL"]} if code == "permitted" else {})
        for code, gaps, verifiers in expected
    ]
    assert found["totalCount"] == 4
    assert listed(waiting, all=True) == ["claim", "shipped", "bobs", "permitted", "switched"]
    assert listed(waiting, asOf="2100-01-01", orderBy="AGE") == ["bobs", "claim", "permitted", "switched"]
    assert [edge["node"]["isOverdue"] for edge in queue(waiting, asOf="2100-01-01", orderBy="AGE")["edges"]] == [
        False,
        False,
        False,
        True,
    ]


def test_the_queue_of_an_assessor_holds_what_they_may_decide_on(waiting: Service) -> None:
    assert listed(waiting, assessor="Person:bob") == ["claim", "permitted"]
    assert listed(waiting, assessor="Person:eve") == ["claim", "bobs", "permitted", "switched"]
    assert listed(waiting, assessor="Person:eve", all=True) == ["claim", "shipped", "bobs", "permitted", "switched"]
    assert listed(waiting, assessor="Person:dee", all=True) == []
    assert listed(waiting, unit="OrgUnit:north") == ["claim", "permitted", "switched"]
    assert listed(waiting, skill="Skill:splice", all=True) == ["claim", "shipped", "bobs"]
    assert listed(waiting, skill="Skill:field", unit="OrgUnit:ships", all=True) == ["shipped"]
    known = waiting.ask(STATE)["registry"]["seq"]
    waiting.done("verifyAssertion", CLAIM | BOB | SEEN)
    waiting.done("verifyAssertion", {"id": "Assertion:switched"} | EVE | SEEN)
    assert listed(waiting, assessor="Person:bob") == ["permitted", "switched"]
    assert listed(waiting, assessor="Person:eve") == ["bobs", "permitted"]
    assert listed(waiting, assessor="Person:bob", knownAt=known) == ["claim", "permitted"]


def test_the_pages_of_the_queue_follow_on(waiting: Service) -> None:
    for order in ("GAPS", "AGE"):
        whole, found, after = listed(waiting, all=True, orderBy=order), [], None
        for _ in range(3):
            page = queue(waiting, all=True, orderBy=order, first=2, after=after)
            found += [edge["node"]["assertion"]["id"].partition(":")[2] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
        assert (found, page["pageInfo"]["hasNextPage"]) == (whole, False)
    wrong = waiting.post(QUEUE, {"first": 2, "orderBy": "GAPS", "all": False, "after": after})
    assert wrong["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


PROGRESS = """
query P($campaign: ID!, $asOf: Date, $first: PageSize!, $after: String) {
  reviewProgress(campaign: $campaign, asOf: $asOf, first: $first, after: $after) {
    total reviewed open ratio isClosed isOverdue totalCount
    edges { cursor node { total open isReminderDue person { id } } }
  }
}
"""


def progress(service: Service, as_of: str | None = None, first: int = 10, after: str | None = None) -> dict[str, Any]:
    asked = {"campaign": "ReviewCampaign:spring", "asOf": as_of, "first": first, "after": after}
    found: dict[str, Any] = service.ask(PROGRESS, asked)["reviewProgress"]
    return found


def test_a_review_counts_what_was_decided_or_stated_since_it_began(world: Service) -> None:
    days = {"startsOn": "2026-02-01", "dueOn": "2026-03-01", "remindDays": 5}
    review = {"code": "spring", "name": "Spring", "unitId": "OrgUnit:cables", "skillId": "Skill:field"}
    world.done("startReviewCampaign", review | days)
    world.done("verifyAssertion", CLAIM | BOB | SEEN)
    world.done("correctAssertion", {"id": "Assertion:rescued", "assertedOn": "2026-02-10"})

    early, late = progress(world, "2026-02-09"), progress(world, "2026-03-02")

    numbers = ("total", "reviewed", "open", "ratio", "isClosed", "isOverdue", "totalCount")
    assert [early[each] for each in numbers] == [5, 1, 4, 0.2, False, False, 2]
    assert [late[each] for each in numbers] == [5, 2, 3, 0.4, False, True, 2]
    assert [edge["node"] for edge in late["edges"]] == [
        {"total": 4, "open": 2, "isReminderDue": True, "person": {"id": "Person:ann"}},
        {"total": 1, "open": 1, "isReminderDue": True, "person": {"id": "Person:bob"}},
    ]
    for day, is_due in {"2026-02-23": False, "2026-02-24": True}.items():
        assert {edge["node"]["isReminderDue"] for edge in progress(world, day)["edges"]} == {is_due}
    (first,) = progress(world, "2026-03-02", first=1)["edges"]
    (second,) = progress(world, "2026-03-02", first=1, after=first["cursor"])["edges"]
    assert (first["node"]["person"], second["node"]["person"]) == ({"id": "Person:ann"}, {"id": "Person:bob"})

    closed_on = world.done("closeReviewCampaign", {"id": "ReviewCampaign:spring"}, "closedOn")["closedOn"]
    closed = progress(world, closed_on)
    assert (closed["isClosed"], closed["isOverdue"]) == (True, False)
    assert {edge["node"]["isReminderDue"] for edge in closed["edges"]} == {False}
    again = refused(world, "closeReviewCampaign", {"id": "ReviewCampaign:spring"})
    assert again["code"] == "CONFLICT"
