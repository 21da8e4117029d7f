"""What changed, told from the states; who, what and when it concerned."""

from typing import Any

import pytest

from service.domain.people import Person
from service.graph import ledger, records
from service.graph.database import Database, Transaction
from service.graph.ledger import Act, Touched
from tests.conftest import Service, on_database

FACTS = """
query Q($seq: Int!) {
  changes(first: 1, afterSeq: $seq) {
    edges { node {
      seq actor action kinds count
      facts(first: 20) {
        totalCount
        edges { node { kind id outcome node { id } fields { name before after } } }
      }
    } }
  }
}
"""

TRAIL = """
query Q(
  $first: PageSize! = 100, $after: String, $afterSeq: Int, $subject: ID, $actor: String, $action: String,
  $since: DateTime, $until: DateTime
) {
  changes(
    first: $first, after: $after, afterSeq: $afterSeq, subject: $subject, actor: $actor, action: $action,
    since: $since, until: $until
  ) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { seq at actor action } }
  }
}
"""


def did(service: Service, seq: int) -> dict[str, Any]:
    """Change number *seq*."""
    (edge,) = service.ask(FACTS, {"seq": seq - 1})["changes"]["edges"]
    found: dict[str, Any] = edge["node"]
    assert found["seq"] == seq
    return found


def facts(service: Service, seq: int) -> list[dict[str, Any]]:
    return [each["node"] for each in did(service, seq)["facts"]["edges"]]


def trail(service: Service, **given: Any) -> list[int]:
    """Numbers of the changes found, which are as many as they are said to be."""
    found = service.ask(TRAIL, given)["changes"]
    numbers = [each["node"]["seq"] for each in found["edges"]]
    assert found["totalCount"] == len(numbers)
    return numbers


@pytest.fixture
def told(service: Service) -> dict[str, int]:
    """Ann, her claim and what became of it, and things that are none of her business: the numbers by name."""
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("house", "createOrgUnit", {"code": "house", "name": "House"}),
        ("yard", "createOrgUnit", {"code": "yard", "name": "Yard"}),
        ("scale", "defineScale", {"code": "three", "name": "Three", "labels": ["low", "middle", "high"]}),
        ("splice", "defineSkill", {"code": "splice", "name": "Splicing", "scaleId": "Scale:three"}),
        ("climb", "defineSkill", {"code": "climb", "name": "Climbing", "scaleId": "Scale:three"}),
        ("ann", "registerPerson", {"code": "ann", "name": "Ann", "unitId": "OrgUnit:house"}),
        ("bob", "registerPerson", {"code": "bob", "name": "Bob", "unitId": "OrgUnit:house"}),
        (
            "claim",
            "recordAssertion",
            {
                "code": "a",
                "personId": "Person:ann",
                "skillId": "Skill:splice",
                "level": 1,
                "assertedOn": "2026-01-05",
                "evidence": [{"kind": "DOCUMENT", "title": "Letter"}],
            },
        ),
        ("raised", "correctAssertion", {"id": "Assertion:a", "level": 2}),
        ("moved", "correctPerson", {"id": "Person:ann", "unitId": "OrgUnit:yard"}),
        (
            "other",
            "recordAssertion",
            {
                "code": "b",
                "personId": "Person:bob",
                "skillId": "Skill:climb",
                "level": 1,
                "assertedOn": "2026-01-05",
            },
        ),
        ("renamed", "correctPerson", {"id": "Person:ann", "name": "Ann Lee"}),
        ("gone", "retractAssertion", {"id": "Assertion:a"}),
        ("away", "recordAbsence", {"personId": "Person:ann", "validFrom": "2026-03-02", "validUntil": "2026-03-07"}),
    ]
    numbers = {}
    for name, mutation, values in steps:
        payload = service.do(mutation, values)
        assert payload["errors"] == [], name
        numbers[name] = payload["seq"]
    return numbers


