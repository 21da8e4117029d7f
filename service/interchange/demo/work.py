"""Portfolios to positions, and who is booked."""

from random import Random

from service.domain.people import Person
from service.domain.work import (
    Allocation,
    AllocationStatus,
    Approval,
    Portfolio,
    Position,
    PositionStatus,
    Programme,
    Project,
    ProjectStatus,
)
from service.interchange.demo.cases import BOOKINGS, DEMANDS, LEADING, OPENINGS
from service.interchange.demo.house import House, shuffled
from service.interchange.demo.role_table import ROLES
from service.interchange.demo.roles import require, role_id
from service.interchange.demo.staff import BY_PART, POSTS, Post, unit_id
from service.interchange.demo.work_table import PORTFOLIOS, PROGRAMMES, PROJECTS, Plan

FIRST_OPEN = 11
FIRST_FILLED = 101
"""Numbers of the first position that no case is about, and of the first that is filled."""

HORIZON = 270
"""Open positions begin and end within so many days."""

FULL = (1.0, 1.0, 1.0, 1.0, 0.8)
ON_SITE = {"field-technician", "high-voltage-technician", "site-supervisor", "control-systems-engineer"}

PART = (1.0, 0.8, 0.5, 0.5, 0.4)


def plan(house: House) -> None:
    """Add the tree of work, its positions and bookings."""
    for key, (name, description) in PORTFOLIOS.items():
        house.add(Portfolio(id=f"pf-{key}", name=name, description=description))
    for key, (name, portfolio, description) in PROGRAMMES.items():
        house.add(Programme(id=f"pg-{key}", name=name, description=description, portfolio_id=f"pf-{portfolio}"))
    managers = [post.id for post in POSTS if post.role == "project-manager" and post.manager_id and not post.is_bench]
    for number, (key, each) in enumerate(PROJECTS.items()):
        house.add(
            Project(
                id=f"prj-{key}",
                name=each.name,
                status=each.status,
                programme_id=f"pg-{each.above}" if each.above in PROGRAMMES else None,
                portfolio_id=f"pf-{each.above}" if each.above in PORTFOLIOS else None,
                sponsor_unit_id=unit_id(each.sponsor),
                manager_id=managers[number % len(managers)],
                probability=each.probability,
                priority=each.priority,
                budget=each.budget,
                valid_from=house.day(each.first),
                valid_until=house.day(each.until),
            )
        )
    _play_cases(house)
    diary = Diary(house)
    for allocation in house.of(Allocation):
        diary.enter(allocation)
    _lead(house, diary)
    _fill(house, diary)
    _open(house, diary)


