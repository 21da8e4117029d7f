"""O*NET: the official text download. See docs/decisions/0004-esco-and-onet.md."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from service.domain.roles import Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import RelationKind, Scale, Skill, SkillKind, SkillRelation
from service.errors import Invalid
from service.interchange import tables
from service.interchange.facts import checked
from service.interchange.problems import Outcome, Problem, Row
from service.interchange.scales import PROFICIENCY
from service.interchange.source import Source, Stream, outcomes
from service.interchange.tables import Record, Table
from service.settings import Settings

ATTRIBUTION = (
    "This product includes information from the O*NET database by the U.S. Department of Labor, "
    "Employment and Training Administration (USDOL/ETA), used under the CC BY 4.0 license."
)

LEVEL = Scale(id="onet-level", name="O*NET level", labels=[f"Level {level}" for level in range(1, 8)])

OCCUPATION = "O*NET-SOC Code"
RATING = (OCCUPATION, "Element ID", "Scale ID", "Data Value", "Recommend Suppress", "Not Relevant")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "Content Model Reference.txt": ("Element ID", "Element Name", "Description"),
    "Occupation Data.txt": (OCCUPATION, "Title", "Description"),
    "Skills.txt": RATING,
    "Knowledge.txt": RATING,
    "Technology Skills.txt": (
        OCCUPATION,
        "Example",
        "Commodity Code",
        "Commodity Title",
        "Hot Technology",
        "In Demand",
    ),
    "Alternate Titles.txt": (OCCUPATION, "Alternate Title"),
}
"""The files read and the columns used; the last is optional."""
OPTIONAL = ("Alternate Titles.txt",)
ELEMENTS = {"2.A": SkillKind.SKILL, "2.B": SkillKind.SKILL, "2.C": SkillKind.KNOWLEDGE}
"""The branches of the content model that are rated as skills and knowledge."""

VERY_IMPORTANT = 3.5
"""A mean importance from here on rounds to 4, which the source words as "very important"."""
MOST_TITLES = 1000

Reading: TypeAlias = Callable[[Record], Iterator[Outcome]]


def read(path: Path, settings: Settings) -> Source:
    """The database in the zip as downloaded, or in the folder it was unpacked to.

    Raises Invalid when a file that is needed is absent, damaged or lacks a column.
    """
    found = tables.found(path, settings.max_file_mb)
    ready: dict[str, Table] = {}
    for file, columns in COLUMNS.items():
        if file in found:
            ready[file] = tables.opened(found[file], delimiter="\t", is_quoted=False)
            ready[file].require(columns)
        elif file not in OPTIONAL:
            raise Invalid(f"{path.name!r} has no {file!r}; is it the text download of the O*NET database?")
    version = re.search(r"db_(\d+)_(\d+)", path.name)
    database = Database(ready, f"O*NET {version[1]}.{version[2]}" if version else "O*NET")
    return Source(
        name=database.source,
        total_rows=2 * ready["Occupation Data.txt"].rows
        + (ready["Skills.txt"].rows + ready["Knowledge.txt"].rows) // 2  # importance and level make one requirement
        + ready["Technology Skills.txt"].rows,
        batch=settings.import_batch,
        streams=database.streams,
        attribution=ATTRIBUTION,
        notes=database.notes,
    )


class Database:
    """One release, as the registry's nouns."""

    def __init__(self, ready: Mapping[str, Table], source: str) -> None:
        self.ready = ready
        self.source = source
        self.notes: Counter[str] = Counter()

    def streams(self) -> Iterator[Stream]:
        """Scales, skills and tools under their headings, roles with their profiles, requirements."""
        yield Scale, [Row("", 0, PROFICIENCY), Row("", 0, LEVEL)]
        rated = self._rated()
        headings = {element.rpartition(".")[0] for element in rated} | set(ELEMENTS)
        headings |= {heading.rpartition(".")[0] for heading in headings} & {"2.A", "2.B", "2.C"}
        elements = rated | headings
        model = "Content Model Reference.txt"
        yield Skill, self._outcomes(model, lambda record: self._element(record, rated, headings))
        tools: dict[str, str] = {}
        yield Skill, self._outcomes("Technology Skills.txt", lambda record: self._tool(record, tools))
        yield SkillRelation, self._outcomes(model, lambda record: self._under(record, elements))
        given: set[tuple[str, str]] = set()
        yield SkillRelation, self._outcomes("Technology Skills.txt", lambda record: self._commodity(record, given))
        titles = self._titles()
        yield Role, self._outcomes("Occupation Data.txt", lambda record: self._role(record, titles))
        yield RoleProfile, (each for each in self._outcomes("Occupation Data.txt", _profile) if isinstance(each, Row))
        yield Requirement, self._ratings("Skills.txt")
        yield Requirement, self._ratings("Knowledge.txt")
        yield Requirement, self._outcomes("Technology Skills.txt", _technology)

    def _records(self, file: str) -> Iterator[Record | Problem]:
        return self.ready[file].records(COLUMNS[file])

    def _outcomes(self, file: str, reading: Reading) -> Iterator[Outcome]:
        return outcomes(self._records(file), reading, self.notes)

    def _rated(self) -> set[str]:
        """The elements that any occupation is rated on."""
        return {
            record.cells[1]
            for file in ("Skills.txt", "Knowledge.txt")
            for record in self._records(file)
            if isinstance(record, Record)
        }

    def _element(self, record: Record, rated: set[str], headings: set[str]) -> Iterator[Outcome]:
        element, name, description = record.cells
        if element not in rated and element not in headings:
            return
        values = {
            "id": f"onet:{element}",
            "name": name,
            "kind": ELEMENTS.get(element[:3], SkillKind.SKILL),
            "scale_id": LEVEL.id if element in rated else None,
            "is_group": element not in rated,
            "description": description or None,
            "source": self.source,
        }
        yield from checked(Skill, record.file, record.row, values, {"id": "Element ID", "name": "Element Name"})

    def _under(self, record: Record, elements: set[str]) -> Iterator[Outcome]:
        element = record.cells[0]
        heading = element.rpartition(".")[0]
        if element in elements and heading in elements:
            yield from self._broader(record, f"onet:{element}", f"onet:{heading}")

    def _tool(self, record: Record, tools: dict[str, str]) -> Iterator[Outcome]:
        """The tool and its heading, each where it is first named."""
        _, example, code, title, _, _ = record.cells
        for id_, name, is_group in ((f"onet:commodity:{code}", title, True), (_tool_id(example), example, False)):
            if tools.get(id_, name) != name:
                reason = f"{name!r} and {tools[id_]!r} would share the id {id_}"
                yield Problem(record.file, record.row, "Example", name, reason)
            elif id_ not in tools:
                tools[id_] = name
                values = {
                    "id": id_,
                    "name": name,
                    "kind": SkillKind.TOOL,
                    "scale_id": None if is_group else PROFICIENCY.id,
                    "is_group": is_group,
                    "source": self.source,
                }
                yield from checked(Skill, record.file, record.row, values, {"name": "Example"})

    def _commodity(self, record: Record, given: set[tuple[str, str]]) -> Iterator[Outcome]:
        pair = (_tool_id(record.cells[1]), f"onet:commodity:{record.cells[2]}")
        if pair not in given:
            given.add(pair)
            yield from self._broader(record, *pair)

    def _broader(self, record: Record, narrower: str, broader: str) -> Iterator[Outcome]:
        values = {"from_id": narrower, "to_id": broader, "kind": RelationKind.BROADER, "origin": self.source}
        yield from checked(SkillRelation, record.file, record.row, values)

    def _titles(self) -> Mapping[str, dict[str, None]]:
        """The other titles of each occupation, without repeats, at most as many as a role can carry."""
        titles: defaultdict[str, dict[str, None]] = defaultdict(dict)
        if "Alternate Titles.txt" not in self.ready:
            return titles
        for record in self._records("Alternate Titles.txt"):
            if isinstance(record, Record):
                occupation, title = record.cells
                if len(titles[occupation]) < MOST_TITLES:
                    titles[occupation][title] = None
                else:
                    self.notes[f"alternate titles beyond {MOST_TITLES} of one occupation: left out"] += 1
        return titles

    def _role(self, record: Record, titles: Mapping[str, dict[str, None]]) -> Iterator[Outcome]:
        code, title, description = record.cells
        values = {
            "id": f"onet:{code}",
            "name": title,
            "description": description or None,
            "alternative_labels": [f"{each}@en" for each in titles.get(code, ()) if each != title],
            "source": self.source,
        }
        yield from checked(Role, record.file, record.row, values, {"id": OCCUPATION, "name": "Title"})

    def _ratings(self, file: str) -> Iterator[Outcome]:
        """One requirement of each occupation and element, from its importance row and its level row."""
        waiting: dict[tuple[str, str], Record] = {}

        def reading(record: Record) -> Iterator[Outcome]:
            other = waiting.pop((record.cells[0], record.cells[1]), None)
            if other is None:
                waiting[record.cells[0], record.cells[1]] = record
            else:
                yield from self._requirement({record.cells[2]: record, other.cells[2]: other})

        yield from self._outcomes(file, reading)
        for record in waiting.values():
            reason = "an importance (IM) and a level (LV) row are needed; the other one is missing"
            yield Problem(file, record.row, "Scale ID", record.cells[2], reason)

    def _requirement(self, pair: Mapping[str, Record]) -> Iterator[Outcome]:
        record = pair.get("LV", next(iter(pair.values())))
        occupation, element, scale, value, _, is_irrelevant = record.cells
        if set(pair) != {"IM", "LV"}:
            reason = f"{scale!r} comes twice, or is not IM (importance) or LV (level)"
            yield Problem(record.file, record.row, "Scale ID", scale, reason)
            return
        if "Y" in (pair["IM"].cells[4], pair["LV"].cells[4]):
            self.notes[f"{record.file}: ratings left out that the source recommends to suppress as unreliable"] += 1
            return
        if is_irrelevant == "Y":
            self.notes[f"{record.file}: ratings left out that are not relevant, so that their level means nothing"] += 1
            return
        try:
            importance, level = float(pair["IM"].cells[3]), float(value)
        except ValueError as error:
            yield Problem(record.file, record.row, "Data Value", value, f"a rating is not a number: {error}")
            return
        values = {
            "owner_id": _profile_id(occupation),
            "skill_id": f"onet:{element}",
            "level": max(1, int(level + 0.5)),
            "weight": importance,
            "is_mandatory": importance >= VERY_IMPORTANT,
        }
        columns = {"level": "Data Value", "weight": "Data Value"}
        yield from checked(Requirement, record.file, record.row, values, columns)


def _technology(record: Record) -> Iterator[Outcome]:
    occupation, example, _, _, hot, in_demand = record.cells
    values = {
        "owner_id": _profile_id(occupation),
        "skill_id": _tool_id(example),
        "level": 1,
        "weight": 1.0 if in_demand == "Y" else 0.5 if hot == "Y" else 0.1,
        "is_mandatory": False,
    }
    yield from checked(Requirement, record.file, record.row, values, {"skill_id": "Example"})


def _profile(record: Record) -> Iterator[Outcome]:
    code = record.cells[0]
    values = {"id": _profile_id(code), "role_id": f"onet:{code}", "version": 1, "status": VersionStatus.PUBLISHED}
    yield from checked(RoleProfile, record.file, record.row, values, {"id": OCCUPATION, "role_id": OCCUPATION})


def _profile_id(occupation: str) -> str:
    return f"onet:{occupation}/profile/1"


def _tool_id(example: str) -> str:
    """C, C++ and C# are three tools: signs that tell names apart become words."""
    words = example.lower().replace("+", " plus ").replace("#", " sharp ")
    return f"onet:tech:{re.sub(r'[^a-z0-9]+', '-', words).strip('-')}"
