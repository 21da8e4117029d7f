"""The mutations of verification: who may decide, what is asked of them, and what they decide."""

from datetime import date
from typing import Any

import strawberry
from uuid6 import uuid7

from service.acts import verbs
from service.acts.verbs import Done, valid
from service.domain.assessment import AssessorScope, ReviewCampaign, SkillInterest
from service.domain.proof import Decision, Verification
from service.schema.acting import correcting, input_named, mutation, recording, retiring
from service.schema.context import Context
from service.schema.ids import parse
from service.schema.inputs import id_field


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
        values = {
            "id": str(uuid7()),
            "assertion_id": parse(given.id, "Assertion", path=("input", "id"))[1],
            "verifier_id": parse(given.verifier_id, "Person", path=("input", "verifierId"))[1],
            "decision": decision,
            "decided_on": given.decided_on or date.today(),  # noqa: DTZ011  # a day where the service runs
            "suspended_until": getattr(given, "suspended_until", None),
            "reason": given.reason,
        }
        return await verbs.record(context.database, act, valid(Verification, values, ("input",)))

    return mutation(name, "Verification", input_named(name, description, *columns), description, work)


FIELDS = [
    _deciding("verifyAssertion", Decision.VERIFIED, "Decide, as an assessor, that an assertion is true."),
    _deciding("rejectAssertion", Decision.REJECTED, "Decide that an assertion is not true."),
    _deciding("suspendAssertion", Decision.SUSPENDED, "Let an assertion not count until a date."),
    _deciding("revokeAssertion", Decision.REVOKED, "Decide that what was verified no longer is."),
    retiring("withdrawVerification", Verification, "Withdraw a decision recorded by mistake."),
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
    retiring("retireReviewCampaign", ReviewCampaign, "Take a review that was started by mistake out."),
    recording("stateInterest", SkillInterest, "Say what a person wants with a skill."),
    correcting(
        "correctInterest",
        SkillInterest,
        "Correct what a person wants with a skill.",
        omit=frozenset({"person_id", "skill_id"}),
    ),
    retiring("withdrawInterest", SkillInterest, "Take back what a person wanted with a skill."),
]
