"""Precision and recall of suggestions on the half of the sample that nothing was tuned on."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from service.capability.suggesting import Suggestion, exact_only, suggest
from service.capability.vocabulary import Named, Vocabulary

HERE = Path(__file__).parent
ESCO = "http://data.europa.eu/esco/skill/"
HELD_OUT = "held out"


class Text(NamedTuple):
    """A text of the sample, and the ids of the skills that it asks for."""

    text: str
    skills: frozenset[str]
    split: str


class Score(NamedTuple):
    """What was found of what was there."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the skills suggested that the text asks for."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the skills that the text asks for which were suggested."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def vocabulary() -> Vocabulary:
    """Every skill of ESCO v1.2.0 with its English names."""
    text = gzip.decompress((HERE / "esco_labels.csv.gz").read_bytes()).decode()
    return Vocabulary().updated(
        Named(
            ESCO + row["id"],
            row["name"],
            tuple(f"{other}@en" for other in row["alternative_labels"].split("|") if other),
        )
        for row in csv.DictReader(io.StringIO(text))
    )


def sample(split: str = HELD_OUT) -> list[Text]:
    """The texts of one half."""
    lines = (HERE / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    read = (json.loads(line) for line in lines)
    texts = [Text(row["text"], frozenset(row["skills"]), row["split"]) for row in read]
    return [text for text in texts if text.split == split]


def score(texts: Iterable[Text], suggested: Callable[[str], list[Suggestion]]) -> Score:
    """How the surest skill of each suggestion compares with what the texts ask for."""
    right = wrong = missed = 0
    for text in texts:
        found = {each.candidates[0].skill_id for each in suggested(text.text)}
        right += len(found & text.skills)
        wrong += len(found - text.skills)
        missed += len(text.skills - found)
    return Score(right, wrong, missed)


def scores() -> dict[str, Score]:
    """Exact names only, and all suggestions, on the held-out half."""
    names, texts = vocabulary(), sample()
    return {
        "exact names only": score(texts, lambda text: exact_only(names, text, "en")),
        "suggestions": score(texts, lambda text: suggest(names, text, "en")),
    }


def table(measured: dict[str, Score]) -> str:
    """*measured* as the documents show it."""
    head = "| | right | wrong | missed | precision | recall | F1 |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    return head + "".join(
        f"| {name} | {each.right} | {each.wrong} | {each.missed} "
        f"| {each.precision:.2f} | {each.recall:.2f} | {each.f1:.2f} |\n"
        for name, each in measured.items()
    )
