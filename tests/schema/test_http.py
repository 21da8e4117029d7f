"""What the GraphQL door answers to the well-meaning, the mistaken and the hostile."""

import asyncio
import contextlib
import html
import json
import logging
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any, NewType

import httpx
import pytest
import strawberry
import uvicorn
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.websockets import WebSocket
from strawberry.schema.config import StrawberryConfig
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from service.errors import Conflict, Forbidden, Invalid
from service.schema import http, ide, limits
from service.schema.faults import Schema
from service.settings import load

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROTOCOL = Subprotocol("graphql-transport-ws")
CANCELLED = threading.Event()

Day = NewType("Day", date)


def day(text: object) -> Day:
    try:
        return Day(date.fromisoformat(str(text)))
    except ValueError:
        raise Invalid(f"{text!r} is not a day.") from None


@strawberry.type
class Query:
    @strawberry.field
    def greeting(self, to: str = "all") -> str:
        return f"Hello {to}"

    @strawberry.field
    def day_after(self, day: Day) -> int:
        return day.toordinal() + 1

    @strawberry.field
    def counted(self, number: int) -> int:
        return number

    @strawberry.field
    def conflict(self) -> str | None:
        raise Conflict("Ada is booked twice.", path=("input", "person"))

    @strawberry.field
    def broken(self) -> str | None:
        raise KeyError("secret")

    @strawberry.field
    def absent(self) -> str:
        return None  # type: ignore[return-value]  # the fault under test

    @strawberry.field
    def deliberate(self) -> str | None:
        raise GraphQLError("Not today.", extensions={"code": "NOT_TODAY"})

    @strawberry.field
    def careless(self) -> str | None:
        raise GraphQLError("secret")

    @strawberry.field
    async def slow(self) -> str:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            CANCELLED.set()
            raise
        return "done"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def change(self) -> bool:
        return True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int = 2) -> AsyncIterator[int]:
        for number in range(to):
            yield number
        if to < 0:
            raise KeyError("secret")


SCALARS = StrawberryConfig(scalar_map={Day: strawberry.scalar(name="Day", parse_value=day, serialize=str)})


async def context(request: Request | WebSocket) -> object:
    if "refuse" in request.query_params:
        raise Forbidden("The bearer may not ask.")
    if "break" in request.query_params:
        raise KeyError("secret")
    return {}


def app(**settings: object) -> Starlette:
    given = load(**settings)
    schema = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=SCALARS,
        extensions=limits.extensions(given),
    )
    return Starlette(routes=http.routes(schema, given, context))


@contextlib.contextmanager
def serving(app: Starlette) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/graphql"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(app()) as address:
        yield address


@pytest.fixture(scope="module")
def hasty() -> Iterator[str]:
    with serving(app(operation_timeout=0.2)) as address:
        yield address


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url.removesuffix("/graphql"), headers={"accept": GRAPHQL}, timeout=10) as opened:
        yield opened


def post(client: httpx.Client, query: object, **more: object) -> httpx.Response:
    return client.post("/graphql", json={"query": query, **more})


def told(response: httpx.Response) -> tuple[int, str, str]:
    """Status, code and message of a refusal, which has nothing else."""
    body = response.json()
    assert body.keys() - {"extensions"} == {"errors"}
    error = body["errors"][0]
    return response.status_code, error["extensions"]["code"], error["message"]


def field_error(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200
    [error] = response.json()["errors"]
    del error["locations"]
    return dict(error)


def test_an_answer_has_data_cost_and_headers_that_keep_it_private(client: httpx.Client) -> None:
    response = post(client, "query ($to: String!) { greeting(to: $to) }", variables={"to": "Zoë"})
    assert response.json() == {
        "data": {"greeting": "Hello Zoë"},
        "extensions": {"cost": {"requested": 1, "allowed": 5000}},
    }
    kept = ("content-type", "cache-control", "vary", "x-content-type-options")
    assert {name: response.headers[name] for name in kept} == {
        "content-type": f"{GRAPHQL}; charset=utf-8",
        "cache-control": "no-store",
        "vary": "Accept",
        "x-content-type-options": "nosniff",
    }


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("*/*", JSON),
        ("", JSON),
        ("image/png", JSON),
        (JSON, JSON),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON}, {GRAPHQL};q=0.9", JSON),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0", JSON),
        (f"{GRAPHQL};q=much", JSON),
        (GRAPHQL.upper(), GRAPHQL),
    ],
)
def test_the_media_type_is_negotiated(client: httpx.Client, accept: str, answered: str) -> None:
    response = client.post("/graphql", json={"query": "{ greeting }"}, headers={"accept": accept})
    assert response.headers["content-type"] == f"{answered}; charset=utf-8"


