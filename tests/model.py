"""The registry once more as a list of states and plain rules: what each act does, and when it is refused.

Written from the law and docs/decisions alone; levels, gaps and fits of the states are the oracle's.
"""

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from service.domain.assessment import AssessorScope
from service.domain.people import OrgUnit, Person
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Trust, Verification, Waiver
from service.domain.skills import Lifecycle, RelationKind, Scale, Skill, SkillRelation
from service.domain.values import Fact

F = TypeVar("F", bound=Fact)

ANNULMENTS = {Decision.REJECTED, Decision.REVOKED}


class Model:
    """Every state that was ever recorded, and the number of the last change."""

    def __init__(self, seq: int) -> None:
        self.states: list[Fact] = []
        self.seq = seq

    # States

    def all(self, kind: type[F]) -> list[F]:
        """The current facts of a kind."""
        return [each for each in self.states if isinstance(each, kind) and each.retracted_seq is None]

    def one(self, kind: type[F], id_: str) -> F:
        """A current fact."""
        return next(each for each in self.all(kind) if each.id == id_)

    def was(self, kind: type[F], id_: str) -> bool:
        """Whether it was ever recorded."""
        return any(isinstance(each, kind) and each.id == id_ for each in self.states)

    def change(self, act: Callable[[], None]) -> None:
        """One numbered change."""
        self.seq += 1
        act()

    def put(self, fact: Fact) -> None:
        """Let a fact hold from this change on, instead of its former state."""
        for former in self.all(type(fact)):
            if former.id == fact.id:
                former.retracted_seq = self.seq
        self.states.append(dataclasses.replace(fact, recorded_seq=self.seq, retracted_seq=None))

    def alter(self, kind: type[F], id_: str, **values: Any) -> None:
        """Let other values hold from this change on."""
        self.put(dataclasses.replace(self.one(kind, id_), **values))

    def end(self, kind: type[Fact], id_: str) -> None:
        """End a fact, and what cannot stand without it."""
        self.one(kind, id_).retracted_seq = self.seq
        if kind is Assertion:
            parts: list[Evidence | Verification] = [*self.all(Evidence), *self.all(Verification)]
            for each in parts:
                if each.assertion_id == id_:
                    each.retracted_seq = self.seq

    # When an act is refused: the code, None when it is done

    def refuses_assertion(self, skill_id: str, level: int) -> str | None:
        skill = self.one(Skill, skill_id)
        if skill.replaced_by_id is not None:
            return "CONFLICT"
        return self.refuses_level(skill_id, level)

    def refuses_level(self, skill_id: str, level: int) -> str | None:
        return "BAD_USER_INPUT" if level > self.top(skill_id) else None

    def refuses_decision(  # noqa: PLR0911 (one for each refusal)
        self, kind: Decision, assertion_id: str, verifier_id: str, day: date
    ) -> str | None:
        if not any(each.id == assertion_id for each in self.all(Assertion)):
            return "RETRACTED" if self.was(Assertion, assertion_id) else "NOT_FOUND"
        assertion = self.one(Assertion, assertion_id)
        if assertion.person_id == verifier_id:
            return "SELF_VERIFICATION"
        if not self.may_decide(verifier_id, assertion, day):
            return "OUT_OF_SCOPE"
        if day < assertion.asserted_on:
            return "BAD_USER_INPUT"
        made = self.decisions_on(assertion)
        if kind is Decision.VERIFIED and verifier_id in self.verifiers(made):
            return "ALREADY_VERIFIED"
        if kind is Decision.REVOKED and not self.is_verified(assertion, made, day):
            return "CONFLICT"
        return None

    def refuses_merge(self, from_id: str, into_id: str) -> str | None:
        into = self.one(Skill, into_id)
        if from_id == into_id:
            return "BAD_USER_INPUT"
        return "CONFLICT" if into.lifecycle is Lifecycle.DEPRECATED else None

    def refuses_deprecation(self, skill_id: str, by_id: str | None) -> str | None:
        if by_id is None:
            return None
        if by_id == skill_id:
            return "BAD_USER_INPUT"
        return "CONFLICT" if self.one(Skill, by_id).lifecycle is Lifecycle.DEPRECATED else None

    # What acts rest on

    def top(self, skill_id: str) -> int:
        """The highest level of a skill's scale."""
        return len(self.one(Scale, self.one(Skill, skill_id).scale_id or "").labels)

    def decisions_on(self, assertion: Assertion) -> list[Verification]:
        """The decisions on the present state of an assertion, in the order in which they take effect."""
        made = [
            each
            for each in self.all(Verification)
            if each.assertion_id == assertion.id and each.recorded_seq >= assertion.recorded_seq
        ]
        return sorted(made, key=lambda each: (each.decided_on, each.recorded_seq, each.id))

    @staticmethod
    def verifiers(made: list[Verification]) -> set[str]:
        """Who verified since the last rejection or revocation."""
        since = max((at + 1 for at, each in enumerate(made) if each.decision in ANNULMENTS), default=0)
        return {each.verifier_id for each in made[since:] if each.decision is Decision.VERIFIED}

    def is_verified(self, assertion: Assertion, made: list[Verification], day: date) -> bool:
        """Whether there is a verification to be revoked: an assessor's, or that of an exam or credential in force."""
        if self.verifiers(made):
            return True
        return (
            assertion.trust is Trust.VERIFIED
            and not any(each.decision in ANNULMENTS for each in made)
            and any(
                each.assertion_id == assertion.id
                and each.kind in {EvidenceKind.EXAM, EvidenceKind.CREDENTIAL}
                and not each.is_negative
                and (each.issued_on is None or each.issued_on <= day)
                and (each.expires_on is None or day < each.expires_on)
                for each in self.all(Evidence)
            )
        )

    def may_decide(self, assessor_id: str, assertion: Assertion, day: date) -> bool:
        """Whether a scope of the assessor covers the skill and the person's unit on a day."""
        return any(
            scope.person_id == assessor_id
            and (scope.valid_from is None or scope.valid_from <= day)
            and (scope.valid_until is None or day < scope.valid_until)
            and (scope.skill_id is None or scope.skill_id in self.broader(assertion.skill_id))
            and (scope.unit_id is None or scope.unit_id in self.above(self.one(Person, assertion.person_id).unit_id))
            for scope in self.all(AssessorScope)
        )

    def broader(self, skill_id: str) -> set[str]:
        """A skill and everything broader."""
        found = {skill_id}
        for each in self.all(SkillRelation):
            if each.kind is RelationKind.BROADER and each.from_id == skill_id:
                found |= self.broader(each.to_id)
        return found

    def above(self, unit_id: str | None) -> set[str]:
        """A unit and all it is part of."""
        return set() if unit_id is None else {unit_id, *self.above(self.one(OrgUnit, unit_id).parent_id)}

    # Merging

    def merge(self, from_id: str, into_id: str) -> None:
        """Move what names a skill to its successor, assertions as new facts with their proof."""
        top, new_top = self.top(from_id), self.top(into_id)
        for assertion in [each for each in self.all(Assertion) if each.skill_id == from_id]:
            moved = f"{assertion.recorded_seq:09d}!{assertion.id}!{into_id}"
            parts: list[Evidence | Verification] = [
                each for each in self.all(Evidence) if each.assertion_id == assertion.id
            ]
            parts += self.decisions_on(assertion)
            level = converted(assertion.level, top, new_top)
            self.put(dataclasses.replace(assertion, id=moved, skill_id=into_id, level=level, moved_from=assertion.id))
            for part in parts:
                name = f"{part.recorded_seq:09d}!{part.id}!{into_id}"
                self.put(dataclasses.replace(part, id=name, assertion_id=moved))
            self.end(Assertion, assertion.id)
        for waiver in [each for each in self.all(Waiver) if each.skill_id == from_id]:
            self.put(dataclasses.replace(waiver, skill_id=into_id))
        for scope in [each for each in self.all(AssessorScope) if each.skill_id == from_id]:
            self.put(dataclasses.replace(scope, skill_id=into_id))
        for skill in [each for each in self.all(Skill) if each.replaced_by_id == from_id]:
            self.put(dataclasses.replace(skill, replaced_by_id=into_id))
        for relation in [each for each in self.all(SkillRelation) if each.from_id == from_id]:
            there = [(each.from_id, each.kind, each.to_id) for each in self.all(SkillRelation)]
            self.end(SkillRelation, relation.id)
            if (into_id, relation.kind, relation.to_id) not in there:
                name = f"{into_id}|{relation.kind}|{relation.to_id}"
                self.put(dataclasses.replace(relation, id=name, from_id=into_id))
        self.alter(Skill, from_id, lifecycle=Lifecycle.DEPRECATED, replaced_by_id=into_id)


def converted(level: int, top: int, new_top: int) -> int:
    """A level on a scale of another length: the nearest, halves upward; only 0 is 0."""
    return 0 if level == 0 else min(new_top, max(1, int(level * new_top / top + 0.5)))
