"""Values to facts: the domain's own limits, told to whoever keeps the file."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from service.domain import assessment, changes, learning, people, policy, proof, roles, skills, work
from service.domain.identity import KEYS, derived
from service.domain.values import ENTERING, RIGHT, Fact
from service.interchange.problems import Outcome, Problem, Row

FILES: Mapping[type[Fact], str] = MappingProxyType(
    {
        people.OrgUnit: "units.csv",
        skills.Scale: "scales.csv",
        skills.Skill: "skills.csv",
        skills.SkillRelation: "skill_relations.csv",
        roles.Role: "roles.csv",
        people.Person: "people.csv",
        skills.SkillProposal: "skill_proposals.csv",
        skills.SuggestionDecision: "suggestion_decisions.csv",
        policy.FitPolicyVersion: "fit_policies.csv",
        people.Absence: "absences.csv",
        roles.RoleProfile: "role_profiles.csv",
        work.Portfolio: "portfolios.csv",
        work.Programme: "programmes.csv",
        work.Project: "projects.csv",
        work.Position: "positions.csv",
        roles.Requirement: "requirements.csv",
        roles.JobDescription: "job_descriptions.csv",
        proof.Assertion: "assertions.csv",
        proof.Evidence: "evidence.csv",
        proof.Verification: "verifications.csv",
        assessment.AssessorScope: "assessor_scopes.csv",
        assessment.ReviewCampaign: "review_campaigns.csv",
        assessment.VerificationRequest: "verification_requests.csv",
        assessment.SkillInterest: "skill_interests.csv",
        roles.CoverageRule: "coverage_rules.csv",
        changes.DecisionRecord: "decision_records.csv",
        proof.Waiver: "waivers.csv",
        work.Allocation: "allocations.csv",
        learning.Course: "courses.csv",
        learning.CourseOutcome: "course_outcomes.csv",
        learning.Session: "sessions.csv",
    }
)
"""Every noun that files carry and its file in the CSV set, each after those it refers to."""

ADAPTERS: Mapping[type[Fact], TypeAdapter[Any]] = MappingProxyType({noun: TypeAdapter(noun) for noun in FILES})

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "is empty; every {noun} has one",
        "string_type": "is empty; every {noun} has one",
        "string_too_short": "is empty; every {noun} has one",
        "string_too_long": "has {length} characters; at most {max_length} are kept",
        "too_short": "has {actual_length} items; at least {min_length} is needed",
        "too_long": "has {actual_length} items; at most {max_length} are kept",
        "greater_than": "{input:g} is not above {gt:g}",
        "greater_than_equal": "{input:g} is below {ge:g}, the least allowed",
        "less_than": "{input:g} is not below {lt:g}",
        "less_than_equal": "{input:g} is above {le:g}, the most allowed",
        "value_error": "{error}",
    }
)
"""By pydantic's error type."""
LONGEST_SHOWN = 80


def checked(
    noun: type[Fact], file: str, row: int, values: dict[str, Any], columns: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Outcome]:
    """The fact that *values* make, or every problem with them.

    *columns* names the file's column of a field where the two differ. An absent id is derived
    where the noun allows it.
    """
    has_id = "id" in values or noun not in KEYS
    try:
        fact: Fact = ADAPTERS[noun].validate_python(values if has_id else {**values, "id": "-"}, context=ENTERING)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            name = str(each["loc"][0]) if each["loc"] else ""
            value = "" if each["type"] == "missing" or not name else _shown(each["input"])
            yield Problem(file, row, columns.get(name, name), value, _reason(noun, each))
        return
    if not has_id:
        fact.id = derived(fact)
    yield Row(file, row, fact)


def _reason(noun: type[Fact], error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    right = RIGHT.get(str(context.get("pattern", "")))
    if right is not None:
        return f"{error['input']!r} is not right; {right}"
    form = REASONS.get(error["type"])
    if form is None:
        return error["msg"]
    given = error["input"]
    return form.format(noun=noun.__name__, input=given, length=len(given) if isinstance(given, str) else 0, **context)


def _shown(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
