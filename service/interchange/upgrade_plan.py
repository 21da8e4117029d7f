"""What a newer version of a classification would change here: a plan, from which an upgrade is made.

A skill that the new version no longer has goes to the one that now bears its preferred label; where
several bear it, or only its other names live on, people decide.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from service.domain.roles import Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import Lifecycle, Skill, SkillRelation
from service.domain.values import Fact
from service.errors import Invalid, NotFound
from service.graph import records
from service.graph.database import Database
from service.interchange.house import FAMILY, Settings, kept_settings, skills_here
from service.interchange.problems import Problem, Row
from service.interchange.source import Source
from service.interchange.upgrade_effect import Effect, effect_of


class Fate(StrEnum):
    """What becomes of a skill."""

    ADDED = "ADDED"
    RENAMED = "RENAMED"
    RELABELLED = "RELABELLED"
    REPLACED = "REPLACED"
    MERGED = "MERGED"
    SPLIT = "SPLIT"
    DEPRECATED = "DEPRECATED"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One skill of the plan."""

    fate: Fate
    skill_id: str
    name: str
    """As it is called here now; for an added one, as the new version calls it."""
    new_name: str = ""
    successors: tuple[str, ...] = ()
    """Ids: the one that takes over, or for SPLIT and DEPRECATED those that people may choose from."""
    people: int = 0
    """How many people hold it."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an upgrade is going to do."""

    source: str
    lines: Sequence[Line]
    names: Mapping[str, str]
    """What the new version calls the skills that the lines name."""
    gone: Mapping[str, Skill]
    """Skills that are to be deprecated, in the state they are to have."""
    house: Settings
    """What the house has set and the new version must not overwrite."""
    dropped: Mapping[type[Fact], Sequence[str]]
    """Relations and requirements of the classification that the new version no longer has."""
    retired_roles: Sequence[RoleProfile]
    """Published profiles of roles that the new version no longer has."""
    effect: Effect
    problems: Sequence[Problem] = field(default_factory=tuple)

    @property
    def counts(self) -> Counter[Fate]:
        """How many skills have each fate."""
        return Counter(line.fate for line in self.lines)

    @property
    def successors(self) -> dict[str, str]:
        """The skill that takes over, by the one that goes."""
        return {id_: each.replaced_by_id for id_, each in self.gone.items() if each.replaced_by_id is not None}


async def plan(database: Database, source: Source) -> Plan:
    """What *source*, a version of ESCO, would change in the registry. Nothing is written.

    Raises NotFound when the registry holds nothing of ESCO, Invalid when a skill or role cannot be read: it
    would be taken for one that is gone.
    """
    new = _read(source)
    here = await skills_here(database)
    if not here:
        raise NotFound(f"The registry holds no skill of {FAMILY} to upgrade; run: registry import esco FILE")
    house = await kept_settings(database, here, new.skills)
    lines, gone = _compared(here, new.skills, house)
    dropped = {
        SkillRelation: [id_ async for id_ in _lost_relations(database, new)],
        Requirement: [id_ async for id_ in _lost_requirements(database, new, here)],
    }
    retired = [each async for each in _lost_profiles(database, new)]
    effect = await effect_of(database, gone, frozenset(dropped[Requirement]))
    lines = [replace(line, people=effect.holders.get(line.skill_id, 0)) for line in lines]
    return Plan(
        source=source.name,
        lines=lines,
        names={id_: skill.name for id_, skill in new.skills.items()},
        gone=gone,
        house=house,
        dropped=dropped,
        retired_roles=retired,
        effect=effect,
        problems=new.problems,
    )


@dataclass(frozen=True, kw_only=True)
class _New:
    """What the new version has: skills, and ids of the rest."""

    skills: Mapping[str, Skill]
    ids: Mapping[type[Fact], set[str]]
    problems: Sequence[Problem]


def _read(source: Source) -> _New:
    skills: dict[str, Skill] = {}
    ids: defaultdict[type[Fact], set[str]] = defaultdict(set)
    problems: list[Problem] = []
    for shape, stream in source.streams():
        for each in stream:
            if isinstance(each, Row):
                ids[shape].add(each.fact.id)
                if isinstance(each.fact, Skill):
                    skills[each.fact.id] = each.fact
            elif shape in (Skill, Role):
                raise Invalid(
                    f"{each.file}, row {each.row}, {each.column} {each.value!r}: {each.reason}. "
                    "A row that cannot be read would look like one that is gone; mend it first"
                )
            else:
                problems.append(each)
    return _New(skills=skills, ids=ids, problems=problems)


