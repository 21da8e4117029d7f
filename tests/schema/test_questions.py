"""The three questions on a world so small that every answer is reckoned by hand.

Eight people are asked for Splicing at level 3, verified, on the 22 weekdays from 2 March until 1 April
2026: one for each cause. Fit policy 1: nothing fades within a year, verified levels count in full.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from service.following import Follower
from service.graph import ledger
from service.graph.database import Database
from service.live import LiveIndex
from service.schema.build import build_schema
from service.schema.context import Context
from service.settings import Settings
from tests.conftest import Service, on_database

FIRST, UNTIL = "2026-03-02", "2026-04-01"
EXAM = [{"kind": "EXAM", "title": "Splicing test", "result": "passed"}]
SPLICE = {"skillId": "Skill:splice", "assertedOn": "2026-01-05", "trust": "VERIFIED", "evidence": EXAM}
ROLE = {"role": "Role:splicer"}
DAYS: dict[str, Any] = {"asOf": FIRST, "until": UNTIL}


@pytest.fixture(scope="session")
def built() -> dict[str, tuple[int, str]]:
    """Where the ledger stood when the world was built, by the service's address."""
    return {}


@pytest.fixture
def world(running_service: Service, built: dict[str, tuple[int, str]], request: pytest.FixtureRequest) -> Service:
    """The world, built again only where something was written since."""
    url, settings = running_service.url, running_service.settings
    if built.get(url) != on_database(settings, ledger.position):
        build(request.getfixturevalue("service"))
        built[url] = on_database(settings, ledger.position)
    return running_service


def build(service: Service) -> None:
    done = service.done
    done("createOrgUnit", {"code": "house", "name": "House"})
    done("createOrgUnit", {"code": "cables", "name": "Cables", "parentId": "OrgUnit:house"})
    done("defineScale", {"code": "five", "name": "Five", "labels": ["1", "2", "3", "4", "5"]})
    for code, name in (("splice", "Splicing"), ("fusion", "Fusion splicing"), ("cook", "Cooking")):
        done("defineSkill", {"code": code, "name": name, "scaleId": "Scale:five"})
    done("relateSkills", {"fromId": "Skill:fusion", "toId": "Skill:splice", "kind": "BROADER"})
    for code in ("met", "waived", "expiring", "unverified", "expired", "below", "substituted", "missing"):
        unit = "OrgUnit:cables" if code in {"met", "below"} else "OrgUnit:house"
        done("registerPerson", {"code": code, "name": code.title(), "unitId": unit})
    done("recordAssertion", {"code": "a-met", "personId": "Person:met", "level": 3} | SPLICE)
    done(
        "grantWaiver",
        {
            "code": "w",
            "personId": "Person:waived",
            "skillId": "Skill:splice",
            "grantedBy": "Head",
            "reason": "Old hand",
        },
    )
    done(
        "recordAssertion",
        {"code": "a-expiring", "personId": "Person:expiring", "level": 3, "validUntil": "2026-03-16"} | SPLICE,
    )
    done(
        "recordAssertion",
        {"code": "a-unverified", "personId": "Person:unverified", "level": 4} | SPLICE | {"trust": "CLAIMED"},
    )
    done(
        "recordAssertion",
        {"code": "a-expired", "personId": "Person:expired", "level": 3, "validUntil": "2026-02-01"} | SPLICE,
    )
    done("recordAssertion", {"code": "a-below", "personId": "Person:below", "level": 2} | SPLICE)
    done(
        "recordAssertion",
        {"code": "a-other", "personId": "Person:substituted", "level": 4} | SPLICE | {"skillId": "Skill:fusion"},
    )
    done(
        "recordAssertion",
        {"code": "a-cook", "personId": "Person:missing", "level": 5} | SPLICE | {"skillId": "Skill:cook"},
    )
    for code, price, level in (("dear", 100, 0), ("cheap", 50, 2)):
        outcome = {"skillId": "Skill:splice", "fromLevel": level, "toLevel": 3}
        done("offerCourse", {"code": code, "name": code.title(), "price": price, "outcomes": [outcome]})
    done("defineRole", {"code": "splicer", "name": "Splicer"})
    needs = [{"skillId": "Skill:splice", "level": 3, "minTrust": "VERIFIED"}]
    done("draftRoleProfile", {"code": "v1", "roleId": "Role:splicer", "version": 1, "requirements": needs})
    done("publishRoleProfile", {"id": "RoleProfile:v1"})
    done("proposeProject", {"code": "ring", "name": "Ring", "status": "ACTIVE", "sponsorUnitId": "OrgUnit:cables"})
    days = {"validFrom": FIRST, "validUntil": UNTIL}
    done(
        "openPosition", {"code": "desk", "projectId": "Project:ring", "title": "Desk", "roleId": "Role:splicer"} | days
    )
    half = {"personId": "Person:below", "positionId": "Position:desk", "fte": 0.5, "status": "HARD"}
    done("bookAllocation", half | days)
    done("closePosition", {"id": "Position:desk"})
    done(
        "openPosition",
        {"code": "seat", "projectId": "Project:ring", "title": "Seat", "roleId": "Role:splicer", "headcount": 3} | days,
    )
    done("recordAbsence", {"personId": "Person:expiring", "validFrom": "2026-03-09", "validUntil": "2026-03-21"})


