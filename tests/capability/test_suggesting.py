"""Skills that a text may ask for, and how well they are found on the fixed sample."""

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.suggestions.measuring import scores, table
from service.capability.likelihood import Clues
from service.capability.near_names import narrowest, near_names
from service.capability.stems import root, stem
from service.capability.suggesting import Suggestion, nearly_said, said, sentences, suggest
from service.capability.vocabulary import Decision, Named, Vocabulary

DECISION = Path(__file__).parents[2] / "docs" / "decisions" / "0010-text-suggestions.md"

NAMES = Vocabulary().updated(
    [
        Named("weld", "weld steel pipes", ("pipe welding@en", "Rohre schweißen@de")),
        Named("steel", "steel", ()),
        Named("flora", "conduct research on flora", ("carry out flora research@en",)),
        Named("cpp", "C++", ()),
        Named("old", "operate telex", (), is_deprecated=True),
        *(Named(f"other-{number}", f"filler{number} conduct", ()) for number in range(200)),
    ]
)


def found(text: str, names: Vocabulary = NAMES, language: str = "en") -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.candidates[0].skill_id) for each in suggest(names, text, language, 0)]


def test_suggestions_find_more_than_exact_names_and_are_no_less_often_right() -> None:
    measured = scores()
    baseline, ours = measured["exact names only"], measured["suggestions"]

    assert ours.recall > baseline.recall
    assert ours.f1 >= baseline.f1
    assert table(measured) in DECISION.read_text("utf-8")


@pytest.mark.parametrize(
    ("one", "other"),
    [("managing", "manages"), ("lorries", "lorry"), ("planned", "planning"), ("organizing", "organises"),
     ("analyze", "analyse"), ("colours", "color"), ("classes", "class")],
)  # fmt: skip
def test_inflections_and_spellings_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("management", "manage"), ("installation", "installing"), ("development", "developing")]
)
def test_words_made_from_each_other_have_one_root(one: str, other: str) -> None:
    assert root(one) == root(other)


def test_signs_and_other_scripts_are_left_as_they_are() -> None:
    assert [stem(word) for word in ("c++", "c#", "3d", "über", "кодирование", "is")] == [
        "c++", "c#", "3d", "über", "кодирование", "is",
    ]  # fmt: skip


def test_the_longest_name_is_taken_and_no_two_suggestions_meet() -> None:
    assert found("You weld steel pipes of steel.") == [("weld steel pipes", "weld"), ("steel", "steel")]


def test_a_name_is_found_inflected_and_in_other_words_order() -> None:
    assert found("welding STEEL pipe") == [("welding STEEL pipe", "weld")]
    assert found("research on wild flora") == [("research on wild flora", "flora")]


def test_no_name_reaches_over_the_end_of_a_sentence() -> None:
    assert found("You weld. Steel pipes are there.") == [("Steel", "steel")]


def test_a_place_is_one_of_the_text_as_given_whatever_its_characters() -> None:
    text = "ﬁne İstanbul 🙂 C++; Rohre schweißen"
    assert found(text, language="de") == [("C++", "cpp"), ("Rohre schweißen", "weld")]
    assert [[word.text for word in sentence] for sentence in sentences("a b. c\nd")] == [["a", "b"], ["c"], ["d"]]


def test_skills_out_of_use_are_not_suggested() -> None:
    assert found("operate telex") == []


def test_a_rejected_pair_is_not_suggested_until_it_is_accepted() -> None:
    rejected = NAMES.updated([], decisions=[Decision("en", "Steel", "steel", is_accepted=False)])
    accepted = rejected.updated([], decisions=[Decision("en", "steel", "steel", is_accepted=True)])

    assert [found("steel", names) for names in (NAMES, rejected, accepted)] == [
        [("steel", "steel")],
        [],
        [("steel", "steel")],
    ]
    assert found("steel", rejected, "de") == [("steel", "steel")]


def test_a_vocabulary_stays_as_it_was_when_another_is_made_from_it() -> None:
    later = NAMES.updated([Named("steel", "iron", ()), Named("tin", "steel", ())], gone=["cpp"])

    assert found("steel and C++ and iron") == [("steel", "steel"), ("C++", "cpp")]
    assert found("steel and C++ and iron", later) == [("steel", "tin"), ("iron", "steel")]


