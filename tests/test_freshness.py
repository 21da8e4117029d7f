"""A question answered after a write has been acknowledged reflects it, whoever wrote."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from service.settings import Settings
from tests.conftest import Service

ROOT = Path(__file__).parents[1]

CANDIDATES = """
{
  candidates(target: {requirements: [{skillId: "Skill:splice", level: 1}]}, asOf: "2026-03-02") {
    knownSeq consideredCount
    edges { node { name isEligible isAvailable } }
  }
}
"""
CLAIM = {"skillId": "Skill:splice", "level": 2, "assertedOn": "2026-01-05"}

OTHER = """
import asyncio
from datetime import date
from service.acts import verbs
from service.domain.people import Person
from service.domain.proof import Assertion
from service.graph.database import open_database
from service.graph.ledger import Act
from service.settings import load

async def main():
    async with open_database(load()) as database:
        act = Act(action="registerPerson", actor="another process")
        await verbs.record(database, act, Person(id="zoe", name="Zoe"))
        claim = Assertion(id="z", person_id="zoe", skill_id="splice", level=1, asserted_on=date(2026, 1, 5))
        print((await verbs.record(database, Act(action="recordAssertion", actor="another process"), claim)).seq)

asyncio.run(main())
"""


def given(service: Service) -> None:
    service.done("defineScale", {"code": "three", "name": "Three", "labels": ["low", "middle", "high"]})
    service.done("defineSkill", {"code": "splice", "name": "Splicing", "scaleId": "Scale:three"})


def who(service: Service) -> list[tuple[str, bool, bool]]:
    edges = service.ask(CANDIDATES)["candidates"]["edges"]
    return [tuple(each["node"].values()) for each in edges]


def test_each_mutation_shows_in_the_next_question(service: Service) -> None:
    given(service)
    seen: dict[str, Any] = {"nobody": who(service)}

    service.done("registerPerson", {"code": "ann", "name": "Ann"})
    service.done("recordAssertion", {"code": "a", "personId": "Person:ann"} | CLAIM)
    seen["recorded"] = who(service)
    service.done("correctPerson", {"id": "Person:ann", "name": "Ann Lee"})
    seen["corrected"] = who(service)
    away = {"personId": "Person:ann", "validFrom": "2026-03-02", "validUntil": "2026-03-03"}
    absence = service.done("recordAbsence", away)
    seen["away"] = who(service)
    service.done("cancelAbsence", {"id": absence["id"]})
    seen["back"] = who(service)
    service.done("correctAssertion", {"id": "Assertion:a", "level": 0})
    seen["shown not to have it"] = who(service)
    service.done("correctAssertion", {"id": "Assertion:a", "level": 3})
    service.done("retirePerson", {"id": "Person:ann"})
    seen["retired"] = who(service)

    assert seen == {
        "nobody": [],
        "recorded": [("Ann", True, True)],
        "corrected": [("Ann Lee", True, True)],
        "away": [("Ann Lee", True, False)],
        "back": [("Ann Lee", True, True)],
        "shown not to have it": [],
        "retired": [],
    }


def environment(settings: Settings) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REGISTRY_")}
    where = {"REGISTRY_NEO4J_URI": settings.neo4j_uri} if settings.neo4j_uri else {}
    return {**kept, **where, "REGISTRY_DATA_DIR": str(settings.data_dir)}


def test_what_another_process_wrote_shows_in_the_next_question(service: Service) -> None:
    given(service)
    before = who(service)

    done = subprocess.run(
        [sys.executable, "-c", OTHER],
        cwd=ROOT,
        env=environment(service.settings),
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    found = service.ask(CANDIDATES)["candidates"]

    assert before == []
    assert found == {
        "knownSeq": int(done.stdout),
        "consideredCount": 1,
        "edges": [{"node": {"name": "Zoe", "isEligible": True, "isAvailable": True}}],
    }


def test_no_question_asked_while_others_write_is_older_than_the_last_answer(service: Service) -> None:
    given(service)
    acknowledged = [2]
    stop = threading.Event()
    stale: list[tuple[int, int]] = []

    def ask() -> None:
        while not stop.is_set():
            least = acknowledged[-1]
            known = service.ask(CANDIDATES)["candidates"]["knownSeq"]
            if known < least:
                stale.append((known, least))

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for each in askers:
        each.start()
    try:
        for number in range(30):
            acknowledged += [service.do("registerPerson", {"name": f"Person {number}"})["seq"]]
    finally:
        stop.set()
        for each in askers:
            each.join()

    assert stale == []
    assert acknowledged == list(range(2, 33))
