"""A newer ESCO: planned, applied and undone, with nothing left of it but its changes."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.domain.people import OrgUnit, Person
from service.domain.proof import Assertion, Verification
from service.domain.roles import CoverageRule, Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import Lifecycle, RelationKind, Skill, SkillRelation
from service.errors import Conflict, Invalid, NotFound
from service.graph import ledger, migrate, records
from service.graph.database import Database
from service.graph.ledger import Act
from service.interchange import esco, load, upgrade
from service.interchange.exporting import export
from service.interchange.house import UPGRADE
from service.interchange.scales import PROFICIENCY
from service.interchange.upgrade_plan import Fate, Plan, plan
from service.settings import Settings
from tests.conftest import ENGINES, on_database, serving_engine
from tests.interchange import esco_files, former_esco
from tests.interchange.esco_files import OCCUPATION, SKILL
from tests.interchange.history import correct, holds, record, retire, verified
from tests.interchange.reading import DATA, needs_data
from tests.interchange.test_past_export import files_in, taken
from tests.test_cli import registry

ACT = Act(action="set up", actor="tests")
HELD = ("python", "java", "safety-1", "persist", "effort", "budget", "trim", "bing", "notebooks")


async def house(database: Database, folder: Path, settings: Settings) -> None:
    """A registry on the version before: Ann holds nearly all of it, decided on by Bob; the house has its own role."""
    await load.load(database, esco.read(esco_files.old(folder), settings), ACT)
    for step in (
        record(OrgUnit(id="house", name="House")),
        record(Role(id="own", name="Own role")),
        record(
            RoleProfile(id="own/1", role_id="own", version=1, status=VersionStatus.PUBLISHED),
            Requirement(id="own/1|persist", owner_id="own/1", skill_id=f"{SKILL}persist", level=2),
            Requirement(id="own/1|bing", owner_id="own/1", skill_id=f"{SKILL}bing", level=1),
        ),
        record(Person(id="ann", name="Ann", unit_id="house", role_id="own")),
        record(Person(id="bob", name="Bob", unit_id="house", role_id=f"{OCCUPATION}developer")),
        *(record(holds(f"ann-{skill}", "ann", SKILL + skill, 3)) for skill in HELD),
        record(holds("bob-effort", "bob", f"{SKILL}effort", 4)),
        record(verified("v", "ann-persist", "bob")),
        record(CoverageRule(id="rule", name="Persist", skill_id=f"{SKILL}persist", level=1, people=1, unit_id="house")),
        record(
            SkillRelation(
                id="curated",
                from_id=f"{SKILL}bing",
                to_id=f"{SKILL}python",
                kind=RelationKind.RELATED,
                weight=0.6,
                is_curated=True,
                origin="ESCO 1.0",
            )
        ),
        correct(Skill, f"{SKILL}python", required_verifiers=2),
        correct(Skill, f"{SKILL}java", lifecycle=Lifecycle.DEPRECATED, replaced_by_id=f"{SKILL}python"),
    ):
        await step(database)


def test_a_plan_tells_the_fate_of_every_skill_and_whom_it_concerns(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> tuple[Plan, int, int]:
        await house(database, tmp_path, empty)
        before, _ = await ledger.position(database)
        found = await plan(database, esco.read(esco_files.new(tmp_path), empty))
        return found, before, (await ledger.position(database))[0]

    found, before, after = on_database(empty, work)
    assert before == after
    fates = {
        (line.fate, line.skill_id.removeprefix(SKILL)): tuple(each.removeprefix(SKILL) for each in line.successors)
        for line in found.lines
    }
    assert fates == {
        **{(Fate.ADDED, name): () for name in ("safety-2", "determination", "manage", "needs", "trim-2")},
        (Fate.RELABELLED, "python"): (),
        (Fate.RELABELLED, "labelled"): (),
        (Fate.REPLACED, "safety-1"): ("safety-2",),
        (Fate.REPLACED, "notebooks"): ("python",),
        (Fate.MERGED, "persist"): ("determination",),
        (Fate.MERGED, "effort"): ("determination",),
        (Fate.SPLIT, "budget"): ("manage", "needs"),
        (Fate.DEPRECATED, "trim"): ("trim-2",),
        (Fate.DEPRECATED, "bing"): (),
    }
    assert {line.skill_id.removeprefix(SKILL): line.people for line in found.lines if line.people} == {
        **dict.fromkeys(("safety-1", "notebooks", "persist", "budget", "trim", "bing"), 1),
        "effort": 2,
    }
    effect = found.effect
    # the profile of ESCO's own operator is one of the two roles that require "use Bing"
    assert (effect.people, effect.roles, effect.positions, effect.gap_lines) == (2, 2, 0, 2)
    assert {shape.__name__: len(ids) for shape, ids in found.dropped.items()} == {"SkillRelation": 2, "Requirement": 2}
    assert [each.role_id for each in found.retired_roles] == [f"{OCCUPATION}operator"]


def test_an_upgrade_moves_what_has_a_successor_and_its_undo_leaves_the_export_as_before(
    empty: Settings, tmp_path: Path
) -> None:
    async def work(database: Database) -> None:
        await house(database, tmp_path, empty)
        before = await taken(database, made(tmp_path / "before"))
        source = esco.read(esco_files.new(tmp_path), empty)
        act = Act(action=UPGRADE, actor="tests")
        await upgrade.upgrade(database, source, await plan(database, source), act)

        skills = await records.by_id(database, Skill, [SKILL + name for name in (*esco_files.OLD, *esco_files.NEW)])
        state = {id_.removeprefix(SKILL): each for id_, each in skills.items()}
        gone = {name for name, each in state.items() if each.lifecycle is Lifecycle.DEPRECATED}
        assert gone == {"java", "safety-1", "persist", "effort", "budget", "trim", "bing", "notebooks"}
        assert state["persist"].replaced_by_id == f"{SKILL}determination"
        assert state["budget"].replaced_by_id is None
        assert (state["python"].required_verifiers, state["python"].source) == (2, "ESCO 2.0")
        assert (state["java"].name, state["java"].replaced_by_id) == ("Java (computer programming)", f"{SKILL}python")
        held = [each async for page in records.everything(database, Assertion) for each in page]
        assert Counter((each.person_id, each.skill_id.removeprefix(SKILL)) for each in held) == {
            ("ann", "python"): 2, ("ann", "java"): 1, ("ann", "safety-2"): 1, ("ann", "determination"): 2,
            ("ann", "budget"): 1, ("ann", "trim"): 1, ("ann", "bing"): 1, ("bob", "determination"): 1,
        }  # fmt: skip
        decided = [each async for page in records.everything(database, Verification) for each in page]
        [verified_one] = [each for each in held if each.id == decided[0].assertion_id]
        assert verified_one.moved_from == "ann-persist"
        required = [each async for page in records.everything(database, Requirement) for each in page]
        assert {(each.owner_id, each.skill_id.removeprefix(SKILL)) for each in required} == {
            ("own/1", "determination"), ("own/1", "bing"), (f"{OCCUPATION}operator/profile/1", "bing"),
            (f"{OCCUPATION}developer/profile/1", "python"), (f"{OCCUPATION}developer/profile/1", "determination"),
        }  # fmt: skip
        again = await plan(database, source)
        assert (again.lines, list(again.gone), again.dropped[Requirement]) == ([], [], [])

        await upgrade.undo(database, act.request_id, "tests")
        assert await taken(database, tmp_path / "before") == before
        [listed] = await upgrade.upgrades(database)
        assert (listed["request_id"], listed["undone_seq"]) == (
            act.request_id,
            (await ledger.position(database))[0],
        )

    on_database(empty, work)


def test_an_interrupted_upgrade_goes_on_with_a_new_plan_and_both_are_undone(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        await house(database, tmp_path, empty)
        before = await taken(database, made(tmp_path / "before"))
        source = esco.read(esco_files.new(tmp_path), empty)
        for stop_after in (2, 6, 100):
            done: list[str] = []

            def stop(noun: str, _: int, done: list[str] = done, stop_after: int = stop_after) -> None:
                done.append(noun)
                if len(done) == stop_after:
                    raise RuntimeError("the power went off")

            try:
                act = Act(action=UPGRADE, actor="tests")
                await upgrade.upgrade(database, source, await plan(database, source), act, stop)
            except RuntimeError:
                continue
        made_so_far = [each["request_id"] for each in await upgrade.upgrades(database)]
        assert len(made_so_far) == 3
        assert (await records.by_id(database, Skill, [f"{SKILL}bing"]))[
            f"{SKILL}bing"
        ].lifecycle is Lifecycle.DEPRECATED
        with pytest.raises(Conflict, match="cannot be undone any more"):
            await upgrade.undo(database, made_so_far[0], "tests")
        for upgrade_id in reversed(made_so_far):
            await upgrade.undo(database, upgrade_id, "tests")
        assert await taken(database, tmp_path / "before") == before

    on_database(empty, work)


def test_an_upgrade_that_others_have_built_on_is_not_undone_until_they_have_gone(
    empty: Settings, tmp_path: Path
) -> None:
    async def work(database: Database) -> None:
        await house(database, tmp_path, empty)
        before = await taken(database, made(tmp_path / "before"))
        source = esco.read(esco_files.new(tmp_path), empty)
        act = Act(action=UPGRADE, actor="tests")
        await upgrade.upgrade(database, source, await plan(database, source), act)
        await record(holds("later", "bob", f"{SKILL}manage", 1))(database)
        with pytest.raises(Conflict, match=f"Assertion 'later' names Skill '{SKILL}manage', which would go"):
            await upgrade.undo(database, act.request_id, "tests")
        await retire(Assertion, "later")(database)
        await upgrade.undo(database, act.request_id, "tests")
        assert await taken(database, tmp_path / "before") == before
        with pytest.raises(NotFound, match="There is no upgrade 'x'"):
            await upgrade.undo(database, "x", "tests")

    on_database(empty, work)


def test_no_upgrade_without_a_former_version_nor_with_a_skill_that_cannot_be_read(
    empty: Settings, tmp_path: Path
) -> None:
    async def work(database: Database) -> None:
        source = esco.read(esco_files.new(tmp_path, python=("", "")), empty)
        with pytest.raises(Invalid, match=r"skills_en\.csv, row 2, preferredLabel .*mend it first"):
            await plan(database, source)
        with pytest.raises(NotFound, match="holds no skill of ESCO"):
            await plan(database, esco.read(esco_files.old(tmp_path), empty))

    on_database(empty, work)


def test_the_commands_plan_apply_list_and_undo(empty: Settings, tmp_path: Path) -> None:
    async def work(database: Database) -> dict[str, bytes]:
        await house(database, tmp_path, empty)
        return await taken(database, made(tmp_path / "before"))

    before = on_database(empty, work)
    version = esco_files.new(tmp_path)
    lines = tmp_path / "plan.csv"

    trial = registry(empty, "upgrade", "esco", version, "--dry-run", "--plan", lines)
    assert trial.returncode == 0, trial.stderr
    assert "Upgrade to ESCO 2.0 (en)" in trial.stdout
    assert "Nothing was changed." in trial.stdout
    assert lines.read_text("utf-8").splitlines()[0] == "fate,skill_id,name,new_name,people,successor_ids,successors"
    assert f"MERGED,{SKILL}effort,make an effort,,2,{SKILL}determination,show determination" in lines.read_text("utf-8")

    done = registry(empty, "upgrade", "esco", version, "--yes")
    assert done.returncode == 0, done.stderr
    upgrade_id = done.stdout.split("registry upgrade undo ")[1].split()[0]
    assert upgrade_id in registry(empty, "upgrade", "list").stdout
    undone = registry(empty, "upgrade", "undo", upgrade_id)
    assert "facts are as they were" in undone.stdout, undone.stderr
    assert "Nothing was left to undo." in registry(empty, "upgrade", "undo", upgrade_id).stdout
    registry(empty, "export", "csv", tmp_path / "before")
    assert files_in(tmp_path / "before") == before


def made(folder: Path) -> Path:
    """*folder*, made."""
    folder.mkdir()
    return folder


@pytest.fixture(params=ENGINES)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An engine of its own: emptying one of so much takes longer than starting another."""
    with serving_engine(request.param, tmp_path) as settings:
        on_database(settings, migrate.migrate)
        yield settings


