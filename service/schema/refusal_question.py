"""Why nobody fits and is free, and the smallest relaxations that let somebody."""

from datetime import date

import strawberry

from service.capability import matching
from service.capability.columns import FTE_UNITS
from service.capability.filters import FilterKind
from service.capability.questioning import Question
from service.capability.refusals import Failures, Reason, Reasons, failures, reasons
from service.capability.relaxations import Relaxation as Reckoned
from service.capability.relaxations import Relaxations, relaxations
from service.capability.steps import RelaxationKind
from service.capability.steps import Step as ReckonedStep
from service.domain.proof import TRUSTS, Trust
from service.schema.candidate import Candidate, shown_candidate
from service.schema.coverage_question import CauseCount
from service.schema.enums import describe
from service.schema.nodes import edge
from service.schema.refusal_sentences import of_condition

describe(
    FilterKind,
    {
        "UNIT": "The unit.",
        "KINDS": "Kinds of people.",
        "LOCATIONS": "Usual places of work.",
        "MAX_COST_RATE": "Highest cost of an hour.",
        "NOT_PEOPLE": "People left out by name.",
        "WANTS_TO_LEARN": "A skill that people want to learn.",
        "ALL_OF": "One group of skills.",
        "NONE_OF": "One skill that may not be held.",
        "NOT_ON_PROJECT": "A project on which nobody may be booked.",
        "MIN_FREE_FTE": "Least free share of full time.",
    },
)

describe(
    RelaxationKind,
    {
        "LOWER_LEVEL": "Ask for the highest level of one requirement at which somebody is found.",
        "LOWER_TRUST": "Ask for the highest trust of one requirement at which somebody is found; never below CLAIMED.",
        "MAKE_DESIRABLE": "Make one mandatory requirement desirable.",
        "DROP_FILTER": "Leave out one condition of the filter.",
        "LOWER_SHARE": "Ask for the highest share of full time at which somebody is found.",
        "SHIFT_DATES": "Move all days by the fewest days, at most 180 and not to before today; of two equals, later.",
        "SHORTEN_DATES": "Cut the fewest days, at most 180, at the end or at the beginning; of two equals, the end.",
    },
)


@strawberry.type(
    description="One condition that candidates must meet: a mandatory requirement, a condition of the filter, or time."
)
class FailedCondition:
    """One condition that candidates must meet: a mandatory requirement, a condition of the filter, or time."""

    skill_id: strawberry.Private[str | None]
    level: int | None = strawberry.field(description="Level required; null where it is no requirement.")
    min_trust: Trust | None = strawberry.field(description="Least trust that counts for the requirement.")
    filter: FilterKind | None = strawberry.field(description="What the filter looks at; null where it is no filter.")
    place: int | None = strawberry.field(description="Which of allOf or noneOf it is, from 0.")
    is_availability: bool = strawberry.field(description="Whether it is about time: the share asked, and days away.")
    failing_count: int = strawberry.field(description="People considered who fail it.")
    failing_only_count: int = strawberry.field(description="Those of them who fail nothing else.")
    causes: list[CauseCount] = strawberry.field(description="Why they fail a requirement.")
    explanation: str = strawberry.field(description="The same in a sentence.")
    skill = edge("Skill", "skill_id", "The skill required; null where it is no requirement.")


@strawberry.type(description="One thing given up, and what would be asked in its place.")
class RelaxationStep:
    """One thing given up, and what would be asked in its place."""

    skill_id: strawberry.Private[str | None]
    kind: RelaxationKind = strawberry.field(description="What is given up.")
    level: int | None = strawberry.field(description="LOWER_LEVEL: the level asked then.")
    min_trust: Trust | None = strawberry.field(description="LOWER_TRUST: the trust asked then.")
    filter: FilterKind | None = strawberry.field(description="DROP_FILTER: the condition left out.")
    place: int | None = strawberry.field(description="DROP_FILTER: which of allOf or noneOf it is, from 0.")
    fte: float | None = strawberry.field(description="LOWER_SHARE: the share of full time asked then.")
    first_day: date | None = strawberry.field(description="SHIFT_DATES, SHORTEN_DATES: first day asked then.")
    until: date | None = strawberry.field(description="SHIFT_DATES, SHORTEN_DATES: first day no longer asked then.")
    days: int | None = strawberry.field(
        description="SHIFT_DATES: days moved, earlier when negative. SHORTEN_DATES: days cut."
    )
    skill = edge("Skill", "skill_id", "The skill whose requirement is lowered.")