def _compared(
    here: Mapping[str, Skill], new: Mapping[str, Skill], house: Settings
) -> tuple[list[Line], dict[str, Skill]]:
    """The lines of the plan, and what the skills that go become."""
    lines = [
        Line(fate=Fate.ADDED, skill_id=id_, name=skill.name)
        for id_, skill in new.items()
        if id_ not in here and skill.lifecycle is not Lifecycle.DEPRECATED
    ]
    going: dict[str, Skill] = {}
    for id_, skill in here.items():
        if skill.lifecycle is Lifecycle.DEPRECATED:
            continue
        now = replace(new[id_], **house.get(id_, {})) if id_ in new else None
        if now is None or now.lifecycle is Lifecycle.DEPRECATED:
            going[id_] = replace(now or skill, lifecycle=Lifecycle.DEPRECATED)
        elif now.name != skill.name:
            lines.append(Line(fate=Fate.RENAMED, skill_id=id_, name=skill.name, new_name=now.name))
        elif set(now.alternative_labels) != set(skill.alternative_labels):
            lines.append(Line(fate=Fate.RELABELLED, skill_id=id_, name=skill.name))
    return lines + _successions(here, new, going), going


def _successions(here: Mapping[str, Skill], new: Mapping[str, Skill], going: dict[str, Skill]) -> list[Line]:
    """Where the skills *going* go; writes the successor, where there is one, into them."""
    bearers = _Bearers(
        skill for id_, skill in new.items() if id_ not in going and not _is_deprecated(here.get(id_, skill))
    )
    found = {id_: bearers.of(here[id_]) for id_ in going}
    takers = Counter(successor for successor, _ in found.values() if successor is not None)
    lines = []
    for id_, (successor, candidates) in found.items():
        if successor is not None:
            fate = Fate.MERGED if takers[successor] > 1 else Fate.REPLACED
            going[id_] = replace(going[id_], replaced_by_id=successor)
        else:
            fate = Fate.SPLIT if len(candidates) > 1 else Fate.DEPRECATED
        named = (successor,) if successor is not None else tuple(candidates)
        lines.append(Line(fate=fate, skill_id=id_, name=here[id_].name, successors=named))
    return lines


def _is_deprecated(skill: Skill) -> bool:
    return skill.lifecycle is Lifecycle.DEPRECATED


class _Bearers:
    """The skills of the new version by what they are called."""

    def __init__(self, skills: Iterable[Skill]) -> None:
        self._preferred: defaultdict[tuple[bool, str], list[str]] = defaultdict(list)
        self._other: defaultdict[tuple[bool, str], list[str]] = defaultdict(list)
        for skill in skills:
            self._preferred[skill.is_group, _plain(skill.name)].append(skill.id)
            for label in dict.fromkeys(_others(skill)):
                self._other[skill.is_group, label].append(skill.id)

    def of(self, skill: Skill) -> tuple[str | None, list[str]]:
        """Who takes over from *skill*, when one can be told; else who may."""
        label = skill.is_group, _plain(skill.name)
        for bearing in (self._preferred[label], self._other[label]):
            if bearing:
                return (bearing[0], []) if len(bearing) == 1 else (None, sorted(bearing))
        alike = {
            id_
            for other in _others(skill)
            for id_ in (*self._preferred[skill.is_group, other], *self._other[skill.is_group, other])
        }
        return None, sorted(alike)


def _others(skill: Skill) -> Iterator[str]:
    return (_plain(label.rpartition("@")[0]) for label in skill.alternative_labels)


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())


async def _lost_relations(database: Database, new: _New) -> AsyncIterator[str]:
    """The classification's own relations that the new version no longer has; a curated one is the house's."""
    async for page in records.everything(database, SkillRelation):
        for relation in page:
            is_own = (relation.origin or "").startswith(FAMILY) and not relation.is_curated
            if is_own and relation.id not in new.ids[SkillRelation]:
                yield relation.id


async def _lost_requirements(database: Database, new: _New, here: Mapping[str, Skill]) -> AsyncIterator[str]:
    """What the classification's roles no longer require; what the house has them require beside its skills stays."""
    if await records.count(database, Role) == 0:
        return
    async for page in records.everything(database, Requirement):
        for each in page:
            is_own = each.owner_id in new.ids[RoleProfile] and each.skill_id in here
            if is_own and each.id not in new.ids[Requirement]:
                yield each.id


async def _lost_profiles(database: Database, new: _New) -> AsyncIterator[RoleProfile]:
    """The published profiles of the classification's roles that the new version no longer has, as RETIRED."""
    async for page in records.everything(database, Role):
        lost = [each.id for each in page if (each.source or "").startswith(FAMILY) and each.id not in new.ids[Role]]
        for profiles in (await records.below(database, RoleProfile, "role_id", lost)).values() if lost else ():
            for profile in profiles:
                if profile.status is VersionStatus.PUBLISHED:
                    yield replace(profile, status=VersionStatus.RETIRED)
