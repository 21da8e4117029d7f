"""An invented organisation of any size, the same for the same size."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import TypeVar

from service.domain.people import Absence, OrgUnit, Person
from service.domain.proof import Assertion, Trust
from service.domain.roles import Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import RelationKind, Scale, Skill, SkillRelation
from service.domain.values import Fact
from service.domain.work import Allocation, AllocationStatus, Approval, Position, Project, ProjectStatus

T = TypeVar("T")

FIRST = date(2026, 11, 24)
"""First day that questions ask about."""
UNTIL = date(2027, 2, 22)
"""First day they no longer ask about."""

SEED = 20261124
SKILLS = 1_000
FAMILY = 10
"""Skills that are special cases of the first of them."""
ROLES = 50
REQUIRED = 8
"""Requirements of a role, the last two of them desirable."""
HELD = 20
"""Assertions of a person: six to eight of a role's skills, the others by how common they are."""
UNITS = 6
POSITIONS = 100
BOOKED = 5
"""One person in so many is booked, half of them for all their time."""
AWAY = 10
"""One person in so many is away for a fortnight of the window."""

TRUSTS = tuple(Trust)
TRUST_WEIGHTS = (5, 45, 25, 25)
LEVELS_OF_ROLE = (5, 20, 35, 25, 15)
LEVELS_BESIDE = (25, 35, 25, 10, 5)
FLOORS = (None, None, None, None, None, Trust.ENDORSED, None, Trust.ENDORSED)


def facts(people: int) -> Iterator[Sequence[Fact]]:
    """Every fact, noun by noun, each after those it links to; the crowds in lists of at most 5,000."""
    chance = random.Random(SEED)
    wanted = _required(chance)
    yield [OrgUnit(id="unit-0", name="Everybody"), *_units()]
    yield [Scale(id="scale-5", name="Five levels", labels=["Aware", "Beginner", "Able", "Proficient", "Expert"])]
    yield [Skill(id=skill_id(number), name=f"Skill {number:04}", scale_id="scale-5") for number in range(SKILLS)]
    yield list(_relations(chance))
    yield [Role(id=role_id(number), name=f"Role {number:02}") for number in range(ROLES)]
    yield [
        RoleProfile(id=f"profile-{number:02}", role_id=role_id(number), version=1, status=VersionStatus.PUBLISHED)
        for number in range(ROLES)
    ]
    yield list(_requirements(chance, wanted))
    yield from batches(_person(number, chance) for number in range(people))
    yield [Project(id="project-0", name="The work there is", status=ProjectStatus.ACTIVE)]
    yield [_position(number) for number in range(POSITIONS)]
    yield from batches(_absence(number, chance) for number in range(0, people, AWAY))
    yield from batches(_allocation(number, chance) for number in range(1, people, BOOKED))
    yield from batches(_assertions(people, chance, wanted))


def skill_id(number: int) -> str:
    """The id of a skill; low numbers are the common ones."""
    return f"skill-{number:04}"


def role_id(number: int) -> str:
    """The id of a role."""
    return f"role-{number:02}"


def person_id(number: int) -> str:
    """The id of a person."""
    return f"person-{number:06}"


def batches(rows: Iterator[T], size: int = 5_000) -> Iterator[list[T]]:
    """*rows* in lists of at most *size*."""
    batch: list[T] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


WEIGHTS = list(accumulate(1 / (number + 30) for number in range(SKILLS)))
"""How common skills are, added up: the most common is held by one person in eight."""


def _some_skills(chance: random.Random, taken: Sequence[int], count: int) -> list[int]:
    """*taken* and others, *count* different ones in all."""
    found = dict.fromkeys(taken)
    while len(found) < count:
        found.update(dict.fromkeys(chance.choices(range(SKILLS), cum_weights=WEIGHTS, k=count - len(found))))
    return list(found)


def _units() -> Iterator[OrgUnit]:
    return (OrgUnit(id=f"unit-{number}", name=f"Unit {number}", parent_id="unit-0") for number in range(1, UNITS))


