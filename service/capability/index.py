"""The capability index: every state of what the reckoning needs, as immutable snapshots."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from service.capability.assertions import (
    Assertions,
    Statements,
    apply_assertions,
    build_assertions,
    read_decisions,
    read_statements,
)
from service.capability.blocks import EMPTY_BLOCK, Block
from service.capability.calendars import Calendars
from service.capability.columns import Absences, Bookings, Service
from service.capability.identities import Identities
from service.capability.reading import Facts, S
from service.capability.references import NO_IDS, Ids, References, ids_of, joined_ids
from service.capability.registers import (
    Names,
    Register,
    Registers,
    absences_of,
    bookings_of,
    person_rows,
    service_of,
)
from service.capability.states import (
    JobDescriptionState,
    PolicyState,
    PositionState,
    ProfileState,
    ProjectState,
    RequirementState,
    RoleState,
    SkillState,
    UnitState,
)
from service.capability.tables import Table, Tables
from service.domain.policy import FitPolicy
from service.domain.roles import VersionStatus
from service.domain.skills import RelationKind
from service.errors import NotFound

T = TypeVar("T")


class Snapshot:
    """What was written up to change ``seq``. It never changes: ``apply`` gives another.

    *known* is a sequence number, ``seq`` at most.
    """

    def __init__(
        self,
        *,
        seq: int,
        registry_id: str,
        names: Names,
        tables: Tables,
        registers: Registers,
        assertions: Assertions,
    ) -> None:
        self.seq = seq
        self.registry_id = registry_id
        self.names = names
        self.tables = tables
        self.registers = registers
        self.assertions = assertions
        self.size = len(names.people)

    def apply(self, facts: Facts, seq: int) -> "Snapshot":
        """The snapshot at *seq*; *facts* are all states recorded or retracted since this one.

        A state may come twice, the last time with its end, and later ones than *seq* may come early.
        """
        tables = self.tables.merged(facts)
        return Snapshot(
            seq=seq,
            registry_id=self.registry_id,
            names=self.names,
            tables=tables,
            registers=self.registers.merged(facts, self.names),
            assertions=apply_assertions(self.assertions, facts, self.names, tables),
        )

    @property
    def people(self) -> Identities:
        """Ids of people and their rows; only the first ``size`` rows belong to this snapshot."""
        return self.names.people

    @property
    def units(self) -> Identities:
        """Ids of units and their rows."""
        return self.names.units

    @property
    def roles(self) -> Identities:
        """Ids of roles that somebody holds, and their rows."""
        return self.names.roles

    @property
    def positions(self) -> Identities:
        """Ids of positions that somebody was booked to, and their rows."""
        return self.names.positions

    @property
    def calendar_names(self) -> list[str]:
        """Countries and regions whose holidays apply to somebody."""
        return self.names.calendars.ids

    @property
    def calendars(self) -> Calendars:
        """Working days of the ``calendar_names``."""
        return _calendars(tuple(self.calendar_names))

    def block(self, skill_id: str) -> Block:
        """All assertions of a skill."""
        return self.assertions.blocks.get(skill_id, EMPTY_BLOCK)

    def assertion_id(self, reference: int) -> str:
        """The id that a row refers to."""
        return self.assertions.references.id(reference)

    def service(self, known: int) -> Service:
        """Contract, calendar, unit and days of service of every person row."""
        people, rows = self.registers.people, self.person_rows(known)
        return self._view(people, f"service of {self.size}", known, lambda _: service_of(people, rows))

    def bookings(self, known: int) -> Bookings:
        """All bookings that are not REJECTED."""
        bookings = self.registers.bookings
        return self._view(bookings, "bookings", known, lambda number: bookings_of(bookings, number))

    def absences(self, known: int) -> Absences:
        """All absences."""
        absences = self.registers.absences
        return self._view(absences, "absences", known, lambda number: absences_of(absences, number))

    def person_rows(self, known: int) -> NDArray[np.int32]:
        """For each person row, the row of the known state among ``registers.people``; -1: not known."""
        people = self.registers.people
        return self._view(people, f"rows of {self.size}", known, lambda number: person_rows(people, number, self.size))

    def _view(self, register: Register, name: str, known: int, make: Callable[[int], T]) -> T:
        """What *make* gives for a number, kept with the register for the latest states."""
        if known < register.latest:
            return make(known)
        if name not in register.views:
            register.views[name] = make(known)
        view: T = register.views[name]
        return view

    def person_row(self, person_id: str, known: int) -> int:
        """The row of a person who is known."""
        row = self.people.rows.get(person_id, self.size)
        if row >= self.size or self.person_rows(known)[row] < 0:
            raise NotFound(f"no person {person_id!r}")
        return row

    def person_name(self, row: int, known: int) -> str:
        """What a known person is called."""
        return str(self.registers.people["name"][self.person_rows(known)[row]])

    def skill(self, skill_id: str, known: int) -> SkillState:
        """A skill, by id."""
        return self._one("skill", self.tables.skills, skill_id, known)

    def skill_name(self, skill_id: str, known: int) -> str:
        """What a skill is called; its id when it is not known."""
        return next((each.name for each in self.tables.skills.known(skill_id, known)), skill_id)

    def level_count(self, skill_id: str, known: int) -> int | None:
        """How many levels the scale of a skill has; None: not known."""
        for skill in self.tables.skills.known(skill_id, known):
            for scale in self.tables.scales.known(skill.scale_id or "", known):
                return len(scale.labels)
        return None

    def role(self, role_id: str, known: int) -> RoleState:
        """A role, by id."""
        return self._one("role", self.tables.roles, role_id, known)

    def profile(self, profile_id: str, known: int) -> ProfileState:
        """A role profile, by id."""
        return self._one("role profile", self.tables.profiles, profile_id, known)

    def profile_in_force(self, role_id: str, day: int, known: int) -> ProfileState | None:
        """The published profile of a role with the highest version on a day."""
        profiles = (
            each
            for each in self.tables.profiles_by_role.known(role_id, known)
            if each.status == VersionStatus.PUBLISHED and each.valid_from <= day < each.valid_until
        )
        return max(profiles, key=lambda each: (each.version, each.id), default=None)

    def policy(self, day: int, known: int) -> FitPolicy:
        """The published fit policy with the highest version on a day; the built-in one when there is none."""
        in_force = [
            each
            for each in self.tables.policies.all_known(known)
            if each.status == VersionStatus.PUBLISHED and each.valid_from <= day < each.valid_until
        ]
        return policy_of(max(in_force, key=lambda each: (each.version, each.id))) if in_force else FitPolicy()

    def requirements(self, owner_id: str, known: int) -> list[RequirementState]:
        """What a role profile or position itself requires, by id."""
        found = self.tables.requirements_by_owner.known(owner_id, known)
        return sorted(found, key=lambda each: each.id)

    def job_description(self, description_id: str, known: int) -> JobDescriptionState:
        """A job description, by id."""
        return self._one("job description", self.tables.job_descriptions, description_id, known)

    def project(self, project_id: str, known: int) -> ProjectState:
        """A project, by id."""
        return self._one("project", self.tables.projects, project_id, known)

    def position(self, position_id: str, known: int) -> PositionState:
        """A position, by id."""
        return self._one("position", self.tables.positions, position_id, known)

    def unit(self, unit_id: str, known: int) -> UnitState:
        """A unit, by id."""
        return self._one("unit", self.tables.units, unit_id, known)

    def subtree(self, unit_id: str, known: int) -> set[str]:
        """The ids of a unit and of all units under it."""
        found, pending = set[str](), [self.unit(unit_id, known).id]
        while pending:
            parent_id = pending.pop()
            if parent_id not in found:
                found.add(parent_id)
                pending += [each.id for each in self.tables.units_by_parent.known(parent_id, known)]
        return found

    def above(self, unit_id: str, known: int) -> list[str]:
        """The ids of a unit and of all units it is part of, from itself upward."""
        found: list[str] = []
        at: str | None = unit_id
        while at is not None and at not in found:
            states = self.tables.units.known(at, known)
            found += [at] if states else []
            at = states[0].parent_id if states else None
        return found

    def branch(self, skill_id: str, known: int) -> set[str]:
        """The ids of a skill or group and of everything narrower."""
        found, pending = set[str](), [self.skill(skill_id, known).id]
        while pending:
            broader_id = pending.pop()
            if broader_id not in found:
                found.add(broader_id)
                relations = self.tables.relations_by_to.known(broader_id, known)
                pending += [each.from_id for each in relations if each.kind == RelationKind.BROADER]
        return found

    def in_unit(self, unit_id: str, known: int) -> NDArray[np.bool_]:
        """Which person rows belong to a unit or to one under it."""
        rows = [row for each in self.subtree(unit_id, known) if (row := self.units.rows.get(each)) is not None]
        return np.isin(self.service(known).unit, rows)

    def _one(self, noun: str, table: Table[S], identity: str, known: int) -> S:
        states = table.known(identity, known)
        if not states:
            raise NotFound(f"no {noun} {identity!r}")
        return states[0]


def policy_of(state: PolicyState) -> FitPolicy:
    """The policy that an administrator's version is."""
    return FitPolicy(
        version=f"fit-policy/{state.version}",
        gamma=state.gamma,
        floor=state.floor,
        grace_months=state.grace_months,
        half_life_months=state.half_life_months,
        confidence=(state.confidence_inferred, state.confidence_claimed, state.confidence_endorsed, 1.0),
        narrower=state.narrower,
        broader=state.broader,
        related=state.related,
        least_related_weight=state.least_related_weight,
        max_away=state.max_away,
    )


