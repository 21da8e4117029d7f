"""The command line as it is run: what it prints, what it leaves, how it ends. It attaches to a running service."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from service import __version__
from service.graph.nouns import NOUNS
from service.settings import Settings, load
from tests.conftest import Service

ROOT = Path(__file__).parents[1]
HOUSE = {
    "units": "id,name\nhouse,House\n",
    "people": "id,name,unit_id,manager_id\nann,Ann,house,bob\nbob,Bob,house,\n",
}


def registry(settings: Settings, *arguments: str | Path, **overrides: str) -> subprocess.CompletedProcess[str]:
    """The end of ``python -m service`` with *arguments*, on the registry of *settings*."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REGISTRY_")}
    where = {"REGISTRY_NEO4J_URI": settings.neo4j_uri} if settings.neo4j_uri else {}
    return subprocess.run(
        [sys.executable, "-m", "service", *map(str, arguments)],
        cwd=ROOT,
        env={**kept, **where, "REGISTRY_DATA_DIR": str(settings.data_dir), "COLUMNS": "200", **overrides},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


def house(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in {**HOUSE, **files}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


def seq(service: Service) -> int:
    found: int = service.ask("{ registry { seq } }")["registry"]["seq"]
    return found


def test_an_import_attaches_to_the_running_service_which_answers_from_it_at_once(
    service: Service, tmp_path: Path
) -> None:
    folder = house(tmp_path / "house")

    trial = registry(service.settings, "import", "csv", folder, "--dry-run")
    after_trial = seq(service)
    done = registry(service.settings, "import", "csv", folder)
    again = registry(service.settings, "import", "csv", folder)

    assert (trial.returncode, done.returncode, again.returncode) == (0, 0, 0)
    assert after_trial == 0
    assert "CSV set house: what would happen (dry run)" in trial.stdout
    assert done.stdout.endswith("Recorded as changes 1 to 2.\n")
    assert again.stdout.endswith("Nothing changed.\n")
    assert service.ask('{ node(id: "Person:ann") { ... on Person { name manager { name } unit { name } } } }') == {
        "node": {"name": "Ann", "manager": {"name": "Bob"}, "unit": {"name": "House"}}
    }
    assert seq(service) == 2


def test_an_import_with_problems_tells_them_takes_the_rest_and_ends_with_1(service: Service, tmp_path: Path) -> None:
    people = HOUSE["people"] + "cyd,Cyd,[nowhere],\n"
    folder, listed = house(tmp_path / "house", people=people), tmp_path / "problems.csv"

    trial = registry(service.settings, "import", "csv", folder, "--dry-run")
    done = registry(service.settings, "import", "csv", folder, "--problems", listed)

    told = (
        "people.csv, row 4, unit_id '[nowhere]': there is no OrgUnit with this id\n"
        "1 problem; all other rows were taken.\n"
    )
    assert (trial.returncode, trial.stderr.lstrip()) == (1, told)
    assert (done.returncode, done.stderr.lstrip()) == (1, told)
    assert listed.read_text() == (
        "file,row,column,value,reason\npeople.csv,4,unit_id,[nowhere],there is no OrgUnit with this id\n"
    )
    assert [
        each["node"]["name"] for each in service.ask("{ people { edges { node { name } } } }")["people"]["edges"]
    ] == [
        "Ann",
        "Bob",
    ]


def test_the_doctor_tells_engine_place_number_and_counts(service: Service, tmp_path: Path) -> None:
    registry(service.settings, "import", "csv", house(tmp_path / "house"))
    health = service.client.get("/ready").json()

    done = registry(service.settings, "doctor", "--json")
    report = json.loads(done.stdout)

    is_embedded = service.settings.neo4j_uri is None
    counts = dict.fromkeys((noun.plural for noun in NOUNS), 0)
    assert done.returncode == 0
    assert report == {
        "version": __version__,
        "ok": True,
        "problems": [],
        "engine": "embedded" if is_embedded else "neo4j",
        "engine_version": service.ask("{ registry { engine } }")["registry"]["engine"],
        "where": str(service.settings.data_dir) if is_embedded else service.settings.neo4j_uri,
        "registry": health["registry"],
        "seq": 2,
        "counts": counts | {"units": 1, "people": 2},
    }


def test_the_doctor_says_what_is_wrong_and_ends_with_1(tmp_path: Path) -> None:
    settings = load(data_dir=tmp_path, neo4j_uri="bolt://127.0.0.1:9")

    done = registry(settings, "doctor", "--json", REGISTRY_RETRY_TIMEOUT="1")
    report = json.loads(done.stdout)

    assert done.returncode == 1
    assert set(report) == {"version", "ok", "problems"}
    assert not report["ok"]
    assert report["problems"][0].startswith("The engine at bolt://127.0.0.1:9 does not answer: ")


def test_an_export_has_a_file_for_every_noun_and_imports_to_nothing_new(service: Service, tmp_path: Path) -> None:
    registry(service.settings, "import", "csv", house(tmp_path / "house"))

    done = registry(service.settings, "export", "csv", tmp_path / "out" / "today")
    again = registry(service.settings, "import", "csv", tmp_path / "out" / "today")

    assert done.returncode == 0
    assert {file.name for file in (tmp_path / "out" / "today").iterdir()} == {f"{noun.plural}.csv" for noun in NOUNS}
    assert (tmp_path / "out" / "today" / "units.csv").read_text() == "id,name,kind,parent_id\nhouse,House,DEPARTMENT,\n"
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, "Nothing changed.")


def test_the_demonstration_is_loaded_once(service: Service) -> None:
    first = registry(service.settings, "demo", "--load-only")
    there = seq(service)
    second = registry(service.settings, "demo", "--load-only")

    assert (first.returncode, first.stdout) == (0, "Loaded Larkfield Works, an invented organisation.\n")
    assert (second.returncode, second.stdout) == (0, "")
    assert seq(service) == there > 0
    assert service.ask("{ people { totalCount } }")["people"]["totalCount"] == 300


def test_the_demonstration_does_not_mix_with_a_registry_of_ones_own(service: Service) -> None:
    service.done("createOrgUnit", {"code": "house", "name": "House"})

    done = registry(service.settings, "demo", "--load-only")

    assert done.returncode == 1
    assert "holds a registry of yours, and the demonstration would mix with it" in done.stderr
    assert seq(service) == 1


def test_a_second_service_on_the_same_port_says_so(service: Service) -> None:
    port = str(urlsplit(service.url).port)

    done = registry(service.settings, "serve", "--port", port)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: REGISTRY_HOST 127.0.0.1 and REGISTRY_PORT {port} cannot be listened on: Address already in use. "
        "Stop what listens there, or set REGISTRY_PORT to another port.\n"
    )


def test_what_is_migrated_is_not_migrated_again(empty: Settings) -> None:
    done = registry(empty, "migrate")

    assert (done.returncode, done.stdout) == (0, "Nothing to apply.\n")


def test_version_and_schema_need_no_engine(tmp_path: Path) -> None:
    settings = load(data_dir=tmp_path / "none").model_copy(update={"neo4j_uri": None})

    version, schema = registry(settings, "--version"), registry(settings, "schema")

    assert (version.returncode, version.stdout) == (0, f"{__version__}\n")
    assert (schema.returncode, schema.stdout) == (0, (ROOT / "schema.graphql").read_text("utf-8"))
    assert not (tmp_path / "none").exists()
