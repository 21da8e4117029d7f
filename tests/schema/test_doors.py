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


REASONED = [
    ("verifyAssertion", {"id": "Assertion:claim", "verifierId": "Person:bob"}),
    ("delegateVerification", {"id": "VerificationRequest:wish", "assessorId": "Person:bob"}),
    ("grantWaiver", {"personId": "Person:ann", "skillId": "Skill:splice", "grantedBy": "Head"}),
    ("mergeSkills", {"fromId": "Skill:climb", "intoId": "Skill:splice"}),
    ("deprecateSkill", {"id": "Skill:climb"}),
    ("proposeSkill", {"name": "Welding", "scaleId": "Scale:five"}),
]


@pytest.mark.parametrize(("mutation", "values"), REASONED)
def test_a_reason_can_be_seen(house: Service, mutation: str, values: dict[str, Any]) -> None:
    house.done("requestVerification", {"code": "wish", "assertionId": "Assertion:claim"})

    for reason in ("", " \n", "\u200b", "\u3164"):
        error = refused(house, mutation, values | {"reason": reason})
        assert (error["code"], error["path"]) == ("BAD_USER_INPUT", ["input", "reason"])
        assert f"{reason!r} shows nothing; it takes at least one character that can be seen" in error["message"]


@pytest.mark.parametrize(
    ("sign", "called"),
    [
        ("\u200b", "U+200B (ZERO WIDTH SPACE)"),
        ("\u2060", "U+2060 (WORD JOINER)"),
        ("\ufeff", "U+FEFF (ZERO WIDTH NO-BREAK SPACE)"),
        ("\u202e", "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        ("\u00ad", "U+00AD (SOFT HYPHEN)"),
        ("\0", "U+0000 (a control character)"),
        ("\x7f", "U+007F (a control character)"),
    ],
)
def test_names_and_ids_hold_nothing_that_nobody_sees(house: Service, sign: str, called: str) -> None:
    name = refused(house, "registerPerson", {"name": f"Ann{sign}Lee"})
    code = refused(house, "registerPerson", {"code": f"ann{sign}", "name": "Ann"})

    assert (name["path"], code["path"]) == (["input", "name"], ["input", "code"])
    for error in (name, code):
        assert error["code"] == "BAD_USER_INPUT"
        assert f"has {called} in it, which nobody sees; write it without" in error["message"]


def test_joiners_are_written_inside_names_only(house: Service) -> None:
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647"
    house.done("registerPerson", {"name": persian})

    for values, field in (({"name": f"{persian}\u200c"}, "name"), ({"code": persian, "name": "X"}, "code")):
        assert refused(house, "registerPerson", values)["path"] == ["input", field]


@pytest.mark.parametrize(("code", "told"), [("", "it is empty; an id has"), ("a b", "'a b' is not right; ids have no")])
def test_a_code_that_is_no_id_is_told_in_words(house: Service, code: str, told: str) -> None:
    error = refused(house, "registerPerson", {"code": code, "name": "Eve"})

    assert (error["path"], told in error["message"]) == (["input", "code"], True)


def test_a_pattern_is_told_in_words(house: Service) -> None:
    error = refused(house, "registerPerson", {"name": "Eve", "email": "eve"})

    assert error["message"] == "email 'eve': it is not right; addresses look like name@example.org"


@pytest.mark.parametrize(
    ("values", "field", "told"),
    [
        ({"kind": "CREDENTIAL"}, "issuer", "issuer is missing; a piece of evidence of kind CREDENTIAL says who issued"),
        ({"kind": "EXAM"}, "result", "result or issuer is missing; a piece of evidence of kind EXAM says what came"),
        ({"kind": "PROJECT"}, "projectId", "is missing; a piece of evidence of kind PROJECT says the project"),
        (
            {"kind": "DOCUMENT", "uri": "javascript:alert(1)"},
            "uri",
            "'javascript:alert(1)' is not the address of a page",
        ),
        ({"kind": "DOCUMENT", "uri": "https:// x"}, "uri", "is not the address of a page"),
        ({"kind": "DOCUMENT", "uri": "https://x.org/" + "x" * 2_000}, "uri", "at most 2000 characters"),
    ],
)
def test_evidence_is_what_its_kind_says(house: Service, values: dict[str, Any], field: str, told: str) -> None:
    error = refused(house, "addEvidence", {"assertionId": "Assertion:claim", "title": "Paper"} | values)

    assert (error["code"], error["path"]) == ("BAD_USER_INPUT", ["input", field])
    assert told in error["message"]


def test_evidence_that_says_what_its_kind_is_about_is_taken(house: Service) -> None:
    for values in (
        {"kind": "CREDENTIAL", "issuer": "Board"},
        {"kind": "EXAM", "result": "82 of 100"},
        {"kind": "EXAM", "issuer": "Board"},
        {"kind": "PROJECT", "uri": "https://example.org/ring"},
        {"kind": "DOCUMENT"},
        {"kind": "OBSERVATION"},
    ):
        house.done("addEvidence", {"assertionId": "Assertion:claim", "title": "Paper"} | values)


def test_messages_name_fields_as_the_api_does(house: Service) -> None:
    later = {"id": "Assertion:claim", "verifierId": "Person:bob", "decidedOn": TOMORROW, "reason": "Seen"}
    late = refused(house, "verifyAssertion", later)
    own = refused(house, "verifyAssertion", later | {"verifierId": "Person:ann", "decidedOn": "2026-02-02"})
    bare = refused(house, "addEvidence", {"assertionId": "Assertion:claim", "kind": "CERTIFICATE", "title": "Card"})
    unknown = refused(house, "registerPerson", {"name": "Eve", "managerId": "Person:unit_id"})

    assert late["message"].startswith(f"decidedOn {TOMORROW} is after today")
    assert own["message"].startswith("verifierId 'ann': nobody decides on an assertion about themselves")
    assert bare["message"] == "Evidence: number and issuer missing; a CERTIFICATE has a number and an issuer"
    assert unknown["message"] == "managerId 'unit_id': there is no Person with this id"


def test_a_vowel_takes_an(house: Service) -> None:
    other = refused(house, "retractAssertion", {"id": "Person:ann"})
    twice = refused(house, "recordAssertion", {"code": "claim"} | CLAIM)

    assert other["message"] == "'Person:ann' is the id of a Person, not of an Assertion"
    assert twice["message"] == "There is an Assertion 'claim' already; correct it instead"


def test_nothing_supports_what_was_retracted(house: Service) -> None:
    house.done("retractAssertion", {"id": "Assertion:claim"})

    error = refused(house, "addEvidence", {"assertionId": "Assertion:claim", "kind": "DOCUMENT", "title": "Letter"})

    assert (error["code"], error["path"]) == ("RETRACTED", ["input", "assertionId"])
    assert "'claim': it was retracted by change" in error["message"]


def test_a_person_recorded_later_was_not_known_before(house: Service) -> None:
    profile = "query Q($person: ID!) { profile(person: $person, knownAt: 1) { name } }"

    told = [house.post(profile, {"person": each})["errors"][0] for each in ("Person:ann", "Person:nobody")]

    assert [each["message"] for each in told] == ["person 'ann' was not known at change 1", "no person 'nobody'"]
    assert {each["extensions"]["code"] for each in told} == {"NOT_FOUND"}


def test_the_subjects_of_a_change_can_be_asked_for(house: Service) -> None:
    seq = house.do("recordAssertion", CLAIM | {"code": "two", "evidence": [{"kind": "DOCUMENT", "title": "Letter"}]})[
        "seq"
    ]
    query = (
        "query Q($seq: Int, $id: ID) { changes(afterSeq: $seq, subject: $id) { edges { node { seq subjectIds } } } }"
    )

    (change,) = house.ask(query, {"seq": seq - 1})["changes"]["edges"]
    ids = change["node"]["subjectIds"]

    assert [each.partition(":")[0] for each in ids] == ["Assertion", "Evidence"]
    for id_ in ids:
        found = house.ask(query, {"seq": 0, "id": id_})["changes"]["edges"]
        assert [each["node"]["seq"] for each in found] == [seq]
