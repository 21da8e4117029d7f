"""Each requirement has one cause, and what would close it."""

from datetime import date

import pytest

from service.capability.columns import day_number
from service.capability.gaps import Cure, CureKind, Line, skill_gap
from service.capability.levels import Window
from service.capability.proving import Lacking, Proof
from service.capability.targets import Ask, Resolved, Target
from service.capability.waivers import waivers
from service.domain.learning import Course, CourseOutcome
from service.domain.policy import Cause
from service.domain.proof import Decision, Evidence, EvidenceKind, Trust, Waiver
from service.domain.roles import JobDescription, Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import RelationKind
from service.domain.work import Position, Project
from service.errors import Invalid, NotFound
from service.schema.explanations import of_line
from tests.capability.given import TODAY, Given, day

WELDING = Target(requirements=[Ask(skill_id="welding", level=3)])
VERIFIED_WELDING = Target(requirements=[Ask(skill_id="welding", level=3, min_trust=Trust.VERIFIED)])


@pytest.fixture
def given() -> Given:
    given = Given()
    given.people("ann", "bob")
    given.skills("welding", "soldering")
    return given


def line(given: Given, target: Target = WELDING, *, as_of: date | None = None, until: date | None = None) -> Line:
    gap = skill_gap(given.snapshot(), "ann", target, as_of=as_of, until=until, known=given.seq, today=TODAY)
    assert gap.is_eligible == (gap.lines[0].cause in {Cause.MET, Cause.WAIVED})
    return gap.lines[0]


def test_met_needs_nothing(given: Given) -> None:
    claim = given.holds("ann", "welding", 4)
    found = line(given)
    assert (found.cause, found.level, found.trust, found.assertion_id) == (Cause.MET, 4, Trust.CLAIMED, claim)
    assert found.cure is None


def test_a_waiver_for_another_role_exempts_nobody(given: Given) -> None:
    waiver = {"person_id": "ann", "skill_id": "welding", "granted_by": "head", "reason": "never welds"}
    given.add(Waiver, role_id="elsewhere", **waiver)
    assert line(given).cause is Cause.MISSING
    exempt = given.add(Waiver, **waiver)
    assert (line(given).cause, line(given).waiver_id) == (Cause.WAIVED, exempt)


def test_waivers_exempt_together_when_they_leave_no_day_out(given: Given) -> None:
    waiver = {"person_id": "ann", "skill_id": "welding", "granted_by": "head", "reason": "never welds"}
    given.add(Waiver, valid_until=day(5), **waiver)
    assert line(given, until=day(9)).cause is Cause.MISSING
    given.add(Waiver, valid_from=day(5), **waiver)
    assert line(given, until=day(9)).cause is Cause.WAIVED


def test_what_lapses_in_the_window_is_expiring_and_wants_renewal(given: Given) -> None:
    claim = given.holds("ann", "welding", 3, valid_until=day(4))
    assert line(given, until=day(4)).cause is Cause.MET
    found = line(given, until=day(5))
    assert (found.cause, found.expires_on) == (Cause.EXPIRING, day(4))
    assert found.cure == Cure(kind=CureKind.RENEW, assertion_id=claim)


def test_a_claim_where_proof_is_asked_is_unverified_and_wants_a_decision(given: Given) -> None:
    claim = given.holds("ann", "welding", 3)
    found = line(given, VERIFIED_WELDING)
    assert (found.cause, found.level) == (Cause.UNVERIFIED, None)
    assert found.cure == Cure(kind=CureKind.VERIFY, assertion_id=claim, proof=Proof(0, 1, ()))
    given.decides("bob", claim, Decision.VERIFIED)
    assert line(given, VERIFIED_WELDING).cause is Cause.MET


def test_who_has_still_to_verify_and_which_evidence_lacks_is_told(given: Given) -> None:
    given.skills("high-voltage", required_verifiers=2, requires_credential=True, max_evidence_age_days=30)
    asked = Target(requirements=[Ask(skill_id="high-voltage", level=3, min_trust=Trust.VERIFIED)])
    claim = given.holds("ann", "high-voltage", 3)
    both = (Lacking.CREDENTIAL, Lacking.RECENT_EVIDENCE)
    found = line(given, asked)
    assert found.cure == Cure(kind=CureKind.VERIFY, assertion_id=claim, proof=Proof(0, 2, both))
    assert of_line(found).endswith(
        "holds it, but nobody has verified it; "
        "needed: verification by 2 assessors and a credential in force and recent evidence."
    )
    given.decides("bob", claim, Decision.VERIFIED)
    given.add(Evidence, assertion_id=claim, kind=EvidenceKind.CREDENTIAL, title="card", issued_on=day(-90))
    found = line(given, asked)
    assert found.cure == Cure(kind=CureKind.VERIFY, assertion_id=claim, proof=Proof(1, 1, both[1:]))
    assert "verified by 1 assessor, which is too few; needed: verification by 1 more assessor" in of_line(found)
    given.decides("cat", claim, Decision.VERIFIED)
    found = line(given, asked)
    assert found.cure == Cure(kind=CureKind.EVIDENCE, assertion_id=claim, proof=Proof(2, 0, both[1:]))
    assert "without the evidence that is demanded; needed: recent evidence." in of_line(found)
    given.add(Evidence, assertion_id=claim, kind=EvidenceKind.EXAM, title="exam", issued_on=day(-1))
    assert line(given, asked).cause is Cause.MET


