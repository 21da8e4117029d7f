"""Listening to changes over real sockets: what was missed, then each as it comes, once and in order."""

import asyncio
import contextlib
import gc
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from service.acts import verbs
from service.domain.people import Person
from service.following import PORTION, Follower
from service.graph.database import Database
from service.graph.ledger import Act
from service.live import LiveIndex
from service.schema.build import build_schema
from service.schema.context import Context
from service.settings import Settings
from tests.conftest import Service, on_database, serving
from tests.test_freshness import OTHER, environment, given

ROOT = Path(__file__).parents[2]
PROTOCOL = Subprotocol("graphql-transport-ws")
LISTEN = """
subscription S($afterSeq: Int, $subject: ID, $actor: String) {
  changes(afterSeq: $afterSeq, subject: $subject, actor: $actor) { seq action }
}
"""
SECONDS = 20


@contextlib.contextmanager
def socket(url: str) -> Iterator[ClientConnection]:
    """A session at the service at *url*."""
    with connect(f"{url.replace('http', 'ws')}/graphql", subprotocols=[PROTOCOL]) as session:
        session.send('{"type": "connection_init"}')
        assert json.loads(session.recv(SECONDS)) == {"type": "connection_ack"}
        yield session


def send(session: ClientConnection, query: str, id_: str = "1", **variables: Any) -> None:
    payload = {"query": query, "variables": variables}
    session.send(json.dumps({"id": id_, "type": "subscribe", "payload": payload}))


