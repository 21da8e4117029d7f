"""A registry's life in forty acts of all sorts, for tests that look back on it."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from service.acts import verbs
from service.domain.learning import Course, CourseOutcome
from service.domain.people import Absence, OrgUnit, Person
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Trust, Verification, Waiver
from service.domain.roles import Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import Lifecycle, RelationKind, Scale, Skill, SkillRelation
from service.domain.values import Fact
from service.domain.work import Allocation, Position, Project
from service.graph.database import Database
from service.graph.ledger import Act

DAY = date(2026, 1, 5)
END = date(2026, 7, 1)
Step = Callable[[Database], Awaitable[object]]


def record(subject: Fact, *parts: Fact) -> Step:
    """Record *subject* with *parts*."""
    act = Act(action=f"record{type(subject).__name__}", actor="tests")
    return lambda database: verbs.record(database, act, subject, *parts)


def correct(shape: type[Fact], id_: str, **changes: Any) -> Step:
    """Correct the *shape* with *id_*."""
    act = Act(action=f"correct{shape.__name__}", actor="tests")
    return lambda database: verbs.correct(database, act, shape, id_, changes)


def retire(shape: type[Fact], id_: str) -> Step:
    """Retire the *shape* with *id_*."""
    return lambda database: verbs.retire(database, Act(action=f"retire{shape.__name__}", actor="tests"), shape, id_)


def holds(id_: str, person: str, skill: str, level: int, **more: Any) -> Assertion:
    """A statement that *person* holds *skill*."""
    return Assertion(id=id_, person_id=person, skill_id=skill, level=level, **{"asserted_on": DAY, **more})


def verified(id_: str, assertion: str, by: str, decision: Decision = Decision.VERIFIED) -> Verification:
    """A decision on *assertion*."""
    return Verification(id=id_, assertion_id=assertion, decision=decision, verifier_id=by, decided_on=DAY, reason="saw")


STEPS: tuple[Step, ...] = (
    record(Scale(id="five", name="Five", labels=list("abcde"))),
    record(OrgUnit(id="house", name="House")),
    record(OrgUnit(id="team", name="Team", parent_id="house")),
    record(Skill(id="tools", name="Tools", is_group=True)),
    record(Skill(id="python", name="Python", scale_id="five", alternative_labels=["Python 3@en", 'a, "b"@en'])),
    record(Skill(id="snake", name="Snake language", scale_id="five", description="line\nline")),
    record(SkillRelation(id="r1", from_id="python", to_id="tools", kind=RelationKind.BROADER)),
    record(Person(id="ann", name="Ann", unit_id="team")),
    record(Person(id="bob", name="Bob", unit_id="team", manager_id="ann")),
    record(Person(id="cyd", name="Cyd", unit_id="house")),
    correct(OrgUnit, "team", name="The team"),
    record(
        holds("a1", "ann", "python", 3), Evidence(id="e1", assertion_id="a1", kind=EvidenceKind.DOCUMENT, title="x")
    ),
    record(verified("v1", "a1", "bob")),
    record(holds("a2", "ann", "snake", 2)),
    record(holds("a3", "bob", "snake", 4, trust=Trust.ENDORSED)),
    correct(Assertion, "a1", level=4),
    record(verified("v2", "a1", "cyd")),
    record(Role(id="dev", name="Developer")),
    record(
        RoleProfile(id="dev/1", role_id="dev", version=1, status=VersionStatus.PUBLISHED),
        Requirement(id="q1", owner_id="dev/1", skill_id="python", level=3),
        Requirement(id="q2", owner_id="dev/1", skill_id="snake", level=1, is_mandatory=False),
    ),
    correct(Person, "bob", role_id="dev", contract_fte=0.5),
    record(Absence(id="b1", person_id="bob", valid_from=DAY, valid_until=DAY + timedelta(days=9))),
    retire(Absence, "b1"),
    record(Absence(id="b1", person_id="bob", valid_from=DAY, valid_until=DAY + timedelta(days=5))),
    record(Project(id="p", name="Project", manager_id="cyd")),
    record(Position(id="p/1", project_id="p", title="Developer", role_id="dev", valid_from=DAY, valid_until=END)),
    record(Allocation(id="l1", person_id="ann", position_id="p/1", fte=0.5, valid_from=DAY, valid_until=END)),
    correct(Allocation, "l1", fte=0.4),
    record(Waiver(id="w1", person_id="cyd", skill_id="python", granted_by="Ann", reason="new")),
    record(
        Course(id="c1", name="Python", prerequisite_ids=[]),
        CourseOutcome(id="o1", course_id="c1", skill_id="python", to_level=2),
    ),
    record(Course(id="c2", name="More Python", prerequisite_ids=["c1"])),
    correct(Course, "c1", hours=8.0),
    retire(Verification, "v1"),
    correct(Requirement, "q2", level=2),
    correct(Skill, "python", name="Python (language)"),
    retire(Assertion, "a3"),
    retire(Requirement, "q2"),
    retire(Assertion, "a2"),
    correct(Skill, "snake", lifecycle=Lifecycle.DEPRECATED, replaced_by_id="python"),
    record(holds("a2", "ann", "snake", 2)),
    retire(Assertion, "a1"),
    retire(Person, "bob"),
)
