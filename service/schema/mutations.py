"""The mutations: one verb per business act, all through the same door to the acts."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry import UNSET
from strawberry.types import Info
from uuid6 import uuid7

from service.acts import verbs
from service.acts.checks import needs_proof
from service.acts.verbs import Done, Parts, valid
from service.domain.learning import Course, CourseOutcome, Session, SessionStatus
from service.domain.people import Absence, OrgUnit, Person
from service.domain.proof import PROOFS, Assertion, Decision, Evidence, Verification, Waiver
from service.domain.roles import JobDescription, Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import Lifecycle, Scale, Skill, SkillRelation
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
from service.errors import Conflict, Invalid
from service.graph.nouns import noun_of
from service.interchange.identity import READABLE, derived
from service.schema.context import Context
from service.schema.ids import parse
from service.schema.inputs import id_field, input_of, key_field, own_id_field, values_of
from service.schema.nodes import class_of, shown
from service.schema.payloads import AS_DATA, errors_of, payload_of

INPUT = strawberry.argument(description="What the act is about.")

Work = Callable[[Context, Any, Any], Awaitable[Done[Any]]]


def _mutation(name: str, label: str, input_type: type[Any], description: str, work: Work) -> Any:  # noqa: ANN401
    """The field *name*: takes one *input_type*, does *work* as one act, returns a payload of *label*."""
    payload = payload_of(label)

    async def resolve(info: Info[Context, None], input: Any) -> Any:  # noqa: A002, ANN401  # the API's own word
        context = info.context
        try:
            done = await work(context, context.act(name, input.idempotency_key), input)
        except AS_DATA as error:
            return payload(result=None, seq=None, errors=errors_of(error))
        context.forget()
        return payload(result=None if done.subject is None else shown(done.subject), seq=done.seq, errors=[])

    resolve.__annotations__.update({"input": Annotated[input_type, INPUT], "return": payload})
    return strawberry.mutation(resolver=resolve, name=name, description=description)


@dataclass(frozen=True, kw_only=True)
class PartOf:
    """Parts that an input may bring along: the field, their noun, and how they name their owner."""

    field: str
    shape: type[Fact]
    owner_field: str
    description: str

    @property
    def input(self) -> type[Any]:
        """The input of one part."""
        return PART_INPUTS[self.shape]

    def column(self) -> tuple[str, Any, Any]:
        """The field of the owner's input."""
        return (self.field, list[self.input] | None, strawberry.field(description=self.description, default=UNSET))  # type: ignore[name-defined]

    def facts(self, given: Any, owner_id: str) -> list[Fact]:  # noqa: ANN401  # the owner's input
        """The parts that the owner's input *given* brings; Invalid when a part is wrong or comes twice."""
        made: dict[str, Fact] = {}
        for at, each in enumerate(getattr(given, self.field) or ()):
            path = ("input", self.field, at)
            values = {**values_of(each, self.shape, path), self.owner_field: owner_id}
            fact = valid(self.shape, {**values, "id": str(uuid7())}, path)
            if self.shape in READABLE:
                fact.id = derived(fact)
            if fact.id in made:
                raise Invalid(f"skill {values['skill_id']!r} comes twice", path=path)
            made[fact.id] = fact
        return list(made.values())


PART_INPUTS: dict[type[Fact], type[Any]] = {
    Requirement: input_of(
        Requirement, "RequirementInput", "A skill at a level that work asks for.", omit=frozenset({"owner_id"})
    ),
    CourseOutcome: input_of(
        CourseOutcome, "CourseOutcomeInput", "A skill that a course develops.", omit=frozenset({"course_id"})
    ),
    Evidence: input_of(Evidence, "EvidenceInput", "What supports an assertion.", omit=frozenset({"assertion_id"})),
}

REQUIREMENTS = PartOf(
    field="requirements",
    shape=Requirement,
    owner_field="owner_id",
    description="What it asks for; replaces what was there.",
)
OUTCOMES = PartOf(
    field="outcomes",
    shape=CourseOutcome,
    owner_field="course_id",
    description="What it develops; replaces what was there.",
)
EVIDENCE = PartOf(field="evidence", shape=Evidence, owner_field="assertion_id", description="What supports it.")


