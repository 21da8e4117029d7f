"""How sure it is that a phrase means a skill: a logistic curve fitted on the tuning half of the sample."""

import math
from typing import Final, NamedTuple

WEIGHTS: Final = (-15.65, 5.53, 1.56, 2.62, 0.65, 1.27, 1.36, -1.24, -4.67)


class Clues(NamedTuple):
    """What speaks for a name, in the words of a text."""

    share: float
    """Share of the name that the words say, by rarity."""
    density: float
    """Share of the words there that say the name, by rarity."""
    rarity: float
    """Sum of the rarities of the words shared."""
    words: int
    """How many words are shared, beside stop words."""
    is_preferred: bool
    """Whether the name is the preferred one."""
    is_as_written: bool
    """Whether the name is said letter by letter."""
    rivals: int
    """Skills that the words are equally a name of."""

    @property
    def features(self) -> tuple[float, ...]:
        """What the curve weighs."""
        is_single = self.words <= 1
        return (
            1.0,
            self.share,
            self.density,
            math.log1p(self.rarity),
            float(min(self.words, 4)),
            float(self.is_preferred),
            float(self.is_as_written),
            float(is_single and not self.is_preferred),
            math.log(self.rivals),
        )

    @property
    def confidence(self) -> float:
        """0 to 1; calibrated: of suggestions with 0.7, about seven of ten are right."""
        reach = sum(weight * feature for weight, feature in zip(WEIGHTS, self.features, strict=True))
        return round(1 / (1 + math.exp(-reach)), 4)
