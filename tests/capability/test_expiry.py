"""What lapses by dates alone, against a search through every single day."""

from collections.abc import Sequence

import pytest
from hypothesis import given as where

from service.capability.columns import day_number
from service.capability.expiry import Lapse, Whose, broken, expired, expiring
from service.capability.index import Snapshot, build
from service.capability.levels import Holding, history, winner
from service.domain.people import OrgUnit, Person
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Trust, Verification, Waiver
from service.domain.roles import Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import Skill
from service.domain.values import Fact
from service.domain.work import Allocation, Position, Project
from service.errors import Invalid
from tests.capability.given import Given, day
from tests.capability.test_explaining import demanding
from tests.capability.worlds import EXAMPLES, LAST, SEEDS, When, World, facts, whens, worlds

CLAIMED = Trust.CLAIMED.rank


def is_less(held: Holding | None, than: Holding) -> bool:
    return held is None or held.level < than.level or held.trust < than.trust


class Search:
    """Every day looked at, one after the other."""

    def __init__(self, states: Sequence[Fact], snapshot: Snapshot, when: When, person: str, skill: str) -> None:
        self.states, self.snapshot, self.when = states, snapshot, when
        self.person, self.skill = person, skill
        self.held = history(snapshot, snapshot.people.rows[person], skill, when.seq)
        self.today = day_number(when.day)

    def on(self, number: int) -> Holding | None:
        return winner(self.held, number, self.when.floor.rank)

    def known(self, kind: type[Fact]) -> list[Fact]:
        seq = self.when.seq
        return [
            each
            for each in self.states
            if type(each) is kind
            and each.recorded_seq <= seq
            and (each.retracted_seq is None or each.retracted_seq > seq)
        ]

    def lapsed(self, number: int) -> bool:
        """Whether what won on the day before stops counting so on a day, without anybody deciding it."""
        before = self.on(number - 1)
        assert before is not None
        name = self.snapshot.assertion_id(before.reference)
        (said,) = (each for each in self.known(Assertion) if each.id == name)
        assert isinstance(said, Assertion)
        if said.valid_until is not None and day_number(said.valid_until) == number:
            return True
        again = [each for each in self.held if each.reference == before.reference and each.first <= number < each.until]
        if again and again[-1].trust == before.trust:
            return False
        return not any(
            isinstance(each, Verification)
            and each.assertion_id == name
            and each.recorded_seq >= said.recorded_seq
            and each.decision is not Decision.VERIFIED
            and day_number(each.decided_on) == number
            for each in self.known(Verification)
        )

    def lapse(self, number: int) -> list[Lapse]:
        before, after = self.on(number - 1), self.on(number)
        assert before is not None
        if not self.lapsed(number):
            return []
        left = (None, None) if after is None else (after.level, after.trust)
        names = number, self.person, self.skill
        return [Lapse(*names, before.level, before.trust, before.reference, *left)]

    def ahead(self, within: int) -> list[Lapse]:
        now = self.on(self.today)
        if now is None or not now.level:
            return []
        days = range(self.today + 1, self.today + within + 1)
        return next((self.lapse(each) for each in days if is_less(self.on(each), now)), [])

    def back(self, within: int) -> list[Lapse]:
        now = self.on(self.today)
        for number in range(self.today, self.today - within, -1):
            before = self.on(number - 1)
            turned = before is not None and before.level and is_less(now, before)
            if turned and self.on(number) != before:
                return self.lapse(number)
        return []


@EXAMPLES
@where(worlds(), whens(), SEEDS)
def test_what_lapses_is_what_a_search_through_every_day_finds(world: World, when: When, seed: int) -> None:
    states = demanding(world, seed)
    snapshot = build(facts(states), seq=LAST, registry_id="registry")
    service, today, within = snapshot.service(when.seq), day_number(when.day), 1 + seed % 20
    searches = [
        Search(states, snapshot, when, person, skill)
        for row, person in enumerate(snapshot.people.ids)
        if service.exists[row] and service.first[row] <= today < service.until[row]
        for skill in world.ids(Skill)
    ]

    def asked(found: list[Lapse]) -> list[Lapse]:
        assert found == sorted(found, key=lambda each: each.place)
        return found

    floor = when.floor.rank
    ahead = expiring(snapshot, Whose(), day=today, within=within, known=when.seq, floor=floor)
    assert asked(ahead) == sorted(lapse for each in searches for lapse in each.ahead(within))
    back = expired(snapshot, Whose(), day=today, within=within, known=when.seq, floor=floor)
    assert asked(back) == sorted(lapse for each in searches for lapse in each.back(within))


@pytest.fixture
def given() -> Given:
    given = Given()
    given.people("ann", "bob")
    given.skills("welding", "diving")
    return given


def ahead(given: Given, whose: Whose | None = None, within: int = 30, on: int = 0) -> list[tuple[str, str, int]]:
    snapshot, today = given.snapshot(), day_number(day(on))
    found = expiring(snapshot, whose or Whose(), day=today, within=within, known=snapshot.seq, floor=CLAIMED)
    return [(each.person_id, each.skill_id, each.day - day_number(day(0))) for each in found]


def back(given: Given, within: int = 30, on: int = 0) -> list[tuple[str, str, int]]:
    snapshot, today = given.snapshot(), day_number(day(on))
    found = expired(snapshot, Whose(), day=today, within=within, known=snapshot.seq, floor=CLAIMED)
    return [(each.person_id, each.skill_id, each.day - day_number(day(0))) for each in found]


