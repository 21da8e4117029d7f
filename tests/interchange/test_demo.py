"""The demonstration house: its size, the rules it keeps, and each of its cases as the reckoning sees it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import TypeVar

import pytest
from graphql import build_schema as parse_schema
from graphql import parse, validate

from service.capability.backlog import Asked, verification_queue
from service.capability.campaigns import review_progress
from service.capability.capacity import CapacityBucket, capacity
from service.capability.coverage import Scope, coverage
from service.capability.gaps import CureKind, Gap, skill_gap
from service.capability.index import Snapshot, build
from service.capability.matching import Candidates, candidates
from service.capability.targets import Target
from service.domain.assessment import AssessorScope, VerificationRequest
from service.domain.learning import Course, CourseOutcome, Session
from service.domain.people import Absence, OrgUnit, Person, PersonKind
from service.domain.policy import Cause
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Trust, Verification, Waiver
from service.domain.roles import JobDescription, Requirement, Role, RoleProfile
from service.domain.skills import Scale, Skill, SkillKind, SkillRelation
from service.domain.values import Fact
from service.domain.work import (
    Allocation,
    AllocationStatus,
    Portfolio,
    Position,
    PositionStatus,
    Programme,
    Project,
    ProjectStatus,
)
from service.interchange.demo import CASES, demo, ready_questions
from service.interchange.demo.authority import REVIEW, SECOND, UNPROVEN
from service.interchange.demo.coverage import BARE, SHORT, SPARE
from service.interchange.facts import ADAPTERS
from service.interchange.problems import Row
from service.schema.build import build_schema
from service.settings import load
from tests.capability.worlds import facts as columns

F = TypeVar("F", bound=Fact)

DAYS = (date(2026, 11, 24), date(2027, 2, 28), date(2028, 2, 29))
HOUSES = [(DAYS[0], 2026), (DAYS[1], 1), (DAYS[2], 77)]


class Facts:
    """The facts of a house by noun, and the snapshot that the reckoning sees."""

    def __init__(self, today: date, seed: int) -> None:
        self.today = today
        self.all = list(facts_of(today, seed))
        recorded = [replace(fact, recorded_seq=1) for fact in self.all]
        self.snapshot: Snapshot = build(columns(recorded), seq=1, registry_id="demo")

    def of(self, noun: type[F]) -> dict[str, F]:
        return {fact.id: fact for fact in self.all if isinstance(fact, noun)}

    def gap(self, case: str, *, days_ago: int = 0, on_position: bool = False) -> Gap:
        ids = CASES[case].ids
        target = Target(position_id=ids["position"]) if on_position else Target(role_id=ids["role"])
        as_of = self.today - timedelta(days=days_ago) if days_ago else None
        return skill_gap(self.snapshot, ids["person"], target, known=1, today=self.today, as_of=as_of)

    def open_lines(self, case: str, **how: int | bool) -> dict[str, Cause]:
        gap = self.gap(case, **how)  # type: ignore[arg-type]
        return {line.skill_id: line.cause for line in gap.lines if line.cause is not Cause.MET}

    def candidates(self, case: str) -> Candidates:
        target = Target(position_id=CASES[case].ids["position"])
        return candidates(self.snapshot, target, known=1, today=self.today, first=300)

    def capacity(self) -> list[CapacityBucket]:
        return capacity(self.snapshot, as_of=self.today, months=6, unit_ids=[None], known=1)


def facts_of(today: date, seed: int) -> Iterator[Fact]:
    for _, batch in demo(today, seed).batches():
        for outcome in batch:
            assert isinstance(outcome, Row)
            yield outcome.fact


@pytest.fixture(scope="module", params=HOUSES, ids=lambda param: f"{param[0]}-{param[1]}")
def house(request: pytest.FixtureRequest) -> Facts:
    return Facts(*request.param)


def test_the_same_day_and_seed_give_the_same_house() -> None:
    assert list(facts_of(DAYS[0], 5)) == list(facts_of(DAYS[0], 5))
    assert list(facts_of(DAYS[0], 5)) != list(facts_of(DAYS[0], 6))


def test_a_source_starts_from_the_top_each_time_and_tells_its_size() -> None:
    source = demo(DAYS[0])
    first, again = ([row for _, batch in source.batches() for row in batch] for _ in range(2))
    assert first == again
    assert len(first) == source.total_rows
    assert len(source.notes) == len(CASES)


def test_the_house_has_the_size_it_should(house: Facts) -> None:
    counts = Counter(type(fact) for fact in house.all)
    assert counts[Person] == 300
    assert sum(unit.parent_id == "unit-house" for unit in house.of(OrgUnit).values()) == 6
    skills = house.of(Skill).values()
    assert sum(not skill.is_group for skill in skills) == 120
    assert {skill.kind for skill in skills} == set(SkillKind)
    assert {len(scale.labels) for scale in house.of(Scale).values()} == {1, 4, 5, 6}
    assert counts[SkillRelation] > 140
    assert (counts[Role], counts[RoleProfile], counts[JobDescription]) == (25, 27, 25)
    assert (counts[Portfolio], counts[Programme], counts[Project]) == (2, 4, 15)
    assert {project.status for project in house.of(Project).values()} == set(ProjectStatus)
    assert (counts[Course], counts[Session]) == (30, 90)
    assert 11 * 300 <= counts[Assertion] <= 13.5 * 300
    assert counts[Absence] > 150


def test_about_sixty_positions_are_open_within_nine_months(house: Facts) -> None:
    is_open = [each for each in house.of(Position).values() if each.status is PositionStatus.OPEN]
    assert 55 <= len(is_open) <= 65
    for each in is_open:
        assert each.valid_from is not None
        assert each.valid_until is not None
        assert house.today < each.valid_until
        assert each.valid_until - house.today <= timedelta(days=275)
    assert {booking.status for booking in house.of(Allocation).values()} == set(AllocationStatus)


def test_trust_comes_in_about_the_mix_that_a_house_has(house: Facts) -> None:
    needed = {skill.id: skill.required_verifiers for skill in house.of(Skill).values()}
    verified = Counter(
        each.assertion_id for each in house.of(Verification).values() if each.decision is Decision.VERIFIED
    )
    found: Counter[Trust] = Counter()
    for each in house.of(Assertion).values():
        is_verified = each.trust is Trust.VERIFIED or verified[each.id] >= needed[each.skill_id]
        found[Trust.VERIFIED if is_verified else each.trust] += 1
    share = {trust: round(100 * count / found.total()) for trust, count in found.items()}
    assert 50 <= share[Trust.CLAIMED] <= 60
    assert 20 <= share[Trust.ENDORSED] <= 28
    assert 17 <= share[Trust.VERIFIED] <= 27


def test_every_fact_is_within_the_limits_of_its_fields_and_has_an_id_of_its_own(house: Facts) -> None:
    for fact in house.all:
        assert ADAPTERS[type(fact)].validate_python(asdict(fact)) == fact
    ids = Counter((type(fact), fact.id) for fact in house.all)
    assert [each for each, count in ids.items() if count > 1] == []


def test_every_id_named_is_there_already(house: Facts) -> None:
    seen: set[str] = set()
    for fact in house.all:
        seen.add(fact.id)
        for name, value in asdict(fact).items():
            if name.endswith("_id") and value is not None:
                assert value in seen, f"{fact.id} names {value}"
            if name.endswith("_ids"):
                assert seen.issuperset(value)


def test_levels_are_on_the_scale_of_a_skill_that_people_can_hold(house: Facts) -> None:
    scales, skills = house.of(Scale), house.of(Skill)
    top = {skill.id: len(scales[skill.scale_id].labels) for skill in skills.values() if skill.scale_id}
    stated: list[Assertion | Requirement] = [*house.of(Assertion).values(), *house.of(Requirement).values()]
    for each in stated:
        assert not skills[each.skill_id].is_group
        assert each.level <= top[each.skill_id]
    for outcome in house.of(CourseOutcome).values():
        assert outcome.to_level <= top[outcome.skill_id]
    for skill in skills.values():
        assert len(skill.level_descriptions) in (0, top.get(skill.id))


def test_nobody_decides_on_themselves_and_no_decision_comes_before_its_assertion(house: Facts) -> None:
    assertions = house.of(Assertion)
    judged: set[tuple[str, str]] = set()
    for each in house.of(Verification).values():
        assertion = assertions[each.assertion_id]
        assert each.verifier_id != assertion.person_id
        assert assertion.asserted_on < each.decided_on <= house.today
        assert (each.assertion_id, each.verifier_id) not in judged
        judged.add((each.assertion_id, each.verifier_id))


def test_an_assertion_is_verified_by_itself_only_with_an_exam_or_credential(house: Facts) -> None:
    proof = {EvidenceKind.EXAM, EvidenceKind.CREDENTIAL}
    proven = {each.assertion_id for each in house.of(Evidence).values() if each.kind in proof}
    assert {each.id for each in house.of(Assertion).values() if each.trust is Trust.VERIFIED} == proven


def test_bookings_are_within_their_position_and_nobody_is_booked_beyond_the_contract_unforced(house: Facts) -> None:
    people, positions, bookings = house.of(Person), house.of(Position), house.of(Allocation)
    hard: dict[str, list[Allocation]] = {}
    for booking in bookings.values():
        position, person = positions[booking.position_id], people[booking.person_id]
        assert booking.valid_from is not None
        assert booking.valid_until is not None
        assert position.valid_from is not None
        assert position.valid_until is not None
        assert position.valid_from <= booking.valid_from < booking.valid_until <= position.valid_until
        if booking.status is AllocationStatus.HARD:
            assert person.valid_from is not None
            assert person.valid_from <= booking.valid_from
            assert person.valid_until is None or booking.valid_until <= person.valid_until
            hard.setdefault(person.id, []).append(booking)
    over = set()
    for person_id, booked in hard.items():
        for day in {each.valid_from for each in booked}:
            on_day = [each for each in booked if each.valid_from <= day < each.valid_until]  # type: ignore[operator]
            if sum(each.fte for each in on_day) > people[person_id].contract_fte + 1e-9:
                assert any(each.forced_reason for each in on_day)
                over.add(person_id)
    assert over == {CASES["over_allocated"].ids["person"]}


def test_managers_are_listed_first_and_names_and_addresses_are_nobody_elses(house: Facts) -> None:
    people = house.of(Person)
    assert list(people) == sorted(people)
    assert len({person.name for person in people.values()}) == 300
    assert len({person.email for person in people.values()}) == 300
    assert {person.calendar for person in people.values()} == {"GB", "DE-BY", None}


def test_every_id_of_every_case_is_there(house: Facts) -> None:
    ids = {fact.id for fact in house.all}
    for case in CASES.values():
        assert ids.issuperset(case.ids.values())


def test_ready_questions_ask_about_what_is_there(house: Facts) -> None:
    (_, _, gap), (_, _, matching), (_, capacity_text, none), *_, (_, _, why) = ready_questions(CASES)
    assert gap["person"].removeprefix("Person:") in house.of(Person)
    assert gap["target"]["role"].removeprefix("Role:") in house.of(Role)
    assert matching["position"].removeprefix("Position:") in house.of(Position)
    assert capacity_text.startswith("query Capacity")
    assert none == {}
    assert why["person"] == gap["person"]
    assert why["skill"].removeprefix("Skill:") in house.of(Skill)


def test_ready_questions_are_questions_of_the_schema() -> None:
    schema = parse_schema(build_schema(load()).as_str())
    for _, text, _ in ready_questions(CASES):
        assert validate(schema, parse(text)) == []


def test_the_aspirant_shows_one_gap_of_nearly_every_cause(house: Facts) -> None:
    assert house.open_lines("aspirant") == {
        "skill-data-pipelines": Cause.SUBSTITUTED,
        "skill-sql": Cause.BELOW_LEVEL,
        "skill-data-modelling": Cause.WAIVED,
        "skill-spark": Cause.MISSING,
        "skill-cert-data-engineer": Cause.EXPIRED,
        "skill-kafka": Cause.UNVERIFIED,
    }


def test_the_expired_certificate_was_all_that_was_needed_until_last_month(house: Facts) -> None:
    assert house.open_lines("expired") == {"skill-cert-cloud-engineer": Cause.EXPIRED}
    assert house.open_lines("expired", days_ago=30) == {}


def test_the_certificate_expires_inside_the_positions_window(house: Facts) -> None:
    assert house.open_lines("expiring") == {}
    assert house.open_lines("expiring", on_position=True) == {"skill-cert-cloud-engineer": Cause.EXPIRING}
    (line,) = (line for line in house.gap("expiring", on_position=True).lines if line.cause is Cause.EXPIRING)
    assert line.expires_on == house.today + timedelta(days=75)


def test_an_unverified_claim_blocks_and_the_cure_is_to_verify_it(house: Facts) -> None:
    assert house.open_lines("unverified") == {"skill-cert-cloud-engineer": Cause.UNVERIFIED}
    (cure,) = (line.cure for line in house.gap("unverified").lines if line.cure)
    assert (cure.kind, cure.assertion_id) == (CureKind.VERIFY, CASES["unverified"].ids["assertion"])


def test_one_person_alone_holds_the_skill_that_a_position_needs(house: Facts) -> None:
    ids = CASES["single_holder"].ids
    assert [each.person_id for each in house.of(Assertion).values() if each.skill_id == ids["skill"]] == [ids["person"]]
    found = house.candidates("single_holder")
    assert (found.eligible, found.rows[0].person_id) == (1, ids["person"])


def test_the_over_allocated_person_was_forced_with_a_reason(house: Facts) -> None:
    ids, bookings = CASES["over_allocated"].ids, house.of(Allocation)
    assert bookings[ids["forced"]].forced_reason
    assert not bookings[ids["other"]].forced_reason
    assert bookings[ids["forced"]].fte + bookings[ids["other"]].fte == pytest.approx(1.3)


def test_nobody_fits_the_unfillable_position_and_one_level_less_would_do(house: Facts) -> None:
    found = house.candidates("unfillable")
    assert found.eligible == 0
    ids = CASES["unfillable"].ids
    gap = skill_gap(house.snapshot, ids["near_miss"], Target(position_id=ids["position"]), known=1, today=house.today)
    assert {line.skill_id: line.shortfall for line in gap.lines if line.cause is not Cause.MET} == {ids["skill"]: 1}


def test_of_the_good_candidates_one_is_away_and_one_is_booked(house: Facts) -> None:
    ids = CASES["contested"].ids
    rows = {row.person_id: row for row in house.candidates("contested").rows}
    parts = ("free_1", "free_2", "free_3", "on_leave", "booked")
    assert [rows[ids[part]].is_eligible for part in parts] == [True] * 5
    assert [rows[ids[part]].is_available for part in parts] == [True, True, True, False, False]
    assert rows[ids["on_leave"]].away_days > 0
    assert rows[ids["booked"]].free_fte == 0
    assert next(iter(rows)) == ids["free_1"]


def test_the_waiver_makes_eligible_for_its_role(house: Facts) -> None:
    assert house.open_lines("waived") == {"skill-cert-height": Cause.WAIVED}
    assert house.gap("waived").is_eligible
    assert house.of(Waiver)[CASES["waived"].ids["waiver"]].role_id == CASES["waived"].ids["role"]


def test_a_rejected_claim_does_not_count(house: Facts) -> None:
    assert house.open_lines("rejected") == {"skill-sql": Cause.MISSING}


def test_one_assessor_of_two_is_not_enough(house: Facts) -> None:
    assert house.open_lines("half_verified") == {"skill-high-voltage": Cause.UNVERIFIED}
    ids = CASES["half_verified"].ids
    twice = skill_gap(house.snapshot, ids["verified_twice"], Target(role_id=ids["role"]), known=1, today=house.today)
    assert twice.is_eligible


def test_a_failed_examination_beats_the_claim(house: Facts) -> None:
    assert house.open_lines("disproved") == {"skill-networking": Cause.MISSING}
    (line,) = (line for line in house.gap("disproved").lines if line.skill_id == "skill-networking")
    assert (line.level, line.trust) == (0, Trust.VERIFIED)


def test_the_shortage_has_one_bottleneck_and_it_is_the_skill_that_few_have(house: Facts) -> None:
    ids = CASES["shortage"].ids
    whole = [
        bucket
        for bucket in house.capacity()
        if bucket.first >= house.today + timedelta(days=60) and bucket.until <= house.today + timedelta(days=150)
    ]
    assert whole
    for bucket in whole:
        assert bucket.bottleneck is not None
        assert bucket.bottleneck.people == 3
        assert set(bucket.bottleneck.position_ids) == {ids[f"{nth}_position"] for nth in ("first", "second", "third")}
        assert bucket.bottleneck.demand - bucket.bottleneck.supply == bucket.shortage > 0


def test_nothing_is_short_before(house: Facts) -> None:
    before = [bucket for bucket in house.capacity() if bucket.until <= house.today + timedelta(days=60)]
    assert [bucket.shortage for bucket in before] == [0] * len(before)


def test_contracts_and_calendars_are_of_every_kind(house: Facts) -> None:
    people = house.of(Person)

    def person(case: str, key: str = "person") -> Person:
        return people[CASES[case].ids[key]]

    assert [person("calendars", key).calendar for key in ("gb", "de_by", "none")] == ["GB", "DE-BY", None]
    assert person("part_timer").contract_fte == 0.6
    assert person("contractor").kind is PersonKind.CONTRACTOR
    assert person("leaver").valid_until == house.today + timedelta(days=45)
    assert person("joiner").valid_from == house.today + timedelta(days=30)
    assert person("joiner").kind is PersonKind.CANDIDATE


def test_a_description_may_lag_behind_its_role(house: Facts) -> None:
    ids = CASES["stale_description"].ids
    assert house.of(JobDescription)[ids["job_description"]].profile_id == ids["cited"]
    levels = {each.id: each.level for each in house.of(Requirement).values()}
    assert levels[f"req-{ids['cited']}-kubernetes"] < levels[f"req-{ids['in_force']}-kubernetes"]


def test_one_coverage_rule_has_people_to_spare_one_has_none_and_one_is_short(house: Facts) -> None:
    found = coverage(house.snapshot, Scope(), known=1, today=house.today)

    assert [(each.rule.id, each.short) for each in found if each.rule.id == SHORT] == [(SHORT, 1)]
    least = {each.rule.id: each.least - each.rule.people for each in found}
    assert (least[SHORT], least[BARE]) == (-1, 0)
    assert least[SPARE] > 0


def test_two_decisions_wait_one_of_them_overdue_and_leads_may_take_them_up(house: Facts) -> None:
    asked = Asked(day=house.today, known=1)
    waiting = {each.request_id: each for each in verification_queue(house.snapshot, asked, first=10).entries}

    assert {id_: (each.is_overdue, each.verifiers_still_needed) for id_, each in waiting.items()} == {
        UNPROVEN: (False, 1),
        SECOND: (True, 1),
    }
    assert all(each.gaps_closed > 0 for each in waiting.values())
    requests = house.of(VerificationRequest)
    for id_, department in {UNPROVEN: "unit-infrastructure", SECOND: "unit-field"}.items():
        leads = {each.person_id for each in house.of(AssessorScope).values() if each.unit_id == department}
        assert requests[id_].assessor_id in {None, *leads}
        found = [
            {
                each.request_id
                for each in verification_queue(house.snapshot, replace(asked, assessor_id=lead), first=10).entries
            }
            for lead in leads
        ]
        assert any(id_ in each for each in found)


def test_a_review_is_under_way_and_reminders_are_due(house: Facts) -> None:
    progress = review_progress(house.snapshot, REVIEW, as_of=house.today, known=1, first=100)

    assert progress.is_reminder_due
    assert not progress.is_overdue
    assert 0 < progress.open < progress.total
