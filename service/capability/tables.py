"""Look-up tables of the smaller kinds: states grouped by one field, never changed in place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Final, Generic, NamedTuple

from service.capability.reading import Columns, Facts, S
from service.capability.states import (
    CampaignState,
    CourseState,
    CoverageState,
    EvidenceState,
    InterestState,
    JobDescriptionState,
    OutcomeState,
    PolicyState,
    PositionState,
    ProfileState,
    ProjectState,
    RelationState,
    RequestState,
    RequirementState,
    RoleState,
    ScaleState,
    ScopeState,
    SkillState,
    UnitState,
    WaiverState,
)
from service.domain import assessment, learning, people, policy, proof, roles, skills, work
from service.domain.values import Fact

KINDS: Final[dict[type[Fact], Any]] = {
    people.OrgUnit: UnitState,
    skills.Scale: ScaleState,
    skills.Skill: SkillState,
    skills.SkillRelation: RelationState,
    proof.Evidence: EvidenceState,
    assessment.VerificationRequest: RequestState,
    assessment.AssessorScope: ScopeState,
    assessment.ReviewCampaign: CampaignState,
    assessment.SkillInterest: InterestState,
    roles.CoverageRule: CoverageState,
    proof.Waiver: WaiverState,
    roles.Role: RoleState,
    roles.RoleProfile: ProfileState,
    roles.Requirement: RequirementState,
    roles.JobDescription: JobDescriptionState,
    work.Project: ProjectState,
    work.Position: PositionState,
    policy.FitPolicyVersion: PolicyState,
    learning.Course: CourseState,
    learning.CourseOutcome: OutcomeState,
}
"""The class of state that each smaller kind is kept as."""


class Table(Generic[S]):
    """States of one kind, grouped by one of their fields."""

    def __init__(self, key: str, groups: Mapping[str | None, tuple[S, ...]] | None = None) -> None:
        self._key = key
        self._key_of: Callable[[S], str | None] = attrgetter(key)
        self._groups = dict(groups or {})

    def __iter__(self) -> Iterator[S]:
        for group in self._groups.values():
            yield from group

    def merged(self, states: Iterable[S]) -> "Table[S]":
        """Another table with *states* too; one of known id and recorded_seq takes the place of the former."""
        incoming: dict[str | None, dict[tuple[str, int], S]] = {}
        for state in states:
            incoming.setdefault(self._key_of(state), {})[state.id, state.recorded_seq] = state
        table = Table[S](self._key, self._groups)
        for key, changed in incoming.items():
            former = {(state.id, state.recorded_seq): state for state in self._groups.get(key, ())}
            table._groups[key] = tuple((former | changed).values())
        return table

    def states(self, key: str) -> tuple[S, ...]:
        """All states under *key*, past and current."""
        return self._groups.get(key, ())

    def known(self, key: str, known: int) -> list[S]:
        """The states under *key* that are known at sequence number *known*."""
        return [state for state in self._groups.get(key, ()) if state.recorded_seq <= known < state.retracted_seq]

    def all_known(self, known: int) -> list[S]:
        """The states of the whole kind that are known at sequence number *known*."""
        return [state for state in self if state.recorded_seq <= known < state.retracted_seq]


class Tables(NamedTuple):
    """Every look-up of the smaller kinds that a snapshot has; some kinds have two."""

    units: Table[UnitState] = Table("id")
    units_by_parent: Table[UnitState] = Table("parent_id")
    scales: Table[ScaleState] = Table("id")
    skills: Table[SkillState] = Table("id")
    relations_by_from: Table[RelationState] = Table("from_id")
    relations_by_to: Table[RelationState] = Table("to_id")
    evidence_by_assertion: Table[EvidenceState] = Table("assertion_id")
    requests: Table[RequestState] = Table("id")
    scopes_by_person: Table[ScopeState] = Table("person_id")
    campaigns: Table[CampaignState] = Table("id")
    interests_by_person: Table[InterestState] = Table("person_id")
    coverage_rules: Table[CoverageState] = Table("id")
    waivers_by_skill: Table[WaiverState] = Table("skill_id")
    roles: Table[RoleState] = Table("id")
    profiles: Table[ProfileState] = Table("id")
    profiles_by_role: Table[ProfileState] = Table("role_id")
    requirements_by_owner: Table[RequirementState] = Table("owner_id")
    requirements_by_skill: Table[RequirementState] = Table("skill_id")
    job_descriptions: Table[JobDescriptionState] = Table("id")
    projects: Table[ProjectState] = Table("id")
    positions: Table[PositionState] = Table("id")
    positions_by_project: Table[PositionState] = Table("project_id")
    policies: Table[PolicyState] = Table("id")
    courses: Table[CourseState] = Table("id")
    outcomes_by_skill: Table[OutcomeState] = Table("skill_id")

    def merged(self, facts: Facts) -> "Tables":
        """Another set of tables with the states in *facts* too."""
        changed: dict[str, Table[Any]] = {}
        for kind, state in KINDS.items():
            columns = facts.get(kind.__name__)
            if not columns:
                continue
            states = Columns(kind, columns).states(state, state._fields)
            for name in LOOK_UPS[kind]:
                changed[name] = getattr(self, name).merged(states)
        return self._replace(**changed)


LOOK_UPS: Final[dict[type[Fact], tuple[str, ...]]] = {
    people.OrgUnit: ("units", "units_by_parent"),
    skills.Scale: ("scales",),
    skills.Skill: ("skills",),
    skills.SkillRelation: ("relations_by_from", "relations_by_to"),
    proof.Evidence: ("evidence_by_assertion",),
    assessment.VerificationRequest: ("requests",),
    assessment.AssessorScope: ("scopes_by_person",),
    assessment.ReviewCampaign: ("campaigns",),
    assessment.SkillInterest: ("interests_by_person",),
    roles.CoverageRule: ("coverage_rules",),
    proof.Waiver: ("waivers_by_skill",),
    roles.Role: ("roles",),
    roles.RoleProfile: ("profiles", "profiles_by_role"),
    roles.Requirement: ("requirements_by_owner", "requirements_by_skill"),
    roles.JobDescription: ("job_descriptions",),
    work.Project: ("projects",),
    work.Position: ("positions", "positions_by_project"),
    policy.FitPolicyVersion: ("policies",),
    learning.Course: ("courses",),
    learning.CourseOutcome: ("outcomes_by_skill",),
}
"""The fields of ``Tables`` that hold the states of each kind."""
