"""What people hold: drawn around the work they do, exact for the cast, and changed where a case says so."""

from random import Random
from typing import NamedTuple

from service.domain.proof import Decision, Trust
from service.domain.skills import SkillKind
from service.interchange.demo.cast import CAST
from service.interchange.demo.role_table import ROLES, Need
from service.interchange.demo.skill_table import SKILLS
from service.interchange.demo.skills import TOP
from service.interchange.demo.staff import Post

MOST_DAYS = {
    "cert-first-aid": 730, "cert-height": 1095, "cert-security": 1095, "cert-cloud-engineer": 1095,
    "cert-project-manager": 1095, "cert-data-engineer": 1095, "cert-kubernetes": 730, "cert-agile": 730,
    "cert-high-voltage": 1095,
}  # fmt: skip
"""How long a certificate lasts; the others have no end."""

FRESH_DAYS = 380
"""A steady person's certificate was passed at most so long ago, and so outlasts every open position."""

CAPS = {"kubernetes": 3, "post-quantum": 2}
"""What nobody outside the cast exceeds: the house is short of the first and has not begun the second."""

KEPT = {"cobol", "post-quantum", "high-voltage", "cert-electrician", "cert-high-voltage"}
"""What nobody picks up by the way."""

POOLS = {
    None: ("delivery", "finance-people"),
    "data": ("data", "software"),
    "software": ("software", "infrastructure"),
    "infrastructure": ("infrastructure", "security"),
    "delivery": ("delivery", "finance-people"),
    "finance-hr": ("finance-people", "delivery"),
    "field": ("field", "delivery"),
}
"""Headings from which a department picks up skills beside its work."""

USUAL = 11
"""What somebody holds by work and beside it, short of languages."""


class Holding(NamedTuple):
    """A skill as somebody holds it; days are counted from today."""

    level: int
    trust: Trust
    asserted: int
    used: int | None = None
    until: int | None = None
    by_exam: bool = False
    decisions: tuple[Decision, ...] = ()
    """What assessors decided, each another one, when trust alone does not say it."""


Holdings = dict[str, tuple[Holding, ...]]
"""By skill, the earliest statement first."""


def exact(level: int = 1, trust: Trust = Trust.VERIFIED, *, until: int | None = None) -> tuple[Holding, ...]:
    """Held for most of a year and used last week."""
    return (Holding(level, trust, -300, -7, until),)


CHANGES: dict[str, Holdings] = {
    "aspirant": {
        "python": exact(4), "sql": exact(3, Trust.ENDORSED), "data-pipelines": (), "airflow": exact(4, Trust.ENDORSED),
        "spark": (), "data-modelling": (), "cert-data-engineer": (Holding(1, Trust.VERIFIED, -1115, -60, -20),),
        "english": exact(5), "kafka": exact(3, Trust.CLAIMED), "coaching": exact(2),
    },
    "free-2": {"spark": exact(3, Trust.CLAIMED)},
    "free-3": {"python": exact(5), "coaching": ()},
    "rejected": {"sql": (Holding(4, Trust.CLAIMED, -90, -30, decisions=(Decision.REJECTED,)),)},
    "single-holder": {"cobol": exact(4), "java": exact(4)},
    "lapsed": {"cert-cloud-engineer": (Holding(1, Trust.VERIFIED, -1115, -7, -20),)},
    "lapsing": {"cert-cloud-engineer": (Holding(1, Trust.VERIFIED, -1020, -7, 75),)},
    "unproven": {"cert-cloud-engineer": (Holding(1, Trust.CLAIMED, -40, -7),)},
    "cluster-1": {"cert-kubernetes": exact(until=430)},
    "disproved": {
        "networking": (
            Holding(4, Trust.CLAIMED, -200, -30),
            Holding(0, Trust.VERIFIED, -60, -60, by_exam=True),
        )
    },
    "near-miss": {"post-quantum": exact(3, Trust.ENDORSED), "cryptography": exact(3)},
    "waived": {"cert-height": ()},
    "half-verified": {"high-voltage": (Holding(4, Trust.ENDORSED, -120, -7, decisions=(Decision.VERIFIED,)),)},
}  # fmt: skip
"""Where members of the cast differ from what their role demands."""


BESIDE: Holdings = {
    "english": exact(5),
    "communication": exact(3, Trust.ENDORSED),
    "technical-writing": exact(2, Trust.CLAIMED),
}
"""What every member of the cast holds beside the work."""


def holdings(dice: Random, post: Post) -> Holdings:
    """What the holder of *post* holds."""
    if post.member is not None:
        part = next(part for part, member in CAST.items() if member is post.member)
        held = {need.skill: _exact(need) for need in ROLES[post.role].needs}
        held |= BESIDE
        held |= CHANGES.get(part, {})
    else:
        held = _by_work(dice, post)
        held |= {key: each for key, each in _beside(dice, post).items() if key not in held}
    return {key: each for key, each in held.items() if each}


