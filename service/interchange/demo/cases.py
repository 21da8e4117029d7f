"""The interesting cases: what each shows and whom to ask about. Ids are the same whatever the seed and day."""

from typing import NamedTuple

from service.interchange.demo.assertions import assertion_id
from service.interchange.demo.role_table import Need, must
from service.interchange.demo.roles import STALE, profile_id, role_id
from service.interchange.demo.staff import BY_PART


class Opening(NamedTuple):
    """A position that a case is about; days are counted from today."""

    id: str
    project: str
    role: str | None
    first: int
    until: int
    fte: float = 1.0
    headcount: int = 1
    is_open: bool = True
    title: str | None = None


LEADING = "pos-099"
"""The position that everybody holds who leads a unit."""

OPENINGS = (
    Opening("pos-001", "meter-data", "data-engineer-senior", 30, 150, 0.8, title="Lead of the reading pipelines"),
    Opening("pos-002", "quantum-safe", "security-analyst", 190, 260, 0.6, title="Lead of the cipher migration"),
    Opening("pos-003", "cloud-move", "cloud-engineer", 30, 150, 0.5, title="Cloud engineer, second landing zone"),
    Opening("pos-004", "cluster-platform", "platform-engineer", 60, 150, 1.0, 2, title="Platform engineer, build"),
    Opening("pos-005", "cluster-platform", "platform-engineer", 60, 150, 1.0, title="Platform engineer, upgrade"),
    Opening("pos-006", "cluster-platform", "platform-engineer", 75, 150, 0.5, title="Platform engineer, rota"),
    Opening("pos-007", "billing-renewal", "software-engineer", 60, 200, 0.5, title="Keeper of the old billing core"),
    Opening("pos-008", "meter-data", "data-engineer-senior", -30, 170, is_open=False, title="Old warehouse, rescue"),
    Opening("pos-009", "billing-renewal", "business-analyst", -40, 160, 0.7, is_open=False, title="Tariff rules"),
    Opening("pos-010", "cloud-move", "platform-engineer", -60, 300, 0.5, 3, is_open=False, title="Cluster operations"),
    Opening(LEADING, "operations", None, -200, 380, 0.5, 26, is_open=False, title="Leading a team"),
    Opening("pos-100", "meter-rollout", "business-analyst", -10, 90, 0.6, is_open=False, title="Complaints, wave one"),
)
"""Positions 004 to 006 ask for 3.5 FTE of a skill of which 1.5 is free."""

DEMANDS: dict[str, tuple[Need, ...]] = {
    LEADING: (must("team-leadership", 3),),
    "pos-002": (must("post-quantum", 4, 3),),
    "pos-007": (must("cobol", 3, 3),),
}
"""What positions ask for beyond their role."""

BOOKINGS = (
    ("booked", "pos-008", 1.0, -30, 170, None),
    ("over-allocated", "pos-009", 0.7, -40, 160, None),
    ("over-allocated", "pos-100", 0.6, -10, 90, "Nobody else knows both tariffs and meters; agreed by both managers."),
    ("cluster-1", "pos-010", 0.5, -60, 300, None),
    ("cluster-2", "pos-010", 0.5, -60, 300, None),
    ("cluster-3", "pos-010", 0.5, -60, 300, None),
)
"""HARD bookings of the cast: who, where, share, from, until, and why beyond the contract."""


class Case(NamedTuple):
    """Something worth asking about: the story, and the ids it turns on, by what each is."""

    story: str
    ids: dict[str, str]


def _person(part: str, key: str | None = None, **more: str) -> dict[str, str]:
    person_id = BY_PART[part]
    assertion = {"skill": f"skill-{key}", "assertion": assertion_id(person_id, key)} if key else {}
    return {"person": person_id, **assertion, **more}


