"""How far a review has come: which of the assertions asked about were decided on or stated since it began."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from service.capability.blocks import Block
from service.capability.columns import day_number, day_of
from service.capability.index import Snapshot
from service.capability.scopes import People, reach
from service.capability.states import CampaignState
from service.errors import NotFound

Counts = NDArray[np.int64]
"""One number for each person row."""


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """One person's part of a review."""

    person_id: str
    total: int
    open: int


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a review has come on a day, with a page of its people."""

    campaign_id: str
    starts_on: date
    due_on: date
    known: int
    total: int
    open: int
    is_closed: bool
    is_overdue: bool
    is_reminder_due: bool
    """Whether people with something open are to be reminded."""
    people: tuple[Reviewed, ...]
    people_total: int
    has_more: bool

    @property
    def reviewed(self) -> int:
        """Assertions that were reviewed."""
        return self.total - self.open

    @property
    def ratio(self) -> float:
        """Reviewed of all; 1 when there is nothing to review."""
        return self.reviewed / self.total if self.total else 1.0


def review_progress(
    snapshot: Snapshot, campaign_id: str, *, as_of: date, known: int, first: int, after: str = ""
) -> Progress:
    """The progress of a review on a day, with the *first* of its people behind the id *after*, by id.

    In it are the assertions, valid on the day, of people in service in the unit or below it, within the branch
    of the skills. Reviewed is what was stated or decided on from its first day up to the day asked about.
    """
    known, day = min(known, snapshot.seq), day_number(as_of)
    campaign = next(iter(snapshot.tables.campaigns.known(campaign_id, known)), None)
    if campaign is None:
        raise NotFound(f"no review {campaign_id!r}", path=("campaign",))
    total, reviewed = _counts(snapshot, campaign, day, known)
    left = total - reviewed
    concerned = sorted((snapshot.people.ids[row], row) for row in np.flatnonzero(total).tolist())
    rest = [(person_id, row) for person_id, row in concerned if person_id > after]
    is_closed = campaign.closed_on <= day
    return Progress(
        campaign_id=campaign.id,
        starts_on=day_of(campaign.starts_on),
        due_on=day_of(campaign.due_on),
        known=known,
        total=int(total.sum()),
        open=int(left.sum()),
        is_closed=is_closed,
        is_overdue=not is_closed and day > campaign.due_on and bool(left.any()),
        is_reminder_due=not is_closed and day >= campaign.due_on - campaign.remind_days,
        people=tuple(
            Reviewed(person_id=person_id, total=int(total[row]), open=int(left[row])) for person_id, row in rest[:first]
        ),
        people_total=len(concerned),
        has_more=len(rest) > first,
    )


def _counts(snapshot: Snapshot, campaign: CampaignState, day: int, known: int) -> tuple[Counts, Counts]:
    """How many assertions of each person row are in the review, and how many of them were reviewed."""
    asked_of = reach(snapshot, day, known, assessor_id=None, unit_id=campaign.unit_id, skill_id=campaign.skill_id)
    people = asked_of.people & snapshot.service(known).on(day)
    total, reviewed = np.zeros(snapshot.size, np.int64), np.zeros(snapshot.size, np.int64)
    for block in _blocks(snapshot, asked_of.skills):
        rows = _asked(block, people, day, known)
        total += np.bincount(block.stated.person[rows], minlength=snapshot.size)
        done = rows[_is_reviewed(block, rows, campaign.starts_on, day, known)]
        reviewed += np.bincount(block.stated.person[done], minlength=snapshot.size)
    return total, reviewed


def _blocks(snapshot: Snapshot, skills: frozenset[str] | None) -> Iterator[Block]:
    blocks = snapshot.assertions.blocks
    yield from blocks.values() if skills is None else (snapshot.block(each) for each in skills)


def _asked(block: Block, people: People, day: int, known: int) -> NDArray[np.intp]:
    """The stated rows of a skill that are known, valid on the day, and of the *people*."""
    stated = block.stated
    is_asked = people[stated.person] & (stated.recorded <= known) & (stated.retracted > known)
    is_asked &= (stated.first <= day) & (stated.until > day)
    return np.flatnonzero(is_asked)


def _is_reviewed(block: Block, rows: NDArray[np.intp], starts: int, day: int, known: int) -> NDArray[np.bool_]:
    """Which of the stated *rows* were made, or decided on, from the first day up to the day asked about."""
    asserted = block.stated.asserted[rows]
    is_reviewed: NDArray[np.bool_] = (asserted >= starts) & (asserted <= day)
    owns, references = block.stated.own[rows].tolist(), block.stated.reference[rows].tolist()
    for at in np.flatnonzero(~is_reviewed).tolist() if block.decisions else ():
        is_reviewed[at] = any(
            owns[at] <= each.recorded_seq <= known < each.retracted_seq and starts <= each.decided_on <= day
            for each in block.decisions.get(references[at], ())
        )
    return is_reviewed
