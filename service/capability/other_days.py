"""Whether anybody fits and is free on other days than those asked, for many windows at little cost each."""

from collections.abc import Iterator
from functools import reduce
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.comparison import Comparison
from service.capability.filters import Clause, FilterKind, dated, free_enough, lasting
from service.capability.freedom import asked_fte, freedom
from service.capability.levels import Window
from service.capability.matching import AT_ONCE
from service.capability.qualification import Need, Qualification
from service.capability.questioning import Question
from service.capability.ranking import in_service
from service.capability.refusals import Condition
from service.capability.targets import Required, Resolved
from service.capability.waivers import waivers
from service.domain.proof import TRUSTS
from service.errors import Invalid

MOST_LOOKED: Final = 3_000_000
"""People whose days are looked at, all windows together: about three seconds."""


class Lacking(NamedTuple):
    """People who are available and lack one condition, the same one."""

    condition: Condition
    people: NDArray[np.intp]


class OtherDays:
    """One question at other days: stretches in which levels are met are worked out once, not for each window."""

    def __init__(self, question: Question) -> None:
        snapshot, known = question.snapshot, question.resolved.known
        self._question = question
        self._qualification = Qualification(snapshot, known)
        self._lasting = list(lasting(snapshot, question.wanted, known))
        self._looked = 0
        self._passes = reduce(np.bitwise_and, (mask for _, mask in self._lasting), snapshot.service(known).exists)

    @property
    def is_over(self) -> bool:
        """Whether so many people's days were looked at that the search was given up."""
        return self._looked >= MOST_LOOKED

    def have_somebody(self, window: Window) -> bool:
        """Whether anybody is eligible and available in a window; no when nothing is required then."""
        asked = self._on(window)
        return asked is not None and any(free.any() for free in self._available(asked, self._eligible(asked)))

    def lacking_one(self, window: Window) -> Lacking | None:
        """Who is available in a window and lacks one condition; of several, that which most of those first seen lack.

        None: nobody is, or nothing is required then.
        """
        asked = self._on(window)
        if asked is None:
            return None
        conditions, lacks = self._lacks(asked)
        none = len(conditions)
        conditions.append(Condition(clause=Clause(FilterKind.MIN_FREE_FTE)))
        for some in _by_size(np.flatnonzero(lacks >= 0)):
            free = self._free_but_one(asked, some, is_last=lacks[some] == none)
            if free.any():
                most = int(np.bincount(lacks[some][free]).argmax())
                people = np.flatnonzero(lacks == most)
                return Lacking(
                    conditions[most], people[self._free_but_one(asked, people, is_last=lacks[people] == none)]
                )
        return None

    def _on(self, window: Window) -> Comparison | None:
        """What is asked in a window; None: nothing is required then, or the search was given up."""
        question = self._question
        if self.is_over:
            return None
        try:
            resolved = question.on(window)
        except Invalid:
            return None
        policy = question.policy or question.snapshot.policy(window.first, resolved.known)
        return Comparison(question.snapshot, resolved, policy, ())

    def _lacks(self, asked: Comparison) -> tuple[list[Condition], NDArray[np.int32]]:
        """The conditions but for time, and by person which one is lacked.

        It is -1 for who lacks several or can have no time, and the number of conditions for who lacks none.
        """
        conditions = [Condition(required=each) for each in asked.resolved.requirements if each.is_mandatory]
        passes = [self._met(asked, each.required) for each in conditions if each.required is not None]
        for clause, mask in (
            *self._lasting,
            *dated(asked.snapshot, self._question.wanted, asked.window, asked.known),
        ):
            conditions.append(Condition(clause=clause))
            passes.append(mask)
        count = np.zeros(asked.snapshot.size, np.int32)
        which = np.full(asked.snapshot.size, len(conditions), np.int32)
        for place, mask in enumerate(passes):
            count += ~mask
            which[~mask] = place
        may = in_service(asked) & (asked.snapshot.service(asked.known).contract >= asked_fte(asked))
        return conditions, np.where(may & (count <= 1), which, -1)

    def _free_but_one(
        self, asked: Comparison, people: NDArray[np.intp], *, is_last: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Who is available and lacks one condition; where that *is_last*, it is the least free FTE."""
        self._looked += len(people)
        include_soft = self._question.include_soft
        is_free = freedom(asked, people, include_soft=include_soft).is_available
        is_enough = free_enough(asked, self._question.wanted, people, include_soft=include_soft)
        found: NDArray[np.bool_] = is_free & (is_last != is_enough)
        return found

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
        include_soft = self._question.include_soft
        for some in _by_size(people):
            self._looked += len(some)
            is_free = freedom(asked, some, include_soft=include_soft).is_available
            yield is_free & free_enough(asked, self._question.wanted, some, include_soft=include_soft)


def _by_size(people: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """A few of the *people* at first, then ever more."""
    size = AT_ONCE
    while len(people):
        some, people = people[:size], people[size:]
        yield some
        size *= 4


def _exempt(asked: Comparison, required: Required, resolved: Resolved) -> Iterator[int]:
    """Person rows of those with a waiver throughout the window."""
    rows, size = asked.snapshot.people.rows, asked.snapshot.size
    for person_id in waivers(asked.snapshot, required.skill_id, resolved):
        if (row := rows.get(person_id, size)) < size:
            yield row
