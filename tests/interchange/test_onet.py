import shutil
from pathlib import Path

import pytest

from service.domain.roles import Requirement, Role, RoleProfile
from service.domain.skills import Scale, Skill, SkillKind, SkillRelation
from service.errors import Invalid
from service.interchange import onet
from service.settings import load
from tests.interchange.reading import DATA, EXTRACTS, Read, needs_data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXTRACTS / "onet", tmp_path / "db_29_2_text"))


@needs_data
def test_the_download_comes_out_whole_and_what_is_left_out_is_counted() -> None:
    source = onet.read(DATA / "db_29_2_text.zip", load())
    read = Read(source)

    assert source.name == "O*NET 29.2"
    assert read.problems == []
    assert read.order == [Scale, Skill, SkillRelation, Role, RoleProfile, Requirement]
    assert read.counts() == {
        "Scale": 2,
        "Skill": 35 + 33 + 18 + 8_768 + 135,
        "SkillRelation": 9_010,
        "Role": 1_016,
        "RoleProfile": 1_016,
        "Requirement": 27_345 + 22_016 + 32_627,
    }
    assert sorted(read.notes.values()) == [124, 1_750, 2_212, 3_296, 4_779]
    assert 124 + 3_296 + 27_345 == 61_530 // 2
    assert 4_779 + 2_212 + 22_016 == 58_014 // 2
    assert sum(each.is_mandatory for each in read.all(Requirement)) == 8_659
    assert {each.skill_id for each in read.all(Requirement)} <= set(read.facts[Skill])
    assert {end for each in read.all(SkillRelation) for end in (each.from_id, each.to_id)} <= set(read.facts[Skill])


def test_a_rating_is_a_requirement_of_rounded_level_weighted_by_importance(folder: Path) -> None:
    read = Read(onet.read(folder, load()))
    rated = [each for each in read.all(Requirement) if "tech" not in each.skill_id]

    assert [(each.skill_id, each.level, each.weight, each.is_mandatory) for each in rated] == [
        ("onet:2.A.1.a", 4, 4.0, True),
        ("onet:2.B.3.e", 3, 2.75, False),
        ("onet:2.B.3.l", 1, 1.5, False),
        ("onet:2.C.3.a", 6, 4.77, True),
    ]
    assert sorted(read.notes.items()) == [
        ("Knowledge.txt: ratings left out that the source recommends to suppress as unreliable", 2),
        ("Skills.txt: ratings left out that are not relevant, so that their level means nothing", 1),
    ]


def test_a_technology_is_a_tool_and_desirable_by_demand(folder: Path) -> None:
    read = Read(onet.read(folder, load()))
    wanted = {each.skill_id: each for each in read.all(Requirement) if each.owner_id == "onet:11-3021.00/profile/1"}

    assert [
        (each.level, each.weight, each.is_mandatory)
        for each in (wanted["onet:tech:microsoft-excel"], wanted["onet:tech:microsoft-entourage"])
    ] == [(1, 1.0, False), (1, 0.1, False)]
    assert {"C": "onet:tech:c", "C++": "onet:tech:c-plus-plus", "C#": "onet:tech:c-sharp"}.items() <= {
        skill.name: skill.id for skill in read.all(Skill) if skill.kind is SkillKind.TOOL
    }.items()


def test_elements_and_tools_stand_under_their_headings(folder: Path) -> None:
    read = Read(onet.read(folder, load()))
    pairs = {(each.from_id, each.to_id) for each in read.all(SkillRelation)}

    assert {
        ("onet:2.A.1.a", "onet:2.A.1"),
        ("onet:2.A.1", "onet:2.A"),
        ("onet:tech:git", "onet:commodity:43232203"),
    } <= pairs
    assert {skill.id: skill.is_group for skill in read.all(Skill)}["onet:2.A"]


def test_a_level_without_its_importance_is_a_problem(folder: Path) -> None:
    path = folder / "Skills.txt"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "\tIM\t" not in line), "utf-8")
    problems = Read(onet.read(folder, load())).problems

    assert [(each.file, each.row, each.column, each.value) for each in problems] == [
        ("Skills.txt", row, "Scale ID", "LV") for row in range(2, len(lines) // 2 + 2)
    ]


def test_another_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is it the text download of the O\\*NET database"):
        onet.read(tmp_path, load())