def test_the_first_day_it_no_longer_counts_is_the_day_it_expires(given: Given) -> None:
    given.holds("ann", "welding", 3, valid_until=day(30))
    given.holds("bob", "welding", 3, valid_until=day(31))

    assert ahead(given) == [("ann", "welding", 30)]
    assert back(given, on=29) == []
    assert back(given, on=30) == [("ann", "welding", 30)]
    assert back(given, within=1, on=31) == [("bob", "welding", 31)]


def test_a_renewal_leaves_nothing_to_expire(given: Given) -> None:
    given.holds("ann", "welding", 3, valid_until=day(9), asserted_on=day(-9))
    given.holds("ann", "welding", 3, valid_from=day(9))

    assert ahead(given) == []
    assert back(given, on=12) == []


def test_evidence_that_grows_too_old_takes_the_trust_away(given: Given) -> None:
    given.skills("climbing", max_evidence_age_days=100)
    given.holds("ann", "climbing", 3, Trust.VERIFIED, id="a")
    given.add(Evidence, assertion_id="a", kind=EvidenceKind.EXAM, title="exam", issued_on=day(-95))
    snapshot = given.snapshot()

    (found,) = expiring(snapshot, Whose(), day=day_number(day(0)), within=9, known=snapshot.seq, floor=CLAIMED)

    assert (found.day - day_number(day(0)), found.level, found.trust) == (5, 3, Trust.VERIFIED.rank)
    assert (found.level_after, found.trust_after) == (3, Trust.ENDORSED.rank)


def test_a_decision_lets_nothing_lapse(given: Given) -> None:
    given.holds("ann", "welding", 3, id="a")
    given.decides("bob", "a", Decision.REVOKED, on=day(5))

    assert ahead(given) == []
    assert back(given, on=9) == []


def test_a_decision_on_what_was_corrected_since_hides_no_lapse(given: Given) -> None:
    given.skills("climbing", max_evidence_age_days=100)
    given.holds("ann", "climbing", 2, Trust.VERIFIED, id="a")
    given.decides("bob", "a", Decision.REJECTED, on=day(5))
    given.retracts("a")
    given.holds("ann", "climbing", 3, Trust.VERIFIED, id="a")
    given.add(Evidence, assertion_id="a", kind=EvidenceKind.EXAM, title="exam", issued_on=day(-95))

    assert ahead(given) == [("ann", "climbing", 5)]
    assert back(given, on=9) == [("ann", "climbing", 5)]


def test_who_left_is_not_listed(given: Given) -> None:
    given.add(Person, id="cay", name="cay", valid_until=day(0))
    given.holds("cay", "welding", 3, valid_until=day(3))

    assert ahead(given) == []


def test_the_days_asked_about_have_a_limit(given: Given) -> None:
    with pytest.raises(Invalid, match="within 0 is not a number of days from 1 to 3660"):
        ahead(given, within=0)


@pytest.fixture
def staffed(given: Given) -> Given:
    """Ann is booked to a position for divers, Bob holds their role; both hold both skills for a week."""
    given.add(OrgUnit, id="house", name="house")
    given.add(OrgUnit, id="yard", name="yard", parent_id="house")
    given.add(Role, id="diver", name="diver")
    given.add(RoleProfile, id="v1", role_id="diver", version=1, status=VersionStatus.PUBLISHED)
    given.add(Requirement, owner_id="v1", skill_id="diving", level=2)
    given.add(Project, id="pier", name="pier")
    given.add(
        Position, id="seat", project_id="pier", title="seat", role_id="diver", valid_from=day(0), valid_until=day(99)
    )
    given.add(Person, id="cay", name="cay", role_id="diver", unit_id="yard")
    given.add(Allocation, person_id="ann", position_id="seat", fte=1.0, valid_from=day(0), valid_until=day(50))
    for person in ("ann", "bob", "cay"):
        for skill in ("welding", "diving"):
            given.holds(person, skill, 3, valid_until=day(7))
    return given


@pytest.mark.parametrize(
    ("whose", "expected"),
    [
        (Whose(role_id="diver"), [("ann", "diving", 7), ("cay", "diving", 7)]),
        (Whose(project_id="pier"), [("ann", "diving", 7)]),
        (Whose(unit_id="house"), [("cay", "diving", 7), ("cay", "welding", 7)]),
        (Whose(unit_id="house", skill_id="welding"), [("cay", "welding", 7)]),
    ],
)
def test_unit_role_project_and_skill_narrow_it(
    staffed: Given, whose: Whose, expected: list[tuple[str, str, int]]
) -> None:
    assert ahead(staffed, whose) == expected


def breaks(given: Given) -> list[str]:
    snapshot, today = given.snapshot(), day_number(day(0))
    (found,) = expiring(snapshot, Whose(project_id="pier"), day=today, within=30, known=snapshot.seq, floor=CLAIMED)
    return broken(snapshot, found, known=snapshot.seq, floor=CLAIMED)


def test_a_lapse_breaks_the_bookings_that_need_the_skill(staffed: Given) -> None:
    assert breaks(staffed) == ["seat"]


def test_a_waiver_keeps_a_requirement_closed(staffed: Given) -> None:
    staffed.add(Waiver, person_id="ann", skill_id="diving", granted_by="head", reason="old hand")

    assert breaks(staffed) == []
