"""An invented house to try everything on: about 300 people, their proof, their roles and their work.

``demo(today)`` depends on nothing but its arguments. ``CASES`` names what is worth asking about: each
case has its story and the ids it turns on, and those ids are the same whatever the seed and the day.
Nobody in it exists.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from service.domain.values import Fact
from service.interchange.demo import assertions, authority, courses, coverage, people, roles, skills, staff, work
from service.interchange.demo.cases import CASES, Case
from service.interchange.demo.house import House
from service.interchange.demo.questions import ready_questions
from service.interchange.facts import FILES
from service.interchange.problems import Outcome, Row
from service.interchange.source import Source, Stream

__all__ = ["CASES", "Case", "demo", "ready_questions"]

BATCH = 2_000


def demo(today: date, seed: int = 2026) -> Source:
    """The house as a source of facts, its days counted from *today*."""
    house = House(today, seed)
    for build in (
        staff.organise,
        skills.classify,
        roles.establish,
        people.employ,
        people.send_away,
        work.plan,
        coverage.cover,
        assertions.prove,
        authority.authorise,
        courses.offer,
    ):
        build(house)

    def streams() -> Iterable[Stream]:
        notes.update(f"{name}: {case.story} {_listed(case)}" for name, case in CASES.items())
        return ((noun, _rows(noun, facts)) for noun in FILES if (facts := house.facts.get(noun)))

    notes: Counter[str] = Counter()
    return Source(
        name=f"Larkfield Works, an invented house (seed {seed})",
        total_rows=sum(len(facts) for facts in house.facts.values()),
        batch=BATCH,
        streams=streams,
        notes=notes,
    )


def _rows(noun: type[Fact], facts: Iterable[Fact]) -> Iterator[Outcome]:
    """The facts with the rows they would have in a CSV set."""
    return (Row(FILES[noun], number, fact) for number, fact in enumerate(facts, 2))


def _listed(case: Case) -> str:
    return "; ".join(f"{what} {id_}" for what, id_ in case.ids.items())
