"""Whose rank another fit policy would move."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from service.capability import policy_preview as preview
from service.capability.filters import Filter
from service.capability.policy_preview import PolicyNumber
from service.capability.targets import POINTS
from service.errors import Invalid
from service.schema.asking import (
    TARGET,
    AsOf,
    Known,
    MinTrust,
    TargetInput,
    Until,
    known_since,
    reckon,
    target_of,
    this_day,
)
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.ids import own_id_in, parse
from service.schema.keyset import page_of
from service.schema.nodes import Connection, edge, key_of
from service.schema.scalars import After, First, PageSize

describe(
    PolicyNumber,
    {
        "GAMMA": "Exponent on the share of the required level.",
        "FLOOR": "Least recency factor.",
        "GRACE_MONTHS": "Months without use before quality fades.",
        "HALF_LIFE_MONTHS": "Months in which the fading part halves.",
        "CONFIDENCE_INFERRED": "Factor for an INFERRED level.",
        "CONFIDENCE_CLAIMED": "Factor for a CLAIMED level.",
        "CONFIDENCE_ENDORSED": "Factor for an ENDORSED level.",
        "NARROWER": "Credit of a narrower skill.",
        "BROADER": "Credit of a broader skill.",
        "RELATED": "Credit of a curated related skill, times its weight.",
        "LEAST_RELATED_WEIGHT": "Least weight of a related skill that gives credit.",
        "MAX_AWAY": "Largest share of the asked working days that a free person may be absent.",
    },
)


@strawberry.type(description="A number in which two fit policies differ.")
class PolicyDifference:
    """A number in which two fit policies differ."""

    number: PolicyNumber = strawberry.field(description="Which number.")
    before: float = strawberry.field(description="In the policy in force.")
    after: float = strawberry.field(description="In the version previewed.")


@strawberry.type(description="A candidate under the policy in force and under the version previewed.")
class PolicyMove:
    """A candidate under the policy in force and under the version previewed."""

    person_id: strawberry.Private[str]
    name: str = strawberry.field(description="The person's name as it was known.")
    is_eligible: bool = strawberry.field(
        description="Every mandatory requirement is MET or WAIVED. The same under every policy: no number changes it."
    )
    move: int = strawberry.field(
        description="Places between the two ranks; who is no candidate stands one place behind the last of either list."
    )
    rank_before: int | None = strawberry.field(description="1 is the first; null: no candidate under the one in force.")
    rank_after: int | None = strawberry.field(description="1 is the first; null: no candidate under the version.")
    fit_before: float | None = strawberry.field(description="Fit by the policy in force, 0 to 1; null: no candidate.")
    fit_after: float | None = strawberry.field(description="Fit by the version, 0 to 1; null: no candidate.")
    was_available: bool | None = strawberry.field(
        description="Free by the policy in force, which says how long a free person may be away; null: no candidate."
    )
    is_available: bool | None = strawberry.field(description="Free by the version; null: no candidate.")
    person = edge("Person", "person_id", "The person.", is_required=True)


@strawberry.type(description="Everybody who is a candidate under either policy: the largest move first, then by id.")
class FitPolicyPreview(Connection[PolicyMove]):
    """Everybody who is a candidate under either policy: the largest move first, then by id."""

    policy_id: strawberry.Private[str]
    first_day: date = strawberry.field(description="First day asked about; the policy in force on it is compared with.")
    until: date = strawberry.field(description="First day no longer asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    policy_before: str = strawberry.field(description="The policy in force.")
    policy_after: str = strawberry.field(description="The version previewed.")
    level_rule: str = strawberry.field(description="The rule by which effective levels were chosen.")
    availability_rule: str = strawberry.field(description="The rule by which availability was reckoned.")
    differences: list[PolicyDifference] = strawberry.field(description="The numbers in which the two differ.")
    moved_count: int = strawberry.field(description="Candidates under either whose rank is another.")
    unmoved_count: int = strawberry.field(description="Candidates whose rank is the same.")
    version = edge("FitPolicyVersion", "policy_id", "The version previewed.", is_required=True)


POLICY = strawberry.argument(description="The version to try, a FitPolicyVersion; it may be a draft.")
UNIT = strawberry.argument(description="Only people of this unit and the units in it.")


async def preview_fit_policy(  # noqa: PLR0913, PLR0917  # the arguments of the question
    info: Info[Context, None],
    policy: Annotated[strawberry.ID, POLICY],
    target: Annotated[TargetInput, TARGET],
    unit: Annotated[strawberry.ID | None, UNIT] = None,
    as_of: AsOf = None,
    until: Until = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
    first: First = PageSize(20),
    after: After = None,
) -> FitPolicyPreview:
    """Answer ``previewFitPolicy``. Later pages are of the same change and day as the first."""
    context = info.context
    policy_id = parse(policy, "FitPolicyVersion", path=("policy",))[1]
    asked, unit_id = target_of(target), own_id_in(unit, "OrgUnit", ("unit",))
    began = _began(after)
    snapshot, known = await known_since(info, known_at, began[0] if began else None)
    today = began[1] if began else this_day()
    found = await reckon(
        context,
        lambda: preview.policy_preview(
            snapshot,
            policy_id,
            asked,
            as_of=as_of,
            until=until,
            known=known,
            min_trust=min_trust,
            today=today,
            wanted=Filter(unit_id=unit_id),
        ),
    )
    page = page_of(found.moves, lambda move: _key(known, today, move), _shown, first, after)
    return FitPolicyPreview(
        **vars(page),
        policy_id=policy_id,
        first_day=found.first,
        until=found.until,
        known_seq=found.known,
        policy_before=found.before.version,
        policy_after=found.after.version,
        level_rule=found.level_rule,
        availability_rule=found.availability_rule,
        differences=[PolicyDifference(**each._asdict()) for each in found.differences],
        moved_count=found.moved,
        unmoved_count=len(found.moves) - found.moved,
    )


HIGHEST = 10**12
"""More than any size of a move, so that the largest move has the lowest key."""


def _key(known: int, today: date, move: preview.Move) -> str:
    return f"{known} {today} {HIGHEST - move.size:013} {move.person_id}"


def _began(cursor: str | None) -> tuple[int, date] | None:
    """The change and the day at which a list was begun; Invalid when the cursor is not one of this list."""
    if cursor is None:
        return None
    try:
        known, day, size, _ = key_of(cursor).split(" ", 3)
        int(size)
        return int(known), date.fromisoformat(day)
    except ValueError:
        raise Invalid(f"{cursor[:100]!r} is not a cursor of this list", path=("after",)) from None


def _shown(move: preview.Move) -> PolicyMove:
    before, after = move.before, move.after
    return PolicyMove(
        person_id=move.person_id,
        name=move.name,
        is_eligible=any(each is not None and each.is_eligible for each in (before, after)),
        move=move.size,
        rank_before=None if before is None else before.rank,
        rank_after=None if after is None else after.rank,
        fit_before=None if before is None else before.fit / POINTS,
        fit_after=None if after is None else after.fit / POINTS,
        was_available=None if before is None else before.is_available,
        is_available=None if after is None else after.is_available,
    )


POLICY_PREVIEW = {
    "previewFitPolicy": strawberry.field(
        resolver=preview_fit_policy,
        description="Whose rank and fit a version of the fit policy would move, before it is published. "
        "Who is eligible never changes by policy.",
    ),
}
