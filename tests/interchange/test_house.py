"""What the house has set on skills of a classification stays, whichever file of it comes."""

from datetime import date
from pathlib import Path

import pytest

from service.acts import suggesting, taxonomy
from service.acts.taxonomy import Verdict
from service.domain.people import OrgUnit, Person
from service.domain.proof import Assertion
from service.domain.skills import Lifecycle, Scale, Skill, SuggestionDecision
from service.graph import ledger, records
from service.graph.database import Database
from service.graph.ledger import Act
from service.interchange import esco, load, upgrade
from service.interchange.house import IMPORT, UPGRADE, with_settings
from service.interchange.scales import PROFICIENCY
from service.interchange.upgrade_plan import Fate, plan
from service.settings import Settings
from tests.conftest import on_database
from tests.interchange import esco_files
from tests.interchange.esco_files import SKILL
from tests.interchange.history import correct, holds, record
from tests.interchange.test_past_export import taken
from tests.interchange.test_upgrade import made
from tests.test_cli import registry

ACT = Act(action=IMPORT, actor="tests")
DAY = date(2026, 1, 5)


async def skill(database: Database, code: str) -> Skill:
    return (await records.by_id(database, Skill, [SKILL + code]))[SKILL + code]


async def said(database: Database, phrase: str, code: str, *, accepted: bool = True) -> None:
    decided = SuggestionDecision(
        id="x", phrase=phrase, skill_id=SKILL + code, is_accepted=accepted, decided_by="Ann", decided_on=DAY
    )
    await suggesting.decide(database, Act(action="acceptSuggestion", actor="tests"), decided)


async def given(database: Database, folder: Path, settings: Settings) -> None:
    """The version before, with names and settings that the house gave it."""
    await load.load(database, esco.read(esco_files.old(folder), settings), ACT)
    await said(database, "snake language", "python")
    await said(database, "code things", "labelled")
    await said(database, "program", "labelled")
    await said(database, "program", "labelled", accepted=False)
    await record(Skill(id="own", name="our own coding", scale_id=PROFICIENCY.id))(database)
    verdict = Verdict(decided_by="Ann", decided_on=DAY, reason="the same")
    await taxonomy.merge(database, Act(action="mergeSkills", actor="tests"), "own", f"{SKILL}labelled", verdict)
    await record(Scale(id="three", name="Three", labels=["low", "middle", "high"]))(database)
    await correct(Skill, f"{SKILL}notebooks", scale_id="three", required_verifiers=2)(database)
    await correct(
        Skill, f"{SKILL}java", lifecycle=Lifecycle.DEPRECATED, deprecation_reason="we use Python",
        replaced_by_id=f"{SKILL}python",
    )(database)  # fmt: skip
    await record(OrgUnit(id="house", name="House"))(database)
    await record(Person(id="ann", name="Ann", unit_id="house"))(database)
    await record(holds("a", "ann", f"{SKILL}notebooks", 3))(database)


async def upgraded(database: Database, folder: Path, settings: Settings, **changes: tuple[str, str]) -> str:
    source = esco.read(esco_files.new(folder, **changes), settings)
    act = Act(action=UPGRADE, actor="tests")
    await upgrade.upgrade(database, source, await plan(database, source), act)
    return act.request_id


def test_a_skill_that_the_file_calls_obsolete_keeps_the_scale_on_which_its_levels_are(
    empty: Settings, tmp_path: Path
) -> None:
    async def work(database: Database) -> None:
        await given(database, tmp_path, empty)
        await upgraded(database, tmp_path, empty)

        gone = await skill(database, "notebooks")
        assert (gone.lifecycle, gone.replaced_by_id) == (Lifecycle.DEPRECATED, f"{SKILL}python")
        assert (gone.scale_id, gone.required_verifiers) == ("three", 2)
        [held] = [each async for page in records.everything(database, Assertion) for each in page]
        assert (held.skill_id, held.level) == (f"{SKILL}python", len(PROFICIENCY.labels))

    on_database(empty, work)


