"""The roles near to a person come in the order of their gaps."""

from hypothesis import event, given

from service.capability.career import career_paths, gap_to
from service.capability.gaps import CLOSED, Gap, skill_gap
from service.capability.smallest_change import smallest_change
from service.capability.targets import Target
from service.domain.learning import Course, CourseOutcome
from service.domain.people import Person
from service.domain.roles import Requirement, Role, RoleProfile, VersionStatus
from tests.capability.given import TODAY, Given
from tests.capability.test_against_oracle import answer_or_none, common, snapshot
from tests.capability.worlds import EXAMPLES, When, World, whens, worlds

Place = tuple[int, float, int, str, str]


def place(gap: Gap, name: str) -> Place:
    lacks = sum(each.is_mandatory and each.cause not in CLOSED for each in gap.lines)
    return -gap.base, -gap.compliance, lacks, name, gap.role_id or ""


@EXAMPLES
@given(worlds(), whens())
def test_roles_are_placed_as_their_gaps_say(world: World, when: When) -> None:
    index = snapshot(world)
    asked = {name: value for name, value in common(when).items() if name != "until"}
    for person in world.ids(Person):
        found = answer_or_none(career_paths, index, person, **asked)
        if found is None:
            continue
        every = (
            answer_or_none(skill_gap, index, person, Target(role_id=role), **asked)
            for role in world.ids(Role)
            if role != found.role_id
        )
        gaps = sorted((each for each in every if each is not None), key=lambda each: place(each, each.role_id or ""))
        event(f"{len(gaps)} roles")
        assert [(-each.base, -each.compliance, each.open, each.name, each.role_id) for each in found.roles] == [
            place(each, each.role_id or "") for each in gaps
        ]
        assert [(each.is_eligible, each.fit) for each in found.roles] == [(each.is_eligible, each.fit) for each in gaps]
        assert [each.key for each in found.roles] == sorted(each.key for each in found.roles)
        assert [gap_to(found, each.role_id) for each in found.roles] == gaps


def test_the_own_role_is_left_out_and_the_nearest_comes_first_with_what_it_costs() -> None:
    given = Given()
    given.skills("weld", "solder", "lead")
    for role, skills in (("welder", ("weld",)), ("fitter", ("weld", "solder")), ("head", ("weld", "solder", "lead"))):
        given.add(Role, id=role, name=role)
        given.add(RoleProfile, id=f"{role}-1", role_id=role, version=1, status=VersionStatus.PUBLISHED)
        for skill in skills:
            given.add(Requirement, owner_id=f"{role}-1", skill_id=skill, level=2)
    given.add(Role, id="idle", name="idle")
    given.add(Person, id="ann", name="ann", role_id="welder")
    given.holds("ann", "weld", 2)
    given.add(Course, id="course", name="course", price=40.0, hours=6.0)
    given.add(CourseOutcome, course_id="course", skill_id="solder", from_level=0, to_level=2)

    found = career_paths(given.snapshot(), "ann", known=given.seq, today=TODAY)

    assert found.role_id == "welder"
    assert [(each.role_id, each.is_eligible, each.open) for each in found.roles] == [
        ("fitter", False, 1),
        ("head", False, 2),
    ]
    change = smallest_change(gap_to(found, "fitter"))
    assert change is not None
    assert (change.hours, change.price) == (6.0, 40.0)


def test_a_long_role_that_is_half_covered_is_nearer_than_a_short_one_that_is_foreign() -> None:
    given = Given()
    given.people("ann")
    skills = [f"skill-{number}" for number in range(8)]
    given.skills(*skills, "foreign")
    for role, asked in (("short", ["foreign"]), ("long", skills)):
        given.add(Role, id=role, name=role)
        given.add(RoleProfile, id=f"{role}-1", role_id=role, version=1, status=VersionStatus.PUBLISHED)
        for skill in asked:
            given.add(Requirement, owner_id=f"{role}-1", skill_id=skill, level=2)
    for skill in skills[:4]:
        given.holds("ann", skill, 2)
    found = career_paths(given.snapshot(), "ann", known=given.seq, today=TODAY)
    assert [(each.role_id, each.open, each.compliance) for each in found.roles] == [("long", 4, 0.5), ("short", 1, 0.0)]
