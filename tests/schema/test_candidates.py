"""Who fits, narrowed, blind, page by page, and refused with reasons; who is alike, expert, and a team."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Service

FIRST, UNTIL = "2026-03-02", "2026-03-16"
DAYS = {"asOf": FIRST, "until": UNTIL}
PEOPLE = {
    "ann": {"location": "Ulm", "costRate": 80, "kind": "EMPLOYEE"},
    "bob": {"location": "York", "costRate": 40, "kind": "CONTRACTOR"},
    "cat": {"location": "York", "kind": "EMPLOYEE", "contractFte": 0.5},
    "dan": {"location": "Ulm", "costRate": 60, "kind": "EMPLOYEE"},
}
HELD = {
    "ann": {"python": 3, "german": 4},
    "bob": {"python": 3, "english": 2},
    "cat": {"python": 2, "german": 2},
    "dan": {"python": 1, "welding": 4},
}


@pytest.fixture
def world(service: Service) -> Service:
    """Four people, a project on which one of them works, and a position that nobody can fill."""
    done = service.done
    done("defineScale", {"code": "four", "name": "Four", "labels": ["1", "2", "3", "4"]})
    for code in ("python", "german", "english", "welding"):
        done("defineSkill", {"code": code, "name": code.title(), "scaleId": "Scale:four"})
    for code, values in PEOPLE.items():
        done("registerPerson", {"code": code, "name": code.title(), **values})
        for skill, level in HELD[code].items():
            done(
                "recordAssertion",
                {
                    "code": f"{code}-{skill}",
                    "personId": f"Person:{code}",
                    "skillId": f"Skill:{skill}",
                    "level": level,
                    "assertedOn": "2026-01-05",
                },
            )
    done("proposeProject", {"code": "ring", "name": "Ring", "status": "ACTIVE"})
    days = {"validFrom": FIRST, "validUntil": "2026-03-09"}
    done("openPosition", {"code": "desk", "projectId": "Project:ring", "title": "Desk", **days})
    booked = {"personId": "Person:dan", "positionId": "Position:desk", "fte": 0.5, "status": "HARD"}
    done("bookAllocation", booked | days)
    return service


def needs(**levels: int) -> dict[str, Any]:
    return {"requirements": [{"skillId": f"Skill:{skill}", "level": level} for skill, level in levels.items()]}


ASK = """
query Ask(
  $target: TargetInput!, $first: PageSize, $after: String, $asOf: Date, $until: Date, $fte: Float,
  $filter: CandidateFilter, $weights: [SkillWeightInput!], $blind: Boolean, $knownAt: KnownAt
) {
  candidates(
    target: $target, first: $first, after: $after, asOf: $asOf, until: $until, fte: $fte, filter: $filter,
    weights: $weights, blind: $blind, knownAt: $knownAt
  ) {
    totalCount consideredCount eligibleAndAvailableCount knownSeq
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor node {
      name isEligible isAvailable fit bookedHereFte person { id }
      freeByWeek { firstDay until fte }
      gap { person { id } lines { cause assertion { id } witness { credit assertion { id } } points { part } } }
    } }
  }
}
"""


def ask(world: Service, target: dict[str, Any], **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = world.ask(ASK, {"target": target, "first": 20, "blind": False} | DAYS | asked)["candidates"]
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [each["node"]["name"] for each in found["edges"]]


def held(skill: str, level: int = 1) -> dict[str, Any]:
    return {"skill": f"Skill:{skill}", "level": level}


def test_each_filter_leaves_out_whom_it_says(world: Service) -> None:
    world.done(
        "stateInterest", {"personId": "Person:cat", "skillId": "Skill:welding", "wantsToLearn": True, "statedOn": FIRST}
    )
    anything = needs(python=1)

    def asked(**clauses: Any) -> list[str]:
        return sorted(names(ask(world, anything, filter=clauses)))

    assert asked() == ["Ann", "Bob", "Cat", "Dan"]
    assert asked(kinds=["CONTRACTOR"]) == ["Bob"]
    assert asked(locations=["York"]) == ["Bob", "Cat"]
    assert asked(maxCostRate=60) == ["Bob", "Dan"]
    assert asked(allOf=[{"anyOf": [held("german", 3), held("english", 2)]}]) == ["Ann", "Bob"]
    assert asked(allOf=[{"anyOf": [held("german")]}, {"anyOf": [held("python", 3)]}]) == ["Ann"]
    assert asked(allOf=[{"anyOf": [held("german") | {"minTrust": "VERIFIED"}]}]) == []
    assert asked(noneOf=[held("german", 3)]) == ["Bob", "Cat", "Dan"]
    assert asked(notOnProject="Project:ring") == ["Ann", "Bob", "Cat"]
    assert asked(notPeople=["Person:ann"]) == ["Bob", "Cat", "Dan"]
    assert asked(wantsToLearn="Skill:welding") == ["Cat"]
    assert asked(minFreeFte=0.75) == ["Ann", "Bob"]


def test_a_filter_that_cannot_be_meant_is_refused(world: Service) -> None:
    for clauses, says in (
        ({"allOf": [{"anyOf": []}]}, "a group of allOf names no skill"),
        ({"allOf": [{"anyOf": [held("german", 9)]}]}, "the scale of 'German' has the levels 1 to 4"),
        ({"notOnProject": "Person:ann"}, "is the id of a Person, not of a Project"),
        ({"minFreeFte": 2}, "minFreeFte 2.0 is not a share"),
    ):
        answer = world.post(ASK, {"target": needs(python=1), "first": 5, "blind": False, "filter": clauses} | DAYS)
        assert says in answer["errors"][0]["message"]


def test_weights_of_the_search_change_the_order(world: Service) -> None:
    both = {
        "requirements": [
            {"skillId": "Skill:german", "level": 4, "isMandatory": False},
            {"skillId": "Skill:welding", "level": 4, "isMandatory": False},
        ]
    }

    def asked(german: float, welding: float) -> str:
        weights = [
            {"skill": "Skill:german", "weight": german},
            {"skill": "Skill:welding", "weight": welding},
        ]
        return names(ask(world, both, weights=weights, fte=0.5))[0]

    assert (asked(9, 1), asked(1, 9)) == ("Ann", "Dan")


def test_free_time_is_shown_week_by_week(world: Service) -> None:
    found = {each["node"]["name"]: each["node"]["freeByWeek"] for each in ask(world, needs(python=1))["edges"]}
    weeks = [("2026-03-02", "2026-03-09"), ("2026-03-09", "2026-03-16")]
    assert {name: [each["fte"] for each in its] for name, its in found.items()} == {
        "Ann": [1.0, 1.0],
        "Bob": [1.0, 1.0],
        "Cat": [0.5, 0.5],
        "Dan": [0.5, 1.0],
    }
    assert [(each["firstDay"], each["until"]) for each in found["Dan"]] == weeks


def pages(world: Service, target: dict[str, Any], **asked: Any) -> Iterator[dict[str, Any]]:
    after: str | None = None
    while True:
        page = ask(world, target, first=1, after=after, **asked)
        yield page
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return


@pytest.mark.parametrize("blind", [False, True])
def test_pages_are_of_one_moment_whatever_is_written_between_them(world: Service, *, blind: bool) -> None:
    whole = ask(world, needs(python=1), blind=blind)
    rows = []
    for number, page in enumerate(pages(world, needs(python=1), blind=blind)):
        rows += page["edges"]
        assert page["knownSeq"] == whole["knownSeq"]
        world.done("correctAssertion", {"id": "Assertion:bob-python", "level": 1 + number % 3})
        world.done("registerPerson", {"code": f"new{number}", "name": "New"})
        fresh = {"personId": f"Person:new{number}", "skillId": "Skill:python", "level": 4, "assertedOn": FIRST}
        world.done("recordAssertion", fresh)
    assert rows == whole["edges"]
    assert ask(world, needs(python=1))["totalCount"] == whole["totalCount"] + len(rows)


def test_a_cursor_and_another_moment_contradict_each_other(world: Service) -> None:
    page = ask(world, needs(python=1), first=1)
    asked = {"target": needs(python=1), "first": 1, "blind": False, "after": page["pageInfo"]["endCursor"], **DAYS}
    answer = world.post(ASK, asked | {"knownAt": page["knownSeq"] - 1})
    assert "the list was begun at change" in answer["errors"][0]["message"]
    answer = world.post(ASK, asked | {"after": base64.b64encode(b"1 2 3").decode()})
    assert "is not a cursor of candidates" in answer["errors"][0]["message"]


def test_a_blind_list_leads_to_nobody_and_still_says_why(world: Service) -> None:
    seen, blind = ask(world, needs(python=2)), ask(world, needs(python=2), blind=True)
    text = str(blind)
    for code in PEOPLE:
        assert f"Person:{code}" not in text
        assert f"{code}-python" not in text
        assert code.title() not in text
        for each in blind["edges"]:
            assert code not in base64.b64decode(each["cursor"], altchars=b"-_").decode()

    def reasons(found: dict[str, Any]) -> list[Any]:
        return sorted(
            (each["node"]["fit"], [line["cause"] for line in each["node"]["gap"]["lines"]]) for each in found["edges"]
        )

    assert reasons(blind) == reasons(seen)
    for each in blind["edges"]:
        parts = sum(line["points"]["part"] for line in each["node"]["gap"]["lines"])
        assert each["node"]["gap"]["person"] is each["node"]["person"] is each["node"]["bookedHereFte"] is None
        assert each["node"]["name"].startswith("Candidate ")
        assert not each["node"]["isEligible"] or parts == round(each["node"]["fit"] * 1_000_000)
    again = ask(world, needs(python=2), blind=True)
    assert again == blind
    world.done("registerPerson", {"code": "eve", "name": "Eve"})
    assert not set(names(ask(world, needs(python=2), blind=True))) & set(names(blind))
    assert ask(world, needs(python=2), blind=True, knownAt=blind["knownSeq"]) == blind


REFUSED = """
query Refused($target: TargetInput!, $asOf: Date, $until: Date, $fte: Float, $filter: CandidateFilter,
              $blind: Boolean) {
  candidates(target: $target, asOf: $asOf, until: $until, fte: $fte, filter: $filter, blind: $blind) {
    refusal {
      consideredCount
      conditions {
        skill { id } filter isAvailability failingCount failingOnlyCount causes { cause people } explanation
      }
      relaxations {
        steps { kind skill { id } level filter fte firstDay until days minTrust }
        eligibleAndAvailableCount
        candidates { name person { id } isEligible isAvailable }
      }
    }
  }
}
"""


def refused(world: Service, target: dict[str, Any], **asked: Any) -> dict[str, Any] | None:
    variables = {"target": target, "blind": False} | DAYS | asked
    found: dict[str, Any] | None = world.ask(REFUSED, variables)["candidates"]["refusal"]
    return found


def test_a_refusal_counts_who_fails_what_and_proposes_what_would_do(world: Service) -> None:
    found = refused(world, needs(python=4, german=2))
    assert found is not None
    assert found["consideredCount"] == 4
    assert [
        (each["skill"] and each["skill"]["id"], each["failingCount"], each["failingOnlyCount"], each["causes"])
        for each in found["conditions"]
    ] == [
        ("Skill:german", 2, 0, [{"cause": "MISSING", "people": 2}]),
        ("Skill:python", 4, 1, [{"cause": "BELOW_LEVEL", "people": 4}]),
        (None, 2, 0, []),
    ]
    assert found["conditions"][1]["explanation"] == ("4 of 4 people do not have Python at level 4; 1 fails only this.")
    assert [(each["steps"][0]["kind"], each["steps"][0]["level"]) for each in found["relaxations"]] == [
        ("LOWER_LEVEL", 3),
        ("MAKE_DESIRABLE", None),
    ]
    assert found["relaxations"][0]["candidates"] == [
        {"name": "Ann", "person": {"id": "Person:ann"}, "isEligible": True, "isAvailable": True}
    ]


def test_a_filter_a_share_and_dates_can_be_given_up_too(world: Service) -> None:
    ulm = refused(world, needs(python=3), filter={"locations": ["York"], "notPeople": ["Person:bob"]})
    assert ulm is not None
    assert {
        (step["kind"], step["filter"]): [row["name"] for row in each["candidates"]]
        for each in ulm["relaxations"]
        for step in each["steps"]
    } == {("DROP_FILTER", "LOCATIONS"): ["Ann"], ("DROP_FILTER", "NOT_PEOPLE"): ["Bob"]}
    welder = refused(world, needs(welding=4))
    assert welder is not None
    steps = {each["steps"][0]["kind"]: each["steps"][0] for each in welder["relaxations"]}
    assert steps["LOWER_SHARE"]["fte"] == 0.5
    cut = steps["SHORTEN_DATES"]
    assert (cut["firstDay"], cut["until"], cut["days"]) == ("2026-03-07", UNTIL, 5), "from the Saturday on"
    assert refused(world, needs(welding=4), fte=0.5) is None


def test_a_refusal_of_a_blind_list_is_blind(world: Service) -> None:
    found = refused(world, needs(python=4), blind=True)
    assert found is not None
    rows = [row for each in found["relaxations"] for row in each["candidates"]]
    assert rows
    assert all(row["person"] is None and row["name"].startswith("Candidate ") for row in rows)


def test_people_alike_are_shown_with_what_they_share(world: Service) -> None:
    query = """
    query Alike($first: PageSize, $after: String) {
      similarPeople(person: "Person:ann", asOf: "2026-03-02", first: $first, after: $after) {
        totalCount pageInfo { endCursor }
        edges { node { name likeness sharedCount shared { ownLevel level weight skill { id } } person { id } } }
      }
    }
    """
    found = world.ask(query, {"first": 5})["similarPeople"]
    assert found["totalCount"] == 3
    assert [(each["node"]["name"], each["node"]["sharedCount"]) for each in found["edges"]] == [
        ("Cat", 2),
        ("Bob", 1),
        ("Dan", 1),
    ]
    cat = found["edges"][0]["node"]
    assert cat["likeness"] == pytest.approx((2 + 2) / (3 + 4), abs=1e-5)
    assert [(each["skill"]["id"], each["ownLevel"], each["level"]) for each in cat["shared"]] == [
        ("Skill:german", 4, 2),
        ("Skill:python", 3, 2),
    ]
    first = world.ask(query, {"first": 1})["similarPeople"]
    world.done("correctAssertion", {"id": "Assertion:bob-python", "level": 1})
    second = world.ask(query, {"first": 5, "after": first["pageInfo"]["endCursor"]})["similarPeople"]
    assert first["edges"] + second["edges"] == found["edges"]


def test_experts_come_with_their_evidence(world: Service) -> None:
    exam = [{"kind": "EXAM", "title": "Python exam", "result": "passed"}]
    world.done(
        "recordAssertion",
        {
            "code": "dan-exam",
            "personId": "Person:dan",
            "skillId": "Skill:python",
            "level": 2,
            "trust": "VERIFIED",
            "assertedOn": "2026-01-06",
            "evidence": exam,
        },
    )
    query = """
    query Experts($first: PageSize, $after: String) {
      experts(skill: "Skill:python", minLevel: 2, asOf: "2026-03-02", first: $first, after: $after) {
        totalCount pageInfo { endCursor hasNextPage }
        edges { node { name level trust usedOn evidenceCount assertion { id } } }
      }
    }
    """
    found = world.ask(query, {"first": 10})["experts"]
    assert [
        (each["node"]["name"], each["node"]["level"], each["node"]["trust"], each["node"]["evidenceCount"])
        for each in found["edges"]
    ] == [("Dan", 2, "VERIFIED", 1), ("Ann", 3, "CLAIMED", 0), ("Bob", 3, "CLAIMED", 0), ("Cat", 2, "CLAIMED", 0)]
    first = world.ask(query, {"first": 2})["experts"]
    second = world.ask(query, {"first": 2, "after": first["pageInfo"]["endCursor"]})["experts"]
    assert first["edges"] + second["edges"] == found["edges"]
    answer = world.post('{ experts(skill: "Skill:python", minLevel: 0) { totalCount } }')
    assert "minLevel 0 is not a level" in answer["errors"][0]["message"]


def test_a_team_has_together_what_nobody_has_alone(world: Service) -> None:
    query = """
    query Team($target: TargetInput!, $most: Int!, $filter: CandidateFilter) {
      teamCover(target: $target, maxPeople: $most, asOf: "2026-03-02", filter: $filter) {
        gap consideredCount
        members { name coveredCount alternativeCount }
        lines { skill { id } isCovered isCoverable coveredBy { id } }
      }
    }
    """
    asked = needs(python=3, german=2, welding=4)

    def team(most: int, **clauses: Any) -> dict[str, Any]:
        found: dict[str, Any] = world.ask(query, {"target": asked, "most": most, "filter": clauses})["teamCover"]
        return found

    both = team(5)
    assert (both["gap"], sorted(each["name"] for each in both["members"])) == (0.0, ["Ann", "Dan"])
    assert {each["skill"]["id"]: [by["id"] for by in each["coveredBy"]] for each in both["lines"]} == {
        "Skill:python": ["Person:ann"],
        "Skill:german": ["Person:ann"],
        "Skill:welding": ["Person:dan"],
    }
    alone = team(1)
    assert [each["name"] for each in alone["members"]] == ["Ann"]
    assert [each["isCovered"] for each in alone["lines"] if each["skill"]["id"] == "Skill:welding"] == [False]
    without = team(5, notPeople=["Person:dan"])
    assert [each["isCoverable"] for each in without["lines"] if each["skill"]["id"] == "Skill:welding"] == [False]