def test_why_the_house_deprecated_a_skill_stays(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        await given(database, tmp_path, empty)
        await upgraded(database, tmp_path, empty)

        java = await skill(database, "java")
        assert (java.name, java.deprecation_reason) == ("Java (computer programming)", "we use Python")

    on_database(empty, work)


def test_names_that_the_house_gave_stay_through_upgrades_and_those_of_the_file_go_with_it(
    empty: Settings, tmp_path: Path
) -> None:
    async def work(database: Database) -> None:
        await given(database, tmp_path, empty)
        source = esco.read(esco_files.new(tmp_path), empty)
        planned = await plan(database, source)
        await upgraded(database, made(tmp_path / "first"), empty)
        before = await taken(database, made(tmp_path / "before"))
        python, labelled = await skill(database, "python"), await skill(database, "labelled")
        second = await upgraded(
            database, made(tmp_path / "second"), empty, python=("snake language", ""), labelled=("write code", "")
        )
        later, later_labelled = await skill(database, "python"), await skill(database, "labelled")

        assert {line.skill_id for line in planned.lines if line.fate is Fate.RELABELLED} == {
            f"{SKILL}python",
            f"{SKILL}labelled",
        }
        assert python.alternative_labels == ["use notebooks@en", "snake language@en"]
        assert labelled.alternative_labels == ["coding@en", "programming@en", "code things@en", "our own coding@en"]
        assert (later.name, later.alternative_labels) == ("snake language", [])
        assert later_labelled.alternative_labels == ["code things@en", "our own coding@en"]
        await upgrade.undo(database, second, "tests")
        assert await taken(database, tmp_path / "before") == before

    on_database(empty, work)


def test_a_file_undone_and_brought_again_leaves_none_of_its_names_behind(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        await given(database, tmp_path, empty)
        before = await taken(database, made(tmp_path / "before"))
        await upgrade.undo(database, await upgraded(database, tmp_path, empty), "tests")
        assert await taken(database, tmp_path / "before") == before
        await upgraded(database, made(tmp_path / "again"), empty, labelled=("write code", "programming"))

        labels = (await skill(database, "labelled")).alternative_labels
        assert labels == ["programming@en", "code things@en", "our own coding@en"]

    on_database(empty, work)


def test_a_name_that_only_the_house_gave_says_nothing_about_who_follows_a_skill(
    empty: Settings, tmp_path: Path
) -> None:
    async def work(database: Database) -> None:
        await given(database, tmp_path, empty)
        await said(database, "use Bing", "python")
        found = await plan(database, esco.read(esco_files.new(tmp_path), empty))

        assert [line.successors for line in found.lines if line.skill_id == f"{SKILL}bing"] == [()]

    on_database(empty, work)


def test_the_same_file_again_changes_nothing_that_the_house_has_set(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        await given(database, tmp_path, empty)
        source = esco.read(esco_files.old(made(tmp_path / "again")), empty)
        summary = await load.load(database, await with_settings(database, source), ACT)

        assert {noun: tally.corrected for noun, tally in summary.tallies.items() if tally.corrected} == {}

    on_database(empty, work)


@pytest.mark.parametrize("flags", [(), ("--dry-run",)])
def test_the_command_imports_the_same_file_again_without_a_change(
    empty: Settings, tmp_path: Path, flags: tuple[str, ...]
) -> None:
    async def work(database: Database) -> int:
        await given(database, tmp_path, empty)
        return (await ledger.position(database))[0]

    before = on_database(empty, work)
    done = registry(empty, "import", "esco", tmp_path / "ESCO v1.0", *flags)

    async def last(database: Database) -> int:
        return (await ledger.position(database))[0]

    assert done.returncode == 0, done.stderr
    assert on_database(empty, last) == before
