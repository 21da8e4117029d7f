"""Small random worlds and questions, and the columns that the index takes them in."""

import dataclasses
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from random import Random
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from service.domain.learning import Course, CourseOutcome
from service.domain.people import Absence, OrgUnit, Person
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Trust, Verification, Waiver
from service.domain.roles import JobDescription, Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import Lifecycle, RelationKind, Scale, Skill, SkillRelation
from service.domain.values import Fact
from service.domain.work import Allocation, AllocationStatus, Approval, Position, PositionStatus, Project, ProjectStatus

settings.register_profile("reckoning", max_examples=200, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
EXAMPLES = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "reckoning"))
"""How many random worlds a test looks at: 200, or 2,000 with HYPOTHESIS_PROFILE=thorough."""

Thing = TypeVar("Thing")
Facts = dict[str, dict[str, list[Any]]]

BASE = date(2026, 12, 21)
"""A Monday, with public holidays of both calendars in the days around it."""

LAST = 12
"""The highest sequence number in a world."""

SEEDS = st.integers(0, 2**32 - 1)
KEEP = st.sampled_from((False, *[True] * 30))
FRAME = (Scale, Skill, OrgUnit, Person, Role, RoleProfile, Project, Position)
"""Kinds that others refer to; a world shrinks without touching them."""

FTES = (1.0, 0.8, 0.5, 0.25)
WEIGHTS = (1.0, 1.0, 2.0, 3.0, 0.5, 0.1, 7.0, 4.0)


@dataclass(frozen=True, kw_only=True)
class World:
    """Every state of every fact, in no order."""

    states: tuple[Fact, ...]

    def ids(self, kind: type[Fact]) -> list[str]:
        """The ids of one kind."""
        return sorted({state.id for state in self.states if type(state) is kind})


@dataclass(frozen=True, kw_only=True)
class When:
    """The four arguments that every question takes; today stands in for the clock."""

    today: date
    as_of: date | None
    until: date | None
    known_at: int | None
    min_trust: Trust | None

    @property
    def seq(self) -> int:
        """The sequence number asked; what is not written yet is not known either."""
        return LAST if self.known_at is None else min(self.known_at, LAST)

    @property
    def floor(self) -> Trust:
        """The trust asked."""
        return self.min_trust or Trust.CLAIMED

    @property
    def day(self) -> date:
        """The day asked."""
        return self.as_of or self.today


def plain(value: object) -> object:
    """The value as the graph returns it."""
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else value


def facts(states: Sequence[Fact]) -> Facts:
    """The states as columns: kind, then field name, then a plain value for each state."""
    columns: Facts = {}
    for state in states:
        kind = columns.get(type(state).__name__)
        if kind is None:
            kind = columns[type(state).__name__] = {field.name: [] for field in dataclasses.fields(state)}
        for name, values in kind.items():
            values.append(plain(getattr(state, name)))
    return columns


def seen_at(states: Sequence[Fact], after: int, seq: int) -> list[Fact]:
    """The states recorded or retracted after one change and up to another, as they look at the latter."""
    seen = []
    for state in states:
        ended = state.retracted_seq is not None and state.retracted_seq <= seq
        if state.recorded_seq <= seq and (state.recorded_seq > after or (ended and (state.retracted_seq or 0) > after)):
            seen.append(state if ended else dataclasses.replace(state, retracted_seq=None))
    return seen


class Dice:
    """Short words for drawing; seeded, because a world takes a thousand draws and each costs Hypothesis dear."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def number(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self.random.randint(least, most)

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of the things."""
        return self.random.choice(things)

    def often(self, things: Sequence[Thing]) -> Thing:
        """One of the things, often one of the first two: what is rare needs much about the same."""
        return self.pick(things[:2] if self.number(0, 3) else things)

    def some(self, things: Sequence[Thing], least: int, most: int) -> list[Thing]:
        """Different ones of the things."""
        return self.random.sample(things, min(len(things), self.number(least, most)))

    def day(self, least: int, most: int) -> date:
        """A day near the base date."""
        return BASE + timedelta(days=self.number(least, most))

    def interval(self, *, open_ends: bool = True) -> dict[str, Any]:
        """The two ends of a valid time."""
        first, length = self.number(-25, 15), self.number(1, 30)
        shape = self.number(0, 7) if open_ends else 7
        return {
            "valid_from": None if shape in {0, 1, 2} else BASE + timedelta(days=first),
            "valid_until": None if shape in {0, 1, 3, 4} else BASE + timedelta(days=first + length),
        }

    def history(self, *, is_certain: bool = False) -> list[dict[str, Any]]:
        """The recorded times of one to three states of one id, each perhaps retracted early."""
        count = self.pick((1, 2, 3) if is_certain else (1, 1, 1, 1, 2, 3))
        starts = sorted({1 if is_certain and not i else self.number(1, LAST) for i in range(count)})
        if not is_certain and self.number(0, 4):
            starts = sorted({1, *starts[1:]})
        times = []
        for i, start in enumerate(starts):
            end = starts[i + 1] if i + 1 < len(starts) else None
            if not is_certain and start < LAST and self.number(0, 9) == 0:
                end = self.number(start + 1, end or LAST)
            times.append({"recorded_seq": start, "retracted_seq": end})
        return times


