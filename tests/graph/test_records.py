"""Facts on a real engine: recorded, corrected, retired; what was there stays readable behind what is."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

import pytest

from service.domain.people import OrgUnit, Person
from service.domain.proof import Assertion, Decision, Evidence, EvidenceKind, Verification
from service.domain.roles import Requirement, Role, RoleProfile
from service.domain.skills import Scale, Skill
from service.domain.values import Fact
from service.domain.work import Position, Project
from service.errors import Conflict, NotFound
from service.graph import feed, ledger, records
from service.graph.database import Database, Transaction
from service.graph.ledger import Act, Touched
from service.graph.nouns import noun_of
from service.graph.records import Written
from service.graph.texts import TEXTS
from service.settings import Settings
from tests.conftest import on_database

DAY = date(2026, 1, 5)


async def act(database: Database, work: Callable[[Transaction, Touched], Awaitable[object]]) -> int:
    return (await ledger.write(database, Act(action="write", actor="tester"), work)).seq


async def put(database: Database, *facts: Fact) -> Written:
    """Record or correct *facts* of one noun under one number."""

    async def work(transaction: Transaction, touched: Touched) -> Written:
        earlier = await records.states(transaction, noun_of(type(facts[0])), [fact.id for fact in facts])
        return await records.put(transaction, touched, facts, earlier)

    return (await ledger.write(database, Act(action="write", actor="tester"), work)).result


async def retire(database: Database, shape: type[Fact], id_: str) -> list[str]:
    async def work(transaction: Transaction, touched: Touched) -> list[str]:
        return await records.retire(transaction, touched, shape, id_)

    return (await ledger.write(database, Act(action="write", actor="tester"), work)).result


async def world(database: Database) -> None:
    """Changes 1 to 8: Ann and Bob, Ann's claim with evidence and a decision by Bob."""
    await put(database, OrgUnit(id="house", name="House"))
    await put(database, Scale(id="three", name="Three", labels=["low", "middle", "high"]))
    await put(database, Skill(id="splice", name="Splicing", scale_id="three"))
    await put(database, Person(id="ann", name="Ann", unit_id="house", manager_id="bob"), Person(id="bob", name="Bob"))
    await put(database, Assertion(id="a", person_id="ann", skill_id="splice", level=2, asserted_on=DAY))
    await put(database, Evidence(id="e", assertion_id="a", kind=EvidenceKind.DOCUMENT, title="Letter"))
    decision = Decision.VERIFIED
    await put(
        database,
        Verification(id="v", assertion_id="a", decision=decision, verifier_id="bob", decided_on=DAY, reason="Seen"),
    )
    await put(database, Role(id="splicer", name="Splicer"))


def test_what_is_recorded_reads_back_as_it_was(empty: Settings) -> None:
    async def work(database: Database) -> None:
        await world(database)

        assert await records.by_id(database, Person, ["ann", "bob", "nobody"]) == {
            "ann": Person(id="ann", name="Ann", unit_id="house", manager_id="bob", recorded_seq=4),
            "bob": Person(id="bob", name="Bob", recorded_seq=4),
        }
        assert await records.below(database, Assertion, "person_id", ["ann", "bob"]) == {
            "ann": [Assertion(id="a", person_id="ann", skill_id="splice", level=2, asserted_on=DAY, recorded_seq=5)],
            "bob": [],
        }

    on_database(empty, work)


def test_a_correction_keeps_the_state_before_and_moves_the_links(empty: Settings) -> None:
    async def work(database: Database) -> None:
        await world(database)
        await put(database, OrgUnit(id="yard", name="Yard"))
        outcome = await put(database, Person(id="ann", name="Ann Lee", unit_id="yard", manager_id="bob"))

        assert outcome == Written(corrected=["ann"])
        assert await records.by_id(database, Person, ["ann"]) == {
            "ann": Person(id="ann", name="Ann Lee", unit_id="yard", manager_id="bob", recorded_seq=10)
        }
        past = await database.rows(TEXTS["Person"].history, ids=["ann"])
        assert [row["fact"] for row in past] == [
            {
                "noun": "Person",
                "id": "ann",
                "name": "Ann",
                "unit_id": "house",
                "manager_id": "bob",
                "kind": "EMPLOYEE",
                "contract_fte": 1.0,
                "recorded_seq": 4,
                "retracted_seq": 10,
            }
        ]
        members = await records.below(database, Person, "unit_id", ["house", "yard"])
        assert {unit: [each.id for each in people] for unit, people in members.items()} == {
            "house": [],
            "yard": ["ann"],
        }

    on_database(empty, work)


def test_the_same_again_is_unchanged_and_a_retired_fact_comes_back(empty: Settings) -> None:
    async def work(database: Database) -> None:
        await world(database)
        bob = Person(id="bob", name="Bob")
        assert await put(database, bob) == Written(unchanged=1)
        assert await retire(database, Role, "splicer") == ["splicer"]
        assert await records.by_id(database, Role, ["splicer"]) == {}
        assert await put(database, Role(id="splicer", name="Splicer")) == Written(corrected=["splicer"])
        assert await records.by_id(database, Role, ["splicer"]) == {
            "splicer": Role(id="splicer", name="Splicer", recorded_seq=10)
        }
        past = await database.rows(TEXTS["Role"].history, ids=["splicer"])
        assert [(row["fact"]["recorded_seq"], row["fact"]["retracted_seq"]) for row in past] == [(8, 9)]

    on_database(empty, work)


