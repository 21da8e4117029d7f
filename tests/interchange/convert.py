"""Turns the public test data (see the README beside them) into a CSV set folder.

``python -m tests.interchange.convert ../shared/data OUT [RESPONDENTS]``

Kept out of the product: the data may be used in tests and not shipped.
"""

import csv
import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from service.domain.identity import derived, fitted
from service.domain.learning import Course, CourseOutcome
from service.domain.people import Person, PersonKind
from service.domain.proof import Assertion
from service.domain.roles import Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import RelationKind, Scale, Skill, SkillKind, SkillRelation
from service.domain.values import Fact, without_hidden
from service.interchange import csv_set
from service.interchange.facts import FILES
from service.interchange.scales import PROFICIENCY

HERE = Path(__file__).parent
LEVELS = ("Awareness", "Working", "Practitioner", "Expert")
FRAMEWORK = Scale(id="gdad-4", name="UK government digital and data levels", labels=list(LEVELS))
UNUSED = "NOT IN USE"
SURVEYED_ON = date(2019, 2, 15)
SURVEY = "Stack Overflow Developer Survey 2019"
WORKED_WITH = ("LanguageWorkedWith", "DatabaseWorkedWith", "PlatformWorkedWith", "WebFrameWorkedWith", "DevEnviron")
USES_AT_WORK = 3
"""On the five-level scale: who works with a technology completes tasks in it, usually alone."""
COURSE_LEVELS = {"Beginner level": 1, "Not specified": 1, "Intermediate level": 2, "Advanced level": 3}
"""The level a course starts from, less one; it leads one level up."""