@st.composite
def worlds(draw: Callable[[st.SearchStrategy[Any]], Any]) -> World:
    """A world with all the kinds that the reckoning reads, and one that it does not.

    A failing world shrinks by leaving facts out.
    """
    states = world(draw(SEEDS))
    kept = [state for state in states if isinstance(state, FRAME) or draw(KEEP)]
    return World(states=tuple(kept))


def world(seed: int) -> list[Fact]:
    """Every state of the facts of one world."""
    dice = Dice(seed)
    states: list[Fact] = []
    scales = {f"scale{i}": dice.number(1, 5) for i in range(dice.number(1, 2))}
    states += [
        Scale(id=key, name=key, labels=[str(i + 1) for i in range(count)], recorded_seq=1)
        for key, count in scales.items()
    ]
    skills = {f"skill{i}": dice.pick(list(scales)) for i in range(dice.number(1, 6))}
    for key, scale in skills.items():
        states += [
            Skill(
                id=key,
                name=dice.pick(("ant", "bee", "cow")),
                scale_id=scale,
                required_verifiers=dice.pick((1, 1, 2)),
                requires_credential=dice.number(0, 5) == 0,
                max_evidence_age_days=dice.pick((None, None, None, None, 10, 30)),
                lifecycle=dice.pick((Lifecycle.PUBLISHED, Lifecycle.PUBLISHED, Lifecycle.DEPRECATED)),
                **seqs,
            )
            for seqs in dice.history(is_certain=True)
        ]
    if len(skills) > 1:
        states += relations(dice, list(skills))
    units = [f"unit{i}" for i in range(dice.number(1, 4))]
    for i, key in enumerate(units):
        states += [
            OrgUnit(id=key, name=key, parent_id=dice.pick((None, *units[:i])) if i else None, **seqs)
            for seqs in dice.history(is_certain=True)
        ]
        states += requirements(dice, key, {skill: scales[scale] for skill, scale in skills.items()}, 0, 2)
    people = [f"person{i}" for i in range(dice.number(1, 5))]
    for key in people:
        states += [
            Person(
                id=key,
                name=key,
                unit_id=dice.pick((None, *units)),
                site_id=dice.pick((None, *units)),
                role_id=dice.pick((None, "role0", "role1")),
                contract_fte=dice.pick(FTES),
                calendar=dice.pick((None, None, None, "GB", "DE-BY")),
                **(dice.interval() if dice.number(0, 2) == 0 else {}),
                **seqs,
            )
            for seqs in dice.history()
        ]
    levels = {key: scales[scale] for key, scale in skills.items()}
    states += proof(dice, people, levels)
    states += roles_and_work(dice, people, levels, units)
    states += courses(dice, levels)
    return states


def relations(dice: Dice, skills: list[str]) -> list[Fact]:
    """Relations of all kinds between random pairs, several between one pair too."""
    states: list[Fact] = []
    for i in range(dice.number(0, 6)):
        for seqs in dice.history():
            from_id, to_id = dice.some(skills, 2, 2)
            kind = dice.pick((RelationKind.BROADER, RelationKind.RELATED, *RelationKind))
            states.append(
                SkillRelation(
                    id=f"relation{i}",
                    from_id=from_id,
                    to_id=to_id,
                    kind=kind,
                    weight=dice.pick((0.5, 1.0, 0.75, 0.49, None)) if kind is RelationKind.RELATED else None,
                    is_curated=dice.pick((True, True, False)),
                    **seqs,
                )
            )
    return states


