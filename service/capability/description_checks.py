"""What is wrong with a job description: its requirements, the people there are, and its words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from service.capability.columns import day_number
from service.capability.comparison import Comparison, comparison
from service.capability.describing import Words, required_of
from service.capability.index import Snapshot
from service.capability.levels import Window, levels
from service.capability.occupations import occupation_profile
from service.capability.plain_words import Mentions, vague_words
from service.capability.ranking import eligible, held_throughout, in_service
from service.capability.states import SkillState
from service.capability.targets import Required, Resolved
from service.domain.policy import LEVEL_RULE
from service.domain.proof import Trust
from service.domain.roles import JobDescription
from service.domain.skills import Lifecycle

MOST_MUST_HAVES: Final = 10
"""More mandatory requirements than this are too many: few people can be found who meet them all."""
MOST_MUST_HAVE_SHARE: Final = 0.8
"""A larger share of mandatory requirements is too much: next to nothing is left to tell people apart by."""
FEWEST_FOR_SHARE: Final = 5
"""Fewer requirements than this may all be mandatory."""


class FindingKind(StrEnum):
    """What is wrong with a job description."""

    NO_REQUIREMENTS = "NO_REQUIREMENTS"
    GROUP_SKILL = "GROUP_SKILL"
    DEPRECATED_SKILL = "DEPRECATED_SKILL"
    DRAFT_SKILL = "DRAFT_SKILL"
    NOBODY_HAS_IT = "NOBODY_HAS_IT"
    NOBODY_MEETS_ALL = "NOBODY_MEETS_ALL"
    TOO_MANY_MUST_HAVES = "TOO_MANY_MUST_HAVES"
    NO_LEVELS = "NO_LEVELS"
    NO_LEVEL_MEANINGS = "NO_LEVEL_MEANINGS"
    NOT_IN_OCCUPATION = "NOT_IN_OCCUPATION"
    MISSING_IN_TEXT = "MISSING_IN_TEXT"
    VAGUE_WORDS = "VAGUE_WORDS"


class FindingSeverity(StrEnum):
    """How much a finding matters."""

    ERROR = "ERROR"
    WARNING = "WARNING"
    HINT = "HINT"


SEVERITIES: Final = {
    FindingKind.NO_REQUIREMENTS: FindingSeverity.ERROR,
    FindingKind.GROUP_SKILL: FindingSeverity.ERROR,
    FindingKind.DEPRECATED_SKILL: FindingSeverity.ERROR,
    FindingKind.DRAFT_SKILL: FindingSeverity.WARNING,
    FindingKind.NOBODY_HAS_IT: FindingSeverity.WARNING,
    FindingKind.NOBODY_MEETS_ALL: FindingSeverity.WARNING,
    FindingKind.TOO_MANY_MUST_HAVES: FindingSeverity.WARNING,
    FindingKind.NO_LEVELS: FindingSeverity.WARNING,
    FindingKind.NO_LEVEL_MEANINGS: FindingSeverity.HINT,
    FindingKind.NOT_IN_OCCUPATION: FindingSeverity.HINT,
    FindingKind.MISSING_IN_TEXT: FindingSeverity.WARNING,
    FindingKind.VAGUE_WORDS: FindingSeverity.HINT,
}
_SEVERITY_ORDER: Final = tuple(FindingSeverity)
_KIND_ORDER: Final = tuple(FindingKind)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong."""

    kind: FindingKind
    sentence: str
    skill_id: str | None = None
    successor_id: str | None = None
    """DEPRECATED_SKILL: the skill to use instead."""
    lower: int | None = None
    """NOBODY_HAS_IT: people who hold it below the level."""
    unverified: int | None = None
    """NOBODY_HAS_IT: people who would have it if claims were believed."""
    start: int | None = None
    end: int | None = None
    """VAGUE_WORDS: where in the text the word first stands."""
    count: int | None = None
    """VAGUE_WORDS: how often."""

    @property
    def severity(self) -> FindingSeverity:
        """How much it matters."""
        return SEVERITIES[self.kind]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Everything found, and the counts behind it."""

    profile_id: str
    day: date
    known: int
    findings: tuple[Finding, ...]
    """The gravest first, then by kind, then in the order of the requirements or of the text."""
    requirements: int
    mandatory: int
    people: int
    """In service on the day."""
    eligible: int
    """Those of them who meet every mandatory requirement, or are exempt."""
    level_rule: str = LEVEL_RULE


def check(  # the parts of the question
    snapshot: Snapshot,
    profile_id: str,
    words: Words,
    description: JobDescription | None,
    *,
    day: date,
    known: int,
    occupation_id: str | None = None,
) -> Checked:
    """What is wrong with a profile, and with the *description* that cites it."""
    number = day_number(day)
    required = required_of(snapshot, profile_id, known, Trust.CLAIMED.rank)
    resolved = Resolved(required, Window(number, number + 1), known, words.role.id)
    asked = comparison(snapshot, resolved)
    here = in_service(asked)
    can = eligible(asked) & here
    found = [*_as_list(snapshot, words, required, known), *_skills(snapshot, words, required, known)]
    found += _people(asked, has_eligible=bool(can.any()))
    if occupation_id is not None:
        found += _occupation(snapshot, required, occupation_id, number, known)
    if description is not None:
        found += _text(words, required, description)
    found.sort(key=lambda each: (_SEVERITY_ORDER.index(each.severity), _KIND_ORDER.index(each.kind)))
    return Checked(
        profile_id=profile_id,
        day=day,
        known=known,
        findings=tuple(found),
        requirements=len(required),
        mandatory=sum(each.is_mandatory for each in required),
        people=int(here.sum()),
        eligible=int(can.sum()),
    )


def _as_list(snapshot: Snapshot, words: Words, required: tuple[Required, ...], known: int) -> Iterator[Finding]:
    """What is wrong with the list as a whole."""
    if not required:
        name = words.role.name
        yield Finding(kind=FindingKind.NO_REQUIREMENTS, sentence=f"The profile of {name!r} requires no skill at all.")
        return
    total, mandatory = len(required), sum(each.is_mandatory for each in required)
    is_most = total >= FEWEST_FOR_SHARE and mandatory > MOST_MUST_HAVE_SHARE * total
    if mandatory > MOST_MUST_HAVES or is_most:
        yield Finding(
            kind=FindingKind.TOO_MANY_MUST_HAVES,
            sentence=f"{mandatory} of {total} requirements are mandatory; ask for {MOST_MUST_HAVES} at most, and for "
            f"{MOST_MUST_HAVE_SHARE:.0%} of them at most, or nobody is left to choose from.",
        )
    graded = [each for each in required if (snapshot.level_count(each.skill_id, known) or 1) > 1]
    if graded and all(each.level == 1 for each in graded):
        yield Finding(
            kind=FindingKind.NO_LEVELS,
            sentence=f"Level 1 is asked everywhere, of {len(graded)} skills that have more levels; say how good is "
            "good enough.",
        )


def _skills(snapshot: Snapshot, words: Words, required: tuple[Required, ...], known: int) -> Iterator[Finding]:
    """What is wrong with the skills that are asked for."""
    for each in required:
        for skill in snapshot.tables.skills.known(each.skill_id, known):
            if skill.is_group:
                sentence = f"{each.name!r} is a heading of the classification, which nobody holds; name a skill below."
                yield Finding(kind=FindingKind.GROUP_SKILL, sentence=sentence, skill_id=skill.id)
            if skill.lifecycle == Lifecycle.DRAFT:
                sentence = f"{each.name!r} is a draft that no curator has published."
                yield Finding(kind=FindingKind.DRAFT_SKILL, sentence=sentence, skill_id=skill.id)
            if skill.lifecycle == Lifecycle.DEPRECATED:
                successor = _successor(snapshot, skill, known)
                instead = f"use {successor.name!r} instead" if successor else "nothing takes its place"
                yield Finding(
                    kind=FindingKind.DEPRECATED_SKILL,
                    sentence=f"{each.name!r} is no longer to be used; {instead}.",
                    skill_id=skill.id,
                    successor_id=successor.id if successor else None,
                )
            if not skill.is_group and words.meaning(each.skill_id, each.level) is None:
                sentence = f"Nobody wrote down what level {each.level} of {each.name!r} means."
                yield Finding(kind=FindingKind.NO_LEVEL_MEANINGS, sentence=sentence, skill_id=skill.id)


def _successor(snapshot: Snapshot, skill: SkillState, known: int) -> SkillState | None:
    """The skill at the end of the chain of successors; None: nothing takes its place."""
    found, seen = skill, {skill.id}
    while found.replaced_by_id is not None and found.replaced_by_id not in seen:
        seen.add(found.replaced_by_id)
        found = next(iter(snapshot.tables.skills.known(found.replaced_by_id, known)), found)
    return None if found is skill else found


def _people(asked: Comparison, *, has_eligible: bool) -> Iterator[Finding]:
    """Must-haves that nobody in service has, and whether anybody has them all."""
    here, is_held, mandatory = in_service(asked), True, [each for each in asked.criteria if each.required.is_mandatory]
    for criterion in mandatory:
        required = criterion.required
        if (held_throughout(asked, required) & here).any():
            continue
        is_held = False
        day = asked.window.first
        held = levels(asked.snapshot, required.skill_id, day, known=asked.known, floor=required.floor)
        claimed = levels(asked.snapshot, required.skill_id, day, known=asked.known, floor=Trust.CLAIMED.rank)
        lower = int(((held >= 1) & here).sum())
        unverified = int(((claimed >= required.level) & here).sum())
        yield Finding(
            kind=FindingKind.NOBODY_HAS_IT,
            sentence=f"Nobody in service has {required.name!r} at level {required.level} now; {lower} hold it lower, "
            f"{unverified} would have it if claims were believed.",
            skill_id=required.skill_id,
            lower=lower,
            unverified=unverified,
        )
    if mandatory and is_held and not has_eligible:
        yield Finding(
            kind=FindingKind.NOBODY_MEETS_ALL,
            sentence=f"Somebody has each of the {len(mandatory)} must-haves, and nobody has them all.",
        )


def _occupation(
    snapshot: Snapshot, required: tuple[Required, ...], occupation_id: str, day: int, known: int
) -> Iterator[Finding]:
    """Must-haves that a comparable occupation does not list."""
    theirs = occupation_profile(snapshot, occupation_id, day, known)
    listed = {each.skill_id for each in snapshot.requirements(theirs.id, known)}
    occupation = snapshot.role(occupation_id, known)
    for each in required:
        if each.is_mandatory and each.skill_id not in listed:
            sentence = f"{each.name!r} is a must-have that the occupation {occupation.name!r} does not list."
            yield Finding(kind=FindingKind.NOT_IN_OCCUPATION, sentence=sentence, skill_id=each.skill_id)


def _text(words: Words, required: tuple[Required, ...], description: JobDescription) -> Iterator[Finding]:
    """Must-haves that the text leaves out, and what it says vaguely, where it is English."""
    said = Mentions(f"{description.title}\n{description.text}")
    for each in required:
        skill = words.skills.get(each.skill_id)
        names = [each.name, *(label.rpartition("@")[0] for label in (skill.alternative_labels if skill else ()))]
        if each.is_mandatory and not said.any_of(names):
            sentence = f"The text does not mention {each.name!r}, which is a must-have."
            yield Finding(kind=FindingKind.MISSING_IN_TEXT, sentence=sentence, skill_id=each.skill_id)
    if description.language.partition("-")[0] != "en":
        return
    for word in vague_words(description.text):
        often = "" if word.times == 1 else f" {word.times} times"
        yield Finding(
            kind=FindingKind.VAGUE_WORDS,
            sentence=f"The text says {word.word!r}{often}, which can be neither shown nor checked.",
            start=word.start,
            end=word.end,
            count=word.times,
        )
