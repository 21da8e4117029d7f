"""Skills suggested for a pasted text, and what people say to them, on a running service."""

from collections.abc import Awaitable
from typing import Any

import pytest

from service.acts import verbs
from service.domain.skills import SuggestionDecision
from service.graph.database import Database
from service.graph.ledger import Act
from tests.conftest import Service, on_database

SKILLS = {
    "weld": ("weld steel pipes", ["pipe welding@en", "Rohre schweißen@de"]),
    "java": ("Java", []),
    "coffee": ("brew coffee", ["Java@en"]),
    "forklift": ("operate forklift", []),
    "group": ("metal work", []),
}
TEXT = "You weld steel pipes; Java is a plus. Operating forklifts daily, and metal work."


@pytest.fixture
def given(service: Service) -> Service:
    """A house with a few skills, two of which share a name, and a group."""
    service.done("defineScale", {"code": "one", "name": "One", "labels": ["has it"]})
    for code, (name, others) in SKILLS.items():
        values = {"code": code, "name": name, "alternativeLabels": others, "isGroup": code == "group"}
        service.done("defineSkill", {**values, "scaleId": None if code == "group" else "Scale:one"})
    return service


QUESTION = """
query Q($text: String!, $language: String!) {
  suggestSkills(text: $text, language: $language, minConfidence: 0) {
    edges { node { start end phrase isUnambiguous candidates { skill { id } matchedLabel kind confidence } } }
  }
}
"""


def suggested(service: Service, text: str, language: str = "en") -> dict[str, tuple[bool, list[tuple[str, str]]]]:
    """By phrase, whether it is unambiguous, and the skills with how the phrase says them."""
    edges = service.ask(QUESTION, {"text": text, "language": language})["suggestSkills"]["edges"]
    nodes = [edge["node"] for edge in edges]
    assert all(node["phrase"] == text[node["start"] : node["end"]] for node in nodes)
    return {
        node["phrase"]: (
            node["isUnambiguous"],
            sorted((each["skill"]["id"].removeprefix("Skill:"), each["kind"]) for each in node["candidates"]),
        )
        for node in nodes
    }


ANSWER = {"phrase": "forklift truck", "skillId": "Skill:forklift", "decidedBy": "Cleo"}


def test_only_a_name_of_exactly_one_skill_is_unambiguous(given: Service) -> None:
    assert suggested(given, TEXT) == {
        "weld steel pipes": (True, [("weld", "EXACT")]),
        "Java": (False, [("coffee", "EXACT"), ("java", "EXACT")]),
        "Operating forklifts": (False, [("forklift", "INFLECTED")]),
    }


def test_names_are_those_of_the_language_of_the_text(given: Service) -> None:
    assert suggested(given, "Rohre schweißen", "de") == {"Rohre schweißen": (True, [("weld", "EXACT")])}
    assert suggested(given, "Rohre schweißen", "en") == {}


def test_a_suggestion_changes_nothing_until_it_is_accepted(given: Service) -> None:
    seq = given.ask("{ registry { seq } }")["registry"]["seq"]
    text = "Driving a forklift truck"
    assert "forklift truck" not in suggested(given, text)
    assert given.ask("{ registry { seq } }")["registry"]["seq"] == seq

    accepted = given.do("acceptSuggestion", ANSWER, "phrase isAccepted language skill { id alternativeLabels }")

    assert accepted["seq"] == seq + 1
    assert accepted["result"] == {
        "phrase": "forklift truck",
        "isAccepted": True,
        "language": "en",
        "skill": {"id": "Skill:forklift", "alternativeLabels": ["forklift truck"]},
    }
    assert suggested(given, text)["forklift truck"] == (True, [("forklift", "EXACT")])


