"""Any fact of any noun within its limits, drawn from the limits that the fields declare."""

from dataclasses import fields
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Len
from hypothesis import reject
from hypothesis import strategies as st
from pydantic import StringConstraints, ValidationError

from service.domain.proof import Decision
from service.domain.skills import Lifecycle, RelationKind
from service.domain.values import ENTERING, Fact, Id, Text, Url
from service.graph.database import adapter

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LANGUAGE = st.sampled_from(["en", "fra", "pt-BR"])
WORD = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=12)
ID_LENGTH, ADDRESS_LENGTH = (get_args(kind)[1].max_length for kind in (Id, Url))
PATTERNED = {
    r"^[^@\n][^\n]*@[a-z]{2,3}(-[A-Za-z0-9]+)*$": st.builds(
        lambda text, language: f"{text}@{language}", TEXT.map(lambda text: "x" + text.replace("\n", "")), LANGUAGE
    ),
    r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$": LANGUAGE,
    r"^[^@\s]+@[^@\s]+$": st.just("name@example.org"),
    r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$": st.sampled_from(["GB", "DE-BY"]),
}


@st.composite
def any_fact(draw: st.DrawFn, noun: type[Fact]) -> Fact:
    """A fact of *noun*; rules between fields are kept by drawing again."""
    hints = get_type_hints(noun, include_extras=True)
    names = [each.name for each in fields(noun) if each.name not in ("recorded_seq", "retracted_seq")]
    values = {name: draw(_of(hints[name])) for name in names}
    if "valid_from" in values:
        days = sorted(draw(st.lists(st.dates(), min_size=2, max_size=2, unique=True)))
        values["valid_from"], values["valid_until"] = days
        if noun.__name__ not in ("Position", "Allocation"):
            values |= {name: None for name in ("valid_from", "valid_until") if draw(st.booleans())}
    try:
        return noun(**_mended(values))
    except ValueError:
        reject()


def _mended(values: dict[str, Any]) -> dict[str, Any]:
    """Keeps the rules between fields that chance would rarely keep."""
    if "suspended_until" in values and values["decision"] is not Decision.SUSPENDED:
        values["suspended_until"] = None
    if values.get("lifecycle") is not Lifecycle.DEPRECATED and "replaced_by_id" in values:
        values["replaced_by_id"] = None
    if values.get("kind") in set(RelationKind) - {RelationKind.RELATED}:
        values["weight"] = None
    if "labels" in values:
        values["descriptions"] = (
            [] if values["descriptions"] == [] else ["x\ny\\", *values["labels"]][: len(values["labels"])]
        )
    return values


def _of(hint: Any, *limits: Any) -> st.SearchStrategy[Any]:  # type forms have no type
    if get_origin(hint) is Annotated:
        return _of(get_args(hint)[0], *limits, *get_args(hint)[1:])
    if get_origin(hint) in (Union, UnionType):
        (kind,) = (each for each in get_args(hint) if each is not NoneType)
        return st.none() | _of(kind, *limits)  # an empty text is no text
    if get_origin(hint) is list:
        least, most = next(((each.min_length, each.max_length) for each in limits if isinstance(each, Len)), (0, 5))
        item = TEXT if get_args(hint)[0] == Text else _of(get_args(hint)[0])
        items = st.lists(item, min_size=least, max_size=min(4, most or 4))
        return items.filter(lambda drawn: drawn != [""])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    return _plain(hint, limits)


def _plain(hint: type, limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    least: Any = next((each.ge for each in limits if isinstance(each, Ge)), 0)
    above = any(isinstance(each, Gt) for each in limits)
    most: Any = next((each.le for each in limits if isinstance(each, Le)), 1000)
    numbers = {
        date: st.dates(),
        bool: st.booleans(),
        int: st.integers(least, most),
        float: st.floats(least, most, exclude_min=above),
    }
    if hint in numbers:
        return numbers[hint]
    kind = Annotated[hint, *limits] if limits else hint
    return _texts(limits).filter(lambda text: _enters(kind, text))


def _enters(kind: Any, text: str) -> bool:
    """Whether a field of a *kind* takes *text* as it is."""
    try:
        return bool(adapter(kind).validate_python(text, context=ENTERING) == text)
    except ValidationError:
        return False


def _texts(limits: tuple[Any, ...]) -> st.SearchStrategy[str]:
    form = next((each for each in limits if isinstance(each, StringConstraints)), StringConstraints())
    if form.pattern is not None:
        return PATTERNED[str(form.pattern)]
    if form.strip_whitespace:
        return TEXT.map(str.strip).filter(bool)
    if form.max_length == ADDRESS_LENGTH:
        return st.just("https://example.org/letter")
    if form.max_length == ID_LENGTH:
        return WORD
    return TEXT.filter(bool)
