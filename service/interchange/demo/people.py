"""The people in the posts, and the days they are away."""

from random import Random

from service.domain.people import Absence, AbsenceKind, Person, PersonKind
from service.interchange.demo.cast import CAST, Member
from service.interchange.demo.house import House
from service.interchange.demo.names import address, names
from service.interchange.demo.role_table import ROLES
from service.interchange.demo.roles import role_id
from service.interchange.demo.staff import BY_PART, POSTS, Post

CALENDARS = {"London": "GB", "Leeds": "GB", "Munich": "DE-BY", "Remote": None}

CONTRACTS = (1.0,) * 17 + (0.8, 0.6, 0.5)
LEAD_RATE = 1.25
CONTRACTOR_RATE = 1.45


def employ(house: House) -> None:
    """Add everybody, managers before those they manage."""
    naming = names(house.dice("names"), {member.name for member in CAST.values()})
    dice = house.dice("people")
    for post in POSTS:
        member = post.member or _drawn(dice, post, next(naming))
        rate = ROLES[post.role].rate * dice.uniform(0.92, 1.1) * (LEAD_RATE if post.is_lead else 1)
        house.add(
            Person(
                id=post.id,
                name=member.name,
                email=address(member.name),
                kind=member.kind,
                unit_id=post.unit_id,
                role_id=role_id(post.role),
                manager_id=post.manager_id,
                contract_fte=member.contract_fte,
                location=member.place,
                calendar=CALENDARS[member.place],
                cost_rate=round(rate * (CONTRACTOR_RATE if member.kind is PersonKind.CONTRACTOR else 1), 2),
                valid_from=house.day(member.joins),
                valid_until=None if member.leaves is None else house.day(member.leaves),
            )
        )


def _drawn(dice: Random, post: Post, name: str) -> Member:
    """Somebody for a post that no case settles: one in ten a contractor, one in seven part-time."""
    joins = -dice.randint(250 if post.is_lead else 60, 4000)
    is_contractor = not post.is_lead and dice.random() < 0.1  # noqa: PLR2004
    is_leaving = not post.is_lead and not post.is_bench and dice.random() < 0.04  # noqa: PLR2004
    contract_fte = 1.0 if post.is_lead else dice.choice(CONTRACTS)
    return Member(
        name=name,
        team=post.unit_id,
        role=post.role,
        place=post.place,
        kind=PersonKind.CONTRACTOR if is_contractor else PersonKind.EMPLOYEE,
        contract_fte=contract_fte,
        joins=max(joins, -400) if is_contractor else joins,
        leaves=dice.randint(-40, 260) if is_leaving else None,
    )


def send_away(house: House) -> None:
    """Add absences: leave, sickness, training, and a few long ones among those not on the bench."""
    dice = house.dice("absences")
    for post in POSTS:
        plan = [
            (AbsenceKind.LEAVE, 0.4, dice.randint(-200, -20), dice.randint(5, 15)),
            (AbsenceKind.LEAVE, 0.35, dice.randint(5, 220), dice.randint(5, 19)),
            (AbsenceKind.SICKNESS, 0.04, dice.randint(-6, 0), dice.randint(7, 20)),
            (AbsenceKind.TRAINING, 0.08, dice.randint(10, 120), dice.randint(2, 5)),
            (AbsenceKind.PARENTAL, 0 if post.is_bench else 0.03, dice.randint(-40, 150), dice.randint(40, 160)),
        ]
        for number, (kind, chance, first, length) in enumerate(plan, 1):
            if dice.random() < chance and post.member is None:
                house.add(
                    Absence(
                        id=f"away-{post.id[2:]}-{number}",
                        person_id=post.id,
                        kind=kind,
                        valid_from=house.day(first),
                        valid_until=house.day(first + length),
                    )
                )
    house.add(
        Absence(
            id="away-on-leave",
            person_id=BY_PART["on-leave"],
            kind=AbsenceKind.PARENTAL,
            valid_from=house.day(20),
            valid_until=house.day(160),
        )
    )
