"""The command line: serve, demo, import, export, upgrade, quality, migrate, doctor, schema."""

import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.logging import RichHandler
from rich.table import Table

from service import __version__, quality_command, upgrade_commands
from service.console import bar, err, fail, out, plain, run
from service.errors import Conflict, RegistryError
from service.graph import ledger, migrate, past, records
from service.graph.database import Database, open_database
from service.graph.ledger import Act
from service.interchange import csv_set, demo, esco, house, load, onet
from service.interchange.exporting import export
from service.interchange.source import Source
from service.schema.build import build_schema
from service.serving import Question, serve
from service.settings import Settings
from service.settings import load as load_settings

app = typer.Typer(
    name="registry",
    help="The skills and capability registry: who can do what, proven how, until when, and who is free.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Settings are environment variables REGISTRY_...; see the README. Start with: registry demo",
)
importing = typer.Typer(no_args_is_help=True, help="Bring files in. The same file again changes nothing.")
exporting = typer.Typer(no_args_is_help=True, help="Write files out.")
app.add_typer(importing, name="import")
app.add_typer(exporting, name="export")
app.add_typer(upgrade_commands.app, name="upgrade")
app.command("quality")(quality_command.quality)

PROBLEMS_SHOWN = 50
LOADED_DEMO = "load demo"

DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing; report what would happen.")]
AllProblems = Annotated[Path | None, typer.Option("--problems", help="Write every problem to this CSV file.")]


class Format(StrEnum):
    """Formats that are imported."""

    ESCO = "esco"
    ONET = "onet"
    CSV = "csv"


def main() -> None:
    """Run the command line; an error of ours is one sentence and exit status 1, or 2 for wrong usage."""
    logging.basicConfig(
        level=logging.WARNING, format="%(message)s", handlers=[RichHandler(console=err, show_path=False)]
    )
    logging.getLogger("neo4j").setLevel(logging.ERROR)
    try:
        app()
    except RegistryError as error:
        fail(error.message)
    except KeyboardInterrupt:
        err.print("Stopped.")
        sys.exit(130)