GAP = """
query Gap($person: ID!, $target: TargetInput!, $asOf: Date, $until: Date, $knownAt: KnownAt, $minTrust: Trust) {
  skillGap(person: $person, target: $target, asOf: $asOf, until: $until, knownAt: $knownAt, minTrust: $minTrust) {
    isEligible compliance base fit
    lines {
      cause explanation level trust expiresOn expiredOn shortfall
      cure { kind assertion { id } courses { id } }
      witness { kinship credit skill { id } }
      waiver { id }
      points { share part substitution level trust recency missing }
    }
  }
}
"""


def gap(
    world: Service, person: str, target: dict[str, Any] | None = None, **asked: Any
) -> dict[str, Any]:  # any variable
    found: dict[str, Any] = world.ask(GAP, {"person": f"Person:{person}", "target": target or ROLE} | (asked or DAYS))[
        "skillGap"
    ]
    return found


def cause(world: Service, person: str, target: dict[str, Any] | None = None, **asked: Any) -> str:  # any variable
    found: str = gap(world, person, target, **asked)["lines"][0]["cause"]
    return found


def points(part: int = 0, **lost: int) -> dict[str, int]:
    nothing = dict.fromkeys(("substitution", "level", "trust", "recency", "missing"), 0)
    return {"share": 1_000_000, "part": part, **nothing, **lost}


def answer(cause: str, explanation: str, *, fit: float, part: int = 0, **line: Any) -> dict[str, Any]:  # any field
    is_closed = cause in {"MET", "WAIVED"}
    named = ("level", "trust", "expiresOn", "expiredOn", "shortfall", "cure", "witness", "waiver")
    told = {"cause": cause, "explanation": f"Splicing: level 3 asked, verified at least; {explanation}."}
    lost = {"points": points(part) if part else points(missing=1_000_000)}
    return {
        "isEligible": is_closed,
        "compliance": float(is_closed),
        "base": part / 1_000_000,
        "fit": fit,
        "lines": [dict.fromkeys(named) | told | lost | line],
    }


def held(kinship: str, credit: float, skill: str = "splice") -> dict[str, Any]:
    return {"kinship": kinship, "credit": credit, "skill": {"id": f"Skill:{skill}"}}


def assertion(kind: str, id_: str) -> dict[str, Any]:
    return {"kind": kind, "assertion": {"id": f"Assertion:{id_}"}, "courses": []}


def courses(*ids: str) -> dict[str, Any]:
    return {"kind": "COURSE", "assertion": None, "courses": [{"id": f"Course:{id_}"} for id_ in ids]}


TWO_THIRDS = (2 / 3) ** 1.5  # level 2 of 3 to the power 1.5: 0.544331...

ANSWERS = {
    "met": answer(
        "MET",
        "holds level 3 (verified)",
        fit=1.0,
        part=1_000_000,
        level=3,
        trust="VERIFIED",
        witness=held("ITSELF", 1.0),
    ),
    "waived": answer("WAIVED", "waived; holds no level", fit=0.0, waiver={"id": "Waiver:w"}),
    "expiring": answer(
        "EXPIRING",
        "holds level 3 (verified), which lapses on 2026-03-16; renewing closes it",
        fit=0.5,
        part=1_000_000,
        level=3,
        trust="VERIFIED",
        expiresOn="2026-03-16",
        cure=assertion("RENEW", "a-expiring"),
        witness=held("ITSELF", 1.0),
    ),
    "unverified": answer(
        "UNVERIFIED",
        "holds it, but nobody has verified it; needed: verification by 1 assessor",
        fit=0.0,
        cure=assertion("VERIFY", "a-unverified"),
    ),
    "expired": answer(
        "EXPIRED",
        "held it until it lapsed on 2026-02-01; renewing closes it",
        fit=0.0,
        expiredOn="2026-02-01",
        cure=assertion("RENEW", "a-expired"),
    ),
    "below": answer(
        "BELOW_LEVEL",
        "holds level 2 (verified), 1 below; 2 courses on offer would close it",
        fit=0.272165,
        part=544_331,
        level=2,
        trust="VERIFIED",
        shortfall=1,
        cure=courses("cheap", "dear"),
        witness=held("ITSELF", TWO_THIRDS),
        points=points(544_331, level=455_669),
    ),
    "substituted": answer(
        "SUBSTITUTED",
        "does not hold it; a narrower skill at level 4 earns credit; 1 course on offer would close it",
        fit=0.45,
        part=900_000,
        cure=courses("dear"),
        witness=held("NARROWER", 0.9, "fusion"),
        points=points(900_000, substitution=100_000),
    ),
    "missing": answer("MISSING", "does not hold it; 1 course on offer would close it", fit=0.0, cure=courses("dear")),
}


