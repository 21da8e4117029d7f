"""Whether anybody fits and is free on other days than those asked, for many windows at little cost each."""

from collections.abc import Iterator
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.capability.comparison import Comparison
from service.capability.filters import dated, free_enough, lasting
from service.capability.freedom import asked_fte, freedom
from service.capability.levels import Window
from service.capability.matching import AT_ONCE
from service.capability.qualification import Need, Qualification
from service.capability.questioning import Question
from service.capability.ranking import in_service
from service.capability.targets import Required, Resolved
from service.capability.waivers import waivers
from service.domain.proof import TRUSTS
from service.errors import Invalid

MOST_LOOKED: Final = 3_000_000
"""People whose days are looked at, all windows together: about three seconds."""


class OtherDays:
    """One question at other days: stretches in which levels are met are worked out once, not for each window."""

    def __init__(self, question: Question) -> None:
        snapshot, known = question.snapshot, question.resolved.known
        self._question = question
        self._qualification = Qualification(snapshot, known)
        clauses = (mask for _, mask in lasting(snapshot, question.wanted, known))
        self._looked = 0
        self._passes = reduce(np.bitwise_and, clauses, snapshot.service(known).exists)

    @property
    def is_over(self) -> bool:
        """Whether so many people's days were looked at that the search was given up."""
        return self._looked >= MOST_LOOKED

    def have_somebody(self, window: Window) -> bool:
        """Whether anybody is eligible and available in a window; no when nothing is required then."""
        question = self._question
        if self.is_over:
            return False
        try:
            resolved = question.on(window)
        except Invalid:
            return False
        policy = question.policy or question.snapshot.policy(window.first, resolved.known)
        asked = Comparison(question.snapshot, resolved, policy, ())
        return any(free.any() for free in self._available(asked, self._eligible(asked)))

    def _eligible(self, asked: Comparison) -> NDArray[np.intp]:
        """Who meets everything mandatory and passes the filter."""
        found = self._passes & in_service(asked) & (asked.snapshot.service(asked.known).contract >= asked_fte(asked))
        for required in asked.resolved.requirements:
            if required.is_mandatory:
                found &= self._met(asked, required)
        if found.any():
            clauses = dated(asked.snapshot, self._question.wanted, asked.window, asked.known)
            found = reduce(np.bitwise_and, (mask for _, mask in clauses), found)
        return np.flatnonzero(found)

    def _met(self, asked: Comparison, required: Required) -> NDArray[np.bool_]:
        snapshot, resolved = asked.snapshot, asked.resolved
        need = Need(skill_id=required.skill_id, level=required.level, floor=TRUSTS[required.floor])
        stretches = self._qualification.stretches(need)
        lasts = (stretches.first <= asked.window.first) & (stretches.until >= asked.window.until)
        found = np.zeros(snapshot.size, np.bool_)
        found[stretches.person[lasts]] = True
        found[list(_exempt(asked, required, resolved))] = True
        return found

    def _available(self, asked: Comparison, people: NDArray[np.intp]) -> Iterator[NDArray[np.bool_]]:
        """A few at first: mostly one of them is free."""
        include_soft, size = self._question.include_soft, AT_ONCE
        while len(people):
            some, people = people[:size], people[size:]
            self._looked += len(some)
            is_free = freedom(asked, some, include_soft=include_soft).is_available
            yield is_free & free_enough(asked, self._question.wanted, some, include_soft=include_soft)
            size *= 4


def _exempt(asked: Comparison, required: Required, resolved: Resolved) -> Iterator[int]:
    """Person rows of those with a waiver throughout the window."""
    rows, size = asked.snapshot.people.rows, asked.snapshot.size
    for person_id in waivers(asked.snapshot, required.skill_id, resolved):
        if (row := rows.get(person_id, size)) < size:
            yield row
