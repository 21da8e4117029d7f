"""Things by id, lists of things, the registry itself, and what changed."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from service import __version__
from service.errors import Invalid
from service.graph import ledger, records
from service.graph.nouns import BY_LABEL
from service.schema.context import Context
from service.schema.ids import parse
from service.schema.nodes import Connection, Node, connection, field, key_of, lazy, shown
from service.schema.scalars import MAX_PAGE, After, First, PageSize

NAMING = strawberry.argument(description="Only those whose name has this text in it, whatever its case.")
ID = strawberry.argument(description="The id that the API gave for it.")
IDS = strawberry.argument(description="At most 100 ids that the API gave.")

LISTS = {
    "orgUnits": ("OrgUnit", "The organisational units."),
    "people": ("Person", "The people whose skills are recorded."),
    "scales": ("Scale", "The scales on which skills are measured."),
    "skills": ("Skill", "The skills, and the groups they are listed under."),
    "roles": ("Role", "The roles."),
    "portfolios": ("Portfolio", "The portfolios."),
    "programmes": ("Programme", "The programmes."),
    "projects": ("Project", "The projects."),
    "courses": ("Course", "The courses on offer."),
}
BARE_LISTS = {
    "absences": ("Absence", "Who is away when."),
    "roleProfiles": ("RoleProfile", "The versions of what roles require."),
    "jobDescriptions": ("JobDescription", "The texts that describe roles."),
    "positions": ("Position", "The openings on projects."),
    "assertions": ("Assertion", "What is said about who can do what."),
    "waivers": ("Waiver", "Who is exempt from what."),
    "allocations": ("Allocation", "Who is booked to what."),
    "sessions": ("Session", "The dated runs of courses."),
    "assessorScopes": ("AssessorScope", "Who may decide on what."),
    "coverageRules": ("CoverageRule", "How many people are to hold which skill, where."),
    "reviewCampaigns": ("ReviewCampaign", "The reviews of skills."),
    "skillInterests": ("SkillInterest", "What people want with skills."),
    "decisionRecords": ("DecisionRecord", "Questions kept with what was decided on their answers."),
}


def _named_list(name: str, label: str, description: str) -> Any:  # noqa: ANN401  # a field
    shape = BY_LABEL[label].fact

    async def resolve(
        info: Info[Context, None],
        first: First = PageSize(50),
        after: After = None,
        name_contains: Annotated[str | None, NAMING] = None,
    ) -> Any:  # noqa: ANN401
        database, naming = info.context.database, name_contains or None
        facts = await records.page(database, shape, after=key_of(after), first=first + 1, naming=naming)

        async def counting() -> int:
            return await records.count(database, shape, naming=naming)

        return connection([shown(fact) for fact in facts], [fact.id for fact in facts], first, after, counting)

    resolve.__annotations__["return"] = Connection[lazy(label)]  # type: ignore[misc]
    return strawberry.field(resolver=resolve, name=name, description=f"{description} In the order of their ids.")


def _bare_list(name: str, label: str, description: str) -> Any:  # noqa: ANN401  # a field
    shape = BY_LABEL[label].fact

    async def resolve(info: Info[Context, None], first: First = PageSize(50), after: After = None) -> Any:  # noqa: ANN401
        database = info.context.database
        facts = await records.page(database, shape, after=key_of(after), first=first + 1)

        async def counting() -> int:
            return await records.count(database, shape)

        return connection([shown(fact) for fact in facts], [fact.id for fact in facts], first, after, counting)

    resolve.__annotations__["return"] = Connection[lazy(label)]  # type: ignore[misc]
    return strawberry.field(resolver=resolve, name=name, description=f"{description} In the order of their ids.")


@strawberry.type(description="One write to the registry.")
class Change:
    """One write to the registry."""

    seq: int = strawberry.field(description="Sequence number: 1, 2, 3 ... without hole or repeat.")
    at: datetime = strawberry.field(description="Instant it was written.")
    actor: str = strawberry.field(description="Who wrote it.")
    action: str = strawberry.field(description="The business act, as recordAssertion or import csv.")
    request_id: str = strawberry.field(description="The request it came in.")
    kinds: list[str] = strawberry.field(description="The nouns it touched, as Assertion.")
    count: int = strawberry.field(description="How many facts it recorded, corrected or retired.")
    subject_ids: list[str] = strawberry.field(description="Own ids of those facts; the first 100.")


@strawberry.type(description="How many of one kind of thing there are.")
class Count:
    """How many of one kind of thing there are."""

    kind: str = strawberry.field(description="The kind, in the plural, as people.")
    count: int = strawberry.field(description="How many are current.")


@strawberry.type(description="The registry itself.")
class Registry:
    """The registry itself."""

    id: strawberry.ID = strawberry.field(description="The registry's own id, made when it was.")
    seq: int = strawberry.field(description="Number of its last change.")
    engine: str = strawberry.field(description="The graph engine, with its version.")
    version: str = strawberry.field(description="Version of this service.")

    @field
    async def counts(self, info: Info[Context, None]) -> list[Count]:
        """What is in it, kind by kind."""
        return [Count(kind=kind, count=count) for kind, count in (await records.counts(info.context.database)).items()]


async def _registry(info: Info[Context, None]) -> Registry:
    seq, registry_id = await ledger.position(info.context.database)
    name, version = await info.context.database.version()
    return Registry(id=strawberry.ID(registry_id), seq=seq, engine=f"{name} {version}", version=__version__)


async def _node(info: Info[Context, None], id: Annotated[strawberry.ID, ID]) -> Node | None:  # noqa: A002  # Relay's own word
    found: Node | None = await info.context.load(*parse(id, path=("id",)))
    return found


async def _nodes(info: Info[Context, None], ids: Annotated[list[strawberry.ID], IDS]) -> list[Node | None]:
    if len(ids) > MAX_PAGE:
        raise Invalid(f"{len(ids)} ids; ask for at most {MAX_PAGE} at once", path=("ids",))
    named = [parse(id_, path=("ids", at)) for at, id_ in enumerate(ids)]
    return list(await asyncio.gather(*(info.context.load(*each) for each in named)))


async def _changes(info: Info[Context, None], first: First = PageSize(50), after: After = None) -> Connection[Change]:
    key = key_of(after)
    if key and not key.isdecimal():
        raise Invalid(f"{after!r} is not a cursor of a change", path=("after",))
    found = await ledger.after(info.context.database, int(key or 0), first + 1)
    fields = ("seq", "at", "actor", "action", "request_id", "kinds", "count", "subject_ids")
    items = [Change(**{name: getattr(change, name) for name in fields}) for change in found]

    async def counting() -> int:
        return (await ledger.position(info.context.database))[0]

    return connection(items, [str(item.seq) for item in items], first, after, counting)


FIELDS = {
    "registry": strawberry.field(resolver=_registry, description="The registry itself: its engine, and what is in it."),
    "node": strawberry.field(
        resolver=_node, description="The thing with this id, in its last state; null when there never was one."
    ),
    "nodes": strawberry.field(resolver=_nodes, description="The things with these ids, null for each that never was."),
    "changes": strawberry.field(
        resolver=_changes, description="Every write, in order: the audit trail, to be followed from any cursor."
    ),
    **{name: _named_list(name, *rest) for name, rest in LISTS.items()},
    **{name: _bare_list(name, *rest) for name, rest in BARE_LISTS.items()},
}