def test_a_query_may_come_by_get(client: httpx.Client) -> None:
    given = {"query": "query A($to: String!) { greeting(to: $to) }", "variables": '{"to": "you"}', "operationName": "A"}
    assert client.get("/graphql", params=given).json()["data"] == {"greeting": "Hello you"}


def test_a_null_byte_is_text_inside_a_value_and_nowhere_else(client: httpx.Client) -> None:
    assert post(client, '{ greeting(to: "\x00") }').json()["data"] == {"greeting": "Hello \x00"}
    assert told(post(client, "{ greeting \x00 }"))[:2] == (400, "GRAPHQL_PARSE_FAILED")


def test_a_mutation_does_not_come_by_get(client: httpx.Client) -> None:
    response = client.get("/graphql", params={"query": "mutation { change }"})
    assert told(response) == (405, "METHOD_NOT_ALLOWED", "GET is for queries; send a mutation by POST.")
    assert response.headers["allow"] == "POST"
    assert post(client, "mutation { change }").json()["data"] == {"change": True}


def test_other_methods_are_refused(client: httpx.Client) -> None:
    response = client.put("/graphql", json={"query": "{ greeting }"})
    assert told(response) == (405, "METHOD_NOT_ALLOWED", "PUT is not used by GraphQL; GET and POST are.")
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "text/plain; application/json",
        "application/json-seq",
        "application/json; charset=utf-16",
    ],
)
def test_only_json_is_read(client: httpx.Client, content_type: str) -> None:
    response = client.post("/graphql", content='{"query": "{ greeting }"}', headers={"content-type": content_type})
    message = f"Content-Type is {content_type!r}; application/json in UTF-8 is needed."
    assert told(response) == (415, "UNSUPPORTED_MEDIA_TYPE", message)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "Unable to parse request body as JSON"),
        ("query { greeting }", "Unable to parse request body as JSON"),
        ('{"query": "{ greeting }"', "Unable to parse request body as JSON"),
        ('{"query": NaN}', "Unable to parse request body as JSON"),
        ("[" * 10_000, "Unable to parse request body as JSON"),
        (b'{"query": "{ greeting(to: \\"\xff\xfe\\") }"}', "Unable to parse request body as JSON"),
        ('{"query": "{ greeting(to: \\"\\ud800\\") }"}', "Unable to parse request body as JSON"),
        ('[{"query": "{ greeting }"}]', "The body is a JSON array; one operation a request, as a JSON object."),
        ("null", "The body is the JSON value null; a JSON object is needed."),
        ('"x"', 'The body is the JSON value "x"; a JSON object is needed.'),
        ("{}", "`query` is missing: it holds the GraphQL document."),
        ('{"query": ""}', "`query` is missing: it holds the GraphQL document."),
        ('{"query": 7}', "`query` is 7; a string or null is needed."),
        ('{"query": "{a}", "variables": [1]}', "`variables` is [1]; an object or null is needed."),
        ('{"query": "{a}", "variables": "{}"}', '`variables` is "{}"; an object or null is needed.'),
        ('{"query": "{a}", "operationName": {}}', "`operationName` is {}; a string or null is needed."),
        ('{"query": "{a}", "extensions": true}', "`extensions` is true; an object or null is needed."),
    ],
)  # fmt: skip
def test_a_body_that_is_no_request_is_refused(client: httpx.Client, body: str | bytes, message: str) -> None:
    response = client.post("/graphql", content=body, headers={"content-type": JSON})
    assert told(response) == (400, "BAD_REQUEST", message)