def test_an_index_full_of_past_names_is_made_anew_and_answers_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.capability.vocabulary.LEAST_REBUILT", 10)
    names = Vocabulary()
    for number in range(40):
        names = names.updated([Named("a", f"splice cable {number}", ()), Named("b", "fuse fibre", ())])

    assert len(names.index.labels) <= 14
    assert found("splice cable 39, fuse fibre", names) == [("splice cable 39", "a"), ("fuse fibre", "b")]
    assert found("splice cable 3", names) == [("splice cable", "a")]


def test_more_clues_never_lowers_the_confidence() -> None:
    least = Clues(
        share=0.6, density=0.5, rarity=4.0, words=2, is_preferred=False, is_as_written=False, rivals=2
    )  # fmt: skip
    more: dict[str, Any] = {
        "share": 1.0,
        "density": 1.0,
        "rarity": 12.0,
        "words": 4,
        "is_preferred": True,
        "is_as_written": True,
    }

    assert all(least._replace(**{name: value}).confidence >= least.confidence for name, value in more.items())
    assert least._replace(rivals=1).confidence > least.confidence


def test_a_preferred_name_is_sure_in_a_registry_of_any_size() -> None:
    few = Vocabulary().updated([Named("weld", "weld steel pipes", ()), Named("cook", "cook meals", ())])

    for names in (few, NAMES):
        (suggestion,) = suggest(names, "weld steel pipes", "en")
        assert suggestion.confidence > 0.9


def test_suggestions_meet_when_they_share_a_character() -> None:
    one, other = (Suggestion(*place, (), is_unambiguous=False) for place in ((0, 4), (3, 6)))

    assert one.meets(other)
    assert not one.meets(other._replace(start=4))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_the_narrowest_span_is_the_first_of_those_that_trying_all_finds(kinds: list[int]) -> None:
    present = sorted(set(kinds))
    all_spans = [
        (last - first, first, last)
        for first in range(len(kinds))
        for last in range(first, len(kinds))
        if set(kinds[first : last + 1]) == set(present)
    ]

    found = narrowest([[at for at, each in enumerate(kinds) if each == kind] for kind in present])

    assert found == min(all_spans)[1:]


WORDS = ("weld", "steel", "pipes", "research", "on", "flora", "conduct", "C++", "welding", "the", "filler7", "und", ".")


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_the_surest_suggestions_are_kept_and_the_text_is_gone_through_in_order(words: list[str]) -> None:
    text = " ".join(words)
    everything = [
        each
        for sentence in sentences(text)
        for each in (*said(NAMES, sentence, "en"), *nearly_said(NAMES, sentence, "en"))
    ]
    kept: list[Suggestion] = []
    for each in sorted(everything, key=lambda each: (-each.confidence, each.start - each.end, each.start)):
        if not any(each.meets(other) for other in kept):
            kept.append(each)

    assert suggest(NAMES, text, "en", 0) == sorted(kept)


def test_a_sentence_twice_as_long_costs_no_more_than_twice_as_much() -> None:
    names = Vocabulary().updated([Named("weld", "weld tubes", ()), Named("cook", "cook meals", ())])

    def calls(sentence: list[str]) -> int:
        count = 0

        def counting(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(counting)
        try:
            (near,) = near_names(names, sentence, lambda *_: True)
        finally:
            sys.setprofile(None)
        assert (near.first, near.last) == (len(sentence) - 2, len(sentence) - 1)
        return count

    assert calls(["weld"] * 800 + ["tubes"]) < 3 * calls(["weld"] * 400 + ["tubes"])


def test_an_accepted_word_is_sure_and_shared_where_it_was_accepted_for_several() -> None:
    steel = Named("steel", "steel", ("ingots@en",))
    names = NAMES.updated([steel])
    assert suggest(names, "melt ingots", "en") == []
    once = names.updated([], decisions=[Decision("en", "ingots", "steel", is_accepted=True)])

    assert [(each.confidence, each.is_unambiguous) for each in suggest(once, "melt ingots", "en")] == [(1.0, True)]
    withdrawn = once.updated([], decisions=[Decision("en", "ingots", "steel", is_accepted=None)])
    assert suggest(withdrawn, "melt ingots", "en") == []


def test_a_short_name_is_said_in_its_own_case_and_another_single_name_by_its_capitals() -> None:
    go = Named("go", "Go", ("Golang@en", "goroutines@en"))
    names = NAMES.updated([go])

    def shown(text: str) -> list[str]:
        return [text[each.start : each.end] for each in suggest(names, text, "en")]

    assert shown("please go on") == []
    assert shown("written in Go") == ["Go"]
    assert shown("written in Golang, with goroutines") == ["Golang"]
