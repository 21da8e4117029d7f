"""Who may decide in the house, what waits for them, and the review that is under way."""

from service.domain.assessment import AssessorScope, ReviewCampaign, VerificationRequest
from service.interchange.demo.assertions import assertion_id
from service.interchange.demo.house import House
from service.interchange.demo.staff import BY_PART, POSTS, assessors, unit_id

UNPROVEN = "vr-cloud-certificate"
SECOND = "vr-high-voltage"
REVIEW = "review-data"


def authorise(house: House) -> None:
    """Add scopes for everybody who leads, two requests and a review, after the assertions that they are about."""
    for post in POSTS:
        if post.is_lead:
            house.add(
                AssessorScope(
                    id=f"scope-{post.id}",
                    person_id=post.id,
                    unit_id=None if post.department is None else unit_id(post.department),
                    granted_by="Head of HR",
                    reason="Leads people whose work they see.",
                )
            )
    unproven = next(post for post in POSTS if post.id == BY_PART["unproven"])
    house.add(
        VerificationRequest(
            id=UNPROVEN,
            assertion_id=assertion_id(unproven.id, "cert-cloud-engineer"),
            requested_on=house.day(-5),
            requested_by_id=unproven.id,
            assessor_id=assessors(unproven)[0],
            due_on=house.day(9),
            note="The copy is there; the number can be looked up with the issuer.",
        ),
        VerificationRequest(
            id=SECOND,
            assertion_id=assertion_id(BY_PART["half-verified"], "high-voltage"),
            requested_on=house.day(-12),
            requested_by_id=BY_PART["half-verified"],
            due_on=house.day(-1),
            note="One assessor has seen it; the second has yet to.",
        ),
    )
    house.add(
        ReviewCampaign(
            id=REVIEW,
            name="Skills of Data & Analytics, twice a year",
            unit_id=unit_id("data"),
            starts_on=house.day(-60),
            due_on=house.day(5),
            remind_days=10,
        )
    )
