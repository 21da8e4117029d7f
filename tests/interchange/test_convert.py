from pathlib import Path

from service.domain.proof import Assertion
from service.domain.roles import Requirement, Role
from service.domain.skills import Skill, SkillRelation
from service.interchange import csv_set
from service.settings import load
from tests.interchange.convert import convert
from tests.interchange.reading import DATA, Read, needs_data


@needs_data
def test_the_public_data_become_one_csv_set_without_a_problem(tmp_path: Path) -> None:
    made = convert(DATA, tmp_path, respondents=200)
    read = Read(csv_set.read(tmp_path, load()))

    assert read.problems == []
    assert {noun.__name__: len(facts) for noun, facts in made.facts.items() if facts} == read.counts()
    assert (len(read.all(Role)), len(read.all(Requirement))) == (205 - 4, 1_825 - 28 - 16)
    assert (
        made.notes["framework: rows 'NOT IN USE' left out"],
        made.notes["framework: rows left out that come twice"],
    ) == (28, 16)
    assert {each.skill_id for each in read.all(Requirement)} <= set(read.facts[Skill])
    assert {end for each in read.all(SkillRelation) for end in (each.from_id, each.to_id)} <= set(read.facts[Skill])


@needs_data
def test_real_people_hold_technologies_that_count_for_a_senior_data_engineer(tmp_path: Path) -> None:
    convert(DATA, tmp_path, respondents=200)
    read = Read(csv_set.read(tmp_path, load()))
    owner = "gdad:data-engineer:senior-data-engineer/profile/1"
    wanted = {each.skill_id for each in read.all(Requirement) if each.owner_id == owner}
    counting = {each.from_id for each in read.all(SkillRelation) if each.to_id in wanted}

    assert read.facts[Role]["gdad:data-engineer:senior-data-engineer"].name == "Senior data engineer"  # type: ignore[attr-defined]
    assert len(wanted) == 11
    assert len({each.person_id for each in read.all(Assertion) if each.skill_id in counting}) > 100
