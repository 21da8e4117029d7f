"""What a source holds, whole, for tests; and where the whole public files are."""

from collections import defaultdict
from pathlib import Path
from typing import TypeVar

import pytest

from service.domain.values import Fact
from service.interchange.problems import Problem
from service.interchange.source import Source

F = TypeVar("F", bound=Fact)
EXTRACTS = Path(__file__).parent / "extracts"
DATA = Path(__file__).parents[3] / "shared" / "data"

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the whole public files are not in ../shared/data")


class Read:
    """Everything that came out of a source."""

    def __init__(self, source: Source) -> None:
        self.facts: defaultdict[type[Fact], dict[str, Fact]] = defaultdict(dict)
        self.problems: list[Problem] = []
        self.order: list[type[Fact]] = []
        for noun, batch in source.batches():
            self.order += [noun] if noun not in self.order else []
            for outcome in batch:
                if isinstance(outcome, Problem):
                    self.problems.append(outcome)
                else:
                    assert outcome.fact.id not in self.facts[noun]
                    self.facts[noun][outcome.fact.id] = outcome.fact
        self.notes = dict(source.notes)

    def all(self, noun: type[F]) -> list[F]:
        """The facts of *noun* in the order they came."""
        return [fact for fact in self.facts[noun].values() if isinstance(fact, noun)]

    def counts(self) -> dict[str, int]:
        """How many facts of each noun."""
        return {noun.__name__: len(facts) for noun, facts in self.facts.items()}
