"""Hostile and careless inputs at every door: each is told what was seen, and nothing is left behind by it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from service.errors import Invalid
from service.graph.ledger import Act
from service.interchange import csv_set
from service.interchange.load import load as loaded
from service.settings import load
from tests.conftest import Service, on_database

ROOT = Path(__file__).parents[1]

GAP = """
query Gap($person: ID!, $target: TargetInput!, $asOf: Date, $until: Date, $knownAt: KnownAt) {
  skillGap(person: $person, target: $target, asOf: $asOf, until: $until, knownAt: $knownAt) { fit }
}
"""
CANDIDATES = '{ candidates(target: {requirements: [{skillId: "Skill:splice", level: 1}]}, %s) { totalCount } }'


def own(**changes: Any) -> dict[str, Any]:  # any input
    return {"target": {"requirements": [{"skillId": "Skill:splice", "level": 1} | changes]}}


TWICE = {"target": {"requirements": [{"skillId": "Skill:splice", "level": level} for level in (1, 2)]}}
NO_INSTANT = "is neither a sequence number nor an instant; write 42 or 2026-03-01T09:00:00Z"
NO_HOLIDAYS = "are not all in 1950 to 2100, the years whose public holidays are known"

GAPS: list[tuple[dict[str, Any], str]] = [
    ({"person": "Person:nobody"}, "no person 'nobody'"),
    ({"person": "ann"}, "'ann' is not the id of a Person; ids look like Person:p-0123"),
    ({"person": "Skill:splice"}, "'Skill:splice' is the id of a Skill, not of a Person"),
    ({"person": "Person:x'}) DETACH DELETE n //"}, 'no person "x\'}) DETACH DELETE n //"'),
    ({"target": {"role": "Role:x"}}, "no role 'x'"),
    (
        {"target": {"role": "Role:x", "position": "Position:y"}},
        "OneOf Input Object 'TargetInput' must specify exactly one key.",
    ),
    (own(level=0), "level '0': Input should be greater than or equal to 1"),
    (own(level=99), "level '99': Input should be less than or equal to 20"),
    (own(weight=0), "weight '0.0': Input should be greater than 0"),
    (own(weight=-1), "weight '-1.0': Input should be greater than 0"),
    (own(skillId="Skill:none"), "no skill 'none'"),
    (TWICE, "skill 'splice' comes twice"),
    ({"asOf": "9999-12-31"}, "asOf is 9999-12-31, the last day that can be written"),
    ({"knownAt": -1}, f"Variable '$knownAt' has invalid value: -1 {NO_INSTANT}"),
    ({"knownAt": "2026-03-01T09:00:00"}, f"Variable '$knownAt' has invalid value: '2026-03-01T09:00:00' {NO_INSTANT}"),
    (
        {"asOf": "2026-03-02", "until": "2026-03-02"},
        "until 2026-03-02 is not after 2026-03-02; until is the first day that is not asked about",
    ),
    (
        {"asOf": "2026-02-30"},
        (
            "Variable '$asOf' has invalid value: Value cannot represent a Date: \"2026-02-30\". "
            "day is out of range for month"
        ),
    ),
]

QUESTIONS: list[tuple[str, str]] = [
    (CANDIDATES % "first: 101", "101 is not a page size; give a whole number from 1 to 100"),
    (CANDIDATES % 'after: "garbage"', "'garbage' is not a cursor; give one that a page returned"),
    (CANDIDATES % 'after: "eA=="', "'eA==' is not a cursor of candidates"),
    (CANDIDATES % "fte: 1e400", "fte inf is not a share of full time above 0 and up to 1"),
    (CANDIDATES % 'unit: "OrgUnit:none"', "no unit 'none'"),
    (CANDIDATES % "minTrust: ABSOLUTE", "Value 'ABSOLUTE' does not exist in 'Trust' enum."),
    (
        CANDIDATES % 'asOf: "2300-01-01", until: "2301-01-01"',
        f"the days from 2300-01-01 until 2301-01-01 {NO_HOLIDAYS}",
    ),
    ("{ capacity(months: 121) { knownSeq } }", "months is 121; it goes from 1 to 120"),
    ("{{ nodes(ids: [{}]) {{ id }} }}".format(", ".join(['"Person:x"'] * 101)), "101 ids; ask for at most 100 at once"),
    ('{ node(id: "nonsense") { id } }', "'nonsense' is not the id of a thing; ids look like Person:p-0123"),
]

MANY = f"labels {chr(10).join('abcdefghijklmnopqrstu')!r}: has 21 items; at most 20 are kept"
ROWS: list[tuple[str, str, str]] = [
    ("people", "id,name,manager_id\nzoe,Zoe,zoe\n", "manager_id 'zoe': nobody manages themselves"),
    (
        "people",
        "id,name,contract_fte\nzoe,Zoe,50%\n",
        "contract_fte '50%': '50%' is not a number; numbers look like 0.5",
    ),
    (
        "people",
        "id,name,valid_from\nzoe,Zoe,46082\n",
        "valid_from '46082': 46082 is not a day; days look like 2026-02-28",
    ),
    ("people", "id,name,unit_id\nzoe,Zoe,gone\n", "unit_id 'gone': there is no OrgUnit with this id"),
    ("scales", 'id,name,labels\nbig,Big,"' + "\n".join("abcdefghijklmnopqrstu") + '"\n', MANY),
    (
        "assertions",
        "person_id,skill_id,level,asserted_on\nann,splice,4,2026-01-05\n",
        "level '4': the scale 'Three' of 'Splicing' ends at 3",
    ),
    (
        "absences",
        "person_id,valid_from,valid_until\nann,2026-03-06,2026-03-02\n",
        (
            " '': valid_until 2026-03-02 is not after valid_from 2026-03-06; "
            "valid_until is the first day it no longer counts"
        ),
    ),
]

COMMANDS: list[tuple[list[str], dict[str, str], str]] = [
    (["import", "csv", "no-such-folder"], {}, "'no-such-folder' does not exist; name a folder or a zip"),
    (
        ["import", "onet", "pyproject.toml"],
        {},
        "'pyproject.toml' is not a zip: it starts with b'[bui', a zip with b'PK'",
    ),
    (["export", "csv", "pyproject.toml"], {}, "'pyproject.toml' is a file; name a folder"),
    (["import", "csv", "--dryrun", "x"], {}, "No such option: --dryrun"),
    (["serve", "--port", "99999"], {}, "REGISTRY_PORT=99999: Input should be less than or equal to 65535"),
    (["serve", "--host", "0.0.0.0"], {}, "REGISTRY_HOST is '0.0.0.0', and nobody is authenticated yet"),
    (["serve"], {"REGISTRY_PORT": "eighty"}, "REGISTRY_PORT='eighty': Input should be a valid integer"),
]

SETTINGS: list[tuple[str, str, str]] = [
    ("PORT", "70000", "REGISTRY_PORT='70000': Input should be less than or equal to 65535"),
    ("QUERY_TIMEOUT", "0", "REGISTRY_QUERY_TIMEOUT='0': Input should be greater than 0"),
    ("QUERY_TIMEOUT", "nan", "REGISTRY_QUERY_TIMEOUT='nan': Input should be less than or equal to 86400"),
    ("IMPORT_BATCH", "1", "REGISTRY_IMPORT_BATCH='1': Input should be greater than or equal to 100"),
    ("ENGINE_MEMORY_MB", "16", "REGISTRY_ENGINE_MEMORY_MB='16': Input should be greater than or equal to 256"),
    ("ALLOW_REMOTE", "perhaps", "REGISTRY_ALLOW_REMOTE='perhaps': Input should be a valid boolean"),
    ("NEO4J_URI", "localhost:7687", "REGISTRY_NEO4J_URI='localhost:7687': String should match pattern"),
    ("NEO4J_URI", "http://graph:7474", "REGISTRY_NEO4J_URI='http://graph:7474': String should match pattern"),
    ("MAX_COST", "1.5", "REGISTRY_MAX_COST='1.5': Input should be a valid integer"),
]


def test_there_are_fifty_of_them() -> None:
    assert len(GAPS) + len(QUESTIONS) + len(ROWS) + len(COMMANDS) + len(SETTINGS) == 50


def given(service: Service) -> None:
    service.done("defineScale", {"code": "three", "name": "Three", "labels": ["low", "middle", "high"]})
    service.done("defineSkill", {"code": "splice", "name": "Splicing", "scaleId": "Scale:three"})
    service.done("registerPerson", {"code": "ann", "name": "Ann"})
    claim = {"personId": "Person:ann", "skillId": "Skill:splice", "level": 2, "assertedOn": "2026-01-05"}
    service.done("recordAssertion", claim)


def told(answer: dict[str, Any]) -> str:
    """The one error of *answer*, which has a code that says it is the caller's."""
    (error,) = answer["errors"]
    assert error["extensions"]["code"] in {"BAD_USER_INPUT", "NOT_FOUND", "GRAPHQL_VALIDATION_FAILED"}, error
    message: str = error["message"]
    return message


