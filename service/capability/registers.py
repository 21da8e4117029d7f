"""People, absences and bookings: states as columns in the order they came."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.capability.columns import ALWAYS, CURRENT, NEVER, Absences, Bookings, Service
from service.capability.identities import Identities
from service.capability.reading import Columns, Facts
from service.domain.people import Absence, Person
from service.domain.work import Allocation, AllocationStatus, Approval

Arrays = dict[str, NDArray[Any]]


class Register:
    """States of one kind. ``id``, ``person``, ``recorded`` and ``retracted`` are always among the columns."""

    def __init__(self, columns: Arrays) -> None:
        self.columns = columns
        self.views: dict[str, Any] = {}
        """What was made of the latest states, for every snapshot that shares this register."""

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    @cached_property
    def latest(self) -> int:
        """The number from which on everything stays known as it is."""
        recorded, retracted = self["recorded"], self["retracted"]
        return int(max(recorded.max(initial=0), retracted[retracted != CURRENT].max(initial=0)))

    def known(self, known: int) -> NDArray[np.intp]:
        """The rows known at a sequence number."""
        return np.flatnonzero((self["recorded"] <= known) & (known < self["retracted"]))

    def merged(self, added: Arrays) -> "Register":
        """Another register with more states; one of known id and recorded_seq ends the former."""
        place, end, is_new = self._present(added)
        columns = dict(self.columns)
        if place:
            columns["retracted"] = self["retracted"].copy()
            columns["retracted"][place] = added["retracted"][end]
        if is_new.any():
            columns = {name: np.concatenate((columns[name], added[name][is_new])) for name in columns}
        return Register(columns)

    def _present(self, added: Arrays) -> tuple[list[int], list[int], NDArray[np.bool_]]:
        """Rows of this register and of *added* that are the same state, and which of *added* are new.

        Of a state that comes twice in *added* the last is taken.
        """
        sought = {key: row for row, key in enumerate(zip(added["id"], added["recorded"].tolist(), strict=True))}
        is_new = np.zeros(len(added["id"]), np.bool_)
        is_new[list(sought.values())] = True
        alike = np.isin(self["person"], added["person"]) & np.isin(self["recorded"], added["recorded"])
        pairs = []
        for row in np.flatnonzero(alike).tolist():
            found = sought.get((self["id"][row], int(self["recorded"][row])))
            if found is not None:
                pairs.append((row, found))
        present = [found for _, found in pairs]
        is_new[present] = False
        return [row for row, _ in pairs], present, is_new


@dataclass
class Names:
    """Ids and names that stand in columns as numbers; shared by all snapshots."""

    people: Identities = field(default_factory=Identities)
    units: Identities = field(default_factory=Identities)
    positions: Identities = field(default_factory=Identities)
    calendars: Identities = field(default_factory=Identities)
    skills: Identities = field(default_factory=Identities)
    roles: Identities = field(default_factory=Identities)


def person_columns(facts: Facts, names: Names) -> Arrays:
    """The states of Person in *facts*."""
    columns = Columns(Person, facts.get("Person", {}))
    return _dated(columns, "id", names) | {
        "name": columns.texts("name"),
        "contract": columns.fte("contract_fte"),
        "calendar": names.calendars.codes(columns.values("calendar")).astype(np.int16),
        "unit": names.units.codes(columns.values("unit_id")),
        "site": names.units.codes(columns.values("site_id")),
        "role": names.roles.codes(columns.values("role_id")),
        "kind": columns.texts("kind"),
        "location": columns.texts("location"),
        "rate": columns.numbers("cost_rate"),
    }


def absence_columns(facts: Facts, names: Names) -> Arrays:
    """The states of Absence in *facts*."""
    return _dated(Columns(Absence, facts.get("Absence", {})), "person_id", names)


def booking_columns(facts: Facts, names: Names) -> Arrays:
    """The states of Allocation in *facts*, REJECTED ones too."""
    columns = Columns(Allocation, facts.get("Allocation", {}))
    return _dated(columns, "person_id", names) | {
        "fte": columns.fte("fte"),
        "position": names.positions.codes(columns.values("position_id")),
        "is_hard": columns.texts("status") == AllocationStatus.HARD,
        "is_rejected": columns.texts("approval") == Approval.REJECTED,
    }


def _dated(columns: Columns, person: str, names: Names) -> Arrays:
    return {
        "id": columns.texts("id"),
        "person": names.people.codes(columns.values(person)),
        "first": columns.days("valid_from", ALWAYS),
        "until": columns.days("valid_until", NEVER),
        "recorded": columns.integers("recorded_seq"),
        "retracted": columns.integers("retracted_seq", CURRENT),
    }


class Registers(NamedTuple):
    """The kinds of which there may be hundreds of thousands."""

    people: Register
    absences: Register
    bookings: Register

    @classmethod
    def read(cls, facts: Facts, names: Names) -> "Registers":
        """The states in *facts* alone."""
        columns = (person_columns(facts, names), absence_columns(facts, names), booking_columns(facts, names))
        return cls(*map(Register, columns))

    def merged(self, facts: Facts, names: Names) -> "Registers":
        """Other registers with the states in *facts* too; a kind that *facts* lacks is shared."""
        people, absences, bookings = self
        if facts.get("Person"):
            people = people.merged(person_columns(facts, names))
        if facts.get("Absence"):
            absences = absences.merged(absence_columns(facts, names))
        if facts.get("Allocation"):
            bookings = bookings.merged(booking_columns(facts, names))
        return Registers(people, absences, bookings)


def person_rows(people: Register, known: int, size: int) -> NDArray[np.int32]:
    """For each of *size* person rows, the row of the state that is known; -1: none."""
    rows = np.full(size, -1, np.int32)
    found = people.known(known)
    rows[people["person"][found]] = found
    return rows


def service_of(people: Register, rows: NDArray[np.int32]) -> Service:
    """The service of each person, from the rows of their known states."""
    exists = rows >= 0
    service = Service(
        contract=np.zeros(len(rows), np.int64),
        first=np.zeros(len(rows), np.int32),
        until=np.zeros(len(rows), np.int32),
        calendar=np.full(len(rows), -1, np.int16),
        exists=exists,
        unit=np.full(len(rows), -1, np.int32),
        site=np.full(len(rows), -1, np.int32),
        role=np.full(len(rows), -1, np.int32),
    )
    for name in ("contract", "first", "until", "calendar", "unit", "site", "role"):
        getattr(service, name)[exists] = people[name][rows[exists]]
    return service


def bookings_of(bookings: Register, known: int) -> Bookings:
    """The bookings that are known and not REJECTED."""
    rows = bookings.known(known)
    rows = rows[~bookings["is_rejected"][rows]]
    return Bookings(*(bookings[name][rows] for name in Bookings._fields))


def absences_of(absences: Register, known: int) -> Absences:
    """The absences that are known."""
    rows = absences.known(known)
    return Absences(*(absences[name][rows] for name in Absences._fields))
