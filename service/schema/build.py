"""The schema, put together."""

from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig

from service.schema import audit, limits, mutations, queries, questions, replay_question
from service.schema import types as _types  # noqa: F401  # the nouns, found by their labels
from service.schema.faults import Schema
from service.schema.nodes import TYPES
from service.schema.payloads import InputError
from service.schema.scalars import SCALARS
from service.schema.subscriptions import Subscription
from service.settings import Settings


def build_schema(settings: Settings) -> Schema:
    """The schema that clients see, kept to the limits in *settings*."""
    fields: dict[str, Any] = {**questions.FIELDS, **queries.FIELDS, **audit.FIELDS, **replay_question.FIELDS}
    query = type("Query", (), fields)
    return Schema(
        query=strawberry.type(query, name="Query", description="Everything that can be asked."),
        mutation=mutations.mutation_type(),
        subscription=Subscription,
        types=[*TYPES.values(), InputError],
        extensions=limits.extensions(settings),
        config=StrawberryConfig(scalar_map=SCALARS),
    )
