"""Whom a change of requirements concerns."""

import pytest

from service.capability.version_comparison import Effect, compare_profiles
from service.domain.people import Person
from service.domain.proof import Waiver
from service.domain.roles import Requirement, Role, RoleProfile, VersionStatus
from tests.capability.given import TODAY, Given
from tests.capability.worlds import facts


@pytest.fixture
def given() -> Given:
    """Two versions of a role that nobody holds."""
    given = Given()
    given.skills("welding")
    for role in ("diver", "welder"):
        given.add(Role, id=role, name=role)
    for version, level in ((1, 2), (2, 3)):
        status = VersionStatus.PUBLISHED
        given.add(RoleProfile, id=f"v{version}", role_id="welder", version=version, status=status)
        given.add(Requirement, owner_id=f"v{version}", skill_id="welding", level=level)
    return given


def test_a_role_that_nobody_holds_concerns_nobody(given: Given) -> None:
    given.add(Person, id="ann", name="ann", role_id="smith")
    given.retracts("ann")
    given.add(Person, id="ann", name="ann", role_id="diver")

    found = compare_profiles(given.snapshot(), "v1", "v2", known=given.seq, today=TODAY)

    assert found.counts() == dict.fromkeys(Effect, 0)


def test_a_person_who_came_later_changes_nothing_said_of_before(given: Given) -> None:
    given.add(Person, id="ann", name="ann", role_id="welder")
    given.add(Waiver, person_id="bob", skill_id="welding", granted_by="head", reason="old hand")
    snapshot, seq = given.snapshot(), given.seq
    snapshot.apply(facts([Person(id="bob", name="bob", role_id="welder", recorded_seq=seq + 1)]), seq + 1)

    found = compare_profiles(snapshot, "v1", "v2", known=seq, today=TODAY)

    assert [each.person_id for each in found.page(None, 9)] == ["ann"]
