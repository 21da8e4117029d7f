"""What everybody is compared with: the requirements, what earns credit for each, and who is exempt."""

from collections.abc import Mapping
from typing import NamedTuple

from service.capability.credits import Source, sources
from service.capability.index import Snapshot
from service.capability.levels import Window
from service.capability.states import WaiverState
from service.capability.targets import Required, Resolved
from service.capability.waivers import waivers
from service.domain.policy import FitPolicy


class Criterion(NamedTuple):
    """One requirement, and what counts towards it."""

    required: Required
    sources: list[Source]
    """The skill itself, then every other that earns credit, by id."""
    waivers: Mapping[str, WaiverState]
    """Who is exempt throughout the window, by person id."""


class Comparison(NamedTuple):
    """A question about people, worked out as far as it goes without looking at anybody."""

    snapshot: Snapshot
    resolved: Resolved
    policy: FitPolicy
    criteria: tuple[Criterion, ...]

    @property
    def window(self) -> Window:
        """The days asked about."""
        return self.resolved.window

    @property
    def known(self) -> int:
        """The sequence number asked about."""
        return self.resolved.known


def comparison(snapshot: Snapshot, resolved: Resolved, policy: FitPolicy | None = None) -> Comparison:
    """The comparison that *resolved* asks for."""
    policy = policy or snapshot.policy(resolved.window.first, resolved.known)
    criteria = (
        Criterion(
            required,
            sources(snapshot, required.skill_id, policy, resolved.known),
            waivers(snapshot, required.skill_id, resolved),
        )
        for required in resolved.requirements
    )
    return Comparison(snapshot, resolved, policy, tuple(criteria))
