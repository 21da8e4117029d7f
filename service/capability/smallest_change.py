"""The smallest change that makes a person eligible: the steps for each open mandatory requirement, none too many.

A course that closes several requirements is one step. Of all sets of courses that close what courses can
close, one of the lowest price is taken, those of unknown price only where nothing else serves.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]

from service.capability.gaps import CLOSED, Cure, CureKind, Gap, Line, cheapest
from service.capability.proving import Proof
from service.capability.states import CourseState

SECONDS = 2.0
"""Longest time that the choice among courses may take."""
A_COURSE = 0.001
"""What one more course weighs beside its price, so that of equal prices the fewest courses are chosen."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to do, and the requirements that it closes."""

    kind: CureKind
    lines: tuple[Line, ...]
    assertion_id: str | None = None
    proof: Proof | None = None
    """VERIFY: who has yet to decide. EVIDENCE: what has to be shown."""
    until: date | None = None
    """WAIT: the day on which what is suspended counts again."""
    course: CourseState | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """What makes a person eligible who is not."""

    steps: tuple[Step, ...]

    @property
    def is_possible(self) -> bool:
        """Whether the registry knows something that closes each open mandatory requirement."""
        return all(each.kind is not CureKind.NOTHING_KNOWN for each in self.steps)

    @property
    def hours(self) -> float | None:
        """Hours of all its courses; None: not known, or not possible."""
        return self._total([each.course.hours for each in self.steps if each.course])

    @property
    def price(self) -> float | None:
        """Price of all its courses; None: not known, or not possible."""
        return self._total([each.course.price for each in self.steps if each.course])

    def _total(self, parts: Sequence[float | None]) -> float | None:
        known = [each for each in parts if each is not None]
        return sum(known) if self.is_possible and len(known) == len(parts) else None


def smallest_change(gap: Gap) -> Change | None:
    """What closes every open mandatory requirement of a gap; None: the person is eligible."""
    if gap.is_eligible:
        return None
    steps, taught = list[Step](), list[Line]()
    for line in gap.lines:
        if not line.is_mandatory or line.cause in CLOSED or line.cure is None:
            continue
        if line.cure.kind is CureKind.COURSE:
            taught.append(line)
        else:
            steps += _steps(line, line.cure)
    return Change(steps=(*steps, *_courses(taught)))


def _steps(line: Line, cure: Cure) -> Iterator[Step]:
    """What closes a requirement without a course; decisions and evidence are two steps."""
    step = Step(kind=cure.kind, lines=(line,), assertion_id=cure.assertion_id, proof=cure.proof, until=cure.until)
    yield step
    if cure.kind is CureKind.VERIFY and cure.proof is not None and cure.proof.lacking:
        yield replace(step, kind=CureKind.EVIDENCE)


def _courses(lines: Sequence[Line]) -> list[Step]:
    """The cheapest courses that together close *lines*, which a course each closes."""
    courses, closes = dict[str, CourseState](), defaultdict[str, set[int]](set)
    for at, line in enumerate(lines):
        for course in line.cure.courses if line.cure else ():
            courses[course.id] = course
            closes[course.id].add(at)
    useful = list[CourseState]()
    for course in sorted(courses.values(), key=cheapest):
        if not any(closes[course.id] <= closes[each.id] for each in useful):
            useful.append(course)
    chosen = _cover(useful, [closes[each.id] for each in useful], len(lines))
    return [
        Step(kind=CureKind.COURSE, lines=tuple(lines[at] for at in sorted(closes[each.id])), course=each)
        for each in chosen
    ]


def _cover(courses: Sequence[CourseState], closes: Sequence[set[int]], count: int) -> list[CourseState]:
    """Of *courses*, the cheapest first, a set of the lowest price that closes all lines, and none of them in vain."""
    chosen: Sequence[int] = range(len(courses))
    if sum(map(len, closes)) > count:
        prices = [each.price for each in courses]
        most = 1.0 + sum(each for each in prices if each is not None)
        found = milp(
            np.array([A_COURSE + (most if each is None else each) for each in prices]),
            integrality=np.ones(len(courses)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(np.array([[at in its for its in closes] for at in range(count)], float), 1),
            options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
        )
        if found.x is not None:
            chosen = np.flatnonzero(found.x > 0.5).tolist()  # noqa: PLR2004  # whole numbers but for rounding
    kept = list(chosen)
    for place in reversed(list(chosen)):
        rest = [each for each in kept if each != place]
        if set[int]().union(*(closes[each] for each in rest)) == set(range(count)):
            kept = rest
    return [courses[each] for each in kept]