def test_each_cause_has_its_person_with_cure_witness_and_points(world: Service) -> None:
    assert {person: gap(world, person) for person in ANSWERS} == ANSWERS


def test_the_day_asked_about_changes_the_cause(world: Service) -> None:
    assert {
        ("expired", "2026-01-15"): cause(world, "expired", asOf="2026-01-15"),
        ("expired", "2026-02-01"): cause(world, "expired", asOf="2026-02-01"),
        ("expiring", "2026-03-15"): cause(world, "expiring", asOf="2026-03-15"),
        ("expiring", "2026-03-16"): cause(world, "expiring", asOf="2026-03-16"),
        ("expiring", "until 2026-03-16"): cause(world, "expiring", asOf=FIRST, until="2026-03-16"),
    } == {
        ("expired", "2026-01-15"): "MET",
        ("expired", "2026-02-01"): "EXPIRED",
        ("expiring", "2026-03-15"): "MET",
        ("expiring", "2026-03-16"): "EXPIRED",
        ("expiring", "until 2026-03-16"): "MET",
    }


def test_what_was_known_then_is_answered_as_then(world: Service) -> None:
    world.done("grantAssessorScope", {"personId": "Person:met", "grantedBy": "House"})
    before = world.ask("{ registry { seq } }")["registry"]["seq"]
    world.done("correctAssertion", {"id": "Assertion:a-met", "level": 1})
    decision = {"id": "Assertion:a-unverified", "verifierId": "Person:met", "reason": "Seen", "decidedOn": "2026-02-02"}
    verified = world.do("verifyAssertion", decision)["seq"]

    found = {
        (person, known): cause(world, person, **DAYS, knownAt=known)
        for person in ("met", "unverified")
        for known in (before, before + 1, verified)
    }

    assert found == {
        ("met", before): "MET",
        ("met", before + 1): "MISSING",  # level 1 is a claim from now on: the exam was for another level
        ("met", verified): "MISSING",
        ("unverified", before): "UNVERIFIED",
        ("unverified", before + 1): "UNVERIFIED",
        ("unverified", verified): "MET",
    }
    assert gap(world, "met", **DAYS, knownAt=before) == ANSWERS["met"]


def test_the_stricter_of_the_two_floors_counts(world: Service) -> None:
    own = {"requirements": [{"skillId": "Skill:splice", "level": 3}]}
    asked = {
        trust: cause(world, "unverified", own, **DAYS, minTrust=trust) for trust in ("CLAIMED", "ENDORSED", "VERIFIED")
    }

    assert asked == {"CLAIMED": "MET", "ENDORSED": "UNVERIFIED", "VERIFIED": "UNVERIFIED"}
    assert cause(world, "unverified", **DAYS, minTrust="CLAIMED") == "UNVERIFIED"


CANDIDATES = """
query Candidates(
  $target: TargetInput!, $first: PageSize, $after: String, $asOf: Date, $until: Date, $knownAt: KnownAt,
  $minTrust: Trust, $unit: ID, $fte: Float
) {
  candidates(
    target: $target, first: $first, after: $after, asOf: $asOf, until: $until, knownAt: $knownAt,
    minTrust: $minTrust, unit: $unit, fte: $fte
  ) {
    totalCount consideredCount eligibleCount eligibleAndAvailableCount firstDay until askedFte knownSeq
    pageInfo { hasNextPage endCursor }
    edges { cursor node { name isEligible isAvailable fit base freeFte awayDays workingDays } }
  }
}
"""


