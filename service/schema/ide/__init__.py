"""The page that a browser gets at ``/graphql``: GraphiQL from our own files, and ready questions."""

import hashlib
import html
import json
from pathlib import Path
from typing import Any

from graphql import OperationDefinitionNode, parse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent
ASSETS = FOLDER / "assets"
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-cache",
    "referrer-policy": "no-referrer",
    "vary": "Accept",
    "x-content-type-options": "nosniff",
}


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


def questions(text: str) -> list[dict[str, str]]:
    """The operations in *text*, each with the comment above it as its title and the source to run."""
    found = []
    start = 0
    for definition in parse(text).definitions:
        assert definition.loc is not None  # noqa: S101  # parsed with locations
        source = text[start : definition.loc.end].strip()
        start = definition.loc.end
        if isinstance(definition, OperationDefinitionNode) and definition.name:
            comments = [line.lstrip("# ") for line in source.splitlines() if line.startswith("#")]
            found.append({"title": " ".join(comments) or definition.name.value, "query": source})
    return found


def _page() -> str:
    page = (FOLDER / "page.html").read_text("utf-8")
    ready = questions((FOLDER / "questions.graphql").read_text("utf-8"))
    return page.replace("{questions}", html.escape(json.dumps(ready))).replace("{version}", _version())


def _version() -> str:
    """A name for the present state of our own script and style, which have no version of their own."""
    own: Any = hashlib.sha256()
    for name in ("page.css", "page.js"):
        own.update((ASSETS / name).read_bytes())
    return str(own.hexdigest()[:12])


PAGE = _page()
