"""The house while it is being made: today, the dice, and the facts so far."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from service.domain.values import Fact

F = TypeVar("F", bound=Fact)
T = TypeVar("T")


class House:
    """Facts by noun, each in the order in which it was added.

    What is drawn never depends on today: the same seed gives the same house, moved along with the days.
    """

    def __init__(self, today: date, seed: int) -> None:
        self.today = today
        self.seed = seed
        self.facts: dict[type[Fact], list[Fact]] = {}

    def add(self, *facts: Fact) -> None:
        """Add *facts*, those they refer to having been added before."""
        for fact in facts:
            self.facts.setdefault(type(fact), []).append(fact)

    def of(self, noun: type[F]) -> list[F]:
        """The facts of *noun* so far."""
        return [fact for fact in self.facts.get(noun, []) if isinstance(fact, noun)]

    def day(self, offset: int) -> date:
        """The day *offset* days after today."""
        return self.today + timedelta(days=offset)

    def dice(self, topic: str) -> Random:
        """A source of chance for *topic* alone, so that a change to one topic leaves the others as they were."""
        return Random(f"{self.seed} {topic}")  # noqa: S311 nothing here is secret


def shuffled(dice: Random, things: Sequence[T]) -> list[T]:
    """The *things* in random order."""
    return dice.sample(things, len(things))
