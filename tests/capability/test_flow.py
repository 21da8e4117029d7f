"""The maximum flow is exact, counts nobody twice, and proves every shortage."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from service.capability.flow import Flow, serve

Network = tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]
HUGE = 10**10 + 7


@st.composite
def networks(draw: st.DrawFn) -> Network:
    people, profiles = draw(st.integers(0, 7)), draw(st.integers(0, 5))
    amounts = draw(st.sampled_from((st.integers(0, 6), st.integers(0, HUGE))))
    supply = draw(st.lists(amounts, min_size=people, max_size=people))
    demand = draw(st.lists(amounts, min_size=profiles, max_size=profiles))
    cells = draw(st.lists(st.booleans(), min_size=people * profiles, max_size=people * profiles))
    return (
        np.array(supply, np.int64),
        np.array(cells, np.bool_).reshape(profiles, people),
        np.array(demand, np.int64),
    )


def hall(network: Network) -> tuple[int, set[int]]:
    """The largest excess of demand over the supply of all who qualify, and the least set of profiles with it."""
    supply, qualifies, demand = network
    profiles = range(len(demand))
    best, short = 0, set[int]()
    for subset in chain.from_iterable(combinations(profiles, size) for size in range(len(demand) + 1)):
        rows = list(subset)
        excess = int(demand[rows].sum()) - int(supply[qualifies[rows].any(axis=0)].sum())
        if excess > best:
            best, short = excess, set(subset)
    return best, short


def check_proof(network: Network, flow: Flow) -> None:
    supply, qualifies, demand = network
    shortage = int(demand.sum()) - flow.total
    concerned = qualifies[flow.bottleneck].any(axis=0)
    assert int(demand[flow.bottleneck].sum()) - flow.supply == shortage
    assert (flow.people, flow.supply) == (int(concerned.sum()), int(supply[concerned].sum()))
    assert flow.bottleneck.any() == (shortage > 0)
    assert flow.total == int(flow.served.sum())
    assert ((flow.served >= 0) & (flow.served <= demand)).all()
    assert (flow.served == demand)[~flow.bottleneck].all()


@given(network=networks())
@example(network=(np.array([2, 2]), np.array([[True, True], [True, False]]), np.array([2, 2])))
@example(network=(np.array([HUGE, HUGE]), np.array([[True, True], [True, False]]), np.array([HUGE, HUGE + 1])))
def test_the_shortage_is_the_largest_excess_over_all_sets_of_profiles(network: Network) -> None:
    flow = serve(*network)
    shortage, short = hall(network)
    assert int(network[2].sum()) - flow.total == shortage
    assert set(np.flatnonzero(flow.bottleneck)) == short
    check_proof(network, flow)


@given(network=networks(), data=st.data())
def test_the_order_of_people_and_profiles_does_not_matter(network: Network, data: st.DataObject) -> None:
    supply, qualifies, demand = network
    people = data.draw(st.permutations(range(len(supply))))
    profiles = data.draw(st.permutations(range(len(demand))))
    flow = serve(supply, qualifies, demand)
    turned = serve(supply[people], qualifies[profiles][:, people], demand[profiles])
    assert (turned.total, turned.people, turned.supply) == (flow.total, flow.people, flow.supply)
    assert turned.bottleneck.tolist() == flow.bottleneck[profiles].tolist()


@given(network=networks(), more=st.integers(0, 6), data=st.data())
def test_more_supply_never_serves_less_and_more_demand_never_leaves_less_unserved(
    network: Network, more: int, data: st.DataObject
) -> None:
    supply, qualifies, demand = network
    before = serve(*network)
    if supply.size:
        raised = supply.copy()
        raised[data.draw(st.integers(0, supply.size - 1))] += more
        assert before.total <= serve(raised, qualifies, demand).total <= before.total + more
    if demand.size:
        raised = demand.copy()
        raised[data.draw(st.integers(0, demand.size - 1))] += more
        assert before.total <= serve(supply, qualifies, raised).total <= before.total + more


def test_one_person_who_qualifies_for_everything_is_counted_once() -> None:
    flow = serve(np.array([10]), np.ones((3, 1), np.bool_), np.array([10, 10, 10]))
    assert (flow.total, flow.bottleneck.tolist(), flow.people, flow.supply) == (10, [True] * 3, 1, 10)


def test_people_with_nothing_free_are_counted_in_the_bottleneck() -> None:
    flow = serve(np.array([0, 4]), np.array([[True, True]]), np.array([5]))
    assert (flow.total, flow.people, flow.supply) == (4, 2, 4)


def test_nobody_and_nothing() -> None:
    empty = serve(np.zeros(0, np.int64), np.zeros((0, 0), np.bool_), np.zeros(0, np.int64))
    assert (empty.total, empty.served.tolist(), empty.bottleneck.tolist(), empty.people) == (0, [], [], 0)


@pytest.mark.parametrize("load", [0.05, 0.9, 1.0, 1.2])
@pytest.mark.parametrize("greatest", [9, 300_000, 60_000_000])
def test_large_networks_prove_their_shortage(load: float, greatest: int) -> None:
    dice = np.random.default_rng(7)
    supply = dice.integers(0, greatest, 4_000)
    qualifies = dice.random((40, 4_000)) < 0.05
    weights = dice.random(40) ** 2
    demand = (weights / weights.sum() * supply.sum() * load).astype(np.int64)
    check_proof((supply, qualifies, demand), serve(supply, qualifies, demand))
