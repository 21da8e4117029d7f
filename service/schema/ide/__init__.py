"""The page that a browser gets at ``/graphql``: GraphiQL from our own files, and ready questions."""

import hashlib
import html
import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from graphql import OperationDefinitionNode, parse
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent
ASSETS = FOLDER / "assets"
Question = tuple[str, str, Mapping[str, Any]]
"""A title, an operation and its variables."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; font-src data:; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Assets(StaticFiles):
    """The scripts and styles of the page; their addresses change when they do, so they are kept for good."""

    def __init__(self) -> None:
        super().__init__(directory=ASSETS)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file, to be cached."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        response.headers["x-content-type-options"] = "nosniff"
        return response


class Page:
    """The page itself, with *questions* to choose from before the general ones in ``questions.graphql``."""

    def __init__(self, questions: Sequence[Question] = ()) -> None:
        general = operations((FOLDER / "questions.graphql").read_text("utf-8"))
        ready = [
            {"title": title, "query": query} | ({"variables": json.dumps(variables, indent=2)} if variables else {})
            for title, query, variables in (*questions, *general)
        ]
        own = b"".join((ASSETS / name).read_bytes() for name in ("page.css", "page.js"))
        text = (FOLDER / "page.html").read_text("utf-8").replace("{version}", hashlib.sha256(own).hexdigest()[:12])
        self._before, self._after = text.replace("{questions}", html.escape(json.dumps(ready))).split("{nonce}", 1)

    def response(self) -> Response:
        """Answer with the page: nothing from elsewhere, and styles only by a number used once."""
        nonce = secrets.token_urlsafe()
        headers = {
            "content-security-policy": POLICY.replace("{nonce}", nonce),
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
            "vary": "Accept",
            "x-content-type-options": "nosniff",
        }
        return HTMLResponse(self._before + nonce + self._after, headers=headers)


def operations(text: str) -> list[Question]:
    """The named operations in *text*, each with the comment above it as its title and the source to run."""
    found: list[Question] = []
    start = 0
    for definition in parse(text).definitions:
        assert definition.loc is not None  # noqa: S101  # parsed with locations
        source = text[start : definition.loc.end].strip()
        start = definition.loc.end
        if isinstance(definition, OperationDefinitionNode) and definition.name:
            comments = [line.lstrip("# ") for line in source.splitlines() if line.startswith("#")]
            found.append((" ".join(comments) or definition.name.value, source, {}))
    return found
