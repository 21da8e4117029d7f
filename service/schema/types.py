"""The nouns as clients see them: the domain's fields, and the edges between them."""

from typing import Annotated, Any

import strawberry

from service.domain import assessment, changes, learning, people, policy, proof, roles, skills, work
from service.schema import enums  # noqa: F401  # the enums are described before the types use them
from service.schema.nodes import Node, crowd, edge, field, many, node


def _labels(labels: list[str], language: str | None) -> list[str]:
    pairs = [label.rpartition("@") for label in labels]
    return [text for text, _, tag in pairs if language is None or tag == language]


LANGUAGE = strawberry.argument(description="Only labels in this language, as en; all languages when absent.")


def _other_names() -> Any:  # noqa: ANN401  # a field
    def resolve(self: Any, language: Annotated[str | None, LANGUAGE] = None) -> list[str]:  # noqa: ANN401
        return _labels(self.alternative_labels, language)

    return strawberry.field(resolver=resolve, name="alternativeLabels", description="Other names.")


@node
class OrgUnit(people.OrgUnit, Node):
    parent = edge("OrgUnit", "parent_id", "The unit it is part of; null at the top.")
    units = many("OrgUnit", "parent_id", "The units that are part of it.")
    people = crowd("Person", "unit_id", "The people who belong to it directly.")
    people_at_site = crowd("Person", "site_id", "A site: the people who work there.")
    requirements = many("Requirement", "owner_id", "What it asks of everybody in it.")
    coverage_rules = many("CoverageRule", "unit_id", "The rules that it is to cover.")
    sponsored_projects = many("Project", "sponsor_unit_id", "The projects it pays for.")


@node
class Person(people.Person, Node):
    unit = edge("OrgUnit", "unit_id", "The unit the person belongs to.")
    site = edge("OrgUnit", "site_id", "Where the person works.")
    role = edge("Role", "role_id", "The role the person holds in the organisation.")
    manager = edge("Person", "manager_id", "Line manager.")
    reports = many("Person", "manager_id", "The people managed.")
    assertions = many("Assertion", "person_id", "What is said about the person's skills.")
    allocations = many("Allocation", "person_id", "What the person is booked to.")
    absences = many("Absence", "person_id", "When the person is away.")
    waivers = many("Waiver", "person_id", "What the person is exempt from.")
    interests = many("SkillInterest", "person_id", "What the person wants with skills.")
    assessor_scopes = many("AssessorScope", "person_id", "What the person may decide on.")


@node
class Absence(people.Absence, Node):
    person = edge("Person", "person_id", "Who is away.", is_required=True)


@strawberry.type(description="One level of a scale.")
class Level:
    """One level of a scale."""

    level: int = strawberry.field(description="Its number: 1 is the lowest.")
    label: str = strawberry.field(description="What it is called.")
    description: str | None = strawberry.field(description="What it means.")


@node
class Scale(skills.Scale, Node):
    labels: strawberry.Private[list[str]]
    descriptions: strawberry.Private[list[str]]

    @field
    def levels(self) -> list[Level]:
        """The levels, lowest first."""
        meanings: list[str | None] = [*self.descriptions] or [None] * len(self.labels)
        return [
            Level(level=number, label=label, description=meaning)
            for number, (label, meaning) in enumerate(zip(self.labels, meanings, strict=True), 1)
        ]


@node
class Skill(skills.Skill, Node):
    alternative_labels: strawberry.Private[list[str]]
    scale = edge("Scale", "scale_id", "The scale its levels are on; null for a group.")
    replaced_by = edge("Skill", "replaced_by_id", "The skill to use instead, once deprecated.")
    relations = many("SkillRelation", "from_id", "What it relates to: its broader skills, what comes first, and so on.")
    relations_to = many("SkillRelation", "to_id", "What relates to it: its narrower skills, what depends on it.")
    assertions = crowd("Assertion", "skill_id", "Who is said to hold it.")
    requirements = crowd("Requirement", "skill_id", "What asks for it.")
    outcomes = crowd("CourseOutcome", "skill_id", "The courses that develop it.")
    alternatives = _other_names()
    proposals = many("SkillProposal", "skill_id", "How it came to be proposed, and what the curators decided.")


@node
class SkillProposal(skills.SkillProposal, Node):
    skill = edge("Skill", "skill_id", "The skill proposed.", is_required=True)
    proposed_by = edge("Person", "proposed_by_id", "The person who proposes it.")
    into = edge("Skill", "into_id", "MERGED: the skill it became another name of.")


@node
class SuggestionDecision(skills.SuggestionDecision, Node):
    skill = edge("Skill", "skill_id", "The skill suggested.", is_required=True)


@node
class FitPolicyVersion(policy.FitPolicyVersion, Node):
    pass


@node
class SkillRelation(skills.SkillRelation, Node):
    from_skill = edge("Skill", "from_id", "The narrower, dependent, or first named skill.", is_required=True)
    to_skill = edge("Skill", "to_id", "The broader, prerequisite, or other skill.", is_required=True)


@node
class Assertion(proof.Assertion, Node):
    person = edge("Person", "person_id", "Whose skill it is.", is_required=True)
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)
    evidence = many("Evidence", "assertion_id", "What supports it.")
    verifications = many("Verification", "assertion_id", "What assessors decided about it.")
    requests = many("VerificationRequest", "assertion_id", "The decisions that were asked for.")


@node
class Evidence(proof.Evidence, Node):
    assertion = edge("Assertion", "assertion_id", "The assertion it is about.", is_required=True)
    project = edge("Project", "project_id", "The project on which it was shown.")