def test_a_change_tells_what_it_recorded(service: Service, told: dict[str, int]) -> None:
    change = did(service, told["ann"])

    assert change == {
        "seq": told["ann"],
        "actor": service.settings.actor,
        "action": "registerPerson",
        "kinds": ["Person"],
        "count": 1,
        "facts": {"totalCount": 1, "edges": change["facts"]["edges"]},
    }
    (fact,) = facts(service, told["ann"])
    fields = {each["name"]: (each["before"], each["after"]) for each in fact.pop("fields")}
    assert fact == {"kind": "Person", "id": "Person:ann", "outcome": "RECORDED", "node": {"id": "Person:ann"}}
    assert (fields["name"], fields["unitId"], fields["contractFte"]) == (
        (None, "Ann"),
        (None, "OrgUnit:house"),
        (None, 1.0),
    )
    assert "email" not in fields


def test_a_correction_tells_what_was_and_what_is(service: Service, told: dict[str, int]) -> None:
    seen = {name: facts(service, told[name]) for name in ("raised", "moved", "renamed")}

    assert [each["fields"] for each in seen["raised"]] == [[{"name": "level", "before": 1, "after": 2}]]
    assert seen["moved"] == [
        {
            "kind": "Person",
            "id": "Person:ann",
            "outcome": "CORRECTED",
            "node": {"id": "Person:ann"},
            "fields": [{"name": "unitId", "before": "OrgUnit:house", "after": "OrgUnit:yard"}],
        }
    ]
    assert [each["fields"] for each in seen["renamed"]] == [[{"name": "name", "before": "Ann", "after": "Ann Lee"}]]


def test_retiring_tells_what_was_and_takes_the_parts_along(service: Service, told: dict[str, int]) -> None:
    assertion, letter = facts(service, told["gone"])

    assert (assertion["kind"], assertion["outcome"], assertion["node"]) == ("Assertion", "RETIRED", None)
    assert (letter["kind"], letter["outcome"], letter["node"]) == ("Evidence", "RETIRED", None)
    assert {"name": "level", "before": 2, "after": None} in assertion["fields"]
    assert {"name": "personId", "before": "Person:ann", "after": None} in assertion["fields"]


def test_a_fact_that_comes_back_was_recorded_retired_and_recorded(service: Service, told: dict[str, int]) -> None:
    again = service.do(
        "recordAssertion",
        {"code": "a", "personId": "Person:ann", "skillId": "Skill:splice", "level": 3, "assertedOn": "2026-02-05"},
    )["seq"]

    outcomes = {
        seq: [(each["id"], each["outcome"]) for each in facts(service, seq) if each["kind"] == "Assertion"]
        for seq in (told["claim"], told["raised"], told["gone"], again)
    }

    assert outcomes == {
        told["claim"]: [("Assertion:a", "RECORDED")],
        told["raised"]: [("Assertion:a", "CORRECTED")],
        told["gone"]: [("Assertion:a", "RETIRED")],
        again: [("Assertion:a", "RECORDED")],
    }


@pytest.mark.usefixtures("told")
def test_the_owner_of_a_requirement_is_named_by_what_it_is(service: Service) -> None:
    service.done("defineRole", {"code": "splicer", "name": "Splicer"})
    requirements = [{"skillId": "Skill:splice", "level": 2}]
    seq = service.do(
        "draftRoleProfile", {"code": "v1", "roleId": "Role:splicer", "version": 1, "requirements": requirements}
    )["seq"]

    requirement, profile = facts(service, seq)

    assert {"name": "ownerId", "before": None, "after": "RoleProfile:v1"} in requirement["fields"]
    assert {"name": "version", "before": None, "after": 1} in profile["fields"]


def test_what_concerns_a_person_is_found_and_nothing_else(service: Service, told: dict[str, int]) -> None:
    by_name = {told[name]: name for name in told}

    def names(subject: str) -> list[str]:
        return [by_name[seq] for seq in trail(service, subject=subject)]

    assert names("Person:ann") == ["ann", "claim", "raised", "moved", "renamed", "gone", "away"]
    assert names("Person:bob") == ["bob", "other"]
    assert names("Skill:splice") == ["splice", "claim", "raised", "gone"]
    assert names("Assertion:a") == ["claim", "raised", "gone"]
    assert names("OrgUnit:house") == ["house", "ann", "bob", "moved"]
    assert names("OrgUnit:yard") == ["yard", "moved", "renamed"]
    assert trail(service, subject="Person:nobody") == []


