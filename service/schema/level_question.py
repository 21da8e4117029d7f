"""Why a level is what it is: every statement, decision and piece of evidence, and how each counted."""

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from service.capability import explaining
from service.capability.explaining import Explanation, Said, SourceLevel, order
from service.capability.weighing import DecisionStanding, EvidenceStanding, Verdict, Weighed
from service.domain.proof import Decision, EvidenceKind, Trust, Visibility
from service.graph import proof_states
from service.schema import level_sentences
from service.schema.asking import AsOf, Known, MinTrust, known_for, reckon, this_day
from service.schema.context import Context
from service.schema.enums import describe
from service.schema.ids import parse
from service.schema.keyset import page_of
from service.schema.nodes import Connection, edge, field
from service.schema.scalars import After, First, PageSize

describe(
    Verdict,
    {
        "WINS": "It gives the level.",
        "OUTRANKED_BY_TRUST": "It counts; another has a higher trust.",
        "OUTRANKED_BY_DATE": "It counts; another of the same trust was made later.",
        "OUTRANKED_BY_SEQUENCE": "It counts; another of the same trust and day was recorded later.",
        "OUTRANKED_BY_ID": "It counts; another of the same trust, day and change has the higher id.",
        "BELOW_TRUST_FLOOR": "Its trust is lower than asked for.",
        "SUSPENDED": "A decision suspends it on that day.",
        "REVOKED": "A decision revokes it.",
        "REJECTED": "A decision rejects it.",
        "NOT_YET_VALID": "It counts from a later day.",
        "NO_LONGER_VALID": "It counted until an earlier day, or that one.",
        "RETRACTED": "It was corrected or retracted.",
    },
)
describe(
    DecisionStanding,
    {
        "COUNTS": "It bears on the assertion.",
        "OVERTAKEN": "A later decision took its place.",
        "ANNULLED": "A later rejection or revocation took it back.",
        "OWN": "The person decided alone; nobody verifies themselves.",
        "LAPSED_SUSPENSION": "The suspension is over.",
        "NOT_YET": "It is in force from a later day.",
        "BEFORE_CORRECTION": "The assertion was corrected after it; what is new starts unverified.",
        "RETRACTED": "It was withdrawn or corrected, or ended with its assertion.",
    },
)
describe(
    EvidenceStanding,
    {
        "COUNTS": "It counts towards what the skill demands.",
        "ANNULLED": "It proved the assertion until an assessor rejected or revoked it.",
        "NOT_DEMANDED": "It is in force; the skill demands no evidence.",
        "NO_CREDENTIAL": "It is in force; the skill demands a certificate or credential.",
        "TOO_OLD": "It is older than the skill allows.",
        "EXPIRED": "It is no longer in force.",
        "NOT_YET": "It was issued on a later day.",
        "NEGATIVE": "It speaks against the assertion.",
        "RETRACTED": "It was withdrawn or corrected, or ended with its assertion.",
    },
)


@strawberry.type(description="What a skill demanded before a level counts as verified.")
class SkillDemand:
    """What a skill demanded before a level counts as verified."""

    required_verifiers: int = strawberry.field(description="Distinct verifiers; an exam or credential is one.")
    requires_credential: bool = strawberry.field(description="Whether a certificate or credential in force is needed.")
    max_evidence_age_days: int | None = strawberry.field(
        description="Days from issue after which evidence is too old; null: it never is."
    )


@strawberry.type(description="A decision on an assertion, and whether it bears on it.")
class ExplainedDecision:
    """A decision on an assertion, and whether it bears on it."""

    verification_id: strawberry.Private[str]
    verifier_id: strawberry.Private[str]
    standing: DecisionStanding = strawberry.field(description="Whether it counts on the day asked.")
    decision: Decision = strawberry.field(description="What was decided.")
    decided_on: date = strawberry.field(description="Day from which it is in force.")
    suspended_until: date | None = strawberry.field(description="First day a suspended assertion counts again.")
    reason: str = strawberry.field(description="Why.")
    recorded_seq: int = strawberry.field(description="Number of the change that recorded it.")
    verification = edge("Verification", "verification_id", "The decision as it is now.", is_required=True)
    verifier = edge("Person", "verifier_id", "The person who decided.")


