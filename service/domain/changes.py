"""One write to the registry: who did what, when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from typing_extensions import Doc


@dataclass(kw_only=True)
class Change:
    """One write to the registry."""

    seq: Annotated[int, Doc("Sequence number: 1, 2, 3 ... without hole or repeat.")]
    at: Annotated[datetime, Doc("Instant it was written.")]
    actor: Annotated[str, Doc("Who wrote it.")]
    action: Annotated[str, Doc("The business act, as recordAssertion or import csv.")]
    request_id: Annotated[str, Doc("The request it came in.")]
    kinds: Annotated[list[str], Doc("Nouns it touched, as Assertion.")]
    subject_ids: Annotated[list[str], Doc("Ids it recorded, corrected or retired; the first 100.")]
    count: Annotated[int, Doc("How many facts it recorded, corrected or retired.")]
    idempotency_key: Annotated[str | None, Doc("The key under which a repeat returns the first result.")] = None