@node
class Verification(proof.Verification, Node):
    assertion = edge("Assertion", "assertion_id", "The assertion decided on.", is_required=True)
    verifier = edge("Person", "verifier_id", "The person who decided.", is_required=True)


@node
class AssessorScope(assessment.AssessorScope, Node):
    person = edge("Person", "person_id", "The assessor.", is_required=True)
    skill = edge("Skill", "skill_id", "The skill or group, with everything narrower; null: every skill.")
    unit = edge("OrgUnit", "unit_id", "The unit, with every unit below it; null: everybody.")


@node
class ReviewCampaign(assessment.ReviewCampaign, Node):
    unit = edge("OrgUnit", "unit_id", "The unit asked.", is_required=True)
    skill = edge("Skill", "skill_id", "Only this skill or group; null: every skill.")
    requests = crowd("VerificationRequest", "campaign_id", "The decisions asked for within it.")


@node
class VerificationRequest(assessment.VerificationRequest, Node):
    assertion = edge("Assertion", "assertion_id", "The assertion to decide on.", is_required=True)
    requested_by = edge("Person", "requested_by_id", "The person who asks.")
    assessor = edge("Person", "assessor_id", "The assessor asked; null: any in whose scope it is.")
    campaign = edge("ReviewCampaign", "campaign_id", "The review it belongs to.")
    verification = edge("Verification", "verification_id", "DECIDED: the decision that closed it.")


@node
class SkillInterest(assessment.SkillInterest, Node):
    person = edge("Person", "person_id", "Whose interest it is.", is_required=True)
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)


@node
class CoverageRule(roles.CoverageRule, Node):
    skill = edge("Skill", "skill_id", "The skill to be covered.", is_required=True)
    unit = edge("OrgUnit", "unit_id", "Among the people of this unit and those below it.")
    project = edge("Project", "project_id", "Among the people booked to this project.")
    role = edge("Role", "role_id", "Among the people who hold this role.")


@node
class DecisionRecord(changes.DecisionRecord, Node):
    chosen = edge("Person", "chosen_id", "The person chosen; null: nobody.")


@node
class Waiver(proof.Waiver, Node):
    person = edge("Person", "person_id", "Who is exempt.", is_required=True)
    skill = edge("Skill", "skill_id", "The skill whose requirement is waived.", is_required=True)
    role = edge("Role", "role_id", "Only for this role.")
    position = edge("Position", "position_id", "Only for this position.")


@node
class Role(roles.Role, Node):
    alternative_labels: strawberry.Private[list[str]]
    profiles = many("RoleProfile", "role_id", "The versions of what it requires.")
    job_descriptions = many("JobDescription", "role_id", "The texts that describe it.")
    positions = many("Position", "role_id", "The openings for it.")
    people = crowd("Person", "role_id", "The people who hold it.")
    alternatives = _other_names()


@node
class RoleProfile(roles.RoleProfile, Node):
    role = edge("Role", "role_id", "The role.", is_required=True)
    requirements = many("Requirement", "owner_id", "What it asks for.")


@node
class Requirement(roles.Requirement, Node):
    skill = edge("Skill", "skill_id", "The skill asked for.", is_required=True)


@node
class JobDescription(roles.JobDescription, Node):
    role = edge("Role", "role_id", "The role described.", is_required=True)
    profile = edge("RoleProfile", "profile_id", "The role profile version it cites.", is_required=True)


@node
class Portfolio(work.Portfolio, Node):
    programmes = many("Programme", "portfolio_id", "Its programmes.")
    projects = many("Project", "portfolio_id", "The projects directly in it.")


@node
class Programme(work.Programme, Node):
    portfolio = edge("Portfolio", "portfolio_id", "The portfolio it belongs to.")
    projects = many("Project", "programme_id", "Its projects.")


@node
class Project(work.Project, Node):
    programme = edge("Programme", "programme_id", "The programme it belongs to.")
    portfolio = edge("Portfolio", "portfolio_id", "The portfolio it belongs to, when not through a programme.")
    sponsor_unit = edge("OrgUnit", "sponsor_unit_id", "The unit that pays.")
    manager = edge("Person", "manager_id", "The project manager.")
    positions = many("Position", "project_id", "The openings on it.")


@node
class Position(work.Position, Node):
    project = edge("Project", "project_id", "The project that opens it.", is_required=True)
    role = edge("Role", "role_id", "The role whose requirements it inherits.")
    own_requirements = many("Requirement", "owner_id", "What it asks for on top of, or instead of, its role.")
    allocations = many("Allocation", "position_id", "Who is booked to it.")


@node
class Allocation(work.Allocation, Node):
    person = edge("Person", "person_id", "Who is booked.", is_required=True)
    position = edge("Position", "position_id", "The position booked to.", is_required=True)


@node
class Course(learning.Course, Node):
    outcomes = many("CourseOutcome", "course_id", "What it develops.")
    sessions = many("Session", "course_id", "When it runs.")

    @field
    async def prerequisites(
        self, info: strawberry.Info
    ) -> list[Annotated["Course", strawberry.lazy("service.schema.types")]]:
        """Courses to complete first."""
        found: list[Any] = await info.context.load_all_here(info, "Course", self.prerequisite_ids)
        return found


@node
class CourseOutcome(learning.CourseOutcome, Node):
    course = edge("Course", "course_id", "The course.", is_required=True)
    skill = edge("Skill", "skill_id", "The skill it develops.", is_required=True)


@node
class Session(learning.Session, Node):
    course = edge("Course", "course_id", "The course that runs.", is_required=True)
