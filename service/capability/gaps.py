"""What one person lacks for a target: one cause for each requirement, what would close it, and the fit."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from service.capability.columns import day_of
from service.capability.credits import Kinship, sources
from service.capability.fit import Points, Witness, points, score, witness
from service.capability.index import Snapshot
from service.capability.levels import History, first_failure, history, lapse, level, winner
from service.capability.targets import Required, Resolved, Target, resolve
from service.capability.waivers import waivers
from service.domain.policy import LEVEL_RULE, Cause, FitPolicy
from service.domain.proof import TRUSTS, Trust

CLAIMED = Trust.CLAIMED.rank
MOST_COURSES = 5


class CureKind(StrEnum):
    """What would close an open requirement."""

    VERIFY = "VERIFY"
    RENEW = "RENEW"
    COURSE = "COURSE"
    NOTHING_KNOWN = "NOTHING_KNOWN"


@dataclass(frozen=True, kw_only=True)
class Cure:
    """What would close an open requirement, and which assertion or courses it takes."""

    kind: CureKind
    assertion_id: str | None = None
    course_ids: tuple[str, ...] = ()


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


@dataclass(frozen=True, kw_only=True)
class Line:
    """One requirement against one person."""

    skill_id: str
    skill_name: str
    required_level: int
    weight: float
    is_mandatory: bool
    floor: Trust
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
    resolved = resolve(
        snapshot, target, as_of=as_of, until=until, known=known, min_trust=min_trust, today=today
    )
    return gap(snapshot, person_id, resolved, policy or FitPolicy())


def gap(snapshot: Snapshot, person_id: str, resolved: Resolved, policy: FitPolicy) -> Gap:
    """The gap of a person to what is asked."""
    person = snapshot.person_row(person_id, resolved.known)
    lines = tuple(_line(snapshot, person, each, resolved, policy) for each in resolved.requirements)
    closed = [each for each in lines if each.cause in CLOSED]
    mandatory = [each for each in lines if each.is_mandatory]
    is_eligible = all(each.cause in CLOSED for each in mandatory)
    least = min((each.witness.credit if each.witness else 0.0 for each in mandatory), default=1.0)
    base, fit = score(sum(each.points.part for each in lines), least, is_eligible=is_eligible, policy=policy)
    return Gap(
        person_id=person_id,
        role_id=resolved.role_id,
        position_id=resolved.position_id,
        first=day_of(resolved.window.first),
        until=day_of(resolved.window.until),
        known=resolved.known,
        lines=lines,
        is_eligible=is_eligible,
        compliance=len(closed) / len(lines),
        base=base,
        fit=fit,
        policy=policy.version,
    )


def _line(snapshot: Snapshot, person: int, required: Required, resolved: Resolved, policy: FitPolicy) -> Line:
    held = history(snapshot, person, required.skill_id, resolved.known)
    first = resolved.window.first
    among = sources(snapshot, required.skill_id, policy, resolved.known)
    found = witness(snapshot, person, required, resolved, policy, among)
    waiver = waivers(snapshot, required.skill_id, resolved).get(snapshot.people.ids[person])
    finding = _finding(snapshot, held, required, resolved, is_waived=waiver is not None, has_witness=found is not None)
    current = winner(held, first, required.floor)
    return Line(
        skill_id=required.skill_id,
        skill_name=required.name,
        required_level=required.level,
        weight=required.weight,
        is_mandatory=required.is_mandatory,
        floor=TRUSTS[required.floor],
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
        points=points(required, found, policy),
    )


def _finding(
    snapshot: Snapshot, held: History, required: Required, resolved: Resolved, *, is_waived: bool, has_witness: bool
) -> Finding:
    """The first of the causes that holds, in the order of the law."""
    window, least, floor = resolved.window, required.level, required.floor
    failure = first_failure(held, least, floor, window)
    if failure is None:
        return Finding(Cause.MET)
    if is_waived:
        return Finding(Cause.WAIVED)
    if failure > window.first:
        cure = _on_assertion(snapshot, CureKind.RENEW, held, failure - 1, floor)
        return Finding(Cause.EXPIRING, expires_on=failure, cure=cure)
    if floor > CLAIMED and first_failure(held, least, CLAIMED, window) is None:
        return Finding(Cause.UNVERIFIED, cure=_on_assertion(snapshot, CureKind.VERIFY, held, window.first, CLAIMED))
    if (lapsed := lapse(held, least, floor, window.first)) is not None:
        cure = Cure(kind=CureKind.RENEW, assertion_id=snapshot.assertion_id(lapsed.reference))
        return Finding(Cause.EXPIRED, expired_on=lapsed.until, cure=cure)
    cure = _course(snapshot, held, required, resolved)
    if (current := level(held, window.first, floor)) >= 1:
        return Finding(Cause.BELOW_LEVEL, shortfall=least - current, cure=cure)
    return Finding(Cause.SUBSTITUTED if has_witness else Cause.MISSING, cure=cure)


def _on_assertion(snapshot: Snapshot, kind: CureKind, held: History, day: int, floor: int) -> Cure:
    """The cure that takes the assertion which wins on a day."""
    found = winner(held, day, floor)
    return Cure(kind=kind, assertion_id=None if found is None else snapshot.assertion_id(found.reference))


def _course(snapshot: Snapshot, held: History, required: Required, resolved: Resolved) -> Cure:
    """The cheapest courses that lead from the level claimed to the level required."""
    claimed = level(held, resolved.window.first, CLAIMED)
    leading = {
        each.course_id
        for each in snapshot.tables.outcomes_by_skill.known(required.skill_id, resolved.known)
        if each.from_level <= claimed and each.to_level >= required.level
    }
    courses = [course for each in leading for course in snapshot.tables.courses.known(each, resolved.known)]
    courses.sort(key=lambda each: (each.price is None, each.price or 0.0, each.id))
    if not courses:
        return Cure(kind=CureKind.NOTHING_KNOWN)
    return Cure(kind=CureKind.COURSE, course_ids=tuple(each.id for each in courses[:MOST_COURSES]))


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
    )