def test_a_phrase_that_begins_like_a_language_tag_becomes_a_name_that_can_be_read(given: Service) -> None:
    named = given.done("acceptSuggestion", ANSWER | {"phrase": "@ Stapler"}, "skill { alternativeLabels }")

    assert named == {"skill": {"alternativeLabels": ["Stapler"]}}
    assert suggested(given, "Drive a stapler")["stapler"] == (True, [("forklift", "EXACT")])


def test_a_rejected_pair_is_not_suggested_again(given: Service) -> None:
    given.done("rejectSuggestion", {**ANSWER, "phrase": "JAVA", "skillId": "Skill:coffee"})

    assert suggested(given, TEXT)["Java"] == (True, [("java", "EXACT")])
    assert suggested(given, "weld steel pipes")["weld steel pipes"] == (True, [("weld", "EXACT")])


def test_a_rejection_that_was_withdrawn_holds_no_more(given: Service) -> None:
    rejected = given.done("rejectSuggestion", {**ANSWER, "phrase": "brew coffee", "skillId": "Skill:coffee"})
    assert suggested(given, "brew coffee") == {}

    def withdraw(database: Database) -> Awaitable[object]:
        id_ = rejected["id"].removeprefix("SuggestionDecision:")
        return verbs.retire(database, Act(action="withdraw", actor="tests"), SuggestionDecision, id_)

    on_database(given.settings, withdraw)

    assert suggested(given, "brew coffee")["brew coffee"] == (True, [("coffee", "EXACT")])


def test_a_decision_may_be_corrected_either_way(given: Service) -> None:
    shown = "id isAccepted skill { alternativeLabels }"
    rejected = given.done("rejectSuggestion", ANSWER, shown)
    accepted = given.done("acceptSuggestion", ANSWER | {"phrase": "Forklift  Truck"}, shown)
    again = given.done("rejectSuggestion", ANSWER, shown)

    assert [each["isAccepted"] for each in (rejected, accepted, again)] == [False, True, False]
    assert {each["id"] for each in (rejected, accepted, again)} == {rejected["id"]}
    assert [each["skill"]["alternativeLabels"] for each in (rejected, accepted, again)] == [[], ["Forklift Truck"], []]
    assert "forklift truck" not in suggested(given, "a forklift truck")


def test_a_name_that_the_skill_has_is_not_added_twice(given: Service) -> None:
    shown = "skill { alternativeLabels }"
    for phrase in ("Pipe welding", "weld STEEL pipes"):
        accepted = given.done("acceptSuggestion", ANSWER | {"phrase": phrase, "skillId": "Skill:weld"}, shown)
        assert accepted == {"skill": {"alternativeLabels": ["pipe welding", "Rohre schweißen"]}}


def test_a_repeat_with_the_same_key_returns_the_first_result(given: Service) -> None:
    first = given.do("acceptSuggestion", ANSWER | {"idempotencyKey": "k"})
    again = given.do("acceptSuggestion", ANSWER | {"idempotencyKey": "k"})

    assert again == first


@pytest.mark.parametrize(
    ("values", "code", "path", "message"),
    [
        ({"skillId": "Skill:nil"}, "NOT_FOUND", ["input", "skillId"], "There is no Skill 'nil'"),
        ({"phrase": "?!"}, "BAD_USER_INPUT", ["input", "phrase"], "phrase '?!' has no letter or digit"),
        (
            {"skillId": "Skill:group"},
            "BAD_USER_INPUT",
            ["input", "skillId"],
            "skill 'group', 'metal work', is a heading of the classification; name one of the skills below it",
        ),
    ],
)
def test_what_cannot_be_decided_is_refused(
    given: Service, values: dict[str, Any], code: str, path: list[str], message: str
) -> None:
    assert given.do("acceptSuggestion", ANSWER | values)["errors"] == [{"message": message, "path": path, "code": code}]


def test_a_text_that_is_too_long_is_refused(given: Service) -> None:
    error = given.post(QUESTION, {"text": "x" * 20_001, "language": "en"})["errors"][0]

    assert error["message"] == "the text has 20001 characters; at most 20000 are read"
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
