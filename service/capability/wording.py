"""Labels as people mean them: without case, accents, punctuation and the order of words."""

import re
import unicodedata

WORD = re.compile(r"[^\W_]+[+#]*")
"""Letters and digits, with the signs that tell C, C++ and C# apart."""


def plain(label: str) -> str:
    """*label* in lower case, without accents and in compatible letters: two ways to write it come out the same."""
    if label.isascii():
        return label.lower()
    text, before = label, None
    while text != before:
        before = text
        split = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(each for each in split if not unicodedata.combining(each))
    return text


def words(label: str) -> list[str]:
    """The words of *label*, in order, as ``plain`` writes them."""
    return WORD.findall(plain(label))


def key(label: str) -> str:
    """What all ways to write *label* have in common: its words in alphabetical order, each as often as it comes."""
    return " ".join(sorted(words(label)))
