"""Which skills earn credit for which, from their direct relations."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from service.capability.index import Snapshot
from service.capability.states import RelationState
from service.domain.policy import FitPolicy
from service.domain.skills import RelationKind


class Kinship(StrEnum):
    """How a skill that earns credit stands to the skill that is asked for, best first."""

    ITSELF = "ITSELF"
    EQUIVALENT = "EQUIVALENT"
    NARROWER = "NARROWER"
    BROADER = "BROADER"
    RELATED = "RELATED"


KINSHIPS: Final = tuple(Kinship)
"""Best first."""


class Source(NamedTuple):
    """A skill that earns credit for the skill asked."""

    skill_id: str
    kinship: Kinship
    sigma: float
    """Credit for holding it in full."""
    scale: tuple[int, int]
    """Numbers of levels: of the skill asked, and of this one; (1, 1) where a scale is not known."""
    relation_id: str | None = None
    """The relation through which it earns credit; None: it is the skill itself."""

    def converted(self, held: int) -> float:
        """A level of this skill on the scale of the skill asked."""
        return held * self.scale[0] / self.scale[1]


def sources(snapshot: Snapshot, skill_id: str, policy: FitPolicy, known: int) -> list[Source]:
    """The skill itself, then every other that earns credit for it, by id, each with its best relation."""
    best: dict[str, _Link] = {}
    for link in _related(snapshot, skill_id, policy, known):
        former = best.get(link.skill_id)
        if link.sigma > 0 and (former is None or link.rank < former.rank):
            best[link.skill_id] = link
    asked = snapshot.level_count(skill_id, known)
    found = [Source(skill_id, Kinship.ITSELF, 1.0, (1, 1))]
    for other_id, link in sorted(best.items()):
        other = snapshot.level_count(other_id, known)
        scale = (asked, other) if asked and other else (1, 1)
        found.append(Source(other_id, link.kinship, link.sigma, scale, link.relation_id))
    return found


class _Link(NamedTuple):
    """A direct relation to another skill, as it earns credit."""

    skill_id: str
    kinship: Kinship
    sigma: float
    relation_id: str

    @property
    def rank(self) -> tuple[float, int, str]:
        """The lower the better: most credit, then best kinship, then id."""
        return -self.sigma, KINSHIPS.index(self.kinship), self.relation_id


def _related(snapshot: Snapshot, skill_id: str, policy: FitPolicy, known: int) -> Iterator[_Link]:
    """Every direct relation that may earn credit."""
    for relation, other_id, kinship in relatives(snapshot, skill_id, known):
        if kinship is not Kinship.RELATED:
            yield _Link(other_id, kinship, _credit(policy, kinship), relation.id)
        elif relation.is_curated and relation.weight is not None and relation.weight >= policy.least_related_weight:
            yield _Link(other_id, kinship, policy.related * relation.weight, relation.id)


def _credit(policy: FitPolicy, kinship: Kinship) -> float:
    return {Kinship.BROADER: policy.broader, Kinship.NARROWER: policy.narrower}.get(kinship, 1.0)


def relatives(snapshot: Snapshot, skill_id: str, known: int) -> Iterator[tuple[RelationState, str, Kinship]]:
    """Every direct relation but those of order, with the other skill and how it stands to the one asked."""
    to = ((each, each.from_id, Kinship.NARROWER) for each in snapshot.tables.relations_by_to.known(skill_id, known))
    out = ((each, each.to_id, Kinship.BROADER) for each in snapshot.tables.relations_by_from.known(skill_id, known))
    for relation, other_id, direction in (*to, *out):
        if relation.kind == RelationKind.BROADER:
            yield relation, other_id, direction
        elif relation.kind == RelationKind.EQUIVALENT:
            yield relation, other_id, Kinship.EQUIVALENT
        elif relation.kind == RelationKind.RELATED:
            yield relation, other_id, Kinship.RELATED
