"""The least facts that a claim about the reckoning needs."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from service.capability.index import Snapshot, build
from service.domain.people import Person
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Trust, Verification
from service.domain.skills import RelationKind, Scale, Skill, SkillRelation
from service.domain.values import Fact
from tests.capability.worlds import facts

TODAY = date(2026, 6, 15)
YESTERDAY = date(2026, 6, 14)


def day(offset: int) -> date:
    """So many days after today."""
    return TODAY + timedelta(days=offset)


class Given:
    """Facts recorded one change after another."""

    def __init__(self) -> None:
        self.states: list[Fact] = [Scale(id="scale", name="scale", labels=["1", "2", "3", "4"], recorded_seq=0)]
        self.seq = 0

    def add(self, kind: type[Fact], /, **fields: Any) -> str:
        """Record a fact of any kind; its id is made up when not given."""
        self.seq += 1
        identity = str(fields.pop("id", f"{kind.__name__}-{self.seq}"))
        self.states.append(kind(id=identity, recorded_seq=fields.pop("recorded_seq", self.seq), **fields))
        return identity

    def people(self, *ids: str) -> None:
        for each in ids:
            self.add(Person, id=each, name=each)

    def skills(self, *ids: str, **fields: Any) -> None:
        for each in ids:
            self.add(Skill, id=each, name=each, scale_id="scale", **fields)

    def holds(self, person: str, skill: str, level: int, trust: Trust = Trust.CLAIMED, **fields: Any) -> str:
        """Record an assertion made today; a VERIFIED one with an exam, in the same change."""
        fields = {"asserted_on": TODAY} | fields
        assertion = self.add(Assertion, person_id=person, skill_id=skill, level=level, trust=trust, **fields)
        if trust is Trust.VERIFIED:
            number = self.states[-1].recorded_seq
            exam = Evidence(id=f"{assertion}-exam", assertion_id=assertion, kind=EvidenceKind.EXAM, title="exam")
            self.states.append(replace(exam, recorded_seq=number))
        return assertion

    def decides(
        self, verifier: str, assertion: str, decision: Decision, on: date = YESTERDAY, until: date | None = None
    ) -> str:
        return self.add(
            Verification,
            assertion_id=assertion,
            verifier_id=verifier,
            decision=decision,
            decided_on=on,
            suspended_until=until,
            reason="seen",
        )

    def relates(self, one: str, kind: RelationKind, other: str, **fields: Any) -> str:
        return self.add(SkillRelation, from_id=one, to_id=other, kind=kind, **fields)

    def retracts(self, identity: str) -> None:
        """End the current state of a fact."""
        self.seq += 1
        for state in self.states:
            if state.id == identity and state.retracted_seq is None:
                state.retracted_seq = self.seq

    def snapshot(self) -> Snapshot:
        return build(facts(self.states), seq=self.seq, registry_id="registry")
