"""Which of a few changes concern a thing: the same as its whole history tells."""

from service.graph import ledger, subjects
from service.graph.database import Database
from service.settings import Settings
from tests.conftest import on_database
from tests.interchange.history import STEPS

SUBJECTS = (
    ("Person", "ann"), ("Person", "bob"), ("Person", "cyd"), ("Skill", "python"), ("Skill", "snake"),
    ("Role", "dev"), ("Project", "p"), ("Position", "p/1"), ("OrgUnit", "house"), ("OrgUnit", "team"),
    ("Assertion", "a1"), ("Assertion", "a2"), ("Course", "c1"), ("Scale", "five"), ("RoleProfile", "dev/1"),
    ("Requirement", "q2"), ("Person", "nobody"),
)  # fmt: skip


def test_what_a_portion_touched_tells_the_same_as_the_whole_history(empty: Settings) -> None:
    async def work(database: Database) -> dict[tuple[str, str], list[list[int]]]:
        for step in STEPS:
            await step(database)
        last, _ = await ledger.position(database)
        found = {}
        for label, id_ in SUBJECTS:
            found[label, id_] = [await subjects.numbers(database, label, id_)]
            for size in (1, 7, 100):
                spans = [
                    await subjects.among(database, label, id_, after=after, until=after + size)
                    for after in range(0, last, size)
                ]
                found[label, id_].append(sorted(number for span in spans for number in span))
        return found

    found = on_database(empty, work)

    assert {about: told for about, told in found.items() if told != [told[0]] * 4} == {}
    assert found["Person", "nobody"][0] == []
    assert all(told[0] for about, told in found.items() if about != ("Person", "nobody"))
