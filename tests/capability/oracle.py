"""The reckoning once more, slow and obvious: lists of states, one day after another, exact arithmetic.

Written from the law and docs/decisions/0002-reckoning.md alone, so that the columns have something to agree with.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from functools import cache
from itertools import chain, combinations
from typing import Any, TypeVar, cast

import holidays

from service.domain.learning import Course, CourseOutcome
from service.domain.people import Absence, OrgUnit, Person
from service.domain.policy import Cause, FitPolicy
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Trust, Verification, Waiver
from service.domain.roles import JobDescription, Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import RelationKind, Scale, Skill, SkillRelation
from service.domain.values import Dated, Fact
from service.domain.work import Allocation, AllocationStatus, Approval, Position, PositionStatus, Project, ProjectStatus

AnyFact = TypeVar("AnyFact", bound=Fact)

DIGITS = 60
"""Decimal digits of every real number here; roots and powers are the only inexact steps."""

MILLION = 1_000_000
DAY = timedelta(days=1)


class RefusedError(Exception):
    """The question has no answer: something is not known, or nothing is asked."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One requirement as the question puts it: with its floor."""

    skill_id: str
    level: int
    weight: float = 1.0
    is_mandatory: bool = True
    floor: Trust = Trust.CLAIMED


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is asked: requirements in the listed order, over the days from first to before end."""

    asks: tuple[Ask, ...]
    first: date
    end: date
    fte: float = 1.0
    role_id: str | None = None
    position_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One requirement against one person."""

    skill_id: str
    cause: Cause
    day: date | None = None
    """EXPIRING: the first day that fails. EXPIRED: the first day it no longer counted."""
    shortfall: int | None = None
    witness_id: str | None = None
    credit: Decimal = Decimal(0)
    share: int = 0
    part: int = 0
    loss: dict[str, int] = field(default_factory=dict)
    verify_id: str | None = None
    renew_id: str | None = None
    course_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One person against a target, in millionths."""

    person_id: str
    lines: tuple[Line, ...]
    base: int
    fit: int
    is_eligible: bool


@dataclass(frozen=True, kw_only=True)
class Availability:
    """What is left of a person over a window, in ten-thousandths of full time."""

    free: int
    working_days: int
    away_days: int
    is_available: bool
    booked: int
    """The largest booking on the position asked, of the kinds that are counted; left out of free."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A set of mandatory (skill, level, floor), the positions that share it, and who qualifies."""

    needs: frozenset[tuple[str, int, Trust]]
    position_ids: tuple[str, ...]
    demand: int
    person_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Capacity in one stretch of days, in ten-thousandths of an FTE-day."""

    first: date
    end: date
    weekdays: int
    supply: dict[str, int]
    profiles: dict[frozenset[tuple[str, int, Trust]], Profile]
    demand: int
    servable: int
    shortage: int
    bottleneck: frozenset[frozenset[tuple[str, int, Trust]]]
    bottleneck_people: frozenset[str]
    bottleneck_free: int
    bottleneck_demand: int


def days(first: date, end: date) -> Iterator[date]:
    """Every day from *first* to before *end*."""
    while first < end:
        yield first
        first += DAY


def is_known(state: Fact, seq: int) -> bool:
    """Whether the state was recorded and not yet retracted at *seq*."""
    return state.recorded_seq <= seq and (state.retracted_seq is None or seq < state.retracted_seq)


def is_valid(state: Dated, day: date) -> bool:
    """Whether the state counts on *day*."""
    return (state.valid_from is None or state.valid_from <= day) and (
        state.valid_until is None or day < state.valid_until
    )


def overlaps(state: Dated, first: date, end: date) -> bool:
    """Whether the state counts on some day from *first* to before *end*."""
    return any(is_valid(state, day) for day in days(first, end))


def tenthousandths(fte: float) -> int:
    """A share of full time as a whole number."""
    return round(fte * 10_000)


def exact(number: float) -> Decimal:
    """The decimal that a person would read: 0.1 is one tenth."""
    return Decimal(str(number))


def points(share: int, credit: Decimal) -> int:
    """Whole points of *share* that *credit* earns."""
    return int((share * credit).quantize(Decimal("1e-12")).to_integral_value(ROUND_FLOOR))


def shares(weights: Sequence[float]) -> list[int]:
    """The weights as whole shares of a million by largest remainder, at least 1 each; ties go to the earlier."""
    numbers = [Fraction(str(weight)) for weight in weights]
    quotas = [number * MILLION / sum(numbers) for number in numbers]
    whole = [max(1, quota.numerator // quota.denominator) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda i: (whole[i] - quotas[i], i))
    for i in by_remainder[: MILLION - sum(whole)]:
        whole[i] += 1
    return whole


@cache
def public_holidays(calendar: str, year: int) -> frozenset[date]:
    """The public holidays of a calendar such as GB or DE-BY in one year."""
    country, _, region = calendar.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))


class Oracle:
    """Answers on one world as it was known at one sequence number."""

    def __init__(self, states: Iterable[Fact], known_at: int, policy: FitPolicy | None = None) -> None:
        self.states = [state for state in states if is_known(state, known_at)]
        self.policy = policy or FitPolicy()
        self.by_kind: dict[type[Fact], list[Fact]] = {}
        for state in sorted(self.states, key=lambda state: state.id):
            self.by_kind.setdefault(type(state), []).append(state)
        self.stated: dict[tuple[str, str], list[Assertion]] = {}
        for assertion in self.all(Assertion):
            self.stated.setdefault((assertion.person_id, assertion.skill_id), []).append(assertion)
        self.winner = cache(self._winner)

    def all(self, kind: type[AnyFact]) -> list[AnyFact]:
        """The known states of one kind, by id."""
        return cast("list[AnyFact]", self.by_kind.get(kind, []))

    def one(self, kind: type[AnyFact], key: str | None) -> AnyFact:
        """The known state of one id."""
        for state in self.all(kind):
            if state.id == key:
                return state
        raise RefusedError(f"{kind.__name__} {key} is not known")

    # Levels

    def trust(self, assertion: Assertion, day: date) -> Trust | None:
        """What the assertion is worth on *day*; None: it does not count."""
        decisions = [
            decision
            for decision in self.all(Verification)
            if decision.assertion_id == assertion.id
            and decision.decided_on <= day
            and decision.recorded_seq >= assertion.recorded_seq
            and not (decision.suspended_until is not None and decision.suspended_until <= day)
        ]
        decisions.sort(key=lambda decision: (decision.decided_on, decision.recorded_seq, decision.id))
        if any(decision.decision is Decision.SUSPENDED for decision in decisions):
            return None
        if decisions and decisions[-1].decision is not Decision.VERIFIED:
            return None
        own = assertion.trust
        if own is Trust.VERIFIED and (
            any(decision.decision is not Decision.VERIFIED for decision in decisions)
            or not self.is_proven(assertion, day)
        ):
            own = Trust.CLAIMED
        verifiers: set[str] = set()
        for decision in decisions:
            if decision.decision in {Decision.REJECTED, Decision.REVOKED}:
                verifiers.clear()
            elif decision.decision is Decision.VERIFIED and decision.verifier_id != assertion.person_id:
                verifiers.add(decision.verifier_id)
        count = len(verifiers) + (own is Trust.VERIFIED)
        skill = self.one(Skill, assertion.skill_id)
        if count >= skill.required_verifiers and self.is_supported(assertion, skill, day):
            return Trust.VERIFIED
        return Trust.ENDORSED if count else own

    def is_proven(self, assertion: Assertion, day: date) -> bool:
        """Whether an exam or a credential is in force on *day*."""
        return any(
            each.assertion_id == assertion.id
            and each.kind in {EvidenceKind.EXAM, EvidenceKind.CREDENTIAL}
            and not each.is_negative
            and (each.issued_on is None or each.issued_on <= day)
            and (each.expires_on is None or day < each.expires_on)
            for each in self.all(Evidence)
        )

    def is_supported(self, assertion: Assertion, skill: Skill, day: date) -> bool:
        """Whether the evidence on *day* is what the skill demands."""
        in_force = [
            each
            for each in self.all(Evidence)
            if each.assertion_id == assertion.id
            and not each.is_negative
            and (each.issued_on is None or each.issued_on <= day)
            and (each.expires_on is None or day < each.expires_on)
        ]
        papers = {EvidenceKind.CERTIFICATE, EvidenceKind.CREDENTIAL}
        if skill.requires_credential and not any(each.kind in papers for each in in_force):
            return False
        days = skill.max_evidence_age_days
        return days is None or any(
            each.issued_on is not None and (day - each.issued_on).days < days for each in in_force
        )

    def _winner(self, person_id: str, skill_id: str, day: date, floor: Trust) -> tuple[Assertion, Trust] | None:
        best = None
        for assertion in self.stated.get((person_id, skill_id), []):
            if not is_valid(assertion, day):
                continue
            trust = self.trust(assertion, day)
            if trust is None or trust.rank < floor.rank:
                continue
            key = (trust.rank, assertion.asserted_on, assertion.recorded_seq, assertion.id)
            if best is None or key > best[0]:
                best = (key, assertion, trust)
        return None if best is None else best[1:]

    def level(self, person_id: str, skill_id: str, day: date, floor: Trust) -> int:
        """The effective level, 0 when there is none."""
        winner = self.winner(person_id, skill_id, day, floor)
        return 0 if winner is None else winner[0].level

    def earliest(self) -> date:
        """A day before any assertion begins, ends or is decided on; there is nothing to find before it."""
        marks = [
            mark
            for state in self.states
            for mark in (
                [state.valid_from, state.valid_until]
                if isinstance(state, Assertion)
                else [state.decided_on, state.suspended_until]
                if isinstance(state, Verification)
                else [state.issued_on]
                if isinstance(state, Evidence)
                else []
            )
            if mark is not None
        ]
        return min(marks, default=date.max) - 2 * DAY

    # Targets

    def listed(self, asks: Iterable[Ask]) -> tuple[Ask, ...]:
        """Mandatory first, then by weight descending, then by skill name, then by skill id."""
        return tuple(
            sorted(
                asks,
                key=lambda ask: (not ask.is_mandatory, -ask.weight, self.one(Skill, ask.skill_id).name, ask.skill_id),
            )
        )

    def owned(self, owner_id: str, min_trust: Trust) -> dict[str, Ask]:
        """What a role profile or a position asks for itself, by skill."""
        return {
            requirement.skill_id: Ask(
                skill_id=requirement.skill_id,
                level=requirement.level,
                weight=requirement.weight,
                is_mandatory=requirement.is_mandatory,
                floor=max(min_trust, requirement.min_trust or min_trust, key=lambda trust: trust.rank),
            )
            for requirement in self.all(Requirement)
            if requirement.owner_id == owner_id
        }

    def of_role_on(self, role_id: str, day: date, min_trust: Trust) -> dict[str, Ask]:
        """What the role's profile in force on *day* asks for, by skill; nothing when none is."""
        profiles = [
            profile
            for profile in self.all(RoleProfile)
            if profile.role_id == role_id and profile.status is VersionStatus.PUBLISHED and is_valid(profile, day)
        ]
        if not profiles:
            return {}
        return self.owned(max(profiles, key=lambda profile: profile.version).id, min_trust)

    def of_position_on(self, position: Position, day: date, min_trust: Trust) -> dict[str, Ask]:
        """What the position asks for on *day*: its role's requirements, its own in their place or added."""
        inherited = {} if position.role_id is None else self.of_role_on(position.role_id, day, min_trust)
        return inherited | self.owned(position.id, min_trust)

    def target(self, asks: Iterable[Ask], first: date, end: date | None, **bound: Any) -> Target:
        """The target, or a refusal when nothing is asked or the window has no day."""
        asks, end = self.listed(asks), end or first + DAY
        if not asks or end <= first:
            raise RefusedError("nothing is asked")
        return Target(asks=asks, first=first, end=end, **bound)

    def of_role(self, role_id: str, as_of: date, until: date | None, min_trust: Trust, fte: float = 1.0) -> Target:
        """The target that a role sets."""
        self.one(Role, role_id)
        asks = self.of_role_on(role_id, as_of, min_trust)
        return self.target(asks.values(), as_of, until, role_id=role_id, fte=fte)

    def of_duties(self, person_id: str, as_of: date, until: date | None, min_trust: Trust, fte: float = 1.0) -> Target:
        """What unit, site and role require of a person: of each skill the strictest."""
        person = self.one(Person, person_id)
        owned = [] if person.role_id is None else [self.of_role_on(person.role_id, as_of, min_trust)]
        units = {unit.id: unit for unit in self.all(OrgUnit)}
        above: set[str] = set()
        for start in (person.unit_id, person.site_id):
            at = start
            while at in units and at not in above:
                above.add(at)
                at = units[at].parent_id
        owned += [self.owned(unit_id, min_trust) for unit_id in above]
        asks = {}
        for skill_id in {skill_id for each in owned for skill_id in each}:
            alike = [each[skill_id] for each in owned if skill_id in each]
            asks[skill_id] = Ask(
                skill_id=skill_id,
                level=max(each.level for each in alike),
                weight=max(each.weight for each in alike),
                is_mandatory=any(each.is_mandatory for each in alike),
                floor=max((each.floor for each in alike), key=lambda trust: trust.rank),
            )
        return self.target(asks.values(), as_of, until, role_id=person.role_id, fte=fte)

    def of_list(self, asks: Sequence[Ask], as_of: date, until: date | None, fte: float = 1.0) -> Target:
        """The target that somebody sets without a role; no level may be above its skill's scale."""
        if any(ask.level > self.levels_of(ask.skill_id) for ask in asks):
            raise RefusedError("a level is above its scale")
        return self.target(asks, as_of, until, fte=fte)

    def of_job_description(
        self, key: str, as_of: date, until: date | None, min_trust: Trust, fte: float = 1.0
    ) -> Target:
        """The target that a job description sets: its cited profile, whatever its status."""
        description = self.one(JobDescription, key)
        asks = self.owned(description.profile_id, min_trust)
        return self.target(asks.values(), as_of, until, role_id=description.role_id, fte=fte)

    def of_position(
        self, position_id: str, as_of: date | None, today: date, min_trust: Trust, fte: float | None = None
    ) -> Target:
        """The target that a position sets, to its end."""
        position = self.one(Position, position_id)
        assert position.valid_from is not None
        assert position.valid_until is not None
        if as_of is not None:
            first = as_of
        elif today >= position.valid_until:
            first = position.valid_from
        else:
            first = max(today, position.valid_from)
        asks = self.of_position_on(position, first, min_trust)
        return self.target(
            asks.values(),
            first,
            position.valid_until,
            role_id=position.role_id,
            position_id=position.id,
            fte=position.fte if fte is None else fte,
        )

    # Fit

    def sigma(self, skill_id: str, other_id: str) -> Decimal:
        """What holding *other_id* is worth where *skill_id* is asked."""
        if skill_id == other_id:
            return Decimal(1)
        policy, worth = self.policy, Decimal(0)
        for relation in self.all(SkillRelation):
            pair = (relation.from_id, relation.to_id)
            if pair not in {(skill_id, other_id), (other_id, skill_id)}:
                continue
            if relation.kind is RelationKind.EQUIVALENT:
                worth = max(worth, Decimal(1))
            elif relation.kind is RelationKind.BROADER:
                worth = max(worth, exact(policy.narrower if pair == (other_id, skill_id) else policy.broader))
            elif (
                relation.kind is RelationKind.RELATED
                and relation.is_curated
                and relation.weight is not None
                and relation.weight >= policy.least_related_weight
            ):
                worth = max(worth, exact(policy.related) * exact(relation.weight))
        return worth

    def levels_of(self, skill_id: str) -> int:
        """The number of levels on the skill's scale."""
        return len(self.one(Scale, self.one(Skill, skill_id).scale_id).labels)

    def confidence(self, trust: Trust) -> Decimal:
        """How far a level of this trust is believed."""
        return exact(self.policy.confidence[trust.rank])

    def recency(self, used_on: date, day: date) -> Decimal:
        """What disuse leaves of a level."""
        policy = self.policy
        months = max(Decimal(0), Decimal((day - used_on).days) / Decimal("30.4375"))
        faded = max(Decimal(0), months - exact(policy.grace_months))
        left = exact(policy.floor)
        return left + (1 - left) * Decimal(2) ** (-faded / exact(policy.half_life_months))

    def earned(self, person_id: str, ask: Ask, other_id: str, day: date) -> list[Decimal] | None:
        """Credit with everything lost so far: by substitution, then level, then trust, then recency."""
        sigma = self.sigma(ask.skill_id, other_id)
        winner = self.winner(person_id, other_id, day, ask.floor)
        if sigma == 0 or winner is None or winner[0].level < 1:
            return None
        assertion, trust = winner
        level = Decimal(assertion.level)
        if other_id != ask.skill_id:
            level = level * self.levels_of(ask.skill_id) / self.levels_of(other_id)
        steps = [Decimal(1), self.confidence(trust)]
        steps.append(steps[-1] * self.recency(assertion.last_used_on or assertion.asserted_on, day))
        power = exact(self.policy.gamma)
        return [sigma, *(sigma * min(Decimal(1), level * quality / ask.level) ** power for quality in steps)]

    def witness(self, person_id: str, ask: Ask, day: date, *, other: bool = False) -> tuple[str, list[Decimal]] | None:
        """The skill that earns most for this requirement, itself first on a tie; only substitutes if *other*."""
        earned = [
            (skill.id, steps)
            for skill in self.all(Skill)
            if not (other and skill.id == ask.skill_id)
            and (steps := self.earned(person_id, ask, skill.id, day)) is not None
        ]
        if not earned:
            return None
        return min(earned, key=lambda pair: (-pair[1][-1].quantize(Decimal("1e-30")), pair[0] != ask.skill_id, pair[0]))

    def fit(self, person_id: str, target: Target) -> Fit:
        """Every line, and what they add up to."""
        self.one(Person, person_id)
        with localcontext(prec=DIGITS):
            lines = [
                self.line(person_id, ask, share, target)
                for ask, share in zip(target.asks, shares([ask.weight for ask in target.asks]), strict=True)
            ]
            mandatory = [line for ask, line in zip(target.asks, lines, strict=True) if ask.is_mandatory]
            is_eligible = all(line.cause in {Cause.MET, Cause.WAIVED} for line in mandatory)
            base = fit = sum(line.part for line in lines)
            if not is_eligible:
                cap = exact(self.policy.ineligible_factor) * min(line.credit for line in mandatory)
                fit = min(base, points(MILLION, cap))
        return Fit(person_id=person_id, lines=tuple(lines), base=base, fit=fit, is_eligible=is_eligible)

    def line(self, person_id: str, ask: Ask, share: int, target: Target) -> Line:
        """One requirement against one person: its cause, its cures and its points."""
        witness = self.witness(person_id, ask, target.first)
        loss = dict.fromkeys(("substitution", "level", "trust", "recency", "missing"), 0)
        if witness is None:
            loss["missing"] = share
            scored: dict[str, Any] = {"share": share, "loss": loss}
        else:
            left = [share, *(points(share, credit) for credit in witness[1])]
            for name, before, after in zip(loss, left, left[1:], strict=False):
                loss[name] = before - after
            scored = {
                "share": share,
                "loss": loss,
                "witness_id": witness[0],
                "credit": witness[1][-1],
                "part": left[-1],
            }
        return Line(skill_id=ask.skill_id, **self.cause(person_id, ask, target), **scored)

    # Gaps

    def is_waived(self, person_id: str, skill_id: str, day: date, role_id: str | None, position_id: str | None) -> bool:
        """Whether a waiver that is unbound, or bound to what is asked, covers the day; a position narrows a role."""
        return any(
            waiver.person_id == person_id
            and waiver.skill_id == skill_id
            and is_valid(waiver, day)
            and (
                waiver.position_id == position_id
                if waiver.position_id is not None
                else waiver.role_id in (None, role_id)
            )
            for waiver in self.all(Waiver)
        )

    def is_met(self, person_id: str, ask: Ask, day: date, floor: Trust) -> bool:
        """Whether the level on *day* is enough."""
        return self.level(person_id, ask.skill_id, day, floor) >= ask.level

    def lapse(self, person_id: str, ask: Ask, first: date) -> tuple[date, str] | None:
        """When the level that was once enough ran out by its own date, and the assertion that ended."""
        day, earliest = first - DAY, self.earliest()
        while day >= earliest:
            if self.is_met(person_id, ask, day, ask.floor):
                winner = self.winner(person_id, ask.skill_id, day, ask.floor)
                assert winner is not None
                return (day + DAY, winner[0].id) if winner[0].valid_until == day + DAY else None
            day -= DAY
        return None

    def cause(self, person_id: str, ask: Ask, target: Target) -> dict[str, Any]:  # noqa: PLR0911 (one for each cause)
        """The one cause, with its day, shortfall and cure."""
        window = list(days(target.first, target.end))
        met = [self.is_met(person_id, ask, day, ask.floor) for day in window]
        if all(met):
            return {"cause": Cause.MET}
        if all(self.is_waived(person_id, ask.skill_id, day, target.role_id, target.position_id) for day in window):
            return {"cause": Cause.WAIVED}
        if met[0]:
            lost = window[met.index(False)]
            ended = self.winner(person_id, ask.skill_id, lost - DAY, ask.floor)
            assert ended is not None
            return {"cause": Cause.EXPIRING, "day": lost, "renew_id": ended[0].id}
        if ask.floor.rank > Trust.CLAIMED.rank and all(
            self.is_met(person_id, ask, day, Trust.CLAIMED) for day in window
        ):
            claimed = self.winner(person_id, ask.skill_id, target.first, Trust.CLAIMED)
            assert claimed is not None
            return {"cause": Cause.UNVERIFIED, "verify_id": claimed[0].id}
        lapse = self.lapse(person_id, ask, target.first)
        if lapse is not None:
            return {"cause": Cause.EXPIRED, "day": lapse[0], "renew_id": lapse[1]}
        courses = {"course_ids": self.courses(person_id, ask, target.first)}
        level = self.level(person_id, ask.skill_id, target.first, ask.floor)
        if level >= 1:
            return {"cause": Cause.BELOW_LEVEL, "shortfall": ask.level - level, **courses}
        if self.witness(person_id, ask, target.first, other=True) is not None:
            return {"cause": Cause.SUBSTITUTED, **courses}
        return {"cause": Cause.MISSING, **courses}

    def courses(self, person_id: str, ask: Ask, day: date) -> tuple[str, ...]:
        """At most five courses that lead from the level held to the level asked, cheapest first."""
        level = self.level(person_id, ask.skill_id, day, Trust.CLAIMED)
        leading = {
            outcome.course_id
            for outcome in self.all(CourseOutcome)
            if outcome.skill_id == ask.skill_id and outcome.from_level <= level and outcome.to_level >= ask.level
        }
        offered = [course for course in self.all(Course) if course.id in leading]
        offered.sort(key=lambda course: (course.price is None, course.price or 0, course.id))
        return tuple(course.id for course in offered[:5])

    # Availability

    def is_working_day(self, person: Person, day: date) -> bool:
        """Monday to Friday, and no public holiday of the person's calendar."""
        return day.weekday() < 5 and not (
            person.calendar is not None and day in public_holidays(person.calendar, day.year)
        )

    def is_absent(self, person: Person, day: date) -> bool:
        """Whether the person is away."""
        return any(absence.person_id == person.id and is_valid(absence, day) for absence in self.all(Absence))

    def bookings(self, day: date, *, with_soft: bool) -> list[Allocation]:
        """The bookings that take time on *day*."""
        return [
            booking
            for booking in self.all(Allocation)
            if is_valid(booking, day)
            and (booking.status is AllocationStatus.HARD or with_soft)
            and booking.approval is not Approval.REJECTED
        ]

    def free(self, person: Person, day: date, *, with_soft: bool, leave_out: str | None = None) -> int:
        """Contract less bookings, for a day on which the person works."""
        contract = tenthousandths(person.contract_fte) if is_valid(person, day) else 0
        return contract - sum(
            tenthousandths(booking.fte)
            for booking in self.bookings(day, with_soft=with_soft)
            if booking.person_id == person.id and (leave_out is None or booking.position_id != leave_out)
        )

    def availability(self, person_id: str, target: Target, *, with_soft: bool) -> Availability:
        """What is left of the person over the target's window."""
        person = self.one(Person, person_id)
        window = list(days(target.first, target.end))
        working = [day for day in window if self.is_working_day(person, day)]
        present = [day for day in working if not self.is_absent(person, day)]
        free = min(
            (self.free(person, day, with_soft=with_soft, leave_out=target.position_id) for day in present), default=0
        )
        away = len(working) - len(present)
        booked = max(
            sum(
                tenthousandths(booking.fte)
                for booking in self.bookings(day, with_soft=with_soft)
                if booking.person_id == person.id and booking.position_id == target.position_id
            )
            for day in window
        )
        return Availability(
            free=free,
            working_days=len(working),
            away_days=away,
            is_available=bool(working)
            and free >= tenthousandths(target.fte)
            and away <= Fraction(str(self.policy.max_away)) * len(working),
            booked=booked,
        )

    def candidates(self, target: Target, *, with_soft: bool = False) -> list[tuple[Fit, Availability]]:
        """Everybody worth showing: eligible first, then available, then by fit, then by id."""
        found = [
            (fit, self.availability(person.id, target, with_soft=with_soft))
            for person in self.all(Person)
            if overlaps(person, target.first, target.end)
            and ((fit := self.fit(person.id, target)).base > 0 or fit.is_eligible)
        ]
        found.sort(
            key=lambda pair: (not pair[0].is_eligible, not pair[1].is_available, -pair[0].fit, pair[0].person_id)
        )
        return found

    # Capacity

    def subtree(self, unit_id: str) -> set[str]:
        """The unit and everything below it."""
        self.one(OrgUnit, unit_id)
        inside = {unit_id}
        for _ in self.all(OrgUnit):
            inside |= {unit.id for unit in self.all(OrgUnit) if unit.parent_id in inside}
        return inside

    def demand(self, position: Position, first: date, end: date, pipeline: str | None) -> int:
        """FTE-days that the position still needs in the bucket."""
        project = next((project for project in self.all(Project) if project.id == position.project_id), None)
        certain = {ProjectStatus.APPROVED, ProjectStatus.ACTIVE}
        possible = {ProjectStatus.IDEA, ProjectStatus.PROPOSED} if pipeline is not None else set()
        if position.status is not PositionStatus.OPEN or project is None or project.status not in certain | possible:
            return 0
        need = sum(
            max(
                0,
                position.headcount * tenthousandths(position.fte)
                - sum(
                    tenthousandths(booking.fte)
                    for booking in self.bookings(day, with_soft=False)
                    if booking.position_id == position.id
                ),
            )
            for day in days(first, end)
            if day.weekday() < 5 and is_valid(position, day)
        )
        if pipeline == "WEIGHTED" and project.status in possible:
            weighted = need * Fraction(str(project.probability))
            return weighted.numerator // weighted.denominator
        return need

    def qualifies(self, person: Person, needs: frozenset[tuple[str, int, Trust]], first: date, end: date) -> bool:
        """Whether the person does all of it by themself, or is exempt, throughout the bucket."""
        window = list(days(first, end))
        return overlaps(person, first, end) and all(
            all(self.level(person.id, skill_id, day, floor) >= level for day in window)
            or all(self.is_waived(person.id, skill_id, day, None, None) for day in window)
            for skill_id, level, floor in needs
        )

    def bucket(
        self,
        first: date,
        end: date,
        *,
        unit_id: str | None = None,
        min_trust: Trust = Trust.CLAIMED,
        pipeline: str | None = None,
        with_soft: bool = False,
        profiles_on: date | None = None,
    ) -> Bucket:
        """Capacity from *first* to before *end*; role profiles are those in force on *profiles_on*, or on *first*."""
        inside = None if unit_id is None else self.subtree(unit_id)
        people = [person for person in self.all(Person) if inside is None or person.unit_id in inside]
        supply = {
            person.id: sum(
                max(0, self.free(person, day, with_soft=with_soft))
                for day in days(first, end)
                if self.is_working_day(person, day) and not self.is_absent(person, day)
            )
            for person in people
        }
        sharing: dict[frozenset[tuple[str, int, Trust]], list[tuple[str, int]]] = {}
        for position in self.all(Position):
            need = self.demand(position, first, end, pipeline)
            if need and (inside is None or self.one(Project, position.project_id).sponsor_unit_id in inside):
                asks = self.of_position_on(position, profiles_on or first, min_trust).values()
                needs = frozenset((ask.skill_id, ask.level, ask.floor) for ask in asks if ask.is_mandatory)
                sharing.setdefault(needs, []).append((position.id, need))
        profiles = {
            needs: Profile(
                needs=needs,
                position_ids=tuple(position_id for position_id, _ in positions),
                demand=sum(need for _, need in positions),
                person_ids=tuple(person.id for person in people if self.qualifies(person, needs, first, end)),
            )
            for needs, positions in sharing.items()
        }
        demand = sum(profile.demand for profile in profiles.values())
        shortage, short = hall(list(profiles.values()), supply)
        needed = frozenset(person_id for profile in short for person_id in profile.person_ids)
        return Bucket(
            first=first,
            end=end,
            weekdays=sum(day.weekday() < 5 for day in days(first, end)),
            supply=supply,
            profiles=profiles,
            demand=demand,
            servable=demand - shortage,
            shortage=shortage,
            bottleneck=frozenset(profile.needs for profile in short),
            bottleneck_people=needed,
            bottleneck_free=sum(supply[person_id] for person_id in needed),
            bottleneck_demand=sum(profile.demand for profile in short),
        )


def hall(profiles: list[Profile], supply: dict[str, int]) -> tuple[int, list[Profile]]:
    """The largest excess of demand over the supply of all who qualify for any, over every set of profiles.

    By the theorems of Hall and of Ford and Fulkerson it is the demand that no assignment can serve. Returned
    with the smallest set that shows it: sets that show it are closed under intersection, so there is one.
    """
    subsets = chain.from_iterable(combinations(profiles, size) for size in range(len(profiles) + 1))
    shortage, short = 0, list[Profile]()
    for subset in subsets:
        people = {person_id for profile in subset for person_id in profile.person_ids}
        excess = sum(profile.demand for profile in subset) - sum(supply[person_id] for person_id in people)
        if excess > shortage:
            shortage, short = excess, list(subset)
    return shortage, short