@strawberry.type(description="What lets somebody be eligible and available, checked by asking again.")
class Relaxation:
    """What lets somebody be eligible and available, checked by asking again."""

    steps: list[RelaxationStep] = strawberry.field(
        description="What to give up: one step, or two where no single one helps."
    )
    eligible_and_available_count: int = strawberry.field(description="How many are eligible and available then.")
    candidates: list[Candidate] = strawberry.field(description="The best of them, at most three.")


@strawberry.type(description="Why nobody is both eligible and available, and what would have to give.")
class Refusal:
    """Why nobody is both eligible and available, and what would have to give."""

    considered_count: int = strawberry.field(
        description="People in service on some day of the window, whatever the filter."
    )
    conditions: list[FailedCondition] = strawberry.field(description="Every condition, requirements first.")
    relaxations: list[Relaxation] = strawberry.field(
        description="The smallest step of each kind that helps. Where none does, pairs of the mildest steps: up to "
        "three of two conditions, and days moved or cut with one condition. Empty where no two steps help either."
    )
    explanation: str = strawberry.field(description="What helps, in a sentence; also that nothing looked for does.")
    is_complete: bool = strawberry.field(
        description="Whether other days were looked at to the end. Where very many people qualify and are all busy, "
        "the search for days is given up, and SHIFT_DATES and SHORTEN_DATES may be missing."
    )


def shown_refusal(page: matching.Candidates) -> Refusal | None:
    """Why a page has nobody who is eligible and available; None: it has somebody."""
    if page.eligible_and_available:
        return None
    found = failures(page.question)
    told, given_up = reasons(found), relaxations(page.question, found, page.blind)
    return Refusal(
        considered_count=told.considered,
        conditions=[_condition(each, told, found, page.question) for each in told.reasons],
        relaxations=[_relaxation(each) for each in given_up.found],
        explanation=_explained(told, given_up),
        is_complete=given_up.is_complete,
    )


def _explained(told: Reasons, given_up: Relaxations) -> str:
    """What the relaxations come to."""
    if not told.considered:
        return f"Nobody is in service from {told.first} until {told.until}."
    searched = "" if given_up.is_complete else " Other days were not looked at to the end."
    if not given_up.found:
        return f"No single condition given up lets anybody be eligible and available, nor do two together.{searched}"
    if len(given_up.found[0].steps) == 1:
        return f"Giving up one condition is enough.{searched}"
    return f"No single condition given up is enough; two together are.{searched}"


def _condition(reason: Reason, told: Reasons, found: Failures, question: Question) -> FailedCondition:
    required, clause = reason.condition
    return FailedCondition(
        skill_id=required.skill_id if required else None,
        level=required.level if required else None,
        min_trust=TRUSTS[required.floor] if required else None,
        filter=clause.kind if clause else None,
        place=clause.place if clause else None,
        is_availability=required is None and clause is None,
        failing_count=reason.failing,
        failing_only_count=reason.failing_only,
        causes=[CauseCount(cause=cause, people=people) for cause, people in reason.causes.items()],
        explanation=of_condition(reason, told, found, question),
    )


def _relaxation(found: Reckoned) -> Relaxation:
    return Relaxation(
        steps=[_step(each) for each in found.steps],
        eligible_and_available_count=found.candidates,
        candidates=[shown_candidate(found.answer, each) for each in found.first],
    )


def _step(step: ReckonedStep) -> RelaxationStep:
    return RelaxationStep(
        skill_id=step.skill_id,
        kind=step.kind,
        level=step.level,
        min_trust=step.trust,
        filter=step.clause.kind if step.clause else None,
        place=step.clause.place if step.clause else None,
        fte=None if step.fte is None else step.fte / FTE_UNITS,
        first_day=step.first,
        until=step.until,
        days=step.days,
    )
