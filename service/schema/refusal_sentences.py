"""What each condition of a refusal asked, and how many people fail it, in plain words."""

from collections.abc import Sequence
from typing import Final

from service.capability.columns import FTE_UNITS
from service.capability.filters import Clause, FilterKind, Held
from service.capability.freedom import asked_fte
from service.capability.questioning import Question
from service.capability.refusals import Failures, Reason, Reasons
from service.domain.proof import TRUSTS, Trust

OF_ONE: Final = {"do": "does", "are": "is", "have": "has", "cost": "costs"}


def of_condition(reason: Reason, told: Reasons, found: Failures, question: Question) -> str:
    """How many people fail a condition, and how many of them nothing else."""
    verb, rest = _failing(reason, told, found, question).split(" ", 1)
    people = f"{reason.failing} of {told.considered} {'person' if told.considered == 1 else 'people'}"
    only = (
        "nobody fails" if not reason.failing_only else f"{reason.failing_only} fail{'s' * (reason.failing_only == 1)}"
    )
    said = f"{people} {OF_ONE[verb] if reason.failing == 1 else verb} {rest}; {only} only this."
    clause = reason.condition.clause
    if clause is not None and clause.kind is FilterKind.LOCATIONS:
        said += "".join(f" {each}" for each in _unknown_places(question))
    return said


def _failing(reason: Reason, told: Reasons, found: Failures, question: Question) -> str:
    """What is true of those who fail."""
    required, clause = reason.condition
    if required is not None:
        trust = f", {TRUSTS[required.floor].lower()} at least" if required.floor > Trust.CLAIMED.rank else ""
        return f"do not have {required.name} at level {required.level}{trust}"
    if clause is not None:
        return _outside(clause, question)
    return f"are not free for {asked_fte(found.asked) / FTE_UNITS:g} FTE from {told.first} until {told.until}"


def _outside(clause: Clause, question: Question) -> str:  # noqa: C901, PLR0911  # one for each kind
    """What is true of those who do not pass a clause."""
    snapshot, wanted, known = question.snapshot, question.wanted, question.resolved.known
    match clause.kind:
        case FilterKind.UNIT:
            return f"are not in {snapshot.unit(str(wanted.unit_id), known).name}"
        case FilterKind.KINDS:
            return f"are not {_one_of([each.lower() for each in wanted.kinds])}"
        case FilterKind.LOCATIONS:
            return f"do not have {_one_of(list(map(repr, wanted.locations)))} as the usual place of work"
        case FilterKind.MAX_COST_RATE:
            return f"cost more than {wanted.max_cost_rate:g} an hour, or have no known rate"
        case FilterKind.NOT_PEOPLE:
            return "are left out by name"
        case FilterKind.WANTS_TO_LEARN:
            return f"have not said that they want to learn {snapshot.skill_name(str(wanted.wants_to_learn), known)}"
        case FilterKind.ALL_OF:
            return f"do not have {_one_of([_held(each, question) for each in wanted.all_of[clause.place]])}"
        case FilterKind.NONE_OF:
            return f"have {_held(wanted.none_of[clause.place], question)}"
        case FilterKind.NOT_ON_PROJECT:
            return f"are booked on {snapshot.project(str(wanted.not_on_project), known).name}"
        case FilterKind.MIN_FREE_FTE:
            return f"have less than {wanted.min_free_fte:g} FTE free"


def _held(held: Held, question: Question) -> str:
    """A skill of the filter, with what is asked of it beyond having it."""
    floor = question.wanted.floor(held)
    level = f" at level {held.level}" if held.level > 1 else ""
    trust = f", {TRUSTS[floor].lower()} at least" if floor > Trust.CLAIMED.rank else ""
    return f"{question.snapshot.skill_name(held.skill_id, question.resolved.known)}{level}{trust}"


def _unknown_places(question: Question) -> list[str]:
    """That nobody has a place that is asked for, and what is spelt alike but for case."""
    snapshot = question.snapshot
    rows = snapshot.person_rows(question.resolved.known)[snapshot.service(question.resolved.known).exists]
    recorded = {str(each) for each in set(snapshot.registers.people["location"][rows].tolist()) if each}
    found = []
    for place in question.wanted.locations:
        if place not in recorded:
            alike = sorted(each for each in recorded if each.casefold() == place.casefold())
            offered = f"; {_one_of(list(map(repr, alike)))} is recorded" if alike else ""
            found.append(f"No person's usual place of work is {place!r}{offered}.")
    return found


def _one_of(things: Sequence[str]) -> str:
    return " or ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)
