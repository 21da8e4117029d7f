"""The commands of an upgrade: plan, apply, list, undo."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from service.console import bar, err, fail, out, plain, run
from service.graph.database import Database
from service.graph.ledger import Act
from service.interchange import esco, upgrade
from service.interchange.house import UPGRADE
from service.interchange.upgrade_plan import Fate, Line, Plan, plan
from service.settings import load as load_settings

app = typer.Typer(
    no_args_is_help=True, help="Take over a newer version of a classification; every upgrade can be undone."
)

SHOWN = 10
MEANINGS = {
    Fate.ADDED: "new skills",
    Fate.RENAMED: "another preferred label, the same skill",
    Fate.RELABELLED: "other alternative labels only",
    Fate.REPLACED: "gone; one skill bears its label now, holdings move there",
    Fate.MERGED: "gone, several into one; holdings move there",
    Fate.SPLIT: "gone; several skills may follow, holdings stay until somebody decides",
    Fate.DEPRECATED: "gone with no successor that can be told; holdings stay",
}

UpgradeId = Annotated[str, typer.Argument(metavar="ID", help="The id of the upgrade, as list shows it.")]
PlanFile = Annotated[Path | None, typer.Option("--plan", help="Write every line of the plan to this CSV file.")]


@app.command("esco")
def _upgrade_esco(
    file: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan; change nothing.")] = False,  # noqa: FBT002
    plan_file: PlanFile = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; go ahead.")] = False,  # noqa: FBT002
) -> None:
    """Upgrade the skills of ESCO to the version in the official CSV download; shows its plan first, and asks."""
    settings = load_settings()
    source = esco.read(file, settings)

    async def planned(database: Database) -> Plan:
        with err.status("comparing ..."):
            return await plan(database, source)

    async def work(database: Database) -> upgrade.Upgraded | None:
        found = await planned(database)
        _show(found)
        if plan_file is not None:
            _write(plan_file, found)
        if dry_run or not (yes or typer.confirm("Go ahead?", default=False)):
            out.print("Nothing was changed.")
            return None
        act = Act(action=UPGRADE, actor=settings.actor)
        rows = source.total_rows + sum(map(len, found.dropped.values())) + len(found.gone)
        with bar("reading", rows) as progress:
            return await upgrade.upgrade(database, source, found, act, progress)

    done = run(settings, work)
    if done is not None:
        _report(done)
        out.print(esco.ATTRIBUTION, highlight=False, soft_wrap=True)


@app.command("list")
def _list() -> None:
    """Show the upgrades made so far, and which were undone."""
    found = run(load_settings(), upgrade.upgrades)
    table = Table("id", "when", "who", "changes", "facts", "undone", title="Upgrades", title_justify="left")
    for each in found:
        changes = f"{each['first_seq']} to {each['last_seq']}"
        undone = f"by change {each['undone_seq']}" if each["undone_seq"] is not None else ""
        when = str(each["at"])[:16].replace("T", " ")
        table.add_row(str(each["request_id"]), when, str(each["actor"]), changes, f"{each['count']:,}", undone)
    out.print(table if found else "No upgrade was made yet.")


@app.command("undo")
def _undo(
    upgrade_id: Annotated[str, typer.Argument(metavar="ID", help="The id of the upgrade, as list shows it.")],
) -> None:
    """Put back everything that an upgrade changed; refuses when others have built on it since."""
    settings = load_settings()

    async def work(database: Database) -> int:
        with bar("finding", None) as progress:
            return (await upgrade.undo(database, upgrade_id, settings.actor, progress)).size

    count = run(settings, work)
    out.print(f"{count:,} facts are as they were." if count else "Nothing was left to undo.", highlight=False)


def _show(found: Plan) -> None:
    table = Table("", "skills", "holdings", "what it means", title=f"Upgrade to {found.source}", title_justify="left")
    for column in table.columns[1:3]:
        column.justify = "right"
    for fate, meaning in MEANINGS.items():
        lines = [line for line in found.lines if line.fate is fate]
        holdings = sum(line.people for line in lines)
        table.add_row(fate, f"{len(lines):,}", f"{holdings:,}" if holdings else "", meaning)
    out.print(table)
    effect = found.effect
    for what, count in (
        ("people hold a skill that goes", effect.people),
        ("roles require one", effect.roles),
        ("positions require one on top of their role", effect.positions),
        ("lines of people's gaps, with their role and with positions they are booked to, name one", effect.gap_lines),
        ("relations and requirements of the classification end", sum(map(len, found.dropped.values()))),
        ("roles of the classification end; their profiles are retired", len(found.retired_roles)),
        ("skills keep settings of this house that the new version does not know", len(found.house)),
    ):
        out.print(f"{count:>7,} {what}", highlight=False, soft_wrap=True)
    for fate in (Fate.SPLIT, Fate.DEPRECATED):
        _show_open(found, fate)


def _show_open(found: Plan, fate: Fate) -> None:
    """The skills people hold for whose successor people must decide."""
    lines = sorted((each for each in found.lines if each.fate is fate and each.people), key=lambda each: -each.people)
    if not lines:
        return
    table = Table("skill", "people", "may be", title=f"{fate}: to decide, with mergeSkills", title_justify="left")
    for line in lines[:SHOWN]:
        table.add_row(plain(line.name), f"{line.people:,}", plain(", ".join(_named(found, line))))
    out.print(table)
    if len(lines) > SHOWN:
        out.print(f"... and {len(lines) - SHOWN:,} more; --plan FILE writes every line.", highlight=False)


def _named(found: Plan, line: Line) -> Iterable[str]:
    return (found.names[id_] for id_ in line.successors)


def _write(path: Path, found: Plan) -> None:
    if path.is_dir():
        fail(f"{str(path)!r} is a folder; name a file")
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["fate", "skill_id", "name", "new_name", "people", "successor_ids", "successors"])
        for line in sorted(found.lines, key=lambda each: (list(Fate).index(each.fate), each.name, each.skill_id)):
            ids, names = "\n".join(line.successors), "\n".join(_named(found, line))
            rows.writerow([line.fate, line.skill_id, line.name, line.new_name, line.people, ids, names])


def _report(done: upgrade.Upgraded) -> None:
    table = Table("", "new", "changed", "moved", title="What was done", title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for noun in dict.fromkeys((*done.summary.tallies, *done.moved)):
        tally = done.summary.tallies.get(noun)
        numbers = (tally.recorded if tally else 0, tally.corrected if tally else 0, done.moved.get(noun, 0))
        table.add_row(noun.replace("_", " "), *(f"{number:,}" if number else "" for number in numbers))
    out.print(table)
    for problem in done.summary.problems:
        err.print(f"[red]{plain(problem.file)}, row {problem.row}:[/] {plain(problem.reason)}", soft_wrap=True)
    if done.converted:
        out.print(f"{done.converted:,} levels were converted to a scale of another length.", highlight=False)
    out.print(f"This is upgrade {done.id}. To put all back: registry upgrade undo {done.id}", soft_wrap=True)
