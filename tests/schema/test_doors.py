"""What mutations do not let in: days to come, levels off their scale, numbers given twice, reasons without words."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import Service

TODAY = date.today()  # noqa: DTZ011  # a day where the service runs
TOMORROW = str(TODAY + timedelta(days=1))
STATE = "{ registry { seq counts { kind count } } }"
CLAIM = {"personId": "Person:ann", "skillId": "Skill:splice", "level": 4, "assertedOn": "2026-01-05"}


@pytest.fixture
def house(service: Service) -> Service:
    """Ann splices at level 4 of 5, and a role asks for it; nobody climbs."""
    done = service.done
    done("defineScale", {"code": "five", "name": "Five", "labels": ["1", "2", "3", "4", "5"]})
    done("defineScale", {"code": "three", "name": "Three", "labels": ["low", "middle", "high"]})
    for code in ("splice", "climb"):
        done("defineSkill", {"code": code, "name": code.title(), "scaleId": "Scale:five"})
    for code in ("ann", "bob"):
        done("registerPerson", {"code": code, "name": code.title()})
    done("recordAssertion", {"code": "claim"} | CLAIM)
    done("grantAssessorScope", {"personId": "Person:bob", "grantedBy": "House"})
    done("defineRole", {"code": "splicer", "name": "Splicer"})
    done("defineRole", {"code": "rigger", "name": "Rigger"})
    asked = [{"skillId": "Skill:splice", "level": 4}]
    done("draftRoleProfile", {"code": "v1", "roleId": "Role:splicer", "version": 1, "requirements": asked})
    done("draftRoleProfile", {"code": "r1", "roleId": "Role:rigger", "version": 1})
    return service


def refused(service: Service, mutation: str, values: dict[str, Any]) -> dict[str, Any]:
    """The one error of *mutation*, which leaves nothing behind."""
    before = service.ask(STATE)
    payload = service.do(mutation, values)
    assert (payload["seq"], payload["result"], len(payload["errors"])) == (None, None, 1), payload
    assert service.ask(STATE) == before
    error: dict[str, Any] = payload["errors"][0]
    return error


@pytest.mark.parametrize("field", ["assertedOn", "lastUsedOn"])
def test_a_statement_of_a_day_to_come_is_refused(house: Service, field: str) -> None:
    new = refused(house, "recordAssertion", CLAIM | {field: TOMORROW})
    corrected = refused(house, "correctAssertion", {"id": "Assertion:claim", field: TOMORROW})

    for error in (new, corrected):
        assert (error["code"], error["path"]) == ("BAD_USER_INPUT", ["input", field])
        assert f"'{TOMORROW}': it is after today, {TODAY}" in error["message"]
    house.done("recordAssertion", CLAIM | {field: str(TODAY)})


def test_a_skill_is_not_moved_to_a_scale_too_short_for_what_was_recorded(house: Service) -> None:
    error = refused(house, "correctSkill", {"id": "Skill:splice", "scaleId": "Scale:three"})

    assert (error["code"], error["path"]) == ("CONFLICT", ["input", "scaleId"])
    assert "ends at 3" in error["message"]
    assert "there is 1 assertion and 1 requirement, as assertion 'claim' of skill 'splice'" in error["message"]
    house.done("correctSkill", {"id": "Skill:climb", "scaleId": "Scale:three"})
    house.done("correctAssertion", {"id": "Assertion:claim", "level": 3})
    house.done("reviseRoleProfile", {"id": "RoleProfile:v1", "requirements": []})
    house.done("correctSkill", {"id": "Skill:splice", "scaleId": "Scale:three"})


@pytest.mark.parametrize(
    ("mutation", "values", "what"),
    [
        ("setCoverageRule", {"name": "Two", "level": 5, "people": 2, "roleId": "Role:splicer"}, "coverage rule"),
        ("offerCourse", {"name": "Splicing", "outcomes": [{"skillId": "Skill:climb", "toLevel": 5}]}, "course outcome"),
    ],
)
def test_rules_and_courses_hold_a_scale_too(house: Service, mutation: str, values: dict[str, Any], what: str) -> None:
    house.done(mutation, values if "outcomes" in values else {"skillId": "Skill:climb"} | values)

    moved = refused(house, "correctSkill", {"id": "Skill:climb", "scaleId": "Scale:three"})
    shortened = refused(house, "correctScale", {"id": "Scale:five", "labels": ["1", "2", "3", "4"]})

    assert f"there is 1 {what}" in moved["message"]
    assert f"there is 1 {what}" in shortened["message"]


def test_a_scale_keeps_the_levels_that_are_in_use(house: Service) -> None:
    error = refused(house, "correctScale", {"id": "Scale:five", "labels": ["1", "2", "3"]})

    assert (error["code"], error["path"]) == ("CONFLICT", ["input", "labels"])
    assert "above level 3 there is 1 assertion and 1 requirement" in error["message"]
    house.done("correctScale", {"id": "Scale:five", "labels": ["a", "b", "c", "d"]})


def test_a_skill_that_people_hold_does_not_become_a_heading(house: Service) -> None:
    house.done("recordAssertion", CLAIM | {"level": 0, "skillId": "Skill:climb"})

    for skill in ("splice", "climb"):
        error = refused(house, "correctSkill", {"id": f"Skill:{skill}", "isGroup": True})
        assert (error["code"], error["path"]) == ("CONFLICT", ["input", "isGroup"])
        assert "1 assertion" in error["message"]


def test_a_version_of_a_profile_is_given_once(house: Service) -> None:
    house.done("draftRoleProfile", {"code": "v3", "roleId": "Role:splicer", "version": 3})

    second = refused(house, "draftRoleProfile", {"roleId": "Role:splicer", "version": 1})
    revised = refused(house, "reviseRoleProfile", {"id": "RoleProfile:v3", "version": 1})

    for error, free in ((second, 4), (revised, 2)):
        assert (error["code"], error["path"]) == ("CONFLICT", ["input", "version"])
        assert f"role profile 'v1' has this version; the next free number is {free}" in error["message"]
    house.done("reviseRoleProfile", {"id": "RoleProfile:v3", "version": 2})


def test_a_version_of_a_description_is_given_once_in_a_language(house: Service) -> None:
    text = {
        "roleId": "Role:splicer",
        "profileId": "RoleProfile:v1",
        "version": 1,
        "title": "Splicer",
        "text": "Splices",
    }
    house.done("draftJobDescription", {"code": "en"} | text)

    error = refused(house, "draftJobDescription", text)

    assert (error["code"], error["path"]) == ("CONFLICT", ["input", "version"])
    assert "job description 'en' has this version; the next free number is 2" in error["message"]
    house.done("draftJobDescription", text | {"language": "de"})


def test_a_waiver_of_a_position_names_no_other_role(house: Service) -> None:
    house.done("proposeProject", {"code": "ring", "name": "Ring"})
    days = {"validFrom": "2026-03-02", "validUntil": "2026-05-01"}
    house.done(
        "openPosition",
        {"code": "seat", "projectId": "Project:ring", "title": "Seat", "roleId": "Role:splicer"} | days,
    )
    waiver = {"personId": "Person:ann", "skillId": "Skill:splice", "positionId": "Position:seat"}
    given = {"grantedBy": "Head", "reason": "Never splices"}

    error = refused(house, "grantWaiver", waiver | given | {"roleId": "Role:rigger"})

    assert (error["code"], error["path"]) == ("BAD_USER_INPUT", ["input", "positionId"])
    assert "of role 'splicer', not of 'rigger'" in error["message"]
    house.done("grantWaiver", waiver | given | {"roleId": "Role:splicer"})


def test_a_decision_of_a_day_to_come_is_refused(house: Service) -> None:
    new = {"code": "weld", "name": "Welding", "scaleId": "Scale:five", "reason": "New"}
    house.done("proposeSkill", new)
    verdict = {"id": "SkillProposal:weld", "decidedBy": "Curator", "reason": "Used", "decidedOn": TOMORROW}

    for mutation in ("acceptSkillProposal", "rejectSkillProposal"):
        error = refused(house, mutation, verdict)
        assert (error["code"], error["path"]) == ("BAD_USER_INPUT", ["input", "decidedOn"])
        assert f"{TOMORROW} is after today, {TODAY}" in error["message"]


def test_an_interest_is_shown_from_the_day_it_was_stated(house: Service) -> None:
    stated = {"personId": "Person:ann", "skillId": "Skill:climb", "wantsToLearn": True}
    error = refused(house, "stateInterest", stated | {"statedOn": TOMORROW})
    house.done("stateInterest", stated | {"statedOn": "2026-03-02"})

    def wanted(as_of: str) -> list[str]:
        query = (
            'query Q($asOf: Date) { profile(person: "Person:ann", asOf: $asOf) { skills { edges { node { name } } } } }'
        )
        found = house.ask(query, {"asOf": as_of})["profile"]["skills"]["edges"]
        return [each["node"]["name"] for each in found if each["node"]["name"] == "Climb"]

    assert (error["code"], error["path"]) == ("BAD_USER_INPUT", ["input", "statedOn"])
    assert (wanted("2026-03-01"), wanted("2026-03-02")) == ([], ["Climb"])


def test_what_was_merged_is_not_merged_again(house: Service) -> None:
    house.done("defineSkill", {"code": "fuse", "name": "Fusing", "scaleId": "Scale:five"})
    house.done("recordAssertion", CLAIM | {"skillId": "Skill:fuse", "personId": "Person:bob"})
    house.done("deprecateSkill", {"id": "Skill:fuse", "replacedById": "Skill:splice", "reason": "One craft"})
    merging = {"fromId": "Skill:fuse", "intoId": "Skill:splice", "reason": "One craft"}
    house.done("mergeSkills", merging)

    for into in ("splice", "climb"):
        error = refused(house, "mergeSkills", merging | {"intoId": f"Skill:{into}", "reason": "Another"})
        assert (error["code"], error["path"]) == ("CONFLICT", ["input", "fromId"])
        assert "'fuse' was merged into 'splice' (Splice) already" in error["message"]
