"""What the house has set on skills of a classification, which no file of that classification overwrites."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from service.domain.skills import Lifecycle, Skill
from service.graph import audit, records, undoing
from service.graph.audit import Wanted
from service.graph.database import Database, Row
from service.interchange.problems import Outcome
from service.interchange.problems import Row as FileRow
from service.interchange.source import Source, Stream

FAMILY = "ESCO"
"""How the source of every version's facts begins."""

IMPORT = "import esco"
UPGRADE = "upgrade esco"
UNDO = "undo upgrade esco"

SETTINGS = ("scale_id", "level_descriptions", "required_verifiers", "requires_credential", "max_evidence_age_days")
"""What no version of the classification says about a skill that people can hold."""

ENDING = ("lifecycle", "replaced_by_id", "deprecation_reason")
"""What the house says about a skill that it has deprecated."""

AT_ONCE = 500

Settings = Mapping[str, Mapping[str, Any]]
"""Values of fields, by field, by skill."""


async def skills_here(database: Database) -> dict[str, Skill]:
    """The skills of the classification in the registry, by id."""
    return {
        skill.id: skill
        async for page in records.everything(database, Skill)
        for skill in page
        if (skill.source or "").startswith(FAMILY)
    }


async def kept_settings(database: Database, here: Mapping[str, Skill], new: Mapping[str, Skill]) -> Settings:
    """What the house has set on the skills *here* and the file with the skills *new* would overwrite."""
    both = {id_: (skill, new[id_]) for id_, skill in here.items() if id_ in new}
    extra = [id_ for id_, (skill, now) in both.items() if set(skill.alternative_labels) - set(now.alternative_labels)]
    given = await _given_labels(database, extra)
    found: dict[str, dict[str, Any]] = {}
    for id_, (skill, now) in both.items():
        names: tuple[str, ...] = () if skill.is_group or now.is_group else SETTINGS
        names += ENDING if skill.lifecycle is Lifecycle.DEPRECATED else ()
        wanted = {name: getattr(skill, name) for name in names}
        wanted["alternative_labels"] = _joined(skill, now, given.get(id_, set()))
        if kept := {name: value for name, value in wanted.items() if value != getattr(now, name)}:
            found[id_] = kept
    return found


async def with_settings(database: Database, source: Source) -> Source:
    """*source*, a file of the classification, without what it would overwrite."""
    here = await skills_here(database)
    rows = (row for shape, stream in source.streams() if shape is Skill and here for row in stream)
    new = {row.fact.id: row.fact for row in rows if isinstance(row, FileRow) and isinstance(row.fact, Skill)}
    return keeping(source, await kept_settings(database, here, new))


def keeping(source: Source, settings: Settings, without: Container[str] = ()) -> Source:
    """*source* with *settings* in the place of its own, and *without* some skills."""

    def streams() -> Iterator[Stream]:
        for shape, stream in source.streams():
            yield shape, _skills(stream, settings, without) if shape is Skill else stream

    return replace(source, streams=streams)


def _skills(stream: Iterable[Outcome], settings: Settings, without: Container[str]) -> Iterator[Outcome]:
    for each in stream:
        if not isinstance(each, FileRow):
            yield each
        elif each.fact.id not in without:
            kept = settings.get(each.fact.id)
            yield FileRow(each.file, each.row, replace(each.fact, **kept)) if kept else each


def _joined(skill: Skill, new: Skill, given: set[str]) -> list[str]:
    """The labels of the file, then those *given* by the house that the file does not have."""
    own = [each for each in skill.alternative_labels if each in given - set(new.alternative_labels)]
    return [*new.alternative_labels, *(each for each in own if each.rpartition("@")[0] != new.name)]


async def _given_labels(database: Database, ids: Sequence[str]) -> dict[str, set[str]]:
    """The labels that the house gave the skills *ids* and has not taken away since."""
    found: dict[str, set[str]] = {}
    for start in range(0, len(ids), AT_ONCE):
        states = await undoing.all_states(database, "Skill", ids[start : start + AT_ONCE])
        numbers = sorted({state["recorded_seq"] for its_states in states.values() for state in its_states[1:]})
        changes = await audit.among(database, Wanted(), numbers, len(numbers))
        by_file = {each.seq for each in changes if each.action in {IMPORT, UPGRADE, UNDO}}
        found |= {id_: _given(its_states, by_file) for id_, its_states in states.items()}
    return found


def _given(states: Sequence[Row], by_file: Container[int]) -> set[str]:
    """The labels in the last of a skill's *states* that came with a change which is not *by_file*.

    Those of its first state are a file's.
    """
    given, before = set[str](), set(states[0].get("alternative_labels") or ())
    for state in states[1:]:
        labels = set(state.get("alternative_labels") or ())
        if state["recorded_seq"] not in by_file:
            given |= labels - before
        given &= labels
        before = labels
    return given
