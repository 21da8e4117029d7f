"""Who holds several skills at once, and at which levels."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from service.capability.index import Snapshot
from service.capability.levels import standing


class Held(NamedTuple):
    """One skill that a person holds."""

    skill_id: str
    level: int
    trust: int


class Holder(NamedTuple):
    """A person who holds some of the skills asked."""

    person_id: str
    held: list[Held]
    """In the order in which the skills were asked for."""

    @property
    def key(self) -> str:
        """Sorts holders: most skills first, then the highest sum of levels, then by id."""
        return f"{999 - len(self.held):03d} {9999 - sum(each.level for each in self.held):04d} {self.person_id}"


def holders(
    snapshot: Snapshot,
    skill_ids: Sequence[str],
    *,
    day: int,
    known: int,
    floor: int,
    min_level: int,
    unit_id: str | None = None,
) -> list[Holder]:
    """Everybody in service on *day* with one of the skills at *min_level* or more, those with most of them first."""
    is_considered = snapshot.service(known).on(day)
    if unit_id is not None:
        is_considered &= snapshot.in_unit(unit_id, known)
    found: dict[int, list[Held]] = {}
    for skill_id in skill_ids:
        at = standing(snapshot.block(skill_id), day, known=known, floor=floor)
        for place in np.flatnonzero(at.level >= min_level).tolist():
            person = int(at.person[place])
            if person < snapshot.size and is_considered[person]:
                held = Held(skill_id, int(at.level[place]), int(at.trust[place]))
                found.setdefault(person, []).append(held)
    people = snapshot.people.ids
    return sorted((Holder(people[row], held) for row, held in found.items()), key=lambda each: each.key)
