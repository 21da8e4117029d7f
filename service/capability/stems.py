"""Words without their endings: ``managing staffs`` and ``manage staff`` come out the same."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

SHORTEST: Final = 3
"""A stem has this many letters at least."""

VOWELS: Final = frozenset("aeiouy")
SPELLINGS: Final = (("ization", "isation"), ("ize", "ise"), ("yze", "yse"), ("iz", "is"), ("yz", "ys"), ("our", "or"))
ROOT_ENDINGS: Final = (
    "isation", "ation", "ition", "ment", "anc", "enc", "ical", "ally", "tion", "sion", "ive", "iv", "ion", "ist", "ity",
    "ant", "ent", "ous", "al", "er", "or", "ic", "ly", "ar", "at", "is", "e", "y", "i",
)  # fmt: skip


_STOP_WORDS: Final = """
a about all also an and any are as at be by can for from has have how if in into is it its like more most no not
of on or other our out own per s so some such than that the their them then they this those to up us via was we
well what when where which while who will with within you your yours
"""
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())
"""Words that say nothing by themselves."""


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """*word* as ``wording.words`` writes it, without plural, -ing and -ed, in one of two English spellings."""
    if not word.isascii() or not word.isalpha() or len(word) <= SHORTEST:
        return word
    found = _infinitive(_singular(word))
    for american, british in SPELLINGS:
        if found.endswith(american) and len(found) > len(american) + 1:
            found = found.removesuffix(american) + british
            break
    return _without_e(_singular(found))


@lru_cache(maxsize=100_000)
def root(word: str) -> str:
    """What *word* shares with words made from it, as ``install`` with installation and installer; rougher than stem."""
    found = stem(word)
    if not found.isalpha() or not found.isascii():
        return found
    is_shorter = True
    while is_shorter:
        is_shorter = False
        for ending in ROOT_ENDINGS:
            if found.endswith(ending) and len(found) - len(ending) > SHORTEST:
                found, is_shorter = found.removesuffix(ending), True
                break
    return found


def roots(words: Iterable[str]) -> frozenset[str]:
    """The roots of *words* without those that say nothing by themselves."""
    return frozenset(root(word) for word in words if word not in STOP_WORDS)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > SHORTEST + 1:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > SHORTEST:
        return word[:-1]
    return word


def _infinitive(word: str) -> str:
    for ending in ("ing", "ed"):
        kept = word.removesuffix(ending)
        if kept != word and len(kept) >= SHORTEST and VOWELS & set(kept):
            is_doubled = kept[-1] == kept[-2] and kept[-1] not in "lsz"
            return kept[:-1] if is_doubled else kept
    return word


def _without_e(word: str) -> str:
    return word[:-1] if word.endswith("e") and len(word) > SHORTEST else word
