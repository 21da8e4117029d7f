"""Two small versions of ESCO as its downloads have them, in which every fate of a skill occurs."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

SKILL = "http://data.europa.eu/esco/skill/"
OCCUPATION = "http://data.europa.eu/esco/occupation/"

OLD = {
    "python": ("Python", ""),
    "java": ("Java", ""),
    "labelled": ("write code", "coding"),
    "safety-1": ("safety engineering", "engineer safety"),
    "persist": ("persist", ""),
    "effort": ("make an effort", "try hard"),
    "budget": ("budget set costs", ""),
    "trim": ("trim excess materials", "cut off material"),
    "bing": ("use Bing", ""),
    "notebooks": ("use notebooks", ""),
}
NEW = {
    "python": ("Python", "use notebooks"),
    "java": ("Java (computer programming)", ""),
    "labelled": ("write code", "coding\nprogramming"),
    "safety-2": ("safety engineering", ""),
    "determination": ("show determination", "persist\nmake an effort"),
    "manage": ("manage budgets", "budget set costs"),
    "needs": ("budget for financial needs", "Budget  set costs"),
    "trim-2": ("trim excess material", "cut off material"),
    "notebooks": ("use notebooks (obsolete)", ""),
}
HEADERS = {
    "skills": "conceptUri,preferredLabel,altLabels,description,status,skillType",
    "skillGroups": "conceptUri,preferredLabel,altLabels,description,status",
    "broaderRelationsSkillPillar": "conceptUri,broaderUri",
    "skillSkillRelations": "originalSkillUri,relatedSkillUri,relationType",
    "ISCOGroups": "code,preferredLabel",
    "occupations": "conceptUri,preferredLabel,altLabels,description,status,iscoGroup",
    "occupationSkillRelations": "occupationUri,skillUri,relationType",
}


def old(folder: Path) -> Path:
    """The version before, in *folder*."""
    return _version(
        folder / "ESCO v1.0",
        _skills(OLD),
        relations=[("labelled", "python"), ("java", "python"), ("persist", "effort")],
        roles=["developer", "operator"],
        requirements=[("developer", "python"), ("developer", "persist"), ("developer", "java"), ("operator", "bing")],
    )


def new(folder: Path, **changes: tuple[str, str]) -> Path:
    """The version after; *changes* give skills other labels."""
    skills = _skills({**NEW, **changes})
    obsolete = [[*row[:4], "obsolete" if row[0] == f"{SKILL}notebooks" else row[4], *row[5:]] for row in skills]
    return _version(
        folder / "ESCO v2.0",
        obsolete,
        relations=[("java", "python")],
        roles=["developer"],
        requirements=[("developer", "python"), ("developer", "determination")],
    )


def _skills(labels: Mapping[str, tuple[str, str]]) -> list[list[str]]:
    return [
        [SKILL + id_, name, others, f"What {name} is.", "released", "skill/competence"]
        for id_, (name, others) in labels.items()
    ]


def _version(
    folder: Path,
    skills: list[list[str]],
    relations: Iterable[tuple[str, str]],
    roles: Iterable[str],
    requirements: Iterable[tuple[str, str]],
) -> Path:
    rows: dict[str, list[list[str]]] = {
        "skills": skills,
        "skillSkillRelations": [[SKILL + a, SKILL + b, "optional"] for a, b in relations],
        "occupations": [[OCCUPATION + role, role, "", "", "released", "25"] for role in roles],
        "occupationSkillRelations": [[OCCUPATION + role, SKILL + skill, "essential"] for role, skill in requirements],
        "ISCOGroups": [["25", "ICT professionals"]],
    }
    folder.mkdir()
    for stem, header in HEADERS.items():
        with (folder / f"{stem}_en.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header.split(","), *rows.get(stem, [])])
    return folder
