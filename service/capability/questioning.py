"""What is asked about people, in parts that may be changed one by one to ask something else."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple, Required, TypedDict

from service.capability.columns import FTE_UNITS
from service.capability.filters import Filter, check
from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.targets import Resolved, Target, in_order, on_days, resolve
from service.domain.policy import FitPolicy
from service.domain.proof import Trust
from service.errors import Invalid


class Question(NamedTuple):
    """What is asked, of whom; the parts may be changed one by one to ask something else."""

    snapshot: Snapshot
    resolved: Resolved
    wanted: Filter
    include_soft: bool
    policy: FitPolicy | None
    """None: the one in force on the first day."""
    today: date
    on: Callable[[Window], Resolved]
    """What the same target requires on other days."""


class Asked(TypedDict, total=False):
    """The arguments of a ``question``."""

    as_of: date | None
    until: date | None
    known: Required[int]
    min_trust: Trust | None
    today: Required[date]
    fte: float | None
    weights: Mapping[str, float] | None
    include_soft: bool
    wanted: Filter | None
    policy: FitPolicy | None


def question(  # noqa: PLR0913 the common arguments of every question, and what is particular to this one
    snapshot: Snapshot,
    target: Target,
    *,
    as_of: date | None = None,
    until: date | None = None,
    known: int,
    min_trust: Trust | None = None,
    today: date,
    fte: float | None = None,
    weights: Mapping[str, float] | None = None,
    include_soft: bool = False,
    wanted: Filter | None = None,
    policy: FitPolicy | None = None,
) -> Question:
    """The question that the arguments make; *fte* is the share asked, the position's own or 1 when not given.

    *weights* take the place of the target's own, by skill. See ``targets.resolve`` for the days and what is refused.
    """
    floor = Trust.CLAIMED if min_trust is None else min_trust

    def own(resolved: Resolved) -> Resolved:
        share = resolved.fte if fte is None else round(fte * FTE_UNITS)
        return weighted(resolved, weights or {})._replace(fte=share)

    resolved = own(resolve(snapshot, target, as_of=as_of, until=until, known=known, min_trust=min_trust, today=today))
    wanted = replace(wanted or Filter(), least_trust=floor)
    check(snapshot, wanted, resolved.known)
    return Question(
        snapshot,
        resolved,
        wanted,
        include_soft,
        policy,
        today,
        lambda window: own(on_days(snapshot, target, window, floor.rank, resolved.known)),
    )


def weighted(resolved: Resolved, weights: Mapping[str, float]) -> Resolved:
    """What is required, with other *weights* by skill; Invalid for a skill that is not required."""
    if not weights:
        return resolved
    required = {each.skill_id for each in resolved.requirements}
    for skill_id, weight in weights.items():
        if skill_id not in required:
            raise Invalid(f"skill {skill_id!r} has a weight and is not required", path=("weights",))
        if not 0 < weight <= 1000:  # noqa: PLR2004  # as a requirement's own
            raise Invalid(f"weight {weight:g} of {skill_id!r} is not above 0 and up to 1000", path=("weights",))
    changed = (each._replace(weight=weights.get(each.skill_id, each.weight)) for each in resolved.requirements)
    return resolved._replace(requirements=in_order(changed))
