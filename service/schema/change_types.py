"""The smallest change that makes a person eligible, as clients see it."""

from collections.abc import Sequence
from datetime import date

import strawberry
from strawberry.types import Info

from service.capability.gaps import CureKind
from service.capability.proving import Lacking
from service.capability.smallest_change import Change, Step
from service.domain.proof import Trust
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.explanations import EVIDENCE
from service.schema.nodes import edge, field, lazy

describe(
    CureKind,
    {
        "VERIFY": "Have the assertion verified by as many assessors as are still needed, or endorsed where that is "
        "enough.",
        "EVIDENCE": "Add to the assertion the evidence that the skill demands.",
        "WAIT": "Wait until the day on which what is suspended counts again.",
        "RENEW": "Renew what the assertion rests on.",
        "COURSE": "Attend one of the courses.",
        "NOTHING_KNOWN": "Nothing in the registry would close it.",
    },
)


@strawberry.type(description="One thing to do, and what it closes.")
class ChangeStep:
    """One thing to do, and what it closes."""

    skill_ids: strawberry.Private[Sequence[str]]
    assertion_id: strawberry.Private[str | None]
    course_id: strawberry.Private[str | None]
    kind: CureKind = strawberry.field(description="What to do.")
    explanation: str = strawberry.field(description="The same in a sentence.")
    verifiers_still_needed: int | None = strawberry.field(
        description="VERIFY: assessors who have yet to verify it, or to endorse it where that is enough."
    )
    lacking: list[Lacking] = strawberry.field(description="EVIDENCE: what the skill demands and is not there.")
    until: date | None = strawberry.field(description="WAIT: the day on which it counts again.")
    hours: float | None = strawberry.field(description="COURSE: hours of work; null: not known.")
    price: float | None = strawberry.field(description="COURSE: price of one seat; null: not known.")
    assertion = edge("Assertion", "assertion_id", "The assertion to verify or renew; null in a blind list.")
    course = edge("Course", "course_id", "The course to attend.")

    @field
    async def skills(self, info: Info[Context, None]) -> list[lazy("Skill")]:  # type: ignore[valid-type]
        """The skills whose requirements it closes."""
        return await info.context.load_all_here(info, "Skill", self.skill_ids)


@strawberry.type(
    description=(
        "What makes the person eligible: the cheapest steps that close every open mandatory requirement. "
        "None of them can be left out; courses are counted without those that come before them."
    )
)
class SmallestChange:
    """What makes the person eligible."""

    is_possible: bool = strawberry.field(description="The registry knows something for every requirement.")
    steps: list[ChangeStep] = strawberry.field(
        description="What to do; a step NOTHING_KNOWN names a requirement that nothing would close."
    )
    total_hours: float | None = strawberry.field(
        description="Hours of all courses; null: not known, or not possible. Verifying and renewing count nothing."
    )
    total_price: float | None = strawberry.field(
        description="Price of all courses; null: not known, or not possible. Verifying and renewing count nothing."
    )
    explanation: str = strawberry.field(description="The same in a sentence.")


def shown_change(change: Change | None, *, is_blind: bool = False) -> SmallestChange | None:
    """A change as clients see it; a blind one leads to no assertion of the person."""
    if change is None:
        return None
    return SmallestChange(
        is_possible=change.is_possible,
        steps=[_step(each, is_blind=is_blind) for each in change.steps],
        total_hours=change.hours,
        total_price=change.price,
        explanation=_sentence(change),
    )


def _step(step: Step, *, is_blind: bool) -> ChangeStep:
    return ChangeStep(
        skill_ids=[line.skill_id for line in step.lines],
        assertion_id=None if is_blind else step.assertion_id,
        course_id=step.course.id if step.course else None,
        kind=step.kind,
        explanation=f"{_doing(step)[:1].upper()}{_doing(step)[1:]}.",
        verifiers_still_needed=step.proof.still_needed if step.proof and step.kind is CureKind.VERIFY else None,
        lacking=list(step.proof.lacking) if step.proof and step.kind is CureKind.EVIDENCE else [],
        until=step.until,
        hours=step.course.hours if step.course else None,
        price=step.course.price if step.course else None,
    )


def _doing(step: Step) -> str:
    what = " and ".join(f"{line.skill_name} at level {line.required_level}" for line in step.lines)
    match step.kind:
        case CureKind.VERIFY:
            return _proved(step, what)
        case CureKind.EVIDENCE if step.proof is not None:
            shown = " and ".join(EVIDENCE[each] for each in step.proof.lacking)
            return f"show {shown} for {what}"
        case CureKind.WAIT:
            return f"wait until {step.until}, when {what} counts again"
        case CureKind.RENEW:
            return f"renew {what}"
        case CureKind.COURSE if step.course is not None:
            return f"attend {step.course.name} for {what}"
        case _:
            return f"nothing is known that leads to {what}"


def _proved(step: Step, what: str) -> str:
    proof = step.proof
    if any(line.floor is not Trust.VERIFIED for line in step.lines):
        return f"have {what} endorsed"
    if proof is None or (proof.still_needed == 1 and not proof.verifiers):
        return f"have {what} verified"
    more = " more" if proof.verifiers else ""
    return f"have {what} verified by {proof.still_needed}{more} assessor{'s' if proof.still_needed > 1 else ''}"


def _sentence(change: Change) -> str:
    doing = "; ".join(_doing(each) for each in change.steps)
    if not change.is_possible:
        return f"Not possible with what the registry knows: {doing}."
    if all(each.course is None for each in change.steps):
        return f"To become eligible: {doing}."
    hours = "unknown hours" if change.hours is None else f"{change.hours:g} hours"
    price = "an unknown price" if change.price is None else f"a price of {change.price:.2f}"
    return f"To become eligible: {doing}. Courses take {hours}, at {price}."
