"""The names that skills go by, and the proposals that wait: texts for people, which the index does not hold."""

from dataclasses import dataclass

from service.domain.skills import Lifecycle, ProposalStatus, SkillKind, SkillProposal
from service.domain.values import Id
from service.graph.database import Database, adapter

PAGE = 20_000


@dataclass(frozen=True, kw_only=True)
class SkillLabels:
    """A current skill, which is no heading, with its names."""

    id: Id
    name: str
    kind: SkillKind
    lifecycle: Lifecycle
    alternative_labels: tuple[str, ...]
    """Each with its language, as text@en."""


LABELS = """
MATCH (skill:Skill) WHERE skill.id > $after AND skill.retracted_seq IS NULL
RETURN skill.id, skill.name, skill.kind, skill.lifecycle, skill.alternative_labels, skill.is_group
ORDER BY skill.id LIMIT $first
"""


async def every_skill(database: Database) -> list[SkillLabels]:
    """The names of every current skill that is no heading, in the order of ids."""
    found: list[SkillLabels] = []
    after = ""
    while True:
        rows = await database.reading(lambda transaction: transaction.values(LABELS, after=after, first=PAGE))  # noqa: B023  # awaited at once
        for id_, name, kind, lifecycle, labels, is_group in rows:
            if not is_group:
                found.append(
                    SkillLabels(
                        id=id_,
                        name=name,
                        kind=SkillKind(kind),
                        lifecycle=Lifecycle(lifecycle),
                        alternative_labels=tuple(labels or ()),
                    )
                )
        if len(rows) < PAGE:
            return found
        after = rows[-1][0]


PROPOSALS = """
MATCH (fact:SkillProposal)
WHERE fact.retracted_seq IS NULL AND fact.status = $status
AND (fact.proposed_on > $day OR (fact.proposed_on = $day AND fact.id > $after))
RETURN properties(fact) AS fact
ORDER BY fact.proposed_on, fact.id LIMIT $first
"""

COUNT_PROPOSALS = """
MATCH (fact:SkillProposal) WHERE fact.retracted_seq IS NULL AND fact.status = $status
RETURN count(fact) AS count
"""


async def proposals(
    database: Database, status: ProposalStatus, *, day: str, after: str, first: int
) -> list[SkillProposal]:
    """The *first* current proposals of *status* behind the one of id *after* of *day*, the oldest first."""
    rows = await database.rows(PROPOSALS, status=status.value, day=day, after=after, first=first)
    return [adapter(SkillProposal).validate_python(row["fact"]) for row in rows]


async def count_proposals(database: Database, status: ProposalStatus) -> int:
    """How many current proposals are of *status*."""
    return int((await database.rows(COUNT_PROPOSALS, status=status.value))[0]["count"])