def test_decisions_on_a_persons_assertions_concern_the_person(service: Service, told: dict[str, int]) -> None:
    service.done("grantAssessorScope", {"personId": "Person:ann", "grantedBy": "HR"})
    decided = service.do("verifyAssertion", {"id": "Assertion:b", "verifierId": "Person:ann", "reason": "Seen"})
    letter = {"assertionId": "Assertion:b", "kind": "DOCUMENT", "title": "Report"}
    added = service.do("addEvidence", letter)
    withdrawn = service.do("withdrawEvidence", {"id": service.done("addEvidence", letter)["id"]})

    found = trail(service, subject="Person:bob")

    assert decided["errors"] == []
    last = withdrawn["seq"]
    assert found == [told["bob"], told["other"], decided["seq"], added["seq"], last - 1, last]
    assert decided["seq"] in trail(service, subject="Person:ann")


def test_filters_narrow_together(service: Service, told: dict[str, int]) -> None:
    everything = trail(service)
    service_actor = service.settings.actor
    edges = service.ask(TRAIL, {})["changes"]["edges"]
    instant = {each["node"]["seq"]: each["node"]["at"] for each in edges}

    assert everything == list(range(1, told["away"] + 1))
    assert trail(service, actor=service_actor) == everything
    assert trail(service, actor="nobody") == []
    assert trail(service, action="correctPerson") == [told["moved"], told["renamed"]]
    assert trail(service, action="correctPerson", subject="OrgUnit:house") == [told["moved"]]
    assert trail(service, afterSeq=told["gone"]) == [told["away"]]
    assert trail(service, afterSeq=told["gone"], subject="Person:bob") == []
    assert trail(service, since=instant[told["gone"]]) == [told["gone"], told["away"]]
    assert trail(service, since=instant[told["raised"]], until=instant[told["moved"]]) == [told["raised"]]
    assert trail(service, until=instant[told["yard"]], subject="OrgUnit:house") == [told["house"]]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("given", [{}, {"subject": "Person:ann"}, {"action": "correctPerson"}])
def test_pages_come_one_after_the_other(service: Service, given: dict[str, Any]) -> None:
    whole = trail(service, **given)
    seen: list[int] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}

    while page["pageInfo"]["hasNextPage"]:
        asked = {**given, "first": 2, "after": page["pageInfo"]["endCursor"]}
        page = service.ask(TRAIL, asked)["changes"]
        seen += [each["node"]["seq"] for each in page["edges"]]
        assert page["totalCount"] == len(whole)

    assert seen == whole


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"subject": "ann"}, "'ann' is not the id of a thing; ids look like Person:p-0123"),
        ({"afterSeq": -1}, "afterSeq -1 is not a number of a change; 0 is before the first"),
        ({"afterSeq": 9}, "afterSeq 9 is ahead of the registry, whose last change is 1"),
        ({"after": "eA=="}, "'eA==' is not a cursor of a change"),
        ({"since": "2026-01-01T00:00:00"}, "2026-01-01T00:00:00 has no time zone; write 2026-03-01T09:00:00Z"),
    ],
)
def test_what_cannot_be_searched_for_is_told(service: Service, given: dict[str, Any], message: str) -> None:
    service.done("createOrgUnit", {"name": "House"})

    (error,) = service.post(TRAIL, given)["errors"]

    assert (error["message"], error["extensions"]["code"]) == (message, "BAD_USER_INPUT")


