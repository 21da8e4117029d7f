"""Names worded alike, and pairs of skills that may be one."""

import unicodedata
from dataclasses import dataclass
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.capability import duplicates, wording
from service.capability.duplicates import LikenessReason, Pair, Worded
from service.errors import Invalid


@dataclass(frozen=True)
class Skill:
    """A skill by its names."""

    id: str
    name: str
    alternative_labels: tuple[str, ...] = ()


def pairs(*skills: Skill, least: float = 0.9) -> list[tuple[str, str, str]]:
    found = duplicates.duplicates(duplicates.worded(skills), least)
    return [(pair.one_id, pair.other_id, pair.reason.value) for pair in found]


def named(*names: str, least: float = 0.9) -> list[tuple[str, str, str]]:
    return pairs(*(Skill(f"s{number}", name) for number, name in enumerate(names)), least=least)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Data modelling", "data   modelling"),
        ("Data modelling", "Modelling, data"),
        ("Spleißen", "SPLEISSEN"),
        ("Résumé writing", "resume-writing"),
        ("Python (programming)", "programming: Python"),
        ("C++", "c++"),
        ("T\N{COMBINING ACUTE ACCENT}est", "test"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER S}QL", "sql"),
    ],
)
def test_names_that_differ_in_writing_only_are_the_same(one: str, other: str) -> None:
    assert named(one, other) == [("s0", "s1", "SAME_LABEL")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("organise events", "organize events"),
        ("data visualisation", "data visualization"),
        ("follow ethical code of conduct of journalists", "ethical code of conduct of journalists"),
        ("mentor new employees", "mentor new employes"),
    ],
)
def test_names_spelt_nearly_alike_are_similar(one: str, other: str) -> None:
    assert named(one, other) == [("s0", "s1", "SIMILAR_LABEL")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("C#", "C++"),
        ("perform export of commodities", "perform import of commodities"),
        ("understand written Armenian", "understand written Romanian"),
        ("Java", "JavaScript"),
        ("!?", "..."),
        ("", ""),
    ],
)
def test_names_of_different_things_are_no_pair(one: str, other: str) -> None:
    assert named(one, other) == []


def test_a_name_that_is_another_name_of_a_second_skill_makes_a_pair() -> None:
    sql = Skill("sql", "SQL", ("Structured Query Language@en", "Abfragesprache@de"))

    assert pairs(sql, Skill("query", "structured query-language"), Skill("other", "Juggling")) == [
        ("query", "sql", "ALTERNATIVE_LABEL")
    ]
    assert pairs(sql, Skill("z", "sql", ("sql@en",))) == [("sql", "z", "SAME_LABEL")]


def test_pairs_come_most_alike_first_and_their_places_sort_so() -> None:
    names = ("organise events", "organize events", "Events, organise", "organise event")
    found = duplicates.duplicates(duplicates.worded(Skill(f"s{n}", name) for n, name in enumerate(names)), 0.8)

    assert [pair.likeness for pair in found] == sorted((pair.likeness for pair in found), reverse=True)
    assert [pair.place for pair in found] == sorted(pair.place for pair in found)
    assert found[0] == Pair(1.0, LikenessReason.SAME_LABEL, "s0", "s2")


@pytest.mark.parametrize("least", [0.0, 0.69, 1.01, -1.0])
def test_a_likeness_that_nearly_every_pair_has_is_refused(least: float) -> None:
    with pytest.raises(Invalid, match=r"is not from 0\.7 to 1"):
        duplicates.duplicates([], least)


def test_what_a_draft_may_be_already_comes_most_alike_first() -> None:
    skills = duplicates.worded(
        [
            Skill("draft", "Organise events", ("event making@en",)),
            Skill("same", "events: organise"),
            Skill("other-name", "Gatherings", ("organise Events@en",)),
            Skill("its-name", "Event-making"),
            Skill("near", "organize events"),
            Skill("far", "Weld"),
        ]
    )
    found = duplicates.alike(skills[0], skills, 0.8, 10)

    assert [(each.skill_id, each.reason.value) for each in found] == [
        ("same", "SAME_LABEL"),
        ("its-name", "ALTERNATIVE_LABEL"),
        ("other-name", "ALTERNATIVE_LABEL"),
        ("near", "SIMILAR_LABEL"),
    ]
    assert duplicates.alike(skills[0], skills, 0.8, 1) == found[:1]


@given(st.text())
def test_wording_again_changes_nothing(label: str) -> None:
    assert wording.plain(wording.plain(label)) == wording.plain(label)
    assert wording.key(wording.key(label)) == wording.key(label)


@given(st.text())
def test_however_a_label_is_encoded_its_wording_is_the_same(label: str) -> None:
    for written in (unicodedata.normalize("NFC", label), unicodedata.normalize("NFKD", label)):
        assert wording.key(written) == wording.key(label)


@given(st.lists(st.text(st.characters(categories=["L", "Nd"]), min_size=1)), st.randoms(use_true_random=False))
def test_the_order_of_words_and_their_marks_do_not_matter(words: list[str], random: object) -> None:
    shuffled = sorted(words, key=lambda _: random.random())  # type: ignore[attr-defined]

    assert wording.key(" - ".join(shuffled)) == wording.key(" ".join(words))


WORDS = st.sampled_from(["organise", "organize", "event", "events", "weld", "welds", "pipes", "pipe", "of", "the"])
NAMES = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=12)


@given(NAMES, st.floats(0.7, 1))
def test_blocks_find_every_pair_that_comparing_all_with_all_finds(names: list[str], least: float) -> None:
    skills = duplicates.worded(Skill(f"s{number:02}", name) for number, name in enumerate(names))

    found = {(pair.one_id, pair.other_id) for pair in duplicates.duplicates(skills, least)}

    assert found == {(one.id, other.id) for one, other in combinations(skills, 2) if are_alike(one, other, least)}


def are_alike(one: Worded, other: Worded, least: float) -> bool:
    return bool(duplicates.alike(one, [one, other], least, 1))