async def _record(  # each says one thing about the verb
    shape: type[Fact],
    omit: Mapping[str, Any],
    part: PartOf | None,
    check: Callable[[Any, list[Fact]], None] | None,
    context: Context,
    act: Any,  # noqa: ANN401
    given: Any,  # noqa: ANN401
) -> Done[Any]:
    id_ = given.code if given.code is not None else str(uuid7())
    subject = valid(shape, {**values_of(given, shape), **omit, "id": id_}, ("input",))
    parts = part.facts(given, id_) if part is not None else []
    if check is not None:
        check(subject, parts)
    return await verbs.record(context.database, act, subject, *parts)


async def _correct(
    shape: type[Fact],
    part: PartOf | None,
    check: Callable[[Any], None] | None,
    context: Context,
    act: Any,  # noqa: ANN401
    given: Any,  # noqa: ANN401
) -> Done[Any]:
    _, id_ = parse(given.id, noun_of(shape).label, path=("input", "id"))
    values = values_of(given, shape)

    def changes(current: Any) -> Mapping[str, Any]:  # noqa: ANN401  # a *shape*
        if check is not None:
            check(current)
        return values

    parts: Parts[Any] | None = None
    if part is not None and getattr(given, part.field) is not UNSET:
        parts = Parts(shape=part.shape, owner_field=part.owner_field, facts=part.facts(given, id_))
    return await verbs.correct(context.database, act, shape, id_, changes, parts)


