"""What needs attention, one of each kind, and the feed that tells each once."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import Service
from tests.schema.test_subscriptions import received, send, socket

TODAY = date.today()  # noqa: DTZ011  # a day where the service runs


def on(offset: int) -> str:
    """So many days after the one asked about, which is 20 days ahead: requests are dated today."""
    return str(TODAY + timedelta(days=20 + offset))


ALERTS = """
query Alerts($unit: ID, $kinds: [AlertKind!], $asOf: Date, $within: Int! = 30, $first: PageSize! = 50,
             $after: String, $knownAt: KnownAt) {
  alerts(unit: $unit, kinds: $kinds, asOf: $asOf, within: $within, first: $first, after: $after, knownAt: $knownAt) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node {
      key kind severity dueOn sentence person { id } unit { id } skill { id } subject { id }
    } }
  }
}
"""
FEED = """
subscription Feed($kinds: [AlertKind!], $unit: ID, $within: Int! = 30) {
  alerts(kinds: $kinds, unit: $unit, within: $within) { key kind sentence }
}
"""


@pytest.fixture
def world(service: Service) -> Service:
    """Ann in the yard has one of each: a level that ends, one that ended, a request, a waiver, a suspension."""
    done = service.done
    done("createOrgUnit", {"code": "house", "name": "House"})
    done("createOrgUnit", {"code": "yard", "name": "Yard", "parentId": "OrgUnit:house"})
    done("defineScale", {"code": "five", "name": "Five", "labels": ["1", "2", "3", "4", "5"]})
    for code, name in (("weld", "Welding"), ("cook", "Cooking"), ("dive", "Diving"), ("fly", "Flying")):
        done("defineSkill", {"code": code, "name": name, "scaleId": "Scale:five"})
    done("registerPerson", {"code": "ann", "name": "Ann", "unitId": "OrgUnit:yard"})
    done("registerPerson", {"code": "bob", "name": "Bob", "unitId": "OrgUnit:house"})
    done("grantAssessorScope", {"personId": "Person:bob", "grantedBy": "Head"})

    def said(code: str, skill: str, level: int, **fields: Any) -> None:
        values = {"code": code, "personId": "Person:ann", "skillId": f"Skill:{skill}", "level": level}
        done("recordAssertion", values | {"assertedOn": "2026-01-01"} | fields)

    said("a-weld", "weld", 3, validUntil=on(10))
    said("a-cook", "cook", 4, validUntil=on(-3))
    said("a-dive", "dive", 2)
    said("a-fly", "fly", 2)
    suspended = {"verifierId": "Person:bob", "reason": "Ill", "decidedOn": str(TODAY), "suspendedUntil": on(5)}
    done("suspendAssertion", {"id": "Assertion:a-fly"} | suspended)
    done("requestVerification", {"code": "r", "assertionId": "Assertion:a-dive", "dueOn": on(-8)})
    days = {"startsOn": str(TODAY), "dueOn": on(7), "remindDays": 7}
    done("startReviewCampaign", {"code": "c", "name": "Spring", "unitId": "OrgUnit:yard"} | days)
    rule = {"code": "rule", "name": "Cooks", "skillId": "Skill:cook", "level": 1, "people": 2}
    done("setCoverageRule", rule | {"unitId": "OrgUnit:house"})
    waiver = {"code": "w", "personId": "Person:ann", "skillId": "Skill:cook", "grantedBy": "Head", "reason": "Old hand"}
    done("grantWaiver", waiver | {"validUntil": on(30)})
    return service


def alerts(service: Service, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = service.ask(ALERTS, {"asOf": on(0)} | asked)["alerts"]
    return found


def nodes(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [each["node"] for each in found["edges"]]


def kinds(found: dict[str, Any]) -> list[str]:
    return [each["kind"] for each in nodes(found)]


def ann(key: str, due: int, severity: str, sentence: str, skill: str, subject: str) -> dict[str, Any]:
    """An alert about Ann."""
    return {
        "key": key,
        "kind": key.partition("/")[0],
        "severity": severity,
        "dueOn": on(due),
        "sentence": sentence,
        "person": {"id": "Person:ann"},
        "unit": {"id": "OrgUnit:yard"},
        "skill": {"id": f"Skill:{skill}"},
        "subject": {"id": subject},
    }


def test_all_that_needs_attention_stands_in_one_list_by_due_day(world: Service) -> None:
    found = nodes(alerts(world))
    suspension = found[4]["subject"]["id"]

    assert suspension.startswith("Verification:")
    assert found == [
        ann(
            f"REQUEST_OVERDUE/r/{on(-8)}",
            -8,
            "HIGH",
            f"A decision on Ann in Diving was due on {on(-8)}.",
            "dive",
            "VerificationRequest:r",
        ),
        ann(
            "REQUEST_WAITING/r",
            -6,
            "HIGH",
            f"A decision on Ann in Diving was asked for on {TODAY} and is still open.",
            "dive",
            "VerificationRequest:r",
        ),
        ann(
            f"SKILL_EXPIRED/ann/cook/{on(-3)}",
            -3,
            "HIGH",
            f"Ann held Cooking at level 4 (claimed) until {on(-3)}, then no level.",
            "cook",
            "Assertion:a-cook",
        ),
        {
            "key": "COVERAGE_SHORT/rule",
            "kind": "COVERAGE_SHORT",
            "severity": "HIGH",
            "dueOn": on(0),
            "sentence": "Cooks: 2 people with Cooking at level 1 asked for in House, 0 there; 2 short.",
            "person": None,
            "unit": {"id": "OrgUnit:house"},
            "skill": {"id": "Skill:cook"},
            "subject": {"id": "CoverageRule:rule"},
        },
        ann(
            f"SUSPENSION_ENDING/{suspension.partition(':')[2]}/{on(5)}",
            5,
            "MEDIUM",
            f"The suspension of what was said about Ann in Flying ends on {on(5)}; it counts again.",
            "fly",
            suspension,
        ),
        {
            "key": f"REVIEW_DUE/c/{on(7)}",
            "kind": "REVIEW_DUE",
            "severity": "MEDIUM",
            "dueOn": on(7),
            "sentence": f"The review Spring is due on {on(7)}.",
            "person": None,
            "unit": {"id": "OrgUnit:yard"},
            "skill": None,
            "subject": {"id": "ReviewCampaign:c"},
        },
        ann(
            f"SKILL_EXPIRING/ann/weld/{on(10)}",
            10,
            "LOW",
            f"Ann holds Welding at level 3 (claimed) until {on(10)}, then no level.",
            "weld",
            "Assertion:a-weld",
        ),
        ann(
            f"WAIVER_ENDING/w/{on(30)}",
            30,
            "LOW",
            f"The waiver of Cooking for Ann ends on {on(30)}.",
            "cook",
            "Waiver:w",
        ),
    ]


def test_each_day_has_its_own_alerts(world: Service) -> None:
    assert kinds(alerts(world, asOf=str(TODAY), within=5)) == ["COVERAGE_SHORT"]
    assert kinds(alerts(world, within=9)) == [
        "REQUEST_OVERDUE",
        "REQUEST_WAITING",
        "SKILL_EXPIRED",
        "COVERAGE_SHORT",
        "SUSPENSION_ENDING",
        "REVIEW_DUE",
    ]


def test_kinds_and_units_narrow_the_list(world: Service) -> None:
    only = ["SKILL_EXPIRING", "REQUEST_WAITING"]
    assert kinds(alerts(world, kinds=only)) == ["REQUEST_WAITING", "SKILL_EXPIRING"]
    everything = kinds(alerts(world))
    assert kinds(alerts(world, unit="OrgUnit:house")) == everything
    assert kinds(alerts(world, unit="OrgUnit:yard")) == [each for each in everything if each != "COVERAGE_SHORT"]


def test_pages_follow_each_other(world: Service) -> None:
    seen, after = [], None
    while True:
        page = alerts(world, first=3, after=after)
        seen += nodes(page)
        assert page["totalCount"] == 8
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert seen == nodes(alerts(world))


def test_what_is_done_is_no_alert_any_more(world: Service) -> None:
    world.done("verifyAssertion", {"id": "Assertion:a-dive", "verifierId": "Person:bob", "reason": "Seen"})
    world.done("retireCoverageRule", {"id": "CoverageRule:rule"})
    world.done("correctAssertion", {"id": "Assertion:a-weld", "validUntil": None})

    assert kinds(alerts(world)) == ["SKILL_EXPIRED", "SUSPENSION_ENDING", "REVIEW_DUE", "WAIVER_ENDING"]


def test_days_that_cannot_be_are_refused(world: Service) -> None:
    refused = world.post(ALERTS, {"within": 9999})["errors"][0]

    assert refused["message"] == "within 9999 is not a number of days from 1 to 3660"


def test_the_feed_tells_each_alert_once_when_it_comes_up(world: Service) -> None:
    rule = {"name": "Flyers", "skillId": "Skill:fly", "level": 1, "people": 1, "unitId": "OrgUnit:yard"}

    def told(session: Any) -> str:
        key: str = received(session)["payload"]["data"]["alerts"]["key"]
        return key

    with socket(world.url) as session:
        send(session, FEED, kinds=["COVERAGE_SHORT"])
        assert told(session) == "COVERAGE_SHORT/rule"
        world.done("setCoverageRule", {"code": "more"} | rule)
        assert told(session) == "COVERAGE_SHORT/more"
        world.done("registerPerson", {"name": "Nobody's alert"})
        world.done("setCoverageRule", {"code": "third"} | rule)
        assert told(session) == "COVERAGE_SHORT/third"


def test_a_waiver_that_another_goes_on_after_is_not_ending_and_earlier_changes_do_not_know_it(world: Service) -> None:
    ending = alerts(world, kinds=["WAIVER_ENDING"])
    before = world.ask("{ registry { seq } }")["registry"]["seq"]
    waiver = {"personId": "Person:ann", "skillId": "Skill:cook", "grantedBy": "Head", "reason": "Still"}

    world.done("grantWaiver", waiver | {"validFrom": on(20), "validUntil": on(90), "roleId": None})

    assert kinds(ending) == ["WAIVER_ENDING"]
    assert kinds(alerts(world, kinds=["WAIVER_ENDING"])) == []
    assert alerts(world, kinds=["WAIVER_ENDING"], knownAt=before) == ending