def proof(dice: Dice, people: list[str], levels: dict[str, int]) -> list[Fact]:
    """Assertions, what assessors decided on them, evidence, and exemptions."""
    states: list[Fact] = []
    assertions = {f"assertion{i}": (dice.often(people), dice.often(list(levels))) for i in range(dice.number(1, 40))}
    for key, stated in assertions.items():
        for seqs in dice.history():
            person, skill = dice.pick((stated, stated, stated, (dice.often(people), dice.often(list(levels)))))
            states.append(
                Assertion(
                    id=key,
                    person_id=person,
                    skill_id=skill,
                    level=dice.number(dice.pick((0, 1, levels[skill] // 2)), levels[skill]),
                    trust=dice.pick((Trust.CLAIMED, *Trust)),
                    asserted_on=dice.day(-20, 2),
                    last_used_on=dice.pick((None, BASE - timedelta(days=dice.number(-10, 1400)))),
                    **dice.interval(),
                    **seqs,
                )
            )
    first = {state.id: state.recorded_seq for state in reversed(states)}
    for key in assertions:
        if dice.number(0, 3):
            expires_on = dice.pick((None, None, dice.day(-5, 30)))
            exam = Evidence(id=f"exam-{key}", assertion_id=key, kind=EvidenceKind.EXAM, title="exam")
            states.append(replace(exam, expires_on=expires_on, recorded_seq=first[key]))
    for i in range(dice.number(0, 16)):
        assertion = dice.pick(list(assertions)[:12])
        for seqs in dice.history():
            decision = dice.pick((Decision.VERIFIED, Decision.VERIFIED, Decision.VERIFIED, *Decision))
            decided_on = dice.day(-20, 10)
            suspended_until = decided_on + timedelta(days=dice.number(1, 15))
            states.append(
                Verification(
                    id=f"verification{i}",
                    assertion_id=assertion,
                    decision=decision,
                    verifier_id=dice.pick((*people[:2], "assessor0", "assessor1")),
                    decided_on=decided_on,
                    suspended_until=suspended_until if decision is Decision.SUSPENDED else None,
                    reason="seen",
                    **seqs,
                )
            )
    for i in range(dice.number(1, 12)):
        issued_on, expires_on = dice.day(-40, 5), dice.day(6, 30)
        states += [
            Evidence(
                id=f"evidence{i}",
                assertion_id=dice.pick(list(assertions)[:12]),
                kind=dice.pick((EvidenceKind.EXAM, EvidenceKind.CREDENTIAL, EvidenceKind.CERTIFICATE)),
                title="paper",
                number="1",
                issuer="house",
                issued_on=dice.pick((None, issued_on, issued_on)),
                expires_on=dice.pick((None, expires_on)),
                is_negative=dice.number(0, 4) == 0,
                **seqs,
            )
            for seqs in dice.history()
        ]
    for i in range(dice.number(0, 3)):
        role_id, position_id = dice.pick(
            ((None, None), (None, None), ("role0", None), (None, "position0"), ("role0", "position0"))
        )
        states += [
            Waiver(
                id=f"waiver{i}",
                person_id=dice.pick(people),
                skill_id=dice.pick(list(levels)),
                granted_by="head",
                reason="does not need it",
                role_id=role_id,
                position_id=position_id,
                **dice.interval(),
                **seqs,
            )
            for seqs in dice.history()
        ]
    return states


def requirements(dice: Dice, owner: str, levels: dict[str, int], least: int, most: int) -> list[Fact]:
    """What a profile or a position asks for: each skill at most once."""
    states: list[Fact] = []
    skills = dice.some(list(levels), least, most)
    if skills and dice.number(0, 2):
        skills = list(dict.fromkeys([dice.often(list(levels)), *skills]))
    for skill in skills:
        states += [
            Requirement(
                id=f"{owner}/{skill}",
                owner_id=owner,
                skill_id=skill,
                level=dice.number(1, dice.pick((1, levels[skill], 1 + levels[skill] // 2))),
                weight=dice.pick(WEIGHTS),
                is_mandatory=dice.pick((True, True, False)),
                min_trust=dice.pick((*[None] * 6, *Trust)),
                **seqs,
            )
            for seqs in dice.history()
        ]
    return states


def roles_and_work(dice: Dice, people: list[str], levels: dict[str, int], units: list[str]) -> list[Fact]:
    """Roles with versions, job descriptions, projects, positions with overrides, bookings and absences."""
    states: list[Fact] = []
    roles = [f"role{i}" for i in range(dice.number(1, 2))]
    profiles = []
    for role in roles:
        states.append(Role(id=role, name=role, recorded_seq=1))
        for version in range(1, dice.number(1, 3) + 1):
            profile = f"{role}.{version}"
            profiles.append((role, profile))
            states += [
                RoleProfile(
                    id=profile,
                    role_id=role,
                    version=version,
                    status=dice.pick((*[VersionStatus.PUBLISHED] * 6, *VersionStatus)),
                    **(dice.interval() if dice.number(0, 2) == 0 else {}),
                    **seqs,
                )
                for seqs in dice.history()
            ]
            states += requirements(dice, profile, levels, 1, 4)
    role, profile = dice.pick(profiles)
    states += [
        JobDescription(
            id="description0", role_id=role, profile_id=profile, version=1, title="work", text="Do it.", **seqs
        )
        for seqs in dice.history()
    ]
    projects = [f"project{i}" for i in range(dice.number(1, 3))]
    for key in projects:
        states += [
            Project(
                id=key,
                name=key,
                status=dice.pick((*[ProjectStatus.APPROVED, ProjectStatus.ACTIVE] * 3, *ProjectStatus)),
                sponsor_unit_id=dice.pick((None, *units)),
                probability=dice.pick((1.0, 0.5, 0.3, 0.7, 0.29)),
                **seqs,
            )
            for seqs in dice.history()
        ]
    positions = [f"position{i}" for i in range(dice.number(1, 6))]
    for key in positions:
        states += [
            Position(
                id=key,
                project_id=dice.pick(projects),
                title=key,
                role_id=dice.pick((None, *roles)),
                fte=dice.pick(FTES),
                headcount=dice.pick((1, 1, 2)),
                status=dice.pick((PositionStatus.OPEN, PositionStatus.OPEN, PositionStatus.CLOSED)),
                valid_from=dice.day(-20, 10),
                valid_until=dice.day(11, 40),
                **seqs,
            )
            for seqs in dice.history()
        ]
        states += requirements(dice, key, levels, dice.pick((0, 0, 1)), 2)
    for i in range(dice.number(0, 5)):
        states += [
            Allocation(
                id=f"allocation{i}",
                person_id=dice.often(people),
                position_id=dice.often(positions),
                fte=dice.pick(FTES),
                status=dice.pick(tuple(AllocationStatus)),
                approval=dice.pick(tuple(Approval)),
                **dice.interval(open_ends=False),
                **seqs,
            )
            for seqs in dice.history()
        ]
    for i in range(dice.number(0, 6)):
        for seqs in dice.history():
            first = dice.day(-15, 20)
            until = first + timedelta(days=dice.pick((1, 1, 2, 6)))
            states.append(
                Absence(id=f"absence{i}", person_id=dice.often(people), valid_from=first, valid_until=until, **seqs)
            )
    return states


def courses(dice: Dice, levels: dict[str, int]) -> list[Fact]:
    """Courses, priced or not, and the skills they develop."""
    states: list[Fact] = []
    for i in range(dice.number(0, 7)):
        course = f"course{i}"
        states += [
            Course(id=course, name=course, price=dice.pick((None, 0.0, 100.0, 250.5)), **seqs)
            for seqs in dice.history()
        ]
        skill = dice.pick(list(levels))
        for seqs in dice.history():
            from_level = dice.number(0, levels[skill] - 1)
            states.append(
                CourseOutcome(
                    id=f"{course}/{skill}",
                    course_id=course,
                    skill_id=skill,
                    from_level=from_level,
                    to_level=dice.number(from_level + 1, levels[skill]),
                    **seqs,
                )
            )
    return states


def crowd(size: int) -> World:
    """So many people with two skills, some booked, some away, that they are not looked at in one go."""
    dice = Dice(size)
    states: list[Fact] = [Scale(id="scale0", name="scale", labels=["1", "2", "3"], recorded_seq=1)]
    states += [Skill(id=f"skill{i}", name="skill", scale_id="scale0", recorded_seq=1) for i in range(2)]
    for i in range(size):
        person, first = f"person{i}", dice.day(0, 9)
        until = first + timedelta(days=dice.number(1, 3))
        states.append(Person(id=person, name=person, contract_fte=dice.pick(FTES), recorded_seq=1))
        states += [
            Assertion(
                id=f"{person}/skill{j}",
                person_id=person,
                skill_id=f"skill{j}",
                level=dice.number(0, 3),
                trust=dice.pick(tuple(Trust)),
                asserted_on=BASE - timedelta(days=dice.pick((0, 0, 500))),
                recorded_seq=1,
            )
            for j in range(dice.number(0, 2))
        ]
        if dice.number(0, 3) == 0:
            states.append(Absence(id=person, person_id=person, valid_from=first, valid_until=until, recorded_seq=1))
        if dice.number(0, 3) == 0:
            states.append(
                Allocation(
                    id=person,
                    person_id=person,
                    position_id="position0",
                    fte=dice.pick(FTES),
                    status=dice.pick(tuple(AllocationStatus)),
                    valid_from=first,
                    valid_until=until,
                    recorded_seq=1,
                )
            )
    return World(states=tuple(states))


@st.composite
def whens(draw: Callable[[st.SearchStrategy[Any]], Any]) -> When:
    """The common arguments of a question."""
    dice = Dice(draw(SEEDS))
    today = dice.day(-10, 14)
    as_of = dice.pick((None, today + timedelta(days=dice.number(-12, 12))))
    length = dice.pick((None, 7, 7, dice.number(1, 30)))
    return When(
        today=today,
        as_of=as_of,
        until=None if length is None else (as_of or today) + timedelta(days=length),
        known_at=dice.pick((None, None, LAST, dice.number(1, LAST), dice.number(1, LAST), dice.number(0, LAST + 1))),
        min_trust=dice.pick((*[None] * 4, *Trust)),
    )
