"""Imports on a real engine: what they record, correct, leave alone, refuse, and forget nothing of."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from service.capability.gaps import skill_gap
from service.capability.targets import Ask, Target
from service.domain.people import OrgUnit, Person
from service.domain.policy import Cause
from service.graph import ledger, migrate, records
from service.graph.database import Database
from service.graph.ledger import Act
from service.interchange import csv_set, demo, load
from service.interchange.load import Summary, Tally
from service.interchange.problems import Problem
from service.live import LiveIndex
from service.settings import Settings
from tests.conftest import EMPTY, on_database

ROOT = Path(__file__).parents[2]
DAY = date(2026, 3, 2)

HOUSE = {
    "units": "id,name,parent_id\nteam,Cables,house\nhouse,House,\n",
    "scales": 'id,name,labels\nthree,Three,"low\nmiddle\nhigh"\n',
    "skills": "id,name,scale_id,kind\nsplice,Splicing,three,SKILL\nclimb,Climbing,three,SKILL\n",
    "people": "id,name,unit_id,manager_id\nann,Ann,team,bob\nbob,Bob,team,cyd\ncyd,Cyd,house,\n",
    "assertions": (
        "id,person_id,skill_id,level,trust,asserted_on\n"
        "a1,ann,splice,2,CLAIMED,2026-01-05\n"
        "a2,bob,splice,3,VERIFIED,2026-01-05\n"
    ),
    "evidence": "id,assertion_id,kind,title,result\ne1,a2,EXAM,Splicing test,passed\n",
    "courses": 'id,name,prerequisite_ids\nexpert,Expert,"basic\nsafe"\nbasic,Basic,safe\nsafe,Safety,\n',
}
TALLIES = {
    "units": Tally(recorded=2),
    "scales": Tally(recorded=1),
    "skills": Tally(recorded=2),
    "people": Tally(recorded=3),
    "assertions": Tally(recorded=2),
    "evidence": Tally(recorded=1),
    "courses": Tally(recorded=3),
}


def written(folder: Path, **files: str) -> Path:
    """The folder with HOUSE and *files* in place of files of the same name."""
    folder.mkdir(exist_ok=True)
    for name, text in {**HOUSE, **files}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


def imported(settings: Settings, folder: Path, *, is_dry_run: bool = False, batch: int | None = None) -> Summary:
    async def work(database: Database) -> Summary:
        used = settings if batch is None else settings.model_copy(update={"import_batch": batch})
        act = Act(action="import csv", actor="tester")
        return await load.load(database, csv_set.read(folder, used), act, is_dry_run=is_dry_run)

    return on_database(settings, work)


def seq(settings: Settings) -> int:
    return on_database(settings, ledger.position)[0]


def unchanged(tallies: dict[str, Tally]) -> dict[str, Tally]:
    return {plural: Tally(unchanged=tally.recorded) for plural, tally in tallies.items()}


def test_everything_new_is_recorded_one_change_a_batch(empty: Settings, tmp_path: Path) -> None:
    summary = imported(empty, written(tmp_path / "house"))

    assert summary == Summary(
        source="CSV set house", is_dry_run=False, tallies=TALLIES, first_seq=1, last_seq=len(TALLIES)
    )
    changes = on_database(empty, lambda database: ledger.after(database, 0, 100))
    assert [(each.seq, each.action, each.actor, each.kinds, each.count) for each in changes] == [
        (1, "import csv", "tester", ["OrgUnit"], 2),
        (2, "import csv", "tester", ["Scale"], 1),
        (3, "import csv", "tester", ["Skill"], 2),
        (4, "import csv", "tester", ["Person"], 3),
        (5, "import csv", "tester", ["Assertion"], 2),
        (6, "import csv", "tester", ["Evidence"], 1),
        (7, "import csv", "tester", ["Course"], 3),
    ]


def test_the_same_files_again_change_nothing(empty: Settings, tmp_path: Path) -> None:
    folder = written(tmp_path / "house")
    imported(empty, folder)
    before = seq(empty)

    again = imported(empty, folder)

    assert again == Summary(source="CSV set house", is_dry_run=False, tallies=unchanged(TALLIES))
    assert seq(empty) == before


def test_a_changed_file_corrects_just_what_changed(empty: Settings, tmp_path: Path) -> None:
    imported(empty, written(tmp_path / "house"))
    people = HOUSE["people"].replace("ann,Ann,team,bob", "ann,Ann Lee,house,cyd") + "dee,Dee,team,ann\n"

    again = imported(empty, written(tmp_path / "house", people=people))

    assert again.tallies == unchanged(TALLIES) | {"people": Tally(recorded=1, corrected=1, unchanged=2)}
    assert (again.first_seq, again.last_seq, again.problems) == (8, 8, [])
    (change,) = on_database(empty, lambda database: ledger.after(database, 7, 100))
    assert (change.kinds, sorted(change.subject_ids)) == (["Person"], ["ann", "dee"])
    found = on_database(empty, lambda database: records.by_id(database, Person, ["ann", "bob", "dee"]))
    assert found == {
        "ann": Person(id="ann", name="Ann Lee", unit_id="house", manager_id="cyd", recorded_seq=8),
        "bob": Person(id="bob", name="Bob", unit_id="team", manager_id="cyd", recorded_seq=4),
        "dee": Person(id="dee", name="Dee", unit_id="team", manager_id="ann", recorded_seq=8),
    }
    below = on_database(empty, lambda database: records.below(database, Person, "manager_id", ["bob", "cyd"]))
    assert {id_: [each.id for each in facts] for id_, facts in below.items()} == {"bob": [], "cyd": ["ann", "bob"]}


BAD = {
    "people": (
        "id,name,unit_id,manager_id,calendar,valid_from\n"
        "ann,Ann,team,bob,,\nbob,Bob,nowhere,cyd,,\ncyd,Cyd,house,,,2026-02-30\neve,Eve,team,,XX,\nfay,Fay,team,,,\n"
    ),
    "assertions": (
        "id,person_id,skill_id,level,trust,asserted_on,valid_from,valid_until\n"
        "a1,fay,splice,2,CLAIMED,2026-01-05,,\n"
        "a2,fay,splice,4,CLAIMED,2026-01-05,,\n"
        "a3,fay,weld,1,CLAIMED,2026-01-05,,\n"
        "a4,fay,climb,1,VERIFIED,2026-01-05,,\n"
        "a5,fay,climb,1,CLAIMED,2026-01-05,2026-02-02,2026-02-01\n"
    ),
    "evidence": "id,assertion_id,kind,title\ne1,a1,DOCUMENT,Letter\n",
}
CALENDAR = (
    "calendar 'XX': no public holidays are known for country 'XX'; right is an ISO 3166 code in capitals as GB, "
    "or with its region as DE-BY, or null for no holidays"
)
PROBLEMS = [
    Problem("assertions.csv", 3, "level", "4", "the scale 'Three' of 'Splicing' ends at 3"),
    Problem("assertions.csv", 4, "skill_id", "weld", "there is no Skill with this id"),
    Problem(
        "assertions.csv",
        5,
        "trust",
        "VERIFIED",
        "VERIFIED needs evidence of kind EXAM or CREDENTIAL, here or in evidence.csv; CLAIMED does not",
    ),
    Problem(
        "assertions.csv",
        6,
        "",
        "",
        "valid_until 2026-02-01 is not after valid_from 2026-02-02; valid_until is the first day it no longer counts",
    ),
    Problem("people.csv", 2, "manager_id", "bob", "the Person with this id is refused"),
    Problem("people.csv", 3, "unit_id", "nowhere", "there is no OrgUnit with this id"),
    Problem("people.csv", 4, "valid_from", "2026-02-30", "2026-02-30 is not a day; days look like 2026-02-28"),
    Problem("people.csv", 5, "calendar", "XX", CALENDAR),
]
BAD_TALLIES = TALLIES | {
    "people": Tally(recorded=1, refused=4),
    "assertions": Tally(recorded=1, refused=4),
}


def test_a_bad_row_is_reported_with_its_place_and_the_rest_is_taken(empty: Settings, tmp_path: Path) -> None:
    summary = imported(empty, written(tmp_path / "house", **BAD))

    assert sorted(summary.problems, key=lambda each: (each.file, each.row)) == PROBLEMS
    assert summary.tallies == BAD_TALLIES
    people = on_database(empty, lambda database: records.page(database, Person, first=10))
    assert [each.id for each in people] == ["fay"]


def test_days_to_come_and_versions_that_are_taken_are_refused_in_files_too(empty: Settings, tmp_path: Path) -> None:
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011  # a day where the service runs
    files = {
        "assertions": f"id,person_id,skill_id,level,asserted_on\na1,ann,splice,2,{tomorrow}\n",
        "evidence": "id,assertion_id,kind,title\n",
        "roles": "id,name\nsplicer,Splicer\n",
        "role_profiles": "id,role_id,version\nv1,splicer,1\nagain,splicer,1\n",
    }

    summary = imported(empty, written(tmp_path, **files))

    assert [(each.file, each.row, each.column) for each in summary.problems] == [
        ("role_profiles.csv", 3, "version"),
        ("assertions.csv", 2, "asserted_on"),
    ]
    assert "the next free number is 2" in summary.problems[0].reason
    assert f"it is after today, {tomorrow - timedelta(days=1)}" in summary.problems[1].reason


@pytest.mark.parametrize("files", [{}, BAD], ids=["clean", "bad rows"])
def test_a_dry_run_changes_nothing_and_finds_the_same(empty: Settings, tmp_path: Path, files: dict[str, str]) -> None:
    folder = written(tmp_path / "house", **files)

    trial = imported(empty, folder, is_dry_run=True)
    counts = on_database(empty, records.counts)

    assert seq(empty) == 0
    assert set(counts.values()) == {0}
    done = imported(empty, folder)
    assert trial == replace(done, is_dry_run=True, first_seq=None, last_seq=None)


def test_a_dry_run_over_what_is_there_tells_corrections(empty: Settings, tmp_path: Path) -> None:
    imported(empty, written(tmp_path / "house"))
    folder = written(tmp_path / "house", units=HOUSE["units"].replace("Cables", "Fibre"))

    trial = imported(empty, folder, is_dry_run=True)

    assert trial.tallies == unchanged(TALLIES) | {"units": Tally(corrected=1, unchanged=1)}
    assert seq(empty) == len(TALLIES)


def test_rows_that_name_each_other_come_in_any_order_over_any_number_of_batches(
    empty: Settings, tmp_path: Path
) -> None:
    size = 250
    chain = [
        f"p{number:03},Person {number},{f'p{number + 1:03}' if number + 1 < size else ''}" for number in range(size)
    ]
    tree = [f"u{number:03},Unit {number},{f'u{number + 1:03}' if number + 1 < size else ''}" for number in range(size)]
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "people.csv").write_text("id,name,manager_id\n" + "\n".join(chain) + "\n")
    (folder / "units.csv").write_text("id,name,parent_id\n" + "\n".join(tree) + "\n")

    summary = imported(empty, folder, batch=100)

    assert summary.problems == []
    assert summary.tallies == {"units": Tally(recorded=size), "people": Tally(recorded=size)}
    assert summary.last_seq == 6
    middle = on_database(empty, lambda database: records.below(database, Person, "manager_id", ["p200"]))
    assert [each.id for each in middle["p200"]] == ["p199"]


def test_units_in_a_circle_are_refused_and_the_rest_is_taken(empty: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "units.csv").write_text("id,name,parent_id\na,A,b\nb,B,a\nc,C,\n")

    summary = imported(empty, folder)

    assert sorted(summary.problems, key=lambda each: each.row) == [
        Problem("units.csv", 2, "parent_id", "b", "'a' would be part of itself"),
        Problem("units.csv", 3, "parent_id", "a", "'b' would be part of itself"),
    ]
    assert [each.id for each in on_database(empty, lambda database: records.page(database, OrgUnit, first=9))] == ["c"]


def test_an_earlier_number_is_answered_as_before(empty: Settings, tmp_path: Path) -> None:
    imported(empty, written(tmp_path / "house"))
    target = Target(requirements=[Ask(skill_id="splice", level=3)])

    async def causes(database: Database, *known: int) -> list[tuple[Cause, int | None]]:
        snapshot = await LiveIndex(database, tmp_path / "none.bin").snapshot()
        gaps = [
            skill_gap(snapshot, person, target, as_of=DAY, known=at, today=DAY)
            for at in known
            for person in ("ann", "bob")
        ]
        return [(gap.lines[0].cause, gap.lines[0].level) for gap in gaps]

    before = on_database(empty, lambda database: causes(database, 7))
    assertions = HOUSE["assertions"].replace("splice,2", "splice,3").replace("a2,bob,splice,3", "a2,bob,splice,1")
    imported(empty, written(tmp_path / "house", assertions=assertions))
    after = on_database(empty, lambda database: causes(database, 7, 8))

    assert before == [(Cause.BELOW_LEVEL, 2), (Cause.MET, 3)]
    assert after == [*before, (Cause.MET, 3), (Cause.BELOW_LEVEL, 1)]


def exported(settings: Settings, folder: Path) -> dict[str, bytes]:
    """What the command line writes of the registry, file by file."""
    where = {"REGISTRY_NEO4J_URI": settings.neo4j_uri} if settings.neo4j_uri else {}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REGISTRY_")}
    subprocess.run(
        [sys.executable, "-m", "service", "export", "csv", str(folder)],
        cwd=ROOT,
        env={**kept, **where, "REGISTRY_DATA_DIR": str(settings.data_dir)},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_what_is_exported_imports_into_an_empty_registry_to_the_same(empty: Settings, tmp_path: Path) -> None:
    async def fill(database: Database) -> Summary:
        return await load.load(database, demo.demo(DAY), Act(action="load demo", actor="tester"))

    async def clear(database: Database) -> None:
        while (await database.writing(lambda transaction: transaction.rows(EMPTY)))[0]["gone"]:
            pass
        await migrate.migrate(database)

    loaded = on_database(empty, fill)
    first = exported(empty, tmp_path / "first")
    on_database(empty, clear)
    summary = imported(empty, tmp_path / "first")
    second = exported(empty, tmp_path / "second")

    assert loaded.problems == []
    assert summary.problems == []
    assert summary.tallies == loaded.tallies
    assert second == first