def _exact(need: Need) -> tuple[Holding, ...]:
    if SKILLS[need.skill].kind is SkillKind.CERTIFICATION:
        return (_certificate(need.skill, -200),)
    return exact(need.level, need.min_trust or (Trust.VERIFIED if need.weight > 2 else Trust.ENDORSED))  # noqa: PLR2004


def _certificate(key: str, asserted: int, trust: Trust = Trust.VERIFIED) -> Holding:
    return Holding(1, trust, asserted, None, asserted + MOST_DAYS[key] if key in MOST_DAYS else None)


def _by_work(dice: Random, post: Post) -> Holdings:
    held: Holdings = {}
    needs = list(ROLES[post.role].needs)
    if post.is_lead:
        needs.append(Need("team-leadership", 3, 1, True, None))
    for need in needs:
        is_sure = need.is_mandatory and (post.is_steady or post.is_lead)
        if not is_sure and dice.random() < (0.07 if need.is_mandatory else 0.35):
            continue
        steps = (0, 0, 0, 1) if is_sure else (-1, -1, 0, 0, 0, 0, 0, 1, 1)
        held[need.skill] = _held(dice, need.skill, need.level + dice.choice(steps), need.min_trust, is_sure=is_sure)
    return held


def _beside(dice: Random, post: Post) -> Holdings:
    """Languages, and what one picks up by the way."""
    tongue = "german" if post.place == "Munich" else "english"
    held = {tongue: _held(dice, tongue, 6), "english": _held(dice, "english", dice.randint(4, 6))}
    if dice.random() < 0.3:  # noqa: PLR2004
        other = dice.choice(("french", "spanish", "portuguese", "polish", "german"))
        held.setdefault(other, _held(dice, other, dice.randint(2, 6)))
    near = [key for key, entry in SKILLS.items() if entry.heading in POOLS[post.department] and key not in KEPT]
    far = [key for key, entry in SKILLS.items() if entry.heading in ("together", "certificates") and key not in KEPT]
    count = max(1, USUAL - len(ROLES[post.role].needs) + dice.randint(-2, 3))
    for key in [*dice.sample(near, count), dice.choice(far)]:
        held.setdefault(key, _held(dice, key, dice.choice((1, 1, 2, 2, 2, 3, 3, 4))))
    return held


def _held(
    dice: Random, key: str, level: int, min_trust: Trust | None = None, *, is_sure: bool = False
) -> tuple[Holding, ...]:
    level = max(1, min(level, CAPS.get(key, TOP[key]), TOP[key]))
    if SKILLS[key].kind is SkillKind.CERTIFICATION:
        oldest = FRESH_DAYS if is_sure else MOST_DAYS.get(key, 2000) + 100
        is_proven = is_sure or dice.random() < 0.85  # noqa: PLR2004
        return (_certificate(key, -dice.randint(20, oldest), Trust.VERIFIED if is_proven else Trust.CLAIMED),)
    asserted = -dice.randint(20, 900)
    is_used = dice.random() < 0.9  # noqa: PLR2004
    used = -min(dice.choice((10, 40, 100, 250, 500, 1100)), 40 - asserted) if is_used else None
    trust = Trust.VERIFIED if min_trust and (is_sure or dice.random() < 0.7) else _trust(dice)  # noqa: PLR2004
    decisions = () if is_sure else _unusual(dice, trust)
    now = Holding(level, trust, asserted, used, by_exam=dice.random() < 0.1, decisions=decisions)  # noqa: PLR2004
    if level > 1 and dice.random() < 0.05:  # noqa: PLR2004
        return (Holding(level - 1, Trust.CLAIMED, asserted - 400), now)
    return (now,)


def _trust(dice: Random) -> Trust:
    """Trust outside certificates, so that with them about 55, 25 and 20 in a hundred come out."""
    return dice.choices((Trust.CLAIMED, Trust.ENDORSED, Trust.VERIFIED), (0.6, 0.27, 0.13))[0]


def _unusual(dice: Random, trust: Trust) -> tuple[Decision, ...]:
    """Now and then a claim was rejected, suspended or revoked."""
    chance = dice.random()
    if trust is not Trust.CLAIMED or chance > 0.02:  # noqa: PLR2004
        return ()
    if chance < 0.004:  # noqa: PLR2004
        return (Decision.SUSPENDED,)
    return (Decision.VERIFIED, Decision.REVOKED) if chance < 0.008 else (Decision.REJECTED,)  # noqa: PLR2004
