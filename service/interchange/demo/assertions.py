"""Assertions for what people hold, the evidence behind them, and what assessors decided."""

from random import Random

from service.domain.people import Person
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Trust, Verification, Visibility, Waiver
from service.domain.skills import SkillKind
from service.interchange.demo.holdings import Holding, holdings
from service.interchange.demo.house import House
from service.interchange.demo.roles import role_id
from service.interchange.demo.skill_table import SKILLS
from service.interchange.demo.skills import VERIFIERS, skill_id
from service.interchange.demo.staff import BY_PART, DIRECTOR, POSTS, Post, assessors

WORK = (EvidenceKind.PROJECT, EvidenceKind.OBSERVATION, EvidenceKind.DOCUMENT)
TITLES = {
    EvidenceKind.PROJECT: "Work on a project in {name}",
    EvidenceKind.OBSERVATION: "Observed at work: {name}",
    EvidenceKind.DOCUMENT: "Own record of {name}",
    EvidenceKind.CERTIFICATE: "Copy of the certificate: {name}",
    EvidenceKind.CREDENTIAL: "{name}",
    EvidenceKind.EXAM: "House examination in {name}",
}
REASONS = {
    Decision.VERIFIED: "Seen at work and discussed.",
    Decision.REJECTED: "The work shown does not support this level.",
    Decision.SUSPENDED: "Waits for a second look at the evidence.",
    Decision.REVOKED: "Stood on the work of somebody else.",
}
SUSPENDED_DAYS = 90

ISSUERS = {True: "Stonebridge Examinations", False: "Larkfield examination office"}
"""Who examines, for certificates and for other skills."""


def assertion_id(person_id: str, key: str) -> str:
    """The id of the first statement that the person holds the skill called *key*."""
    return f"a-{person_id[2:]}-{key}"


def prove(house: House) -> None:
    """Add what everybody holds, with its proof, and the waivers."""
    dice = house.dice("proof")
    names = {person.id: person.name for person in house.of(Person)}
    for post in POSTS:
        for key, statements in holdings(dice, post).items():
            for number, holding in enumerate(statements, 1):
                suffix = f"-{number}" if number > 1 else ""
                _state(house, dice, post, key, assertion_id(post.id, key) + suffix, holding, names)
    for part, key, role in (
        ("waived", "cert-height", "field-technician"),
        ("aspirant", "data-modelling", "data-engineer-senior"),
    ):
        house.add(
            Waiver(
                id=f"waiver-{part}",
                person_id=BY_PART[part],
                skill_id=skill_id(key),
                role_id=role_id(role),
                granted_by=names[DIRECTOR.id],
                reason="Works beside somebody who holds it until the course in the spring.",
                valid_from=house.day(-10),
                valid_until=house.day(120),
            )
        )


def _state(house: House, dice: Random, post: Post, key: str, id_: str, holding: Holding, names: dict[str, str]) -> None:
    is_certificate = SKILLS[key].kind is SkillKind.CERTIFICATION
    verifiers = VERIFIERS.get(key, 1)
    is_proof = holding.trust is Trust.VERIFIED and verifiers == 1 and (is_certificate or holding.by_exam)
    issuer = ISSUERS[is_certificate] if is_proof else None
    own = holding.trust if is_proof or holding.trust is not Trust.VERIFIED else Trust.CLAIMED
    asserted_on = house.day(holding.asserted)
    house.add(
        Assertion(
            id=id_,
            person_id=post.id,
            skill_id=skill_id(key),
            level=holding.level,
            trust=own,
            asserted_on=asserted_on,
            asserted_by=issuer or names[(post.manager_id if own is Trust.ENDORSED else None) or post.id],
            source="Examinations" if is_proof else "Skills survey",
            last_used_on=None if holding.used is None else house.day(holding.used),
            visibility=Visibility.MANAGERS if holding.level == 0 else Visibility.PUBLIC,
            valid_from=asserted_on,
            valid_until=None if holding.until is None else house.day(holding.until),
        )
    )
    kind = _evidence(dice, holding, is_proof=is_proof, is_certificate=is_certificate)
    if kind is not None:
        house.add(
            Evidence(
                id=f"e-{id_}",
                assertion_id=id_,
                kind=kind,
                title=TITLES[kind].format(name=SKILLS[key].name),
                uri=f"https://work.example.org/{id_}" if kind is EvidenceKind.PROJECT else None,
                number=f"{dice.randint(0, 999_999):06}" if is_certificate else None,
                issuer=ISSUERS[True] if kind is EvidenceKind.CERTIFICATE else issuer,
                issued_on=asserted_on,
            )
        )
    decisions = holding.decisions or ((Decision.VERIFIED,) * verifiers if holding.trust is not own else ())
    judges = assessors(post)
    for number, decision in enumerate(decisions):
        decided = min(-1, holding.asserted + 5 * (number + 1))
        house.add(
            Verification(
                id=f"v-{id_}-{number + 1}",
                assertion_id=id_,
                decision=decision,
                verifier_id=judges[number],
                decided_on=house.day(decided),
                suspended_until=house.day(SUSPENDED_DAYS) if decision is Decision.SUSPENDED else None,
                reason=REASONS[decision],
            )
        )


def _evidence(dice: Random, holding: Holding, *, is_proof: bool, is_certificate: bool) -> EvidenceKind | None:
    """What lies behind a holding: always something behind a verified one, often behind an endorsed one."""
    if is_proof:
        return EvidenceKind.CREDENTIAL if is_certificate else EvidenceKind.EXAM
    if is_certificate:
        return EvidenceKind.CERTIFICATE
    chance = {Trust.VERIFIED: 1.0, Trust.ENDORSED: 0.5}.get(holding.trust, 0.15)
    return dice.choice(WORK) if dice.random() < chance else None
