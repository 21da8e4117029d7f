"""What a house requires beside what an occupation of ESCO or O*NET lists: shared skills and relations only."""

from collections import Counter
from dataclasses import dataclass
from typing import Final, NamedTuple

from service.capability.columns import day_of
from service.capability.credits import KINSHIPS, Kinship, relatives
from service.capability.describing import required_of
from service.capability.index import Snapshot
from service.capability.states import ProfileState
from service.capability.targets import POINTS, Required
from service.errors import Invalid

FRAMEWORKS: Final = ("ESCO", "O*NET")
"""How the source of a role begins that is an occupation."""


class Shared(NamedTuple):
    """A skill that both list."""

    here: Required
    there: Required


class Near(NamedTuple):
    """A skill that only one lists, and one that only the other lists, with a relation between them."""

    here: Required
    there: Required
    kinship: Kinship
    """How the occupation's skill stands to the house's."""
    relation_id: str


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """Two lists of required skills, side by side."""

    profile_id: str
    occupation_profile_id: str
    both: tuple[Shared, ...]
    only_here: tuple[Required, ...]
    only_there: tuple[Required, ...]
    near: tuple[Near, ...]

    @property
    def ratio(self) -> float:
        """Skills in both / skills in either."""
        total = len(self.both) + len(self.only_here) + len(self.only_there)
        return len(self.both) / total if total else 0.0

    @property
    def weighted_ratio(self) -> float:
        """Sum of the lesser / sum of the greater share over all skills; the shares of each list add up to 1."""
        lesser = sum(min(each.here.share, each.there.share) for each in self.both)
        total = POINTS * (bool(self.both or self.only_here) + bool(self.both or self.only_there))
        return lesser / (total - lesser) if total else 0.0


class Nearest(NamedTuple):
    """An occupation that shares skills with a role."""

    role_id: str
    name: str
    source: str
    shared: int
    only_here: int
    only_there: int
    overlap: int
    """Skills in both / skills in either, in millionths."""

    @property
    def place(self) -> str:
        """The most alike first, then by id."""
        return f"{POINTS - self.overlap:07} {self.role_id}"


def is_occupation(source: str | None) -> bool:
    """Whether a role of this source is an occupation of a framework."""
    return (source or "").startswith(FRAMEWORKS)


def profile_of(snapshot: Snapshot, role_id: str, day: int, known: int) -> ProfileState:
    """The profile of a role in force; Invalid where there is none."""
    profile = snapshot.profile_in_force(snapshot.role(role_id, known).id, day, known)
    if profile is None:
        raise Invalid(f"role {role_id!r} has no published profile in force on {day_of(day)}", path=("role",))
    return profile


def occupation_profile(snapshot: Snapshot, occupation_id: str, day: int, known: int) -> ProfileState:
    """The profile of an occupation in force; Invalid for a role that comes from no framework."""
    occupation = snapshot.role(occupation_id, known)
    if not is_occupation(occupation.source):
        raise Invalid(
            f"role {occupation_id!r} has source {occupation.source!r}; "
            f"an occupation's begins with {' or '.join(FRAMEWORKS)}",
            path=("occupation",),
        )
    return profile_of(snapshot, occupation_id, day, known)


def overlap(snapshot: Snapshot, profile_id: str, occupation_id: str, day: int, known: int) -> Overlap:
    """What a profile requires beside what an occupation lists on a day."""
    theirs = occupation_profile(snapshot, occupation_id, day, known)
    here = {each.skill_id: each for each in required_of(snapshot, profile_id, known)}
    there = {each.skill_id: each for each in required_of(snapshot, theirs.id, known)}
    only_here = tuple(each for each in here.values() if each.skill_id not in there)
    only_there = {id_: each for id_, each in there.items() if id_ not in here}
    return Overlap(
        profile_id=profile_id,
        occupation_profile_id=theirs.id,
        both=tuple(Shared(each, there[each.skill_id]) for each in here.values() if each.skill_id in there),
        only_here=only_here,
        only_there=tuple(only_there.values()),
        near=tuple(near for each in only_here for near in _near(snapshot, each, only_there, known)),
    )


def _near(snapshot: Snapshot, here: Required, only_there: dict[str, Required], known: int) -> list[Near]:
    """The occupation's skills with a direct relation to one of the house's, each by its best relation."""
    best: dict[str, tuple[int, str]] = {}
    for relation, other_id, kinship in relatives(snapshot, here.skill_id, known):
        if other_id in only_there:
            rank = KINSHIPS.index(kinship), relation.id
            best[other_id] = min(best.get(other_id, rank), rank)
    found = [Near(here, only_there[id_], KINSHIPS[rank], relation_id) for id_, (rank, relation_id) in best.items()]
    return sorted(found, key=lambda each: (KINSHIPS.index(each.kinship), each.there.name, each.there.skill_id))


def nearest_occupations(snapshot: Snapshot, role_id: str, day: int, known: int) -> list[Nearest]:
    """The occupations that share a skill with what a role requires on a day, the most alike first."""
    own = {each.skill_id for each in snapshot.requirements(profile_of(snapshot, role_id, day, known).id, known)}
    shared: Counter[str] = Counter()
    for skill_id in own:
        shared.update({each.owner_id for each in snapshot.tables.requirements_by_skill.known(skill_id, known)})
    found = []
    for owner_id, count in shared.items():
        for profile in snapshot.tables.profiles.known(owner_id, known):
            for role in snapshot.tables.roles.known(profile.role_id, known):
                if role.id == role_id or not is_occupation(role.source):
                    continue
                if snapshot.profile_in_force(role.id, day, known) != profile:
                    continue
                size = len({each.skill_id for each in snapshot.requirements(owner_id, known)})
                overlap = count * POINTS // (len(own) + size - count)
                found.append(
                    Nearest(role.id, role.name, role.source or "", count, len(own) - count, size - count, overlap)
                )
    return sorted(found, key=lambda each: each.place)