def test_retiring_ends_the_parts_too_under_one_number(empty: Settings) -> None:
    async def work(database: Database) -> None:
        await world(database)

        assert sorted(await retire(database, Person, "ann")) == ["a", "ann", "e", "v"]

        rows = {
            label: (await records.states(database, noun_of(shape), [id_]))[id_]["retracted_seq"]
            for label, shape, id_ in (
                ("person", Person, "ann"),
                ("assertion", Assertion, "a"),
                ("evidence", Evidence, "e"),
                ("verification", Verification, "v"),
            )
        }
        assert rows == dict.fromkeys(("person", "assertion", "evidence", "verification"), 9)
        assert [each.id for each in await records.page(database, Person, first=10)] == ["bob"]

    on_database(empty, work)


def test_what_others_hold_on_to_is_not_retired(empty: Settings) -> None:
    async def work(database: Database) -> None:
        await world(database)
        for shape, id_, holder in (
            (OrgUnit, "house", "OrgUnit 'house' is still named by people: 'ann'"),
            (Person, "bob", "Person 'bob' is still named by people: 'ann'"),
            (Skill, "splice", "Skill 'splice' is still named by assertions: 'a'"),
            (Scale, "three", "Scale 'three' is still named by skills: 'splice'"),
        ):
            with pytest.raises(Conflict) as caught:
                await retire(database, shape, id_)
            assert caught.value.message == f"{holder}; end or correct those first"
        with pytest.raises(NotFound, match="There is no Person 'nobody'"):
            await retire(database, Person, "nobody")
        assert (await ledger.position(database))[0] == 8

    on_database(empty, work)


def test_the_owner_of_a_requirement_may_be_a_profile_or_a_position(empty: Settings) -> None:
    async def work(database: Database) -> None:
        await world(database)
        await put(database, RoleProfile(id="v1", role_id="splicer", version=1))
        await put(database, Project(id="ring", name="Ring"))
        await put(
            database, Position(id="seat", project_id="ring", title="Seat", valid_from=DAY, valid_until=date(2026, 2, 5))
        )
        both = [
            Requirement(id=f"{owner}|splice", owner_id=owner, skill_id="splice", level=1) for owner in ("v1", "seat")
        ]
        await put(database, *both)

        found = await records.below(database, Requirement, "owner_id", ["v1", "seat", "ring"])

        assert {owner: [each.id for each in needs] for owner, needs in found.items()} == {
            "v1": ["v1|splice"],
            "seat": ["seat|splice"],
            "ring": [],
        }

    on_database(empty, work)


def names(people: Sequence[Person]) -> list[str]:
    return [each.name for each in people]


def test_pages_run_in_the_order_of_ids_and_may_be_narrowed_by_name(empty: Settings) -> None:
    async def work(database: Database) -> None:
        await put(
            database, *(Person(id=f"p{number}", name=name) for number, name in enumerate(("Ann", "BEN", "ben", "Cy")))
        )
        await retire(database, Person, "p3")

        assert names(await records.page(database, Person, first=2)) == ["Ann", "BEN"]
        assert names(await records.page(database, Person, after="p1", first=2)) == ["ben"]
        assert names(await records.page(database, Person, first=9, naming="Be")) == ["BEN", "ben"]
        assert await records.count(database, Person) == 3
        assert await records.count(database, Person, naming="be") == 2
        assert [names(page) async for page in records.everything(database, Person, first=2)] == [
            ["Ann", "BEN"],
            ["ben"],
        ]
        assert (await records.counts(database))["people"] == 3

    on_database(empty, work)


def test_the_feed_tells_every_state_with_both_ends(empty: Settings) -> None:
    async def work(database: Database) -> None:
        await world(database)
        await put(database, Person(id="bob", name="Robert"))
        await retire(database, Role, "splicer")

        async def states(after: int) -> dict[str, set[tuple[object, ...]]]:
            found: dict[str, set[tuple[object, ...]]] = {}
            async for portion in feed.states_after(database, after, 10):
                for label, columns in portion.items():
                    named = zip(*(columns[name] for name in ("id", "recorded_seq", "retracted_seq")), strict=True)
                    found.setdefault(label, set()).update(named)
            return found

        people = {("bob", 4, 9), ("bob", 9, None)}
        assert await states(8) == {"Person": people, "Role": {("splicer", 8, 10)}}
        assert await states(0) == {
            "OrgUnit": {("house", 1, None)},
            "Scale": {("three", 2, None)},
            "Skill": {("splice", 3, None)},
            "Person": {("ann", 4, None), *people},
            "Assertion": {("a", 5, None)},
            "Evidence": {("e", 6, None)},
            "Verification": {("v", 7, None)},
            "Role": {("splicer", 8, 10)},
        }

    on_database(empty, work)
