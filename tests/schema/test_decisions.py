"""A question kept with its answer: asked again later it answers the same, whatever changed since."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import Service

WHO = """
query Who($role: ID!, $asOf: Date) {
  candidates(target: {role: $role}, asOf: $asOf) {
    totalCount knownSeq policy levelRule
    edges {
      cursor
      node {
        name isEligible isAvailable fit freeFte
        person { id name unit { name } recordedSeq retractedSeq }
        gap { lines { cause level skill { name } assertion { level recordedSeq person { name } } } }
      }
    }
  }
}
"""
REPLAY = """
query R($id: ID!) {
  replay(decision: $id) { answer isIdentical decision { title reason decidedBy versions chosen { name } } }
}
"""
DAY = "2026-03-02"
TODAY = date.today()  # noqa: DTZ011  # a day where the service runs
TOMORROW = TODAY + timedelta(days=1)
ASKED: dict[str, Any] = {
    "code": "d1",
    "title": "Who splices the ring",
    "operation": WHO,
    "variables": {"role": "Role:splicer", "asOf": DAY},
    "chosenId": "Person:ann",
    "decidedBy": "Head of field work",
    "reason": "Knows the ring",
}
KEPT = "id title operation variables askedOn knownSeq versions digest decidedBy reason chosen { id name }"


@pytest.fixture
def given(service: Service) -> Service:
    """A role for splicers, and three people who splice."""
    service.done("createOrgUnit", {"code": "field", "name": "Field"})
    service.done("defineScale", {"code": "three", "name": "Three", "labels": ["low", "middle", "high"]})
    service.done("defineSkill", {"code": "splice", "name": "Splicing", "scaleId": "Scale:three"})
    service.done("defineRole", {"code": "splicer", "name": "Splicer"})
    requirements = [{"skillId": "Skill:splice", "level": 2}]
    service.done(
        "draftRoleProfile", {"code": "v1", "roleId": "Role:splicer", "version": 1, "requirements": requirements}
    )
    service.done("publishRoleProfile", {"id": "RoleProfile:v1"})
    for code, level in (("ann", 2), ("bob", 3), ("cyd", 1)):
        service.done("registerPerson", {"code": code, "name": code.title(), "unitId": "OrgUnit:field"})
        claim = {"personId": f"Person:{code}", "skillId": "Skill:splice", "level": level, "assertedOn": "2026-01-05"}
        service.done("recordAssertion", {"code": code, **claim})
    return service


def everything_changes(service: Service) -> None:
    service.done("correctAssertion", {"id": "Assertion:ann", "level": 1})
    service.done("correctAssertion", {"id": "Assertion:cyd", "level": 3})
    service.done("correctPerson", {"id": "Person:ann", "name": "Ann Lee"})
    service.done("correctOrgUnit", {"id": "OrgUnit:field", "name": "Outside"})
    service.done("correctSkill", {"id": "Skill:splice", "name": "Fibre splicing"})
    service.done("retirePerson", {"id": "Person:bob"})
    service.done("registerPerson", {"code": "dee", "name": "Dee"})
    claim = {"personId": "Person:dee", "skillId": "Skill:splice", "level": 3, "assertedOn": "2026-01-05"}
    service.done("recordAssertion", claim)


def names(answer: dict[str, Any]) -> list[str]:
    return [each["node"]["name"] for each in answer["candidates"]["edges"]]


def test_a_decision_asked_again_answers_the_same_whatever_changed_since(given: Service) -> None:
    answered = given.ask(WHO, ASKED["variables"])
    kept = given.done("recordDecision", ASKED, KEPT)
    everything_changes(given)

    again = given.ask(REPLAY, {"id": kept["id"]})["replay"]
    now = given.ask(WHO, ASKED["variables"])

    assert (kept["knownSeq"], kept["chosen"]) == (
        answered["candidates"]["knownSeq"],
        {"id": "Person:ann", "name": "Ann"},
    )
    assert json.loads(kept["variables"]) == ASKED["variables"]
    assert kept["versions"] == ["fit-policy/1", "level-rule/1"]
    assert again == {
        "answer": answered,
        "isIdentical": True,
        "decision": {
            "title": "Who splices the ring",
            "reason": "Knows the ring",
            "decidedBy": "Head of field work",
            "versions": ["fit-policy/1", "level-rule/1"],
            "chosen": {"name": "Ann Lee"},
        },
    }
    assert names(answered) == ["Bob", "Ann", "Cyd"]
    assert sorted(names(now)) == ["Ann Lee", "Cyd", "Dee"]


def test_a_decision_made_earlier_is_recorded_with_what_was_known_then(given: Service) -> None:
    who = WHO.replace("cursor", "")  # which tells the day it was given out
    answered = given.ask(who, {"role": "Role:splicer", "asOf": DAY})
    everything_changes(given)
    without_day = {**ASKED, "operation": who, "variables": json.dumps({"role": "Role:splicer"})}

    kept = given.done(
        "recordDecision", {**without_day, "knownSeq": answered["candidates"]["knownSeq"], "asOf": DAY}, KEPT
    )
    again = given.ask(REPLAY, {"id": kept["id"]})["replay"]

    assert (kept["askedOn"], kept["knownSeq"]) == (DAY, answered["candidates"]["knownSeq"])
    assert (again["answer"], again["isIdentical"]) == (answered, True)


def test_a_question_of_its_own_past_stays_within_what_was_known(given: Service) -> None:
    known = given.ask(WHO, ASKED["variables"])["candidates"]["knownSeq"]
    later = WHO.replace("asOf: $asOf", 'asOf: $asOf, knownAt: "2999-01-01T00:00:00Z"')
    earlier = WHO.replace("asOf: $asOf", f"asOf: $asOf, knownAt: {known - 1}")
    kept = [
        given.done("recordDecision", {**ASKED, "code": code, "operation": operation, "knownSeq": known}, KEPT)["id"]
        for code, operation in (("later", later), ("earlier", earlier))
    ]
    everything_changes(given)

    again = [given.ask(REPLAY, {"id": each})["replay"] for each in kept]

    assert [each["isIdentical"] for each in again] == [True, True]
    assert [each["answer"]["candidates"]["knownSeq"] for each in again] == [known, known - 1]


def test_choice_and_reason_may_be_corrected_and_the_question_stays(given: Service) -> None:
    kept = given.done("recordDecision", ASKED, KEPT)

    corrected = given.done(
        "correctDecision", {"id": kept["id"], "chosenId": "Person:bob", "reason": "Ann is away"}, KEPT
    )

    changed = {"chosen": {"id": "Person:bob", "name": "Bob"}, "reason": "Ann is away"}
    assert corrected == kept | changed
    assert given.ask(REPLAY, {"id": kept["id"]})["replay"]["isIdentical"]
    given.done("withdrawDecision", {"id": kept["id"]})
    (error,) = given.post(REPLAY, {"id": kept["id"]})["errors"]
    assert (error["message"], error["extensions"]["code"]) == ("There is no DecisionRecord 'd1'", "NOT_FOUND")


def test_of_a_blind_list_anybody_may_be_chosen_since_it_names_nobody(given: Service) -> None:
    blind = WHO.replace("asOf: $asOf", "asOf: $asOf, blind: true")

    kept = given.done("recordDecision", {**ASKED, "operation": blind}, KEPT)

    assert kept["chosen"] == {"id": "Person:ann", "name": "Ann"}


def test_a_repeat_with_the_same_key_records_once(given: Service) -> None:
    once, again = (given.do("recordDecision", {**ASKED, "idempotencyKey": "k"}, "id digest") for _ in range(2))

    assert once == again
    assert once["errors"] == []
    assert given.ask("{ decisionRecords { totalCount } }")["decisionRecords"]["totalCount"] == 1


LISTED = WHO.replace("name unit { name }", "name assertions { totalCount }")

UNNAMED = WHO.replace("id name", "name")

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"operation": "{"}, "operation", "the question cannot be read: Syntax Error: Expected Name, found <EOF>."),
    ({"operation": "mutation { a }"}, "operation", "it holds mutation; a decision is on one query"),
    ({"operation": "query A { a } query B { b }"}, "operation", "it holds query, query; a decision is on one query"),
    ({"operation": "{ changes { totalCount } }"}, "operation", "it asks 'changes'; it may ask "),
    ({"operation": "{ ...F } fragment F on Query { people { totalCount } }"}, "operation", "it asks 'people'; "),
    ({"operation": "{ __schema { description } }"}, "operation", "it asks '__schema'; it may ask "),
    ({"operation": '{ replay(decision: "DecisionRecord:x") { answer } }'}, "operation", "it asks 'replay'; "),
    ({"operation": "{ candidates { totalCount } }"}, "operation", "the question fails: Argument 'Query.candidates("),
    ({"operation": LISTED}, "operation", "the question fails: assertions lists what is current"),
    ({"variables": {"role": "Role:none"}}, "operation", "the question fails: "),
    ({"variables": "{"}, "variables", "variables '{' is not JSON"),
    ({"variables": [1]}, "variables", "variables '[1]' is not an object"),
    ({"knownSeq": 1_000_000}, "knownSeq", "knownSeq 1000000 is not known yet; the last change is "),
    ({"knownSeq": -1}, "knownSeq", "knownSeq -1 is not a number of a change; 0 is before the first"),
    ({"asOf": str(TOMORROW)}, "asOf", f"asOf {TOMORROW} is after today, {TODAY}, so nobody has asked on it; "),
    ({"chosenId": "Person:dee"}, "chosenId", "chosenId 'Person:dee' is not in the answer; choose somebody whose id"),
    ({"operation": UNNAMED}, "chosenId", "chosenId 'Person:ann' is not in the answer; choose somebody whose id"),
    ({"reason": " "}, "reason", "reason: ' ' shows nothing; it takes at least one character that can be seen"),
    ({"reason": None}, "reason", "reason '': the choice of 'ann' has a reason"),
    ({"title": " "}, "title", "title ' ': "),
]


def test_what_cannot_be_asked_again_is_not_recorded(given: Service) -> None:
    before = given.ask("{ registry { seq } }")
    told = []
    for values, *_ in REFUSED:
        (error,) = given.do("recordDecision", {**ASKED, **values})["errors"]
        told.append((values, error["path"][-1], error["message"]))

    assert [
        (values, field, message[: len(wanted)])
        for (values, field, message), (*_, wanted) in zip(told, REFUSED, strict=True)
    ] == REFUSED
    assert given.ask("{ registry { seq } }") == before


def test_a_question_over_the_limits_is_not_recorded(given: Service) -> None:
    wide = (
        "query Who { "
        + " ".join(f"a{number}: candidates(target: {{}}) {{ totalCount }}" for number in range(16))
        + " }"
    )

    (error,) = given.do("recordDecision", {**ASKED, "operation": wide})["errors"]

    assert error["message"] == "the question fails: The operation has 16 aliases; at most 15 are allowed."


def test_one_operation_asks_one_recorded_question(given: Service) -> None:
    kept = given.done("recordDecision", ASKED)["id"]

    answer = given.post(f'{{ a: replay(decision: "{kept}") {{ answer }} b: replay(decision: "{kept}") {{ answer }} }}')

    assert [each["message"] for each in answer["errors"]] == [
        "one operation asks one recorded question; send another operation for the next"
    ]


def test_no_decision_is_recorded_on_a_question_whose_words_may_mean_something_else_later(given: Service) -> None:
    asked = {**ASKED, "operation": '{ searchPeople(skills: ["splicing"]) { totalCount } }', "variables": {}}
    [error] = given.do("recordDecision", asked)["errors"]

    assert error["message"].startswith("it asks 'searchPeople'; it may ask ")


def test_a_number_that_no_change_has_yet_is_refused(given: Service) -> None:
    last = given.ask("{ registry { seq } }")["registry"]["seq"]
    now = WHO.replace("asOf: $asOf", f"asOf: $asOf, knownAt: {last}")
    later = WHO.replace("asOf: $asOf", f"asOf: $asOf, knownAt: {last + 1}")

    assert given.ask(now, ASKED["variables"])["candidates"]["knownSeq"] == last
    [error] = given.post(later, ASKED["variables"])["errors"]
    assert error["message"] == f"There is no change {last + 1}; the last one is {last}"
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
