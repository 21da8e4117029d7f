"""The mutation by which somebody confirms that what a role requires is right."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import strawberry

from service.acts import verbs
from service.acts.verbs import Done
from service.domain.roles import Role
from service.errors import Invalid
from service.schema.acting import input_named, mutation
from service.schema.asking import this_day
from service.schema.context import Context
from service.schema.ids import parse
from service.schema.inputs import id_field


async def _review(context: Context, act: Any, given: Any) -> Done[Any]:  # noqa: ANN401
    _, id_ = parse(given.id, "Role", path=("input", "id"))
    today = this_day()
    reviewed_on = given.reviewed_on or today
    if reviewed_on > today:
        raise Invalid(f"reviewedOn {reviewed_on} is after today, {today}", path=("input", "reviewedOn"))

    def changes(_: Role) -> Mapping[str, Any]:
        return {"reviewed_on": reviewed_on}

    return await verbs.correct(context.database, act, Role, id_, changes)


FIELDS = [
    mutation(
        "reviewRole",
        "Role",
        input_named(
            "reviewRole",
            "Confirm that what a role requires is right.",
            id_field("Role", ""),
            (
                "reviewed_on",
                date | None,
                strawberry.field(description="Day it was looked at; today when absent.", default=None),
            ),
        ),
        "Confirm that what a role requires is right.",
        _review,
    ),
]
