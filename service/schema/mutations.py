"""The mutations: one verb per business act."""

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from uuid6 import uuid7

from service.acts import verbs
from service.acts.checks import needs_proof
from service.acts.taxonomy import refuse_replaced, refuse_unpublished
from service.acts.verbs import Done, valid
from service.domain.identity import derived
from service.domain.learning import Course, Session, SessionStatus
from service.domain.people import Absence, OrgUnit, Person
from service.domain.proof import Assertion, Evidence, Trust, Waiver
from service.domain.roles import CoverageRule, JobDescription, Role, RoleProfile, VersionStatus
from service.domain.skills import Scale, Skill, SkillRelation
from service.domain.values import Fact
from service.domain.work import (
    Allocation,
    AllocationStatus,
    Approval,
    Portfolio,
    Position,
    PositionStatus,
    Programme,
    Project,
)
from service.errors import Invalid
from service.schema import (
    decision_mutations,
    policy_mutations,
    role_mutations,
    suggestion_mutations,
    taxonomy_mutations,
    verification_mutations,
)
from service.schema.acting import (
    EVIDENCE,
    OUTCOMES,
    REQUIREMENTS,
    correcting,
    mutation,
    recording,
    retiring,
    turning,
)
from service.schema.context import Context
from service.schema.ids import parse
from service.schema.inputs import id_field, input_of, key_field, values_of
from service.schema.versions import DRAFT, STATUS, draft_only, turned


def _proven(subject: Assertion, parts: list[Fact]) -> None:
    if needs_proof(subject) and not any(part.is_proof for part in parts if isinstance(part, Evidence)):
        raise Invalid(
            "trust VERIFIED stands only with evidence of kind EXAM or CREDENTIAL that speaks for it; "
            "record it as CLAIMED and let an assessor verify it",
            path=("input", "trust"),
        )