def test_where_an_endorsement_is_enough_none_but_that_is_asked(given: Given) -> None:
    given.skills("high-voltage", required_verifiers=2, requires_credential=True)
    claim = given.holds("ann", "high-voltage", 3)
    found = line(given, Target(requirements=[Ask(skill_id="high-voltage", level=3, min_trust=Trust.ENDORSED)]))
    assert found.cure == Cure(kind=CureKind.VERIFY, assertion_id=claim, proof=Proof(0, 1, ()))
    assert of_line(found).endswith("claims it, but nobody has endorsed it; needed: an endorsement.")


def test_what_is_suspended_counts_again_on_its_day(given: Given) -> None:
    claim = given.holds("ann", "welding", 3)
    given.decides("bob", claim, Decision.SUSPENDED, until=day(7))
    found = line(given, until=day(10))
    assert found.cause is Cause.MISSING
    assert found.cure == Cure(kind=CureKind.WAIT, until=day(7))
    assert of_line(found).endswith(f"; it is suspended and counts again on {day(7)}.")
    unproven = line(given, VERIFIED_WELDING, until=day(10))
    assert unproven.cure == Cure(kind=CureKind.NOTHING_KNOWN)


def test_what_ended_by_its_own_date_has_expired(given: Given) -> None:
    claim = given.holds("ann", "welding", 3, valid_until=day(-3))
    found = line(given)
    assert (found.cause, found.expired_on) == (Cause.EXPIRED, day(-3))
    assert found.cure == Cure(kind=CureKind.RENEW, assertion_id=claim)


def test_what_ended_by_a_later_statement_or_decision_has_not_expired(given: Given) -> None:
    claim = given.holds("ann", "welding", 3, asserted_on=day(-9), valid_until=day(-1))
    given.decides("bob", claim, Decision.REVOKED, on=day(-3))
    assert line(given).cause is Cause.MISSING
    given.holds("ann", "welding", 3, asserted_on=day(-8), valid_until=day(-1))
    given.holds("ann", "welding", 1, valid_from=day(-2))
    assert (line(given).cause, line(given).shortfall) == (Cause.BELOW_LEVEL, 2)


def test_a_course_must_start_where_the_person_is_and_end_where_the_work_begins(given: Given) -> None:
    given.holds("ann", "welding", 1)
    for course, price, first, last in (
        ("dear", 900.0, 1, 3),
        ("unpriced", None, 0, 4),
        ("cheap", 100.0, 1, 3),
        ("too high", 1.0, 2, 4),
        ("too low", 1.0, 0, 2),
    ):
        given.add(Course, id=course, name=course, price=price)
        given.add(CourseOutcome, course_id=course, skill_id="welding", from_level=first, to_level=last)
    assert line(given).cure == Cure(kind=CureKind.COURSE, course_ids=("cheap", "dear", "unpriced"))


def test_a_related_skill_substitutes_until_the_skill_itself_is_shown_not_to_be_there(given: Given) -> None:
    given.relates("soldering", RelationKind.BROADER, "welding")
    given.holds("ann", "soldering", 4)
    given.holds("ann", "welding", 0)
    found = line(given)
    assert (found.cause, found.level, found.cure) == (Cause.SUBSTITUTED, 0, Cure(kind=CureKind.NOTHING_KNOWN))
    assert found.witness is not None
    assert (found.witness.skill_id, found.witness.kinship, found.witness.sigma) == ("soldering", "NARROWER", 0.9)


