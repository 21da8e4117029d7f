"""Which media types a caller wants and an answer has."""

from collections.abc import Mapping

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


def accepted(given: Mapping[str, str]) -> dict[str, float]:
    """The media types named in ``Accept`` and how much each is wanted, from 0 to 1."""
    wanted: dict[str, float] = {}
    for entry in given.get("accept", "").lower().split(","):
        kind, *parameters = (part.strip() for part in entry.split(";"))
        quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        wanted[kind] = float(quality) if quality.replace(".", "", 1).isdecimal() else 0
    return wanted


def media_type(given: Mapping[str, str]) -> str:
    """The media type to answer with: the newer one when it is named and not wanted less."""
    wanted = accepted(given)
    newer = wanted.get(GRAPHQL, 0)
    return GRAPHQL if newer > 0 and newer >= wanted.get(JSON, 0) else JSON


def headers(media_type: str) -> dict[str, str]:
    """What every answer says of itself: its type, and that it is for this caller alone."""
    return {
        "content-type": f"{media_type}; charset=utf-8",
        "cache-control": "no-store",
        "vary": "Accept",
        "x-content-type-options": "nosniff",
    }
