"""States of the smaller kinds, with only the fields that the reckoning reads.

Field names are those of the domain classes; days are numbers, trust is its rank, and a state that
was not retracted has ``CURRENT`` as its ``retracted_seq``.
"""

from typing import NamedTuple


class UnitState(NamedTuple):
    """A state of an OrgUnit."""

    id: str
    recorded_seq: int
    retracted_seq: int
    name: str
    kind: str
    parent_id: str | None


class ScaleState(NamedTuple):
    """A state of a Scale."""

    id: str
    recorded_seq: int
    retracted_seq: int
    name: str
    labels: list[str]


class SkillState(NamedTuple):
    """A state of a Skill."""

    id: str
    recorded_seq: int
    retracted_seq: int
    name: str
    kind: str
    scale_id: str | None
    is_group: bool
    lifecycle: str
    replaced_by_id: str | None
    required_verifiers: int
    requires_credential: bool
    max_evidence_age_days: int | None

    @property
    def is_demanding(self) -> bool:
        """Whether more than one assessor's decision is needed for an assertion to count as verified."""
        return self.required_verifiers > 1 or self.requires_credential or self.max_evidence_age_days is not None


class RelationState(NamedTuple):
    """A state of a SkillRelation."""

    id: str
    recorded_seq: int
    retracted_seq: int
    from_id: str
    to_id: str
    kind: str
    weight: float | None
    is_curated: bool


class DecisionState(NamedTuple):
    """A state of a Verification."""

    id: str
    recorded_seq: int
    retracted_seq: int
    decision: str
    verifier_id: str
    decided_on: int
    suspended_until: int


class EvidenceState(NamedTuple):
    """A state of a piece of Evidence."""

    id: str
    recorded_seq: int
    retracted_seq: int
    assertion_id: str
    kind: str
    issued_on: int
    expires_on: int
    is_negative: bool

    def is_in_force(self, day: int) -> bool:
        """Whether it supports its assertion on a day."""
        return not self.is_negative and self.issued_on <= day < self.expires_on


class RequestState(NamedTuple):
    """A state of a VerificationRequest."""

    id: str
    recorded_seq: int
    retracted_seq: int
    assertion_id: str
    requested_on: int
    assessor_id: str | None
    due_on: int
    campaign_id: str | None
    status: str


class ScopeState(NamedTuple):
    """A state of an AssessorScope."""

    id: str
    recorded_seq: int
    retracted_seq: int
    valid_from: int
    valid_until: int
    person_id: str
    skill_id: str | None
    unit_id: str | None


class CampaignState(NamedTuple):
    """A state of a ReviewCampaign."""

    id: str
    recorded_seq: int
    retracted_seq: int
    name: str
    unit_id: str
    skill_id: str | None
    starts_on: int
    due_on: int
    remind_days: int
    closed_on: int


class InterestState(NamedTuple):
    """A state of a SkillInterest."""

    id: str
    recorded_seq: int
    retracted_seq: int
    person_id: str
    skill_id: str
    interest: str
    wants_to_learn: bool
    stated_on: int


class CoverageState(NamedTuple):
    """A state of a CoverageRule."""

    id: str
    recorded_seq: int
    retracted_seq: int
    valid_from: int
    valid_until: int
    name: str
    skill_id: str
    level: int
    people: int
    min_trust: int | None
    unit_id: str | None
    project_id: str | None
    role_id: str | None


class WaiverState(NamedTuple):
    """A state of a Waiver."""

    id: str
    recorded_seq: int
    retracted_seq: int
    valid_from: int
    valid_until: int
    person_id: str
    skill_id: str
    role_id: str | None
    position_id: str | None


class RoleState(NamedTuple):
    """A state of a Role."""

    id: str
    recorded_seq: int
    retracted_seq: int
    name: str
    family: str | None
    source: str | None
    reviewed_on: int


class ProfileState(NamedTuple):
    """A state of a RoleProfile."""

    id: str
    recorded_seq: int
    retracted_seq: int
    valid_from: int
    valid_until: int
    role_id: str
    version: int
    status: str


class RequirementState(NamedTuple):
    """A state of a Requirement."""

    id: str
    recorded_seq: int
    retracted_seq: int
    owner_id: str
    skill_id: str
    level: int
    weight: float
    is_mandatory: bool
    min_trust: int | None


class JobDescriptionState(NamedTuple):
    """A state of a JobDescription."""

    id: str
    recorded_seq: int
    retracted_seq: int
    role_id: str
    profile_id: str
    version: int
    status: str


class ProjectState(NamedTuple):
    """A state of a Project."""

    id: str
    recorded_seq: int
    retracted_seq: int
    valid_from: int
    valid_until: int
    name: str
    status: str
    sponsor_unit_id: str | None
    manager_id: str | None
    probability: float
    priority: int


class PositionState(NamedTuple):
    """A state of a Position."""

    id: str
    recorded_seq: int
    retracted_seq: int
    valid_from: int
    valid_until: int
    project_id: str
    title: str
    role_id: str | None
    fte: float
    headcount: int
    place: str | None
    status: str


class PolicyState(NamedTuple):
    """A state of a FitPolicyVersion."""

    id: str
    recorded_seq: int
    retracted_seq: int
    valid_from: int
    valid_until: int
    version: int
    status: str
    gamma: float
    floor: float
    grace_months: float
    half_life_months: float
    confidence_inferred: float
    confidence_claimed: float
    confidence_endorsed: float
    narrower: float
    broader: float
    related: float
    least_related_weight: float
    max_away: float


class CourseState(NamedTuple):
    """A state of a Course."""

    id: str
    recorded_seq: int
    retracted_seq: int
    name: str
    hours: float | None
    price: float | None
    prerequisite_ids: list[str]


class OutcomeState(NamedTuple):
    """A state of a CourseOutcome."""

    id: str
    recorded_seq: int
    retracted_seq: int
    course_id: str
    skill_id: str
    from_level: int
    to_level: int
    success_rate: float | None