def test_a_thing_is_shown_as_it_was_known(service: Service, told: dict[str, int]) -> None:
    asked = """
    query Q($ids: [ID!]!, $known: KnownAt!) {
      nodes(ids: $ids, knownAt: $known) {
        ... on Person { name unit { name } retractedSeq } ... on Assertion { level person { name } retractedSeq }
      }
    }
    """

    def known(name: str) -> list[Any]:
        ids = ["Person:ann", "Assertion:a"]
        found: list[Any] = service.ask(asked, {"ids": ids, "known": told[name]})["nodes"]
        return found

    assert known("climb") == [None, None]
    assert known("claim") == [
        {"name": "Ann", "unit": {"name": "House"}, "retractedSeq": None},
        {"level": 1, "person": {"name": "Ann"}, "retractedSeq": None},
    ]
    assert known("renamed") == [
        {"name": "Ann Lee", "unit": {"name": "Yard"}, "retractedSeq": None},
        {"level": 2, "person": {"name": "Ann Lee"}, "retractedSeq": None},
    ]
    assert known("gone") == [{"name": "Ann Lee", "unit": {"name": "Yard"}, "retractedSeq": None}, None]
    service.done("correctOrgUnit", {"id": "OrgUnit:house", "name": "Mansion"})
    one = service.ask(f'{{ node(id: "OrgUnit:house", knownAt: {told["away"]}) {{ ... on OrgUnit {{ name }} }} }}')
    assert one["node"] == {"name": "House"}


def test_what_an_answer_leads_to_is_shown_as_the_answer_was_known(service: Service, told: dict[str, int]) -> None:
    """Several questions in one operation, each with its own moment."""
    asked = """
    query Q($early: KnownAt!, $late: KnownAt!) {
      early: profile(person: "Person:ann", knownAt: $early) { person { name unit { name } } }
      late: profile(person: "Person:ann", knownAt: $late) { person { name unit { name } } }
      now: profile(person: "Person:ann") { person { name unit { name } assertions { totalCount } } }
    }
    """
    service.done("correctPerson", {"id": "Person:ann", "name": "Ann Moss"})

    found = service.ask(asked, {"early": told["claim"], "late": told["renamed"]})

    assert found == {
        "early": {"person": {"name": "Ann", "unit": {"name": "House"}}},
        "late": {"person": {"name": "Ann Lee", "unit": {"name": "Yard"}}},
        "now": {"person": {"name": "Ann Moss", "unit": {"name": "Yard"}, "assertions": {"totalCount": 0}}},
    }
    listed = asked.replace("$early) { person { name", "$early) { person { assertions { totalCount }")
    (error,) = service.post(listed, {"early": told["claim"], "late": told["renamed"]})["errors"]
    assert "assertions lists what is current, and cannot stand below" in error["message"]
    assert error["path"][0] == "early"


def test_lists_do_not_stand_below_what_was_known_earlier(service: Service, told: dict[str, int]) -> None:
    asked = 'query Q($known: KnownAt!) { node(id: "Person:ann", knownAt: $known) { ... on Person { %s } } }'

    for lists in ("assertions { totalCount }", "unit { people { totalCount } }"):
        (error,) = service.post(asked % lists, {"known": told["claim"]})["errors"]
        assert "lists what is current, and cannot stand below what was known at an earlier change" in error["message"]


def test_a_large_change_is_told_in_pages(service: Service) -> None:
    """One change with 5,000 facts of one noun, a page of which is read at a time."""
    people = [Person(id=f"p{number:04}", name=f"Person {number}") for number in range(5_000)]

    async def write(database: Database) -> int:
        async def work(transaction: Transaction, touched: Touched) -> None:
            await records.put(transaction, touched, people, {})

        return (await ledger.write(database, Act(action="import csv", actor="tester"), work)).seq

    seq = on_database(service.settings, write)
    asked = "query Q($after: String) { changes(first: 1) { edges { node { facts(first: 100, after: $after) {"
    asked += " totalCount pageInfo { hasNextPage endCursor } edges { node { id outcome } } } } } } }"
    seen: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}

    while page["pageInfo"]["hasNextPage"] and len(seen) < 300:
        (edge,) = service.ask(asked, {"after": page["pageInfo"]["endCursor"]})["changes"]["edges"]
        page = edge["node"]["facts"]
        seen += [each["node"]["id"] for each in page["edges"]]
        assert page["totalCount"] == 5_000

    assert seq == 1
    assert seen == [f"Person:p{number:04}" for number in range(300)]
    assert trail(service, subject="Person:p4999") == [1]
