"""GraphQL over HTTP, WebSocket and server-sent events, and the page to ask questions from."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from copy import copy
from typing import Any, TypeVar, cast

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import ASGIWebSocketAdapter, GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.http.exceptions import NonJsonMessageReceived, WebSocketDisconnected
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from typing_extensions import override

from service.errors import RegistryError
from service.schema import faults, ide, media
from service.schema.media import GRAPHQL, JSON
from service.settings import Settings

PARAMETERS = {"query": str, "operationName": str, "variables": dict, "extensions": dict}
STATUS = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "TIMEOUT": 504, "UNAVAILABLE": 503, "INTERNAL_SERVER_ERROR": 500}
DISCARDED = 8

T = TypeVar("T")
MakeContext = Callable[[Request | WebSocket], Awaitable[object]]


def routes(
    schema: faults.Schema,
    settings: Settings,
    context: MakeContext,
    *,
    questions: Sequence[ide.Question] = (),
    with_ide: bool = True,
) -> list[BaseRoute]:
    """Everything below ``/graphql``; the page there offers the *questions*.

    *context* makes what the resolvers of one request work with.
    """
    view = GraphQLView(schema, settings, context, ide.Page(questions) if with_ide else None)
    assets = [Mount("/graphql/ide", ide.Assets())] if with_ide else []
    return [Route("/graphql", view), WebSocketRoute("/graphql", view), *assets]


class Refused(HTTPException):
    """A request that is answered without being executed."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, message)
        self.code = code
        self.headers = headers


