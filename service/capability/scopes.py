"""Whose skills an assessor may decide on, as masks over people for each skill."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.capability.index import Snapshot

People = NDArray[np.bool_]
"""For each person row of the snapshot, whether it is meant."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """One scope in force: skills and people, or None where it has no such limit."""

    skills: frozenset[str] | None
    people: People | None


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Which people's assertions are asked about, skill by skill."""

    skills: frozenset[str] | None
    people: People
    scopes: Sequence[Scope] | None
    """None: nobody's authority is asked about."""

    def people_in(self, skill_id: str) -> People:
        """The people whose assertions in a skill are meant."""
        if self.skills is not None and skill_id not in self.skills:
            return np.zeros_like(self.people)
        if self.scopes is None:
            return self.people
        covered = np.zeros_like(self.people)
        for scope in self.scopes:
            if scope.skills is None or skill_id in scope.skills:
                covered |= True if scope.people is None else scope.people
        return self.people & covered


def reach(
    snapshot: Snapshot, day: int, known: int, *, assessor_id: str | None, unit_id: str | None, skill_id: str | None
) -> Reach:
    """The people of a unit, in a branch of the skills, whom an assessor may decide about on a day; each may be None.

    Raises NotFound for an assessor, unit or skill that is not known.
    """
    skills = None if skill_id is None else frozenset(snapshot.branch(skill_id, known))
    people = snapshot.service(known).exists.copy()
    if unit_id is not None:
        people &= snapshot.in_unit(unit_id, known)
    if assessor_id is None:
        return Reach(skills=skills, people=people, scopes=None)
    people[snapshot.person_row(assessor_id, known)] = False
    scopes = [
        Scope(
            skills=None if each.skill_id is None else frozenset(snapshot.branch(each.skill_id, known)),
            people=None if each.unit_id is None else snapshot.in_unit(each.unit_id, known),
        )
        for each in snapshot.tables.scopes_by_person.known(assessor_id, known)
        if each.valid_from <= day < each.valid_until
    ]
    return Reach(skills=skills, people=people, scopes=scopes)
