"""Messages in the words of the API: fields as clients write them, in camelCase."""

import re
from dataclasses import fields

from service.graph.nouns import NOUNS
from service.schema.inputs import camel

ARGUMENTS = frozenset({"as_of", "known_at", "known_seq", "after_seq", "min_trust"})
WORDS = ARGUMENTS | {each.name for noun in NOUNS for each in fields(noun.fact) if "_" in each.name}
QUOTED_OR_WORD = re.compile(r"(?<!\w)'[^']*'(?!\w)|\"[^\"]*\"|\b[a-z]+(?:_[a-z]+)+\b")


def said(message: str) -> str:
    """*message* with the names of fields as the API has them; what it quotes stays as it was given."""
    return QUOTED_OR_WORD.sub(lambda found: camel(found[0]) if found[0] in WORDS else found[0], message)
