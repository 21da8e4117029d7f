"""Decisions of assessors, and the requests that lead to them: each checked and written as one change.

Authority is asked of the act, not of files: an import brings recorded history, whose scopes are long gone.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from service.acts import verbs
from service.acts.authority import check_authority
from service.acts.lookup import Lookup
from service.acts.standing import Standing, standing_of
from service.acts.verbs import Done
from service.domain.assessment import RequestStatus, VerificationRequest
from service.domain.proof import Assertion, Decision, Trust, Verification
from service.errors import Conflict, Invalid, NotFound
from service.graph import records
from service.graph.database import Database, Transaction, adapter
from service.graph.ledger import Act, Touched
from service.graph.nouns import noun_of


async def decide(database: Database, act: Act, decision: Verification, *, today: date) -> Done[Verification]:
    """Record an assessor's *decision*, and close the requests that waited for it, as one change.

    Refused when the assertion is retracted, when the assessor has no authority over it or has verified it
    already, when nothing is there to revoke, and on a day before the assertion or after today.
    """

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        assertion = await _current(lookup, decision.assertion_id, "id")
        await check_authority(lookup, assertion, decision.verifier_id, decision.decided_on, "verifier_id")
        _check_day(assertion, decision.decided_on, today)
        standing = await standing_of(lookup, assertion)
        if decision.decision is Decision.VERIFIED:
            standing.refuse_again(decision.verifier_id, "verifier_id")
        elif decision.decision is Decision.REVOKED and not standing.is_verified_by_anyone(decision.decided_on):
            raise Conflict(
                f"Assertion {assertion.id!r} is not verified, so there is nothing to revoke; reject it instead",
                path=("id",),
            )
        await verbs.put(lookup, touched, [decision], is_new=True)
        await _answer_requests(transaction, touched, decision, standing)

    return await verbs.write(database, act, Verification, decision.id, work)


async def request(database: Database, act: Act, wish: VerificationRequest, *, today: date) -> Done[VerificationRequest]:
    """Ask for a decision on an assertion: of the assessor named, or of any in whose scope it is.

    Refused when it is verified already, when a request is open, and when the assessor could not decide.
    """

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        assertion = await _current(lookup, wish.assertion_id, "assertion_id")
        if wish.due_on is not None and wish.due_on < wish.requested_on:
            raise Invalid(
                f"due_on {wish.due_on} is before the day of the request, {wish.requested_on}", path=("due_on",)
            )
        standing = await standing_of(lookup, assertion)
        if standing.trust_on(today) == Trust.VERIFIED.rank:
            raise Conflict(
                f"Assertion {assertion.id!r} counts as VERIFIED on {today}; nothing is to be decided",
                path=("assertion_id",),
            )
        if waiting := await _open_requests(transaction, assertion.id):
            raise Conflict(
                f"Assertion {assertion.id!r} waits for a decision already, by request {waiting[0].id!r}",
                path=("assertion_id",),
            )
        if wish.assessor_id is not None:
            await check_authority(lookup, assertion, wish.assessor_id, today, "assessor_id")
            standing.refuse_again(wish.assessor_id, "assessor_id")
        await verbs.put(lookup, touched, [wish], is_new=True)

    return await verbs.write(database, act, VerificationRequest, wish.id, work)


async def delegate(
    database: Database, act: Act, id_: str, *, assessor_id: str, reason: str, today: date
) -> Done[VerificationRequest]:
    """Hand an open request to another assessor, who has authority over the assertion; *reason* becomes its note."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        lookup = Lookup(transaction)
        waiting = await _open(lookup, id_)
        assertion = await _current(lookup, waiting.assertion_id, "id")
        await check_authority(lookup, assertion, assessor_id, today, "assessor_id")
        (await standing_of(lookup, assertion)).refuse_again(assessor_id, "assessor_id")
        await _rewrite(transaction, touched, _changed(waiting, {"assessor_id": assessor_id, "note": reason}))

    return await verbs.write(database, act, VerificationRequest, id_, work)


async def withdraw(database: Database, act: Act, id_: str, *, reason: str | None) -> Done[VerificationRequest]:
    """No longer ask for a decision; *reason*, when given, becomes the request's note."""

    async def work(transaction: Transaction, touched: Touched) -> None:
        waiting = await _open(Lookup(transaction), id_)
        note = waiting.note if reason is None else reason
        await _rewrite(transaction, touched, _changed(waiting, {"status": RequestStatus.WITHDRAWN, "note": note}))

    return await verbs.write(database, act, VerificationRequest, id_, work)


async def _current(lookup: Lookup, assertion_id: str, field: str) -> Assertion:
    """The assertion, which must be there and not retracted."""
    noun = noun_of(Assertion)
    row = (await lookup.states(noun, [assertion_id])).get(assertion_id)
    if row is None:
        raise NotFound(f"There is no Assertion {assertion_id!r}", path=(field,))
    if row.get("retracted_seq") is not None:
        raise Conflict(
            f"Assertion {assertion_id!r} was retracted by change {row['retracted_seq']}; decide on a current one",
            path=(field,),
            code="RETRACTED",
        )
    return adapter(Assertion).validate_python(row)


def _check_day(assertion: Assertion, day: date, today: date) -> None:
    if day > today:
        raise Invalid(
            f"decided_on {day} is after today, {today}; a decision is in force from the day it is made",
            path=("decided_on",),
        )
    if day < assertion.asserted_on:
        raise Invalid(
            f"decided_on {day} is before the assertion was made, on {assertion.asserted_on}", path=("decided_on",)
        )


async def _open(lookup: Lookup, id_: str) -> VerificationRequest:
    waiting = (await lookup.facts(VerificationRequest, [id_])).get(id_)
    if waiting is None:
        raise NotFound(f"There is no VerificationRequest {id_!r}", path=("id",))
    if waiting.status is not RequestStatus.OPEN:
        raise Conflict(
            f"VerificationRequest {id_!r} is {waiting.status}; only an OPEN one can be changed", path=("id",)
        )
    return waiting


def _changed(waiting: VerificationRequest, values: Mapping[str, Any]) -> VerificationRequest:
    return verbs.valid(VerificationRequest, {**asdict(waiting), **values})


async def _open_requests(transaction: Transaction, assertion_id: str) -> list[VerificationRequest]:
    asked = (await records.below(transaction, VerificationRequest, "assertion_id", [assertion_id]))[assertion_id]
    return [each for each in asked if each.status is RequestStatus.OPEN]


async def _answer_requests(
    transaction: Transaction, touched: Touched, decision: Verification, standing: Standing
) -> None:
    """Close the open requests that *decision* settles; otherwise one assigned to this assessor is open to any."""
    is_settled = decision.decision is not Decision.VERIFIED or standing.is_enough_with(decision)
    for waiting in await _open_requests(transaction, decision.assertion_id):
        if is_settled:
            closed = replace(waiting, status=RequestStatus.DECIDED, verification_id=decision.id)
            await _rewrite(transaction, touched, closed)
        elif waiting.assessor_id == decision.verifier_id:
            await _rewrite(transaction, touched, replace(waiting, assessor_id=None))


async def _rewrite(transaction: Transaction, touched: Touched, changed: VerificationRequest) -> None:
    """Record the new state of a request, unchecked: those it mentions may have gone since it was made."""
    noun = noun_of(VerificationRequest)
    earlier = await records.states(transaction, noun, [changed.id])
    await records.put(transaction, touched, [changed], earlier)