@pytest.mark.parametrize("params", ["query={a}&variables=[", "query={a}&variables=[1]", "variables={}", "query=%ff"])
def test_an_address_that_is_no_request_is_refused(client: httpx.Client, params: str) -> None:
    assert told(client.get(f"/graphql?{params}"))[:2] in {(400, "BAD_REQUEST"), (400, "GRAPHQL_PARSE_FAILED")}


@pytest.mark.parametrize("streamed", [False, True])
def test_a_body_over_the_limit_is_refused_whether_or_not_its_length_is_said(
    client: httpx.Client, streamed: bool  # noqa: FBT001
) -> None:  # fmt: skip
    body = json.dumps({"query": "{" + " greeting" * 220_000 + "}"}).encode()
    assert len(body) > 1_900_000
    content = iter([body[:1_000_000], body[1_000_000:]]) if streamed else body
    response = client.post("/graphql", content=content, headers={"content-type": JSON})
    assert told(response) == (413, "BODY_TOO_LARGE", "The body has more than 1000000 bytes; that many are allowed.")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ greeting \x00 }", "GRAPHQL_PARSE_FAILED"),
        ('{ greeting(to: "\\uD800") }', "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ greeting { deeper } }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ dayAfter(day: "soon") }', "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { counted(number: $n) }", "BAD_USER_INPUT"),
        ("{ a" + " { a" * 1000 + " }" * 1001, "QUERY_TOO_DEEP"),
        ("{ a" + " { a" * 300 + " }" * 301, "QUERY_TOO_DEEP"),
        ("{" + "".join(f" a{n}: greeting" for n in range(10_000)) + "}", "QUERY_TOO_LONG"),
        ("{" + "".join(f" a{n}: greeting" for n in range(300)) + "}", "QUERY_TOO_MANY_ALIASES"),
        ("fragment A on Query { greeting }", "OPERATION_RESOLUTION_FAILURE"),
        ("subscription { count }", "OPERATION_NOT_SUPPORTED"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_run_is_refused_with_a_code(client: httpx.Client, query: str, code: str) -> None:
    assert told(post(client, query))[:2] == (400, code)


def test_with_plain_json_a_refused_document_has_status_200(client: httpx.Client) -> None:
    response = client.post("/graphql", json={"query": "{ nothing }"}, headers={"accept": JSON})
    message = "Cannot query field 'nothing' on type 'Query'."
    assert told(response) == (200, "GRAPHQL_VALIDATION_FAILED", message)


def test_a_refusal_says_what_it_is_about(client: httpx.Client) -> None:
    assert told(post(client, "{ greeting }", operationName="Missing")) == (
        400,
        "OPERATION_RESOLUTION_FAILURE",
        'Unknown operation named "Missing".',
    )
    asked = post(client, "query ($day: Day!) { dayAfter(day: $day) }", variables={"day": "soon"})
    message = (
        "Variable '$day' has invalid value: Expected value of type 'Day', but encountered error "
        "''soon' is not a day.'; found: 'soon'."
    )
    assert told(asked) == (400, "BAD_USER_INPUT", message)


def test_an_argument_known_to_be_wrong_only_at_the_field_is_bad_input(client: httpx.Client) -> None:
    response = post(client, "query ($n: Int = 1) { counted(number: $n) }", variables={"n": None})
    error = response.json()["errors"][0]
    assert (error["extensions"], error["path"]) == ({"code": "BAD_USER_INPUT"}, ["counted"])


def test_an_expected_error_keeps_its_code_message_and_input_field(client: httpx.Client) -> None:
    assert field_error(post(client, "{ conflict }")) == {
        "message": "Ada is booked twice.",
        "path": ["conflict"],
        "extensions": {"code": "CONFLICT", "input": ["input", "person"]},
    }
    assert field_error(post(client, "{ deliberate }")) == {
        "message": "Not today.",
        "path": ["deliberate"],
        "extensions": {"code": "NOT_TODAY"},
    }


@pytest.mark.parametrize("query", ["{ broken }", "{ absent }", "{ careless }", "{ counted(number: 1) broken }"])
def test_an_unexpected_error_is_masked_and_logged_under_its_reference(
    client: httpx.Client, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    with caplog.at_level(logging.ERROR):
        error = field_error(post(client, query))
    reference = error["extensions"]["reference"]
    assert error["message"] == f"Unexpected error, logged with reference {reference}."
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "reference": reference}
    [record] = caplog.records
    assert reference in record.getMessage()
    assert record.exc_info
    assert record.exc_info[1]


def test_expected_errors_are_not_logged(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "strawberry"), caplog.at_level(logging.DEBUG, "service"):
        post(client, "{ conflict }")
        post(client, "{")
        post(client, "{ nothing }")
    assert caplog.records == []


def test_errors_before_the_operation_are_translated_too(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    asked = {"query": "{ greeting }"}
    assert told(client.post("/graphql?refuse", json=asked)) == (403, "FORBIDDEN", "The bearer may not ask.")
    with caplog.at_level(logging.ERROR):
        status, code, message = told(client.post("/graphql?break", json=asked))
    assert (status, code, "secret" in message) == (500, "INTERNAL_SERVER_ERROR", False)
    assert len(caplog.records) == 1


def test_an_operation_that_takes_too_long_is_stopped(hasty: str) -> None:
    CANCELLED.clear()
    response = httpx.post(hasty, json={"query": "{ slow }"}, headers={"accept": GRAPHQL})
    assert told(response) == (504, "TIMEOUT", "The operation was stopped after 0.2 seconds.")
    assert CANCELLED.wait(1)


def test_a_body_that_does_not_arrive_is_not_waited_for(hasty: str) -> None:
    def trickle() -> Iterator[bytes]:
        yield b'{"query": '
        time.sleep(0.6)
        yield b'"{ greeting }"}'

    response = httpx.post(hasty, content=trickle(), headers={"content-type": JSON})
    assert told(response) == (408, "REQUEST_TIMEOUT", "The body was not complete after 0.2 seconds.")


def test_a_caller_who_leaves_cancels_the_operation(url: str) -> None:
    CANCELLED.clear()
    body = b'{"query": "{ slow }"}'
    address = httpx.URL(url)
    assert address.port
    with socket.create_connection((address.host, address.port)) as caller:
        head = f"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: {JSON}\r\ncontent-length: {len(body)}\r\n\r\n"
        caller.sendall(head.encode() + body)
        assert not CANCELLED.wait(0.2)
    assert CANCELLED.wait(2)


def exchange(url: str, *messages: object) -> Iterator[Any]:
    """Start a session, send *messages*, give what comes back until the connection closes."""
    with connect(url.replace("http", "ws"), subprotocols=[PROTOCOL]) as session:
        session.send('{"type": "connection_init"}')
        assert json.loads(session.recv(5)) == {"type": "connection_ack"}
        for message in messages:
            session.send(message if isinstance(message, str | bytes) else json.dumps(message))
        while True:
            yield json.loads(session.recv(5))


def subscribe(query: object, **more: object) -> dict[str, Any]:
    return {"id": "1", "type": "subscribe", "payload": {"query": query, **more}}


def test_a_subscription_runs_over_graphql_transport_ws_as_text(url: str) -> None:
    received = exchange(url, subscribe("subscription { count }"))
    cost = {"cost": {"requested": 1, "allowed": 5000}}
    assert [next(received) for _ in range(3)] == [
        {"id": "1", "type": "next", "payload": {"data": {"count": 0}, "extensions": cost}},
        {"id": "1", "type": "next", "payload": {"data": {"count": 1}, "extensions": cost}},
        {"id": "1", "type": "complete"},
    ]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ a" + " { a" * 300 + " }" * 301, "QUERY_TOO_DEEP"),
    ],
)
def test_a_refused_document_ends_the_operation_and_not_the_session(url: str, query: str, code: str) -> None:
    received = exchange(url, subscribe(query), {**subscribe("{ greeting }"), "id": "2"})
    by_id = {message["id"]: message for message in (next(received), next(received))}
    assert by_id["1"]["type"] == "error"
    assert by_id["1"]["payload"][0]["extensions"]["code"] == code
    assert by_id["2"]["payload"]["data"] == {"greeting": "Hello all"}


def test_limits_masking_and_timeout_hold_over_websockets(hasty: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        [broken, *_] = next(exchange(hasty, subscribe("{ broken }")))["payload"]["errors"]
        failing = next(exchange(hasty, subscribe("subscription { count(to: -1) }")))["payload"]["errors"]
        slow = next(exchange(hasty, subscribe("{ slow }")))
    assert broken["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert [each["extensions"]["code"] for each in failing] == ["INTERNAL_SERVER_ERROR"]
    assert "TIMEOUT" in json.dumps(slow)
    assert "secret" not in json.dumps([broken, failing])


@pytest.mark.parametrize(
    "message",
    ["no json", "[]", "{}", b"{}", {"type": 1}, subscribe(7), subscribe("{ greeting }", variables=[1]),
     {"id": "1", "type": "subscribe", "payload": "x"}, {"id": [], "type": "complete"}, "[" * 5000],
)  # fmt: skip
def test_a_malformed_message_closes_the_session(url: str, message: object) -> None:
    with pytest.raises(ConnectionClosedError) as closed:
        next(exchange(url, message))
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4400


def test_the_legacy_protocol_and_other_origins_are_refused(url: str) -> None:
    address = url.replace("http", "ws")
    with connect(address) as session, pytest.raises(ConnectionClosedError) as closed:
        session.recv(5)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4406
    with pytest.raises(InvalidStatus):
        connect(address, origin=Origin("https://elsewhere.example"), subprotocols=[PROTOCOL])


def test_a_subscription_runs_as_server_sent_events_too(client: httpx.Client) -> None:
    asked = {"query": "subscription { count(to: 1) }"}
    response = client.post("/graphql", json=asked, headers={"accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert [line for line in response.text.splitlines() if line.startswith(("event", "data"))] == [
        "event: next",
        'data: {"data":{"count":0},"extensions":{"cost":{"requested":1,"allowed":5000}}}',
        "event: complete",
        "data: ",
    ]


@pytest.mark.parametrize("address", ["", "?query={greeting}"])
def test_a_browser_gets_a_page_that_loads_only_files_of_ours(client: httpx.Client, address: str) -> None:
    page = client.get(f"/graphql{address}", headers={"accept": HTML})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "://" not in page.text
    assert "{" not in page.text.split("data-questions")[0]
    named = [part.split('"')[0] for part in page.text.split('"graphql/ide/')[1:]]
    assert len(named) == 6
    for name in named:
        asset = client.get(f"/graphql/ide/{name}")
        assert asset.status_code == 200
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_the_page_weighs_less_than_two_megabytes() -> None:
    assert sum(path.stat().st_size for path in ide.ASSETS.iterdir()) < 2_000_000


def test_without_the_page_a_browser_is_answered_as_anyone() -> None:
    given = load()
    schema = Schema(query=Query, config=SCALARS, extensions=limits.extensions(given))
    with serving(Starlette(routes=http.routes(schema, given, context, with_ide=False))) as url:
        assert httpx.get(url, headers={"accept": HTML}).status_code == 400
        assert httpx.get(url, params={"query": "{ greeting }"}, headers={"accept": HTML}).status_code == 200
        assert httpx.get(f"{url}/ide/page.js").status_code == 404


def test_the_page_offers_the_questions_it_is_given_and_general_ones() -> None:
    page = bytes(ide.Page([("Who is <free>?", "query Free { a }", {"day": "x"})]).response().body).decode()
    [offered] = re.findall('data-questions="([^"]*)"', page)
    first, *general = json.loads(html.unescape(offered))
    assert first == {"title": "Who is <free>?", "query": "query Free { a }", "variables": '{\n  "day": "x"\n}'}
    assert len(general) == 2


def test_each_operation_of_a_text_has_its_comment_as_title_and_its_source() -> None:
    assert ide.operations("# Who is\n# free?\nquery Free { a }\n\nfragment F on Q { b }\n\nquery Bare { c }\n") == [
        ("Who is free?", "# Who is\n# free?\nquery Free { a }", {}),
        ("Bare", "query Bare { c }", {}),
    ]


def test_the_general_questions_are_answered(client: httpx.Client) -> None:
    asked = ide.operations((ide.FOLDER / "questions.graphql").read_text())
    assert ["errors" in post(client, query).json() for _, query, _ in asked] == [False] * len(asked)
