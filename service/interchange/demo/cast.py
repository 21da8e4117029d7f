"""The people whom the cases are about: each fits the role named, but for what the case is about."""

from typing import NamedTuple

from service.domain.people import PersonKind


class Member(NamedTuple):
    """Somebody with a part to play; days are counted from today."""

    name: str
    team: str
    role: str
    place: str = "London"
    kind: PersonKind = PersonKind.EMPLOYEE
    contract_fte: float = 1.0
    joins: int = -1500
    leaves: int | None = None


CAST = {
    "aspirant": Member("Efua Brambleton", "data-engineering", "data-engineer"),
    "free-1": Member("Chidi Lindqvist", "data-engineering", "data-engineer-senior"),
    "free-2": Member("Sofie Parthasarathi", "data-engineering", "data-engineer-senior", "Munich"),
    "free-3": Member("Kenji Abara", "data-engineering", "data-engineer-senior", "Remote"),
    "on-leave": Member("Katarzyna Dhaliwal", "data-engineering", "data-engineer-senior"),
    "booked": Member("Mateus Holmgaard", "data-engineering", "data-engineer-senior"),
    "rejected": Member("Florian Quayson", "data-analytics", "data-analyst"),
    "single-holder": Member("Ruth Penhallow", "products", "software-engineer", "Leeds"),
    "contractor": Member("Selin Vandermolen", "web", "frontend-engineer", "Remote", PersonKind.CONTRACTOR, joins=-120),
    "leaver": Member("Rhys Montalvão", "quality", "test-engineer", leaves=45),
    "lapsed": Member("Inês Calderwood", "cloud-platform", "cloud-engineer"),
    "lapsing": Member("Tariq Rosenkvist", "cloud-platform", "cloud-engineer"),
    "unproven": Member("Meera Zielonka", "cloud-platform", "cloud-engineer", "Munich"),
    "cluster-1": Member("Olumide Wachholz", "cloud-platform", "platform-engineer", "Munich"),
    "cluster-2": Member("Yara Heathcombe", "cloud-platform", "platform-engineer"),
    "cluster-3": Member("Minh Dalgaard", "cloud-platform", "platform-engineer", "Remote"),
    "disproved": Member("Callum Iyengar", "networks", "network-engineer", "Leeds"),
    "near-miss": Member("Zainab Osterkamp", "security", "security-analyst"),
    "over-allocated": Member("Beatriz Thistlewood", "business-analysis", "business-analyst"),
    "joiner": Member("Linh Rademaker", "business-analysis", "business-analyst", kind=PersonKind.CANDIDATE, joins=30),
    "part-timer": Member("Agnieszka Fairhaven", "finance", "financial-controller", contract_fte=0.6),
    "waived": Member("Kwame Birchall", "field-north", "field-technician", "Leeds"),
    "half-verified": Member("Marit Sepúlvedra", "field-north", "high-voltage-technician", "Leeds"),
    "twice-verified": Member("Bilal Wróblewicz", "field-north", "high-voltage-technician", "Leeds"),
    "bavarian": Member("Henrike Chikwanha", "field-south", "field-technician", "Munich"),
}