def test_a_position_overrides_its_role_and_asks_to_its_end(given: Given) -> None:
    given.add(Role, id="welder", name="welder")
    given.add(RoleProfile, id="v1", role_id="welder", version=1, status=VersionStatus.PUBLISHED)
    given.add(RoleProfile, id="v2", role_id="welder", version=2, status=VersionStatus.DRAFT)
    given.add(Requirement, owner_id="v1", skill_id="welding", level=2)
    given.add(Requirement, owner_id="v1", skill_id="soldering", level=2, is_mandatory=False, weight=9.0)
    given.add(Requirement, owner_id="v2", skill_id="welding", level=4)
    given.add(JobDescription, id="text", role_id="welder", profile_id="v2", version=1, title="Welder", text="Weld.")
    given.add(Project, id="bridge", name="bridge")
    given.add(
        Position,
        id="opening",
        project_id="bridge",
        title="welder",
        role_id="welder",
        valid_from=day(-9),
        valid_until=day(30),
    )
    given.add(Requirement, owner_id="opening", skill_id="welding", level=3)
    snapshot = given.snapshot()

    def asked(target: Target) -> tuple[list[tuple[str, int]], date, date]:
        gap = skill_gap(snapshot, "ann", target, known=given.seq, today=TODAY)
        return [(each.skill_id, each.required_level) for each in gap.lines], gap.first, gap.until

    assert asked(Target(role_id="welder")) == ([("welding", 2), ("soldering", 2)], TODAY, day(1))
    assert asked(Target(job_description_id="text")) == ([("welding", 4)], TODAY, day(1))
    assert asked(Target(position_id="opening")) == ([("welding", 3), ("soldering", 2)], TODAY, day(30))


def test_what_cannot_be_asked_is_refused_with_what_was_seen(given: Given) -> None:
    given.add(Role, id="idle", name="idle")
    snapshot = given.snapshot()
    with pytest.raises(Invalid, match="role 'idle' has no profile in force on 2026-06-15"):
        skill_gap(snapshot, "ann", Target(role_id="idle"), known=given.seq, today=TODAY)
    with pytest.raises(Invalid, match="2026-06-15 is not after 2026-06-15"):
        skill_gap(snapshot, "ann", WELDING, until=TODAY, known=given.seq, today=TODAY)
    with pytest.raises(NotFound, match="no person 'eve'"):
        skill_gap(snapshot, "eve", WELDING, known=given.seq, today=TODAY)
    with pytest.raises(NotFound, match="no skill 'flying'"):
        skill_gap(snapshot, "ann", Target(requirements=[Ask(skill_id="flying", level=1)]), known=given.seq, today=TODAY)
    with pytest.raises(Invalid, match="is one of"):
        Target(role_id="idle", position_id="opening")


def test_the_causes_are_counted_as_they_were_known(given: Given) -> None:
    before = given.seq
    given.holds("ann", "welding", 3)
    snapshot = given.snapshot()
    then = skill_gap(snapshot, "ann", WELDING, known=before, today=TODAY)
    now = skill_gap(snapshot, "ann", WELDING, known=given.seq, today=TODAY)
    assert [(each.lines[0].cause, each.compliance, each.known) for each in (then, now)] == [
        (Cause.MISSING, 0.0, before),
        (Cause.MET, 1.0, given.seq),
    ]


def test_a_waiver_for_a_position_does_not_exempt_from_its_role(given: Given) -> None:
    waiver = {"person_id": "ann", "skill_id": "welding", "granted_by": "head", "reason": "never welds there"}
    given.add(Waiver, role_id="welder", position_id="seat", **waiver)
    days = Window(day_number(TODAY), day_number(TODAY) + 1)

    def exempt(role_id: str | None, position_id: str | None) -> bool:
        asked = Resolved((), days, given.seq, role_id, position_id)
        return "ann" in waivers(given.snapshot(), "welding", asked)

    assert (exempt("welder", None), exempt("welder", "other"), exempt("welder", "seat")) == (False, False, True)


def test_a_day_without_a_profile_and_one_after_a_position_are_said(given: Given) -> None:
    given.add(Role, id="smith", name="smith")
    given.add(RoleProfile, id="p", role_id="smith", version=1, status=VersionStatus.PUBLISHED, valid_from=day(5))
    given.add(Requirement, owner_id="p", skill_id="welding", level=2)
    given.add(Position, id="post", project_id="x", title="post", role_id="smith", valid_from=day(6), valid_until=day(9))
    with pytest.raises(Invalid, match=f"'smith' has no profile in force on {TODAY}; the next is from {day(5)}"):
        line(given, Target(role_id="smith"))
    with pytest.raises(Invalid, match=f"position 'post' ends on {day(9)}, and {day(9)} is asked about"):
        skill_gap(given.snapshot(), "ann", Target(position_id="post"), as_of=day(9), known=given.seq, today=TODAY)