@strawberry.type(description="A piece of evidence, and whether it counts.")
class ExplainedEvidence:
    """A piece of evidence, and whether it counts."""

    evidence_id: strawberry.Private[str]
    standing: EvidenceStanding = strawberry.field(description="Whether it counts on the day asked.")
    kind: EvidenceKind = strawberry.field(description="What sort of proof it is.")
    title: str = strawberry.field(description="What it is.")
    number: str | None = strawberry.field(description="Number of the certificate or credential.")
    issuer: str | None = strawberry.field(description="Who issued it.")
    issued_on: date | None = strawberry.field(description="Day it was issued.")
    expires_on: date | None = strawberry.field(description="First day it is no longer in force; null: open.")
    result: str | None = strawberry.field(description="What came out of an exam or observation.")
    is_negative: bool = strawberry.field(description="Whether it speaks against the assertion.")
    evidence = edge("Evidence", "evidence_id", "The evidence as it is now.", is_required=True)


@strawberry.type(description="One state of one assertion, and why it counted or not.")
class ExplainedAssertion:
    """One state of one assertion, and why it counted or not."""

    assertion_id: strawberry.Private[str]
    moved_from_id: strawberry.Private[str | None]
    verdict: Verdict = strawberry.field(description="Why it counted or not.")
    sentence: str = strawberry.field(description="The same in a sentence.")
    level: int = strawberry.field(description="The level it states.")
    own_trust: Trust = strawberry.field(description="What it is worth by itself.")
    trust: Trust | None = strawberry.field(description="What it is worth after decisions; null: it does not count.")
    verifiers: int = strawberry.field(description="Distinct verifiers that count; an exam or credential is one.")
    is_evidence_sufficient: bool = strawberry.field(
        description="Whether its evidence is what the skill demands on the day asked."
    )
    source: str | None = strawberry.field(description="System or survey it came from.")
    asserted_by: str | None = strawberry.field(description="Who made it.")
    asserted_on: date = strawberry.field(description="Day it was made.")
    valid_from: date | None = strawberry.field(description="First day it counts; null: always has.")
    valid_until: date | None = strawberry.field(description="First day it no longer counts; null: open.")
    last_used_on: date | None = strawberry.field(description="Day the skill was last used; null: not known.")
    visibility: Visibility = strawberry.field(description="Who may see it.")
    recorded_seq: int = strawberry.field(description="Number of the change that recorded this state.")
    retracted_seq: int | None = strawberry.field(description="Number of the change that ended it, if it was known.")
    evidence: list[ExplainedEvidence] = strawberry.field(description="What supports it, the earliest first.")
    decisions: list[ExplainedDecision] = strawberry.field(
        description="What was decided on it, in the order in which decisions take effect."
    )
    assertion = edge("Assertion", "assertion_id", "The assertion as it is now.", is_required=True)
    moved_from = edge("Assertion", "moved_from_id", "The assertion it took over from, when a skill was merged.")


@strawberry.type(description="The latest level that one source names.")
class SourceOpinion:
    """The latest level that one source names."""

    assertion_id: strawberry.Private[str]
    source: str | None = strawberry.field(
        description="The system or survey, else who made the statement; null: not said."
    )
    level: int = strawberry.field(description="Its latest level that counts.")
    trust: Trust = strawberry.field(description="What that is worth.")
    asserted_on: date = strawberry.field(description="Day it was stated.")
    assertion = edge("Assertion", "assertion_id", "The assertion.", is_required=True)


