"""What a text says vaguely, and which names it mentions."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from service.capability.stems import stem
from service.capability.wording import words

_VAGUE: Final = """
and so on, and/or, as required, best-in-class, can-do attitude, dynamic, etc, excellent, exceptional, expert-level,
fast-paced, flexible, go-getter, good, great, guru, hard-working, hands-on, highly motivated, ninja, other duties,
outstanding, passionate, proactive, proven track record, results-driven, rock star, self-starter, several, solid,
some, strong, superior, team player, think outside the box, various, wear many hats, world-class
"""
VAGUE_WORDS: Final = tuple(" ".join(each.split()) for each in _VAGUE.split(","))
"""English words that ask for nothing that could be shown or checked, or leave open how much."""

_PATTERN: Final = re.compile(
    r"(?<!\w)(?:"
    + "|".join(re.escape(each).replace(r"\ ", r"[\s-]+") for each in sorted(VAGUE_WORDS, key=len, reverse=True))
    + r")(?!\w)",
    re.IGNORECASE,
)


class Vague(NamedTuple):
    """A vague word of a text."""

    word: str
    start: int
    """Where it first stands: characters before it."""
    end: int
    times: int
    """How often it stands there."""


def vague_words(text: str) -> list[Vague]:
    """The vague words of *text*, each once, in the order in which they come."""
    found: dict[str, Vague] = {}
    for match in _PATTERN.finditer(text):
        key = " ".join(re.split(r"[\s-]+", match[0].lower()))
        former = found.get(key)
        if former is None:
            found[key] = Vague(match[0], match.start(), match.end(), 1)
        else:
            found[key] = former._replace(times=former.times + 1)
    return list(found.values())


class Mentions:
    """The words of a text without case, accents and endings."""

    def __init__(self, text: str) -> None:
        self._stems = _stems(text)

    def any_of(self, names: Iterable[str]) -> bool:
        """Whether one of *names* stands in the text, its words in their order, inflected or not."""
        return any(phrase in self._stems for name in names if (phrase := _stems(name)).strip())


def _stems(text: str) -> str:
    return f" {' '.join(map(stem, words(text)))} "