def received(session: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(session.recv(SECONDS))
    return message


def numbers(session: ClientConnection, count: int) -> list[int]:
    """Numbers of the next *count* changes told."""
    return [received(session)["payload"]["data"]["changes"]["seq"] for _ in range(count)]


@contextlib.contextmanager
def events(url: str, **variables: Any) -> Iterator[Iterator[dict[str, Any]]]:
    """Server-sent events of the subscription, as they come."""
    asked = {"query": LISTEN, "variables": variables}
    with httpx.stream(
        "POST", f"{url}/graphql", json=asked, headers={"accept": "text/event-stream"}, timeout=SECONDS
    ) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.iter_lines()
        yield (json.loads(line[6:]) for line in lines if line.startswith("data: ") and line != "data: ")


def write(service: Service, count: int) -> int:
    """Write *count* changes; the number of the last."""
    written: list[int] = [service.do("registerPerson", {"name": f"Person {each}"})["seq"] for each in range(count)]
    return written[-1]


def test_a_listener_that_comes_back_sees_every_change_once_and_in_order(service: Service) -> None:
    write(service, 3)
    writing = threading.Thread(target=write, args=(service, 50))
    with socket(service.url) as session:
        send(session, LISTEN, afterSeq=1)
        seen = numbers(session, 2)
        writing.start()
        seen += numbers(session, 20)
    writing.join()
    with socket(service.url) as session:
        send(session, LISTEN, afterSeq=seen[-1])
        seen += numbers(session, 53 - seen[-1])
        service.done("registerPerson", {"name": "The last"})
        seen += numbers(session, 1)

    assert seen == list(range(2, 55))


def test_the_same_over_server_sent_events(service: Service) -> None:
    writing = threading.Thread(target=write, args=(service, 50))
    write(service, 1)
    seen: list[int] = []
    with events(service.url, afterSeq=0) as told:
        writing.start()
        seen += [next(told)["data"]["changes"]["seq"] for _ in range(20)]
    writing.join()
    with events(service.url, afterSeq=seen[-1]) as told:
        seen += [next(told)["data"]["changes"]["seq"] for _ in range(31)]

    assert seen == list(range(1, 52))


def test_without_a_number_it_begins_now(service: Service) -> None:
    write(service, 2)
    with socket(service.url) as session:
        send(session, LISTEN)
        send(session, "{ registry { seq } }", "2")
        assert received(session)["payload"]["data"] == {"registry": {"seq": 2}}
        assert received(session) == {"id": "2", "type": "complete"}
        time.sleep(0.5)
        write(service, 1)

        assert numbers(session, 1) == [3]


def test_what_another_process_writes_is_told_too(service: Service) -> None:
    given(service)
    with socket(service.url) as session:
        send(session, LISTEN, afterSeq=2)
        subprocess.run(
            [sys.executable, "-c", OTHER], cwd=ROOT, env=environment(service.settings), check=True, timeout=120
        )

        assert numbers(session, 2) == [3, 4]


def test_a_listener_may_ask_for_a_subject_or_an_actor(service: Service) -> None:
    for code in ("ann", "bob"):
        service.done("registerPerson", {"code": code, "name": code.title()})
    with socket(service.url) as session:
        send(session, LISTEN, "by subject", afterSeq=0, subject="Person:ann")
        assert numbers(session, 1) == [1]
        service.done("correctPerson", {"id": "Person:bob", "name": "Bobby"})
        service.done("recordAbsence", {"personId": "Person:ann", "validFrom": "2026-03-02", "validUntil": "2026-03-07"})
        assert numbers(session, 1) == [4]
        session.send('{"id": "by subject", "type": "complete"}')
        send(session, LISTEN, "by actor", afterSeq=0, actor=service.settings.actor)
        assert numbers(session, 4) == [1, 2, 3, 4]
        send(session, LISTEN, "by nobody", afterSeq=0, actor="nobody")
        service.done("retirePerson", {"id": "Person:bob"})
        assert received(session)["id"] == "by actor"


def test_each_operation_on_a_socket_and_each_event_sees_what_is_there_then(service: Service) -> None:
    service.done("registerPerson", {"code": "ann", "name": "Ann"})
    asked = '{ node(id: "Person:ann") { ... on Person { name } } }'
    listened = "subscription { changes { facts { edges { node { node { ... on Person { name } } } } } } }"
    seen = []
    with socket(service.url) as session:
        for name in ("Ann Lee", "Ann Day"):
            send(session, asked)
            seen.append(received(session)["payload"]["data"]["node"]["name"])
            assert received(session)["type"] == "complete"
            service.done("correctPerson", {"id": "Person:ann", "name": name})
        send(session, asked)
        seen.append(received(session)["payload"]["data"]["node"]["name"])
        assert received(session)["type"] == "complete"
        send(session, listened, "2")
        time.sleep(0.5)
        for name in ("Ann Hill", "Ann Brook"):
            service.done("correctPerson", {"id": "Person:ann", "name": name})
            (edge,) = received(session)["payload"]["data"]["changes"]["facts"]["edges"]
            seen.append(edge["node"]["node"]["name"])

    assert seen == ["Ann", "Ann Lee", "Ann Day", "Ann Hill", "Ann Brook"]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"afterSeq": -1}, "afterSeq -1 is not a number of a change; 0 is before the first"),
        ({"afterSeq": 9}, "afterSeq 9 is ahead of the registry, whose last change is 1"),
        ({"subject": "ann"}, "'ann' is not the id of a thing; ids look like Person:p-0123"),
    ],
)
def test_what_cannot_be_listened_to_is_told(service: Service, variables: dict[str, Any], message: str) -> None:
    write(service, 1)
    with socket(service.url) as session:
        send(session, LISTEN, **variables)

        (error,) = received(session)["payload"]["errors"]
        assert (error["message"], error["extensions"]["code"]) == (message, "BAD_USER_INPUT")
        assert received(session) == {"id": "1", "type": "complete"}


def test_the_limits_hold_for_subscriptions(service: Service) -> None:
    wide = "subscription { changes { facts(first: 100) { edges { node { fields { name before after } } } } } }"
    deep = "subscription { changes { facts { edges { node { node { ... on Person { manager "
    deep += "{ manager " * 8 + "{ id }" + " }" * 8 + " } } } } } } }"
    aliased = "subscription { changes { " + " ".join(f"a{number}: seq" for number in range(20)) + " } }"
    with socket(service.url) as session:
        for query, code in ((deep, "QUERY_TOO_DEEP"), (aliased, "QUERY_TOO_MANY_ALIASES")):
            send(session, query)
            message = received(session)
            assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", code)
        send(session, wide)
        write(service, 1)
        assert received(session)["payload"]["extensions"]["cost"]["requested"] > 100


