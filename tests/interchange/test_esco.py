import shutil
from pathlib import Path

import pytest

from service.domain.roles import Requirement, Role, RoleProfile
from service.domain.skills import Lifecycle, RelationKind, Scale, Skill, SkillKind, SkillRelation
from service.errors import Invalid
from service.interchange import esco
from service.interchange.problems import Problem
from service.settings import load
from tests.interchange.reading import DATA, EXTRACTS, Read, needs_data

ZIP = DATA / "ESCO dataset - v1.2.0 - classification - en - csv.zip"
ITSELF = "http://data.europa.eu/esco/skill/c7708533-9467-4bea-afb9-f9b40a76c84a"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXTRACTS / "esco", tmp_path / "ESCO v1.2.0"))


@needs_data
def test_every_row_of_the_download_is_a_fact_a_problem_or_a_note() -> None:
    source = esco.read(ZIP, load())
    read = Read(source)

    assert (source.name, source.total_rows) == ("ESCO 1.2.0 (en)", 176_301)
    assert read.order == [Scale, Skill, SkillRelation, Role, RoleProfile, Requirement]
    assert read.counts() == {
        "Scale": 1,
        "Skill": 13_939 + 640,
        "SkillRelation": 20_822 + 5_818 - 1,
        "Role": 3_039,
        "RoleProfile": 3_039,
        "Requirement": 129_004 - 17,
    }
    assert sum(skill.is_group for skill in read.all(Skill)) == 640
    assert sum(skill.kind is SkillKind.LANGUAGE for skill in read.all(Skill)) == 359
    assert sum(link.kind is RelationKind.BROADER for link in read.all(SkillRelation)) == 20_822
    assert [(each.file, each.row, each.reason) for each in read.problems] == [
        ("skillSkillRelations_en.csv", 4588, f"to_id {ITSELF!r} is the skill itself")
    ]
    assert sorted(read.notes.values()) == [17, 3652]


@needs_data
def test_nothing_in_the_download_refers_to_what_is_not_there() -> None:
    read = Read(esco.read(ZIP, load()))
    skills, profiles = read.facts[Skill], read.facts[RoleProfile]

    assert {each.skill_id for each in read.all(Requirement)} <= set(skills)
    assert {each.owner_id for each in read.all(Requirement)} == set(profiles)
    assert {end for each in read.all(SkillRelation) for end in (each.from_id, each.to_id)} <= set(skills)


def test_a_skill_keeps_its_labels_once_each_with_their_language(folder: Path) -> None:
    skills = {skill.name: skill for skill in Read(esco.read(folder, load())).all(Skill)}
    data = skills["manage research data"]

    assert (data.kind, data.scale_id, data.source, data.is_group) == (
        SkillKind.SKILL,
        "proficiency-5",
        "ESCO 1.2.0",
        False,
    )
    assert data.alternative_labels
    assert all(label.endswith("@en") for label in data.alternative_labels)
    assert len(set(data.alternative_labels)) == len(data.alternative_labels)


def test_essential_wins_over_optional_and_is_counted(folder: Path) -> None:
    read = Read(esco.read(folder, load()))

    assert len(read.all(Requirement)) == 17
    assert {(each.is_mandatory, each.weight, each.level) for each in read.all(Requirement)} == {
        (True, 1.0, 1),
        (False, 0.5, 1),
    }
    assert read.notes["occupation-skill pairs both essential and optional: taken as essential"] == 1


def test_a_role_carries_its_group_and_other_names(folder: Path) -> None:
    roles = {role.name: role for role in Read(esco.read(folder, load())).all(Role)}

    assert roles["data engineer"].family == "Systems analysts"
    assert "biophysics scientist@en" in roles["biophysicist"].alternative_labels


def test_a_relation_of_a_skill_to_itself_is_a_problem_and_the_rest_goes_on(folder: Path) -> None:
    read = Read(esco.read(folder, load()))

    assert read.problems == [
        Problem("skillSkillRelations_en.csv", 7, "", "", f"to_id {ITSELF!r} is the skill itself"),
    ]
    assert {
        (each.weight, each.is_curated) for each in read.all(SkillRelation) if each.kind is RelationKind.RELATED
    } == {(1.0, False), (0.5, False)}


def test_another_language_is_read_by_its_suffix(folder: Path) -> None:
    for path in folder.iterdir():
        path.rename(path.with_name(path.name.replace("_en.csv", "_de.csv")))
    source = esco.read(folder, load())

    assert source.name == "ESCO 1.2.0 (de)"
    assert Read(source).all(Role)[0].alternative_labels[0].endswith("@de")


def test_obsolete_skills_are_deprecated_and_unknown_states_are_problems(folder: Path) -> None:
    path = folder / "skills_en.csv"
    start, *lines = path.read_text("utf-8").splitlines(keepends=True)
    text = "".join(lines).replace("released", "obsolete", 1).replace("released", "retired", 1)
    path.write_text(start + text, "utf-8")
    read = Read(esco.read(folder, load()))

    assert [skill.lifecycle for skill in read.all(Skill)].count(Lifecycle.DEPRECATED) == 1
    assert [(each.column, each.value, each.reason) for each in read.problems[:1]] == [
        ("status", "retired", "'retired' is none of released, obsolete")
    ]


@pytest.mark.parametrize(
    ("file", "change", "sentence"),
    [
        (
            "occupations_en.csv",
            None,
            "'ESCO v1.2.0' has no occupations_en.csv; download ESCO with all its files as CSV",
        ),
        (
            "skills_en.csv",
            None,
            "'ESCO v1.2.0' has no skills_en.csv or other language; is it the CSV download of ESCO?",
        ),
        ("occupations_en.csv", ("conceptUri", "concept_uri"), "occupations_en.csv has no column 'conceptUri'"),
        ("occupations_en.csv", ("conceptUri", "concept_uri"), "(is 'concept_uri' meant?)"),
    ],
)
def test_an_incomplete_download_is_refused_before_a_row_is_read(
    folder: Path, file: str, change: tuple[str, str] | None, sentence: str
) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    path.unlink()
    if change:
        path.write_text(text.replace(*change), "utf-8")

    with pytest.raises(Invalid) as caught:
        esco.read(folder, load())
    assert sentence in caught.value.message


def test_two_languages_in_one_folder_are_refused(folder: Path) -> None:
    shutil.copy(folder / "skills_en.csv", folder / "skills_de.csv")

    with pytest.raises(Invalid, match=r"holds 2 languages \(de, en\); give one at a time"):
        esco.read(folder, load())
