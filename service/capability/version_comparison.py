"""Two versions side by side: what one requires beside the other, whom the change concerns, and how a text changed.

Whom it concerns are those who hold the role of the first, and those booked to a position of that role whose
booking has not ended and is not REJECTED, all in service on the day. They are measured against both lists on
that day; what a position asks for by itself is left aside, being the same before and after.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.booked import booked, for_role
from service.capability.columns import NEVER
from service.capability.comparison import Comparison, comparison
from service.capability.gaps import CLAIMED, Gap, gap
from service.capability.index import Snapshot
from service.capability.levels import Window, met_throughout
from service.capability.states import ProfileState, RequirementState
from service.capability.targets import Resolved, days_asked, listed
from service.domain.policy import Cause


class DifferenceKind(StrEnum):
    """How a requirement differs between two versions."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    RAISED = "RAISED"
    LOWERED = "LOWERED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"


class Effect(StrEnum):
    """What a change of requirements does to a person."""

    NEWLY_INELIGIBLE = "NEWLY_INELIGIBLE"
    NEWLY_ELIGIBLE = "NEWLY_ELIGIBLE"
    COMPLIANCE_CHANGED = "COMPLIANCE_CHANGED"
    UNAFFECTED = "UNAFFECTED"


class LineKind(StrEnum):
    """What became of a line of a text."""

    SAME = "SAME"
    ADDED = "ADDED"
    REMOVED = "REMOVED"


