"""The command that prints what is missing or stale in the registry, and what to do about it."""

from datetime import date
from typing import Annotated

import typer
from rich.table import Table

from service.capability.quality import NEXT_STEPS, Quality, data_quality
from service.console import out, plain, run
from service.graph.database import Database
from service.live import LiveIndex
from service.settings import load as load_settings

EXAMPLES = 2
"""Items shown of each finding."""


def quality(
    unit: Annotated[
        str | None, typer.Option(help="Only the people of this unit and those below it, by its id.")
    ] = None,
    stale_after_months: Annotated[int, typer.Option(help="Months after which a profile is stale.")] = 12,
) -> None:
    """Say what is missing or stale in the data, how much of it, and what to do next."""
    settings = load_settings()

    async def work(database: Database) -> Quality:
        snapshot = await LiveIndex(database, settings.data_dir.expanduser() / "index.bin").snapshot()
        today = date.today()  # noqa: DTZ011  # a day where the command runs
        return data_quality(
            snapshot, unit_id=unit, known=snapshot.seq, stale_after_months=stale_after_months, today=today
        )

    _show(run(settings, work), unit)


def _show(found: Quality, unit: str | None) -> None:
    where = f", people of unit {unit}" if unit else ""
    title = f"Data on {found.day}, as of change {found.known}{where}"
    table = Table("what", "found", "of", "share", "for example", "what to do", title=plain(title), title_justify="left")
    for column in table.columns[1:4]:
        column.justify = "right"
    for each in found.findings:
        table.add_row(
            each.kind.replace("_", " ").capitalize(),
            f"{each.count:,}",
            f"{each.looked_at:,}",
            f"{each.ratio:.0%}",
            plain("\n".join(f"{item.name} ({item.note})" for item in each.draw("", EXAMPLES))),
            NEXT_STEPS[each.kind] if each.count else "",
            end_section=True,
        )
    out.print(table)
    if not any(each.count for each in found.findings):
        out.print("Nothing is missing.")
