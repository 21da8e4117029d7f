"""The tree of work: two portfolios, four programmes, fifteen projects, and whom each project needs."""

from typing import NamedTuple

from service.domain.work import ProjectStatus

PORTFOLIOS = {
    "grid": ("Networks and plant", "Lines, depots and control rooms that last another forty years."),
    "digital": ("Digital services", "What customers and colleagues use every day."),
}

PROGRAMMES = {
    "metering": ("Smart metering", "grid", "Every household metered, every reading within a day."),
    "control": ("Control rooms", "grid", "Faults seen and isolated from afar."),
    "customer": ("Customer services", "digital", "Customers settle everything without calling."),
    "foundations": ("Secure foundations", "digital", "Platforms that are safe, known and affordable."),
}


class Plan(NamedTuple):
    """A project as the table writes it; days are counted from today."""

    name: str
    status: ProjectStatus
    above: str
    """Its programme or portfolio."""
    sponsor: str
    first: int
    until: int
    priority: int
    budget: int
    open: dict[str, int] = {}  # noqa: RUF012 never changed
    """Positions still looking for people, by role."""
    filled: dict[str, int] = {}  # noqa: RUF012 never changed
    """People booked, by role."""
    probability: float = 1.0


IDEA, PROPOSED, APPROVED, ACTIVE = (
    ProjectStatus.IDEA, ProjectStatus.PROPOSED, ProjectStatus.APPROVED, ProjectStatus.ACTIVE,
)  # fmt: skip

PROJECTS = {
    "meter-rollout": Plan(
        "Meter roll-out, second wave", ACTIVE, "metering", "field", -300, 330, 90, 4_200_000,
        {"field-technician": 5, "high-voltage-technician": 1, "site-supervisor": 2},
        {"field-technician": 13, "high-voltage-technician": 5, "site-supervisor": 4, "project-manager": 1},
    ),
    "meter-data": Plan(
        "Meter data platform", ACTIVE, "metering", "data", -200, 330, 80, 1_900_000,
        {"data-engineer": 2, "data-analyst": 3, "data-scientist": 1, "test-engineer": 1},
        {"data-engineer": 4, "data-engineer-senior": 3, "data-analyst": 6, "data-scientist": 5, "project-manager": 1},
    ),
    "meter-portal": Plan(
        "Meter portal for households", APPROVED, "metering", "software", 10, 330, 60, 850_000,
        {"software-engineer": 2, "software-engineer-senior": 1, "frontend-engineer": 1, "ux-designer": 1,
         "test-engineer": 1, "project-manager": 1},
        {"project-manager": 1},
    ),
    "control-room": Plan(
        "Control room Leeds", ACTIVE, "control", "field", -150, 360, 85, 3_100_000,
        {"control-systems-engineer": 3, "network-engineer": 1, "high-voltage-technician": 1},
        {"control-systems-engineer": 8, "network-engineer": 3, "high-voltage-technician": 4, "site-supervisor": 2,
         "project-manager": 1},
    ),
    "outage-forecast": Plan(
        "Outage forecast", PROPOSED, "control", "data", 60, 330, 45, 300_000,
        {"data-scientist": 2, "data-engineer": 1}, {}, 0.6,
    ),
    "customer-app": Plan(
        "Customer app", ACTIVE, "customer", "software", -260, 340, 75, 2_300_000,
        {"software-engineer": 2, "frontend-engineer": 1, "ux-designer": 1, "test-engineer": 1, "agile-lead": 1},
        {"software-engineer": 9, "software-engineer-senior": 5, "frontend-engineer": 6, "ux-designer": 4,
         "test-engineer": 5, "agile-lead": 2, "software-architect": 4, "project-manager": 1},
    ),
    "billing-renewal": Plan(
        "Billing renewal", ACTIVE, "customer", "finance-hr", -120, 345, 70, 1_700_000,
        {"business-analyst": 3, "financial-controller": 2, "payroll-specialist": 1, "software-architect": 1},
        {"software-engineer": 3, "business-analyst": 5, "financial-controller": 6, "payroll-specialist": 3,
         "test-engineer": 2, "software-architect": 1, "project-manager": 1},
    ),
    "cloud-move": Plan(
        "Move to the cloud", ACTIVE, "foundations", "infrastructure", -90, 335, 80, 1_250_000,
        {"cloud-engineer": 1, "network-engineer": 1, "security-analyst": 1, "project-manager": 1},
        {"cloud-engineer": 4, "platform-engineer": 4, "network-engineer": 3, "security-analyst": 4,
         "project-manager": 1},
    ),
    "cluster-platform": Plan(
        "Cluster platform", APPROVED, "foundations", "infrastructure", 30, 330, 95, 900_000,
        {"software-architect": 1, "software-engineer": 1}, {"project-manager": 1},
    ),
    "quantum-safe": Plan(
        "Quantum-safe communication", APPROVED, "foundations", "infrastructure", 60, 330, 65, 450_000,
        {"security-analyst": 1, "project-manager": 1}, {},
    ),
    "skills-academy": Plan(
        "Skills academy", IDEA, "digital", "finance-hr", 90, 330, 40, 220_000,
        {"hr-partner": 1, "business-analyst": 1}, {}, 0.3,
    ),
    "operations": Plan(
        "Running the house", ACTIVE, "digital", "finance-hr", -700, 400, 50, 2_800_000,
        {"hr-partner": 1},
        {"hr-partner": 7, "payroll-specialist": 2, "financial-controller": 4, "pmo-analyst": 3, "network-engineer": 2,
         "data-analyst": 3, "ux-designer": 2, "security-analyst": 3, "data-engineer": 2, "software-engineer": 2},
    ),
    "depot-merge": Plan(
        "Merger of two depots", ProjectStatus.ON_HOLD, "grid", "field", -100, 300, 30, 600_000,
        {}, {"site-supervisor": 0}, 0.5,
    ),
    "old-intranet": Plan(
        "Intranet of 2024", ProjectStatus.CLOSED, "digital", "software", -420, -60, 20, 180_000,
        {}, {"frontend-engineer": 2, "ux-designer": 1, "hr-partner": 1},
    ),
    "drone-survey": Plan(
        "Survey by drone", ProjectStatus.CANCELLED, "grid", "field", -200, 100, 10, 90_000,
        {}, {"data-scientist": 0}, 0.0,
    ),
}  # fmt: skip
"""``filled`` of 0 is a position that was closed without anybody on it."""