CASES = {
    "aspirant": Case(
        "A data engineer who wants the senior role: one gap of nearly every cause.",
        _person("aspirant", role=role_id("data-engineer-senior")),
    ),
    "expired": Case(
        "Fit until last month: everything is there, but the certificate ran out 20 days ago.",
        _person("lapsed", "cert-cloud-engineer", role=role_id("cloud-engineer")),
    ),
    "expiring": Case(
        "Fit on the position's first day; the certificate runs out in 75 days, before its last.",
        _person("lapsing", "cert-cloud-engineer", position="pos-003", role=role_id("cloud-engineer")),
    ),
    "unverified": Case(
        "Says to hold the certificate, has sent a copy, and nobody has checked it; the role wants it verified.",
        _person("unproven", "cert-cloud-engineer", role=role_id("cloud-engineer")),
    ),
    "single_holder": Case(
        "One person alone can keep the old billing core alive, and a position needs just that.",
        _person("single-holder", "cobol", position="pos-007"),
    ),
    "over_allocated": Case(
        "Booked for 1.3 FTE on a contract of 1: the second booking was forced, with its reason.",
        _person("over-allocated", position="pos-009", forced="al-over-allocated-100", other="al-over-allocated-009"),
    ),
    "unfillable": Case(
        "Nobody fits: the position asks for post-quantum migration at 4, and the best is one person at 3.",
        {"position": "pos-002", "skill": "skill-post-quantum", "near_miss": BY_PART["near-miss"]},
    ),
    "contested": Case(
        "Five good candidates: three are free, one is on parental leave, one is booked elsewhere.",
        {"position": "pos-001"}
        | {part.replace("-", "_"): BY_PART[part] for part in ("free-1", "free-2", "free-3", "on-leave", "booked")},
    ),
    "waived": Case(
        "Exempt from the permit for work at height until the course, in this role only.",
        _person("waived", role=role_id("field-technician"), skill="skill-cert-height", waiver="waiver-waived"),
    ),
    "rejected": Case(
        "Claimed SQL at 4; an assessor rejected it, so that it does not count at all.",
        _person("rejected", "sql", role=role_id("data-analyst")),
    ),
    "half_verified": Case(
        "High-voltage switching takes two assessors; one has verified it, the other has yet to.",
        _person(
            "half-verified",
            "high-voltage",
            role=role_id("high-voltage-technician"),
            verified_twice=BY_PART["twice-verified"],
        ),
    ),
    "disproved": Case(
        "Claimed networking at 4 and failed the examination: verified level 0 beats the claim.",
        _person("disproved", "networking", role=role_id("network-engineer")),
    ),
    "shortage": Case(
        "From day 60 to 150 positions want 3.5 FTE of Kubernetes at 4; the three people who have it have 1.5 free.",
        {
            "skill": "skill-kubernetes",
            "role": role_id("platform-engineer"),
            "first_position": "pos-004",
            "second_position": "pos-005",
            "third_position": "pos-006",
            "first_holder": BY_PART["cluster-1"],
            "second_holder": BY_PART["cluster-2"],
            "third_holder": BY_PART["cluster-3"],
        },
    ),
    "calendars": Case(
        "Public holidays of Great Britain, of Bavaria, and of nowhere.",
        {"gb": BY_PART["waived"], "de_by": BY_PART["bavarian"], "none": BY_PART["cluster-3"]},
    ),
    "part_timer": Case("Works 0.6.", _person("part-timer")),
    "contractor": Case("On contract, at a contractor's rate.", _person("contractor")),
    "leaver": Case("Leaves in 45 days.", _person("leaver")),
    "joiner": Case("A candidate who joins in 30 days.", _person("joiner")),
    "stale_description": Case(
        "The job description still cites the profile's first version, which asked for less Kubernetes.",
        {
            "job_description": f"jd-{STALE}",
            "role": role_id(STALE),
            "cited": profile_id(STALE, 1),
            "in_force": profile_id(STALE, 2),
        },
    ),
}
