"""ESCO: the European classification's CSV download, any language. See docs/decisions/0004-esco-and-onet.md."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from service.domain.roles import Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import Lifecycle, RelationKind, Scale, Skill, SkillKind, SkillRelation
from service.domain.values import without_hidden
from service.errors import Invalid
from service.interchange import tables
from service.interchange.facts import checked
from service.interchange.problems import Outcome, Problem, Row
from service.interchange.scales import PROFICIENCY
from service.interchange.source import Source, Stream, outcomes
from service.interchange.tables import Record, Table
from service.settings import Settings

ATTRIBUTION = "This service uses the ESCO classification of the European Commission."

CONCEPT = ("conceptUri", "preferredLabel", "altLabels", "description", "status")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "skills": (*CONCEPT, "skillType"),
    "skillGroups": CONCEPT,
    "broaderRelationsSkillPillar": ("conceptUri", "broaderUri"),
    "skillSkillRelations": ("originalSkillUri", "relatedSkillUri", "relationType"),
    "ISCOGroups": ("code", "preferredLabel"),
    "occupations": (*CONCEPT, "iscoGroup"),
    "occupationSkillRelations": ("occupationUri", "skillUri", "relationType"),
    "languageSkillsCollection": ("conceptUri",),
    "broaderRelationsOccPillar": (),
}
"""The files read and the columns used; the last two are optional."""
OPTIONAL = ("languageSkillsCollection", "broaderRelationsOccPillar")
FACTS = (
    "skillGroups",
    "skills",
    "broaderRelationsSkillPillar",
    "skillSkillRelations",
    "occupations",  # roles
    "occupations",  # their profiles
    "occupationSkillRelations",
)

NAMES = {"id": "conceptUri", "name": "preferredLabel", "alternative_labels": "altLabels"}
KINDS = {"knowledge": SkillKind.KNOWLEDGE, "skill/competence": SkillKind.SKILL, "": SkillKind.SKILL}
LIFECYCLES = {"released": Lifecycle.PUBLISHED, "obsolete": Lifecycle.DEPRECATED}
WEIGHTS = {"essential": 1.0, "optional": 0.5}

Reading: TypeAlias = Callable[[Record], Iterator[Outcome]]


def read(path: Path, settings: Settings) -> Source:
    """The classification in the zip as downloaded, or in the folder it was unpacked to.

    Raises Invalid when a file that is needed is absent, damaged or lacks a column.
    """
    found = tables.found(path, settings.max_file_mb)
    language = _language(path, set(found))
    ready: dict[str, Table] = {}
    for stem, columns in COLUMNS.items():
        file = next((name for name in (f"{stem}_{language}.csv", f"{stem}.csv") if name in found), None)
        if file is not None:
            ready[stem] = tables.opened(found[file], delimiter=",")
            ready[stem].require(columns)
        elif stem not in OPTIONAL:
            raise Invalid(f"{path.name!r} has no {stem}_{language}.csv; download ESCO with all its files as CSV")
    version = re.search(r"v(\d+(?:\.\d+)+)", path.name)
    classification = Classification(ready, language, f"ESCO {version[1]}" if version else "ESCO")
    return Source(
        name=f"{classification.source} ({language})",
        total_rows=sum(ready[stem].rows for stem in FACTS),
        batch=settings.import_batch,
        streams=classification.streams,
        attribution=ATTRIBUTION,
        notes=classification.notes,
    )


def _language(path: Path, files: set[str]) -> str:
    found = sorted(match[1] for file in files if (match := re.fullmatch(r"skills_([a-z]{2,3})\.csv", file)))
    if len(found) == 1:
        return found[0]
    if found:
        raise Invalid(f"{path.name!r} holds {len(found)} languages ({', '.join(found)}); give one at a time")
    raise Invalid(f"{path.name!r} has no skills_en.csv or other language; is it the CSV download of ESCO?")


class Classification:
    """One language of one version, as the registry's nouns."""

    def __init__(self, ready: Mapping[str, Table], language: str, source: str) -> None:
        self.ready = ready
        self.language = language
        self.source = source
        self.notes: Counter[str] = Counter()

    def streams(self) -> Iterator[Stream]:
        """Scale, skills and groups, relations, roles with their profiles, requirements."""
        yield Scale, [Row("", 0, PROFICIENCY)]
        languages = self._language_skills()
        yield Skill, self._outcomes("skillGroups", self._group)
        yield Skill, self._outcomes("skills", lambda record: self._skill(record, languages))
        yield SkillRelation, self._outcomes("broaderRelationsSkillPillar", self._broader)
        yield SkillRelation, self._outcomes("skillSkillRelations", self._related)
        families = self._families()
        yield Role, self._outcomes("occupations", lambda record: self._role(record, families))
        yield RoleProfile, (each for each in self._outcomes("occupations", _profile) if isinstance(each, Row))
        pairs = self._essential()
        yield Requirement, self._outcomes("occupationSkillRelations", lambda record: self._requirement(record, pairs))
        if "broaderRelationsOccPillar" in self.ready:
            note = "occupation hierarchy: links left out, as roles form no tree; a role's family is its ISCO group"
            self.notes[note] = self.ready["broaderRelationsOccPillar"].rows

    def _records(self, stem: str) -> Iterator[Record | Problem]:
        return self.ready[stem].records(COLUMNS[stem])

    def _outcomes(self, stem: str, reading: Reading) -> Iterator[Outcome]:
        return outcomes(self._records(stem), reading, self.notes)

    def _group(self, record: Record) -> Iterator[Outcome]:
        values, problem = self._concept(record)
        if problem:
            yield problem
            return
        yield from checked(Skill, record.file, record.row, {**values, "is_group": True}, NAMES)

    def _skill(self, record: Record, languages: frozenset[str]) -> Iterator[Outcome]:
        uri, kind = record.cells[0], record.cells[5]
        if kind not in KINDS:
            yield _unknown(record, "skillType", kind, KINDS)
            return
        values, problem = self._concept(record)
        if problem:
            yield problem
            return
        values["kind"] = SkillKind.LANGUAGE if uri in languages else KINDS[kind]
        values["scale_id"] = PROFICIENCY.id
        yield from checked(Skill, record.file, record.row, values, NAMES)

    def _broader(self, record: Record) -> Iterator[Outcome]:
        narrower, broader = record.cells
        values = {"from_id": narrower, "to_id": broader, "kind": RelationKind.BROADER, "origin": self.source}
        columns = {"from_id": "conceptUri", "to_id": "broaderUri"}
        yield from checked(SkillRelation, record.file, record.row, values, columns)

    def _related(self, record: Record) -> Iterator[Outcome]:
        original, related, relation = record.cells
        if relation not in WEIGHTS:
            yield _unknown(record, "relationType", relation, WEIGHTS)
            return
        values = {
            "from_id": original,
            "to_id": related,
            "kind": RelationKind.RELATED,
            "weight": WEIGHTS[relation],
            "origin": self.source,
        }
        columns = {"from_id": "originalSkillUri", "to_id": "relatedSkillUri", "weight": "relationType"}
        yield from checked(SkillRelation, record.file, record.row, values, columns)

    def _role(self, record: Record, families: Mapping[str, str]) -> Iterator[Outcome]:
        values, problem = self._concept(record)
        if problem:
            yield problem
            return
        if values.pop("lifecycle") is Lifecycle.DEPRECATED:
            self.notes["occupations that ESCO calls obsolete: their profile is RETIRED"] += 1
        yield from checked(Role, record.file, record.row, {**values, "family": families.get(record.cells[5])}, NAMES)

    def _requirement(self, record: Record, essential: frozenset[tuple[str, str]]) -> Iterator[Outcome]:
        occupation, skill, relation = record.cells
        if relation not in WEIGHTS:
            yield _unknown(record, "relationType", relation, WEIGHTS)
            return
        is_mandatory = relation == "essential"
        if not is_mandatory and (occupation, skill) in essential:
            self.notes["occupation-skill pairs both essential and optional: taken as essential"] += 1
            return
        values = {
            "owner_id": _profile_id(occupation),
            "skill_id": skill,
            "level": 1,
            "weight": WEIGHTS[relation],
            "is_mandatory": is_mandatory,
        }
        columns = {"owner_id": "occupationUri", "skill_id": "skillUri"}
        yield from checked(Requirement, record.file, record.row, values, columns)

    def _concept(self, record: Record) -> tuple[dict[str, Any], Problem | None]:
        """What skills, groups and occupations have in common."""
        uri, label, alternatives, description, status = record.cells[:5]
        if status not in LIFECYCLES:
            return {}, _unknown(record, "status", status, LIFECYCLES)
        texts = dict.fromkeys(filter(None, map(str.strip, alternatives.splitlines())))
        texts.pop(label, None)
        return {
            "id": uri,
            "name": without_hidden(label),
            "description": description or None,
            "alternative_labels": [f"{text}@{self.language}" for text in texts],
            "lifecycle": LIFECYCLES[status],
            "source": self.source,
        }, None

    def _language_skills(self) -> frozenset[str]:
        if "languageSkillsCollection" not in self.ready:
            self.notes["no language skills collection: language skills are imported as skills or knowledge"] = 1
            return frozenset()
        records = self._records("languageSkillsCollection")
        return frozenset(record.cells[0] for record in records if isinstance(record, Record))

    def _families(self) -> dict[str, str]:
        records = self._records("ISCOGroups")
        return {record.cells[0]: record.cells[1] for record in records if isinstance(record, Record)}

    def _essential(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (record.cells[0], record.cells[1])
            for record in self._records("occupationSkillRelations")
            if isinstance(record, Record) and record.cells[2] == "essential"
        )


def _profile(record: Record) -> Iterator[Outcome]:
    status = VersionStatus.RETIRED if record.cells[4] == "obsolete" else VersionStatus.PUBLISHED
    values = {"id": _profile_id(record.cells[0]), "role_id": record.cells[0], "version": 1, "status": status}
    yield from checked(RoleProfile, record.file, record.row, values, {"id": "conceptUri", "role_id": "conceptUri"})


def _profile_id(occupation: str) -> str:
    return f"{occupation}/profile/1"


def _unknown(record: Record, column: str, value: str, known: Mapping[str, object]) -> Problem:
    return Problem(record.file, record.row, column, value, f"{value!r} is none of {', '.join(filter(None, known))}")
