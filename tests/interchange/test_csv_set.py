from datetime import date
from pathlib import Path

import pytest

from service.domain.people import OrgUnit, Person
from service.domain.proof import Assertion
from service.domain.roles import Requirement
from service.domain.skills import Skill
from service.errors import Invalid
from service.interchange import csv_set
from service.interchange.problems import Problem
from service.settings import load
from tests.interchange.reading import Read


def read(folder: Path, **files: str) -> Read:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return Read(csv_set.read(folder, load()))


def test_columns_with_a_default_may_be_left_out_and_cells_left_empty(tmp_path: Path) -> None:
    found = read(tmp_path, people="name,id,contract_fte,valid_from\nAda,p1,,\nBob,p2,0.5,2026-02-28\n")

    assert found.problems == []
    assert found.all(Person) == [
        Person(id="p1", name="Ada"),
        Person(id="p2", name="Bob", contract_fte=0.5, valid_from=date(2026, 2, 28)),
    ]


@pytest.mark.parametrize(
    ("cells", "column", "value", "reason"),
    [
        ("p1,Ada,,2026-02-30", "valid_from", "2026-02-30", "2026-02-30 is not a day; days look like 2026-02-28"),
        ("p1,Ada,,28/02/2026", "valid_from", "28/02/2026", "28/02/2026 is not a day; days look like 2026-02-28"),
        ("p1,Ada,,20260228", "valid_from", "20260228", "20260228 is not a day; days look like 2026-02-28"),
        ('p1,Ada,"0,5",', "contract_fte", "0,5", "'0,5' is not a number; numbers look like 0.5"),
        ("p1,Ada,nan,", "contract_fte", "nan", "'nan' is not a number; numbers look like 0.5"),
        ("p1,Ada,3,", "contract_fte", "3", "3 is above 2, the most allowed"),
        ("p1,Ada,-1,", "contract_fte", "-1", "-1 is below 0, the least allowed"),
        ("p1,,,", "name", "", "is empty; every Person has one"),
        (",Ada,,", "id", "", "is empty; every Person has one"),
        ("p 1,Ada,,", "id", "p 1", "'p 1' is not right; ids have no blanks"),
        ("p1,Ada", "", "", "2 cells where the header has 4; a text with ',' in it needs quotes"),
        ("p1,Ada,1,,x", "", "", "5 cells where the header has 4; a text with ',' in it needs quotes"),
    ],
)
def test_a_bad_row_says_what_is_wrong_and_the_rest_goes_on(
    tmp_path: Path, cells: str, column: str, value: str, reason: str
) -> None:
    found = read(tmp_path, people=f"id,name,contract_fte,valid_from\np0,Zoe,,\n\n{cells}\np9,Eve,,\n")

    assert found.problems == [Problem("people.csv", 4, column, value, reason)]
    assert [person.id for person in found.all(Person)] == ["p0", "p9"]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        (
            "s1,Cobol,Tool,true",
            "kind",
            "'Tool' is none of SKILL, KNOWLEDGE, TOOL, LANGUAGE, CERTIFICATION; is TOOL meant?",
        ),
        ("s1,Cobol,TOOL,yes", "is_group", "'yes' is neither true nor false"),
        ("s1,Cobol,TOOL,", "", "scale_id is missing; every skill that people can hold is measured on a scale"),
    ],
)
def test_choices_and_rules_between_fields_are_told_in_words(
    tmp_path: Path, cells: str, column: str, reason: str
) -> None:
    found = read(tmp_path, skills=f"id,name,kind,is_group\n{cells}\n")

    assert [(each.row, each.column, each.reason) for each in found.problems] == [(2, column, reason)]


def test_a_row_with_several_problems_tells_them_all(tmp_path: Path) -> None:
    found = read(tmp_path, people="id,name,contract_fte\n,,9\n")

    assert [each.column for each in found.problems] == ["id", "name", "contract_fte"]


def test_a_quote_left_open_is_one_problem_with_its_row(tmp_path: Path) -> None:
    found = read(tmp_path, people='id,name\np1,Ada\np2,"Bob\np3,Eve\n')

    assert found.problems == [
        Problem(
            "people.csv",
            3,
            "",
            "",
            'a quote (") opens a cell here and is not closed; the rest of the file cannot be read',
        )
    ]
    assert [person.id for person in found.all(Person)] == ["p1"]


def test_rows_are_counted_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    found = read(tmp_path, skills='id,name,is_group,description\ns1,One,true,"a\nb\nc"\ns2,,true,\n')

    assert [(each.row, each.column) for each in found.problems] == [(3, "name")]


def test_semicolons_and_tabs_separate_too(tmp_path: Path) -> None:
    found = read(tmp_path, people="id;name\np1;Ada, the first\n", units="id\tname\nu1\tOps\n")

    assert (found.all(Person), found.all(OrgUnit)) == (
        [Person(id="p1", name="Ada, the first")],
        [OrgUnit(id="u1", name="Ops")],
    )


def test_lists_are_lines_of_a_cell_and_a_line_break_inside_an_item_is_escaped(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        skills='id,name,scale_id,alternative_labels,level_descriptions\ns1,One,x,"un@fr\neins@de\n","a\\nb\n\nc\\\\n"\n',
    )

    assert [(skill.alternative_labels, skill.level_descriptions) for skill in found.all(Skill)] == [
        (["un@fr", "eins@de"], ["a\nb", "", "c\\n"])
    ]


def test_a_second_fact_under_one_id_is_a_problem_and_an_identical_row_is_a_note(tmp_path: Path) -> None:
    found = read(tmp_path, people="id,name\np1,Ada\np1,Ada\np1,Bob\n")

    assert found.problems == [Problem("people.csv", 4, "id", "p1", "row 2 has the same id and says otherwise")]
    assert found.notes == {"people.csv: rows left out that repeat an earlier row word for word": 1}


def test_a_statement_without_an_id_always_gets_the_same_one(tmp_path: Path) -> None:
    header = "person_id,skill_id,level,asserted_on\n"
    first = read(tmp_path, assertions=header + "p1,s1,3,2026-01-31\n").all(Assertion)
    again = read(tmp_path, assertions=header + "p2,s1,3,2026-01-31\np1,s1,2,2026-01-31\n").all(Assertion)

    assert first[0].id == again[1].id
    assert again[0].id != again[1].id


def test_a_link_without_an_id_is_named_for_its_ends(tmp_path: Path) -> None:
    found = read(tmp_path, requirements=f"owner_id,skill_id,level\nr1,s1,3\n{'r' * 120},{'s' * 120},1\n")
    short, long = [each.id for each in found.all(Requirement)]

    assert short == "r1|s1"
    assert (len(long), long[:121]) == (200, "r" * 120 + "|")


def test_a_file_with_another_name_is_a_problem_with_the_nearest_one(tmp_path: Path) -> None:
    found = read(tmp_path, person="id,name\np1,Ada\n", units="id,name\n")

    assert [each.reason for each in found.problems] == ["no file of the set is called person.csv; is people.csv meant?"]


def test_a_folder_without_any_file_of_the_set_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("none")

    with pytest.raises(Invalid, match=r"holds notes\.txt; a CSV set has at least one of units\.csv, "):
        csv_set.read(tmp_path, load())


def test_batches_are_no_larger_than_the_setting(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,name\n" + "".join(f"p{number},Ada\n" for number in range(250)))
    source = csv_set.read(tmp_path, load(import_batch=100))

    assert source.total_rows == 250
    assert [len(batch) for _, batch in source.batches()] == [100, 100, 50]
