"""A draft job description from a role profile: only what the registry holds, the same every time.

A section without data is left out. Headings are English; names and meanings stand as they were recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from service.capability.index import Snapshot
from service.capability.learning_path import Step, learning_path
from service.capability.targets import Required, listed
from service.domain.proof import TRUSTS, Trust
from service.domain.roles import Role
from service.domain.skills import Scale, Skill, SkillKind

LANGUAGE: Final = "en"
"""The language that headings and connecting words are in."""

BULLETS: Final = ("- ", "* ", "• ")
"""How a line of a role's description begins that names a duty."""


class SectionKind(StrEnum):
    """What a section of a job description is about, in reading order."""

    PURPOSE = "PURPOSE"
    DUTIES = "DUTIES"
    REQUIRED = "REQUIRED"
    DESIRABLE = "DESIRABLE"
    LEARNING = "LEARNING"


HEADINGS: Final = {
    SectionKind.PURPOSE: "Purpose",
    SectionKind.DUTIES: "Duties",
    SectionKind.REQUIRED: "Required skills",
    SectionKind.DESIRABLE: "Desirable skills",
    SectionKind.LEARNING: "How to get there",
}


class Line(NamedTuple):
    """One line of a section, and the facts that it words."""

    text: str
    skill_id: str | None = None
    level: int | None = None
    level_label: str | None = None
    level_meaning: str | None = None
    trust: Trust | None = None
    """Least trust that the profile asks for."""
    course_id: str | None = None
    hours: float | None = None


class Section(NamedTuple):
    """A heading and what stands under it."""

    kind: SectionKind
    heading: str
    lines: tuple[Line, ...]


class Naming(NamedTuple):
    """Whose words a description is made of."""

    role_id: str
    skill_ids: tuple[str, ...]
    scale_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Words:
    """The texts that the index does not keep: facts as they were known, by id."""

    role: Role
    skills: Mapping[str, Skill]
    scales: Mapping[str, Scale]

    def meaning(self, skill_id: str, level: int) -> str | None:
        """What a level means for a skill, else on its scale; None where nobody wrote it down."""
        skill = self.skills.get(skill_id)
        if skill is None:
            return None
        scale = self.scales.get(skill.scale_id or "")
        texts = skill.level_descriptions or (scale.descriptions if scale is not None else [])
        return texts[level - 1].strip() or None if level <= len(texts) else None

    def label(self, skill_id: str, level: int) -> str | None:
        """What a level is called on the skill's scale."""
        skill = self.skills.get(skill_id)
        scale = self.scales.get(skill.scale_id or "") if skill is not None else None
        return scale.labels[level - 1] if scale is not None and level <= len(scale.labels) else None


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A draft text, whole and in its sections."""

    role_id: str
    profile_id: str
    known: int
    title: str
    sections: tuple[Section, ...]
    text: str
    """Markdown."""


def naming(snapshot: Snapshot, profile_id: str, known: int) -> Naming:
    """The role, skills and scales that a profile names."""
    profile = snapshot.profile(profile_id, known)
    skill_ids = sorted({each.skill_id for each in snapshot.requirements(profile_id, known)})
    skills = [skill for each in skill_ids for skill in snapshot.tables.skills.known(each, known)]
    return Naming(profile.role_id, tuple(skill_ids), tuple(sorted({each.scale_id for each in skills if each.scale_id})))


def required_of(snapshot: Snapshot, profile_id: str, known: int, floor: int = 0) -> tuple[Required, ...]:
    """What a profile requires, in the listed order; nothing where it is empty."""
    found = snapshot.requirements(profile_id, known)
    return listed(snapshot, found, floor, known) if found else ()


def composed(snapshot: Snapshot, profile_id: str, words: Words, known: int) -> Composed:
    """The draft of a job description that a profile makes."""
    required = required_of(snapshot, profile_id, known)
    purpose, duties = _role_lines(words.role)
    duties += [
        Line(each.name, skill_id=each.skill_id)
        for each in required
        if each.is_mandatory and _kind(words, each.skill_id) is SkillKind.SKILL
    ]
    lines = {
        SectionKind.PURPOSE: purpose,
        SectionKind.DUTIES: duties,
        SectionKind.REQUIRED: [_skill(snapshot, words, each, known) for each in required if each.is_mandatory],
        SectionKind.DESIRABLE: [_skill(snapshot, words, each, known) for each in required if not each.is_mandatory],
        SectionKind.LEARNING: _learning(snapshot, learning_path(snapshot, required, known), known),
    }
    sections = tuple(Section(kind, HEADINGS[kind], tuple(lines[kind])) for kind in SectionKind if lines[kind])
    return Composed(
        role_id=words.role.id,
        profile_id=profile_id,
        known=known,
        title=words.role.name,
        sections=sections,
        text=markdown(words.role.name, sections),
    )


def markdown(title: str, sections: Iterable[Section]) -> str:
    """The sections under their headings: the purpose as paragraphs, everything else as lists."""
    blocks = [f"# {_flat(title)}"]
    for section in sections:
        blocks.append(f"## {section.heading}")
        if section.kind is SectionKind.PURPOSE:
            blocks += [line.text for line in section.lines]
        else:
            blocks.append("\n".join(f"- {line.text}" for line in section.lines))
    return "\n\n".join(blocks) + "\n"


def _role_lines(role: Role) -> tuple[list[Line], list[Line]]:
    """The lines of a role's description that say what it is for, and those that list duties."""
    purpose, duties = list[Line](), list[Line]()
    for text in filter(None, map(str.strip, (role.description or "").splitlines())):
        if text.startswith(BULLETS):
            duties.append(Line(_flat(text[1:])))
        else:
            purpose.append(Line(_flat(text)))
    return purpose, duties


def _kind(words: Words, skill_id: str) -> SkillKind | None:
    skill = words.skills.get(skill_id)
    return None if skill is None else skill.kind


def _skill(snapshot: Snapshot, words: Words, required: Required, known: int) -> Line:
    """A skill with its level, trust and what the level means, as far as they say anything."""
    count = snapshot.level_count(required.skill_id, known)
    label = words.label(required.skill_id, required.level)
    meaning = words.meaning(required.skill_id, required.level)
    trust = TRUSTS[required.floor] if required.floor > Trust.CLAIMED.rank else None
    said = [f"level {required.level} of {count} ({label})"] if count is not None and count > 1 and label else []
    said += [str(trust).lower()] if trust is not None else []
    text = _flat(required.name) + (": " + ", ".join(said) if said else "")
    if meaning is not None:
        text += f". {_flat(meaning)}"
    return Line(text, required.skill_id, required.level, label, meaning, trust)


def _learning(snapshot: Snapshot, path: Iterable[Step], known: int) -> list[Line]:
    lines = []
    for step in path:
        course = step.course
        hours = "" if course.hours is None else f" ({course.hours:g} hours)"
        ends = [f"{snapshot.skill_name(each.skill_id, known)} to level {each.to_level}" for each in step.develops]
        what = ", ".join(ends) if ends else "comes first"
        lines.append(Line(_flat(f"{course.name}{hours}: {what}"), course_id=course.id, hours=course.hours))
    return lines


def _flat(text: str) -> str:
    """*text* on one line."""
    return " ".join(text.split())