def test_only_so_many_may_listen_and_those_who_leave_make_room(service: Service) -> None:
    few = service.settings.model_copy(update={"max_subscriptions": 2, "feed_interval": 0.05})
    write(service, 1)
    with serving(few) as other, socket(other.url) as session:
        for id_ in ("1", "2"):
            send(session, LISTEN, id_, afterSeq=0)
            assert numbers(session, 1) == [1]
        send(session, LISTEN, "3", afterSeq=0)
        refused = received(session)
        assert refused["payload"]["errors"] == [
            {
                "message": "2 subscriptions run, as many as REGISTRY_MAX_SUBSCRIPTIONS allows; try again later",
                "extensions": {"code": "UNAVAILABLE"},
            }
        ]
        assert received(session) == {"id": "3", "type": "complete"}
        session.send('{"id": "1", "type": "complete"}')
        with events(other.url, afterSeq=0) as told:
            assert next(told)["data"]["changes"]["seq"] == 1
        deadline = time.monotonic() + SECONDS
        while "errors" in first_event(other.url) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert first_event(other.url)["data"]["changes"]["seq"] == 1


def first_event(url: str) -> dict[str, Any]:
    with events(url, afterSeq=0) as told:
        return next(told)


def test_the_ledger_is_looked_at_only_while_somebody_listens(empty: Settings) -> None:
    async def work(database: Database) -> list[int]:
        follower = Follower(database, 0.02, 2)

        async def looked() -> int:
            before = database.statements
            await asyncio.sleep(0.3)
            return database.statements - before

        async def listen() -> None:
            async for _ in follower.changes(0):
                pass

        looks = [await looked()]
        listening = [asyncio.create_task(listen()) for _ in range(2)]
        looks.append(await looked())
        for each in listening:
            each.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        return [*looks, await looked(), follower.listeners]

    before, meanwhile, afterwards, listeners = on_database(empty, work)

    assert (before, afterwards, listeners) == (0, 0, 0)
    assert 1 <= meanwhile <= 16, "two who listen cost one look each time"


def test_a_slow_listener_holds_one_portion_and_misses_nothing(empty: Settings) -> None:
    async def work(database: Database) -> tuple[list[int], int]:
        async def record(number: int) -> None:
            person = Person(id=f"p{number}", name=f"Person {number}")
            await verbs.record(database, Act(action="registerPerson", actor="tester"), person)

        await record(1)
        portions = aiter(Follower(database, 0.02, 1).changes(0))
        seen = [change.seq for change in await anext(portions)]
        for number in range(2, PORTION + 20):
            await record(number)
        longest = 0
        while len(seen) < PORTION + 19:
            portion = await anext(portions)
            longest = max(longest, len(portion))
            seen += [change.seq for change in portion]
        await portions.aclose()  # type: ignore[attr-defined]  # it is a generator
        return seen, longest

    seen, longest = on_database(empty, work)

    assert seen == list(range(1, PORTION + 20))
    assert longest == PORTION


def test_a_subscription_that_is_closed_frees_its_place_at_once(empty: Settings) -> None:
    async def work(database: Database) -> list[Any]:
        person = Person(id="ann", name="Ann")
        await verbs.record(database, Act(action="registerPerson", actor="tester"), person)
        follower = Follower(database, 0.02, 1)
        live = LiveIndex(database, empty.data_dir / "no-index.bin")
        context = Context(database=database, live=live, follower=follower, settings=empty)
        told = await build_schema(empty).subscribe(LISTEN, {"afterSeq": 0}, context)
        assert isinstance(told, AsyncGenerator), told
        seen = [(await anext(told)).data, follower.listeners]
        gc.disable()
        try:
            await told.aclose()
            return [*seen, follower.listeners]
        finally:
            gc.enable()

    assert on_database(empty, work) == [{"changes": {"seq": 1, "action": "registerPerson"}}, 1, 0]


def test_subscriptions_end_when_the_service_is_told_to_stop(service: Service) -> None:
    write(service, 1)
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", "0"],
        cwd=ROOT,
        env=environment(service.settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        url = ""
        while not url:
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            url = (re.search(r"http://[^/]+", line) or [""])[0]
        with socket(url) as session, events(url, afterSeq=0) as told:
            send(session, LISTEN, afterSeq=0)
            assert (numbers(session, 1), next(told)["data"]["changes"]["seq"]) == ([1], 1)
            process.send_signal(signal.SIGTERM)
            assert next(told, None) is None
            with contextlib.suppress(ConnectionClosed):
                assert received(session) == {"id": "1", "type": "complete"}
            output = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, "ERROR" in output[1]) == (0, False), "nothing was waited for until its time was over"
