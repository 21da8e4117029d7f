"""Which skills earn credit for which, from their direct relations."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from service.capability.index import Snapshot
from service.domain.policy import FitPolicy
from service.domain.skills import RelationKind


class Kinship(StrEnum):
    """How a skill that earns credit stands to the skill that is asked for, best first."""

    ITSELF = "ITSELF"
    EQUIVALENT = "EQUIVALENT"
    NARROWER = "NARROWER"
    BROADER = "BROADER"
    RELATED = "RELATED"


class Source(NamedTuple):
    """A skill that earns credit for the skill asked."""

    skill_id: str
    kinship: Kinship
    sigma: float
    """Credit for holding it in full."""
    scale: tuple[int, int]
    """Numbers of levels: of the skill asked, and of this one; (1, 1) where a scale is not known."""

    def converted(self, held: int) -> float:
        """A level of this skill on the scale of the skill asked."""
        return held * self.scale[0] / self.scale[1]


def sources(snapshot: Snapshot, skill_id: str, policy: FitPolicy, known: int) -> list[Source]:
    """The skill itself, then every other that earns credit for it, by id, each with its best relation."""
    best: dict[str, tuple[float, Kinship]] = {}
    for other_id, kinship, sigma in _related(snapshot, skill_id, policy, known):
        if sigma > best.get(other_id, (0.0,))[0]:
            best[other_id] = sigma, kinship
    asked = snapshot.level_count(skill_id, known)
    found = [Source(skill_id, Kinship.ITSELF, 1.0, (1, 1))]
    for other_id, (sigma, kinship) in sorted(best.items()):
        other = snapshot.level_count(other_id, known)
        scale = (asked, other) if asked and other else (1, 1)
        found.append(Source(other_id, kinship, sigma, scale))
    return found


def _related(snapshot: Snapshot, skill_id: str, policy: FitPolicy, known: int) -> Iterator[tuple[str, Kinship, float]]:
    """Every direct relation as the other skill, its kinship and its credit."""
    narrower = ((each, each.from_id, False) for each in snapshot.tables.relations_by_to.known(skill_id, known))
    broader = ((each, each.to_id, True) for each in snapshot.tables.relations_by_from.known(skill_id, known))
    for relation, other_id, is_from in (*narrower, *broader):
        if relation.kind == RelationKind.EQUIVALENT:
            yield other_id, Kinship.EQUIVALENT, 1.0
        elif relation.kind == RelationKind.BROADER and is_from:
            yield other_id, Kinship.BROADER, policy.broader
        elif relation.kind == RelationKind.BROADER:
            yield other_id, Kinship.NARROWER, policy.narrower
        elif relation.kind == RelationKind.RELATED and relation.is_curated:
            weight = relation.weight
            if weight is not None and weight >= policy.least_related_weight:
                yield other_id, Kinship.RELATED, policy.related * weight