def _relations(chance: random.Random) -> Iterator[SkillRelation]:
    for number in range(SKILLS):
        head = number - number % FAMILY
        if number != head:
            yield SkillRelation(
                id=f"broader-{number:04}", from_id=skill_id(number), to_id=skill_id(head), kind=RelationKind.BROADER
            )
        if number % 2:
            yield SkillRelation(
                id=f"related-{number:04}",
                from_id=skill_id(number),
                to_id=skill_id((number + FAMILY) % SKILLS),
                kind=RelationKind.RELATED,
                weight=chance.choice((0.5, 0.7, 0.9)),
                is_curated=True,
            )


def _required(chance: random.Random) -> list[list[int]]:
    """The skills that each role requires."""
    return [_some_skills(chance, (), REQUIRED) for _ in range(ROLES)]


def _requirements(chance: random.Random, wanted: list[list[int]]) -> Iterator[Requirement]:
    for role, skills in enumerate(wanted):
        for at, skill in enumerate(skills):
            yield Requirement(
                id=f"requirement-{role:02}-{at}",
                owner_id=f"profile-{role:02}",
                skill_id=skill_id(skill),
                level=chance.randint(1, 3),
                weight=float(chance.randint(1, 5)),
                is_mandatory=at < REQUIRED - 2,
                min_trust=FLOORS[at],
            )


def _person(number: int, chance: random.Random) -> Person:
    return Person(
        id=person_id(number),
        name=f"Person {number:06}",
        unit_id=f"unit-{chance.randrange(UNITS)}",
        contract_fte=chance.choice((1.0, 1.0, 1.0, 1.0, 0.8, 0.5)),
        calendar=chance.choice(("GB", "DE-BY", "FR", None)),
        valid_from=FIRST - timedelta(days=chance.randint(30, 8_000)),
    )


def _position(number: int) -> Position:
    return Position(
        id=f"position-{number:03}",
        project_id="project-0",
        role_id=role_id(number % ROLES),
        title=f"Opening {number:03}",
        headcount=1_000,
        valid_from=FIRST - timedelta(days=200),
        valid_until=UNTIL + timedelta(days=200),
    )


def _absence(number: int, chance: random.Random) -> Absence:
    first = FIRST + timedelta(days=chance.randint(0, 70))
    return Absence(
        id=f"absence-{number:06}",
        person_id=person_id(number),
        valid_from=first,
        valid_until=first + timedelta(days=14),
    )


def _allocation(number: int, chance: random.Random) -> Allocation:
    return Allocation(
        id=f"allocation-{number:06}",
        person_id=person_id(number),
        position_id=f"position-{chance.randrange(POSITIONS):03}",
        fte=chance.choice((1.0, 0.5)),
        status=AllocationStatus.HARD,
        approval=Approval.APPROVED,
        valid_from=FIRST - timedelta(days=chance.randint(0, 100)),
        valid_until=UNTIL + timedelta(days=chance.randint(-60, 100)),
    )


def _assertions(people: int, chance: random.Random, wanted: list[list[int]]) -> Iterator[Assertion]:
    made = 0
    for number in range(people):
        of_role = chance.sample(chance.choice(wanted), chance.randint(REQUIRED - 2, REQUIRED))
        skills = _some_skills(chance, of_role, HELD)
        levels = chance.choices(range(1, 6), LEVELS_OF_ROLE, k=len(of_role))
        levels += chance.choices(range(1, 6), LEVELS_BESIDE, k=HELD - len(of_role))
        trusts = chance.choices(TRUSTS, TRUST_WEIGHTS, k=HELD)
        for skill, level, trust in zip(skills, levels, trusts, strict=True):
            asserted_on = FIRST - timedelta(days=chance.randint(0, 1_500))
            yield Assertion(
                id=f"assertion-{made:07}",
                person_id=person_id(number),
                skill_id=skill_id(skill),
                level=level,
                trust=trust,
                asserted_on=asserted_on,
                valid_from=asserted_on,
                valid_until=asserted_on + timedelta(days=1_460) if made % 4 == 0 else None,
                last_used_on=asserted_on,
            )
            made += 1