def test_a_question_that_cannot_be_answered_says_why(service: Service) -> None:
    given(service)
    good = {"person": "Person:ann"} | own()

    gaps = [(asked, told(service.post(GAP, good | asked))) for asked, _ in GAPS]
    questions = [(query, told(service.post(query))) for query, _ in QUESTIONS]

    assert gaps == GAPS
    assert questions == QUESTIONS
    assert service.ask(GAP, good) == {"skillGap": {"fit": 1.0}}
    assert service.ask("{ registry { seq } }") == {"registry": {"seq": 4}}


def test_a_row_that_cannot_be_taken_says_why(service: Service, tmp_path: Path) -> None:
    given(service)
    found = []
    for number, (name, text, _) in enumerate(ROWS):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / f"{name}.csv").write_text(text, "utf-8")
        act = Act(action="import csv", actor="tester")
        summary = on_database(
            service.settings,
            lambda database, folder=folder, act=act: loaded(database, csv_set.read(folder, service.settings), act),  # type: ignore[misc]  # bound per turn
        )
        (problem,) = summary.problems
        found.append((name, text, f"{problem.column} {problem.value!r}: {problem.reason}"))

    assert found == ROWS
    assert service.ask("{ registry { seq } }") == {"registry": {"seq": 4}}


@pytest.mark.parametrize(("arguments", "variables", "message"), COMMANDS, ids=lambda each: str(each)[:40])
def test_a_command_that_cannot_run_says_why(
    tmp_path: Path, arguments: list[str], variables: dict[str, str], message: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REGISTRY_")}
    done = subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        cwd=ROOT,
        env={**kept, "REGISTRY_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200", **variables},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode in {1, 2}
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "engine").exists()


@pytest.mark.parametrize(("name", "value", "message"), SETTINGS)
def test_a_setting_that_is_wrong_is_named_with_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(f"REGISTRY_{name}", value)

    with pytest.raises(Invalid) as caught:
        load()

    assert caught.value.message.startswith(f"Settings: {message}")
