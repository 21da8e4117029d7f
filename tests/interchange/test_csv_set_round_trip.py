from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.values import Fact
from service.interchange import csv_set
from service.interchange.facts import FILES
from service.interchange.problems import Row
from service.settings import load
from tests.interchange.nouns import any_fact


@pytest.mark.parametrize("noun", FILES, ids=lambda noun: noun.__name__)
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None, max_examples=30)
@given(st.data())
def test_what_is_written_is_read_back(noun: type[Fact], data: st.DataObject) -> None:
    facts = data.draw(st.lists(any_fact(noun), max_size=3, unique_by=lambda fact: fact.id))
    with TemporaryDirectory() as folder:
        path = csv_set.write(Path(folder), noun, facts)
        text = path.read_bytes()
        outcomes = [outcome for _, batch in csv_set.read(Path(folder), load()).batches() for outcome in batch]
        again = [outcome.fact for outcome in outcomes if isinstance(outcome, Row)]

        assert [outcome for outcome in outcomes if not isinstance(outcome, Row)] == []
        assert again == sorted(facts, key=lambda fact: fact.id)
        assert csv_set.write(Path(folder), noun, again).read_bytes() == text


def test_an_export_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    noun = next(iter(FILES))
    old = csv_set.write(tmp_path, noun, []).read_bytes()

    def broken() -> list[Fact]:
        raise RuntimeError("the engine went away")

    with pytest.raises(RuntimeError):
        csv_set.write(tmp_path, noun, (fact for fact in broken()))
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(FILES[noun], old)]
