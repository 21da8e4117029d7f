"""What can be listened to: changes, first those that were missed, then each as it comes."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import strawberry
from strawberry.types import Info

from service.graph import ledger, subjects
from service.schema.alerts_question import SUBSCRIPTIONS as ALERTS
from service.schema.audit import Actor, AfterSeq, Change, Subject, checked, shown_change
from service.schema.context import Context
from service.schema.ids import parse


async def _changes(
    info: Info[Context, None], after_seq: AfterSeq = None, subject: Subject = None, actor: Actor = None
) -> AsyncIterator[Change]:
    context = info.context
    missed = await checked(context.database, after_seq)
    seen = (await ledger.position(context.database))[0] if missed is None else missed
    about = None if subject is None else parse(subject, path=("subject",))
    async with aclosing(context.follower.changes(seen)) as portions:
        async for portion in portions:
            until, concerned = portion[-1].seq, None
            if about is not None:
                concerned = await subjects.among(context.database, *about, after=seen, until=until)
            seen = until
            for change in portion:
                if (concerned is None or change.seq in concerned) and actor in (None, change.actor):
                    context.forget()
                    yield shown_change(change)


@strawberry.type(description="What can be listened to, over graphql-transport-ws or server-sent events.")
class Subscription:
    """What can be listened to."""

    changes = strawberry.subscription(
        resolver=_changes,
        description="Changes in order, without hole or repeat: those after `afterSeq` that were missed, then each as "
        "it is written by whomever. From now when `afterSeq` is absent; after a break, give the last number seen.",
    )
    alerts = ALERTS["alerts"]
