"""Who is exempt from a requirement on every day of the window."""

from collections import defaultdict
from collections.abc import Sequence

from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.states import WaiverState
from service.capability.targets import Resolved


def waivers(snapshot: Snapshot, skill_id: str, resolved: Resolved) -> dict[str, WaiverState]:
    """By person id, the waiver in force on the first day, where waivers cover the whole window."""
    own = by_person(snapshot, skill_id, resolved.known)
    found = {person_id: waiver_of(each, resolved) for person_id, each in own.items()}
    return {person_id: waiver for person_id, waiver in found.items() if waiver is not None}


def by_person(snapshot: Snapshot, skill_id: str, known: int) -> dict[str, list[WaiverState]]:
    """The known waivers of a skill, by the id of who is exempt."""
    found: dict[str, list[WaiverState]] = defaultdict(list)
    for each in snapshot.tables.waivers_by_skill.known(skill_id, known):
        found[each.person_id].append(each)
    return found


def waiver_of(own: Sequence[WaiverState], resolved: Resolved) -> WaiverState | None:
    """Of one person's waivers, the one in force on the first day, where they cover the whole window."""
    return _covering([each for each in own if _applies(each, resolved)], resolved.window)


def _applies(waiver: WaiverState, resolved: Resolved) -> bool:
    """Whether a waiver is for what is asked: a position narrows a role, and a role everything."""
    if waiver.position_id is not None:
        return waiver.position_id == resolved.position_id
    return waiver.role_id is None or waiver.role_id == resolved.role_id


def _covering(waivers: Sequence[WaiverState], window: Window) -> WaiverState | None:
    """The first of the *waivers* that together leave no day of the window out; None: they leave one out."""
    chain: list[WaiverState] = []
    day = window.first
    while day < window.until:
        in_force = [each for each in waivers if each.valid_from <= day < each.valid_until]
        if not in_force:
            return None
        chain.append(min(in_force, key=lambda each: (-each.valid_until, each.id)))
        day = chain[-1].valid_until
    return chain[0]