EFFECTS: Final = tuple(Effect)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One skill that either version requires, with both sides."""

    skill_id: str
    skill_name: str
    kind: DifferenceKind
    before: RequirementState | None
    after: RequirementState | None


class TextLine(NamedTuple):
    """One line of a text that changed."""

    kind: LineKind
    text: str


class Shift(NamedTuple):
    """A skill whose cause is another than before; None: it is not required."""

    skill_id: str
    before: Cause | None
    after: Cause | None


class Side(NamedTuple):
    """A person against one of the versions."""

    is_eligible: bool
    compliance: float


@dataclass(frozen=True, kw_only=True)
class Concerned:
    """One person whom the change concerns."""

    person_id: str
    effect: Effect
    before: Side
    after: Side
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, kw_only=True)
class ProfileComparison:
    """Two role profiles side by side."""

    before: ProfileState
    after: ProfileState
    day: date
    known: int
    differences: tuple[Difference, ...]
    """Those that differ first, in the order of their kinds, then by name and id of the skill."""
    person: NDArray[np.intp] = field(repr=False)
    """Rows of the people concerned, by effect, then by id."""
    effect: NDArray[np.int8] = field(repr=False)
    """Place of each in ``EFFECTS``."""
    sides: tuple[Comparison, Comparison] = field(repr=False)

    def counts(self) -> dict[Effect, int]:
        """How many people there are for each effect."""
        return dict(zip(EFFECTS, np.bincount(self.effect, minlength=len(EFFECTS)).tolist(), strict=True))

    def page(self, after: tuple[int, str] | None, first: int) -> list[Concerned]:
        """The *first* people after an effect and an id."""
        ids = self.sides[0].snapshot.people.ids
        start = 0
        if after is not None:
            start = int(np.searchsorted(self.effect, after[0]))
            until = int(np.searchsorted(self.effect, after[0], side="right"))
            while start < until and ids[int(self.person[start])] <= after[1]:
                start += 1
        rows = range(start, min(start + first, len(self.person)))
        return [_concerned(self.sides, ids[int(self.person[row])], EFFECTS[self.effect[row]]) for row in rows]


def compare_profiles(  # the common arguments of every question
    snapshot: Snapshot, before_id: str, after_id: str, *, as_of: date | None = None, known: int, today: date
) -> ProfileComparison:
    """Profile *after_id* beside *before_id*, which may be of another role."""
    known, day = min(known, snapshot.seq), as_of or today
    before, after = snapshot.profile(before_id, known), snapshot.profile(after_id, known)
    lists = [{each.skill_id: each for each in snapshot.requirements(id_, known)} for id_ in (before.id, after.id)]
    window = days_asked(day, None)
    people = _people(snapshot, before.role_id, window, known)
    sides = (
        _side(snapshot, before.role_id, list(lists[0].values()), window, known),
        _side(snapshot, after.role_id, list(lists[1].values()), window, known),
    )
    person, effect = _effects(sides[0], sides[1], people)
    return ProfileComparison(
        before=before,
        after=after,
        day=day,
        known=known,
        differences=_differences(snapshot, lists[0], lists[1], known),
        person=person,
        effect=effect,
        sides=sides,
    )


def text_lines(before: str, after: str) -> list[TextLine]:
    """Every line of two texts in reading order, those removed before those that took their place."""
    old, new = before.splitlines(), after.splitlines()
    found: list[TextLine] = []
    for what, old_first, old_until, new_first, new_until in SequenceMatcher(a=old, b=new).get_opcodes():
        if what == "equal":
            found += [TextLine(LineKind.SAME, each) for each in old[old_first:old_until]]
            continue
        found += [TextLine(LineKind.REMOVED, each) for each in old[old_first:old_until]]
        found += [TextLine(LineKind.ADDED, each) for each in new[new_first:new_until]]
    return found


def _differences(
    snapshot: Snapshot, before: dict[str, RequirementState], after: dict[str, RequirementState], known: int
) -> tuple[Difference, ...]:
    found = [
        Difference(
            skill_id=skill_id,
            skill_name=snapshot.skill_name(skill_id, known),
            kind=_kind(before.get(skill_id), after.get(skill_id)),
            before=before.get(skill_id),
            after=after.get(skill_id),
        )
        for skill_id in before | after
    ]
    order = list(DifferenceKind)
    return tuple(sorted(found, key=lambda each: (order.index(each.kind), each.skill_name, each.skill_id)))


def _kind(before: RequirementState | None, after: RequirementState | None) -> DifferenceKind:
    """A level that moved counts before all else."""
    if before is None or after is None:
        return DifferenceKind.ADDED if before is None else DifferenceKind.REMOVED
    if before.level != after.level:
        return DifferenceKind.RAISED if after.level > before.level else DifferenceKind.LOWERED
    rest = [(each.weight, each.is_mandatory, each.min_trust) for each in (before, after)]
    return DifferenceKind.UNCHANGED if rest[0] == rest[1] else DifferenceKind.CHANGED


def _people(snapshot: Snapshot, role_id: str, window: Window, known: int) -> NDArray[np.bool_]:
    """Which person rows the change concerns."""
    service = snapshot.service(known)
    seats = for_role(snapshot, role_id, known)
    concerned = service.holding(snapshot.roles.rows.get(role_id)) | booked(snapshot, seats, window.first, NEVER, known)
    return concerned & service.on(window.first)


def _side(
    snapshot: Snapshot, role_id: str, required: Sequence[RequirementState], window: Window, known: int
) -> Comparison:
    """One of the versions as people are compared with it; it may require nothing."""
    found = listed(snapshot, required, CLAIMED, known) if required else ()
    return comparison(snapshot, Resolved(found, window, known, role_id))


def _closed(side: Comparison) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """For every person row, whether all that is mandatory is MET or WAIVED, and how many lines are; 1 of none."""
    snapshot = side.snapshot
    eligible, lines = np.ones(snapshot.size, np.bool_), np.full(snapshot.size, not side.criteria, np.int64)
    for required, _, waivers in side.criteria:
        closed = np.zeros(snapshot.size, np.bool_)
        rows = snapshot.block(required.skill_id).counting
        closed[met_throughout(rows, required.level, side.window, known=side.known, floor=required.floor)] = True
        exempt = (snapshot.people.rows.get(each, snapshot.size) for each in waivers)
        closed[[row for row in exempt if row < snapshot.size]] = True
        lines += closed
        if required.is_mandatory:
            eligible &= closed
    return eligible, lines


def _effects(
    before: Comparison, after: Comparison, people: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.int8]]:
    """The people, and what the change does to each, by effect and then by id."""
    (was, had), (will, has) = _closed(before), _closed(after)
    effect = np.full(len(people), EFFECTS.index(Effect.UNAFFECTED), np.int8)
    effect[had * max(1, len(after.criteria)) != has * max(1, len(before.criteria))] = EFFECTS.index(
        Effect.COMPLIANCE_CHANGED
    )
    effect[will & ~was] = EFFECTS.index(Effect.NEWLY_ELIGIBLE)
    effect[was & ~will] = EFFECTS.index(Effect.NEWLY_INELIGIBLE)
    person = np.flatnonzero(people)
    snapshot = before.snapshot
    order = np.lexsort((snapshot.people.order(snapshot.size)[person], effect[person]))
    return person[order], effect[person[order]]


def _concerned(sides: tuple[Comparison, Comparison], person_id: str, effect: Effect) -> Concerned:
    gaps = [gap(side, person_id) if side.criteria else None for side in sides]
    causes = [{} if each is None else {line.skill_id: line.cause for line in each.lines} for each in gaps]
    skills = sorted(causes[0] | causes[1])
    return Concerned(
        person_id=person_id,
        effect=effect,
        before=_measured(gaps[0]),
        after=_measured(gaps[1]),
        shifts=tuple(
            Shift(each, causes[0].get(each), causes[1].get(each))
            for each in skills
            if causes[0].get(each) != causes[1].get(each)
        ),
    )


def _measured(found: Gap | None) -> Side:
    """Where nothing is required, everybody is eligible."""
    return Side(is_eligible=True, compliance=1.0) if found is None else Side(found.is_eligible, found.compliance)
