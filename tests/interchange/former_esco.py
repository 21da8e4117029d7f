"""A registry on ESCO v1.1.1: its skills from the published labels, and an invented organisation that uses them."""

import csv
import gzip
import io
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from service.domain.assessment import SkillInterest
from service.domain.people import OrgUnit, Person
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Trust, Verification
from service.domain.roles import Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import Scale, Skill
from service.domain.values import Fact
from service.domain.work import Allocation, Position, Project
from service.interchange.problems import Row
from service.interchange.scales import PROFICIENCY
from service.interchange.source import Source

URI = "http://data.europa.eu/esco/skill/"
START = date(2024, 1, 1)
FACTS = (Scale, Skill, OrgUnit, Role, Person, RoleProfile, Project, Position, Requirement, Assertion, Evidence)
FACTS_LAST = (Verification, SkillInterest, Allocation)


def skills(labels: Path) -> list[Skill]:
    """The skills of v1.1.1 from its labels: rows of id, description (the label) and type."""
    preferred: dict[str, str] = {}
    others: defaultdict[str, list[str]] = defaultdict(list)
    with gzip.open(labels, "rb") as packed, io.TextIOWrapper(packed, "utf-8", newline="") as text:
        for row in csv.DictReader(text):
            if row["type"] == "preferredLabel":
                preferred[row["id"]] = row["description"]
            elif row["type"] == "altLabels":
                others[row["id"]].append(row["description"])
    return [
        Skill(
            id=URI + id_,
            name=name,
            scale_id=PROFICIENCY.id,
            alternative_labels=[f"{label}@en" for label in dict.fromkeys(others[id_]) if label != name],
            source="ESCO 1.1.1",
        )
        for id_, name in preferred.items()
    ]


def organisation(skills: Sequence[Skill], people: int, roles: int) -> Iterator[Fact]:
    """*people* with about fifteen skills each, *roles* and a project that require skills; the same every time."""
    chance = random.Random(111)
    ids = [skill.id for skill in skills]
    yield OrgUnit(id="house", name="House")
    yield Project(id="project", name="Project")
    for number in range(roles):
        yield Role(id=f"role-{number}", name=f"Role {number}")
        yield RoleProfile(id=f"role-{number}/1", role_id=f"role-{number}", version=1, status=VersionStatus.PUBLISHED)
        for skill in chance.sample(ids, 12):
            yield Requirement(id=f"role-{number}/1|{skill}", owner_id=f"role-{number}/1", skill_id=skill, level=3)
        yield Position(
            id=f"position-{number}",
            project_id="project",
            title=f"Position {number}",
            role_id=f"role-{number}",
            headcount=100,
            valid_from=START,
            valid_until=date(2026, 12, 31),
        )
    for number in range(people):
        yield Person(id=f"person-{number}", name=f"Person {number}", unit_id="house", role_id=f"role-{number % roles}")
        yield from _holdings(chance, ids, number, people)
        if number % 10 == 0:
            yield SkillInterest(
                id=f"interest-{number}", person_id=f"person-{number}", skill_id=chance.choice(ids), stated_on=START
            )
            yield Allocation(
                id=f"booking-{number}",
                person_id=f"person-{number}",
                position_id=f"position-{number % roles}",
                fte=0.5,
                valid_from=START,
                valid_until=date(2026, 12, 31),
            )


def _holdings(chance: random.Random, ids: Sequence[str], number: int, people: int) -> Iterator[Fact]:
    for place, skill in enumerate(chance.sample(ids, chance.randint(12, 18))):
        id_ = f"person-{number}/{place}"
        day = START + timedelta(days=chance.randrange(700))
        yield Assertion(
            id=id_,
            person_id=f"person-{number}",
            skill_id=skill,
            level=chance.randint(0, 5),
            trust=chance.choice([Trust.INFERRED, Trust.CLAIMED, Trust.ENDORSED]),
            asserted_on=day,
            valid_until=None if chance.random() < 0.8 else day + timedelta(days=900),
        )
        if chance.random() < 0.2:
            yield Evidence(
                id=f"{id_}/e", assertion_id=id_, kind=EvidenceKind.DOCUMENT, title="A document", issued_on=day
            )
        if chance.random() < 0.3:
            yield Verification(
                id=f"{id_}/v",
                assertion_id=id_,
                decision=Decision.VERIFIED if chance.random() < 0.9 else Decision.REJECTED,
                verifier_id=f"person-{(number + 1) % people}",
                decided_on=day + timedelta(days=30),
                reason="Seen at work.",
            )


def source(facts: Sequence[Fact], batch: int = 5_000) -> Source:
    """*facts* as though a file said them."""
    kinds: defaultdict[type[Fact], list[Row[Fact]]] = defaultdict(list)
    for fact in facts:
        kinds[type(fact)].append(Row("", 0, fact))
    order = [shape for shape in (*FACTS, *FACTS_LAST) if shape in kinds]
    return Source(
        name="a former registry",
        total_rows=len(facts),
        batch=batch,
        streams=lambda: [(shape, kinds[shape]) for shape in order],
    )
