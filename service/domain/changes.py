"""One write to the registry: who did what, when; and questions kept with what was decided on them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from annotated_types import Ge, Len
from typing_extensions import Doc

from service.domain.values import Fact, Id, Name, Reason, Text


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
    subject_kinds: Annotated[list[str], Doc("The noun of each id; none in changes of earlier versions.")] = field(
        default_factory=list
    )
    fingerprint: Annotated[str | None, Doc("SHA-256 of the input that came with the key.")] = None


@dataclass(kw_only=True)
class DecisionRecord(Fact):
    """A question as it was asked, what was known then, and what people decided on its answer."""

    title: Annotated[Name, Doc("What was to be decided.")]
    operation: Annotated[Text, Doc("The question, as a GraphQL query.")]
    variables: Annotated[Text, Doc("Its variables, as JSON.")] = "{}"
    asked_on: Annotated[date, Doc("The day that counted as today.")]
    known_seq: Annotated[int, Ge(0), Doc("Number of the last change that was known.")]
    versions: Annotated[list[Name], Len(0, 20), Doc("Rules and policies that the answer names.")] = field(
        default_factory=list
    )
    digest: Annotated[Name, Doc("SHA-256 of the answer, by which a replay shows that it is the same.")]
    chosen_id: Annotated[Id | None, Doc("The person chosen; null: nobody.")] = None
    decided_by: Annotated[Name, Doc("Who decided.")]
    reason: Annotated[Reason | None, Doc("Why; a choice has a reason.")] = None