def build(facts: Facts | Iterable[Facts], *, seq: int, registry_id: str) -> Snapshot:
    """The snapshot at *seq* of all states there are, whole or in parts.

    Parts may come from a generator: each is forgotten before the next is asked for.
    """
    names, tables = Names(), Tables()
    registers = Registers.read({}, names)
    statements: list[Statements] = []
    ids: list[Ids] = [NO_IDS]
    decisions = []
    shift = 0
    parts: Iterable[Facts] = (facts,) if isinstance(facts, Mapping) else facts  # pyright: ignore[reportAssignmentType]
    for part in parts:
        tables = tables.merged(part)
        registers = registers.merged(part, names)
        decisions += read_decisions(part)
        read = read_statements(part, names)
        ids.append(ids_of(read.ids, read.skill))
        reference = np.arange(shift, shift + len(read.ids), dtype=np.int32)
        statements.append(Statements((), read.skill, read.rows._replace(reference=reference)))
        shift += len(read.ids)
    names, places = _sorted_people(names)
    for register in registers:
        register.columns["person"] = places[register["person"]]
    statements = [each._replace(rows=each.rows._replace(person=places[each.rows.person])) for each in statements]
    references = References(joined_ids(ids))
    return Snapshot(
        seq=seq,
        registry_id=registry_id,
        names=names,
        tables=tables,
        registers=registers,
        assertions=build_assertions(statements, references, decisions, names, tables),
    )


@lru_cache(maxsize=4)
def _calendars(names: tuple[str, ...]) -> Calendars:
    return Calendars(names)


def _sorted_people(names: Names) -> tuple[Names, NDArray[np.int32]]:
    """*names* with people in the order of their ids, and the new row of each former row."""
    places = names.people.order(len(names.people)).copy()
    names.people = Identities(sorted(names.people.ids))
    return names, places
