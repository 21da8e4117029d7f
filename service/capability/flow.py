"""How much demand people can serve without counting anybody twice: a maximum flow and its proof.

The network is source -> people (supply) -> profiles they qualify for -> sink (demand), in whole
numbers. Where demand stays unmet, the bottleneck is every profile from which supply could be moved
to it: the sink side of the minimum cut nearest the sink. Hall's condition is the certificate, which
anybody can check by counting: the bottleneck's demand less the supply of all who qualify for any of
its profiles is the whole shortage.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import maximum_flow  # type: ignore[import-untyped]

_GREATEST: Final = 2**30 - 1
"""Capacities up to this, there and back, keep scipy's sums within int32."""


class Flow(NamedTuple):
    """A maximum flow. All but ``served`` within the bottleneck follows from the network alone."""

    total: int
    """Demand served."""
    served: NDArray[np.int64]
    """Demand served of each profile; within the bottleneck one of several ways to divide what there is."""
    bottleneck: NDArray[np.bool_]
    """The fewest profiles that prove the shortage; none when all demand is served."""
    people: int
    """People who qualify for any profile of the bottleneck, each once."""
    supply: int
    """Their supply."""


def serve(supply: NDArray[np.int64], qualifies: NDArray[np.bool_], demand: NDArray[np.int64]) -> Flow:
    """Serve *demand* [profile] from *supply* [person] as far as *qualifies* [profile, person] allows."""
    profile, person = np.divmod(np.flatnonzero(qualifies), max(supply.size, 1))
    return serve_pairs(supply, profile, person, demand)


def serve_pairs(
    supply: NDArray[np.int64], profile: NDArray[np.int64], person: NDArray[np.int64], demand: NDArray[np.int64]
) -> Flow:
    """The same, with the qualifications as different pairs of a profile and a person, in any order."""
    network = _network(supply, profile, person, demand)
    flow = _first_come(network)
    short = _reach(network, flow)
    if short.any():
        part = np.flatnonzero(short[network.profile])
        flow[part] += _rerouted(network, flow, part)
        short = _reach(network, flow)
    served = _sums(network.profile, flow, demand.size)
    concerned = np.zeros(supply.size, np.bool_)
    concerned[person[short[profile]]] = True
    return Flow(int(served.sum()), served, short, int(concerned.sum()), int(supply[concerned].sum()))


class _Network(NamedTuple):
    """Edges from people with supply to the profiles they qualify for, by profile, then person.

    People are renumbered: those who qualify for the fewest profiles first.
    """

    supply: NDArray[np.int64]
    demand: NDArray[np.int64]
    profile: NDArray[np.int64]
    person: NDArray[np.int64]


def _network(
    supply: NDArray[np.int64], profile: NDArray[np.int64], person: NDArray[np.int64], demand: NDArray[np.int64]
) -> _Network:
    has_supply = supply[person] > 0
    profile, person = profile[has_supply], person[has_supply]
    choices = np.bincount(person, minlength=supply.size)
    people = np.flatnonzero(choices)
    people = people[np.argsort(choices[people], kind="stable")]
    rank = np.zeros(supply.size, np.int64)
    rank[people] = np.arange(people.size)
    profile, person = np.divmod(np.sort(profile * people.size + rank[person]), max(people.size, 1))
    return _Network(supply[people], demand, profile, person)


def _first_come(network: _Network) -> NDArray[np.int64]:
    """A flow in which each profile in turn takes the people with the fewest other choices."""
    free, flow = network.supply.copy(), np.zeros(network.person.size, np.int64)
    edges = np.searchsorted(network.profile, np.arange(network.demand.size + 1))
    for profile, need in enumerate(network.demand):
        mine = slice(edges[profile], edges[profile + 1])
        available = free[network.person[mine]]
        flow[mine] = np.clip(need - (available.cumsum() - available), 0, available)
        free[network.person[mine]] -= flow[mine]
    return flow


def _reach(network: _Network, flow: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The profiles with unmet demand, and those served by anybody who qualifies for one reached already."""
    used = np.flatnonzero(flow)
    profile, person = network.profile[used], network.person[used]
    frontier = _sums(network.profile, flow, network.demand.size) < network.demand
    reached = np.zeros_like(frontier)
    while frontier.any():
        reached |= frontier
        wanted = np.zeros(network.supply.size, np.bool_)
        wanted[network.person[frontier[network.profile]]] = True
        frontier = np.zeros_like(reached)
        frontier[profile[wanted[person]]] = True
        frontier &= ~reached
    return reached


def _rerouted(network: _Network, flow: NDArray[np.int64], part: NDArray[np.int64]) -> NDArray[np.int64]:
    """What to add to the flow on the edges *part* to make it the greatest.

    scipy reckons in int32. Larger numbers go in rounds, first without their last bits: what a round
    leaves over is less than one of its steps for each person and profile.
    """
    profiles, profile = np.arange(network.demand.size), network.profile[part]
    people, person = np.unique(network.person[part], return_inverse=True)
    free = network.supply[people] - _sums(person, flow[part], people.size)
    unmet = network.demand - _sums(network.profile, flow, profiles.size)
    total = min(int(free.sum()), int(unmet.sum()))
    if not total:
        return np.zeros(part.size, np.int64)

    source, sink = profiles.size + people.size, profiles.size + people.size + 1
    person += profiles.size
    tails = np.concatenate((np.full(people.size, source), person, profiles))
    heads = np.concatenate((np.arange(profiles.size, source), profile, np.full(profiles.size, sink)))
    forward = np.concatenate((free, np.full(part.size, total), unmet))
    back = np.concatenate((np.zeros_like(free), flow[part], np.zeros_like(unmet)))
    graph = csr_array(
        (np.concatenate((forward, back)), (np.concatenate((tails, heads)), np.concatenate((heads, tails)))),
        shape=(sink + 1, sink + 1),
    )
    residual: NDArray[np.int64] = graph.data  # pyright: ignore[reportAssignmentType]
    for shift in (*range(total.bit_length() - 30, 0, -8), 0):
        capacity = np.minimum(residual >> shift, _GREATEST).astype(np.int32)
        step = maximum_flow(csr_array((capacity, graph.indices, graph.indptr), shape=graph.shape), source, sink)
        residual -= step.flow.data.astype(np.int64) << shift
    # The profiles' rows come first; in each, the ways back to its people, and one to the sink.
    added: NDArray[np.int64] = residual[np.arange(part.size) + profile] - flow[part]
    return added


def _sums(rows: NDArray[np.int64], values: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The sum of the values of each row."""
    sums = np.zeros(size, np.int64)
    np.add.at(sums, rows, values)
    return sums
