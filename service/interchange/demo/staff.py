"""The plan of the house: six departments, their teams, and 300 posts with ids that no seed changes."""

from collections import Counter
from itertools import cycle, islice
from typing import NamedTuple

from service.domain.people import OrgUnit, UnitKind
from service.interchange.demo.cast import CAST, Member
from service.interchange.demo.house import House

HOUSE = "unit-house"

DEPARTMENTS = {
    "data": "Data & Analytics",
    "software": "Software Engineering",
    "infrastructure": "Infrastructure & Security",
    "delivery": "Project Delivery",
    "finance-hr": "Finance & HR",
    "field": "Field Operations",
}


class Team(NamedTuple):
    """A team or site: how many belong to it, what they do in turn, and where they sit in turn."""

    department: str
    name: str
    size: int
    roles: tuple[str, ...]
    places: tuple[str, ...]
    kind: UnitKind = UnitKind.TEAM


OFFICES = ("London", "Munich", "London", "Remote", "Leeds")

TEAMS = {
    "data-engineering": Team("data", "Data Engineering", 22, ("data-engineer", "data-engineer-senior"), OFFICES),
    "data-analytics": Team("data", "Analytics", 17, ("data-analyst",), OFFICES),
    "data-science": Team("data", "Data Science", 10, ("data-scientist",), OFFICES),
    "products": Team(
        "software", "Products", 28, ("software-engineer", "software-engineer", "software-engineer-senior"), OFFICES
    ),
    "web": Team("software", "Web", 20, ("frontend-engineer", "ux-designer"), OFFICES),
    "quality": Team("software", "Quality", 12, ("test-engineer",), OFFICES),
    "architecture": Team("software", "Architecture", 9, ("software-architect",), OFFICES),
    "cloud-platform": Team("infrastructure", "Cloud Platform", 19, ("platform-engineer", "cloud-engineer"), OFFICES),
    "networks": Team("infrastructure", "Networks", 13, ("network-engineer",), ("Leeds", "Munich", "London")),
    "security": Team("infrastructure", "Security", 12, ("security-analyst",), OFFICES),
    "project-management": Team("delivery", "Project Management", 19, ("project-manager",), OFFICES),
    "business-analysis": Team("delivery", "Business Analysis", 12, ("business-analyst",), OFFICES),
    "pmo": Team("delivery", "Project Management Office", 9, ("pmo-analyst", "agile-lead"), OFFICES),
    "finance": Team("finance-hr", "Finance", 14, ("financial-controller",), ("London", "Munich")),
    "payroll": Team("finance-hr", "Payroll", 8, ("payroll-specialist",), ("London", "Munich")),
    "people": Team("finance-hr", "People", 12, ("hr-partner",), ("London", "Munich", "Leeds")),
    "field-north": Team(
        "field", "Leeds Depot", 23, ("field-technician", "high-voltage-technician", "site-supervisor"), ("Leeds",),
        UnitKind.SITE,
    ),
    "field-south": Team(
        "field", "Munich Depot", 21,
        ("field-technician", "field-technician", "high-voltage-technician", "site-supervisor"), ("Munich",),
        UnitKind.SITE,
    ),
    "control-systems": Team("field", "Control Systems", 13, ("control-systems-engineer",), ("Leeds", "Munich")),
}  # fmt: skip

BENCH = 3
"""Every third of those who do the same work is kept free of full bookings."""


class Post(NamedTuple):
    """A place in the plan, and who fills it when that is settled."""

    id: str
    unit_id: str
    department: str | None
    manager_id: str | None
    role: str
    place: str
    rank: int
    """Counts those who do the same work: 0, 1, 2 ..."""
    is_lead: bool = False
    member: Member | None = None

    @property
    def is_bench(self) -> bool:
        """Whether the holder is kept free for open positions, and fit for them."""
        return self.rank % BENCH == 0 and not self.is_lead

    @property
    def is_steady(self) -> bool:
        """Whether the holder does all that the role demands."""
        return self.rank % BENCH != 1


def unit_id(key: str) -> str:
    """The id of a department or team."""
    return f"unit-{key}"


def _planned() -> list[Post]:
    """Director, heads of departments, team leads, then the members of each team, the cast first."""
    posts: list[Post] = []
    ranks: Counter[str] = Counter()

    def open_post(
        unit: str,
        department: str | None,
        manager: Post | None,
        role: str,
        place: str,
        member: Member | None = None,
        *,
        is_lead: bool = False,
    ) -> Post:
        rank = -1 if is_lead else ranks[role]
        ranks[role] += not is_lead
        id_, manager_id = f"p-{len(posts) + 1:04}", manager.id if manager else None
        posts.append(Post(id_, unit, department, manager_id, role, place, rank, is_lead, member))
        return posts[-1]

    director = open_post(HOUSE, None, None, "project-manager", "London", is_lead=True)
    heads = {
        key: open_post(unit_id(key), key, director, TEAMS[team].roles[-1], "London", is_lead=True)
        for key, team in (
            (key, next(name for name, team in TEAMS.items() if team.department == key)) for key in DEPARTMENTS
        )
    }
    leads = {
        key: open_post(
            unit_id(key), team.department, heads[team.department], team.roles[-1], team.places[0], is_lead=True
        )
        for key, team in TEAMS.items()
    }
    for key, team in TEAMS.items():
        parts = [member for member in CAST.values() if member.team == key]
        for member in parts:
            open_post(unit_id(key), team.department, leads[key], member.role, member.place, member)
        rest = team.size - 1 - len(parts)
        for role, place in islice(zip(cycle(team.roles), cycle(team.places), strict=False), rest):
            open_post(unit_id(key), team.department, leads[key], role, place)
    return posts


POSTS = _planned()
BY_PART = {part: next(post.id for post in POSTS if post.member is member) for part, member in CAST.items()}
"""Ids of the cast."""

DIRECTOR = POSTS[0]


def organise(house: House) -> None:
    """Add the units."""
    house.add(OrgUnit(id=HOUSE, name="Larkfield Works"))
    house.add(*(OrgUnit(id=unit_id(key), name=name, parent_id=HOUSE) for key, name in DEPARTMENTS.items()))
    house.add(
        *(
            OrgUnit(id=unit_id(key), name=team.name, kind=team.kind, parent_id=unit_id(team.department))
            for key, team in TEAMS.items()
        )
    )


def assessors(post: Post) -> list[str]:
    """Ids of those who may judge the holder of *post*: leads of the department or the whole house, nearest first."""
    leads = [other for other in POSTS if other.is_lead and other.id != post.id]
    leads.sort(key=lambda other: (other.unit_id != post.unit_id, other.department != post.department))
    return [other.id for other in leads]
