"""The small types that fields are made of, and what every recorded fact carries."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated, Final

from annotated_types import Ge, Gt, Le, Len
from pydantic import AfterValidator, StringConstraints, ValidationInfo
from typing_extensions import Doc

ENTERING: Final = "entering"
"""The validation context of what comes in by a door: what is stored is read whatever rules came later."""

JOINERS = frozenset("\u200c\u200d")
"""Format characters that the names of some scripts are spelt with: between letters, never at an end."""
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that show nothing."""
ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


def _entering(check: Callable[[str], None]) -> AfterValidator:
    """A validator that lets *check* raise ValueError for a text that comes in by a door."""

    def checked(value: str, info: ValidationInfo) -> str:
        if info.context == ENTERING:
            check(value)
        return value

    return AfterValidator(checked)


def _check_id(value: str) -> None:
    if not value:
        raise ValueError("it is empty; an id has at least one character")
    if any(each.isspace() for each in value):
        raise ValueError(f"{value!r} is not right; ids have no blanks")
    _refuse_hidden(value)


def _check_name(value: str) -> None:
    _refuse_hidden(value, JOINERS)
    if value[0] in JOINERS or value[-1] in JOINERS:
        raise ValueError(f"{value!r} begins or ends in a joiner, which nobody sees; write it without")
    check_visible(value)


def _refuse_hidden(value: str, allowed: frozenset[str] = frozenset()) -> None:
    """Raise ValueError for control and format characters but those *allowed*."""
    if value.isprintable():
        return
    for each in value:
        if unicodedata.category(each) in {"Cc", "Cf"} and each not in allowed:
            what = f"U+{ord(each):04X} ({unicodedata.name(each, 'a control character')})"
            raise ValueError(f"{value[:100]!r} has {what} in it, which nobody sees; write it without")


def without_hidden(text: str) -> str:
    """*text* without the characters that no name may have, as a source's own names are cleaned."""
    if text.isprintable():
        return text
    kept = (each for each in text if each in JOINERS or unicodedata.category(each) not in {"Cc", "Cf"})
    return "".join(kept).strip("".join(JOINERS))


def check_visible(value: str) -> None:
    """Raise ValueError when nothing of *value* can be seen."""
    if not any(unicodedata.category(each)[0] in "LNPS" and each not in BLANKS for each in value):
        raise ValueError(f"{value[:100]!r} shows nothing; it takes at least one character that can be seen")


def _check_address(value: str) -> None:
    if not ADDRESS.fullmatch(value):
        raise ValueError(f"{value[:100]!r} is not the address of a page; addresses begin with https:// or http://")
    _refuse_hidden(value)


Id = Annotated[str, StringConstraints(max_length=200), _entering(_check_id)]
"""A UUIDv7 of ours, the source's URI, or the house's own code: no blanks, at most 200 characters."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), _entering(_check_name)]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Reason = Annotated[Text, _entering(check_visible)]
Url = Annotated[str, StringConstraints(max_length=2_000), _entering(_check_address)]
Label = Annotated[str, StringConstraints(pattern=r"^[^@\n][^\n]*@[a-z]{2,3}(-[A-Za-z0-9]+)*$", max_length=500)]
"""A label with its language as RDF writes it: ``text@en``."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
Level = Annotated[int, Ge(0), Le(20)]
RequiredLevel = Annotated[int, Ge(1), Le(20)]
Ratio = Annotated[float, Ge(0), Le(1)]
Fte = Annotated[float, Ge(0), Le(2)]
Share = Annotated[float, Gt(0), Le(1)]
Money = Annotated[float, Ge(0), Le(1e12)]
Ids = Annotated[list[Id], Len(0, 1_000)]
Labels = Annotated[list[Label], Len(0, 1_000)]

RIGHT: Mapping[str, str] = MappingProxyType(
    {
        r"^[^@\n][^\n]*@[a-z]{2,3}(-[A-Za-z0-9]+)*$": "labels carry their language, as text@en",
        r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$": "languages look like en or pt-BR",
        r"^[^@\s]+@[^@\s]+$": "addresses look like name@example.org",
        r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$": "calendars look like GB or DE-BY",
    }
)
"""What would be right, by the pattern that was not met."""


@dataclass(kw_only=True)
class Fact:
    """What every recorded fact carries: its id and the two ends of its recorded time."""

    id: Annotated[Id, Doc("Identifier: a UUIDv7, the source's URI, or the house's own code.")]
    recorded_seq: Annotated[int, Ge(0), Doc("Number of the change that recorded this state.")] = 0
    retracted_seq: Annotated[
        int | None, Doc("Number of the change that ended this state; null while it is current.")
    ] = None


@dataclass(kw_only=True)
class Dated(Fact):
    """A fact that holds for days: from its first day to the first day it no longer holds."""

    valid_from: Annotated[date | None, Doc("First day it counts; null: always has.")] = None
    valid_until: Annotated[date | None, Doc("First day it no longer counts; null: open.")] = None

    def __post_init__(self) -> None:
        if self.valid_from is not None and self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError(
                f"valid_until {self.valid_until} is not after valid_from {self.valid_from}; "
                "valid_until is the first day it no longer counts"
            )