async def _retire(shape: type[Fact], context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    _, id_ = parse(given.id, noun_of(shape).label, path=("input", "id"))
    return await verbs.retire(context.database, act, shape, id_)


def _recording(  # each says one thing about the verb
    name: str,
    shape: type[Fact],
    description: str,
    *,
    fixed: Mapping[str, Any] | None = None,
    part: PartOf | None = None,
    check: Callable[[Any, list[Fact]], None] | None = None,
) -> Any:  # noqa: ANN401  # a field
    label = noun_of(shape).label
    extra = (own_id_field(label), *((part.column(),) if part else ()), key_field())
    input_type = input_of(
        shape, f"{name[0].upper()}{name[1:]}Input", description, omit=frozenset(fixed or ()), extra=extra
    )
    return _mutation(name, label, input_type, description, partial(_record, shape, fixed or {}, part, check))


def _correcting(  # each says one thing about the verb
    name: str,
    shape: type[Fact],
    description: str,
    *,
    omit: frozenset[str] = frozenset(),
    part: PartOf | None = None,
    check: Callable[[Any], None] | None = None,
) -> Any:  # noqa: ANN401  # a field
    label = noun_of(shape).label
    extra = (id_field(label, ""), *((part.column(),) if part else ()), key_field())
    input_type = input_of(
        shape, f"{name[0].upper()}{name[1:]}Input", description, omit=omit, is_correction=True, extra=extra
    )
    return _mutation(name, label, input_type, description, partial(_correct, shape, part, check))


def _input(name: str, description: str, *columns: tuple[str, Any, Any]) -> type[Any]:
    title = f"{name[0].upper()}{name[1:]}Input"
    return strawberry.input(class_of(title, [*columns, key_field()]), name=title, description=description)


def _retiring(name: str, shape: type[Fact], description: str) -> Any:  # noqa: ANN401  # a field
    label = noun_of(shape).label
    input_type = _input(name, description, id_field(label, ""))
    return _mutation(name, label, input_type, description, partial(_retire, shape))


def _turning(name: str, shape: type[Fact], description: str, change: Callable[[Any], Mapping[str, Any]]) -> Any:  # noqa: ANN401  # a field
    """A verb that takes only the thing's id, and changes what *change* returns for its current state."""
    label = noun_of(shape).label

    async def work(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
        _, id_ = parse(given.id, label, path=("input", "id"))
        return await verbs.correct(context.database, act, shape, id_, change)

    return _mutation(name, label, _input(name, description, id_field(label, "")), description, work)


def _deciding(name: str, decision: Decision, description: str) -> Any:  # noqa: ANN401  # a field
    columns = [
        id_field("Assertion", "The assertion decided on."),
        ("verifier_id", strawberry.ID, strawberry.field(description="The person who decides; never the subject.")),
        ("reason", str, strawberry.field(description="Why.")),
        (
            "decided_on",
            date | None,
            strawberry.field(description="Day it is in force from; today when absent.", default=None),
        ),
    ]
    if decision is Decision.SUSPENDED:
        columns.insert(
            2, ("suspended_until", date, strawberry.field(description="First day the assertion counts again."))
        )

    async def work(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
        values = {
            "id": str(uuid7()),
            "assertion_id": parse(given.id, "Assertion", path=("input", "id"))[1],
            "verifier_id": parse(given.verifier_id, "Person", path=("input", "verifierId"))[1],
            "decision": decision,
            "decided_on": given.decided_on or date.today(),  # noqa: DTZ011  # a day where the service runs
            "suspended_until": getattr(given, "suspended_until", None),
            "reason": given.reason,
        }
        return await verbs.record(context.database, act, valid(Verification, values, ("input",)))

    return _mutation(name, "Verification", _input(name, description, *columns), description, work)


def _draft_only(what: str) -> Callable[[Any], None]:
    def check(current: Any) -> None:  # noqa: ANN401  # a version
        if current.status is not VersionStatus.DRAFT:
            raise Conflict(
                f"Version {current.version} is {current.status}; draft a new version of the {what}", path=("id",)
            )

    return check


def _status(new: VersionStatus, *before: VersionStatus) -> Callable[[Any], Mapping[str, Any]]:
    def change(current: Any) -> Mapping[str, Any]:  # noqa: ANN401  # a version
        if current.status not in before:
            wanted = " or ".join(before)
            raise Conflict(
                f"Version {current.version} is {current.status}; only {wanted} can become {new}", path=("id",)
            )
        return {"status": new}

    return change


def _proven(subject: Assertion, parts: list[Fact]) -> None:
    kinds = {part.kind for part in parts if isinstance(part, Evidence)}
    if needs_proof(subject) and not kinds & PROOFS:
        raise Invalid(
            "trust VERIFIED stands only with evidence of kind EXAM or CREDENTIAL; "
            "record it as CLAIMED and let an assessor verify it",
            path=("input", "trust"),
        )


async def _deprecate(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    _, id_ = parse(given.id, "Skill", path=("input", "id"))
    by = parse(given.replaced_by_id, "Skill", path=("input", "replacedById"))[1] if given.replaced_by_id else None
    changes = {"lifecycle": Lifecycle.DEPRECATED, "replaced_by_id": by}
    return await verbs.correct(context.database, act, Skill, id_, changes)


async def _relate(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    relation = valid(SkillRelation, {**values_of(given, SkillRelation), "id": "-"}, ("input",))
    relation.id = derived(relation)
    return await verbs.record(context.database, act, relation)


async def _add_evidence(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    values = {**values_of(given, Evidence), "id": str(uuid7())}
    return await verbs.record(context.database, act, valid(Evidence, values, ("input",)))


def _approve(approval: Approval) -> Callable[[Any], Mapping[str, Any]]:
    return lambda _: {"approval": approval}


DRAFT = {"status": VersionStatus.DRAFT}
STATUS = frozenset({"status"})

FIELDS = [
    _recording("createOrgUnit", OrgUnit, "Create an organisational unit."),
    _correcting("correctOrgUnit", OrgUnit, "Correct a unit: its name, kind, or where it belongs."),
    _retiring("retireOrgUnit", OrgUnit, "End a unit that nobody belongs to any more."),
    _recording("registerPerson", Person, "Register a person."),
    _correcting(
        "correctPerson", Person, "Correct what is recorded about a person, as a new unit, contract or end of service."
    ),
    _retiring(
        "retirePerson", Person, "Take a person who was registered by mistake out, with everything said about them."
    ),
    _recording("recordAbsence", Absence, "Record days on which a person is away."),
    _correcting("correctAbsence", Absence, "Correct an absence."),
    _retiring("cancelAbsence", Absence, "Cancel an absence."),
    _recording("defineScale", Scale, "Define a scale on which skills are measured."),
    _correcting("correctScale", Scale, "Correct the wording of a scale."),
    _retiring("retireScale", Scale, "End a scale that no skill uses."),
    _recording("defineSkill", Skill, "Define a skill.", fixed={"replaced_by_id": None}),
    _correcting(
        "correctSkill", Skill, "Correct a skill's labels, description or scale.", omit=frozenset({"replaced_by_id"})
    ),
    _mutation(
        "deprecateSkill",
        "Skill",
        _input(
            "deprecateSkill",
            "Mark a skill as no longer to be used.",
            id_field("Skill", ""),
            (
                "replaced_by_id",
                strawberry.ID | None,
                strawberry.field(description="The skill to use instead.", default=None),
            ),
        ),
        "Mark a skill as no longer to be used; what was recorded with it stays.",
        _deprecate,
    ),
    _retiring("retireSkill", Skill, "End a skill that nothing names."),
    _mutation(
        "relateSkills",
        "SkillRelation",
        input_of(SkillRelation, "RelateSkillsInput", "How one skill relates to another.", extra=(key_field(),)),
        "Record how one skill relates to another.",
        _relate,
    ),
    _correcting(
        "correctSkillRelation",
        SkillRelation,
        "Correct the weight, curation or origin of a relation.",
        omit=frozenset({"from_id", "to_id", "kind"}),
    ),
    _retiring("unrelateSkills", SkillRelation, "End a relation between two skills."),
    _recording(
        "recordAssertion",
        Assertion,
        "Record that a person holds a skill at a level, with what supports it.",
        part=EVIDENCE,
        check=_proven,
    ),
    _correcting(
        "correctAssertion",
        Assertion,
        "Retract an assertion and record it anew, corrected: it starts unverified.",
        omit=frozenset({"person_id", "skill_id", "trust"}),
    ),
    _retiring("retractAssertion", Assertion, "Retract an assertion; earlier answers still know it."),
    _mutation(
        "addEvidence",
        "Evidence",
        input_of(Evidence, "AddEvidenceInput", "What supports an assertion.", extra=(key_field(),)),
        "Add evidence to an assertion; its verification stays.",
        _add_evidence,
    ),
    _retiring("withdrawEvidence", Evidence, "Withdraw a piece of evidence."),
    _deciding("verifyAssertion", Decision.VERIFIED, "Decide, as an assessor, that an assertion is true."),
    _deciding("rejectAssertion", Decision.REJECTED, "Decide that an assertion is not true."),
    _deciding("suspendAssertion", Decision.SUSPENDED, "Let an assertion not count until a date."),
    _deciding("revokeAssertion", Decision.REVOKED, "Decide that what was verified no longer is."),
    _retiring("withdrawVerification", Verification, "Withdraw a decision recorded by mistake."),
    _recording("grantWaiver", Waiver, "Exempt a person from a requirement for some days."),
    _correcting(
        "correctWaiver", Waiver, "Correct a waiver's days or reason.", omit=frozenset({"person_id", "skill_id"})
    ),
    _retiring("withdrawWaiver", Waiver, "Withdraw a waiver."),
    _recording("defineRole", Role, "Define a role."),
    _correcting("correctRole", Role, "Correct a role's name or description."),
    _retiring("retireRole", Role, "End a role that no position names, with its profiles and descriptions."),
    _recording(
        "draftRoleProfile", RoleProfile, "Draft a version of what a role requires.", fixed=DRAFT, part=REQUIREMENTS
    ),
    _correcting(
        "reviseRoleProfile",
        RoleProfile,
        "Revise a draft of what a role requires.",
        omit=STATUS | {"role_id"},
        part=REQUIREMENTS,
        check=_draft_only("profile"),
    ),
    _turning(
        "publishRoleProfile",
        RoleProfile,
        "Put a drafted version in force.",
        _status(VersionStatus.PUBLISHED, VersionStatus.DRAFT),
    ),
    _turning(
        "retireRoleProfile",
        RoleProfile,
        "Take a version out of force.",
        _status(VersionStatus.RETIRED, VersionStatus.PUBLISHED, VersionStatus.DRAFT),
    ),
    _recording("draftJobDescription", JobDescription, "Draft a text that describes a role.", fixed=DRAFT),
    _correcting(
        "reviseJobDescription",
        JobDescription,
        "Revise a drafted text.",
        omit=STATUS | {"role_id"},
        check=_draft_only("description"),
    ),
    _turning(
        "publishJobDescription",
        JobDescription,
        "Publish a drafted text.",
        _status(VersionStatus.PUBLISHED, VersionStatus.DRAFT),
    ),
    _turning(
        "retireJobDescription",
        JobDescription,
        "Take a text out of use.",
        _status(VersionStatus.RETIRED, VersionStatus.PUBLISHED, VersionStatus.DRAFT),
    ),
    _recording("openPortfolio", Portfolio, "Open a portfolio."),
    _correcting("correctPortfolio", Portfolio, "Correct a portfolio."),
    _retiring("retirePortfolio", Portfolio, "End a portfolio that holds nothing."),
    _recording("openProgramme", Programme, "Open a programme."),
    _correcting("correctProgramme", Programme, "Correct a programme."),
    _retiring("retireProgramme", Programme, "End a programme that holds nothing."),
    _recording("proposeProject", Project, "Record a project, from idea to running."),
    _correcting("correctProject", Project, "Correct a project: its status, dates, probability, priority, budget."),
    _retiring("retireProject", Project, "Take a project recorded by mistake out, with its positions."),
    _recording(
        "openPosition",
        Position,
        "Open a position on a project.",
        fixed={"status": PositionStatus.OPEN},
        part=REQUIREMENTS,
    ),
    _correcting(
        "correctPosition", Position, "Correct a position: its dates, share, headcount, requirements.", part=REQUIREMENTS
    ),
    _turning("closePosition", Position, "Stop looking for people.", lambda _: {"status": PositionStatus.CLOSED}),
    _retiring("retirePosition", Position, "Take a position opened by mistake out, with its bookings."),
    _recording(
        "bookAllocation",
        Allocation,
        "Book a person to a position; refused when it over-allocates, unless forced with a reason.",
    ),
    _correcting(
        "changeAllocation",
        Allocation,
        "Change a booking's share or days.",
        omit=frozenset({"person_id", "position_id"}),
    ),
    _turning(
        "confirmAllocation", Allocation, "Make a proposed booking firm.", lambda _: {"status": AllocationStatus.HARD}
    ),
    _turning("approveAllocation", Allocation, "Agree to a booking.", _approve(Approval.APPROVED)),
    _turning(
        "rejectAllocation", Allocation, "Turn a booking down; it takes nobody's time.", _approve(Approval.REJECTED)
    ),
    _retiring("cancelAllocation", Allocation, "Cancel a booking."),
    _recording("offerCourse", Course, "Put a course on offer, with what it develops.", part=OUTCOMES),
    _correcting("correctCourse", Course, "Correct a course, or what it develops.", part=OUTCOMES),
    _retiring("retireCourse", Course, "End a course that no other builds on, with its sessions."),
    _recording("scheduleSession", Session, "Schedule a run of a course."),
    _correcting("correctSession", Session, "Correct a session's days, place or seats.", omit=frozenset({"course_id"})),
    _turning(
        "cancelSession",
        Session,
        "Say that a session does not take place.",
        lambda _: {"status": SessionStatus.CANCELLED},
    ),
    _retiring("retireSession", Session, "Take a session scheduled by mistake out."),
]


def mutation_type() -> type[Any]:
    """The root of all mutations."""
    return strawberry.type(
        type("Mutation", (), {field.graphql_name: field for field in FIELDS}),
        name="Mutation",
        description="Everything that can be written: one verb per business act, whole or not at all.",
    )
