"""Ids of facts that sources do not number: the same statement always gets the same id."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID, uuid5

from service.domain.assessment import AssessorScope, SkillInterest, VerificationRequest
from service.domain.learning import CourseOutcome, Session
from service.domain.people import Absence
from service.domain.proof import Assertion, Evidence, Verification, Waiver
from service.domain.roles import Requirement
from service.domain.skills import SkillRelation, SuggestionDecision
from service.domain.values import Fact
from service.domain.work import Allocation

NAMESPACE = UUID("60477966-f81b-4384-977b-1a2e4d7659f8")
LONGEST = 200

KEYS: Mapping[type[Fact], tuple[str, ...]] = MappingProxyType(
    {
        SkillRelation: ("from_id", "kind", "to_id"),
        Requirement: ("owner_id", "skill_id"),
        SuggestionDecision: ("skill_id", "language", "phrase"),
        CourseOutcome: ("course_id", "skill_id"),
        Absence: ("person_id", "kind", "valid_from"),
        Assertion: ("person_id", "skill_id", "asserted_on", "asserted_by", "source"),
        Evidence: ("assertion_id", "kind", "title", "number"),
        Verification: ("assertion_id", "verifier_id", "decided_on"),
        AssessorScope: ("person_id", "skill_id", "unit_id", "valid_from"),
        VerificationRequest: ("assertion_id", "requested_on", "assessor_id"),
        SkillInterest: ("person_id", "skill_id"),
        Waiver: ("person_id", "skill_id", "role_id", "position_id", "valid_from"),
        Allocation: ("person_id", "position_id", "valid_from"),
        Session: ("course_id", "valid_from", "place"),
    }
)
"""The fields that tell two facts of a noun apart; a noun that is not here needs an id of its own."""

READABLE = (SkillRelation, Requirement, CourseOutcome)
"""Links, whose id shows what they link."""


def derived(fact: Fact) -> str:
    """The id that follows from the key fields of *fact*: ``from|KIND|to`` for links, else a UUIDv5."""
    values = [getattr(fact, name) for name in KEYS[type(fact)]]
    if isinstance(fact, READABLE):
        return fitted("|".join(values))
    words = ["" if value is None else str(value) for value in values]
    return str(uuid5(NAMESPACE, "\x1f".join([type(fact).__name__, *words])))


def fitted(text: str) -> str:
    """*text* itself, or when it is too long for an id, as much as fits and a UUIDv5 of the whole."""
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 37]}|{uuid5(NAMESPACE, text)}"
