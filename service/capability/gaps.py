"""What one person lacks for a target: one cause for each requirement, what would close it, and the fit."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from service.capability.columns import day_of
from service.capability.comparison import Comparison, Criterion, comparison
from service.capability.credits import Kinship
from service.capability.fit import Points, Witness, points, score, witness
from service.capability.index import Snapshot
from service.capability.levels import History, Holding, first_failure, history, lapse, level, winner
from service.capability.proving import Proof, proof, stated_by, suspensions
from service.capability.segments import VERIFIED
from service.capability.states import CourseState
from service.capability.targets import Required, Target, resolve
from service.domain.policy import LEVEL_RULE, Cause, FitPolicy
from service.domain.proof import TRUSTS, Trust

CLAIMED = Trust.CLAIMED.rank
MOST_COURSES = 5


class CureKind(StrEnum):
    """What would close an open requirement."""

    VERIFY = "VERIFY"
    EVIDENCE = "EVIDENCE"
    WAIT = "WAIT"
    RENEW = "RENEW"
    COURSE = "COURSE"
    NOTHING_KNOWN = "NOTHING_KNOWN"


@dataclass(frozen=True, kw_only=True)
class Cure:
    """What would close an open requirement, and which assertion or courses it takes."""

    kind: CureKind
    assertion_id: str | None = None
    proof: Proof | None = None
    """VERIFY, EVIDENCE: how far the assertion is verified, and what it lacks."""
    until: date | None = None
    """WAIT: the day on which what is suspended counts again."""
    course_ids: tuple[str, ...] = ()
    courses: tuple[CourseState, ...] = field(default=(), compare=False, repr=False)
    """Every course that would close it, the cheapest first."""


@dataclass(frozen=True, kw_only=True)
class Credit:
    """The skill that earns most for a requirement, and what its credit is made of."""

    skill_id: str
    kinship: Kinship
    sigma: float
    level: int
    """On the skill's own scale."""
    level_converted: float
    """On the scale of the skill asked."""
    trust: Trust
    assertion_id: str
    confidence: float
    recency: float
    credit: float
    relation_id: str | None
    """The relation through which the skill earns it; None: it is the skill asked."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One requirement against one person."""

    skill_id: str
    skill_name: str
    required_level: int
    weight: float
    is_mandatory: bool
    floor: Trust
    owner_ids: tuple[str, ...]
    """What requires it: role profile, position, units."""
    cause: Cause
    level: int | None
    """Effective level at the floor on the first day; None: no level."""
    trust: Trust | None
    assertion_id: str | None
    """The assertion that the level rests on."""
    expires_on: date | None = None
    """EXPIRING: the first day that it is no longer met."""
    expired_on: date | None = None
    """EXPIRED: the first day that it was no longer met."""
    shortfall: int | None = None
    """BELOW_LEVEL: levels that are missing."""
    waiver_id: str | None = None
    cure: Cure | None = None
    """None where nothing is open."""
    witness: Credit | None
    points: Points


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One person against a target."""

    person_id: str
    role_id: str | None
    position_id: str | None
    first: date
    until: date
    known: int
    lines: tuple[Line, ...]
    is_eligible: bool
    compliance: float
    """Requirements that are MET or WAIVED, of all."""
    base: int
    """The parts' sum, in millionths."""
    fit: int
    """The fit, in millionths."""
    policy: str
    level_rule: str = LEVEL_RULE


class Finding(NamedTuple):
    """Why a requirement is met or open, with what goes with the cause."""

    cause: Cause
    expires_on: int | None = None
    expired_on: int | None = None
    shortfall: int | None = None
    cure: Cure | None = None


CLOSED = frozenset({Cause.MET, Cause.WAIVED})


def skill_gap(  # noqa: PLR0913 the common arguments of every question
    snapshot: Snapshot,
    person_id: str,
    target: Target,
    *,
    as_of: date | None = None,
    until: date | None = None,
    known: int,
    min_trust: Trust | None = None,
    today: date,
    policy: FitPolicy | None = None,
) -> Gap:
    """The gap of a person to a target; see ``targets.resolve`` for the days and what is refused."""
    resolved = resolve(snapshot, target, as_of=as_of, until=until, known=known, min_trust=min_trust, today=today)
    return gap(comparison(snapshot, resolved, policy), person_id)


def gap(asked: Comparison, person_id: str) -> Gap:
    """The gap of a person to what is asked."""
    person = asked.snapshot.person_row(person_id, asked.known)
    lines = tuple(line_of(asked, person, criterion) for criterion in asked.criteria)
    closed = [each for each in lines if each.cause in CLOSED]
    mandatory = [each for each in lines if each.is_mandatory]
    is_eligible = all(each.cause in CLOSED for each in mandatory)
    least = min((each.witness.credit if each.witness else 0.0 for each in mandatory), default=1.0)
    base, fit = score(sum(each.points.part for each in lines), least, is_eligible=is_eligible, policy=asked.policy)
    return Gap(
        person_id=person_id,
        role_id=asked.resolved.role_id,
        position_id=asked.resolved.position_id,
        first=day_of(asked.window.first),
        until=day_of(asked.window.until),
        known=asked.known,
        lines=lines,
        is_eligible=is_eligible,
        compliance=len(closed) / len(lines),
        base=base,
        fit=fit,
        policy=asked.policy.version,
    )


