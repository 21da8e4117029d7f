"""How long each of several runs took."""

import statistics
from dataclasses import dataclass, field


@dataclass
class Times:
    """How long each of several runs took, in seconds."""

    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Half took longer."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """One in twenty took longer."""
        return statistics.quantiles(self.seconds, n=20, method="inclusive")[-1]