class Diary:
    """Who is booked when, so that nobody is booked beyond the contract."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.people = {person.id: person for person in house.of(Person)}
        self.booked: dict[str, list[Allocation]] = {person_id: [] for person_id in self.people}
        self.count = 0

    def enter(self, allocation: Allocation) -> None:
        """Remember a booking."""
        if allocation.status is AllocationStatus.HARD:
            self.booked[allocation.person_id].append(allocation)

    def free(self, post: Post, position: Position) -> float:
        """What the holder of *post* has free on all days of the position; nothing when not in service throughout."""
        person, first, until = self.people[post.id], position.valid_from, position.valid_until
        is_there = (person.valid_from or first) <= first and (person.valid_until or until) >= until  # type: ignore[operator] # positions are dated
        others = [other for other in self.booked[post.id] if other.valid_from < until and other.valid_until > first]  # type: ignore[operator] # bookings are dated
        return round(person.contract_fte - sum(other.fte for other in others), 2) if is_there else 0.0

    def book(self, post: Post, position: Position, fte: float, status: AllocationStatus, approval: Approval) -> None:
        """Book the holder of *post* for all days of the position."""
        self.count += 1
        allocation = Allocation(
            id=f"al-{self.count:03}",
            person_id=post.id,
            position_id=position.id,
            fte=fte,
            status=status,
            approval=approval,
            valid_from=position.valid_from,
            valid_until=position.valid_until,
        )
        self.house.add(allocation)
        self.enter(allocation)


def _play_cases(house: House) -> None:
    for opening in OPENINGS:
        _position(
            house, opening.id, opening.project, opening.role, opening.first, opening.until, opening.fte,
            headcount=opening.headcount, is_open=opening.is_open, title=opening.title,
        )  # fmt: skip
    for owner_id, needs in DEMANDS.items():
        require(house, owner_id, needs)
    for part, position_id, fte, first, until, forced_reason in BOOKINGS:
        house.add(
            Allocation(
                id=f"al-{part}-{position_id[4:]}",
                person_id=BY_PART[part],
                position_id=position_id,
                fte=fte,
                status=AllocationStatus.HARD,
                approval=Approval.APPROVED,
                forced_reason=forced_reason,
                valid_from=house.day(first),
                valid_until=house.day(until),
            )
        )


def _position(  # noqa: PLR0913 a position is all of these
    house: House, id_: str, project: str, role: str | None, first: int, until: int, fte: float,
    *, headcount: int = 1, is_open: bool = True, title: str | None = None,
) -> Position:  # fmt: skip
    position = Position(
        id=id_,
        project_id=f"prj-{project}",
        title=title or ROLES[str(role)].name,
        role_id=role_id(role) if role else None,
        fte=fte,
        headcount=headcount,
        place="On site" if role in ON_SITE else None,
        status=PositionStatus.OPEN if is_open else PositionStatus.CLOSED,
        valid_from=house.day(first),
        valid_until=house.day(until),
    )
    house.add(position)
    return position


def _lead(house: House, diary: Diary) -> None:
    """Half the time of those who lead goes into leading."""
    position = next(position for position in house.of(Position) if position.id == LEADING)
    for post in POSTS:
        if post.is_lead:
            diary.book(post, position, position.fte, AllocationStatus.HARD, Approval.APPROVED)


def _fill(house: House, diary: Diary) -> None:
    """Closed positions of one to four people each, booked from those who are not kept free."""
    dice = house.dice("filled")
    number = FIRST_FILLED
    for key, each in PROJECTS.items():
        for role, wanted in each.filled.items():
            left = wanted
            while left > 0 or wanted == 0:
                headcount = max(1, min(left, dice.randint(1, 4)))
                first, until = _days_filled(dice, each)
                position = _position(
                    house, f"pos-{number}", key, role, first, until, dice.choice(FULL),
                    headcount=headcount, is_open=False,
                )  # fmt: skip
                number += 1
                left -= headcount
                _staff(dice, diary, position, each, headcount if wanted else 0)
                if wanted == 0:
                    break


def _days_filled(dice: Random, each: Plan) -> tuple[int, int]:
    if each.status is ProjectStatus.ACTIVE:
        return max(each.first, -dice.randint(5, 150)), min(each.until, dice.randint(90, 330))
    return each.first, each.until


def _staff(dice: Random, diary: Diary, position: Position, each: Plan, count: int) -> None:
    role = (position.role_id or "").removeprefix("role-")
    posts = [post for post in POSTS if post.role == role and not (post.is_lead or post.is_bench or post.member)]
    posts = shuffled(dice, posts)
    posts.sort(key=lambda post: -diary.free(post, position))
    for post in posts[:count]:
        fte = min(position.fte, diary.free(post, position))
        if fte > 0:
            diary.book(post, position, fte, AllocationStatus.HARD, Approval.APPROVED)
    if each.status is ProjectStatus.CANCELLED:
        diary.book(posts[0], position, position.fte, AllocationStatus.SOFT, Approval.REJECTED)


def _open(house: House, diary: Diary) -> None:
    """Open positions within the horizon, some half filled, some with people proposed."""
    dice = house.dice("open")
    number = FIRST_OPEN
    for key, each in PROJECTS.items():
        for role, count in each.open.items():
            for _ in range(count):
                first = max(each.first, dice.randint(-10, 170))
                until = min(each.until, HORIZON, first + dice.randint(60, 150))
                headcount = 2 if dice.random() < 0.15 else 1  # noqa: PLR2004
                position = _position(
                    house, f"pos-{number:03}", key, role, first, until, dice.choice(PART), headcount=headcount
                )
                number += 1
                _propose(dice, diary, position)


def _propose(dice: Random, diary: Diary, position: Position) -> None:
    role = (position.role_id or "").removeprefix("role-")
    bench = [post for post in POSTS if post.role == role and post.is_bench and not post.member]
    bench = [post for post in bench if diary.free(post, position) >= position.fte]
    if not bench:
        return
    if position.headcount > 1:
        diary.book(bench[0], position, position.fte, AllocationStatus.HARD, Approval.APPROVED)
    if dice.random() < 0.5:  # noqa: PLR2004
        approval = dice.choice((Approval.REQUESTED, Approval.REQUESTED, Approval.REQUESTED, Approval.REJECTED))
        diary.book(bench[-1], position, position.fte, AllocationStatus.SOFT, approval)
