"""Things by id, lists of things, and the registry itself."""

import asyncio
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from service import __version__
from service.errors import Invalid
from service.graph import ledger, records
from service.graph.nouns import BY_LABEL
from service.schema.asking import Known, known_for
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
    "fitPolicies": ("FitPolicyVersion", "The versions of the numbers behind a fit that administrators set."),
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


async def _things(info: Info[Context, None], named: list[tuple[str, str]], known_at: object) -> list[Node | None]:
    """The things *named* by label and id, in their last state, or as they were known."""
    if known_at is not None:
        await known_for(info, known_at)
    found = await asyncio.gather(*(info.context.load_here(info, *each) for each in named))
    if known_at is None:
        return list(found)
    return [each if each is not None and each.retracted_seq is None else None for each in found]


async def _node(
    info: Info[Context, None],
    id: Annotated[strawberry.ID, ID],  # noqa: A002  # Relay's own word
    known_at: Known = None,
) -> Node | None:
    return (await _things(info, [parse(id, path=("id",))], known_at))[0]


async def _nodes(
    info: Info[Context, None], ids: Annotated[list[strawberry.ID], IDS], known_at: Known = None
) -> list[Node | None]:
    if len(ids) > MAX_PAGE:
        raise Invalid(f"{len(ids)} ids; ask for at most {MAX_PAGE} at once", path=("ids",))
    named = [parse(id_, path=("ids", at)) for at, id_ in enumerate(ids)]
    return await _things(info, named, known_at)


FIELDS = {
    "registry": strawberry.field(resolver=_registry, description="The registry itself: its engine, and what is in it."),
    "node": strawberry.field(
        resolver=_node,
        description="The thing with this id, in its last state; null when there never was one. With `knownAt`: as it "
        "was known then, with what it names; null when it was not known.",
    ),
    "nodes": strawberry.field(
        resolver=_nodes,
        description="The things with these ids, as `node` gives them; null for each that is not there.",
    ),
    **{name: _named_list(name, *rest) for name, rest in LISTS.items()},
    **{name: _bare_list(name, *rest) for name, rest in BARE_LISTS.items()},
}