class GraphQLView(GraphQL[Any, None]):
    """Strawberry's view, held to the GraphQL-over-HTTP specification and to the limits in the settings."""

    def __init__(self, schema: faults.Schema, settings: Settings, context: MakeContext, page: ide.Page | None) -> None:
        super().__init__(
            schema,
            graphql_ide="graphiql" if page else None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
        )
        self.settings = settings
        self.make_context = context
        self.page = page
        self.websocket_adapter_class = _Socket
        self.graphql_transport_ws_handler_class = _Session

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, unless the caller has left."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, _limited(receive, self.settings.max_body_bytes))
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in ("GET", "POST"):
            message = f"{request.method} is not used by GraphQL; GET and POST are."
            return _refusal(request, 405, message, {"code": "METHOD_NOT_ALLOWED"}, {"allow": "GET, POST"})
        try:
            return await self.run(request)
        except Refused as refused:
            return _refusal(request, refused.status_code, refused.reason, {"code": refused.code}, refused.headers)
        except HTTPException as refused:
            return _refusal(request, refused.status_code, refused.reason, {"code": "BAD_REQUEST"})
        except RegistryError as error:
            return _refusal(request, STATUS.get(error.code, 400), error.message, faults.extensions(error))
        except ClientDisconnect:
            raise
        except Exception as fault:  # noqa: BLE001  # the outermost edge: nothing of ours reaches the caller
            told = faults.unexpected(fault)
            return _refusal(request, 500, told.message, told.extensions or {})

    @override
    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> object:
        """What the application's own maker makes of *request*."""
        return await self.make_context(request)

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        """Whether a person asks: a browser prefers HTML, also for a link to a question."""
        wanted = media.accepted(request.headers)
        html = wanted.get("text/html", 0)
        prefers_html = html > max(wanted.get(JSON, 0), wanted.get(GRAPHQL, 0), wanted.get("text/event-stream", 0))
        return request.method == "GET" and self.page is not None and prefers_html

    @override
    async def render_graphql_ide(self, request: Request) -> Response:
        """Answer with the page, which loads nothing from elsewhere."""
        assert self.page is not None  # noqa: S101  # see should_render_graphql_ide
        return self.page.response()

    @override
    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """Read one operation, within the time that an operation may take."""
        if request.method == "GET":
            given: object = self.parse_query_params(request.query_params)
        else:
            _check_content_type(request.content_type or "")
            given = self.parse_json(await self._body(request))
        if isinstance(given, list):
            raise Refused(400, "BAD_REQUEST", "The body is a JSON array; one operation a request, as a JSON object.")
        if not isinstance(given, dict):
            raise Refused(400, "BAD_REQUEST", f"The body is the JSON value {_shown(given)}; a JSON object is needed.")
        for name, kind in PARAMETERS.items():
            if not isinstance(given.get(name), kind | None):
                what = "a string" if kind is str else "an object"
                raise Refused(400, "BAD_REQUEST", f"`{name}` is {_shown(given[name])}; {what} or null is needed.")
        stream = self._get_stream_transport_from_headers(request.headers)
        return GraphQLRequestData(
            query=given.get("query"),
            variables=given.get("variables"),
            operation_name=given.get("operationName"),
            extensions=given.get("extensions"),
            protocol=stream.protocol if stream else "http",
        )

    async def _body(self, request: AsyncHTTPRequestAdapter) -> bytes:
        seconds = self.settings.operation_timeout
        try:
            async with asyncio.timeout(seconds):
                return await request.get_body()
        except TimeoutError:
            raise Refused(408, "REQUEST_TIMEOUT", f"The body was not complete after {seconds:g} seconds.") from None

    @override
    async def execute_operation(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Execute for as long as the caller listens."""
        return await _while_connected(request, super().execute_operation(request, *args, **kwargs))

    @override
    async def execute_single(  # Strawberry's hook
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Any,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Execute one operation; GET is for queries, and one answer cannot hold a subscription."""
        try:
            return await self.schema.execute(
                request_data.query,
                variable_values=request_data.variables,
                context_value=context,
                root_value=root_value,
                operation_name=request_data.operation_name,
                operation_extensions=request_data.extensions,
                allowed_operation_types=OperationType.from_http(request_adapter.method) - {OperationType.SUBSCRIPTION},
            )
        except MissingQueryError:
            raise Refused(400, "BAD_REQUEST", "`query` is missing: it holds the GraphQL document.") from None
        except CannotGetOperationTypeError as error:
            raise Refused(400, "OPERATION_RESOLUTION_FAILURE", error.as_http_error_reason()) from None
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.SUBSCRIPTION:
                message = "Subscriptions run over graphql-transport-ws, or with Accept: text/event-stream."
                raise Refused(400, "OPERATION_NOT_SUPPORTED", message) from None
            message = "GET is for queries; send a mutation by POST."
            raise Refused(405, "METHOD_NOT_ALLOWED", message, {"allow": "POST"}) from None

    @override
    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """Render *result*; one that was refused before any field ran has no ``data``."""
        response = await super().process_result(request, result)
        if result.data is None and result.errors and all(error.path is None for error in result.errors):
            del response["data"]
        return response

    @override
    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Note the media type that the caller accepts."""
        response = await super().get_sub_response(request)
        response.media_type = media.media_type(request.headers)
        return response

    @override
    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """Encode; with the newer media type a refusal shows in the status too."""
        response = super().create_response(response_data, sub_response)
        response.headers.update(media.headers(sub_response.media_type or JSON))
        refused = "data" not in response_data
        if refused and sub_response.media_type == GRAPHQL and not sub_response.status_code:
            [error, *_] = cast("dict[str, Any]", response_data)["errors"]
            response.status_code = STATUS.get(error["extensions"]["code"], 400)
        return response

    @override
    def decode_json(self, data: str | bytes) -> object:
        """Read JSON strictly: UTF-8, no NaN, bounded nesting."""
        return orjson.loads(data)

    @override
    def encode_json(self, data: object) -> str:
        """Write text: a bytes message would break graphql-transport-ws clients."""
        return orjson.dumps(data).decode()


class _Socket(ASGIWebSocketAdapter):
    """Lets only well-formed messages through to the protocol."""

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        async for message in super().iter_json(ignore_parsing_errors=ignore_parsing_errors):
            if not _is_message(message):
                raise NonJsonMessageReceived
            yield message


class _Session(BaseGraphQLTransportWSHandler[Any, None]):
    """One socket, on which every operation begins with a context of its own."""

    @override
    async def run_operation(self, operation: Operation[Any, None]) -> None:
        """Run *operation* with nothing loaded by those before it."""
        view, socket = cast("GraphQLView", self.view), cast("_Socket", self.websocket)
        own = copy(self)
        own.context = await view.make_context(socket.ws)
        await super(_Session, own).run_operation(operation)

    @override
    async def handle_task_exception(self, error: Exception) -> None:
        """Log *error*, unless it only says that the caller has left."""
        if not isinstance(error, WebSocketDisconnected):
            await super().handle_task_exception(error)


def _is_message(message: object) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] != "subscribe":
        return isinstance(message.get("id", ""), str)
    payload = message.get("payload")
    return (
        isinstance(message.get("id"), str)
        and isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and all(isinstance(payload.get(name), kind | None) for name, kind in PARAMETERS.items())
    )


def _limited(receive: Receive, most: int) -> Receive:
    """*receive*, refusing a body of more than *most* bytes as it comes in.

    A moderate excess is read and dropped first: a connection closed on unread bytes loses the answer.
    """
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size <= most or message["type"] != "http.request":
            return message
        while message.get("more_body") and size < DISCARDED * most:
            message = await receive()
            size += len(message.get("body", b""))
        raise Refused(413, "BODY_TOO_LARGE", f"The body has more than {most} bytes; that many are allowed.")

    return counted


async def _while_connected(request: Request, operation: Awaitable[T]) -> T:
    """The result of *operation*, which is cancelled as soon as the caller has gone."""
    running = asyncio.ensure_future(operation)
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((running, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            raise ClientDisconnect
        return running.result()
    finally:
        running.cancel()
        leaving.cancel()
        await asyncio.gather(running, leaving, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _check_content_type(given: str) -> None:
    """Only JSON: no page elsewhere can send it without asking first, and no form can send it at all."""
    kind, *parameters = (part.strip().lower() for part in given.split(";"))
    charsets = [
        value.strip('"') for name, _, value in (each.partition("=") for each in parameters) if name == "charset"
    ]
    if kind != JSON or not set(charsets) <= {"utf-8", "utf8"}:
        raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", f"Content-Type is {given!r}; {JSON} in UTF-8 is needed.")


def _refusal(
    request: Request, status: int, message: str, extensions: dict[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    body = orjson.dumps({"errors": [{"message": message, "extensions": extensions}]})
    return Response(body, status, {**media.headers(media.media_type(request.headers)), **(headers or {})})


def _shown(value: object) -> str:
    """*value* as JSON, shortened."""
    text = orjson.dumps(value).decode()
    return text if len(text) <= 40 else f"{text[:40]}..."  # noqa: PLR2004  # a glance
