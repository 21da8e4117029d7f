"""Eight clients at once: what three questions about everybody cost them, over HTTP and as bare reckonings."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks import world
from benchmarks.running import Service
from benchmarks.times import Times
from service.capability import matching
from service.capability.group_gaps import Group, group_gap
from service.capability.heat_map import Measure, heat_map
from service.capability.index import Snapshot
from service.capability.targets import Target

CLIENTS = 8

CANDIDATES = """
query Candidates($role: ID!, $asOf: Date!, $until: Date!) {
  candidates(target: {role: $role}, asOf: $asOf, until: $until, first: 20) {
    totalCount eligibleCount edges { node { name isEligible isAvailable fit freeFte awayDays } }
  }
}
"""
ORGANISATION = """
query Organisation($role: ID!, $asOf: Date!, $until: Date!) {
  groupGap(group: {organisation: true}, target: {role: $role}, asOf: $asOf, until: $until) {
    peopleCount eligibleCount compliance lines { skillName requiredLevel causes { cause people } }
  }
}
"""
HEAT_MAP = """
query HeatMap($asOf: Date!) { heatMap(asOf: $asOf) { units { name people } rows { name people values } } }
"""


@dataclass(frozen=True, kw_only=True)
class Crowded:
    """One question, asked by all clients at once."""

    name: str
    http: Times
    bare: Times


async def crowd(running: Service, snapshot: Snapshot, rounds: int) -> list[Crowded]:
    """Each question both ways in turn: *rounds* times by every client, the reckonings in as many threads."""
    days = {"asOf": world.FIRST.isoformat(), "until": world.UNTIL.isoformat()}

    def asking(query: str, *, of_role: bool) -> Callable[[int], Awaitable[object]]:
        def ask(number: int) -> Awaitable[object]:
            role = {"role": f"Role:{world.role_id(number % world.ROLES)}", **days}
            return running.ask(query, role if of_role else {"asOf": days["asOf"]})

        return ask

    def reckoning(work: Callable[[Target], object]) -> Callable[[int], Awaitable[object]]:
        return lambda number: asyncio.to_thread(work, Target(role_id=world.role_id(number % world.ROLES)))

    questions = (
        ("candidates", asking(CANDIDATES, of_role=True), reckoning(lambda target: _candidates(snapshot, target))),
        (
            "gap of the organisation",
            asking(ORGANISATION, of_role=True),
            reckoning(lambda target: _gap(snapshot, target)),
        ),
        ("heat map", asking(HEAT_MAP, of_role=False), reckoning(lambda _: _heat_map(snapshot))),
    )
    found = []
    for name, http, bare in questions:
        await asyncio.gather(*(http(number) for number in range(CLIENTS)))
        await asyncio.gather(*(bare(number) for number in range(CLIENTS)))
        both = Crowded(name=name, http=Times(), bare=Times())
        for _ in range(rounds):
            await asyncio.gather(*(_timed(both.http, http, client) for client in range(CLIENTS)))
            await asyncio.gather(*(_timed(both.bare, bare, client) for client in range(CLIENTS)))
        found.append(both)
    return found


async def _timed(times: Times, ask: Callable[[int], Awaitable[object]], number: int) -> None:
    start = time.perf_counter()
    await ask(number)
    times.seconds.append(time.perf_counter() - start)


def _candidates(snapshot: Snapshot, target: Target) -> object:
    return matching.candidates(
        snapshot,
        target,
        as_of=world.FIRST,
        until=world.UNTIL,
        known=snapshot.seq,
        today=world.FIRST,
        first=20,
    )


def _gap(snapshot: Snapshot, target: Target) -> object:
    return group_gap(
        snapshot, Group(), target, as_of=world.FIRST, until=world.UNTIL, known=snapshot.seq, today=world.FIRST
    )


def _heat_map(snapshot: Snapshot) -> object:
    return heat_map(
        snapshot,
        day=world.FIRST,
        known=snapshot.seq,
        measure=Measure.PEOPLE,
        unit_ids=(),
        branch_id=None,
        least=1,
        min_trust=None,
        most_cells=500_000,
    )