def candidates(world: Service, **asked: Any) -> dict[str, Any]:  # any variable
    found: dict[str, Any] = world.ask(CANDIDATES, {"target": ROLE, "first": 20} | DAYS | asked)["candidates"]
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [each["node"]["name"] for each in found["edges"]]


def candidate(name: str, fit: float, base: float, *, free: float = 1.0, away: int = 0) -> dict[str, Any]:
    return {
        "name": name,
        "isEligible": name in {"Met", "Waived"},
        "isAvailable": free == 1.0 and away == 0,
        "fit": fit,
        "base": base,
        "freeFte": free,
        "awayDays": away,
        "workingDays": 22,
    }


def test_candidates_come_eligible_then_available_then_by_fit(world: Service) -> None:
    found = candidates(world)

    assert {name: found[name] for name in found if name not in {"edges", "pageInfo", "knownSeq"}} == {
        "totalCount": 5,
        "consideredCount": 8,
        "eligibleCount": 2,
        "eligibleAndAvailableCount": 2,
        "firstDay": FIRST,
        "until": UNTIL,
        "askedFte": 1.0,
    }
    assert [each["node"] for each in found["edges"]] == [
        candidate("Met", 1.0, 1.0),
        candidate("Waived", 0.0, 0.0),
        candidate("Substituted", 0.45, 0.9),
        candidate("Expiring", 0.5, 1.0, away=10),
        candidate("Below", 0.272165, 0.544331, free=0.5),
    ]


def test_a_smaller_share_or_a_unit_narrow_what_counts_as_free_and_who_is_asked(world: Service) -> None:
    assert names(candidates(world, fte=0.5)) == ["Met", "Waived", "Substituted", "Below", "Expiring"]
    assert names(candidates(world, unit="OrgUnit:cables")) == ["Met", "Below"]
    assert names(candidates(world, asOf="2026-01-15", until=None)) == [
        "Expired",
        "Expiring",
        "Met",
        "Waived",
        "Substituted",
        "Below",
    ]


def test_pages_by_cursor_are_those_of_one_list_and_stay_so_at_a_known_number(world: Service) -> None:
    whole = candidates(world)
    known = whole["knownSeq"]
    pages: list[dict[str, Any]] = []
    after = None
    for change in ({"level": 1}, {"level": 2}, {"level": 1}):
        page = candidates(world, first=2, after=after, knownAt=known)
        pages += page["edges"]
        after = page["pageInfo"]["endCursor"]
        world.done("correctAssertion", {"id": "Assertion:a-met", **change})

    assert pages == whole["edges"]
    assert not page["pageInfo"]["hasNextPage"]
    assert "Met" not in names(candidates(world, first=2))


CAPACITY = """
query Capacity($asOf: Date, $knownAt: KnownAt, $units: [ID!], $months: Int!) {
  capacity(asOf: $asOf, months: $months, knownAt: $knownAt, units: $units, withOrganisation: false) {
    buckets {
      unit { id } first until weekdays people supplyFte demandFte servableFte shortageFte
      bottleneck {
        people freeFte demandFte explanation
        profiles { positions { id } requirements { level minTrust skill { id } } }
      }
    }
  }
}
"""


def capacity(
    world: Service, *, months: int = 1, units: Sequence[str] = (), **asked: Any
) -> list[dict[str, Any]]:  # any variable
    variables = {"asOf": FIRST, "months": months, "units": list(units)} | asked
    found: list[dict[str, Any]] = world.ask(CAPACITY, variables)["capacity"]["buckets"]
    return found


NECK = {
    "people": 2,
    "freeFte": 2.0,
    "demandFte": 3.0,
    "explanation": "1 position needs 3.00 FTE; only 2 people qualify, with 2.00 FTE free: 1.00 FTE short.",
    "profiles": [
        {
            "positions": [{"id": "Position:seat"}],
            "requirements": [{"level": 3, "minTrust": "VERIFIED", "skill": {"id": "Skill:splice"}}],
        }
    ],
}
MARCH = {"unit": None, "first": FIRST, "until": UNTIL, "weekdays": 22, "people": 8, "supplyFte": 155 / 22}
"""Six people free on all 22 days, one away on ten of them, one booked for half: 132 + 12 + 11 days."""


def test_capacity_tells_the_shortage_and_what_proves_it(world: Service) -> None:
    march, april = capacity(world, months=2)

    assert march == MARCH | {"demandFte": 3.0, "servableFte": 2.0, "shortageFte": 1.0, "bottleneck": NECK}
    assert april == {
        "unit": None,
        "first": "2026-04-01",
        "until": "2026-05-01",
        "weekdays": 22,
        "people": 8,
        "supplyFte": 8.0,
        "demandFte": 0.0,
        "servableFte": 0.0,
        "shortageFte": 0.0,
        "bottleneck": None,
    }


