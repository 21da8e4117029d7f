"""``python -m benchmarks.survey DATA``: 2,000 real people against every level of real roles, in one run.

DATA is the folder with the UK role framework and the 2019 developer survey; neither may be shipped. Prints how
long each part took, the whole picture in counts, and one person against one role with every number needed to
check it by hand.
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

from rich.console import Console

from service.capability.gaps import Gap, Line, skill_gap
from service.capability.group_gaps import Group, group_gap
from service.capability.index import Snapshot
from service.capability.matching import candidates
from service.capability.targets import POINTS, Target
from service.domain.policy import Cause
from service.graph import migrate
from service.graph.database import open_database
from service.graph.ledger import Act
from service.interchange import csv_set, load
from service.live import LiveIndex
from service.settings import Settings
from service.settings import load as load_settings
from tests.interchange.convert import convert

console = Console(width=120)

DAY = date(2019, 3, 1)
"""A fortnight after the survey."""
SAMPLE = "gdad:data-engineer:senior-data-engineer"


def main() -> None:
    """Load, ask everything, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.survey", description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the framework and the survey")
    parser.add_argument("--respondents", type=int, default=2_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="registry-survey-", ignore_cleanup_errors=True) as folder:
        settings = load_settings(data_dir=Path(folder, "data")).model_copy(update={"neo4j_uri": None})
        files = Path(folder, "files")
        convert(arguments.data, files, respondents=arguments.respondents)
        _print(asyncio.run(_loaded(settings, files)))


async def _loaded(settings: Settings, files: Path) -> Snapshot:
    async with open_database(settings) as database:
        await migrate.migrate(database)
        start = time.perf_counter()
        summary = await load.load(database, csv_set.read(files, settings), Act(action="import csv", actor="benchmarks"))
        if summary.problems:
            raise RuntimeError(f"{len(summary.problems)} rows were refused; the first: {summary.problems[0]}")
        console.print(f"imported in {time.perf_counter() - start:.1f} s")
        start = time.perf_counter()
        snapshot = await LiveIndex(database, settings.data_dir / "index.bin").snapshot()
        console.print(f"index read in {time.perf_counter() - start:.1f} s")
    return snapshot


def _print(snapshot: Snapshot) -> None:
    known = snapshot.seq
    roles = sorted(each.id for each in snapshot.tables.roles.all_known(known))
    required = [role for role in roles if snapshot.profile_in_force(role, 2**31 - 2, known)]
    start = time.perf_counter()
    gaps = {
        role: group_gap(snapshot, Group(), Target(role_id=role), as_of=DAY, known=known, today=DAY) for role in required
    }
    took = time.perf_counter() - start
    lines = Counter[Cause]()
    for gap in gaps.values():
        for line in gap.lines:
            lines.update(line.people)
    people = len(next(iter(gaps.values())).people)
    console.print(
        f"\n{people:,} people against {len(gaps)} role levels: {sum(lines.values()):,} lines in {took:.2f} s "
        f"({took / sum(lines.values()) * 1e6:.2f} microseconds a line)"
    )
    for cause, count in sorted(lines.items()):
        console.print(f"  {cause:12} {count:>10,}")
    start = time.perf_counter()
    pages = {
        role: candidates(snapshot, Target(role_id=role), as_of=DAY, known=known, today=DAY, first=3)
        for role in required
    }
    took = time.perf_counter() - start
    console.print(f"\ncandidates for each of the {len(pages)} role levels in {took:.2f} s; the best of the best:")
    best = sorted(pages.items(), key=lambda pair: -(pair[1].rows[0].fit if pair[1].rows else 0))[:5]
    for role, page in best:
        row = page.rows[0]
        console.print(f"  {row.name} for {snapshot.role(role, known).name}: fit {row.fit / POINTS:.6f}")
    chosen = pages[SAMPLE].rows[0].person_id
    _sample(snapshot, skill_gap(snapshot, chosen, Target(role_id=SAMPLE), as_of=DAY, known=known, today=DAY))


def _sample(snapshot: Snapshot, gap: Gap) -> None:
    name = snapshot.person_name(snapshot.person_row(gap.person_id, gap.known), gap.known)
    console.print(f"\nTo check by hand: {name} for {snapshot.role(SAMPLE, gap.known).name} on {DAY}")
    for line in gap.lines:
        console.print(f"  {line.skill_name}, level {line.required_level}: {line.cause}, {_credit(snapshot, line)}")
    parts = " + ".join(str(line.points.part) for line in gap.lines)
    console.print(f"  sum of the parts: {parts} = {gap.base}")
    console.print(f"  eligible: {gap.is_eligible}; fit {gap.fit / POINTS:.6f}")


def _credit(snapshot: Snapshot, line: Line) -> str:
    if line.witness is None:
        return f"nothing held earns credit: 0 of {line.points.share}"
    found = line.witness
    return (
        f"{snapshot.skill_name(found.skill_id, snapshot.seq)} ({found.kinship.lower()}, {found.trust.lower()}): "
        f"{found.sigma:g} * min(1, {found.level_converted:g} * {found.confidence:g} * {found.recency:g} / "
        f"{line.required_level})^1.5 = {found.credit:.6f}; times {line.points.share} = {line.points.part}"
    )


if __name__ == "__main__":
    main()
