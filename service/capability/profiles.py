"""What is recorded about one person: every skill held, claimed or only wished for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from service.capability.blocks import Block
from service.capability.columns import NEVER, day_of
from service.capability.expiry import next_drop
from service.capability.explaining import SourceLevel, disagree, side_by_side
from service.capability.index import Snapshot
from service.capability.levels import history, winner
from service.capability.states import InterestState
from service.domain.proof import TRUSTS, Trust


@dataclass(frozen=True, kw_only=True)
class Counted:
    """An assertion that counts on the day, whether or not it wins."""

    assertion_id: str
    level: int
    trust: Trust
    asserted_on: date


@dataclass(frozen=True, kw_only=True)
class HeldSkill:
    """One skill of a profile."""

    skill_id: str
    name: str
    level: int | None = None
    """None: nothing that was said counts, or only an interest was stated."""
    label: str | None = None
    """The level's name on the scale; None for level 0."""
    trust: Trust | None = None
    assertion_id: str | None = None
    last_used_on: date | None = None
    expires_on: date | None = None
    """The first day on which the level or its trust drops by dates alone."""
    evidence: int = 0
    """Pieces of evidence on what was said, valid or not."""
    interest: InterestState | None = None
    counted: tuple[Counted, ...] = ()
    """All that counts, the winner first."""

    @property
    def place(self) -> str:
        """Sorts by trust and level, highest first, then by name and id; without a level last."""
        rank = 9 if self.trust is None else 8 - self.trust.rank
        return f"{rank} {99 - (self.level or 0):02} {self.name}\x1f{self.skill_id}"

    def disagrees(self, sources: Mapping[str, str | None]) -> bool:
        """Whether sources, named by assertion id, state different levels."""
        levels = (
            SourceLevel(sources.get(each.assertion_id), each.level, each.trust, each.asserted_on, each.assertion_id)
            for each in self.counted
        )
        return disagree(side_by_side(levels))


def profile(snapshot: Snapshot, person_id: str, *, day: int, known: int, floor: int) -> list[HeldSkill]:
    """Every skill that something was said about, or that the person is interested in, in the order of ``place``."""
    person = snapshot.person_row(person_id, known)
    stated = [each for each in snapshot.tables.interests_by_person.known(person_id, known) if each.stated_on <= day]
    wishes = {each.skill_id: each for each in sorted(stated, key=_stated)}
    said = {
        skill_id: ids
        for skill_id, block in snapshot.assertions.blocks.items()
        if (ids := _said(snapshot, block, person, known))
    }
    found = []
    for skill_id in {*said, *wishes}:
        bare = HeldSkill(
            skill_id=skill_id,
            name=snapshot.skill_name(skill_id, known),
            interest=wishes.get(skill_id),
            evidence=_evidence(snapshot, said.get(skill_id, set()), known),
        )
        found.append(_held(snapshot, bare, person, day, known, floor))
    return sorted(found, key=lambda each: each.place)


def contested(skills: list[HeldSkill]) -> list[str]:
    """Ids of the assertions whose sources have to be known to tell whether they disagree."""
    return sorted(each.assertion_id for skill in skills if len(skill.counted) > 1 for each in skill.counted)


def _held(snapshot: Snapshot, bare: HeldSkill, person: int, day: int, known: int, floor: int) -> HeldSkill:
    """*bare* with the level, where there is one."""
    held = history(snapshot, person, bare.skill_id, known)
    best = winner(held, day, floor)
    if best is None:
        return bare
    block = snapshot.block(bare.skill_id)
    drop = next_drop(block, held, day, NEVER, known=known, floor=floor)
    return HeldSkill(
        skill_id=bare.skill_id,
        name=bare.name,
        level=best.level,
        label=_label(snapshot, bare.skill_id, best.level, known),
        trust=TRUSTS[best.trust],
        assertion_id=snapshot.assertion_id(best.reference),
        last_used_on=day_of(best.used),
        expires_on=None if drop is None else day_of(drop.day),
        evidence=bare.evidence,
        interest=bare.interest,
        counted=_counted(snapshot, block, person, day, known, floor),
    )


def _counted(snapshot: Snapshot, block: Block, person: int, day: int, known: int, floor: int) -> tuple[Counted, ...]:
    rows = block.counting.take(block.counting.person_slice(person))
    counts = (rows.first <= day) & (day < rows.until) & (rows.trust >= floor)
    counts &= (rows.recorded <= known) & (known < rows.retracted)
    return tuple(
        Counted(
            assertion_id=snapshot.assertion_id(int(rows.reference[row])),
            level=int(rows.level[row]),
            trust=TRUSTS[int(rows.trust[row])],
            asserted_on=day_of(int(rows.asserted[row])),
        )
        for row in reversed(np.flatnonzero(counts).tolist())
    )


def _said(snapshot: Snapshot, block: Block, person: int, known: int) -> set[str]:
    """Ids of the assertions about a person that are known, valid or not."""
    place = block.stated.person_slice(person)
    if place.start == place.stop:
        return set()
    is_known = (block.stated.recorded[place] <= known) & (known < block.stated.retracted[place])
    return {snapshot.assertion_id(each) for each in block.stated.reference[place][is_known].tolist()}


def _evidence(snapshot: Snapshot, assertion_ids: set[str], known: int) -> int:
    return sum(len(snapshot.tables.evidence_by_assertion.known(each, known)) for each in assertion_ids)


def _label(snapshot: Snapshot, skill_id: str, level: int, known: int) -> str | None:
    for skill in snapshot.tables.skills.known(skill_id, known):
        for scale in snapshot.tables.scales.known(skill.scale_id or "", known):
            return scale.labels[level - 1] if 1 <= level <= len(scale.labels) else None
    return None


def _stated(interest: InterestState) -> tuple[int, int, str]:
    return interest.stated_on, interest.recorded_seq, interest.id
