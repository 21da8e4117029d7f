"""Random sequences of acts, asked about at every day and every change: the answers are the plain model's."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from service.capability.gaps import skill_gap
from service.capability.index import Snapshot
from service.capability.targets import Ask, Target
from service.domain.assessment import AssessorScope
from service.domain.people import OrgUnit, Person
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Trust, Verification, Waiver
from service.domain.skills import Lifecycle, RelationKind, Scale, Skill, SkillRelation
from service.domain.values import Fact
from service.graph.database import Database, open_database
from service.live import LiveIndex
from service.settings import Settings
from tests.capability import oracle
from tests.capability.oracle import Oracle
from tests.capability.test_against_oracle import exact_gap, gap_of
from tests.conftest import Service
from tests.model import Model

T = TypeVar("T")

BASE = date(2026, 1, 5)
LONGEST = timedelta(days=200)
PEOPLE = ("ann", "bob", "cy", "dee")
SKILLS = ("knots", "ropes", "sails")
VERBS = {
    Decision.VERIFIED: "verifyAssertion",
    Decision.REJECTED: "rejectAssertion",
    Decision.SUSPENDED: "suspendAssertion",
    Decision.REVOKED: "revokeAssertion",
}
GAP = """
query Q($person: ID!, $target: TargetInput!, $asOf: Date!, $knownAt: KnownAt!) {
  skillGap(person: $person, target: $target, asOf: $asOf, knownAt: $knownAt) {
    isEligible lines { skill { id } cause level trust assertion { id } }
  }
}
"""
NUMBERS = itertools.count()

OFFSETS = st.integers(-30, 30)
PERSON = st.sampled_from(PEOPLE)
SKILL = st.sampled_from(SKILLS)
PLACE = st.integers(0, 50)
ASSESSOR = st.sampled_from(("cy", "cy", "bob", "dee", "ann"))
DECISION = st.sampled_from((Decision.VERIFIED, Decision.VERIFIED, *Decision))


class Said(NamedTuple):
    """A statement, its days counted from the clock."""

    person: str
    skill: str
    level: int
    trust: Trust
    ago: int
    days: int | None
    since: int | None


SAID = st.builds(
    Said,
    person=PERSON,
    skill=SKILL,
    level=st.sampled_from((0, 1, 2, 2, 3, 3, 4)),
    trust=st.sampled_from((Trust.CLAIMED, Trust.CLAIMED, Trust.INFERRED, Trust.ENDORSED)),
    ago=st.integers(0, 30),
    days=st.one_of(st.none(), st.integers(1, 60)),
    since=st.one_of(st.none(), OFFSETS),
)


class Acts(RuleBasedStateMachine):
    """Acts on a running service, and the same acts on the model."""

    service: Service
    read: Callable[[], Snapshot]

    def __init__(self) -> None:
        super().__init__()
        self.prefix = f"m{next(NUMBERS)}-"
        self.clock = BASE
        self.names = itertools.count()
        seq = self.service.ask("{ registry { seq } }")["registry"]["seq"]
        self.model = Model(seq)
        self.settled = seq
        """From this change on everybody and every skill is there."""

    # The setting

    @initialize(strict=st.booleans(), said=st.lists(SAID, min_size=4, max_size=8))
    def settle(self, *, strict: bool, said: list[Said]) -> None:
        model = self.model
        for name, labels in (("three", 3), ("five", 5)):
            self.new("defineScale", Scale(id=self.id(name), name=name, labels=[str(at) for at in range(labels)]))
        self.new("defineSkill", Skill(id=self.id("craft"), name="craft", is_group=True), isGroup=True)
        for name in SKILLS:
            scale = self.id("five" if name == "sails" else "three")
            verifiers = 2 if strict and name == "ropes" else 1
            skill = Skill(id=self.id(name), name=name, scale_id=scale, required_verifiers=verifiers)
            self.new("defineSkill", skill, scaleId=f"Scale:{scale}", requiredVerifiers=verifiers)
        relation = SkillRelation(
            id=f"{self.id('knots')}|BROADER|{self.id('craft')}",
            from_id=self.id("knots"),
            to_id=self.id("craft"),
            kind=RelationKind.BROADER,
        )
        ends = {"fromId": f"Skill:{relation.from_id}", "toId": f"Skill:{relation.to_id}", "kind": "BROADER"}
        self.do("relateSkills", ends, None, lambda: model.put(relation))
        self.new("createOrgUnit", OrgUnit(id=self.id("yard"), name="yard"))
        dock = OrgUnit(id=self.id("dock"), name="dock", parent_id=self.id("yard"))
        self.new("createOrgUnit", dock, parentId=f"OrgUnit:{dock.parent_id}")
        for name in PEOPLE:
            unit = self.id("dock" if name in {"ann", "dee"} else "yard")
            self.new("registerPerson", Person(id=self.id(name), name=name, unit_id=unit), unitId=f"OrgUnit:{unit}")
        self.grant("cy", None, None, None)
        self.grant("dee", "craft", "yard", BASE + timedelta(days=60))
        self.grant("bob", None, "dock", None)
        self.settled = self.model.seq
        for each in said:
            self.say(each)

    def id(self, name: str) -> str:
        return self.prefix + name

    def new(self, verb: str, fact: Fact, **values: Any) -> None:
        own = {name: getattr(fact, name) for name in ("name", "labels") if hasattr(fact, name)}
        self.do(verb, {"code": fact.id, **own, **values}, None, lambda: self.model.put(fact))

    def grant(self, person: str, skill: str | None, unit: str | None, until: date | None) -> None:
        fact = AssessorScope(
            id=self.id(f"scope{next(self.names)}"),
            person_id=self.id(person),
            skill_id=None if skill is None else self.id(skill),
            unit_id=None if unit is None else self.id(unit),
            valid_until=until,
            granted_by="head",
        )
        values = {
            "code": fact.id,
            "personId": f"Person:{fact.person_id}",
            "skillId": None if skill is None else f"Skill:{fact.skill_id}",
            "unitId": None if unit is None else f"OrgUnit:{fact.unit_id}",
            "validUntil": shown(until),
            "grantedBy": "head",
        }
        self.do("grantAssessorScope", values, None, lambda: self.model.put(fact))

    def do(self, verb: str, values: dict[str, Any], refusal: str | None, act: Callable[[], None]) -> None:
        """The mutation and the same on the model; or its refusal, which leaves no change."""
        event(f"{verb}: {refusal or 'done'}")
        payload = self.service.do(verb, values, "__typename")
        if refusal is not None:
            assert [error["code"] for error in payload["errors"]] == [refusal], (verb, values, payload)
            assert payload["seq"] is None
            return
        assert payload["errors"] == [], (verb, values, payload)
        self.model.change(act)
        assert payload["seq"] == self.model.seq

    def some(self, kind: type[Any], place: int) -> Any:
        """One of the current facts of a kind, by place; None when there is none."""
        found = self.model.all(kind)
        return found[place % len(found)] if found else None

    # The acts

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.clock = min(BASE + LONGEST, self.clock + timedelta(days=days))

    @rule(said=SAID)
    def say(self, said: Said) -> None:
        first = None if said.since is None else self.clock + timedelta(days=said.since)
        fact = Assertion(
            id=self.id(f"a{next(self.names)}"),
            person_id=self.id(said.person),
            skill_id=self.id(said.skill),
            level=said.level,
            trust=said.trust,
            asserted_on=self.clock - timedelta(days=said.ago),
            valid_from=first,
            valid_until=None if said.days is None else (first or self.clock) + timedelta(days=said.days),
        )
        values = input_of(fact)
        refusal = self.model.refuses_assertion(fact.skill_id, fact.level)
        self.do("recordAssertion", values, refusal, lambda: self.model.put(fact))

    @rule(said=SAID)
    def say_more(self, said: Said) -> None:
        self.say(said)

    @rule(said=SAID, days=st.integers(-5, 60), is_negative=st.sampled_from((False, False, False, True)))
    def prove(self, said: Said, days: int, *, is_negative: bool) -> None:
        """A statement that an exam verifies until it expires."""
        fact = Assertion(
            id=self.id(f"a{next(self.names)}"),
            person_id=self.id(said.person),
            skill_id=self.id(said.skill),
            level=said.level,
            trust=Trust.VERIFIED,
            asserted_on=self.clock - timedelta(days=said.ago),
        )
        exam = {"kind": "EXAM", "title": "exam", "result": "told", "isNegative": is_negative}
        expires_on = self.clock + timedelta(days=days)
        values = {**input_of(fact), "evidence": [{**exam, "expiresOn": shown(expires_on)}]}
        refusal = "BAD_USER_INPUT" if is_negative else self.model.refuses_assertion(fact.skill_id, fact.level)
        event(f"prove: {refusal or 'done'}")
        payload = self.service.do("recordAssertion", values, "evidence { edges { node { id } } }")
        if refusal is not None:
            assert [error["code"] for error in payload["errors"]] == [refusal], (values, payload)
            return
        assert payload["errors"] == [], (values, payload)
        ((edge,),) = [payload["result"]["evidence"]["edges"]]
        paper = Evidence(
            id=edge["node"]["id"].partition(":")[2],
            assertion_id=fact.id,
            kind=EvidenceKind.EXAM,
            title="exam",
            result="told",
            expires_on=expires_on,
        )

        def act() -> None:
            self.model.put(fact)
            self.model.put(paper)

        self.model.change(act)
        assert payload["seq"] == self.model.seq

    @rule(place=PLACE)
    def withdraw_evidence(self, place: int) -> None:
        fact = self.some(Evidence, place)
        if fact is not None:
            values = {"id": f"Evidence:{fact.id}"}
            self.do("withdrawEvidence", values, None, lambda: self.model.end(Evidence, fact.id))

    @rule(place=PLACE, level=st.integers(0, 3))
    def correct(self, place: int, level: int) -> None:
        fact = self.some(Assertion, place)
        if fact is not None and fact.level != level:
            trust = Trust.CLAIMED if fact.trust is Trust.VERIFIED else fact.trust
            act = lambda: self.model.alter(Assertion, fact.id, level=level, trust=trust)  # noqa: E731 (one of many)
            refusal = self.model.refuses_level(fact.skill_id, level)
            self.do("correctAssertion", {"id": f"Assertion:{fact.id}", "level": level}, refusal, act)

    @rule(place=PLACE)
    def retract(self, place: int) -> None:
        fact = self.some(Assertion, place)
        if fact is not None:
            values = {"id": f"Assertion:{fact.id}"}
            self.do("retractAssertion", values, None, lambda: self.model.end(Assertion, fact.id))

    @rule(
        place=PLACE,
        verifier=ASSESSOR,
        kind=DECISION,
        ago=st.integers(0, 20),
    )
    def decide(self, place: int, verifier: str, kind: Decision, ago: int) -> None:
        ever = [
            each.id
            for each in (self.model.states if place % 4 == 0 else self.model.all(Assertion))
            if isinstance(each, Assertion)
        ]
        assertion_id = ever[place % len(ever)] if ever else self.id("nothing")
        day = self.clock - timedelta(days=ago)
        until = day + timedelta(days=25) if kind is Decision.SUSPENDED else None
        fact = Verification(
            id=self.id(f"d{next(self.names)}"),
            assertion_id=assertion_id,
            decision=kind,
            verifier_id=self.id(verifier),
            decided_on=day,
            suspended_until=until,
            reason="seen",
        )
        values = {
            "id": f"Assertion:{assertion_id}",
            "verifierId": f"Person:{fact.verifier_id}",
            "reason": "seen",
            "decidedOn": shown(day),
        }
        if until is not None:
            values["suspendedUntil"] = shown(until)
        refusal = self.model.refuses_decision(kind, assertion_id, fact.verifier_id, day)
        event(f"{VERBS[kind]}: {refusal or 'done'}")
        payload = self.service.do(VERBS[kind], values, "id")
        if refusal is not None:
            assert [error["code"] for error in payload["errors"]] == [refusal], (values, payload)
            return
        assert payload["errors"] == [], (values, payload)
        fact.id = payload["result"]["id"].partition(":")[2]
        self.model.change(lambda: self.model.put(fact))
        assert payload["seq"] == self.model.seq

    @rule(place=PLACE, verifier=ASSESSOR)
    def verify(self, place: int, verifier: str) -> None:
        self.decide(place, verifier, Decision.VERIFIED, 0)

    @rule(place=PLACE)
    def withdraw_decision(self, place: int) -> None:
        fact = self.some(Verification, place)
        if fact is not None:
            values = {"id": f"Verification:{fact.id}"}
            self.do("withdrawVerification", values, None, lambda: self.model.end(Verification, fact.id))

    @rule(
        place=PLACE,
        kind=st.sampled_from((EvidenceKind.CREDENTIAL, EvidenceKind.EXAM)),
        ago=st.integers(0, 60),
        is_negative=st.booleans(),
    )
    def support(self, *, place: int, kind: EvidenceKind, ago: int, is_negative: bool) -> None:
        assertion = self.some(Assertion, place)
        if assertion is None:
            return
        issued = self.clock - timedelta(days=ago)
        values = {
            "assertionId": f"Assertion:{assertion.id}",
            "kind": kind,
            "title": "paper",
            "issuer": "board",
            "result": "told",
            "issuedOn": shown(issued),
            "isNegative": is_negative,
        }
        payload = self.service.do("addEvidence", values)
        assert payload["errors"] == [], payload
        fact = Evidence(
            id=payload["result"]["id"].partition(":")[2],
            assertion_id=assertion.id,
            kind=kind,
            title="paper",
            issuer="board",
            result="told",
            issued_on=issued,
            is_negative=is_negative,
        )
        self.model.change(lambda: self.model.put(fact))
        assert payload["seq"] == self.model.seq

    @rule(skill=SKILL, verifiers=st.integers(1, 2), credential=st.booleans(), age=st.sampled_from((None, 40)))
    def demand(self, *, skill: str, verifiers: int, credential: bool, age: int | None) -> None:
        id_ = self.id(skill)
        former = self.model.one(Skill, id_)
        new = {"required_verifiers": verifiers, "requires_credential": credential, "max_evidence_age_days": age}
        if all(getattr(former, name) == value for name, value in new.items()):
            return
        values = {
            "id": f"Skill:{id_}",
            "requiredVerifiers": verifiers,
            "requiresCredential": credential,
            "maxEvidenceAgeDays": age,
        }
        self.do("correctSkill", values, None, lambda: self.model.alter(Skill, id_, **new))

    @rule(person=PERSON, skill=SKILL, since=OFFSETS, days=st.integers(1, 60))
    def waive(self, person: str, skill: str, since: int, days: int) -> None:
        first = self.clock + timedelta(days=since)
        fact = Waiver(
            id=self.id(f"w{next(self.names)}"),
            person_id=self.id(person),
            skill_id=self.id(skill),
            granted_by="head",
            reason="learns",
            valid_from=first,
            valid_until=first + timedelta(days=days),
        )
        values = {
            "code": fact.id,
            "personId": f"Person:{fact.person_id}",
            "skillId": f"Skill:{fact.skill_id}",
            "grantedBy": "head",
            "reason": "learns",
            "validFrom": shown(fact.valid_from),
            "validUntil": shown(fact.valid_until),
        }
        self.do("grantWaiver", values, None, lambda: self.model.put(fact))

    @rule(person=PERSON, unit=st.sampled_from(("dock", "yard")))
    def move(self, person: str, unit: str) -> None:
        if self.model.one(Person, self.id(person)).unit_id != self.id(unit):
            values = {"id": f"Person:{self.id(person)}", "unitId": f"OrgUnit:{self.id(unit)}"}
            act = lambda: self.model.alter(Person, self.id(person), unit_id=self.id(unit))  # noqa: E731 (one of many)
            self.do("correctPerson", values, None, act)

    @rule(skill=SKILL, by=st.one_of(st.none(), SKILL))
    def deprecate(self, skill: str, by: str | None) -> None:
        id_, by_id = self.id(skill), None if by is None else self.id(by)
        if self.model.one(Skill, id_).lifecycle is Lifecycle.DEPRECATED:
            return
        act = lambda: self.model.alter(Skill, id_, lifecycle=Lifecycle.DEPRECATED, replaced_by_id=by_id)  # noqa: E731 (one of many)
        values = {"id": f"Skill:{id_}", "replacedById": None if by_id is None else f"Skill:{by_id}"}
        self.do("deprecateSkill", values, self.model.refuses_deprecation(id_, by_id), act)

    @precondition(lambda self: self.clock > BASE)
    @rule(skill=SKILL, into=SKILL)
    def merge(self, skill: str, into: str) -> None:
        from_id, into_id = self.id(skill), self.id(into)
        if self.model.one(Skill, from_id).replaced_by_id is not None:
            return
        refusal = self.model.refuses_merge(from_id, into_id)
        values = {"fromId": f"Skill:{from_id}", "intoId": f"Skill:{into_id}", "reason": "the same"}
        self.do("mergeSkills", values, refusal, lambda: self.model.merge(from_id, into_id))

    # The answers

    @rule(person=PERSON, days=st.integers(-40, 60), back=st.integers(0, 12), floor=st.sampled_from(tuple(Trust)))
    def ask(self, person: str, days: int, back: int, floor: Trust) -> None:
        day, known = self.clock + timedelta(days=days), max(self.settled, self.model.seq - back)
        exact = Oracle(self.model.states, known)
        least = max(floor, Trust.CLAIMED, key=lambda each: each.rank)
        asks = [oracle.Ask(skill_id=self.id(skill), level=2, floor=least) for skill in SKILLS]
        fit = exact.fit(self.id(person), exact.of_list(asks, day, None))
        asked = [{"skillId": f"Skill:{self.id(skill)}", "level": 2, "minTrust": floor} for skill in SKILLS]
        given = {
            "person": f"Person:{self.id(person)}",
            "target": {"requirements": asked},
            "asOf": shown(day),
            "knownAt": known,
        }
        answer = self.service.ask(GAP, given)["skillGap"]
        assert answer["isEligible"] == fit.is_eligible
        for line, right in zip(answer["lines"], fit.lines, strict=True):
            won = exact.winner(self.id(person), right.skill_id, day, least)
            held = (None, None, None) if won is None else (won[0].level, won[1], f"Assertion:{won[0].id}")
            shown_held = (line["level"], line["trust"], line["assertion"] and line["assertion"]["id"])
            assert (line["skill"]["id"], line["cause"], shown_held) == (f"Skill:{right.skill_id}", right.cause, held)

    def teardown(self) -> None:
        """Ask about everybody, on every day on which something turns, as known at every change."""
        if not self.model.all(Person):
            return
        snapshot = self.read()
        asks = [Ask(skill_id=self.id(skill), level=2, min_trust=Trust.VERIFIED) for skill in SKILLS]
        for known in range(self.settled, self.model.seq + 1):
            exact = Oracle(self.model.states, known)
            for day in turning_days(self.model.states):
                asked = exact.of_list(
                    [oracle.Ask(skill_id=each.skill_id, level=2, floor=Trust.VERIFIED) for each in asks], day, None
                )
                for person in exact.all(Person):
                    gap = skill_gap(snapshot, person.id, Target(requirements=asks), as_of=day, known=known, today=day)
                    assert gap_of(gap) == exact_gap(exact.fit(person.id, asked), asked), (person.id, day, known)


def input_of(fact: Assertion) -> dict[str, Any]:
    """What ``recordAssertion`` is given to record it."""
    return {
        "code": fact.id,
        "personId": f"Person:{fact.person_id}",
        "skillId": f"Skill:{fact.skill_id}",
        "level": fact.level,
        "trust": fact.trust,
        "assertedOn": shown(fact.asserted_on),
        "validFrom": shown(fact.valid_from),
        "validUntil": shown(fact.valid_until),
    }


def shown(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def turning_days(states: list[Fact]) -> list[date]:
    """Days on which an answer may change, the first and the last ten of them, and the day before each."""
    names = ("valid_from", "valid_until", "decided_on", "suspended_until", "issued_on", "expires_on")
    days = {day for each in states for name in names if (day := getattr(each, name, None)) is not None}
    chosen = sorted(days)
    chosen = chosen[:5] + chosen[-5:]
    return sorted({BASE, *chosen, *(day - timedelta(days=1) for day in chosen)})


@pytest.fixture
def snapshots(empty: Settings, tmp_path: Path) -> Iterator[Callable[[], Snapshot]]:
    """Reads the index as it is now, by a connection that stays open."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        database: Database = runner.run(stack.enter_async_context(open_database(empty)))
        live = LiveIndex(database, tmp_path / "index.bin")
        yield lambda: runner.run(live.snapshot())
        runner.run(stack.aclose())


def test_whatever_is_done_every_answer_is_the_plain_model_s(
    service: Service, snapshots: Callable[[], Snapshot]
) -> None:
    machine = type("Machine", (Acts,), {"service": service, "read": staticmethod(snapshots)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