@app.callback(invoke_without_command=True)
def _options(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:  # noqa: FBT002
    if version:
        out.print(__version__)
        raise typer.Exit


Host = Annotated[str | None, typer.Option(help="Address to listen on; REGISTRY_HOST.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on; REGISTRY_PORT.")]


@app.command("serve")
def _serve(host: Host = None, port: Port = None) -> None:
    """Serve the registry: GraphQL and a page to ask questions from. Ctrl-C ends it."""
    settings = load_settings(host=host, port=port)
    serve(
        settings,
        lambda address: out.print(f"The registry answers at [link={address}]{address}[/link]. Ctrl-C ends it."),
    )


@app.command("demo")
def _demo(
    host: Host = None,
    port: Port = None,
    load_only: Annotated[bool, typer.Option(help="Load it, do not serve.")] = False,  # noqa: FBT002
) -> None:
    """Load an invented organisation of about 300 people, once, and serve it with ready questions."""
    settings = load_settings(host=host, port=port)
    if load_only:
        run(settings, lambda database: _load_demo(database, settings))
        return
    questions = demo.ready_questions(demo.CASES)
    serve(
        settings,
        lambda address: _announce(address, questions),
        questions=questions,
        prepare=lambda database: _load_demo(database, settings),
    )


def _announce(address: str, questions: Sequence[Question]) -> None:
    out.print(
        f"\nThe registry answers at [link={address}]{address}[/link]. Ctrl-C ends it, engine included.\n",
        soft_wrap=True,
    )
    base = address.removesuffix("/graphql")
    for number, (title, _, _) in enumerate(questions, 1):
        out.print(f"  {number}. {title}", soft_wrap=True)
        out.print(f"     [link={base}/questions/{number}]{base}/questions/{number}[/link]", soft_wrap=True)
    out.print()


async def _load_demo(database: Database, settings: Settings) -> None:
    """Load the demonstration unless it is there."""
    seq, _ = await ledger.position(database)
    if seq:
        first = await ledger.after(database, 0, 1)
        if first[0].action == LOADED_DEMO:
            return
        raise Conflict(
            f"{settings.data_dir} holds a registry of yours, and the demonstration would mix with it. "
            "Set REGISTRY_DATA_DIR to another folder, or run: registry serve"
        )
    source = demo.demo(date.today())  # noqa: DTZ011  # a day where the service runs
    await _with_bar(database, source, Act(action=LOADED_DEMO, actor=settings.actor), is_dry_run=False)
    out.print("Loaded Larkfield Works, an invented organisation.")


@importing.command("esco")
def _import_esco(file: Path, dry_run: DryRun = False, problems: AllProblems = None) -> None:  # noqa: FBT002
    """Import the official ESCO CSV download: skills, groups, relations, occupations with what they require."""
    _import(Format.ESCO, file, dry_run, problems)


@importing.command("onet")
def _import_onet(file: Path, dry_run: DryRun = False, problems: AllProblems = None) -> None:  # noqa: FBT002
    """Import the official O*NET text download: occupations with their skills, knowledge and technologies."""
    _import(Format.ONET, file, dry_run, problems)


@importing.command("csv")
def _import_csv(folder: Path, dry_run: DryRun = False, problems: AllProblems = None) -> None:  # noqa: FBT002
    """Import a folder, or zip, of CSV files: people, skills, assertions, roles, projects and so on."""
    _import(Format.CSV, folder, dry_run, problems)


READERS: dict[Format, Callable[[Path, Settings], Source]] = {
    Format.ESCO: esco.read,
    Format.ONET: onet.read,
    Format.CSV: csv_set.read,
}


def _import(form: Format, path: Path, is_dry_run: bool, problems: Path | None) -> None:  # noqa: FBT001
    settings = load_settings()
    source = READERS[form](path, settings)
    act = Act(action=f"import {form}", actor=settings.actor)

    async def work(database: Database) -> load.Summary:
        kept = await house.with_settings(database, source) if form is Format.ESCO else source
        return await _with_bar(database, kept, act, is_dry_run=is_dry_run)

    summary = run(settings, work)
    _report(summary)
    if problems is not None:
        _write_problems(problems, summary)
    if summary.problems:
        sys.exit(1)


async def _with_bar(database: Database, source: Source, act: Act, *, is_dry_run: bool) -> load.Summary:
    with bar("reading", source.total_rows) as progress:
        return await load.load(database, source, act, is_dry_run=is_dry_run, progress=progress)


def _report(summary: load.Summary) -> None:
    title = f"{summary.source}: {'what would happen (dry run)' if summary.is_dry_run else 'what was done'}"
    table = Table("", "new", "changed", "unchanged", "refused", title=title, title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for plural, tally in summary.tallies.items():
        numbers = (tally.recorded, tally.corrected, tally.unchanged, tally.refused)
        table.add_row(plural.replace("_", " "), *(f"{number:,}" if number else "" for number in numbers))
    out.print(table)
    for note, count in sorted(summary.notes.items()):
        out.print(f"note: {count:,} times: {plain(note)}", highlight=False, soft_wrap=True)
    if summary.attribution is not None:
        out.print(summary.attribution, highlight=False, soft_wrap=True)
    if summary.last_seq is not None:
        out.print(f"Recorded as changes {summary.first_seq} to {summary.last_seq}.")
    elif not summary.is_dry_run:
        out.print("Nothing changed.")
    for problem in summary.problems[:PROBLEMS_SHOWN]:
        what = f", {problem.column} {problem.value!r}" if problem.column else ""
        err.print(
            f"[red]{plain(problem.file)}, row {problem.row}{plain(what)}:[/] {plain(problem.reason)}",
            highlight=False,
            soft_wrap=True,
        )
    if len(summary.problems) > PROBLEMS_SHOWN:
        err.print(f"... and {len(summary.problems) - PROBLEMS_SHOWN:,} more; --problems FILE writes them all.")
    if summary.problems:
        found = f"{len(summary.problems):,} problem{'s' if len(summary.problems) > 1 else ''}"
        err.print(f"[bold red]{found}[/]; all other rows were taken.")


def _write_problems(path: Path, summary: load.Summary) -> None:
    import csv  # noqa: PLC0415  # only here

    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "row", "column", "value", "reason"])
        rows.writerows([each.file, each.row, each.column, each.value, each.reason] for each in summary.problems)


