"""What would close a group's line is what would close it for its people, counted."""

from hypothesis import given

from service.capability.cures import cures, lines_of, rows_with
from service.capability.gaps import skill_gap
from service.capability.group_gaps import Group, group_gap, trend
from service.domain.learning import Course, CourseOutcome
from service.domain.policy import Cause
from service.domain.proof import Trust
from tests.capability.given import TODAY, Given, day
from tests.capability.test_against_oracle import DESCRIPTION, LIST, POSITION, ROLE, answer_or_none, common, snapshot
from tests.capability.test_gaps import VERIFIED_WELDING
from tests.capability.test_group_gaps import GROUPS
from tests.capability.worlds import EXAMPLES, When, World, whens, worlds

LAPSED = {Cause.EXPIRING, Cause.EXPIRED}
"""Causes that a renewal closes."""

UNTAUGHT = {Cause.BELOW_LEVEL, Cause.SUBSTITUTED, Cause.MISSING}
"""Causes that a course closes."""


@EXAMPLES
@given(worlds(), whens())
def test_cures_are_those_of_the_people(world: World, when: When) -> None:
    index = snapshot(world)
    for target in (ROLE, DESCRIPTION, POSITION, LIST):
        for group in GROUPS:
            found = answer_or_none(group_gap, index, group, target, **common(when))
            if found is None:
                continue
            gaps = {row: skill_gap(index, index.people.ids[row], target, **common(when)) for row in found.people}
            outside = answer_or_none(group_gap, index, Group(), target, **common(when))
            assert outside is not None
            for at, line in enumerate(found.lines):
                causes = {row: gap.lines[at].cause for row, gap in gaps.items()}
                for cause in (None, *Cause):
                    assert rows_with(found, at, cause) == [row for row in causes if cause in {None, causes[row]}]
                right = cures(found, at)
                assert right.verify == sum(each is Cause.UNVERIFIED for each in causes.values())
                assert right.renew == sum(each in LAPSED for each in causes.values())
                for each in (*right.to_verify, *right.to_renew):
                    assert each.line == gaps[index.people.rows[each.person_id]].lines[at]
                taught = [gap.lines[at].cure for row, gap in gaps.items() if causes[row] in UNTAUGHT]
                for course in right.courses:
                    assert course.people == sum(course.course in cure.courses for cure in taught if cure)
                assert right.without_course == sum(not cure.courses for cure in taught if cure)
                meeting = {
                    row for row in outside.people if outside.lines[at].codes[list(outside.people).index(row)] == 0
                }
                away = {index.people.ids[row] for row in meeting if row not in gaps}
                assert {each.person_id for each in right.elsewhere} <= away
                assert len(right.elsewhere) == min(5, len(away)) == min(5, line.elsewhere)
                free = [(-each.free_fte, each.person_id) for each in right.elsewhere]
                assert free == sorted(free)


@EXAMPLES
@given(worlds(), whens())
def test_a_trend_s_day_is_the_gap_of_that_day(world: World, when: When) -> None:
    index = snapshot(world)
    days = [when.day, when.today]
    for target in (ROLE, LIST):
        for group in GROUPS:
            points = answer_or_none(trend, index, group, target, days, known=when.seq, min_trust=when.min_trust)
            for each in points or ():
                asked = common(when) | {"as_of": each.day, "until": None}
                gap = answer_or_none(group_gap, index, group, target, **asked)
                if gap is None:
                    assert each.compliance is None
                else:
                    right = (len(gap.people), int(gap.eligible.sum()), gap.compliance)
                    assert (each.people, each.eligible, each.compliance) == right


def test_a_line_names_whom_to_verify_what_to_renew_which_course_and_who_is_elsewhere() -> None:
    given = Given()
    given.people("ann", "bob", "cyd", "dee", "eve")
    given.skills("welding")
    claim = given.holds("ann", "welding", 3)
    lapsed = given.holds("bob", "welding", 3, Trust.VERIFIED, valid_until=day(-1))
    given.holds("cyd", "welding", 1, Trust.VERIFIED)
    given.holds("eve", "welding", 4, Trust.VERIFIED)
    for course, least, price in (("from-1", 1, 10.0), ("from-0", 0, 90.0), ("too-low", 0, 5.0)):
        given.add(Course, id=course, name=course, price=price)
        to = 2 if course == "too-low" else 4
        given.add(CourseOutcome, course_id=course, skill_id="welding", from_level=least, to_level=to)
    group = Group(person_ids=("ann", "bob", "cyd", "dee"))
    gap = group_gap(given.snapshot(), group, VERIFIED_WELDING, known=given.seq, today=TODAY)

    found = cures(gap, 0)

    assert gap.lines[0].people == dict.fromkeys((Cause.UNVERIFIED, Cause.EXPIRED, Cause.BELOW_LEVEL, Cause.MISSING), 1)
    verify, renew = ([(each.person_id, each.line.cure) for each in its] for its in (found.to_verify, found.to_renew))
    assert [(who, cure.assertion_id if cure else None) for who, cure in (*verify, *renew)] == [
        ("ann", claim),
        ("bob", lapsed),
    ]
    assert [(each.course.id, each.people) for each in found.courses] == [("from-1", 1), ("from-0", 2)]
    assert found.without_course == 0
    assert [(each.person_id, each.free_fte) for each in found.elsewhere] == [("eve", 1.0)]
    ann = lines_of(gap.asked, gap.asked.criteria[0], rows_with(gap, 0, Cause.UNVERIFIED))
    assert ann == found.to_verify
