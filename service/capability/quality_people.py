"""What is missing about people, and about what is said of them: counted in columns, listed a page at a time."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import ALWAYS, day_of
from service.capability.index import Snapshot
from service.capability.membership import belonging
from service.capability.rows import Rows
from service.domain.proof import TRUSTS


class Item(NamedTuple):
    """One thing that a finding is about."""

    key: str
    """Its place in the list."""
    label: str
    id: str
    name: str
    note: str


Draw = Callable[[str, int], list[Item]]
"""The first so many items after a key."""

Found = tuple[int, int, Draw]
"""How many there are, of how many looked at, and the items."""


class Asked(NamedTuple):
    """The people asked about: in service on the day, and in the unit where one is asked."""

    snapshot: Snapshot
    day: int
    known: int
    people: NDArray[np.bool_]

    @classmethod
    def of(cls, snapshot: Snapshot, unit_id: str | None, day: int, known: int) -> "Asked":
        """The people of a unit, or all."""
        people = snapshot.service(known).on(day)
        if unit_id is not None:
            people &= belonging(snapshot, unit_id, known)
        return cls(snapshot, day, known, people)

    @property
    def size(self) -> int:
        """How many people there are."""
        return int(self.people.sum())


class Statements(NamedTuple):
    """The assertions that count on the day, by skill."""

    rows: dict[str, Rows]
    """Of the people asked about."""
    skills: dict[str, int]
    """How many there are of each skill, whoever holds it."""


def statements(asked: Asked) -> Statements:
    """What counts on the day: neither rejected nor retracted, and in force."""
    rows, skills = dict[str, Rows](), dict[str, int]()
    for skill_id, block in asked.snapshot.assertions.blocks.items():
        every = block.counting
        counts = (every.first <= asked.day) & (every.until > asked.day)
        counts &= (every.recorded <= asked.known) & (every.retracted > asked.known)
        skills[skill_id] = int(counts.sum())
        rows[skill_id] = every.take(np.flatnonzero(counts & asked.people[every.person]))
    return Statements(rows, skills)


def without_unit(asked: Asked) -> Found:
    """People who belong to no unit."""
    missing = asked.people & (asked.snapshot.service(asked.known).unit < 0)
    return _people(asked, missing, lambda _: "no unit")


def without_role(asked: Asked) -> Found:
    """People who hold no role."""
    missing = asked.people & (asked.snapshot.service(asked.known).role < 0)
    return _people(asked, missing, lambda _: "no role")


def without_skills(asked: Asked, stated: Statements) -> Found:
    """People of whom nothing is said that counts on the day."""
    missing = asked.people.copy()
    for rows in stated.rows.values():
        missing[rows.person] = False
    return _people(asked, missing, lambda _: "no statement in force")


def stale(asked: Asked, since: int) -> Found:
    """People of whom nothing was stated or decided from a day on, or nothing ever."""
    latest = _latest(asked)
    missing = asked.people & (latest < since)

    def note(person: int) -> str:
        return f"last statement or decision {day_of(int(latest[person]))}" if latest[person] > ALWAYS else "none ever"

    return _people(asked, missing, note)


def _latest(asked: Asked) -> NDArray[np.int32]:
    """For each person row, the day of the newest known statement or decision up to the day asked."""
    decided = _decided(asked)
    latest = np.full(asked.snapshot.size, ALWAYS, np.int32)
    for block in asked.snapshot.assertions.blocks.values():
        every = block.stated
        counts = (every.recorded <= asked.known) & (every.retracted > asked.known) & (every.asserted <= asked.day)
        np.maximum.at(latest, every.person, np.where(counts, every.asserted, ALWAYS))
        if block.decisions:
            np.maximum.at(latest, every.person, decided[every.reference])
    return latest


def _decided(asked: Asked) -> NDArray[np.int32]:
    """By reference of an assertion, the day of the newest known decision on it up to the day asked."""
    blocks, references = asked.snapshot.assertions
    decided = np.full(len(references), ALWAYS, np.int32)
    for block in blocks.values():
        for reference, states in block.decisions.items():
            for each in states:
                if each.recorded_seq <= asked.known < each.retracted_seq and each.decided_on <= asked.day:
                    decided[reference] = max(decided[reference], each.decided_on)
    return decided


def without_evidence(asked: Asked, stated: Statements) -> Found:
    """Assertions that count on the day with nothing known that supports them; the share is of all that count."""
    snapshot = asked.snapshot
    supported = _supported(asked)
    bare = {skill_id: rows.take(~supported[rows.reference]) for skill_id, rows in stated.rows.items()}
    places = snapshot.people.order(snapshot.size)

    def items(after: str) -> Iterator[Item]:
        from_skill = after.partition(" ")[0]
        for skill_id in sorted(each for each, rows in bare.items() if each >= from_skill and len(rows.person)):
            name, rows = snapshot.skill_name(skill_id, asked.known), bare[skill_id]
            order = np.argsort(places[rows.person], kind="stable").tolist()
            for _, of_one in groupby(order, key=rows.person.__getitem__):
                yield from sorted(_statement(asked, skill_id, name, rows, row) for row in of_one)

    def draw(after: str, first: int) -> list[Item]:
        return list(islice((item for item in items(after) if item.key > after), first))

    looked_at = sum(len(rows.person) for rows in stated.rows.values())
    return sum(len(rows.person) for rows in bare.values()), looked_at, draw


def _supported(asked: Asked) -> NDArray[np.bool_]:
    """By reference of an assertion, whether some evidence that is known speaks for it."""
    snapshot = asked.snapshot
    evidence = snapshot.tables.evidence_by_assertion.all_known(asked.known)
    ids = sorted({each.assertion_id for each in evidence if not each.is_negative})
    return snapshot.assertions.references.of_any(ids)


def _statement(asked: Asked, skill_id: str, skill_name: str, rows: Rows, row: int) -> Item:
    """An assertion as an item; its key sorts by skill, then person, then its own id, none of which have blanks."""
    person, id_ = int(rows.person[row]), asked.snapshot.assertion_id(int(rows.reference[row]))
    name = f"{asked.snapshot.person_name(person, asked.known)}: {skill_name} at level {int(rows.level[row])}"
    note = f"{TRUSTS[int(rows.trust[row])].lower()}, stated {day_of(int(rows.asserted[row]))}"
    return Item(f"{skill_id} {asked.snapshot.people.ids[person]} {id_}", "Assertion", id_, name, note)


def _people(asked: Asked, missing: NDArray[np.bool_], note: Callable[[int], str]) -> Found:
    """A finding about people: listed by id."""
    snapshot = asked.snapshot
    person = np.flatnonzero(missing)
    person = person[np.argsort(snapshot.people.order(snapshot.size)[person])]

    def draw(after: str, first: int) -> list[Item]:
        ids = snapshot.people.ids
        start = bisect_right(person, after, key=lambda row: ids[int(row)])
        chosen = person[start : start + first].tolist()
        return [Item(ids[row], "Person", ids[row], snapshot.person_name(row, asked.known), note(row)) for row in chosen]

    return len(person), asked.size, draw
