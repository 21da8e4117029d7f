"""The mutations of verification: who may decide, what is asked of them, and what they decide."""

from datetime import date
from typing import Any

import strawberry
from uuid6 import uuid7

from service.acts import verbs, verification
from service.acts.verbs import Done, valid, valid_text
from service.domain.assessment import AssessorScope, ReviewCampaign, SkillInterest, VerificationRequest
from service.domain.identity import derived
from service.domain.proof import Decision, Verification
from service.domain.values import Reason
from service.errors import Conflict
from service.schema.acting import correcting, input_named, mutation, own_id, recording, retiring, turning
from service.schema.asking import this_day
from service.schema.context import Context
from service.schema.ids import parse
from service.schema.inputs import id_field, input_of, key_field, own_id_field, values_of


def _deciding(name: str, decision: Decision, description: str) -> Any:  # noqa: ANN401  # a field
    columns = [
        id_field("Assertion", "The assertion decided on."),
        ("verifier_id", strawberry.ID, strawberry.field(description="The person who decides; never the subject.")),
        ("reason", str, strawberry.field(description="Why.")),
        (
            "decided_on",
            date | None,
            strawberry.field(description="Day it is in force from; today when absent.", default=None),
        ),
    ]
    if decision is Decision.SUSPENDED:
        columns.insert(
            2, ("suspended_until", date, strawberry.field(description="First day the assertion counts again."))
        )

    async def work(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
        today = this_day()
        values = {
            "id": str(uuid7()),
            "assertion_id": parse(given.id, "Assertion", path=("input", "id"))[1],
            "verifier_id": parse(given.verifier_id, "Person", path=("input", "verifierId"))[1],
            "decision": decision,
            "decided_on": given.decided_on or today,
            "suspended_until": getattr(given, "suspended_until", None),
            "reason": given.reason,
        }
        decided = valid(Verification, values, ("input",))
        return await verification.decide(context.database, act, decided, today=today)

    return mutation(name, "Verification", input_named(name, description, *columns), description, work)


async def _request(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    today = this_day()
    id_ = own_id(given)
    values = {**values_of(given, VerificationRequest), "id": id_, "requested_on": today}
    wish = valid(VerificationRequest, values, ("input",))
    return await verification.request(context.database, act, wish, today=today)


async def _delegate(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    _, id_ = parse(given.id, "VerificationRequest", path=("input", "id"))
    _, assessor_id = parse(given.assessor_id, "Person", path=("input", "assessorId"))
    reason = valid_text(Reason, given.reason, ("input", "reason"))
    return await verification.delegate(
        context.database, act, id_, assessor_id=assessor_id, reason=reason, today=this_day()
    )


async def _withdraw(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    _, id_ = parse(given.id, "VerificationRequest", path=("input", "id"))
    return await verification.withdraw(context.database, act, id_, reason=given.reason)


async def _state_interest(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    interest = valid(SkillInterest, {**values_of(given, SkillInterest), "id": "-"}, ("input",))
    interest.id = derived(interest)
    return await verbs.record(context.database, act, interest)


def _closing(current: ReviewCampaign) -> dict[str, Any]:
    if current.closed_on is not None:
        raise Conflict(f"ReviewCampaign {current.id!r} was closed on {current.closed_on}", path=("id",))
    return {"closed_on": this_day()}


ASKING = "Ask for a decision on an assertion, of one assessor or of any in whose scope it is."
DELEGATING = "Hand an open request to another assessor in whose scope the assertion is."
WITHDRAWING = "No longer ask for a decision."
STATING = "Say what a person wants with a skill; there is one statement for each, so correct it afterwards."

FIELDS = [
    _deciding("verifyAssertion", Decision.VERIFIED, "Decide, as an assessor, that an assertion is true."),
    _deciding("rejectAssertion", Decision.REJECTED, "Decide that an assertion is not true."),
    _deciding("suspendAssertion", Decision.SUSPENDED, "Let an assertion not count until a date."),
    _deciding("revokeAssertion", Decision.REVOKED, "Decide that what was verified no longer is."),
    retiring("withdrawVerification", Verification, "Withdraw a decision recorded by mistake."),
    mutation(
        "requestVerification",
        "VerificationRequest",
        input_of(
            VerificationRequest,
            "RequestVerificationInput",
            ASKING,
            omit=frozenset({"requested_on", "status", "verification_id"}),
            extra=(own_id_field("VerificationRequest"), key_field()),
        ),
        ASKING,
        _request,
    ),
    mutation(
        "delegateVerification",
        "VerificationRequest",
        input_named(
            "delegateVerification",
            DELEGATING,
            id_field("VerificationRequest", "The open request."),
            ("assessor_id", strawberry.ID, strawberry.field(description="The assessor who is to decide instead.")),
            ("reason", str, strawberry.field(description="Why; it becomes the note of the request.")),
        ),
        DELEGATING,
        _delegate,
    ),
    mutation(
        "withdrawVerificationRequest",
        "VerificationRequest",
        input_named(
            "withdrawVerificationRequest",
            WITHDRAWING,
            id_field("VerificationRequest", "The open request."),
            (
                "reason",
                str | None,
                strawberry.field(description="Why; it becomes the note of the request.", default=None),
            ),
        ),
        WITHDRAWING,
        _withdraw,
    ),
    recording("grantAssessorScope", AssessorScope, "Give a person authority to decide on assertions."),
    correcting(
        "correctAssessorScope",
        AssessorScope,
        "Correct an assessor's scope or its days.",
        omit=frozenset({"person_id"}),
    ),
    retiring("withdrawAssessorScope", AssessorScope, "Take an assessor's authority back."),
    recording(
        "startReviewCampaign",
        ReviewCampaign,
        "Ask a unit to review its skills by a date.",
        fixed={"closed_on": None},
    ),
    correcting("correctReviewCampaign", ReviewCampaign, "Correct a review: its days, or that it is closed."),
    turning("closeReviewCampaign", ReviewCampaign, "End a review today, whether or not all is reviewed.", _closing),
    retiring("retireReviewCampaign", ReviewCampaign, "Take a review that was started by mistake out."),
    mutation(
        "stateInterest",
        "SkillInterest",
        input_of(SkillInterest, "StateInterestInput", STATING, extra=(key_field(),)),
        STATING,
        _state_interest,
    ),
    correcting(
        "correctInterest",
        SkillInterest,
        "Correct what a person wants with a skill.",
        omit=frozenset({"person_id", "skill_id"}),
    ),
    retiring("withdrawInterest", SkillInterest, "Take back what a person wanted with a skill."),
]