class Conversion:
    """The facts found so far, by noun and id, and what was left out."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.facts: dict[type[Fact], dict[str, Fact]] = {noun: {} for noun in FILES}
        self.notes: Counter[str] = Counter()
        self.mapped = {row["to"] for row in _rows(HERE / "mapping.csv")}

    def add(self, fact: Fact) -> bool:
        """Keeps *fact*; False when its id is known already."""
        if fact.id == "-":
            fact.id = derived(fact)
        return self.facts[type(fact)].setdefault(fact.id, fact) is fact

    def framework(self) -> None:
        """UK roles: 52 roles at 201 levels in use, each a Role of its own, and their 188 skills."""
        self.add(FRAMEWORK)
        for row in _rows(self.data / "gdad_skills.csv"):
            name = row["Skill Name"].strip()
            texts = [row[level].strip() for level in LEVELS]
            self.notes["framework: level texts that are empty"] += texts.count("")
            self.add(
                Skill(
                    id=f"gdad:{_slug(name)}",
                    name=name,
                    scale_id=FRAMEWORK.id,
                    description=row["Skill Description"].strip(),
                    level_descriptions=texts,
                    source="UK Government Digital and Data Profession Capability Framework",
                )
            )
        for row in _rows(self.data / "gdad_role_skill_levels.csv"):
            self._framework_row({column: text.strip() for column, text in row.items()})

    def _framework_row(self, row: dict[str, str]) -> None:
        if UNUSED in (row["Role Level"], row["Skill Level"]):
            self.notes[f"framework: rows {UNUSED!r} left out"] += 1
            return
        role = Role(
            id=f"gdad:{_slug(row['Role'])}:{_slug(row['Role Level'])}",
            name=row["Role Level"],
            description=row["Role Level Description"],
            family=row["Role Family"],
            source="UK Government Digital and Data Profession Capability Framework",
        )
        self.add(role)
        profile = RoleProfile(id=f"{role.id}/profile/1", role_id=role.id, version=1, status=VersionStatus.PUBLISHED)
        self.add(profile)
        requirement = Requirement(
            id="-",
            owner_id=profile.id,
            skill_id=f"gdad:{_slug(row['Skill Name'])}",
            level=LEVELS.index(row["Skill Level"]) + 1,
            is_mandatory=row["Skill Name"] in self.mapped,
        )
        if not self.add(requirement):
            self.notes["framework: rows left out that come twice"] += 1

    def survey(self, respondents: int) -> None:
        """The first *respondents* people and what they work with; wishes are no skills and are left out."""
        self.add(PROFICIENCY)
        people: set[str] = set()
        for row in _rows(self.data / "so_survey_2019_technologies.csv.gz"):
            number = row["Respondent"]
            if number not in people and len(people) == respondents:
                break
            people.add(number)
            self.add(Person(id=f"so:{number}", name=f"Respondent {number}", kind=PersonKind.CANDIDATE))
            for column in WORKED_WITH:
                if row[column] == "Other(s):":
                    self.notes["survey: answers 'Other(s):' left out"] += 1
                elif row[column]:
                    self._works_with(number, row[column])

    def _works_with(self, number: str, technology: str) -> None:
        self.add(
            Skill(
                id=_technology(technology), name=technology, kind=SkillKind.TOOL, scale_id=PROFICIENCY.id, source=SURVEY
            )
        )
        claim = Assertion(
            id="-",
            person_id=f"so:{number}",
            skill_id=_technology(technology),
            level=USES_AT_WORK,
            asserted_on=SURVEYED_ON,
            last_used_on=SURVEYED_ON,
            asserted_by=f"Respondent {number}",
            source=SURVEY,
        )
        if not self.add(claim):
            self.notes["survey: answers that repeat down the rows of one person"] += 1

    def mapping(self) -> None:
        """What a technology says about a skill of the framework, judged by hand."""
        for row in _rows(HERE / "mapping.csv"):
            self.add(
                SkillRelation(
                    id="-",
                    from_id=_technology(row["from"]),
                    to_id=f"gdad:{_slug(row['to'])}",
                    kind=RelationKind(row["kind"]),
                    weight=float(row["weight"]) if row["weight"] else None,
                    is_curated=True,
                    origin=row["reason"],
                )
            )

    def courses(self) -> None:
        """The catalogue; a skill it names is one of the known ones by course_skills.csv, else one of its own."""
        known = {skill.name: skill for skill in self.facts[Skill].values() if isinstance(skill, Skill)}
        same = {row["course skill"].casefold(): row["skill"] for row in _rows(HERE / "course_skills.csv")}
        for row in _rows(self.data / "coursera_2023.csv.gz"):
            course = Course(
                id=row["Course Url"].removeprefix("https://www."),
                name=without_hidden(row["Course Title"]),
                provider=row["Offered By"] or None,
                hours=float(row["Duration to complete (Approx.)"]) if row["Duration to complete (Approx.)"] else None,
                url=row["Course Url"],
            )
            if not self.add(course):
                self.notes["courses: rows left out whose address came before"] += 1
                continue
            for name in _listed(row["Skill gain"]):
                skill = known.get(same.get(name.casefold(), ""))
                self.notes["courses: skills known to the set" if skill else "courses: skills of their own"] += 1
                self._outcome(course, skill or self._course_skill(name), row["Level"])

    def _course_skill(self, name: str) -> Skill:
        skill = Skill(id=fitted(f"coursera:{_slug(name)}"), name=name, scale_id=PROFICIENCY.id, source="Coursera 2023")
        self.add(skill)
        return skill

    def _outcome(self, course: Course, skill: Skill, level: str) -> None:
        start = COURSE_LEVELS[level] - (skill.scale_id == FRAMEWORK.id)
        outcome = CourseOutcome(
            id="-",
            course_id=course.id,
            skill_id=skill.id,
            from_level=start if level in ("Intermediate level", "Advanced level") else 0,
            to_level=start + 1,
        )
        if not self.add(outcome):
            self.notes["courses: skills that one course names twice"] += 1


def convert(data: Path, folder: Path, respondents: int = 2000) -> Conversion:
    """Writes the CSV set to *folder* and answers what it holds."""
    conversion = Conversion(data)
    conversion.framework()
    conversion.survey(respondents)
    conversion.mapping()
    conversion.courses()
    folder.mkdir(parents=True, exist_ok=True)
    for noun, facts in conversion.facts.items():
        if facts:
            csv_set.write(folder, noun, facts.values())
    return conversion


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _listed(cell: str) -> list[str]:
    """Parts at the commas outside brackets."""
    if cell == "Not specified":
        return []
    return [part.strip() for part in re.split(r",(?![^(]*\))", cell) if part.strip()]


def _technology(name: str) -> str:
    return f"so:{_slug(name)}"


def _slug(name: str) -> str:
    words = name.casefold().replace("+", " plus ").replace("#", " sharp ")
    return re.sub(r"[^\w]+", "-", words).strip("-")


if __name__ == "__main__":
    made = convert(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 2000)
    for kind, found in made.facts.items():
        print(f"{len(found):7} {FILES[kind]}")  # noqa: T201  # a command
    for note, count in made.notes.items():
        print(f"{count:7} {note}")  # noqa: T201  # a command