def test_a_unit_serves_the_projects_it_pays_for_with_its_own_people(world: Service) -> None:
    (cables,) = capacity(world, units=["OrgUnit:cables"])

    assert cables == {
        "unit": {"id": "OrgUnit:cables"},
        "first": FIRST,
        "until": UNTIL,
        "weekdays": 22,
        "people": 2,
        "supplyFte": 1.5,
        "demandFte": 3.0,
        "servableFte": 1.0,
        "shortageFte": 2.0,
        "bottleneck": NECK
        | {
            "people": 1,
            "freeFte": 1.0,
            "explanation": "1 position needs 3.00 FTE; only 1 person qualifies, with 1.00 FTE free: 2.00 FTE short.",
        },
    }


def test_capacity_at_an_earlier_number_knows_no_later_position(world: Service) -> None:
    seat = world.ask('{ node(id: "Position:seat") { ... on Position { recordedSeq } } }')["node"]["recordedSeq"]

    (before,) = capacity(world, knownAt=seat - 1)
    (then,) = capacity(world, knownAt=seat)

    nothing = {"demandFte": 0.0, "servableFte": 0.0, "shortageFte": 0.0, "bottleneck": None}
    assert before == MARCH | {"supplyFte": 165 / 22} | nothing
    assert then == before | {"demandFte": 3.0, "servableFte": 2.0, "shortageFte": 1.0, "bottleneck": NECK}


def statements(settings: Settings, *queries: str) -> list[int]:
    """How many statements each of *queries* costs, asked one after the other on a warm index."""

    async def count(database: Database) -> list[int]:
        schema = build_schema(settings)
        live = LiveIndex(database, settings.data_dir / "no-index.bin")
        await live.snapshot()
        costs = []
        for query in queries:
            before = database.statements
            follower = Follower(database, settings.feed_interval, settings.max_subscriptions)
            context = Context(database=database, live=live, follower=follower, settings=settings)
            told = await schema.execute(query, context_value=context)
            assert told.errors is None
            costs.append(database.statements - before)
        return costs

    return on_database(settings, count)


ASKED = f'target: {{role: "Role:splicer"}}, asOf: "{FIRST}", until: "{UNTIL}"'

COSTS = {
    f"{{ candidates({ASKED}) {{ totalCount edges {{ node {{ name fit freeFte }} }} }} }}": 1,
    f"{{ candidates({ASKED}, knownAt: 34) {{ totalCount }} }}": 1,
    f'{{ candidates({ASKED}, knownAt: "2999-01-01T00:00:00Z") {{ totalCount }} }}': 2,
    f"{{ candidates({ASKED}) {{ edges {{ node {{ person {{ email }} }} }} }} }}": 2,
    f"{{ candidates({ASKED}) {{ edges {{ node {{ person {{ unit {{ name }} }} }} }} }} }}": 3,
    f"{{ candidates({ASKED}) {{ edges {{ node {{ gap {{ lines {{ cause skill {{ kind }} }} }} }} }} }} }}": 2,
    f'{{ skillGap(person: "Person:below", {ASKED}) {{ fit lines {{ explanation }} }} }}': 1,
    f'{{ skillGap(person: "Person:below", {ASKED}) {{ lines {{ cure {{ courses {{ name }} }} }} }} }}': 2,
    f'{{ capacity(asOf: "{FIRST}", months: 12) {{ buckets {{ shortageFte bottleneck {{ people }} }} }} }}': 1,
    '{ nodes(ids: ["Person:met", "Person:below", "Course:dear", "Course:cheap"]) { id } }': 2,
    "{ registry { seq } }": 1,
    "{ people { totalCount edges { node { name unit { name } } } } }": 3,
    "{ people { edges { node { assertions(first: 5) { edges { node { level evidence { totalCount } } } } } } } }": 3,
}
"""Statements by question: one for the ledger, one for each edge asked, however many stand at its end."""


def test_a_question_costs_the_ledger_and_the_edges_asked(world: Service) -> None:
    assert dict(zip(COSTS, statements(world.settings, *COSTS), strict=True)) == COSTS


def test_a_level_above_its_scale_is_refused_in_a_list_of_ones_own(world: Service) -> None:
    requirements = [{"skillId": "Skill:splice", "level": 19}]
    answer = world.post(GAP, {"person": "Person:met", "target": {"requirements": requirements}} | DAYS)
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"].startswith("level 19: the scale of ")