async def _relate(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    relation = valid(SkillRelation, {**values_of(given, SkillRelation), "id": "-"}, ("input",))
    relation.id = derived(relation)
    return await verbs.record(context.database, act, relation)


async def _correct_assertion(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    """Correct it; the exam or credential behind another level proves nothing about the new one."""
    _, id_ = parse(given.id, "Assertion", path=("input", "id"))
    values = values_of(given, Assertion)

    def changes(current: Assertion) -> Mapping[str, Any]:
        is_new_level = values.get("level", current.level) != current.level
        return {**values, "trust": Trust.CLAIMED} if is_new_level and needs_proof(current) else values

    return await verbs.correct(context.database, act, Assertion, id_, changes)


async def _add_evidence(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    values = {**values_of(given, Evidence), "id": str(uuid7())}
    return await verbs.record(context.database, act, valid(Evidence, values, ("input",)))


def _approve(approval: Approval) -> Callable[[Any], Mapping[str, Any]]:
    return lambda _: {"approval": approval}


IN_USE = {"replaced_by_id": None, "deprecation_reason": None}

CORRECTED = "Retract an assertion and record it anew, corrected: it starts unverified."

FIELDS = [
    recording("createOrgUnit", OrgUnit, "Create an organisational unit.", part=REQUIREMENTS),
    correcting(
        "correctOrgUnit",
        OrgUnit,
        "Correct a unit: its name, kind, where it belongs, or what it asks of everybody in it.",
        part=REQUIREMENTS,
    ),
    retiring("retireOrgUnit", OrgUnit, "End a unit that nobody belongs to any more."),
    recording("registerPerson", Person, "Register a person."),
    correcting(
        "correctPerson", Person, "Correct what is recorded about a person, as a new unit, contract or end of service."
    ),
    retiring(
        "retirePerson", Person, "Take a person who was registered by mistake out, with everything said about them."
    ),
    recording("recordAbsence", Absence, "Record days on which a person is away."),
    correcting("correctAbsence", Absence, "Correct an absence."),
    retiring("cancelAbsence", Absence, "Cancel an absence."),
    recording("defineScale", Scale, "Define a scale on which skills are measured."),
    correcting("correctScale", Scale, "Correct the wording of a scale."),
    retiring("retireScale", Scale, "End a scale that no skill uses."),
    recording("defineSkill", Skill, "Define a skill.", fixed=IN_USE),
    correcting("correctSkill", Skill, "Correct a skill's labels, description or scale.", omit=frozenset(IN_USE)),
    retiring("retireSkill", Skill, "End a skill that nothing names."),
    mutation(
        "relateSkills",
        "SkillRelation",
        input_of(SkillRelation, "RelateSkillsInput", "How one skill relates to another.", extra=(key_field(),)),
        "Record how one skill relates to another.",
        _relate,
    ),
    correcting(
        "correctSkillRelation",
        SkillRelation,
        "Correct the weight, curation or origin of a relation.",
        omit=frozenset({"from_id", "to_id", "kind"}),
    ),
    retiring("unrelateSkills", SkillRelation, "End a relation between two skills."),
    recording(
        "recordAssertion",
        Assertion,
        "Record that a person holds a skill at a level, with what supports it.",
        fixed={"moved_from": None},
        part=EVIDENCE,
        check=_proven,
        guard=refuse_replaced,
    ),
    mutation(
        "correctAssertion",
        "Assertion",
        input_of(
            Assertion,
            "CorrectAssertionInput",
            CORRECTED,
            omit=frozenset({"person_id", "skill_id", "trust", "moved_from"}),
            is_correction=True,
            extra=(id_field("Assertion", ""), key_field()),
        ),
        CORRECTED,
        _correct_assertion,
    ),
    retiring("retractAssertion", Assertion, "Retract an assertion; earlier answers still know it."),
    mutation(
        "addEvidence",
        "Evidence",
        input_of(Evidence, "AddEvidenceInput", "What supports an assertion.", extra=(key_field(),)),
        "Add evidence to an assertion; its verification stays.",
        _add_evidence,
    ),
    retiring("withdrawEvidence", Evidence, "Withdraw a piece of evidence."),
    recording("grantWaiver", Waiver, "Exempt a person from a requirement for some days."),
    correcting(
        "correctWaiver", Waiver, "Correct a waiver's days or reason.", omit=frozenset({"person_id", "skill_id"})
    ),
    retiring("withdrawWaiver", Waiver, "Withdraw a waiver."),
    recording("defineRole", Role, "Define a role."),
    correcting("correctRole", Role, "Correct a role's name or description."),
    retiring("retireRole", Role, "End a role that no position names, with its profiles and descriptions."),
    *role_mutations.FIELDS,
    recording(
        "draftRoleProfile", RoleProfile, "Draft a version of what a role requires.", fixed=DRAFT, part=REQUIREMENTS
    ),
    correcting(
        "reviseRoleProfile",
        RoleProfile,
        "Revise a draft of what a role requires.",
        omit=STATUS | {"role_id"},
        part=REQUIREMENTS,
        check=draft_only("profile"),
    ),
    turning(
        "publishRoleProfile",
        RoleProfile,
        "Put a drafted version in force.",
        turned(VersionStatus.PUBLISHED, VersionStatus.DRAFT),
        refuse_unpublished,
    ),
    turning(
        "retireRoleProfile",
        RoleProfile,
        "Take a version out of force.",
        turned(VersionStatus.RETIRED, VersionStatus.PUBLISHED, VersionStatus.DRAFT),
    ),
    recording("draftJobDescription", JobDescription, "Draft a text that describes a role.", fixed=DRAFT),
    correcting(
        "reviseJobDescription",
        JobDescription,
        "Revise a drafted text.",
        omit=STATUS | {"role_id"},
        check=draft_only("description"),
    ),
    turning(
        "publishJobDescription",
        JobDescription,
        "Publish a drafted text.",
        turned(VersionStatus.PUBLISHED, VersionStatus.DRAFT),
    ),
    turning(
        "retireJobDescription",
        JobDescription,
        "Take a text out of use.",
        turned(VersionStatus.RETIRED, VersionStatus.PUBLISHED, VersionStatus.DRAFT),
    ),
    recording("openPortfolio", Portfolio, "Open a portfolio."),
    correcting("correctPortfolio", Portfolio, "Correct a portfolio."),
    retiring("retirePortfolio", Portfolio, "End a portfolio that holds nothing."),
    recording("openProgramme", Programme, "Open a programme."),
    correcting("correctProgramme", Programme, "Correct a programme."),
    retiring("retireProgramme", Programme, "End a programme that holds nothing."),
    recording("proposeProject", Project, "Record a project, from idea to running."),
    correcting("correctProject", Project, "Correct a project: its status, dates, probability, priority, budget."),
    retiring("retireProject", Project, "Take a project recorded by mistake out, with its positions."),
    recording(
        "openPosition",
        Position,
        "Open a position on a project.",
        fixed={"status": PositionStatus.OPEN},
        part=REQUIREMENTS,
    ),
    correcting(
        "correctPosition", Position, "Correct a position: its dates, share, headcount, requirements.", part=REQUIREMENTS
    ),
    turning("closePosition", Position, "Stop looking for people.", lambda _: {"status": PositionStatus.CLOSED}),
    retiring("retirePosition", Position, "Take a position opened by mistake out, with its bookings."),
    recording(
        "bookAllocation",
        Allocation,
        "Book a person to a position; refused when it over-allocates, unless forced with a reason.",
    ),
    correcting(
        "changeAllocation",
        Allocation,
        "Change a booking's share or days.",
        omit=frozenset({"person_id", "position_id"}),
    ),
    turning(
        "confirmAllocation", Allocation, "Make a proposed booking firm.", lambda _: {"status": AllocationStatus.HARD}
    ),
    turning("approveAllocation", Allocation, "Agree to a booking.", _approve(Approval.APPROVED)),
    turning(
        "rejectAllocation", Allocation, "Turn a booking down; it takes nobody's time.", _approve(Approval.REJECTED)
    ),
    retiring("cancelAllocation", Allocation, "Cancel a booking."),
    recording("offerCourse", Course, "Put a course on offer, with what it develops.", part=OUTCOMES),
    correcting("correctCourse", Course, "Correct a course, or what it develops.", part=OUTCOMES),
    retiring("retireCourse", Course, "End a course that no other builds on, with its sessions."),
    recording("scheduleSession", Session, "Schedule a run of a course."),
    correcting("correctSession", Session, "Correct a session's days, place or seats.", omit=frozenset({"course_id"})),
    turning(
        "cancelSession",
        Session,
        "Say that a session does not take place.",
        lambda _: {"status": SessionStatus.CANCELLED},
    ),
    retiring("retireSession", Session, "Take a session scheduled by mistake out."),
    recording("setCoverageRule", CoverageRule, "Demand that at least so many people hold a skill at a level."),
    correcting("correctCoverageRule", CoverageRule, "Correct a coverage rule."),
    retiring("retireCoverageRule", CoverageRule, "End a coverage rule."),
    *taxonomy_mutations.FIELDS,
    *decision_mutations.FIELDS,
    *policy_mutations.FIELDS,
    *verification_mutations.FIELDS,
    *suggestion_mutations.FIELDS,
]


def mutation_type() -> type[Any]:
    """The root of all mutations."""
    return strawberry.type(
        type("Mutation", (), {field.graphql_name: field for field in FIELDS}),
        name="Mutation",
        description="Everything that can be written: one verb per business act, whole or not at all.",
    )
