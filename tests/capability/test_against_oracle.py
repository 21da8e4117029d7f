"""The columns and the oracle give the same whole answers, at any day, known at any change, at any trust."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import event, given
from hypothesis import strategies as st

from service.capability.capacity import CapacityBucket, Pipeline, capacity
from service.capability.gaps import CureKind, Gap, Line, skill_gap
from service.capability.index import Snapshot, build
from service.capability.matching import Candidate, Candidates, candidates
from service.capability.targets import Ask, Target
from service.domain.people import Person
from service.domain.policy import Cause
from service.domain.proof import Trust
from service.errors import Invalid, NotFound
from tests.capability import oracle
from tests.capability.oracle import Oracle, RefusedError, tenthousandths
from tests.capability.worlds import BASE, EXAMPLES, LAST, When, World, crowd, facts, seen_at, whens, worlds

Answer = TypeVar("Answer")

ROLE = Target(role_id="role0")
DESCRIPTION = Target(job_description_id="description0")
POSITION = Target(position_id="position0")
LIST = Target(
    requirements=(
        Ask(skill_id="skill0", level=1, weight=4.0),
        Ask(skill_id="skill1", level=2, weight=1.0, is_mandatory=False),
        Ask(skill_id="skill2", level=1, weight=1.0, min_trust=Trust.ENDORSED),
    )
)
DUTIES = Target(duties_of="person0")
TARGETS = st.sampled_from((ROLE, DESCRIPTION, POSITION, DUTIES, LIST))
CEILING = Decimal("1e-9")
"""How far a credit in floats may be from the exact one."""


def snapshot(world: World) -> Snapshot:
    return build(facts(world.states), seq=LAST, registry_id="registry")


def answer_or_none(ask: Callable[..., Answer], *arguments: object, **named: object) -> Answer | None:
    """None: the question is refused."""
    try:
        return ask(*arguments, **named)
    except (RefusedError, NotFound, Invalid):
        return None


def resolved(exact: Oracle, target: Target, when: When, fte: float | None) -> oracle.Target:
    share = 1.0 if fte is None else fte
    if target.role_id is not None:
        return exact.of_role(target.role_id, when.day, when.until, when.floor, share)
    if target.job_description_id is not None:
        return exact.of_job_description(target.job_description_id, when.day, when.until, when.floor, share)
    if target.position_id is not None:
        return exact.of_position(target.position_id, when.as_of, when.today, when.floor, fte)
    if target.duties_of is not None:
        return exact.of_duties(target.duties_of, when.day, when.until, when.floor, share)
    asks = [
        oracle.Ask(
            skill_id=each.skill_id,
            level=each.level,
            weight=each.weight,
            is_mandatory=each.is_mandatory,
            floor=max(when.floor, each.min_trust or when.floor, key=lambda trust: trust.rank),
        )
        for each in target.requirements
    ]
    return exact.of_list(asks, when.day, when.until, share)


def common(when: When) -> dict[str, Any]:
    """The arguments that questions about a target share."""
    return {
        "as_of": when.as_of,
        "until": when.until,
        "known": when.seq,
        "min_trust": when.min_trust,
        "today": when.today,
    }


def line_of(line: Line) -> tuple[object, ...]:
    """What the oracle says too."""
    cure, kind = line.cure, line.cure.kind if line.cure else None
    if cure and kind is CureKind.WAIT:
        kind = CureKind.COURSE if cure.course_ids else CureKind.NOTHING_KNOWN
    elif kind is CureKind.EVIDENCE:
        kind = CureKind.VERIFY
    return (
        line.skill_id,
        line.cause,
        line.expires_on or line.expired_on,
        line.shortfall,
        line.witness.skill_id if line.witness else None,
        line.points._asdict(),
        (kind, cure.assertion_id, cure.course_ids) if cure else None,
    )


def exact_line(line: oracle.Line) -> tuple[object, ...]:
    cure: tuple[str, str | None, tuple[str, ...]] | None = None
    if line.verify_id is not None:
        cure = ("VERIFY", line.verify_id, ())
    elif line.renew_id is not None:
        cure = ("RENEW", line.renew_id, ())
    elif line.cause not in {Cause.MET, Cause.WAIVED}:
        cure = ("COURSE" if line.course_ids else "NOTHING_KNOWN", None, line.course_ids)
    points = {"share": line.share, "part": line.part, **line.loss}
    return line.skill_id, line.cause, line.day, line.shortfall, line.witness_id, points, cure


def gap_of(gap: Gap) -> dict[str, object]:
    return {
        "person": gap.person_id,
        "days": (gap.first, gap.until),
        "lines": [line_of(line) for line in gap.lines],
        "eligible": gap.is_eligible,
        "base": gap.base,
        "fit": gap.fit,
    }


def exact_gap(fit: oracle.Fit, target: oracle.Target) -> dict[str, object]:
    return {
        "person": fit.person_id,
        "days": (target.first, target.end),
        "lines": [exact_line(line) for line in fit.lines],
        "eligible": fit.is_eligible,
        "base": fit.base,
        "fit": fit.fit,
    }


def candidate_of(row: Candidate) -> tuple[object, ...]:
    return (
        row.person_id,
        row.is_eligible,
        row.is_available,
        row.base,
        row.fit,
        tenthousandths(row.free_fte),
        row.away_days,
        row.working_days,
        tenthousandths(row.booked_here_fte),
    )


def exact_candidate(fit: oracle.Fit, free: oracle.Availability) -> tuple[object, ...]:
    return (
        fit.person_id,
        fit.is_eligible,
        free.is_available,
        fit.base,
        fit.fit,
        free.free,
        free.away_days,
        free.working_days,
        free.booked,
    )


def bucket_of(bucket: CapacityBucket) -> dict[str, object]:
    neck = bucket.bottleneck
    return {
        "days": (bucket.first, bucket.until),
        "weekdays": bucket.weekdays,
        "supply": bucket.supply,
        "demand": bucket.demand,
        "servable": bucket.servable,
        "shortage": bucket.shortage,
        "profiles": {
            frozenset((need.skill_id, need.level, need.floor) for need in profile.needs): (
                set(profile.position_ids),
                profile.demand,
                profile.people,
            )
            for profile in bucket.profiles
        },
        "bottleneck": None
        if neck is None
        else (
            {frozenset((need.skill_id, need.level, need.floor) for need in profile.needs) for profile in neck.profiles},
            neck.people,
            neck.supply,
            neck.demand,
        ),
    }


def exact_bucket(bucket: oracle.Bucket) -> dict[str, object]:
    return {
        "days": (bucket.first, bucket.end),
        "weekdays": bucket.weekdays,
        "supply": sum(bucket.supply.values()),
        "demand": bucket.demand,
        "servable": bucket.servable,
        "shortage": bucket.shortage,
        "profiles": {
            needs: (set(profile.position_ids), profile.demand, len(profile.person_ids))
            for needs, profile in bucket.profiles.items()
        },
        "bottleneck": None
        if not bucket.shortage
        else (
            set(bucket.bottleneck),
            len(bucket.bottleneck_people),
            bucket.bottleneck_free,
            bucket.bottleneck_demand,
        ),
    }


def all_rows(answer: Candidates) -> list[tuple[object, ...]]:
    return [candidate_of(row) for row in answer.rows]


@EXAMPLES
@given(worlds(), whens())
def test_every_gap_is_the_oracle_s(world: World, when: When) -> None:
    index, exact = snapshot(world), Oracle(world.states, when.seq)
    for target in (ROLE, DESCRIPTION, POSITION, DUTIES, LIST):
        asked = answer_or_none(resolved, exact, target, when, None)
        for person_id in world.ids(Person):
            gap = answer_or_none(skill_gap, index, person_id, target, **common(when))
            fit = None if asked is None else answer_or_none(exact.fit, person_id, asked)
            if gap is None or fit is None or asked is None:
                assert (gap, fit) == (None, None)
                continue
            assert gap_of(gap) == exact_gap(fit, asked)
            for line, right in zip(gap.lines, fit.lines, strict=True):
                event(f"{line.cause} by {line.witness and line.witness.kinship}")
                credit = line.witness.credit if line.witness else 0.0
                assert abs(Decimal(credit) - right.credit) <= CEILING


@EXAMPLES
@given(world=worlds(), when=whens(), target=TARGETS, fte=st.sampled_from((None, 0.5)), with_soft=st.booleans())
def test_all_candidates_come_in_the_oracle_s_order(
    *, world: World, when: When, target: Target, fte: float | None, with_soft: bool
) -> None:
    index, exact = snapshot(world), Oracle(world.states, when.seq)
    asked = answer_or_none(resolved, exact, target, when, fte)
    found = answer_or_none(candidates, index, target, **common(when), fte=fte, include_soft=with_soft, first=100)
    if found is None or asked is None:
        assert (found, asked) == (None, None)
        return
    right = exact.candidates(asked, with_soft=with_soft)
    event(f"{len(right)} candidates")
    assert all_rows(found) == [exact_candidate(*pair) for pair in right]
    assert (found.total, found.eligible, found.eligible_and_available, found.has_more) == (
        len(right),
        sum(fit.is_eligible for fit, _ in right),
        sum(fit.is_eligible and free.is_available for fit, free in right),
        False,
    )
    rows, last = list(found.rows[:2]), found.rows[1].place if len(right) > 2 else None
    while last is not None:
        page = candidates(index, target, **common(when), fte=fte, include_soft=with_soft, first=2, after=last)
        rows += page.rows
        last = page.rows[-1].place if page.has_more else None
    assert rows == list(found.rows)


def test_a_crowd_of_candidates_comes_in_the_oracle_s_order_whatever_the_page() -> None:
    world = crowd(600)
    when = When(today=BASE, as_of=None, until=BASE + timedelta(days=8), known_at=None, min_trust=None)
    target = Target(
        requirements=(Ask(skill_id="skill0", level=2), Ask(skill_id="skill1", level=1, weight=0.5, is_mandatory=False))
    )
    index, exact = snapshot(world), Oracle(world.states, LAST)
    right = exact.candidates(resolved(exact, target, when, 0.5), with_soft=False)
    whole = candidates(index, target, **common(when), fte=0.5, first=600)
    assert all_rows(whole) == [exact_candidate(*pair) for pair in right]
    rows, last = list[Candidate](), None
    while len(rows) < len(right):
        page = candidates(index, target, **common(when), fte=0.5, first=45, after=last)
        assert page.has_more == (len(rows) + len(page.rows) < len(right))
        rows += page.rows
        last = page.rows[-1].place
    assert tuple(rows) == whole.rows


@EXAMPLES
@given(
    world=worlds(),
    when=whens(),
    pipeline=st.sampled_from(tuple(Pipeline)),
    with_soft=st.booleans(),
    unit_ids=st.sampled_from(((None,), ("unit0", None, "unit1"))),
)
def test_capacity_is_the_oracle_s(
    *, world: World, when: When, pipeline: Pipeline, with_soft: bool, unit_ids: tuple[str | None, ...]
) -> None:
    index, exact = snapshot(world), Oracle(world.states, when.seq)
    buckets = answer_or_none(
        capacity,
        index,
        as_of=when.day,
        months=2,
        unit_ids=unit_ids,
        known=when.seq,
        min_trust=when.floor,
        pipeline=pipeline,
        include_soft=with_soft,
    )
    weighting = None if pipeline is Pipeline.EXCLUDE else str(pipeline)
    months = list(calendar_months(when.day, 2))
    right = answer_or_none(
        lambda: [
            exact.bucket(first, end, unit_id=unit_id, min_trust=when.floor, pipeline=weighting, with_soft=with_soft)
            for first, end in months
            for unit_id in unit_ids
        ]
    )
    if buckets is None or right is None:
        assert (buckets, right) == (None, None)
        return
    event(f"{max(len(bucket.bottleneck) for bucket in right)} profiles in the bottleneck")
    assert [bucket_of(bucket) for bucket in buckets] == [exact_bucket(bucket) for bucket in right]


def calendar_months(first: date, count: int) -> Iterable[tuple[date, date]]:
    """Each month as its first day and the first day of the next; the first begins when asked."""
    for _ in range(count):
        end = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        yield first, end
        first = end


@EXAMPLES
@given(worlds(), st.lists(st.integers(0, LAST), max_size=4), st.lists(whens(), min_size=1, max_size=2), TARGETS)
def test_a_snapshot_grown_change_by_change_or_built_of_parts_answers_like_one_built_at_once(
    world: World, stops: list[int], moments: list[When], target: Target
) -> None:
    whole = snapshot(world)
    cut = len(world.states) * len(stops) // 5
    parts = build((facts(part) for part in (world.states[cut:], world.states[:cut])), seq=LAST, registry_id="registry")
    grown = build(facts(seen_at(world.states, -1, 0)), seq=0, registry_id="registry")
    before = 0
    for stop in [*sorted(set(stops) - {0, LAST}), LAST]:
        grown = grown.apply(facts(seen_at(world.states, before, stop)), stop)
        before = stop
    for when in moments:
        assert everything(grown, world, when, target) == everything(whole, world, when, target)
    assert everything(parts, world, moments[0], target) == everything(whole, world, moments[0], target)


def everything(index: Snapshot, world: World, when: When, target: Target) -> list[object]:
    """Every answer that an index gives."""
    ranked = answer_or_none(candidates, index, target, **common(when), first=100)
    gaps = [answer_or_none(skill_gap, index, person_id, target, **common(when)) for person_id in world.ids(Person)]
    buckets = answer_or_none(
        capacity, index, as_of=when.day, months=2, unit_ids=(None, "unit0"), known=when.seq, min_trust=when.floor
    )
    return [ranked and all_rows(ranked), gaps, buckets]


@EXAMPLES
@given(worlds(), whens(), TARGETS)
def test_what_is_written_later_never_changes_an_earlier_answer(world: World, when: When, target: Target) -> None:
    earlier = [state for state in world.states if state.recorded_seq <= when.seq]
    then = build(facts(seen_at(earlier, -1, when.seq)), seq=when.seq, registry_id="registry")
    assert everything(then, world, when, target) == everything(snapshot(world), world, when, target)
