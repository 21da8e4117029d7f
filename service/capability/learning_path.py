"""Courses that lead from nothing to what is asked, each after those that it builds on."""

from collections.abc import Iterable
from typing import NamedTuple

from service.capability.index import Snapshot
from service.capability.states import CourseState, OutcomeState
from service.capability.targets import Required


class Step(NamedTuple):
    """A course of a learning path."""

    course: CourseState
    develops: tuple[OutcomeState, ...]
    """What it develops of what is asked; nothing where it only comes first."""


def learning_path(snapshot: Snapshot, required: Iterable[Required], known: int) -> tuple[Step, ...]:
    """For each skill the fewest courses from level 0 towards the level, and what they build on, in order.

    Where nothing leads on from a level, the path for that skill ends there.
    """
    develops: dict[str, list[OutcomeState]] = {}
    for each in required:
        for outcome in _chain(snapshot, each, known):
            develops.setdefault(outcome.course_id, []).append(outcome)
    ordered: dict[str, CourseState] = {}
    for course_id in develops:
        _place(snapshot, course_id, known, ordered, set())
    return tuple(Step(course, tuple(develops.get(course_id, ()))) for course_id, course in ordered.items())


def _chain(snapshot: Snapshot, required: Required, known: int) -> list[OutcomeState]:
    """The fewest outcomes that lead from level 0 to the level; of equals those of the shorter course."""
    tables = snapshot.tables
    hours = {
        each.course_id: course.hours
        for each in tables.outcomes_by_skill.known(required.skill_id, known)
        for course in tables.courses.known(each.course_id, known)
    }

    def goodness(each: OutcomeState) -> tuple[int, bool, float, str]:
        known_hours = hours[each.course_id]
        return -min(each.to_level, required.level), known_hours is None, known_hours or 0.0, each.course_id

    found: list[OutcomeState] = []
    reached = 0
    while reached < required.level:
        leading = [
            each
            for each in tables.outcomes_by_skill.known(required.skill_id, known)
            if each.course_id in hours and each.from_level <= reached < each.to_level
        ]
        if not leading:
            break
        found.append(min(leading, key=goodness))
        reached = found[-1].to_level
    return found


def _place(snapshot: Snapshot, course_id: str, known: int, ordered: dict[str, CourseState], pending: set[str]) -> None:
    """Put a course behind everything that it builds on."""
    if course_id in ordered or course_id in pending:
        return
    for course in snapshot.tables.courses.known(course_id, known):
        for first in sorted(course.prerequisite_ids):
            _place(snapshot, first, known, ordered, pending | {course_id})
        ordered[course_id] = course