KnownAt = Annotated[
    str | None,
    typer.Option("--known-at", help="As the registry knew it at this change number, or instant as 2026-03-01T09:00Z."),
]


@exporting.command("csv")
def _export_csv(folder: Path, known_at: KnownAt = None) -> None:
    """Write everything current into a folder of CSV files, which an empty registry imports to the same."""
    settings = load_settings()
    moment = None if known_at is None else _moment(known_at)
    if folder.exists() and not folder.is_dir():
        fail(f"{str(folder)!r} is a file; name a folder")
    folder.mkdir(parents=True, exist_ok=True)

    async def work(database: Database) -> dict[str, int]:
        last, _ = await ledger.position(database)
        known = None if moment is None else await past.known_at(database, moment, last)
        return await export(database, folder, known)

    title = f"Written to {folder}" + ("" if known_at is None else f", as known at {known_at}")
    table = Table("file", "rows", title=title, title_justify="left")
    table.columns[1].justify = "right"
    for plural, count in run(settings, work).items():
        table.add_row(f"{plural}.csv", f"{count:,}")
    out.print(table)


def _moment(text: str) -> int | datetime:
    if text.isdecimal():
        return int(text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is neither the number of a change nor an instant; write 42 or 2026-03-01T09:00:00Z")


@app.command("migrate")
def _migrate() -> None:
    """Bring the graph's constraints and indexes up to this version; serve and import do it by themselves."""

    async def work() -> list[migrate.Migration]:
        async with open_database(load_settings()) as database:
            return await migrate.migrate(database)

    applied = asyncio.run(work())
    for migration in applied:
        out.print(f"Applied {migration.number:04} {migration.name}.")
    if not applied:
        out.print("Nothing to apply.")


@app.command("doctor")
def _doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False) -> None:  # noqa: FBT002
    """Say which engine there is, what is in it, and what is wrong. Exit status 1 when something is."""
    settings = load_settings()
    report: dict[str, Any] = {"version": __version__, "ok": False, "problems": []}
    try:
        report |= asyncio.run(_examined(settings))
    except RegistryError as error:
        report["problems"].append(error.message)
    report["ok"] = not report["problems"]
    if as_json:
        sys.stdout.write(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        _show(report)
    if not report["ok"]:
        sys.exit(1)


async def _examined(settings: Settings) -> dict[str, Any]:
    async with open_database(settings) as database:
        pending = await migrate.pending(database)
        name, version = await database.version()
        seq, registry_id = await ledger.position(database)
        where = str(settings.data_dir) if database.endpoint.embedded else database.endpoint.uri
        problems = [] if not pending or not seq else [f"{len(pending)} migrations are pending; run: registry migrate"]
        return {
            "engine": "embedded" if database.endpoint.embedded else "neo4j",
            "engine_version": f"{name} {version}",
            "where": where,
            "registry": registry_id or None,
            "seq": seq,
            "counts": await records.counts(database),
            "problems": problems,
        }


def _show(report: dict[str, Any]) -> None:
    for key in ("version", "engine", "engine_version", "where", "registry", "seq"):
        if key in report:
            out.print(f"{key.replace('_', ' '):<15} {report[key]}", highlight=False, soft_wrap=True)
    if "counts" in report:
        table = Table("what", "current", box=None)
        table.columns[1].justify = "right"
        for plural, count in report["counts"].items():
            table.add_row(plural.replace("_", " "), f"{count:,}")
        out.print(table)
    for problem in report["problems"]:
        err.print(f"[bold red]Wrong:[/] {plain(problem)}", highlight=False, soft_wrap=True)
    if not report["problems"]:
        out.print("Nothing is wrong.")


@app.command("schema")
def _schema() -> None:
    """Print the GraphQL schema, as schema.graphql holds it."""
    sys.stdout.write(build_schema(load_settings()).as_str() + "\n")
