"""What is said about who can do what, how it is proven, and who decided."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from typing_extensions import Doc

from service.domain.values import Dated, Fact, Id, Level, Name, Reason, Url


class Trust(StrEnum):
    """How far an assertion can be relied on, lowest to highest."""

    INFERRED = "INFERRED"
    CLAIMED = "CLAIMED"
    ENDORSED = "ENDORSED"
    VERIFIED = "VERIFIED"

    @property
    def rank(self) -> int:
        """0 for INFERRED to 3 for VERIFIED."""
        return TRUSTS.index(self)


TRUSTS = tuple(Trust)


class Decision(StrEnum):
    """What an assessor decided about an assertion."""

    VERIFIED = "VERIFIED"
    REJECTED = "REJECTED"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"


ANNULMENTS = frozenset({Decision.REJECTED, Decision.REVOKED})
"""Decisions after which nothing that was verified before them counts."""


class EvidenceKind(StrEnum):
    """What sort of proof a piece of evidence is."""

    DOCUMENT = "DOCUMENT"
    CERTIFICATE = "CERTIFICATE"
    EXAM = "EXAM"
    PROJECT = "PROJECT"
    OBSERVATION = "OBSERVATION"
    CREDENTIAL = "CREDENTIAL"


PROOFS = frozenset({EvidenceKind.EXAM, EvidenceKind.CREDENTIAL})
"""Evidence that proves by itself, without an assessor's decision."""

CREDENTIALS = frozenset({EvidenceKind.CERTIFICATE, EvidenceKind.CREDENTIAL})
"""Evidence that satisfies a skill which requires a credential."""


class Visibility(StrEnum):
    """Who may see an assertion."""

    PUBLIC = "PUBLIC"
    MANAGERS = "MANAGERS"
    PRIVATE = "PRIVATE"


@dataclass(kw_only=True)
class Assertion(Dated):
    """One statement that a person holds a skill at a level. Never edited: a correction is a new statement."""

    person_id: Annotated[Id, Doc("Whose skill it is.")]
    skill_id: Annotated[Id, Doc("The skill.")]
    level: Annotated[Level, Doc("Level on the skill's scale; 0: shown not to have it.")]
    trust: Annotated[
        Trust,
        Doc(
            "What the statement is worth by itself, before any decision. VERIFIED needs an exam or credential, "
            "and is worth CLAIMED on days when none is in force."
        ),
    ] = Trust.CLAIMED
    asserted_on: Annotated[date, Doc("Day the statement was made.")]
    asserted_by: Annotated[Name | None, Doc("Who made it.")] = None
    source: Annotated[Name | None, Doc("System or survey it came from.")] = None
    last_used_on: Annotated[
        date | None, Doc("Day the skill was last used; null: not known, and taken as asserted_on.")
    ] = None
    visibility: Annotated[Visibility, Doc("Who may see it.")] = Visibility.PUBLIC
    moved_from: Annotated[
        Id | None, Doc("Id of the assertion that this one took over from, when its skill was merged or replaced.")
    ] = None


@dataclass(kw_only=True)
class Evidence(Fact):
    """Something that supports an assertion, or speaks against it."""

    assertion_id: Annotated[Id, Doc("The assertion it is about.")]
    kind: Annotated[EvidenceKind, Doc("Document, certificate, exam, project, observation or credential.")]
    title: Annotated[Name, Doc("What it is.")]
    uri: Annotated[Url | None, Doc("Where it can be seen, as https://example.org/letter.pdf.")] = None
    number: Annotated[Name | None, Doc("Number of the certificate or credential.")] = None
    issuer: Annotated[Name | None, Doc("Who issued it.")] = None
    issued_on: Annotated[date | None, Doc("Day it was issued.")] = None
    expires_on: Annotated[date | None, Doc("First day it is no longer in force; null: open.")] = None
    result: Annotated[Name | None, Doc("What came out of an exam or observation, as 82 of 100.")] = None
    project_id: Annotated[Id | None, Doc("The project on which it was shown.")] = None
    is_negative: Annotated[
        bool, Doc("True when it speaks against the assertion, as a failed exam; it proves nothing then.")
    ] = False

    @property
    def is_proof(self) -> bool:
        """Whether it verifies its assertion by itself, while it is in force."""
        return self.kind in PROOFS and not self.is_negative

    def __post_init__(self) -> None:
        if self.kind is EvidenceKind.CERTIFICATE and not (self.number and self.issuer):
            lacking = " and ".join(name for name in ("number", "issuer") if not getattr(self, name))
            raise ValueError(f"{lacking} missing; a CERTIFICATE has a number and an issuer")
        if self.issued_on is not None and self.expires_on is not None and self.expires_on <= self.issued_on:
            raise ValueError(f"expires_on {self.expires_on} is not after issued_on {self.issued_on}")


@dataclass(kw_only=True)
class Verification(Fact):
    """An assessor's recorded decision on one assertion, in force from the day it was decided."""

    assertion_id: Annotated[Id, Doc("The assertion decided on.")]
    decision: Annotated[Decision, Doc("Verified, rejected, suspended or revoked.")]
    verifier_id: Annotated[Id, Doc("The person who decided; never the assertion's subject.")]
    decided_on: Annotated[date, Doc("Day from which the decision is in force.")]
    suspended_until: Annotated[date | None, Doc("First day a suspended assertion counts again.")] = None
    reason: Annotated[Reason, Doc("Why.")]

    def __post_init__(self) -> None:
        if (self.decision is Decision.SUSPENDED) != (self.suspended_until is not None):
            until = "is missing" if self.suspended_until is None else f"is {self.suspended_until}"
            raise ValueError(f"suspended_until {until} on {self.decision}; SUSPENDED has it, others do not")
        if self.suspended_until is not None and self.suspended_until <= self.decided_on:
            raise ValueError(f"suspended_until {self.suspended_until} is not after decided_on {self.decided_on}")


@dataclass(kw_only=True)
class Waiver(Dated):
    """A dated exemption of one person from one requirement."""

    person_id: Annotated[Id, Doc("Who is exempt.")]
    skill_id: Annotated[Id, Doc("The skill whose requirement is waived.")]
    role_id: Annotated[Id | None, Doc("Only for this role; with a position, the position's role.")] = None
    position_id: Annotated[Id | None, Doc("Only for this position, also when the role is named.")] = None
    granted_by: Annotated[Name, Doc("Who granted it.")]
    reason: Annotated[Reason, Doc("Why.")]