def line_of(asked: Comparison, person: int, criterion: Criterion) -> Line:
    """One requirement against the person of a row."""
    snapshot, required = asked.snapshot, criterion.required
    held = history(snapshot, person, required.skill_id, asked.known)
    found = witness(asked, person, criterion)
    waiver = criterion.waivers.get(snapshot.people.ids[person])
    finding = _finding(asked, person, held, required, is_waived=waiver is not None)
    if finding.cause is Cause.MISSING and found is not None:
        finding = finding._replace(cause=Cause.SUBSTITUTED)
    current = winner(held, asked.window.first, required.floor)
    return Line(
        skill_id=required.skill_id,
        skill_name=required.name,
        required_level=required.level,
        weight=required.weight,
        is_mandatory=required.is_mandatory,
        floor=TRUSTS[required.floor],
        owner_ids=required.owner_ids,
        cause=finding.cause,
        level=current.level if current else None,
        trust=TRUSTS[current.trust] if current else None,
        assertion_id=snapshot.assertion_id(current.reference) if current else None,
        expires_on=None if finding.expires_on is None else day_of(finding.expires_on),
        expired_on=None if finding.expired_on is None else day_of(finding.expired_on),
        shortfall=finding.shortfall,
        waiver_id=waiver.id if waiver is not None and finding.cause is Cause.WAIVED else None,
        cure=finding.cure,
        witness=_credit(snapshot, found),
        points=points(required, found, asked.policy),
    )


def _finding(  # noqa: PLR0911 one for each cause
    asked: Comparison, person: int, held: History, required: Required, *, is_waived: bool
) -> Finding:
    """The first of the causes that holds, in the order of the law; MISSING may yet be SUBSTITUTED."""
    window, least, floor = asked.window, required.level, required.floor
    failure = first_failure(held, least, floor, window)
    if failure is None:
        return Finding(Cause.MET)
    if is_waived:
        return Finding(Cause.WAIVED)
    if failure > window.first:
        ended = winner(held, failure - 1, floor)
        return Finding(Cause.EXPIRING, expires_on=failure, cure=_on_assertion(asked, CureKind.RENEW, ended))
    if floor > CLAIMED and first_failure(held, least, CLAIMED, window) is None:
        claimed = winner(held, window.first, CLAIMED)
        return Finding(Cause.UNVERIFIED, cure=_proving(asked, person, claimed, required))
    if (lapsed := lapse(held, least, floor, window.first)) is not None:
        return Finding(Cause.EXPIRED, expired_on=lapsed.until, cure=_on_assertion(asked, CureKind.RENEW, lapsed))
    current, cure = level(held, window.first, floor), _waiting(asked, person, held, required)
    if current >= 1:
        return Finding(Cause.BELOW_LEVEL, shortfall=least - current, cure=cure)
    return Finding(Cause.MISSING, cure=cure)


def _on_assertion(asked: Comparison, kind: CureKind, held: Holding | None) -> Cure:
    return Cure(kind=kind, assertion_id=None if held is None else asked.snapshot.assertion_id(held.reference))


def _proving(asked: Comparison, person: int, held: Holding | None, required: Required) -> Cure:
    """The decisions and the evidence that an assertion lacks for the trust asked."""
    cure = _on_assertion(asked, CureKind.VERIFY, held)
    if held is None:
        return cure
    stated = stated_by(asked.snapshot, required.skill_id, held.reference, held.own, person)
    found = proof(asked.snapshot, stated, asked.window.first, asked.known)
    if required.floor < VERIFIED:
        return replace(cure, proof=Proof(found.verifiers, 1, ()))
    return replace(cure, kind=CureKind.VERIFY if found.still_needed else CureKind.EVIDENCE, proof=found)


def _waiting(asked: Comparison, person: int, held: History, required: Required) -> Cure:
    """To wait where a suspension ends and the level is enough then; else a course."""
    ends = suspensions(asked.snapshot, required.skill_id, person, required.level, asked.window.first, asked.known)
    cure = _course(asked, held, required)
    for day in ends:
        if level(held, day, required.floor) >= required.level:
            return replace(cure, kind=CureKind.WAIT, until=day_of(day))
    return cure


def _course(asked: Comparison, held: History, required: Required) -> Cure:
    """The cheapest courses that lead from the level claimed to the level required."""
    claimed = level(held, asked.window.first, CLAIMED)
    courses = tuple(course for course, least in leading(asked, required) if least <= claimed)
    if not courses:
        return Cure(kind=CureKind.NOTHING_KNOWN)
    return Cure(kind=CureKind.COURSE, course_ids=tuple(each.id for each in courses[:MOST_COURSES]), courses=courses)


def leading(asked: Comparison, required: Required) -> list[tuple[CourseState, int]]:
    """The courses that lead to a level required, the cheapest first, each with the least level it can be begun at."""
    tables, least = asked.snapshot.tables, dict[str, int]()
    for each in tables.outcomes_by_skill.known(required.skill_id, asked.known):
        if each.to_level >= required.level:
            least[each.course_id] = min(each.from_level, least.get(each.course_id, each.from_level))
    found = [(course, least[each]) for each in least for course in tables.courses.known(each, asked.known)]
    return sorted(found, key=lambda each: cheapest(each[0]))


def cheapest(course: CourseState) -> tuple[bool, float, str]:
    """Sorts courses by price, those of unknown price last, then by id."""
    return course.price is None, course.price or 0.0, course.id


def _credit(snapshot: Snapshot, found: Witness | None) -> Credit | None:
    if found is None:
        return None
    return Credit(
        skill_id=found.source.skill_id,
        kinship=found.source.kinship,
        sigma=found.source.sigma,
        level=found.holding.level,
        level_converted=found.level,
        trust=TRUSTS[found.holding.trust],
        assertion_id=snapshot.assertion_id(found.holding.reference),
        confidence=found.confidence,
        recency=found.recency,
        credit=found.credit,
        relation_id=found.source.relation_id,
    )