@needs_data
def test_an_upgrade_from_esco_1_1_1_to_1_2_0_of_2000_people_is_undone_byte_for_byte(
    fresh: Settings, tmp_path: Path
) -> None:
    skills = former_esco.skills(DATA / "esco_v1.1.1_labels.csv.gz")
    facts = [PROFICIENCY, *skills, *former_esco.organisation(skills, people=2_000, roles=30)]
    [zipped] = DATA.glob("ESCO*.zip")
    before, after, undone, then = (made(tmp_path / name) for name in ("before", "after", "undone", "then"))

    async def work(database: Database) -> tuple[Plan, upgrade.Upgraded]:
        summary = await load.load(database, former_esco.source(facts), ACT)
        assert summary.problems == []
        await export(database, before)
        source = esco.read(zipped, fresh)
        found = await plan(database, source)
        done = await upgrade.upgrade(database, source, found, Act(action=UPGRADE, actor="tests"))
        await export(database, after)
        await upgrade.undo(database, done.id, "tests")
        await export(database, undone)
        await export(database, then, summary.last_seq)
        return found, done

    found, done = on_database(fresh, work)
    assert found.counts == {
        Fate.ADDED: 751 + 640,  # skills, and the headings that the labels of 1.1.1 lack
        Fate.RENAMED: 511,
        Fate.RELABELLED: 1_221,
        Fate.REPLACED: 124,
        Fate.MERGED: 31,
        Fate.SPLIT: 5,
        Fate.DEPRECATED: 64,
    }
    effect = found.effect
    assert (effect.people, effect.roles, effect.positions, effect.gap_lines) == (422, 5, 0, 333)
    assert done.moved["assertions"] == sum(effect.assertions.get(skill_id, 0) for skill_id in found.successors)
    assert files_in(undone) == files_in(before) == files_in(then)
    assert files_in(after) != files_in(before)