@strawberry.type(description="Why a person has a level in a skill, or none.")
class LevelExplanation:
    """Why a person has a level in a skill, or none."""

    person_id: strawberry.Private[str]
    skill_id: strawberry.Private[str]
    found: strawberry.Private[Explanation]
    as_of: date = strawberry.field(description="Day asked about.")
    known_seq: int = strawberry.field(
        description="Number of the last change known; ask `knownAt` it for the same answer."
    )
    level: int | None = strawberry.field(description="The effective level; null: none.")
    trust: Trust | None = strawberry.field(description="How far it can be relied on.")
    min_trust: Trust = strawberry.field(description="Least trust that counted.")
    level_rule: str = strawberry.field(description="The rule, with its version, by which the level was chosen.")
    demand: SkillDemand = strawberry.field(description="What the skill demanded, as known then.")
    sentence: str = strawberry.field(description="All of it in a sentence.")
    sources: list[SourceOpinion] = strawberry.field(description="What each source says, side by side, by name.")
    sources_disagree: bool = strawberry.field(description="Whether the sources name different levels.")
    person = edge("Person", "person_id", "The person.", is_required=True)
    skill = edge("Skill", "skill_id", "The skill.", is_required=True)

    @field
    def assertions(self, first: First = PageSize(50), after: After = None) -> Connection[ExplainedAssertion]:
        """Everything ever said that was known, also what was corrected or retracted by then; the winner first."""
        return page_of(self.found.assertions, order, self._shown, first, after)

    def _shown(self, weighed: Weighed) -> ExplainedAssertion:
        return shown_assertion(weighed, level_sentences.of_assertion(weighed, self.found))


def shown_assertion(weighed: Weighed, sentence: str) -> ExplainedAssertion:
    """A weighed assertion as clients see it."""
    said = weighed.assertion
    return ExplainedAssertion(
        assertion_id=said.id,
        moved_from_id=said.moved_from,
        verdict=weighed.verdict,
        sentence=sentence,
        own_trust=said.trust,
        trust=weighed.trust,
        verifiers=weighed.verifiers,
        is_evidence_sufficient=weighed.is_supported,
        evidence=[
            ExplainedEvidence(evidence_id=each.evidence.id, standing=each.standing, **_kept(each.evidence, _EVIDENCE))
            for each in weighed.evidence
        ],
        decisions=[
            ExplainedDecision(
                verification_id=each.decision.id, standing=each.standing, **_kept(each.decision, _DECISION)
            )
            for each in weighed.decisions
        ],
        **_kept(said, _ASSERTION),
    )


_EVIDENCE = ("kind", "title", "number", "issuer", "issued_on", "expires_on", "result", "is_negative")
_DECISION = ("verifier_id", "decision", "decided_on", "suspended_until", "reason", "recorded_seq")
_ASSERTION = (
    "level",
    "source",
    "asserted_by",
    "asserted_on",
    "valid_from",
    "valid_until",
    "last_used_on",
    "visibility",
    "recorded_seq",
    "retracted_seq",
)


def _kept(fact: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in names}


def shown_source(told: SourceLevel) -> SourceOpinion:
    """What a source says, as clients see it."""
    return SourceOpinion(**told._asdict())


def _shown(found: Explanation) -> LevelExplanation:
    winner, demand = found.winner, found.demand
    return LevelExplanation(
        person_id=found.person_id,
        skill_id=found.skill_id,
        found=found,
        as_of=found.day,
        known_seq=found.known,
        level=winner.assertion.level if winner else None,
        trust=winner.trust if winner else None,
        min_trust=found.floor,
        level_rule=found.level_rule,
        demand=SkillDemand(
            required_verifiers=demand.verifiers,
            requires_credential=demand.credential,
            max_evidence_age_days=demand.age,
        ),
        sentence=level_sentences.of_level(found),
        sources=[shown_source(each) for each in found.sources],
        sources_disagree=found.disagrees,
    )


async def explain_level(
    info: Info[Context, None],
    person: Annotated[strawberry.ID, strawberry.argument(description="The person.")],
    skill: Annotated[strawberry.ID, strawberry.argument(description="The skill.")],
    as_of: AsOf = None,
    known_at: Known = None,
    min_trust: MinTrust = None,
) -> LevelExplanation:
    """Answer ``explainLevel``: one person in one skill."""
    context = info.context
    person_id = parse(person, "Person", path=("person",))[1]
    skill_id = parse(skill, "Skill", path=("skill",))[1]
    snapshot, known = await known_for(info, known_at)
    about = explaining.about(snapshot, person_id, skill_id, known)
    said = Said(*await proof_states.said(context.database, *about))
    day, floor = as_of or this_day(), min_trust or Trust.CLAIMED
    return _shown(
        await reckon(
            context,
            lambda: explaining.explain(snapshot, person_id, skill_id, said, day=day, known=known, floor=floor),
        )
    )
